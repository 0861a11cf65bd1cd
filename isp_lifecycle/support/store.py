"""Tables of tasks, incidents, tickets and notes; partial unique indexes make reports and tasks idempotent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.foundation import db
from isp_lifecycle.foundation.changes import tells
from isp_lifecycle.foundation.db import Tx, storable
from isp_lifecycle.foundation.ids import new_id, short_code
from isp_lifecycle.foundation.transition import move
from isp_lifecycle.support.model import (
    TASK_MOVES,
    TICKET_MOVES,
    UNSETTLED,
    Failure,
    FailureKind,
    Incident,
    Note,
    Severity,
    Task,
    TaskState,
    Ticket,
    TicketState,
)


def _one_of(column: str, words: type[StrEnum]) -> sa.CheckConstraint:
    listed = ", ".join(repr(str(word)) for word in words)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


#: Who signs what the system itself writes.
SYSTEM = "system"

incident_numbers = sa.Sequence("incident_numbers", metadata=db.metadata)
ticket_numbers = sa.Sequence("ticket_numbers", metadata=db.metadata)

tasks = sa.Table(
    "tasks",
    db.metadata,
    db.id_column(),
    db.text("kind"),
    db.text("title"),
    db.text("detail"),
    db.id_ref("delivery_id", nullable=True, index=True),
    db.id_ref("service_id", nullable=True, index=True),
    db.text("assignee", nullable=True),
    db.text("role"),
    db.instant("due_at", nullable=True),
    db.text("state"),
    db.instant("created_at"),
    db.instant("closed_at", nullable=True),
    db.text("closed_by", nullable=True),
    _one_of("state", TaskState),
    sa.CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_has_time"),
    sa.Index("ix_tasks_open", "role", "due_at", postgresql_where=sa.text("state = 'open'")),
    sa.Index(
        "uq_tasks_open_delivery_id_kind",
        "delivery_id",
        "kind",
        unique=True,
        postgresql_where=sa.text("state = 'open' AND delivery_id IS NOT NULL"),
    ),
)
tells(tasks, "tasks")

incidents = sa.Table(
    "incidents",
    db.metadata,
    db.id_column(),
    db.text("code", unique=True),
    db.id_ref("delivery_id", index=True),
    db.id_ref("service_id", nullable=True, index=True),
    db.text("step"),
    sa.Column("attempt", sa.Integer(), nullable=False),
    db.text("kind"),
    db.text("what"),
    db.text("remedy"),
    db.text("device", nullable=True, index=True),
    db.text("transcript", nullable=True),
    db.jsonb("changed"),
    sa.Column("occurrences", sa.Integer(), nullable=False),
    db.instant("opened_at", index=True),
    db.instant("last_at"),
    db.instant("closed_at", nullable=True),
    db.text("closed_by", nullable=True),
    db.text("outcome", nullable=True),
    # When the transcript was dropped, as old evidence is by policy.
    db.instant("forgotten_at", nullable=True),
    _one_of("kind", FailureKind),
    sa.Index("ix_incidents_evidence", "closed_at", postgresql_where=sa.text("transcript IS NOT NULL")),
    sa.Index(
        "uq_incidents_open_delivery_id_step",
        "delivery_id",
        "step",
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    ),
)
tells(incidents, "incidents")

tickets = sa.Table(
    "tickets",
    db.metadata,
    db.id_column(),
    db.text("code", unique=True),
    sa.Column("incident_id", sa.ForeignKey("incidents.id"), nullable=True, unique=True),
    db.id_ref("customer_id", nullable=True, index=True),
    db.id_ref("service_id", nullable=True, index=True),
    db.text("subject"),
    db.text("severity"),
    db.text("state", index=True),
    db.text("assignee", nullable=True),
    db.text("opened_by"),
    db.instant("opened_at"),
    db.instant("resolved_at", nullable=True),
    db.instant("closed_at", nullable=True),
    db.instant("due_at", nullable=True),
    db.instant("paused_at", nullable=True),
    db.instant("escalated_at", nullable=True),
    sa.Column("merged_into", sa.ForeignKey("tickets.id"), nullable=True, index=True),
    db.instant("merged_at", nullable=True),
    db.instant("due_before", nullable=True),
    _one_of("state", TicketState),
    _one_of("severity", Severity),
    sa.CheckConstraint("(state = 'duplicate') = (merged_into IS NOT NULL)", name="merged_into_another"),
    sa.CheckConstraint("merged_into <> id", name="not_into_itself"),
    sa.CheckConstraint("paused_at IS NULL OR state = 'pending'", name="paused_while_pending"),
    sa.Index("ix_tickets_due", "due_at", postgresql_where=sa.text("escalated_at IS NULL AND resolved_at IS NULL")),
)
tells(tickets, "tickets")

ticket_notes = sa.Table(
    "ticket_notes",
    db.metadata,
    db.id_column(),
    sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column("ticket_id", sa.ForeignKey("tickets.id"), nullable=False, index=True),
    db.instant("at"),
    db.text("author"),
    db.text("text"),
    sa.Column("for_customer", sa.Boolean(), nullable=False),
)
tells(ticket_notes, "tickets")


# Tasks


def insert_task(*, tx: Tx, values: Mapping[str, Any]) -> Task | None:
    """Insert an open task; None when the delivery has an open one of that kind."""
    statement = (
        pg.insert(tasks)
        .values(id=new_id(), state=TASK_MOVES.start, **values)
        .on_conflict_do_nothing(
            index_elements=["delivery_id", "kind"],
            index_where=sa.text("state = 'open' AND delivery_id IS NOT NULL"),
        )
        .returning(tasks)
    )
    row = tx.execute(statement).mappings().one_or_none()
    return _task(row) if row else None


def task(*, tx: Tx, task_id: UUID, lock: bool = False) -> Task | None:
    """The task by id, locked until the transaction ends if asked."""
    query = sa.select(tasks).where(tasks.c.id == task_id)
    row = tx.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    return _task(row) if row else None


def task_list(
    *,
    tx: Tx,
    delivery_id: UUID | None = None,
    kind: str | None = None,
    role: str | None = None,
    assignee: str | None = None,
    state: TaskState | None = None,
    lock: bool = False,
) -> tuple[Task, ...]:
    """Tasks that are all of what is given, those due first at the top; locked if asked."""
    wanted = {"delivery_id": delivery_id, "kind": kind, "role": role, "assignee": assignee, "state": state}
    query = sa.select(tasks).where(*(tasks.c[name] == value for name, value in wanted.items() if value is not None))
    query = query.order_by(tasks.c.due_at.asc().nulls_last(), tasks.c.created_at, tasks.c.id)
    return tuple(_task(row) for row in tx.execute(query.with_for_update() if lock else query).mappings())


def set_assignee(*, tx: Tx, task_id: UUID, assignee: str | None, due_at: datetime | None = None) -> None:
    """Say whose task it is; its time stays as it is where none is given."""
    due = {"due_at": due_at} if due_at is not None else {}
    tx.execute(tasks.update().where(tasks.c.id == task_id).values(assignee=assignee, **due))


def loads(*, tx: Tx, usernames: Sequence[str]) -> Mapping[str, int]:
    """How many open tasks and unsettled tickets each of these people has; who has none is left out."""
    mine = [
        sa.select(tasks.c.assignee).where(tasks.c.state == str(TaskState.OPEN), tasks.c.assignee.in_(usernames)),
        sa.select(tickets.c.assignee).where(tickets.c.state.in_(UNSETTLED), tickets.c.assignee.in_(usernames)),
    ]
    every = sa.union_all(*mine).subquery()
    rows = tx.execute(sa.select(every.c.assignee, sa.func.count()).group_by(every.c.assignee))
    return {row[0]: row[1] for row in rows}


def settle_task(*, tx: Tx, task_id: UUID, to: TaskState, by: str, at: datetime) -> None:
    """Move an open task to one of its ends."""
    move(tx=tx, table=tasks, moves=TASK_MOVES, key=task_id, to=to, also={"closed_by": by, "closed_at": at})


# Incidents


def report(*, tx: Tx, delivery_id: UUID, service_id: UUID | None, failure: Failure, at: datetime) -> Incident:
    """Insert an incident, or add an occurrence with fresh evidence to the open one of that delivery and step."""
    evidence = {
        "attempt": failure.attempt,
        "kind": failure.kind,
        "what": storable(failure.what),
        "remedy": storable(failure.remedy),
        "device": failure.device,
        "transcript": None if failure.transcript is None else storable(failure.transcript),
        "changed": [storable(done) for done in failure.changed],
        "last_at": at,
    }
    statement = (
        pg.insert(incidents)
        .values(
            id=new_id(),
            code=short_code("I", tx.execute(sa.select(incident_numbers.next_value())).scalar_one()),
            delivery_id=delivery_id,
            service_id=service_id,
            step=failure.step,
            occurrences=1,
            opened_at=at,
            **evidence,
        )
        .on_conflict_do_update(
            index_elements=["delivery_id", "step"],
            index_where=incidents.c.closed_at.is_(None),
            set_={**evidence, "occurrences": incidents.c.occurrences + 1},
        )
        .returning(incidents)
    )
    return _incident(tx.execute(statement).mappings().one())


def close_incidents(*, tx: Tx, delivery_id: UUID, by: str, outcome: str, at: datetime) -> tuple[Incident, ...]:
    """Close the open incidents of a delivery; returns those that this call closed, by code."""
    statement = (
        incidents.update()
        .where(incidents.c.delivery_id == delivery_id, incidents.c.closed_at.is_(None))
        .values(closed_at=at, closed_by=by, outcome=outcome)
        .returning(incidents)
    )
    return tuple(sorted((_incident(row) for row in tx.execute(statement).mappings()), key=lambda i: i.code))


def incident(*, tx: Tx, key: UUID | str) -> Incident | None:
    """The incident by id or by code."""
    column = incidents.c.code if isinstance(key, str) else incidents.c.id
    row = tx.execute(sa.select(incidents).where(column == key)).mappings().one_or_none()
    return _incident(row) if row else None


def incident_list(*, tx: Tx, delivery_id: UUID | None = None, only_open: bool = False) -> tuple[Incident, ...]:
    """Incidents, oldest first; of one delivery or of all."""
    query = sa.select(incidents).order_by(incidents.c.opened_at, incidents.c.id)
    if delivery_id is not None:
        query = query.where(incidents.c.delivery_id == delivery_id)
    if only_open:
        query = query.where(incidents.c.closed_at.is_(None))
    return tuple(_incident(row) for row in tx.execute(query).mappings())


# Tickets and notes


def insert_ticket(*, tx: Tx, values: Mapping[str, Any]) -> Ticket | None:
    """Insert an acknowledged ticket; None when its incident has one."""
    statement = (
        pg.insert(tickets)
        .values(
            id=new_id(),
            code=short_code("T", tx.execute(sa.select(ticket_numbers.next_value())).scalar_one()),
            state=TICKET_MOVES.start,
            **values,
        )
        .on_conflict_do_nothing(index_elements=["incident_id"])
        .returning(tickets)
    )
    row = tx.execute(statement).mappings().one_or_none()
    return _ticket(row) if row else None


def set_ticket_state(*, tx: Tx, ticket_id: UUID, to: TicketState, at: datetime) -> None:
    """Move a ticket by its table of moves; a ticket that is opened again is no longer resolved.

    Its clock stands while it is pending, and while it is resolved: what that took is added to when it is due.
    """
    t = tickets.c
    waited = sa.func.coalesce(at - t.paused_at, sa.text("interval '0'"))
    times: dict[str, Any] = {"resolved_at": None, "paused_at": None, "due_at": t.due_at + waited}
    if to is TicketState.PENDING:
        times = {"resolved_at": None, "paused_at": at}
    elif to is TicketState.RESOLVED:
        times |= {"resolved_at": at}
    elif to in TICKET_MOVES.terminal:
        times = {"closed_at": at, "paused_at": None}
    elif to is TicketState.IN_PROGRESS:
        rested = sa.func.coalesce(at - t.resolved_at, at - t.paused_at, sa.text("interval '0'"))
        times |= {"due_at": t.due_at + rested}
    move(tx=tx, table=tickets, moves=TICKET_MOVES, key=ticket_id, to=to, also=times)


def set_severity(*, tx: Tx, ticket_id: UUID, severity: Severity, due_at: datetime | None) -> None:
    """Say how bad it is, and until when it is to be resolved; it may be escalated again."""
    values = {"severity": severity, "due_at": due_at, "escalated_at": None}
    tx.execute(tickets.update().where(tickets.c.id == ticket_id).values(**values))


def escalate(*, tx: Tx, at: datetime, many: int) -> tuple[Ticket, ...]:
    """Mark up to ``many`` tickets that are past their time and were not escalated yet; returns them, oldest first."""
    t = tickets.c
    late = (
        sa.select(t.id)
        .where(
            t.escalated_at.is_(None),
            t.resolved_at.is_(None),
            t.due_at < at,
            t.state.in_([str(TicketState.ACKNOWLEDGED), str(TicketState.IN_PROGRESS)]),
        )
        .order_by(t.due_at)
        .limit(many)
        .with_for_update(skip_locked=True)
    )
    statement = tickets.update().where(t.id.in_(late)).values(escalated_at=at).returning(tickets)
    found = (_ticket(row) for row in tx.execute(statement).mappings())
    return tuple(sorted(found, key=lambda one: (one.due_at or at, one.code)))


def set_ticket_assignee(*, tx: Tx, ticket_id: UUID, assignee: str | None) -> None:
    """Say who works on a ticket."""
    tx.execute(tickets.update().where(tickets.c.id == ticket_id).values(assignee=assignee))


def ticket(*, tx: Tx, key: UUID | str, lock: bool = False) -> Ticket | None:
    """The ticket by id or by code, locked until the transaction ends if asked."""
    column = tickets.c.code if isinstance(key, str) else tickets.c.id
    query = sa.select(tickets).where(column == key)
    row = tx.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    return _ticket(row) if row else None


def locked_tickets(*, tx: Tx, codes: Sequence[str]) -> Mapping[str, Ticket]:
    """Tickets by their codes, locked in one order until the transaction ends; unknown ones are left out."""
    query = sa.select(tickets).where(tickets.c.code.in_(codes)).order_by(tickets.c.id).with_for_update()
    return {row["code"]: _ticket(row) for row in tx.execute(query).mappings()}


def merge_ticket(*, tx: Tx, ticket: Ticket, into: Ticket, elder: bool, at: datetime) -> None:
    """Have a ticket be the same as another, which is due as the ``elder`` of the two was."""
    t = tickets.c
    also = {
        "merged_into": into.id,
        "merged_at": at,
        "due_before": into.due_at if elder else None,
        "due_at": t.due_at + sa.func.coalesce(at - t.paused_at, sa.text("interval '0'")),
        "paused_at": None,
    }
    move(tx=tx, table=tickets, moves=TICKET_MOVES, key=ticket.id, to=TicketState.DUPLICATE, also=also)
    if elder:
        due = sa.select(tickets.c.due_at).where(tickets.c.id == ticket.id).scalar_subquery()
        tx.execute(tickets.update().where(t.id == into.id).values(due_at=due))


def separate_ticket(*, tx: Tx, ticket: Ticket, other: Ticket, at: datetime) -> None:
    """Have a ticket go on by itself; the other one is due again as it was, where nobody changed that since."""
    t = tickets.c
    also = {"merged_into": None, "merged_at": None, "due_before": None}
    move(tx=tx, table=tickets, moves=TICKET_MOVES, key=ticket.id, to=TicketState.IN_PROGRESS, also=also)
    if ticket.due_before is not None and other.due_at == ticket.due_at:
        tx.execute(tickets.update().where(t.id == other.id).values(due_at=ticket.due_before))


def merged_into(*, tx: Tx, ticket_id: UUID) -> tuple[Ticket, ...]:
    """The tickets that are the same as this one, the eldest first."""
    query = sa.select(tickets).where(tickets.c.merged_into == ticket_id).order_by(tickets.c.opened_at, tickets.c.id)
    return tuple(_ticket(row) for row in tx.execute(query).mappings())


def ticket_of_incident(*, tx: Tx, incident_id: UUID, lock: bool = False) -> Ticket | None:
    """The ticket about an incident, locked until the transaction ends if asked."""
    query = sa.select(tickets).where(tickets.c.incident_id == incident_id)
    row = tx.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    return _ticket(row) if row else None


def ticket_list(*, tx: Tx, customer_id: UUID | None = None, only_open: bool = False) -> tuple[Ticket, ...]:
    """Tickets, oldest first; of one customer or of all."""
    query = sa.select(tickets).order_by(tickets.c.opened_at, tickets.c.id)
    if customer_id is not None:
        query = query.where(tickets.c.customer_id == customer_id)
    if only_open:
        query = query.where(tickets.c.state.in_(UNSETTLED))
    return tuple(_ticket(row) for row in tx.execute(query).mappings())


def insert_note(*, tx: Tx, ticket_id: UUID, author: str, text: str, for_customer: bool, at: datetime) -> Note:
    """Add a note to a ticket's conversation."""
    statement = (
        ticket_notes.insert()
        .values(id=new_id(), ticket_id=ticket_id, at=at, author=author, text=text, for_customer=for_customer)
        .returning(ticket_notes)
    )
    return _note(tx.execute(statement).mappings().one())


def notes(*, tx: Tx, ticket_id: UUID) -> tuple[Note, ...]:
    """A ticket's conversation in the order in which it was written."""
    query = sa.select(ticket_notes).where(ticket_notes.c.ticket_id == ticket_id).order_by(ticket_notes.c.number)
    return tuple(_note(row) for row in tx.execute(query).mappings())


def forget_evidence(*, tx: Tx, before: datetime, at: datetime, many: int) -> int:
    """Drop the transcripts of up to ``many`` incidents that were closed before an instant; returns how many."""
    old = (
        sa.select(incidents.c.id)
        .where(incidents.c.transcript.is_not(None), incidents.c.closed_at < before)
        .order_by(incidents.c.closed_at)
        .limit(many)
    )
    statement = incidents.update().where(incidents.c.id.in_(old)).values(transcript=None, forgotten_at=at)
    return tx.execute(statement).rowcount


def _task(row: Mapping[Any, Any]) -> Task:
    return Task(**{**row, "state": TaskState(row["state"])})


def _incident(row: Mapping[Any, Any]) -> Incident:
    rest = dict(row)
    failure = Failure(
        step=rest.pop("step"),
        attempt=rest.pop("attempt"),
        kind=FailureKind(rest.pop("kind")),
        what=rest.pop("what"),
        remedy=rest.pop("remedy"),
        device=rest.pop("device"),
        transcript=rest.pop("transcript"),
        changed=tuple(rest.pop("changed")),
    )
    return Incident(failure=failure, **rest)


def _ticket(row: Mapping[Any, Any]) -> Ticket:
    return Ticket(**{**row, "state": TicketState(row["state"]), "severity": Severity(row["severity"])})


def _note(row: Mapping[Any, Any]) -> Note:
    rest = dict(row)
    del rest["number"]
    return Note(**rest)
