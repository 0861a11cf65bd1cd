"""An order and its life, in the states of TM Forum's product ordering (TMF622)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from isp_lifecycle.foundation.states import Moves
from isp_lifecycle.foundation.terms import Terms
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.words import word
from isp_lifecycle.orders.errors import OrderWrong


class OrderKind(StrEnum):
    """What is asked for."""

    NEW_LINE = "new_line"  #: A line at a premises that has none of this customer's yet.
    PLAN_CHANGE = "plan_change"  #: Other terms for a service that exists.
    TERMINATION = "termination"  #: The end of a service.
    SUSPENSION = "suspension"  #: A service is shut for a while.
    RESUMPTION = "resumption"  #: A service that was shut is opened again.
    ONT_SWAP = "ont_swap"  #: Another ONT on the same line.
    RELOCATION = "relocation"  #: The same service at another premises.
    ADDRESS_CHANGE = "address_change"  #: Another IP address, of the same policy or of another.


class Channel(StrEnum):
    """The way on which the order came in."""

    PORTAL = "portal"  #: The customer's own form.
    STAFF = "staff"  #: Somebody at the provider, for instance on the telephone.
    CRM = "crm"  #: Synchronised out of the CRM.
    PARTNER = "partner"  #: A reseller's system.


class OrderState(StrEnum):
    """Where an order stands."""

    SUBMITTED = "submitted"  #: It was asked for; nobody has decided.
    CONFIRMED = "confirmed"  #: The sales desk said yes; work will begin.
    IN_PROGRESS = "in_progress"  #: Work on it has begun.
    COMPLETED = "completed"  #: What was asked for is so.
    CANCELLED = "cancelled"  #: It was given up, and what had been done was undone.
    FAILED = "failed"  #: Work stopped at something that a person must look at; it can go on or be cancelled.
    REJECTED = "rejected"  #: The sales desk said no, with a reason.


ORDER_MOVES = Moves(
    what="Order",
    start=OrderState.SUBMITTED,
    table={
        OrderState.SUBMITTED: frozenset({OrderState.CONFIRMED, OrderState.REJECTED, OrderState.CANCELLED}),
        OrderState.CONFIRMED: frozenset({OrderState.IN_PROGRESS, OrderState.CANCELLED}),
        OrderState.IN_PROGRESS: frozenset({OrderState.COMPLETED, OrderState.FAILED, OrderState.CANCELLED}),
        OrderState.FAILED: frozenset({OrderState.IN_PROGRESS, OrderState.CANCELLED}),
    },
)

#: The states in which an order still means work, so that a second one of the same kind is refused.
OPEN_STATES = frozenset(OrderState) - ORDER_MOVES.terminal


@dataclass(frozen=True)
class Applicant:
    """Name and telephone as a stranger typed them who gave the e-mail address of a known customer."""

    name: str
    phone: str


@dataclass(frozen=True, kw_only=True)
class Order:
    """What somebody asked for, at which terms.

    ``terms`` are those asked for; of a termination, those that end. ``wanted_on`` is a date on the provider's
    calendar, empty for "as soon as possible". ``reason`` says why it was rejected, cancelled or failed.

    An order is ``claimed`` while nobody has checked that its ``applicant``, who gave the customer's e-mail address
    without signing in, is that customer: until then it is no order of theirs, and cannot be confirmed.
    """

    id: UUID
    code: str
    kind: OrderKind
    state: OrderState
    customer_id: UUID
    premises_id: UUID
    service_id: UUID | None
    terms: Terms
    channel: Channel
    note: str
    consent_at: datetime | None
    wanted_on: date | None
    submitted_at: datetime
    decided_at: datetime | None = None
    decided_by: str | None = None
    reason: str | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    applicant: Applicant | None = None
    claimed: bool = False
    partner: str | None = None
    """The partner by whose machines it came; a service is that partner's when the order that opened it was."""

    def __post_init__(self) -> None:
        if self.kind is not OrderKind.NEW_LINE and self.service_id is None:
            raise OrderWrong("service_id", None, say("a {kind} is about a service", kind=word(self.kind)))
        if self.kind is OrderKind.NEW_LINE and self.service_id is not None and self.state is OrderState.SUBMITTED:
            raise OrderWrong("service_id", self.service_id, say("a new line's service is opened when it is confirmed"))

    @property
    def is_open(self) -> bool:
        """Whether it still means work."""
        return self.state in OPEN_STATES


def checked_reason(reason: str) -> str:
    """The reason without surrounding space; an empty one is refused, because somebody will have to explain it."""
    if not reason.strip():
        raise OrderWrong("reason", reason, say("say why, in words that the customer may read"))
    return reason.strip()
