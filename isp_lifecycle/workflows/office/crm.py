"""The CRM's reaction: it is told of every step that a salesperson or a customer may ask about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from isp_lifecycle.crm.model import CrmKind, CrmMessage
from isp_lifecycle.customers import actions as customers
from isp_lifecycle.events.vocabulary import (
    ActivationCancelled,
    AddressChanged,
    Event,
    LineActivated,
    LineRelocated,
    LineResumed,
    LineSuspended,
    LineTerminated,
    OntSwapped,
    OrderPlaced,
    OrderRejected,
    OrderRescheduled,
    OrderWithdrawn,
    PlanChanged,
    VisitBooked,
    VisitMissed,
)
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.orders import actions as orders
from isp_lifecycle.workflows.steps import Did, Irreversible, OutsideStep, Room, Site, Unobservable, Workflow

#: What each event means to a CRM: the kind of its message and the state that it reports.
MEANING: dict[type[Event], tuple[CrmKind, str]] = {
    OrderPlaced: (CrmKind.ORDER_STATE, "submitted"),
    OrderRejected: (CrmKind.ORDER_STATE, "rejected"),
    VisitBooked: (CrmKind.ORDER_STATE, "visit booked"),
    VisitMissed: (CrmKind.ORDER_STATE, "visit missed"),
    LineActivated: (CrmKind.SERVICE_STATE, "active"),
    ActivationCancelled: (CrmKind.ORDER_STATE, "cancelled"),
    PlanChanged: (CrmKind.SERVICE_CHANGE, "plan changed"),
    LineTerminated: (CrmKind.SERVICE_STATE, "terminated"),
    LineSuspended: (CrmKind.SERVICE_STATE, "suspended"),
    LineResumed: (CrmKind.SERVICE_STATE, "active"),
    OntSwapped: (CrmKind.SERVICE_CHANGE, "ONT swapped"),
    LineRelocated: (CrmKind.SERVICE_CHANGE, "moved"),
    AddressChanged: (CrmKind.SERVICE_CHANGE, "IP address changed"),
    OrderRescheduled: (CrmKind.ORDER_STATE, "rescheduled"),
    OrderWithdrawn: (CrmKind.ORDER_STATE, "cancelled"),
}


@dataclass(frozen=True, kw_only=True)
class CrmCase:
    """What will be told."""

    customer_id: UUID
    kind: CrmKind
    state: str
    at: datetime
    customer_code: str
    order_code: str
    service_code: str | None
    plan: str
    address: str
    reason: str | None


def begin(event: OrderPlaced, room: Room) -> CrmCase:
    """Gather what the message says; any of the events that are heard carries an order and a customer."""
    kind, state = MEANING[type(event)]
    order = orders.order_by_id(tx=room.tx, order_id=event.order_id)
    service_id = getattr(event, "service_id", None) or order.service_id
    service = inventory.service_by_id(tx=room.tx, service_id=service_id) if service_id else None
    return CrmCase(
        customer_id=event.customer_id,
        kind=kind,
        state=state,
        at=room.event_at,
        customer_code=customers.customer_by_id(tx=room.tx, customer_id=event.customer_id).code,
        order_code=order.code,
        service_code=service.code if service else None,
        plan=order.terms.plan_name,
        address=customers.premises_by_id(tx=room.tx, premises_id=order.premises_id).address,
        reason=order.reason or getattr(event, "reason", None) or getattr(event, "why", None),
    )


def tell(case: CrmCase, site: Site) -> Did[CrmCase]:
    """Send the message under the event's own id, so that a repeat is recognised as one."""
    told = site.parts.crm.tell(
        CrmMessage(
            id=site.event_id,
            kind=case.kind,
            at=case.at,
            customer_code=case.customer_code,
            state=case.state,
            order_code=case.order_code,
            service_code=case.service_code,
            plan=case.plan,
            address=case.address,
            reason=case.reason,
        )
    )
    return Did(
        case,
        say("{code} {state}: {where} (it had it already).", code=case.order_code, state=case.state, where=told.where)
        if told.repeated
        else say("{code} {state}: {where}.", code=case.order_code, state=case.state, where=told.where),
    )


CRM = Workflow(
    name="crm",
    starts_on=tuple(MEANING),
    case=CrmCase,
    begin=begin,
    steps=(
        OutsideStep(
            say("Tell the CRM"),
            do=tell,
            verify=Unobservable(say("the CRM acknowledged it")),
            undo=Irreversible(say("A CRM cannot unhear; the next message corrects it.")),
        ),
    ),
)
