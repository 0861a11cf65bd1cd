"""A lead and its life, in few states: what is done next says the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from isp_lifecycle.foundation.states import Moves
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.leads.errors import LeadWrong

#: The longest texts of a lead.
ADDRESS_LENGTH, WISH_LENGTH, STEP_LENGTH = 200, 1000, 200
#: What stands where a person was erased.
ERASED = "(erased)"


class Source(StrEnum):
    """How somebody came to us."""

    PORTAL = "portal"  #: The public form, for an address that is not served.
    CALL = "call"  #: By telephone.
    SHOP = "shop"  #: In person.
    PARTNER = "partner"  #: Another company sent them.
    EVENT = "event"  #: A fair, a street canvass.
    OTHER = "other"  #: Anything else.


class LeadState(StrEnum):
    """Where a lead stands."""

    OPEN = "open"  #: Somebody follows it, or should.
    ORDERED = "ordered"  #: It became an order.
    LOST = "lost"  #: Nothing came of it, for a reason.


LEAD_MOVES = Moves(
    what="Lead",
    start=LeadState.OPEN,
    table={LeadState.OPEN: frozenset({LeadState.ORDERED, LeadState.LOST})},
)


@dataclass(frozen=True, kw_only=True)
class Lead:
    """Somebody who asked. One without ``premises_id`` wants a line where no premises is on record.

    ``consent_at`` and ``consent_how`` say that they agreed to being kept, and in which way; ``keep_until`` is the day
    after which the person is erased unless there was an order. ``told_at``: when the sales desk was told that the
    address can be served now. ``reminded_on``: the day of the next step that its owner was reminded of.
    """

    id: UUID
    code: str
    state: LeadState
    source: Source
    name: str
    email: str
    phone: str
    premises_id: UUID | None
    address: str
    wish: str
    plan_code: str | None
    owner: str | None
    next_step: str
    next_on: date | None
    consent_at: datetime
    consent_how: str
    created_at: datetime
    created_by: str
    keep_until: date
    closed_at: datetime | None = None
    reason: str | None = None
    order_id: UUID | None = None
    told_at: datetime | None = None
    reminded_on: date | None = None
    erased_at: datetime | None = None


def checked(field: str, text: str, most: int) -> str:
    """A text without blanks around it; raises LeadWrong."""
    tidy = text.strip()
    if len(tidy) > most:
        raise LeadWrong(
            field,
            say("This has {length} characters; it may have {most}.", length=len(tidy), most=most),
            say("Say it in fewer words."),
        )
    return tidy
