"""Put pools, and see how full they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from ipaddress import IPv6Network

from isp_lifecycle.foundation.constraints import refusing
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.terms import Policy
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.upsert import Change, Put
from isp_lifecycle.ipam.errors import PoolInUse, PoolsOverlap, PoolWrong
from isp_lifecycle.ipam.model import Address, Network, Pool, PoolFill, parsed_address, parsed_prefix
from isp_lifecycle.ipam.store import allocation as allocation_store
from isp_lifecycle.ipam.store import nat as nat_store
from isp_lifecycle.ipam.store import pool as store


def put_pool(
    *,
    tx: Tx,
    name: str,
    policy: Policy,
    prefix: str | Network,
    area: str | None = None,
    gateway: str | Address | None = None,
    excluded: Sequence[str | Network] = (),
    wan: str | Network | None = None,
) -> Put[Pool]:
    """Bring the pool of this name to these values and tell what that took.

    Policy and prefix of a pool stay as they are; what it keeps out, and where its routers' own addresses come from,
    changes only while nothing is taken. Raises
    PoolWrong, PoolInUse, PoolsOverlap and AddressWrong.
    """
    pool = Pool(
        id=new_id(),
        name=name,
        area=area,
        policy=policy,
        prefix=parsed_prefix(prefix, pool=name, field="prefix"),
        gateway=None if gateway is None else parsed_address(gateway),
        excluded=tuple(parsed_prefix(part, pool=name, field="excluded") for part in excluded),
        wan=_wan(wan, pool=name),
    )
    nat_store.lock_outside(tx=tx)
    if (other := store.wan_in_the_way(tx=tx, pool=pool)) is not None:
        raise PoolWrong(
            name,
            "wan",
            pool.wan or pool.prefix,
            say("apart from pool {name} ({prefix})", name=other.name, prefix=other.prefix),
        )
    held = store.pool_by_name(tx=tx, name=name, lock=True)
    if held is not None:
        return _changed(tx, held, replace(pool, id=held.id))
    if (nat := nat_store.outside_with(tx=tx, prefix=pool.prefix)) is not None:
        raise PoolWrong(name, "prefix", pool.prefix, say("apart from the outside addresses of NAT {nat}", nat=nat))
    with refusing(tx=tx, by={store.POOLS_APART: lambda: _overlap(tx, pool)}):
        store.insert_pool(tx=tx, pool=pool)
    store.fill_extents(tx=tx, pool=pool)
    return Put(value=pool, change=Change.CREATED)


def _wan(text: str | Network | None, *, pool: str) -> IPv6Network | None:
    if text is None:
        return None
    prefix = parsed_prefix(text, pool=pool, field="wan")
    if not isinstance(prefix, IPv6Network):
        raise PoolWrong(pool, "wan", prefix, say("an IPv6 prefix"))
    return prefix


def _overlap(tx: Tx, pool: Pool) -> PoolsOverlap:
    other = store.overlapping(tx=tx, pool=pool)
    return PoolsOverlap(
        name=pool.name,
        prefix=str(pool.prefix),
        other=other.name if other else say("(removed just now)"),
        other_prefix=str(other.prefix) if other else "",
    )


def _changed(tx: Tx, held: Pool, wanted: Pool) -> Put[Pool]:
    if held == wanted:
        return Put(value=held, change=Change.SAME)
    if held.prefix != wanted.prefix:
        raise PoolWrong(
            held.name, "prefix", wanted.prefix, say("{prefix} as it is; put another pool beside it", prefix=held.prefix)
        )
    if held.policy != wanted.policy:
        raise PoolWrong(
            held.name, "policy", wanted.policy, say("{policy} as it is; put another pool", policy=held.policy)
        )
    with tx.begin_nested():
        store.update_pool(tx=tx, pool=wanted)
        if (held.gateway, held.excluded, held.wan) != (wanted.gateway, wanted.excluded, wanted.wan):
            # first the extents, which waits for those who are taking, then the count, which sees what they took
            store.fill_extents(tx=tx, pool=wanted)
            if out := allocation_store.count_out(tx=tx, pool_id=held.id):
                raise PoolInUse(name=held.name, taken=out)
    return Put(value=wanted, change=Change.CHANGED)


def all_pools(*, tx: Tx) -> tuple[Pool, ...]:
    """Every pool, by name."""
    return store.all_pools(tx=tx)


def fill(*, tx: Tx) -> tuple[PoolFill, ...]:
    """How full each pool is, by name."""
    return allocation_store.fill(tx=tx)
