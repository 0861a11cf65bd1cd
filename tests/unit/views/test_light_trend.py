"""What became of an ONT's light, told from its days."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from isp_lifecycle.views.light.trend import Change, Kind, Trend, Where, shared, trend_of

FIRST = date(2026, 1, 1)


def days(*levels: float | None, noise: float = 0.0, seed: int = 1) -> list[tuple[date, float | None]]:
    chance = random.Random(seed)
    shaken = [None if level is None else level + chance.uniform(-noise, noise) for level in levels]
    return [(FIRST + timedelta(days=n), level) for n, level in enumerate(shaken)]


def change(*levels: float | None, noise: float = 0.15, seed: int = 1) -> Change | None:
    return trend_of(days(*levels, noise=noise, seed=seed)).change


@pytest.mark.parametrize("seed", range(5))
def test_a_step_is_told_by_its_day_and_size(seed: int) -> None:
    found = change(*[-20.0] * 25, *[-24.0] * 6, seed=seed)
    assert found is not None
    assert (found.kind, found.since) == (Kind.STEP, FIRST + timedelta(days=25))
    assert found.weaker_db == pytest.approx(4.0, abs=0.3)


@pytest.mark.parametrize("seed", range(5))
def test_a_decay_is_told_from_a_step(seed: int) -> None:
    found = change(*[-20.0] * 20, *[-20.0 - 0.08 * n for n in range(1, 31)], seed=seed)
    assert found is not None
    assert found.kind is Kind.DECAY
    assert abs(found.since - FIRST - timedelta(days=20)) <= timedelta(days=6)
    assert found.weaker_db == pytest.approx(2.4, abs=0.4)


def test_what_stays_or_came_and_went_is_no_change() -> None:
    assert change(*[-20.0] * 40, noise=0.4) is None
    assert change(*[-20.0] * 20, *[-26.0] * 5, *[-20.0] * 10) is None
    assert change(*[-20.0] * 3, -25.0) is None  # too few days to tell


def test_stronger_is_less_than_weaker_by_none() -> None:
    found = change(*[-24.0] * 10, *[-20.0] * 5)
    assert found is not None
    assert found.weaker_db == pytest.approx(-4.0, abs=0.3)


def test_the_last_is_held_against_the_week_and_the_month() -> None:
    trend = trend_of(days(*[-20.0] * 30, *[-21.0] * 5, -23.0))
    assert (trend.last, trend.week_db, trend.month_db) == (-23.0, 2.0, 3.0)
    assert trend_of(days(-20.0, -20.0, None)) == Trend(tuple(days(-20.0, -20.0, None)))
    assert trend_of([]) == Trend(())


def test_those_who_changed_alike_share_it() -> None:
    weak, good = [-20.0] * 20 + [-23.0] * 6, [-20.0] * 26
    of = {n: trend_of(days(*(weak if n < 3 else good), noise=0.1, seed=n)) for n in range(8)}
    behind = {n: "A" if n < 3 else "B" for n in range(8)}
    found = shared(of, behind)
    assert {n: (one.change.where, one.change.together) if one.change else None for n, one in found.items()} == {
        **dict.fromkeys(range(3), (Where.SPLITTER, 2)),
        **dict.fromkeys(range(3, 8), None),
    }
    everybody = {n: trend_of(days(*weak, noise=0.1, seed=n)) for n in range(8)}
    assert {one.change.where for one in shared(everybody, behind).values() if one.change} == {Where.FEEDER}
    one = {n: trend_of(days(*(weak if n == 0 else good), noise=0.1, seed=n)) for n in range(8)}
    assert shared(one, behind)[0].change == one[0].change
