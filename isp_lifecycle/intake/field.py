"""What the installation engineer does on site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from isp_lifecycle.drivers.contract import Serial
from isp_lifecycle.events import deliveries
from isp_lifecycle.events.model import DeliveryState
from isp_lifecycle.events.views import Waiting, first_asked, state_of, trace_of, waiting_at
from isp_lifecycle.field import actions as field
from isp_lifecycle.field.model import GAVE_UP, Visit
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.intake.errors import NotTheirVisit, NotWaiting, VisitGivenUp

#: The step of an activation at which an ONT that was registered ahead is waited for.
PLUG = "Wait until the ONT is plugged in"


@dataclass(frozen=True)
class Activating:
    """An activation that goes on from the engineer's input."""

    delivery_id: UUID
    serial: str


@enters("visit.work")
def begin_visit(act: Act, *, visit_code: str) -> None:
    """The engineer is on site."""
    visit = own_visit(act, visit_code)
    field.start_visit(tx=act.tx, visit_id=visit.id)


@enters("visit.work")
def activate(act: Act, *, visit_code: str, serial: str) -> Activating:
    """The one button: this ONT is to become the customer's line.

    While the activation waits it goes on; after a failure the number is corrected, what the wrong one had changed is
    undone, and it goes on from there. A malformed number is refused and named.
    """
    ont = Serial.parse(serial)
    visit = own_visit(act, visit_code)
    continue_with(act, visit, ont)
    return Activating(visit.delivery_id, ont.normal)


def continue_with(act: Act, visit: Visit, ont: Serial) -> None:
    """Go on with this ONT from where the work of a visit stands. Raises VisitGivenUp, and NotWaiting."""
    if visit.state in GAVE_UP:
        raise VisitGivenUp(visit.code, visit.state, visit.result or "")
    act.trace = trace_of(tx=act.tx, delivery_id=visit.delivery_id)
    document = {"serial": ont.normal, "by": act.actor.username}
    state, asked = state_of(tx=act.tx, delivery_id=visit.delivery_id)
    prepared = _prepared(act, visit)
    if state is DeliveryState.WAITING and prepared is not None:
        _at_the_door(act, visit, prepared, ont, document)
    elif state is DeliveryState.WAITING:
        deliveries.answer(tx=act.tx, delivery_id=visit.delivery_id, document=document)
    elif state is DeliveryState.FAILED and asked is not None:
        undo_to = first_asked(tx=act.tx, delivery_id=visit.delivery_id)
        deliveries.go_back(tx=act.tx, delivery_id=visit.delivery_id, undo_to=undo_to, now=act.at, document=document)
    else:
        raise NotWaiting(visit.code, state)


@enters("ont.prepare")
def prepare_ont(act: Act, *, visit_code: str, serial: str) -> Activating:
    """Register the ONT of a new line on its OLT before it is plugged in: one that is posted, or picked for the visit.

    Everything is built and let on as for any other; the activation then waits until the ONT is seen, or until the
    engineer presses Activate. Asked again with another number, what the first had changed is undone.
    """
    ont = Serial.parse(serial)
    visit = field.visit_by_code(tx=act.tx, code=visit_code)
    act.about("visit", visit.code)
    act.trace = trace_of(tx=act.tx, delivery_id=visit.delivery_id)
    document = {"serial": ont.normal, "by": act.actor.username, "ahead": True}
    state, _ = state_of(tx=act.tx, delivery_id=visit.delivery_id)
    if state is not DeliveryState.WAITING:
        raise NotWaiting(visit_code, state)
    prepared = _prepared(act, visit)
    if prepared is None:
        deliveries.answer(tx=act.tx, delivery_id=visit.delivery_id, document=document)
    elif prepared.case.get("serial") != ont.normal:
        _begin_again(act, visit, document)
    return Activating(visit.delivery_id, ont.normal)


def _prepared(act: Act, visit: Visit) -> Waiting | None:
    """The activation, where it waits for an ONT that is registered already."""
    return next((one for one in waiting_at(tx=act.tx, step=PLUG) if one.delivery_id == visit.delivery_id), None)


def _at_the_door(act: Act, visit: Visit, prepared: Waiting, ont: Serial, document: dict[str, str]) -> None:
    """The engineer has the ONT that was registered, or another one: then what that one had is undone first."""
    if prepared.case.get("serial") == ont.normal:
        deliveries.answer(tx=act.tx, delivery_id=visit.delivery_id, document={**document, "on_site": True})
    else:
        _begin_again(act, visit, document)


def _begin_again(act: Act, visit: Visit, document: dict[str, Any]) -> None:
    asked_first = first_asked(tx=act.tx, delivery_id=visit.delivery_id)
    deliveries.go_back(
        tx=act.tx, delivery_id=visit.delivery_id, undo_to=asked_first, now=act.at, document=document, waiting=True
    )


def own_visit(act: Act, visit_code: str) -> Visit:
    """The visit, if it is the actor's own, or the actor may see everybody's."""
    visit = field.visit_by_code(tx=act.tx, code=visit_code)
    engineer = field.engineer_by_id(tx=act.tx, engineer_id=visit.engineer_id) if visit.engineer_id else None
    act.about("visit", visit.code)
    if engineer is not None and engineer.username != act.actor.username and not act.actor.may("visit.read_all"):
        raise NotTheirVisit(visit_code, engineer.name)
    return visit
