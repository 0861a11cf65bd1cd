"""What people do with the engine: pause and resume, and say who is to see to what stands still."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.access import actions as access
from isp_lifecycle.access.model import Role, User
from isp_lifecycle.events import holds, lines
from isp_lifecycle.events.model import DeliveryState
from isp_lifecycle.events.store import deliveries
from isp_lifecycle.events.store import holds as held
from isp_lifecycle.events.subscriptions import TITLES
from isp_lifecycle.field import actions as field
from isp_lifecycle.field.model import VisitState
from isp_lifecycle.foundation.clock import instant_of
from isp_lifecycle.foundation.errors import IllegalMove, NotFound, Refused
from isp_lifecycle.foundation.pages import Thing, page_of
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.intake.errors import NotTheirs
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.notices import actions as notices
from isp_lifecycle.notices.model import Level
from isp_lifecycle.support import actions as support
from isp_lifecycle.support.model import UNSETTLED, Task, TaskState

#: What somebody must be allowed to who is given a failed delivery: they are to continue it.
MENDS = "delivery.retry"
LONGEST_REASON = 300


@enters("engine.pause")
def pause(act: Act, *, what: str, reason: str, since: str = "", until: str = "") -> UUID:
    """Begin nothing more of ``what`` until somebody resumes it, or for a stated time (an OLT's maintenance window).

    ``what`` is ``engine``, a subscriber (``crm``) or an OLT (``OLT-NORTH``); ``since`` and ``until`` are times on the
    company's wall clock, empty for now and for ever. Several may be on one thing: each is ended by itself.
    """
    key = key_of(act, what)
    act.about("pause", key)
    if not 1 <= len(reason.strip()) <= LONGEST_REASON:
        raise Refused(
            say("A reason of 1 to {longest_reason} characters is needed.", longest_reason=LONGEST_REASON),
            field="reason",
            value=reason[:80],
            remedy=say("Say in a few words why, for those who find their work standing."),
        )
    zone = act.settings.company.tz
    return holds.hold(
        tx=act.tx,
        key=key,
        reason=reason.strip(),
        by=act.actor.username,
        at=act.at,
        since=instant_of(since, zone=zone, field="since") if since.strip() else None,
        until=instant_of(until, zone=zone, field="until", late=True) if until.strip() else None,
    )


@enters("engine.pause")
def lift(act: Act, *, hold_id: UUID) -> None:
    """End one pause, or call a planned one off; what stood in line goes on at once."""
    act.about("pause", holds.lift(tx=act.tx, hold_id=hold_id))


@enters("engine.pause")
def resume(act: Act, *, what: str) -> int:
    """End every pause that is on ``what`` now, whoever made it; returns how many. Planned ones stay."""
    key = key_of(act, what)
    act.about("pause", key)
    found = act.tx.execute(
        sa.select(held.c.id).where(
            held.c.key == key, held.c.since <= act.at, sa.or_(held.c.until.is_(None), held.c.until > act.at)
        )
    ).scalars()
    ended = [holds.lift(tx=act.tx, hold_id=hold_id) for hold_id in found.all()]
    if not ended:
        raise Refused(
            say("{what} is not paused.", what=what),
            field="what",
            value=what,
            remedy=say("Look at the queue: it lists every pause."),
        )
    return len(ended)


@enters("task.assign")
def reassign(act: Act, *, delivery_id: UUID, username: str) -> User:
    """Give what failed, or waits for a person, to a named person; they are told, and the ticket's thread says so."""
    act.about_delivery(delivery_id)
    state = act.tx.execute(
        sa.select(deliveries.c.state).where(deliveries.c.id == delivery_id).with_for_update()
    ).scalar_one()
    user = access.user_by_username(tx=act.tx, username=username)
    if user is None:
        raise NotFound("account", username)
    if not user.active:
        raise NotTheirs(user.name, say("has left: the account is closed"))
    if state == DeliveryState.FAILED:
        _give_failed(act, delivery_id, user)
    elif state == DeliveryState.WAITING:
        _give_waiting(act, delivery_id, user)
    else:
        raise IllegalMove("delivery", delivery_id, state, say("somebody's: only what failed or waits is"))
    notices.notify(
        tx=act.tx,
        key=f"given:{delivery_id}:{user.username}:{act.at.isoformat()}",
        text=say("{name} has given you a delivery that failed.", name=act.actor.name)
        if state == DeliveryState.FAILED
        else say("{name} has given you a delivery that waits.", name=act.actor.name),
        link=page_of(Thing.DELIVERY, delivery_id),
        level=Level.WARNING,
        at=act.at,
        username=user.username,
    )
    return user


def key_of(act: Act, what: str) -> str:
    """The key in ``events.lines`` of what a person names; raises NotFound."""
    kind, _, name = what.strip().rpartition(":")
    if kind in ("", "engine") and name == lines.ENGINE:
        return lines.ENGINE
    if kind in ("", "subscriber") and name in TITLES:
        return lines.subscriber(name)
    if kind == "subscriber":
        raise NotFound("subscriber", name)
    return lines.olt(inventory.olt_by_name(tx=act.tx, name=name).name)


def _give_failed(act: Act, delivery_id: UUID, user: User) -> None:
    if MENDS not in user.permissions:
        raise NotTheirs(user.name, say("is {role} and may not continue a delivery", role=user.role_shown))
    for incident in support.incidents_of(tx=act.tx, delivery_id=delivery_id):
        if incident.closed_at is not None:
            continue
        ticket = support.ticket_of_incident(tx=act.tx, incident_id=incident.id)
        if ticket.state in UNSETTLED:
            support.assign_ticket(tx=act.tx, ticket_id=ticket.id, assignee=user.username)
            text = f"{act.actor.name} gave it to {user.name}."
            support.add_note(tx=act.tx, ticket_id=ticket.id, author=act.actor.username, text=text, at=act.at)


def _give_waiting(act: Act, delivery_id: UUID, user: User) -> None:
    for task in support.tasks_of(tx=act.tx, delivery_id=delivery_id):
        if task.state is TaskState.OPEN:
            if user.role not in (task.role, Role.ADMINISTRATOR):
                raise NotTheirs(
                    user.name, say("is {role}; it is a task for {wanted}", role=user.role, wanted=task.role)
                )
            _move_visit(act, task, user)
            support.assign_task(tx=act.tx, task_id=task.id, assignee=user.username)


def _move_visit(act: Act, task: Task, user: User) -> None:
    """A visit that is booked goes along with its task, at the same time; refused when the new engineer is not free."""
    visit = field.visit_of_delivery(tx=act.tx, delivery_id=task.delivery_id) if task.delivery_id else None
    if visit is not None and visit.state is VisitState.BOOKED:
        engineer = field.engineer_by_username(tx=act.tx, username=user.username)
        field.reschedule_visit(tx=act.tx, visit_id=visit.id, engineer_id=engineer.id, start=visit.during.start)
