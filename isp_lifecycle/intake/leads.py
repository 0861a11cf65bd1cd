"""Who asked for a line before there is an order: noted, followed, ordered or lost, and forgotten in time (TMF699)."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa

from isp_lifecycle.access import actions as access
from isp_lifecycle.access.model import require
from isp_lifecycle.customers import actions as customers
from isp_lifecycle.customers.model import checked_email, checked_name, checked_phone
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.pages import Thing, page_of
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.intake.errors import ConsentMissing
from isp_lifecycle.intake.once import Placed
from isp_lifecycle.intake.portal import check_date, submit_new_line
from isp_lifecycle.leads import actions as leads
from isp_lifecycle.leads.model import Lead, Source
from isp_lifecycle.notices import actions as notices
from isp_lifecycle.notices.model import Level
from isp_lifecycle.orders.model import Channel

#: Name, e-mail and telephone; one of the last two may be empty.
Contact = tuple[str, str, str]


@enters("partner.order", "order.place")
def leave_lead(act: Act, *, contact: Contact, written: str, premises_code: str = "", wish: str, consent: bool) -> str:
    """Keep a visitor, or whom a partner sends, whose address is not served, so that they hear when it is.

    Returns the lead's code. ``written`` is the address as they say it; of the person the audit tells nothing, so
    that they can be forgotten.
    """
    source, how = Source.PORTAL, say("by the form of the portal")
    if act.actor.partner is not None:
        source, how = Source.PARTNER, say("told by the partner {partner}", partner=act.actor.partner)
    elif act.actor.may("lead.write"):
        source, how = Source.OTHER, say("told by {name}", name=act.actor.name)
    return _noted(act, source, contact, written, premises_code, wish, consent, how=how).code


@enters("lead.write")
def take_lead(
    act: Act,
    *,
    contact: Contact,
    written: str,
    premises_code: str = "",
    wish: str = "",
    source: str = "call",
    consent: bool,
    plan_code: str = "",
    next_step: str = "",
    next_on: date | None = None,
) -> str:
    """Note somebody who asked; whoever notes it follows it. Returns the lead's code."""
    check_date(act, next_on)
    lead = _noted(
        act,
        _source(source),
        contact,
        written,
        premises_code,
        wish,
        consent,
        how=say("told to {name}", name=act.actor.name),
        owner=act.actor.username,
        plan_code=plan_code or None,
        next_step=next_step,
        next_on=next_on,
    )
    return lead.code


def _noted(
    act: Act,
    source: Source,
    contact: Contact,
    address: str,
    premises_code: str,
    wish: str,
    consent: bool,
    *,
    how: str,
    owner: str | None = None,
    plan_code: str | None = None,
    next_step: str = "",
    next_on: date | None = None,
) -> Lead:
    if not consent:
        raise ConsentMissing
    name, email, phone = contact
    premises = customers.premises_by_code(tx=act.tx, code=premises_code) if premises_code else None
    lead = leads.note(
        tx=act.tx,
        source=source,
        contact=(
            checked_name(name),
            checked_email(email) if email.strip() else "",
            checked_phone(phone) if phone.strip() else "",
        ),
        address=premises.address if premises else address,
        premises_id=premises.id if premises else None,
        wish=wish,
        plan_code=plan_code,
        owner=owner,
        next_step=next_step,
        next_on=next_on,
        consent_how=how,
        by=act.actor.username or say("a visitor"),
        at=act.at,
        keep_until=act.today + timedelta(days=act.settings.desk.lead_days),
    )
    act.about("lead", lead.code)
    return lead


def _source(word: str) -> Source:
    try:
        return Source(word)
    except ValueError:
        known = ", ".join(one for one in Source if one is not Source.PORTAL)
        raise Refused(
            say("{word} is no source.", word=word),
            field="source",
            value=word,
            remedy=say("Choose from: {known}.", known=known),
        ) from None


@enters("lead.write")
def plan_lead(act: Act, *, lead_code: str, owner: str, next_step: str, next_on: date | None) -> None:
    """Say who follows a lead (empty: nobody yet), what they do next, and on which day."""
    check_date(act, next_on)
    user = access.user_by_username(tx=act.tx, username=owner) if owner else None
    if owner and (user is None or not user.active or "lead.write" not in user.permissions):
        raise Refused(
            say("{owner} follows no leads.", owner=owner),
            field="owner",
            value=owner,
            remedy=say("Choose one of the sales desk."),
        )
    before = leads.plan(tx=act.tx, code=lead_code, owner=owner or None, next_step=next_step, next_on=next_on)
    act.about("lead", lead_code)
    act.changed("Followed by", before.owner or "nobody", owner or "nobody")
    act.changed("Next step on", str(before.next_on or "no day"), str(next_on or "no day"))
    if owner and owner not in (before.owner, act.actor.username):
        key = f"lead:{before.id}:{owner}:{act.at.isoformat()}"
        _tell(
            act,
            before,
            key,
            say("{name} gave you {code}.", name=act.actor.name, code=lead_code),
            Level.INFO,
            username=owner,
        )


@enters("lead.write")
def place_lead(act: Act, *, lead_code: str, premises_code: str) -> None:
    """Say at which premises on record the line is wanted."""
    lead = leads.open_lead(tx=act.tx, code=lead_code)
    premises = customers.premises_by_code(tx=act.tx, code=premises_code)
    leads.place(tx=act.tx, lead=lead, premises_id=premises.id, address=premises.address)
    act.about("lead", lead_code)
    act.changed("Premises", "none" if lead.premises_id is None else "another", premises.code)


@enters("lead.write")
def order_lead(
    act: Act, *, lead_code: str, plan_code: str, contact: Contact | None = None, wanted_on: date | None = None
) -> Placed:
    """Make a lead an order, with what is known of it; ``contact`` where that is known better by now.

    Refused as any application is: without a premises that can be served, an e-mail address, a plan on sale.
    """
    require(act.actor, "order.place")
    lead = leads.open_lead(tx=act.tx, code=lead_code)
    if lead.premises_id is None:
        raise Refused(
            say("No premises is known for {address}.", address=lead.address),
            field="address",
            value=lead.address,
            remedy=say("Choose the premises of the lead first."),
        )
    premises = customers.premises_by_id(tx=act.tx, premises_id=lead.premises_id)
    order = submit_new_line(
        act,
        premises_code=premises.code,
        plan_code=plan_code,
        contact=contact or (lead.name, lead.email, lead.phone),
        channel=Channel.STAFF,
        wanted_on=wanted_on,
        note=lead.wish,
    )
    leads.ordered(tx=act.tx, code=lead.code, order_id=order.id, at=act.at)
    act.about("lead", lead.code)
    act.changed("Order", "none", order.code)
    return Placed(order.code, order.id)


@enters("lead.write")
def lose_lead(act: Act, *, lead_code: str, reason: str) -> None:
    """Say that nothing comes of a lead, and why."""
    if not reason.strip():
        raise Refused(
            say("A reason is needed."), field="reason", remedy=say("Say in a few words why nothing came of it.")
        )
    leads.open_lead(tx=act.tx, code=lead_code)
    leads.lose(tx=act.tx, code=lead_code, reason=reason.strip()[:500], at=act.at)
    act.about("lead", lead_code)


#: What visitors left that the desk was not told of.
_NEW = """
    SELECT l.code FROM leads l
    WHERE l.source IN ('portal', 'partner') AND l.owner IS NULL AND l.state = 'open' AND l.created_at > :since
      AND NOT EXISTS (SELECT FROM notifications n WHERE n.key = concat('lead:', l.id, '\\:new')) LIMIT 200
"""


@enters("schedule.run", by_the_clock=True)
def follow_leads(act: Act) -> int:
    """Remind owners of next steps, tell the desk of new leads and of addresses that can be served now, and forget.

    Each is told once. Returns to how many leads something was done.
    """
    due = leads.due(tx=act.tx, today=act.today)
    for lead in due:
        key, said = (
            f"lead:{lead.id}:{lead.next_on}",
            say("{code}: {step} is due.", code=lead.code, step=lead.next_step or say("the next step")),
        )
        _tell(act, lead, key, said, Level.INFO, username=lead.owner)
    served = leads.served(tx=act.tx, at=act.at)
    for lead in served:
        said = say("{code} waits for a line at {address}: it can be served now.", code=lead.code, address=lead.address)
        _tell(act, lead, f"lead:{lead.id}:served", said, Level.INFO, role="sales")
    new = act.tx.execute(sa.text(_NEW), {"since": act.at - timedelta(days=1)}).scalars().all()
    for lead in (leads.lead_by_code(tx=act.tx, code=code) for code in new):
        said = say("{code}: somebody asks for a line at {address}.", code=lead.code, address=lead.address)
        _tell(act, lead, f"lead:{lead.id}:new", said, Level.INFO, role="sales")
    return len(due) + len(served) + len(new) + leads.erase_old(tx=act.tx, today=act.today, at=act.at)


@enters("schedule.run", by_the_clock=True)
def place_leads(act: Act) -> int:
    """Find the premises of leads whose address was not on record when they asked; returns of how many.

    An address counts where exactly one premises is found and every word that was typed stands in it, so that nobody
    is promised the neighbour's line.
    """
    placed = 0
    for lead in leads.placeless(tx=act.tx):
        found = customers.search_premises(tx=act.tx, text=lead.address, limit=2)
        if len(found) == 1 and customers.same_place(tx=act.tx, text=lead.address, premises=found[0]):
            leads.place(tx=act.tx, lead=lead, premises_id=found[0].id, address=found[0].address)
            placed += 1
    return placed


def _tell(
    act: Act, lead: Lead, key: str, text: str, level: Level, *, username: str | None = None, role: str | None = None
) -> None:
    link = page_of(Thing.LEAD, lead.code)
    notices.notify(tx=act.tx, key=key, text=text, link=link, level=level, at=act.at, username=username, role=role)
