"""The terms of a service as they were agreed: what was sold, how fast, at which price, with which kind of address.

These are words of the trade, and would stand in ``catalog`` if they were the catalogue's alone. But an order and a
service each keep a frozen copy, billing charges by it and the address pools are chosen by it, and capabilities may
not import one another: what all of them exchange by value stands below them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.foundation.texts import say

#: Version of the JSON form. It rises when a key changes its meaning; documents of older versions stay readable.
VERSION = 1

#: VLAN numbers that a service may use. IEEE 802.1Q reserves 0 and 4095, and 1 is every switch's default.
VLANS = range(2, 4095)


class TermsUnreadable(Refused):
    """A stored copy of terms is not of a form that this version reads."""

    default_remedy = say("Upgrade: the row was written by a newer version, or by hand.")


class Family(StrEnum):
    """The two protocols that a service has numbers of; it holds one allocation of each at most."""

    IPV4 = "ipv4"  #: An address or a block.
    IPV6 = "ipv6"  #: A prefix that is delegated to the customer's router.

    @property
    def bits(self) -> int:
        """How long its addresses are."""
        return 32 if self is Family.IPV4 else 128


class AddressPolicy(StrEnum):
    """Which kind of IPv4 address a service gets."""

    DYNAMIC = "dynamic"  #: One address out of a shared pool; it may be another one after a move.
    STATIC = "static"  #: One address that stays the same for the life of the service.
    BLOCK30 = "block30"  #: A block of 4 addresses.
    BLOCK29 = "block29"  #: A block of 8 addresses.
    BLOCK28 = "block28"  #: A block of 16 addresses.
    BLOCK27 = "block27"  #: A block of 32 addresses.
    BLOCK26 = "block26"  #: A block of 64 addresses.
    BLOCK25 = "block25"  #: A block of 128 addresses.
    BLOCK24 = "block24"  #: A block of 256 addresses.

    @property
    def is_block(self) -> bool:
        """Whether a whole block is given rather than one address."""
        return self.value.startswith("block")

    @property
    def prefix_length(self) -> int:
        """The length of the IPv4 prefix that one service gets."""
        return int(self.value.removeprefix("block")) if self.is_block else 32

    @property
    def family(self) -> Family:
        """IPv4."""
        return Family.IPV4


class Ipv6Policy(StrEnum):
    """Which IPv6 prefix is delegated to a service's router (RFC 8415, 6.3); it stays while the service has it.

    RIPE-690 recommends a /48 for businesses and at least a /56 for homes.
    """

    PD48 = "pd48"  #: A prefix of 65,536 networks.
    PD52 = "pd52"  #: A prefix of 4,096 networks.
    PD56 = "pd56"  #: A prefix of 256 networks.
    PD60 = "pd60"  #: A prefix of 16 networks.
    PD64 = "pd64"  #: One network.

    @property
    def is_block(self) -> bool:
        """A prefix, and never one address."""
        return True

    @property
    def prefix_length(self) -> int:
        """The length of the prefix that one service gets."""
        return int(self.value.removeprefix("pd"))

    @property
    def family(self) -> Family:
        """IPv6."""
        return Family.IPV6


class OntMode(StrEnum):
    """What the ONT at the customer's is told to do by the OLT."""

    BRIDGE = "bridge"  #: Nothing: it passes tags through, as its profile has it; the customer's router does the rest.
    UNTAGGED = "untagged"  #: Hand the service over without a tag on its first Ethernet port.
    DHCP = "dhcp"  #: Be the customer's router, with an address by DHCP.
    STATIC = "static"  #: Be the customer's router, with the address that the service holds.
    PPPOE = "pppoe"  #: Be the customer's router, and dial in with the account of the line.

    @property
    def needs_own_address(self) -> bool:
        """Whether it can be told an address only where that stays the same."""
        return self is OntMode.STATIC


#: What a pool gives, whichever protocol it is of.
Policy = AddressPolicy | Ipv6Policy


def policy_named(name: str) -> Policy:
    """The policy of this name; raises ValueError for one that is none."""
    return Ipv6Policy(name) if name.startswith("pd") else AddressPolicy(name)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """A frozen copy of a plan as it was when it was agreed. ``price`` is a month's; without IPv6, no policy for it."""

    plan_code: str
    plan_name: str
    down_kbps: int
    up_kbps: int
    price: Money
    address_policy: AddressPolicy
    vlan: int
    ipv6_policy: Ipv6Policy | None = None
    ont: OntMode = OntMode.BRIDGE
    own_vlan: bool = False
    """Each line has a pair of tags of its own towards the core (1:1, 802.1ad); ``vlan`` is between ONT and OLT then."""

    def to_json(self) -> dict[str, Any]:
        """The form that is stored; the price is text, so that no float ever touches it."""
        document = {
            "version": VERSION,
            "plan_code": self.plan_code,
            "plan_name": self.plan_name,
            "down_kbps": self.down_kbps,
            "up_kbps": self.up_kbps,
            "price": str(self.price.amount),
            "currency": self.price.currency,
            "address_policy": str(self.address_policy),
            "vlan": self.vlan,
        }
        document |= {"ipv6_policy": str(self.ipv6_policy)} if self.ipv6_policy else {}
        document |= {"ont": str(self.ont)} if self.ont is not OntMode.BRIDGE else {}
        return document | ({"own_vlan": True} if self.own_vlan else {})

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Terms:
        """Read the stored form; raises :class:`TermsUnreadable` for a version that is not known here."""
        if document.get("version") != VERSION:
            found = document.get("version")
            raise TermsUnreadable(
                say("Terms of version {found} cannot be read.", found=found), field="version", value=found
            )
        return cls(
            plan_code=document["plan_code"],
            plan_name=document["plan_name"],
            down_kbps=document["down_kbps"],
            up_kbps=document["up_kbps"],
            price=Money(Decimal(document["price"]), document["currency"]),
            address_policy=AddressPolicy(document["address_policy"]),
            vlan=document["vlan"],
            ipv6_policy=Ipv6Policy(given) if (given := document.get("ipv6_policy")) else None,
            ont=OntMode(document.get("ont", OntMode.BRIDGE)),
            own_vlan=document.get("own_vlan", False),
        )
