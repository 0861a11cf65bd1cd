"""Activation: from a confirmed order to light on the fibre and a service in use."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from isp_lifecycle.aaa.model import SignOnWanted
from isp_lifecycle.customers import actions as customers
from isp_lifecycle.events.vocabulary import ActivationCancelled, ActivationRequested, LineActivated
from isp_lifecycle.foundation.terms import Terms
from isp_lifecycle.foundation.texts import one_after_other, say
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import Line, LineSource
from isp_lifecycle.orders import actions as orders
from isp_lifecycle.workflows.line import device, numbers, rides, visit
from isp_lifecycle.workflows.line.device import Light, Target
from isp_lifecycle.workflows.line.light import keep_reading, nothing_to_take_back
from isp_lifecycle.workflows.line.sign_on import sign_on_wanted
from isp_lifecycle.workflows.line.visit import WAIT_FOR_INSTALLER, Visited
from isp_lifecycle.workflows.steps import (
    Asked,
    DatabaseStep,
    Did,
    Irreversible,
    OutsideStep,
    PersonStep,
    Room,
    Site,
    Unobservable,
    Workflow,
)

NAME = "activation"


@dataclass(frozen=True, kw_only=True)
class ActivationCase(Visited):
    """All that an activation knows so far. Levels are dBm, distances metres."""

    terms: Terms
    splitter_code: str
    splitter_port: int | None
    olt: str
    olt_id: UUID
    uplink: str
    pon_port: str
    fibre_m: int
    expected_rx_dbm: float
    prefix: str | None = None
    address: str | None = None
    gateway: str | None = None
    delegated: str | None = None
    wan: str | None = None
    plan_text: str = ""
    target: Target | None = None
    light: Light | None = None
    ahead: bool = False
    """The ONT is registered before it is plugged in."""

    def on_device(self) -> Target:
        """The line on the OLT; known once the installer has named the ONT."""
        if self.target is None:
            raise AssertionError("the installer's input comes before any device step")
        return self.target

    def sign_on(self) -> SignOnWanted:
        """What RADIUS and DHCP are told."""
        return sign_on_wanted(
            target=self.on_device(),
            prefix=self.prefix,
            address=self.address,
            gateway=self.gateway,
            delegated=self.delegated,
            wan=self.wan,
        )


def begin(event: ActivationRequested, room: Room) -> ActivationCase:
    """Gather what the order, the premises and the plant say."""
    order = orders.order_by_id(tx=room.tx, order_id=event.order_id)
    service = inventory.service_by_id(tx=room.tx, service_id=event.service_id)
    premises = customers.premises_by_id(tx=room.tx, premises_id=order.premises_id)
    route = inventory.route(tx=room.tx, splitter_code=premises.splitter_code or "", drop_m=premises.drop_m or 0)
    return ActivationCase(
        order_id=order.id,
        customer_id=order.customer_id,
        service_id=service.id,
        service_code=service.code,
        terms=order.terms,
        area=premises.area,
        address_of_premises=premises.address,
        splitter_code=premises.splitter_code or "",
        splitter_port=premises.splitter_port,
        olt=route.olt.name,
        olt_id=route.olt.id,
        uplink=route.olt.uplink,
        pon_port=route.pon_port.port,
        fibre_m=route.fibre_m,
        expected_rx_dbm=route.expected_rx_dbm,
    )


# --- the steps -----------------------------------------------------------------------------------------------------


def start_order(case: ActivationCase, room: Room) -> Did[ActivationCase]:
    """The order is in progress from here on."""
    order = orders.start(tx=room.tx, order_id=case.order_id)
    return Did(
        case,
        say(
            "Order {code} for {address} is in progress.",
            code=order.code,
            address=case.address_of_premises,
        ),
    )


def give_order_up(case: ActivationCase, room: Room) -> Did[ActivationCase]:
    """The order is cancelled and the pending service withdrawn."""
    order = orders.cancel(
        tx=room.tx,
        order_id=case.order_id,
        by="workflow:activation",
        at=room.at,
        reason=say("The activation was cancelled."),
    )
    inventory.withdraw_service(tx=room.tx, service_id=case.service_id, on=room.today)
    room.record(ActivationCancelled(order_id=case.order_id, customer_id=case.customer_id, service_id=case.service_id))
    return Did(
        case,
        say(
            "Order {code} is cancelled, service {service_code} withdrawn.",
            code=order.code,
            service_code=case.service_code,
        ),
    )


def book_visit(case: ActivationCase, room: Room) -> Did[ActivationCase]:
    """Book the first free installation engineer of the area and give them a task with a deadline."""
    splitter = f"splitter {case.splitter_code}" + (f" port {case.splitter_port}" if case.splitter_port else "")
    return visit.book(
        case,
        room,
        task=say(
            "Install {code} at {address}",
            code=case.service_code,
            address=case.address_of_premises,
        ),
        instructions=say(
            "{plan}. {olt} PON {port}, {splitter}; expect {level:.1f} dBm at the ONT.",
            plan=case.terms.plan_name,
            olt=case.olt,
            port=case.pon_port,
            splitter=splitter,
            level=case.expected_rx_dbm,
        ),
    )


def take_serial(case: ActivationCase, answer: dict[str, Any], room: Room) -> Did[ActivationCase]:
    """The engineer is on site: keep the ONT's serial number and the line that is to be built with it."""
    ahead = bool(answer.get("ahead"))
    case, says = visit.take_ahead(case, answer) if ahead else visit.take(case, answer, room)
    target = Target(
        key=case.service_code,
        olt=case.olt,
        uplink=case.uplink,
        pon_port=case.pon_port,
        serial=case.serial or "",
        vlan=case.terms.vlan,
        down_kbps=case.terms.down_kbps,
        up_kbps=case.terms.up_kbps,
        ont=case.terms.ont,
    )
    return Did(replace(case, target=target, ahead=ahead), says)


def reserve_numbers(case: ActivationCase, room: Room) -> Did[ActivationCase]:
    """Hold an address (or a block), an IPv6 prefix where the plan has one, and the VLAN or tags; the same again."""
    held, both = numbers.reserve(room, owner=case.service_id, terms=case.terms, area=case.area)
    tags = rides.reserve(room, owner=case.service_id, terms=case.terms, olt=case.olt, port=case.pon_port)
    case = replace(
        case,
        prefix=str(held.prefix),
        address=str(held.address),
        gateway=str(held.gateway) if held.gateway else None,
        delegated=both.delegated,
        wan=both.wan,
        target=numbers.told_to(tags.of(case.on_device()), held),
    )
    return Did(case, f"{both.words}, {tags.words}.")


def release_numbers(case: ActivationCase, room: Room) -> Did[ActivationCase]:
    """Give the addresses back. They were never in use, so they need no quarantine; the VLAN is shared and stays."""
    released = numbers.give_back_unused(room, owner=case.service_id)
    rides.give_back_unused(room, owner=case.service_id)
    return Did(replace(case, prefix=None, address=None, gateway=None, delegated=None, wan=None), released)


def plan_line(case: ActivationCase, site: Site) -> Did[ActivationCase]:
    """Look at the OLT and write down what will be changed."""
    text = device.look_and_plan(case.on_device(), site, ahead=case.ahead)
    return Did(replace(case, plan_text=text), text)


def configure_line(case: ActivationCase, site: Site) -> Did[ActivationCase]:
    """Register the ONT and join it to its VLAN."""
    case = replace(case, target=device.configure(case.on_device(), site))
    target = case.on_device()
    says = say("{place}, service port {service_port}.", place=target.place, service_port=target.service_port)
    # What lets the line on must be there when the ONT is plugged in, and nobody may be there then.
    admitted = site.parts.sign_on.admit(case.sign_on()).words if case.ahead else ""
    return Did(case, one_after_other(says, admitted))


def remove_line(case: ActivationCase, site: Site) -> Did[ActivationCase]:
    """Take everything of this line off the OLT again."""
    words = device.remove(case.on_device(), site)
    device.is_gone(case.on_device(), site)
    if case.ahead:
        words += f" {site.parts.sign_on.remove(case.sign_on()).words}"
    return Did(replace(case, target=replace(case.on_device(), ont_id=None, service_port=None)), words)


def wait_for_plug(case: ActivationCase, room: Room) -> Asked[ActivationCase] | Did[ActivationCase]:
    """Park until an ONT that was registered ahead is plugged in."""
    if not case.ahead:
        return Did(case, say("It was plugged in before it was registered."))
    asked = visit.ask(case, room)
    return replace(
        asked,
        says=say(
            "ONT {serial} is registered at {place}, and was not seen yet.",
            serial=case.serial,
            place=case.on_device().place,
        ),
    )


def plugged_in(case: ActivationCase, answer: dict[str, Any], room: Room) -> Did[ActivationCase]:
    """It is plugged in: from here on everything is looked at as for any other."""
    case, says = visit.arrive(case, answer, room)
    return Did(case, says)


def wait_for_light(case: ActivationCase, site: Site) -> Did[ActivationCase]:
    """Watch the ONT until it is online and has taken its configuration."""
    status = device.wait_until_online(case.on_device(), site)
    return Did(case, f"Online, configuration {status.config_state}, {status.distance_m or '?'} m.")


def still_online(case: ActivationCase, site: Site) -> None:
    """Look once more: an ONT that comes and goes is not online."""
    device.wait_until_online(case.on_device(), site)


def measure_light(case: ActivationCase, site: Site) -> Did[ActivationCase]:
    """Measure the light and judge it by the loss budget."""
    light = device.measure(case.on_device(), case.expected_rx_dbm, site)
    return Did(replace(case, light=light), light.words)


def record_as_built(case: ActivationCase, room: Room) -> Did[ActivationCase]:
    """Write the line into the inventory as it was built, with the first reading."""
    target, light = case.on_device(), case.light
    inventory.record_line(
        tx=room.tx,
        line=rides.in_line(
            Line(
                service_id=case.service_id,
                olt_id=case.olt_id,
                pon_port=target.pon_port,
                ont_id=_known(target.ont_id),
                serial=target.serial,
                vlan=target.vlan,
                service_port=_known(target.service_port),
                down_kbps=target.down_kbps,
                up_kbps=target.up_kbps,
                expected_rx_dbm=case.expected_rx_dbm,
                measured_rx_dbm=light.ont_rx_dbm if light else None,
                splitter_code=case.splitter_code,
                splitter_port=case.splitter_port,
                built_at=room.at,
                source=LineSource.ACTIVATION,
            ),
            target,
        ),
    )
    numbers.assign(room, owner=case.service_id)
    rides.use(room, owner=case.service_id)
    keep_reading(case.service_id, target, light, room)
    return Did(case, say("{place} recorded for {service_code}.", place=target.place, service_code=case.service_code))


def forget_as_built(case: ActivationCase, room: Room) -> Did[ActivationCase]:
    """Take the line out of the inventory."""
    forgotten = inventory.forget_line(tx=room.tx, service_id=case.service_id)
    return Did(case, say("Line removed from the inventory.") if forgotten else say("No line was recorded."))


def admit(case: ActivationCase, site: Site) -> Did[ActivationCase]:
    """Tell RADIUS or DHCP of the new line."""
    return Did(case, site.parts.sign_on.admit(case.sign_on()).words)


def dismiss(case: ActivationCase, site: Site) -> Did[ActivationCase]:
    """Take the line out of RADIUS or DHCP."""
    return Did(case, site.parts.sign_on.remove(case.sign_on()).words)


def put_in_service(case: ActivationCase, room: Room) -> Did[ActivationCase]:
    """The service is active, the order complete, the visit done; everyone who must react hears of it."""
    inventory.activate_service(tx=room.tx, service_id=case.service_id, on=room.today)
    orders.complete(tx=room.tx, order_id=case.order_id, at=room.at)
    visit.finish(case, room, result="Line active.")
    room.record(
        LineActivated(
            order_id=case.order_id, customer_id=case.customer_id, service_id=case.service_id, active_on=room.today
        )
    )
    return Did(case, say("{code} is active since {day:%d %b %Y}.", code=case.service_code, day=room.today))


def _known(number: int | None) -> int:
    if number is None:
        raise AssertionError("the configuring step has read this number back")
    return number


def _olt(case: ActivationCase) -> str | None:
    return f"olt:{case.olt}"


ACTIVATION = Workflow(
    name=NAME,
    starts_on=(ActivationRequested,),
    case=ActivationCase,
    begin=begin,
    alone=True,
    steps=(
        DatabaseStep(say("Start the order"), do=start_order, undo=give_order_up, always_undone=True),
        DatabaseStep(say("Book a visit"), do=book_visit, undo=visit.call_off),
        PersonStep(WAIT_FOR_INSTALLER, ask=visit.ask, take=take_serial, undo=nothing_to_take_back),
        DatabaseStep(say("Reserve address and VLAN"), do=reserve_numbers, undo=release_numbers),
        OutsideStep(
            say("Plan the line"),
            do=plan_line,
            verify=Unobservable(say("planning changes nothing")),
            undo=nothing_to_take_back,
            turn=_olt,
        ),
        OutsideStep(
            say("Configure OLT and ONT"),
            do=configure_line,
            verify=lambda case, site: device.stands_as_wanted(case.on_device(), site),
            undo=remove_line,
            turn=_olt,
        ),
        PersonStep(visit.WAIT_FOR_PLUG, ask=wait_for_plug, take=plugged_in, undo=nothing_to_take_back, asks_again=True),
        OutsideStep(
            say("Wait for the ONT to come online"), do=wait_for_light, verify=still_online, undo=nothing_to_take_back
        ),
        OutsideStep(
            say("Measure the light"),
            do=measure_light,
            verify=Unobservable(say("a measurement is its own observation")),
            undo=nothing_to_take_back,
        ),
        DatabaseStep(say("Record what was built"), do=record_as_built, undo=forget_as_built),
        OutsideStep(
            say("Admit to RADIUS and DHCP"),
            do=admit,
            verify=Unobservable(say("the port has no way to look")),
            undo=dismiss,
        ),
        DatabaseStep(
            say("Put the service in use"),
            do=put_in_service,
            undo=Irreversible(say("The customer is in service; end it with a termination.")),
        ),
    ),
)
