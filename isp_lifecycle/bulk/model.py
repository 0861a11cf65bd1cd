"""A change of many services and its items; and, for one service, what stands in the way of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from isp_lifecycle.foundation.states import Moves
from isp_lifecycle.foundation.terms import Terms
from isp_lifecycle.foundation.texts import say

#: The priority of what a change of many services does: a single customer's own change (5) overtakes it.
PRIORITY = 7
#: A file with more rows than this that are no services is no file of services.
BAD_ROWS = 500


class BulkState(StrEnum):
    """Where a change of many services stands. How far its items are is counted, never stored."""

    PROPOSED = "proposed"  #: It was prepared and can be looked at; nothing else has changed.
    APPROVED = "approved"  #: A second person agreed; its orders are being written.
    WRITTEN = "written"  #: Every item is an order, which happens on its day.
    STOPPED = "stopped"  #: Given up: what had not begun is taken back, what was done stays.
    REJECTED = "rejected"  #: The second person, or who prepared it, said no.


_B = BulkState
BULK_MOVES = Moves(
    what="Bulk change",
    start=_B.PROPOSED,
    table={
        _B.PROPOSED: frozenset({_B.APPROVED, _B.REJECTED}),
        _B.APPROVED: frozenset({_B.WRITTEN, _B.STOPPED}),
        _B.WRITTEN: frozenset({_B.STOPPED}),
    },
)


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which services: all that fit every part that is given. ``file`` names where ``codes`` came from."""

    plan_code: str | None = None
    area: str | None = None
    olt: str | None = None
    file: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The form that is stored."""
        return asdict(self)

    def words(self) -> str:
        """The selection as people read it."""
        named = {"on plan": self.plan_code, "in": self.area, "at": self.olt, "named in": self.file}
        return ", ".join(f"{name} {value}" for name, value in named.items() if value)


@dataclass(frozen=True)
class BadRow:
    """A row of a file that is no service, and why."""

    line: int
    text: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Bulk:
    """A change of many services. ``wanted_on`` is a day on the provider's calendar, ``terms`` what all get."""

    id: UUID
    code: str
    kind: str
    state: BulkState
    selection: Selection
    terms: Terms
    wanted_on: date
    priority: int
    reason: str
    bad_rows: tuple[BadRow, ...]
    asked_by: str
    asked_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    outcome: str | None = None


@dataclass(frozen=True, kw_only=True)
class Item:
    """One service of it. With a ``conflict`` it is left out; ``order_id`` is set when its order was written."""

    bulk_id: UUID
    number: int
    service_id: UUID
    service_code: str
    customer_id: UUID
    premises_id: UUID
    olt: str | None
    old_plan_code: str
    old_plan_name: str
    old_price: Decimal
    conflict: str | None
    order_id: UUID | None = None
    delivery_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a service stands at an instant: what decides whether its plan can be changed on a day.

    ``changing`` is the code of an open plan change, ``ends_on`` the last day of a service that is to end.
    """

    state: str
    terms: Terms
    olt: str | None
    changing: str | None = None
    ends_on: date | None = None


def conflict(standing: Standing, *, terms: Terms, wanted_on: date, from_plan: str | None) -> str | None:
    """Why a service cannot go to these terms on that day; None when it can. The first reason counts."""
    now = standing.terms
    found: tuple[tuple[bool, str], ...] = (
        (standing.state == "suspended", say("is suspended")),
        (standing.state != "active", f"is {standing.state}"),
        (_same_deal(now, terms), say("is on that plan already")),
        (
            from_plan is not None and now.plan_code != from_plan,
            say("is on {plan}, not on {wanted}", plan=now.plan_name, wanted=from_plan),
        ),
        (standing.changing is not None, say("has a plan change already: {order}", order=standing.changing)),
        (_ends_before(standing.ends_on, wanted_on), say("ends on {day}", day=standing.ends_on)),
        (
            now.address_policy is not terms.address_policy,
            say("has a {policy} address", policy=now.address_policy),
        ),
        (now.price.currency != terms.price.currency, say("is charged in {currency}", currency=now.price.currency)),
        (standing.olt is None, say("has no line on record")),
    )
    return next((why for applies, why in found if applies), None)


def _same_deal(now: Terms, terms: Terms) -> bool:
    """Of one plan at its rates and price of today; who has it as it was before may be moved to what it is."""
    rates = (now.down_kbps, now.up_kbps) == (terms.down_kbps, terms.up_kbps)
    return now.plan_code == terms.plan_code and rates and now.price == terms.price


def _ends_before(ends_on: date | None, wanted_on: date) -> bool:
    return ends_on is not None and ends_on < wanted_on


def selection_of(document: Mapping[str, Any]) -> Selection:
    """Read the stored form."""
    return Selection(**document)
