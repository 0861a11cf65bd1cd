"""Two customers, each with all that a customer can have, and what the staff have beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.access import actions as access
from isp_lifecycle.access.model import ROLES, Actor, Role, actor_of
from isp_lifecycle.billing.model import ChargeKind, Period
from isp_lifecycle.billing.store import insert as insert_charge
from isp_lifecycle.catalog import actions as catalog
from isp_lifecycle.customers import actions as customers
from isp_lifecycle.events import outbox
from isp_lifecycle.events.store import step_runs
from isp_lifecycle.events.vocabulary import LineActivated
from isp_lifecycle.foundation.db import Tx, write
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.foundation.terms import AddressPolicy
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import Service
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.orders import actions as orders
from isp_lifecycle.orders.model import Channel, OrderKind

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
PASSWORD = "correct horse battery"
STAFF = Actor(None, "sales", "Sales", Role.SALES, ROLES[Role.SALES], "staff")


@dataclass(frozen=True)
class Person:
    """A customer: who they are, what they have."""

    customer_id: UUID
    actor: Actor
    service: Service
    order_id: UUID
    event_id: UUID


def person(engine: sa.Engine, name: str, number: int) -> Person:
    """A customer with account, service, order, charge, address, and events about them."""
    email = f"{name.lower()}@example.org"
    with write(engine) as tx:
        customer = customers.register_customer(tx=tx, name=f"{name} Byrne", email=email, phone="+353 1 555 0100", at=AT)
        premises = place(tx, f"P-{number:04d}", number)
        terms = catalog.terms_of(catalog.plan_by_code(tx=tx, code="home-100"))
        order = orders.submit(
            tx=tx,
            kind=OrderKind.NEW_LINE,
            customer_id=customer.customer.id,
            premises_id=premises,
            terms=terms,
            channel=Channel.STAFF,
            at=AT,
        )
        service = inventory.open_service(
            tx=tx, customer_id=customer.customer.id, premises_id=premises, terms=terms, at=AT, order_id=order.id
        )
        inventory.activate_service(tx=tx, service_id=service.id, on=AT.date())
        insert_charge(
            tx=tx,
            customer_id=customer.customer.id,
            service_id=service.id,
            kind=ChargeKind.RECURRING,
            source=f"test:{service.id}",
            period=Period(AT.date(), AT.date() + timedelta(days=29)),
            amount=Money(Decimal("39.00"), "EUR"),
            description=f"Home 100 for {name}",
            at=AT,
        )
        ipam.reserve(tx=tx, owner=service.id, policy=AddressPolicy.DYNAMIC, area=None, at=AT)
        event = LineActivated(
            order_id=order.id, customer_id=customer.customer.id, service_id=service.id, active_on=AT.date()
        )
        made = outbox.record(tx=tx, event=event, at=AT, actor="system")
        delivery = next(iter(made.values()))
        tx.execute(
            step_runs.insert().values(
                delivery_id=delivery,
                id=new_id(),
                position=0,
                name="Begin",
                direction="forward",
                attempt=1,
                state="done",
                started_at=AT,
                finished_at=AT,
                says=name,
                transcript="what was said to a device",
            )
        )
        event_id = tx.execute(sa.text("SELECT event_id FROM deliveries WHERE id = :id"), {"id": delivery}).scalar_one()
        user = access.create_user(
            tx=tx,
            at=AT,
            username=email,
            name=name,
            role=Role.CUSTOMER,
            password=PASSWORD,
            customer_id=customer.customer.id,
        )
    return Person(customer.customer.id, actor_of(user, source="portal"), service, order.id, event_id)


def town(engine: sa.Engine) -> None:
    """Plans, addresses, a pool, and an account of the staff."""
    with write(engine) as tx:
        for code, price in (("home-100", "39.00"), ("home-500", "59.00")):
            catalog.put_plan(
                tx=tx,
                code=code,
                name=code.title(),
                down_kbps=100_000,
                up_kbps=50_000,
                price=Money(Decimal(price), "EUR"),
                address_policy=AddressPolicy.DYNAMIC,
                vlan=100,
            )
        ipam.put_pool(tx=tx, name="home", policy=AddressPolicy.DYNAMIC, prefix="198.51.100.0/24")
        place(tx, "P-0090", 90)
        access.create_user(tx=tx, at=AT, username="boss", name="Boss", role=Role.ADMINISTRATOR, password=PASSWORD)


def place(tx: Tx, code: str, number: int) -> UUID:
    """Premises that can be served."""
    return customers.put_premises(
        tx=tx,
        code=code,
        area="North",
        street="Anchor Lane",
        number=str(number),
        postcode="D01 X1X1",
        city="Dublin",
        latitude=53.3,
        longitude=-6.2,
        splitter_code="SP-1",
        splitter_port=number,
        drop_m=40,
    ).value.id
