"""What the report says of a period, also of one in which nothing happened."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from isp_lifecycle.views import activation_report as report
from isp_lifecycle.views.analyst import ACTIVATIONS, FAILURES, STEP_TIMES


def frame(columns: dict[str, str], *rows: dict[str, Any]) -> pd.DataFrame:
    blank = {"int64": 0, "float64": 1.0, "bool": True, "str": "", "object": None}
    whole = [{n: row.get(n, blank.get(kind, "2026-03-02T12:00Z")) for n, kind in columns.items()} for row in rows]
    return pd.DataFrame(whole, columns=list(columns), dtype="object").astype(columns)


def activation(
    minutes: float, *, first_time: bool = True, at: str = "2026-03-02T12:00Z", area: str = "N"
) -> dict[str, Any]:
    return {"connect_minutes": minutes, "order_days": 3.0, "first_time": first_time, "active_at": at, "area": area}


def failure(step: str, kind: str, *, mended: float = 5.0, what: str = "x") -> dict[str, Any]:
    return {"step": step, "kind": kind, "mended_minutes": mended, "what": what, "workflow": "activation"}


NO_ACTIVATIONS, NO_FAILURES, NO_STEPS = frame(ACTIVATIONS), frame(FAILURES), frame(STEP_TIMES)


def test_sentences_state_the_figures() -> None:
    done = frame(ACTIVATIONS, *(activation(m) for m in (0.8, 0.9, 1.0)), activation(30, first_time=False))
    failed = frame(FAILURES, failure("Plan", "needs person"), failure("Configure", "unreachable"))
    figures = report.figures_of(done, failed)
    assert figures.first_time_share == 0.75
    assert report.sentences(figures).split("\n\n") == [
        "**4 lines were activated.** 3 of them (75%) succeeded the first time.",
        "From Activate pressed to service active it took 57 seconds in the middle case; "
        "nine in ten were done within 21 minutes.",
        "From order to service it took 3.0 days in the middle case.",
        "2 attempts at a step failed, 1 of which were repeated without a person.",
    ]


def test_an_empty_period_is_told_as_such() -> None:
    figures = report.figures_of(NO_ACTIVATIONS, NO_FAILURES)
    assert figures.first_time_share is None
    assert report.sentences(figures) == "No activation was finished in this period."
    assert report.connect_times(NO_ACTIVATIONS) == report.ConnectTimes("seconds", (), 0)
    assert report.step_bars(NO_STEPS) == report.failure_bars(NO_FAILURES) == ()
    assert len(report.causes(NO_FAILURES)) == len(report.areas(NO_ACTIVATIONS)) == 0
    weeks = report.weeks(NO_ACTIVATIONS, first=date(2026, 3, 4), last=date(2026, 3, 17), zone="Europe/Dublin")
    assert [(bar.label, bar.total) for bar in weeks] == [("02 Mar", 0.0), ("09 Mar", 0.0), ("16 Mar", 0.0)]


def test_weeks_are_cut_on_the_providers_calendar() -> None:
    sunday_night = "2026-06-07T22:30Z"  # 23:30 of Sunday in Dublin
    monday_there = "2026-06-07T23:30Z"  # half past midnight of Monday
    done = frame(ACTIVATIONS, activation(1, at=sunday_night), activation(1, at=monday_there, first_time=False))
    weeks = report.weeks(done, first=date(2026, 6, 1), last=date(2026, 6, 14), zone="Europe/Dublin")
    assert [(bar.label, bar.values) for bar in weeks] == [("01 Jun", (1.0, 0.0)), ("08 Jun", (0.0, 1.0))]


def test_what_took_much_longer_is_left_out_and_counted() -> None:
    times = report.connect_times(frame(ACTIVATIONS, *(activation(m) for m in (0.9, 1.0, 1.1, 90.0))))
    assert (times.unit, times.left_out, sum(bar.total for bar in times.bars)) == ("seconds", 1, 3)
    assert times.words == "1 took more than 4 times as long as the middle case and are not drawn."
    assert report.connect_times(frame(ACTIVATIONS, activation(9.0))).unit == "minutes"


def test_steps_stand_in_their_order_with_the_devices_share() -> None:
    steps = frame(
        STEP_TIMES,
        {"step": "Configure", "position": 5, "state": "done", "seconds": 9.0, "device_seconds": 8.0},
        {"step": "Configure", "position": 5, "state": "failed", "seconds": 99.0, "device_seconds": 9.0},
        {"step": "Plan", "position": 4, "state": "done", "seconds": 4.0, "device_seconds": 4.5},
        {"step": report.WAITED_FOR, "position": 2, "state": "done", "seconds": 1.0, "device_seconds": 0.0},
    )
    assert report.step_bars(steps) == (report.Bar("Plan", (4.5, 0.0)), report.Bar("Configure", (8.0, 1.0)))


def test_failures_are_counted_by_step_and_by_who_mended_them() -> None:
    failed = frame(
        FAILURES,
        failure("Plan", "needs person"),
        failure("Configure", "unreachable", mended=2.0),
        failure("Configure", "unreachable", mended=4.0, what="busy"),
    )
    assert report.failure_bars(failed) == (report.Bar("Configure", (0.0, 2.0)), report.Bar("Plan", (1.0, 0.0)))
    table = report.causes(failed)
    assert table.columns.tolist() == ["step", "kind", "attempts", "median minutes until done", "latest"]
    assert table.iloc[0].tolist() == ["Configure", "unreachable", 2, 3.0, "busy"]


def test_areas_are_compared_by_their_own_figures() -> None:
    table = report.areas(frame(ACTIVATIONS, activation(1, area="N"), activation(3, area="N", first_time=False)))
    assert table.iloc[0].tolist() == ["N", 2, "50%", 2.0, 3.0]


@pytest.mark.parametrize(("area", "says"), [("", "All areas"), ("Harbour", "Area: Harbour")])
def test_the_heading_names_period_and_area(area: str, says: str) -> None:
    text = report.heading(date(2026, 3, 1), date(2026, 3, 31), area)
    assert text == f"# Activations, 1 March 2026 to 31 March 2026\n\n{says}"
