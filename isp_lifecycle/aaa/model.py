"""What RADIUS and DHCP servers are told about a line, what came of telling them, and what they tell of sessions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Network

#: Our groups in RADIUS: ``isp-open-512000k-102400k``.
GROUPS = "isp-"


class Standing(StrEnum):
    """How a line is let on."""

    OPEN = "open"  #: At the rates that are wanted; also a line that was suspended softly, at its low ones.
    WALLED = "walled"  #: It leads to the provider's own pages only.
    REFUSED = "refused"  #: It is known and not let on.


def circuit_id(*, olt: str, pon_port: str, ont_id: int | None, vlan: int) -> str:
    """What the OLT writes into option 82: ``<olt> xpon f/s/0/p:ont.gem.vlan``, as MA5800s do by default.

    It follows from where the line stands, so that it is known before anything is plugged in.
    """
    frame, slot, port = pon_port.split("/")
    return f"{olt} xpon {frame}/{slot}/0/{port}:{ont_id}.1.{vlan}"


@dataclass(frozen=True)
class SignOnWanted:
    """How a line is to be let on: its address with the prefix's length, its VLAN, its rates in kbit/s.

    ``circuit`` is what the OLT writes into DHCP option 82 (RFC 3046) and RADIUS knows as Agent-Circuit-Id; the
    address is None where the server picks one out of a pool. A line that is not ``enabled`` is known and refused.
    ``delegated`` is the IPv6 prefix that its router is given (RFC 8415, 6.3), None where it has none.
    ``wan`` is the address that its router has of its own beside it (RFC 6911), None where it makes one up.
    ``mac`` is the hardware address of the customer's router where that, and not the circuit, is what is known of it.
    """

    service_code: str
    address: IPv4Interface | None
    gateway: IPv4Address | None
    vlan: int
    down_kbps: int
    up_kbps: int
    circuit: str
    enabled: bool = True
    mac: str | None = None
    delegated: IPv6Network | None = None
    wan: IPv6Address | None = None

    def standing(self, walled_vlan: int | None) -> Standing:
        """How it is let on, where ``walled_vlan`` is the VLAN that leads to the provider's own pages only."""
        if not self.enabled:
            return Standing.REFUSED
        return Standing.WALLED if self.vlan == walled_vlan else Standing.OPEN


@dataclass(frozen=True)
class SignOnResult:
    """Whether a server was written to, and the sentence that a person reads about it."""

    written: bool
    words: str


@dataclass(frozen=True)
class Session:
    """One session as an access gateway accounted for it (RFC 2866); ``ended_at`` is None while it is live.

    Octets are the customer's: up is what the gateway received (Acct-Input-Octets), down what it sent.
    """

    service_code: str
    session_id: str
    gateway: IPv4Address
    address: IPv4Address | None
    delegated: IPv6Network | None
    started_at: datetime | None
    updated_at: datetime | None
    ended_at: datetime | None
    ended_because: str
    up_octets: int
    down_octets: int
    nas_port: str = ""
    """Where it came in, as the gateway names it (NAS-Port-Id): often the circuit."""
    caller: str = ""
    """Who called, as the gateway saw it (Calling-Station-Id): mostly the router's hardware address."""
    wan: IPv6Address | None = None


@dataclass(frozen=True)
class InUse:
    """An address or prefix that a server has given out, whatever our records say.

    ``who`` is the name that the server has for whoever has it, a service's code where it is a line of ours; ``how``
    says what that is known from, as the end of a sentence.
    """

    who: str
    prefix: IPv4Network | IPv6Network
    how: str


@dataclass(frozen=True)
class Usage:
    """What a line used in the sessions that began in a period; octets, counted by the access gateway."""

    service_code: str
    sessions: int
    up_octets: int
    down_octets: int


@dataclass(frozen=True)
class UsedIn:
    """What a line used in the sessions that began on a day or in a month; ``begins`` is its first day."""

    begins: date
    sessions: int
    up_octets: int
    down_octets: int


@dataclass(frozen=True)
class PastSessions:
    """Some of a line's sessions that have ended, newest first, and how many there are in all."""

    rows: tuple[Session, ...]
    total: int


@dataclass(frozen=True)
class Attempt:
    """The last time that somebody asked RADIUS to be let in as this line, and what became of it.

    ``right_password`` is None where that cannot be told: none was sent in clear text, or none is kept.
    """

    at: datetime
    accepted: bool
    right_password: bool | None
    caller: str = ""


@dataclass(frozen=True)
class LineAccount:
    """A line's user in RADIUS: whether there is one, whether it is refused, and the groups of ours that it is in."""

    known: bool
    refused: bool
    groups: tuple[str, ...]
    address: IPv4Address | None = None

    @property
    def rates(self) -> tuple[int, int] | None:
        """Down and up in kbit/s, by its group's name; None where no group of ours names any."""
        for group in self.groups:
            named = re.fullmatch(rf"{GROUPS}[a-z]+-(\d+)k-(\d+)k", group, re.ASCII)
            if named is not None:
                return int(named[1]), int(named[2])
        return None

    @property
    def walled(self) -> bool:
        """Whether it is led to the provider's own pages only."""
        return any(group.startswith(f"{GROUPS}{Standing.WALLED}-") for group in self.groups)


@dataclass(frozen=True)
class Lease:
    """What DHCP keeps for a line: its reserved address, the lease that runs, and who else has its address reserved."""

    reserved: IPv4Address | None
    leased_to: str
    until: datetime | None
    held_by: str
