"""Standing in line: turns are handed over, order is kept, holds keep back, and one worker takes a whole line."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from isp_lifecycle.events import deliveries, holds, lines
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.errors import NeedsPerson, NotFound, Refused
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.workflows.ledger import Ended
from isp_lifecycle.workflows.steps import Did, Room, Site
from tests.flows.engine.conftest import Bench, Case
from tests.flows.engine.test_engine import database, outside, workflow

OLT_A = lambda _case: lines.olt("A")  # noqa: E731 - a name for the turn of these tests


def on_olt(do: Any = None) -> Any:
    """A workflow of one step on OLT A."""
    return workflow(outside("b", do=do, turn=OLT_A))


def test_turn_goes_to_the_most_urgent_waiter_and_the_others_stay_in_line(bench: Bench) -> None:
    holder = bench.request()
    waiters = [bench.request() for _ in range(3)]
    with write(bench.engine) as tx:
        tx.execute(sa.text("UPDATE deliveries SET priority = 1 WHERE id = :id"), {"id": waiters[2]})

    def while_held(case: Case, site: Site) -> Did[Case]:
        assert [bench.run(on_olt(), w, name="w2") for w in waiters] == [Ended.BLOCKED] * 3
        return Did(case, "held")

    assert bench.run(on_olt(while_held), holder) is Ended.DONE
    assert [bench.delivery(w).blocked_on for w in waiters] == ["olt:A", "olt:A", None]
    assert bench.run(on_olt(), bench.request(), name="barges in") is Ended.BLOCKED
    assert bench.run(on_olt(), waiters[2]) is Ended.DONE
    assert [bench.delivery(w).blocked_on for w in waiters] == [None, "olt:A", None]


def test_turn_that_was_handed_to_a_worker_who_never_comes_goes_on(bench: Bench) -> None:
    holder, first, second = (bench.request() for _ in range(3))

    def while_held(case: Case, site: Site) -> Did[Case]:
        assert [bench.run(on_olt(), w, name="w2") for w in (first, second)] == [Ended.BLOCKED] * 2
        return Did(case, "held")

    bench.run(on_olt(while_held), holder)
    assert bench.delivery(first).blocked_on is None
    bench.clock.push(bench.parts.settings.lease + timedelta(seconds=1))
    bench.sweep()
    assert bench.run(on_olt(), second) is Ended.DONE
    assert bench.run(on_olt(), first) is Ended.DONE


def test_one_worker_takes_a_whole_line_in_a_row(bench: Bench) -> None:
    order: list[str] = []

    def noted(case: Case, site: Site) -> Did[Case]:
        order.append(str(site.delivery_id))
        if len(order) == 1:  # all others arrive while the first one is at the OLT
            assert bench.worker(on_olt(noted), "w2").work("network") == 5
        return Did(case, "")

    asked = [str(bench.request()) for _ in range(6)]
    assert bench.worker(on_olt(noted)).work("network") == 6
    assert order == asked


def test_later_delivery_of_a_service_waits_until_the_earlier_one_is_over(bench: Bench) -> None:
    service = new_id()

    def broken(case: Case, site: Site) -> Did[Case]:
        raise NeedsPerson("No.")

    first, second, other = bench.request(service_id=service), bench.request(service_id=service), bench.request()
    assert bench.run(workflow(outside("b", do=broken)), first) is Ended.FAILED
    fine = workflow(database("b"))
    assert bench.run(fine, second) is Ended.BLOCKED
    assert bench.delivery(second).blocked_on == f"after:{first}"
    assert bench.run(fine, other) is Ended.DONE
    bench.sweep()
    assert bench.delivery(second).blocked_on == f"after:{first}"
    with write(bench.engine) as tx:
        deliveries.retry(tx=tx, delivery_id=first, now=bench.clock.now())
    assert bench.run(fine, first) is Ended.DONE
    assert bench.delivery(second).blocked_on is None
    assert bench.run(fine, second) is Ended.DONE


def test_order_is_kept_within_a_family_of_subscribers(bench: Bench) -> None:
    service = new_id()
    first, second = bench.request(service_id=service), bench.request(service_id=service)
    with write(bench.engine) as tx:
        for delivery, name in ((first, "billing.start"), (second, "billing.stop")):
            tx.execute(sa.text("UPDATE deliveries SET subscriber = :n WHERE id = :id"), {"n": name, "id": delivery})
    assert bench.run(workflow(database("b")), second) is Ended.BLOCKED
    assert bench.delivery(second).blocked_on == f"after:{first}"


def test_work_that_is_only_scheduled_keeps_nobody_waiting(bench: Bench) -> None:
    service = new_id()
    month_end = bench.request(service_id=service)
    with write(bench.engine) as tx:
        later = {"id": month_end, "due": bench.clock.now() + timedelta(days=9)}
        tx.execute(sa.text("UPDATE deliveries SET state = 'scheduled', due_at = :due WHERE id = :id"), later)
    assert bench.run(workflow(database("b")), bench.request(service_id=service)) is Ended.DONE


def hold(bench: Bench, key: str, **more: Any) -> Any:
    with write(bench.engine) as tx:
        return holds.hold(tx=tx, key=key, reason="Board swap", by="nora", at=bench.clock.now(), **more)


def test_held_engine_begins_nothing(bench: Bench) -> None:
    delivery = bench.request()
    held = hold(bench, lines.ENGINE)
    worker = bench.worker(workflow(database("a")))
    assert (worker.work("network"), worker.run(delivery)) == (0, Ended.NOT_NOW)
    with write(bench.engine) as tx:
        assert holds.lift(tx=tx, hold_id=held) == "engine"
    assert worker.work("network") == 1


def test_held_subscriber_stands_in_line_until_the_hold_ends_by_itself(bench: Bench) -> None:
    delivery = bench.request()
    hold(bench, lines.subscriber("activation"), until=bench.clock.now() + timedelta(hours=1))
    worker = bench.worker(workflow(database("a")))
    assert worker.work("network") == 1
    assert bench.delivery(delivery).blocked_on == "subscriber:activation"
    bench.sweep()
    assert worker.work("network") == 0
    bench.clock.push(timedelta(hours=1))
    assert bench.sweep().unblocked == 1
    assert worker.work("network") == 1
    assert bench.delivery(delivery).state == "done"


def test_maintenance_window_lets_the_step_at_hand_end_and_nobody_else_begin(bench: Bench) -> None:
    first, second = bench.request(), bench.request()

    def while_held(case: Case, site: Site) -> Did[Case]:
        hold(bench, lines.olt("A"), since=bench.clock.now(), until=bench.clock.now() + timedelta(hours=2))
        return Did(replace(case, said=("done",)), "")

    assert bench.run(on_olt(while_held), first) is Ended.DONE
    assert bench.run(on_olt(), second) is Ended.BLOCKED
    bench.sweep()
    assert bench.delivery(second).blocked_on == "olt:A"
    bench.clock.push(timedelta(hours=2))
    assert bench.sweep().unblocked == 1
    assert bench.run(on_olt(), second) is Ended.DONE


def test_hold_that_ends_before_it_begins_is_refused(bench: Bench) -> None:
    with pytest.raises(Refused, match="must end after it begins"):
        hold(bench, lines.ENGINE, until=bench.clock.now())
    with pytest.raises(NotFound), write(bench.engine) as tx:
        holds.lift(tx=tx, hold_id=new_id())


def test_delivery_that_kills_its_workers_is_given_to_a_person(bench: Bench) -> None:
    def dies(case: Case, site: Site) -> Did[Case]:
        raise KeyboardInterrupt

    delivery = bench.request()
    flow = workflow(outside("b", do=dies))
    for _ in range(bench.parts.settings.engine.takeovers_at_most):
        with pytest.raises(KeyboardInterrupt):
            bench.run(flow, delivery)
        bench.clock.push(bench.parts.settings.lease + timedelta(seconds=1))
        bench.sweep()
    assert bench.run(flow, delivery) is Ended.FAILED
    assert "workers in a row died" in bench.delivery(delivery).failure["what"]
    assert bench.count("incidents") == 1
    with write(bench.engine) as tx:
        deliveries.retry(tx=tx, delivery_id=delivery, now=bench.clock.now())
    assert bench.run(workflow(outside("b")), delivery) is Ended.DONE


def test_delivery_for_an_unknown_subscriber_is_given_to_a_person_and_others_go_on(bench: Bench) -> None:
    unknown, known = bench.request(), bench.request()
    with write(bench.engine) as tx:
        tx.execute(sa.text("UPDATE deliveries SET subscriber = 'of_tomorrow' WHERE id = :id"), {"id": unknown})
    assert bench.worker(workflow(database("a"))).work("network") == 2
    assert bench.delivery(unknown).failure["what"] == "This program has no subscriber of_tomorrow."
    assert bench.delivery(known).state == "done"


def test_engine_that_stops_begins_nothing_more(bench: Bench) -> None:
    first, second = bench.request(), bench.request()

    def told_to_stop(case: Case, site: Site) -> Did[Case]:
        worker.stop()
        return Did(case, "")

    worker = bench.worker(workflow(outside("b", do=told_to_stop)))
    assert worker.work("network") == 1
    assert [bench.delivery(d).state for d in (first, second)] == ["done", "queued"]


def test_late_worker_frees_nobody_who_stands_behind_its_delivery(bench: Bench) -> None:
    """The last step of one that lost its lease changes nothing, and nobody behind it is let go either."""
    service = new_id()
    first, second = bench.request(service_id=service), bench.request(service_id=service)

    def overtaken(case: Case, _room: Room) -> Did[Case]:
        with write(bench.engine) as other:
            other.execute(sa.text("UPDATE deliveries SET lease_token = lease_token + 1 WHERE id = :id"), {"id": first})
        return Did(case, "late")

    assert bench.run(workflow(database("a")), second) is Ended.BLOCKED
    assert bench.run(workflow(database("a", do=overtaken)), first) is Ended.LOST
    assert bench.delivery(second).blocked_on == f"after:{first}"
