"""What can go wrong with tasks, incidents and tickets."""

from __future__ import annotations

from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.words import word


class TextMissing(Refused):
    """A title, a subject or a note without words, or with far too many."""

    default_remedy = say("Write a few words that tell another person what it is about.")

    def __init__(self, field: str, value: str, longest: int) -> None:
        super().__init__(
            say("The {field} must have 1 to {longest} characters.", field=word(field), longest=longest),
            field=field,
            value=value[:80],
        )
        self.longest = longest


class IncidentOpen(Refused):
    """A ticket cannot end before the incident that it is about."""

    default_remedy = say("Retry or cancel the delivery on the support page; its ticket is resolved with it.")

    def __init__(self, ticket: str, incident: str) -> None:
        super().__init__(
            say("Ticket {ticket} is about incident {incident}, which is open.", ticket=ticket, incident=incident),
            field="ticket",
            value=ticket,
        )
        self.incident = incident


class CannotMerge(Refused):
    """Two tickets that cannot be one, or cannot be separated."""

    def __init__(self, ticket: str, why: str, remedy: str) -> None:
        super().__init__(
            say("Ticket {ticket}: {why}.", ticket=ticket, why=why), field="ticket", value=ticket, remedy=remedy
        )
