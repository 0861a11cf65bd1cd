"""All that the database knows of a line, in one snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.drivers.contract import Serial
from isp_lifecycle.events.views import at_devices
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.terms import Family, Terms
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import Line, Service
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.views.common import ADDRESS, sentence_of
from isp_lifecycle.views.diagnosis.recorded import (
    ChangeOn,
    CustomerOn,
    DriftOn,
    LineOn,
    OnRecord,
    OrderOn,
    OtherLine,
    PauseOn,
    ServiceOn,
    TroubleOn,
    WorkOn,
)
from isp_lifecycle.views.engine.queue import QueueRow, row_of
from isp_lifecycle.views.engine.state import holds_of
from isp_lifecycle.views.window import Look, shows

#: So many changes and tickets stand beside a finding.
CHANGES, TROUBLES = 8, 12
#: What fails first is told first; what merely lies ahead comes last.
_URGENT = ("failed", "running", "again", "waiting", "in_line", "ready", "scheduled")
_WHO = f"""
    SELECT s.id AS service_id, o.id AS order_id, c.id, c.code, c.name, c.phone, c.email, {ADDRESS} AS address
    FROM {{}} JOIN premises p ON p.id = {{}}.premises_id
"""  # noqa: S608 - the fragments are constants of this package
_OF_SERVICE = _WHO.format(
    "services s JOIN customers c ON c.id = s.customer_id LEFT JOIN orders o ON o.id = s.order_id", "s"
)
_OF_ORDER = _WHO.format(
    "orders o JOIN customers c ON c.id = o.customer_id LEFT JOIN services s ON s.id = o.service_id", "o"
)
_ORDERS = """
    SELECT code, kind, state, wanted_on, submitted_at, coalesce(reason, '') AS reason FROM orders
    WHERE (service_id = :service AND closed_at IS NULL) OR id = :order ORDER BY submitted_at DESC LIMIT 5
"""
_WORK = """
    SELECT d.id, d.subscriber FROM deliveries d
    WHERE d.service_id = :service AND d.queue = 'network' AND d.state NOT IN ('done', 'cancelled')
    ORDER BY d.created_at LIMIT 10
"""
_VISIT = """
    SELECT lower(v.during) AS at, e.name FROM visits v JOIN engineers e ON e.id = v.engineer_id
    WHERE v.delivery_id = :delivery AND v.state IN ('booked', 'started') ORDER BY lower(v.during) LIMIT 1
"""
_ON_PORT = """
    SELECT s.code, c.name, l.serial, coalesce(l.splitter_code, '') AS splitter, l.expected_rx_dbm
    FROM lines l JOIN services s ON s.id = l.service_id JOIN customers c ON c.id = s.customer_id
    WHERE l.olt_id = :olt AND l.pon_port = :port AND l.service_id <> :service
"""
_TROUBLES = """
    SELECT t.code, t.subject, t.state, t.opened_at, s.code AS service, t.service_id = :service AS own,
           coalesce(l.pon_port = :port, false) AS same_port
    FROM tickets t JOIN services s ON s.id = t.service_id LEFT JOIN lines l ON l.service_id = s.id
    WHERE t.state NOT IN ('resolved', 'closed', 'cancelled', 'duplicate')
      AND (t.service_id = :service OR l.olt_id = :olt)
    ORDER BY own DESC, same_port DESC, t.opened_at DESC LIMIT :many
"""
_CHANGES = """
    SELECT e.recorded_at, e.kind, coalesce(u.name, e.actor, '') AS by FROM events e
    LEFT JOIN users u ON u.username = e.actor
    WHERE e.service_id = :service ORDER BY e.recorded_at DESC LIMIT :many
"""


@shows("service.read")
def on_record(look: Look, *, key: str) -> OnRecord:
    """What is on record of a service, or of an order that never became one, by its code; raises NotFound."""
    code = key.strip().upper()
    query = _OF_ORDER + " WHERE o.code = :code" if code.startswith("O-") else _OF_SERVICE + " WHERE s.code = :code"
    who = look.tx.execute(sa.text(query), {"code": code}).one_or_none()
    if who is None or (who.service_id is None and not look.actor.may("order.read")):
        raise NotFound("service or order", key)
    customer = CustomerOn(who.code, who.name, who.phone or "", who.email or "", who.address)
    orders = look.tx.execute(sa.text(_ORDERS), {"service": who.service_id, "order": who.order_id})
    about = tuple(OrderOn(r.code, r.kind, r.state, r.wanted_on, r.submitted_at, r.reason) for r in orders)
    if who.service_id is None:
        return OnRecord(look.at, customer, None, orders=about)
    return _of_service(look, customer, about, who.service_id)


def _of_service(look: Look, customer: CustomerOn, orders: tuple[OrderOn, ...], service_id: UUID) -> OnRecord:
    service = inventory.service_by_id(tx=look.tx, service_id=service_id)
    line = inventory.line_of_service(tx=look.tx, service_id=service_id)
    olt = inventory.olt_by_id(tx=look.tx, olt_id=line.olt_id) if line else None
    held = [ipam.allocation_of(tx=look.tx, owner=service_id, family=family) for family in Family]
    place = {"service": service_id, "olt": line.olt_id if line else None, "port": line.pon_port if line else None}
    return OnRecord(
        at=look.at,
        customer=customer,
        service=_service(service),
        orders=orders,
        work=_work(look, service_id),
        line=_line(olt.name, line) if olt and line else None,
        on_port=_on_port(look, place) if line else (),
        addresses=tuple(one.shown for one in held if one),
        pauses=_pauses(look, olt.name) if olt else (),
        drift=_drift(look, service, line) if line else None,
        troubles=_troubles(look, place),
        changes=_changes(look, service_id),
        changing=service_id in at_devices(tx=look.tx),
    )


def _service(service: Service) -> ServiceOn:
    terms: Terms = service.terms
    return ServiceOn(
        code=service.code,
        state=str(service.state),
        plan=terms.plan_name,
        down_kbps=terms.down_kbps,
        up_kbps=terms.up_kbps,
        active_on=service.active_on,
        ended_on=service.ended_on,
        suspended_on=service.suspended_on,
        suspended_way=str(service.suspended_way or ""),
        suspended_for=str(service.suspended_for or ""),
    )


def _line(olt: str, line: Line) -> LineOn:
    return LineOn(
        olt=olt,
        pon_port=line.pon_port,
        ont_id=line.ont_id,
        serial=Serial(line.serial).display,
        vlan=line.vlan,
        down_kbps=line.down_kbps,
        up_kbps=line.up_kbps,
        expected_rx_dbm=line.expected_rx_dbm,
        enabled=line.enabled,
        splitter=line.splitter_code or "",
        splitter_port=line.splitter_port,
        measured_rx_dbm=line.measured_rx_dbm,
    )


def _work(look: Look, service_id: UUID) -> tuple[WorkOn, ...]:
    """What is not over, the most urgent first. A reset that failed is told by how the ONT stands now."""
    found = look.tx.execute(sa.text(_WORK), {"service": service_id}).all()
    rows = [(row_of(look, one.id), one.subscriber) for one in found]
    listed = [row for row, kind in rows if row is not None and (kind, row.standing) != ("ont_reset", "failed")]
    return tuple(_one_work(look, row) for row in sorted(listed, key=lambda row: _URGENT.index(row.standing)))


def _one_work(look: Look, row: QueueRow) -> WorkOn:
    states = {"again": "scheduled", "in_line": "queued", "ready": "queued"}
    visit = look.tx.execute(sa.text(_VISIT), {"delivery": row.delivery_id}).one_or_none()
    local = visit.at.astimezone(look.settings.company.tz) if visit else None
    return WorkOn(
        delivery_id=row.delivery_id,
        workflow=row.workflow,
        state=states.get(row.standing, row.standing),
        step=row.step,
        since=row.since,
        due_at=row.due_at,
        what=row.failure.what if row.failure else "",
        remedy=row.failure.remedy if row.failure else "",
        order_code=row.order_code or "",
        ticket_code=row.ticket_code or "",
        who=row.owner_name or row.owner_role or "",
        visit=f"{local.day} {local:%b, %H:%M} with {visit.name}" if visit and local else "",
        stands_for=row.why if row.standing in ("in_line", "ready") else "",
    )


def _on_port(look: Look, place: dict[str, Any]) -> tuple[OtherLine, ...]:
    rows = look.tx.execute(sa.text(_ON_PORT), place)
    return tuple(OtherLine(r.code, r.name, Serial(r.serial).display, r.splitter, r.expected_rx_dbm) for r in rows)


def _pauses(look: Look, olt: str) -> tuple[PauseOn, ...]:
    held: Sequence[Any] = [one for one in holds_of(look) if one.in_force and (one.kind, one.what) == ("olt", olt)]
    return tuple(PauseOn(one.what, one.reason, one.by, one.since, one.until) for one in held)


def _drift(look: Look, service: Service, line: Line) -> DriftOn | None:
    for one in inventory.unsettled_drifts(tx=look.tx, olt_id=line.olt_id):
        if one.what.key == service.code:
            what = one.what
            return DriftOn(
                one.id, what.differences, what.plan, what.obstacle, str(what.remedy), str(one.state), one.seen_at
            )
    return None


def _troubles(look: Look, place: dict[str, Any]) -> tuple[TroubleOn, ...]:
    if not look.actor.may("ticket.read"):
        return ()
    rows = look.tx.execute(sa.text(_TROUBLES), {**place, "many": TROUBLES})
    return tuple(TroubleOn(r.code, r.subject, r.state, r.opened_at, r.service, r.own, r.same_port) for r in rows)


def _changes(look: Look, service_id: UUID) -> tuple[ChangeOn, ...]:
    rows = look.tx.execute(sa.text(_CHANGES), {"service": service_id, "many": CHANGES})
    return tuple(ChangeOn(r.recorded_at, sentence_of(r.kind), _who(r.by)) for r in rows)


def _who(actor: str) -> str:
    """Whoever did it; work of the engine goes on by itself."""
    return say("the engine") if actor.startswith("workflow:") else actor
