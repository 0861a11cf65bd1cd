"""The lines of a V1600G's configuration that tell an ONT what to do: its Ethernet port, and ``onu N pri wan_adv ...``.

Seen in running configurations of a V1600G0-B V1.4.8R (routers by PPPoE and bare ones) and typed by several tools;
``static`` was typed by one of them. The password is printed as asterisks (a simulator that was made from one says so).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Interface

from isp_lifecycle.drivers.ont_service import Dhcp, OntService, Pppoe, Static, Wan
from isp_lifecycle.drivers.vendor import Unreadable

WAN_INDEX = 1
_CONNECTION = re.compile(r"pri wan_adv index (\d+) (.*)")
_PPPOE = re.compile(r"route (?:ipv4|both) pppoe\b.*? user (\S+) pwd (\S+)(?: .*)?")
_STATIC = re.compile(r"route ipv4 static ip (\S+) mask (\S+) gw (\S+)(?: dns master (\S+)(?: slave (\S+))?)?(?: .*)?")


@dataclass(slots=True)
class _Connection:
    internet: bool = False
    wan: Wan | None = None
    vlan: int | None = None
    bound: bool = False
    words: list[str] = field(default_factory=list)


def router_lines(lines: Iterable[str]) -> OntService:
    """From the lines of one ONT without their first two words. Ours is the first connection, if it is to the internet;
    it is whole once it is bound to the ONT's ports, which is said last."""
    native: int | None = None
    connections: dict[int, _Connection] = {}
    for line in lines:
        if port := re.fullmatch(r"portvlan eth 1 mode tag vlan (\d+)\b.*", line):
            native = int(port[1])
        elif line.startswith("portvlan eth 1 mode "):
            native = None
        elif told := _CONNECTION.fullmatch(line):
            _take(connections.setdefault(int(told[1]), _Connection()), told[2])
    ours = connections.pop(WAN_INDEX, None)
    if ours is not None and not ours.internet:
        connections[WAN_INDEX] = ours
        ours = None
    others = tuple(f"connection {index} ({one.words[0]})" for index, one in sorted(connections.items()) if one.words)
    if ours is None:
        return OntService(native, others=others)
    return OntService(native, ours.wan or Dhcp(), ours.vlan if ours.wan and ours.bound else None, others)


def _take(one: _Connection, words: str) -> None:
    one.words.append(words.split(" pwd ")[0])
    if words.startswith("route mode "):
        one.internet = words.startswith("route mode internet")
    elif account := _PPPOE.fullmatch(words):
        one.wan = Pppoe(account[1], "" if set(account[2]) <= {"*"} else account[2])
    elif words.startswith("route ipv4 dhcp"):
        one.wan = Dhcp()
    elif numbers := _STATIC.fullmatch(words):
        one.wan = _static(numbers)
    elif tag := re.fullmatch(r"vlan tag wan_vlan (\d+)\b.*", words):
        one.vlan = int(tag[1])
    elif words.startswith("bind "):
        one.bound = True


def _static(numbers: re.Match[str]) -> Static:
    address, mask, gateway, *servers = numbers.groups()
    try:
        dns = tuple(IPv4Address(one) for one in servers if one is not None)
        return Static(IPv4Interface(f"{address}/{mask}"), IPv4Address(gateway), dns)
    except ValueError as error:
        raise Unreadable(f"no address for an ONT: {numbers[0]!r}") from error
