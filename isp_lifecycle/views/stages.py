"""Orders as a board: what stands at each stage, oldest first, with what is waited for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.foundation.clock import start_of
from isp_lifecycle.foundation.kept import again
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.views.common import ADDRESS, counted
from isp_lifecycle.views.engine import queue
from isp_lifecycle.views.lists.model import COUNTED
from isp_lifecycle.views.lists.orders import ACTIVE_DAYS, STAGES
from isp_lifecycle.views.window import Look, shows

#: Cards of a column; the list shows the rest.
CARDS = 12


@dataclass(frozen=True)
class CardRow:
    """One order on the board. ``waits`` says what it waits for, empty where nothing is in its way."""

    code: str
    kind: str
    customer: str
    address: str
    plan_name: str
    since: datetime
    waits: str
    claimed: bool
    decides: bool


@dataclass(frozen=True)
class StageColumn:
    """A stage: how many orders stand there (``counted``: exactly so many), the first of them, and the list of all."""

    stage: str
    many: int
    counted: bool
    cards: tuple[CardRow, ...]
    filters: Mapping[str, str]

    @property
    def more(self) -> int:
        """How many are not among the cards."""
        return self.many - len(self.cards)


#: Each column of the board: the list's filters that mean it.
COLUMNS: Mapping[str, Mapping[str, str]] = {
    **{stage: {"stage": stage} for stage in ("new", "confirmed", "under_way", "waiting", "failed")},
    "active": {"stage": "done", "closed": f"today-{ACTIVE_DAYS}.."},
}
#: Of the delivery that carries an order on, the one that stands in the way first.
_CARDS = f"""
    SELECT o.code, o.kind, c.name AS customer, {ADDRESS} AS address, o.terms->>'plan_name' AS plan_name, o.claimed,
           o.wanted_on, o.reason, o.state, p.splitter_code IS NOT NULL AS serviceable,
           coalesce(o.closed_at, o.submitted_at) AS since, d.id AS delivery_id,
           v.code AS visit, v.state AS visit_state, lower(v.during) AS starts, v.result, g.name AS engineer
    FROM ({{picked}}) AS o JOIN customers c ON c.id = o.customer_id JOIN premises p ON p.id = o.premises_id
    LEFT JOIN LATERAL (
        SELECT d.id FROM deliveries d
        WHERE d.trace = o.id AND d.queue = 'network' AND d.state NOT IN ('done', 'cancelled') AND o.state <> 'completed'
        ORDER BY d.state = 'failed' DESC, d.state = 'waiting' DESC, d.id LIMIT 1) d ON true
    LEFT JOIN LATERAL (
        SELECT v.* FROM visits v WHERE v.order_id = o.id AND v.state <> 'cancelled' AND o.state <> 'completed'
        ORDER BY v.id DESC LIMIT 1) v ON true
    LEFT JOIN engineers g ON g.id = v.engineer_id
    ORDER BY o.place
"""  # noqa: S608 - words of our own
#: The states in which an order can stand at a stage, so that an index finds it.
_STATES = {
    "new": "o.state = 'submitted'",
    "confirmed": "o.state = 'confirmed'",
    "under_way": "o.state = 'in_progress'",
    "waiting": "o.state IN ('confirmed', 'in_progress')",
    "failed": "o.state IN ('confirmed', 'in_progress', 'failed')",
}
_OPEN = "o.state IN ('submitted', 'confirmed', 'in_progress', 'failed')"
_ACTIVE = "o.state = 'completed' AND o.closed_at >= :week"


@shows("order.read")
def stage_counts(look: Look) -> dict[str, int]:
    """How many orders that are not over stand at each stage."""
    return _counts(look)


def _counts(look: Look) -> dict[str, int]:
    statement = f"SELECT {STAGES.sql}, count(*) FROM orders o WHERE {_OPEN} GROUP BY 1"  # noqa: S608 - as above
    return counted(look.tx.execute(sa.text(statement)))


@shows("order.read")
def board(look: Look, *, cards: int = CARDS) -> tuple[StageColumn, ...]:
    """The columns of the board in their order, each with its first cards."""
    values = {"week": start_of(look.today - timedelta(days=ACTIVE_DAYS), zone=look.settings.company.tz), "most": cards}
    counts = _counts(look)
    active = f"SELECT count(*) FROM (SELECT 1 FROM orders o WHERE {_ACTIVE} LIMIT {COUNTED + 1}) counted"  # noqa: S608 - as above
    counts["active"] = look.tx.execute(sa.text(active), values).scalar_one()
    found = {name: _cards(look, name, values) if counts.get(name) else () for name in COLUMNS}
    many = {name: min(counts.get(name, 0), COUNTED) for name in COLUMNS}
    return tuple(
        StageColumn(name, many[name], counts.get(name, 0) <= COUNTED, found[name], filters)
        for name, filters in COLUMNS.items()
    )


def _cards(look: Look, name: str, values: Mapping[str, Any]) -> tuple[CardRow, ...]:
    """The first of a column: who has waited longest, and of what is done the latest."""
    where, order = _ACTIVE, "o.closed_at DESC"
    if name != "active":
        where, order = f"{_STATES[name]} AND {STAGES.sql} = '{name}'", "o.submitted_at"
    first = f"SELECT o.* FROM orders o WHERE {where} ORDER BY {order}, o.id LIMIT :most"  # noqa: S608 - as above
    picked = f"SELECT o.*, row_number() OVER (ORDER BY {order}, o.id) AS place FROM ({first}) AS o"  # noqa: S608 - as above
    rows = look.tx.execute(sa.text(_CARDS.format(picked=picked)), values).all()
    why = {one.delivery_id: one for one in queue.rows_of(look, [row.delivery_id for row in rows if row.delivery_id])}
    return tuple(_card(look, row, why) for row in rows)


def _card(look: Look, row: Any, why: Mapping[UUID, queue.QueueRow]) -> CardRow:
    return CardRow(
        code=row.code,
        kind=row.kind,
        customer=row.customer,
        address=row.address,
        plan_name=row.plan_name or "",
        since=row.since,
        waits=_waits(look, row, why.get(row.delivery_id)),
        claimed=row.claimed,
        decides=row.state == "submitted" and row.kind == "new_line",
    )


def _waits(look: Look, row: Any, standing: queue.QueueRow | None) -> str:
    """What is in the way of an order, the nearest first."""
    if row.state == "completed":
        return ""
    if row.claimed:
        return say("Same e-mail as a customer: ask whether it is them.")
    if row.state == "submitted":
        if not row.serviceable:
            return say("No splitter is recorded for the address.")
        return _not_before(look, row.wanted_on)
    if row.visit_state == "missed":
        return say("Visit could not be done: {why}.", why=again(row.result) if row.result else say("no reason given"))
    if standing is not None and standing.standing == "failed":
        return say("{step}: {why}", step=standing.step, why=standing.why) if standing.step else standing.why
    if row.visit_state in ("booked", "started"):
        local = row.starts.astimezone(look.settings.company.tz)
        return say("Visit on {when:%a %-d %b, %H:%M}, {who}.", when=local, who=row.engineer or say("nobody yet"))
    return _sentence(standing.why) if standing is not None else (row.reason or _not_before(look, row.wanted_on))


def _not_before(look: Look, day: date | None) -> str:
    return say("Not before {day:%a %-d %b}.", day=day) if day is not None and day > look.today else ""


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
