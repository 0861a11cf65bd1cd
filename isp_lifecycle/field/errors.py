"""What can go wrong with engineers and their calendars."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from isp_lifecycle.foundation.errors import NeedsPerson, Refused
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.words import word


class NoEngineer(NeedsPerson):
    """No active engineer serves the area."""

    default_remedy = say(
        "Add an engineer for the area, or one without an area (who goes everywhere), then press Retry."
    )

    def __init__(self, area: str | None) -> None:
        super().__init__(
            say("No active engineer serves {area}.", area=area or "places without an area"), field="area", value=area
        )
        self.area = area


class NoFreeTime(NeedsPerson):
    """Everybody is booked as far as one may book ahead."""

    default_remedy = say("Free a visit on the dispatch board or add an engineer, then press Retry.")

    def __init__(self, area: str | None, after: datetime, days: int) -> None:
        super().__init__(
            say(
                "No engineer for {area} is free within {days} days after {after:%Y-%m-%d %H:%M} UTC.",
                area=area or "this place",
                days=days,
                after=after,
            ),
            field="after",
            value=after,
        )
        self.area = area
        self.after = after
        self.days = days


class EngineerTaken(Refused):
    """The engineer is somewhere else at that time."""

    default_remedy = say("Choose another time or another engineer.")

    def __init__(self, engineer: UUID, start: datetime, end: datetime) -> None:
        super().__init__(
            say(
                "The engineer has another visit between {start:%Y-%m-%d %H:%M} and {end:%H:%M} UTC.",
                start=start,
                end=end,
            ),
            field="start",
            value=start,
        )
        self.engineer = engineer
        self.start = start
        self.end = end


class EngineerInactive(Refused):
    """The engineer does not work here at present."""

    default_remedy = say("Choose an active engineer.")

    def __init__(self, username: str) -> None:
        super().__init__(say("Engineer {username} is not active.", username=username), field="engineer", value=username)


class EngineerMalformed(Refused):
    """A field of an engineer's record is empty or of the wrong form."""

    def __init__(self, field: str, value: str) -> None:
        super().__init__(
            say("An engineer's {field} cannot be {value}.", field=field, value=repr(value)), field=field, value=value
        )


class RangeMalformed(Refused):
    """A range of time that ends before it starts, or whose ends carry no time zone."""

    def __init__(self, start: datetime, end: datetime) -> None:
        super().__init__(
            say("{start} to {end} is no range of time.", start=start, end=end), field="during", value=(start, end)
        )


class EntryMalformed(Refused):
    """What was written down on site is empty, too long, or no such thing."""

    def __init__(self, field: str, what: str, remedy: str) -> None:
        super().__init__(what, field=field, remedy=remedy)


class TooMuchKept(Refused):
    """A visit has as many photos, signatures or notes as one may have."""

    def __init__(self, what: str, limit: int) -> None:
        super().__init__(
            say("This visit has {limit} {what} already, and may have no more.", limit=limit, what=word(what)),
            field="kind",
            value=limit,
            remedy=say("Keep the best ones; a manager may have the limit raised (ISP_FIELD__...)."),
        )


class EntryKeyReused(Refused):
    """Under this key something else was sent before."""

    def __init__(self, key: str) -> None:
        super().__init__(
            say("Something else was sent under this entry's key before."),
            field="key",
            value=key,
            remedy=say("Nothing was done. Write the entry down anew."),
        )
