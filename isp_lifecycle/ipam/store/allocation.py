"""The table of what was taken from pools. Its exclusion constraint is the last word: no address has two owners."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.foundation import db
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.reach import portal_reads
from isp_lifecycle.foundation.terms import Family
from isp_lifecycle.foundation.transition import move
from isp_lifecycle.ipam.model import (
    ALLOCATION_MOVES,
    Address,
    Allocation,
    AllocationState,
    Network,
    Pool,
    PoolFill,
    Use,
)
from isp_lifecycle.ipam.store.pool import free_extents, pool_from, pools

_HELD = "state IN ('reserved', 'assigned')"

allocations = sa.Table(
    "allocations",
    db.metadata,
    db.id_column(),
    sa.Column("pool_id", sa.ForeignKey("pools.id"), nullable=False),
    sa.Column("prefix", pg.CIDR(), nullable=False),
    db.id_ref("owner"),
    db.text("state"),
    db.instant("reserved_at"),
    db.instant("until", nullable=True),
    db.instant("released_at", nullable=True),
    pg.ExcludeConstraint(
        ("prefix", "&&"),
        name="ex_allocations_prefix",
        using="gist",
        ops={"prefix": "inet_ops"},
        where=sa.text("state <> 'free'"),
    ),
    # of each protocol one in use and one reserved
    sa.Index(
        "uq_allocations_owner",
        "owner",
        "state",
        sa.text("family(prefix)"),
        unique=True,
        postgresql_where=sa.text(_HELD),
    ),
    # for who had it when; the exclusion constraint's index knows only of what is not free
    sa.Index(
        "ix_allocations_history",
        "prefix",
        postgresql_using="gist",
        postgresql_ops={"prefix": "inet_ops"},
        postgresql_where=sa.text("state = 'free'"),
    ),
    sa.Index("ix_allocations_until", "until", postgresql_where=sa.text("state = 'quarantined'")),
    # what is held for a while only: few, whatever else is reserved
    sa.Index("ix_allocations_held", "until", postgresql_where=sa.text("state = 'reserved' AND until IS NOT NULL")),
    sa.CheckConstraint("state IN ('" + "','".join(AllocationState) + "')", name="state_known"),
    sa.CheckConstraint("state <> 'quarantined' OR until IS NOT NULL", name="quarantine_ends"),
)

_WITH_POOL = sa.select(
    *(allocations.c[name].label(f"allocation_{name}") for name in allocations.c.keys()),  # noqa: SIM118 - not a dict
    pools,
).join(pools, pools.c.id == allocations.c.pool_id)

# A customer sees what their own services have (the services that they can see), and the pools that it is of.
portal_reads(allocations, rows="EXISTS (SELECT FROM services s WHERE s.id = allocations.owner)")
portal_reads(pools, rows="EXISTS (SELECT FROM allocations a WHERE a.pool_id = pools.id)")


def lock_owner(*, tx: Tx, owner: UUID) -> None:
    """Let nobody else take for this owner until the end of the transaction."""
    key = sa.func.hashtextextended(f"ipam owner {owner}", 0)
    tx.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))


def lock_returns(*, tx: Tx) -> None:
    """Let nobody else give back to pools until the end of the transaction."""
    key = sa.func.hashtextextended("ipam returns", 0)
    tx.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))


def insert_allocation(*, tx: Tx, allocation: Allocation) -> bool:
    """Add an allocation; False when a constraint says that its space, or its owner, has one."""
    statement = pg.insert(allocations).values(
        id=allocation.id,
        pool_id=allocation.pool_id,
        prefix=allocation.prefix,
        owner=allocation.owner,
        state=str(allocation.state),
        reserved_at=allocation.reserved_at,
        until=allocation.until,
    )
    added = tx.execute(statement.on_conflict_do_nothing().returning(allocations.c.id))
    return added.scalar_one_or_none() is not None


def move_allocation(*, tx: Tx, allocation_id: UUID, to: AllocationState, also: Mapping[str, Any] | None = None) -> None:
    """Move an allocation by its table of moves."""
    move(tx=tx, table=allocations, moves=ALLOCATION_MOVES, key=allocation_id, to=to, also=also)


def held_by(*, tx: Tx, owner: UUID, family: Family) -> Allocation | None:
    """What the owner uses, or else has reserved: while a change goes on, it has one of each."""
    used = _in_state(tx, owner, AllocationState.ASSIGNED, family)
    return used or _in_state(tx, owner, AllocationState.RESERVED, family)


def reserved_by(*, tx: Tx, owner: UUID, family: Family) -> Allocation | None:
    """What the owner has reserved, whether or not it uses another one."""
    return _in_state(tx, owner, AllocationState.RESERVED, family)


def _in_state(tx: Tx, owner: UUID, state: AllocationState, family: Family) -> Allocation | None:
    query = _WITH_POOL.where(
        allocations.c.owner == owner,
        allocations.c.state == str(state),
        sa.func.family(allocations.c.prefix) == (4 if family is Family.IPV4 else 6),
    )
    row = tx.execute(query).mappings().one_or_none()
    return _allocation(row) if row is not None else None


def in_the_way(*, tx: Tx, prefix: Network) -> Allocation | None:
    """The first allocation, not yet free again, that has addresses of this prefix."""
    overlap = allocations.c.prefix.op("&&")(sa.cast(str(prefix), pg.CIDR()))
    query = _WITH_POOL.where(overlap, allocations.c.state != str(AllocationState.FREE)).limit(1)
    row = tx.execute(query).mappings().one_or_none()
    return _allocation(row) if row is not None else None


def rested(*, tx: Tx, at: datetime, limit: int) -> tuple[tuple[Allocation, Pool], ...]:
    """Allocations whose quarantine is over, with their pools, the longest rested first."""
    query = (
        _WITH_POOL.where(allocations.c.state == str(AllocationState.QUARANTINED), allocations.c.until <= at)
        .order_by(allocations.c.until, allocations.c.id)
        .limit(limit)
        .with_for_update(of=allocations)
    )
    return tuple((_allocation(row), pool_from(row)) for row in tx.execute(query).mappings())


def set_until(*, tx: Tx, allocation_id: UUID, until: datetime) -> None:
    """Let a reservation end at that instant."""
    tx.execute(allocations.update().where(allocations.c.id == allocation_id).values(until=until))


def change_owner(*, tx: Tx, allocation_id: UUID, owner: UUID) -> None:
    """Make a reservation another owner's, without an end."""
    tx.execute(allocations.update().where(allocations.c.id == allocation_id).values(owner=owner, until=None))


_ENDS = sa.and_(allocations.c.state == str(AllocationState.RESERVED), allocations.c.until.is_not(None))


def with_end(*, tx: Tx) -> tuple[Allocation, ...]:
    """Reservations that end by themselves, the next to end first."""
    query = _WITH_POOL.where(_ENDS).order_by(allocations.c.until, allocations.c.id)
    return tuple(_allocation(row) for row in tx.execute(query).mappings())


def expired(*, tx: Tx, at: datetime, limit: int) -> tuple[Allocation, ...]:
    """Reservations whose end has come, locked; those that somebody else has in hand are left to them."""
    query = (
        _WITH_POOL.where(_ENDS, allocations.c.until <= at)
        .order_by(allocations.c.until, allocations.c.id)
        .limit(limit)
        .with_for_update(of=allocations, skip_locked=True)
    )
    return tuple(_allocation(row) for row in tx.execute(query).mappings())


def used_at(*, tx: Tx, address: Address, at: datetime) -> Use | None:
    """Who had what this address lies in at an instant, from its reservation until its release."""
    here = sa.and_(
        allocations.c.prefix.op(">>=")(sa.cast(str(address), pg.INET())),
        allocations.c.reserved_at <= at,
        sa.or_(allocations.c.released_at.is_(None), allocations.c.released_at > at),
    )
    # What is not free has one index, what is history another: as one question it would have neither.
    for part in ("state <> 'free'", "state = 'free'"):
        query = sa.select(allocations).where(here, sa.text(part)).order_by(allocations.c.reserved_at.desc()).limit(1)
        row = tx.execute(query).one_or_none()
        if row is not None:
            return Use(owner=row.owner, prefix=row.prefix, since=row.reserved_at, released_at=row.released_at)
    return None


def count_out(*, tx: Tx, pool_id: UUID) -> int:
    """How many of a pool are not free."""
    out = sa.and_(allocations.c.pool_id == pool_id, allocations.c.state != str(AllocationState.FREE))
    return tx.execute(sa.select(sa.func.count()).select_from(allocations).where(out)).scalar_one()


def fill(*, tx: Tx) -> tuple[PoolFill, ...]:
    """How full each pool is, by name. What is taken follows from what is free, so a million taken cost nothing."""
    free = (
        sa.select(sa.func.coalesce(sa.func.sum(free_extents.c.last - free_extents.c.first + 1), 0))
        .where(free_extents.c.pool_id == pools.c.id)
        .scalar_subquery()
    )
    resting = sa.and_(allocations.c.pool_id == pools.c.id, allocations.c.state == str(AllocationState.QUARANTINED))
    quarantined = sa.select(sa.func.count()).select_from(allocations).where(resting).scalar_subquery()
    query = sa.select(pools, free.label("free"), quarantined.label("quarantined")).order_by(pools.c.name)
    return tuple(_fill(row) for row in tx.execute(query).mappings())


def _fill(row: sa.RowMapping) -> PoolFill:
    pool = pool_from(row)
    return PoolFill(
        pool=pool.name,
        area=pool.area,
        policy=pool.policy,
        prefix=pool.prefix,
        size=row["size"],
        taken=row["size"] - int(row["free"]) - row["quarantined"],
        quarantined=row["quarantined"],
    )


def _allocation(row: sa.RowMapping) -> Allocation:
    pool, prefix = pool_from(row), row["allocation_prefix"]
    return Allocation(
        id=row["allocation_id"],
        pool_id=pool.id,
        pool=pool.name,
        policy=pool.policy,
        owner=row["allocation_owner"],
        prefix=prefix,
        address=pool.address_in(prefix),
        gateway=pool.gateway_for(prefix),
        state=AllocationState(row["allocation_state"]),
        reserved_at=row["allocation_reserved_at"],
        until=row["allocation_until"],
        wan=pool.wan_of(prefix),
        link_length=pool.link_length(prefix),
    )
