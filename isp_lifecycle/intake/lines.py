"""Changes of a line that stands: shut and open it, another ONT, other premises, another address; and withdraw them.

Staff ask on a customer's behalf; a customer asks for what is natural to be their own: a pause, and to take back what
has not begun. What is dated happens on its day with nobody touching it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.customers import actions as customers
from isp_lifecycle.drivers.contract import Serial
from isp_lifecycle.events import deliveries
from isp_lifecycle.events.vocabulary import (
    AddressChangeRequested,
    OntSwapRequested,
    OntSwapVisitRequested,
    OrderWithdrawn,
    RelocationRequested,
    ResumptionRequested,
    SuspensionRequested,
)
from isp_lifecycle.foundation.clock import start_of
from isp_lifecycle.foundation.terms import AddressPolicy, Ipv6Policy
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.intake.errors import (
    AlreadyThere,
    BegunAlready,
    NotTheirsToOpen,
    NotYours,
    OntOnRecord,
    WalledGardenMissing,
    WordUnknown,
)
from isp_lifecycle.intake.once import Placed
from isp_lifecycle.intake.portal import check_date, check_premises, service_of_theirs, submit_for
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import Service, ServiceState, SuspendedFor, SuspendedWay
from isp_lifecycle.orders import actions as orders
from isp_lifecycle.orders.model import Order, OrderKind, OrderState


@enters("own.suspend", "partner.change", "service.suspend")
def ask_suspension(
    act: Act, *, service_code: str, wanted_on: date, way: str = "off", why: str = "customer_wish", note: str = ""
) -> Placed:
    """Shut a service from a day on: ``way`` is slow, walled_garden or off, ``why`` non_payment, customer_wish or abuse.

    Softly the line goes on at a low rate or leads to the provider's own pages; hard, the ONT is switched off. A
    customer who asks for a pause is believed, and always gets the hard way: nothing runs that is not charged.
    """
    service = service_of_theirs(act, service_code, staff="service.suspend")
    check_date(act, wanted_on)
    how, reason = _word(SuspendedWay, "way", way), _word(SuspendedFor, "why", why)
    if not act.actor.may("service.suspend"):
        how, reason = SuspendedWay.OFF, SuspendedFor.CUSTOMER_WISH
    if how is SuspendedWay.WALLED_GARDEN and act.settings.network.walled_garden_vlan is None:
        raise WalledGardenMissing
    order = submit_for(act, service, OrderKind.SUSPENSION, wanted_on, note=note.strip()[:2000])
    event = SuspensionRequested(**_ids(order, service), wanted_on=wanted_on, way=str(how), why=str(reason))
    act.record(event, due_at=start_of(wanted_on, zone=act.settings.company.tz), trace=order.id)
    return Placed(order.code, order.id)


@enters("own.suspend", "partner.change", "service.resume")
def ask_resumption(act: Act, *, service_code: str, wanted_on: date) -> Placed:
    """Open a suspended service again from a day on. Customers may end the pause that they asked for, and no other."""
    service = service_of_theirs(act, service_code, staff="service.resume")
    check_date(act, wanted_on)
    wished = service.suspended_for is SuspendedFor.CUSTOMER_WISH
    if not act.actor.may("service.resume") and service.state is ServiceState.SUSPENDED and not wished:
        raise NotTheirsToOpen(service_code)
    order = submit_for(act, service, OrderKind.RESUMPTION, wanted_on, states=(ServiceState.SUSPENDED,))
    event = ResumptionRequested(**_ids(order, service), wanted_on=wanted_on)
    act.record(event, due_at=start_of(wanted_on, zone=act.settings.company.tz), trace=order.id)
    return Placed(order.code, order.id)


@enters("service.swap_ont")
def ask_ont_swap(act: Act, *, service_code: str, note: str = "") -> Placed:
    """Send an engineer who exchanges the ONT; the line follows when they name the new one."""
    service = inventory.service_by_code(tx=act.tx, code=service_code)
    order = submit_for(act, service, OrderKind.ONT_SWAP, None, note=note.strip()[:2000])
    act.record(OntSwapVisitRequested(**_ids(order, service)), trace=order.id)
    return Placed(order.code, order.id)


@enters("service.swap_ont")
def swap_ont(act: Act, *, service_code: str, serial: str) -> Placed:
    """Put an ONT on the line that is plugged in already, without a visit. A malformed or known number is refused."""
    ont = Serial.parse(serial)
    service = inventory.service_by_code(tx=act.tx, code=service_code)
    other = inventory.line_by_serial(tx=act.tx, serial=ont.normal)
    if other is not None:
        raise OntOnRecord(ont.display, inventory.service_by_id(tx=act.tx, service_id=other.service_id).code)
    order = submit_for(act, service, OrderKind.ONT_SWAP, None)
    act.record(OntSwapRequested(**_ids(order, service), serial=ont.normal), trace=order.id)
    return Placed(order.code, order.id)


@enters("service.relocate")
def ask_relocation(act: Act, *, service_code: str, premises_code: str, note: str = "") -> Placed:
    """Move a service to other premises: an engineer connects them, then the old line goes by itself.

    Refuses premises that cannot be served or have a service.
    """
    service = inventory.service_by_code(tx=act.tx, code=service_code)
    premises = customers.premises_by_code(tx=act.tx, code=premises_code)
    if premises.id == service.premises_id:
        raise AlreadyThere(premises.address)
    check_premises(act, premises)
    order = submit_for(act, service, OrderKind.RELOCATION, None, premises_id=premises.id, note=note.strip()[:2000])
    act.record(RelocationRequested(**_ids(order, service)), trace=order.id)
    return Placed(order.code, order.id)


#: Says in an address change that a service is to have no IPv6 prefix.
NO_IPV6 = "none"


@enters("service.change_address")
def ask_address_change(act: Act, *, service_code: str, wanted_on: date, policy: str = "", ipv6: str = "") -> Placed:
    """Give a service another IP address from a day on: of another policy, or without one of the same (a renumbering).

    With ``ipv6``, an IPv6 prefix of this policy instead of the one that it has, or "none" to take that away; the IPv4
    address then stays unless another ``policy`` is named as well. The plan and its price stay as they are.
    """
    service = inventory.service_by_code(tx=act.tx, code=service_code)
    check_date(act, wanted_on)
    wanted = _word(AddressPolicy, "policy", policy) if policy else service.terms.address_policy
    prefix = service.terms.ipv6_policy
    if ipv6:
        prefix = None if ipv6 == NO_IPV6 else _word(Ipv6Policy, "ipv6", ipv6)
    terms = replace(service.terms, address_policy=wanted, ipv6_policy=prefix)
    order = submit_for(act, service, OrderKind.ADDRESS_CHANGE, wanted_on, terms=terms)
    event = AddressChangeRequested(**_ids(order, service), wanted_on=wanted_on)
    act.record(event, due_at=start_of(wanted_on, zone=act.settings.company.tz), trace=order.id)
    return Placed(order.code, order.id)


@enters("own.withdraw", "partner.change", "service.withdraw")
def withdraw(act: Act, *, order_code: str) -> None:
    """Take back a change that lies in the future. What has begun is refused: support gives it up, and it is undone."""
    order = orders.order_by_code(tx=act.tx, code=order_code)
    theirs = order.customer_id == act.actor.customer_id or (order.partner or "") == act.actor.partner
    if not act.actor.may("service.withdraw") and not theirs:
        raise NotYours(order_code)
    delivery_id = _scheduled(act, order) if order.state is OrderState.CONFIRMED else None
    if delivery_id is None:
        raise BegunAlready(order.code, order.state)
    act.about("order", order.code)
    deliveries.cancel(tx=act.tx, delivery_id=delivery_id, now=act.at)
    if order.service_id is not None:
        who = "The customer" if act.actor.customer_id == order.customer_id else act.actor.name
        about = {"order_id": order.id, "customer_id": order.customer_id, "service_id": order.service_id}
        act.record(OrderWithdrawn(**about, reason=f"{who} took it back."), trace=order.id)


def _scheduled(act: Act, order: Order) -> UUID | None:
    """The delivery that will carry the order out on its day and has not begun."""
    found: UUID | None = act.tx.execute(
        sa.text(
            """
            SELECT d.id FROM deliveries d JOIN events e ON e.id = d.event_id
            WHERE e.order_id = :order AND d.queue = 'network' AND d.state = 'scheduled' AND d.failure IS NULL
            """
        ),
        {"order": order.id},
    ).scalar_one_or_none()
    return found


def _ids(order: Order, service: Service) -> dict[str, UUID]:
    return {"order_id": order.id, "customer_id": service.customer_id, "service_id": service.id}


def _word[W: StrEnum](words: type[W], field: str, text: str) -> W:
    try:
        return words(text)
    except ValueError:
        raise WordUnknown(field, text, words) from None
