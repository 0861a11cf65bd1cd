"""A real engine on a real database, with workflows small enough to see through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from isp_lifecycle.aaa.not_connected import NotConnected
from isp_lifecycle.crm.file_drop import FileDrop
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.events import deliveries, outbox, relay
from isp_lifecycle.events.vocabulary import ActivationRequested
from isp_lifecycle.foundation.clock import PushableClock
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.notices.mailer import Mailer
from isp_lifecycle.reports.ports import NoReporter
from isp_lifecycle.workflows.engine import Engine
from isp_lifecycle.workflows.ledger import Ended
from isp_lifecycle.workflows.parts import Parts
from isp_lifecycle.workflows.steps import Workflow

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """What the small workflows carry: the words their steps have said."""

    said: tuple[str, ...] = ()
    olt: str = "OLT-A"


@dataclass
class Bench:
    """An engine, its clock, and the world that outside steps change."""

    parts: Parts
    clock: PushableClock
    engine: sa.Engine
    world: list[str] = field(default_factory=list)

    def request(self, *, service_id: UUID | None = None) -> UUID:
        """Put one activation's worth of work into the outbox; returns its delivery."""
        event = ActivationRequested(order_id=new_id(), customer_id=new_id(), service_id=service_id or new_id())
        with write(self.engine) as tx:
            made = outbox.record(tx=tx, event=event, at=self.clock.now(), actor="test")
        return made["activation"]

    def worker(self, workflow: Workflow[Any], name: str = "w1") -> Engine:
        """An engine that knows this workflow as the activation."""
        return Engine(parts=self.parts, worker=name, workflows={"activation": workflow})

    def run(self, workflow: Workflow[Any], delivery_id: UUID, name: str = "w1") -> Ended:
        """Work on one delivery as far as it goes now."""
        return self.worker(workflow, name).run(delivery_id)

    def retry(self, delivery_id: UUID) -> None:
        """A person presses Retry."""
        with write(self.engine) as tx:
            deliveries.retry(tx=tx, delivery_id=delivery_id, now=self.clock.now())

    def sweep(self) -> relay.Swept:
        """One sweep of the relay, and what is due becomes queued."""
        with write(self.engine) as tx:
            return relay.sweep(tx=tx, now=self.clock.now(), lease=self.parts.settings.lease)

    def delivery(self, delivery_id: UUID) -> Any:
        """The row as it stands."""
        with self.engine.connect() as connection:
            return connection.execute(sa.text("SELECT * FROM deliveries WHERE id = :id"), {"id": delivery_id}).one()

    def steps(self, delivery_id: UUID) -> list[tuple[str, str, str]]:
        """(name, direction, state) of every attempt, in order."""
        with self.engine.connect() as connection:
            rows = connection.execute(
                sa.text("SELECT name, direction, state FROM step_runs WHERE delivery_id = :id ORDER BY started_at, id"),
                {"id": delivery_id},
            )
            return [(r.name, r.direction, r.state) for r in rows]

    def count(self, table: str, where: str = "true") -> int:
        """How many rows."""
        with self.engine.connect() as connection:
            found: int = connection.execute(sa.text(f"SELECT count(*) FROM {table} WHERE {where}")).scalar_one()
            return found


@pytest.fixture
def bench(engine: sa.Engine, tmp_path: Path) -> Iterator[Bench]:
    """A bench on a fresh database."""
    clock = PushableClock(START)
    olts = Olts([])
    parts = Parts(
        engine=engine,
        clock=clock,
        settings=load_settings(),
        olts=olts,
        sign_on=NotConnected(),
        crm=FileDrop(tmp_path / "crm"),
        mailer=Mailer("127.0.0.1", 9, "isp@example.org"),
        reporter=NoReporter(),
    )
    yield Bench(parts=parts, clock=clock, engine=engine)
    olts.close()


type Make = Callable[..., Workflow[Case]]
