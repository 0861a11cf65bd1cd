"""How a ZXA10 names its interfaces, in the classic spelling and in Titan's, and writes serial numbers.

What is read may be in either spelling, since neither can be taken for anything else; what is typed may not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from isp_lifecycle.drivers.values import PonPort
from isp_lifecycle.drivers.vendor import Unreadable

_ONU = re.compile(r"(?:gpon-onu_|gpon_onu-)?(\d+/\d+/\d+):(\d+)", re.ASCII)
_PON = re.compile(r"(?:gpon-olt_|gpon_olt-)(\d+/\d+/\d+)", re.ASCII)
_VPORT = re.compile(r"vport-(\d+/\d+/\d+)\.(\d+):(\d+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Spelling:
    """The first words of interfaces; rack, slot and port follow, all from 1."""

    pon_word: str
    onu_word: str

    def pon(self, port: PonPort) -> str:
        """The interface of a PON port."""
        return f"{self.pon_word}{port}"

    def onu(self, port: PonPort, ont_id: int) -> str:
        """The interface of a registered ONT."""
        return f"{self.onu_word}{port}:{ont_id}"


CLASSIC = Spelling("gpon-olt_", "gpon-onu_")
TITAN = Spelling("gpon_olt-", "gpon_onu-")


def vport(port: PonPort, ont_id: int, number: int) -> str:
    """The interface of a virtual port of an ONT (Titan): one for each GEM port, in the usual vport mode."""
    return f"vport-{port}.{ont_id}:{number}"


def onu_place(text: str) -> tuple[PonPort, int]:
    """Where an ONT stands, from its interface with or without its first word; raises Unreadable."""
    match = _ONU.fullmatch(text)
    if match is None:
        raise Unreadable(f"{text!r} is not the interface of an ONT")
    return PonPort.parse(match[1]), int(match[2])


def vport_place(text: str) -> tuple[PonPort, int, int]:
    """The PON port, the ONT and the number of ``vport-1/2/3.4:1``; raises Unreadable."""
    match = _VPORT.fullmatch(text)
    if match is None:
        raise Unreadable(f"{text!r} is not a virtual port of an ONT")
    return PonPort.parse(match[1]), int(match[2]), int(match[3])


def pon_port(text: str) -> PonPort:
    """The PON port of ``gpon-olt_1/2/3`` or ``gpon_olt-1/2/3``; raises Unreadable."""
    match = _PON.fullmatch(text)
    if match is None:
        raise Unreadable(f"{text!r} is not a PON port")
    return PonPort.parse(match[1])


def ports_of(rack: int, slot: int, count: int) -> tuple[PonPort, ...]:
    """The PON ports of one board; they count from 1."""
    return tuple(PonPort(rack, slot, number) for number in range(1, count + 1))
