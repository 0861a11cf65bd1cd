"""How a thing of the map stands, by how its ONTs do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from isp_lifecycle.views.map.model import CardNode, Counts, PortNode, Standing, worst


@pytest.mark.parametrize(
    ("counts", "standing"),
    [
        (Counts(up=32), Standing.UP),
        (Counts(up=31, weak=1), Standing.TROUBLE),
        (Counts(up=30, down=2), Standing.TROUBLE),
        (Counts(up=9, down=3), Standing.DOWN),
        (Counts(up=10, down=3), Standing.TROUBLE),
        (Counts(down=2), Standing.TROUBLE),
        (Counts(off=3), Standing.OFF),
        (Counts(up=1, unknown=2), Standing.UNKNOWN),
        (Counts(), Standing.EMPTY),
    ],
)
def test_a_thing_stands_as_its_onts_do(counts: Counts, standing: Standing) -> None:
    assert counts.standing() is standing
    assert counts.standing(silent=True) is Standing.SILENT


def test_counts_add_up_with_the_latest_look() -> None:
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
    card = CardNode(
        "0/1", "GPUF", (PortNode("0/1/0", Counts(up=2, at=late)), PortNode("0/1/1", Counts(weak=1, at=early)))
    )
    assert card.counts == Counts(up=2, weak=1, at=late)
    assert worst([Standing.UP, Standing.TROUBLE, Standing.UNKNOWN]) is Standing.TROUBLE
    assert worst([]) is Standing.EMPTY
