"""Who is woken when: the relay's rounds on a real database, with a broker that can lose everything or be away."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from isp_lifecycle.events import claims, deliveries, holds, lines, outbox
from isp_lifecycle.events.model import Lease
from isp_lifecycle.events.rounds import BrokerAway, Rounds
from isp_lifecycle.events.vocabulary import ActivationRequested
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.sections import Engine as Limits

LEASE = timedelta(seconds=15)


class Broker:
    """Keeps wake-ups until somebody takes them; what is sent while it is away is refused."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.pending_now = 0
        self.away = False

    def pending(self, queue: str) -> int:
        if self.away:
            raise BrokerAway("gone")
        return self.pending_now if queue == "network" else 0

    def wake(self, queue: str) -> None:
        self.sent.append(queue)
        self.pending_now += queue == "network"

    def flush(self) -> None:
        self.pending_now = 0


@pytest.fixture
def broker() -> Broker:
    return Broker()


@pytest.fixture
def rounds(engine: sa.Engine, broker: Broker) -> Rounds:
    return Rounds(
        engine=engine, name="relay@test", limits=Limits(sweep_seconds=0.2), clock=SystemClock(), publisher=broker
    )


@pytest.fixture
def running(rounds: Rounds) -> Iterator[Rounds]:
    thread = threading.Thread(target=rounds.run)
    thread.start()
    yield rounds
    rounds.stop()
    thread.join(10)
    assert not thread.is_alive()


def request(engine: sa.Engine, *, service_id: UUID | None = None, in_seconds: float = 0) -> UUID:
    now = SystemClock().now()
    event = ActivationRequested(order_id=new_id(), customer_id=new_id(), service_id=service_id or new_id())
    with write(engine) as tx:
        due = now + timedelta(seconds=in_seconds)
        return outbox.record(tx=tx, event=event, at=now, actor="test", due_at=due)["activation"]


def until(happened: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < deadline, what
        time.sleep(0.01)


def test_as_many_are_woken_as_there_is_work_for_and_no_more(engine: sa.Engine, rounds: Rounds, broker: Broker) -> None:
    rounds.wake()
    assert broker.sent == []
    for _ in range(3):
        request(engine)
    rounds.wake()
    assert broker.sent == ["network"] * 3
    rounds.wake()
    assert broker.sent == ["network"] * 3, "they are on their way already"


def test_broker_that_forgot_everything_is_told_again(engine: sa.Engine, rounds: Rounds, broker: Broker) -> None:
    request(engine)
    rounds.wake()
    broker.flush()
    rounds.wake()
    assert broker.sent == ["network"] * 2


def test_broker_that_is_away_is_told_when_it_is_back(engine: sa.Engine, running: Rounds, broker: Broker) -> None:
    broker.away = True
    request(engine)
    time.sleep(0.1)
    assert broker.sent == []
    broker.away = False
    until(lambda: broker.sent == ["network"], "the broker is told")


def test_commit_wakes_at_once_and_the_due_time_when_it_comes(
    engine: sa.Engine, running: Rounds, broker: Broker
) -> None:
    request(engine, in_seconds=0.3)
    request(engine)
    until(lambda: broker.sent == ["network"], "the commit wakes one")
    until(lambda: broker.sent == ["network"] * 2, "the due time wakes another")


def test_nobody_is_woken_for_what_cannot_begin(engine: sa.Engine, rounds: Rounds, broker: Broker) -> None:
    now = SystemClock().now()
    delivery = request(engine)
    with write(engine) as tx:
        lease = claims.claim(tx=tx, delivery_id=delivery, worker="w", now=now, length=LEASE)
        assert isinstance(lease[0], Lease)
        deliveries.stand_in_line(tx=tx, lease=lease[0], key=lines.olt("A"))
    rounds.wake()
    assert broker.sent == []
    rounds.sweep()  # nobody holds that turn: the sweep hands it over
    rounds.wake()
    assert broker.sent == ["network"]


def test_engine_on_hold_wakes_nobody_and_goes_on_when_it_is_lifted(
    engine: sa.Engine, running: Rounds, broker: Broker
) -> None:
    with write(engine) as tx:
        hold = holds.hold(tx=tx, key=lines.ENGINE, reason="upgrade", by="ops", at=SystemClock().now())
    request(engine)
    time.sleep(0.3)
    assert broker.sent == []
    with write(engine) as tx:
        holds.lift(tx=tx, hold_id=hold)
    until(lambda: broker.sent == ["network"], "lifting the hold wakes one")
