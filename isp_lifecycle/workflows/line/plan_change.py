"""Plan change: on its date the OLT gets the new rates, the service the new terms, and billing hears of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from isp_lifecycle.aaa.model import SignOnWanted
from isp_lifecycle.events.vocabulary import PlanChanged, PlanChangeRequested
from isp_lifecycle.foundation.terms import OntMode
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import ServiceState
from isp_lifecycle.orders import actions as orders
from isp_lifecycle.workflows.line import device, numbers, rides
from isp_lifecycle.workflows.line.device import Target
from isp_lifecycle.workflows.line.existing import (
    ExistingLine,
    LineUnknown,
    as_fields,
    begin_order,
    give_order_up,
    read_existing,
    recorded,
)
from isp_lifecycle.workflows.line.sign_on import sign_on_wanted
from isp_lifecycle.workflows.steps import (
    DatabaseStep,
    Did,
    Irreversible,
    OutsideStep,
    Room,
    Site,
    Unobservable,
    Workflow,
)

NAME = "plan_change"


@dataclass(frozen=True, kw_only=True)
class PlanChangeCase(ExistingLine):
    """The line as it stood, and the line under the new plan."""

    new_target: Target | None

    def changed(self) -> Target:
        """The line under the new plan; the first step has made sure that there is one."""
        if self.new_target is None:
            raise LineUnknown(self.service_code)
        return self.new_target


def begin(event: PlanChangeRequested, room: Room) -> PlanChangeCase:
    """Gather the line and what the new plan makes of it."""
    return PlanChangeCase(**as_fields(read_existing(event, room)), new_target=None)


def start_order(case: PlanChangeCase, room: Room) -> Did[PlanChangeCase]:
    """The order is in progress from here on."""
    case, order = begin_order(case, room, ServiceState.ACTIVE)
    new = case.wanted_terms
    target = replace(case.on_device(), down_kbps=new.down_kbps, up_kbps=new.up_kbps)
    target = _told(target, case, room)
    says = say(
        "Order {code}: {before} becomes {after}.",
        code=order.code,
        before=case.terms.plan_name,
        after=new.plan_name,
    )
    return Did(replace(case, new_target=target), says)


def change_rates(case: PlanChangeCase, site: Site) -> Did[PlanChangeCase]:
    """Give the line its new rates, without dropping the session where the device can."""
    target = device.configure(case.changed(), site)
    words = f"{target.place}: {target.down_kbps // 1000}/{target.up_kbps // 1000} Mbit/s."
    return Did(replace(case, new_target=target), words)


def restore_rates(case: PlanChangeCase, site: Site) -> Did[PlanChangeCase]:
    """Give the line its old rates back."""
    # An ONT that was told something by the new plan is told otherwise, also where the old one told it nothing.
    before = replace(case.on_device(), was_told=case.changed().ont is not OntMode.BRIDGE)
    target = device.configure(before, site)
    device.stands_as_wanted(target, site)
    return Did(
        case,
        say(
            "{place}: back at {down}/{up} Mbit/s.",
            place=target.place,
            down=target.down_kbps // 1000,
            up=target.up_kbps // 1000,
        ),
    )


def change_sign_on(case: PlanChangeCase, site: Site) -> Did[PlanChangeCase]:
    """Tell RADIUS or DHCP of the new rates."""
    return Did(case, site.parts.sign_on.change(_sign_on(case, case.changed())).words)


def restore_sign_on(case: PlanChangeCase, site: Site) -> Did[PlanChangeCase]:
    """Tell RADIUS or DHCP of the old rates again."""
    return Did(case, site.parts.sign_on.change(_sign_on(case, case.on_device())).words)


def record_plan(case: PlanChangeCase, room: Room) -> Did[PlanChangeCase]:
    """The service has its new terms, the inventory the new rates; billing, CRM and customer hear of it."""
    target = case.changed()
    line = replace(recorded(case, room), down_kbps=target.down_kbps, up_kbps=target.up_kbps)
    inventory.record_line(tx=room.tx, line=rides.in_line(line, target))
    # What the line has of IPv6 stays until an address change, as its IPv4 address does, and so do its own tags.
    terms = replace(case.wanted_terms, ipv6_policy=case.terms.ipv6_policy, own_vlan=case.terms.own_vlan)
    inventory.change_terms(tx=room.tx, service_id=case.service_id, terms=terms)
    order = orders.complete(tx=room.tx, order_id=case.order_id, at=room.at)
    # A worker's clock may be a little behind the relay's, and still show the day before.
    changed_on = max(room.today, order.wanted_on or room.today)
    room.record(
        PlanChanged(
            order_id=case.order_id,
            customer_id=case.customer_id,
            service_id=case.service_id,
            changed_on=changed_on,
            old_plan_code=case.terms.plan_code,
            old_plan_name=case.terms.plan_name,
            old_price=str(case.terms.price.amount),
            currency=case.terms.price.currency,
        )
    )
    return Did(
        case,
        say(
            "{code} is on {plan} since {day:%d %b %Y}.",
            code=case.service_code,
            plan=case.wanted_terms.plan_name,
            day=changed_on,
        ),
    )


def _told(target: Target, case: PlanChangeCase, room: Room) -> Target:
    """The line with its ONT told what the new plan says; the address that it may be told stays the line's."""
    target = replace(
        target,
        ont=case.wanted_terms.ont,
        ont_address=None,
        ont_gateway=None,
        was_told=target.ont is not OntMode.BRIDGE,
    )
    held = numbers.held_by(room, owner=case.service_id).ipv4
    return numbers.told_to(target, held) if held is not None else target


def _sign_on(case: PlanChangeCase, target: Target) -> SignOnWanted:
    return sign_on_wanted(
        target=target,
        prefix=case.prefix,
        address=case.address,
        gateway=case.gateway,
        delegated=case.delegated,
        wan=case.wan,
    )


PLAN_CHANGE = Workflow(
    name=NAME,
    starts_on=(PlanChangeRequested,),
    case=PlanChangeCase,
    begin=begin,
    alone=True,
    steps=(
        DatabaseStep(say("Start the order"), do=start_order, undo=give_order_up, always_undone=True),
        OutsideStep(
            say("Change the rates on the OLT"),
            do=change_rates,
            verify=lambda case, site: device.stands_as_wanted(case.changed(), site),
            undo=restore_rates,
            turn=lambda case: case.on_device().turn,
        ),
        OutsideStep(
            say("Change the rates in RADIUS"),
            do=change_sign_on,
            verify=Unobservable(say("the port has no way to look")),
            undo=restore_sign_on,
        ),
        DatabaseStep(
            say("Record the new plan"),
            do=record_plan,
            undo=Irreversible(say("The new plan is in force; ask for another plan change.")),
        ),
    ),
)
