"""Service ports, traffic tables, VLANs, profiles and versions as a SmartAX prints them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from isp_lifecycle.drivers.huawei.parsers.text import FSP, RULE, needed, pairs_of, required_whole, whole
from isp_lifecycle.drivers.values import PonPort
from isp_lifecycle.drivers.vendor import Unreadable


@dataclass(frozen=True, slots=True)
class FlowRow:
    """``tables`` are the numbers under RX and TX as printed; which is for which direction, the list does not tell."""

    index: int
    vlan: int
    port: PonPort
    ont_id: int
    gem_port: int
    tables: tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class FlowBlock:
    """``display service-port N``: here, and only here, the tables have names (device-facts 1.5)."""

    index: int
    vlan: int
    inbound_index: int | None
    inbound_name: str
    outbound_index: int | None
    outbound_name: str
    user_vlan: int | None
    adds_tag: bool
    """Whether it puts a second tag in; which, only the configuration tells on every firmware."""


@dataclass(frozen=True, slots=True)
class TableRow:
    index: int
    cir_kbps: int
    pir_kbps: int

    @property
    def kbps(self) -> int:
        """What a line with this table can reach."""
        return self.pir_kbps


@dataclass(frozen=True, slots=True)
class ProfileRow:
    number: int
    name: str
    bindings: int


@dataclass(frozen=True, slots=True)
class VlanBlock:
    number: int
    kind: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VersionBlock:
    version: str
    patch: str
    product: str


_FLOW_ROW = re.compile(
    rf"^\s*(?P<index>\d+)\s+(?P<vlan>\d+)\s+\S+\s+gpon\s+{FSP}\s+(?P<ont>\d+)\s+(?P<gem>\d+)\s+"
    r"\S.*?\s(?P<rx>-|\d+)\s+(?P<tx>-|\d+)\s+\S+\s*$",
    re.MULTILINE,
)
_FLOW_TOTAL = re.compile(r"Total\s*:\s*(\d+)")


def flow_rows(text: str) -> tuple[FlowRow, ...]:
    """``display service-port all`` and ``... port F/S/P ont N``, GPON flows: VPI is the ONT, VCI the GEM port.

    The meaning of RX and TX is crossed and firmware-dependent (device-facts 1.5), so they are only numbers here.
    """
    if _FLOW_TOTAL.search(text) is None:
        raise Unreadable("no total of service ports in the answer: it is not complete")
    return tuple(
        FlowRow(
            index=int(row["index"]),
            vlan=int(row["vlan"]),
            port=PonPort.parse(row["fsp"]),
            ont_id=int(row["ont"]),
            gem_port=int(row["gem"]),
            tables=(whole(row["rx"]), whole(row["tx"])),
        )
        for row in _FLOW_ROW.finditer(text)
    )


def flow_block(text: str) -> FlowBlock:
    """``display service-port N``: the table under TX is the inbound one, under RX the outbound one."""
    pairs = pairs_of(text)
    return FlowBlock(
        index=required_whole(needed(pairs, "Index")),
        vlan=required_whole(needed(pairs, "VLAN ID")),
        inbound_index=whole(needed(pairs, "TX")),
        inbound_name=needed(pairs, "Inbound table name"),
        outbound_index=whole(needed(pairs, "RX")),
        outbound_name=needed(pairs, "Outbound table name"),
        user_vlan=whole(pairs.get("flow para", "")),
        adds_tag="add" in pairs.get("tag transform", ""),
    )


_TABLE_HEADER = re.compile(r"^\s*(?P<names>TID\s+.*CIR.*PIR.*)$", re.MULTILINE)


def table_rows(text: str) -> tuple[TableRow, ...]:
    """``display traffic table ip from-index 0``: columns are found by the header, for their set varies.

    A table without a limit (CIR ``off``) is left out: no line of ours refers to it.
    """
    header = _TABLE_HEADER.search(text)
    if header is None:
        raise Unreadable("no table of traffic tables in the answer")
    names = header["names"].split()
    tid, cir, pir = names.index("TID"), names.index("CIR"), names.index("PIR")
    rows: list[TableRow] = []
    for line in text[header.end() :].splitlines():
        cells = line.split()
        if len(cells) > max(tid, cir, pir) and all(cells[column].isdigit() for column in (tid, cir, pir)):
            rows.append(TableRow(int(cells[tid]), int(cells[cir]), int(cells[pir])))
    return tuple(rows)


def table_name(text: str) -> str:
    """The name in ``display traffic table ip index N``."""
    return needed(pairs_of(text), "TD Name")


_PROFILE_ROW = re.compile(r"^\s*(?P<id>\d+)\s+(?P<name>\S.*?)\s+(?P<bindings>\d+)\s*$", re.MULTILINE)


def profile_rows(text: str) -> tuple[ProfileRow, ...]:
    """``display ont-lineprofile gpon all`` and ``display ont-srvprofile gpon all``."""
    if re.search(r"Profile-ID\s+Profile-name", text) is None:
        raise Unreadable("no table of profiles in the answer")
    return tuple(ProfileRow(int(row["id"]), row["name"], int(row["bindings"])) for row in _PROFILE_ROW.finditer(text))


_MEMBER_ROW = re.compile(rf"^\s*{FSP}\s+(?:\d+|-)\s+\S+\s*$", re.MULTILINE)


def vlan_block(text: str) -> VlanBlock:
    """``display vlan N``: its type and its standard (uplink) ports."""
    pairs = pairs_of(text)
    return VlanBlock(
        number=required_whole(needed(pairs, "VLAN ID")),
        kind=needed(pairs, "VLAN type"),
        members=tuple(str(PonPort.parse(row["fsp"])) for row in _MEMBER_ROW.finditer(text)),
    )


_VLAN_ROW = re.compile(r"^\s*(?P<number>\d{1,4})\s+(?:smart|standard|mux|super)\s+\S+\s+\d+\s+\d+.*$", re.MULTILINE)


def vlan_numbers(text: str) -> frozenset[int]:
    """``display vlan all``: every VLAN but 1, which each device has. The device's own total is checked."""
    total = _FLOW_TOTAL.search(text)
    numbers = [int(row["number"]) for row in _VLAN_ROW.finditer(text)]
    if total is None or int(total[1]) != len(numbers):
        raise Unreadable(f"{len(numbers)} VLANs are readable, the OLT counts {total[1] if total else 'nothing'}")
    return frozenset(numbers) - {1}


def port_vlans(text: str) -> frozenset[int]:
    """``display port vlan F/S/P``: the numbers between the first two dash lines."""
    parts = RULE.split(text)
    if len(parts) < 3 or _FLOW_TOTAL.search(text) is None:
        raise Unreadable("no list of VLANs in the answer")
    return frozenset(int(number) for number in re.findall(r"(?<![/\d])\d{1,4}(?![/\d])", parts[1]))


def version(text: str) -> VersionBlock:
    """``display version``."""
    pairs = pairs_of(text)
    return VersionBlock(needed(pairs, "VERSION"), pairs.get("patch", ""), needed(pairs, "PRODUCT"))
