"""Thousands of services in use on twenty OLTs, written straight into a fresh database, and an engine to work on it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from isp_lifecycle.aaa.not_connected import NotConnected
from isp_lifecycle.access.model import ROLES, Actor, Role
from isp_lifecycle.catalog import actions as catalog
from isp_lifecycle.crm.file_drop import FileDrop
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.foundation.clock import PushableClock
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.foundation.terms import AddressPolicy, Terms
from isp_lifecycle.intake.door import Door
from isp_lifecycle.notices.mailer import Mailer
from isp_lifecycle.reports.ports import NoReporter
from isp_lifecycle.views.window import Window
from isp_lifecycle.workflows.engine import Engine
from isp_lifecycle.workflows.ledger import Ended
from isp_lifecycle.workflows.parts import Parts

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

_PEOPLE = """
    INSERT INTO customers (id, code, name, email, phone, created_at)
    SELECT md5('customer' || n)::uuid, 'C-' || lpad(n::text, 6, '0'), 'Customer ' || n, 'c' || n || '@example.org',
           '+353 1 555 0100', :at FROM generate_series(1, :many) n;
    INSERT INTO premises (id, code, area, street, number, postcode, city, latitude, longitude)
    SELECT md5('premises' || n)::uuid, 'P-' || lpad(n::text, 6, '0'), CASE WHEN n % 4 = 0 THEN 'South' ELSE 'North' END,
           'Quay Street', n::text, 'D01', 'Dublin', 53, -6 FROM generate_series(1, :many) n;
    INSERT INTO services (id, code, customer_id, premises_id, state, terms, opened_at, active_on)
    SELECT md5('service' || n)::uuid, 'S-' || lpad(n::text, 6, '0'), md5('customer' || n)::uuid,
           md5('premises' || n)::uuid, 'active', CAST(:terms AS jsonb), :at, '2026-01-15'
    FROM generate_series(1, :many) n;
    INSERT INTO olts (id, name, vendor, model, area, host, port, credentials, uplink, added_at)
    SELECT md5('olt' || n)::uuid, 'OLT-' || lpad(n::text, 2, '0'), 'huawei', 'MA5800', 'North', '127.0.0.1', 9,
           'default', '0/19/0', :at FROM generate_series(0, 19) n;
    INSERT INTO pon_ports (id, olt_id, port, tx_dbm, launch)
    SELECT md5('pon' || n || '/' || p)::uuid, md5('olt' || n)::uuid, '0/1/' || p, 5, 'recorded'
    FROM generate_series(0, 19) n, generate_series(0, 15) p;
    INSERT INTO lines (service_id, olt_id, pon_port, ont_id, serial, vlan, service_port, down_kbps, up_kbps,
                       expected_rx_dbm, built_at, source)
    SELECT md5('service' || n)::uuid, md5('olt' || (n % 20))::uuid, '0/1/' || (n / 20 % 16), n / 320,
           '48575443' || lpad(upper(to_hex(n)), 8, '0'), 100, n, 102400, 51200, -20, :at, 'import'
    FROM generate_series(1, :many) n
"""


def actor(role: Role, username: str = "") -> Actor:
    """Somebody of this role."""
    name = username or f"some-{role}"
    return Actor(None, name, name.title(), role, ROLES[role], "test")


MANAGER, SECOND, SALES = actor(Role.MANAGER, "maeve"), actor(Role.MANAGER, "oisin"), actor(Role.SALES)


def _plan(tx: sa.Connection, rate: int, price: str) -> Terms:
    return catalog.put_plan(
        tx=tx,
        code=f"home-{rate}",
        name=f"Home {rate}",
        down_kbps=rate * 1024,
        up_kbps=51_200,
        price=Money(Decimal(price), "EUR"),
        address_policy=AddressPolicy.DYNAMIC,
        vlan=100,
    ).value.terms


@dataclass
class Provider:
    """The doors of a provider with many services, its engine and its clock."""

    engine: sa.Engine
    clock: PushableClock
    door: Door
    window: Window
    parts: Parts

    def fill(self, many: int) -> None:
        """Put so many services in use on Home 100; their codes are S-000001 and on, spread over the OLTs."""
        with write(self.engine) as tx:
            terms = [_plan(tx, rate, price) for rate, price in ((100, "29.90"), (500, "39.90"))]
            values = {"many": many, "at": self.clock.now(), "terms": json.dumps(terms[0].to_json())}
            for statement in _PEOPLE.split(";"):
                tx.execute(sa.text(statement), {k: v for k, v in values.items() if f":{k}" in statement})

    def work(self, subscriber: str = "%") -> list[Ended]:
        """Work on everything of these subscribers that is ready."""
        worker = Engine(parts=self.parts, worker="test")
        with write(self.engine) as tx:
            ids = tx.execute(
                sa.text(
                    "SELECT id FROM deliveries WHERE state = 'queued' AND blocked_on IS NULL AND subscriber LIKE :s "
                    "ORDER BY priority, due_at, id"
                ),
                {"s": subscriber},
            )
            ready: list[UUID] = list(ids.scalars())
        return [worker.run(delivery_id) for delivery_id in ready]

    def all(self, statement: str, **values: Any) -> list[Any]:
        """Rows."""
        with self.engine.connect() as connection:
            return list(connection.execute(sa.text(statement), values).all())

    def count(self, table: str, where: str = "true") -> int:
        """How many rows."""
        return int(self.all(f"SELECT count(*) FROM {table} WHERE {where}")[0][0])

    def do(self, statement: str, **values: Any) -> None:
        """Change rows behind the product's back."""
        with write(self.engine) as tx:
            tx.execute(sa.text(statement), values)


@pytest.fixture
def provider(engine: sa.Engine, tmp_path: Path) -> Iterator[Provider]:
    """A provider on a fresh database, with nobody served yet."""
    clock, settings, olts = PushableClock(START), load_settings(var=tmp_path), Olts([])
    parts = Parts(
        engine=engine,
        clock=clock,
        settings=settings,
        olts=olts,
        sign_on=NotConnected(),
        crm=FileDrop(tmp_path / "crm"),
        mailer=Mailer("127.0.0.1", 9, "isp@example.org"),
        reporter=NoReporter(),
    )
    door = Door(engine=engine, clock=clock, settings=settings)
    yield Provider(engine, clock, door, Window(engine, clock, settings, olts), parts)
    olts.close()
