"""What the event engine promises, on a real database."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from isp_lifecycle.drivers.errors import OltUnreachable
from isp_lifecycle.events import claims, deliveries
from isp_lifecycle.events.errors import LeaseLost
from isp_lifecycle.events.model import Lease
from isp_lifecycle.events.vocabulary import ActivationRequested
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.errors import IllegalMove, NeedsPerson, Refused
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.workflows.heart import Heart
from isp_lifecycle.workflows.ledger import Ended
from isp_lifecycle.workflows.steps import (
    Asked,
    DatabaseStep,
    Did,
    Irreversible,
    OutsideStep,
    PersonStep,
    Room,
    Site,
    Step,
    Unobservable,
    Workflow,
)
from tests.flows.engine.conftest import Bench, Case


def says(word: str) -> Any:
    """A step's deed that adds its word to the case."""

    def do(case: Case, _where: Room | Site) -> Did[Case]:
        return Did(replace(case, said=(*case.said, word)), word)

    return do


def database(name: str, do: Any = None, undo: Any = None) -> DatabaseStep[Case]:
    """A database step."""
    return DatabaseStep(name, do=do or says(name), undo=undo or says(f"un-{name}"))


def outside(name: str, do: Any = None, undo: Any = None, turn: Any = None, verify: Any = None) -> OutsideStep[Case]:
    """An outside step."""
    return OutsideStep(
        name,
        do=do or says(name),
        verify=verify or Unobservable("seen"),
        undo=undo or says(f"un-{name}"),
        turn=turn or (lambda _case: None),
    )


def workflow(*steps: Step[Case], alone: bool = False) -> Workflow[Case]:
    """A workflow of these steps."""
    return Workflow(
        name="activation",
        starts_on=(ActivationRequested,),
        case=Case,
        begin=lambda _event, _room: Case(),
        steps=steps,
        alone=alone,
    )


def unreachable(*_args: Any) -> Any:
    """A deed that finds no device."""
    raise OltUnreachable("OLT-A", "192.0.2.1", 22, "no route")


def test_all_steps_are_done_and_recorded_in_order(bench: Bench) -> None:
    delivery = bench.request()
    ended = bench.run(workflow(database("a"), outside("b"), database("c")), delivery)
    assert ended is Ended.DONE
    assert bench.steps(delivery) == [("a", "forward", "done"), ("b", "forward", "done"), ("c", "forward", "done")]
    assert bench.delivery(delivery).case["said"] == ["a", "b", "c"]
    assert bench.delivery(delivery).state == "done"


def test_message_that_comes_twice_does_nothing(bench: Bench) -> None:
    delivery = bench.request()
    flow = workflow(database("a"))
    assert [bench.run(flow, delivery), bench.run(flow, delivery)] == [Ended.DONE, Ended.NOT_NOW]
    assert bench.steps(delivery) == [("a", "forward", "done")]


def test_database_step_that_fails_leaves_none_of_its_rows(bench: Bench) -> None:
    def insert_then_fail(case: Case, room: Room) -> Did[Case]:
        room.tx.execute(
            sa.text("INSERT INTO process_beats VALUES ('half', 'test', :now, :now)"), {"now": bench.clock.now()}
        )
        raise NeedsPerson("It broke in the middle.")

    delivery = bench.request()
    assert bench.run(workflow(database("a", do=insert_then_fail)), delivery) is Ended.FAILED
    assert bench.count("process_beats") == 0
    assert bench.steps(delivery) == [("a", "forward", "failed")]


def test_needs_person_opens_incident_ticket_and_notifications_at_once(bench: Bench) -> None:
    def broken(case: Case, site: Site) -> Did[Case]:
        site.transcript.sent("display board 0")
        site.transcript.received("Unit is on fire", 0.25)
        raise NeedsPerson("The board burns.", remedy="Call the fire brigade.")

    delivery = bench.request()
    assert bench.run(workflow(database("a"), outside("b", do=broken)), delivery) is Ended.FAILED
    with bench.engine.connect() as connection:
        incident = connection.execute(sa.text("SELECT * FROM incidents")).one()
    assert (incident.step, incident.what, incident.remedy) == ("b", "The board burns.", "Call the fire brigade.")
    assert "Unit is on fire" in incident.transcript
    assert incident.changed == ["a: a"]
    assert (bench.count("tickets"), bench.count("notifications")) == (1, 2)
    assert bench.delivery(delivery).failure["kind"] == "needs person"


def test_refused_is_never_retried(bench: Bench) -> None:
    def refused(case: Case, room: Room) -> Did[Case]:
        raise Refused("No such thing.")

    delivery = bench.request()
    assert bench.run(workflow(database("a", do=refused)), delivery) is Ended.FAILED
    assert bench.delivery(delivery).state == "failed"


def test_error_of_the_program_itself_becomes_an_incident_with_its_traceback(bench: Bench) -> None:
    def bug(case: Case, room: Room) -> Did[Case]:
        raise ZeroDivisionError("oops")

    delivery = bench.request()
    assert bench.run(workflow(database("a", do=bug)), delivery) is Ended.FAILED
    with bench.engine.connect() as connection:
        incident = connection.execute(sa.text("SELECT what, transcript FROM incidents")).one()
    assert "ZeroDivisionError: oops" in incident.what
    assert "Traceback" in incident.transcript


def test_unreachable_is_tried_again_with_growing_pauses_then_a_person_is_asked(bench: Bench) -> None:
    delivery = bench.request()
    flow = workflow(outside("b", do=unreachable))
    pauses = []
    for _attempt in range(bench.parts.settings.engine.retry_attempts - 1):
        assert bench.run(flow, delivery) is Ended.PUT_OFF
        row = bench.delivery(delivery)
        pauses.append((row.due_at - bench.clock.now()).total_seconds())
        bench.clock.push(row.due_at - bench.clock.now())
        bench.sweep()
    assert bench.run(flow, delivery) is Ended.FAILED
    assert pauses == sorted(pauses)
    assert pauses[1] / pauses[0] == pytest.approx(2, abs=0.01)
    assert bench.count("incidents") == 1
    assert bench.delivery(delivery).attempt == bench.parts.settings.engine.retry_attempts


def test_put_off_delivery_is_not_taken_before_its_time(bench: Bench) -> None:
    delivery = bench.request()
    flow = workflow(outside("b", do=unreachable))
    bench.run(flow, delivery)
    bench.sweep()
    assert bench.run(flow, delivery) is Ended.NOT_NOW


def test_retry_resumes_at_the_failed_step_and_closes_the_incident(bench: Bench) -> None:
    mended: list[bool] = []

    def maybe(case: Case, site: Site) -> Did[Case]:
        if not mended:
            raise NeedsPerson("Not yet.")
        return Did(replace(case, said=(*case.said, "b")), "b")

    flow = workflow(database("a"), outside("b", do=maybe), database("c"))
    delivery = bench.request()
    assert bench.run(flow, delivery) is Ended.FAILED
    mended.append(True)
    with write(bench.engine) as tx:
        deliveries.retry(tx=tx, delivery_id=delivery, now=bench.clock.now())
    assert bench.run(flow, delivery) is Ended.DONE
    assert bench.steps(delivery) == [
        ("a", "forward", "done"),
        ("b", "forward", "failed"),
        ("b", "forward", "done"),
        ("c", "forward", "done"),
    ]
    assert bench.count("incidents", "closed_at IS NULL") == 0
    assert bench.count("tickets", "state = 'resolved'") == 1


def test_cancel_undoes_in_reverse_and_says_what_stays(bench: Bench) -> None:
    def broken(case: Case, site: Site) -> Did[Case]:
        raise NeedsPerson("No.")

    flow = workflow(
        database("a"), outside("b", undo=Irreversible("said is said")), outside("c"), outside("d", do=broken)
    )
    delivery = bench.request()
    assert bench.run(flow, delivery) is Ended.FAILED
    with write(bench.engine) as tx:
        deliveries.cancel(tx=tx, delivery_id=delivery, now=bench.clock.now())
    assert bench.run(flow, delivery) is Ended.CANCELLED
    assert bench.steps(delivery)[4:] == [
        ("d", "backward", "undone"),
        ("c", "backward", "undone"),
        ("b", "backward", "kept"),
        ("a", "backward", "undone"),
    ]
    assert bench.delivery(delivery).case["said"] == ["a", "b", "c", "un-d", "un-c", "un-a"]
    assert bench.count("incidents", "closed_at IS NULL") == 0


def test_database_step_that_never_was_done_is_not_undone(bench: Bench) -> None:
    def broken(case: Case, room: Room) -> Did[Case]:
        raise NeedsPerson("No.")

    flow = workflow(database("a"), database("b", do=broken))
    delivery = bench.request()
    bench.run(flow, delivery)
    with write(bench.engine) as tx:
        deliveries.cancel(tx=tx, delivery_id=delivery, now=bench.clock.now())
    assert bench.run(flow, delivery) is Ended.CANCELLED
    assert bench.steps(delivery)[2:] == [("a", "backward", "undone")]


def test_undo_that_fails_is_retried_and_then_a_person_is_asked(bench: Bench) -> None:
    tries: list[int] = []

    def stubborn(case: Case, site: Site) -> Did[Case]:
        tries.append(1)
        if len(tries) < 2:
            raise NeedsPerson("It does not come off.")
        return Did(case, "off")

    def broken(case: Case, site: Site) -> Did[Case]:
        raise NeedsPerson("No.")

    flow = workflow(database("a"), outside("b", undo=stubborn), outside("c", do=broken))
    delivery = bench.request()
    bench.run(flow, delivery)
    with write(bench.engine) as tx:
        deliveries.cancel(tx=tx, delivery_id=delivery, now=bench.clock.now())
    assert bench.run(flow, delivery) is Ended.FAILED
    with write(bench.engine) as tx:
        deliveries.retry(tx=tx, delivery_id=delivery, now=bench.clock.now())
    assert bench.run(flow, delivery) is Ended.CANCELLED


def test_cancel_of_a_running_or_ended_delivery_is_refused(bench: Bench) -> None:
    delivery = bench.request()
    bench.run(workflow(database("a")), delivery)
    with pytest.raises(IllegalMove), write(bench.engine) as tx:
        deliveries.cancel(tx=tx, delivery_id=delivery, now=bench.clock.now())


def ask(case: Case, room: Room) -> Asked[Case]:
    """Ask a person."""
    return Asked(case, "please", room.at + timedelta(hours=1))


def take(case: Case, answer: dict[str, Any], room: Room) -> Did[Case]:
    """Keep what they said."""
    return Did(replace(case, said=(*case.said, answer["word"])), answer["word"])


def person(name: str = "p") -> PersonStep[Case]:
    """A person step."""
    return PersonStep(name, ask=ask, take=take, undo=says("un-asked"))


def test_person_step_parks_and_continues_from_the_answer(bench: Bench) -> None:
    flow = workflow(database("a"), person(), database("c"))
    delivery = bench.request()
    assert bench.run(flow, delivery) is Ended.PARKED
    row = bench.delivery(delivery)
    assert (row.state, row.lease_until, row.deadline_at) == ("waiting", None, bench.clock.now() + timedelta(hours=1))
    with write(bench.engine) as tx:
        deliveries.answer(tx=tx, delivery_id=delivery, document={"word": "here"})
    assert bench.run(flow, delivery) is Ended.DONE
    assert bench.delivery(delivery).case["said"] == ["a", "here", "c"]


def test_answer_to_a_delivery_that_does_not_wait_is_refused(bench: Bench) -> None:
    delivery = bench.request()
    with pytest.raises(IllegalMove), write(bench.engine) as tx:
        deliveries.answer(tx=tx, delivery_id=delivery, document={})


def test_corrected_input_undoes_down_to_the_question_and_goes_on(bench: Bench) -> None:
    def picky(case: Case, site: Site) -> Did[Case]:
        if case.said[-1] != "right" and "right" not in case.said:
            raise NeedsPerson("Wrong word.")
        return Did(case, "fine")

    flow = workflow(database("a"), person(), outside("c"), outside("d", do=picky))
    delivery = bench.request()
    bench.run(flow, delivery)
    with write(bench.engine) as tx:
        deliveries.answer(tx=tx, delivery_id=delivery, document={"word": "wrong"})
    assert bench.run(flow, delivery) is Ended.FAILED
    with write(bench.engine) as tx:
        deliveries.go_back(tx=tx, delivery_id=delivery, undo_to=1, now=bench.clock.now(), document={"word": "right"})
    assert bench.run(flow, delivery) is Ended.DONE
    assert bench.delivery(delivery).case["said"] == ["a", "wrong", "c", "un-d", "un-c", "right", "c"]


def test_worker_that_lost_its_lease_can_commit_nothing(bench: Bench) -> None:
    delivery = bench.request()
    with write(bench.engine) as tx:
        lease = claims.claim(
            tx=tx, delivery_id=delivery, worker="dead", now=bench.clock.now(), length=bench.parts.settings.lease
        )
    assert isinstance(lease[0], Lease)
    bench.clock.push(bench.parts.settings.lease + timedelta(seconds=1))
    assert bench.sweep().taken_over == 1
    assert bench.run(workflow(database("a")), delivery, name="alive") is Ended.DONE
    with pytest.raises(LeaseLost), write(bench.engine) as tx:
        deliveries.begin_step(
            tx=tx, lease=lease[0], position=0, name="a", direction=lease[0].direction, now=bench.clock.now()
        )
    assert bench.steps(delivery) == [("a", "forward", "done")]


def test_step_of_a_worker_that_died_is_marked_abandoned_and_done_again(bench: Bench) -> None:
    def dies(case: Case, site: Site) -> Did[Case]:
        raise KeyboardInterrupt

    delivery = bench.request()
    with pytest.raises(KeyboardInterrupt):
        bench.run(workflow(database("a"), outside("b", do=dies)), delivery)
    assert bench.delivery(delivery).state == "running"
    bench.clock.push(bench.parts.settings.lease + timedelta(seconds=1))
    bench.sweep()
    assert bench.run(workflow(database("a"), outside("b")), delivery, name="w2") is Ended.DONE
    assert bench.steps(delivery) == [
        ("a", "forward", "done"),
        ("b", "forward", "abandoned"),
        ("b", "forward", "done"),
    ]
    assert bench.delivery(delivery).takeovers == 1


def test_one_olt_has_one_writer_and_waiting_burns_no_attempt(bench: Bench) -> None:
    holder, waiter = bench.request(), bench.request()
    seen: list[Ended] = []
    flow = workflow(outside("b", turn=lambda _case: "olt:A"))

    def while_held(case: Case, site: Site) -> Did[Case]:
        seen.append(bench.run(flow, waiter, name="w2"))
        return Did(case, "held")

    assert bench.run(workflow(outside("b", do=while_held, turn=lambda _case: "olt:A")), holder) is Ended.DONE
    assert seen == [Ended.BLOCKED]
    row = bench.delivery(waiter)
    assert (row.state, row.attempt, row.blocked_on) == ("queued", 1, None)
    assert bench.run(flow, waiter, name="w2") is Ended.DONE


def test_two_deliveries_of_one_service_never_run_at_the_same_time(bench: Bench) -> None:
    service = new_id()
    first, second = bench.request(service_id=service), bench.request(service_id=service)
    seen: list[Ended] = []
    flow = workflow(database("a"), alone=True)

    def meanwhile(case: Case, site: Site) -> Did[Case]:
        seen.append(bench.run(flow, second, name="w2"))
        return Did(case, "")

    assert bench.run(workflow(outside("x", do=meanwhile), alone=True), first) is Ended.DONE
    assert seen == [Ended.BLOCKED]
    assert bench.run(flow, second, name="w2") is Ended.DONE


def test_turn_of_a_dead_worker_is_free_after_its_lease(bench: Bench) -> None:
    def dies(case: Case, site: Site) -> Did[Case]:
        raise KeyboardInterrupt

    dead, waiting = bench.request(), bench.request()
    with pytest.raises(KeyboardInterrupt):
        bench.run(workflow(outside("b", do=dies, turn=lambda _case: "olt:A")), dead)
    flow = workflow(outside("b", turn=lambda _case: "olt:A"))
    assert bench.run(flow, waiting) is Ended.BLOCKED
    bench.clock.push(bench.parts.settings.lease + timedelta(seconds=1))
    assert bench.sweep().unblocked == 1
    assert bench.run(flow, waiting) is Ended.DONE
    assert bench.run(flow, dead) is Ended.DONE


def test_verification_that_fails_fails_the_step(bench: Bench) -> None:
    def not_there(case: Case, site: Site) -> None:
        raise NeedsPerson("It is not there.")

    delivery = bench.request()
    assert bench.run(workflow(outside("b", verify=not_there)), delivery) is Ended.FAILED
    assert bench.steps(delivery) == [("b", "forward", "failed")]


def hearts() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name == "heart"}


def test_a_heart_that_holds_nothing_leaves_no_thread_behind(bench: Bench) -> None:
    """Thousands of idle hearts once took most of the processor of a test run: each woke up for nothing."""
    settings = bench.parts.settings
    quick = settings.model_copy(update={"engine": settings.engine.model_copy(update={"heartbeat_seconds": 0.15})})
    heart, before = Heart(parts=replace(bench.parts, settings=quick)), hearts()
    delivery = bench.request()
    with write(bench.engine) as tx:
        taken = claims.claim(tx=tx, delivery_id=delivery, worker="w1", now=bench.clock.now(), length=settings.lease)
    lease = taken[0]
    assert isinstance(lease, Lease)
    for _ in range(2):  # it begins anew
        with heart.beating(lease):
            assert len(hearts() - before) == 1  # those of tests before this one end while it runs
        deadline = time.monotonic() + 10
        while hearts() - before and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not hearts() - before
