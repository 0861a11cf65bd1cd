"""How long things take in the lab, and the order in which they come true.

The devices' latencies are those of device-facts section 7, divided by the lab's speed. Speed 0 means "no latency", for
tests of behaviour rather than of patience. Deadlines are monotonic seconds; instants for people are aware UTC.
"""

import heapq
import itertools
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime


def wall_clock() -> datetime:
    """Return the current instant; the lab's only look at the calendar (it may not import the project's clock)."""
    return datetime.fromtimestamp(time.time(), UTC)


@dataclass(frozen=True, slots=True)
class Span:
    """A duration between two bounds, in seconds at speed 1."""

    low: float
    high: float

    def drawn(self, chance: random.Random) -> float:
        """Return one duration out of the span."""
        return chance.uniform(self.low, self.high)


LOGIN = Span(0.8, 0.8)
LATE_WARNING = Span(0.25, 0.25)
WAKE = Span(5.0, 10.0)  # plug-in to autofind
RANGING = Span(8.0, 15.0)
CONFIGURING_STARTS = Span(0.5, 1.0)
CONFIGURING = Span(2.5, 7.0)
SAVING = Span(20.0, 60.0)
BOOT = Span(90.0, 120.0)


@dataclass(slots=True)
class Pace:
    """Turns durations at speed 1 into durations of this lab."""

    speed: float = 1.0
    chance: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311 - latencies, not secrets

    def seconds(self, span: Span | float) -> float:
        """Return how long to wait really; 0 when the lab runs without latency."""
        if self.speed <= 0:
            return 0.0
        drawn = span if isinstance(span, float | int) else span.drawn(self.chance)
        return drawn / self.speed


@dataclass(order=True, slots=True)
class _Due:
    at: float
    turn: int
    act: Callable[[], None] = field(compare=False)


class Timeline:
    """What will happen, in order of time; somebody must call `advance`, which makes tests deterministic."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.on_change: Callable[[], None] | None = None
        self._due: list[_Due] = []
        self._turns = itertools.count()

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        """Let `act` happen so many seconds from now."""
        heapq.heappush(self._due, _Due(self.clock() + seconds, next(self._turns), act))
        if self.on_change:
            self.on_change()

    def next_at(self) -> float | None:
        """Return when the next thing is due, or None."""
        return self._due[0].at if self._due else None

    def advance(self) -> int:
        """Do everything that is due by now, in order, and return how many things that were."""
        done = 0
        while self._due and self._due[0].at <= self.clock():
            heapq.heappop(self._due).act()
            done += 1
        return done
