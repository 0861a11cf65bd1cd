"""As built against as found: every way in which one OLT differs from the lines that should stand on it. Pure.

What stands is known from `OltSession.everything`, what should stand from the records; the code of a service is the
description of its ONT, so that each finds the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from isp_lifecycle.drivers.contract import OltFound, OntFound, PonPort, Serial, ServicePortFound
from isp_lifecycle.drivers.ont_service import OntService, serving


class DriftKind(StrEnum):
    """In what a device and the records differ."""

    ONT_MISSING = "ont_missing"  #: Nothing on the OLT is this line.
    DESCRIPTION = "description"  #: The ONT stands, but carries another description than the line's code.
    PLACE = "place"  #: The ONT stands at another port, or with another id.
    SERIAL = "serial"  #: Another ONT stands in its place.
    SWITCHED = "switched"  #: It is switched off and should be on, or the other way round.
    ONT_TWICE = "ont_twice"  #: Two ONTs carry the code.
    FLOW_MISSING = "flow_missing"  #: No service port joins it to a VLAN.
    FLOW_TWICE = "flow_twice"  #: More than one does.
    VLAN = "vlan"  #: The service port is on another VLAN.
    INNER_TAG = "inner_tag"  #: The service port's inner tag is another, or it has one and should not, or has none.
    SERVES = "serves"  #: The ONT is told to do something else than was sold.
    RATES = "rates"  #: Its limits are others.
    VLAN_MISSING = "vlan_missing"  #: The OLT does not have a VLAN that lines use.
    ELSEWHERE = "elsewhere"  #: An ONT carries the code of a line that is recorded at another OLT.
    UNRECORDED = "unrecorded"  #: An ONT carries the code of a service that is in use and has no line on record.
    LEFT = "left"  #: An ONT carries the code of a service that has ended, or that there never was.
    FLOW_LEFT = "flow_left"  #: A service port leads to an ONT that is not registered.
    STRANGER = "stranger"  #: An ONT carries no code of ours, and nobody took note of it.


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A line as it was built and should stand; None is: either way is right. Rates are kbit/s."""

    key: str
    port: PonPort
    ont_id: int
    serial: Serial
    vlan: int
    rates: tuple[int, int] | None
    """Down and up."""
    enabled: bool | None = True
    state: str = "active"
    """Of the service, for people."""
    inner: int | None = None
    """The line's own tag within ``vlan``."""
    ont: OntService | None = None
    """What the ONT is to do; None: either way is right."""
    on_ont: int | None = None
    """The VLAN that the ONT's router tags with."""

    @property
    def place(self) -> str:
        return f"{self.port} ONT {self.ont_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What is on record about one OLT.

    ``elsewhere`` are the places of lines on other OLTs, ``states`` those of services, both by code. What is ``busy``
    is in a workflow's hands and left to it. ``strangers`` are ONTs that somebody took note of as nobody's. Service
    ports on other
    GEM ports than ``gem_port`` carry other services and are not judged.
    """

    lines: Mapping[str, Built]
    states: Mapping[str, str]
    gem_port: int
    ours: Callable[[str], bool]
    """Whether a description has the form of a service's code."""
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    busy: frozenset[str] = frozenset()
    strangers: frozenset[Serial] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One difference. ``key`` is the code of the line that it concerns, ``place`` where it is on the OLT."""

    kind: DriftKind
    key: str
    place: str
    what: str
    ont: OntFound | None = None
    """The ONT that stands there, where there is one."""


def drifts(expected: Expected, found: OltFound) -> Iterator[Drift]:
    """Yield every difference: first what stands there, line by line, then what concerns the OLT as a whole."""
    yield from _Comparison(expected, found).drifts()


class _Comparison:
    """One OLT's ONTs and flows by what they are looked up by."""

    def __init__(self, expected: Expected, found: OltFound) -> None:
        self._expected = expected
        self._found = found
        self._by_key: dict[str, list[OntFound]] = {}
        self._flows: dict[tuple[PonPort, int], list[ServicePortFound]] = {}
        for ont in found.onts:
            self._by_key.setdefault(ont.key, []).append(ont)
        for flow in found.service_ports:
            if flow.gem_port == expected.gem_port:
                self._flows.setdefault((flow.port, flow.ont_id), []).append(flow)

    def drifts(self) -> Iterator[Drift]:
        for key, onts in sorted(self._by_key.items()):
            if self._expected.ours(key) and key not in self._expected.busy:
                yield from self._ours(key, onts)
        for line in self._expected.lines.values():
            if line.key not in self._expected.busy:
                yield from self._line(line)
        yield from self._strangers()
        yield from self._flows_of_nobody()
        yield from self._vlans()

    # --- what stands there --------------------------------------------------------------------------------------------

    def _ours(self, key: str, onts: list[OntFound]) -> Iterator[Drift]:
        line = self._expected.lines.get(key)
        if len(onts) > 1:
            places = " and ".join(f"{ont.place} ({ont.serial})" for ont in onts)
            stray = next((ont for ont in onts if line is None or ont.place != line.place), onts[-1])
            what = f"Two ONTs carry this code: {places}."
            yield Drift(kind=DriftKind.ONT_TWICE, key=key, place=stray.place, what=what, ont=stray)
        if line is None:
            unknown = key not in self._expected.states and key not in self._expected.elsewhere
            noted = self._expected.strangers if unknown else frozenset()
            yield from (self._without_line(key, ont) for ont in onts if ont.serial not in noted)

    def _without_line(self, key: str, ont: OntFound) -> Drift:
        where = f"{ont.place} ({ont.serial}) carries this code"
        state, other = self._expected.states.get(key), self._expected.elsewhere.get(key)
        if other is not None:
            kind, what = DriftKind.ELSEWHERE, f"{where}, but the line is recorded at {other}."
        elif state in ("active", "suspended"):
            what = f"{where}, but the inventory holds no line for the service, which is {state}."
            kind = DriftKind.UNRECORDED
        else:
            whose = f"the service is {state}" if state else "there is no such service"
            kind, what = DriftKind.LEFT, f"{where}, but {whose}."
        return Drift(kind=kind, key=key, place=ont.place, what=what, ont=ont)

    def _strangers(self) -> Iterator[Drift]:
        recorded = {line.serial for line in self._expected.lines.values()}
        for ont in self._found.onts:
            known = ont.serial in recorded or ont.serial in self._expected.strangers
            if not self._expected.ours(ont.key) and not known:
                carries = f"“{ont.key}”" if ont.key else "no description"
                what = f"{ont.serial} at {ont.place} carries {carries}, and is on no record."
                yield Drift(kind=DriftKind.STRANGER, key="", place=ont.place, what=what, ont=ont)

    # --- what should stand there --------------------------------------------------------------------------------------

    def _line(self, line: Built) -> Iterator[Drift]:
        onts = self._by_key.get(line.key, [])
        ont = next((one for one in onts if one.place == line.place), onts[0] if onts else None)
        if ont is None:
            yield self._missing(line)
            return
        if ont.place != line.place:
            what = f"It stands at {ont.place}, and is recorded at {line.place}."
            yield self._says(DriftKind.PLACE, line, ont, what)
        if ont.serial != line.serial:
            what = f"The ONT at {ont.place} is {ont.serial}, recorded is {line.serial}."
            yield self._says(DriftKind.SERIAL, line, ont, what)
        if line.enabled is not None and ont.enabled != line.enabled:
            is_on, should = ("on", "off") if ont.enabled else ("off", "on")
            what = f"{ont.place} is switched {is_on}; the service is {line.state}: it should be {should}."
            yield self._says(DriftKind.SWITCHED, line, ont, what)
        yield from self._flow(line, ont)
        yield from self._serves(line, ont)

    def _missing(self, line: Built) -> Drift:
        other = next((ont for ont in self._found.onts if ont.serial == line.serial), None)
        if other is None:
            what = f"{line.serial} should stand at {line.place}; no ONT carries this code."
            return Drift(kind=DriftKind.ONT_MISSING, key=line.key, place=line.place, what=what)
        name = f"“{other.key}”" if other.key else "nothing"
        what = f"{line.serial} stands at {other.place}, but carries {name} instead of this code."
        return self._says(DriftKind.DESCRIPTION, line, other, what)

    def _flow(self, line: Built, ont: OntFound) -> Iterator[Drift]:
        flows = self._flows.get((ont.port, ont.ont_id), [])
        if not flows:
            what = f"{ont.place} has no service port, so it carries nothing."
            yield self._says(DriftKind.FLOW_MISSING, line, ont, what)
            return
        if len(flows) > 1:
            numbers = ", ".join(f"{flow.index} (VLAN {flow.vlan})" for flow in flows)
            what = f"{ont.place} has {len(flows)} service ports: {numbers}."
            yield self._says(DriftKind.FLOW_TWICE, line, ont, what)
        flow = next((one for one in flows if one.vlan == line.vlan), flows[0])
        if flow.vlan != line.vlan:
            what = f"Service port {flow.index} of {ont.place} is on VLAN {flow.vlan}, should be on {line.vlan}."
            yield self._says(DriftKind.VLAN, line, ont, what)
        if flow.inner != line.inner:
            has, should = (f"inner tag {tag}" if tag else "no inner tag" for tag in (flow.inner, line.inner))
            what = f"Service port {flow.index} of {ont.place} has {has}, should have {should}."
            yield self._says(DriftKind.INNER_TAG, line, ont, what)
        rates = (flow.down.kbps if flow.down else None, flow.up.kbps if flow.up else None)
        if line.rates is not None and rates != line.rates:
            has, should = _rates(rates), _rates(line.rates)
            what = f"Service port {flow.index} of {ont.place} has {has}, should have {should}."
            yield self._says(DriftKind.RATES, line, ont, what)

    def _serves(self, line: Built, ont: OntFound) -> Iterator[Drift]:
        """Judged where the ONT was looked at; passwords are compared and never told."""
        found = self._found.services.get((ont.port, ont.ont_id))
        if line.ont is None or found is None:
            return
        for name, want, have in serving(line.ont, found, line.on_ont):
            if want != have:
                what = f"{ont.place}: {name.replace('_', ' ')} should be {want}, is {have}."
                yield self._says(DriftKind.SERVES, line, ont, what)

    def _says(self, kind: DriftKind, line: Built, ont: OntFound, what: str) -> Drift:
        return Drift(kind=kind, key=line.key, place=ont.place, what=what, ont=ont)

    # --- the OLT as a whole -------------------------------------------------------------------------------------------

    def _flows_of_nobody(self) -> Iterator[Drift]:
        places = {(ont.port, ont.ont_id) for ont in self._found.onts}
        for flow in self._found.service_ports:
            if (flow.port, flow.ont_id) not in places:
                what = f"It joins {flow.port} ONT {flow.ont_id} to VLAN {flow.vlan}, where no ONT is registered."
                yield Drift(kind=DriftKind.FLOW_LEFT, key="", place=f"service port {flow.index}", what=what)

    def _vlans(self) -> Iterator[Drift]:
        """Named with the first line that uses it, whose plan brings it back."""
        users: dict[int, str] = {}
        for line in self._expected.lines.values():
            if line.vlan not in self._found.vlans:
                users.setdefault(line.vlan, line.key)
        for number, key in sorted(users.items()):
            what = "Lines use it, but the OLT does not have it."
            yield Drift(kind=DriftKind.VLAN_MISSING, key=key, place=f"VLAN {number}", what=what)


def _rates(rates: tuple[int | None, int | None]) -> str:
    down, up = (f"{rate} kbit/s" if rate is not None else "no limit" for rate in rates)
    return f"{down} down and {up} up"
