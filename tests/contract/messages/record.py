"""Records every event and every case as this version writes them: ``python -m tests.contract.messages.record``.

Run it when an event or a case was added. What is recorded already is kept: rows of that shape stand in databases.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from isp_lifecycle.events import codec
from isp_lifecycle.events.vocabulary import VOCABULARY
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.inventory.model import Line
from isp_lifecycle.workflows.registry import WORKFLOWS

RECORDED = Path(__file__).parents[2] / "data" / "messages" / "documents.json"
EXAMPLES = 3


def kinds() -> dict[str, type[Any]]:
    """Everything that is written as a document and read by a later version: events, and cases by workflow."""
    cases = {f"case of {name}": workflow.case for name, workflow in WORKFLOWS.items()}
    return {**{f"event {name} {kind.version}": kind for name, kind in VOCABULARY.items()}, **cases}


def examples(kind: type[Any]) -> list[dict[str, Any]]:
    """Some documents of a kind, drawn by its types."""
    drawn: list[dict[str, Any]] = []

    @seed(1)
    @settings(max_examples=30, phases=[Phase.generate], database=None, suppress_health_check=list(HealthCheck))
    @given(st.from_type(kind))
    def draw(value: Any) -> None:
        document = codec.dump(value)
        if document not in drawn:
            drawn.append(document)

    draw()
    return sorted(drawn, key=lambda document: len(json.dumps(document)))[-EXAMPLES:]


def main() -> None:
    """Add what is not recorded yet."""
    st.register_type_strategy(str, st.text("abcXYZ 019-/.", max_size=12))
    st.register_type_strategy(int, st.integers(0, 4000))
    st.register_type_strategy(float, st.floats(-40, 40, width=16))
    st.register_type_strategy(
        datetime,
        st.integers(0, 10**6).map(lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)),
    )
    valid = {"pon_port": st.just("0/1/3"), "ont_id": st.integers(0, 127), "serial": st.just("48575443AB000001")}
    rates = {"vlan": st.integers(2, 4000), "down_kbps": st.just(102400), "up_kbps": st.just(51200)}
    st.register_type_strategy(Line, st.builds(Line, **valid, **rates))
    st.register_type_strategy(Money, st.builds(Money, st.decimals(0, 500, places=2), st.just("EUR")))
    recorded = json.loads(RECORDED.read_text(encoding="utf-8")) if RECORDED.exists() else {}
    for name, kind in kinds().items():
        recorded.setdefault(name, examples(kind))
    RECORDED.parent.mkdir(exist_ok=True)
    RECORDED.write_text(json.dumps(recorded, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
