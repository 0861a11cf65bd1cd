"""Billing's reactions: charging starts, changes and stops with the line, once, whatever is repeated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from isp_lifecycle.billing import actions as billing
from isp_lifecycle.billing.model import Charge, settled_from
from isp_lifecycle.events.vocabulary import LineActivated, LineResumed, LineSuspended, LineTerminated, PlanChanged
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.foundation.terms import Terms
from isp_lifecycle.foundation.texts import one_after_other, say
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.orders import actions as orders
from isp_lifecycle.workflows.steps import DatabaseStep, Did, Room, Workflow


@dataclass(frozen=True, kw_only=True)
class ChargeCase:
    """Whose charges change, by what terms, from which day. ``old_*`` is set by a plan change only.

    ``was_shut`` tells of an end that the service was suspended before it: nothing is left to give back then.
    """

    order_id: UUID
    customer_id: UUID
    service_id: UUID
    service_code: str
    terms: Terms
    on: date
    old_name: str = ""
    old_price: Money | None = None
    was_shut: bool = False


type _Charged = LineActivated | PlanChanged | LineTerminated | LineSuspended | LineResumed


def _change_case(event: PlanChanged, room: Room) -> ChargeCase:
    """A change of price counts from the agreed day or from the day on which it was made, as `settled_from` says."""
    case = _case(event, room, event.changed_on)
    agreed = orders.order_by_id(tx=room.tx, order_id=event.order_id).wanted_on
    old = case.old_price or case.terms.price
    return replace(case, on=settled_from(agreed=agreed, happened=case.on, old=old, new=case.terms.price))


def _pause_case(event: LineSuspended, room: Room) -> ChargeCase:
    """A line that was to be shut is not charged from the agreed day on, however late it was shut."""
    case = _case(event, room, event.suspended_on)
    agreed = orders.order_by_id(tx=room.tx, order_id=event.order_id).wanted_on
    return case if agreed is None else replace(case, on=min(agreed, case.on))


def _case(event: _Charged, room: Room, on: date) -> ChargeCase:
    service = inventory.service_by_id(tx=room.tx, service_id=event.service_id)
    order = orders.order_by_id(tx=room.tx, order_id=event.order_id)
    return ChargeCase(
        order_id=event.order_id,
        customer_id=event.customer_id,
        service_id=event.service_id,
        service_code=service.code,
        # An order keeps the terms of the day on which it was asked; a change of plan may have come since.
        terms=service.terms if isinstance(event, LineTerminated | LineSuspended | LineResumed) else order.terms,
        on=on,
        old_name=event.old_plan_name if isinstance(event, PlanChanged) else "",
        old_price=Money(Decimal(event.old_price), event.currency) if isinstance(event, PlanChanged) else None,
        was_shut=isinstance(event, LineTerminated) and service.suspended_on is not None,
    )


def start(case: ChargeCase, room: Room) -> Did[ChargeCase]:
    """Charge the rest of the first month by days."""
    charge = billing.start_charging(
        tx=room.tx,
        customer_id=case.customer_id,
        service_id=case.service_id,
        plan_name=case.terms.plan_name,
        price=case.terms.price,
        on=case.on,
        at=room.at,
    )
    return Did(
        case,
        say(
            "{amount} for {first:%d %b} to {last:%d %b %Y}.",
            amount=charge.amount,
            first=charge.period.first,
            last=charge.period.last,
        ),
    )


def _each(charges: Iterable[Charge]) -> str:
    """Charges and credits, one after the other."""
    return "; ".join(f"{one.description} {one.amount}" for one in charges)


def take_first_charge_back(case: ChargeCase, room: Room) -> Did[ChargeCase]:
    """Credit the first charge."""
    reversed_ = billing.reverse(tx=room.tx, source_prefix=f"activation:{case.service_id}", at=room.at)
    return Did(
        case,
        one_after_other(*(say("{amount} credited", amount=c.amount) for c in reversed_), between="; ")
        or say("Nothing was charged."),
    )


def change(case: ChargeCase, room: Room) -> Did[ChargeCase]:
    """Credit the rest of the month at the old price and charge it at the new one."""
    charges = billing.change_charging(
        tx=room.tx,
        customer_id=case.customer_id,
        service_id=case.service_id,
        order_id=case.order_id,
        old_plan=case.old_name,
        old_price=case.old_price or case.terms.price,
        new_plan=case.terms.plan_name,
        new_price=case.terms.price,
        on=case.on,
        at=room.at,
    )
    return Did(case, _each(charges) or say("The price does not change."))


def take_change_back(case: ChargeCase, room: Room) -> Did[ChargeCase]:
    """Reverse what the change charged and credited."""
    reversed_ = billing.reverse(tx=room.tx, source_prefix=f"change:{case.order_id}", at=room.at)
    return Did(case, say("{number} charges reversed.", number=len(reversed_)))


def stop(case: ChargeCase, room: Room) -> Did[ChargeCase]:
    """Credit the days that were charged beyond the end; of a suspended line they are credited already."""
    if case.was_shut:
        return Did(case, say("The line was suspended: the days since then are not charged."))
    charges = billing.stop_charging(
        tx=room.tx,
        customer_id=case.customer_id,
        service_id=case.service_id,
        plan_name=case.terms.plan_name,
        price=case.terms.price,
        on=case.on,
        at=room.at,
    )
    return Did(case, _each(charges) or say("Nothing is left to charge or credit."))


def take_stop_back(case: ChargeCase, room: Room) -> Did[ChargeCase]:
    """Reverse the final credits."""
    reversed_ = billing.reverse(tx=room.tx, source_prefix=f"termination:{case.service_id}", at=room.at)
    return Did(case, say("{number} charges reversed.", number=len(reversed_)))


def pause(case: ChargeCase, room: Room) -> Did[ChargeCase]:
    """Credit the days from the suspension on that were charged ahead."""
    charges = billing.pause_charging(
        tx=room.tx,
        customer_id=case.customer_id,
        service_id=case.service_id,
        order_id=case.order_id,
        plan_name=case.terms.plan_name,
        price=case.terms.price,
        on=case.on,
        at=room.at,
    )
    return Did(case, _each(charges) or say("Nothing was charged ahead."))


def take_pause_back(case: ChargeCase, room: Room) -> Did[ChargeCase]:
    """Reverse the credits of the suspension."""
    reversed_ = billing.reverse(tx=room.tx, source_prefix=f"suspension:{case.order_id}", at=room.at)
    return Did(case, say("{number} charges reversed.", number=len(reversed_)))


def resume(case: ChargeCase, room: Room) -> Did[ChargeCase]:
    """Charge the rest of the month in which the line was opened again."""
    charge = billing.resume_charging(
        tx=room.tx,
        customer_id=case.customer_id,
        service_id=case.service_id,
        order_id=case.order_id,
        plan_name=case.terms.plan_name,
        price=case.terms.price,
        on=case.on,
        at=room.at,
    )
    return Did(
        case,
        say(
            "{amount} for {first:%d %b} to {last:%d %b %Y}.",
            amount=charge.amount,
            first=charge.period.first,
            last=charge.period.last,
        ),
    )


def take_resumption_back(case: ChargeCase, room: Room) -> Did[ChargeCase]:
    """Credit the charge of the resumption."""
    reversed_ = billing.reverse(tx=room.tx, source_prefix=f"resumption:{case.order_id}", at=room.at)
    return Did(
        case,
        one_after_other(*(say("{amount} credited", amount=c.amount) for c in reversed_), between="; ")
        or say("Nothing was charged."),
    )


BILLING_START = Workflow(
    name="billing.start",
    starts_on=(LineActivated,),
    case=ChargeCase,
    begin=lambda event, room: _case(event, room, event.active_on),
    steps=(DatabaseStep(say("Charge the first month"), do=start, undo=take_first_charge_back),),
)
BILLING_CHANGE = Workflow(
    name="billing.change",
    starts_on=(PlanChanged,),
    case=ChargeCase,
    begin=_change_case,
    steps=(DatabaseStep(say("Settle the month between the plans"), do=change, undo=take_change_back),),
)
BILLING_STOP = Workflow(
    name="billing.stop",
    starts_on=(LineTerminated,),
    case=ChargeCase,
    begin=lambda event, room: _case(event, room, event.ended_on),
    steps=(DatabaseStep(say("Settle the last month"), do=stop, undo=take_stop_back),),
)
BILLING_PAUSE = Workflow(
    name="billing.pause",
    starts_on=(LineSuspended,),
    case=ChargeCase,
    begin=_pause_case,
    steps=(DatabaseStep(say("Credit the suspended days"), do=pause, undo=take_pause_back),),
)
BILLING_RESUME = Workflow(
    name="billing.resume",
    starts_on=(LineResumed,),
    case=ChargeCase,
    begin=lambda event, room: _case(event, room, event.resumed_on),
    steps=(DatabaseStep(say("Charge the rest of the month"), do=resume, undo=take_resumption_back),),
)
