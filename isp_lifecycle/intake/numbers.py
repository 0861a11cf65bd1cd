"""Numbers held for an order before it is confirmed; what comparisons of numbers found; NetBox by the schedule."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from isp_lifecycle.customers import actions as customers
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.terms import Policy
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.words import word
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.notices import actions as notices
from isp_lifecycle.notices.model import Level
from isp_lifecycle.orders import actions as orders
from isp_lifecycle.orders.model import Order, OrderKind, OrderState

#: Who decides on orders, and who knows the numbers.
_MAY = ("order.confirm", "service.change_address")


@enters(*_MAY)
def hold_for_order(act: Act, *, order_code: str, until: datetime) -> tuple[str, ...]:
    """Hold the numbers of a new line's terms until then, before anybody confirmed it; again: until another instant.

    Confirming takes them, a rejection gives them back, and so does the schedule when the time has come. Returns what
    is held. Raises PoolEmpty and Refused.
    """
    order = orders.order_by_code(tx=act.tx, code=order_code)
    act.about("order", order.code)
    _can_be_held(act, order, until)
    area = customers.premises_by_id(tx=act.tx, premises_id=order.premises_id).area
    terms = order.terms
    policies: list[Policy] = [terms.address_policy, *([terms.ipv6_policy] if terms.ipv6_policy else [])]
    held = [ipam.hold(tx=act.tx, holder=order.id, policy=p, area=area, at=act.at, until=until) for p in policies]
    return tuple(one.shown for one in held)


def _can_be_held(act: Act, order: Order, until: datetime) -> None:
    if order.kind is not OrderKind.NEW_LINE or order.state is not OrderState.SUBMITTED:
        raise Refused(
            say(
                "Order {code} is {state}, a {kind}.",
                code=order.code,
                state=word(order.state),
                kind=word(order.kind),
            ),
            field="order",
            value=order.code,
            remedy=say("Numbers are held for a new line that is not confirmed yet; later its activation has them."),
        )
    longest = timedelta(days=act.settings.network.longest_hold_days)
    if not act.at < until <= act.at + longest:
        raise Refused(
            say("Numbers cannot be held until {until:%Y-%m-%d %H:%M} UTC.", until=until),
            field="until",
            value=until.isoformat(),
            remedy=say("Choose an instant from now on, and at most {days} days away.", days=longest.days),
        )


@enters(*_MAY)
def let_go_for_order(act: Act, *, order_code: str) -> tuple[str, ...]:
    """Give back at once what is held for an order; returns what that was."""
    order = orders.order_by_code(tx=act.tx, code=order_code)
    act.about("order", order.code)
    return tuple(one.shown for one in ipam.let_go(tx=act.tx, holder=order.id, at=act.at))


@enters("schedule.run", by_the_clock=True)
def end_holds(act: Act) -> tuple[str, ...]:
    """Give back what was held and nobody took in time; returns what, and for which order, as the audit keeps it."""
    ended = ipam.end_holds(tx=act.tx, at=act.at)
    codes = {
        row.id: row.code
        for row in act.tx.execute(
            sa.text("SELECT id, code FROM orders WHERE id = ANY(:ids)"), {"ids": [one.owner for one in ended]}
        )
    }
    return tuple(f"{codes.get(one.owner, one.owner)} {one.prefix}" for one in ended)


@enters("network.read_live", "audit.run")
def note_conflicts(act: Act, *, found: Any, with_devices: bool) -> None:
    """Note what a comparison of numbers found, and tell the network's people when it found something.

    ``found`` is the report of `views.audit.whole.conflicts`: views and intake do not know each other.
    """
    report = asdict(found)
    report = {name: report[name] for name in ("findings", "not_looked_at", "looked_at", "notes", "seconds")}
    conflicts, missed = len(found.findings), len(found.not_looked_at)
    act.about("numbers", f"{conflicts} conflicts, {missed} not looked at")
    check = ipam.note_check(
        tx=act.tx,
        at=act.at,
        by=act.actor.username,
        with_devices=with_devices,
        conflicts=conflicts,
        missed=missed,
        report=report,
    )
    if conflicts or missed:
        said = f"{conflicts} {'number is' if conflicts == 1 else 'numbers are'} in use otherwise than on record"
        notices.notify(
            tx=act.tx,
            key=f"numbers:{check.id}",
            text=f"{said}; {missed} parts could not be looked at." if missed else f"{said}.",
            link="/numbers",
            level=Level.WARNING,
            at=act.at,
            role="network",
        )


@enters("netbox.export")
def note_netbox(act: Act, *, text: str, well: bool) -> None:
    """Note how the schedule's exchange with NetBox went, and tell the network's people when it did not go well."""
    act.about("NetBox", text)
    if not well:
        notices.notify(
            tx=act.tx,
            key=f"netbox:{act.at.date()}",
            text=text,
            link="/numbers",
            level=Level.WARNING,
            at=act.at,
            role="network",
        )
