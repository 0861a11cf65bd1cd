"""The analyst's frames keep their columns and dtypes when there is nothing to show, and their permission."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from isp_lifecycle.access.errors import Forbidden
from isp_lifecycle.access.model import ROLES, Actor, Role
from isp_lifecycle.bootstrap import open_doors
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.views import analyst
from isp_lifecycle.views.window import Window

DAYS = {"first": date(2026, 2, 1), "last": date(2026, 2, 28)}
FRAMES: list[tuple[Any, Mapping[str, Any], Mapping[str, str]]] = [
    (analyst.activations, DAYS, analyst.ACTIVATIONS),
    (analyst.step_times, DAYS, analyst.STEP_TIMES),
    (analyst.failures, DAYS, analyst.FAILURES),
    (analyst.services, {}, analyst.SERVICES),
    (analyst.charges, DAYS, analyst.CHARGES),
    (analyst.optical, DAYS, analyst.OPTICAL),
]


@pytest.fixture
def window(database: str, tmp_path: Path) -> Window:
    return open_doors(Settings(database_url=database, var=tmp_path), application="test").window


def actor(role: Role) -> Actor:
    return Actor(None, "ann", "Ann", role, ROLES[role], "test")


def dtypes_of(frame: pd.DataFrame) -> dict[str, str]:
    return {name: str(kind) for name, kind in frame.dtypes.items()}


@pytest.mark.parametrize(("view", "asked", "columns"), FRAMES, ids=lambda v: getattr(v, "__name__", ""))
def test_frame_of_nothing_has_its_columns_and_dtypes(
    window: Window, view: Callable[..., pd.DataFrame], asked: Mapping[str, Any], columns: Mapping[str, str]
) -> None:
    frame = view(window, actor(Role.AUDITOR), **asked)
    assert len(frame) == 0
    assert dtypes_of(frame) == dict(columns)


@pytest.mark.parametrize(("view", "asked", "_columns"), FRAMES, ids=lambda v: getattr(v, "__name__", ""))
def test_frame_is_refused_to_who_may_not_read_reports(
    window: Window, view: Callable[..., pd.DataFrame], asked: Mapping[str, Any], _columns: Mapping[str, str]
) -> None:
    with pytest.raises(Forbidden):
        view(window, actor(Role.INSTALLER), **asked)


def test_period_that_ends_before_it_begins_is_refused(window: Window) -> None:
    with pytest.raises(Refused) as refusal:
        analyst.activations(window, actor(Role.AUDITOR), first=date(2026, 2, 2), last=date(2026, 2, 1))
    assert refusal.value.field == "last"
