"""Looks at a SmartAX: which commands, in which order, and what of their answers becomes contract values."""

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
    OntStatus,
    OpticalLevels,
    PonPort,
    ProfileFound,
    ProfileKind,
    RateTable,
    RunState,
    Serial,
    ServicePortFound,
    UnconfiguredOnt,
    VlanFound,
)
from isp_lifecycle.drivers.dialect import Meaning
from isp_lifecycle.drivers.huawei import parsers
from isp_lifecycle.drivers.huawei.whole import whole_olt
from isp_lifecycle.drivers.vendor import Ask, Unreadable

_NONE = frozenset({Meaning.ABSENT})
_NONE_OR_UNSUPPORTED = frozenset({Meaning.ABSENT, Meaning.UNSUPPORTED})
_NONE_OR_OFFLINE = frozenset({Meaning.ABSENT, Meaning.OFFLINE})
_NO_ANSWER = frozenset({Meaning.ABSENT, Meaning.OFFLINE, Meaning.UNSUPPORTED})
_RUN_STATES: dict[str, RunState] = {"online": "online", "offline": "offline"}


@dataclass(frozen=True, slots=True)
class _Tables:
    """The traffic tables as one look sees them."""

    rows: tuple[parsers.TableRow, ...]

    def kbps(self, index: int) -> int:
        row = next((row for row in self.rows if row.index == index), None)
        if row is None:
            raise Unreadable(f"traffic table {index} is in use but not in the list of tables")
        return row.kbps


class HuaweiReads:
    """One object a session: it remembers the names of traffic tables (they cannot be renamed) and found profiles."""

    def __init__(self, olt: str, profile: OltProfile) -> None:
        self._olt = olt
        self._profile = profile
        self._table_names: dict[parsers.TableRow, str] = {}
        self._profiles: dict[tuple[ProfileKind, int], ProfileFound] = {}

    def identify(self, ask: Ask) -> OltIdentity:
        block = parsers.version(ask("display version").text)
        return OltIdentity("", block.product, block.version, block.patch)

    def boards(self, ask: Ask) -> tuple[BoardFound, ...]:
        """Of each board that stands, its ports: the list of boards has no number of them."""
        found: list[BoardFound] = []
        for row in parsers.board_rows(ask("display board 0").text):
            place = f"0/{row.slot}"
            answer = ask(f"display board {place}", accept=_NONE_OR_UNSUPPORTED)
            numbers = parsers.gpon_ports(answer.text) if answer.meaning is Meaning.PLAIN else ()
            ports = tuple(PonPort(0, row.slot, number) for number in numbers)
            found.append(BoardFound(place, row.name, row.status, ports))
        return tuple(found)

    def unconfigured(self, ask: Ask) -> tuple[UnconfiguredOnt, ...]:
        answer = ask("display ont autofind all", accept=_NONE)
        if answer.meaning is Meaning.ABSENT:
            return ()
        return tuple(
            UnconfiguredOnt(row.port, printed.serial(row.serial), row.vendor, row.model, row.software, row.seen_at)
            for row in parsers.autofind(answer.text)
        )

    def find(self, ask: Ask, serial: Serial) -> OntFound | None:
        answer = ask(f"display ont info by-sn {serial.normal}", accept=_NONE)
        return None if answer.meaning is Meaning.ABSENT else _ont(parsers.ont_block(answer.text))

    def flows(self, ask: Ask, ont: OntFound) -> tuple[ServicePortFound, ...]:
        return self._flows(ask, ont, self._tables(ask))

    def _flows(
        self, ask: Ask, ont: OntFound, tables: _Tables, known: parsers.Configured | None = None
    ) -> tuple[ServicePortFound, ...]:
        answer = ask(f"display service-port port {ont.port} ont {ont.ont_id}", accept=_NONE)
        if answer.meaning is Meaning.ABSENT:
            return ()
        flows: list[ServicePortFound] = []
        for row in parsers.flow_rows(answer.text):
            block = parsers.flow_block(ask(f"display service-port {row.index}").text)
            down = _rate(block.outbound_index, block.outbound_name, tables)
            up = _rate(block.inbound_index, block.inbound_name, tables)
            known = known or (self._configured(ask, ont) if block.adds_tag else None)
            inner = known.inner.get(row.index) if known is not None else None
            flows.append(
                ServicePortFound(
                    row.index, row.port, row.ont_id, row.gem_port, row.vlan, down, up, inner, block.user_vlan
                )
            )
        return tuple(flows)

    def _configured(self, ask: Ask, ont: OntFound) -> parsers.Configured:
        """What no display tells of on every firmware: asked for only where a line has it, or should."""
        return parsers.configured(ask(f"display current-configuration ont {ont.port} {ont.ont_id}").text)

    def line(self, ask: Ask, wanted: LineWanted) -> LineFound:
        ont = self.find(ask, wanted.serial)
        rows = self._port_rows(ask, wanted.port)
        same_key = self._same_key(ask, wanted, ont, rows)
        tables = self._tables(ask)
        onts = {one.place: one for one in (*same_key, *([ont] if ont is not None else []))}
        known = self._configured(ask, ont) if ont is not None and wanted.ont is not None else None
        flows = tuple(
            flow for one in onts.values() for flow in self._flows(ask, one, tables, known if one is ont else None)
        )
        return LineFound(
            olt=self._olt,
            ont=ont,
            same_key=same_key,
            on_port=tuple((row.ont_id, printed.serial_or_none(row.serial)) for row in rows),
            vlan=self._vlan(ask, wanted),
            service_ports=flows,
            rate_tables=self._named_tables(ask, wanted, tables),
            profiles=self._found_profiles(ask),
            used_table_indexes=frozenset(row.index for row in tables.rows),
            service=known.service((ont.port, ont.ont_id)) if known is not None and ont is not None else None,
        )

    def _port_rows(self, ask: Ask, port: PonPort) -> tuple[parsers.OntRow, ...]:
        answer = ask(f"display ont info {port.frame} {port.slot} {port.port} all", accept=_NONE)
        return () if answer.meaning is Meaning.ABSENT else parsers.ont_rows(answer.text)

    def _same_key(
        self, ask: Ask, wanted: LineWanted, ont: OntFound | None, rows: tuple[parsers.OntRow, ...]
    ) -> tuple[OntFound, ...]:
        """Every ONT that carries the key. The whole OLT is searched only when the key is not where it should be."""
        places = {(row.port, row.ont_id) for row in rows if row.description == wanted.key}
        known = {(ont.port, ont.ont_id): ont} if ont is not None else {}
        if ont is None or ont.key != wanted.key:
            answer = ask(f"display ont info by-desc {wanted.key}", accept=_NONE_OR_UNSUPPORTED)
            if answer.meaning is Meaning.PLAIN:
                places |= _places_of_key(answer.text, wanted.key)
        elif ont.port != wanted.port or (ont.port, ont.ont_id) not in places:
            places.add((ont.port, ont.ont_id))
        return tuple(known.get(place) or self._ont_at(ask, *place) for place in sorted(places))

    def _ont_at(self, ask: Ask, port: PonPort, ont_id: int) -> OntFound:
        return _ont(parsers.ont_block(ask(_info(port, ont_id)).text))

    def _vlan(self, ask: Ask, wanted: LineWanted) -> VlanFound | None:
        answer = ask(f"display vlan {wanted.vlan}", accept=_NONE)
        if answer.meaning is Meaning.ABSENT:
            return None
        block = parsers.vlan_block(answer.text)
        uplinks = block.members
        if wanted.uplink not in uplinks:
            member = ask(f"display port vlan {wanted.uplink}", accept=_NONE)
            vlans = parsers.port_vlans(member.text) if member.meaning is Meaning.PLAIN else frozenset()
            uplinks += (wanted.uplink,) if wanted.vlan in vlans else ()
        return VlanFound(block.number, block.kind, uplinks)

    def _tables(self, ask: Ask) -> _Tables:
        answer = ask("display traffic table ip from-index 0", accept=_NONE)
        return _Tables(() if answer.meaning is Meaning.ABSENT else parsers.table_rows(answer.text))

    def _named_tables(self, ask: Ask, wanted: LineWanted, tables: _Tables) -> tuple[RateTable, ...]:
        """Names stand only in the display of one table, so they are asked for as few as can be.

        First those of the wanted rates. Only where a name of ours is not among them, and so would be created, the
        others in our range: one of them may carry that name with a rate that somebody changed.
        """
        rates = {wanted.down_kbps, wanted.up_kbps}
        names = {f"{self._profile.rate_table_prefix}{kbps}" for kbps in rates}
        likely = [row for row in tables.rows if rates & {row.cir_kbps, row.pir_kbps}]
        named = [self._named(ask, row) for row in likely]
        if not names <= {table.name for table in named}:
            ours = self._profile.first_rate_table
            named += [self._named(ask, row) for row in tables.rows if row.index >= ours and row not in likely]
        return tuple(named)

    def _named(self, ask: Ask, row: parsers.TableRow) -> RateTable:
        if row not in self._table_names:
            self._table_names[row] = parsers.table_name(ask(f"display traffic table ip index {row.index}").text)
        return RateTable(self._table_names[row], row.index, row.kbps)

    def _found_profiles(self, ask: Ask) -> tuple[ProfileFound, ...]:
        """Asked once a session for as long as both stand; a profile deleted later is refused by ``ont add`` itself."""
        wanted: tuple[tuple[ProfileKind, int, str], ...] = (
            ("line", self._profile.line_profile_id, "display ont-lineprofile gpon all"),
            ("service", self._profile.service_profile_id, "display ont-srvprofile gpon all"),
        )
        for kind, number, command in wanted:
            if (kind, number) in self._profiles:
                continue
            answer = ask(command, accept=_NONE)
            rows = () if answer.meaning is Meaning.ABSENT else parsers.profile_rows(answer.text)
            self._profiles |= {(kind, row.number): ProfileFound(kind, row.number, row.name) for row in rows}
        return tuple(self._profiles.values())

    def everything(self, ask: Ask, ports: tuple[PonPort, ...], closely: Set[PonPort]) -> OltFound:
        return whole_olt(ask, self._olt, ports, closely)

    def ont_status(self, ask: Ask, port: PonPort, ont_id: int) -> OntStatus | None:
        answer = ask(_info(port, ont_id), accept=_NONE)
        if answer.meaning is Meaning.ABSENT:
            return None
        block = parsers.ont_block(answer.text)
        return OntStatus(
            port=block.port,
            ont_id=block.ont_id,
            serial=printed.serial(block.serial),
            key=block.description,
            run_state=_RUN_STATES.get(block.run_state, "unknown"),
            config_state=block.config_state,
            match_state=block.match_state,
            distance_m=block.distance_m,
            last_down_cause=block.last_down_cause,
            last_up_at=block.last_up_at,
            last_down_at=block.last_down_at,
        )

    def optical(self, ask: Ask, port: PonPort, ont_id: int) -> OpticalLevels | None:
        ask(f"interface gpon {port.frame}/{port.slot}")
        answer = ask(f"display ont optical-info {port.port} {ont_id}", accept=_NONE_OR_OFFLINE)
        ask("quit")
        if answer.meaning is Meaning.ABSENT:
            return None
        if answer.meaning is Meaning.OFFLINE:
            return OpticalLevels(port, ont_id, None, None, None, None, None, None)
        return _levels(port, ont_id, parsers.optical_block(answer.text))

    def ont_life(self, ask: Ask, port: PonPort, ont_id: int) -> OntLife | None:
        answer = ask(_info(port, ont_id), accept=_NONE)
        if answer.meaning is Meaning.ABSENT:
            return None
        block = parsers.ont_block(answer.text)
        state = _RUN_STATES.get(block.run_state, "unknown")
        up = block.online_seconds if state == "online" else None
        return OntLife(state, block.last_up, block.last_down, up)

    def ont_detail(self, ask: Ask, port: PonPort, ont_id: int) -> OntDetail | None:
        answer = ask(f"display ont version {port.frame} {port.slot} {port.port} {ont_id}", accept=_NONE_OR_OFFLINE)
        if answer.meaning is not Meaning.PLAIN:
            return None
        block = parsers.ont_version(answer.text)
        return OntDetail(port, ont_id, block.vendor, block.model, block.hardware, block.software, block.standby)

    def ont_counters(self, ask: Ask, port: PonPort, ont_id: int) -> OntCounters | None:
        """Bytes and packets are counted for each flow, so that those of several are added; the rest is the ONT's."""
        if ask(_info(port, ont_id), accept=_NONE).meaning is Meaning.ABSENT:
            return None
        listed = ask(f"display service-port port {port} ont {ont_id}", accept=_NONE)
        rows = parsers.flow_rows(listed.text) if listed.meaning is Meaning.PLAIN else ()
        told = (ask(f"display statistics service-port {row.index}", accept=_NONE_OR_UNSUPPORTED) for row in rows)
        flows = [parsers.flow_counters(one.text) for one in told if one.meaning is Meaning.PLAIN]
        ask(f"interface gpon {port.frame}/{port.slot}")
        quality = ask(f"display statistics ont-line-quality {port.port} {ont_id}", accept=_NO_ANSWER)
        traffic = ask(f"display ont traffic {port.port} {ont_id}", accept=_NO_ANSWER)
        ask("quit")
        bip = parsers.line_quality(quality.text) if quality.meaning is Meaning.PLAIN else None
        now = parsers.traffic_now(traffic.text) if traffic.meaning is Meaning.PLAIN else None
        return OntCounters(
            port=port,
            ont_id=ont_id,
            down_bytes=sum(one.down_bytes for one in flows) if flows else None,
            up_bytes=sum(one.up_bytes for one in flows) if flows else None,
            down_packets=sum(one.down_packets for one in flows) if flows else None,
            up_packets=sum(one.up_packets for one in flows) if flows else None,
            down_dropped=sum(one.down_dropped for one in flows) if flows else None,
            up_dropped=sum(one.up_dropped for one in flows) if flows else None,
            down_bip_errors=bip.down_bip_errors if bip else None,
            up_bip_errors=bip.up_bip_errors if bip else None,
            down_kbps=now.down_kbps if now else None,
            up_kbps=now.up_kbps if now else None,
        )

    def port_onts(self, ask: Ask, port: PonPort) -> tuple[OntOnPort, ...]:
        answer = ask(f"display ont info summary {port}", accept=_NONE)
        if answer.meaning is Meaning.ABSENT:
            return ()
        return tuple(
            OntOnPort(
                port=row.port,
                ont_id=row.ont_id,
                serial=printed.serial_or_none(row.serial),
                key=row.description,
                run_state=_RUN_STATES.get(row.run_state, "unknown"),
                model=row.model,
                distance_m=row.distance_m,
                ont_rx_dbm=row.rx_dbm,
                ont_tx_dbm=row.tx_dbm,
                last_down_cause=row.last_down_cause,
            )
            for row in parsers.summary(answer.text)
        )

    def port_optical(self, ask: Ask, port: PonPort) -> tuple[OpticalLevels, ...]:
        ask(f"interface gpon {port.frame}/{port.slot}")
        answer = ask(f"display ont optical-info {port.port} all", accept=_NONE_OR_OFFLINE)
        ask("quit")
        if answer.meaning is not Meaning.PLAIN:
            return ()
        rows = parsers.optical_rows(answer.text)
        return tuple(_levels(port, row.ont_id, row) for row in rows if row.ont_id is not None)


def _info(port: PonPort, ont_id: int) -> str:
    return f"display ont info {port.frame} {port.slot} {port.port} {ont_id}"


def _places_of_key(text: str, key: str) -> set[tuple[PonPort, int]]:
    """``by-desc`` prints one long text or a table, by firmware and by the number of matches; it may match in part."""
    if "ONT-ID" in text and "Control flag" in text:
        block = parsers.ont_block(text)
        return {(block.port, block.ont_id)} if block.description == key else set()
    return {place for place, said in parsers.descriptions(text).items() if said == key}


def _ont(block: parsers.OntBlock) -> OntFound:
    return OntFound(
        port=block.port,
        ont_id=block.ont_id,
        serial=printed.serial(block.serial),
        key=block.description,
        line_profile_id=block.line_profile_id,
        service_profile_id=block.service_profile_id,
        enabled=not block.control_flag.startswith("deactiv"),
    )


def _rate(index: int | None, name: str, tables: _Tables) -> RateTable | None:
    return None if index is None else RateTable(name, index, tables.kbps(index))


def _levels(port: PonPort, ont_id: int, row: parsers.OpticalRow) -> OpticalLevels:
    return OpticalLevels(
        port=port,
        ont_id=ont_id,
        ont_rx_dbm=row.rx_dbm,
        ont_tx_dbm=row.tx_dbm,
        olt_rx_dbm=row.olt_rx_dbm,
        temperature_c=row.temperature_c,
        voltage_v=row.voltage_v,
        bias_ma=row.bias_ma,
    )
