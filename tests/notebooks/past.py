"""A provider with a past: the sample town, imported as real data is, and activations that were finished long ago.

Orders, services, events, deliveries and charges are made by their own actions at past instants; how the delivery went
is written as the engine leaves it.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.billing import actions as billing
from isp_lifecycle.bootstrap import Doors, open_doors
from isp_lifecycle.catalog import actions as catalog
from isp_lifecycle.customers import actions as customers
from isp_lifecycle.events import outbox
from isp_lifecycle.events.store import deliveries, step_runs
from isp_lifecycle.events.vocabulary import ActivationRequested
from isp_lifecycle.foundation.clock import PushableClock
from isp_lifecycle.foundation.db import Tx, write
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.intake.imports.files import apply
from isp_lifecycle.intake.imports.model import ImportFile
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.lab.town import make_town, write_files
from isp_lifecycle.orders import actions as orders
from isp_lifecycle.orders.model import Channel, OrderKind
from isp_lifecycle.telemetry import actions as telemetry
from isp_lifecycle.workflows.line.activation import ACTIVATION, WAIT_FOR_INSTALLER

#: A Wednesday, a fortnight before Ireland's clocks change.
NOW = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Dublin")
FILES = ("plans.yaml", "pools.yaml", "plant.yaml", "premises.csv", "staff.yaml", "customers.csv")

#: What failed at first, in turn: step, kind, words, and for how long until it went on.
TROUBLES = (
    ("Wait for the ONT to come online", "needs person", "The ONT is not online after 120 s.", timedelta(minutes=21)),
    ("Configure OLT and ONT", "unreachable", "The OLT does not answer.", timedelta(seconds=9)),
    ("Measure the light", "needs person", "-28.4 dBm is 4.1 dB below the budget.", timedelta(minutes=48)),
    ("Reserve address and VLAN", "needs person", "Pool static-north has no free address.", timedelta(minutes=95)),
    ("Configure OLT and ONT", "refused", "The serial number is registered on another port.", timedelta(minutes=13)),
)

#: So many of the town's lines were read once, a decibel and a half below what is expected.
READINGS = 25


@dataclass(frozen=True)
class Activation:
    """An activation as it was written: when Activate was pressed, when the line was in use, how it had failed."""

    service_code: str
    area: str
    ordered_at: datetime
    pressed_at: datetime
    active_at: datetime
    trouble: str | None

    @property
    def minutes(self) -> float:
        """From Activate to a line in use."""
        return (self.active_at - self.pressed_at).total_seconds() / 60


@contextmanager
def provider(database: str, var: Path) -> Iterator[Doors]:
    """The doors of a provider that has the sample town, standing at NOW."""
    settings = Settings(database_url=database, var=var)
    doors = open_doors(settings, application="test", clock=PushableClock(NOW))
    import_town(doors)
    yield doors
    doors.door.engine.dispose()


def import_town(doors: Doors) -> None:
    """Import the sample town from its files."""
    with tempfile.TemporaryDirectory() as folder:
        write_files(make_town(today=NOW.date()), Path(folder))
        for name in FILES:
            file = ImportFile(name, (Path(folder) / name).read_bytes())
            done = apply(doors.door, SYSTEM, kind=name.partition(".")[0], file=file)
            assert done.rejected == 0


def write_past(engine: sa.Engine, *, first: date, days: int, count: int, seed: int = 7) -> tuple[Activation, ...]:
    """Finish ``count`` activations spread over the days; about every fifth had failed first."""
    chance = random.Random(seed)
    with write(engine) as tx:
        free = _free_premises(tx)[:count]
        starts = sorted(_working_hour(chance, first, days) for _ in free)
        return tuple(
            _activation(tx, premises, pressed, chance, TROUBLES[n // 5 % len(TROUBLES)] if n % 5 == 2 else None)
            for n, (premises, pressed) in enumerate(zip(free, starts, strict=True))
        )


def write_readings(engine: sa.Engine, *, at: datetime) -> None:
    """Read the light of the first lines of the town."""
    with write(engine) as tx:
        rows = tx.execute(
            sa.text(
                "SELECT l.*, o.name AS olt FROM lines l JOIN olts o ON o.id = l.olt_id ORDER BY l.serial LIMIT :some"
            ),
            {"some": READINGS},
        )
        for row in rows.all():
            telemetry.record_reading(
                tx=tx,
                service_id=row.service_id,
                olt=row.olt,
                pon_port=row.pon_port,
                ont_id=row.ont_id,
                serial=row.serial,
                at=at,
                ont_rx_dbm=row.expected_rx_dbm - 1.5,
                ont_tx_dbm=2.1,
                olt_rx_dbm=row.expected_rx_dbm - 2,
                distance_m=1200,
                source="test",
            )


def _working_hour(chance: random.Random, first: date, days: int) -> datetime:
    day = first + timedelta(days=chance.randrange(days))
    moment = time(chance.randrange(8, 17), chance.randrange(60), chance.randrange(60))
    return datetime.combine(day, moment, tzinfo=ZONE).astimezone(UTC)


def _free_premises(tx: Tx) -> list[Any]:
    """Serviceable premises without a service, the areas in turn."""
    return list(
        tx.execute(
            sa.text(
                "SELECT id, code, area FROM premises p WHERE splitter_code IS NOT NULL "
                "AND NOT EXISTS (SELECT 1 FROM services s WHERE s.premises_id = p.id) "
                "ORDER BY row_number() OVER (PARTITION BY area ORDER BY code), area"
            )
        )
    )


def _activation(
    tx: Tx, premises: Any, pressed: datetime, chance: random.Random, trouble: tuple[str, str, str, timedelta] | None
) -> Activation:
    ordered = pressed - timedelta(days=chance.uniform(1.5, 9))
    terms = catalog.terms_of(chance.choice(catalog.plans_on_sale(tx=tx, today=date(2026, 1, 1))))
    person = customers.register_customer(
        tx=tx,
        name="Sam Sample",
        email=f"{premises.code.lower()}@example.org",
        phone="+353 1 555 0123",
        at=ordered,
    ).customer
    order = orders.submit(
        tx=tx,
        kind=OrderKind.NEW_LINE,
        customer_id=person.id,
        premises_id=premises.id,
        terms=terms,
        channel=Channel.PORTAL,
        at=ordered,
    )
    service = inventory.open_service(
        tx=tx, customer_id=person.id, premises_id=premises.id, terms=terms, at=ordered, order_id=order.id
    )
    orders.confirm(tx=tx, order_id=order.id, by="sales", at=ordered, service_id=service.id)
    orders.start(tx=tx, order_id=order.id)
    event = ActivationRequested(order_id=order.id, customer_id=person.id, service_id=service.id)
    delivery = outbox.record(tx=tx, event=event, at=ordered, actor="sales")["activation"]
    active_at = _walk(tx, delivery, ordered, pressed, chance, trouble)
    orders.complete(tx=tx, order_id=order.id, at=active_at)
    on = active_at.astimezone(ZONE).date()
    inventory.activate_service(tx=tx, service_id=service.id, on=on)
    billing.start_charging(
        tx=tx,
        customer_id=person.id,
        service_id=service.id,
        plan_name=terms.plan_name,
        price=terms.price,
        on=on,
        at=active_at,
    )
    return Activation(service.code, premises.area, ordered, pressed, active_at, trouble[0] if trouble else None)


def _walk(
    tx: Tx,
    delivery: UUID,
    ordered: datetime,
    pressed: datetime,
    chance: random.Random,
    trouble: tuple[str, str, str, timedelta] | None,
) -> datetime:
    """Write the attempts at every step; returns when the last one ended."""
    now = ordered
    for position, step in enumerate(ACTIVATION.steps):
        now = pressed if step.name == WAIT_FOR_INSTALLER else now
        attempt = 1
        if trouble and trouble[0] == step.name:
            failure = {"step": step.name, "kind": trouble[1], "what": trouble[2], "remedy": "Mend it, press Retry."}
            _attempt(tx, delivery, position, step.name, 1, now, 1.5, 1.2, failure)
            now, attempt = now + trouble[3], 2
        seconds, device_seconds = _lengths(step.name, chance)
        _attempt(tx, delivery, position, step.name, attempt, now, seconds, device_seconds, None)
        now += timedelta(seconds=seconds)
    tx.execute(
        deliveries.update()
        .where(deliveries.c.id == delivery)
        .values(state="done", finished_at=now, case={"olt": "OLT-NORTH", "installer": "ines"})
    )
    return now


def _lengths(step: str, chance: random.Random) -> tuple[float, float]:
    """Seconds of a step, and the device's share of them."""
    device = {
        "Plan the line": 2.4,
        "Configure OLT and ONT": 7.5,
        "Wait for the ONT to come online": 33.0,
        "Measure the light": 1.9,
    }
    share = device.get(step, 0.0) * chance.uniform(0.8, 1.4)
    return share + chance.uniform(0.01, 0.08), share


def _attempt(
    tx: Tx,
    delivery: UUID,
    position: int,
    name: str,
    attempt: int,
    at: datetime,
    seconds: float,
    device_seconds: float,
    failure: dict[str, str] | None,
) -> None:
    tx.execute(
        step_runs.insert().values(
            id=new_id(),
            delivery_id=delivery,
            position=position,
            name=name,
            direction="forward",
            attempt=attempt,
            state="failed" if failure else "done",
            started_at=at,
            finished_at=at + timedelta(seconds=seconds),
            device_seconds=device_seconds,
            failure=failure,
        )
    )
