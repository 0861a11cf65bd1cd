"""What became of an ONT's light: pure functions over its daily levels (dBm), oldest first.

A *step* is one day on which it became weaker, or stronger, and stayed so: something was bent, spliced or unplugged. A
*decay* grows from day to day: water in a closure, a connector that works loose. What came and went again is neither.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from statistics import median

#: Less than this is how receivers and temperatures differ from day to day.
NOTABLE_DB = 1.0
#: Before and after a change there are at least so many days.
BEFORE, AFTER = 4, 2
#: A decay is only told from a step where its line fits so much better.
BETTER = 0.6
#: Changes that began so close together are one.
TOGETHER = {"step": timedelta(days=2), "decay": timedelta(days=12)}
#: So many, and this share of those that can be compared, make it common.
COMMON, SHARE = 3, 0.6


class Kind(StrEnum):
    """How the light changed."""

    STEP = "step"
    DECAY = "decay"


class Where(StrEnum):
    """What those share whose light changed alike."""

    ALONE = "alone"
    SPLITTER = "splitter"
    FEEDER = "feeder"


@dataclass(frozen=True)
class Change:
    """What became of a level: since which day, and by how many dB it is weaker now (less than 0: stronger).

    ``together`` is how many others changed alike, and ``where`` what they share with it.
    """

    kind: Kind
    since: date
    weaker_db: float
    where: Where = Where.ALONE
    together: int = 0


@dataclass(frozen=True)
class Trend:
    """An ONT's days: the last level, and by how much it is weaker than in the middle of the last 7 and 30 days.

    ``days`` has a level for each day with readings, None for one on which it was off.
    """

    days: tuple[tuple[date, float | None], ...]
    last: float | None = None
    week_db: float | None = None
    month_db: float | None = None
    change: Change | None = None


def trend_of(days: Sequence[tuple[date, float | None]]) -> Trend:
    """What became of one ONT's light by itself."""
    lit = [(day, level) for day, level in days if level is not None]
    if not lit:
        return Trend(tuple(days))
    today, last = lit[-1]
    off = days[-1][1] is None
    return Trend(
        days=tuple(days),
        last=None if off else last,
        week_db=None if off else _weaker(lit, today - timedelta(days=7)),
        month_db=None if off else _weaker(lit, today - timedelta(days=30)),
        change=change_of(lit),
    )


def _weaker(lit: Sequence[tuple[date, float]], since: date) -> float | None:
    before = [level for day, level in lit[:-1] if day >= since]
    return median(before) - lit[-1][1] if before else None


def change_of(lit: Sequence[tuple[date, float]]) -> Change | None:
    """The step or decay that the last days still show; None where they are as the first ones were."""
    levels = [level for _, level in lit]
    if len(levels) < BEFORE + AFTER or abs(median(levels[:BEFORE]) - median(levels[-AFTER - 1 :])) < NOTABLE_DB:
        return None
    step, step_error = _best(levels, _step_error)
    bend, bend_error = _best(levels, _bend_error)
    if bend_error < BETTER * step_error:
        before, after = median(levels[: bend + 1]), median(levels[-AFTER - 1 :])
        return Change(Kind.DECAY, lit[bend][0], before - after)
    before, after = median(levels[:step]), median(levels[step:])
    return Change(Kind.STEP, lit[step][0], before - after)


type _Error = Callable[[Sequence[float], int], float]


def _best(levels: Sequence[float], error: _Error) -> tuple[int, float]:
    """Where to part the days so that it fits best, and how badly it fits then."""
    fits = ((error(levels, at), at) for at in range(BEFORE, len(levels) - AFTER + 1))
    worst, at = min(fits)
    return at, worst


def _step_error(levels: Sequence[float], at: int) -> float:
    return _spread(levels[:at]) + _spread(levels[at:])


def _bend_error(levels: Sequence[float], at: int) -> float:
    """Level until a day, then a straight line away from it."""
    level, after = sum(levels[:at]) / at, levels[at:]
    slope = sum((value - level) * n for n, value in enumerate(after, 1)) / sum(n * n for n in range(1, len(after) + 1))
    return _spread(levels[:at]) + sum((value - level - slope * n) ** 2 for n, value in enumerate(after, 1))


def _spread(values: Sequence[float]) -> float:
    middle = sum(values) / len(values)
    return sum((value - middle) ** 2 for value in values)


def shared[K](trends: Mapping[K, Trend], splitters: Mapping[K, str]) -> dict[K, Trend]:
    """The trends of a port's ONTs with who changed alike: those behind the same splitter, or the whole port."""
    return {key: replace(one, change=_with_others(key, one, trends, splitters)) for key, one in trends.items()}


def _with_others[K](key: K, one: Trend, trends: Mapping[K, Trend], splitters: Mapping[K, str]) -> Change | None:
    change = one.change
    if change is None:
        return None
    alike = {other for other, trend in trends.items() if other != key and _alike(change, trend.change)}
    of_port = {other for other, trend in trends.items() if other != key and trend.last is not None}
    splitter = splitters.get(key, "")
    behind = {other for other in of_port if splitter and splitters.get(other) == splitter}
    if _common(alike & of_port, of_port) and alike - behind:
        return replace(change, where=Where.FEEDER, together=len(alike))
    if _common(alike & behind, behind):
        return replace(change, where=Where.SPLITTER, together=len(alike & behind))
    return change


def _common[K](alike: set[K], among: set[K]) -> bool:
    return len(alike) >= COMMON - 1 and len(alike) >= SHARE * len(among)


def _alike(one: Change, other: Change | None) -> bool:
    if other is None or one.kind is not other.kind or (one.weaker_db > 0) is not (other.weaker_db > 0):
        return False
    return abs(one.since - other.since) <= TOGETHER[one.kind]
