"""The running configuration of a ZXA10, whole or of one interface: what is registered, for whom, by which flows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from isp_lifecycle.drivers.ont_service import OntService
from isp_lifecycle.drivers.values import PonPort
from isp_lifecycle.drivers.vendor import Unreadable
from isp_lifecycle.drivers.zte import names
from isp_lifecycle.drivers.zte.parsers.plant import number_list
from isp_lifecycle.drivers.zte.parsers.remote import remote_service, vlan_profiles

_WIDTH = 80
_REMOTE = "pon-onu-mng "
_OFF = frozenset({"shutdown", "admin disable"})
_OTHER_WAYS = ("switchport vlan ", "vport-mode manual")


@dataclass(frozen=True, slots=True)
class RegisteredOnu:
    """One ``onu`` line of a PON port; the serial is empty where the ONT is registered by password."""

    port: PonPort
    ont_id: int
    type: str
    serial: str


@dataclass(frozen=True, slots=True)
class GemPort:
    """A GEM port with the traffic profiles that limit it; empty names where there is none."""

    number: int
    tcont: int
    down: str = ""
    up: str = ""


@dataclass(frozen=True, slots=True)
class ServicePort:
    """What joins a vport (a GEM port, in the usual vport mode) to a VLAN, with a second tag in it or without."""

    number: int
    vport: int
    vlan: int
    inner: int | None = None
    user_vlan: int | None = None


@dataclass(frozen=True, slots=True)
class OnuBlock:
    """``interface gpon-onu_...``. ``tconts`` are their profiles by number; ``unread``: it has flows made in a way that
    is not read (``switchport vlan`` of V1; a Titan's vports that are mapped by hand)."""

    port: PonPort
    ont_id: int
    name: str
    description: str
    enabled: bool
    tconts: dict[int, str]
    gem_ports: tuple[GemPort, ...]
    service_ports: tuple[ServicePort, ...]
    unread: bool


@dataclass(frozen=True, slots=True)
class Configuration:
    """``tagged``: the VLANs of each port towards the core, by interface; ``services``: what ONTs are told, by place."""

    onus: tuple[RegisteredOnu, ...]
    blocks: tuple[OnuBlock, ...]
    tagged: dict[str, frozenset[int]]
    vlans: frozenset[int]
    services: dict[tuple[PonPort, int], OntService] = field(default_factory=dict)


def running_config(text: str) -> Configuration:
    """Raises Unreadable for what is not a whole answer: it begins by saying so and ends with ``end``."""
    lines = unwrapped(text)
    if not lines or not lines[0].startswith("Building configuration") or lines[-1] != "end":
        raise Unreadable("not a whole running configuration")
    onus: list[RegisteredOnu] = []
    blocks: list[OnuBlock] = []
    tagged: dict[str, frozenset[int]] = {}
    vlans: set[int] = set()
    sections = _sections(lines)
    for head, body in sections:
        interface = head.removeprefix("interface ")
        if interface.startswith("gpon-onu_") and interface != head:
            blocks.append(onu_block(names.onu_place(interface), body))
        elif interface.startswith("gpon-olt_") and interface != head:
            onus += registered(names.pon_port(interface), body)
        elif interface != head:
            tagged[interface] = tagged_vlans(body)
        elif head == "vlan database":
            vlans.update(number for line in body for number in _after("vlan ", line))
    return Configuration(tuple(onus), tuple(blocks), tagged, frozenset(vlans), services_in(sections))


def services_in(sections: Iterable[tuple[str, list[str]]]) -> dict[tuple[PonPort, int], OntService]:
    """What ONTs are told to do, by the VLAN profiles among the same sections."""
    told = [(head, body) for head, body in sections if head.startswith(_REMOTE) or head == "gpon"]
    profiles = vlan_profiles(line for head, body in told if head == "gpon" for line in body)
    return {
        names.onu_place(head.removeprefix(_REMOTE)): remote_service(body, profiles)
        for head, body in told
        if head != "gpon"
    }


def remote_config(text: str, profiles: dict[str, int]) -> OntService:
    """``show onu running config`` of one ONT; nothing is set where it prints no section."""
    lines = unwrapped(text)
    if lines and not lines[0].startswith(_REMOTE):
        raise Unreadable("no configuration of what an ONT is told")
    return remote_service((line.strip() for line in lines[1:]), profiles)


def described(text: str) -> tuple[str, ...]:
    """The descriptions among the lines that ``show running-config | include`` let through."""
    found = (re.fullmatch(r'\s*description\s+"?(.*?)"?\s*', line) for line in text.splitlines())
    return tuple(match[1] for match in found if match is not None)


def unwrapped(text: str) -> list[str]:
    """A terminal of 80 columns breaks longer lines, without a sign but their length (C300 V2.1, C620)."""
    lines: list[str] = []
    broken = False
    for raw in text.splitlines():
        line = raw.rstrip() if len(raw) != _WIDTH else raw
        if broken and not raw.startswith(("  ", "!", "$")):
            lines[-1] += line
        elif line:
            lines.append(line)
        broken = len(raw) == _WIDTH
    return lines


def _sections(lines: list[str]) -> list[tuple[str, list[str]]]:
    """Heads stand at the margin, and what belongs to them is indented."""
    sections: list[tuple[str, list[str]]] = []
    for line in lines:
        if not line.startswith(" "):
            sections.append((line, []))
        elif sections:
            sections[-1][1].append(line.strip())
    return sections


def registered(port: PonPort, body: list[str]) -> list[RegisteredOnu]:
    """The ONTs in the section of a PON port."""
    found = []
    for line in body:
        if match := re.fullmatch(r"onu (\d+) type (\S+)(?: (sn|pw) (\S+))?(?: .*)?", line):
            found.append(RegisteredOnu(port, int(match[1]), match[2], match[4] if match[3] == "sn" else ""))
    return found


def onu_block(place: tuple[PonPort, int], body: list[str]) -> OnuBlock:
    """What stands in the section of an ONT's interface."""
    tconts: dict[int, str] = {}
    gems: dict[int, GemPort] = {}
    ports: list[ServicePort] = []
    for line in body:
        if tcont := re.fullmatch(r"tcont (\d+) (?:name \S+ )?profile (\S+)(?: .*)?", line):
            tconts[int(tcont[1])] = tcont[2]
        elif limit := re.fullmatch(r"gemport (\d+) traffic-limit (?:upstream (\S+) ?)?(?:downstream (\S+))?", line):
            gem = gems.get(int(limit[1]), GemPort(int(limit[1]), 0))
            gems[gem.number] = GemPort(gem.number, gem.tcont, limit[3] or "", limit[2] or "")
        elif made := re.fullmatch(r"gemport (\d+)\b.*\btcont (\d+)\b.*", line):
            gem = gems.get(int(made[1]), GemPort(int(made[1]), 0))
            gems[gem.number] = GemPort(gem.number, int(made[2]), gem.down, gem.up)
        elif flow := re.fullmatch(r"service-port (\d+) vport (\d+)\b(.* vlan \d+\b.*)", line):
            ports.append(service_port(int(flow[1]), int(flow[2]), flow[3]))
    return OnuBlock(
        port=place[0],
        ont_id=place[1],
        name=_value("name", body),
        description=_value("description", body),
        enabled=not _OFF & set(body),
        tconts=tconts,
        gem_ports=tuple(gems.values()),
        service_ports=tuple(ports),
        unread=any(line.startswith(_OTHER_WAYS) for line in body),
    )


def service_port(number: int, vport: int, words: str) -> ServicePort:
    """``user-vlan U vlan V``, and ``svlan S`` where V is the inner tag within S."""
    tags = {word: int(tag) for word, tag in re.findall(r"(?:^| )(user-vlan|vlan|svlan) (\d+)\b", words)}
    inner = tags["vlan"] if "svlan" in tags else None
    return ServicePort(number, vport, tags.get("svlan", tags["vlan"]), inner, tags.get("user-vlan"))


def _value(word: str, body: list[str]) -> str:
    line = next((line for line in body if line.startswith(word + " ")), "")
    return line.removeprefix(word + " ").strip().strip('"')


def tagged_vlans(body: list[str]) -> frozenset[int]:
    """The VLANs that leave a port tagged, in as many lines as it takes."""
    lists = (re.fullmatch(r"switchport vlan (\S+) tag", line) for line in body)
    return frozenset(number for match in lists if match is not None for number in number_list(match[1]))


def _after(word: str, line: str) -> frozenset[int]:
    return number_list(line.removeprefix(word)) if line.startswith(word) else frozenset()
