"""What several roles look at: the timeline of an order, failures in plain words, notifications."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.events.subscriptions import TITLES
from isp_lifecycle.events.vocabulary import VOCABULARY
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.kept import again
from isp_lifecycle.foundation.texts import Text, one_after_other, say
from isp_lifecycle.notices import actions as notices
from isp_lifecycle.views.window import Look, shows

#: SQL for an address in one line, from a row of premises named ``p``.
ADDRESS = (
    "concat_ws(', ', nullif(p.unit, ''), p.number || ' ' || p.street, nullif(btrim(p.postcode || ' ' || p.city), ''))"
)


@dataclass(frozen=True)
class FailureRow:
    """Why something stands still, in plain words, and what to do."""

    step: str
    kind: str
    what: str
    remedy: str


@dataclass(frozen=True)
class TimelineRow:
    """One line of what happened. ``seconds`` is its whole time, ``device_seconds`` the device's share of it."""

    at: datetime
    subject: str
    name: str
    state: str
    seconds: float | None
    device_seconds: float
    says: str
    failure: FailureRow | None
    delivery_id: UUID | None


@dataclass(frozen=True)
class NoticeRow:
    """Something this person should know."""

    id: UUID
    text: str
    link: str
    level: str
    created_at: datetime
    unread: bool


@dataclass(frozen=True)
class Notices:
    """How much is unread, and the newest notices, read or not."""

    unread: int
    rows: tuple[NoticeRow, ...]


def failure_row(document: Mapping[str, Any] | None) -> FailureRow | None:
    """Read a stored failure."""
    if not document:
        return None
    told = {name: again(document[name]) for name in ("step", "what", "remedy")}
    return FailureRow(**{**document, **told})


def _told(text: str) -> str:
    """A notice; one of an incident names it and its step before what failed."""
    head, dash, what = text.partition(" — ")
    return one_after_other(head, again(what), between=dash) if dash else again(text)


def title_of(subscriber: str) -> str:
    """A subscriber's name for people."""
    return TITLES.get(subscriber, subscriber)


def step_name(outline: Sequence[Mapping[str, Any]] | None, position: int) -> str:
    """The name of the step at which a delivery stands, by its outline."""
    return again(str(outline[position]["name"])) if outline and 0 <= position < len(outline) else ""


def sentence_of(event_kind: str) -> str:
    """What an event means, in its own first sentence."""
    kind = VOCABULARY.get(event_kind)
    return again((kind.__doc__ or event_kind).strip().split("\n")[0]) if kind else event_kind


def every_sentence() -> Iterator[str]:
    """What each event there is means."""
    return map(sentence_of, VOCABULARY)


def said_by_step(text: str) -> str:
    """What a step said of itself; in brackets behind it may stand why nobody looked whether that is so."""
    says, opened, reason = (text or "").rpartition(" (")
    if opened and isinstance(why := again(reason.removesuffix(")")), Text):
        return say("{says} ({reason})", says=again(says), reason=why)
    return again(text or "")


@shows("delivery.read", "order.read", "own.read")
def timeline(
    look: Look, *, order_code: str | None = None, service_code: str | None = None, delivery_id: UUID | None = None
) -> tuple[TimelineRow, ...]:
    """Everything that happened to one order, one service or one delivery, oldest first."""
    where, key = _which(look, order_code=order_code, service_code=service_code, delivery_id=delivery_id)
    return timeline_of(look.tx, where, key)


def _which(
    look: Look, *, order_code: str | None, service_code: str | None, delivery_id: UUID | None
) -> tuple[str, dict[str, Any]]:
    """The events meant; a customer sees their own only."""
    where: str
    key: dict[str, Any]
    if order_code is not None:
        where, key = "e.order_id = (SELECT id FROM orders WHERE code = :key)", {"key": order_code}
    elif service_code is not None:
        where, key = "e.service_id = (SELECT id FROM services WHERE code = :key)", {"key": service_code}
    else:
        where, key = "e.id = (SELECT event_id FROM deliveries WHERE id = :key)", {"key": delivery_id}
    if look.actor.customer_id is None:
        return where, key
    theirs = " AND e.customer_id = :own AND NOT EXISTS (SELECT FROM orders o WHERE o.id = e.order_id AND o.claimed)"
    return where + theirs, {**key, "own": look.actor.customer_id}


_EVENTS = "SELECT e.recorded_at, e.kind, e.actor FROM events e WHERE {where} ORDER BY e.recorded_at"
_STEPS = """
    SELECT s.delivery_id, s.name, s.state, s.started_at, s.finished_at, s.device_seconds, s.says, s.failure,
           d.subscriber FROM step_runs s
    JOIN deliveries d ON d.id = s.delivery_id JOIN events e ON e.id = d.event_id
    WHERE {where} ORDER BY s.started_at, s.id
"""
_COMING = """
    SELECT d.id, d.subscriber, d.due_at, d.state, d.failure FROM deliveries d JOIN events e ON e.id = d.event_id
    WHERE {where} AND d.state = 'scheduled' ORDER BY d.due_at
"""


def timeline_of(tx: Tx, where: str, key: Mapping[str, Any]) -> tuple[TimelineRow, ...]:
    """The timeline of the events that ``where`` selects (SQL on ``e``, written by this package only)."""
    happened = [
        TimelineRow(
            r.recorded_at,
            say("by {who}", who=r.actor or say("a visitor")),
            sentence_of(r.kind),
            "event",
            None,
            0.0,
            "",
            None,
            None,
        )
        for r in tx.execute(sa.text(_EVENTS.format(where=where)), key)
    ]
    walked = [step_row(r) for r in tx.execute(sa.text(_STEPS.format(where=where)), key)]
    coming = [
        TimelineRow(
            r.due_at,
            title_of(r.subscriber),
            say("Will go on by itself"),
            "scheduled",
            None,
            0.0,
            "",
            failure_row(r.failure),
            r.id,
        )
        for r in tx.execute(sa.text(_COMING.format(where=where)), key)
    ]
    return tuple(sorted(happened + walked, key=lambda row: row.at)) + tuple(coming)


def step_row(row: Any) -> TimelineRow:
    """One attempt at a step as a line of the timeline."""
    seconds = (row.finished_at - row.started_at).total_seconds() if row.finished_at else None
    return TimelineRow(
        at=row.started_at,
        subject=title_of(row.subscriber),
        name=again(row.name),
        state=row.state,
        seconds=seconds,
        device_seconds=row.device_seconds,
        says=said_by_step(row.says),
        failure=failure_row(row.failure),
        delivery_id=row.delivery_id,
    )


@shows("notice.read")
def notices_of(look: Look, *, limit: int = 15) -> Notices:
    """What this person and their role were told, newest first."""
    roles = (str(look.actor.role),)
    rows = notices.notifications_for(tx=look.tx, username=look.actor.username, roles=roles, unread=False, limit=limit)
    return Notices(
        unread=notices.unread_count(tx=look.tx, username=look.actor.username, roles=roles),
        rows=tuple(NoticeRow(n.id, _told(n.text), n.link, str(n.level), n.created_at, n.read_at is None) for n in rows),
    )


def counted(rows: Iterable[Any]) -> dict[str, int]:
    """Rows of (word, number) as a dictionary."""
    return {row[0]: row[1] for row in rows}
