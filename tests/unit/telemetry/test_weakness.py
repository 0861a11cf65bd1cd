"""Whose fault it is that light is weak."""

from __future__ import annotations

import pytest

from isp_lifecycle.telemetry.model.weakness import Judged, Limits, Received, Whose, judged

LIMITS = Limits(lowest_dbm=-27.0, highest_dbm=-8.0, margin_db=3.0)


def ont(below: float, splitter: str = "A") -> Received:
    return Received(-20.0 - below, -20.0, splitter)


def test_neighbours_who_lack_nearly_as_much_share_the_fault() -> None:
    good = [ont(0.0, "B"), ont(0.2, "B"), ont(0.1, "B")]
    assert judged(ont(3.5), [ont(2.5), ont(2.5), ont(0.0)], LIMITS) == Judged(Whose.FEEDER, 2.5)
    assert judged(ont(3.5), [ont(2.5), ont(2.5), *good], LIMITS) == Judged(Whose.SPLITTER, 2.5)
    assert judged(ont(3.5), [ont(2.0), ont(2.0), *good], LIMITS).whose is Whose.DROP
    assert judged(ont(3.0), [ont(9.0), ont(9.0)], LIMITS) == Judged(Whose.NOBODYS, 9.0)


def test_of_too_few_neighbours_nothing_is_said() -> None:
    assert judged(ont(6.0), [ont(6.0)], LIMITS) == Judged(Whose.DROP, None)
    assert (
        judged(ont(6.0, ""), [ont(6.0, ""), ont(6.0, ""), ont(0, ""), ont(0, ""), ont(0, "")], LIMITS).whose
        is Whose.DROP
    )


@pytest.mark.parametrize(("rx", "whose"), [(-27.1, Whose.DROP), (-26.9, Whose.UNKNOWN), (None, Whose.UNKNOWN)])
def test_what_it_should_receive_may_be_unknown(rx: float | None, whose: Whose) -> None:
    found = judged(Received(rx), [], LIMITS)
    assert (found.whose, found.weak) == (whose, whose is Whose.DROP)
