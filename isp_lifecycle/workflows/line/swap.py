"""ONT swap: another box on the same line, with an engineer's visit or at once; place, flow and address stay.

The new ONT takes the old one's id on the PON port, so the circuit-id stays too and RADIUS or DHCP need not be told
(device-facts 8.6).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from isp_lifecycle.customers import actions as customers
from isp_lifecycle.drivers.contract import Serial
from isp_lifecycle.events.vocabulary import OntSwapped, OntSwapRequested, OntSwapVisitRequested
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import ServiceState
from isp_lifecycle.orders import actions as orders
from isp_lifecycle.workflows.errors import SameOnt
from isp_lifecycle.workflows.line import device, visit
from isp_lifecycle.workflows.line.device import Light, Target
from isp_lifecycle.workflows.line.existing import (
    ExistingLine,
    LineUnknown,
    as_fields,
    as_now,
    begin_order,
    give_order_up,
    read_existing,
    recorded,
)
from isp_lifecycle.workflows.line.light import keep_reading, nothing_to_take_back
from isp_lifecycle.workflows.line.visit import WAIT_FOR_INSTALLER, Visited
from isp_lifecycle.workflows.steps import (
    DatabaseStep,
    Did,
    Irreversible,
    OutsideStep,
    PersonStep,
    Room,
    Site,
    Step,
    Unobservable,
    Workflow,
)


@dataclass(frozen=True, kw_only=True)
class SwapCase(ExistingLine, Visited):
    """The line with its old ONT and with its new one. Levels are dBm."""

    expected_rx_dbm: float | None = None
    new_target: Target | None = None
    light: Light | None = None

    def swapped(self) -> Target:
        """The line with its new ONT; known once its serial number is."""
        if self.new_target is None:
            raise LineUnknown(self.service_code)
        return self.new_target


def begin(event: OntSwapVisitRequested | OntSwapRequested, room: Room) -> SwapCase:
    """Gather the line, and the serial number where the request names it."""
    service = inventory.service_by_id(tx=room.tx, service_id=event.service_id)
    premises = customers.premises_by_id(tx=room.tx, premises_id=service.premises_id)
    return SwapCase(
        **as_fields(read_existing(event, room)),
        area=premises.area,
        address_of_premises=premises.address,
        serial=event.serial if isinstance(event, OntSwapRequested) else None,
    )


# --- the steps -----------------------------------------------------------------------------------------------------


def start_with_visit(case: SwapCase, room: Room) -> Did[SwapCase]:
    """The order is in progress."""
    case, order = begin_order(case, room, ServiceState.ACTIVE)
    return Did(
        case, say("Order {code}: {service_code} gets another ONT.", code=order.code, service_code=case.service_code)
    )


def start_at_once(case: SwapCase, room: Room) -> Did[SwapCase]:
    """The order is in progress, and the new ONT is known."""
    case, order = begin_order(case, room, ServiceState.ACTIVE)
    case = _with_new_ont(case, room)
    return Did(
        case,
        say(
            "Order {code}: {service_code} gets ONT {serial}.",
            code=order.code,
            service_code=case.service_code,
            serial=_display(case.serial),
        ),
    )


def book_visit(case: SwapCase, room: Room) -> Did[SwapCase]:
    """Book an engineer who brings the new ONT."""
    old = case.on_device()
    return visit.book(
        case,
        room,
        task=say(
            "Swap the ONT of {code} at {address}",
            code=case.service_code,
            address=case.address_of_premises,
        ),
        instructions=say(
            "Take the old ONT ({old}) off the fibre, plug the new one in. {olt} PON {port}.",
            old=_display(old.serial),
            olt=case.olt,
            port=old.pon_port,
        ),
    )


def take_serial(case: SwapCase, answer: dict[str, Any], room: Room) -> Did[SwapCase]:
    """The engineer has plugged the new ONT in: look again how the line stands, and what it will be."""
    case, says = visit.take(case, answer, room)
    return Did(_with_new_ont(as_now(case, room, ServiceState.ACTIVE), room), says)


def _with_new_ont(case: SwapCase, room: Room) -> SwapCase:
    line = recorded(case, room)
    new, old = case.serial or "", case.on_device()
    if new == old.serial:
        raise SameOnt(serial=_display(new), why=say("a swap puts another one in its place"))
    target = replace(old, serial=new, replaces=old.serial)
    return replace(case, new_target=target, expected_rx_dbm=line.expected_rx_dbm)


def plan_swap(case: SwapCase, site: Site) -> Did[SwapCase]:
    """Look whether the OLT sees the new ONT on this line's port, and write down what will be changed."""
    return Did(case, device.look_and_plan(case.swapped(), site))


def swap(case: SwapCase, site: Site) -> Did[SwapCase]:
    """Give the line the new serial number."""
    target = device.configure(case.swapped(), site)
    return Did(
        replace(case, new_target=target),
        say("{place} has ONT {serial}.", place=target.place, serial=_display(target.serial)),
    )


def swap_back(case: SwapCase, site: Site) -> Did[SwapCase]:
    """Give the line its old serial number again."""
    new = case.swapped()
    target = device.configure(replace(case.on_device(), replaces=new.serial), site)
    device.stands_as_wanted(target, site)
    return Did(case, say("{place} has ONT {serial} again.", place=target.place, serial=_display(target.serial)))


def wait_for_light(case: SwapCase, site: Site) -> Did[SwapCase]:
    """Watch the new ONT until it is online and has taken its configuration."""
    status = device.wait_until_online(case.swapped(), site)
    return Did(case, f"Online, configuration {status.config_state}, {status.distance_m or '?'} m.")


def still_online(case: SwapCase, site: Site) -> None:
    """Look once more: an ONT that comes and goes is not online."""
    device.wait_until_online(case.swapped(), site)


def measure_light(case: SwapCase, site: Site) -> Did[SwapCase]:
    """Measure the light and judge it by the loss budget."""
    light = device.measure(case.swapped(), case.expected_rx_dbm, site)
    return Did(replace(case, light=light), light.words)


def record_swap(case: SwapCase, room: Room) -> Did[SwapCase]:
    """The line's record has the new ONT, the old one is free; the CRM and the customer hear of it."""
    target, old = case.swapped(), case.on_device()
    level = case.light.ont_rx_dbm if case.light else None
    inventory.record_line(tx=room.tx, line=replace(recorded(case, room), serial=target.serial, measured_rx_dbm=level))
    keep_reading(case.service_id, target, case.light, room)
    orders.complete(tx=room.tx, order_id=case.order_id, at=room.at)
    visit.finish(case, room, result="ONT swapped.")
    room.record(
        OntSwapped(
            order_id=case.order_id,
            customer_id=case.customer_id,
            service_id=case.service_id,
            old_serial=old.serial,
            new_serial=target.serial,
        )
    )
    return Did(
        case,
        say(
            "{code} has ONT {serial}; {old} is free.",
            code=case.service_code,
            serial=_display(target.serial),
            old=_display(old.serial),
        ),
    )


def _display(serial: str | None) -> str:
    return Serial.parse(serial).display if serial else "?"


def _turn(case: SwapCase) -> str:
    return case.on_device().turn


_SWAP: tuple[Step[SwapCase], ...] = (
    OutsideStep(
        say("Plan the swap"),
        do=plan_swap,
        verify=Unobservable(say("planning changes nothing")),
        undo=nothing_to_take_back,
        turn=_turn,
    ),
    OutsideStep(
        say("Put the new ONT on the line"),
        do=swap,
        verify=lambda case, site: device.stands_as_wanted(case.swapped(), site),
        undo=swap_back,
        turn=_turn,
    ),
    OutsideStep(
        say("Wait for the new ONT to come online"), do=wait_for_light, verify=still_online, undo=nothing_to_take_back
    ),
    OutsideStep(
        say("Measure the light"),
        do=measure_light,
        verify=Unobservable(say("a measurement is its own observation")),
        undo=nothing_to_take_back,
    ),
    DatabaseStep(
        say("Record the new ONT"),
        do=record_swap,
        undo=Irreversible(say("The line works with the new ONT; another swap puts the old one back.")),
    ),
)

ONT_SWAP = Workflow(
    name="ont_swap",
    starts_on=(OntSwapRequested,),
    case=SwapCase,
    begin=begin,
    alone=True,
    steps=(DatabaseStep(say("Start the order"), do=start_at_once, undo=give_order_up, always_undone=True), *_SWAP),
)

ONT_SWAP_VISIT = Workflow(
    name="ont_swap_visit",
    starts_on=(OntSwapVisitRequested,),
    case=SwapCase,
    begin=begin,
    alone=True,
    steps=(
        DatabaseStep(say("Start the order"), do=start_with_visit, undo=give_order_up, always_undone=True),
        DatabaseStep(say("Book a visit"), do=book_visit, undo=visit.call_off),
        PersonStep(WAIT_FOR_INSTALLER, ask=visit.ask, take=take_serial, undo=nothing_to_take_back),
        *_SWAP,
    ),
)
