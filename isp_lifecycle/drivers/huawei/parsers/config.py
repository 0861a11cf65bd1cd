"""The running configuration of one ONT or of one PON port as a SmartAX prints it: what has no display of its own.

The form is the commands' own. Sections and lines were seen in whole configurations of a MA5800-X2 and others
(``ont port native-vlan``, ``ont ipconfig ... dhcp``, service ports with ``inner-vlan`` on VDSL boards). Not seen in any
is how the account of ``ont ipconfig ... pppoe`` is printed: the user is assumed to stand as it is typed, and the
password is never read, since it is a secret that may be enciphered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Interface

from isp_lifecycle.drivers.huawei.parsers.text import FSP
from isp_lifecycle.drivers.ont_service import Dhcp, OntService, Pppoe, Static, Wan
from isp_lifecycle.drivers.values import PonPort
from isp_lifecycle.drivers.vendor import Unreadable

WAN_INDEX = 1
"""Ours among an ONT's IP hosts; 0 is the one that people manage ONTs by."""
FACTORY_VLAN = 1
"""The native VLAN of a port that nobody gave another one."""
type Place = tuple[PonPort, int]


@dataclass(slots=True)
class ConfiguredOnt:
    """What is set for one ONT alone; a router is whole once all three of its lines stand."""

    native_vlan: int | None = None
    wan: Wan | None = None
    wan_vlan: int | None = None
    parts: set[str] = field(default_factory=set)

    @property
    def service(self) -> OntService:
        """As a driver tells it."""
        whole = {"internet-config", "wan-config"} <= self.parts
        return OntService(self.native_vlan, self.wan, self.wan_vlan if whole else None)


@dataclass(frozen=True, slots=True)
class Configured:
    """By place, and the inner tags of service ports by their numbers (None: it adds none)."""

    onts: dict[Place, ConfiguredOnt]
    inner: dict[int, int | None]

    def service(self, place: Place) -> OntService:
        """What the ONT is told to do."""
        return self.onts[place].service if place in self.onts else OntService()


_PPPOE = re.compile(r'(?:.* )?user-account username "?(?P<user>[^" ]+)"?.*')
_VLAN = re.compile(r"\bvlan (\d+)")
_FLOW = re.compile(rf"service-port (?P<index>\d+) vlan \d+ gpon {FSP} ont (?P<ont>\d+) .*")


def configured(text: str) -> Configured:
    """Raises Unreadable for what is not a whole answer: it ends with ``return``."""
    onts: dict[Place, ConfiguredOnt] = {}
    inner: dict[int, int | None] = {}
    board: tuple[int, int] | None = None
    for line in _lines(text):
        if found := re.fullmatch(r"interface gpon (\d+)/(\d+)", line):
            board = int(found[1]), int(found[2])
        elif found := re.fullmatch(r"ont (\S+(?: native-vlan)?) (\d+) (\d+)\b ?(.*)", line):
            if board is None:
                raise Unreadable(f"an ONT on no board: {line!r}")
            place = PonPort(*board, int(found[2])), int(found[3])
            _take(onts.setdefault(place, ConfiguredOnt()), found[1], found[4])
        elif flow := _FLOW.fullmatch(line):
            second = re.search(r"\binner-vlan (\d+)", line)
            inner[int(flow["index"])] = int(second[1]) if second else None
    return Configured(onts, inner)


def _take(ont: ConfiguredOnt, what: str, words: str) -> None:
    index = re.match(r"ip-index (\d+)\b ?(.*)", words)
    ours = index is not None and int(index[1]) == WAN_INDEX
    if what == "port native-vlan" and (native := re.fullmatch(r"eth 1 vlan (\d+)\b.*", words)):
        ont.native_vlan = int(native[1]) if int(native[1]) != FACTORY_VLAN else None
    elif what in ("internet-config", "wan-config") and ours:
        ont.parts.add(what)
    elif what == "ipconfig" and index is not None and ours:
        ont.wan = _wan(index[2])
        vlan = _VLAN.search(index[2])
        ont.wan_vlan = int(vlan[1]) if vlan else None


def _wan(words: str) -> Wan:
    if words.startswith("dhcp"):
        return Dhcp()
    if words.startswith("pppoe") and (account := _PPPOE.fullmatch(words)):
        return Pppoe(account["user"])
    values = dict(re.findall(r"(ip-address|mask|gateway|pri-dns|slave-dns) (\S+)", words))
    try:
        address = IPv4Interface(f"{values['ip-address']}/{values['mask']}")
        servers = tuple(IPv4Address(values[word]) for word in ("pri-dns", "slave-dns") if word in values)
        return Static(address, IPv4Address(values["gateway"]), servers)
    except (KeyError, ValueError) as error:
        raise Unreadable(f"no way for an ONT to get its address: {words.split(' password ')[0]!r}") from error


def _lines(text: str) -> Iterator[str]:
    """Commands stand indented; what is broken off a long one goes on at the margin."""
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    if not lines or lines[-1].strip() != "return":
        raise Unreadable("no whole part of the running configuration")
    joined: list[str] = []
    for line in lines[:-1]:
        if line.startswith(("#", "[", " ")) or not joined:
            joined.append(line)
        else:
            joined[-1] += f" {line}"
    yield from (" ".join(line.split()) for line in joined if line.startswith(" "))
