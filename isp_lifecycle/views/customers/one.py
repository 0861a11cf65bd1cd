"""One customer: who, where served, what was ordered, charged, written and said; each part only for who may read it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.customers import actions as known
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.views.common import ADDRESS
from isp_lifecycle.views.window import Look, shows

#: So many of what one customer has of a kind are listed.
OF_EACH = 30


@dataclass(frozen=True)
class Held:
    """Something that a customer has: its code, what it is, its state, and when it came."""

    code: str
    what: str
    says: str
    state: str
    at: datetime


@dataclass(frozen=True)
class MoneyRow:
    """What was charged and credited in a currency, in all, and how many charges that are."""

    charged: Money
    credited: Money
    charges: int


@dataclass(frozen=True)
class NoteRow:
    """A note of the staff."""

    id: UUID
    at: datetime
    author: str
    text: str
    pinned: bool
    erased: bool


@dataclass(frozen=True)
class CustomerDetail:
    """Everything about one customer; a part that whoever looks may not read is None."""

    code: str
    name: str
    email: str
    phone: str
    created_at: datetime
    portal: str
    language: str
    services: tuple[Held, ...] | None = None
    orders: tuple[Held, ...] | None = None
    tickets: tuple[Held, ...] | None = None
    incidents: tuple[Held, ...] | None = None
    letters: tuple[Held, ...] | None = None
    money: tuple[MoneyRow, ...] | None = None
    notes: tuple[NoteRow, ...] = field(default=())


_SERVICES = f"""
    SELECT s.code, {ADDRESS} AS what, s.terms->>'plan_name' AS says, s.state, s.opened_at AS at FROM services s
    JOIN premises p ON p.id = s.premises_id WHERE s.customer_id = :id
    ORDER BY s.state = 'terminated', s.opened_at DESC LIMIT :many
"""
_ORDERS = f"""
    SELECT o.code, o.kind AS what, {ADDRESS} AS says, o.state, o.submitted_at AS at FROM orders o
    JOIN premises p ON p.id = o.premises_id WHERE o.customer_id = :id ORDER BY o.submitted_at DESC LIMIT :many
"""
_TICKETS = """
    SELECT t.code, t.subject AS what, coalesce(t.assignee, '') AS says, t.state, t.opened_at AS at FROM tickets t
    WHERE t.customer_id = :id OR t.service_id IN (SELECT s.id FROM services s WHERE s.customer_id = :id)
    ORDER BY t.state IN ('resolved', 'closed', 'duplicate'), t.opened_at DESC LIMIT :many
"""
_INCIDENTS = """
    SELECT i.delivery_id::text AS code, i.step AS what, i.what AS says, 'failed' AS state, i.opened_at AS at
    FROM incidents i WHERE i.closed_at IS NULL AND i.service_id IN (SELECT s.id FROM services s WHERE s.customer_id = :id)
    ORDER BY i.opened_at DESC LIMIT :many
"""  # noqa: E501
_LETTERS = """
    SELECT '' AS code, m.subject AS what, m."to" AS says,
           CASE WHEN m.sent_at IS NULL THEN 'waiting to be sent' ELSE 'sent' END AS state,
           coalesce(m.sent_at, m.created_at) AS at
    FROM emails m WHERE m."to" = :email ORDER BY m.created_at DESC LIMIT :many
"""
_MONEY = """
    SELECT amount_currency AS currency, coalesce(sum(amount) FILTER (WHERE amount > 0), 0) AS charged,
           coalesce(-sum(amount) FILTER (WHERE amount < 0), 0) AS credited, count(*) AS charges
    FROM charges WHERE customer_id = :id GROUP BY amount_currency ORDER BY amount_currency
"""
_ACCOUNT = "SELECT username, active, password_hash IS NOT NULL AS chosen FROM users WHERE customer_id = :id LIMIT 1"


@shows("order.read", "service.read")
def customer(look: Look, *, customer_code: str) -> CustomerDetail:
    """One customer with what they have, the newest first; raises NotFound."""
    one = known.customer_by_code(tx=look.tx, code=customer_code)
    may, values = look.actor.may, {"id": one.id, "email": one.email, "many": OF_EACH}

    def held(permission: str, statement: str) -> tuple[Held, ...] | None:
        if not may(permission):
            return None
        return tuple(Held(*row) for row in look.tx.execute(sa.text(statement), _asked(statement, values)))

    return CustomerDetail(
        code=one.code,
        name=one.name,
        email=one.email,
        phone=one.phone,
        created_at=one.created_at,
        portal=_portal(look, one.id),
        language=one.language,
        services=held("service.read", _SERVICES),
        orders=held("order.read", _ORDERS),
        tickets=held("ticket.read", _TICKETS),
        incidents=held("incident.read", _INCIDENTS),
        letters=held("mail.read", _LETTERS),
        money=_money(look, one.id) if may("order.read") else None,
        notes=tuple(
            NoteRow(n.id, n.at, n.author, n.text, n.pinned, n.erased_at is not None)
            for n in known.notes_of(tx=look.tx, customer_id=one.id)
        ),
    )


def _asked(statement: str, values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if f":{name}" in statement}


def _portal(look: Look, customer_id: UUID) -> str:
    """Whether they can sign in at the portal."""
    row = look.tx.execute(sa.text(_ACCOUNT), {"id": customer_id}).first()
    if row is None:
        return say("has no account")
    if not row.active:
        return say("account closed")
    return (
        say("signs in as {username}", username=row.username)
        if row.chosen
        else say("invited as {username}, no password chosen yet", username=row.username)
    )


def _money(look: Look, customer_id: UUID) -> tuple[MoneyRow, ...]:
    return tuple(
        MoneyRow(Money(Decimal(r.charged), r.currency), Money(Decimal(r.credited), r.currency), r.charges)
        for r in look.tx.execute(sa.text(_MONEY), {"id": customer_id})
    )
