"""What dispatchers do with visits: give them to another engineer, and another time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from isp_lifecycle.customers import actions as customers
from isp_lifecycle.events import deliveries
from isp_lifecycle.events.model import DeliveryState
from isp_lifecycle.events.views import state_of, trace_of
from isp_lifecycle.events.vocabulary import VisitBooked
from isp_lifecycle.field import actions as field
from isp_lifecycle.field.errors import EngineerTaken
from isp_lifecycle.field.model import Engineer, Visit, VisitState, WorkingHours
from isp_lifecycle.foundation.errors import IllegalMove
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.intake.errors import MoveAgainstRules, MovedMeanwhile, TimeTaken
from isp_lifecycle.notices import actions as notices
from isp_lifecycle.notices.model import Level
from isp_lifecycle.orders import actions as orders
from isp_lifecycle.support import actions as support
from isp_lifecycle.support.model import TaskState

#: The installer may be late by so much before somebody is told; as when it was first booked.
GRACE = timedelta(hours=2)
#: A customer is told of a new time so long after the first move, of the time as it stands then: dispatchers try things.
TOLD_AFTER = timedelta(minutes=10)

_WILL_BE_TOLD = """
    SELECT 1 FROM events e JOIN deliveries d ON d.event_id = e.id
    WHERE e.kind = 'VisitBooked' AND e.payload->>'visit_id' = :visit AND d.subscriber = 'mail' AND d.state = 'scheduled'
"""


@dataclass(frozen=True)
class Moved:
    """Where a visit is now, and where it was: what an undo needs. UTC."""

    visit_code: str
    engineer: str
    engineer_name: str
    starts: datetime
    from_engineer: str
    from_starts: datetime


@enters("visit.move")
def move_visit(
    act: Act, *, visit_code: str, engineer: str, starts: datetime, reason: str = "", was: datetime | None = None
) -> Moved:
    """Give a booked visit to an engineer (by user name) at a time; the engineers concerned and the customer are told.

    Nobody can be in two places: raises TimeTaken. Outside working hours, or in an area that is not the engineer's, it
    goes with a ``reason`` only: raises MoveAgainstRules. ``was`` is where the one who moves it saw it: MovedMeanwhile.
    """
    visit = field.visit_by_code(tx=act.tx, code=visit_code)
    act.about("visit", visit.code)
    act.trace = trace_of(tx=act.tx, delivery_id=visit.delivery_id)
    if visit.state is not VisitState.BOOKED:
        raise IllegalMove("visit", visit.code, visit.state, "moved")
    if was is not None and was != visit.during.start:
        raise MovedMeanwhile(visit.code)
    to = field.engineer_by_username(tx=act.tx, username=engineer)
    before = field.engineer_by_id(tx=act.tx, engineer_id=visit.engineer_id) if visit.engineer_id else None
    broken = tuple(_rules_broken(act, visit, to, starts))
    if broken and not reason.strip():
        raise MoveAgainstRules(visit.code, broken)
    try:
        moved = field.reschedule_visit(tx=act.tx, visit_id=visit.id, engineer_id=to.id, start=starts)
    except EngineerTaken as taken:
        raise TimeTaken(to.name, *_in_the_way(act, visit, to, starts)) from taken
    _follow(act, moved, to)
    _tell(act, visit, moved, before, to)
    name = before.name if before else "nobody"
    act.changed("Visit", f"{name}, {visit.during.start:%Y-%m-%d %H:%M} UTC", f"{to.name}, {starts:%Y-%m-%d %H:%M} UTC")
    return Moved(
        visit.code, to.username, to.name, moved.during.start, before.username if before else "", visit.during.start
    )


def _rules_broken(act: Act, visit: Visit, to: Engineer, starts: datetime) -> Iterator[str]:
    hours, zone = WorkingHours(), act.settings.company.tz
    start, end = starts.astimezone(zone), (starts + visit.during.length).astimezone(zone)
    if starts < act.at:
        yield say("it lies in the past")
    if start.weekday() not in hours.weekdays or start.date() in hours.closed_on:
        yield say("it is no working day")
    elif start.time() < hours.opens or end.time() > hours.closes or end.date() != start.date():
        yield say(
            "it is outside working hours ({opens:%H:%M} to {closes:%H:%M})", opens=hours.opens, closes=hours.closes
        )
    order = orders.order_by_id(tx=act.tx, order_id=visit.order_id)
    area = customers.premises_by_id(tx=act.tx, premises_id=order.premises_id).area
    if to.area is not None and area != to.area:
        yield say(
            "{name} goes to {area}, and this is in {other}", name=to.name, area=to.area, other=area or say("no area")
        )


def _in_the_way(act: Act, visit: Visit, to: Engineer, starts: datetime) -> tuple[str, str]:
    """The code of what the engineer has then, and its hours on the wall."""
    zone, end = act.settings.company.tz, starts + visit.during.length
    for other in field.visits_between(tx=act.tx, start=starts, end=end):
        if other.engineer_id == to.id and other.id != visit.id:
            start, ends = other.during.start.astimezone(zone), other.during.end.astimezone(zone)
            return other.code, f"{start:%H:%M} to {ends:%H:%M}"
    return say("another visit"), f"{starts.astimezone(zone):%H:%M} to {end.astimezone(zone):%H:%M}"


def _follow(act: Act, moved: Visit, to: Engineer) -> None:
    """The engineer's task and what waits for the visit go along with it."""
    for task in support.tasks_of(tx=act.tx, delivery_id=moved.delivery_id):
        if task.state is TaskState.OPEN and task.kind == "install":
            support.assign_task(tx=act.tx, task_id=task.id, assignee=to.username, due_at=moved.during.end)
    state, _ = state_of(tx=act.tx, delivery_id=moved.delivery_id)
    if state is DeliveryState.WAITING:
        deliveries.expect_by(tx=act.tx, delivery_id=moved.delivery_id, deadline=moved.during.end + GRACE)


def _tell(act: Act, visit: Visit, moved: Visit, before: Engineer | None, to: Engineer) -> None:
    zone = act.settings.company.tz
    when = f"{moved.during.start.astimezone(zone):%a %d %b %H:%M}"
    gone = before is not None and before.id != to.id
    if gone and before is not None:
        _notify(
            act,
            moved,
            before.username,
            say("{code} is not yours any more: {name} goes there.", code=visit.code, name=to.name),
        )
    if before is None or gone or moved.during.start != visit.during.start:
        _notify(
            act,
            moved,
            to.username,
            say("{code} is yours, {when}: {address}.", code=visit.code, when=when, address=visit.address),
        )
    if moved.during.start != visit.during.start:
        order = orders.order_by_id(tx=act.tx, order_id=visit.order_id)
        if act.tx.execute(sa.text(_WILL_BE_TOLD), {"visit": str(visit.id)}).first() is None:
            event = VisitBooked(
                order_id=visit.order_id, customer_id=order.customer_id, service_id=visit.service_id, visit_id=visit.id
            )
            act.record(event, due_at=act.at + TOLD_AFTER, trace=act.trace)


def _notify(act: Act, moved: Visit, username: str, text: str) -> None:
    notices.notify(
        tx=act.tx,
        key=f"moved:{moved.id}:{username}:{act.at.isoformat()}",
        text=text,
        link=f"/visits?visit={moved.code}",
        level=Level.INFO,
        at=act.at,
        username=username,
    )
