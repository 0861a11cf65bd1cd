"""Relocation: the same service at other premises. The new line is built and seen to work before the old one goes.

For a short time two ONTs carry the service's key, on one OLT or on two; each is removed by its serial number, so that
never both are gone. The address goes along where its pool serves the new area, else the service gets another one and
the old one rests once the new line stands.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from isp_lifecycle.customers import actions as customers
from isp_lifecycle.drivers.contract import Serial
from isp_lifecycle.events.vocabulary import LineRelocated, RelocationRequested
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import Line, ServiceState
from isp_lifecycle.ipam.model import Allocation
from isp_lifecycle.orders import actions as orders
from isp_lifecycle.workflows.errors import SameOnt
from isp_lifecycle.workflows.line import device, numbers, rides, visit
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
from isp_lifecycle.workflows.line.sign_on import sign_on_wanted
from isp_lifecycle.workflows.line.visit import WAIT_FOR_INSTALLER, Visited
from isp_lifecycle.workflows.steps import (
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


@dataclass(frozen=True, kw_only=True)
class NewPlace:
    """Where the line is to stand. Levels are dBm."""

    premises_id: UUID
    olt: str
    olt_id: UUID
    uplink: str
    pon_port: str
    splitter_code: str
    splitter_port: int | None
    expected_rx_dbm: float


@dataclass(frozen=True, kw_only=True)
class RelocationCase(ExistingLine, Visited):
    """The line where it stands, as recorded, and where it is to stand. ``area`` and address are the new premises'."""

    place: NewPlace
    old_line: Line | None = None
    new_target: Target | None = None
    new_prefix: str | None = None
    new_address: str | None = None
    new_gateway: str | None = None
    new_delegated: str | None = None
    new_wan: str | None = None
    light: Light | None = None

    def moved(self) -> Target:
        """The new line; known once the engineer has named its ONT."""
        if self.new_target is None:
            raise LineUnknown(self.service_code)
        return self.new_target

    def old(self) -> Target:
        """The old line, that goes when the new one works."""
        return replace(self.on_device(), beside=self.moved().serial)


def begin(event: RelocationRequested, room: Room) -> RelocationCase:
    """Gather the line, the new premises and the way of the light to them."""
    line = read_existing(event, room)
    order = orders.order_by_id(tx=room.tx, order_id=event.order_id)
    premises = customers.premises_by_id(tx=room.tx, premises_id=order.premises_id)
    route = inventory.route(tx=room.tx, splitter_code=premises.splitter_code or "", drop_m=premises.drop_m or 0)
    return RelocationCase(
        **as_fields(line),
        area=premises.area,
        address_of_premises=premises.address,
        place=NewPlace(
            premises_id=premises.id,
            olt=route.olt.name,
            olt_id=route.olt.id,
            uplink=route.olt.uplink,
            pon_port=route.pon_port.port,
            splitter_code=premises.splitter_code or "",
            splitter_port=premises.splitter_port,
            expected_rx_dbm=route.expected_rx_dbm,
        ),
    )


# --- the steps -----------------------------------------------------------------------------------------------------


def start_order(case: RelocationCase, room: Room) -> Did[RelocationCase]:
    """The order is in progress from here on."""
    case, order = begin_order(case, room, ServiceState.ACTIVE)
    return Did(
        case,
        say(
            "Order {code}: {service_code} moves to {address}.",
            code=order.code,
            service_code=case.service_code,
            address=case.address_of_premises,
        ),
    )


def book_visit(case: RelocationCase, room: Room) -> Did[RelocationCase]:
    """Book an engineer at the new premises."""
    place = case.place
    splitter = f"splitter {place.splitter_code}" + (f" port {place.splitter_port}" if place.splitter_port else "")
    return visit.book(
        case,
        room,
        task=say(
            "Connect {code} at {address}",
            code=case.service_code,
            address=case.address_of_premises,
        ),
        instructions=say(
            "A move: fit a new ONT here, the old line goes by itself. {olt} PON {port}, {splitter}; "
            "expect {level:.1f} dBm at the ONT.",
            olt=place.olt,
            port=place.pon_port,
            splitter=splitter,
            level=place.expected_rx_dbm,
        ),
    )


def take_serial(case: RelocationCase, answer: dict[str, Any], room: Room) -> Did[RelocationCase]:
    """The engineer is on site: look again how the line stands, and work out the new one."""
    case, says = visit.take(case, answer, room)
    case = as_now(case, room, ServiceState.ACTIVE)
    old, place = case.on_device(), case.place
    if case.serial == old.serial and place.olt == old.olt:
        why = say("{olt} knows a serial number once, and the old line stays until the new one works", olt=old.olt)
        raise SameOnt(serial=Serial.parse(old.serial).display, why=why)
    target = replace(
        old,
        olt=place.olt,
        uplink=place.uplink,
        pon_port=place.pon_port,
        serial=case.serial or "",
        ont_id=None,
        service_port=None,
        beside=old.serial,
    )
    return Did(replace(case, new_target=target, old_line=recorded(case, room)), says)


def reserve_numbers(case: RelocationCase, room: Room) -> Did[RelocationCase]:
    """Keep what its pools serve in the new area, else hold others; hold the VLAN there."""
    place, terms = case.place, case.terms
    tags = rides.reserve(room, owner=case.service_id, terms=terms, olt=place.olt, port=place.pon_port)
    ipv4, will = numbers.move(room, owner=case.service_id, terms=terms, area=case.area)
    says = [_moved(one, case.prefix if one is ipv4 else case.delegated, case.area) for one in will.both]
    case = replace(
        case,
        new_prefix=str(ipv4.prefix),
        new_address=str(ipv4.address),
        new_gateway=str(ipv4.gateway) if ipv4.gateway else None,
        new_delegated=will.delegated,
        new_wan=will.wan,
        new_target=numbers.told_to(tags.of(case.moved()), ipv4),
    )
    return Did(case, f"{' '.join(says)} {tags.words} on {place.olt}.")


def _moved(held: Allocation, had: str | None, area: str) -> str:
    if str(held.prefix) == had:
        return say("{prefix} goes along: pool {pool} serves {area}.", prefix=held.prefix, pool=held.pool, area=area)
    return say(
        "{prefix} from pool {pool} instead of {before}.", prefix=held.prefix, pool=held.pool, before=had or say("none")
    )


def release_numbers(case: RelocationCase, room: Room) -> Did[RelocationCase]:
    """Give the new address back, if one was taken; the VLAN is shared and stays."""
    dropped = numbers.drop_next(room, owner=case.service_id)
    rides.give_back_unused(room, owner=case.service_id)
    none = replace(case, new_prefix=None, new_address=None, new_gateway=None, new_delegated=None, new_wan=None)
    return Did(none, dropped)


def plan_line(case: RelocationCase, site: Site) -> Did[RelocationCase]:
    """Look at the new place's OLT and write down what will be changed."""
    return Did(case, device.look_and_plan(case.moved(), site))


def build_new(case: RelocationCase, site: Site) -> Did[RelocationCase]:
    """Build the new line beside the old one."""
    target = device.configure(case.moved(), site)
    return Did(
        replace(case, new_target=target),
        say("{place}, service port {service_port}.", place=target.place, service_port=target.service_port),
    )


def remove_new(case: RelocationCase, site: Site) -> Did[RelocationCase]:
    """Take the new line off again; the old one stays untouched."""
    new = case.moved()
    words = device.remove(new, site, moving=True)
    device.is_gone(new, site, moving=True)
    return Did(replace(case, new_target=replace(new, ont_id=None, service_port=None)), words)


def wait_for_light(case: RelocationCase, site: Site) -> Did[RelocationCase]:
    """Watch the new ONT until it is online and has taken its configuration."""
    status = device.wait_until_online(case.moved(), site)
    return Did(case, f"Online, configuration {status.config_state}, {status.distance_m or '?'} m.")


def still_online(case: RelocationCase, site: Site) -> None:
    """Look once more: an ONT that comes and goes is not online."""
    device.wait_until_online(case.moved(), site)


def measure_light(case: RelocationCase, site: Site) -> Did[RelocationCase]:
    """Measure the light at the new place and judge it by the loss budget."""
    light = device.measure(case.moved(), case.place.expected_rx_dbm, site)
    return Did(replace(case, light=light), light.words)


def tell_new(case: RelocationCase, site: Site) -> Did[RelocationCase]:
    """Tell RADIUS or DHCP of the new circuit, and of the new address where there is one."""
    wanted = sign_on_wanted(
        target=case.moved(),
        prefix=case.new_prefix,
        address=case.new_address,
        gateway=case.new_gateway,
        delegated=case.new_delegated,
        wan=case.new_wan,
    )
    return Did(case, site.parts.sign_on.change(wanted).words)


def tell_old(case: RelocationCase, site: Site) -> Did[RelocationCase]:
    """Tell RADIUS or DHCP of the old circuit and address again."""
    wanted = sign_on_wanted(
        target=case.on_device(),
        prefix=case.prefix,
        address=case.address,
        gateway=case.gateway,
        delegated=case.delegated,
        wan=case.wan,
    )
    return Did(case, site.parts.sign_on.change(wanted).words)


def record_new(case: RelocationCase, room: Room) -> Did[RelocationCase]:
    """The inventory names the new line as the service's."""
    target, place = case.moved(), case.place
    line = replace(
        recorded(case, room),
        olt_id=place.olt_id,
        pon_port=target.pon_port,
        ont_id=_known(target.ont_id),
        serial=target.serial,
        service_port=_known(target.service_port),
        expected_rx_dbm=place.expected_rx_dbm,
        measured_rx_dbm=case.light.ont_rx_dbm if case.light else None,
        splitter_code=place.splitter_code,
        splitter_port=place.splitter_port,
    )
    inventory.record_line(tx=room.tx, line=rides.in_line(line, target))
    keep_reading(case.service_id, target, case.light, room)
    return Did(case, say("{place} recorded for {service_code}.", place=target.place, service_code=case.service_code))


def record_old(case: RelocationCase, room: Room) -> Did[RelocationCase]:
    """The inventory names the old line again."""
    if case.old_line is None:
        return Did(case, say("The old line is on record."))
    port = case.on_device().service_port
    inventory.record_line(tx=room.tx, line=case.old_line if port is None else replace(case.old_line, service_port=port))
    return Did(
        case,
        say("{place} recorded for {service_code} again.", place=case.on_device().place, service_code=case.service_code),
    )


def remove_old(case: RelocationCase, site: Site) -> Did[RelocationCase]:
    """Take the old line off its OLT, now that the new one works."""
    return Did(case, device.remove(case.old(), site, moving=True))


def build_old(case: RelocationCase, site: Site) -> Did[RelocationCase]:
    """Put the old line back as it stood."""
    target = device.configure(case.old(), site)
    device.stands_as_wanted(target, site)
    return Did(replace(case, target=replace(target, beside=None)), say("{place} stands again.", place=target.place))


def finish(case: RelocationCase, room: Room) -> Did[RelocationCase]:
    """The service is at its new premises; an address that could not go along rests; everyone hears of it."""
    has = numbers.use_moved(room, owner=case.service_id)
    rides.use(room, owner=case.service_id)
    service = inventory.service_by_id(tx=room.tx, service_id=case.service_id)
    inventory.move_premises(tx=room.tx, service_id=case.service_id, premises_id=case.place.premises_id)
    orders.complete(tx=room.tx, order_id=case.order_id, at=room.at)
    visit.finish(case, room, result="Line moved.")
    room.record(
        LineRelocated(
            order_id=case.order_id,
            customer_id=case.customer_id,
            service_id=case.service_id,
            moved_on=room.today,
            old_premises_id=service.premises_id,
            new_ip_address=case.prefix != case.new_prefix,
        )
    )
    old = [one for one in (case.prefix, case.delegated) if one not in (None, case.new_prefix, case.new_delegated)]
    rests = f"; {' and '.join(map(str, old))} {'rests' if len(old) == 1 else 'rest'}" if old else ""
    return Did(
        case,
        say(
            "{code} is at {address} with {has}{rests}.",
            code=case.service_code,
            address=case.address_of_premises,
            has=has,
            rests=rests,
        ),
    )


def _known(number: int | None) -> int:
    if number is None:
        raise AssertionError("the building step has read this number back")
    return number


def _new_turn(case: RelocationCase) -> str:
    return f"olt:{case.place.olt}"


RELOCATION = Workflow(
    name="relocation",
    starts_on=(RelocationRequested,),
    case=RelocationCase,
    begin=begin,
    alone=True,
    steps=(
        DatabaseStep(say("Start the order"), do=start_order, undo=give_order_up, always_undone=True),
        DatabaseStep(say("Book a visit"), do=book_visit, undo=visit.call_off),
        PersonStep(WAIT_FOR_INSTALLER, ask=visit.ask, take=take_serial, undo=nothing_to_take_back),
        DatabaseStep(say("Reserve address and VLAN"), do=reserve_numbers, undo=release_numbers),
        OutsideStep(
            say("Plan the new line"),
            do=plan_line,
            verify=Unobservable(say("planning changes nothing")),
            undo=nothing_to_take_back,
            turn=_new_turn,
        ),
        OutsideStep(
            say("Build the new line"),
            do=build_new,
            verify=lambda case, site: device.stands_as_wanted(case.moved(), site),
            undo=remove_new,
            turn=_new_turn,
        ),
        OutsideStep(
            say("Wait for the ONT to come online"), do=wait_for_light, verify=still_online, undo=nothing_to_take_back
        ),
        OutsideStep(
            say("Measure the light"),
            do=measure_light,
            verify=Unobservable(say("a measurement is its own observation")),
            undo=nothing_to_take_back,
        ),
        OutsideStep(
            say("Change RADIUS and DHCP"),
            do=tell_new,
            verify=Unobservable(say("the port has no way to look")),
            undo=tell_old,
        ),
        DatabaseStep(say("Record the new line"), do=record_new, undo=record_old),
        OutsideStep(
            say("Remove the old line"),
            do=remove_old,
            verify=lambda case, site: device.is_gone(case.old(), site, moving=True),
            undo=build_old,
            turn=lambda case: case.on_device().turn,
        ),
        DatabaseStep(
            say("Complete the move"),
            do=finish,
            undo=Irreversible(say("The service has moved; another relocation moves it back.")),
        ),
    ),
)
