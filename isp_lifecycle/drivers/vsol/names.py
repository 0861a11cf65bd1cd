"""How a V1600G names its ports (``0/1``, ``GPON0/1:2``, ``gigabitethernet 0/1``) and writes serial numbers.

It has no boards: its PON ports are 0/1, 0/2 and so on, which is frame 0, slot 0 here.
"""

from __future__ import annotations

import re

from isp_lifecycle.drivers.values import PonPort
from isp_lifecycle.drivers.vendor import Unreadable

# V2.1 and V2.3 count ONTs as 1/1/8:3 where the interface is 0/8 (GPON0/8:3 in V1.4): the last number is the port.
_ONU = re.compile(r"(?:GPON(\d+)/|\d+/\d+/)(\d+):(\d+)", re.ASCII | re.IGNORECASE)
_PON = re.compile(r"(?:GPON)?\s*(\d+)/(\d+)", re.ASCII | re.IGNORECASE)
_GE = re.compile(r"(?:ge|gigabitethernet)\s*(\d+/\d+)", re.ASCII | re.IGNORECASE)


def pon(port: PonPort) -> str:
    """A PON port as it is typed after ``interface gpon``."""
    return f"{port.slot}/{port.port}"


def pon_port(text: str) -> PonPort:
    """The PON port of ``0/1`` or ``GPON0/1``; raises Unreadable."""
    match = _PON.fullmatch(text)
    if match is None:
        raise Unreadable(f"{text!r} is not a PON port")
    return PonPort(0, int(match[1]), int(match[2]))


def onu_place(text: str) -> tuple[PonPort, int]:
    """Where an ONT stands, from ``GPON0/1:2`` or ``1/1/1:2``; raises Unreadable."""
    match = _ONU.fullmatch(text)
    if match is None:
        raise Unreadable(f"{text!r} is not the place of an ONT")
    return PonPort(0, int(match[1] or 0), int(match[2])), int(match[3])


def uplink(interface: str) -> str:
    """An Ethernet port in the short form of displays (``ge0/1``), from any form; others stay as they are."""
    match = _GE.fullmatch(interface)
    return f"ge{match[1]}" if match else interface


def interface_of(name: str) -> str:
    """The interface of an Ethernet port, as it is typed."""
    match = _GE.fullmatch(name)
    return f"gigabitethernet {match[1]}" if match else name
