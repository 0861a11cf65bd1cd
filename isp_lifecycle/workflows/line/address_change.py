"""Address change: another IP address or block, of the same policy or of another; the old one rests when the new stands.

The OLT only bridges, so nothing changes there: RADIUS or DHCP are told, and the records. For a short time the service
holds both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from isp_lifecycle.aaa.model import SignOnWanted
from isp_lifecycle.customers import actions as customers
from isp_lifecycle.events.vocabulary import AddressChanged, AddressChangeRequested
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import ServiceState
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.orders import actions as orders
from isp_lifecycle.workflows.line.existing import ExistingLine, as_fields, begin_order, give_order_up, read_existing
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


def begin(event: AddressChangeRequested, room: Room) -> AddressChangeCase:
    """Gather the line and where it is."""
    service = inventory.service_by_id(tx=room.tx, service_id=event.service_id)
    premises = customers.premises_by_id(tx=room.tx, premises_id=service.premises_id)
    return AddressChangeCase(**as_fields(read_existing(event, room)), area=premises.area)


# --- the steps -----------------------------------------------------------------------------------------------------


def start_order(case: AddressChangeCase, room: Room) -> Did[AddressChangeCase]:
    """The order is in progress from here on."""
    case, order = begin_order(case, room, ServiceState.ACTIVE)
    had, gets = case.terms.address_policy, case.wanted_terms.address_policy
    kind = f"another {gets} address" if had is gets else f"a {gets} address instead of a {had} one"
    return Did(case, f"Order {order.code}: {case.service_code} gets {kind}.")


def reserve_next(case: AddressChangeCase, room: Room) -> Did[AddressChangeCase]:
    """Hold the new address (or block) beside the old one."""
    policy = case.wanted_terms.address_policy
    held = ipam.reserve_next(tx=room.tx, owner=case.service_id, policy=policy, area=case.area, at=room.at)
    case = replace(
        case,
        new_prefix=str(held.prefix),
        new_address=str(held.address),
        new_gateway=str(held.gateway) if held.gateway else None,
    )
    shown = held.prefix if policy.is_block else held.address
    return Did(case, f"{shown} from pool {held.pool}; {case.prefix or 'no address'} is in use until it stands.")


def drop_next(case: AddressChangeCase, room: Room) -> Did[AddressChangeCase]:
    """Give the new address back; it was never in use."""
    dropped = ipam.drop_next(tx=room.tx, owner=case.service_id, at=room.at)
    case = replace(case, new_prefix=None, new_address=None, new_gateway=None)
    return Did(case, f"{dropped.prefix if dropped else 'No address'} released.")


def tell_new(case: AddressChangeCase, site: Site) -> Did[AddressChangeCase]:
    """Tell RADIUS or DHCP of the new address."""
    wanted = _sign_on(case, case.new_prefix, case.new_address, case.new_gateway)
    return Did(case, site.parts.sign_on.change(wanted).words)


def tell_old(case: AddressChangeCase, site: Site) -> Did[AddressChangeCase]:
    """Tell RADIUS or DHCP of the old address again."""
    return Did(case, site.parts.sign_on.change(_sign_on(case, case.prefix, case.address, case.gateway)).words)


def put_in_use(case: AddressChangeCase, room: Room) -> Did[AddressChangeCase]:
    """The new address is the line's, the old one rests; the CRM and the customer hear of it."""
    held = ipam.switch(tx=room.tx, owner=case.service_id, at=room.at)
    terms = replace(case.terms, address_policy=case.wanted_terms.address_policy)
    inventory.change_terms(tx=room.tx, service_id=case.service_id, terms=terms)
    orders.complete(tx=room.tx, order_id=case.order_id, at=room.at)
    room.record(
        AddressChanged(
            order_id=case.order_id,
            customer_id=case.customer_id,
            service_id=case.service_id,
            changed_on=room.today,
            old_prefix=case.prefix or "",
        )
    )
    return Did(case, f"{case.service_code} has {held.prefix}; {case.prefix or 'nothing'} rests.")


def _sign_on(case: AddressChangeCase, prefix: str | None, address: str | None, gateway: str | None) -> SignOnWanted:
    return sign_on_wanted(target=case.on_device(), prefix=prefix, address=address, gateway=gateway)


ADDRESS_CHANGE = Workflow(
    name="address_change",
    starts_on=(AddressChangeRequested,),
    case=AddressChangeCase,
    begin=begin,
    alone=True,
    steps=(
        DatabaseStep("Start the order", do=start_order, undo=give_order_up, always_undone=True),
        DatabaseStep("Reserve the new address", do=reserve_next, undo=drop_next),
        OutsideStep(
            "Change the address in RADIUS and DHCP",
            do=tell_new,
            verify=Unobservable("the port has no way to look"),
            undo=tell_old,
        ),
        DatabaseStep(
            "Put the new address in use",
            do=put_in_use,
            undo=Irreversible("The new address is in use and the old one rests; another change gives another one."),
        ),
    ),
)
