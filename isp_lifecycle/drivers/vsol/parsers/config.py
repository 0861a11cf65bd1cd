"""The running configuration of a V1600G, whole or of one ONT: what is registered, for whom, by which flows.

What an ONT itself is told (``onu N portvlan ...``, ``onu N pri wan_adv ...``) is read in ``router``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from isp_lifecycle.drivers.ont_service import OntService
from isp_lifecycle.drivers.values import PonPort
from isp_lifecycle.drivers.vendor import Unreadable
from isp_lifecycle.drivers.vsol import names
from isp_lifecycle.drivers.vsol.parsers.plant import number_list
from isp_lifecycle.drivers.vsol.parsers.router import router_lines

_ENDS = {"end", "exit", "!"}


@dataclass(slots=True)
class GemPort:
    """A GEM port with the traffic profiles that limit it; empty names where there is none."""

    number: int
    tcont: int = 0
    down: str = ""
    up: str = ""


@dataclass(frozen=True, slots=True)
class ServicePort:
    """What joins a GEM port to a VLAN."""

    number: int
    gem: int
    vlan: int
    user_vlan: int | None = None


@dataclass(slots=True)
class OnuBlock:
    """All lines of one ONT. ``tconts`` are their DBA profiles by number; ``serial`` is empty without one."""

    port: PonPort
    ont_id: int
    profile: str = ""
    serial: str = ""
    description: str = ""
    tconts: dict[int, str] = field(default_factory=dict)
    gems: dict[int, GemPort] = field(default_factory=dict)
    service_ports: list[ServicePort] = field(default_factory=list)
    others: list[int] = field(default_factory=list)
    """Service ports of another form: several VLANs at once, passed through as they are."""
    told: list[str] = field(default_factory=list)
    """What the ONT itself is to do, line by line."""

    @property
    def service(self) -> OntService:
        """As a driver tells it."""
        return router_lines(self.told)


@dataclass(frozen=True, slots=True)
class Configuration:
    """``tagged`` are the VLANs of each Ethernet port, by its short name."""

    onus: tuple[OnuBlock, ...]
    tagged: dict[str, frozenset[int]]
    vlans: frozenset[int]


def running_config(text: str) -> Configuration:
    """``show running-config``, which begins with words of its own and ends with a section's end."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if "Current configuration:" not in lines[:3] or lines[-1] not in _ENDS:
        raise Unreadable("no configuration, or only a part of it")
    onus: dict[tuple[PonPort, int], OnuBlock] = {}
    tagged: dict[str, frozenset[int]] = {}
    vlans: set[int] = set()
    interface, port = "", None
    for line in lines:
        if head := re.fullmatch(r"interface (\S.*)", line, re.IGNORECASE):
            interface, pon = head[1], re.fullmatch(r"gpon (\d+/\d+)", head[1], re.IGNORECASE)
            port = names.pon_port(pon[1]) if pon else None
        elif line == "exit":
            interface, port = "", None
        elif port is not None:
            _take(line, port, onus)
        elif interface:
            name = names.uplink(interface)
            tagged[name] = tagged.get(name, frozenset()) | _tagged(line)
        elif numbers := re.fullmatch(r"vlan (\d[\d ,to-]*)", line):
            vlans |= number_list(numbers[1])
    return Configuration(tuple(onus.values()), tagged, frozenset(vlans))


def onu_config(text: str, port: PonPort) -> OnuBlock:
    """``show running-config onu N`` of an ONT on the port where it is asked for."""
    onus: dict[tuple[PonPort, int], OnuBlock] = {}
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines or re.fullmatch(r"-+onu \d+ running-config-+", lines[0]) is None:
        raise Unreadable("no configuration of an ONT")
    for line in lines[1:]:
        if not line.startswith("onu "):
            raise Unreadable(f"no line of an ONT's configuration: {line!r}")
        _take(line, port, onus)
    if len(onus) != 1:
        raise Unreadable(f"the configuration of {len(onus)} ONTs")
    return next(iter(onus.values()))


def _take(line: str, port: PonPort, onus: dict[tuple[PonPort, int], OnuBlock]) -> None:
    """Enter one line of a PON port; what is not about lines is passed over."""
    if added := re.fullmatch(r"onu add (\d+) profile (\S+) (\S+) (\S+).*", line):
        one = OnuBlock(port, int(added[1]), added[2], added[4] if added[3] == "sn" else "")
        onus[port, one.ont_id] = one
        return
    match = re.fullmatch(r"onu (\d+) (\S.*)", line)
    onu = onus.get((port, int(match[1]))) if match is not None else None
    if match is not None and onu is not None:
        _take_of(onu, match[2])


def _take_of(onu: OnuBlock, words: str) -> None:
    if words.startswith("desc "):
        onu.description = words.removeprefix("desc ").strip().strip('"')
    elif tcont := re.fullmatch(r"tcont (\d+)(?: name \S+)? dba (\S+).*", words):
        onu.tconts[int(tcont[1])] = tcont[2]
    elif limit := re.fullmatch(r"gemport (\d+) traffic-limit(?: upstream (\S+))?(?: downstream (\S+))?", words):
        gem = onu.gems.setdefault(int(limit[1]), GemPort(int(limit[1])))
        gem.up, gem.down = limit[2] or gem.up, limit[3] or gem.down
    elif made := re.fullmatch(r"gemport (\d+) tcont (\d+).*", words):
        onu.gems.setdefault(int(made[1]), GemPort(int(made[1]))).tcont = int(made[2])
    elif flow := re.fullmatch(r"service-port (\d+) gemport (\d+) uservlan (.*?)\bvlan (\d+).*", words):
        user = flow[3].strip()
        port = ServicePort(int(flow[1]), int(flow[2]), int(flow[4]), int(user) if user.isdigit() else None)
        onu.service_ports.append(port)
    elif words.startswith(("portvlan eth 1 ", "pri wan_adv index ")):
        onu.told.append(words)
    elif other := re.fullmatch(r"service-port (\d+) gemport \d+ uservlan .*", words):
        onu.others.append(int(other[1]))


def _tagged(line: str) -> frozenset[int]:
    match = re.fullmatch(r"switchport (?:hybrid vlan (\d.*) tagged|trunk vlan (\d.*))", line, re.IGNORECASE)
    return number_list(match[1] or match[2]) if match else frozenset()
