"""What customers ask for: a line, another plan, an end. The sales desk uses the same functions on their behalf."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from isp_lifecycle.catalog import actions as catalog
from isp_lifecycle.customers import actions as customers
from isp_lifecycle.customers.model import Premises, checked_name, checked_phone
from isp_lifecycle.events.vocabulary import OrderPlaced, PlanChangeRequested, TerminationRequested
from isp_lifecycle.foundation.clock import start_of
from isp_lifecycle.foundation.errors import IllegalMove
from isp_lifecycle.foundation.terms import Terms
from isp_lifecycle.foundation.texts import ENGLISH
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.intake.errors import (
    AddressTaken,
    ConsentMissing,
    DateWrong,
    NotServiceable,
    NotYours,
    OtherAddressKind,
    PremisesServed,
    SamePlan,
)
from isp_lifecycle.intake.once import Placed
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import Service, ServiceState
from isp_lifecycle.orders import actions as orders
from isp_lifecycle.orders.errors import OrderOpen
from isp_lifecycle.orders.model import Applicant, Channel, Order, OrderKind

#: An order may name a day at most so far ahead.
FURTHEST = timedelta(days=365)
#: A service that is shut for a while can be ended, too.
IN_USE = (ServiceState.ACTIVE, ServiceState.SUSPENDED)


@enters("partner.order", "order.place", "own.order")
def place_application(
    act: Act,
    *,
    premises_code: str,
    plan_code: str,
    name: str,
    email: str,
    phone: str,
    consent: bool,
    wanted_on: date | None = None,
    note: str = "",
    language: str = ENGLISH,
) -> Placed:
    """Take an application for a new line. A customer who is signed in applies for themselves, whatever was typed.

    Refuses premises that cannot be served, are served already, or have an open application; a plan that is not on
    sale; contact details that cannot be right; a missing consent. Each error names its field, and tells a stranger
    nothing about anybody's orders or services. Who is new is written to in ``language``.
    """
    if not consent:
        raise ConsentMissing
    channel = Channel.STAFF if act.actor.may("order.read") else Channel.PORTAL
    if act.actor.partner is not None:
        channel = Channel.PARTNER
    try:
        order = submit_new_line(
            act,
            premises_code=premises_code,
            plan_code=plan_code,
            contact=(name, email, phone),
            channel=channel,
            wanted_on=wanted_on,
            note=note,
            language=language,
        )
    except (PremisesServed, OrderOpen):
        if channel is Channel.STAFF:
            raise
        raise AddressTaken(act.settings.company.support_phone) from None
    return Placed(order.code, order.id)


def submit_new_line(
    act: Act,
    *,
    premises_code: str,
    plan_code: str,
    contact: tuple[str, str, str],
    channel: Channel,
    wanted_on: date | None = None,
    note: str = "",
    language: str = ENGLISH,
) -> Order:
    """Write the order of a new line and its event; ``contact`` is name, e-mail, telephone."""
    premises = customers.premises_by_code(tx=act.tx, code=premises_code)
    check_premises(act, premises)
    check_date(act, wanted_on)
    plan = catalog.sold(tx=act.tx, code=plan_code, today=act.today)
    customer_id, applicant = _customer_of(act, contact, channel, language)
    order = orders.submit(
        tx=act.tx,
        kind=OrderKind.NEW_LINE,
        customer_id=customer_id,
        premises_id=premises.id,
        terms=catalog.terms_of(plan),
        channel=channel,
        at=act.at,
        note=note.strip()[:2000],
        consent_at=act.at,
        wanted_on=wanted_on,
        applicant=applicant,
        partner=act.actor.partner,
    )
    act.about("order", order.code)
    act.record(OrderPlaced(order_id=order.id, customer_id=customer_id), trace=order.id)
    return order


def _customer_of(
    act: Act, contact: tuple[str, str, str], channel: Channel, language: str
) -> tuple[UUID, Applicant | None]:
    """Whose order it is; with an applicant when a stranger gave a known e-mail address, which proves nothing.

    The stranger is answered as anybody else, so that the form does not tell who is a customer. Staff speak with whom
    they place an order for.
    """
    if act.actor.customer_id is not None:
        return act.actor.customer_id, None
    name, email, phone = contact
    customer_id, created = customers.applicant(
        tx=act.tx, name=name, email=email, phone=phone, at=act.at, language=language
    )
    known = not created and channel in (Channel.PORTAL, Channel.PARTNER)
    return customer_id, Applicant(checked_name(name), checked_phone(phone)) if known else None


def check_premises(act: Act, premises: Premises) -> None:
    """Refuse premises without fibre and premises with a service."""
    if not premises.serviceable:
        raise NotServiceable(premises.address)
    if inventory.premises_in_use(tx=act.tx, premises_ids=[premises.id]):
        # A customer who asks at the portal sees their own services only, and is told no code.
        standing = inventory.services_at(tx=act.tx, premises_id=premises.id)
        code = next((one.code for one in standing if one.state is not ServiceState.TERMINATED), "of another customer")
        raise PremisesServed(premises.address, code)


def check_date(act: Act, wanted: date | None) -> None:
    """Refuse a day in the past or too far ahead."""
    if wanted is not None and not act.today <= wanted <= act.today + FURTHEST:
        raise DateWrong(wanted, act.today, act.today + FURTHEST)


@enters("own.change_plan", "partner.change", "service.change_plan")
def ask_plan_change(act: Act, *, service_code: str, plan_code: str, wanted_on: date) -> Placed:
    """Ask for another plan from a day on; it happens on that day with nobody touching it.

    Refuses a plan that is not on sale today; its terms are those of today, also where they change until that day.
    """
    service = service_of_theirs(act, service_code, staff="service.change_plan")
    check_date(act, wanted_on)
    plan = catalog.sold(tx=act.tx, code=plan_code, today=act.today)
    terms = catalog.terms_of(plan)
    if terms.plan_code == service.terms.plan_code:
        raise SamePlan(terms.plan_name)
    if terms.address_policy is not service.terms.address_policy:
        raise OtherAddressKind(service.terms.address_policy, terms.address_policy)
    order = submit_for(act, service, OrderKind.PLAN_CHANGE, wanted_on, terms=terms)
    event = PlanChangeRequested(
        order_id=order.id, customer_id=service.customer_id, service_id=service.id, wanted_on=wanted_on
    )
    act.record(event, due_at=start_of(wanted_on, zone=act.settings.company.tz), trace=order.id)
    return Placed(order.code, order.id)


@enters("own.terminate", "partner.change", "service.terminate")
def ask_termination(act: Act, *, service_code: str, wanted_on: date) -> Placed:
    """Ask for the end of a service. ``wanted_on`` is its last day: the line goes when that day is over.

    When it is today the line goes at once.
    """
    service = service_of_theirs(act, service_code, staff="service.terminate")
    check_date(act, wanted_on)
    order = submit_for(act, service, OrderKind.TERMINATION, wanted_on, states=IN_USE)
    event = TerminationRequested(
        order_id=order.id, customer_id=service.customer_id, service_id=service.id, wanted_on=wanted_on
    )
    over = wanted_on if wanted_on == act.today else wanted_on + timedelta(days=1)
    act.record(event, due_at=start_of(over, zone=act.settings.company.tz), trace=order.id)
    return Placed(order.code, order.id)


def service_of_theirs(act: Act, service_code: str, *, staff: str) -> Service:
    """The service, if it is the actor's own, came by their partner, or the actor may act for any customer."""
    service = inventory.service_by_code(tx=act.tx, code=service_code)
    if act.actor.may(staff) or service.customer_id == act.actor.customer_id or _came_by(act, service.order_id):
        return service
    raise NotYours(service_code)


def _came_by(act: Act, order_id: UUID | None) -> bool:
    """Whether an order came by the partner for whom a machine asks."""
    partner = act.actor.partner
    return bool(
        partner and order_id is not None and orders.order_by_id(tx=act.tx, order_id=order_id).partner == partner
    )


def submit_for(
    act: Act,
    service: Service,
    kind: OrderKind,
    wanted_on: date | None,
    *,
    terms: Terms | None = None,
    premises_id: UUID | None = None,
    states: Collection[ServiceState] = (ServiceState.ACTIVE,),
    note: str = "",
) -> Order:
    """Write an order about an existing service. It needs no sales decision: it is confirmed as it is placed.

    ``terms`` and ``premises_id`` are those wanted, the service's own unless given. Refused while the service is in none
    of ``states``, and while an order of this kind is open: the refusal names it.
    """
    if service.state not in states:
        raise IllegalMove("service", service.code, service.state, kind.replace("_", " "))
    channel = Channel.PORTAL if act.actor.customer_id == service.customer_id else Channel.STAFF
    if act.actor.partner is not None:
        channel = Channel.PARTNER
    order = orders.submit(
        tx=act.tx,
        kind=kind,
        customer_id=service.customer_id,
        premises_id=premises_id or service.premises_id,
        service_id=service.id,
        terms=terms or service.terms,
        channel=channel,
        partner=act.actor.partner,
        at=act.at,
        wanted_on=wanted_on,
        note=note,
    )
    act.about("service", service.code)
    act.record(OrderPlaced(order_id=order.id, customer_id=service.customer_id), trace=order.id)
    return orders.confirm(tx=act.tx, order_id=order.id, by=act.actor.username, at=act.at)
