"""Tasks, incidents and tickets on a real PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from isp_lifecycle.foundation.db import Tx, read, write
from isp_lifecycle.foundation.errors import IllegalMove, NotFound
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.support import actions
from isp_lifecycle.support.errors import IncidentOpen, TextMissing
from isp_lifecycle.support.model import Failure, FailureKind, Reported, Severity, Task, TaskState, TicketState

NOON = datetime(2026, 2, 3, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=10)
FAILURE = Failure(
    step="Configure OLT and ONT",
    attempt=1,
    kind=FailureKind.NEEDS_PERSON,
    what="The OLT has no ONT with serial HWTC-00112233.",
    remedy="Check the serial on the label, then press Retry.",
    device="olt-north-1",
    transcript="olt-north-1(config)#ont add 0 ...\n  Failure: ...",
    changed=("Address 100.64.0.7 reserved", "VLAN 120 reserved"),
)


def ask(tx: Tx, *, kind: str = "installation", delivery: UUID | None = None, **more: object) -> Task:
    given = {"role": "engineer", "at": NOON, "detail": "", "title": "Fit the ONT", "kind": kind, **more}
    return actions.open_task(tx=tx, delivery_id=delivery, **given)  # type: ignore[arg-type]


def report(tx: Tx, delivery: UUID, *, failure: Failure = FAILURE, at: datetime = NOON) -> Reported:
    return actions.report_incident(
        tx=tx, delivery_id=delivery, failure=failure, subject="Line S-000001 stands still", at=at
    )


def test_opening_a_task_again_returns_the_open_one_until_it_is_closed(engine: sa.Engine) -> None:
    delivery = new_id()
    with write(engine) as tx:
        first = ask(tx, delivery=delivery)
        assert ask(tx, delivery=delivery, title="Asked twice") == first
        assert ask(tx, delivery=delivery, kind="repair").id != first.id
        closed = actions.close_task(tx=tx, task_id=first.id, by="ann", at=LATER)
        assert actions.close_task(tx=tx, task_id=first.id, by="ben", at=LATER + timedelta(1)) == closed
        assert (closed.state, closed.closed_by, closed.closed_at) == (TaskState.DONE, "ann", LATER)
        assert ask(tx, delivery=delivery).id != first.id


def test_tasks_without_a_delivery_stand_beside_each_other(engine: sa.Engine) -> None:
    with write(engine) as tx:
        assert ask(tx).id != ask(tx).id


def test_open_tasks_come_by_due_time_for_a_role_or_a_person(engine: sa.Engine) -> None:
    with write(engine) as tx:
        someday = ask(tx)
        late = ask(tx, due_at=LATER)
        soon = ask(tx, due_at=NOON, assignee="ann")
        support = ask(tx, role="support")
        done = ask(tx)
        actions.close_task(tx=tx, task_id=done.id, by="ann", at=LATER)
    with read(engine) as tx:
        assert actions.open_tasks(tx=tx, role="engineer") == (soon, late, someday)
        assert actions.open_tasks(tx=tx, assignee="ann") == (soon,)
        assert actions.open_tasks(tx=tx) == (soon, late, someday, support)


def test_a_task_is_taken_and_given_back_only_while_open(engine: sa.Engine) -> None:
    with write(engine) as tx:
        task = ask(tx)
        assert actions.assign_task(tx=tx, task_id=task.id, assignee="ann").assignee == "ann"
        assert actions.assign_task(tx=tx, task_id=task.id, assignee=None).assignee is None
        actions.close_task(tx=tx, task_id=task.id, by="ann", at=LATER)
        with pytest.raises(IllegalMove):
            actions.assign_task(tx=tx, task_id=task.id, assignee="ben")


def test_a_deliverys_tasks_are_settled_once(engine: sa.Engine) -> None:
    delivery = new_id()
    with write(engine) as tx:
        visit, repair = ask(tx, delivery=delivery), ask(tx, delivery=delivery, kind="repair")
        other = ask(tx, delivery=new_id())
        done = actions.close_tasks(tx=tx, delivery_id=delivery, by="ann", at=LATER, kind="repair")
        gone = actions.cancel_tasks(tx=tx, delivery_id=delivery, by="ann", at=LATER)
        assert [(t.id, t.state) for t in done] == [(repair.id, TaskState.DONE)]
        assert [(t.id, t.state) for t in gone] == [(visit.id, TaskState.CANCELLED)]
        assert actions.cancel_tasks(tx=tx, delivery_id=delivery, by="ann", at=LATER) == ()
        assert actions.open_tasks(tx=tx) == (other,)
        assert {t.id for t in actions.tasks_of(tx=tx, delivery_id=delivery)} == {visit.id, repair.id}
        with pytest.raises(IllegalMove):
            actions.close_task(tx=tx, task_id=visit.id, by="ann", at=LATER)


def test_a_title_without_words_is_refused(engine: sa.Engine) -> None:
    with write(engine) as tx, pytest.raises(TextMissing) as refused:
        ask(tx, title="  ")
    assert refused.value.field == "title"


def test_report_opens_an_incident_and_its_ticket_with_the_evidence(engine: sa.Engine) -> None:
    delivery = new_id()
    with write(engine) as tx:
        reported = report(tx, delivery)
    with read(engine) as tx:
        incident = actions.incident_by_code(tx=tx, code="I-000001")
        ticket = actions.ticket_by_code(tx=tx, code="T-000001")
        notes = actions.notes_of(tx=tx, ticket_id=ticket.id)
    assert reported == Reported(incident, ticket, first=True)
    assert (incident.failure, incident.occurrences, incident.opened_at) == (FAILURE, 1, NOON)
    assert (ticket.state, ticket.severity) == (TicketState.ACKNOWLEDGED, Severity.MAJOR)
    assert [note.text for note in notes] == [
        "Configure OLT and ONT, attempt 1: The OLT has no ONT with serial HWTC-00112233. "
        "Check the serial on the label, then press Retry."
    ]


def test_a_repeat_adds_an_occurrence_with_fresh_evidence(engine: sa.Engine) -> None:
    delivery = new_id()
    fresh = replace(FAILURE, attempt=2, kind=FailureKind.UNREACHABLE, what="Timed out.", transcript=None, changed=())
    with write(engine) as tx:
        first = report(tx, delivery)
        again = report(tx, delivery, failure=fresh, at=LATER)
        elsewhere = report(tx, delivery, failure=replace(FAILURE, step="Verify"))
    assert (again.first, again.ticket, again.incident.id) == (False, first.ticket, first.incident.id)
    assert (again.incident.failure, again.incident.occurrences) == (fresh, 2)
    assert (again.incident.opened_at, again.incident.last_at) == (NOON, LATER)
    assert elsewhere.first
    assert elsewhere.ticket.id != first.ticket.id


def test_reports_of_many_workers_at_once_make_one_incident(engine: sa.Engine) -> None:
    delivery = new_id()

    def one(_: int) -> Reported:
        with write(engine) as tx:
            return report(tx, delivery)

    with ThreadPoolExecutor(6) as pool:
        reports = list(pool.map(one, range(12)))
    assert {(r.incident.code, r.ticket.code) for r in reports} == {(reports[0].incident.code, reports[0].ticket.code)}
    assert sorted(r.incident.occurrences for r in reports) == list(range(1, 13))
    assert [r.first for r in reports].count(True) == 1


def test_evidence_that_postgresql_cannot_hold_is_written_out_not_lost(engine: sa.Engine) -> None:
    odd = replace(FAILURE, transcript="login:\x00\udcff ok", what="Odd \x00 answer", changed=("a\x00b",))
    with write(engine) as tx:
        shown = report(tx, new_id(), failure=odd).incident.failure
        long = actions.report_incident(tx=tx, delivery_id=new_id(), failure=odd, subject="x" * 999, at=NOON)
        blank = actions.report_incident(tx=tx, delivery_id=new_id(), failure=odd, subject=" ", at=NOON)
    assert (shown.transcript, shown.what, shown.changed) == (
        "login:\\x00\\udcff ok",
        "Odd \\x00 answer",
        ("a\\x00b",),
    )
    assert (long.ticket.subject, blank.ticket.subject) == ("x" * 200, FAILURE.step)


def test_resolving_closes_incidents_once_and_resolves_their_tickets(engine: sa.Engine) -> None:
    delivery = new_id()
    with write(engine) as tx:
        first = report(tx, delivery)
        second = report(tx, delivery, failure=replace(FAILURE, step="Verify"))
        other = report(tx, new_id())
        resolved = {"tx": tx, "delivery_id": delivery, "by": "nora", "outcome": "Serial corrected."}
        closed = actions.resolve_incident(at=LATER, **resolved)
        assert actions.resolve_incident(at=LATER + timedelta(1), **resolved) == ()
        assert [i.id for i in closed] == [first.incident.id, second.incident.id]
        assert {(i.closed_at, i.closed_by, i.outcome) for i in closed} == {(LATER, "nora", "Serial corrected.")}
        assert actions.open_incidents(tx=tx) == (other.incident,)
        assert actions.open_tickets(tx=tx) == (other.ticket,)
        ticket = actions.ticket_of_incident(tx=tx, incident_id=first.incident.id)
        assert (ticket.state, ticket.resolved_at) == (TicketState.RESOLVED, LATER)
        assert [n.author for n in actions.notes_of(tx=tx, ticket_id=ticket.id)] == ["system", "nora"]
        assert actions.incidents_of(tx=tx, delivery_id=delivery) == closed


def test_a_failure_after_the_repair_opens_a_new_incident(engine: sa.Engine) -> None:
    delivery = new_id()
    with write(engine) as tx:
        first = report(tx, delivery)
        actions.resolve_incident(tx=tx, delivery_id=delivery, by="nora", outcome="Done.", at=LATER)
        again = report(tx, delivery, at=LATER)
    assert again.first
    assert again.incident.id != first.incident.id


def test_a_repeat_opens_a_ticket_again_that_was_resolved_by_hand(engine: sa.Engine) -> None:
    delivery = new_id()
    with write(engine) as tx:
        ticket = report(tx, delivery).ticket
        actions.move_ticket(tx=tx, ticket_id=ticket.id, to=TicketState.RESOLVED, by="nora", at=NOON)
        again = report(tx, delivery, at=LATER).ticket
    assert (again.id, again.state, again.resolved_at) == (ticket.id, TicketState.IN_PROGRESS, None)


def test_a_ticket_cannot_end_before_its_incident(engine: sa.Engine) -> None:
    delivery = new_id()
    with write(engine) as tx:
        ticket = report(tx, delivery).ticket
        with pytest.raises(IncidentOpen):
            actions.move_ticket(tx=tx, ticket_id=ticket.id, to=TicketState.CANCELLED, by="nora", at=NOON)
        actions.resolve_incident(tx=tx, delivery_id=delivery, by="nora", outcome="Done.", at=NOON)
        closed = actions.move_ticket(tx=tx, ticket_id=ticket.id, to=TicketState.CLOSED, by="nora", at=LATER)
        assert (closed.state, closed.resolved_at, closed.closed_at) == (TicketState.CLOSED, NOON, LATER)
        with pytest.raises(IllegalMove):
            actions.move_ticket(tx=tx, ticket_id=ticket.id, to=TicketState.IN_PROGRESS, by="nora", at=LATER)


def test_a_customers_ticket_keeps_its_conversation(engine: sa.Engine) -> None:
    customer = new_id()
    with write(engine) as tx:
        ticket = actions.open_ticket(
            tx=tx, subject="Slow in the evening", at=NOON, by="mary", text="Since Monday.", customer_id=customer
        )
        actions.add_note(tx=tx, ticket_id=ticket.id, author="nora", text="PON port is at 90 %.", at=NOON)
        moved = actions.move_ticket(tx=tx, ticket_id=ticket.id, to=TicketState.IN_PROGRESS, by="nora", at=LATER)
        assert actions.move_ticket(tx=tx, ticket_id=ticket.id, to=moved.state, by="ben", at=LATER) == moved
        taken = actions.assign_ticket(tx=tx, ticket_id=ticket.id, assignee="nora")
        notes = actions.notes_of(tx=tx, ticket_id=ticket.id)
        assert [(n.author, n.text, n.for_customer) for n in notes] == [
            ("mary", "Since Monday.", True),
            ("nora", "PON port is at 90 %.", False),
            ("nora", "acknowledged -> in progress", False),
        ]
        assert actions.tickets_of(tx=tx, customer_id=customer) == (taken,)
        assert actions.open_tickets(tx=tx, customer_id=new_id()) == ()
        with pytest.raises(TextMissing):
            actions.add_note(tx=tx, ticket_id=ticket.id, author="nora", text="", at=NOON)
        with pytest.raises(NotFound):
            actions.add_note(tx=tx, ticket_id=new_id(), author="nora", text="?", at=NOON)
