"""Claims: a worker takes the next delivery of its queue, with a lease and a fencing token that rises each time.

The most urgent ready delivery is found when a worker is free, not when it was announced, so that urgent work overtakes
any backlog. Whoever cannot begin now (paused, or an earlier delivery of the same service is not finished) is put in
line and the next one is taken.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from isp_lifecycle.events import lines
from isp_lifecycle.events.holds import in_force
from isp_lifecycle.events.model import Direction, Lease
from isp_lifecycle.events.subscriptions import ANY_ORDER
from isp_lifecycle.foundation.db import Tx

#: An earlier delivery to the same family of subscribers (``billing.start``, ``billing.stop``) that is not over. One
#: that is merely scheduled and was never begun (a plan change next month) keeps nobody waiting.
_EARLIER = """
    SELECT o.id FROM deliveries o
    WHERE o.{same} = d.{same} AND o.state NOT IN ('done', 'cancelled') AND o.id < d.id
      AND split_part(o.subscriber, '.', 1) = split_part(d.subscriber, '.', 1)
      AND (o.state <> 'scheduled' OR o.outline_id IS NOT NULL)
    ORDER BY o.id LIMIT 1"""

#: The rows are chosen so that nobody waits for another's choice, and none while all is on hold. What is quick may be
#: taken several at a time, as long as nothing slow stands between.
_CHOOSE_NEXT = f"""
    SELECT id, n FROM (
        SELECT id, row_number() OVER in_order AS n, bool_and(subscriber = ANY(%(quick)s)) OVER in_order AS all_quick
        FROM (SELECT d.id, d.subscriber, d.priority, d.due_at FROM deliveries d
              WHERE d.queue = %(queue)s AND d.blocked_on IS NULL AND d.state = 'queued' AND NOT {in_force("'engine'")}
              ORDER BY d.priority, d.due_at, d.id LIMIT %(many)s FOR UPDATE SKIP LOCKED) AS first
        WINDOW in_order AS (ORDER BY priority, due_at, id)) AS numbered
    WHERE n = 1 OR all_quick
"""
_CHOOSE_THIS = f"""
    SELECT d.id, 1 AS n FROM deliveries d
    WHERE d.id = %(delivery)s AND d.state = 'queued' AND NOT {in_force("'engine'")} FOR UPDATE SKIP LOCKED
"""
_CLAIM = f"""
    WITH chosen AS ({{choose}})
    UPDATE deliveries d
    SET state = 'running', lease_token = d.lease_token + 1, lease_until = %(until)s, worker = %(worker)s,
        blocked_on = NULL
    FROM chosen JOIN deliveries c ON c.id = chosen.id JOIN events e ON e.id = c.event_id
    WHERE d.id = chosen.id
    RETURNING chosen.n, d.id, d.lease_token, d.subscriber, d.event_id, e.kind, e.version, e.payload, e.recorded_at,
        d.service_id, d.trace, d.direction, d.position, d.undo_to, d.attempt, d."case", d.answer, d.due_at,
        d.failure IS NOT NULL AS failed_before, d.takeovers, d.outline_id,
        EXISTS (SELECT 1 FROM turns t WHERE t.delivery_id = d.id) AS has_turns,
        {in_force("'subscriber:' || d.subscriber")} AS held,
        ({_EARLIER.format(same="service_id")}) AS behind_service, ({_EARLIER.format(same="trace")}) AS behind_trace
"""
_NEXT = _CLAIM.format(choose=_CHOOSE_NEXT)
_THIS = _CLAIM.format(choose=_CHOOSE_THIS)

_STAND_IN_LINE = """
    UPDATE deliveries
    SET state = 'queued', blocked_on = %(key)s, lease_until = NULL, worker = NULL
    WHERE id = %(delivery)s AND lease_token = %(token)s AND state = 'running'
"""


@dataclass(frozen=True)
class InLine:
    """A delivery that was looked at and cannot begin now; ``key`` says what it stands in line for."""

    delivery_id: UUID
    key: str


def claim_next(
    *, tx: Tx, queue: str, worker: str, now: datetime, length: timedelta, quick: Collection[str] = (), many: int = 1
) -> list[Lease | InLine]:
    """Take the most urgent ready delivery of a queue; empty when there is none, or everything is on hold.

    Up to ``many`` are taken, in order, while all of them are for subscribers that are ``quick``.
    """
    which = {"queue": queue, "quick": list(quick), "many": many}
    return _claim(tx, _NEXT, which, worker, now, length)


def claim(*, tx: Tx, delivery_id: UUID, worker: str, now: datetime, length: timedelta) -> list[Lease | InLine]:
    """Take this queued delivery. Empty is the normal answer to whoever comes twice, late, or at the same instant."""
    return _claim(tx, _THIS, {"delivery": delivery_id}, worker, now, length)


def _claim(
    tx: Tx, statement: str, which: dict[str, Any], worker: str, now: datetime, length: timedelta
) -> list[Lease | InLine]:
    values = {**which, "worker": worker, "now": now, "until": now + length}
    rows = tx.exec_driver_sql(statement, values).all()
    return [_taken(tx, row, now) for row in sorted(rows, key=lambda row: row.n)]


def _taken(tx: Tx, row: Any, now: datetime) -> Lease | InLine:
    key = _must_wait_for(row)
    if key is not None:
        tx.exec_driver_sql(_STAND_IN_LINE, {"key": key, "delivery": row.id, "token": row.lease_token})
        return InLine(row.id, key)
    if row.takeovers:
        tx.exec_driver_sql(_ABANDON, {"delivery": row.id, "now": now})
    return Lease(
        delivery_id=row.id,
        token=row.lease_token,
        subscriber=row.subscriber,
        event_id=row.event_id,
        event_kind=row.kind,
        event_version=row.version,
        event_payload=row.payload,
        event_at=row.recorded_at,
        service_id=row.service_id,
        trace=row.trace,
        direction=Direction(row.direction),
        position=row.position,
        undo_to=row.undo_to,
        attempt=row.attempt,
        case=row.case,
        answer=row.answer,
        due_at=row.due_at,
        failed_before=row.failed_before,
        takeovers=row.takeovers,
        has_turns=row.has_turns,
        outline_id=row.outline_id,
    )


#: What a dead worker left open is marked, before the next attempt begins.
_ABANDON = """
    UPDATE step_runs SET state = 'abandoned', finished_at = %(now)s
    WHERE delivery_id = %(delivery)s AND state = 'running'
"""


def _must_wait_for(row: Any) -> str | None:
    if row.held:
        return lines.subscriber(row.subscriber)
    behind = row.behind_service or row.behind_trace
    # Undoing (a cancel) waits for nobody: the order of what is taken back is the person's who asked for it.
    if behind is not None and row.subscriber not in ANY_ORDER and row.direction == Direction.FORWARD:
        return lines.after(behind)
    return None
