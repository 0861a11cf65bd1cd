"""What is seen of the engine: who stands where and why, whose it is, and figures that are right."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from isp_lifecycle.access.errors import Forbidden
from isp_lifecycle.access.model import SYSTEM, Role
from isp_lifecycle.events import deliveries
from isp_lifecycle.events.model import Direction
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.errors import NotFound, Unreachable
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.intake import engine as intake
from isp_lifecycle.views import support as support_views
from isp_lifecycle.views.engine import figures, queue, state
from isp_lifecycle.views.window import Window
from isp_lifecycle.workflows.ledger import Ended
from isp_lifecycle.workflows.steps import Did, Site
from tests.flows.engine.conftest import Bench, Case
from tests.flows.engine.test_engine import database, outside, workflow
from tests.flows.engine.test_hands import NETWORK, acting, asking, broken, door, fails, hire, plant_olt
from tests.flows.engine.test_lines import on_olt


def window(bench: Bench) -> Window:
    return Window(engine=bench.engine, clock=bench.clock, settings=bench.parts.settings, olts=bench.parts.olts)


def listed(bench: Bench, **asked: Any) -> list[queue.QueueRow]:
    return list(queue.queue(window(bench), SYSTEM, **asked).rows)


def reasons(bench: Bench, **asked: Any) -> list[tuple[str, str]]:
    return [(row.standing, row.why) for row in listed(bench, **asked)]


def name_service(bench: Bench, delivery: UUID, code: str) -> None:
    """Give the delivery's service a row, so that it has a code."""
    statement = """
        INSERT INTO services (id, code, customer_id, premises_id, order_id, state, terms, opened_at)
        SELECT service_id, :code, service_id, service_id, service_id, 'pending', '{}', now()
        FROM deliveries WHERE id = :id"""
    with write(bench.engine) as tx:
        tx.execute(sa.text(statement), {"id": delivery, "code": code})


def test_who_stands_in_line_is_told_why(bench: Bench) -> None:
    plant_olt(bench, "A")
    service = new_id()
    failed, behind, at_olt, ready = (
        bench.request(service_id=service),
        bench.request(service_id=service),
        bench.request(),
        bench.request(),
    )
    name_service(bench, failed, "S-000123")
    assert bench.run(workflow(outside("b", do=broken)), failed) is Ended.FAILED
    assert bench.run(workflow(database("a")), behind) is Ended.BLOCKED
    seen: list[list[tuple[str, str]]] = []

    def while_held(case: Case, site: Site) -> Did[Case]:
        assert bench.run(on_olt(), at_olt) is Ended.BLOCKED
        seen.append(reasons(bench))
        intake.pause(door(bench), NETWORK, what="A", reason="Board swap", until="2026-03-02 23:00")
        seen.append(reasons(bench, olt="A", which="in_line"))
        return Did(case, "")

    assert bench.run(on_olt(while_held), ready) is Ended.DONE
    assert seen[0] == [
        ("failed", "No."),
        ("running", "is being worked on"),
        ("in_line", "stands behind S-000123's earlier activation, which failed at “b”"),
        ("in_line", "A is being worked on by Activation"),
    ]
    assert seen[1] == [("in_line", "A is paused until 23:00 on 2 Mar by boss: Board swap")]
    intake.pause(door(bench), NETWORK, what="engine", reason="Upgrade")
    bench.request()
    assert {why for standing, why in reasons(bench) if standing != "failed"} == {
        "the engine is paused by boss: Upgrade"
    }


def test_rows_say_step_attempt_kind_owner_and_what_may_be_done(bench: Bench) -> None:
    hire(bench, ("ann", Role.NETWORK))

    def away(case: Case, site: Site) -> Did[Case]:
        raise Unreachable("The OLT does not answer.")

    failed, waiting, again = fails(bench), bench.request(), bench.request()
    bench.run(asking(), waiting)
    bench.run(workflow(outside("b", do=away)), again)
    for row in listed(bench):
        assert (row.delivery_id, row.step, row.owner_name) == {
            "failed": (failed, "b", "Ann"),
            "waiting": (waiting, "Ask", "Ann"),
            "again": (again, "b", None),
        }[row.standing]
        assert row.owner_role == (None if row.standing == "again" else "network")
        assert (row.can_retry, row.can_assign) == (row.standing == "failed", row.standing != "again")
    page = queue.queue(window(bench), acting(Role.AUDITOR), which="again")
    assert [(r.attempt, r.can_retry, r.can_cancel, r.can_assign) for r in page.rows] == [(2, False, False, False)]
    assert {name: n for name, n in page.counts.items() if n} == {"open": 3, "failed": 1, "waiting": 1, "again": 1}
    with pytest.raises(Forbidden):
        queue.queue(window(bench), acting(Role.SALES))
    assert state.assignees(window(bench), NETWORK, delivery_id=failed) == {"ann": "Ann"}
    assert state.assignees(window(bench), NETWORK, delivery_id=again) == {}


def test_delivery_is_found_by_what_people_call_it(bench: Bench) -> None:
    failed = fails(bench)
    look = window(bench)
    for name in (str(failed), str(failed)[-8:].upper(), "i-000001", "T-000001"):
        assert queue.find(look, SYSTEM, key=name) == failed
    with pytest.raises(NotFound):
        queue.find(look, SYSTEM, key="ffffffff")


def test_depth_counts_each_standing_once_and_names_the_oldest_that_is_ready(bench: Bench) -> None:
    fails(bench)
    bench.request()
    bench.clock.push(timedelta(seconds=40))
    bench.request()
    with write(bench.engine) as tx:
        tx.execute(sa.text("UPDATE deliveries SET state = 'scheduled', due_at = due_at + interval '9 days' WHERE id ="
                           " (SELECT id FROM deliveries WHERE state = 'queued' ORDER BY id DESC LIMIT 1)"))  # fmt: skip
    (depth,) = state.state(window(bench), SYSTEM).queues
    assert (depth.queue, depth.ready, depth.failed, depth.scheduled, depth.running) == ("network", 1, 1, 1, 0)
    assert depth.oldest_ready_seconds == 40
    assert state.state(window(bench), SYSTEM).unowned == 1


def test_relay_is_late_by_what_it_should_have_done(bench: Bench) -> None:
    bench.request()
    with write(bench.engine) as tx:
        tx.execute(sa.text("UPDATE deliveries SET state = 'scheduled'"))
    bench.clock.push(timedelta(seconds=7))
    assert state.state(window(bench), SYSTEM).relay_lag_seconds == 7
    bench.sweep()
    assert state.state(window(bench), SYSTEM).relay_lag_seconds == 0


def test_last_hour_has_its_figures(bench: Bench) -> None:
    def slow(case: Case, site: Site) -> Did[Case]:
        bench.clock.push(timedelta(seconds=4))
        return Did(case, "")

    old = bench.request()
    bench.run(workflow(outside("b", do=slow)), old)
    bench.clock.push(timedelta(hours=2))
    for _ in range(3):
        bench.run(workflow(outside("b", do=slow)), bench.request())
    fails(bench)
    killed = bench.request()
    with write(bench.engine) as tx:
        tx.execute(sa.text("UPDATE deliveries SET takeovers = 2 WHERE id = :id"), {"id": killed})
    found = figures.figures(window(bench), SYSTEM)
    assert (found.finished, found.cancelled, found.takeovers, found.failures) == (3, 0, 2, {"needs person": 1})
    (step,) = found.steps
    assert (step.workflow, step.step, step.ended, step.failed, step.p50) == ("Activation", "b", 4, 1, 4.0)
    now = bench.clock.now()
    ended = figures.steps_ended(window(bench), SYSTEM, since=now - timedelta(hours=1), until=now, bounds=[1, 5])
    assert {(e.state, e.bucket): (e.count, e.seconds) for e in ended} == {
        ("done", 1): (3, 12.0),
        ("failed", 0): (1, 0.0),
    }
    assert figures.measures(window(bench), SYSTEM).takeovers == 2


def test_one_trace_leads_from_the_request_through_audit_and_delivery_to_the_transcript(bench: Bench) -> None:
    def talks(case: Case, site: Site) -> Did[Case]:
        site.transcript.sent("display version")
        return broken(case, site)

    delivery = bench.request()
    bench.run(workflow(outside("b", do=talks)), delivery)
    hire(bench, ("ann", Role.NETWORK))
    intake.reassign(door(bench), NETWORK, delivery_id=delivery, username="ann")
    trace = bench.delivery(delivery).trace
    assert support_views.delivery(window(bench), SYSTEM, delivery_id=delivery).trace == trace
    (row,) = listed(bench)
    assert row.trace == trace
    assert bench.count("audit", f"detail->>'trace' = '{trace}'") == 1
    assert bench.count("events", f"trace = '{trace}'") == 1
    for table in ("step_runs", "incidents"):
        head = f"'%# trace {trace}, delivery {delivery}: b%> display version%'"
        assert bench.count(table, f"transcript LIKE {head}") == 1


def test_undone_work_is_told_from_done(bench: Bench) -> None:
    delivery = fails(bench)
    with write(bench.engine) as tx:
        deliveries.cancel(tx=tx, delivery_id=delivery, now=bench.clock.now())
    assert bench.delivery(delivery).direction == Direction.BACKWARD
    (row,) = listed(bench)
    assert (row.standing, row.can_cancel) == ("ready", False)
    assert bench.run(workflow(outside("b")), delivery) is Ended.CANCELLED
    assert listed(bench) == []
    assert figures.figures(window(bench), SYSTEM).cancelled == 1
