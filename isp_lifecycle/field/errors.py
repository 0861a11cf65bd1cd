"""What can go wrong with engineers and their calendars."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from isp_lifecycle.foundation.errors import NeedsPerson, Refused


class NoEngineer(NeedsPerson):
    """No active engineer serves the area."""

    default_remedy = "Add an engineer for the area, or one without an area (who goes everywhere), then press Retry."

    def __init__(self, area: str | None) -> None:
        super().__init__(f"No active engineer serves {area or 'places without an area'}.", field="area", value=area)
        self.area = area


class NoFreeTime(NeedsPerson):
    """Everybody is booked as far as one may book ahead."""

    default_remedy = "Free a visit on the dispatch board or add an engineer, then press Retry."

    def __init__(self, area: str | None, after: datetime, days: int) -> None:
        super().__init__(
            f"No engineer for {area or 'this place'} is free within {days} days after {after:%Y-%m-%d %H:%M} UTC.",
            field="after",
            value=after,
        )
        self.area = area
        self.after = after
        self.days = days


class EngineerTaken(Refused):
    """The engineer is somewhere else at that time."""

    default_remedy = "Choose another time or another engineer."

    def __init__(self, engineer: UUID, start: datetime, end: datetime) -> None:
        super().__init__(
            f"The engineer has another visit between {start:%Y-%m-%d %H:%M} and {end:%H:%M} UTC.",
            field="start",
            value=start,
        )
        self.engineer = engineer
        self.start = start
        self.end = end


class EngineerInactive(Refused):
    """The engineer does not work here at present."""

    default_remedy = "Choose an active engineer."

    def __init__(self, username: str) -> None:
        super().__init__(f"Engineer {username} is not active.", field="engineer", value=username)


class EngineerMalformed(Refused):
    """A field of an engineer's record is empty or of the wrong form."""

    def __init__(self, field: str, value: str) -> None:
        super().__init__(f"An engineer's {field} cannot be {value!r}.", field=field, value=value)


class RangeMalformed(Refused):
    """A range of time that ends before it starts, or whose ends carry no time zone."""

    def __init__(self, start: datetime, end: datetime) -> None:
        super().__init__(f"{start} to {end} is no range of time.", field="during", value=(start, end))
