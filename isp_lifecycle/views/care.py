"""A customer's line as it is now: its ONT asked on the device, its sessions and usage by RADIUS, its last reset.

Each answer carries when and from where it was read, and one that could not be read says why in its place.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.aaa.model import Session, UsedIn
from isp_lifecycle.access.model import Actor
from isp_lifecycle.drivers.contract import (
    OntCounters,
    OntDetail,
    OntLife,
    OntStatus,
    OpticalLevels,
    PonPort,
    Serial,
    Transcript,
)
from isp_lifecycle.foundation.clock import start_of
from isp_lifecycle.foundation.db import read
from isp_lifecycle.foundation.errors import LifecycleError
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import Line, Olt
from isp_lifecycle.views.common import FailureRow, failure_row
from isp_lifecycle.views.installer import StepRow, steps_of
from isp_lifecycle.views.window import Look, Window, allowed, asks, shows

#: So many past sessions on a page, days and months of usage, and kept readings.
SESSIONS, DAYS, MONTHS, READINGS = 10, 31, 12, 5


@dataclass(frozen=True)
class Asked[V]:
    """One answer: what was said, when, and how long it took; ``error`` says why nothing was."""

    value: V | None
    at: datetime
    seconds: float = 0.0
    error: FailureRow | None = None


@dataclass(frozen=True)
class KeptReading:
    """Light as it was measured before. Levels are dBm; ``source`` is who measured it."""

    at: datetime
    ont_rx_dbm: float | None
    olt_rx_dbm: float | None
    source: str


@dataclass(frozen=True)
class LineNow:
    """A line's ONT, asked now. ``stranger`` says in words that another ONT, or none, stands in its place."""

    service_code: str
    olt: str
    place: str
    serial: str
    expected_rx_dbm: float
    status: Asked[OntStatus]
    life: Asked[OntLife]
    light: Asked[OpticalLevels]
    detail: Asked[OntDetail]
    counters: Asked[OntCounters]
    stranger: str = ""
    readings: tuple[KeptReading, ...] = ()

    @property
    def online(self) -> bool:
        """Whether it was seen online, so that it could be reset."""
        return not self.stranger and self.status.value is not None and self.status.value.run_state == "online"


@dataclass(frozen=True)
class SessionsNow:
    """A line's sessions and what it used, as RADIUS accounts for it; nothing where no RADIUS is ``connected``.

    ``live`` are those that no gateway has reported as ended; ``past`` the ended ones from ``offset`` on.
    """

    connected: bool
    read_at: datetime
    seconds: float = 0.0
    error: FailureRow | None = None
    live: tuple[Session, ...] = ()
    past: tuple[Session, ...] = ()
    past_total: int = 0
    offset: int = 0
    days: tuple[UsedIn, ...] = field(default=())
    months: tuple[UsedIn, ...] = field(default=())


@dataclass(frozen=True)
class LastReset:
    """The newest reset of a line's ONT, step by step."""

    delivery_id: UUID
    state: str
    asked_at: datetime
    asked_by: str
    failure: FailureRow | None
    steps: tuple[StepRow, ...]

    @property
    def under_way(self) -> bool:
        """Whether it is still to come to its end by itself."""
        return self.state in ("queued", "running", "scheduled")


@asks("network.read_live")
def line_now(window: Window, actor: Actor, *, service_code: str) -> LineNow | None:
    """Ask the OLT for everything that it tells of a line's ONT, one after the other; takes some seconds.

    None for a service without a line. Whatever fails stands in its answer's place; an OLT that cannot be reached is
    asked once.
    """
    allowed(actor, ("service.read",))
    with read(window.engine) as tx:
        service = inventory.service_by_code(tx=tx, code=service_code)
        line = inventory.line_of_service(tx=tx, service_id=service.id)
        if line is None:
            return None
        olt = inventory.olt_by_id(tx=tx, olt_id=line.olt_id)
        kept = tx.execute(
            sa.text(
                "SELECT at, ont_rx_dbm, olt_rx_dbm, source FROM readings WHERE service_id = :service "
                "ORDER BY at DESC LIMIT :many"
            ),
            {"service": service.id, "many": READINGS},
        )
        readings = tuple(KeptReading(r.at, r.ont_rx_dbm, r.olt_rx_dbm, r.source) for r in kept)
    return replace(_ask(window, service_code, olt, line), readings=readings)


def _ask(window: Window, service_code: str, olt: Olt, line: Line) -> LineNow:
    port, ont_id = PonPort.parse(line.pon_port), line.ont_id

    def asked[V](question: Callable[[PonPort, int], V | None]) -> Asked[V]:
        began = time.monotonic()
        try:
            value = question(port, ont_id)
        except LifecycleError as failed:
            return Asked(None, window.clock.now(), time.monotonic() - began, _failure(failed))
        return Asked(value, window.clock.now(), time.monotonic() - began)

    try:
        with window.olts.reader(olt.name, Transcript()) as session:
            now = _nothing_yet(window, service_code, olt, line, asked(session.ont_status))
            if now.status.error is not None or now.stranger:
                return now
            life, light = asked(session.ont_life), asked(session.optical)
            detail, counters = asked(session.ont_detail), asked(session.ont_counters)
            return replace(now, life=life, light=light, detail=detail, counters=counters)
    except LifecycleError as failed:
        refused: Asked[OntStatus] = Asked(None, window.clock.now(), error=_failure(failed))
        return _nothing_yet(window, service_code, olt, line, refused)


def _nothing_yet(window: Window, service_code: str, olt: Olt, line: Line, status: Asked[OntStatus]) -> LineNow:
    at = window.clock.now()
    return LineNow(
        service_code=service_code,
        olt=olt.name,
        place=f"{olt.name} {line.pon_port} ONT {line.ont_id}",
        serial=Serial.parse(line.serial).display,
        expected_rx_dbm=line.expected_rx_dbm,
        status=status,
        life=Asked(None, at),
        light=Asked(None, at),
        detail=Asked(None, at),
        counters=Asked(None, at),
        stranger=_stranger(status, line),
    )


def _stranger(status: Asked[OntStatus], line: Line) -> str:
    found = status.value
    if found is None or found.serial == Serial.parse(line.serial):
        return ""
    return f"The ONT that stands there is {found.serial}, not the line's own."


def _failure(failed: LifecycleError) -> FailureRow:
    return FailureRow("Ask the OLT", failed.kind, failed.message, failed.remedy)


@asks("service.read")
def sessions_now(window: Window, actor: Actor, *, service_code: str, offset: int = 0) -> SessionsNow:
    """A line's sessions and usage, by what access gateways reported to RADIUS; asks its database, which may be slow."""
    del actor
    if window.accounts is None:
        return SessionsNow(connected=False, read_at=window.clock.now())
    zone, began = window.settings.company.tz, time.monotonic()
    today = window.clock.now().astimezone(zone).date()
    first_day, first_month = today - timedelta(days=DAYS - 1), _months_before(today, MONTHS - 1)
    try:
        live = window.accounts.live_sessions(service_code)
        past = window.accounts.past_sessions(service_code, offset=offset, limit=SESSIONS)
        days = window.accounts.used_by(service_code, unit="day", zone=zone, since=start_of(first_day, zone=zone))
        months = window.accounts.used_by(service_code, unit="month", zone=zone, since=start_of(first_month, zone=zone))
    except LifecycleError as failed:
        error = FailureRow("Ask RADIUS", failed.kind, failed.message, failed.remedy)
        return SessionsNow(True, window.clock.now(), time.monotonic() - began, error)
    return SessionsNow(
        connected=True,
        read_at=window.clock.now(),
        seconds=time.monotonic() - began,
        live=live,
        past=past.rows,
        past_total=past.total,
        offset=offset,
        days=days,
        months=months,
    )


def _months_before(day: date, months: int) -> date:
    """The first day of the month that lies so many before the day's."""
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


_RESET = """
    SELECT d.id, d.state, d.failure, d.created_at, l.steps AS outline, coalesce(u.name, e.actor) AS asked_by
    FROM deliveries d JOIN events e ON e.id = d.event_id LEFT JOIN outlines l ON l.id = d.outline_id
    LEFT JOIN users u ON u.username = e.actor
    WHERE d.subscriber = 'ont_reset' AND d.service_id = (SELECT id FROM services WHERE code = :code)
    ORDER BY d.created_at DESC LIMIT 1
"""


@shows("service.read")
def last_reset(look: Look, *, service_code: str) -> LastReset | None:
    """The newest reset of the line's ONT, with how each of its steps stands."""
    row = look.tx.execute(sa.text(_RESET), {"code": service_code}).one_or_none()
    if row is None:
        return None
    return LastReset(
        delivery_id=row.id,
        state=row.state,
        asked_at=row.created_at,
        asked_by=row.asked_by or "",
        failure=failure_row(row.failure),
        steps=steps_of(look.tx, row.id, row.outline),
    )
