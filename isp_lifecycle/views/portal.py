"""What a visitor and a customer see: plans, addresses, their own services, orders and charges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from isp_lifecycle.billing import actions as billing
from isp_lifecycle.catalog import actions as catalog
from isp_lifecycle.customers import actions as customers
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.foundation.terms import Family, Terms
from isp_lifecycle.foundation.texts import ENGLISH, say
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import Service, ServiceState, SuspendedFor
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.views.common import ADDRESS
from isp_lifecycle.views.window import Look, shows

#: So many addresses are offered while somebody types.
OFFERED = 8


@dataclass(frozen=True)
class PlanRow:
    """A plan on sale; rates in kbit/s, the price is a month's."""

    code: str
    name: str
    down_kbps: int
    up_kbps: int
    price: Money
    address_policy: str


@dataclass(frozen=True)
class AddressRow:
    """An address, whether fibre passes it, and whether somebody is served there."""

    premises_code: str
    address: str
    area: str
    serviceable: bool
    occupied: bool


@dataclass(frozen=True)
class ComingRow:
    """Something that will happen by itself."""

    words: str
    on: date
    order_code: str
    kind: str


@dataclass(frozen=True)
class MyService:
    """A service of the customer who looks."""

    service_code: str
    plan_code: str
    plan_name: str
    address: str
    state: str
    price: Money
    down_kbps: int
    up_kbps: int
    address_policy: str
    active_on: date | None
    ip_address: str | None
    ipv6_prefix: str | None
    paused: bool
    """Suspended at the customer's own wish, who may open it again."""
    coming: tuple[ComingRow, ...]


@dataclass(frozen=True)
class MyOrder:
    """An order of the customer who looks, with what it means for them."""

    order_code: str
    kind: str
    state: str
    plan_name: str
    submitted_at: datetime
    words: str


@dataclass(frozen=True)
class ChargeRow:
    """A charge; the period includes both days. Credits are negative."""

    description: str
    first: date
    last: date
    amount: Money
    created_at: datetime


@dataclass(frozen=True)
class MyAccount:
    """All that a customer sees about themselves."""

    customer_code: str
    name: str
    email: str
    services: tuple[MyService, ...]
    orders: tuple[MyOrder, ...]
    charges: tuple[ChargeRow, ...]
    language: str = ENGLISH


@shows("plan.read")
def plans(look: Look) -> tuple[PlanRow, ...]:
    """The plans on sale, cheapest first."""
    return tuple(
        PlanRow(p.code, p.name, p.down_kbps, p.up_kbps, p.price, str(p.address_policy))
        for p in catalog.plans_on_sale(tx=look.tx, today=look.today)
    )


@shows("address.read")
def find_address(look: Look, *, text: str) -> tuple[AddressRow, ...]:
    """Addresses that match what was typed so far, best first; typing errors are forgiven."""
    if len(text.strip()) < 3:
        return ()
    hits = customers.search_premises(tx=look.tx, text=text, limit=OFFERED)
    served = inventory.premises_in_use(tx=look.tx, premises_ids=[hit.id for hit in hits])
    return tuple(AddressRow(h.code, h.address, h.area, h.serviceable, h.id in served) for h in hits)


@shows("own.read")
def my_account(look: Look) -> MyAccount:
    """The customer's own account; refused where the signed-in user belongs to no customer."""
    customer_id = look.actor.customer_id
    if customer_id is None:
        raise NotFound("customer account of", look.actor.username)
    customer = customers.customer_by_id(tx=look.tx, customer_id=customer_id)
    services = inventory.services_of(tx=look.tx, customer_id=customer_id)
    charges = billing.charges_of_customer(tx=look.tx, customer_id=customer_id)
    return MyAccount(
        customer_code=customer.code,
        name=customer.name,
        email=customer.email,
        services=tuple(_service(look, service) for service in services),
        orders=_orders(look, customer_id),
        charges=tuple(
            ChargeRow(c.description, c.period.first, c.period.last, c.amount, c.created_at)
            for c in sorted(charges, key=lambda c: c.created_at, reverse=True)
        ),
        language=customer.language,
    )


def _service(look: Look, service: Service) -> MyService:
    premises = customers.premises_by_id(tx=look.tx, premises_id=service.premises_id)
    held = ipam.allocation_of(tx=look.tx, owner=service.id)
    delegated = ipam.allocation_of(tx=look.tx, owner=service.id, family=Family.IPV6)
    terms = service.terms
    return MyService(
        service_code=service.code,
        plan_code=terms.plan_code,
        plan_name=terms.plan_name,
        address=premises.address,
        state=str(service.state),
        price=terms.price,
        down_kbps=terms.down_kbps,
        up_kbps=terms.up_kbps,
        address_policy=str(terms.address_policy),
        active_on=service.active_on,
        ip_address=held.shown if held else None,
        ipv6_prefix=delegated.shown if delegated else None,
        paused=service.state is ServiceState.SUSPENDED and service.suspended_for is SuspendedFor.CUSTOMER_WISH,
        coming=_coming(look, service.id),
    )


def _coming(look: Look, service_id: UUID) -> tuple[ComingRow, ...]:
    rows = look.tx.execute(
        sa.text(
            """
            SELECT o.code, o.kind, o.terms->>'plan_name' AS plan_name, o.wanted_on, d.due_at FROM deliveries d
            JOIN events e ON e.id = d.event_id JOIN orders o ON o.id = e.order_id
            WHERE d.service_id = :service AND d.state = 'scheduled' AND d.failure IS NULL ORDER BY d.due_at
            """
        ),
        {"service": service_id},
    )
    zone = look.settings.company.tz
    return tuple(ComingRow(_coming_words(r.kind, r.plan_name), _day(r, zone), r.code, r.kind) for r in rows)


def _day(row: sa.Row[tuple[object, ...]], zone: ZoneInfo) -> date:
    wanted: date | None = row.wanted_on
    due: datetime = row.due_at
    return wanted or due.astimezone(zone).date()


def _coming_words(kind: str, plan_name: str) -> str:
    return {
        "plan_change": say("Changes to {plan}", plan=plan_name),
        "termination": say("Ends after this day"),
        "suspension": say("Paused from this day on"),
        "resumption": say("Goes on from this day on"),
        "address_change": say("Gets another IP address"),
    }.get(kind, kind.replace("_", " ").capitalize())


_ORDER_WORDS = {
    "submitted": say("We have your application and will look at it."),
    "confirmed": say("Confirmed; it goes ahead by itself."),
    "in_progress": say("Under way."),
    "completed": say("Done."),
    "cancelled": say("Cancelled."),
    "failed": say("There is a problem; we are on it."),
}


_GOING_BACK = say("It is being withdrawn.")


def _orders(look: Look, customer_id: UUID) -> tuple[MyOrder, ...]:
    rows = look.tx.execute(
        sa.text(
            f"""
            SELECT o.code, o.kind, o.state, o.terms, o.submitted_at, o.reason, {ADDRESS} AS address,
                   EXISTS (SELECT FROM deliveries d JOIN events e ON e.id = d.event_id WHERE e.order_id = o.id
                           AND d.direction = 'backward' AND d.state IN ('queued', 'running')) AS going_back
            FROM orders o JOIN premises p ON p.id = o.premises_id
            WHERE o.customer_id = :customer AND NOT o.claimed ORDER BY o.submitted_at DESC LIMIT 50
            """  # noqa: S608 - the fragment is a constant of this package
        ),
        {"customer": customer_id},
    )
    return tuple(
        MyOrder(
            r.code,
            r.kind,
            r.state,
            Terms.from_json(r.terms).plan_name,
            r.submitted_at,
            (_GOING_BACK if r.going_back else _ORDER_WORDS.get(r.state))
            or say("We could not accept it: {reason}", reason=r.reason),
        )
        for r in rows
    )
