"""The report's words, bars and tables, from frames made by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pytest

from isp_lifecycle.views import activation_report as report
from isp_lifecycle.views.activation_report import ActivationFigures
from isp_lifecycle.views.analyst import ACTIVATIONS, FAILURES, STEP_TIMES
from isp_lifecycle.views.charts import Bar


def frame(columns: dict[str, str], *rows: dict[str, Any]) -> pd.DataFrame:
    """Rows of an analyst's frame; what is not named is empty, zero or false."""
    blank = {"str": "", "int64": 0, "bool": False, "float64": float("nan")}
    whole = [{name: row.get(name, blank.get(kind)) for name, kind in columns.items()} for row in rows]
    return pd.DataFrame(whole, columns=list(columns), dtype="object").astype(columns)


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def activation(day: int, minutes: float, *, first_time: bool = True, area: str = "Harbour") -> dict[str, Any]:
    failures = 0 if first_time else 1
    when = {"active_at": at(day), "connect_minutes": minutes, "order_days": 3.0}
    return {"order_code": f"O-{day}", "area": area, "first_time": first_time, "failures": failures, **when}


def failure(day: int, step: str, kind: str, what: str = "", mended: float = float("nan")) -> dict[str, Any]:
    told = {"step": step, "kind": kind, "what": what, "mended_minutes": mended}
    return {"at": at(day), "workflow": "activation", **told}


NO_FAILURE = frame(FAILURES)


def test_sentences_of_a_period_give_its_figures() -> None:
    some = frame(ACTIVATIONS, activation(3, 1.0), activation(4, 1.0), activation(5, 30.0, first_time=False))
    failed = frame(
        FAILURES, failure(5, "Measure the light", "needs person"), failure(6, "Plan the line", "unreachable")
    )
    assert report.sentences(report.figures_of(some, failed)).split("\n\n") == [
        "**3 lines were activated.** 2 of them (67%) succeeded the first time.",
        "From Activate pressed to service active it took 60 seconds in the middle case; "
        "nine in ten were done within 24 minutes.",
        "From order to service it took 3.0 days in the middle case.",
        "2 attempts at a step failed, 1 was repeated without a person.",
    ]


def test_sentence_of_a_period_without_activations_tells_what_failed_nevertheless() -> None:
    nothing = report.figures_of(frame(ACTIVATIONS), NO_FAILURE)
    assert nothing == ActivationFigures(0, 0, 0, 0, None, None, None)
    assert report.sentences(nothing) == "No activation was finished in this period."
    stuck = report.figures_of(frame(ACTIVATIONS), frame(FAILURES, failure(3, "Plan the line", "refused")))
    assert report.sentences(stuck) == "No activation was finished in this period. 1 attempt at a step failed."


def test_weeks_run_from_monday_and_those_without_any_are_there() -> None:
    some = frame(ACTIVATIONS, activation(2, 1.0), activation(3, 1.0, first_time=False), activation(17, 1.0))
    assert report.weeks(some, first=date(2026, 3, 1), last=date(2026, 3, 18), zone="Europe/Dublin") == (
        Bar("23 Feb", (0.0, 0.0)),
        Bar("02 Mar", (1.0, 1.0)),
        Bar("09 Mar", (0.0, 0.0)),
        Bar("16 Mar", (1.0, 0.0)),
    )


def test_weeks_follow_the_providers_calendar_and_not_utc() -> None:
    late_on_sunday = frame(ACTIVATIONS, {**activation(1, 1.0), "active_at": at(1, 23)})
    bars = report.weeks(late_on_sunday, first=date(2026, 3, 2), last=date(2026, 3, 2), zone="Europe/Athens")
    assert bars == (Bar("02 Mar", (1.0, 0.0)),)


def test_connect_times_leave_out_what_took_far_longer_and_say_so() -> None:
    some = frame(ACTIVATIONS, *(activation(day, 1.0) for day in range(2, 9)), activation(9, 400.0))
    times = report.connect_times(some)
    assert (times.unit, times.left_out) == ("seconds", 1)
    assert sum(bar.total for bar in times.bars) == 7
    assert times.words == "1 took more than 4 times as long as the middle case and is not drawn."
    slow = report.connect_times(frame(ACTIVATIONS, activation(2, 30.0), activation(3, 50.0)))
    assert (slow.unit, slow.left_out, slow.words) == ("minutes", 0, "")


def test_step_bars_share_the_median_and_leave_the_person_out() -> None:
    def step(position: int, name: str, seconds: float, device: float, state: str = "done") -> dict[str, Any]:
        times = {"seconds": seconds, "device_seconds": device, "started_at": at(3)}
        return {"position": position, "step": name, "state": state, **times}

    rows = [step(5, "Configure OLT and ONT", s, s - 1) for s in (8.0, 9.0, 20.0)]
    rows += [step(0, "Start the order", 0.5, 0), step(2, report.WAITED_FOR, 9000, 0)]
    rows += [step(5, "Configure OLT and ONT", 500, 1, "failed")]
    bars = report.step_bars(frame(STEP_TIMES, *rows))
    assert bars == (Bar("Start the order", (0.0, 0.5)), Bar("Configure OLT and ONT", (8.0, 1.0)))


def test_failures_are_counted_by_step_and_told_by_cause() -> None:
    failed = frame(
        FAILURES,
        failure(3, "Plan the line", "unreachable", "no answer", 0.5),
        failure(5, "Plan the line", "unreachable", "still no answer", 1.5),
        failure(4, "Plan the line", "needs person", "no such ONT"),
        failure(4, "Measure the light", "needs person", "too dark", 60.0),
    )
    bars = report.failure_bars(failed)
    assert bars == (Bar("Plan the line", (1.0, 2.0)), Bar("Measure the light", (1.0, 0.0)))
    table = report.causes(failed)
    assert table.columns.tolist() == ["step", "kind", "attempts", "median minutes until done", "latest"]
    assert table.iloc[0].tolist() == ["Plan the line", "unreachable", 2, 1.0, "still no answer"]
    assert table["median minutes until done"].isna().tolist() == [False, False, True]


@pytest.mark.parametrize(("area", "said"), [("", "All areas"), ("Harbour", "Area: Harbour")])
def test_heading_names_the_period_and_the_area(area: str, said: str) -> None:
    heading = report.heading(date(2026, 3, 1), date(2026, 3, 31), area)
    assert heading == f"# Activations, 1 March 2026 to 31 March 2026\n\n{said}"


def test_areas_are_compared() -> None:
    table = report.areas(frame(ACTIVATIONS, activation(3, 1.0), activation(4, 3.0, first_time=False, area="Millside")))
    assert table.to_dict("records") == [
        {"area": "Harbour", "activations": 1, "first time": "100%", "median minutes": 1.0, "median days": 3.0},
        {"area": "Millside", "activations": 1, "first time": "0%", "median minutes": 3.0, "median days": 3.0},
    ]
