"""What support sees: everything that stands still, why, the evidence, what was changed, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from isp_lifecycle.access.model import ROLES
from isp_lifecycle.events.model import Direction
from isp_lifecycle.events.views import done_so_far
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.kept import again
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.support.model import BY_MERGING, TICKET_MOVES, TicketState
from isp_lifecycle.views.common import (
    ADDRESS,
    FailureRow,
    TimelineRow,
    failure_row,
    said_by_step,
    step_name,
    timeline_of,
    title_of,
)
from isp_lifecycle.views.engine.queue import QueueRow, row_of
from isp_lifecycle.views.same import NoteRow, SameRow, merged_into, thread
from isp_lifecycle.views.window import Look, shows


@dataclass(frozen=True)
class AttentionRow:
    """A delivery that a person should know of: failed, waiting for somebody, or being tried again."""

    delivery_id: UUID
    workflow: str
    state: str
    step: str
    attempt: int
    kind: str
    what: str
    remedy: str
    customer: str | None
    service_code: str | None
    order_code: str | None
    address: str | None
    since: datetime
    due_at: datetime | None
    ticket_code: str | None
    assignee: str | None


@dataclass(frozen=True)
class AttemptRow:
    """One attempt at a step, with its evidence; ``forgotten_on`` is the day on which policy dropped the transcript."""

    id: UUID
    name: str
    attempt: int
    state: str
    started_at: datetime
    seconds: float | None
    device_seconds: float
    says: str
    failure: FailureRow | None
    has_transcript: bool
    forgotten_on: date | None = None


@dataclass(frozen=True)
class DeliveryDetail:
    """One delivery with all there is to know. ``changed`` stands on devices and in the records now."""

    delivery_id: UUID
    workflow: str
    title: str
    state: str
    direction: str
    event_kind: str
    customer: str | None
    service_code: str | None
    order_code: str | None
    address: str | None
    created_at: datetime
    due_at: datetime
    failure: FailureRow | None
    incident_code: str | None
    ticket_code: str | None
    changed: tuple[str, ...]
    can_retry: bool
    can_cancel: bool
    timeline: tuple[TimelineRow, ...]
    attempts: tuple[AttemptRow, ...]
    cannot_be_undone: tuple[str, ...]
    #: Ties it to the request that it came of: in the audit, in logs, above what was said to devices.
    trace: UUID
    #: How the queue lists it: why it stands, and whose it is; None once it is over.
    queued: QueueRow | None


@dataclass(frozen=True)
class WorkerRow:
    """Somebody who may be given a ticket."""

    username: str
    name: str


@dataclass(frozen=True)
class TicketDetail:
    """A ticket with its thread, the delivery it is about, and the states that it may be moved to."""

    ticket_code: str
    subject: str
    severity: str
    state: str
    customer: str | None
    service_code: str | None
    opened_at: datetime
    incident_code: str | None
    delivery_id: UUID | None
    assignee: str | None
    assignee_name: str | None
    notes: tuple[NoteRow, ...]
    next_states: tuple[str, ...]
    #: Until when it is to be resolved; its clock stands while it is ``paused``. ``late`` when that has passed.
    due_at: datetime | None = None
    paused: bool = False
    late: bool = False
    customer_code: str | None = None
    #: The ticket that goes on instead of this one, and those that are the same as this one.
    same_as: str | None = None
    merged: tuple[SameRow, ...] = ()


_ABOUT = """
    FROM deliveries d JOIN events e ON e.id = d.event_id LEFT JOIN outlines l ON l.id = d.outline_id
    LEFT JOIN orders o ON o.id = e.order_id LEFT JOIN customers c ON c.id = e.customer_id
    LEFT JOIN services s ON s.id = d.service_id LEFT JOIN premises p ON p.id = coalesce(s.premises_id, o.premises_id)
    LEFT JOIN LATERAL (
        SELECT i.code AS incident_code, t.code AS ticket_code, t.assignee FROM incidents i
        LEFT JOIN tickets t ON t.incident_id = i.id
        WHERE i.delivery_id = d.id ORDER BY (i.closed_at IS NULL) DESC, i.opened_at DESC LIMIT 1) i ON true
    LEFT JOIN LATERAL (
        SELECT coalesce(u.name, k.assignee) AS assignee FROM tasks k LEFT JOIN users u ON u.username = k.assignee
        WHERE k.delivery_id = d.id AND k.state = 'open' LIMIT 1) k ON true
"""
_COLUMNS = f"""
    SELECT d.*, l.steps AS outline, e.kind AS event_kind, c.name AS customer, s.code AS service_code,
           o.code AS order_code,
           CASE WHEN p.id IS NULL THEN NULL ELSE {ADDRESS} END AS address, i.incident_code, i.ticket_code,
           CASE d.state WHEN 'failed' THEN i.assignee ELSE k.assignee END AS assignee,
           coalesce((SELECT max(coalesce(r.finished_at, r.started_at)) FROM step_runs r WHERE r.delivery_id = d.id),
                    d.created_at) AS since
"""  # noqa: S608 - the fragment is a constant of this package
_ATTENTION = sa.text(
    _COLUMNS
    + _ABOUT
    + """
    WHERE d.state IN ('failed', 'waiting') OR (d.state = 'scheduled' AND d.failure IS NOT NULL)
    ORDER BY CASE d.state WHEN 'failed' THEN 0 WHEN 'scheduled' THEN 1 ELSE 2 END, since LIMIT 500
    """
)
_ONE = sa.text(_COLUMNS + _ABOUT + " WHERE d.id = :delivery")


@shows("delivery.read")
def attention(look: Look) -> tuple[AttentionRow, ...]:
    """What stands still: failures first, then what is being tried again, then what waits for somebody on purpose."""
    zone = look.settings.company.tz
    return tuple(_attention(row, zone) for row in look.tx.execute(_ATTENTION))


def _attention(row: Any, zone: ZoneInfo) -> AttentionRow:
    failure = row.failure or {}
    waiting = row.state == "waiting"
    step = step_name(row.outline, row.position)
    return AttentionRow(
        delivery_id=row.id,
        workflow=title_of(row.subscriber),
        state=row.state,
        step=again(failure.get("step") or "") or step,
        attempt=row.attempt,
        kind=say("waits for a person") if waiting else failure.get("kind", ""),
        what=say("{step}.", step=step) if waiting else again(failure.get("what", "")),
        remedy=_waits_words(row, zone) if waiting else again(failure.get("remedy", "")),
        customer=row.customer,
        service_code=row.service_code,
        order_code=row.order_code,
        address=row.address,
        since=row.since,
        due_at=row.deadline_at if waiting else row.due_at,
        ticket_code=row.ticket_code,
        assignee=row.assignee,
    )


def _waits_words(row: Any, zone: ZoneInfo) -> str:
    who = row.assignee or say("somebody")
    if not row.deadline_at:
        return say("{who} is to act.", who=who)
    return say("{who} is to act by {until:%d %b %H:%M}.", who=who, until=row.deadline_at.astimezone(zone))


@shows("delivery.read")
def delivery(look: Look, *, delivery_id: UUID) -> DeliveryDetail:
    """One delivery: where it stands, why, the evidence, what was changed, and what can be done."""
    row = look.tx.execute(_ONE, {"delivery": delivery_id}).one_or_none()
    if row is None:
        raise NotFound("delivery", delivery_id)
    return DeliveryDetail(
        delivery_id=row.id,
        workflow=row.subscriber,
        title=title_of(row.subscriber),
        state=row.state,
        direction=row.direction,
        event_kind=row.event_kind,
        customer=row.customer,
        service_code=row.service_code,
        order_code=row.order_code,
        address=row.address,
        created_at=row.created_at,
        due_at=row.due_at,
        failure=failure_row(row.failure),
        incident_code=row.incident_code,
        ticket_code=row.ticket_code,
        changed=done_so_far(tx=look.tx, delivery_id=row.id),
        can_retry=row.state == "failed" and look.actor.may("delivery.retry"),
        can_cancel=row.state in {"failed", "waiting", "scheduled", "queued"}
        and row.direction == str(Direction.FORWARD)
        and look.actor.may("delivery.cancel"),
        timeline=timeline_of(look.tx, "e.id = :key", {"key": row.event_id}),
        attempts=_attempts(look, row.id),
        cannot_be_undone=_kept(row.outline, row.position),
        trace=row.trace,
        queued=row_of(look, row.id),
    )


def _attempts(look: Look, delivery_id: UUID) -> tuple[AttemptRow, ...]:
    rows = look.tx.execute(
        sa.text(
            """
            SELECT id, name, attempt, state, started_at, finished_at, device_seconds, says, failure,
                   transcript IS NOT NULL AS has_transcript, forgotten_at
            FROM step_runs WHERE delivery_id = :delivery ORDER BY started_at, id
            """
        ),
        {"delivery": delivery_id},
    )
    return tuple(
        AttemptRow(
            id=r.id,
            name=r.name,
            attempt=r.attempt,
            state=r.state,
            started_at=r.started_at,
            seconds=(r.finished_at - r.started_at).total_seconds() if r.finished_at else None,
            device_seconds=r.device_seconds,
            says=said_by_step(r.says),
            failure=failure_row(r.failure),
            has_transcript=r.has_transcript,
            forgotten_on=r.forgotten_at.astimezone(look.settings.company.tz).date() if r.forgotten_at else None,
        )
        for r in rows
    )


def _kept(outline: Any, position: int) -> tuple[str, ...]:
    """What a cancellation could not take back of the steps that were done."""
    done = (outline or [])[: max(position, 0)]
    return tuple(
        say("{step}: {why}", step=again(step["name"]), why=again(step["kept_because"]))
        for step in done
        if step["kept_because"]
    )


@shows("incident.read")
def transcript(look: Look, *, delivery_id: UUID, step_run_id: UUID) -> str:
    """The conversation with the device in one attempt, secrets masked."""
    found = look.tx.execute(
        sa.text("SELECT transcript FROM step_runs WHERE delivery_id = :delivery AND id = :id"),
        {"delivery": delivery_id, "id": step_run_id},
    ).one_or_none()
    if found is None:
        raise NotFound("attempt", step_run_id)
    return found.transcript or ""


_TICKETS = """
    SELECT t.id, t.code, t.subject, t.severity, t.state, c.name AS customer, c.code AS customer_code,
           s.code AS service_code, t.opened_at, t.due_at, t.paused_at, t.resolved_at, i.code AS incident_code,
           i.delivery_id, t.assignee, m.code AS same_as,
           coalesce(u.name, t.assignee) AS assignee_name
    FROM tickets t LEFT JOIN tickets m ON m.id = t.merged_into
    LEFT JOIN incidents i ON i.id = t.incident_id LEFT JOIN customers c ON c.id = t.customer_id
    LEFT JOIN services s ON s.id = t.service_id LEFT JOIN users u ON u.username = t.assignee
"""


@shows("ticket.read")
def ticket(look: Look, *, ticket_code: str) -> TicketDetail:
    """One ticket with its thread."""
    r = look.tx.execute(sa.text(_TICKETS + " WHERE t.code = :code"), {"code": ticket_code}).one_or_none()
    if r is None:
        raise NotFound("ticket", ticket_code)
    return TicketDetail(
        ticket_code=r.code,
        subject=r.subject,
        severity=r.severity,
        state=r.state,
        customer=r.customer,
        service_code=r.service_code,
        opened_at=r.opened_at,
        incident_code=r.incident_code,
        delivery_id=r.delivery_id,
        assignee=r.assignee,
        assignee_name=r.assignee_name,
        notes=thread(look, r.id),
        next_states=_next_states(TicketState(r.state)),
        same_as=r.same_as,
        merged=merged_into(look, r.id),
        customer_code=r.customer_code,
        due_at=r.due_at,
        paused=r.paused_at is not None,
        late=r.due_at is not None and (r.resolved_at or r.paused_at or look.at) > r.due_at,
    )


def _next_states(state: TicketState) -> tuple[str, ...]:
    """Where a person may move it; being the same as another is no move of its own."""
    if state is BY_MERGING:
        return ()
    return tuple(str(s) for s in TicketState if s is not BY_MERGING and state in TICKET_MOVES.sources(s))


@shows("ticket.write")
def ticket_workers(look: Look) -> tuple[WorkerRow, ...]:
    """Who may be given a ticket, by name."""
    roles = [str(role) for role, permissions in ROLES.items() if "ticket.write" in permissions and role != "system"]
    query = "SELECT username, name FROM users WHERE active AND role = ANY(:roles) ORDER BY name, username"
    return tuple(WorkerRow(r.username, r.name) for r in look.tx.execute(sa.text(query), {"roles": roles}))
