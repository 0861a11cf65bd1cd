"""Keep the audit trail: chain its lines, and erase a person from it at their request."""

from __future__ import annotations

import sqlalchemy as sa

from isp_lifecycle.customers import actions as customers
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.trail import actions as trail


@enters("schedule.run", by_the_clock=True)
def seal(act: Act) -> None:
    """Chain every line that has no link yet. That it was done is told by the signed head, not by yet another line."""
    while trail.seal(tx=act.tx, key=trail.key_of(act.settings), at=act.at) is not None:
        continue


@enters("audit.erase")
def erase(act: Act, *, customer_code: str, reason: str) -> int:
    """Erase a customer's name, e-mail, telephone and accounts from the trail; returns from how many lines.

    What was done, when and by which role stays, and so does the chain. Raises NotFound, and Refused without a reason.
    """
    if not reason.strip():
        raise Refused("A reason is needed.", field="reason", value="", remedy="Say who asked for it, and when.")
    customer = customers.customer_by_code(tx=act.tx, code=customer_code)
    act.about("customer", customer.code)
    accounts = act.tx.execute(
        sa.text("SELECT username, email FROM users WHERE customer_id = :c"), {"c": customer.id}
    ).all()
    names = [customer.name, customer.email or "", customer.phone or ""]
    names += [name or "" for account in accounts for name in account]
    return trail.erase(tx=act.tx, names=names, at=act.at)
