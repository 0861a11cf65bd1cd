"""What will happen: every piece of work that lies ahead, when, for whom, who asked for it and why.

Dated orders, what is tried again, visits, changes of many services (one row each), and the charging of months. Pages
come out of SQL: the table may hold a month-end of any size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from isp_lifecycle.billing.model import MONTHS_CHARGED_AT, month_of
from isp_lifecycle.events.model import Direction
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.kept import again
from isp_lifecycle.foundation.pages import Thing, page_of
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.views.common import ADDRESS, step_name, title_of
from isp_lifecycle.views.window import Look, shows

#: Kinds of what lies ahead that are no subscriber of the registry.
RETRY, VISIT, BULK, MONTHS = "retry", "visit", "bulk", "months"
NAMES = {
    RETRY: say("Tried again"),
    VISIT: say("Visit"),
    BULK: say("Change of many services"),
    MONTHS: say("Monthly charges"),
}


@dataclass(frozen=True)
class DueRow:
    """One thing that will happen. ``key`` names it for moving and cancelling.

    ``day`` is the agreed day of a dated order: of a termination the last day of service, which ends when it is over.
    """

    key: str
    kind: str
    title: str
    what: str
    due_at: datetime
    day: date | None
    number: int
    customer: str | None
    service_code: str | None
    order_code: str | None
    address: str | None
    area: str | None
    olt: str | None
    asked_by: str
    asked_at: datetime | None
    why: str
    link: str
    can_move: bool
    can_try: bool
    can_cancel: bool


@dataclass(frozen=True)
class DuePage:
    """One page of it, how many there are in all, and how many of each kind with the other filters as they are."""

    rows: tuple[DueRow, ...]
    total: int
    by_kind: Mapping[str, int]


@dataclass(frozen=True)
class Places:
    """What one may filter by."""

    areas: tuple[str, ...]
    olts: tuple[str, ...]


_DELIVERIES = """
    SELECT CASE WHEN d.failure IS NOT NULL OR d.outline_id IS NOT NULL OR d.direction = 'backward' THEN 'retry'
                ELSE d.subscriber END AS kind,
           d.id, NULL AS code, d.due_at, 1 AS number, d.service_id, e.order_id, e.customer_id, e.actor AS asked_by,
           e.recorded_at AS asked_at
    FROM deliveries d JOIN events e ON e.id = d.event_id
    WHERE d.state = 'scheduled' AND (NOT :folded OR d.failure IS NOT NULL
          OR NOT EXISTS (SELECT 1 FROM bulk_items i WHERE i.delivery_id = d.id))
"""
_BULKS = """
    SELECT 'bulk', b.id, b.code, min(d.due_at), count(*)::int, NULL, NULL, NULL, b.asked_by, b.asked_at
    FROM bulk_changes b JOIN bulk_items i ON i.bulk_id = b.id JOIN deliveries d ON d.id = i.delivery_id
    WHERE :folded AND b.state IN ('approved', 'written') AND d.state = 'scheduled' AND d.failure IS NULL GROUP BY b.id
"""
_VISITS = """
    SELECT 'visit', v.id, v.code, lower(v.during), 1, v.service_id, v.order_id,
           (SELECT o.customer_id FROM orders o WHERE o.id = v.order_id), 'engine', v.created_at
    FROM visits v WHERE v.state = 'booked' AND upper(v.during) > :now AND :visits
"""
_MONTHS = """
    SELECT 'months', NULL, CAST(:months_key AS text), CAST(:months_at AS timestamptz), count(*)::int, NULL, NULL, NULL,
           'calendar', NULL
    FROM services s WHERE s.state = 'active' AND :folded HAVING count(*) > 0
"""
_FOUND = f"""
    WITH ahead AS MATERIALIZED ({_DELIVERIES} UNION ALL {_BULKS} UNION ALL {_VISITS} UNION ALL {_MONTHS}),
    placed AS (
        SELECT a.*, s.code AS service_code, s.terms->>'plan_name' AS plan_name, s.premises_id, t.name AS olt
        FROM ahead a LEFT JOIN services s ON s.id = a.service_id
        LEFT JOIN lines l ON l.service_id = a.service_id LEFT JOIN olts t ON t.id = l.olt_id
    ), found AS (
        SELECT a.*, o.code AS order_code, o.kind AS order_kind, o.terms AS order_terms, o.wanted_on, o.channel, o.note,
               c.name AS customer, p.area, p.id AS at_premises
        FROM placed a LEFT JOIN orders o ON o.id = a.order_id LEFT JOIN customers c ON c.id = a.customer_id
        LEFT JOIN premises p ON p.id = coalesce(a.premises_id, o.premises_id)
        WHERE (CAST(:since AS timestamptz) IS NULL OR a.due_at >= :since)
          AND (CAST(:until AS timestamptz) IS NULL OR a.due_at < :until)
          AND (:text = '' OR a.code = :text OR a.service_code ILIKE :like OR o.code ILIKE :like OR c.name ILIKE :like)
          AND (CAST(:area AS text) IS NULL OR p.area = :area) AND (CAST(:olt AS text) IS NULL OR a.olt = :olt)
    )
"""  # noqa: S608 - the fragments are constants of this module
_COUNT = sa.text(_FOUND + "SELECT kind, count(*) FROM found GROUP BY kind")  # noqa: S608 - constants of this module
_SHOWN = f"""
    , page AS (SELECT * FROM found WHERE {{which}} ORDER BY due_at, kind, id LIMIT :limit OFFSET :offset)
    SELECT f.*, d.subscriber, d.failure, u.steps AS outline, d.position, d.direction, d.attempt,
           CASE WHEN p.id IS NULL THEN NULL ELSE {ADDRESS} END AS address, b.reason AS bulk_reason,
           b.terms->>'plan_name' AS bulk_plan
    FROM page f LEFT JOIN deliveries d ON d.id = f.id LEFT JOIN outlines u ON u.id = d.outline_id
    LEFT JOIN premises p ON p.id = f.at_premises
    LEFT JOIN bulk_changes b ON b.id = f.id ORDER BY f.due_at, f.kind, f.id
"""  # noqa: S608 - the fragment is a constant of this package
_PAGE = sa.text(_FOUND + _SHOWN.format(which=":every OR kind = ANY(:kinds)"))
_ONE = sa.text(_FOUND + _SHOWN.format(which=":key IN (code, order_code, CAST(id AS text))"))


@shows("due.read")
def due(
    look: Look,
    *,
    kinds: Sequence[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    text: str = "",
    area: str | None = None,
    olt: str | None = None,
    limit: int = 20,
    offset: int = 0,
) -> DuePage:
    """What will happen, the next first.

    ``kinds`` are subscribers, or one of this module's; ``text`` is part of a customer's name or of the number of a
    service or an order. A change of many services is one row until somebody searches for a text, area or OLT.
    """
    searched = bool(text.strip() or area or olt)
    values = {
        **_values(look, folded=not searched),
        "since": since,
        "until": until,
        "text": text.strip(),
        "like": f"%{_escaped(text.strip())}%",
        "area": area,
        "olt": olt,
    }
    by_kind: dict[str, int] = {row[0]: row[1] for row in look.tx.execute(_COUNT, values)}
    page = {"every": not kinds, "kinds": list(kinds), "limit": min(limit, 500), "offset": offset}
    rows = tuple(_row(look, r) for r in look.tx.execute(_PAGE, {**values, **page}))
    total = sum(count for kind, count in by_kind.items() if not kinds or kind in kinds)
    return DuePage(rows, total, by_kind)


@shows("due.read")
def one(look: Look, *, key: str) -> DueRow:
    """One thing that lies ahead, by its key; raises NotFound when it does not any more."""
    for folded in (True, False):
        values = {**_values(look, folded=folded), "key": key, "limit": 1, "offset": 0}
        found = look.tx.execute(_ONE, values).first()
        if found is not None:
            return _row(look, found)
    raise NotFound("work ahead", key)


@shows("due.read")
def places(look: Look) -> Places:
    """The areas and OLTs there are."""
    areas = look.tx.execute(sa.text("SELECT DISTINCT area FROM premises ORDER BY 1")).scalars()
    olts = look.tx.execute(sa.text("SELECT name FROM olts ORDER BY 1")).scalars()
    return Places(tuple(areas), tuple(olts))


def _values(look: Look, *, folded: bool) -> dict[str, Any]:
    """Everything that lies ahead; ``folded`` shows a change of many services as one row."""
    nothing = dict.fromkeys(("since", "until", "area", "olt"))
    seen = {"folded": folded, "visits": look.actor.may("visit.read_all"), "now": look.at, "text": "", "like": ""}
    return {**nothing, **seen, **_months(look)}


def kind_name(kind: str) -> str:
    """A kind as people read it."""
    return NAMES.get(kind) or title_of(kind)


def _months(look: Look) -> dict[str, Any]:
    """When months are charged next: in the first night of the next month."""
    first = month_of(look.today).last.toordinal() + 1
    day = date.fromordinal(first)
    at = datetime.combine(day, time(MONTHS_CHARGED_AT), tzinfo=look.settings.company.tz)
    return {"months_key": f"months-{day:%Y-%m}", "months_at": at}


def _row(look: Look, r: Any) -> DueRow:
    begun = r.kind == RETRY
    dated = not begun and r.id is not None and r.wanted_on is not None and r.kind not in {VISIT, BULK}
    back = begun and r.direction == str(Direction.BACKWARD)
    actor = look.actor
    return DueRow(
        key=r.code or (r.order_code if dated else str(r.id)),
        kind=r.kind,
        title=title_of(r.subscriber) if r.subscriber else NAMES[r.kind],
        what=_what(r),
        due_at=r.due_at,
        day=r.wanted_on if dated else None,
        number=r.number,
        customer=r.customer,
        service_code=r.service_code,
        order_code=r.order_code,
        address=r.address,
        area=r.area,
        olt=r.olt,
        asked_by=say("calendar") if r.asked_by == "calendar" else r.asked_by,
        asked_at=r.asked_at,
        why=_why(r),
        link=_link(r),
        can_move=dated and actor.may("due.move"),
        can_try=begun and not back and actor.may("delivery.retry"),
        can_cancel=dated and actor.may("due.cancel"),
    )


def _what(r: Any) -> str:
    """What will happen, in a few words."""
    if r.kind == RETRY:
        step = again((r.failure or {}).get("step") or "") or step_name(r.outline, r.position)
        if r.direction == str(Direction.BACKWARD):
            return say("Undoing {number}: {step}", number=r.attempt, step=step)
        return say("Attempt {number}: {step}", number=r.attempt, step=step)
    if r.kind == MONTHS:
        return say("{number} services are charged for the month", number=r.number)
    if r.kind == BULK:
        return say("{number} services go to {plan}", number=r.number, plan=r.bulk_plan)
    terms = r.order_terms or {}
    if r.order_kind == "plan_change":
        return say("{before} becomes {after}", before=r.plan_name, after=terms.get("plan_name"))
    if r.order_kind == "termination" and r.wanted_on is not None:
        return say("{plan} ends; its last day is {day:%d %b %Y}", plan=r.plan_name, day=r.wanted_on)
    return str(terms.get("plan_name") or "")


def _why(r: Any) -> str:
    """Why it will happen: what failed before, what was noted, or how it was asked for."""
    if r.kind == RETRY:
        return again(str((r.failure or {}).get("what", "")))
    if r.kind == BULK:
        return str(r.bulk_reason)
    if r.kind == MONTHS:
        return say("Months are charged in advance.")
    return r.note or (say("Asked for by {channel}.", channel=r.channel) if r.channel else "")


def _link(r: Any) -> str:
    """The page on which it stands."""
    if r.kind == BULK:
        return page_of(Thing.BULK, r.code)
    if r.kind == RETRY:
        return page_of(Thing.DELIVERY, r.id)
    return page_of(Thing.ORDER, r.order_code) if r.order_code else ""


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
