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
from isp_lifecycle.foundation.errors import LifecycleError
from isp_lifecycle.foundation.texts import one_after_other, say
from isp_lifecycle.foundation.words import word
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import Line, Olt
from isp_lifecycle.views.common import FailureRow, failure_row
from isp_lifecycle.views.installer import StepRow, steps_of
from isp_lifecycle.views.window import Look, Window, asks, shows

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
class Answer:
    """One thing that was read, in words, with when and from where; ``error`` says in its place why it was not."""

    what: str
    words: str
    at: datetime
    source: str
    error: str = ""


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
    found = _on_record(window, actor, service_code=service_code)
    if found is None:
        return None
    olt, line, readings = found
    return replace(_ask(window, service_code, olt, line), readings=readings)


@shows("service.read")
def _on_record(look: Look, *, service_code: str) -> tuple[Olt, Line, tuple[KeptReading, ...]] | None:
    """Where a service's line is, and what was kept of its light; an installer may ask devices, but not for this."""
    service = inventory.service_by_code(tx=look.tx, code=service_code)
    line = inventory.line_of_service(tx=look.tx, service_id=service.id)
    if line is None:
        return None
    kept = look.tx.execute(
        sa.text(
            "SELECT at, ont_rx_dbm, olt_rx_dbm, source FROM readings WHERE service_id = :service "
            "ORDER BY at DESC LIMIT :many"
        ),
        {"service": service.id, "many": READINGS},
    )
    readings = tuple(KeptReading(r.at, r.ont_rx_dbm, r.olt_rx_dbm, r.source) for r in kept)
    return inventory.olt_by_id(tx=look.tx, olt_id=line.olt_id), line, readings


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
    return say("The ONT that stands there is {serial}, not the line's own.", serial=found.serial)


def _failure(failed: LifecycleError) -> FailureRow:
    return FailureRow(say("Ask the OLT"), failed.kind, failed.message, failed.remedy)


def read_out(now: LineNow) -> tuple[Answer, ...]:
    """What was read, in words, for a page and a terminal alike."""

    def line[V](what: str, asked: Asked[V], words: str) -> Answer:
        source = say("{olt} in {seconds:.1f} s", olt=now.olt, seconds=asked.seconds)
        return Answer(what, words, asked.at, source, asked.error.what if asked.error is not None else "")

    status, life, light = now.status.value, now.life.value, now.light.value
    if status is None or now.stranger:
        return (line(say("State"), now.status, now.stranger),)
    cause = say(", last down because of {cause}", cause=status.last_down_cause) if status.last_down_cause else ""
    metres = (
        say("{metres} m from the OLT", metres=status.distance_m) if status.distance_m is not None else say("not shown")
    )
    return (
        line(
            say("State"),
            now.status,
            say(
                "{state}, configuration {configuration}{cause}",
                state=word(status.run_state),
                configuration=status.config_state or say("not shown"),
                cause=cause,
            ),
        ),
        line(say("Distance"), now.status, metres),
        line(say("Up for"), now.life, _up_words(life)),
        line(say("Light"), now.light, _light_words(light, now.expected_rx_dbm)),
        line(say("Model"), now.detail, _model_words(now.detail.value)),
        line(say("Firmware"), now.detail, _firmware_words(now.detail.value)),
        line(say("Went through"), now.counters, _through_words(now.counters.value)),
        line(say("Goes through now"), now.counters, _rate_words(now.counters.value)),
        line(say("Damaged frames"), now.counters, _damage_words(now.counters.value)),
    )


_NOT_SHOWN = say("not shown by this OLT")


def _up_words(life: OntLife | None) -> str:
    if life is None or not life.up_words:
        return say("not up, or not told")
    since = say(", by the OLT's clock since {moment}", moment=life.came_up) if life.came_up else ""
    return say("{time}{since}", time=life.up_words, since=since)


def _light_words(light: OpticalLevels | None, expected: float) -> str:
    levels = ((light.ont_rx_dbm, say("at the ONT")), (light.olt_rx_dbm, say("at the OLT"))) if light is not None else ()
    said = [say("{level:.1f} dBm {where}", level=level, where=where) for level, where in levels if level is not None]
    return say(
        "{levels}; {expected:.1f} dBm expected at the ONT",
        levels=one_after_other(*said, between=", ") or say("none shown"),
        expected=expected,
    )


def _model_words(detail: OntDetail | None) -> str:
    if detail is None:
        return say("only an ONT that is on tells it")
    hardware = f", hardware {detail.hardware}" if detail.hardware else ""
    return f"{detail.vendor} {detail.model}{hardware}".strip() or _NOT_SHOWN


def _firmware_words(detail: OntDetail | None) -> str:
    if detail is None:
        return say("only an ONT that is on tells it")
    standby = say(", {standby} in its other memory", standby=detail.standby) if detail.standby else ""
    return say("{software}{standby}", software=detail.software, standby=standby) if detail.software else _NOT_SHOWN


def _through_words(c: OntCounters | None) -> str:
    if c is None or c.down_bytes is None or c.up_bytes is None:
        return _NOT_SHOWN
    dropped = say("; {packets} packets down dropped", packets=c.down_dropped) if c.down_dropped else ""
    return say(
        "{down:.2f} GB down, {up:.2f} GB up{dropped}",
        down=c.down_bytes / 1e9,
        up=c.up_bytes / 1e9,
        dropped=dropped,
    )


def _rate_words(c: OntCounters | None) -> str:
    if c is None or c.down_kbps is None or c.up_kbps is None:
        return _NOT_SHOWN
    return say("{down:.1f} Mbit/s down, {up:.1f} Mbit/s up", down=c.down_kbps / 1000, up=c.up_kbps / 1000)


def _damage_words(c: OntCounters | None) -> str:
    if c is None or c.down_bip_errors is None or c.up_bip_errors is None:
        return _NOT_SHOWN
    return f"{c.down_bip_errors} down, {c.up_bip_errors} up"


@asks("service.read")
def has_accounts(window: Window, actor: Actor) -> bool:
    """Whether a RADIUS server is connected whose accounts can be read; asks it nothing."""
    del actor
    return window.accounts is not None


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
