"""What people and the event engine do in support: open and close tasks, report failures, keep tickets going."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.errors import IllegalMove, NotFound
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.support import store
from isp_lifecycle.support.errors import IncidentOpen, TextMissing
from isp_lifecycle.support.model import (
    TICKET_MOVES,
    UNSETTLED,
    Failure,
    Incident,
    Note,
    Reported,
    Severity,
    Task,
    TaskState,
    Ticket,
    TicketState,
)

LONGEST_TITLE = 200
LONGEST_NOTE = 20_000


def open_task(
    *,
    tx: Tx,
    kind: str,
    title: str,
    detail: str,
    role: str,
    at: datetime,
    delivery_id: UUID | None = None,
    service_id: UUID | None = None,
    assignee: str | None = None,
    due_at: datetime | None = None,
) -> Task:
    """Ask a person for something; while it is open, the same delivery and kind give the same task."""
    values = {
        "kind": kind,
        "title": _worded("title", title, LONGEST_TITLE),
        "detail": detail,
        "role": role,
        "created_at": at,
        "delivery_id": delivery_id,
        "service_id": service_id,
        "assignee": assignee,
        "due_at": due_at,
    }
    opened = store.insert_task(tx=tx, values=values)
    if opened is not None:
        return opened
    standing = store.task_list(tx=tx, delivery_id=delivery_id, kind=kind, state=TaskState.OPEN)
    return _found("open task of delivery", delivery_id, standing[0] if standing else None)


def assign_task(*, tx: Tx, task_id: UUID, assignee: str | None, due_at: datetime | None = None) -> Task:
    """Say who does an open task, and perhaps by when; None gives it back to everybody of the role."""
    task = _found("task", task_id, store.task(tx=tx, task_id=task_id, lock=True))
    if task.state is not TaskState.OPEN:
        raise IllegalMove("task", task.title, task.state, "assigned")
    store.set_assignee(tx=tx, task_id=task_id, assignee=assignee, due_at=due_at)
    return task_by_id(tx=tx, task_id=task_id)


def close_task(*, tx: Tx, task_id: UUID, by: str, at: datetime) -> Task:
    """It is done; a task that is done stays as it was."""
    task = _found("task", task_id, store.task(tx=tx, task_id=task_id, lock=True))
    if task.state is TaskState.DONE:
        return task
    store.settle_task(tx=tx, task_id=task_id, to=TaskState.DONE, by=by, at=at)
    return task_by_id(tx=tx, task_id=task_id)


def close_tasks(*, tx: Tx, delivery_id: UUID, by: str, at: datetime, kind: str | None = None) -> tuple[Task, ...]:
    """Close a delivery's open tasks as done, of one kind or of all; returns those that were open."""
    return _settle_all(tx=tx, delivery_id=delivery_id, kind=kind, to=TaskState.DONE, by=by, at=at)


def cancel_tasks(*, tx: Tx, delivery_id: UUID, by: str, at: datetime, kind: str | None = None) -> tuple[Task, ...]:
    """Withdraw a delivery's open tasks, of one kind or of all; returns those that were open."""
    return _settle_all(tx=tx, delivery_id=delivery_id, kind=kind, to=TaskState.CANCELLED, by=by, at=at)


def open_tasks(*, tx: Tx, role: str | None = None, assignee: str | None = None) -> tuple[Task, ...]:
    """Open tasks, those due first at the top."""
    return store.task_list(tx=tx, role=role, assignee=assignee, state=TaskState.OPEN)


def tasks_of(*, tx: Tx, delivery_id: UUID) -> tuple[Task, ...]:
    """All tasks that a delivery ever asked for."""
    return store.task_list(tx=tx, delivery_id=delivery_id)


def task_by_id(*, tx: Tx, task_id: UUID) -> Task:
    """The task by id; raises NotFound."""
    return _found("task", task_id, store.task(tx=tx, task_id=task_id))


def report_incident(
    *,
    tx: Tx,
    delivery_id: UUID,
    failure: Failure,
    subject: str,
    at: datetime,
    service_id: UUID | None = None,
    customer_id: UUID | None = None,
    severity: Severity = Severity.MAJOR,
    due_at: datetime | None = None,
) -> Reported:
    """Open an incident with its ticket, or add an occurrence to the one that is open for that delivery and step.

    A repeat brings the latest evidence; if its ticket was already resolved by hand, the ticket is opened again.
    A report is never refused for its form: a long subject is cut.
    """
    incident = store.report(tx=tx, delivery_id=delivery_id, service_id=service_id, failure=failure, at=at)
    values = {
        "incident_id": incident.id,
        "customer_id": customer_id,
        "service_id": service_id,
        "subject": subject.strip()[:LONGEST_TITLE] or incident.failure.step,
        "severity": severity,
        "opened_by": store.SYSTEM,
        "opened_at": at,
        "due_at": due_at,
    }
    opened = store.insert_ticket(tx=tx, values=values)
    ticket = opened or _found("ticket", incident.code, _ticket_of(tx=tx, incident=incident))
    shown = incident.failure
    text = f"{shown.step}, attempt {shown.attempt}: {shown.what} {shown.remedy}"
    store.insert_note(tx=tx, ticket_id=ticket.id, author=store.SYSTEM, text=text, for_customer=False, at=at)
    if ticket.state is TicketState.DUPLICATE:
        _stir(tx, ticket, at)
    if ticket.state is TicketState.RESOLVED:
        ticket = move_ticket(tx=tx, ticket_id=ticket.id, to=TicketState.IN_PROGRESS, by=store.SYSTEM, at=at)
    return Reported(incident, ticket, first=incident.occurrences == 1)


def resolve_incident(*, tx: Tx, delivery_id: UUID, by: str, outcome: str, at: datetime) -> tuple[Incident, ...]:
    """Close every open incident of a delivery; their tickets become resolved, with the outcome as a note.

    Returns the incidents that this call closed: none when none was open.
    """
    closed = store.close_incidents(tx=tx, delivery_id=delivery_id, by=by, outcome=outcome, at=at)
    for incident in closed:
        ticket = _found("ticket", incident.code, _ticket_of(tx=tx, incident=incident))
        store.insert_note(tx=tx, ticket_id=ticket.id, author=by, text=outcome, for_customer=False, at=at)
        if ticket.state in UNSETTLED:
            store.set_ticket_state(tx=tx, ticket_id=ticket.id, to=TicketState.RESOLVED, at=at)
    return closed


def open_ticket(
    *,
    tx: Tx,
    subject: str,
    at: datetime,
    by: str,
    text: str,
    customer_id: UUID | None = None,
    service_id: UUID | None = None,
    severity: Severity = Severity.MINOR,
    for_customer: bool = True,
    due_at: datetime | None = None,
) -> Ticket:
    """Open a ticket that a person asked for, to be resolved until ``due_at``; what they wrote is its first note."""
    values = {
        "incident_id": None,
        "customer_id": customer_id,
        "service_id": service_id,
        "subject": _worded("subject", subject, LONGEST_TITLE),
        "severity": severity,
        "opened_by": by,
        "opened_at": at,
        "due_at": due_at,
    }
    ticket = _found("ticket", subject, store.insert_ticket(tx=tx, values=values))
    add_note(tx=tx, ticket_id=ticket.id, author=by, text=text, at=at, for_customer=for_customer)
    return ticket


def add_note(*, tx: Tx, ticket_id: UUID, author: str, text: str, at: datetime, for_customer: bool = False) -> Note:
    """Add to a ticket's conversation."""
    ticket = ticket_by_id(tx=tx, ticket_id=ticket_id)
    words = _worded("note", text, LONGEST_NOTE)
    return store.insert_note(tx=tx, ticket_id=ticket.id, author=author, text=words, for_customer=for_customer, at=at)


def notes_of(*, tx: Tx, ticket_id: UUID) -> tuple[Note, ...]:
    """A ticket's conversation, oldest first."""
    return store.notes(tx=tx, ticket_id=ticket_id)


def move_ticket(*, tx: Tx, ticket_id: UUID, to: TicketState, by: str, at: datetime) -> Ticket:
    """Change where a ticket stands, and note who did; a ticket that stands there already stays as it was.

    Raises IncidentOpen when it would end before its incident.
    """
    ticket = _found("ticket", ticket_id, store.ticket(tx=tx, key=ticket_id, lock=True))
    if ticket.state is to:
        return ticket
    if to in TICKET_MOVES.terminal and (incident := _open_incident(tx, ticket)) is not None:
        raise IncidentOpen(ticket.code, incident.code)
    store.set_ticket_state(tx=tx, ticket_id=ticket_id, to=to, at=at)
    text = f"{ticket.state.replace('_', ' ')} -> {to.replace('_', ' ')}"
    store.insert_note(tx=tx, ticket_id=ticket_id, author=by, text=text, for_customer=False, at=at)
    return ticket_by_id(tx=tx, ticket_id=ticket_id)


def rate_ticket(*, tx: Tx, ticket_id: UUID, severity: Severity, longer: timedelta, by: str, at: datetime) -> Ticket:
    """Say how bad a ticket is, and note who said so; it is due ``longer`` after when it was, or earlier."""
    ticket = _found("ticket", ticket_id, store.ticket(tx=tx, key=ticket_id, lock=True))
    if ticket.severity is severity:
        return ticket
    due_at = None if ticket.due_at is None else ticket.due_at + longer
    store.set_severity(tx=tx, ticket_id=ticket_id, severity=severity, due_at=due_at)
    text = say("Severity {before} -> {after}", before=ticket.severity, after=severity)
    store.insert_note(tx=tx, ticket_id=ticket_id, author=by, text=text, for_customer=False, at=at)
    return ticket_by_id(tx=tx, ticket_id=ticket_id)


def escalate_tickets(*, tx: Tx, at: datetime, many: int = 100) -> tuple[Ticket, ...]:
    """The tickets that are past their time and whom nobody was told of yet; each is noted in its thread, once."""
    late = store.escalate(tx=tx, at=at, many=many)
    for ticket in late:
        text = say("It was not resolved in time, and was escalated.")
        store.insert_note(tx=tx, ticket_id=ticket.id, author=store.SYSTEM, text=text, for_customer=False, at=at)
    return late


def assign_ticket(*, tx: Tx, ticket_id: UUID, assignee: str | None) -> Ticket:
    """Say who works on a ticket; None for nobody."""
    ticket_by_id(tx=tx, ticket_id=ticket_id)
    store.set_ticket_assignee(tx=tx, ticket_id=ticket_id, assignee=assignee)
    return ticket_by_id(tx=tx, ticket_id=ticket_id)


def least_busy(*, tx: Tx, among: Collection[str]) -> str | None:
    """Who of these has the fewest open tasks and unsettled tickets, the first by name of equals; None of none."""
    if not among:
        return None
    load = store.loads(tx=tx, usernames=sorted(among))
    return min(among, key=lambda username: (load.get(username, 0), username))


def open_incidents(*, tx: Tx) -> tuple[Incident, ...]:
    """Incidents that nobody has settled, oldest first."""
    return store.incident_list(tx=tx, only_open=True)


def incidents_of(*, tx: Tx, delivery_id: UUID) -> tuple[Incident, ...]:
    """All incidents of a delivery, oldest first."""
    return store.incident_list(tx=tx, delivery_id=delivery_id)


def incident_by_id(*, tx: Tx, incident_id: UUID) -> Incident:
    """The incident by id; raises NotFound."""
    return _found("incident", incident_id, store.incident(tx=tx, key=incident_id))


def incident_by_code(*, tx: Tx, code: str) -> Incident:
    """The incident by its code; raises NotFound."""
    return _found("incident", code, store.incident(tx=tx, key=code))


def open_tickets(*, tx: Tx, customer_id: UUID | None = None) -> tuple[Ticket, ...]:
    """Tickets that are not settled, oldest first; of one customer or of all."""
    return store.ticket_list(tx=tx, customer_id=customer_id, only_open=True)


def tickets_of(*, tx: Tx, customer_id: UUID) -> tuple[Ticket, ...]:
    """All tickets of a customer, oldest first."""
    return store.ticket_list(tx=tx, customer_id=customer_id)


def ticket_by_id(*, tx: Tx, ticket_id: UUID) -> Ticket:
    """The ticket by id; raises NotFound."""
    return _found("ticket", ticket_id, store.ticket(tx=tx, key=ticket_id))


def ticket_by_code(*, tx: Tx, code: str) -> Ticket:
    """The ticket by its code; raises NotFound."""
    return _found("ticket", code, store.ticket(tx=tx, key=code))


def ticket_of_incident(*, tx: Tx, incident_id: UUID) -> Ticket:
    """The ticket about an incident; raises NotFound."""
    return _found("ticket of incident", incident_id, store.ticket_of_incident(tx=tx, incident_id=incident_id))


def _stir(tx: Tx, ticket: Ticket, at: datetime) -> None:
    """What happened again is told by the ticket that goes on; where that is over, this one goes on by itself."""
    standing = ticket
    while standing.merged_into is not None:
        standing = _found("ticket", standing.merged_into, store.ticket(tx=tx, key=standing.merged_into, lock=True))
    if standing.state is TicketState.RESOLVED:
        move_ticket(tx=tx, ticket_id=standing.id, to=TicketState.IN_PROGRESS, by=store.SYSTEM, at=at)
    elif standing.state in TICKET_MOVES.terminal:
        store.separate_ticket(tx=tx, ticket=ticket, other=standing, at=at)


def _open_incident(tx: Tx, ticket: Ticket) -> Incident | None:
    """An open incident of a ticket, or of one that is the same as it."""
    own = store.incident(tx=tx, key=ticket.incident_id) if ticket.incident_id else None
    if own is not None and own.closed_at is None:
        return own
    merged = store.merged_into(tx=tx, ticket_id=ticket.id)
    return next((found for one in merged if (found := _open_incident(tx, one)) is not None), None)


def _ticket_of(*, tx: Tx, incident: Incident) -> Ticket | None:
    return store.ticket_of_incident(tx=tx, incident_id=incident.id, lock=True)


def _settle_all(
    *, tx: Tx, delivery_id: UUID, kind: str | None, to: TaskState, by: str, at: datetime
) -> tuple[Task, ...]:
    standing = store.task_list(tx=tx, delivery_id=delivery_id, kind=kind, state=TaskState.OPEN, lock=True)
    for task in standing:
        store.settle_task(tx=tx, task_id=task.id, to=to, by=by, at=at)
    return tuple(task_by_id(tx=tx, task_id=task.id) for task in standing)


def _worded(field: str, text: str, longest: int) -> str:
    words = text.strip()
    if not words or len(words) > longest:
        raise TextMissing(field, text, longest)
    return words


def _found[T](what: str, key: object, found: T | None) -> T:
    if found is None:
        raise NotFound(what, key)
    return found


def forget_evidence(*, tx: Tx, before: datetime, at: datetime, many: int) -> int:
    """Drop the transcripts of up to ``many`` incidents that were closed before an instant; the words of each stay."""
    return store.forget_evidence(tx=tx, before=before, at=at, many=many)
