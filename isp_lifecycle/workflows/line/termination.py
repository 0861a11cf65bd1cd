"""Termination: on its date the line leaves the network, its numbers are given back, and charging ends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from isp_lifecycle.aaa.model import SignOnWanted
from isp_lifecycle.events.vocabulary import LineTerminated, TerminationRequested
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import ServiceState
from isp_lifecycle.orders import actions as orders
from isp_lifecycle.workflows.line import device, numbers, rides
from isp_lifecycle.workflows.line.existing import (
    ExistingLine,
    as_fields,
    begin_order,
    give_order_up,
    read_existing,
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

NAME = "termination"


@dataclass(frozen=True, kw_only=True)
class TerminationCase(ExistingLine):
    """The line that is to go, and its last day."""

    last_day: date


def begin(event: TerminationRequested, room: Room) -> TerminationCase:
    """Gather the line. The order's day is the agreed one: it may have been moved since the event."""
    agreed = orders.order_by_id(tx=room.tx, order_id=event.order_id).wanted_on
    return TerminationCase(**as_fields(read_existing(event, room)), last_day=agreed or event.wanted_on)


def start_order(case: TerminationCase, room: Room) -> Did[TerminationCase]:
    """The order is in progress from here on."""
    case, order = begin_order(case, room, ServiceState.ACTIVE, ServiceState.SUSPENDED)
    return Did(case, say("Order {code}: {service_code} ends.", code=order.code, service_code=case.service_code))


def remove_line(case: TerminationCase, site: Site) -> Did[TerminationCase]:
    """Take the line off the OLT, service ports first."""
    return Did(case, device.remove(case.on_device(), site))


def build_again(case: TerminationCase, site: Site) -> Did[TerminationCase]:
    """Put the line back as it stood."""
    target = device.configure(case.on_device(), site)
    device.stands_as_wanted(target, site)
    return Did(replace(case, target=target), say("{place} stands again.", place=target.place))


def remove_sign_on(case: TerminationCase, site: Site) -> Did[TerminationCase]:
    """Take the line out of RADIUS or DHCP."""
    return Did(case, site.parts.sign_on.remove(_sign_on(case)).words)


def restore_sign_on(case: TerminationCase, site: Site) -> Did[TerminationCase]:
    """Put the line back into RADIUS or DHCP."""
    return Did(case, site.parts.sign_on.admit(_sign_on(case)).words)


def record_end(case: TerminationCase, room: Room) -> Did[TerminationCase]:
    """The service has ended; its addresses rest in quarantine before anyone else gets it."""
    inventory.forget_line(tx=room.tx, service_id=case.service_id)
    rests = numbers.let_rest(room, owner=case.service_id) + rides.let_rest(room, owner=case.service_id)
    inventory.terminate_service(tx=room.tx, service_id=case.service_id, on=case.last_day)
    orders.complete(tx=room.tx, order_id=case.order_id, at=room.at)
    room.record(
        LineTerminated(
            order_id=case.order_id, customer_id=case.customer_id, service_id=case.service_id, ended_on=case.last_day
        )
    )
    return Did(
        case,
        say(
            "{code} ended on {day:%d %b %Y}{rests}.",
            code=case.service_code,
            day=case.last_day,
            rests=rests,
        ),
    )


def _sign_on(case: TerminationCase) -> SignOnWanted:
    return sign_on_wanted(
        target=case.on_device(),
        prefix=case.prefix,
        address=case.address,
        gateway=case.gateway,
        delegated=case.delegated,
        wan=case.wan,
    )


TERMINATION = Workflow(
    name=NAME,
    starts_on=(TerminationRequested,),
    case=TerminationCase,
    begin=begin,
    alone=True,
    steps=(
        DatabaseStep(say("Start the order"), do=start_order, undo=give_order_up, always_undone=True),
        OutsideStep(
            say("Remove the line from the OLT"),
            do=remove_line,
            verify=lambda case, site: device.is_gone(case.on_device(), site),
            undo=build_again,
            turn=lambda case: case.on_device().turn,
        ),
        OutsideStep(
            say("Remove from RADIUS and DHCP"),
            do=remove_sign_on,
            verify=Unobservable(say("the port has no way to look")),
            undo=restore_sign_on,
        ),
        DatabaseStep(
            say("Record the end"),
            do=record_end,
            undo=Irreversible(say("The service has ended; a new order brings it back.")),
        ),
    ),
)
