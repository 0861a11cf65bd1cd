"""People's hands on the engine: who gets what stands still, pauses with their words, and giving work to somebody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from isp_lifecycle.access import actions as access
from isp_lifecycle.access.errors import Forbidden
from isp_lifecycle.access.model import ROLES, SYSTEM, Actor, Role
from isp_lifecycle.events import deliveries
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.errors import IllegalMove, NeedsPerson, NotFound, Refused
from isp_lifecycle.intake import clockwork
from isp_lifecycle.intake import engine as intake
from isp_lifecycle.intake.door import Door
from isp_lifecycle.intake.errors import NotTheirs
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.workflows.ledger import Ended
from isp_lifecycle.workflows.steps import Asked, Did, PersonStep, Room, Site
from tests.flows.engine.conftest import Bench, Case
from tests.flows.engine.test_engine import database, outside, person, workflow


def acting(role: Role, username: str = "boss") -> Actor:
    return Actor(None, username, username.title(), role, ROLES[role], "test")


NETWORK, SUPPORT = acting(Role.NETWORK), acting(Role.SUPPORT)


def door(bench: Bench) -> Door:
    return Door(engine=bench.engine, clock=bench.clock, settings=bench.parts.settings)


def hire(bench: Bench, *people: tuple[str, Role]) -> None:
    with write(bench.engine) as tx:
        for username, role in people:
            access.create_user(tx=tx, at=bench.clock.now(), username=username, name=username.title(), role=role)


def leave(bench: Bench, username: str) -> None:
    with write(bench.engine) as tx:
        user = access.user_by_username(tx=tx, username=username)
        assert user is not None
        access.set_active(tx=tx, user_id=user.id, active=False)


def plant_olt(bench: Bench, name: str) -> None:
    with write(bench.engine) as tx:
        inventory.put_olt(
            tx=tx,
            name=name,
            vendor="huawei",
            model="MA5800",
            area="north",
            host="127.0.0.1",
            port=22,
            credentials="default",
            uplink="0/9/0",
            at=bench.clock.now(),
        )


def broken(case: Case, site: Site) -> Did[Case]:
    raise NeedsPerson("No.")


def fails(bench: Bench) -> UUID:
    delivery = bench.request()
    assert bench.run(workflow(outside("b", do=broken)), delivery) is Ended.FAILED
    return delivery


def ticket_owner(bench: Bench, delivery: UUID) -> str | None:
    statement = "SELECT t.assignee FROM tickets t JOIN incidents i ON i.id = t.incident_id WHERE i.delivery_id = :d"
    with bench.engine.connect() as connection:
        owner: str | None = connection.execute(sa.text(statement), {"d": delivery}).scalar_one()
    return owner


def rows(bench: Bench, statement: str, **values: Any) -> list[Any]:
    with bench.engine.connect() as connection:
        return list(connection.execute(sa.text(statement), values))


def test_failures_go_to_the_least_busy_of_the_role_and_stay_there(bench: Bench) -> None:
    hire(bench, ("zoe", Role.NETWORK), ("ann", Role.NETWORK), ("sam", Role.SUPPORT))
    first, second, third = fails(bench), fails(bench), fails(bench)
    assert [ticket_owner(bench, d) for d in (first, second, third)] == ["ann", "zoe", "ann"]
    with write(bench.engine) as tx:
        deliveries.retry(tx=tx, delivery_id=third, now=bench.clock.now())
    bench.run(workflow(outside("b", do=broken)), third)
    assert ticket_owner(bench, third) == "ann"
    told = rows(bench, "SELECT text FROM notifications WHERE username = 'zoe'")
    assert [text for (text,) in told] == ["I-000002 is yours: b — No."]


def test_office_work_goes_to_support(bench: Bench) -> None:
    hire(bench, ("zoe", Role.NETWORK), ("sam", Role.SUPPORT))
    delivery = bench.request()
    with write(bench.engine) as tx:
        tx.execute(sa.text("UPDATE deliveries SET subscriber = 'crm', queue = 'office'"))
    bench.run(workflow(), delivery)  # this worker knows no CRM
    assert ticket_owner(bench, delivery) == "sam"


def test_what_is_nobodys_or_was_left_behind_finds_an_owner_later(bench: Bench) -> None:
    delivery = fails(bench)
    assert ticket_owner(bench, delivery) is None
    assert clockwork.find_owners(door(bench), SYSTEM) == 0
    hire(bench, ("ann", Role.NETWORK))
    assert clockwork.find_owners(door(bench), SYSTEM) == 1
    assert ticket_owner(bench, delivery) == "ann"
    assert clockwork.find_owners(door(bench), SYSTEM) == 0
    hire(bench, ("zoe", Role.NETWORK))
    leave(bench, "ann")
    assert clockwork.find_owners(door(bench), SYSTEM) == 1
    assert ticket_owner(bench, delivery) == "zoe"


def asking() -> Any:
    def take(case: Case, answer: dict[str, Any], room: Room) -> Did[Case]:
        return Did(case, "")

    ask = PersonStep[Case](
        name="Ask", ask=lambda case, _room: Asked(case, "Asks.", None), take=take, undo=lambda case, _room: Did(case)
    )
    return workflow(ask)


def test_a_wait_has_a_task_that_names_a_person_and_ends_with_the_answer(bench: Bench) -> None:
    hire(bench, ("ann", Role.NETWORK), ("zoe", Role.NETWORK), ("sam", Role.SUPPORT))
    delivery = bench.request()
    assert bench.run(asking(), delivery) is Ended.PARKED
    task = "SELECT title, assignee, role, state FROM tasks"
    assert rows(bench, task) == [("Activation: Ask", "ann", "network", "open")]
    with pytest.raises(NotTheirs, match="it is a task for network"):
        intake.reassign(door(bench), SUPPORT, delivery_id=delivery, username="sam")
    intake.reassign(door(bench), SUPPORT, delivery_id=delivery, username="Zoe")
    assert rows(bench, task) == [("Activation: Ask", "zoe", "network", "open")]
    with write(bench.engine) as tx:
        deliveries.answer(tx=tx, delivery_id=delivery, document={})
    assert bench.run(asking(), delivery) is Ended.DONE
    assert rows(bench, task) == [("Activation: Ask", "zoe", "network", "done")]


def test_failed_one_is_given_only_to_somebody_who_is_there_and_may_mend_it(bench: Bench) -> None:
    hire(bench, ("ann", Role.NETWORK), ("sam", Role.SUPPORT), ("cy", Role.SALES), ("old", Role.SUPPORT))
    leave(bench, "old")
    delivery, fine = fails(bench), bench.request()
    give = lambda to, actor=SUPPORT: intake.reassign(door(bench), actor, delivery_id=delivery, username=to)  # noqa: E731
    with pytest.raises(NotFound, match="account nobody"):
        give("nobody")
    with pytest.raises(NotTheirs, match="Old has left"):
        give("old")
    with pytest.raises(NotTheirs, match="Cy is sales"):
        give("cy")
    with pytest.raises(Forbidden):
        give("sam", acting(Role.SALES))
    with pytest.raises(IllegalMove, match="is queued"):
        intake.reassign(door(bench), SUPPORT, delivery_id=fine, username="sam")
    assert ticket_owner(bench, delivery) == "ann"
    give("sam")
    assert ticket_owner(bench, delivery) == "sam"
    assert rows(bench, "SELECT text FROM ticket_notes ORDER BY number DESC LIMIT 1") == [("Boss gave it to Sam.",)]
    assert rows(bench, "SELECT text FROM notifications WHERE username = 'sam'") == [
        ("Boss has given you a delivery that failed.",)
    ]
    audit = "SELECT actor, action, subject_id, detail->>'username' FROM audit WHERE action <> 'refused'"
    assert rows(bench, audit) == [("boss", "engine.reassign", str(delivery), "sam")]


def test_pause_and_resume_are_audited_and_only_for_what_exists(bench: Bench) -> None:
    plant_olt(bench, "OLT-A")
    delivery = bench.request()
    for what, message in (("OLT-B", "no OLT OLT-B"), ("subscriber:nobody", "no subscriber nobody")):
        with pytest.raises(NotFound, match=message):
            intake.pause(door(bench), NETWORK, what=what, reason="Board swap")
    with pytest.raises(Refused, match="A reason of 1"):
        intake.pause(door(bench), NETWORK, what="engine", reason=" ")
    with pytest.raises(Forbidden):
        intake.pause(door(bench), SUPPORT, what="engine", reason="Upgrade")
    for what in ("engine", "crm", "OLT-A", "engine"):
        intake.pause(door(bench), NETWORK, what=what, reason="Upgrade")
    worker = bench.worker(workflow(database("a")))
    assert worker.work("network") == 0
    keys = "SELECT key FROM holds ORDER BY key"
    assert [key for (key,) in rows(bench, keys)] == ["engine", "engine", "olt:OLT-A", "subscriber:crm"]
    assert intake.resume(door(bench), NETWORK, what="engine") == 2
    with pytest.raises(Refused, match="engine is not paused"):
        intake.resume(door(bench), NETWORK, what="engine")
    assert worker.work("network") == 1
    assert bench.delivery(delivery).state == "done"
    lines = rows(bench, "SELECT action, subject_id FROM audit ORDER BY id")
    assert lines.pop(0) == ("refused", "engine.pause")
    assert lines == [("engine.pause", k) for k in ("engine", "subscriber:crm", "olt:OLT-A", "engine")] + [
        ("engine.resume", "engine")
    ]


def test_maintenance_window_is_on_the_companys_wall_clock(bench: Bench) -> None:
    plant_olt(bench, "OLT-A")
    night = {"what": "OLT-A", "reason": "Board swap"}
    with pytest.raises(Refused, match="There is no 01:30 on 29 March 2026"):
        intake.pause(door(bench), NETWORK, **night, since="2026-03-29 01:30")
    with pytest.raises(Refused, match="'tomorrow' is no time"):
        intake.pause(door(bench), NETWORK, **night, until="tomorrow")
    planned = intake.pause(door(bench), NETWORK, **night, since="2026-03-28 23:30", until="2026-03-29T04:00")
    autumn = intake.pause(door(bench), NETWORK, **night, since="2026-10-25 01:30", until="2026-10-25 01:30")
    spans = {row.id: (row.since, row.until) for row in rows(bench, "SELECT * FROM holds")}
    day = lambda *at: datetime(2026, *at, tzinfo=UTC)  # noqa: E731
    assert spans[planned] == (day(3, 28, 23, 30), day(3, 29, 3, 0))
    # The hour that comes twice: from the first to the second of the two half past ones.
    assert spans[autumn] == (day(10, 25, 0, 30), day(10, 25, 1, 30))
    with pytest.raises(Refused, match="OLT-A is not paused"):
        intake.resume(door(bench), NETWORK, what="OLT-A")
    bench.clock.push(timedelta(days=26, hours=16))
    assert intake.resume(door(bench), NETWORK, what="OLT-A") == 1
    intake.lift(door(bench), NETWORK, hold_id=autumn)
    assert rows(bench, "SELECT * FROM holds") == []


def test_corrected_answer_outlives_a_failure_on_the_way_back(bench: Bench) -> None:
    """What was answered anew is kept through every step that is undone on the way to its question."""
    refusals = ["The shelf is locked."]

    def un_b(case: Case, _where: Room | Site) -> Did[Case]:
        if refusals:
            raise NeedsPerson(refusals.pop())
        return Did(case, "un-b")

    def broken(_case: Case, _site: Site) -> Did[Case]:
        raise NeedsPerson("No.")

    flow = workflow(person(), database("b", undo=un_b), database("c"), outside("d", do=broken))
    delivery = bench.request()
    assert bench.run(flow, delivery) is Ended.PARKED
    with write(bench.engine) as tx:
        deliveries.answer(tx=tx, delivery_id=delivery, document={"word": "wrong"})
    assert bench.run(flow, delivery) is Ended.FAILED
    with write(bench.engine) as tx:
        right = {"word": "right"}
        deliveries.go_back(tx=tx, delivery_id=delivery, undo_to=0, now=bench.clock.now(), document=right)
    assert bench.run(flow, delivery) is Ended.FAILED  # c is undone, b is not yet
    bench.retry(delivery)
    assert bench.run(flow, delivery) is Ended.FAILED  # forward again, up to d
    assert "right" in bench.delivery(delivery).case["said"]
