"""The catalogue by people's hands: a new plan, a change from a day on, and the days of its sale (TMF620).

Orders and services keep the terms that they were agreed at; a bulk change moves those who should have the new ones.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from uuid import UUID

from isp_lifecycle.catalog import actions as catalog
from isp_lifecycle.catalog.errors import PlanWrong
from isp_lifecycle.catalog.model import Plan
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.foundation.terms import AddressPolicy, Ipv6Policy, OntMode
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.intake.door import Act, enters

#: A change may lie so far ahead.
FURTHEST = timedelta(days=2 * 366)
SHORTEST_REASON = 3


@enters("plan.write")
def new_plan(
    act: Act,
    *,
    code: str,
    name: str,
    down_kbps: int,
    up_kbps: int,
    price: str,
    address_policy: str,
    vlan: int,
    reason: str,
    sale_from: date | None = None,
    sale_until: date | None = None,
    ipv6_policy: str = "",
    ont: str = OntMode.BRIDGE,
    own_vlan: bool = False,
) -> str:
    """Put a plan into the catalogue; returns its code. ``price`` is a month's, in the company's currency.

    Raises PlanWrong, which names the field and what is allowed, PlanKnown, and Refused without a reason.
    """
    code = code.strip().lower()
    act.about("plan", code)
    why = _reason(reason)
    plan = Plan(
        id=new_id(),
        code=code,
        name=name.strip(),
        down_kbps=down_kbps,
        up_kbps=up_kbps,
        price=_money(act, code, price),
        address_policy=_word(AddressPolicy, code, "address_policy", address_policy),
        vlan=vlan,
        on_sale=True,
        ipv6_policy=_word(Ipv6Policy, code, "ipv6_policy", ipv6_policy) if ipv6_policy else None,
        ont=_word(OntMode, code, "ont", ont),
        own_vlan=own_vlan,
        sale_from=sale_from,
        sale_until=sale_until,
    )
    _in_time(act, code, "sale_from", sale_from)
    _in_time(act, code, "sale_until", sale_until)
    made = catalog.add_plan(plan, tx=act.tx, at=act.at, today=act.today, by=act.actor.username, reason=why)
    act.changed("Plan", "none", _said(made))
    return made.code


@enters("plan.write")
def change_plan(
    act: Act, *, code: str, valid_from: date, name: str, down_kbps: int, up_kbps: int, price: str, reason: str
) -> UUID:
    """Have a plan be otherwise from a day on, for whoever chooses it then; returns the key of that change.

    Raises NotFound, PlanWrong, VersionWrong (a day that is over or has a change already, nothing changed), Refused.
    """
    act.about("plan", code)
    why = _reason(reason)
    _in_time(act, code, "valid_from", valid_from)
    before = catalog.plan_by_code(tx=act.tx, code=code)
    version = catalog.change_plan(
        tx=act.tx,
        code=code,
        valid_from=valid_from,
        name=name,
        down_kbps=down_kbps,
        up_kbps=up_kbps,
        price=_money(act, code, price),
        at=act.at,
        today=act.today,
        by=act.actor.username,
        reason=why,
    )
    said = f"{version.name}, {version.down_kbps}/{version.up_kbps} kbit/s, {version.price} from {valid_from} on"
    act.changed("Plan", _said(before), said)
    return version.id


@enters("plan.write")
def take_back_change(act: Act, *, code: str, change: UUID, reason: str) -> None:
    """Take back a change of a plan that has not begun. Raises NotFound, and Refused without a reason."""
    act.about("plan", code)
    _reason(reason)
    catalog.take_back(tx=act.tx, code=code, version_id=change)
    act.changed("A change that lay ahead", str(change), "taken back")


@enters("plan.write")
def sell_plan(act: Act, *, code: str, sale_from: date | None, sale_until: date | None, reason: str) -> None:
    """From when until when a plan is sold, both days among them; one that was withdrawn is sold again.

    Raises NotFound, PlanWrong, and Refused without a reason.
    """
    act.about("plan", code)
    _reason(reason)
    _in_time(act, code, "sale_until", sale_until)
    before = catalog.plan_by_code(tx=act.tx, code=code)
    after = catalog.set_sale(tx=act.tx, code=code, sale_from=sale_from, sale_until=sale_until, today=act.today)
    act.changed("Sale", _days(before), _days(after))


@enters("plan.write")
def withdraw_plan(act: Act, *, code: str, reason: str) -> None:
    """Sell a plan no more, from now on; whoever has it keeps it. Raises NotFound, and Refused without a reason."""
    act.about("plan", code)
    _reason(reason)
    before = catalog.withdraw(tx=act.tx, code=code)
    act.changed("Sale", _days(before), "withdrawn")


@enters("schedule.run", by_the_clock=True)
def begin_plan_changes(act: Act) -> tuple[str, ...]:
    """Have plans be what they were to become by today, also those whose day was missed; returns their codes."""
    done = catalog.begin_due(tx=act.tx, today=act.today, at=act.at)
    for before, now in done:
        act.changed(before.code, _said(before), f"{now.name}, {now.down_kbps}/{now.up_kbps} kbit/s, {now.price}")
    return tuple(before.code for before, _now in done)


def _reason(text: str) -> str:
    if len(text.strip()) < SHORTEST_REASON:
        raise Refused(say("A plan is changed with a reason."), field="reason", remedy=say("Say why in a few words."))
    return text.strip()[:500]


def _money(act: Act, code: str, text: str) -> Money:
    try:
        amount = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        raise PlanWrong(code, "price", text[:40], say("an amount such as 29.90")) from None
    cents = re.split(r"[.,]", text.strip())[1:]  # of 1.000 nobody knows whether it is one or a thousand
    whole = amount.is_finite() and amount == amount.quantize(Decimal("0.01")) and all(len(one) <= 2 for one in cents)
    if not whole or amount >= 10**8:
        raise PlanWrong(code, "price", text[:40], say("an amount in whole cents, below 100 million"))
    return Money(amount, act.settings.company.currency)


def _word[W: StrEnum](words: type[W], code: str, field: str, text: str) -> W:
    try:
        return words(text)
    except ValueError:
        raise PlanWrong(code, field, text[:40], say("one of {known}", known=", ".join(words))) from None


def _in_time(act: Act, code: str, field: str, day: date | None) -> None:
    if day is not None and day > act.today + FURTHEST:
        raise PlanWrong(code, field, str(day), say("{day} at the latest", day=act.today + FURTHEST))


def _said(plan: Plan) -> str:
    return f"{plan.name}, {plan.down_kbps}/{plan.up_kbps} kbit/s, {plan.price}"


def _days(plan: Plan) -> str:
    if not plan.on_sale:
        return "withdrawn"
    return f"from {plan.sale_from or 'the first day'} until {plan.sale_until or 'further notice'}"
