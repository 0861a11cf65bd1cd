"""The relay: finds out that there is work, mends what a dead process left, and wakes workers through a publisher.

It is woken by PostgreSQL when work was committed, and sweeps besides: what is due, what a dead worker left, who can
go on. It hands out no work: a woken worker claims what is most urgent then. Waking too often or twice is harmless,
and what the broker forgets is found again by the next sweep. Any number of relays may run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, LiteralString, Protocol

import psycopg
import sqlalchemy as sa

from isp_lifecycle.events import turns
from isp_lifecycle.events.holds import in_force
from isp_lifecycle.events.store import process_beats
from isp_lifecycle.foundation.db import Tx


class Publisher(Protocol):
    """Wakes workers through the broker; both raise BrokerAway when it cannot be reached."""

    def pending(self, queue: str) -> int:
        """How many wake-ups of this queue nobody has taken yet."""
        ...

    def wake(self, queue: str) -> None:
        """Wake one worker of this queue."""
        ...


_TAKE_OVER = """
    UPDATE deliveries SET state = 'queued', lease_until = NULL, worker = NULL, takeovers = takeovers + 1
    WHERE id IN (SELECT id FROM deliveries WHERE state = 'running' AND lease_until < %(now)s FOR UPDATE SKIP LOCKED)
"""

_PROMOTE = """
    UPDATE deliveries SET state = 'queued'
    WHERE id IN (SELECT id FROM deliveries WHERE state = 'scheduled' AND due_at <= %(now)s
                 ORDER BY due_at LIMIT %(many)s FOR UPDATE SKIP LOCKED)
"""

#: Turns in whose line somebody stands although nobody holds them: their holder died, or a hold has ended.
_UNHELD = """
    SELECT DISTINCT d.blocked_on FROM deliveries d
    WHERE d.blocked_on IS NOT NULL AND (d.blocked_on LIKE 'olt:%%' OR d.blocked_on LIKE 'service:%%')
      AND NOT EXISTS (SELECT 1 FROM turns t WHERE t.key = d.blocked_on AND t.until >= %(now)s)
"""

#: Who stands behind a delivery that has ended, or waits for a hold that has.
_UNBLOCK = f"""
    UPDATE deliveries d SET blocked_on = NULL
    WHERE d.blocked_on LIKE 'after:%%' AND EXISTS (
            SELECT 1 FROM deliveries o WHERE o.id = substr(d.blocked_on, 7)::uuid AND o.state IN ('done', 'cancelled'))
       OR (d.blocked_on LIKE 'subscriber:%%' OR d.blocked_on LIKE 'bulk:%%') AND NOT {in_force("d.blocked_on")}
"""

_DUE = "SELECT min(due_at) FROM deliveries WHERE state = 'scheduled'"

#: One row a queue; what is due next stands on each.
_OUTLOOK: LiteralString = f"""
    SELECT ({_DUE}) AS due, q.queue, CASE WHEN {in_force("'engine'")} THEN 0 ELSE (SELECT count(*) FROM (
        SELECT 1 FROM deliveries d WHERE d.queue = q.queue AND d.state = 'queued' AND d.blocked_on IS NULL
        LIMIT %(many)s) AS found) END AS ready
    FROM unnest(%(queues)s::text[]) AS q(queue)
"""

#: How many scheduled deliveries one sweep makes ready, so that a month-end's instant is no long transaction.
PROMOTED_AT_ONCE = 2000


@dataclass(frozen=True)
class Swept:
    """What one sweep did: leases taken over, deliveries that fell due, lines that go on."""

    taken_over: int
    fell_due: int
    unblocked: int

    @property
    def more(self) -> bool:
        """Whether another sweep at once would find more."""
        return self.fell_due == PROMOTED_AT_ONCE


def sweep(*, tx: Tx, now: datetime, lease: timedelta) -> Swept:
    """Make ready what is due, take deliveries away from workers whose lease ran out, let lines go on."""
    at = {"now": now}
    taken = tx.exec_driver_sql(_TAKE_OVER, at).rowcount
    due = tx.exec_driver_sql(_PROMOTE, {**at, "many": PROMOTED_AT_ONCE}).rowcount
    unblocked = tx.exec_driver_sql(_UNBLOCK, at).rowcount
    unheld = tx.exec_driver_sql(_UNHELD, at).scalars().all()
    if unheld:
        unblocked += len(turns.hand_over(tx=tx, keys=unheld, now=now, length=lease))
    # One that ran out and in whose line nobody stands.
    tx.exec_driver_sql("DELETE FROM turns WHERE until < %(now)s", at)
    return Swept(taken_over=taken, fell_due=due, unblocked=unblocked)


@dataclass(frozen=True)
class Outlook:
    """What lies before the relay: how much of each queue could begin now, and when the next is due."""

    ready: Mapping[str, int]
    due: datetime | None


def outlook(*, connection: psycopg.Connection[Any], now: datetime, queues: Sequence[str], many: int) -> Outlook:
    """How many deliveries of each queue a worker could begin now, counted up to ``many``; none during a hold of all.

    Asked of the driver's own connection, outside any transaction: it stands between each commit and its worker.
    """
    rows = connection.execute(_OUTLOOK, {"now": now, "queues": list(queues), "many": many}).fetchall()
    return Outlook({queue: ready for _due, queue, ready in rows}, rows[0][0] if rows else None)


def next_due(*, tx: Tx) -> datetime | None:
    """When the next scheduled delivery is due, so that the relay sleeps no longer than that."""
    due: datetime | None = tx.exec_driver_sql(_DUE).scalar_one()
    return due


def beat(*, tx: Tx, name: str, kind: str, now: datetime) -> None:
    """Write this process's sign of life, and how far its clock is from the database's."""
    tx.execute(
        sa.text(
            "INSERT INTO process_beats (name, kind, started_at, seen_at, clock_ahead) VALUES "
            "(:name, :kind, :now, :now, extract(epoch FROM CAST(:now AS timestamptz) - clock_timestamp())) "
            "ON CONFLICT (name) DO UPDATE SET seen_at = :now, kind = :kind, clock_ahead = excluded.clock_ahead"
        ),
        {"name": name, "kind": kind, "now": now},
    )
    tx.execute(process_beats.delete().where(process_beats.c.seen_at < now - timedelta(days=1)))
