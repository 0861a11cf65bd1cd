"""The light of every ONT of one OLT, read port by port and kept. It changes nothing on the OLT.

Each port is a look of its own, a few commands long, and the session is let go in between: whoever else wants to ask the
OLT waits for one port at most. What stands there is known by the records, so that only light is asked for; an ONT that
has none is off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from isp_lifecycle.drivers.contract import OpticalLevels, PonPort, Transcript
from isp_lifecycle.events.vocabulary import LightReadingDue
from isp_lifecycle.foundation.db import Tx, read
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.telemetry import actions as telemetry
from isp_lifecycle.telemetry.model import Built, OntLevel, PortLook, Source
from isp_lifecycle.telemetry.model.weakness import Limits
from isp_lifecycle.workflows.steps import (
    DatabaseStep,
    Did,
    Irreversible,
    OutsideStep,
    Room,
    Site,
    Unobservable,
    Workflow,
)


@dataclass(frozen=True, kw_only=True)
class LightReadingCase:
    """The OLT, and what its ports told until that is kept."""

    olt: str
    looks: tuple[PortLook, ...] = ()


def begin(event: LightReadingDue, room: Room) -> LightReadingCase:
    """The event names the OLT."""
    return LightReadingCase(olt=event.olt)


def look(case: LightReadingCase, site: Site) -> Did[LightReadingCase]:
    """Ask for the light of each port that has ONTs on record."""
    with read(site.parts.engine) as tx:
        olt_id = inventory.olt_by_name(tx=tx, name=case.olt).id
        ports = _on_record(tx, olt_id)
    looks = tuple(_look_at(case.olt, olt_id, port, ports[port], site) for port in sorted(ports))
    lit = sum(one.online for port in looks for one in port.onts)
    count = sum(len(one.onts) for one in looks)
    return Did(
        replace(case, looks=looks),
        say("{lit} of {count} ONTs have light, on {ports} ports.", lit=lit, count=count, ports=len(looks)),
    )


def _on_record(tx: Tx, olt_id: UUID) -> dict[str, dict[int, str]]:
    """The serial number of each ONT by port and ONT id: those of lines, and those that somebody took note of."""
    found: dict[str, dict[int, str]] = {}
    for noted in inventory.adopted_onts(tx=tx, olt_id=olt_id):
        found.setdefault(noted.line.pon_port, {})[noted.line.ont_id] = noted.line.serial
    for _service, line in inventory.lines_on(tx=tx, olt_id=olt_id):
        found.setdefault(line.pon_port, {})[line.ont_id] = line.serial
    return found


def _look_at(olt: str, olt_id: UUID, port: str, onts: Mapping[int, str], site: Site) -> PortLook:
    """One port, in a turn of the session of its own; what was said is evidence only where it goes wrong."""
    site.still_mine()
    said = Transcript()
    try:
        with site.parts.olts.reader(olt, said) as session:
            levels = {one.ont_id: one for one in session.port_optical(PonPort.parse(port))}
    except BaseException:
        site.transcript.note(say("Port {port}:\n{value}", port=port, value=said.text()))
        raise
    found = tuple(_level(ont_id, serial, levels.get(ont_id)) for ont_id, serial in sorted(onts.items()))
    return PortLook(olt_id, port, site.parts.clock.now(), Source.NIGHTLY, found)


def _level(ont_id: int, serial: str, found: OpticalLevels | None) -> OntLevel:
    if found is None:
        return OntLevel(ont_id, serial, None, online=False)
    return OntLevel(ont_id, serial, found.ont_rx_dbm, found.olt_rx_dbm, online=found.ont_rx_dbm is not None)


def keep(case: LightReadingCase, room: Room) -> Did[LightReadingCase]:
    """Keep what was read, and how each ONT stands by it."""
    built = {}
    if case.looks:
        lines = inventory.lines_on(tx=room.tx, olt_id=case.looks[0].olt_id)
        built = {line.serial: Built(line.splitter_code or "", line.expected_rx_dbm) for _service, line in lines}
    limits = Limits.of(room.parts.settings)
    for one in case.looks:
        telemetry.keep_look(tx=room.tx, look=one, built=built, limits=limits)
    return Did(replace(case, looks=()), say("{ports} ports noted.", ports=len(case.looks)))


_READS = say("It changes nothing on the OLT.")

LIGHT_READING = Workflow(
    name="light.reading",
    starts_on=(LightReadingDue,),
    case=LightReadingCase,
    begin=begin,
    steps=(
        OutsideStep(
            say("Read the light of every ONT"), do=look, verify=Unobservable(_READS), undo=Irreversible(_READS)
        ),
        DatabaseStep(say("Keep what was read"), do=keep, undo=Irreversible(say("What was read stays on record."))),
    ),
)
