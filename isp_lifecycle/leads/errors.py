"""What can be wrong with a lead."""

from __future__ import annotations

from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.words import word


class LeadWrong(Refused):
    """A part of a lead cannot be right."""

    def __init__(self, field: str, what: str, remedy: str) -> None:
        super().__init__(what, field=field, remedy=remedy)


class LeadUnreachable(LeadWrong):
    """Nobody could ever be answered."""

    def __init__(self) -> None:
        super().__init__(
            "phone", say("There is no way to reach them."), say("Give a telephone number or an e-mail address.")
        )


class LeadNowhere(LeadWrong):
    """It is not known where the line is wanted."""

    def __init__(self) -> None:
        super().__init__("address", say("There is no address."), say("Say where the line is wanted, as they say it."))


class LeadClosed(Refused):
    """What is over is not followed any more."""

    def __init__(self, code: str, state: str) -> None:
        super().__init__(
            say("Lead {code} is {state}: it is not followed any more.", code=code, state=word(state)),
            field="state",
            value=state,
            remedy=say("If they ask again, note a new lead."),
        )
