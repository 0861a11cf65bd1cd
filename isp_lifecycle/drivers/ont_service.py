"""What an ONT is told to do by the OLT over OMCI: hand the service over untagged, or be the customer's router itself.

Frozen values that a driver takes and gives. A password is part of them, and of nothing that is shown or stored.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Interface

from isp_lifecycle.drivers.errors import LineMalformed

VLANS = range(2, 4094)


class Offer(StrEnum):
    """What a vendor's command line can make of a line beyond a bridged one in a shared VLAN."""

    NATIVE_VLAN = "native VLAN"  #: The ONT's first Ethernet port hands the service over without a tag.
    DHCP = "DHCP"  #: The ONT is a router and asks for its address.
    STATIC = "a static address"  #: The ONT is a router and is told its address.
    PPPOE = "PPPoE"  #: The ONT is a router and dials in.
    OWN_VLAN = "a VLAN of its own"  #: The line has an inner tag of its own within a shared outer one (802.1ad).


@dataclass(frozen=True, slots=True)
class Dhcp:
    """The ONT gets its address by DHCP."""

    offer = Offer.DHCP

    def check(self) -> None:
        """Nothing that could be wrong."""

    def __str__(self) -> str:
        return "router by DHCP"


@dataclass(frozen=True, slots=True)
class Static:
    """The ONT has this address; at most two name servers are told."""

    address: IPv4Interface
    gateway: IPv4Address
    dns: tuple[IPv4Address, ...] = ()

    offer = Offer.STATIC

    def check(self) -> None:
        """Raises LineMalformed."""
        if self.gateway not in self.address.network:
            raise LineMalformed("gateway", self.gateway, f"The gateway is an address of {self.address.network}")

    def __str__(self) -> str:
        servers = f", DNS {', '.join(str(one) for one in self.dns)}" if self.dns else ""
        return f"router with {self.address} by {self.gateway}{servers}"


@dataclass(frozen=True, slots=True)
class Pppoe:
    """The ONT dials in. An empty password is one that the device does not show."""

    user: str
    password: str = field(default="", repr=False)

    offer = Offer.PPPOE

    def check(self) -> None:
        """Raises LineMalformed, which tells no password."""
        for name, text in (("PPPoE user", self.user), ("PPPoE password", self.password)):
            plain = text.isascii() and text.isprintable() and not any(letter in text for letter in " \"'?")
            if not text or not plain:
                raise LineMalformed(name, "" if "password" in name else text, f"A {name} has no blanks or quotes")

    def __str__(self) -> str:
        return f"router by PPPoE as {self.user}"


Wan = Dhcp | Static | Pppoe


@dataclass(frozen=True, slots=True)
class OntService:
    """How an ONT serves its customer. Without anything it is a bridge that leaves tags alone.

    ``others`` are connections of the ONT's own router that are none of ours, in the device's words.
    """

    native_vlan: int | None = None
    wan: Wan | None = None
    wan_vlan: int | None = None
    """The VLAN that the ONT's router tags with, as found; None: it is not wholly made. A wanted line says it itself."""
    others: tuple[str, ...] = ()

    def check(self) -> None:
        """Whether it may be wanted; what is found may be anything. Raises LineMalformed."""
        if self.native_vlan is not None and self.native_vlan not in VLANS:
            raise LineMalformed("native_vlan", self.native_vlan, f"A native VLAN is {VLANS[0]} to {VLANS[-1]}")
        if self.wan is not None:
            self.wan.check()

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be shown of it."""
        return (self.wan.password,) if isinstance(self.wan, Pppoe) and self.wan.password else ()


BRIDGE = OntService()


def same_wan(wanted: Wan | None, found: Wan | None) -> bool:
    """Whether a device has what is wanted. A password that one of them does not tell is taken for the right one."""
    if isinstance(wanted, Pppoe) and isinstance(found, Pppoe):
        return wanted.user == found.user and (found.password in ("", wanted.password) or not wanted.password)
    return wanted == found


def serving(wanted: OntService, found: OntService, vlan: int | None) -> tuple[tuple[str, str, str], ...]:
    """Field, as wanted, as found; never a password. ``vlan`` is what the ONT is to tag with."""
    return (
        ("native_vlan", native_words(wanted), native_words(found)),
        ("router", *router_words(wanted.wan, found, vlan)),
    )


def same_router(wanted: Wan | None, found: OntService, vlan: int | None) -> bool:
    """Whether the ONT's router is as wanted, and on the VLAN."""
    return same_wan(wanted, found.wan) and (wanted is None or found.wan_vlan == vlan)


def router_words(wanted: Wan | None, found: OntService, vlan: int | None) -> tuple[str, str]:
    """Both for people, with the VLAN where that is what differs."""
    wants, has = wan_words(wanted, found.wan)
    if wanted is not None and found.wan is not None and found.wan_vlan != vlan:
        on = f" on VLAN {found.wan_vlan}" if found.wan_vlan is not None else ", not wholly made"
        return f"{wants} on VLAN {vlan}", f"{has}{on}"
    return wants, has


def native_words(service: OntService) -> str:
    """For people."""
    return f"untagged on VLAN {service.native_vlan}" if service.native_vlan is not None else "as the ONT has it"


def wan_words(wanted: Wan | None, found: Wan | None) -> tuple[str, str]:
    """Both for people; the same when they are the same, and never a password."""
    want, have = (str(one) if one is not None else "no router" for one in (wanted, found))
    if same_wan(wanted, found):
        return want, want
    return want, f"{have} with another password" if want == have else have
