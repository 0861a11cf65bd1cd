"""What can be wrong with a plan."""

from __future__ import annotations

from datetime import date

from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import say


class PlanWrong(Refused):
    """A field of a plan has a value that cannot be sold."""

    def __init__(self, code: str, field: str, value: object, allowed: str) -> None:
        super().__init__(
            say(
                "Plan {code}: {field} is {value}, but must be {allowed}.",
                code=code or say("(no code)"),
                field=field,
                value=repr(value),
                allowed=allowed,
            ),
            field=field,
            value=value,
        )


class PlanKnown(Refused):
    """There is a plan of this code already."""

    def __init__(self, code: str) -> None:
        super().__init__(
            say("There is a plan {code} already.", code=code),
            field="code",
            value=code,
            remedy=say("Change that one from a day on, or choose another code."),
        )


class PlanNotSold(Refused):
    """The plan is not on sale on that day."""

    def __init__(self, name: str, code: str) -> None:
        super().__init__(
            say("The plan {name} is not on sale.", name=name),
            field="plan_code",
            value=code,
            remedy=say("Choose one that is on sale."),
        )


class VersionWrong(Refused):
    """A change of a plan that cannot be made as it was asked for."""

    def __init__(self, code: str, day: date, why: str, remedy: str) -> None:
        super().__init__(
            say("Plan {code} cannot be changed from {day} on: {why}.", code=code, day=day, why=why),
            field="valid_from",
            value=day,
            remedy=remedy,
        )
