"""Texts of a ZXA10 with the Titan command line (C600, C650, C620) that a classic one prints otherwise, or not at all.

Its configuration is printed module by module, ``!<xpon>`` to ``!</xpon>``; an interface has a section in each module
that knows it, and a section ends with ``$`` (C620 of 2025, two captures).
"""

from __future__ import annotations

import re
from dataclasses import replace

from isp_lifecycle.drivers.ont_service import OntService
from isp_lifecycle.drivers.values import PonPort
from isp_lifecycle.drivers.vendor import Unreadable
from isp_lifecycle.drivers.zte import names
from isp_lifecycle.drivers.zte.parsers.config import (
    Configuration,
    GemPort,
    OnuBlock,
    onu_block,
    registered,
    service_port,
    services_in,
    tagged_vlans,
    unwrapped,
)
from isp_lifecycle.drivers.zte.parsers.plant import ProfileRate, SystemBlock, number_list
from isp_lifecycle.drivers.zte.parsers.remote import remote_service

_MODULES = frozenset({"if-intf", "xpon", "MSAN"})
_TAG = re.compile(r"!<(/?)([^<>/]+)>")
_LIMITS = {"egress": "down", "ingress": "up"}
type _Place = tuple[PonPort, int]


def running_config(text: str) -> Configuration:
    """The whole configuration, or that of one interface; Unreadable where a module has no end."""
    onus, blocks, tagged, vlans = [], dict[_Place, OnuBlock](), dict[str, frozenset[int]](), set[int]()
    sections = _sections(text)
    for head, body in sections.items():
        interface = head.removeprefix("interface ")
        if listed := re.fullmatch(r"vlan list (\S+)", head):
            vlans |= number_list(listed[1])
        elif interface == head or interface.startswith("vport-"):
            continue
        elif interface.startswith(names.TITAN.onu_word):
            place = names.onu_place(interface)
            blocks[place] = onu_block(place, body)
        elif interface.startswith(names.TITAN.pon_word):
            onus += registered(names.pon_port(interface), body)
        else:
            tagged[interface] = tagged_vlans(body)
    for interface, body in _vports(sections):
        port, ont_id, number = names.vport_place(interface)
        block = blocks.get((port, ont_id)) or onu_block((port, ont_id), [])
        blocks[port, ont_id] = _with_vport(block, number, body)
    services = services_in(sections.items())
    return Configuration(tuple(onus), tuple(blocks.values()), tagged, frozenset(vlans), services)


def remote_config(text: str, place: _Place, profiles: dict[str, int]) -> OntService:
    """What one ONT is told, in the configuration of its interface."""
    body = _sections(text).get(f"pon-onu-mng {names.TITAN.onu(*place)}", [])
    return remote_service(body, profiles)


def _sections(text: str) -> dict[str, list[str]]:
    """What stands at the margin, with what is indented below it; the sections of one interface joined."""
    sections: dict[str, list[str]] = {}
    module, ended, body = "", False, list[str]()
    for line in unwrapped(text):
        if tag := _TAG.fullmatch(line.strip()):
            if (tag[2] if tag[1] else "") != module:
                raise Unreadable(f"module {module or tag[2]} of the configuration has no end or no beginning")
            module, ended, body = ("" if tag[1] else tag[2]), True, []
        elif module not in _MODULES or line.startswith("!"):
            continue
        elif line.startswith(" "):
            body.append(line.strip())
        else:
            body = [] if line == "$" else sections.setdefault(line, [])
    if module or not ended:
        raise Unreadable("not a whole configuration")
    return sections


def _vports(sections: dict[str, list[str]]) -> list[tuple[str, list[str]]]:
    word = "interface vport-"
    return [(head.removeprefix("interface "), body) for head, body in sections.items() if head.startswith(word)]


def _with_vport(block: OnuBlock, number: int, body: list[str]) -> OnuBlock:
    """The ONT with the flows of one of its virtual ports, and the limits of that port.

    A limit is written in one of three ways: as a policy of the port, as its shaping (down only), or with the flow.
    """
    limits: dict[str, str] = {}
    ports = list(block.service_ports)
    for line in body:
        if policy := re.fullmatch(r"qos traffic-policy (\S+) direction (egress|ingress)", line):
            limits[_LIMITS[policy[2]]] = policy[1]
        elif shaping := re.fullmatch(r"qos traffic-shaping (\S+)", line):
            limits["down"] = shaping[1]
        elif flow := re.fullmatch(r"service-port (\d+) (user-vlan \S+ vlan \d+\b.*)", line):
            ports.append(service_port(int(flow[1]), number, flow[2]))
            limits |= {_LIMITS[way]: name for way, name in re.findall(r"\b(egress|ingress) (\S+)", flow[2])}
    gems = {gem.number: gem for gem in block.gem_ports}
    gem = gems.get(number, GemPort(number, 0))
    gems[number] = replace(gem, down=limits.get("down", gem.down), up=limits.get("up", gem.up))
    return replace(block, gem_ports=tuple(gems.values()), service_ports=tuple(ports))


def traffic_profiles(text: str) -> tuple[ProfileRate, ...]:
    """The ``traffic-profile`` lines of the configuration; the rate is the peak information rate."""
    found: list[ProfileRate] = []
    for line in unwrapped(text):
        profile = re.fullmatch(r"traffic-profile (\S+) cir \d+ cbs \d+ pir (\d+) pbs \d+\b.*", line)
        if profile is None:
            raise Unreadable(f"no traffic profile: {line!r}")
        found.append(ProfileRate(profile[1], int(profile[2])))
    return tuple(found)


def software(text: str) -> SystemBlock:
    """``show software``: product and version in its first two lines."""
    form = r"^ZXA10 (\S+)[ \t]*\nZTE ZXA10 Software, Version:\s*(\S+?),"
    match = re.search(form, text, re.MULTILINE)
    if match is None:
        raise Unreadable("no description of the software")
    return SystemBlock(match[1], match[2])
