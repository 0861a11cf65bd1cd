"""The relay: finds deliveries that are ready and wakes a worker for each, through a publisher that it is handed.

It is woken by PostgreSQL when work was committed, and sweeps besides: what is due, what a dead worker left, what a
flushed broker forgot. Sending a message twice is harmless, since a worker claims the row before it does anything.
Any number of relays may run; rows that one of them is handling are skipped by the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.events.store import process_beats
from isp_lifecycle.foundation.db import Tx

#: Wakes a worker of a queue for a delivery.
Publisher = Callable[[str, UUID], None]

_READY = sa.text(
    """
    UPDATE deliveries SET state = 'queued', dispatched_at = :now
    WHERE id IN (
        SELECT id FROM deliveries
        WHERE state IN ('queued', 'scheduled') AND due_at <= :now AND blocked_on IS NULL
          AND (dispatched_at IS NULL OR dispatched_at < :stale)
        ORDER BY priority, due_at LIMIT :many FOR UPDATE SKIP LOCKED)
    RETURNING id, queue, priority, due_at
    """
)

_TAKE_OVER = sa.text(
    """
    UPDATE deliveries SET state = 'queued', lease_until = NULL, worker = NULL, dispatched_at = NULL,
           takeovers = takeovers + 1
    WHERE id IN (SELECT id FROM deliveries WHERE state = 'running' AND lease_until < :now FOR UPDATE SKIP LOCKED)
    RETURNING id
    """
)

_UNBLOCK = sa.text(
    """
    UPDATE deliveries SET blocked_on = NULL, dispatched_at = NULL
    WHERE blocked_on IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM turns WHERE turns.key = deliveries.blocked_on AND turns.until >= :now)
    RETURNING id
    """
)

_NEXT_DUE = sa.text(
    """
    SELECT min(due_at) FROM deliveries
    WHERE state IN ('queued', 'scheduled') AND blocked_on IS NULL AND dispatched_at IS NULL
    """
)


@dataclass(frozen=True)
class Ready:
    """A delivery that a worker should be woken for."""

    delivery_id: UUID
    queue: str


@dataclass(frozen=True)
class Swept:
    """What one sweep mended."""

    taken_over: int
    unblocked: int


def sweep(*, tx: Tx, now: datetime) -> Swept:
    """Take deliveries away from workers whose lease ran out, and free those that wait for a turn nobody holds."""
    taken = len(tx.execute(_TAKE_OVER, {"now": now}).all())
    tx.execute(sa.text("DELETE FROM turns WHERE until < :now"), {"now": now})
    return Swept(taken_over=taken, unblocked=len(tx.execute(_UNBLOCK, {"now": now}).all()))


def next_ready(*, tx: Tx, now: datetime, stale_after: timedelta, many: int = 200) -> list[Ready]:
    """Mark the most urgent ready deliveries as dispatched and return them, to be published after the commit."""
    rows = tx.execute(_READY, {"now": now, "stale": now - stale_after, "many": many}).all()
    return [Ready(r.id, r.queue) for r in sorted(rows, key=lambda r: (r.priority, r.due_at))]


def next_due(*, tx: Tx) -> datetime | None:
    """When the next scheduled delivery is due, so that the relay sleeps no longer than that."""
    due: datetime | None = tx.execute(_NEXT_DUE).scalar_one()
    return due


def beat(*, tx: Tx, name: str, kind: str, now: datetime) -> None:
    """Write this process's sign of life."""
    tx.execute(
        sa.text(
            "INSERT INTO process_beats (name, kind, started_at, seen_at) VALUES (:name, :kind, :now, :now) "
            "ON CONFLICT (name) DO UPDATE SET seen_at = :now, kind = :kind"
        ),
        {"name": name, "kind": kind, "now": now},
    )
    tx.execute(process_beats.delete().where(process_beats.c.seen_at < now - timedelta(days=1)))
