"""Everything on a SmartAX in a handful of commands: all ONTs, all service ports with their rates, all VLANs.

Asking for each service port would take a second a line, so the list is read, and of each pair of traffic tables in
it one service port is looked at closely: only there does the device say which of the two limits which direction.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from isp_lifecycle.drivers.contract import OltFound, OntFound, PonPort, RateTable, Serial, ServicePortFound
from isp_lifecycle.drivers.dialect import Meaning
from isp_lifecycle.drivers.errors import SerialMalformed
from isp_lifecycle.drivers.huawei import parsers
from isp_lifecycle.drivers.vendor import Ask, Unreadable

_NONE = frozenset({Meaning.ABSENT})
_NONE_OR_UNSUPPORTED = frozenset({Meaning.ABSENT, Meaning.UNSUPPORTED})
_LOOKS = 3
type _Pair = tuple[int | None, int | None]
type _Limits = tuple[RateTable | None, RateTable | None]


def whole_olt(ask: Ask, olt: str, ports: tuple[PonPort, ...], closely: Set[PonPort]) -> OltFound:
    """Read it; firmware that lists no whole frame is asked port by port for those that the caller knows of.

    Inner tags and what ONTs are told to do stand in the configuration only, which is read for each port in ``closely``.
    """
    onts, unread = _onts(ask, ports)
    vlans = ask("display vlan all", accept=_NONE)
    parts = [_configured(ask, port) for port in sorted(closely)]
    inner = {index: tag for part in parts for index, tag in part.inner.items()}
    return OltFound(
        olt=olt,
        onts=onts,
        service_ports=tuple(replace(flow, inner=inner.get(flow.index)) for flow in _flows(ask)),
        vlans=parsers.vlan_numbers(vlans.text) if vlans.meaning is Meaning.PLAIN else frozenset(),
        unread=unread,
        services={place: ont.service for part in parts for place, ont in part.onts.items()},
    )


def _configured(ask: Ask, port: PonPort) -> parsers.Configured:
    answer = ask(f"display current-configuration port {port}", accept=_NONE)
    return parsers.configured(answer.text) if answer.meaning is Meaning.PLAIN else parsers.Configured({}, {})


def _onts(ask: Ask, ports: tuple[PonPort, ...]) -> tuple[tuple[OntFound, ...], str]:
    """A SmartAX has one frame, 0, unless the caller knows of others."""
    rows: list[parsers.OntRow] = []
    unread: list[str] = []
    for frame in sorted({0} | {port.frame for port in ports}):
        answer = ask(f"display ont info {frame} all", accept=_NONE_OR_UNSUPPORTED)
        if answer.meaning is Meaning.PLAIN:
            rows += parsers.ont_rows(answer.text)
        elif answer.meaning is Meaning.UNSUPPORTED:
            rows += _port_by_port(ask, [port for port in ports if port.frame == frame])
            unread.append(f"PON ports of frame {frame} that the records do not know (its firmware has no list of all)")
    return tuple(ont for row in rows if (ont := _ont(row)) is not None), ", ".join(unread)


def _port_by_port(ask: Ask, ports: list[PonPort]) -> list[parsers.OntRow]:
    rows: list[parsers.OntRow] = []
    for port in sorted(ports):
        answer = ask(f"display ont info {port.frame} {port.slot} {port.port} all", accept=_NONE)
        rows += parsers.ont_rows(answer.text) if answer.meaning is Meaning.PLAIN else ()
    return rows


def _ont(row: parsers.OntRow) -> OntFound | None:
    """None for an ONT without a serial number (registered by password): no line of ours is one."""
    try:
        serial = Serial.parse(row.serial)
    except SerialMalformed:
        return None
    enabled = not row.control_flag.startswith("deactiv")
    return OntFound(row.port, row.ont_id, serial, row.description, enabled=enabled)


def _flows(ask: Ask) -> tuple[ServicePortFound, ...]:
    """The list is read again when a rate was changed between the list and the close look."""
    for _again in range(_LOOKS):
        answer = ask("display service-port all", accept=_NONE)
        if answer.meaning is Meaning.ABSENT:
            return ()
        rows = parsers.flow_rows(answer.text)
        limits = _all_limits(ask, rows)
        if limits is not None:
            return tuple(
                ServicePortFound(row.index, row.port, row.ont_id, row.gem_port, row.vlan, *limits[row.tables])
                for row in rows
            )
    raise Unreadable("no service port says which of its two traffic tables limits which direction")


def _all_limits(ask: Ask, rows: tuple[parsers.FlowRow, ...]) -> dict[_Pair, _Limits] | None:
    """Of each pair of tables, what it means; None when a pair is in use no longer."""
    kbps = _kbps(ask)
    alike: dict[_Pair, list[parsers.FlowRow]] = {}
    for row in rows:
        alike.setdefault(row.tables, []).append(row)
    found = {pair: _limits(ask, pair, those, kbps) for pair, those in alike.items()}
    known = {pair: limits for pair, limits in found.items() if limits is not None}
    return known if len(known) == len(found) else None


def _kbps(ask: Ask) -> dict[int, int]:
    answer = ask("display traffic table ip from-index 0", accept=_NONE)
    rows = () if answer.meaning is Meaning.ABSENT else parsers.table_rows(answer.text)
    return {row.index: row.kbps for row in rows}


def _limits(ask: Ask, pair: _Pair, rows: list[parsers.FlowRow], kbps: dict[int, int]) -> _Limits | None:
    """Down and up of every service port with this pair of tables, by the first that still has it when looked at."""
    if pair == (None, None):
        return None, None
    for row in rows:
        answer = ask(f"display service-port {row.index}", accept=_NONE)
        if answer.meaning is Meaning.ABSENT:
            continue
        block = parsers.flow_block(answer.text)
        if {block.inbound_index, block.outbound_index} == set(pair):
            down = _table(block.outbound_index, block.outbound_name, kbps)
            return down, _table(block.inbound_index, block.inbound_name, kbps)
    return None


def _table(index: int | None, name: str, kbps: dict[int, int]) -> RateTable | None:
    """A table without a limit is none."""
    return RateTable(name, index, kbps[index]) if index in kbps else None
