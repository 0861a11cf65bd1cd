"""What the calendar asks for, on a real database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa

from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.billing import actions as billing
from isp_lifecycle.foundation.clock import PushableClock
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.foundation.terms import AddressPolicy, Terms
from isp_lifecycle.intake import clockwork
from isp_lifecycle.intake.door import Door
from isp_lifecycle.inventory import actions as inventory

TERMS = Terms(
    plan_code="home",
    plan_name="Home",
    down_kbps=100_000,
    up_kbps=50_000,
    price=Money(Decimal("30"), "EUR"),
    address_policy=AddressPolicy.DYNAMIC,
    vlan=100,
)


def test_months_are_charged_once_and_missed_ones_are_caught_up(engine: sa.Engine) -> None:
    clock = PushableClock(datetime(2026, 1, 20, 12, tzinfo=UTC))
    door = Door(engine=engine, clock=clock, settings=load_settings())
    with write(engine) as tx:
        service = inventory.open_service(
            tx=tx, customer_id=new_id(), premises_id=new_id(), terms=TERMS, at=clock.now(), order_id=new_id()
        )
        inventory.activate_service(tx=tx, service_id=service.id, on=date(2026, 1, 20))
        billing.start_charging(
            tx=tx,
            customer_id=service.customer_id,
            service_id=service.id,
            plan_name="Home",
            price=TERMS.price,
            on=date(2026, 1, 20),
            at=clock.now(),
        )
    assert clockwork.charge_months(door, SYSTEM) == 0
    clock.push(timedelta(days=50))  # 11 March: February was missed
    assert clockwork.charge_months(door, SYSTEM) == 2
    assert clockwork.charge_months(door, SYSTEM) == 0
    with engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT lower(period), amount FROM charges ORDER BY 1")).all()
    assert [(row[0], row[1]) for row in rows] == [
        (date(2026, 1, 20), Decimal("11.6100")),
        (date(2026, 2, 1), Decimal(30)),
        (date(2026, 3, 1), Decimal(30)),
    ]


def test_wait_past_its_deadline_is_told_once(engine: sa.Engine) -> None:
    clock = PushableClock(datetime(2026, 1, 20, 12, tzinfo=UTC))
    door = Door(engine=engine, clock=clock, settings=load_settings())
    with write(engine) as tx:
        event = new_id()
        tx.execute(
            sa.text(
                "INSERT INTO events (id, kind, version, payload, trace, actor, recorded_at) "
                "VALUES (:e, 'ActivationRequested', 1, '{}', :e, 'test', :at)"
            ),
            {"e": event, "at": clock.now()},
        )
        tx.execute(
            sa.text(
                "INSERT INTO deliveries (id, event_id, subscriber, queue, state, due_at, trace, created_at, "
                "deadline_at) VALUES (:d, :e, 'activation', 'network', 'waiting', :at, :e, :at, :deadline)"
            ),
            {"d": new_id(), "e": event, "at": clock.now(), "deadline": clock.now() + timedelta(hours=1)},
        )
    assert clockwork.escalate_overdue(door, SYSTEM) == 0
    clock.push(timedelta(hours=2))
    assert [clockwork.escalate_overdue(door, SYSTEM), clockwork.escalate_overdue(door, SYSTEM)] == [1, 0]
