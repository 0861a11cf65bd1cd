"""What an engineer writes down on site, on a real plant: each entry once; visits that could not be done, and then."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from isp_lifecycle.access import actions as access
from isp_lifecycle.access.model import SYSTEM, Actor, Role
from isp_lifecycle.field.errors import EntryKeyReused, EntryMalformed, TooMuchKept
from isp_lifecycle.foundation.clock import today
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.intake import clockwork, field, support, trail, visits
from isp_lifecycle.intake.door import Door
from isp_lifecycle.intake.errors import NotTheirVisit, NotWaiting, VisitGivenUp, VisitNotMissed
from isp_lifecycle.intake.once import Entered, OnceOnSite
from isp_lifecycle.notices import mailbox
from isp_lifecycle.views import onsite
from tests.flows.line.acts import ADMIN, free_house, ordered, plugged
from tests.flows.line.conftest import Plant, actor


def people(plant: Plant) -> None:
    """Somebody of each role that is given what follows."""
    with write(plant.engine) as tx:
        for role in (Role.DISPATCHER, Role.NETWORK, Role.SALES):
            at = plant.parts.clock.now()
            access.create_user(tx=tx, at=at, username=f"a.{role}", name=f"A {role}", role=role)


def theirs(plant: Plant, visit: str) -> Actor:
    """The engineer whose visit it is."""
    row = plant.one(
        "SELECT g.username FROM visits v JOIN engineers g ON g.id = v.engineer_id WHERE v.code = :v", v=visit
    )
    return actor(Role.INSTALLER, row.username)


def under(door: Door, key: UUID, **request: str) -> Door:
    """The door under a phone's key."""
    return replace(door, once=OnceOnSite.of(owner="o", key=str(key), request=request))


def missed(plant: Plant, visit: str, reason: str = "nobody_home", words: str = "") -> Entered:
    at = plant.parts.clock.now()
    who = theirs(plant, visit)
    return visits.cannot_do(plant.door, who, visit_code=visit, reason=reason, words=words, made_at=at)


def state(plant: Plant, delivery: UUID) -> str:
    return str(plant.one("SELECT state FROM deliveries WHERE id = :d", d=delivery).state)


def test_a_missed_visit_is_somebodys_at_once_and_goes_on_when_booked_again(plant: Plant) -> None:
    people(plant)
    _order, delivery, visit = ordered(plant)
    missed(plant, visit, words="rang twice")
    row = plant.one(
        "SELECT v.*, d.state AS work, d.deadline_at FROM visits v JOIN deliveries d ON d.id = v.delivery_id"
    )
    assert (row.state, row.result, row.work) == ("missed", "Customer not at home: rang twice", "waiting")
    tasks = plant.many("SELECT kind, state, assignee, role, due_at FROM tasks ORDER BY created_at")
    assert [(t.kind, t.state) for t in tasks] == [("install", "cancelled"), ("rebook", "open")]
    assert (tasks[1].assignee, tasks[1].role, tasks[1].due_at) == ("a.dispatcher", "dispatcher", row.deadline_at)
    (waits,) = onsite.missed(plant.window, ADMIN)
    assert (waits.visit_code, waits.assignee, waits.asked) == (
        visit,
        "A dispatcher",
        "Call the customer and book again",
    )
    plant.work()
    assert "could not come in" in mailbox.messages(plant.settings.var / "mail")[0].subject

    with write(plant.engine) as tx:
        tx.execute(sa.text("UPDATE deliveries SET deadline_at = now() - interval '1 hour' WHERE state = 'waiting'"))
    assert clockwork.escalate_overdue(plant.door, SYSTEM) == 1
    with pytest.raises(VisitGivenUp):
        field.activate(plant.door, theirs(plant, visit), visit_code=visit, serial="HWTC-AABBCCDD")
    with pytest.raises(VisitGivenUp):
        missed(plant, visit)

    day = today(clock=plant.parts.clock, zone=plant.settings.company.tz) + timedelta(days=3)
    desk = actor(Role.DISPATCHER)
    again = visits.book_again(plant.door, desk, visit_code=visit, not_before=day)
    assert again.starts.date() >= day
    plant.work()
    assert state(plant, delivery) == "waiting"
    assert onsite.missed(plant.window, ADMIN) == ()
    with pytest.raises(VisitNotMissed, match=again.visit_code):
        visits.book_again(plant.door, desk, visit_code=visit)
    open_tasks = plant.many("SELECT kind FROM tasks WHERE state = 'open'")
    assert [t.kind for t in open_tasks] == ["install"]
    engineer = theirs(plant, again.visit_code)
    field.activate(plant.door, engineer, visit_code=again.visit_code, serial=plugged(plant))
    plant.work()
    assert state(plant, delivery) == "done"
    assert [v.state for v in plant.many("SELECT state FROM visits ORDER BY id")] == ["missed", "done"]


@pytest.mark.parametrize(("reason", "role"), [("no_light", "network"), ("customer_refused", "sales")])
def test_each_obstacle_goes_to_who_can_mend_it(plant: Plant, reason: str, role: str) -> None:
    people(plant)
    _order, delivery, visit = ordered(plant)
    missed(plant, visit, reason)
    assert plant.one("SELECT role, assignee FROM tasks WHERE state = 'open'").assignee == f"a.{role}"
    told = {row.role for row in plant.many("SELECT role FROM notifications WHERE key LIKE 'missed:%'")}
    assert told == {role, "dispatcher"}
    support.cancel(plant.door, actor(Role.SUPPORT), delivery_id=delivery, reason="They do not want it.")
    plant.work()
    assert state(plant, delivery) == "cancelled"
    assert plant.one("SELECT state FROM visits").state == "missed"


def test_a_line_that_is_mended_after_the_engineer_has_left_becomes_active_and_the_visit_stays_missed(
    plant: Plant,
) -> None:
    people(plant)
    _order, delivery, visit = ordered(plant)
    house = free_house(plant)
    level = plant.lab.premises(house).rx_dbm
    assert level is not None
    plant.lab.splice("drop", house, loss_db=level + 28.0)
    field.activate(plant.door, theirs(plant, visit), visit_code=visit, serial=plugged(plant))
    plant.work()
    assert state(plant, delivery) == "failed"
    missed(plant, visit, "no_light")
    assert "could not do visit" in plant.many("SELECT text FROM ticket_notes ORDER BY at")[-1].text
    plant.lab.splice("drop", house, loss_db=0.0)
    support.retry(plant.door, actor(Role.SUPPORT), delivery_id=delivery)
    plant.work()
    assert (state(plant, delivery), plant.one("SELECT state FROM visits").state) == ("done", "missed")
    assert plant.many("SELECT kind FROM tasks WHERE state = 'open'") == []


def test_cannot_do_is_refused_without_words_for_others_and_while_the_work_runs(plant: Plant) -> None:
    _order, _delivery, visit = ordered(plant)
    with pytest.raises(EntryMalformed, match="in the way"):
        missed(plant, visit, "other", "  ")
    with pytest.raises(Refused, match="'bored' is not possible"):
        missed(plant, visit, "bored")
    stranger = actor(Role.INSTALLER, "somebody.else")
    with pytest.raises(NotTheirVisit):
        visits.cannot_do(plant.door, stranger, visit_code=visit, reason="no_access", made_at=plant.parts.clock.now())
    field.activate(plant.door, theirs(plant, visit), visit_code=visit, serial="HWTC-00000001")
    with pytest.raises(NotWaiting):
        missed(plant, visit)
    assert plant.one("SELECT count(*) AS n FROM visit_entries").n == 0


def test_an_entry_sent_by_many_at_once_is_kept_once_and_another_under_its_key_is_refused(plant: Plant) -> None:
    _order, _delivery, visit = ordered(plant)
    who, at, key = theirs(plant, visit), plant.parts.clock.now(), new_id()

    def send(_n: int) -> Entered:
        door = under(plant.door, key, text="Key at 7.")
        return visits.note(door, who, visit_code=visit, text="Key at 7.", made_at=at)

    with ThreadPoolExecutor(6) as pool:
        kept = set(pool.map(send, range(12)))
    assert len(kept) == 1
    assert plant.one("SELECT count(*) AS n FROM visit_entries").n == 1
    assert plant.one("SELECT count(*) AS n FROM audit WHERE action = 'visits.note'").n == 1
    with pytest.raises(EntryKeyReused):
        visits.note(under(plant.door, key, text="Other"), who, visit_code=visit, text="Other", made_at=at)
    with pytest.raises(EntryMalformed):
        visits.light(under(plant.door, new_id()), who, visit_code=visit, level_dbm=float("nan"), made_at=at)


def test_signatures_are_drawn_of_numbers_alone_are_few_and_go_with_the_customers_data(plant: Plant) -> None:
    order, _delivery, visit = ordered(plant)
    who, at = theirs(plant, visit), plant.parts.clock.now()
    strokes = [[[10, 10], [99999, -5], [500, 250]], [[3, 3]]]
    for n in range(visits.SIGNATURES):
        visits.signature(plant.door, who, visit_code=visit, name=f"Ada {n}", strokes=strokes, made_at=at)
    with pytest.raises(TooMuchKept):
        visits.signature(plant.door, who, visit_code=visit, name="Ada", strokes=strokes, made_at=at)
    with pytest.raises(EntryMalformed):
        visits.signature(plant.door, who, visit_code=visit, name="Ada", strokes=[[["<x/>", 1]]], made_at=at)  # type: ignore[list-item]
    rows = onsite.kept(plant.window, ADMIN, order_code=order)
    assert rows[0].file_id is not None
    drawn = onsite.kept_file(plant.window, ADMIN, entry_id=rows[0].file_id).content.decode()
    assert 'd="M10 10 L1000 0 L500 250 M3 3 L3 3"' in drawn
    assert onsite.kept(plant.window, actor(Role.INSTALLER, "somebody.else"), order_code=order) == ()
    customer = plant.one("SELECT code FROM customers").code
    assert onsite.kept(plant.window, ADMIN, customer_code=customer) == rows
    proved = replace(ADMIN, source="cli")
    trail.erase(plant.door, proved, customer_code=customer, reason="Asked for by letter.")
    assert plant.one("SELECT (SELECT count(*) FROM visit_entries) + (SELECT count(*) FROM visit_files) AS n").n == 0
