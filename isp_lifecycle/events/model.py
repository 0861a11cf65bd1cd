"""Deliveries and their steps: states, moves, rows as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from isp_lifecycle.foundation.states import Moves


class DeliveryState(StrEnum):
    """Where one event stands on its way to one subscriber."""

    SCHEDULED = "scheduled"  #: will be worked on at its due time
    QUEUED = "queued"  #: ready; waits for a worker, or for its turn at a service or a device
    RUNNING = "running"  #: a worker holds its lease
    WAITING = "waiting"  #: waits for a person's input
    FAILED = "failed"  #: a person must retry or cancel; an incident says why
    DONE = "done"  #: every step was done and verified
    CANCELLED = "cancelled"  #: given up; what had been done was undone, or is listed


_D = DeliveryState
DELIVERY_MOVES: Moves[DeliveryState] = Moves(
    what="delivery",
    start=_D.QUEUED,
    table={
        _D.SCHEDULED: frozenset({_D.QUEUED, _D.CANCELLED}),
        _D.QUEUED: frozenset({_D.RUNNING, _D.CANCELLED, _D.SCHEDULED}),
        _D.RUNNING: frozenset({_D.QUEUED, _D.SCHEDULED, _D.WAITING, _D.FAILED, _D.DONE, _D.CANCELLED}),
        _D.WAITING: frozenset({_D.QUEUED}),
        _D.FAILED: frozenset({_D.QUEUED}),
    },
)

UNFINISHED = frozenset({_D.SCHEDULED, _D.QUEUED, _D.RUNNING, _D.WAITING, _D.FAILED})


class Direction(StrEnum):
    """Which way a delivery walks through its steps."""

    FORWARD = "forward"  #: doing
    BACKWARD = "backward"  #: undoing what was done, in reverse


class StepState(StrEnum):
    """How one attempt at one step stands."""

    RUNNING = "running"  #: begun; a worker that dies here leaves it so until the next attempt
    WAITING = "waiting"  #: asked a person
    DONE = "done"  #: done and verified
    FAILED = "failed"  #: ended with an error
    UNDONE = "undone"  #: its effect was taken back
    KEPT = "kept"  #: its effect could not be taken back; the reason is stated
    ABANDONED = "abandoned"  #: its worker died or lost the lease; another attempt followed


@dataclass(frozen=True)
class Failure:
    """Why a delivery stands still: what a person needs to see first."""

    step: str
    kind: str
    what: str
    remedy: str


@dataclass(frozen=True)
class OutlineStep:
    """A step as the delivery's outline names it; ``kept_because`` says why it cannot be undone, if it cannot."""

    name: str
    kept_because: str | None


@dataclass(frozen=True)
class Lease:
    """A worker's right to work on a delivery, and all it needs to begin.

    ``token`` fences: it rises with each claim, and nothing is committed under an older one.
    """

    delivery_id: UUID
    token: int
    subscriber: str
    event_id: UUID
    event_kind: str
    event_version: int
    event_payload: dict[str, Any]
    event_at: datetime
    service_id: UUID | None
    trace: UUID
    direction: Direction
    position: int
    undo_to: int
    attempt: int
    case: dict[str, Any] | None
    answer: dict[str, Any] | None
    due_at: datetime
    failed_before: bool
    takeovers: int = 0
    has_turns: bool = False
    """A turn was handed over, or is left from an earlier lease of this delivery."""
    outline_id: UUID | None = None
    """The steps that it began with, by which ``position`` and ``undo_to`` count; None before."""


@dataclass(frozen=True)
class StepRun:
    """One attempt at one step, as recorded."""

    position: int
    name: str
    direction: Direction
    attempt: int
    state: StepState
    started_at: datetime
    finished_at: datetime | None
    device_seconds: float
    says: str
    failure: Failure | None
    has_transcript: bool
