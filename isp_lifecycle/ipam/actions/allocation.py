"""Take an address, a block or a delegated prefix for an owner, use it, give it back to rest, make it free again.

An owner may hold one of each protocol; what is asked without a ``family`` is asked of IPv4.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.terms import Family, Policy
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.words import word
from isp_lifecycle.ipam.errors import AddressTaken, NoSuchPool, OtherAddressHeld, PoolEmpty, SpaceConflict
from isp_lifecycle.ipam.model import (
    Address,
    Allocation,
    AllocationState,
    Extent,
    Pool,
    joined,
    neighbours,
    parsed_address,
)
from isp_lifecycle.ipam.store import allocation as store
from isp_lifecycle.ipam.store import pool as pool_store

#: So long a released address rests: longer than DHCP leases, DNS caches and most forgotten sessions.
QUARANTINE = timedelta(hours=24)


def reserve(*, tx: Tx, owner: UUID, policy: Policy, area: str | None, at: datetime) -> Allocation:
    """Hold an address or a block for this owner; the same one if asked again.

    It comes from a pool of the area, or else from one of every area. Two who reserve at the same time get out of
    each other's way, and wait only when all that is left is in somebody's hands. Raises PoolEmpty, OtherAddressHeld
    when the owner holds one of another policy, and SpaceConflict.
    """
    store.lock_owner(tx=tx, owner=owner)
    held = store.held_by(tx=tx, owner=owner, family=policy.family)
    if held is not None:
        if held.policy is not policy:
            raise OtherAddressHeld(owner=owner, held=f"{held.prefix} ({held.policy})", wanted=policy)
        return held
    return _first_free(tx, policy, area, owner=owner, at=at)


def reserve_next(*, tx: Tx, owner: UUID, policy: Policy, area: str | None, at: datetime) -> Allocation:
    """Hold another one beside the one that the owner uses; the same again if asked again.

    :func:`switch` puts it in use, :func:`drop_next` gives it back. Raises as :func:`reserve` does.
    """
    store.lock_owner(tx=tx, owner=owner)
    coming = store.reserved_by(tx=tx, owner=owner, family=policy.family)
    if coming is None:
        return _first_free(tx, policy, area, owner=owner, at=at)
    if coming.policy is not policy:
        raise OtherAddressHeld(owner=owner, held=f"{coming.prefix} ({coming.policy})", wanted=policy)
    return coming


def switch(
    *, tx: Tx, owner: UUID, at: datetime, quarantine: timedelta = QUARANTINE, family: Family = Family.IPV4
) -> Allocation:
    """The line uses what was reserved as its next one, and the former goes to rest; asked again, nothing changes."""
    store.lock_owner(tx=tx, owner=owner)
    used = store.held_by(tx=tx, owner=owner, family=family)
    coming = store.reserved_by(tx=tx, owner=owner, family=family)
    if used is not None and coming is not None and used.id != coming.id:
        release(tx=tx, owner=owner, at=at, quarantine=quarantine, family=family)
    return assign(tx=tx, owner=owner, family=family)


def drop_next(*, tx: Tx, owner: UUID, at: datetime, family: Family = Family.IPV4) -> Allocation | None:
    """Give back what was reserved and never used: it needs no rest. None when nothing is reserved."""
    store.lock_owner(tx=tx, owner=owner)
    coming = store.reserved_by(tx=tx, owner=owner, family=family)
    if coming is None:
        return None
    store.move_allocation(
        tx=tx, allocation_id=coming.id, to=AllocationState.QUARANTINED, also={"until": at, "released_at": at}
    )
    end_quarantine(tx=tx, at=at)
    return coming


def serves(*, tx: Tx, held: Allocation, area: str | None) -> bool:
    """Whether what is held may be used in this area."""
    return any(pool.id == held.pool_id for pool in pool_store.pools_for(tx=tx, policy=held.policy, area=area))


def _first_free(tx: Tx, policy: Policy, area: str | None, *, owner: UUID, at: datetime) -> Allocation:
    for pool in pool_store.pools_for(tx=tx, policy=policy, area=area):
        extent = _locked(tx, pool)
        if extent is not None:
            return _taken(tx, pool, extent, unit=extent.first, owner=owner, at=at)
    raise PoolEmpty(policy=policy, area=area)


def _locked(tx: Tx, pool: Pool) -> Extent | None:
    """A free extent of the pool, locked; None when nothing is left."""
    extent = pool_store.lock_first(tx=tx, pool_id=pool.id, wait=False)
    while extent is None and pool_store.anything_free(tx=tx, pool_id=pool.id):
        extent = pool_store.lock_first(tx=tx, pool_id=pool.id, wait=True)
    return extent


def _taken(tx: Tx, pool: Pool, extent: Extent, *, unit: int, owner: UUID, at: datetime) -> Allocation:
    prefix = pool.prefix_of(unit)
    allocation = Allocation(
        id=new_id(),
        pool_id=pool.id,
        pool=pool.name,
        policy=pool.policy,
        owner=owner,
        prefix=prefix,
        address=pool.address_in(prefix),
        gateway=pool.gateway_for(prefix),
        state=AllocationState.RESERVED,
        reserved_at=at,
        wan=pool.wan_of(prefix),
        link_length=pool.link_length(prefix),
    )
    pool_store.replace_extents(tx=tx, pool_id=pool.id, gone=[extent], come=extent.without(unit))
    if not store.insert_allocation(tx=tx, allocation=allocation):
        other = store.in_the_way(tx=tx, prefix=prefix)
        raise SpaceConflict(pool=pool.name, prefix=str(prefix), owner=other.owner if other else None)
    return allocation


def assign(*, tx: Tx, owner: UUID, family: Family = Family.IPV4) -> Allocation:
    """The line uses what was reserved for it; asked again, nothing changes. Raises NotFound without a reservation."""
    held = store.held_by(tx=tx, owner=owner, family=family)
    if held is None:
        raise NotFound("reserved address of service", owner)
    if held.state is AllocationState.ASSIGNED:
        return held
    store.move_allocation(tx=tx, allocation_id=held.id, to=AllocationState.ASSIGNED)
    return replace(held, state=AllocationState.ASSIGNED)


def release(
    *, tx: Tx, owner: UUID, at: datetime, quarantine: timedelta = QUARANTINE, family: Family = Family.IPV4
) -> Allocation | None:
    """Give back what the owner uses, or else has reserved; it rests before anybody else gets it.

    None when the owner holds nothing.
    """
    store.lock_owner(tx=tx, owner=owner)
    held = store.held_by(tx=tx, owner=owner, family=family)
    if held is None:
        return None
    until = at + quarantine
    also = {"until": until, "released_at": at}
    store.move_allocation(tx=tx, allocation_id=held.id, to=AllocationState.QUARANTINED, also=also)
    return replace(held, state=AllocationState.QUARANTINED, until=until)


def end_quarantine(*, tx: Tx, at: datetime, limit: int = 1000) -> int:
    """Make free what has rested until ``at``, at most ``limit`` in one transaction; how many that were."""
    store.lock_returns(tx=tx)
    rested = store.rested(tx=tx, at=at, limit=limit)
    for allocation, pool in rested:
        store.move_allocation(tx=tx, allocation_id=allocation.id, to=AllocationState.FREE)
        _give_back(tx, pool, pool.unit_of(allocation.prefix.network_address))
    return len(rested)


def _give_back(tx: Tx, pool: Pool, unit: int) -> None:
    """Make a unit free: one extent with its free neighbours, so that a pool emptied is as it was when it was new."""
    before_unit, after_unit = neighbours(unit)
    before = after = None
    if before_unit is not None:
        before = pool_store.lock_around(tx=tx, pool_id=pool.id, unit=before_unit)
    if after_unit is not None:
        after = pool_store.lock_around(tx=tx, pool_id=pool.id, unit=after_unit)
    gone = [extent for extent in (before, after) if extent is not None]
    extent = joined(unit, before=before, after=after)
    pool_store.replace_extents(tx=tx, pool_id=pool.id, gone=gone, come=[extent])


def adopt(*, tx: Tx, owner: UUID, address: str | Address, at: datetime) -> Allocation:
    """Put on record that a line already uses this address, or the block that it lies in; it is assigned at once.

    Asked again, nothing changes. Raises AddressWrong, NoSuchPool, AddressTaken, OtherAddressHeld.
    """
    wanted = parsed_address(address)
    pool = pool_store.pool_of_address(tx=tx, address=wanted)
    if pool is None:
        raise NoSuchPool(str(wanted))
    unit = pool.unit_of(wanted)
    store.lock_owner(tx=tx, owner=owner)
    family = pool.policy.family
    held = store.held_by(tx=tx, owner=owner, family=family)
    if held is not None and held.prefix != pool.prefix_of(unit):
        raise OtherAddressHeld(owner=owner, held=str(held.prefix), wanted=str(wanted))
    if held is None:
        extent = pool_store.lock_around(tx=tx, pool_id=pool.id, unit=unit)
        if extent is None:
            raise _not_free(tx, pool, wanted)
        _taken(tx, pool, extent, unit=unit, owner=owner, at=at)
    return assign(tx=tx, owner=owner, family=family)


def _not_free(tx: Tx, pool: Pool, address: Address) -> AddressTaken:
    other = store.in_the_way(tx=tx, prefix=pool.prefix_of(pool.unit_of(address)))
    if other is None:
        return AddressTaken(address=str(address), pool=pool.name, why=say("the gateway's, or kept out of the pool"))
    why = say("{state} for service {owner}", state=word(other.state), owner=other.owner)
    return AddressTaken(address=str(address), pool=pool.name, why=why, owner=other.owner)


def allocation_of(*, tx: Tx, owner: UUID, family: Family = Family.IPV4) -> Allocation | None:
    """What the owner has reserved or assigned."""
    return store.held_by(tx=tx, owner=owner, family=family)
