"""Pools, what is taken from them, and the arithmetic of free extents; all without a database.

A pool gives out units of one size: single addresses, or blocks. Its units are numbered from 0, so that free space is
a set of extents of whole numbers, whatever the size of a unit. To take is to cut a number off an extent, to give
back is to join it to its neighbours: neither ever looks at what is taken, so both cost the same in a full pool of a
million as in an empty one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any
from uuid import UUID

from isp_lifecycle.foundation.states import Moves
from isp_lifecycle.foundation.terms import VLANS, Family, Policy
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.ipam.errors import AddressWrong, GroupWrong, NatWrong, PoolWrong

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

#: The longest step from a pool's prefix to what it gives: 16,777,216 units, an IPv6 /32 of /56. Its free extents are
#: rows from the beginning, 65,536 of them then.
LARGEST = 24
#: Addresses at the beginning of a pool's ``wan`` that no router has.
WAN_LEFT_OUT = 2
#: No extent reaches over a multiple of this, so that a fresh pool is many rows and many can take at the same time.
SEGMENT = 256


#: What a VLAN is noted for that stands on a device while nobody has said what for.
FOUND = "found on the device"


class AllocationState(StrEnum):
    """Where something that was taken from a pool stands."""

    RESERVED = "reserved"  #: It is held for a line that is being built.
    ASSIGNED = "assigned"  #: A line uses it.
    QUARANTINED = "quarantined"  #: It was released and rests, so that nobody gets another's late traffic.
    FREE = "free"  #: It is back in its pool; the row is history.


ALLOCATION_MOVES = Moves(
    what="Allocation",
    start=AllocationState.RESERVED,
    table={
        AllocationState.RESERVED: frozenset({AllocationState.ASSIGNED, AllocationState.QUARANTINED}),
        AllocationState.ASSIGNED: frozenset({AllocationState.QUARANTINED}),
        AllocationState.QUARANTINED: frozenset({AllocationState.FREE}),
    },
)


@dataclass(frozen=True, order=True)
class Extent:
    """Free units from ``first`` to ``last``, both included."""

    first: int
    last: int

    def __contains__(self, unit: int) -> bool:
        return self.first <= unit <= self.last

    def without(self, unit: int) -> tuple[Extent, ...]:
        """What is left when one unit is taken out: two extents, one, or none."""
        if unit not in self:
            return (self,)
        rests = (Extent(self.first, unit - 1), Extent(unit + 1, self.last))
        return tuple(rest for rest in rests if rest.first <= rest.last)


def neighbours(unit: int) -> tuple[int | None, int | None]:
    """The units before and after that may be joined with this one: those of its own segment."""
    before = unit - 1 if unit % SEGMENT else None
    after = unit + 1 if (unit + 1) % SEGMENT else None
    return before, after


def joined(unit: int, *, before: Extent | None, after: Extent | None) -> Extent:
    """The extent that a unit forms with the free ones directly before and after it."""
    return Extent(before.first if before else unit, after.last if after else unit)


@dataclass(frozen=True, kw_only=True)
class Pool:
    """Address space that services of one policy get theirs from; of one area, or of every area.

    Never given out: ``excluded``, the unit that the gateway lies in, and of single addresses also the network and
    the broadcast address. Units are numbered from the prefix's first address, so that a number is small even where an
    IPv6 address has 128 bits.
    """

    id: UUID
    name: str
    area: str | None
    policy: Policy
    prefix: Network
    gateway: Address | None
    excluded: tuple[Network, ...] = ()
    wan: IPv6Network | None = None
    """Of a pool of delegated prefixes: where the routers' own addresses come from, the one of unit n being its n+2nd.

    So they follow from what is delegated, and are as unique as that: nothing more is taken, kept or given back. The
    first two are left out, the subnet's routers' (RFC 4291, 2.6.1) and the access gateway's.
    """

    def __post_init__(self) -> None:
        length, family = self.policy.prefix_length, self.policy.family
        self._check("prefix", self.prefix, f"an {_word(family)} prefix for {self.policy}", ok=_is(self.prefix, family))
        self._check("name", self.name, "a text", ok=bool(self.name) and self.name == self.name.strip())
        self._check("area", self.area, "a text or empty", ok=self.area is None or bool(self.area.strip()))
        shortest = max(8, length - LARGEST)
        self._check("prefix", self.prefix, f"/{shortest} to /{length}", ok=shortest <= self.prefix.prefixlen <= length)
        inside = self.gateway is None or self.gateway in self.prefix
        self._check("gateway", self.gateway, f"an address of {self.prefix}", ok=inside)
        for network in self.excluded:
            self._check(
                "excluded", network, say("a part of {prefix}", prefix=self.prefix), ok=contains(self.prefix, network)
            )
        self._check("prefix", self.prefix, "larger than what it keeps out", ok=self.size > 0)
        if self.wan is not None:
            self._check("wan", self.wan, say("empty for IPv4"), ok=family is Family.IPV6)
            apart = not self.wan.overlaps(self.prefix)
            self._check("wan", self.wan, say("apart from {prefix}", prefix=self.prefix), ok=apart)
            room = self.wan.num_addresses >= self.units + WAN_LEFT_OUT
            self._check(
                "wan",
                self.wan,
                say("a prefix of {addresses} addresses or more", addresses=self.units + WAN_LEFT_OUT),
                ok=room,
            )

    def _check(self, field: str, value: object, allowed: str, *, ok: bool) -> None:
        if not ok:
            raise PoolWrong(self.name, field, value, allowed)

    @property
    def units(self) -> int:
        """How many units the prefix has, with those that are kept out."""
        return 1 << (self.policy.prefix_length - self.prefix.prefixlen)

    @property
    def size(self) -> int:
        """How many units can be given out."""
        return self.units - sum(gap.last - gap.first + 1 for gap in self._kept_out())

    @property
    def _shift(self) -> int:
        """How many bits of an address lie within a unit."""
        return self.policy.family.bits - self.policy.prefix_length

    def unit_of(self, address: Address) -> int:
        """The number of the unit that an address of the prefix lies in."""
        return (int(address) - int(self.prefix.network_address)) >> self._shift

    def prefix_of(self, unit: int) -> Network:
        """The address (as a /32), the block or the delegated prefix of this number."""
        first = int(self.prefix.network_address) + (unit << self._shift)
        length = self.policy.prefix_length
        return IPv4Network((first, length)) if self.policy.family is Family.IPV4 else IPv6Network((first, length))

    def wan_of(self, prefix: Network) -> IPv6Address | None:
        """The router's own address where this prefix is delegated; None where the pool gives none."""
        if self.wan is None:
            return None
        return self.wan[self.unit_of(prefix.network_address) + WAN_LEFT_OUT]

    def delegated_with(self, wan: IPv6Address) -> Network | None:
        """What is delegated to the router that has this address of its own; None when no unit has it."""
        if self.wan is None or wan not in self.wan:
            return None
        unit = int(wan) - int(self.wan.network_address) - WAN_LEFT_OUT
        return self.prefix_of(unit) if 0 <= unit < self.units else None

    def address_in(self, prefix: Network) -> Address:
        """The customer's own address: the single one, the second host of a block, the first of a delegated prefix."""
        if self.policy.family is Family.IPV6:
            return prefix[0]
        return prefix[2] if self.policy.is_block else prefix[0]

    def gateway_for(self, prefix: Network) -> Address | None:
        """The provider's end: the pool's gateway for single addresses, the first host of a block.

        None for a delegated prefix: the router that it is delegated to has its gateway from router advertisements.
        """
        if self.policy.family is Family.IPV6:
            return None
        return prefix[1] if self.policy.is_block else self.gateway

    def link_length(self, prefix: Network) -> int:
        """How long the prefix is that a unit's address and its gateway lie in: the pool's, or the block's own."""
        return prefix.prefixlen if self.policy.is_block else self.prefix.prefixlen

    def free_extents(self) -> Iterator[Extent]:
        """All that can be given out while nothing is taken, cut at the borders of segments."""
        start = 0
        for gap in (*self._kept_out(), Extent(self.units, self.units)):
            while start < gap.first:
                border = (start // SEGMENT + 1) * SEGMENT
                yield Extent(start, min(border, gap.first) - 1)
                start = min(border, gap.first)
            start = gap.last + 1

    def _kept_out(self) -> tuple[Extent, ...]:
        """The units that are never given out, as extents in order that do not overlap."""
        gaps = [Extent(self.unit_of(n.network_address), self.unit_of(n.broadcast_address)) for n in self.excluded]
        if self.gateway is not None:
            gaps.append(Extent(self.unit_of(self.gateway), self.unit_of(self.gateway)))
        if not self.policy.is_block and self.prefix.prefixlen < 31:
            gaps += [Extent(0, 0), Extent(self.units - 1, self.units - 1)]
        apart: list[Extent] = []
        for gap in sorted(gaps):
            if apart and gap.first <= apart[-1].last:
                apart[-1] = Extent(apart[-1].first, max(apart[-1].last, gap.last))
            else:
                apart.append(gap)
        return tuple(apart)


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """What an owner (a service) has from a pool.

    ``until`` is the end of the quarantine, or of a reservation that ends by itself.
    """

    id: UUID
    pool_id: UUID
    pool: str
    policy: Policy
    owner: UUID
    prefix: Network
    address: Address
    gateway: Address | None
    state: AllocationState
    reserved_at: datetime
    until: datetime | None = None
    wan: IPv6Address | None = None
    """The router's own address beside a delegated prefix, where the pool gives one."""
    link_length: int = 32
    """The length of the prefix that address and gateway lie in."""

    @property
    def shown(self) -> str:
        """What people know it by: the address, or the prefix of a block."""
        return str(self.prefix if self.policy.is_block else self.address)


@dataclass(frozen=True, kw_only=True)
class NumberCheck:
    """A comparison of the numbers on record with what is really in use, as it was noted; ``report`` as JSON.

    ``conflicts`` is how many there were, ``missed`` how much could not be looked at.
    """

    id: UUID
    checked_at: datetime
    checked_by: str
    with_devices: bool
    conflicts: int
    missed: int
    report: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class PoolFill:
    """How full a pool is, in units."""

    pool: str
    area: str | None
    policy: Policy
    prefix: Network
    size: int
    taken: int
    quarantined: int

    @property
    def free(self) -> int:
        """How many can be given out now."""
        return self.size - self.taken - self.quarantined

    @property
    def share(self) -> float:
        """The share that cannot be given out now, 0 to 1."""
        return (self.taken + self.quarantined) / self.size


#: The first port that a customer may be given: those before it are the well-known ones (RFC 6335).
FIRST_PORT, LAST_PORT = 1024, 65535


@dataclass(frozen=True, order=True)
class Ports:
    """Ports from ``first`` to ``last``, both included."""

    first: int
    last: int

    def __contains__(self, port: int) -> bool:
        return self.first <= port <= self.last

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


@dataclass(frozen=True, kw_only=True)
class Nat:
    """A carrier's NAT whose translations follow from the addresses alone (RFC 7422), so that no log is kept.

    The inside addresses, in order, get a block of ``ports`` each: those of the first outside address from the lowest
    port on, then those of the next. A block is of one piece and holds no port below 1024 and none of ``excluded``.
    """

    name: str
    inside: IPv4Network
    outside: IPv4Network
    ports: int
    excluded: tuple[Ports, ...] = ()

    def __post_init__(self) -> None:
        most = LAST_PORT - FIRST_PORT + 1
        self._check("name", self.name, "a text", ok=bool(self.name) and self.name == self.name.strip())
        self._check("ports", self.ports, f"1 to {most}", ok=1 <= self.ports <= most)
        for gap in self.excluded:
            self._check("excluded", gap, say("ports such as 5060-5061"), ok=0 <= gap.first <= gap.last <= LAST_PORT)
        self._check("outside", self.outside, f"apart from {self.inside}", ok=not self.outside.overlaps(self.inside))
        self._check("ports", self.ports, "a size of which blocks are left", ok=bool(self.blocks))
        room, needed = self.outside.num_addresses * len(self.blocks), self.inside.num_addresses
        self._check("outside", self.outside, f"room for {needed} blocks of {self.ports}, not {room}", ok=room >= needed)

    def _check(self, field: str, value: object, allowed: str, *, ok: bool) -> None:
        if not ok:
            raise NatWrong(self.name, field, value, allowed)

    @cached_property
    def blocks(self) -> tuple[Ports, ...]:
        """The blocks of one outside address, in order."""
        found, start = [], FIRST_PORT
        for gap in (*sorted(self.excluded), Ports(LAST_PORT + 1, LAST_PORT + 1)):
            while start + self.ports <= gap.first:
                found.append(Ports(start, start + self.ports - 1))
                start += self.ports
            start = max(start, gap.last + 1)
        return tuple(found)

    def outside_of(self, inside: IPv4Address) -> tuple[IPv4Address, Ports]:
        """The outside address and the ports of an inside address."""
        address, block = divmod(int(inside) - int(self.inside.network_address), len(self.blocks))
        return self.outside[address], self.blocks[block]

    def inside_of(self, outside: IPv4Address, port: int) -> IPv4Address | None:
        """Whose port of an outside address it is; None for one that is nobody's."""
        place = bisect_right(self.blocks, port, key=lambda block: block.first) - 1
        if place < 0 or port not in self.blocks[place]:
            return None
        number = (int(outside) - int(self.outside.network_address)) * len(self.blocks) + place
        return self.inside[number] if number < self.inside.num_addresses else None


@dataclass(frozen=True, kw_only=True)
class Use:
    """Who had an address or a block, from when until when; ``released_at`` is None while they have it."""

    owner: UUID
    prefix: Network
    since: datetime
    released_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Vlan:
    """A VLAN that is in use on an OLT, and what for."""

    olt: str
    number: int
    purpose: str
    reserved_at: datetime


def contains(outer: Network, inner: Network) -> bool:
    """Whether one prefix is a part of another; never across protocols."""
    if isinstance(outer, IPv4Network):
        return isinstance(inner, IPv4Network) and inner.subnet_of(outer)
    return isinstance(inner, IPv6Network) and inner.subnet_of(outer)


def parsed_address(text: str | Address) -> Address:
    """Read an address of either protocol; raises AddressWrong."""
    try:
        return ip_address(text)
    except ValueError as error:
        raise AddressWrong(str(text)) from error


def parsed_prefix(text: str | Network, *, pool: str, field: str) -> Network:
    """Read a prefix of a pool, its host bits zero; raises PoolWrong."""
    try:
        return ip_network(text)
    except ValueError as error:
        wanted = say("a prefix such as 198.51.100.0/24 or 2001:db8::/32, without host bits")
        raise PoolWrong(pool, field, text, wanted) from error


def _is(network: Network, family: Family) -> bool:
    return isinstance(network, IPv4Network) is (family is Family.IPV4)


def _word(family: Family) -> str:
    return "IPv4" if family is Family.IPV4 else "IPv6"


@dataclass(frozen=True, kw_only=True)
class VlanGroup:
    """An outer tag on an OLT with the inner ones that its lines are given, one each (1:1, 802.1ad).

    ``ports`` are the PON ports that it serves, in the OLT's spelling; without any it serves all of them.
    """

    olt: str
    outer: int
    first: int
    last: int
    ports: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        allowed = f"{VLANS[0]} to {VLANS[-1] - 1}"
        for field, tag in (("outer", self.outer), ("first", self.first), ("last", self.last)):
            if not VLANS[0] <= tag < VLANS[-1]:
                raise GroupWrong(self.olt, self.outer, field, tag, allowed)
        if self.last < self.first:
            raise GroupWrong(self.olt, self.outer, "last", self.last, say("{first} or more", first=self.first))

    @property
    def size(self) -> int:
        """How many lines it has room for."""
        return self.last - self.first + 1


@dataclass(frozen=True, kw_only=True)
class Tags:
    """The pair of tags that a service holds on an OLT. ``until`` is the end of the quarantine."""

    id: UUID
    olt: str
    outer: int
    inner: int
    owner: UUID
    state: AllocationState
    reserved_at: datetime
    until: datetime | None = None

    def __str__(self) -> str:
        return f"{self.outer}.{self.inner}"


@dataclass(frozen=True, kw_only=True)
class GroupFill:
    """How full a group is."""

    group: VlanGroup
    taken: int
    quarantined: int

    @property
    def free(self) -> int:
        """How many lines could be given a pair of tags now."""
        return self.group.size - self.taken - self.quarantined
