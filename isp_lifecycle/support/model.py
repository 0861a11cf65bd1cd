"""Tasks, incidents and tickets as values; tickets take the states of TM Forum's TMF621."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from isp_lifecycle.foundation.states import Moves


class TaskState(StrEnum):
    """Where a task stands."""

    OPEN = "open"  #: Somebody must do it.
    DONE = "done"  #: Somebody did it.
    CANCELLED = "cancelled"  #: It is no longer wanted.


TASK_MOVES = Moves(
    what="task",
    start=TaskState.OPEN,
    table={TaskState.OPEN: frozenset({TaskState.DONE, TaskState.CANCELLED})},
)


class TicketState(StrEnum):
    """Where a ticket stands (TMF621 TroubleTicketStatusType, the part used here)."""

    ACKNOWLEDGED = "acknowledged"  #: It was received and has a number.
    IN_PROGRESS = "in_progress"  #: Somebody works on it.
    PENDING = "pending"  #: It waits for somebody outside.
    RESOLVED = "resolved"  #: The cause is mended; it may be opened again.
    CLOSED = "closed"  #: It is over.
    CANCELLED = "cancelled"  #: It was withdrawn.
    DUPLICATE = "duplicate"  #: It is the same as another one, which goes on.


TICKET_MOVES = Moves(
    what="ticket",
    start=TicketState.ACKNOWLEDGED,
    table={
        TicketState.ACKNOWLEDGED: frozenset(
            {
                TicketState.IN_PROGRESS,
                TicketState.PENDING,
                TicketState.RESOLVED,
                TicketState.CANCELLED,
                TicketState.DUPLICATE,
            }
        ),
        TicketState.IN_PROGRESS: frozenset(
            {TicketState.PENDING, TicketState.RESOLVED, TicketState.CANCELLED, TicketState.DUPLICATE}
        ),
        TicketState.PENDING: frozenset(
            {TicketState.IN_PROGRESS, TicketState.RESOLVED, TicketState.CANCELLED, TicketState.DUPLICATE}
        ),
        TicketState.RESOLVED: frozenset({TicketState.IN_PROGRESS, TicketState.CLOSED}),
        TicketState.DUPLICATE: frozenset({TicketState.IN_PROGRESS}),
    },
)

#: The state that only merging leads to, and only separating leads away from.
BY_MERGING = TicketState.DUPLICATE
#: States of a ticket that somebody still has to do something about.
UNSETTLED = (TicketState.ACKNOWLEDGED, TicketState.IN_PROGRESS, TicketState.PENDING)


#: Whose people see to what stood still on a queue: device work is the network's, everything else support's.
MENDERS = {"network": "network"}
MENDER = "support"


def mender_of(queue: str) -> str:
    """The role of the people who see to a delivery of this queue that failed or waits."""
    return MENDERS.get(queue, MENDER)


class FailureKind(StrEnum):
    """The kinds of ``foundation.errors``, in the same words."""

    REFUSED = "refused"  #: The request itself is wrong.
    UNREACHABLE = "unreachable"  #: Something did not answer within the limit of repeats.
    NEEDS_PERSON = "needs person"  #: No machine can settle it.
    ERROR = "error"  #: A fault of the program itself.


class Severity(StrEnum):
    """How bad it is for the customer (TMF621)."""

    CRITICAL = "critical"  #: Many lines, or a line that must not fail, are down.
    MAJOR = "major"  #: One customer's line or order stands still.
    MINOR = "minor"  #: A question or a blemish.


@dataclass(frozen=True)
class Task:
    """Something that a person must do: what, who may, by when, for which delivery."""

    id: UUID
    kind: str
    title: str
    detail: str
    delivery_id: UUID | None
    service_id: UUID | None
    assignee: str | None
    role: str
    due_at: datetime | None
    state: TaskState
    created_at: datetime
    closed_at: datetime | None
    closed_by: str | None


@dataclass(frozen=True)
class Failure:
    """What failed, where and why, with the evidence; secrets were masked by whoever took the transcript.

    ``device`` is the OLT's name, ``changed`` what was already done before it failed, in plain words.
    """

    step: str
    attempt: int
    kind: FailureKind
    what: str
    remedy: str
    device: str | None = None
    transcript: str | None = None
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Incident:
    """A failure of one step of one delivery, until it is settled; ``failure`` is the latest of its occurrences."""

    id: UUID
    code: str
    delivery_id: UUID
    service_id: UUID | None
    failure: Failure
    occurrences: int
    opened_at: datetime
    last_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    outcome: str | None
    forgotten_at: datetime | None = None


@dataclass(frozen=True)
class Ticket:
    """The conversation about a failure or a customer's trouble.

    ``due_at`` is until when it is to be resolved; while it waits for somebody outside (``paused_at``) that moves on.
    ``escalated_at`` is when others were told that it was not.
    """

    id: UUID
    code: str
    incident_id: UUID | None
    customer_id: UUID | None
    service_id: UUID | None
    subject: str
    severity: Severity
    state: TicketState
    assignee: str | None
    opened_by: str
    opened_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None = None
    paused_at: datetime | None = None
    escalated_at: datetime | None = None
    merged_into: UUID | None = None
    """The ticket that goes on instead of it."""
    merged_at: datetime | None = None
    due_before: datetime | None = None
    """When that other ticket was due before this one was merged into it."""

    def overdue(self, at: datetime) -> bool:
        """Whether it should have been resolved by now, and its clock runs."""
        running = self.state in (TicketState.ACKNOWLEDGED, TicketState.IN_PROGRESS)
        return running and self.due_at is not None and self.due_at < at


@dataclass(frozen=True)
class Note:
    """One contribution to a ticket; the customer reads only those meant ``for_customer``."""

    id: UUID
    ticket_id: UUID
    at: datetime
    author: str
    text: str
    for_customer: bool


@dataclass(frozen=True)
class Reported:
    """What a report led to; ``first`` tells a new incident from one more occurrence."""

    incident: Incident
    ticket: Ticket
    first: bool
