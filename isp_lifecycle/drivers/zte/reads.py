"""Looks at a ZXA10: which commands, in which order, and what of their answers becomes contract values.

What is registered and for whom is read from the running configuration, whose form is its commands'; what works and with
which light, from displays. The key of a line is the ONT's description; the name is written too, for people.
"""

from __future__ import annotations

from collections.abc import Set
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
    OntService,
    OntStatus,
    OpticalLevels,
    PonPort,
    ProfileFound,
    RateTable,
    RunState,
    Serial,
    ServicePortFound,
    UnconfiguredOnt,
    VlanFound,
)
from isp_lifecycle.drivers.dialect import Meaning
from isp_lifecycle.drivers.errors import KeysHidden
from isp_lifecycle.drivers.vendor import Ask, Unreadable
from isp_lifecycle.drivers.zte import names, parsers
from isp_lifecycle.drivers.zte.commands import VLAN_KIND

_NONE = frozenset({Meaning.ABSENT})
_NONE_OR_OFFLINE = frozenset({Meaning.ABSENT, Meaning.OFFLINE})
_NONE_OR_UNSUPPORTED = frozenset({Meaning.ABSENT, Meaning.UNSUPPORTED})
_NO_ANSWER = frozenset({Meaning.ABSENT, Meaning.OFFLINE, Meaning.UNSUPPORTED})
HIDDEN = "*" * 8
"""What some firmware shows in place of names and descriptions (C600 V1.2.2, C620, by three captures)."""
_DARK_PHASES = frozenset({"los", "dyinggasp", "offline", "authfail"})
type _Place = tuple[PonPort, int]


@dataclass(frozen=True, slots=True)
class Rates:
    """The profiles of both kinds as one look sees them, kbit/s by name."""

    up: dict[str, int]
    down: dict[str, int]

    def of(self, gem: parsers.GemPort, tcont: str) -> tuple[RateTable | None, RateTable | None]:
        """Down and up of a GEM port; of two limits up, the lower one counts."""
        down = RateTable(gem.down, None, self._kbps(self.down, gem.down), "down") if gem.down else None
        ups = [RateTable(tcont, gem.tcont, self._kbps(self.up, tcont), "up")] if tcont else []
        if gem.up:
            ups.append(RateTable(gem.up, gem.tcont, self._kbps(self.down, gem.up), "up"))
        return down, min(ups, key=lambda table: table.kbps, default=None)

    def _kbps(self, profiles: dict[str, int], name: str) -> int:
        if name not in profiles:
            raise Unreadable(f"profile {name} is in use but not in the list of profiles")
        return profiles[name]

    def tables(self) -> tuple[RateTable, ...]:
        """All of them, for planning."""
        ups = (RateTable(name, None, kbps, "up") for name, kbps in self.up.items())
        return (*ups, *(RateTable(name, None, kbps, "down") for name, kbps in self.down.items()))


class ZteReads:
    """Nothing is remembered between looks: on a ZXA10 everything may have changed."""

    spelling = names.CLASSIC
    found_onts = "show gpon onu uncfg"
    configuration_of = "show running-config interface"
    configuration_of_onts = "show running-config"
    other_flows = "flows made with switchport instead of service-port"

    def __init__(self, olt: str, profile: OltProfile) -> None:
        self._olt = olt
        self._profile = profile

    def identify(self, ask: Ask) -> OltIdentity:
        block = parsers.system_group(ask("show system-group").text)
        return OltIdentity("", block.product, block.version, "")

    def boards(self, ask: Ask) -> tuple[BoardFound, ...]:
        return tuple(
            BoardFound(
                f"{row.rack}/{row.slot}", row.type, row.status, names.ports_of(row.rack, row.slot, row.gpon_ports)
            )
            for row in parsers.cards(ask("show card").text)
        )

    def unconfigured(self, ask: Ask) -> tuple[UnconfiguredOnt, ...]:
        answer = ask(self.found_onts, accept=_NONE)
        if answer.meaning is Meaning.ABSENT:
            return ()
        return tuple(
            UnconfiguredOnt(row.port, serial, serial.vendor, row.model, "", None)
            for row in parsers.unconfigured(answer.text)
            for serial in (printed.serial(row.serial),)
        )

    def find(self, ask: Ask, serial: Serial) -> OntFound | None:
        place = self._place(ask, serial)
        return None if place is None else self._ont(self._block(ask, place), serial)

    def _place(self, ask: Ask, serial: Serial) -> _Place | None:
        answer = ask(f"show gpon onu by sn {printed.typed(serial)}", accept=_NONE)
        return None if answer.meaning is Meaning.ABSENT else parsers.by_serial(answer.text)

    def _block(self, ask: Ask, place: _Place) -> parsers.OnuBlock:
        found = self._interface(ask, self.spelling.onu(*place), accept=frozenset())
        block = next((one for one in found.blocks if _at(one) == place), None) if found else None
        if block is None:
            raise Unreadable(f"no configuration of {self.spelling.onu(*place)}")
        return block

    def _interface(
        self, ask: Ask, interface: str, *, accept: frozenset[Meaning] = _NONE
    ) -> parsers.Configuration | None:
        answer = ask(f"{self.configuration_of} {interface}", accept=accept)
        return None if answer.meaning in _NONE_OR_UNSUPPORTED else self.configuration(answer.text)

    def configuration(self, text: str) -> parsers.Configuration:
        """Read the configuration, whole or of one interface."""
        return parsers.running_config(text)

    def rates(self, ask: Ask) -> Rates:
        """The profiles of both kinds."""
        return Rates(*(_by_name(each) for each in (self._ups(ask), self._downs(ask))))

    def _ups(self, ask: Ask) -> tuple[parsers.ProfileRate, ...]:
        return parsers.tcont_profiles(ask("show gpon profile tcont").text)

    def _downs(self, ask: Ask) -> tuple[parsers.ProfileRate, ...]:
        return parsers.traffic_profiles(ask("show gpon profile traffic").text)

    def flows(self, ask: Ask, ont: OntFound) -> tuple[ServicePortFound, ...]:
        return _flows(self._block(ask, (ont.port, ont.ont_id)), self.rates(ask))

    def line(self, ask: Ask, wanted: LineWanted) -> LineFound:
        registered = self._port_onus(ask, wanted.port)
        place = self._place(ask, wanted.serial)
        block = self._block(ask, place) if place is not None else None
        ont = self._ont(block, wanted.serial) if block is not None else None
        others = self._others_with_key(ask, wanted.key, ont)
        rates = self.rates(ask)
        asked = place is not None and wanted.ont is not None
        profiles = self.vlan_profiles(ask) if wanted.ont is not None and (asked or wanted.ont.wan is not None) else {}
        same_key = (*([ont] if ont is not None and ont.key == wanted.key else []), *(one for one, _ in others))
        blocks = (*([block] if block is not None else []), *(one for _, one in others))
        return LineFound(
            olt=self._olt,
            ont=ont,
            same_key=same_key,
            on_port=tuple((one.ont_id, printed.serial_or_none(one.serial)) for one in registered),
            vlan=self._vlan(ask, wanted),
            service_ports=tuple(flow for one in blocks for flow in _flows(one, rates)),
            rate_tables=rates.tables(),
            profiles=tuple(ProfileFound("vlan", vlan, name) for name, vlan in profiles.items()),
            service=self.service(ask, place, profiles) if place is not None and asked else None,
        )

    def vlan_profiles(self, ask: Ask) -> dict[str, int]:
        """By which ONTs' routers tag."""
        answer = ask("show running-config | include cvlan", accept=_NONE)
        return parsers.vlan_profiles(answer.text.splitlines()) if answer.meaning is Meaning.PLAIN else {}

    def service(self, ask: Ask, place: _Place, profiles: dict[str, int]) -> OntService:
        """What the ONT itself is told."""
        answer = ask(f"show onu running config {self.spelling.onu(*place)}", accept=_NONE)
        return parsers.remote_config(answer.text, profiles) if answer.meaning is Meaning.PLAIN else OntService()

    def _port_onus(self, ask: Ask, port: PonPort) -> tuple[parsers.RegisteredOnu, ...]:
        found = self._interface(ask, self.spelling.pon(port))
        return found.onus if found is not None else ()

    def _others_with_key(
        self, ask: Ask, key: str, ont: OntFound | None
    ) -> tuple[tuple[OntFound, parsers.OnuBlock], ...]:
        """Those that carry the key besides ``ont``. The OLT counts them; only when there are any, all is read."""
        known = 1 if ont is not None and ont.key == key else 0
        described = self._described(ask, key)
        if described is not None and described.count(key) <= known:
            return ()
        whole = self.configuration(ask("show running-config").text)
        mine = None if ont is None else (ont.port, ont.ont_id)
        serials = {(one.port, one.ont_id): one.serial for one in whole.onus}
        return tuple(
            (self._ont(block, printed.serial(serials.get(_at(block), ""))), block)
            for block in whole.blocks
            if block.description == key and _at(block) != mine
        )

    def _described(self, ask: Ask, word: str) -> tuple[str, ...] | None:
        """The descriptions on the OLT that hold a word, or whose line does; None where they cannot be filtered."""
        answer = ask(f"{self.configuration_of_onts} | include {word}", accept=_NONE_OR_UNSUPPORTED)
        return None if answer.meaning is Meaning.UNSUPPORTED else parsers.described(answer.text)

    def _vlan(self, ask: Ask, wanted: LineWanted) -> VlanFound | None:
        if wanted.vlan not in parsers.vlan_summary(ask("show vlan summary").text):
            return None
        found = self._interface(ask, wanted.uplink)
        tagged = found.tagged if found is not None else {}
        return VlanFound(wanted.vlan, VLAN_KIND, tuple(name for name, vlans in tagged.items() if wanted.vlan in vlans))

    def everything(self, ask: Ask, ports: tuple[PonPort, ...], closely: Set[PonPort]) -> OltFound:
        """One configuration, which has all that could be asked for, and two lists of profiles."""
        whole = self.configuration(ask("show running-config").text)
        rates = self.rates(ask)
        serials = {(one.port, one.ont_id): printed.serial_or_none(one.serial) for one in whole.onus}
        unread = [self.spelling.onu(*_at(block)) for block in whole.blocks if block.unread]
        return OltFound(
            olt=self._olt,
            onts=tuple(self._ont(one, serial) for one in whole.blocks if (serial := serials.get(_at(one))) is not None),
            service_ports=tuple(flow for block in whole.blocks for flow in _flows(block, rates)),
            vlans=whole.vlans,
            unread=f"{self.other_flows}: {', '.join(unread)}" if unread else "",
            services=whole.services,
        )

    def _ont(self, block: parsers.OnuBlock, serial: Serial) -> OntFound:
        if block.description == HIDDEN:
            raise KeysHidden(self._olt)
        key = _key(block.description, block.port, block.ont_id)
        return OntFound(block.port, block.ont_id, serial, key, enabled=block.enabled)

    def ont_status(self, ask: Ask, port: PonPort, ont_id: int) -> OntStatus | None:
        answer = ask(f"show gpon onu detail-info {self.spelling.onu(port, ont_id)}", accept=_NONE)
        if answer.meaning is Meaning.ABSENT:
            return None
        block = parsers.detail_info(answer.text)
        return OntStatus(
            port=block.port,
            ont_id=block.ont_id,
            serial=printed.serial(block.serial),
            key=_key(block.description, block.port, block.ont_id),
            run_state=_run_state(block.phase),
            config_state=_config_state(block),
            match_state="match",
            distance_m=block.distance_m,
            last_down_cause=block.last_cause,
            last_up_at=None,
            last_down_at=None,
        )

    def optical(self, ask: Ask, port: PonPort, ont_id: int) -> OpticalLevels | None:
        answer = ask(f"show pon power attenuation {self.spelling.onu(port, ont_id)}", accept=_NONE_OR_OFFLINE)
        if answer.meaning is Meaning.ABSENT:
            return None
        if answer.meaning is Meaning.OFFLINE:
            return OpticalLevels(port, ont_id, None, None, None, None, None, None)
        light = parsers.attenuation(answer.text)
        return OpticalLevels(port, ont_id, light.ont_rx, light.ont_tx, light.olt_rx, None, None, None)

    def ont_life(self, ask: Ask, port: PonPort, ont_id: int) -> OntLife | None:
        block = self._detail(ask, port, ont_id)
        if block is None:
            return None
        state = _run_state(block.phase)
        return OntLife(state, block.last_up, block.last_down, block.online_seconds if state == "online" else None)

    def _detail(self, ask: Ask, port: PonPort, ont_id: int) -> parsers.DetailBlock | None:
        answer = ask(f"show gpon onu detail-info {self.spelling.onu(port, ont_id)}", accept=_NONE)
        return None if answer.meaning is Meaning.ABSENT else parsers.detail_info(answer.text)

    def ont_detail(self, ask: Ask, port: PonPort, ont_id: int) -> OntDetail | None:
        """Two looks: at what it is, and at its two memories; of an ONT that is off neither says anything."""
        block = self._detail(ask, port, ont_id)
        if block is None or _run_state(block.phase) != "online":
            return None
        told = ask(f"show gpon remote-onu equip {self.spelling.onu(port, ont_id)}", accept=_NO_ANSWER)
        if told.meaning is not Meaning.PLAIN:
            return None
        equipment = parsers.equipment(told.text)
        answer = ask(f"show remote-unit information {self.spelling.pon(port)} {ont_id}", accept=_NO_ANSWER)
        versions = parsers.unit_versions(answer.text) if answer.meaning is Meaning.PLAIN else None
        return OntDetail(
            port=port,
            ont_id=ont_id,
            vendor=equipment.vendor,
            model=equipment.model,
            hardware=equipment.version,
            software=versions.active if versions else "",
            standby=versions.standby if versions else "",
            up_seconds=equipment.up_seconds,
        )

    def ont_counters(self, ask: Ask, port: PonPort, ont_id: int) -> OntCounters | None:
        """No display of damaged frames is established."""
        if self._detail(ask, port, ont_id) is None:
            return None
        answer = ask(f"show interface {self.spelling.onu(port, ont_id)}", accept=_NO_ANSWER)
        if answer.meaning is not Meaning.PLAIN:
            return OntCounters(port, ont_id)
        shown = parsers.interface_counters(answer.text)
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
        """No list of a port has description and distance, so each ONT is asked for: half a second and more for each."""
        received, sent = self._powers(ask, "onu-rx", port), self._powers(ask, "onu-tx", port)
        found: list[OntOnPort] = []
        for row in self._base_rows(ask, port):
            answer = ask(f"show gpon onu detail-info {self.spelling.onu(port, row.ont_id)}", accept=_NONE)
            if answer.meaning is Meaning.ABSENT:
                continue  # removed since the list was made
            block = parsers.detail_info(answer.text)
            found.append(
                OntOnPort(
                    port=port,
                    ont_id=row.ont_id,
                    serial=printed.serial_or_none(row.serial),
                    key=_key(block.description, port, row.ont_id),
                    run_state=_run_state(block.phase),
                    model=row.type,
                    distance_m=block.distance_m,
                    ont_rx_dbm=received.get(row.ont_id),
                    ont_tx_dbm=sent.get(row.ont_id),
                    last_down_cause=block.last_cause,
                )
            )
        return tuple(found)

    def _base_rows(self, ask: Ask, port: PonPort) -> tuple[parsers.AuthRow, ...]:
        answer = ask(f"show gpon onu baseinfo {self.spelling.pon(port)}", accept=_NONE)
        return () if answer.meaning is Meaning.ABSENT else parsers.base_info(answer.text)

    def _powers(self, ask: Ask, which: str, port: PonPort) -> dict[int, float | None]:
        answer = ask(f"show pon power {which} {self.spelling.pon(port)}", accept=_NONE)
        return {} if answer.meaning is Meaning.ABSENT else parsers.powers(answer.text)

    def port_optical(self, ask: Ask, port: PonPort) -> tuple[OpticalLevels, ...]:
        received, sent, heard = (self._powers(ask, which, port) for which in ("onu-rx", "onu-tx", "olt-rx"))
        return tuple(
            OpticalLevels(port, ont_id, level, sent.get(ont_id), heard.get(ont_id), None, None, None)
            for ont_id, level in received.items()
            if level is not None
        )


def _at(block: parsers.OnuBlock) -> _Place:
    return block.port, block.ont_id


def _key(description: str, port: PonPort, ont_id: int) -> str:
    """An ONT that nobody described is shown as ``ONU-<port>:<id>``, with one or more parts of the port."""
    return "" if description in (HIDDEN, f"ONU-{port.port}:{ont_id}", f"ONU-{port}:{ont_id}") else description


def _by_name(profiles: tuple[parsers.ProfileRate, ...]) -> dict[str, int]:
    return {one.name: one.kbps for one in profiles}


def _flows(block: parsers.OnuBlock, rates: Rates) -> tuple[ServicePortFound, ...]:
    gems = {gem.number: gem for gem in block.gem_ports}
    found: list[ServicePortFound] = []
    for one in block.service_ports:
        gem = gems.get(one.vport, parsers.GemPort(one.vport, 0))
        down, up = rates.of(gem, block.tconts.get(gem.tcont, ""))
        port, ont_id = block.port, block.ont_id
        found.append(
            ServicePortFound(one.number, port, ont_id, one.vport, one.vlan, down, up, one.inner, one.user_vlan)
        )
    return tuple(found)


def _run_state(phase: str) -> RunState:
    """``logging`` and ``syncMib`` lie in between: it is on its way."""
    if phase == "working":
        return "online"
    return "offline" if phase.lower() in _DARK_PHASES else "unknown"


def _config_state(block: parsers.DetailBlock) -> str:
    """In the contract's word where all is well: V2.1 says so by itself, V1 has only that the ONT is ready."""
    if block.phase == "working" and (block.config_state or block.state) in ("success", "ready"):
        return "normal"
    return block.config_state or block.state
