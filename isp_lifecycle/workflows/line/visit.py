"""An engineer's visit within a workflow: booked, waited for, called off, done; the same for all that need one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from isp_lifecycle.drivers.contract import Serial
from isp_lifecycle.events.vocabulary import VisitBooked
from isp_lifecycle.field import actions as field
from isp_lifecycle.field.model import GAVE_UP
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.words import word
from isp_lifecycle.support import actions as support
from isp_lifecycle.workflows.steps import Asked, Did, Room

WAIT_FOR_INSTALLER = say("Wait for the installer")
#: The installer may be late by so much before somebody is told.
GRACE = timedelta(hours=2)


@dataclass(frozen=True, kw_only=True)
class Visited:
    """What a workflow with a visit knows of it: where it is, who comes, and the ONT that they named."""

    order_id: UUID
    customer_id: UUID
    service_id: UUID
    service_code: str
    area: str
    address_of_premises: str
    visit_id: UUID | None = None
    serial: str | None = None
    installer: str | None = None


def book[C: Visited](case: C, room: Room, *, task: str, instructions: str) -> Did[C]:
    """Book the first free installation engineer of the area and give them a task with a deadline."""
    zone = room.parts.settings.company.tz
    visit = field.book_first_free(
        tx=room.tx,
        delivery_id=room.delivery_id,
        service_id=case.service_id,
        order_id=case.order_id,
        area=case.area,
        address=case.address_of_premises,
        instructions=instructions,
        after=room.at,
        zone=zone,
        at=room.at,
    )
    engineer = field.engineer_by_id(tx=room.tx, engineer_id=visit.engineer_id) if visit.engineer_id else None
    support.open_task(
        tx=room.tx,
        kind="install",
        title=task,
        detail=visit.instructions,
        role="installer",
        at=room.at,
        delivery_id=room.delivery_id,
        service_id=case.service_id,
        assignee=engineer.username if engineer else None,
        due_at=visit.during.end,
    )
    room.record(
        VisitBooked(order_id=case.order_id, customer_id=case.customer_id, service_id=case.service_id, visit_id=visit.id)
    )
    when = visit.during.start.astimezone(zone)
    name = engineer.name if engineer else say("nobody yet")
    return Did(
        replace(case, visit_id=visit.id),
        say("Visit {code}: {name}, {when:%a %d %b %H:%M}.", code=visit.code, name=name, when=when),
    )


def call_off[C: Visited](case: C, room: Room, reason: str = "") -> Did[C]:
    """Cancel the visit and the engineer's task; without another reason, since the work was given up."""
    support.cancel_tasks(tx=room.tx, delivery_id=room.delivery_id, by=f"workflow:{room.workflow}", at=room.at)
    if case.visit_id is None:
        return Did(case, say("No visit was booked."))
    if given_up(case, room):
        return Did(case, say("The visit was given up already."))
    reason = reason or say("The {workflow} was cancelled.", workflow=word(room.workflow))
    visit = field.cancel_visit(tx=room.tx, visit_id=case.visit_id, reason=reason)
    return Did(case, say("Visit {code} is called off.", code=visit.code))


def given_up(case: Visited, room: Room) -> bool:
    """Whether the visit could not be done, or was called off."""
    return case.visit_id is not None and field.visit_by_id(tx=room.tx, visit_id=case.visit_id).state in GAVE_UP


def ask[C: Visited](case: C, room: Room) -> Asked[C]:
    """Park until the engineer on site names the ONT and presses Activate."""
    visit = field.visit_by_id(tx=room.tx, visit_id=case.visit_id) if case.visit_id else None
    return Asked(
        case, say("Waits for the engineer on site to press Activate."), visit.during.end + GRACE if visit else None
    )


def take_ahead[C: Visited](case: C, answer: dict[str, Any]) -> tuple[C, str]:
    """The ONT is known before anybody goes there: keep its serial number; the visit stays as it is booked."""
    serial = Serial.parse(str(answer["serial"]))
    return replace(case, serial=serial.normal), say(
        "{engineer} names ONT {serial} before it is plugged in.", engineer=answer["by"], serial=serial.display
    )


def arrive[C: Visited](case: C, answer: dict[str, Any], room: Room) -> tuple[C, str]:
    """The ONT that was registered ahead is plugged in: the engineer says so, or it was seen without one."""
    by, engineer = str(answer["by"]), bool(answer.get("on_site"))
    if engineer:
        if case.visit_id is not None:
            field.start_visit(tx=room.tx, visit_id=case.visit_id)
        return replace(case, installer=by), say("{by} is on site; the ONT is as registered.", by=by)
    called_off = call_off(case, room, reason=say("The ONT was plugged in without a visit."))
    return replace(case, visit_id=None), say("The ONT was seen. {says}", says=called_off.says)


def take[C: Visited](case: C, answer: dict[str, Any], room: Room) -> tuple[C, str]:
    """The engineer is on site: keep the ONT's serial number and who named it; returns the case and a sentence."""
    serial = Serial.parse(str(answer["serial"]))
    if case.visit_id is not None:
        field.start_visit(tx=room.tx, visit_id=case.visit_id)
    case = replace(case, serial=serial.normal, installer=str(answer["by"]))
    return case, say("{engineer} is on site with ONT {serial}.", engineer=answer["by"], serial=serial.display)


WAIT_FOR_PLUG = say("Wait until the ONT is plugged in")


def finish(case: Visited, room: Room, *, result: str) -> None:
    """The engineer's work is done, and so is their task; a visit that could not be done stays so."""
    if case.visit_id is not None and not given_up(case, room):
        field.finish_visit(tx=room.tx, visit_id=case.visit_id, result=result)
    support.close_tasks(tx=room.tx, delivery_id=room.delivery_id, by=case.installer or room.workflow, at=room.at)
