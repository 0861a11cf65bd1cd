"""As built against as found, one OLT at a time: pure, from the records of one snapshot and one read of the device."""

from __future__ import annotations

import re
from collections.abc import Iterator

from isp_lifecycle.drivers.contract import OltFound, OntFound, ServicePortFound
from isp_lifecycle.views.audit.model import Finding, FindingKind, Note
from isp_lifecycle.views.audit.records import LineRecord, Records
from isp_lifecycle.views.audit.standing import Wanted, wanted_of

#: Descriptions of this form are ours: the codes of services.
OURS = re.compile(r"S-\d{6,9}", re.ASCII)

_K = FindingKind
_REPAIR = "Compare it with the inventory; then repair the line, or correct the record."
_FREE = "Make sure that nobody uses it, then remove it from the OLT."


def compare(records: Records, found: OltFound, *, gem_port: int) -> tuple[Finding, ...]:
    """Everything in which the device and the records differ; services in a workflow's hands are left to it."""
    return tuple(_Comparison(records, found, gem_port).findings())


def notes(records: Records, found: OltFound) -> Iterator[Note]:
    """What stands on the device besides, and belongs to others."""
    foreign = sum(OURS.fullmatch(ont.key) is None for ont in found.onts)
    if foreign:
        yield Note(found.olt, f"{foreign} ONTs carry no code of ours and were not judged.")
    unknown = sorted(found.vlans - records.vlans.get(found.olt, frozenset()))
    if unknown:
        yield Note(found.olt, f"VLANs that the records do not know: {', '.join(map(str, unknown))}.")
    if found.unread:
        yield Note(found.olt, f"Not read: {found.unread}.")


class _Comparison:
    """One OLT's ONTs and flows by what they are looked up by."""

    def __init__(self, records: Records, found: OltFound, gem_port: int) -> None:
        self._records = records
        self._olt = found.olt
        self._found = found
        self._by_key: dict[str, list[OntFound]] = {}
        self._flows: dict[tuple[object, int], list[ServicePortFound]] = {}
        for ont in found.onts:
            self._by_key.setdefault(ont.key, []).append(ont)
        for flow in found.service_ports:
            if flow.gem_port == gem_port:  # others carry other services: telephony, television
                self._flows.setdefault((flow.port, flow.ont_id), []).append(flow)

    def findings(self) -> Iterator[Finding]:
        for key, onts in sorted(self._by_key.items()):
            if OURS.fullmatch(key) and key not in self._records.busy:
                yield from self._ours(key, onts)
        for line in self._records.lines.values():
            wanted = wanted_of(line)
            if line.olt == self._olt and wanted is not None and line.code not in self._records.busy:
                yield from self._line(line, wanted)
        yield from self._flows_of_nobody()
        yield from self._vlans()

    # --- what stands there ----------------------------------------------------------------------------------------

    def _ours(self, key: str, onts: list[OntFound]) -> Iterator[Finding]:
        if len(onts) > 1:
            places = " and ".join(f"{ont.place} ({ont.serial})" for ont in onts)
            yield self._says(_K.DOUBLED, "ONT", key, f"Two ONTs carry this code: {places}.", _FREE)
        line = self._records.lines.get(key)
        if line is not None and line.olt == self._olt:
            return
        state = self._records.states.get(key)
        for ont in onts:
            where = f"{ont.place} ({ont.serial}) carries this code"
            if line is not None:
                what = f"{where}, but the line is recorded at {line.olt} {line.port} ONT {line.ont_id}."
                yield self._says(_K.DOUBLED, "ONT", key, what, _FREE)
            elif state in ("active", "suspended"):
                what = f"{where}, but the inventory holds no line for the service, which is {state}."
                yield self._says(_K.LOST, "line", key, what, "Record the line as it stands.")
            else:
                whose = f"the service is {state}" if state else "there is no such service"
                yield self._says(_K.LEAKED, "ONT", key, f"{where}, but {whose}.", _FREE)

    # --- what should stand there ----------------------------------------------------------------------------------

    def _line(self, line: LineRecord, wanted: Wanted) -> Iterator[Finding]:
        onts = self._by_key.get(line.code, [])
        ont = next(
            (one for one in onts if (one.port, one.ont_id) == (line.port, line.ont_id)), onts[0] if onts else None
        )
        if ont is None:
            yield self._missing(line)
            return
        place = f"{line.port} ONT {line.ont_id}"
        if ont.place != place:
            yield self._differs(line, f"It stands at {ont.place}, and is recorded at {place}.")
        if ont.serial != line.serial:
            yield self._differs(line, f"The ONT at {ont.place} is {ont.serial}, recorded is {line.serial}.")
        if wanted.enabled is not None and ont.enabled != wanted.enabled:
            is_on, should = ("on", "off") if ont.enabled else ("off", "on")
            yield self._differs(
                line, f"{ont.place} is switched {is_on}; the service is {line.state}: it should be {should}."
            )
        yield from self._flow(line, wanted, ont)

    def _missing(self, line: LineRecord) -> Finding:
        other = next((ont for ont in self._found.onts if ont.serial == line.serial), None)
        if other is None:
            what = f"{line.serial} should stand at {line.port} ONT {line.ont_id}; no ONT carries this code."
        else:
            name = f"“{other.key}”" if other.key else "nothing"
            what = f"{line.serial} stands at {other.place}, but carries {name} instead of this code."
        return self._says(_K.LOST, "ONT", line.code, what, _REPAIR)

    def _flow(self, line: LineRecord, wanted: Wanted, ont: OntFound) -> Iterator[Finding]:
        flows = self._flows.get((ont.port, ont.ont_id), [])
        if not flows:
            what = f"{ont.place} has no service port, so it carries nothing."
            yield self._says(_K.LOST, "service port", line.code, what, _REPAIR)
            return
        if len(flows) > 1:
            numbers = ", ".join(f"{flow.index} (VLAN {flow.vlan})" for flow in flows)
            what = f"{ont.place} has {len(flows)} service ports: {numbers}."
            yield self._says(_K.DOUBLED, "service port", line.code, what, _REPAIR)
        flow = next((one for one in flows if one.vlan == line.vlan), flows[0])
        if flow.vlan != line.vlan:
            what = f"Service port {flow.index} of {ont.place} is on VLAN {flow.vlan}, should be on {line.vlan}."
            yield self._says(_K.LOST, "service port", line.code, what, _REPAIR)
        rates = (flow.down.kbps if flow.down else None, flow.up.kbps if flow.up else None)
        if wanted.rates is not None and rates != wanted.rates:
            has, should = _rates(rates), _rates(wanted.rates)
            what = f"Service port {flow.index} of {ont.place} has {has}, should have {should}."
            yield self._says(_K.LOST, "service port", line.code, what, _REPAIR)

    def _differs(self, line: LineRecord, what: str) -> Finding:
        return self._says(_K.LOST, "ONT", line.code, what, _REPAIR)

    # --- the OLT as a whole ---------------------------------------------------------------------------------------

    def _flows_of_nobody(self) -> Iterator[Finding]:
        places = {(ont.port, ont.ont_id) for ont in self._found.onts}
        for flow in self._found.service_ports:
            if (flow.port, flow.ont_id) not in places:
                key = f"{self._olt} service port {flow.index}"
                what = f"It joins {flow.port} ONT {flow.ont_id} to VLAN {flow.vlan}, where no ONT is registered."
                yield Finding(_K.LEAKED, "service port", key, what, "Remove it from the OLT.")

    def _vlans(self) -> Iterator[Finding]:
        used = {line.vlan for line in self._records.lines.values() if line.olt == self._olt and wanted_of(line)}
        for number in sorted(used - self._found.vlans):
            key = f"{self._olt} VLAN {number}"
            yield Finding(_K.LOST, "VLAN", key, "Lines use it, but the OLT does not have it.", "Create it on the OLT.")

    def _says(self, kind: FindingKind, about: str, key: str, what: str, remedy: str) -> Finding:
        return Finding(kind, about, key, f"{self._olt}: {what}", remedy)


def _rates(rates: tuple[int | None, int | None]) -> str:
    down, up = (f"{rate} kbit/s" if rate is not None else "no limit" for rate in rates)
    return f"{down} down and {up} up"
