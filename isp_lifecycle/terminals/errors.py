"""What can go wrong with a person's command line on a device."""

from __future__ import annotations

from datetime import datetime

from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import say


class TerminalsTaken(Refused):
    """So many people are at the OLT's command line that there would be none left for the drivers."""

    def __init__(self, olt: str, who: list[str]) -> None:
        super().__init__(
            say("{olt} has as many terminals open as it may: {who}.", olt=olt, who=", ".join(who)),
            remedy=say("Ask one of them to end theirs, or wait: one that nobody uses ends by itself."),
            field="olt",
            value=olt,
        )


class OltAtWork(Refused):
    """The event engine is changing something on the OLT at this moment."""

    def __init__(self, olt: str, what: str, until: datetime) -> None:
        super().__init__(
            say("The engine is at work on {olt}: {what}.", olt=olt, what=what),
            remedy=say("Press again in a moment; or say that you go in although it works there."),
            field="olt",
            value=olt,
        )
        self.until = until


class TerminalOver(Refused):
    """It has ended, and nothing more is added to its record."""

    default_remedy = say("Open another one.")
