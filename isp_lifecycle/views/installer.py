"""What the installation engineer sees on the phone: the day's visits, one visit with its live steps, ONTs in sight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.access.model import Actor
from isp_lifecycle.customers import actions as customers
from isp_lifecycle.drivers.contract import Serial
from isp_lifecycle.field import actions as field
from isp_lifecycle.field.model import GAVE_UP, Visit
from isp_lifecycle.foundation.clock import start_of
from isp_lifecycle.foundation.db import Tx, read
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.kept import again
from isp_lifecycle.foundation.terms import OntMode, Terms
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.views.common import FailureRow, failure_row, said_by_step, title_of
from isp_lifecycle.views.live import LiveOnts, ask_unconfigured
from isp_lifecycle.views.window import Look, Window, asks, shows

#: The list shows so many days from the asked one on.
DAYS = 14


@dataclass(frozen=True)
class VisitRow:
    """A visit in the list."""

    visit_code: str
    starts: datetime
    ends: datetime
    state: str
    customer: str
    phone: str
    address: str
    plan_name: str
    delivery_state: str
    engineer: str


@dataclass(frozen=True)
class StepRow:
    """A step of the work as the engineer watches it: todo, running, waiting, done, failed, undone, kept."""

    name: str
    state: str
    seconds: float | None
    says: str


@dataclass(frozen=True)
class VisitDetail:
    """One visit: whom, where, on which fibre, what light to expect, and how the work stands.

    Levels are dBm; ``distance_m`` is the fibre's length from the OLT by the records.
    """

    visit_code: str
    starts: datetime
    ends: datetime
    state: str
    customer: str
    phone: str
    address: str
    latitude: float
    longitude: float
    instructions: str
    plan_name: str
    down_kbps: int
    up_kbps: int
    order_code: str
    service_code: str
    work: str
    olt: str
    pon_port: str
    splitters: tuple[str, ...]
    splitter_port: int | None
    distance_m: int
    expected_rx_dbm: float
    lowest_rx_dbm: float
    serial: str | None
    address_given: str | None
    measured_rx_dbm: float | None
    delivery_id: UUID
    delivery_state: str
    ready_for_serial: bool
    failure: FailureRow | None
    steps: tuple[StepRow, ...]
    rests_on_typical: bool = False
    """Whether the expected level rests on a launch level that nobody measured."""
    drop_m: int = 0
    bring: tuple[str, ...] = ()
    result: str = ""
    """What came of the visit, or why it could not be done."""


_LIST = """
    SELECT v.code, lower(v.during) AS starts, upper(v.during) AS ends, v.state, c.name, c.phone, v.address,
           o.terms, d.state AS delivery_state, g.name AS engineer
    FROM visits v JOIN orders o ON o.id = v.order_id JOIN customers c ON c.id = o.customer_id
    JOIN deliveries d ON d.id = v.delivery_id LEFT JOIN engineers g ON g.id = v.engineer_id
    WHERE v.during && tstzrange(:start, :end) AND v.state <> 'cancelled' AND (:every OR g.username = :username)
    ORDER BY lower(v.during), v.code
"""


@shows("visit.read", "visit.read_all")
def visits(look: Look, *, day: date) -> tuple[VisitRow, ...]:
    """The visits from ``day`` on for two weeks, in order: one's own, or everybody's with ``visit.read_all``."""
    zone = look.settings.company.tz
    rows = look.tx.execute(
        sa.text(_LIST),
        {
            "start": start_of(day, zone=zone),
            "end": start_of(day + timedelta(days=DAYS), zone=zone),
            "every": look.actor.may("visit.read_all"),
            "username": look.actor.username,
        },
    )
    return tuple(
        VisitRow(
            visit_code=r.code,
            starts=r.starts,
            ends=r.ends,
            state=r.state,
            customer=r.name,
            phone=r.phone,
            address=r.address,
            plan_name=Terms.from_json(r.terms).plan_name,
            delivery_state=r.delivery_state,
            engineer=r.engineer or "",
        )
        for r in rows
    )


@shows("visit.read", "visit.read_all")
def visit(look: Look, *, visit_code: str) -> VisitDetail:
    """One visit with everything for the doorstep. Somebody else's is as if it were not there."""
    return detail_of(look, visible(look, visit_code))


def detail_of(look: Look, one: Visit) -> VisitDetail:
    """Everything about a visit that whoever looks may see."""
    row = look.tx.execute(
        sa.text(
            """
            SELECT d.state, d.subscriber, d.failure, d."case", l.steps AS outline, d.direction, o.code AS order_code,
                   o.terms,
                   o.premises_id, o.customer_id, s.code AS service_code
            FROM deliveries d LEFT JOIN outlines l ON l.id = d.outline_id
            JOIN visits v ON v.delivery_id = d.id JOIN orders o ON o.id = v.order_id
            JOIN services s ON s.id = v.service_id WHERE v.id = :visit
            """
        ),
        {"visit": one.id},
    ).one()
    customer = customers.customer_by_id(tx=look.tx, customer_id=row.customer_id)
    premises = customers.premises_by_id(tx=look.tx, premises_id=row.premises_id)
    route = inventory.route(tx=look.tx, splitter_code=premises.splitter_code or "", drop_m=premises.drop_m or 0)
    terms = Terms.from_json(row.terms)
    case: dict[str, Any] = row.case or {}
    light = case.get("light") or {}
    return VisitDetail(
        visit_code=one.code,
        starts=one.during.start,
        ends=one.during.end,
        state=str(one.state),
        customer=customer.name,
        phone=customer.phone,
        address=premises.address,
        latitude=premises.latitude,
        longitude=premises.longitude,
        instructions=one.instructions,
        plan_name=terms.plan_name,
        down_kbps=terms.down_kbps,
        up_kbps=terms.up_kbps,
        order_code=row.order_code,
        service_code=row.service_code,
        work=title_of(row.subscriber),
        olt=route.olt.name,
        pon_port=route.pon_port.port,
        splitters=tuple(s.code for s in route.splitters),
        splitter_port=premises.splitter_port,
        distance_m=route.fibre_m,
        expected_rx_dbm=route.expected_rx_dbm,
        rests_on_typical=route.rests_on_typical,
        lowest_rx_dbm=look.settings.network.lowest_rx_dbm,
        serial=case.get("serial"),
        address_given=case.get("prefix") if terms.address_policy.is_block else case.get("address"),
        measured_rx_dbm=light.get("ont_rx_dbm"),
        delivery_id=one.delivery_id,
        delivery_state=row.state,
        ready_for_serial=row.state in {"waiting", "failed"} and row.direction == "forward" and one.state not in GAVE_UP,
        failure=failure_row(row.failure),
        steps=steps_of(look.tx, one.delivery_id, row.outline),
        drop_m=premises.drop_m or 0,
        bring=_bring(look, route.olt.vendor, terms, premises.drop_m or 0),
        result=one.result or "",
    )


#: What makers are called, and how the serial numbers of their ONTs begin.
_MAKERS = {"huawei": "Huawei (HWTC…)", "zte": "ZTE (ZTEG…)", "vsol": "V-SOL (GPON…)"}


#: What the ONT is at the customer's.
_ROLES = {
    OntMode.BRIDGE: say("a bridge"),
    OntMode.UNTAGGED: say("a bridge"),
    OntMode.DHCP: say("with router"),
    OntMode.STATIC: say("with router"),
    OntMode.PPPOE: say("with router"),
}


def _bring(look: Look, vendor: str, terms: Terms, drop_m: int) -> tuple[str, ...]:
    """What goes into the van for this visit, by the plan and the records."""
    maker = _MAKERS.get(vendor.partition("-")[0], vendor)
    kind = look.settings.network.ont_type
    ont = (
        say("ONT for {maker}, type {kind}, {role}", maker=maker, kind=kind, role=_ROLES[terms.ont])
        if kind
        else say("ONT for {maker}, {role}", maker=maker, role=_ROLES[terms.ont])
    )
    return (ont, *((say("Drop cable, {metres} m by the records", metres=drop_m),) if drop_m else ()))


def steps_of(tx: Tx, delivery_id: UUID, outline: list[dict[str, Any]] | None) -> tuple[StepRow, ...]:
    """Every step of an activation with how its last attempt stands; those not begun are ``todo``."""
    rows = tx.execute(
        sa.text(
            """
            SELECT DISTINCT ON (name) name, state, started_at, finished_at, says, failure FROM step_runs
            WHERE delivery_id = :delivery ORDER BY name, started_at DESC, id DESC
            """
        ),
        {"delivery": delivery_id},
    )
    last = {r.name: r for r in rows}
    return tuple(_step(step["name"], last.get(step["name"])) for step in outline or [])


def _step(name: str, row: Any) -> StepRow:
    if row is None:
        return StepRow(again(name), "todo", None, "")
    seconds = (row.finished_at - row.started_at).total_seconds() if row.finished_at else None
    state = "running" if row.state == "abandoned" else row.state
    return StepRow(again(name), state, seconds, again((row.failure or {}).get("what") or "") or said_by_step(row.says))


@asks("visit.read", "visit.read_all")
def read_serial(window: Window, actor: Actor, *, text: str) -> str:
    """A serial number as its label has it, whatever form was typed; refuses one that cannot be right."""
    return Serial.parse(text).display


@asks("visit.read", "network.read_live")
def unconfigured(window: Window, actor: Actor, *, visit_code: str) -> LiveOnts:
    """Ask the OLT of this visit, now, which ONTs it sees that nobody has registered; takes a second or more."""
    with read(window.engine) as tx:
        one = _visible(tx, actor, visit_code)
        premises_id = tx.execute(
            sa.text("SELECT premises_id FROM orders WHERE id = :order"), {"order": one.order_id}
        ).scalar_one()
        premises = customers.premises_by_id(tx=tx, premises_id=premises_id)
        route = inventory.route(tx=tx, splitter_code=premises.splitter_code or "", drop_m=premises.drop_m or 0)
    return ask_unconfigured(window.olts, window.clock, olt=route.olt.name, expected_port=route.pon_port.port)


def visible(look: Look, visit_code: str) -> Visit:
    """The visit, if it is one's own or one may see everybody's; raises NotFound."""
    return _visible(look.tx, look.actor, visit_code)


def _visible(tx: Tx, actor: Actor, visit_code: str) -> Visit:
    """The visit, if it is the actor's own or the actor may see everybody's."""
    one = field.visit_by_code(tx=tx, code=visit_code)
    if actor.may("visit.read_all"):
        return one
    engineer = field.engineer_by_id(tx=tx, engineer_id=one.engineer_id) if one.engineer_id else None
    if engineer is None or engineer.username != actor.username:
        raise NotFound("visit", visit_code)
    return one
