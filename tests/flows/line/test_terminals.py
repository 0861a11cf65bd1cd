"""Terminals on the plant: who gets one, by which account, when it ends by itself, and when its record is forgotten."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from isp_lifecycle.access.errors import Forbidden, ProofNeeded
from isp_lifecycle.access.model import SYSTEM, Role
from isp_lifecycle.bootstrap import open_olts
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.events.subscriptions import TITLES
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.errors import NotFound, Refused
from isp_lifecycle.foundation.sections import Credential
from isp_lifecycle.intake import terminal as intake
from isp_lifecycle.intake.live_terminal import LiveTerminal, Watcher
from isp_lifecycle.terminals.errors import OltAtWork, TerminalsTaken
from isp_lifecycle.views import terminal as views
from tests.flows.line.acts import ordered
from tests.flows.line.conftest import CREDENTIAL, Plant, actor

OLT = "OLT-NORTH"
ENGINEER = replace(actor(Role.NETWORK, "nora"), source="cli")


@dataclass
class Seen:
    """What a page would have shown of a terminal."""

    live: LiveTerminal
    over: threading.Event
    why: list[str]

    def ends(self) -> str:
        assert self.over.wait(10)
        return self.why[0]


@pytest.fixture
def sat_down(plant: Plant, olts: Olts) -> Iterator[Callable[..., Seen]]:
    """Open a terminal that reads."""
    opened: list[LiveTerminal] = []

    def sit_down(pool: Olts = olts, door: object = plant.door, looks: Callable[[], bool] = lambda: True) -> Seen:
        over, why = threading.Event(), list[str]()

        def ended(reason: str) -> None:
            why.append(reason)
            over.set()

        terminal = intake.begin_reading(plant.door, actor(Role.SUPPORT, "sue"), olt=OLT)
        live = LiveTerminal(plant.door, pool, terminal, Watcher(lambda _text: None, ended, looks))
        live.connect()
        opened.append(live)
        return Seen(live, over, why)

    yield sit_down
    for live in opened:
        live.end("the test is over")


def test_a_terminal_ends_when_nobody_types_looks_or_can_record_it(plant: Plant, sat_down: Callable[..., Seen]) -> None:
    idle, old, full, gone = sat_down(), sat_down(), None, None
    with pytest.raises(TerminalsTaken, match="has as many terminals open as it may: Sue, Sue"):
        intake.begin_reading(plant.door, ENGINEER, olt=OLT)
    idle.live._typed_at -= 10 * 60
    assert idle.ends() == "nobody typed for 10 minutes"
    old.live._began -= 60 * 60
    assert old.ends() == "it was open for 60 minutes"
    full, gone = sat_down(), sat_down(looks=lambda: False)
    full.live._record.note("o", "x" * 4_000_001)
    assert full.ends() == "its record is full"
    assert gone.ends() == "the page was closed, or its session ended"
    lost = sat_down()
    with write(plant.engine) as tx:  # as the record is when its table cannot be written
        tx.execute(sa.text("UPDATE terminals SET ended_at = now() WHERE ended_at IS NULL"))
    lost.live._record.note("o", "x")
    assert lost.ends() == "it could not be recorded"
    for hears in [t for t in threading.enumerate() if t.name.startswith("console-")]:
        hears.join(10)  # the thread that has said so may not have ended quite yet
        assert not hears.is_alive()


def test_records_are_ones_own_or_everybodys_and_are_forgotten(plant: Plant, sat_down: Callable[..., Seen]) -> None:
    one = sat_down()
    one.live.typed("dis board 0\r")
    one.live.resized(1_000_000, 0)
    one.live.end("done")
    key = one.live.terminal.id
    for who in (actor(Role.SUPPORT, "sue"), ENGINEER, actor(Role.AUDITOR)):
        cast = views.recording(plant.window, who, terminal_id=key).cast
        assert '"version": 2' in cast
        assert '"r", "400x5"' in cast
        assert views.terminals(plant.window, who).total == 1
    other = actor(Role.SUPPORT, "sam")
    assert views.terminals(plant.window, other).rows == ()
    with pytest.raises(NotFound):
        views.recording(plant.window, other, terminal_id=key)

    class Later:
        def __init__(self, days: int) -> None:
            self.days = days

        def now(self) -> datetime:
            return plant.door.clock.now() + timedelta(days=self.days)

    assert intake.forget_terminals(replace(plant.door, clock=Later(89)), SYSTEM) == 0
    assert intake.forget_terminals(replace(plant.door, clock=Later(91)), SYSTEM) == 1
    assert plant.one("SELECT count(*) AS many FROM terminal_pieces").many == 0


def test_full_access_asks_for_proof_and_a_reason_and_waits_for_the_engine(plant: Plant) -> None:
    with pytest.raises(Forbidden):
        intake.begin_full(plant.door, actor(Role.SUPPORT), olt=OLT, reason="x")
    with pytest.raises(ProofNeeded):
        intake.begin_full(plant.door, replace(ENGINEER, source="staff"), olt=OLT, reason="x")
    with pytest.raises(Refused, match="A reason"):
        intake.begin_full(plant.door, ENGINEER, olt=OLT, reason=" ")
    _, delivery, _ = ordered(plant)
    with write(plant.engine) as tx:  # as it stands while a worker has the OLT's turn
        for statement in _AT_WORK:
            tx.execute(sa.text(statement), {"id": delivery})
    assert views.doors(plant.window, ENGINEER, olt=OLT)[0].at_work == TITLES["activation"]
    with pytest.raises(OltAtWork, match=f"The engine is at work on {OLT}: {TITLES['activation']}"):
        intake.begin_full(plant.door, ENGINEER, olt=OLT, reason="The uplink flaps.")
    begun = intake.begin_full(plant.door, ENGINEER, olt=OLT, reason="The uplink flaps.", although_at_work=True)
    door = views.doors(plant.window, ENGINEER, olt=OLT)[0]
    assert (door.there, "is at its command line: The uplink flaps." in door.paused) == ((begun.name,), True)
    intake.note_end(plant.door, SYSTEM, terminal_id=begun.id, username=begun.username, olt=OLT, why="done")
    assert plant.one("SELECT count(*) AS many FROM holds").many == 0


_AT_WORK = (
    "UPDATE deliveries SET state = 'running', lease_until = now() + interval '1 minute' WHERE id = :id",
    "INSERT INTO turns (key, delivery_id, token, until) VALUES ('olt:OLT-NORTH', :id, 1, now() + interval '1 minute')",
)


def test_an_account_for_reading_is_used_where_there_is_one(plant: Plant, sat_down: Callable[..., Seen]) -> None:
    assert not sat_down().live.own_account
    name, password = CREDENTIAL
    accounts = {
        "default": Credential(username=name, password=SecretStr("wrong, and not used for reading")),
        "default_reading": Credential(username=name, password=SecretStr(password)),
    }
    with open_olts(plant.settings.model_copy(update={"credentials": accounts}), plant.engine) as pool:
        assert sat_down(pool).live.own_account
