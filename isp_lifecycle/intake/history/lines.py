"""One line of the past, from the order to today, by the capabilities' own actions at the instants of its story."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from isp_lifecycle.customers import actions as customers
from isp_lifecycle.drivers.contract import Serial
from isp_lifecycle.events.model import StepState
from isp_lifecycle.events.vocabulary import ActivationRequested, LineActivated, OrderPlaced, VisitBooked
from isp_lifecycle.field import actions as field
from isp_lifecycle.field.model import Visit
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.intake.history import money
from isp_lifecycle.intake.history.attempts import attempts_of
from isp_lifecycle.intake.history.rows import PastAttempt
from isp_lifecycle.intake.history.scene import ACTIVATION, Ordered, Scene, tell
from isp_lifecycle.intake.history.story import PastLine
from isp_lifecycle.intake.imports.customers import PURPOSE
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import Line, LineSource, Service
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.ipam.model import Allocation
from isp_lifecycle.orders import actions as orders
from isp_lifecycle.orders.model import Channel, OrderKind
from isp_lifecycle.support import actions as support
from isp_lifecycle.support.model import Failure as Evidence
from isp_lifecycle.telemetry import actions as telemetry


def write_line(scene: Scene, past: PastLine) -> Service:
    """Write everything that ever happened to one line; returns its service as it is today."""
    ordered = _order(scene, past)
    requested = ActivationRequested(
        order_id=ordered.order.id, customer_id=ordered.customer.id, service_id=ordered.service.id
    )
    by = scene.chance.choice(scene.sales)
    event_id = scene.rows.event(requested, at=past.decided_at, actor=by, trace=ordered.order.id)
    delivery_id = new_id()
    visit = _visit(scene, past, ordered, delivery_id)
    attempts = tuple(attempts_of(scene, past, ordered, visit))
    held, active_at = _build(scene, past, ordered, visit, attempts)
    scene.rows.delivery(
        requested,
        event_id,
        subscriber=ACTIVATION,
        created_at=past.decided_at,
        trace=ordered.order.id,
        attempts=attempts,
        delivery_id=delivery_id,
        case=_case(past, ordered, held),
    )
    _incident(scene, past, ordered, delivery_id, attempts)
    money.charge_line(scene, past, ordered, active_at)
    return inventory.service_by_id(tx=scene.act.tx, service_id=ordered.service.id)


def _order(scene: Scene, past: PastLine) -> Ordered:
    """The order as it was placed and confirmed, and the service that it opened."""
    tx, row = scene.act.tx, past.row
    premises = customers.premises_by_code(tx=tx, code=row.premises_code)
    customer = customers.register_customer(
        tx=tx, name=row.name, email=row.email, phone=row.phone, at=past.ordered_at, code=row.customer_code
    ).customer
    order = orders.submit(
        tx=tx,
        kind=OrderKind.NEW_LINE,
        customer_id=customer.id,
        premises_id=premises.id,
        terms=scene.terms(past.first_plan),
        channel=past.channel,
        at=past.ordered_at,
        consent_at=past.ordered_at,
    )
    service = inventory.open_service(
        tx=tx,
        customer_id=customer.id,
        premises_id=premises.id,
        terms=order.terms,
        at=past.decided_at,
        order_id=order.id,
        code=row.service_code,
    )
    orders.confirm(
        tx=tx, order_id=order.id, by=scene.chance.choice(scene.sales), at=past.decided_at, service_id=service.id
    )
    orders.start(tx=tx, order_id=order.id)
    placed = OrderPlaced(order_id=order.id, customer_id=customer.id)
    actor = scene.chance.choice(scene.sales) if past.channel is Channel.STAFF else ""
    tell(scene, placed, at=past.ordered_at, actor=actor, trace=order.id)
    route = inventory.route(tx=tx, splitter_code=premises.splitter_code or "", drop_m=premises.drop_m or 0)
    return Ordered(order=order, customer=customer, premises=premises, service=service, route=route)


def _visit(scene: Scene, past: PastLine, ordered: Ordered, delivery_id: UUID) -> Visit:
    visit = field.book_first_free(
        tx=scene.act.tx,
        delivery_id=delivery_id,
        service_id=ordered.service.id,
        order_id=ordered.order.id,
        area=ordered.premises.area,
        address=ordered.premises.address,
        instructions=f"{ordered.order.terms.plan_name}. {ordered.route.olt.name} PON {ordered.route.pon_port.port}; "
        f"expect {ordered.route.expected_rx_dbm:.1f} dBm at the ONT.",
        after=past.look_from,
        zone=scene.act.settings.company.tz,
        at=past.decided_at,
    )
    booked = VisitBooked(
        order_id=ordered.order.id,
        customer_id=ordered.customer.id,
        service_id=ordered.service.id,
        visit_id=visit.id,
    )
    tell(scene, booked, at=past.decided_at, actor="workflow:activation", trace=ordered.order.id)
    return visit


def _build(
    scene: Scene, past: PastLine, ordered: Ordered, visit: Visit, attempts: Sequence[PastAttempt]
) -> tuple[Allocation, datetime]:
    """The line, its numbers, its first reading, the service in use, the visit done; returns when it became active."""
    tx, row, service = scene.act.tx, past.row, ordered.service
    active_at = attempts[-1].finished_at
    field.start_visit(tx=tx, visit_id=visit.id)
    held = ipam.adopt(tx=tx, owner=service.id, address=row.address, at=attempts[2].started_at)
    ipam.reserve_vlan(tx=tx, olt=row.olt, number=row.vlan, purpose=PURPOSE, at=active_at)
    level = round(ordered.route.expected_rx_dbm + past.level_offset_db, 2)
    inventory.record_line(tx=tx, line=_line(past, ordered, level=level, at=active_at))
    telemetry.record_reading(
        tx=tx,
        service_id=service.id,
        olt=row.olt,
        pon_port=row.pon_port,
        ont_id=row.ont_id,
        serial=Serial.parse(row.serial).normal,
        at=active_at,
        ont_rx_dbm=level,
        ont_tx_dbm=round(2.2 + scene.chance.uniform(-0.4, 0.5), 2),
        olt_rx_dbm=round(level - scene.chance.uniform(0.6, 1.8), 2),
        distance_m=ordered.route.fibre_m,
        source=ACTIVATION,
    )
    active_on = scene.day(active_at)
    inventory.activate_service(tx=tx, service_id=service.id, on=active_on)
    orders.complete(tx=tx, order_id=ordered.order.id, at=active_at)
    field.finish_visit(tx=tx, visit_id=visit.id, result="Line active.")
    activated = LineActivated(
        order_id=ordered.order.id, customer_id=ordered.customer.id, service_id=service.id, active_on=active_on
    )
    tell(scene, activated, at=active_at, actor="workflow:activation", trace=ordered.order.id)
    return held, active_at


def _line(past: PastLine, ordered: Ordered, *, level: float, at: datetime) -> Line:
    row, terms = past.row, ordered.order.terms
    return Line(
        service_id=ordered.service.id,
        olt_id=ordered.route.olt.id,
        pon_port=row.pon_port,
        ont_id=row.ont_id,
        serial=Serial.parse(row.serial).normal,
        vlan=row.vlan,
        service_port=row.service_port,
        down_kbps=terms.down_kbps,
        up_kbps=terms.up_kbps,
        expected_rx_dbm=ordered.route.expected_rx_dbm,
        measured_rx_dbm=level,
        splitter_code=ordered.premises.splitter_code,
        splitter_port=ordered.premises.splitter_port,
        built_at=at,
        source=LineSource.ACTIVATION,
    )


def _case(past: PastLine, ordered: Ordered, held: Allocation) -> dict[str, object]:
    """What pages read of an activation's case."""
    return {
        "olt": past.row.olt,
        "pon_port": past.row.pon_port,
        "serial": Serial.parse(past.row.serial).normal,
        "prefix": str(held.prefix),
        "address": str(held.address),
        "light": {"ont_rx_dbm": round(ordered.route.expected_rx_dbm + past.level_offset_db, 2)},
    }


def _incident(
    scene: Scene, past: PastLine, ordered: Ordered, delivery_id: UUID, attempts: Sequence[PastAttempt]
) -> None:
    """The incident and the ticket of a failure that a person settled."""
    failed = next((attempt for attempt in attempts if attempt.failure is not None), None)
    if past.mishap is None or not past.mishap.outcome or failed is None or failed.failure is None:
        return
    tx, failure = scene.act.tx, failed.failure
    reported = support.report_incident(
        tx=tx,
        delivery_id=delivery_id,
        failure=Evidence(
            step=failure.step,
            attempt=failed.attempt,
            kind=past.mishap.kind,
            what=failure.what,
            remedy=failure.remedy,
            device=past.row.olt,
            transcript=failed.transcript,
        ),
        subject=f"Activation stands at “{failure.step}”: {failure.what}",
        at=failed.finished_at,
        service_id=ordered.service.id,
        customer_id=ordered.customer.id,
    )
    settled_at = next(a.finished_at for a in attempts if a.name == failure.step and a.state is StepState.DONE)
    by = scene.chance.choice(scene.support)
    support.add_note(
        tx=tx,
        ticket_id=reported.ticket.id,
        author=by,
        text=past.mishap.outcome,
        at=settled_at - timedelta(minutes=2),
    )
    support.resolve_incident(
        tx=tx, delivery_id=delivery_id, by="engine", outcome="The step was done after all.", at=settled_at
    )
