"""How the engine stands: its depth, its lines, who lives, what is paused, and who can be given work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.access.model import ROLES, STAFF_ROLES, Role
from isp_lifecycle.events.subscriptions import TITLES
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.views.common import title_of
from isp_lifecycle.views.window import Look, shows

#: A sign of life is written every few seconds; who has missed three has gone.
SILENT_AFTER_SECONDS = 15.0
#: What may be said to everybody of the staff, whatever they may read besides.
_STAFF = ("order.read", "visit.read", "delivery.read")


@dataclass(frozen=True)
class HoldRow:
    """A pause, in force or planned. ``kind`` is engine, subscriber or olt; ``key`` what a command calls it."""

    id: UUID
    key: str
    kind: str
    what: str
    reason: str
    by: str
    since: datetime
    until: datetime | None
    in_force: bool


@dataclass(frozen=True)
class BeatRow:
    """The last sign of life of a process, and how far its clock was ahead of the database's then."""

    name: str
    kind: str
    seen_seconds_ago: float
    clock_ahead_seconds: float

    @property
    def alive(self) -> bool:
        """Whether it was seen a moment ago."""
        return self.seen_seconds_ago < SILENT_AFTER_SECONDS


@dataclass(frozen=True)
class QueueDepth:
    """How many deliveries of one queue are in each state; ``ready`` is queued and in no line. Times in seconds."""

    queue: str
    ready: int
    in_line: int
    running: int
    again: int
    scheduled: int
    waiting: int
    failed: int
    oldest_ready_seconds: float


@dataclass(frozen=True)
class EngineState:
    """How the event engine stands. ``in_line`` counts by kind of line, ``turns`` by kind of turn that is held."""

    queues: tuple[QueueDepth, ...]
    in_line: dict[str, int]
    turns: dict[str, int]
    holds: tuple[HoldRow, ...]
    beats: tuple[BeatRow, ...]
    unowned: int
    relay_lag_seconds: float

    def total(self, standing: str) -> int:
        """How many deliveries stand so, over all queues: ``ready``, ``in_line``, ``running``, ..."""
        return sum(getattr(queue, standing) for queue in self.queues)

    @property
    def oldest_ready_seconds(self) -> float:
        """How long the oldest delivery that could begin has been waiting for a worker."""
        return max((q.oldest_ready_seconds for q in self.queues), default=0.0)

    @property
    def paused(self) -> HoldRow | None:
        """The pause of the engine as a whole that is in force."""
        return next((h for h in self.holds if h.kind == "engine" and h.in_force), None)


#: What is not over, said by the conditions of the small indexes of deliveries, one of which has each of them: asked so,
#: the answer takes as long as the queue is, however long the history.
OPEN = """(d.state = 'queued' AND d.blocked_on IS NULL OR d.blocked_on IS NOT NULL OR d.state = 'scheduled'
    OR d.state = 'running' AND d.lease_until IS NOT NULL OR d.state IN ('failed', 'waiting'))"""
_DEPTH = f"""
    SELECT queue, count(*) FILTER (WHERE state = 'queued' AND blocked_on IS NULL) AS ready,
           count(*) FILTER (WHERE state = 'queued' AND blocked_on IS NOT NULL) AS in_line,
           count(*) FILTER (WHERE state = 'running') AS running,
           count(*) FILTER (WHERE state = 'scheduled' AND failure IS NOT NULL) AS again,
           count(*) FILTER (WHERE state = 'scheduled' AND failure IS NULL) AS scheduled,
           count(*) FILTER (WHERE state = 'waiting') AS waiting, count(*) FILTER (WHERE state = 'failed') AS failed,
           min(due_at) FILTER (WHERE state = 'queued' AND blocked_on IS NULL) AS oldest
    FROM deliveries d WHERE {OPEN} GROUP BY queue ORDER BY queue
"""  # noqa: S608 - words of our own
_IN_LINE = """
    SELECT split_part(line, ':', 1), sum(many)::int FROM (
        SELECT blocked_on AS line, count(*) AS many FROM deliveries WHERE blocked_on IS NOT NULL GROUP BY 1) AS lines
    GROUP BY 1 ORDER BY 1
"""
_TURNS = "SELECT split_part(key, ':', 1), count(*) FROM turns WHERE until >= :now GROUP BY 1 ORDER BY 1"
_HOLDS = """
    SELECT h.*, coalesce(u.name, h.held_by) AS by_name, 'Bulk change ' || b.code AS bulk
    FROM holds h LEFT JOIN users u ON u.username = h.held_by
    LEFT JOIN bulk_changes b ON h.key = 'bulk:' || b.id::text
    WHERE h.until IS NULL OR h.until > :now ORDER BY h.since, h.id
"""
#: What the relay should have done by now: made due work ready, taken deliveries away from dead workers.
_LAG = """
    SELECT greatest(
        extract(epoch FROM :now - (SELECT min(due_at) FROM deliveries WHERE state = 'scheduled')),
        extract(epoch FROM :now - (SELECT min(lease_until) FROM deliveries WHERE state = 'running')), 0)
"""
_UNOWNED = """
    SELECT count(*) FROM deliveries d
    LEFT JOIN LATERAL (SELECT t.assignee FROM incidents i JOIN tickets t ON t.incident_id = i.id
        WHERE i.delivery_id = d.id AND i.closed_at IS NULL ORDER BY i.opened_at DESC LIMIT 1) i ON d.state = 'failed'
    LEFT JOIN LATERAL (SELECT k.assignee FROM tasks k
        WHERE k.delivery_id = d.id AND k.state = 'open' ORDER BY k.created_at LIMIT 1) k ON d.state = 'waiting'
    LEFT JOIN users u ON u.username = coalesce(i.assignee, k.assignee) AND u.active
    WHERE d.state IN ('failed', 'waiting') AND u.id IS NULL
"""


@shows("delivery.read", "system.read")
def state(look: Look) -> EngineState:
    """How the engine stands now."""
    return engine_state(look)


def engine_state(look: Look) -> EngineState:
    """The same, for other views."""
    now = {"now": look.at}
    return EngineState(
        queues=tuple(_depth(row, look.at) for row in look.tx.execute(sa.text(_DEPTH))),
        in_line=_counted(look, _IN_LINE),
        turns=_counted(look, _TURNS, **now),
        holds=holds_of(look),
        beats=beats_of(look),
        unowned=look.tx.execute(sa.text(_UNOWNED)).scalar_one(),
        relay_lag_seconds=float(look.tx.execute(sa.text(_LAG), now).scalar_one()),
    )


@shows("delivery.read", "system.read")
def beats(look: Look) -> tuple[BeatRow, ...]:
    """The signs of life of the engine's processes."""
    return beats_of(look)


@shows(*_STAFF)
def paused(look: Look) -> HoldRow | None:
    """The pause of the engine as a whole, if it is in force: everybody's work stands then."""
    return next((h for h in holds_of(look) if h.kind == "engine" and h.in_force), None)


@shows("task.assign")
def assignees(look: Look, *, delivery_id: UUID) -> dict[str, str]:
    """Who can be given this delivery as it stands: user names with names. Nobody, unless it failed or waits."""
    row = look.tx.execute(
        sa.text(
            """SELECT d.state, k.role FROM deliveries d
               LEFT JOIN tasks k ON k.delivery_id = d.id AND k.state = 'open' AND d.state = 'waiting'
               WHERE d.id = :id ORDER BY k.created_at LIMIT 1"""
        ),
        {"id": delivery_id},
    ).one_or_none()
    if row is None or row.state not in ("failed", "waiting"):
        return {}
    mend = {str(role) for role in STAFF_ROLES if "delivery.retry" in ROLES[role]}
    roles = mend if row.state == "failed" else {row.role, str(Role.ADMINISTRATOR)}
    people = look.tx.execute(
        sa.text(
            """SELECT u.username, u.name FROM users u LEFT JOIN own_roles o ON o.name = u.own_role
               WHERE u.active AND CASE WHEN :failed AND o.name IS NOT NULL THEN 'delivery.retry' = ANY(o.permissions)
                                       ELSE u.role = ANY(:roles) END ORDER BY u.name, u.username"""
        ),
        {"roles": sorted(filter(None, roles)), "failed": row.state == "failed"},
    )
    return {r.username: r.name for r in people}


@shows("delivery.read")
def pausable(look: Look) -> dict[str, str]:
    """What can be paused, as ``intake.engine.pause`` takes it, with its name: the engine, OLTs, subscribers."""
    olts = look.tx.execute(sa.text("SELECT name FROM olts ORDER BY name")).scalars()
    subscribers = {f"subscriber:{name}": title for name, title in TITLES.items()}
    return {"engine": say("The engine as a whole")} | {f"olt:{name}": name for name in olts} | subscribers


def holds_of(look: Look) -> tuple[HoldRow, ...]:
    """Every pause that is in force or planned, the earliest first."""
    return tuple(_hold(row, look.at) for row in look.tx.execute(sa.text(_HOLDS), {"now": look.at}))


def beats_of(look: Look) -> tuple[BeatRow, ...]:
    """The signs of life, by kind and name."""
    rows = look.tx.execute(sa.text("SELECT * FROM process_beats ORDER BY kind, name"))
    return tuple(BeatRow(r.name, r.kind, (look.at - r.seen_at).total_seconds(), r.clock_ahead) for r in rows)


def _hold(row: Any, now: datetime) -> HoldRow:
    kind, _, name = row.key.partition(":")
    what = {"engine": say("The engine"), "subscriber": title_of(name), "bulk": row.bulk}.get(kind, name)
    return HoldRow(
        id=row.id,
        key=row.key,
        kind=kind,
        what=what,
        reason=row.reason,
        by=row.by_name,
        since=row.since,
        until=row.until,
        in_force=row.since <= now,
    )


def _depth(row: Any, now: datetime) -> QueueDepth:
    return QueueDepth(
        queue=row.queue,
        ready=row.ready,
        in_line=row.in_line,
        running=row.running,
        again=row.again,
        scheduled=row.scheduled,
        waiting=row.waiting,
        failed=row.failed,
        oldest_ready_seconds=max((now - row.oldest).total_seconds(), 0.0) if row.oldest else 0.0,
    )


def _counted(look: Look, statement: str, **values: Any) -> dict[str, int]:
    return {row[0]: row[1] for row in look.tx.execute(sa.text(statement), values)}
