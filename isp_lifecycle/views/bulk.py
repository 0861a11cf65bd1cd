"""Changes of many services: what would happen, how far it is, and what became of each service."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from isp_lifecycle.bulk import actions as changes
from isp_lifecycle.bulk.model import BadRow, Bulk, BulkState, selection_of
from isp_lifecycle.events import lines
from isp_lifecycle.foundation.clock import start_of
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.views.window import Look, shows

#: The rate is counted over this span, so that it follows what happens now.
RATE_OVER = timedelta(minutes=10)


@dataclass(frozen=True)
class BulkRow:
    """A change in the list; ``changes`` are the services that it covers without those left out."""

    code: str
    state: str
    selection: str
    plan_name: str
    wanted_on: date
    asked_by: str
    asked_at: datetime
    changes: int
    done: int
    failed: int


@dataclass(frozen=True)
class PriceRow:
    """Services that come from one plan at one price, and what the change makes a month for all of them."""

    old_plan: str
    old_price: Money
    services: int
    difference: Money
    sum: Money


@dataclass(frozen=True)
class OltRow:
    """The work on one OLT. ``seconds`` is its own time for all, by what such changes took; None: none was measured."""

    olt: str
    services: int
    each_seconds: float | None
    seconds: float | None


@dataclass(frozen=True)
class LeftOutRow:
    """Why services are left out, and how many."""

    why: str
    services: int


@dataclass(frozen=True)
class Progress:
    """How far it is. ``left`` has not begun; ``per_minute`` and ``ready_at`` are None while nothing goes on."""

    total: int
    unwritten: int
    left: int
    running: int
    tried_again: int
    failed: int
    done: int
    cancelled: int
    per_minute: float | None
    ready_at: datetime | None

    @property
    def share(self) -> float:
        """The part that has come to an end, 0 to 1."""
        return (self.done + self.cancelled) / self.total if self.total else 1.0


@dataclass(frozen=True)
class PausedRow:
    """By whom, when and why it was paused."""

    by: str
    since: datetime
    reason: str


@dataclass(frozen=True)
class BulkDetail:
    """One change with everything that a second person, or somebody who watches it, needs."""

    code: str
    state: str
    selection: str
    plan_name: str
    price: Money
    wanted_on: date
    reason: str
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    closed_by: str | None
    closed_at: datetime | None
    outcome: str | None
    sum: Money
    prices: tuple[PriceRow, ...]
    olts: tuple[OltRow, ...]
    left_out: tuple[LeftOutRow, ...]
    bad_rows: tuple[BadRow, ...]
    progress: Progress
    paused: PausedRow | None
    can_approve: bool
    can_reject: bool
    can_steer: bool


@dataclass(frozen=True)
class ItemRow:
    """One service of a change: where it stands, and why where that is not as wished."""

    service_code: str
    customer: str
    olt: str
    old_plan: str
    state: str
    why: str
    order_code: str | None
    delivery_id: str | None
    finished_at: datetime | None


@dataclass(frozen=True)
class ItemPage:
    """One page of the services of a change."""

    rows: tuple[ItemRow, ...]
    total: int


_STATE = """
    CASE WHEN i.conflict IS NOT NULL THEN 'left out' WHEN i.order_id IS NULL THEN 'not written'
         WHEN d.state = 'scheduled' AND d.failure IS NOT NULL THEN 'tried again' ELSE d.state END
"""
_LIST = """
    SELECT b.code, b.state, b.selection, b.terms->>'plan_name' AS plan_name, b.wanted_on, b.asked_by, b.asked_at,
           n.changes, n.done, n.failed
    FROM (SELECT * FROM bulk_changes ORDER BY asked_at DESC LIMIT :limit OFFSET :offset) b
    CROSS JOIN LATERAL (
        SELECT count(*) AS changes, count(*) FILTER (WHERE d.state = 'done') AS done,
               count(*) FILTER (WHERE d.state = 'failed') AS failed
        FROM bulk_items i LEFT JOIN deliveries d ON d.id = i.delivery_id
        WHERE i.bulk_id = b.id AND i.conflict IS NULL) n
    ORDER BY b.asked_at DESC
"""
_PRICES = """
    SELECT old_plan_name, old_price, count(*) AS services FROM bulk_items
    WHERE bulk_id = :bulk AND conflict IS NULL GROUP BY 1, 2 ORDER BY 3 DESC, 1
"""
_LEFT_OUT = """
    SELECT split_part(conflict, ':', 1) AS why, count(*) AS services FROM bulk_items
    WHERE bulk_id = :bulk AND conflict IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1
"""
#: What the last changes of this kind took of each OLT; where it never had one, what they took of all.
_OLTS = """
    WITH took AS (
        SELECT d."case"->>'olt' AS olt, sum(r.device_seconds) AS seconds
        FROM (SELECT id FROM orders WHERE kind = :kind AND state = 'completed' ORDER BY submitted_at DESC LIMIT 400) o
        JOIN events e ON e.order_id = o.id JOIN deliveries d ON d.event_id = e.id AND d.subscriber = :kind
        JOIN step_runs r ON r.delivery_id = d.id AND r.state = 'done' GROUP BY d.id
    ), usual AS (SELECT olt, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS seconds FROM took GROUP BY olt)
    SELECT i.olt, count(*) AS services, coalesce(min(u.seconds),
           (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) FROM took)) AS each_seconds
    FROM bulk_items i LEFT JOIN usual u ON u.olt = i.olt
    WHERE i.bulk_id = :bulk AND i.conflict IS NULL GROUP BY i.olt ORDER BY 2 DESC, 1
"""
_PROGRESS = f"""
    SELECT {_STATE} AS state, count(*) AS services,
           count(*) FILTER (WHERE d.state = 'done' AND d.finished_at > :since) AS lately,
           min(d.finished_at) FILTER (WHERE d.state = 'done' AND d.finished_at > :since) AS first_lately
    FROM bulk_items i LEFT JOIN deliveries d ON d.id = i.delivery_id WHERE i.bulk_id = :bulk GROUP BY 1
"""  # noqa: S608 - the fragment is a constant of this module
_ITEMS = f"""
    SELECT i.number, i.service_code, c.name AS customer, i.olt, i.old_plan_name, {_STATE} AS state, d.finished_at,
           coalesce(i.conflict, d.failure->>'what', '') AS why, o.code AS order_code, i.delivery_id,
           count(*) OVER () AS total
    FROM bulk_items i JOIN customers c ON c.id = i.customer_id LEFT JOIN orders o ON o.id = i.order_id
    LEFT JOIN deliveries d ON d.id = i.delivery_id
    WHERE i.bulk_id = :bulk AND (CAST(:only AS text) IS NULL OR {_STATE} = :only)
    ORDER BY i.number LIMIT :limit OFFSET :offset
"""  # noqa: S608 - the fragment is a constant of this module


@shows("bulk.read")
def bulks(look: Look, *, limit: int = 20, offset: int = 0) -> tuple[tuple[BulkRow, ...], int]:
    """Changes of many services, the newest first, and how many there are."""
    total: int = look.tx.execute(sa.text("SELECT count(*) FROM bulk_changes")).scalar_one()
    rows = look.tx.execute(sa.text(_LIST), {"limit": min(limit, 100), "offset": offset}).mappings()
    return tuple(BulkRow(**{**row, "selection": selection_of(row["selection"]).words()}) for row in rows), total


@shows("bulk.read")
def bulk(look: Look, *, code: str) -> BulkDetail:
    """One change: its preview, as it was prepared, and how far it is."""
    one = changes.bulk_by_code(tx=look.tx, code=code)
    currency = one.terms.price.currency
    prices = tuple(_price(r, one.terms.price) for r in look.tx.execute(sa.text(_PRICES), {"bulk": one.id}))
    progress, paused = _progress(look, one), _paused(look, one)
    proposed, steers = one.state is BulkState.PROPOSED, one.state in {BulkState.APPROVED, BulkState.WRITTEN}
    actor = look.actor
    return BulkDetail(
        code=one.code,
        state=str(one.state),
        selection=one.selection.words(),
        plan_name=one.terms.plan_name,
        price=one.terms.price,
        wanted_on=one.wanted_on,
        reason=one.reason,
        asked_by=one.asked_by,
        asked_at=one.asked_at,
        decided_by=one.decided_by,
        decided_at=one.decided_at,
        closed_by=one.closed_by,
        closed_at=one.closed_at,
        outcome=one.outcome,
        sum=sum((row.sum for row in prices), start=Money(Decimal(0), currency)),
        prices=prices,
        olts=tuple(
            OltRow(r.olt or "", r.services, r.each_seconds, r.each_seconds and r.each_seconds * r.services)
            for r in look.tx.execute(sa.text(_OLTS), {"bulk": one.id, "kind": one.kind})
        ),
        left_out=tuple(LeftOutRow(r.why, r.services) for r in look.tx.execute(sa.text(_LEFT_OUT), {"bulk": one.id})),
        bad_rows=one.bad_rows,
        progress=progress,
        paused=paused,
        can_approve=proposed and actor.may("bulk.approve") and actor.username != one.asked_by,
        can_reject=proposed and (actor.may("bulk.approve") or actor.may("bulk.propose")),
        can_steer=steers and actor.may("bulk.steer") and progress.done + progress.cancelled < progress.total,
    )


@shows("bulk.read")
def items(look: Look, *, code: str, only: str | None = None, limit: int = 20, offset: int = 0) -> ItemPage:
    """The services of a change, of all states or of one: left out, not written, scheduled, failed, done ..."""
    return _items(look, code, only, limit=min(limit, 500), offset=offset)


@shows("bulk.read")
def report(look: Look, *, code: str, only: str | None = None) -> str:
    """What became of each service, as CSV with a heading, for a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("service", "customer", "olt", "old_plan", "state", "why", "order", "finished_at"))
    for row in _items(look, code, only, limit=None, offset=0).rows:
        finished = row.finished_at.isoformat() if row.finished_at else ""
        cells = (row.service_code, row.customer, row.olt, row.old_plan, row.state, row.why, row.order_code, finished)
        writer.writerow([_harmless(cell or "") for cell in cells])
    return out.getvalue()


def _harmless(cell: str) -> str:
    """A spreadsheet takes a cell that begins so for a formula, and a customer's name is whatever somebody typed."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _items(look: Look, code: str, only: str | None, *, limit: int | None, offset: int) -> ItemPage:
    one = changes.bulk_by_code(tx=look.tx, code=code)
    found = look.tx.execute(sa.text(_ITEMS), {"bulk": one.id, "only": only, "limit": limit, "offset": offset}).all()
    return ItemPage(tuple(_item(r) for r in found), found[0].total if found else 0)


def _item(r: Any) -> ItemRow:
    return ItemRow(
        service_code=r.service_code,
        customer=r.customer,
        olt=r.olt or "",
        old_plan=r.old_plan_name,
        state=r.state,
        why=r.why,
        order_code=r.order_code,
        delivery_id=str(r.delivery_id) if r.delivery_id else None,
        finished_at=r.finished_at,
    )


def _price(r: Any, new: Money) -> PriceRow:
    old = Money(r.old_price, new.currency).rounded()
    return PriceRow(r.old_plan_name, old, r.services, (new - old).rounded(), ((new - old) * r.services).rounded())


def _progress(look: Look, one: Bulk) -> Progress:
    rows = {
        r.state: r
        for r in look.tx.execute(sa.text(_PROGRESS), {"bulk": one.id, "since": look.at - RATE_OVER})
        if r.state != "left out"
    }
    count = {state: row.services for state, row in rows.items()}
    lately = rows["done"].lately if "done" in rows else 0
    per_minute = ready_at = None
    left = count.get("scheduled", 0) + count.get("queued", 0)
    if lately and left:
        minutes = max((look.at - rows["done"].first_lately).total_seconds() / 60, 0.1)
        per_minute = lately / minutes
        ready_at = look.at + timedelta(minutes=left / per_minute)
    return Progress(
        total=sum(count.values()),
        unwritten=count.get("not written", 0),
        left=left,
        running=count.get("running", 0) + count.get("waiting", 0),
        tried_again=count.get("tried again", 0),
        failed=count.get("failed", 0),
        done=count.get("done", 0),
        cancelled=count.get("cancelled", 0),
        per_minute=per_minute,
        ready_at=max(ready_at, start_of(one.wanted_on, zone=look.settings.company.tz)) if ready_at else None,
    )


def _paused(look: Look, one: Bulk) -> PausedRow | None:
    row = look.tx.execute(
        sa.text("SELECT held_by, since, reason FROM holds WHERE key = :key ORDER BY since LIMIT 1"),
        {"key": lines.bulk(one.id)},
    ).one_or_none()
    return PausedRow(row.held_by, row.since, row.reason) if row else None
