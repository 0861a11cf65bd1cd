"""What is in the queue: each delivery that is not over, where it stands, why it does not go on, and whose it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.foundation.errors import NotFound, Refused
from isp_lifecycle.foundation.kept import again
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.support.model import mender_of
from isp_lifecycle.views.common import FailureRow, failure_row, step_name, title_of
from isp_lifecycle.views.engine.state import OPEN, EngineState, engine_state, holds_of
from isp_lifecycle.views.engine.words import Around, Other, why
from isp_lifecycle.views.window import Look, shows

#: Where a delivery that is not over can stand, and what that means in SQL.
STANDINGS: Mapping[str, str] = {
    "failed": "d.state = 'failed'",
    "waiting": "d.state = 'waiting'",
    "running": "d.state = 'running' AND d.lease_until IS NOT NULL",
    "again": "d.state = 'scheduled' AND d.failure IS NOT NULL",
    "in_line": "d.state = 'queued' AND d.blocked_on IS NOT NULL",
    "ready": "d.state = 'queued' AND d.blocked_on IS NULL",
    "scheduled": "d.state = 'scheduled' AND d.failure IS NULL",
}
#: What can be asked for: one of these, or ``open``: all but what merely lies in the future.
WHICH = ("open", *STANDINGS)


@dataclass(frozen=True)
class QueueRow:
    """One delivery that is not over. ``standing`` is one of :data:`WHICH`, ``why`` says in words why it stands there.

    ``owner`` is the user name of who is to see to it, ``owner_name`` how they are called; where nobody has it yet,
    ``owner`` is None and ``owner_role`` says whose work it is. ``lease_seconds`` is what is left of a worker's lease.
    """

    delivery_id: UUID
    workflow: str
    subscriber: str
    queue: str
    standing: str
    step: str
    why: str
    customer: str | None
    service_code: str | None
    order_code: str | None
    olt: str | None
    since: datetime
    due_at: datetime
    attempt: int
    worker: str | None
    lease_seconds: float | None
    takeovers: int
    failure: FailureRow | None
    owner: str | None
    owner_name: str | None
    owner_role: str | None
    incident_code: str | None
    ticket_code: str | None
    trace: UUID
    can_retry: bool
    can_cancel: bool
    can_assign: bool


@dataclass(frozen=True)
class QueuePage:
    """Rows as they were asked for, how many there are of each kind, and how the engine stands, at one instant."""

    rows: tuple[QueueRow, ...]
    counts: dict[str, int]
    engine: EngineState


#: The order in which each kind is picked, as its index has it: a month-end in the queue is not sorted to show a page.
_ORDER: Mapping[str, str] = {
    "failed": "d.id",
    "waiting": "d.id",
    "running": "d.lease_until",
    "again": "d.due_at",
    "ready": "d.queue, d.priority, d.due_at, d.id",
    "in_line": "d.blocked_on, d.priority, d.due_at, d.id",
    "scheduled": "d.due_at",
}
_OPEN = ("failed", "waiting", "running", "again", "ready", "in_line")
_ROWS = """
    WITH picked AS (SELECT * FROM ({picked}) AS p ORDER BY kind, place LIMIT :limit)
    SELECT d.*, w.steps AS outline, c.name AS customer, s.code AS service_code, o.code AS order_code, {olt} AS olt,
           run.name AS run_name, coalesce(run.started_at, d.created_at) AS since,
           i.incident_code, i.ticket_code, k.role AS task_role, u.username AS owner, u.name AS owner_name
    FROM picked JOIN deliveries d ON d.id = picked.id JOIN events e ON e.id = d.event_id
    LEFT JOIN outlines w ON w.id = d.outline_id
    LEFT JOIN orders o ON o.id = e.order_id LEFT JOIN customers c ON c.id = e.customer_id
    LEFT JOIN services s ON s.id = d.service_id
    LEFT JOIN LATERAL (SELECT r.name, r.started_at FROM step_runs r WHERE r.delivery_id = d.id
        ORDER BY r.started_at DESC, r.id DESC LIMIT 1) run ON true
    LEFT JOIN LATERAL (SELECT i.code AS incident_code, t.code AS ticket_code, t.assignee
        FROM incidents i LEFT JOIN tickets t ON t.incident_id = i.id
        WHERE i.delivery_id = d.id AND i.closed_at IS NULL ORDER BY i.opened_at DESC LIMIT 1) i ON true
    LEFT JOIN LATERAL (SELECT k.assignee, k.role FROM tasks k WHERE k.delivery_id = d.id AND k.state = 'open'
        ORDER BY k.created_at LIMIT 1) k ON d.state = 'waiting'
    LEFT JOIN users u ON u.active
        AND u.username = CASE d.state WHEN 'failed' THEN i.assignee WHEN 'waiting' THEN k.assignee END
    ORDER BY picked.kind, picked.place
"""
#: The OLT that a delivery is about, from a row of deliveries named ``d``.
OLT = """coalesce(CASE WHEN d.blocked_on LIKE 'olt:%' THEN substr(d.blocked_on, 5) END, d."case"->>'olt',
    (SELECT p.name FROM lines l JOIN olts p ON p.id = l.olt_id WHERE l.service_id = d.service_id))"""


@shows("delivery.read")
def queue(look: Look, *, which: str = "open", subscriber: str = "", olt: str = "", limit: int = 100) -> QueuePage:
    """What is not over: what failed first, then what waits, runs, is tried again, and stands in line.

    Work that merely lies in the future is counted, and listed only as ``scheduled``.
    """
    if which not in WHICH:
        raise Refused(
            say("{which} is no state.", which=repr(which)),
            field="state",
            value=which,
            remedy=say("Use one of {which}.", which=", ".join(WHICH)),
        )
    engine = engine_state(look)
    also, values = _narrowed(subscriber, olt)
    counts = _counts(look, also, values) if also else {name: engine.total(name) for name in STANDINGS}
    counts["open"] = sum(counts[name] for name in _OPEN)
    kinds = _OPEN if which == "open" else (which,)
    picked = " UNION ALL ".join(
        f"(SELECT d.id, {n} AS kind, row_number() OVER (ORDER BY {_ORDER[kind]}) AS place FROM deliveries d "  # noqa: S608
        f"WHERE {STANDINGS[kind]}{also} ORDER BY {_ORDER[kind]} LIMIT :limit)"
        for n, kind in enumerate(kinds)
    )
    return QueuePage(_rows(look, picked, {**values, "limit": limit}), counts, engine)


def _counts(look: Look, also: str, values: Mapping[str, Any]) -> dict[str, int]:
    sums = ", ".join(f"count(*) FILTER (WHERE {sql}) AS {name}" for name, sql in STANDINGS.items())
    statement = f"SELECT {sums} FROM deliveries d WHERE {OPEN}{also}"  # noqa: S608
    return dict(look.tx.execute(sa.text(statement), values).one()._mapping)


@shows("delivery.read")
def find(look: Look, *, key: str) -> UUID:
    """The delivery that somebody names: by its id, the end of its id, its ticket or its incident; raises NotFound."""
    name = key.strip()
    try:
        return UUID(name)
    except ValueError:
        found = look.tx.execute(sa.text(_NAMED), {"key": name.upper(), "end": f"%{name.lower()}"}).scalars().all()
    if len(found) > 1:
        raise Refused(
            say("{name} is the end of {found} ids.", name=name, found=len(found)),
            field="id",
            value=name,
            remedy=say("Write more of the id."),
        )
    if not found:
        raise NotFound("delivery", name)
    return UUID(str(found[0]))


_NAMED = f"""
    SELECT i.delivery_id FROM incidents i LEFT JOIN tickets t ON t.incident_id = i.id WHERE :key IN (i.code, t.code)
    UNION SELECT d.id FROM deliveries d
    WHERE length(:end) > 4 AND {OPEN} AND d.id::text LIKE :end
"""  # noqa: S608 - words of our own


@shows("delivery.read")
def one(look: Look, *, delivery_id: UUID) -> QueueRow | None:
    """One delivery as the queue lists it; None when it is over."""
    return row_of(look, delivery_id)


def row_of(look: Look, delivery_id: UUID) -> QueueRow | None:
    """The same, for other views."""
    picked = "SELECT id, 0 AS kind, 0 AS place FROM deliveries WHERE id = :id AND state NOT IN ('done', 'cancelled')"
    rows = _rows(look, picked, {"id": delivery_id, "limit": 1})
    return rows[0] if rows else None


def rows_of(look: Look, ids: Sequence[UUID]) -> tuple[QueueRow, ...]:
    """These deliveries, as far as they are not over, in no order."""
    picked = "SELECT id, 0 AS kind, 0 AS place FROM deliveries WHERE id = ANY(:ids)"
    return _rows(look, picked, {"ids": list(ids), "limit": len(ids)})


def _narrowed(subscriber: str, olt: str) -> tuple[str, dict[str, Any]]:
    also = " AND d.subscriber = :subscriber" if subscriber else ""
    also += f" AND {OLT} = :olt" if olt else ""
    return also, {"subscriber": subscriber, "olt": olt}


def _rows(look: Look, picked: str, values: Mapping[str, Any]) -> tuple[QueueRow, ...]:
    found = look.tx.execute(sa.text(_ROWS.format(picked=picked, olt=OLT)), values).all()
    around = _around(look, [row.blocked_on for row in found if row.blocked_on])
    return tuple(_row(look, row, around) for row in found)


def _around(look: Look, keys: list[str]) -> Around:
    """Who is in the way: the deliveries that are waited for, the holders of turns, and the pauses."""
    turns = look.tx.execute(
        sa.text(
            """SELECT t.key, d.id, d.subscriber, d.state, d.failure, s.code AS service_code
               FROM turns t JOIN deliveries d ON d.id = t.delivery_id LEFT JOIN services s ON s.id = d.service_id
               WHERE t.key = ANY(:keys) AND t.until >= :now"""
        ),
        {"keys": keys, "now": look.at},
    )
    earlier = look.tx.execute(
        sa.text(
            """SELECT 'after:' || d.id AS key, d.id, d.subscriber, d.state, d.failure, s.code AS service_code
               FROM deliveries d LEFT JOIN services s ON s.id = d.service_id WHERE d.id = ANY(:ids)"""
        ),
        {"ids": [UUID(key.removeprefix("after:")) for key in keys if key.startswith("after:")]},
    )
    others = {
        r.key: Other(title_of(r.subscriber), r.state, r.service_code, again((r.failure or {}).get("step", "")))
        for r in (*turns, *earlier)
    }
    return Around(others, holds_of(look), look.at, look.settings.company.tz)


def _row(look: Look, r: Any, around: Around) -> QueueRow:
    standing = _standing(r)
    failure = failure_row(r.failure)
    owned = standing in ("failed", "waiting")
    stepped = step_name(r.outline, r.position) or r.run_name or ""
    return QueueRow(
        delivery_id=r.id,
        workflow=title_of(r.subscriber),
        subscriber=r.subscriber,
        queue=r.queue,
        standing=standing,
        step=failure.step if failure else stepped,
        why=why(r, standing, around),
        customer=r.customer,
        service_code=r.service_code,
        order_code=r.order_code,
        olt=r.olt,
        since=r.since,
        due_at=r.due_at,
        attempt=r.attempt,
        worker=r.worker,
        lease_seconds=(r.lease_until - look.at).total_seconds() if r.lease_until else None,
        takeovers=r.takeovers,
        failure=failure,
        owner=r.owner,
        owner_name=r.owner_name,
        owner_role=(r.task_role or mender_of(r.queue)) if owned else None,
        incident_code=r.incident_code,
        ticket_code=r.ticket_code,
        trace=r.trace,
        can_retry=standing == "failed" and look.actor.may("delivery.retry"),
        can_cancel=standing != "running" and r.direction == "forward" and look.actor.may("delivery.cancel"),
        can_assign=owned and look.actor.may("task.assign"),
    )


def _standing(r: Any) -> str:
    if r.state == "queued":
        return "ready" if r.blocked_on is None else "in_line"
    return "again" if r.state == "scheduled" and r.failure else str(r.state)
