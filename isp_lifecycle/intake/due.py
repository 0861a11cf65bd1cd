"""What lies ahead, put on another day or taken back before it begins; and what is tried again, tried sooner or later.

A dated order moves with its delivery and keeps its rule: a termination begins when its last day is over, all else when
its day begins. What has begun goes to its end, or is given up on the support page, where one sees what is undone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.events import deliveries
from isp_lifecycle.events.model import Direction
from isp_lifecycle.events.subscriptions import TITLES
from isp_lifecycle.events.vocabulary import OrderRescheduled, OrderWithdrawn
from isp_lifecycle.foundation.clock import start_of
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.intake.errors import DateFixed, NothingAhead, RetryTooLate
from isp_lifecycle.intake.portal import check_date
from isp_lifecycle.orders import actions as orders

#: So long may a repeat be put off by hand.
LONGEST_WAIT = timedelta(days=1)

_FIND = """
    SELECT d.id, d.subscriber, d.due_at, d.direction, d.failure IS NOT NULL OR d.outline_id IS NOT NULL AS begun,
           e.order_id, e.customer_id, e.service_id, o.code AS order_code, o.wanted_on
    FROM deliveries d JOIN events e ON e.id = d.event_id LEFT JOIN orders o ON o.id = e.order_id
    WHERE {which} AND d.state = 'scheduled' ORDER BY d.due_at LIMIT 1 FOR UPDATE OF d
"""
_BY_ID = sa.text(_FIND.format(which="d.id = :key"))
_BY_ORDER = sa.text(_FIND.format(which="e.order_id = (SELECT id FROM orders WHERE code = :key)"))


@dataclass(frozen=True)
class Moved:
    """What was moved: from when to when. ``order_code`` is empty for a repeat of something that is no order."""

    key: str
    order_code: str
    was_due_at: datetime
    due_at: datetime


@enters("due.move")
def move(act: Act, *, key: str, to: date, reason: str) -> Moved:
    """Put a dated order (its code, or its delivery's id) on another day; the customer and the CRM are told.

    Refused for what has begun, for visits and for the charging of months, each with the reason; and for a day in the
    past or too far ahead.
    """
    row = _ahead(act, key)
    _require_dated(row)
    check_date(act, to)
    why = _reason(reason)
    old: date = row.wanted_on
    due = _due(act, row, to)
    orders.reschedule(tx=act.tx, order_id=row.order_id, wanted_on=to)
    deliveries.move_due(tx=act.tx, delivery_id=row.id, due_at=due)
    act.about("order", row.order_code)
    act.changed("Agreed day", old, to)
    if to != old:
        act.record(OrderRescheduled(**_ids(row), old_on=old, new_on=to, reason=why), trace=row.order_id)
    return Moved(key, row.order_code, row.due_at, due)


@enters("due.cancel")
def cancel(act: Act, *, key: str, reason: str) -> None:
    """Take a dated order back before it begins: a worker cancels it, the service stays, customer and CRM are told."""
    row = _ahead(act, key)
    _require_dated(row)
    why = _reason(reason)
    deliveries.cancel(tx=act.tx, delivery_id=row.id, now=act.at)
    act.about("order", row.order_code)
    act.record(OrderWithdrawn(**_ids(row), reason=why), trace=row.order_id)


@enters("delivery.retry")
def try_at(act: Act, *, key: str, at: datetime | None = None) -> Moved:
    """Try again at an instant what waits for its repeat, now unless one is given; put off by a day at most."""
    row = _ahead(act, key)
    title = _title(row)
    if not row.begun:
        why = say("it happens at the beginning of its day")
        raise DateFixed(_of(title, row.order_code or key), why, say("Move it to another day instead."))
    wanted = max(at or act.at, act.at)
    if wanted > act.at + LONGEST_WAIT:
        raise RetryTooLate(wanted, act.at + LONGEST_WAIT)
    deliveries.move_due(tx=act.tx, delivery_id=row.id, due_at=wanted)
    act.about("delivery", row.id)
    return Moved(key, row.order_code or "", row.due_at, wanted)


def _ahead(act: Act, key: str) -> Any:
    """The scheduled delivery that is meant, locked; raises NothingAhead, and DateFixed for what is no delivery."""
    if key.startswith("V-"):
        why = say("a visit has its place in an engineer's day")
        raise DateFixed(
            say("Visit {code}", code=key), why, say("Ask the dispatcher, who sees who is free, to move or call it off.")
        )
    if key.startswith("months-"):
        why = say("months are charged on the first day that is not charged yet")
        raise DateFixed(
            say("Charging"), why, say("End or suspend the service, or change its plan; the charges follow.")
        )
    try:
        found = act.tx.execute(_BY_ID, {"key": UUID(key)}).one_or_none()
    except ValueError:
        found = act.tx.execute(_BY_ORDER, {"key": key}).one_or_none()
    if found is None:
        raise NothingAhead(key)
    return found


def _require_dated(row: Any) -> None:
    """Refuse, with the reason, what is not an order that waits for its day."""
    what = _of(_title(row), row.order_code) if row.order_code else _title(row)
    if row.direction == str(Direction.BACKWARD):
        raise DateFixed(what, say("it is being taken back"), say("Wait until that is done."))
    if row.begun:
        remedy = say(
            "Try it sooner or later as a repeat, or cancel it on the page Needs attention, which shows what is undone."
        )
        raise DateFixed(what, say("it has begun and is tried again by itself"), remedy)
    if row.wanted_on is None:
        raise DateFixed(what, say("nobody agreed a day for it"), say("It happens at its time by itself."))


def _due(act: Act, row: Any, to: date) -> datetime:
    """When it begins on another day: as many days after the agreed one as before, at once when that is today."""
    zone = act.settings.company.tz
    if to == act.today:
        return act.at
    after: timedelta = row.due_at.astimezone(zone).date() - row.wanted_on
    return start_of(to + max(after, timedelta()), zone=zone)


def _reason(text: str) -> str:
    if not text.strip():
        raise Refused(
            say("A reason is needed."), field="reason", value="", remedy=say("Say why in a few words: it is kept.")
        )
    return text.strip()[:500]


def _ids(row: Any) -> dict[str, UUID]:
    return {"order_id": row.order_id, "customer_id": row.customer_id, "service_id": row.service_id}


def _of(what: str, order_code: str) -> str:
    return say("{what} of {order_code}", what=what, order_code=order_code)


def _title(row: Any) -> str:
    return TITLES.get(str(row.subscriber), str(row.subscriber))
