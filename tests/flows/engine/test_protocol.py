"""A model of leases and turns against the real statements: hypothesis plays workers that come, act, die and come late.

What is held by whom is counted outside the database. A *strike* is what a worker does under its lease and its turn; it
counts only when its transaction commits. Whatever the interleaving: a delivery's strikes come in order and once each,
never two workers strike at one OLT within each other's turn, and nobody stands in line for what is free.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from isp_lifecycle.events import claims, deliveries, holds, lines, outbox, relay, turns
from isp_lifecycle.events.errors import LeaseLost
from isp_lifecycle.events.model import Failure, Lease, StepState
from isp_lifecycle.events.vocabulary import ActivationRequested
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.ids import new_id

LENGTH = timedelta(seconds=15)
STRIKES = 2
OLT = lines.olt("A")
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ENGINE: list[sa.Engine] = []


@dataclass
class Worker:
    """One that claimed a delivery, and what it believes to hold. It may be dead without knowing."""

    lease: Lease
    position: int = 0


@dataclass
class World:
    """What really happened."""

    strikes: dict[UUID, list[int]] = field(default_factory=dict)
    finished: set[UUID] = field(default_factory=set)


class Protocol(RuleBasedStateMachine):
    workers = Bundle("workers")

    def __init__(self) -> None:
        super().__init__()
        self.engine, self.now, self.world = ENGINE[0], START, World()
        self.services = [new_id(), new_id()]
        self.holder: tuple[UUID, int, datetime] | None = None
        with write(self.engine) as tx:
            tx.execute(sa.text("TRUNCATE events, deliveries, step_runs, turns, holds"))

    # --- what comes in ---------------------------------------------------------------------------------------------

    @initialize()
    def some_have_asked(self) -> None:
        for service in (0, 1, 0):
            self.somebody_asks(service)

    @rule(service=st.integers(0, 1))
    def somebody_asks(self, service: int) -> None:
        event = ActivationRequested(order_id=new_id(), customer_id=new_id(), service_id=self.services[service])
        with write(self.engine) as tx:
            delivery = outbox.record(tx=tx, event=event, at=self.now, actor="test")["activation"]
        self.world.strikes[delivery] = []

    # --- what workers do -------------------------------------------------------------------------------------------

    @rule(target=workers)
    def a_worker_comes(self) -> Any:
        """It claims what is most urgent and asks for the OLT's turn; who does not get it stands in line."""
        with write(self.engine) as tx:
            found = claims.claim_next(tx=tx, queue="network", worker="w", now=self.now, length=LENGTH)
        if not found or not isinstance(found[0], Lease):
            return multiple()
        worker = Worker(found[0], position=found[0].position)
        with write(self.engine) as tx:
            if not turns.take(tx=tx, lease=worker.lease, key=OLT, now=self.now, length=LENGTH):
                deliveries.stand_in_line(tx=tx, lease=worker.lease, key=OLT)
                return multiple()
        mine = (worker.lease.delivery_id, worker.lease.token)
        assert self.holder is None or self.holder[0] == mine[0] or self.holder[2] < self.now, "two hold one turn"
        self.holder = (*mine, self.now + LENGTH)
        return worker

    @rule(worker=workers)
    def it_strikes(self, worker: Worker) -> None:
        if worker.position >= STRIKES:
            return
        step = deliveries.Recorded(
            name=f"strike {worker.position}",
            state=StepState.DONE,
            began=self.now,
            ended=self.now,
            says="",
            next_position=worker.position + 1,
            case={},
        )
        try:
            with write(self.engine) as tx:
                deliveries.record_step(tx=tx, lease=worker.lease, step=step)
        except LeaseLost:
            return
        self.world.strikes[worker.lease.delivery_id].append(worker.position)
        worker.position += 1

    @rule(worker=workers)
    def it_beats(self, worker: Worker) -> None:
        try:
            with write(self.engine) as tx:
                deliveries.beat(tx=tx, lease=worker.lease, now=self.now, length=LENGTH)
        except LeaseLost:
            return
        if self._has_the_turn(worker):
            self.holder = (worker.lease.delivery_id, worker.lease.token, self.now + LENGTH)

    @rule(worker=workers)
    def it_finishes(self, worker: Worker) -> None:
        if worker.position < STRIKES:
            return
        try:
            with write(self.engine) as tx:
                deliveries.finish(tx=tx, lease=worker.lease, now=self.now)
                turns.release(tx=tx, lease=worker.lease, now=self.now, length=LENGTH)
        except LeaseLost:
            return
        assert worker.lease.delivery_id not in self.world.finished, "finished twice"
        self.world.finished.add(worker.lease.delivery_id)
        self._gave_back(worker)

    @rule(worker=workers)
    def it_fails(self, worker: Worker) -> None:
        try:
            with write(self.engine) as tx:
                deliveries.fail(tx=tx, lease=worker.lease, failure=Failure("s", "needs person", "broke", "mend"))
                turns.release(tx=tx, lease=worker.lease, now=self.now, length=LENGTH)
        except LeaseLost:
            return
        self._gave_back(worker)

    @rule(target=workers, worker=workers)
    def it_sleeps_through_its_lease_and_strikes_all_the_same(self, worker: Worker) -> Any:
        self.so_much_time_passes_that_leases_end()
        other = self.a_worker_comes()
        if isinstance(other, Worker):
            self.it_strikes(other)
        self.it_strikes(worker)
        return other

    @rule(worker=consumes(workers))
    def it_dies(self, worker: Worker) -> None:
        """Nothing is said to anybody."""

    def _gave_back(self, worker: Worker) -> None:
        if self._has_the_turn(worker):
            self.holder = None

    def _has_the_turn(self, worker: Worker) -> bool:
        return self.holder is not None and self.holder[:2] == (worker.lease.delivery_id, worker.lease.token)

    # --- what people and time do -----------------------------------------------------------------------------------

    @rule()
    def somebody_retries_everything(self) -> None:
        with self.engine.connect() as connection:
            failed = connection.execute(sa.text("SELECT id FROM deliveries WHERE state = 'failed'")).scalars().all()
        for delivery in failed:
            with write(self.engine) as tx:
                deliveries.retry(tx=tx, delivery_id=delivery, now=self.now)

    @rule()
    def somebody_holds_the_olt(self) -> None:
        with write(self.engine) as tx:
            until = self.now + timedelta(seconds=20)
            holds.hold(tx=tx, key=OLT, reason="r", by="b", at=self.now, until=until)

    @rule(seconds=st.sampled_from((1, 8)))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def so_much_time_passes_that_leases_end(self) -> None:
        self.now += LENGTH + timedelta(seconds=1)
        self.the_relay_sweeps()

    @rule()
    def the_relay_sweeps(self) -> None:
        with write(self.engine) as tx:
            relay.sweep(tx=tx, now=self.now, lease=LENGTH)

    # --- what must hold --------------------------------------------------------------------------------------------

    @invariant()
    def strikes_come_once_and_in_order(self) -> None:
        for strikes in self.world.strikes.values():
            assert strikes == list(range(len(strikes)))

    @invariant()
    def no_two_of_one_service_are_out_of_order(self) -> None:
        with self.engine.connect() as connection:
            ahead = connection.execute(
                sa.text(
                    "SELECT count(*) FROM deliveries a JOIN deliveries b USING (service_id) "
                    "WHERE a.id < b.id AND a.state <> 'done' AND b.state IN ('running', 'done')"
                )
            ).scalar_one()
        assert ahead == 0

    def teardown(self) -> None:
        """In the end, with workers that live, everything comes to its end."""
        self.now += timedelta(minutes=1)
        for _ in range(200):
            self.somebody_retries_everything()
            self.the_relay_sweeps()
            worker = self.a_worker_comes()
            if isinstance(worker, Worker):
                while worker.position < STRIKES:
                    self.it_strikes(worker)
                self.it_finishes(worker)
            elif self._open() == 0:
                return
        assert self._open() == 0, "somebody stands in line for what is free"

    def _open(self) -> int:
        with self.engine.connect() as connection:
            found: int = connection.execute(
                sa.text("SELECT count(*) FROM deliveries WHERE state <> 'done'")
            ).scalar_one()
            return found


@pytest.fixture
def its_engine(engine: sa.Engine) -> Iterator[None]:
    ENGINE.append(engine)
    yield
    ENGINE.remove(engine)


def test_leases_and_turns_hold_whatever_happens(its_engine: None) -> None:
    few = settings(
        max_examples=60,
        stateful_step_count=30,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    run_state_machine_as_test(Protocol, settings=few)
