"""Keep deterministic NATs, and tell who had an address, or a port of one, at an instant."""

from __future__ import annotations

from datetime import datetime
from ipaddress import IPv4Address, IPv6Address

from isp_lifecycle.foundation.constraints import refusing
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.upsert import Change, Put
from isp_lifecycle.ipam.errors import NatsOverlap
from isp_lifecycle.ipam.model import Address, Nat, Ports, Use
from isp_lifecycle.ipam.store import allocation as allocation_store
from isp_lifecycle.ipam.store import nat as store
from isp_lifecycle.ipam.store import pool as pool_store


def put_nat(*, tx: Tx, nat: Nat, at: datetime) -> Put[Nat]:
    """Bring the NAT of this name to these values; what it was until now stays on record. Raises NatsOverlap."""
    held = store.nat_by_name(tx=tx, name=nat.name, lock=True)
    if held == nat:
        return Put(value=nat, change=Change.SAME)
    store.lock_outside(tx=tx)
    other = store.overlapping(tx=tx, nat=nat)
    if other is not None:
        raise _overlap(nat, other)
    if held is not None:
        store.end_nat(tx=tx, name=nat.name, at=at)
    by = {
        name: lambda: _overlap(nat, say("another that was put just now"))
        for name in (store.INSIDE_APART, store.OUTSIDE_APART)
    }
    with refusing(tx=tx, by=by):
        store.insert_nat(tx=tx, nat=nat, since=at)
    return Put(value=nat, change=Change.CREATED if held is None else Change.CHANGED)


def _overlap(nat: Nat, other: str) -> NatsOverlap:
    return NatsOverlap(
        name=nat.name,
        field="outside",
        prefix=say("{outside} (inside {inside})", outside=nat.outside, inside=nat.inside),
        other=other,
    )


def all_nats(*, tx: Tx) -> tuple[Nat, ...]:
    """Every NAT as it is now, by name."""
    return store.all_nats(tx=tx)


def seen_outside(*, tx: Tx, inside: Address, at: datetime) -> tuple[IPv4Address, Ports] | None:
    """As which address and ports an inside address was seen outside at an instant; None where no NAT had it."""
    if not isinstance(inside, IPv4Address):
        return None
    nat = store.nat_at(tx=tx, address=inside, at=at, side="inside")
    return nat.outside_of(inside) if nat is not None else None


def behind(*, tx: Tx, outside: Address, port: int, at: datetime) -> IPv4Address | None:
    """The inside address that had a port of an outside address at an instant; None where none had it."""
    if not isinstance(outside, IPv4Address):
        return None
    nat = store.nat_at(tx=tx, address=outside, at=at, side="outside")
    return nat.inside_of(outside, port) if nat is not None else None


def is_shared(*, tx: Tx, address: Address, at: datetime) -> bool:
    """Whether many stood behind this outside address at an instant, so that only a port tells who."""
    return isinstance(address, IPv4Address) and (
        store.nat_at(tx=tx, address=address, at=at, side="outside") is not None
    )


def used_at(*, tx: Tx, address: Address, at: datetime) -> Use | None:
    """Who had this address, or a block or delegated prefix with it, at an instant.

    A router's own IPv6 address is had by whom the prefix was delegated to that it comes with.
    """
    if isinstance(address, IPv6Address) and (pool := pool_store.pool_of_wan(tx=tx, address=address)) is not None:
        delegated = pool.delegated_with(address)
        return None if delegated is None else allocation_store.used_at(tx=tx, address=delegated[0], at=at)
    return allocation_store.used_at(tx=tx, address=address, at=at)
