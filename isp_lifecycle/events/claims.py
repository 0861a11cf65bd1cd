"""Claims: a worker takes the next delivery of its queue, with a lease and a fencing token that rises each time.

The most urgent ready delivery is found when a worker is free, not when it was announced, so that urgent work overtakes
any backlog. Whoever cannot begin now (paused, or an earlier delivery of the same service is not finished) is put in
line and the next one is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from isp_lifecycle.events import lines
from isp_lifecycle.events.holds import in_force
from isp_lifecycle.events.model import Direction, Lease
from isp_lifecycle.events.subscriptions import ANY_ORDER
from isp_lifecycle.foundation.db import Tx

#: An earlier delivery to the same subscriber that is not over. One that is merely scheduled and was never begun (a plan
#: change next month) keeps nobody waiting.
_EARLIER = """
    SELECT o.id FROM deliveries o
    WHERE o.{same} = d.{same} AND o.state NOT IN ('done', 'cancelled') AND o.subscriber = d.subscriber AND o.id < d.id
      AND (o.state <> 'scheduled' OR o.outline IS NOT NULL)
    ORDER BY o.id LIMIT 1"""

#: ``choice`` finds one queued row. Nobody else's row is waited for, and nothing begins while all is on hold.
_CLAIM = f"""
    WITH chosen AS (
        SELECT d.id FROM deliveries d
        WHERE {{choice}} AND d.state = 'queued' AND NOT {in_force("'engine'")}
        {{order}} LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    UPDATE deliveries d
    SET state = 'running', lease_token = d.lease_token + 1, lease_until = %(until)s, worker = %(worker)s,
        blocked_on = NULL
    FROM chosen JOIN deliveries c ON c.id = chosen.id JOIN events e ON e.id = c.event_id
    WHERE d.id = chosen.id
    RETURNING d.id, d.lease_token, d.subscriber, d.event_id, e.kind, e.version, e.payload, e.recorded_at,
        d.service_id, d.trace, d.direction, d.position, d.undo_to, d.attempt, d."case", d.answer, d.due_at,
        d.failure IS NOT NULL AS failed_before, d.takeovers,
        EXISTS (SELECT 1 FROM turns t WHERE t.delivery_id = d.id) AS has_turns,
        {in_force("'subscriber:' || d.subscriber")} AS held,
        ({_EARLIER.format(same="service_id")}) AS behind_service, ({_EARLIER.format(same="trace")}) AS behind_trace
"""
_NEXT = _CLAIM.format(
    choice="d.queue = %(queue)s AND d.blocked_on IS NULL", order="ORDER BY d.priority, d.due_at, d.id"
)
_THIS = _CLAIM.format(choice="d.id = %(delivery)s", order="")

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


def claim_next(*, tx: Tx, queue: str, worker: str, now: datetime, length: timedelta) -> Lease | InLine | None:
    """Take the most urgent ready delivery of a queue; None when there is none, or everything is on hold."""
    return _claim(tx, _NEXT, {"queue": queue}, worker, now, length)


def claim(*, tx: Tx, delivery_id: UUID, worker: str, now: datetime, length: timedelta) -> Lease | InLine | None:
    """Take this queued delivery. None is the normal answer to whoever comes twice, late, or at the same instant."""
    return _claim(tx, _THIS, {"delivery": delivery_id}, worker, now, length)


def _claim(
    tx: Tx, statement: str, which: dict[str, Any], worker: str, now: datetime, length: timedelta
) -> Lease | InLine | None:
    values = {**which, "worker": worker, "now": now, "until": now + length}
    row = tx.exec_driver_sql(statement, values).one_or_none()
    if row is None:
        return None
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
