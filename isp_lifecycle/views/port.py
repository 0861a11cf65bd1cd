"""A PON port as its OLT tells of it now, each ONT held against the records and against its neighbours.

``telemetry.weakness`` is the rule of what is weak, and whose fault that is.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from isp_lifecycle.access.model import Actor
from isp_lifecycle.drivers.contract import OntOnPort, OpticalLevels, PonPort, Transcript
from isp_lifecycle.foundation.db import read
from isp_lifecycle.foundation.errors import LifecycleError
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.telemetry.model import OntLevel, PortLook, Source
from isp_lifecycle.telemetry.model.weakness import Down, Limits, Received, Whose, down_of, judged
from isp_lifecycle.views.common import FailureRow
from isp_lifecycle.views.window import Window, asks


class Fault(StrEnum):
    """What an ONT's light says, held against its neighbours'."""

    NONE = "fits"
    DROP = "weak on its own: the drop"
    SPLITTER = "weak with its splitter"
    FEEDER = "weak with the whole port: the feeder"
    POWER = "off: its power went"
    LIGHT = "off: its light went"
    OFF = "off"
    UNKNOWN = "nothing to compare with"


@dataclass(frozen=True)
class OntNow:
    """One ONT of the port. Levels in dBm; ``built_dbm`` was measured when the line was built.

    One that nobody has on record has no service; one on record that the OLT does not know has no ``seen``.
    """

    ont_id: int
    serial: str
    service_code: str
    customer: str
    splitter: str
    seen: bool
    online: bool
    down: Down | None = None
    rx_dbm: float | None = None
    expected_dbm: float | None = None
    built_dbm: float | None = None
    fault: Fault = Fault.UNKNOWN

    @property
    def received(self) -> Received:
        """Its light, as it is compared."""
        return Received(self.rx_dbm, self.expected_dbm, self.splitter)


@dataclass(frozen=True)
class PortNow:
    """All ONTs of a port, read at ``read_at`` within ``seconds``; ``error`` says why there is no answer."""

    olt: str
    port: str
    read_at: datetime
    seconds: float
    onts: tuple[OntNow, ...]
    error: FailureRow | None = None
    light: PortLook | None = None
    """What was read, for whoever keeps it (``intake.light.keep_look``)."""

    @property
    def online(self) -> int:
        """How many are online."""
        return sum(ont.online for ont in self.onts)

    def count(self, fault: Fault) -> int:
        """How many have this."""
        return sum(ont.fault is fault for ont in self.onts)


_RECORDED = """
    SELECT l.ont_id, l.serial, s.code, c.name, coalesce(l.splitter_code, '') AS splitter, l.expected_rx_dbm,
           l.measured_rx_dbm
    FROM lines l JOIN olts o ON o.id = l.olt_id JOIN services s ON s.id = l.service_id
    JOIN customers c ON c.id = s.customer_id WHERE o.name = :olt AND l.pon_port = :port
"""


@asks("network.read_live")
def port_now(window: Window, actor: Actor, *, olt: str, pon_port: str) -> PortNow:
    """Ask an OLT for every ONT of one port, in one session."""
    del actor
    port = PonPort.parse(pon_port)
    with read(window.engine) as tx:
        olt_id = inventory.olt_by_name(tx=tx, name=olt).id
        recorded = {r.ont_id: r for r in tx.execute(sa.text(_RECORDED), {"olt": olt, "port": pon_port})}
    began = time.monotonic()
    error, rows, levels = None, tuple[OntOnPort, ...](), dict[int, OpticalLevels]()
    try:
        with window.olts.reader(olt, Transcript()) as session:
            rows = session.port_onts(port)
            levels = {one.ont_id: one for one in session.port_optical(port)}
    except LifecycleError as failed:
        error = FailureRow(say("Ask the OLT"), failed.kind, failed.message, failed.remedy)
    seconds, now = time.monotonic() - began, window.clock.now()
    if error is not None:
        return PortNow(olt, pon_port, now, seconds, (), error)
    light = PortLook(olt_id, pon_port, now, Source.LOOK, tuple(_level(row, levels) for row in rows if row.serial))
    onts = compared(_joined(rows, levels, recorded), Limits.of(window.settings))
    return PortNow(olt, pon_port, now, seconds, onts, light=light)


def _level(row: OntOnPort, levels: Mapping[int, OpticalLevels]) -> OntLevel:
    online, found = row.run_state == "online", levels.get(row.ont_id)
    return OntLevel(
        ont_id=row.ont_id,
        serial=row.serial.normal if row.serial else "",
        ont_rx_dbm=_received(row, levels) if online else None,
        olt_rx_dbm=found.olt_rx_dbm if found and online else None,
        online=online,
        down=down_of(row.last_down_cause),
    )


def _received(row: OntOnPort, levels: Mapping[int, OpticalLevels]) -> float | None:
    if row.ont_rx_dbm is not None:
        return row.ont_rx_dbm
    found = levels.get(row.ont_id)
    return found.ont_rx_dbm if found else None


def _joined(
    rows: Sequence[OntOnPort], levels: Mapping[int, OpticalLevels], recorded: Mapping[int, Any]
) -> list[OntNow]:
    """What is seen with what is on record of it, by ONT id; and what is on record and not seen."""
    found = []
    for row in rows:
        line, serial = recorded.get(row.ont_id), row.serial.normal if row.serial else ""
        ours = line is not None and serial == line.serial
        found.append(
            OntNow(
                ont_id=row.ont_id,
                serial=row.serial.display if row.serial else "",
                service_code=line.code if ours and line else "",
                customer=line.name if ours and line else "",
                splitter=line.splitter if ours and line else "",
                seen=True,
                online=row.run_state == "online",
                down=None if row.run_state == "online" else down_of(row.last_down_cause),
                rx_dbm=_received(row, levels),
                expected_dbm=line.expected_rx_dbm if ours and line else None,
                built_dbm=line.measured_rx_dbm if ours and line else None,
            )
        )
    ours_seen = {ont.service_code for ont in found if ont.service_code}
    found += [
        OntNow(
            ont_id=line.ont_id,
            serial=line.serial,
            service_code=line.code,
            customer=line.name,
            splitter=line.splitter,
            seen=False,
            online=False,
            expected_dbm=line.expected_rx_dbm,
            built_dbm=line.measured_rx_dbm,
        )
        for line in recorded.values()
        if line.code not in ours_seen
    ]
    return sorted(found, key=lambda ont: (ont.ont_id, not ont.seen))


def compared(onts: Sequence[OntNow], limits: Limits = Limits()) -> tuple[OntNow, ...]:
    """Each ONT with what its light says, held against those behind the same splitter and on the same port."""
    return tuple(replace(ont, fault=_fault(ont, onts, limits)) for ont in onts)


_WEAK = {
    Whose.NOBODYS: Fault.NONE,
    Whose.DROP: Fault.DROP,
    Whose.SPLITTER: Fault.SPLITTER,
    Whose.FEEDER: Fault.FEEDER,
    Whose.UNKNOWN: Fault.UNKNOWN,
}


def _fault(ont: OntNow, onts: Sequence[OntNow], limits: Limits) -> Fault:
    if not ont.seen:
        return Fault.OFF
    if not ont.online:
        return {Down.POWER: Fault.POWER, Down.LIGHT: Fault.LIGHT}.get(ont.down or Down.UNTOLD, Fault.OFF)
    others = (one.received for one in onts if one is not ont and one.online)
    return _WEAK[judged(ont.received, others, limits).whose]
