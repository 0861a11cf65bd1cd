"""Pools, what is taken from them, and the arithmetic of free extents; all without a database.

A pool gives out units of one size: single addresses, or blocks. Its units are numbered from 0, so that free space is
a set of extents of whole numbers, whatever the size of a unit. To take is to cut a number off an extent, to give
back is to join it to its neighbours: neither ever looks at what is taken, so both cost the same in a full pool of a
million as in an empty one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, ip_address, ip_network
from uuid import UUID

from isp_lifecycle.foundation.states import Moves
from isp_lifecycle.foundation.terms import AddressPolicy
from isp_lifecycle.ipam.errors import AddressWrong, PoolWrong

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
    the broadcast address. Units are numbered from the prefix's first address.
    """

    id: UUID
    name: str
    area: str | None
    policy: AddressPolicy
    prefix: IPv4Network
    gateway: IPv4Address | None
    excluded: tuple[IPv4Network, ...] = ()

    def __post_init__(self) -> None:
        length = self.policy.prefix_length
        self._check("name", self.name, "a text", ok=bool(self.name) and self.name == self.name.strip())
        self._check("area", self.area, "a text or empty", ok=self.area is None or bool(self.area.strip()))
        self._check("prefix", self.prefix, f"/8 to /{length}", ok=8 <= self.prefix.prefixlen <= length)
        inside = self.gateway is None or self.gateway in self.prefix
        self._check("gateway", self.gateway, f"an address of {self.prefix}", ok=inside)
        for network in self.excluded:
            self._check("excluded", network, f"a part of {self.prefix}", ok=network.subnet_of(self.prefix))
        self._check("prefix", self.prefix, "larger than what it keeps out", ok=self.size > 0)

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

    def unit_of(self, address: IPv4Address) -> int:
        """The number of the unit that an address of the prefix lies in."""
        return (int(address) - int(self.prefix.network_address)) >> (32 - self.policy.prefix_length)

    def prefix_of(self, unit: int) -> IPv4Network:
        """The address (as a /32) or the block of this number."""
        first = int(self.prefix.network_address) + (unit << (32 - self.policy.prefix_length))
        return IPv4Network((first, self.policy.prefix_length))

    def address_in(self, prefix: IPv4Network) -> IPv4Address:
        """The customer's own address: the single one, or the second host of a block."""
        return prefix[2] if self.policy.is_block else prefix[0]

    def gateway_for(self, prefix: IPv4Network) -> IPv4Address | None:
        """The provider's end: the pool's gateway for single addresses, the first host of a block."""
        return prefix[1] if self.policy.is_block else self.gateway

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
    """What an owner (a service) has from a pool. ``until`` is the end of the quarantine."""

    id: UUID
    pool_id: UUID
    pool: str
    policy: AddressPolicy
    owner: UUID
    prefix: IPv4Network
    address: IPv4Address
    gateway: IPv4Address | None
    state: AllocationState
    reserved_at: datetime
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class PoolFill:
    """How full a pool is, in units."""

    pool: str
    area: str | None
    policy: AddressPolicy
    prefix: IPv4Network
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


@dataclass(frozen=True, kw_only=True)
class Vlan:
    """A VLAN that is in use on an OLT, and what for."""

    olt: str
    number: int
    purpose: str
    reserved_at: datetime


def parsed_address(text: str | IPv4Address) -> IPv4Address:
    """Read an address; raises AddressWrong."""
    try:
        address = ip_address(text)
    except ValueError as error:
        raise AddressWrong(str(text)) from error
    if not isinstance(address, IPv4Address):
        raise AddressWrong(str(text))
    return address


def parsed_prefix(text: str | IPv4Network, *, pool: str, field: str) -> IPv4Network:
    """Read a prefix of a pool, its host bits zero; raises PoolWrong."""
    try:
        network = ip_network(text)
    except ValueError as error:
        raise PoolWrong(pool, field, text, "an IPv4 prefix such as 198.51.100.0/24, without host bits") from error
    if not isinstance(network, IPv4Network):
        raise PoolWrong(pool, field, text, "an IPv4 prefix; IPv6 is not given out yet")
    return network
