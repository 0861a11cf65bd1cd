"""What the installation engineer does on site."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from isp_lifecycle.drivers.contract import Serial
from isp_lifecycle.events import deliveries
from isp_lifecycle.events.model import DeliveryState
from isp_lifecycle.events.views import state_of, trace_of
from isp_lifecycle.field import actions as field
from isp_lifecycle.field.model import Visit
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.intake.errors import NotTheirVisit, NotWaiting


@dataclass(frozen=True)
class Activating:
    """An activation that goes on from the engineer's input."""

    delivery_id: UUID
    serial: str


@enters("visit.work")
def begin_visit(act: Act, *, visit_code: str) -> None:
    """The engineer is on site."""
    visit = _own_visit(act, visit_code)
    field.start_visit(tx=act.tx, visit_id=visit.id)


@enters("visit.work")
def activate(act: Act, *, visit_code: str, serial: str) -> Activating:
    """The one button: this ONT is to become the customer's line.

    While the activation waits it goes on; after a failure the number is corrected, what the wrong one had changed is
    undone, and it goes on from there. A malformed number is refused and named.
    """
    ont = Serial.parse(serial)
    visit = _own_visit(act, visit_code)
    act.trace = trace_of(tx=act.tx, delivery_id=visit.delivery_id)
    document = {"serial": ont.normal, "by": act.actor.username}
    state, position_of_answer = state_of(tx=act.tx, delivery_id=visit.delivery_id)
    if state is DeliveryState.WAITING:
        deliveries.answer(tx=act.tx, delivery_id=visit.delivery_id, document=document)
    elif state is DeliveryState.FAILED and position_of_answer is not None:
        deliveries.go_back(
            tx=act.tx, delivery_id=visit.delivery_id, undo_to=position_of_answer, now=act.at, document=document
        )
    else:
        raise NotWaiting(visit_code, state)
    return Activating(visit.delivery_id, ont.normal)


def _own_visit(act: Act, visit_code: str) -> Visit:
    """The visit, if it is the actor's own, or the actor may see everybody's."""
    visit = field.visit_by_code(tx=act.tx, code=visit_code)
    engineer = field.engineer_by_id(tx=act.tx, engineer_id=visit.engineer_id) if visit.engineer_id else None
    act.about("visit", visit.code)
    if engineer is not None and engineer.username != act.actor.username and not act.actor.may("visit.read_all"):
        raise NotTheirVisit(visit_code, engineer.name)
    return visit
