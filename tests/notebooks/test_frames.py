"""The analyst's frames say what happened, as it happened, and agree with the manager's page."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.views import analyst, manager
from tests.notebooks.conftest import Past
from tests.notebooks.past import READINGS, TROUBLES, ZONE

FEBRUARY: dict[str, Any] = {"first": date(2026, 2, 1), "last": date(2026, 2, 28)}


def look(past: Past, view: Any, **asked: Any) -> pd.DataFrame:
    return view(past.doors.window, SYSTEM, **asked)


def test_activations_are_those_that_were_finished(past: Past) -> None:
    frame = look(past, analyst.activations, **FEBRUARY)
    made = sorted(past.activations, key=lambda a: a.active_at)
    assert frame["service_code"].tolist() == [a.service_code for a in made]
    assert frame["connect_minutes"].tolist() == pytest.approx([a.minutes for a in made])
    assert frame["first_time"].tolist() == [a.trouble is None for a in made]
    assert frame["failures"].tolist() == [int(a.trouble is not None) for a in made]
    assert frame["pressed_at"].tolist() == [a.pressed_at for a in made]
    assert frame["order_days"].tolist() == pytest.approx(
        [(a.active_at - a.ordered_at) / timedelta(days=1) for a in made]
    )


def test_dtypes_with_rows_are_those_without(past: Past) -> None:
    for view, columns in (
        (analyst.activations, analyst.ACTIVATIONS),
        (analyst.step_times, analyst.STEP_TIMES),
        (analyst.failures, analyst.FAILURES),
        (analyst.charges, analyst.CHARGES),
        (analyst.optical, analyst.OPTICAL),
    ):
        found = look(past, view, **FEBRUARY).dtypes
        nothing = look(past, view, first=date(2020, 1, 1), last=date(2020, 1, 2)).dtypes
        assert found.to_dict() == nothing.to_dict()
        assert list(found.index) == list(columns)


def test_area_and_days_select(past: Past) -> None:
    harbour = look(past, analyst.activations, **FEBRUARY, area="Harbour")
    assert 0 < len(harbour) < len(past.activations)
    assert sorted(harbour["service_code"]) == sorted(a.service_code for a in past.activations if a.area == "Harbour")
    day = past.activations[20].active_at.astimezone(ZONE).date()
    one = look(past, analyst.activations, first=day, last=day)
    assert set(one["active_at"].dt.tz_convert(ZONE).dt.date) == {day}
    assert len(one) == sum(a.active_at.astimezone(ZONE).date() == day for a in past.activations)


def test_failures_are_named_by_step_and_cause(past: Past) -> None:
    frame = look(past, analyst.failures, **FEBRUARY)
    failed = [a for a in past.activations if a.trouble]
    assert sorted(frame["step"]) == sorted(a.trouble for a in failed if a.trouble)
    assert frame["workflow"].unique().tolist() == ["activation"]
    assert set(frame["kind"]) == {"needs person", "unreachable", "refused"}
    longest = max(TROUBLES, key=lambda trouble: trouble[3])
    assert frame["mended_minutes"].max() == pytest.approx(longest[3].total_seconds() / 60, abs=0.5)


def test_step_times_have_each_attempt_once(past: Past) -> None:
    frame = look(past, analyst.step_times, **{**FEBRUARY, "first": date(2026, 1, 1)})
    failed = sum(a.trouble is not None for a in past.activations)
    assert frame["state"].value_counts().to_dict() == {"done": 12 * len(past.activations), "failed": failed}
    assert (frame["device_seconds"] <= frame["seconds"]).all()


def test_charges_sum_exactly(past: Past) -> None:
    frame = look(past, analyst.charges, **FEBRUARY)
    ours = frame[frame["service_code"].isin([a.service_code for a in past.activations])]
    assert len(ours) == len(past.activations)
    assert isinstance(ours["amount"].sum(), Decimal)
    assert (ours["first"] == sorted(ours["first"])).all()
    assert ours["first"].min() == min(a.active_at.astimezone(ZONE).date() for a in past.activations)


def test_services_are_all_there_are(past: Past) -> None:
    frame = look(past, analyst.services)
    assert len(frame) == 120 + len(past.activations)
    assert frame["state"].unique().tolist() == ["active"]


def test_readings_are_compared_with_the_loss_budget(past: Past) -> None:
    lines = look(past, analyst.services)
    expected = lines.set_index("service_code")["expected_rx_dbm"]
    frame = look(past, analyst.optical, **FEBRUARY)
    assert frame["ont_rx_dbm"].tolist() == [expected[code] - 1.5 for code in frame["service_code"]]
    assert frame["gap_db"].tolist() == pytest.approx([1.5] * READINGS)


def test_frames_agree_with_the_managers_page(past: Past) -> None:
    frame = look(past, analyst.activations, **FEBRUARY)
    page = manager.figures(past.doors.window, SYSTEM, **FEBRUARY)
    assert page.activations_done == len(frame)
    assert page.first_time_right == pytest.approx(frame["first_time"].mean())
    assert page.median_connect_minutes == pytest.approx(frame["connect_minutes"].median())
    assert page.median_order_days == pytest.approx(frame["order_days"].median())
