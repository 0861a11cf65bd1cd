"""Suspension and resumption: the line is shut on its date, softly or hard, and opened again; it stays built.

Softly it goes on at a low rate, or leads to the provider's own pages only (a VLAN); hard, the ONT is switched off on
the PON. Address, ONT and PON port stay the customer's. Days on which it is shut are not charged.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from isp_lifecycle.aaa.model import SignOnResult, SignOnWanted
from isp_lifecycle.events.vocabulary import LineResumed, LineSuspended, ResumptionRequested, SuspensionRequested
from isp_lifecycle.foundation.sections import Network
from isp_lifecycle.foundation.terms import OntMode
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.words import word
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import ServiceState, SuspendedFor, SuspendedWay
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.orders import actions as orders
from isp_lifecycle.workflows.errors import NoWalledGarden
from isp_lifecycle.workflows.line import device, rides
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

WAYS = {
    SuspendedWay.SLOW: say("goes on slowly"),
    SuspendedWay.WALLED_GARDEN: say("leads to the provider's pages only"),
    SuspendedWay.OFF: say("is switched off"),
}


@dataclass(frozen=True, kw_only=True)
class ShutCase(ExistingLine):
    """The line as it stood, and as it is to stand; of a suspension, also how and why."""

    new_target: Target | None = None
    way: SuspendedWay | None = None
    why: SuspendedFor | None = None

    def changed(self) -> Target:
        """The line as it is to stand; the first step has worked it out."""
        if self.new_target is None:
            raise LineUnknown(self.service_code)
        return self.new_target


def shut(target: Target, way: SuspendedWay, limits: Network) -> Target:
    """The line when it is shut in this way; raises NoWalledGarden."""
    if way is SuspendedWay.OFF:
        return replace(target, enabled=False)
    if way is SuspendedWay.SLOW:
        rate = limits.suspended_kbps
        return replace(target, down_kbps=min(rate, target.down_kbps), up_kbps=min(rate, target.up_kbps))
    if limits.walled_garden_vlan is None:
        raise NoWalledGarden
    told = target.inner is not None or target.ont is not OntMode.BRIDGE
    # An ONT that was told which tag to use goes on using it: only what the OLT makes of it is another VLAN.
    kept = target.on_ont if told else target.user_vlan
    return replace(target, vlan=limits.walled_garden_vlan, inner=None, user_vlan=kept)


def begin_suspension(event: SuspensionRequested, room: Room) -> ShutCase:
    """Gather the line, and how and why it is to be shut."""
    line = as_fields(read_existing(event, room))
    return ShutCase(**line, way=SuspendedWay(event.way), why=SuspendedFor(event.why))


def begin_resumption(event: ResumptionRequested, room: Room) -> ShutCase:
    """Gather the line."""
    return ShutCase(**as_fields(read_existing(event, room)))


# --- the steps -----------------------------------------------------------------------------------------------------


def start_suspension(case: ShutCase, room: Room) -> Did[ShutCase]:
    """The order is in progress; the line as it will be is worked out."""
    case, order = begin_order(case, room, ServiceState.ACTIVE)
    way = _known(case.way)
    target = shut(case.on_device(), way, room.parts.settings.network)
    if way is SuspendedWay.WALLED_GARDEN:
        ipam.reserve_vlan(tx=room.tx, olt=case.olt, number=target.vlan, purpose="walled garden", at=room.at)
    return Did(
        replace(case, new_target=target),
        say(
            "Order {code}: {service_code} {way} from now on.",
            code=order.code,
            service_code=case.service_code,
            way=WAYS[way],
        ),
    )


def start_resumption(case: ShutCase, room: Room) -> Did[ShutCase]:
    """The order is in progress; the line is to stand as its terms say."""
    case, order = begin_order(case, room, ServiceState.SUSPENDED)
    terms = case.terms
    target = replace(case.on_device(), down_kbps=terms.down_kbps, up_kbps=terms.up_kbps, enabled=True)
    target = rides.agreed(room, owner=case.service_id, terms=terms).of(target)
    return Did(
        replace(case, new_target=target),
        say("Order {code}: {service_code} runs as agreed again.", code=order.code, service_code=case.service_code),
    )


def change_line(case: ShutCase, site: Site) -> Did[ShutCase]:
    """Make the OLT hold the line as it is to stand."""
    target = device.configure(case.changed(), site)
    return Did(replace(case, new_target=target), f"{target.place}: {_words(target)}.")


def line_is_changed(case: ShutCase, site: Site) -> None:
    """Read every field back, and watch the ONT go down or come up where it was switched."""
    _stands(case.changed(), switched=case.changed().enabled is not case.on_device().enabled, site=site)


def restore_line(case: ShutCase, site: Site) -> Did[ShutCase]:
    """Make the OLT hold the line as it stood."""
    target = device.configure(case.on_device(), site)
    _stands(target, switched=case.changed().enabled is not target.enabled, site=site)
    return Did(replace(case, target=target), f"{target.place}: {_words(target)} again.")


def change_sign_on(case: ShutCase, site: Site) -> Did[ShutCase]:
    """Tell RADIUS or DHCP how the line stands now."""
    return Did(case, _tell(case, case.changed(), site).words)


def restore_sign_on(case: ShutCase, site: Site) -> Did[ShutCase]:
    """Tell RADIUS or DHCP how the line stood."""
    return Did(case, _tell(case, case.on_device(), site).words)


def record_suspension(case: ShutCase, room: Room) -> Did[ShutCase]:
    """The service is suspended; billing, the CRM and the customer hear of it."""
    way, why = _known(case.way), case.why or SuspendedFor.CUSTOMER_WISH
    _record(case, room)
    inventory.suspend_service(tx=room.tx, service_id=case.service_id, on=room.today, way=way, why=why)
    room.record(
        LineSuspended(
            order_id=case.order_id,
            customer_id=case.customer_id,
            service_id=case.service_id,
            suspended_on=room.today,
            way=str(way),
            why=str(why),
        )
    )
    return Did(
        case,
        say(
            "{code} is suspended since {day:%d %b %Y}: {why}.",
            code=case.service_code,
            day=room.today,
            why=word(why),
        ),
    )


def record_resumption(case: ShutCase, room: Room) -> Did[ShutCase]:
    """The service is in use again; billing, the CRM and the customer hear of it."""
    _record(case, room)
    inventory.resume_service(tx=room.tx, service_id=case.service_id)
    room.record(
        LineResumed(
            order_id=case.order_id,
            customer_id=case.customer_id,
            service_id=case.service_id,
            resumed_on=room.today,
        )
    )
    return Did(
        case,
        say("{code} is in use again since {day:%d %b %Y}.", code=case.service_code, day=room.today),
    )


def _record(case: ShutCase, room: Room) -> None:
    target = case.changed()
    line = replace(
        recorded(case, room),
        down_kbps=target.down_kbps,
        up_kbps=target.up_kbps,
        enabled=target.enabled,
    )
    line = rides.in_line(line, target)
    if target.service_port is not None:
        line = replace(line, service_port=target.service_port)
    inventory.record_line(tx=room.tx, line=line)
    orders.complete(tx=room.tx, order_id=case.order_id, at=room.at)


def _stands(target: Target, *, switched: bool, site: Site) -> None:
    device.stands_as_wanted(target, site)
    if not target.enabled:
        device.wait_until_off(target, site)
    elif switched:
        device.wait_until_online(target, site)


def _tell(case: ShutCase, target: Target, site: Site) -> SignOnResult:
    # A line that is switched off stays known there and is refused: it is the customer's still, and says why.
    wanted: SignOnWanted = sign_on_wanted(
        target=target,
        prefix=case.prefix,
        address=case.address,
        gateway=case.gateway,
        delegated=case.delegated,
        wan=case.wan,
    )
    return site.parts.sign_on.change(wanted)


def _words(target: Target) -> str:
    if not target.enabled:
        return say("ONT switched off")
    return say(
        "{down:g}/{up:g} Mbit/s on VLAN {vlan}",
        down=target.down_kbps / 1000,
        up=target.up_kbps / 1000,
        vlan=target.vlan,
    )


def _known(way: SuspendedWay | None) -> SuspendedWay:
    if way is None:
        raise AssertionError("a suspension's event names its way")
    return way


def _turn(case: ShutCase) -> str:
    return case.on_device().turn


SUSPENSION = Workflow(
    name="suspension",
    starts_on=(SuspensionRequested,),
    case=ShutCase,
    begin=begin_suspension,
    alone=True,
    steps=(
        DatabaseStep(say("Start the order"), do=start_suspension, undo=give_order_up, always_undone=True),
        OutsideStep(
            say("Shut the line on the OLT"), do=change_line, verify=line_is_changed, undo=restore_line, turn=_turn
        ),
        OutsideStep(
            say("Shut the line in RADIUS and DHCP"),
            do=change_sign_on,
            verify=Unobservable(say("the port has no way to look")),
            undo=restore_sign_on,
        ),
        DatabaseStep(
            say("Record the suspension"),
            do=record_suspension,
            undo=Irreversible(say("The service is suspended; a resumption opens it again.")),
        ),
    ),
)

RESUMPTION = Workflow(
    name="resumption",
    starts_on=(ResumptionRequested,),
    case=ShutCase,
    begin=begin_resumption,
    alone=True,
    steps=(
        DatabaseStep(say("Start the order"), do=start_resumption, undo=give_order_up, always_undone=True),
        OutsideStep(
            say("Open the line on the OLT"), do=change_line, verify=line_is_changed, undo=restore_line, turn=_turn
        ),
        OutsideStep(
            say("Open the line in RADIUS and DHCP"),
            do=change_sign_on,
            verify=Unobservable(say("the port has no way to look")),
            undo=restore_sign_on,
        ),
        DatabaseStep(
            say("Record the resumption"),
            do=record_resumption,
            undo=Irreversible(say("The service is in use again; a suspension shuts it.")),
        ),
    ),
)
