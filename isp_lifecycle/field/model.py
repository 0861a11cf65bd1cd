"""Engineers, visits and the search for the first free time; no database, no clock.

All instants are aware; working hours are wall times in the ISP's zone, turned into instants day by day, so that
a visit "at nine" stays at nine when the clocks change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from isp_lifecycle.field.errors import RangeMalformed
from isp_lifecycle.foundation.states import Moves
from isp_lifecycle.foundation.texts import say


@dataclass(frozen=True, order=True)
class TimeRange:
    """From ``start`` up to, not including, ``end``; both UTC."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None or self.end <= self.start:
            raise RangeMalformed(self.start, self.end)
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))

    @property
    def length(self) -> timedelta:
        """How long it lasts."""
        return self.end - self.start

    def overlaps(self, other: TimeRange) -> bool:
        """Whether some instant lies in both; ranges that only touch do not overlap."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class WorkingHours:
    """When engineers visit homes: wall times in the ISP's zone, Monday is 0."""

    opens: time = time(8)
    closes: time = time(17)
    weekdays: frozenset[int] = frozenset(range(5))
    visit: timedelta = timedelta(minutes=60)
    closed_on: frozenset[date] = frozenset()

    def slots(self, day: date, *, zone: ZoneInfo) -> Iterator[TimeRange]:
        """Each visit that fits into that day, one after the other from opening time."""
        if day.weekday() not in self.weekdays or day in self.closed_on:
            return
        start = datetime.combine(day, self.opens, tzinfo=zone).astimezone(UTC)
        closes = datetime.combine(day, self.closes, tzinfo=zone).astimezone(UTC)
        while start + self.visit <= closes:
            yield TimeRange(start, start + self.visit)
            start += self.visit


class VisitState(StrEnum):
    """Where a visit stands."""

    BOOKED = "booked"  #: The engineer's time is kept for it.
    STARTED = "started"  #: The engineer is on site.
    DONE = "done"  #: The work was done.
    CANCELLED = "cancelled"  #: Called off; the time is free again.
    MISSED = "missed"  #: Nobody opened, or the engineer did not come.


VISIT_MOVES = Moves(
    what="visit",
    start=VisitState.BOOKED,
    table={
        VisitState.BOOKED: frozenset({VisitState.STARTED, VisitState.CANCELLED, VisitState.MISSED}),
        VisitState.STARTED: frozenset({VisitState.DONE, VisitState.CANCELLED, VisitState.MISSED}),
    },
)


class Obstacle(StrEnum):
    """Why the work of a visit could not be done."""

    NOBODY_HOME = "nobody_home"  #: The customer was not there.
    NO_ACCESS = "no_access"  #: Somebody must open, or permit, first: a gate, a cellar, the owner.
    DUCT_BLOCKED = "duct_blocked"  #: The cable cannot be brought in.
    NO_LIGHT = "no_light"  #: No light, or too little, where the drop cable begins.
    CUSTOMER_REFUSED = "customer_refused"  #: The customer does not want it, or not so.
    OTHER = "other"  #: Anything else, in the engineer's words.


@dataclass(frozen=True)
class Sequel:
    """What an obstacle is called, and what follows: who sees to it, and what they are asked to do."""

    words: str
    role: str
    asked: str


#: Each obstacle becomes somebody's task at once.
SEQUELS: Mapping[Obstacle, Sequel] = {
    Obstacle.NOBODY_HOME: Sequel(say("Customer not at home"), "dispatcher", say("Call the customer and book again")),
    Obstacle.NO_ACCESS: Sequel(say("No access"), "dispatcher", say("See that somebody opens, and book again")),
    Obstacle.DUCT_BLOCKED: Sequel(say("Duct blocked"), "network", say("Have the duct cleared, then book again")),
    Obstacle.NO_LIGHT: Sequel(
        say("No light at the splitter"), "network", say("Mend the feeder or splitter, then book again")
    ),
    Obstacle.CUSTOMER_REFUSED: Sequel(
        say("Customer refused"), "sales", say("Talk to the customer; book again, or have it given up")
    ),
    Obstacle.OTHER: Sequel(say("Something else"), "dispatcher", say("See what is needed, and book again")),
}


class EntryKind(StrEnum):
    """What an engineer writes down at a visit."""

    NOTE = "note"  #: Words for colleagues.
    LIGHT = "light"  #: The level that their own meter showed.
    PHOTO = "photo"  #: A picture of what was built.
    SIGNATURE = "signature"  #: The customer's, with the name of who signed.
    ACTIVATION = "activation"  #: The ONT that is to become the line.
    CANNOT_DO = "cannot_do"  #: Why the work could not be done.


@dataclass(frozen=True)
class Entry:
    """One thing written down at a visit. ``level_dbm`` is of light only; ``made_at`` is the phone's own clock."""

    id: UUID
    visit_id: UUID
    kind: EntryKind
    text: str
    level_dbm: float | None
    by: str
    made_at: datetime
    taken_at: datetime


@dataclass(frozen=True)
class Attached:
    """A photo or a signature itself; sizes are pixels."""

    media_type: str
    content: bytes
    width: int
    height: int


#: States in which a visit keeps its engineer's time.
HOLDS_TIME = (VisitState.BOOKED, VisitState.STARTED)

#: States after which the same delivery may book another visit.
GAVE_UP = (VisitState.CANCELLED, VisitState.MISSED)


@dataclass(frozen=True)
class Engineer:
    """An installation engineer; one without an area goes everywhere."""

    id: UUID
    username: str
    name: str
    area: str | None
    phone: str
    email: str
    active: bool


@dataclass(frozen=True)
class Visit:
    """An engineer's time at an address; ``address`` is a copy for the engineer's phone."""

    id: UUID
    code: str
    service_id: UUID
    order_id: UUID
    delivery_id: UUID
    engineer_id: UUID | None
    during: TimeRange
    state: VisitState
    address: str
    instructions: str
    created_at: datetime
    result: str | None


@dataclass(frozen=True)
class Offer:
    """A time at which an engineer is free."""

    engineer_id: UUID
    during: TimeRange


def first_free(
    *,
    busy: Mapping[UUID, Sequence[TimeRange]],
    after: datetime,
    zone: ZoneInfo,
    hours: WorkingHours,
    days: int = 60,
) -> Offer | None:
    """Find the first visit that starts at or after ``after`` and that somebody can make.

    ``busy`` names every engineer who may go. Of several who are free, the one with the fewest visits on that day
    goes, then the one named first. None when nobody is free within ``days`` days.
    """
    first_day = after.astimezone(zone).date()
    for ahead in range(days + 1):
        slots = [s for s in hours.slots(first_day + timedelta(days=ahead), zone=zone) if s.start >= after]
        if not slots:
            continue
        day = TimeRange(slots[0].start, slots[-1].end)
        that_day = {who: [r for r in ranges if r.overlaps(day)] for who, ranges in busy.items()}
        by_load = sorted(busy, key=lambda who: len(that_day[who]))
        for slot in slots:
            for who in by_load:
                if not any(slot.overlaps(taken) for taken in that_day[who]):
                    return Offer(who, slot)
    return None
