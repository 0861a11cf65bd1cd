"""Address change: another IPv4 address or block, or IPv6 prefix; what is replaced rests when the new one stands.

Where the OLT only bridges, nothing changes there: RADIUS or DHCP are told, and the records. An ONT that is told its
address gets the new one. For a short time the service holds both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from isp_lifecycle.customers import actions as customers
from isp_lifecycle.events.vocabulary import AddressChanged, AddressChangeRequested
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import ServiceState
from isp_lifecycle.orders import actions as orders
from isp_lifecycle.workflows.line import device, numbers, rides
from isp_lifecycle.workflows.line.device import Target
from isp_lifecycle.workflows.line.existing import (
    ExistingLine,
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


@dataclass(frozen=True, kw_only=True)
class AddressChangeCase(ExistingLine):
    """The line with the address that it has, and with the one that it is to have."""

    area: str
    new_prefix: str | None = None
    new_address: str | None = None
    new_gateway: str | None = None
    new_delegated: str | None = None
    new_wan: str | None = None
    new_target: Target | None = None

    def wanted(self) -> numbers.Renumbering:
        """What is to be replaced."""
        return numbers.Renumbering(self.terms, self.wanted_terms)


def begin(event: AddressChangeRequested, room: Room) -> AddressChangeCase:
    """Gather the line and where it is."""
    service = inventory.service_by_id(tx=room.tx, service_id=event.service_id)
    premises = customers.premises_by_id(tx=room.tx, premises_id=service.premises_id)
    return AddressChangeCase(**as_fields(read_existing(event, room)), area=premises.area)


# --- the steps -----------------------------------------------------------------------------------------------------


def start_order(case: AddressChangeCase, room: Room) -> Did[AddressChangeCase]:
    """The order is in progress from here on."""
    case, order = begin_order(case, room, ServiceState.ACTIVE)
    return Did(
        case,
        say(
            "Order {code}: {service_code} gets {words}.",
            code=order.code,
            service_code=case.service_code,
            words=case.wanted().words,
        ),
    )


def reserve_next(case: AddressChangeCase, room: Room) -> Did[AddressChangeCase]:
    """Hold the new numbers beside the old ones; what is not replaced stays the line's."""
    will = numbers.reserve_next(room, owner=case.service_id, wanted=case.wanted(), area=case.area)
    ipv4 = will.ipv4
    case = replace(
        case,
        new_prefix=str(ipv4.prefix) if ipv4 else case.prefix,
        new_address=str(ipv4.address) if ipv4 else case.address,
        new_gateway=(str(ipv4.gateway) if ipv4.gateway else None) if ipv4 else case.gateway,
        new_delegated=will.delegated if case.wanted().ipv6 else case.delegated,
        new_wan=will.wan if case.wanted().ipv6 else case.wan,
        new_target=numbers.told_to(case.on_device(), ipv4) if ipv4 and case.terms.ont.needs_own_address else None,
    )
    return Did(
        case,
        say(
            "{words}; {before} is in use until it stands.",
            words=will.words,
            before=_replaced(case) or say("no address"),
        ),
    )


def drop_next(case: AddressChangeCase, room: Room) -> Did[AddressChangeCase]:
    """Give the new numbers back; they were never in use."""
    dropped = numbers.drop_next(room, owner=case.service_id)
    none = replace(
        case, new_prefix=None, new_address=None, new_gateway=None, new_delegated=None, new_wan=None, new_target=None
    )
    return Did(none, dropped)


def tell_new(case: AddressChangeCase, site: Site) -> Did[AddressChangeCase]:
    """Tell RADIUS or DHCP of the new numbers."""
    wanted = sign_on_wanted(
        target=case.on_device(),
        prefix=case.new_prefix,
        address=case.new_address,
        gateway=case.new_gateway,
        delegated=case.new_delegated,
        wan=case.new_wan,
    )
    return Did(case, site.parts.sign_on.change(wanted).words)


def tell_old(case: AddressChangeCase, site: Site) -> Did[AddressChangeCase]:
    """Tell RADIUS or DHCP of the old numbers again."""
    wanted = sign_on_wanted(
        target=case.on_device(),
        prefix=case.prefix,
        address=case.address,
        gateway=case.gateway,
        delegated=case.delegated,
        wan=case.wan,
    )
    return Did(case, site.parts.sign_on.change(wanted).words)


def tell_ont(case: AddressChangeCase, site: Site) -> Did[AddressChangeCase]:
    """Tell the ONT its new address, where it is one that is told."""
    new = case.new_target
    if new is None:
        return Did(case, say("The ONT is not told its address by the OLT."))
    return Did(replace(case, new_target=device.configure(new, site)), f"{new.place} has {new.ont_address}.")


def ont_stands(case: AddressChangeCase, site: Site) -> None:
    """Read it back."""
    if case.new_target is not None:
        device.stands_as_wanted(case.new_target, site)


def tell_ont_old(case: AddressChangeCase, site: Site) -> Did[AddressChangeCase]:
    """Tell the ONT its old address again."""
    if case.new_target is None:
        return Did(case, say("The ONT is not told its address by the OLT."))
    old = device.configure(case.on_device(), site)
    return Did(case, say("{place} has {ont_address} again.", place=old.place, ont_address=old.ont_address))


def put_in_use(case: AddressChangeCase, room: Room) -> Did[AddressChangeCase]:
    """The new numbers are the line's, the old ones rest; the CRM and the customer hear of it."""
    has = numbers.switch(room, owner=case.service_id, wanted=case.wanted())
    wanted = case.wanted_terms
    terms = replace(case.terms, address_policy=wanted.address_policy, ipv6_policy=wanted.ipv6_policy)
    inventory.change_terms(tx=room.tx, service_id=case.service_id, terms=terms)
    if case.new_target is not None:
        inventory.record_line(tx=room.tx, line=rides.in_line(recorded(case, room), case.new_target))
    orders.complete(tx=room.tx, order_id=case.order_id, at=room.at)
    room.record(
        AddressChanged(
            order_id=case.order_id,
            customer_id=case.customer_id,
            service_id=case.service_id,
            changed_on=room.today,
            old_prefix=_replaced(case),
            new_prefix=" and ".join(str(one.prefix) for one in has.both),
        )
    )
    gets = " and ".join(str(one.prefix) for one in has.both) or say("no prefix any more")
    return Did(case, f"{case.service_code} has {gets}; {_replaced(case) or 'nothing'} rests.")


def _replaced(case: AddressChangeCase) -> str:
    """What the line has until then of that which changes."""
    wanted = case.wanted()
    old = (case.prefix if wanted.ipv4 else None, case.delegated if wanted.ipv6 else None)
    return " and ".join(one for one in old if one)


ADDRESS_CHANGE = Workflow(
    name="address_change",
    starts_on=(AddressChangeRequested,),
    case=AddressChangeCase,
    begin=begin,
    alone=True,
    steps=(
        DatabaseStep(say("Start the order"), do=start_order, undo=give_order_up, always_undone=True),
        DatabaseStep(say("Reserve the new address"), do=reserve_next, undo=drop_next),
        OutsideStep(
            say("Change the address in RADIUS and DHCP"),
            do=tell_new,
            verify=Unobservable(say("the port has no way to look")),
            undo=tell_old,
        ),
        OutsideStep(
            say("Tell the ONT its address"),
            do=tell_ont,
            verify=ont_stands,
            undo=tell_ont_old,
            turn=lambda case: case.on_device().turn,
        ),
        DatabaseStep(
            say("Put the new address in use"),
            do=put_in_use,
            undo=Irreversible(
                say("The new address is in use and the old one rests; another change gives another one.")
            ),
        ),
    ),
)
