"""What is seen of one OLT at a moment: its turn, its line, its pauses, its terminals and its last hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from isp_lifecycle.access.errors import Forbidden
from isp_lifecycle.access.model import SYSTEM, Role
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.intake import engine as intake
from isp_lifecycle.intake import terminal as terminals
from isp_lifecycle.views import olt_now as views
from isp_lifecycle.views.olt_now import FIRST, OltHour, OltNow, OltQueue
from isp_lifecycle.workflows.ledger import Ended
from isp_lifecycle.workflows.steps import Did, Site
from tests.flows.engine.conftest import Bench, Case
from tests.flows.engine.test_engine import outside, workflow
from tests.flows.engine.test_hands import NETWORK, SUPPORT, acting, door, fails, plant_olt
from tests.flows.engine.test_lines import OLT_A, hold, on_olt
from tests.flows.engine.test_seen import name_service, window

MANAGER = acting(Role.MANAGER)


def now(bench: Bench, who: Any = SYSTEM, olt: str = "A") -> OltNow:
    return views.now(window(bench), who, olt=olt)


def queue(bench: Bench, olt: str = "A") -> OltQueue:
    found = now(bench, olt=olt).queue
    assert found is not None
    return found


@pytest.fixture
def two(bench: Bench) -> Bench:
    plant_olt(bench, "A")
    plant_olt(bench, "B")
    return bench


def test_who_has_the_turn_and_who_stands_in_line_in_the_order_in_which_they_come(two: Bench) -> None:
    service = new_id()
    holder = two.request(service_id=service)
    name_service(two, holder, "S-000123")
    waiters = [two.request() for _ in range(FIRST + 2)]
    with write(two.engine) as tx:
        tx.execute(sa.text("UPDATE deliveries SET priority = 1 WHERE id = :id"), {"id": waiters[-1]})
    seen: list[OltQueue] = []

    def while_held(case: Case, site: Site) -> Did[Case]:
        assert [two.run(on_olt(), w, name="w2") for w in waiters] == [Ended.BLOCKED] * len(waiters)
        two.clock.push(timedelta(seconds=5))
        seen.extend((queue(two), queue(two, "B")))
        return Did(case, "")

    assert two.run(on_olt(while_held), holder) is Ended.DONE
    at_a, at_b = seen
    assert at_a.turn is not None
    row = at_a.turn.row
    assert (row.delivery_id, row.workflow, row.step, row.service_code) == (holder, "Activation", "b", "S-000123")
    assert (row.standing, row.worker, (two.clock.now() - row.since).total_seconds()) == ("running", "w1", 5)
    assert at_a.turn.until > two.clock.now()
    assert [r.delivery_id for r in at_a.first] == [waiters[-1], *waiters[: FIRST - 1]]
    assert (at_a.waiting, at_a.more) == (FIRST + 2, 2)
    assert at_b == OltQueue(None, 0, (), ())

    handed = queue(two)
    assert handed.turn is not None
    assert (handed.turn.row.delivery_id, handed.turn.row.standing) == (waiters[-1], "ready")
    assert handed.waiting == FIRST + 1
    two.clock.push(two.parts.settings.lease + timedelta(seconds=1))
    assert queue(two).turn is None


def test_an_olt_at_which_nothing_happens(two: Bench) -> None:
    found = now(two, NETWORK)
    assert found.queue == OltQueue(None, 0, (), ())
    assert found.terminals is not None
    assert (found.terminals.open, found.terminals.at_most) == ((), two.parts.settings.terminal.at_most_per_olt)
    assert views.hour(window(two), NETWORK, olt="A") == OltHour(0, 0, 0.0)
    with pytest.raises(NotFound):
        now(two, NETWORK, "Z")
    with pytest.raises(Forbidden):
        now(two, acting(Role.SALES))


def test_pauses_of_it_and_of_the_engine_hold_it_and_others_do_not(two: Bench) -> None:
    intake.pause(door(two), NETWORK, what="A", reason="Board swap", until="2026-03-02 23:00")
    hold(two, "olt:B")
    hold(two, "subscriber:activation")
    (held,) = queue(two).holds
    assert (held.reason, held.by, held.in_force) == ("Board swap", "boss", True)
    assert held.until is not None
    waits = two.request()
    assert two.run(on_olt(), waits) is Ended.BLOCKED
    hold(two, "engine", since=two.clock.now() + timedelta(hours=1))
    assert [(h.kind, h.in_force) for h in queue(two).holds] == [("olt", True), ("engine", False)]


def test_who_is_at_its_command_line_is_told_to_those_who_may_be_there(two: Bench) -> None:
    sue = replace(SUPPORT, username="sue", name="Sue", source="cli")
    begun = terminals.begin_reading(door(two), sue, olt="A")
    terminals.begin_full(door(two), replace(NETWORK, source="cli"), olt="A", reason="The uplink flaps.")
    for who, records in ((sue, [True, False]), (NETWORK, [True, True]), (acting(Role.AUDITOR), [True, True])):
        there = now(two, who).terminals
        assert there is not None
        assert [(one.name, one.full) for one in there.open] == [("Sue", False), ("Boss", True)]
        assert [one.record is not None for one in there.open] == records
        assert there.open[0].record == begun.id
    assert now(two, MANAGER).terminals is None
    assert now(two, MANAGER).queue is not None
    blind = replace(NETWORK, permissions=frozenset({"network.read", "device.terminal"}))
    assert now(two, blind).queue is None
    assert now(two, blind).terminals is not None
    assert views.hour(window(two), blind, olt="A") is None
    two.clock.push(timedelta(minutes=3))
    silent = now(two, sue).terminals
    assert silent is not None
    assert silent.open == ()


def test_its_last_hour_counts_its_own_steps_and_the_seconds_it_was_busy(two: Bench) -> None:
    plant_olt(two, "OLT-A")
    long_ago = two.request()
    two.run(on_olt(), long_ago)
    two.clock.push(timedelta(hours=2))
    for _ in range(2):
        assert two.run(workflow(outside("b", turn=OLT_A)), two.request()) is Ended.DONE
    fails(two)
    with write(two.engine) as tx:
        tx.execute(sa.text("UPDATE step_runs SET device_seconds = 360 WHERE state = 'done'"))
    found = views.hour(window(two), NETWORK, olt="OLT-A")
    assert found == OltHour(2, 1, 720.0)
    assert found.share == 0.2
    assert views.hour(window(two), NETWORK, olt="B") == OltHour(0, 0, 0.0)
    with write(two.engine) as tx:
        tx.execute(sa.text("UPDATE step_runs SET device_seconds = 3600"))
    whole = views.hour(window(two), NETWORK, olt="OLT-A")
    assert whole is not None
    assert whole.share == 1.0
