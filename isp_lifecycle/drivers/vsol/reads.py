"""Looks at a V1600G: which commands, in which order, and what of their answers becomes contract values.

What is registered and for whom is read from the running configuration, whose form is its commands'; what is switched on
and works, from displays, which know a PON port only from inside it. The key of a line is the ONT's description.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass

from isp_lifecycle.drivers import printed
from isp_lifecycle.drivers.contract import (
    BoardFound,
    LineFound,
    LineWanted,
    OltFound,
    OltIdentity,
    OltProfile,
    OntCounters,
    OntDetail,
    OntFound,
    OntLife,
    OntOnPort,
    OntStatus,
    OpticalLevels,
    PonPort,
    RateTable,
    RunState,
    Serial,
    ServicePortFound,
    UnconfiguredOnt,
    VlanFound,
)
from isp_lifecycle.drivers.dialect import Meaning
from isp_lifecycle.drivers.vendor import Ask, Unreadable
from isp_lifecycle.drivers.vsol import names, parsers
from isp_lifecycle.drivers.vsol.commands import VLAN_KIND

_NONE = frozenset({Meaning.ABSENT})
_NONE_OR_OFFLINE = frozenset({Meaning.ABSENT, Meaning.OFFLINE})
_NO_ANSWER = frozenset({Meaning.ABSENT, Meaning.OFFLINE, Meaning.UNSUPPORTED})
_DARK_PHASES = {"los": "LOS", "dyinggasp": "DyingGasp", "offline": ""}
type _Place = tuple[PonPort, int]


@dataclass(frozen=True, slots=True)
class _Rates:
    """The profiles of both kinds as one look sees them, by name."""

    up: dict[str, parsers.ProfileRate]
    down: dict[str, parsers.ProfileRate]

    def of(self, gem: parsers.GemPort, dba: str) -> tuple[RateTable | None, RateTable | None]:
        """Down and up of a GEM port; of two limits up, the lower one counts. ``index`` of a limit up is its T-CONT."""
        down = RateTable(gem.down, None, self._kbps(self.down, gem.down), "down") if gem.down else None
        ups = [RateTable(dba, gem.tcont, self._kbps(self.up, dba), "up")] if dba else []
        if gem.up:
            ups.append(RateTable(gem.up, gem.tcont, self._kbps(self.down, gem.up), "up"))
        return down, min(ups, key=lambda table: table.kbps, default=None)

    def _kbps(self, profiles: dict[str, parsers.ProfileRate], name: str) -> int:
        if name not in profiles:
            raise Unreadable(f"profile {name} is in use but not in the list of profiles")
        return profiles[name].kbps

    def tables(self) -> tuple[RateTable, ...]:
        """All of them, for planning, with their numbers."""
        ups = (RateTable(one.name, one.number, one.kbps, "up") for one in self.up.values())
        return (*ups, *(RateTable(one.name, one.number, one.kbps, "down") for one in self.down.values()))


class VsolReads:
    """Its PON ports are remembered between looks, since a V1600G has no boards; anything else may have changed."""

    def __init__(self, olt: str, profile: OltProfile) -> None:
        self._olt = olt
        self._profile = profile
        self._ports: tuple[PonPort, ...] = ()

    def identify(self, ask: Ask) -> OltIdentity:
        block = parsers.version(ask("show version").text)
        return OltIdentity("", block.model, block.version, "")

    def boards(self, ask: Ask) -> tuple[BoardFound, ...]:
        """The unit itself is its only board."""
        block = parsers.version(ask("show version").text)
        return (BoardFound("0/0", block.model, "built in", self._pon_ports(ask)),)

    def unconfigured(self, ask: Ask) -> tuple[UnconfiguredOnt, ...]:
        found: list[UnconfiguredOnt] = []
        for port in self._visited(ask, self._pon_ports(ask)):
            answer = ask("show onu auto-find", accept=_NONE)
            for row in () if answer.meaning is Meaning.ABSENT else parsers.auto_find(answer.text):
                serial = printed.serial(row.serial)
                found.append(UnconfiguredOnt(port, serial, serial.vendor, row.equipment, "", None))
        return tuple(found)

    def _pon_ports(self, ask: Ask) -> tuple[PonPort, ...]:
        if not self._ports:
            rows = parsers.interface_brief(ask("show interface brief").text)
            self._ports = tuple(row.pon for row in rows if row.pon is not None)
        return self._ports

    def _visited(self, ask: Ask, ports: Iterable[PonPort]) -> Iterator[PonPort]:
        """Each port in turn, from inside it: one leads to the next, and the last one is left."""
        inside = False
        for port in ports:
            ask(f"interface gpon {names.pon(port)}")
            inside = True
            yield port
        if inside:
            ask("exit")

    @contextmanager
    def _inside(self, ask: Ask, port: PonPort) -> Iterator[None]:
        ask(f"interface gpon {names.pon(port)}")
        yield
        ask("exit")

    def find(self, ask: Ask, serial: Serial) -> OntFound | None:
        block = _by_serial(self._configuration(ask), serial)
        if block is None:
            return None
        return _ont(block, serial, self._states(ask, (block.port,)))

    def _configuration(self, ask: Ask) -> parsers.Configuration:
        return parsers.running_config(ask("show running-config").text)

    def _states(self, ask: Ask, ports: Iterable[PonPort]) -> dict[_Place, parsers.StateRow]:
        rows = [row for _ in self._visited(ask, ports) for row in _state_rows(ask)]
        return {(row.port, row.ont_id): row for row in rows}

    def flows(self, ask: Ask, ont: OntFound) -> tuple[ServicePortFound, ...]:
        with self._inside(ask, ont.port):
            answer = ask(f"show running-config onu {ont.ont_id}", accept=_NONE)
            rates = _rates(ask)
        return () if answer.meaning is Meaning.ABSENT else _flows(parsers.onu_config(answer.text, ont.port), rates)

    def line(self, ask: Ask, wanted: LineWanted) -> LineFound:
        whole = self._configuration(ask)
        block = _by_serial(whole, wanted.serial)
        keyed = [one for one in whole.onus if one.description == wanted.key]
        mine = [one for one in whole.onus if one is block or one in keyed]
        with self._inside(ask, wanted.port):
            states = {(row.port, row.ont_id): row for row in _state_rows(ask)}
            rates = _rates(ask)
        _agree(whole, wanted.port, states)
        states |= self._states(ask, {one.port: None for one in mine if one.port != wanted.port})
        return LineFound(
            olt=self._olt,
            ont=_ont(block, wanted.serial, states) if block is not None else None,
            same_key=tuple(_ont(one, printed.serial(one.serial), states) for one in keyed),
            on_port=tuple(
                (one.ont_id, printed.serial_or_none(one.serial)) for one in whole.onus if one.port == wanted.port
            ),
            vlan=_vlan(whole, wanted.vlan),
            service_ports=tuple(flow for one in mine for flow in _flows(one, rates)),
            rate_tables=rates.tables(),
            profiles=(),
            service=block.service if block is not None and wanted.ont is not None else None,
        )

    def everything(self, ask: Ask, ports: tuple[PonPort, ...], closely: Set[PonPort]) -> OltFound:
        """One configuration, which has all that could be asked for, two lists of profiles, and the states of each PON
        port in use."""
        whole = self._configuration(ask)
        states: dict[_Place, parsers.StateRow] = {}
        rates = _Rates({}, {})
        for port in self._visited(ask, {one.port: None for one in whole.onus}):
            here = {(row.port, row.ont_id): row for row in _state_rows(ask)}
            _agree(whole, port, here)
            states |= here
            rates = rates if rates.up or rates.down else _rates(ask)
        serials = {(one.port, one.ont_id): printed.serial_or_none(one.serial) for one in whole.onus}
        others = [f"{one.port}:{one.ont_id}" for one in whole.onus if one.others]
        return OltFound(
            olt=self._olt,
            onts=tuple(
                _ont(one, serial, states) for one in whole.onus if (serial := serials[one.port, one.ont_id]) is not None
            ),
            service_ports=tuple(flow for one in whole.onus for flow in _flows(one, rates)),
            vlans=whole.vlans,
            unread=f"service ports of several VLANs on {', '.join(others)}" if others else "",
            services={(one.port, one.ont_id): one.service for one in whole.onus},
        )

    def ont_status(self, ask: Ask, port: PonPort, ont_id: int) -> OntStatus | None:
        with self._inside(ask, port):
            row = next((row for row in _state_rows(ask) if row.ont_id == ont_id), None)
            if row is None:
                status = None
            else:
                block = parsers.onu_config(ask(f"show running-config onu {ont_id}").text, port)
                status = _status(row, block, self._distance(ask, row))
        return status

    def _distance(self, ask: Ask, row: parsers.StateRow) -> int | None:
        """Of one that works: what it says of others is not established."""
        if row.phase != "working":
            return None
        answer = ask(f"show onu {row.ont_id} distance", accept=_NONE_OR_OFFLINE)
        return parsers.distance(answer.text) if answer.meaning is Meaning.PLAIN else None

    def optical(self, ask: Ask, port: PonPort, ont_id: int) -> OpticalLevels | None:
        """As the ONT measures it. No display of what the OLT receives from it is established."""
        light: parsers.OpticalBlock | None = None
        with self._inside(ask, port):
            row = next((row for row in _state_rows(ask) if row.ont_id == ont_id), None)
            if row is not None and row.phase == "working":
                answer = ask(f"show onu {ont_id} optical_info", accept=_NONE_OR_OFFLINE)
                light = parsers.optical(answer.text) if answer.meaning is Meaning.PLAIN else None
        if row is None:
            return None
        if light is None:
            return OpticalLevels(port, ont_id, None, None, None, None, None, None)
        return OpticalLevels(port, ont_id, light.rx, light.tx, None, light.temperature, light.voltage, light.bias)

    def ont_life(self, ask: Ask, port: PonPort, ont_id: int) -> OntLife | None:
        """The OLT keeps no times: how long the ONT has been running is all that tells of a restart."""
        with self._inside(ask, port):
            row = _state_row(ask, ont_id)
            shown = _shown_detail(ask, row)
        if row is None:
            return None
        return OntLife(_run_state(row.phase), up_seconds=shown.up_seconds if shown else None)

    def ont_detail(self, ask: Ask, port: PonPort, ont_id: int) -> OntDetail | None:
        """Without its software's version, which no display that is established has."""
        with self._inside(ask, port):
            shown = _shown_detail(ask, _state_row(ask, ont_id))
        if shown is None:
            return None
        return OntDetail(port, ont_id, shown.vendor, shown.model, shown.version, "", up_seconds=shown.up_seconds)

    def ont_counters(self, ask: Ask, port: PonPort, ont_id: int) -> OntCounters | None:
        """No display of damaged frames is established."""
        with self._inside(ask, port):
            row = _state_row(ask, ont_id)
            answer = ask(f"show onu {ont_id} statistics", accept=_NO_ANSWER) if row is not None else None
        if answer is None:
            return None
        if answer.meaning is not Meaning.PLAIN:
            return OntCounters(port, ont_id)
        shown = parsers.statistics(answer.text)
        return OntCounters(
            port=port,
            ont_id=ont_id,
            down_bytes=shown.down_bytes,
            up_bytes=shown.up_bytes,
            down_packets=shown.down_packets,
            up_packets=shown.up_packets,
            down_kbps=printed.kbps_of(shown.down_rate),
            up_kbps=printed.kbps_of(shown.up_rate),
        )

    def port_onts(self, ask: Ask, port: PonPort) -> tuple[OntOnPort, ...]:
        """No list of a port has descriptions or distances: these from the configuration, those one by one."""
        whole = {one.ont_id: one for one in self._configuration(ask).onus if one.port == port}
        found: list[OntOnPort] = []
        with self._inside(ask, port):
            states = {row.ont_id: row for row in _state_rows(ask)}
            received, models = self._received(ask), self._models(ask)
            for ont_id, row in states.items():
                block = whole.get(ont_id)
                if block is None:
                    continue  # added since the configuration was read
                found.append(
                    OntOnPort(
                        port=port,
                        ont_id=ont_id,
                        serial=printed.serial_or_none(block.serial),
                        key=block.description,
                        run_state=_run_state(row.phase),
                        model=models.get(ont_id, ""),
                        distance_m=self._distance(ask, row),
                        ont_rx_dbm=received.get(ont_id),
                        ont_tx_dbm=None,
                        last_down_cause=_DARK_PHASES.get(row.phase.lower(), ""),
                    )
                )
        return tuple(found)

    def _received(self, ask: Ask) -> dict[int, float | None]:
        answer = ask("show pon onu all rx-power", accept=_NONE)
        return {} if answer.meaning is Meaning.ABSENT else parsers.rx_power(answer.text)

    def _models(self, ask: Ask) -> dict[int, str]:
        """Models by ONT id; empty for one that was never online."""
        answer = ask("show onu info", accept=_NONE)
        rows = () if answer.meaning is Meaning.ABSENT else parsers.info(answer.text)
        return {row.ont_id: "" if row.model == "unknown" else row.model for row in rows}

    def port_optical(self, ask: Ask, port: PonPort) -> tuple[OpticalLevels, ...]:
        with self._inside(ask, port):
            received = self._received(ask)
        return tuple(
            OpticalLevels(port, ont_id, level, None, None, None, None, None)
            for ont_id, level in received.items()
            if level is not None
        )


def _by_serial(whole: parsers.Configuration, serial: Serial) -> parsers.OnuBlock | None:
    return next((one for one in whole.onus if printed.serial_or_none(one.serial) == serial), None)


def _state_rows(ask: Ask) -> tuple[parsers.StateRow, ...]:
    """Of the PON port that the session is in."""
    answer = ask("show onu state", accept=_NONE)
    return () if answer.meaning is Meaning.ABSENT else parsers.states(answer.text)


def _state_row(ask: Ask, ont_id: int) -> parsers.StateRow | None:
    return next((row for row in _state_rows(ask) if row.ont_id == ont_id), None)


def _shown_detail(ask: Ask, row: parsers.StateRow | None) -> parsers.DetailBlock | None:
    """Of one that works: what it says of others is not established."""
    if row is None or row.phase != "working":
        return None
    answer = ask(f"show onu detail-info {row.ont_id}", accept=_NO_ANSWER)
    return parsers.detail(answer.text) if answer.meaning is Meaning.PLAIN else None


def _agree(whole: parsers.Configuration, port: PonPort, states: dict[_Place, parsers.StateRow]) -> None:
    """Two looks at one port that tell of different ONTs: one of them was cut short, or somebody works there."""
    configured = {one.ont_id for one in whole.onus if one.port == port}
    shown = {ont_id for at, ont_id in states if at == port}
    if configured != shown:
        odd = ", ".join(str(ont_id) for ont_id in sorted(configured ^ shown))
        raise Unreadable(f"configuration and states of {port} do not agree about ONTs {odd}")


def _rates(ask: Ask) -> _Rates:
    """From inside a PON port, where V1.4.8R has its profiles."""
    ups = parsers.dba_profiles(ask("show profile dba").text)
    downs = parsers.traffic_profiles(ask("show profile traffic").text)
    return _Rates({one.name: one for one in ups}, {one.name: one for one in downs})


def _vlan(whole: parsers.Configuration, number: int) -> VlanFound | None:
    if number not in whole.vlans:
        return None
    return VlanFound(number, VLAN_KIND, tuple(name for name, vlans in whole.tagged.items() if number in vlans))


def _ont(block: parsers.OnuBlock, serial: Serial, states: dict[_Place, parsers.StateRow]) -> OntFound:
    row = states.get((block.port, block.ont_id))
    enabled = row is None or row.admin == "enable"
    return OntFound(block.port, block.ont_id, serial, block.description, enabled=enabled, ont_type=block.profile)


def _flows(block: parsers.OnuBlock, rates: _Rates) -> tuple[ServicePortFound, ...]:
    found: list[ServicePortFound] = []
    for one in block.service_ports:
        gem = block.gems.get(one.gem, parsers.GemPort(one.gem))
        down, up = rates.of(gem, block.tconts.get(gem.tcont, ""))
        port, ont_id = block.port, block.ont_id
        found.append(ServicePortFound(one.number, port, ont_id, one.gem, one.vlan, down, up, None, one.user_vlan))
    return tuple(found)


def _status(row: parsers.StateRow, block: parsers.OnuBlock, distance_m: int | None) -> OntStatus:
    """Why it is down is told by the phase itself while it is; nothing remembers it afterwards."""
    settled = row.phase == "working" and row.config in ("", "success", "succeeded")
    return OntStatus(
        port=row.port,
        ont_id=row.ont_id,
        serial=printed.serial(block.serial),
        key=block.description,
        run_state=_run_state(row.phase),
        config_state="normal" if settled else row.config or row.phase,
        match_state="match",
        distance_m=distance_m,
        last_down_cause=_DARK_PHASES.get(row.phase.lower(), ""),
        last_up_at=None,
        last_down_at=None,
    )


def _run_state(phase: str) -> RunState:
    """``syncMib`` and the like lie in between: it is on its way."""
    if phase == "working":
        return "online"
    return "offline" if phase.lower() in _DARK_PHASES else "unknown"
