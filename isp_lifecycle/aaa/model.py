"""What a RADIUS or DHCP server would be told about a line, and what came of telling it."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface


@dataclass(frozen=True)
class SignOnWanted:
    """How a line is to be let on: its address with the prefix's length, its VLAN, its rates in kbit/s.

    ``circuit`` is what the OLT writes into DHCP option 82 (RFC 3046) and RADIUS knows as Agent-Circuit-Id; the
    address is None where the server picks one out of a pool.
    """

    service_code: str
    address: IPv4Interface | None
    gateway: IPv4Address | None
    vlan: int
    down_kbps: int
    up_kbps: int
    circuit: str


@dataclass(frozen=True)
class SignOnResult:
    """Whether a server was written to, and the sentence that a person reads about it."""

    written: bool
    words: str
