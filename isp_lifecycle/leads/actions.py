"""Note a lead, follow it, bring it to its end, and forget the person in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.foundation.codes import next_code
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.leads import store
from isp_lifecycle.leads.errors import LeadClosed, LeadNowhere, LeadUnreachable
from isp_lifecycle.leads.model import (
    ADDRESS_LENGTH,
    ERASED,
    STEP_LENGTH,
    WISH_LENGTH,
    Lead,
    LeadState,
    Source,
    checked,
)

CODE_PREFIX = "L"


def note(
    *,
    tx: Tx,
    source: Source,
    contact: tuple[str, str, str],
    address: str,
    premises_id: UUID | None,
    wish: str,
    consent_how: str,
    by: str,
    at: datetime,
    keep_until: date,
    plan_code: str | None = None,
    owner: str | None = None,
    next_step: str = "",
    next_on: date | None = None,
) -> Lead:
    """Keep somebody who asked; ``contact`` is name, e-mail and telephone as checked; one of the last may be empty.

    Raises LeadUnreachable, LeadNowhere, LeadWrong.
    """
    name, email, phone = contact
    where = checked("address", address, ADDRESS_LENGTH)
    if not email and not phone:
        raise LeadUnreachable
    if not where:
        raise LeadNowhere
    lead = Lead(
        id=new_id(),
        code=next_code(tx=tx, sequence=store.LEAD_CODES, prefix=CODE_PREFIX),
        state=LeadState.OPEN,
        source=source,
        name=name,
        email=email,
        phone=phone,
        premises_id=premises_id,
        address=where,
        wish=checked("wish", wish, WISH_LENGTH),
        plan_code=plan_code,
        owner=owner,
        next_step=checked("next_step", next_step, STEP_LENGTH),
        next_on=next_on,
        consent_at=at,
        consent_how=consent_how,
        created_at=at,
        created_by=by,
        keep_until=keep_until,
    )
    store.insert(tx=tx, lead=lead)
    return lead


def lead_by_code(*, tx: Tx, code: str) -> Lead:
    """The lead with this code; raises NotFound."""
    return _found(code, store.lead_by_code(tx=tx, code=code))


def open_lead(*, tx: Tx, code: str) -> Lead:
    """The lead, held against others, while it is followed; raises NotFound and LeadClosed."""
    lead = _found(code, store.lead_by_code(tx=tx, code=code, lock=True))
    if lead.state is not LeadState.OPEN or lead.erased_at is not None:
        raise LeadClosed(code, "erased" if lead.erased_at else str(lead.state))
    return lead


def plan(*, tx: Tx, code: str, owner: str | None, next_step: str, next_on: date | None) -> Lead:
    """Say who does what next, and when; returns it as it was. Raises NotFound, LeadClosed, LeadWrong."""
    lead = open_lead(tx=tx, code=code)
    step = checked("next_step", next_step, STEP_LENGTH)
    store.change(tx=tx, lead_id=lead.id, values={"owner": owner, "next_step": step, "next_on": next_on})
    return lead


def place(*, tx: Tx, lead: Lead, premises_id: UUID, address: str) -> Lead:
    """Say at which premises the line is wanted."""
    store.change(tx=tx, lead_id=lead.id, values={"premises_id": premises_id, "address": address[:ADDRESS_LENGTH]})
    return replace(lead, premises_id=premises_id, address=address[:ADDRESS_LENGTH])


def ordered(*, tx: Tx, code: str, order_id: UUID, at: datetime) -> None:
    """Note the order that it became. Raises IllegalMove where it is over already."""
    store.close(tx=tx, code=code, to=LeadState.ORDERED, also={"order_id": order_id, "closed_at": at})


def lose(*, tx: Tx, code: str, reason: str, at: datetime) -> None:
    """Note that nothing came of it, and why. Raises IllegalMove where it is over already."""
    store.close(tx=tx, code=code, to=LeadState.LOST, also={"reason": reason, "closed_at": at})


def due(*, tx: Tx, today: date) -> Sequence[Lead]:
    """Leads whose owners are to be reminded of the next step, each once for each day that is set."""
    return store.due(tx=tx, today=today)


def served(*, tx: Tx, at: datetime) -> Sequence[Lead]:
    """Leads whose address can be served since a moment ago, each once."""
    return store.served(tx=tx, at=at)


def placeless(*, tx: Tx, limit: int = 500) -> Sequence[Lead]:
    """Leads that wait for their address to be on record."""
    return store.placeless(tx=tx, limit=limit)


def erase_old(*, tx: Tx, today: date, at: datetime) -> int:
    """Forget the people of leads that were kept long enough and became no order; returns how many."""
    old = sa.and_(store.leads.c.order_id.is_(None), store.leads.c.keep_until < today)
    return store.erase(tx=tx, condition=old, values=_nobody(), at=at)


def erase_person(*, tx: Tx, emails: Sequence[str], orders: Sequence[UUID], at: datetime) -> int:
    """Forget a person, at their request: leads with one of these e-mail addresses, or that became these orders."""
    theirs = sa.or_(
        sa.func.lower(store.leads.c.email).in_([one.lower() for one in emails if one]),
        store.leads.c.order_id.in_(list(orders)),
    )
    return store.erase(tx=tx, condition=theirs, values=_nobody(), at=at)


def _nobody() -> dict[str, object]:
    """What stands in place of a person; where and when somebody asked stays, for it tells where fibre is wanted."""
    return {
        **{"name": ERASED, "email": "", "phone": "", "wish": "", "next_step": ""},
        "address": sa.case((store.leads.c.premises_id.is_(None), ERASED), else_=store.leads.c.address),
        "reason": sa.case((store.leads.c.state == "lost", ERASED), else_=None),
    }


def _found(code: str, lead: Lead | None) -> Lead:
    if lead is None:
        raise NotFound("lead", code)
    return lead
