"""One lead with what a good salesperson would look up before they call: coverage, and who it may be already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from isp_lifecycle.access import actions as access
from isp_lifecycle.customers import actions as customers
from isp_lifecycle.customers.model import Customer, Premises
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.leads import actions as leads
from isp_lifecycle.leads.model import Lead
from isp_lifecycle.orders import actions as orders
from isp_lifecycle.views.duplicates import hints_of
from isp_lifecycle.views.window import Look, shows


@dataclass(frozen=True)
class LeadDetail:
    """One lead. ``can_order``: whether its address can be served and nobody is in the way; ``hints``: what to know."""

    code: str
    state: str
    source: str
    name: str
    email: str
    phone: str
    address: str
    premises_code: str | None
    wish: str
    plan_code: str | None
    owner: str | None
    owner_name: str
    next_step: str
    next_on: date | None
    consent_at: datetime
    consent_how: str
    created_at: datetime
    created_by: str
    keep_until: date
    closed_at: datetime | None
    reason: str | None
    order_code: str | None
    erased: bool
    can_order: bool
    hints: tuple[str, ...]


@shows("lead.read")
def lead(look: Look, *, lead_code: str) -> LeadDetail:
    """One lead by its code, with hints while it is followed; raises NotFound."""
    one = leads.lead_by_code(tx=look.tx, code=lead_code)
    premises = customers.premises_by_id(tx=look.tx, premises_id=one.premises_id) if one.premises_id else None
    owner = access.user_by_username(tx=look.tx, username=one.owner) if one.owner else None
    followed = one.closed_at is None and one.erased_at is None
    in_the_way = _in_the_way(look, premises) if followed else ()
    return LeadDetail(
        code=one.code,
        state=str(one.state),
        source=str(one.source),
        name=one.name,
        email=one.email,
        phone=one.phone,
        address=one.address,
        premises_code=premises.code if premises else None,
        wish=one.wish,
        plan_code=one.plan_code,
        owner=one.owner,
        owner_name=owner.name if owner else one.owner or say("nobody yet"),
        next_step=one.next_step,
        next_on=one.next_on,
        consent_at=one.consent_at,
        consent_how=one.consent_how,
        created_at=one.created_at,
        created_by=one.created_by,
        keep_until=one.keep_until,
        closed_at=one.closed_at,
        reason=one.reason,
        order_code=orders.order_by_id(tx=look.tx, order_id=one.order_id).code if one.order_id else None,
        erased=one.erased_at is not None,
        can_order=followed and premises is not None and not in_the_way,
        hints=(*(in_the_way or _free(look, premises)), *_known(look, one)) if followed else (),
    )


def _in_the_way(look: Look, premises: Premises | None) -> tuple[str, ...]:
    """Why no line can be ordered there now."""
    if premises is None:
        return (say("The address is not on record: choose the premises, or wait until it is."),)
    if not premises.serviceable:
        return (say("No splitter is recorded for this address: it cannot be served yet."),)
    if inventory.premises_in_use(tx=look.tx, premises_ids=[premises.id]):
        return (say("The address has a line already."),)
    other = orders.open_order_for(tx=look.tx, premises_id=premises.id)
    return (say("Order {code} is open for this address.", code=other.code),) if other else ()


def _free(look: Look, premises: Premises | None) -> tuple[str, ...]:
    if premises is None:
        return ()
    ports = inventory.splitter_ports(tx=look.tx, splitter_code=premises.splitter_code or "")
    return (
        say(
            "Can be served: splitter {splitter}, {free} of {size} ports free.",
            splitter=premises.splitter_code,
            free=len(ports.free),
            size=ports.size,
        ),
    )


_OTHERS = """
    SELECT code FROM leads WHERE id <> :id AND state = 'open' AND erased_at IS NULL
      AND (:email <> '' AND lower(email) = lower(:email) OR :phone <> '' AND phone = :phone
           OR premises_id = CAST(:premises AS uuid)) ORDER BY code LIMIT 3
"""


def _known(look: Look, one: Lead) -> tuple[str, ...]:
    """Whom they may be already: a customer, or another lead."""
    found: list[str] = []
    held = customers.customer_by_email(tx=look.tx, email=one.email) if one.email else None
    if held is not None:
        found.append(say("Is {name} ({code}): same e-mail address.", name=held.name, code=held.code))
    else:
        asker = Customer(
            id=one.id, code=one.code, name=one.name, email=one.email, phone=one.phone, created_at=one.created_at
        )
        found += hints_of(look.tx, asker, one.premises_id or one.id)
    values = {"id": one.id, "email": one.email, "phone": one.phone, "premises": one.premises_id}
    others = look.tx.execute(sa.text(_OTHERS), values).scalars().all()
    return (*found, *(say("{code} is open for the same person or place.", code=code) for code in others))


@dataclass(frozen=True)
class FollowerRow:
    """Somebody who can follow leads."""

    username: str
    name: str


@shows("lead.read")
def followers(look: Look) -> tuple[FollowerRow, ...]:
    """Who can follow leads, by name."""
    found = [u for u in access.all_users(tx=look.tx) if u.active and u.customer_id is None]
    can = [FollowerRow(u.username, u.name) for u in found if "lead.write" in u.permissions]
    return tuple(sorted(can, key=lambda one: one.name))
