"""Keep the audit trail: chain its lines, and erase a person from it at their request."""

from __future__ import annotations

import sqlalchemy as sa

from isp_lifecycle.customers import actions as customers
from isp_lifecycle.customers import documents
from isp_lifecycle.field import actions as field
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.leads import actions as leads
from isp_lifecycle.trail import actions as trail


@enters("schedule.run", by_the_clock=True)
def seal(act: Act) -> None:
    """Chain every line that has no link yet. That it was done is told by the signed head, not by yet another line."""
    while trail.seal(tx=act.tx, key=trail.key_of(act.settings), at=act.at) is not None:
        continue


@enters("audit.erase", proof=True)
def erase(act: Act, *, customer_code: str, reason: str) -> int:
    """Erase a customer's name, e-mail, telephone and accounts from the trail; returns from how many lines.

    What was done, when and by which role stays, and so does the chain. What engineers kept of visits to them, photos
    and signatures as well, is removed, and so are their documents, what the staff wrote about them in notes, and who
    they were in leads. Raises NotFound, and Refused without a reason.
    """
    if not reason.strip():
        raise Refused(
            say("A reason is needed."), field="reason", value="", remedy=say("Say who asked for it, and when.")
        )
    customer = customers.customer_by_code(tx=act.tx, code=customer_code)
    act.about("customer", customer.code)
    accounts = act.tx.execute(
        sa.text("SELECT username, email FROM users WHERE customer_id = :c"), {"c": customer.id}
    ).all()
    names = [customer.name, customer.email or "", customer.phone or ""]
    names += [name or "" for account in accounts for name in account]
    theirs = act.tx.execute(sa.text("SELECT id FROM orders WHERE customer_id = :c"), {"c": customer.id}).scalars().all()
    act.changed("Photos, signatures and notes of visits", field.erase_entries(tx=act.tx, order_ids=theirs), 0)
    act.changed("Notes about them", customers.erase_notes(tx=act.tx, customer_id=customer.id, at=act.at), 0)
    gone = documents.erase_documents(tx=act.tx, customer_id=customer.id, by=act.actor.username, at=act.at)
    act.changed("Documents of theirs", gone, 0)
    emails = [customer.email, *(account.email or "" for account in accounts)]
    act.changed("Leads of theirs", leads.erase_person(tx=act.tx, emails=emails, orders=theirs, at=act.at), 0)
    return trail.erase(tx=act.tx, names=names, at=act.at)
