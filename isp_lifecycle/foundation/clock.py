"""Time is handed in, never taken: the one place that reads the system clock.

Instants are aware datetimes in UTC. Dates are dates in the ISP's own zone, which is a setting.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import say


class Clock(Protocol):
    """Tells what time it is."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return datetime.now(UTC)


class PushableClock:
    """A clock that stands still until it is pushed: for tests and for what-if runs."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """The instant it was last pushed to, in UTC."""
        return self._now

    def push(self, by: timedelta) -> datetime:
        """Move on and return the new instant."""
        self._now += by
        return self._now


def today(*, clock: Clock, zone: ZoneInfo) -> date:
    """The date that the ISP's wall calendar shows now."""
    return clock.now().astimezone(zone).date()


def start_of(day: date, *, zone: ZoneInfo) -> datetime:
    """The first instant of a date in the ISP's zone, in UTC (right on the days when the clocks change)."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def instant_of(written: str, *, zone: ZoneInfo, field: str, late: bool = False) -> datetime:
    """The instant, in UTC, that a person means who writes ``2026-03-29 14:30`` (or with a T) on the ISP's wall clock.

    An hour that comes twice, when clocks go back, is the first of the two, or with ``late`` the second; one that is
    left out, when they go forward, is refused. A time written with its own offset is taken as it is.
    """
    try:
        wall = datetime.fromisoformat(written.strip())
    except ValueError:
        raise Refused(
            say("{written} is no time.", written=repr(written)),
            field=field,
            value=written,
            remedy=say("Write it like 2026-03-28 22:30."),
        ) from None
    if wall.tzinfo is not None:
        return wall.astimezone(UTC)
    instant = wall.replace(tzinfo=zone, fold=int(late)).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != wall:
        raise Refused(
            say("There is no {wall:%H:%M} on {wall:%d %B %Y}: clocks go forward then.", wall=wall),
            field=field,
            value=written,
            remedy=say("Write a time an hour earlier or later."),
        )
    return instant
