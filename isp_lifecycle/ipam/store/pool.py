"""The tables of pools and of what is free in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.foundation import db
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.terms import AddressPolicy, Ipv6Policy, Policy, policy_named
from isp_lifecycle.ipam.model import Address, Extent, Pool

POOLS_APART, WANS_APART = "ex_pools_prefix", "ex_pools_wan"

pools = sa.Table(
    "pools",
    db.metadata,
    db.id_column(),
    db.text("name", unique=True),
    db.text("area", nullable=True),
    db.text("policy"),
    sa.Column("prefix", pg.CIDR(), nullable=False),
    sa.Column("gateway", pg.INET(), nullable=True),
    sa.Column("excluded", pg.ARRAY(pg.CIDR()), nullable=False),
    sa.Column("size", sa.BigInteger(), nullable=False),
    sa.Column("wan", pg.CIDR(), nullable=True),
    pg.ExcludeConstraint(("prefix", "&&"), name=POOLS_APART, using="gist", ops={"prefix": "inet_ops"}),
    pg.ExcludeConstraint(("wan", "&&"), name=WANS_APART, using="gist", ops={"wan": "inet_ops"}),
    sa.CheckConstraint("policy IN ('" + "','".join((*AddressPolicy, *Ipv6Policy)) + "')", name="policy_known"),
)

# The key is the end of an extent and not its beginning: what is taken comes off the beginning, and PostgreSQL then
# rewrites the row within its page and leaves the index as it is (HOT), however often that happens.
free_extents = sa.Table(
    "free_extents",
    db.metadata,
    sa.Column("pool_id", sa.ForeignKey("pools.id"), primary_key=True),
    sa.Column("last", sa.BigInteger(), primary_key=True),
    sa.Column("first", sa.BigInteger(), nullable=False),
    sa.CheckConstraint("first <= last", name="not_empty"),
    postgresql_with={"fillfactor": 60},
)


def insert_pool(*, tx: Tx, pool: Pool) -> None:
    """Add a pool; the exclusion constraint refuses one that overlaps another."""
    tx.execute(pools.insert().values(id=pool.id, **_columns(pool)))


def update_pool(*, tx: Tx, pool: Pool) -> None:
    """Write a pool's area and what it keeps out."""
    tx.execute(pools.update().where(pools.c.id == pool.id).values(**_columns(pool)))


def _columns(pool: Pool) -> dict[str, object]:
    return {
        "name": pool.name,
        "area": pool.area,
        "policy": str(pool.policy),
        "prefix": pool.prefix,
        "gateway": pool.gateway,
        "excluded": list(pool.excluded),
        "size": pool.size,
        "wan": pool.wan,
    }


def pool_by_name(*, tx: Tx, name: str, lock: bool = False) -> Pool | None:
    """The pool of this name; with ``lock``, nobody else changes it or newly takes from it until the end."""
    query = sa.select(pools).where(pools.c.name == name)
    row = tx.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    return pool_from(row) if row is not None else None


def pool_of_address(*, tx: Tx, address: Address) -> Pool | None:
    """The pool that an address belongs to; pools do not overlap, so there is one at most."""
    query = sa.select(pools).where(pools.c.prefix.op(">>=")(sa.cast(str(address), pg.INET())))
    row = tx.execute(query).mappings().one_or_none()
    return pool_from(row) if row is not None else None


def pool_of_wan(*, tx: Tx, address: Address) -> Pool | None:
    """The pool whose routers' own addresses have this one among them."""
    query = sa.select(pools).where(pools.c.wan.op(">>=")(sa.cast(str(address), pg.INET())))
    row = tx.execute(query).mappings().one_or_none()
    return pool_from(row) if row is not None else None


def wan_in_the_way(*, tx: Tx, pool: Pool) -> Pool | None:
    """The first other pool that has, as prefix or for its routers, addresses that this one would give as well."""
    others = pools.c.name != pool.name
    given: sa.ColumnElement[bool] = pools.c.wan.op("&&")(sa.cast(str(pool.prefix), pg.CIDR()))
    if pool.wan is not None:
        mine = sa.cast(str(pool.wan), pg.CIDR())
        given = sa.or_(given, pools.c.prefix.op("&&")(mine), pools.c.wan.op("&&")(mine))
    row = tx.execute(sa.select(pools).where(given, others).order_by(pools.c.prefix).limit(1)).mappings().one_or_none()
    return pool_from(row) if row is not None else None


def overlapping(*, tx: Tx, pool: Pool) -> Pool | None:
    """The first other pool that has addresses of this one."""
    query = (
        sa.select(pools)
        .where(pools.c.prefix.op("&&")(sa.cast(str(pool.prefix), pg.CIDR())), pools.c.name != pool.name)
        .order_by(pools.c.prefix)
        .limit(1)
    )
    row = tx.execute(query).mappings().one_or_none()
    return pool_from(row) if row is not None else None


def pools_for(*, tx: Tx, policy: Policy, area: str | None) -> tuple[Pool, ...]:
    """The pools to take from: those of the area, then those of every area."""
    query = (
        sa.select(pools)
        .where(pools.c.policy == str(policy), sa.or_(pools.c.area.is_(None), pools.c.area == area))
        .order_by(pools.c.area.is_(None), pools.c.name)
    )
    return tuple(pool_from(row) for row in tx.execute(query).mappings())


def all_pools(*, tx: Tx) -> tuple[Pool, ...]:
    """Every pool, by name."""
    return tuple(pool_from(row) for row in tx.execute(sa.select(pools).order_by(pools.c.name)).mappings())


def fill_extents(*, tx: Tx, pool: Pool) -> None:
    """Make everything that the pool may give out free, and nothing else."""
    tx.execute(free_extents.delete().where(free_extents.c.pool_id == pool.id))
    rows = [{"pool_id": pool.id, "first": e.first, "last": e.last} for e in pool.free_extents()]
    tx.execute(free_extents.insert(), rows)


def lock_first(*, tx: Tx, pool_id: UUID, wait: bool) -> Extent | None:
    """Lock the first extent that nobody else holds; with ``wait``, the first that is left when its holder is done.

    With ``wait``, None means that those one waited for used everything up that was there when the wait began;
    something may have come back since.
    """
    query = (
        sa.select(free_extents.c.first, free_extents.c.last)
        .where(free_extents.c.pool_id == pool_id)
        .order_by(free_extents.c.last)
        .limit(1)
        .with_for_update(skip_locked=not wait)
    )
    row = tx.execute(query).one_or_none()
    return Extent(row.first, row.last) if row is not None else None


def anything_free(*, tx: Tx, pool_id: UUID) -> bool:
    """Whether the pool has a free extent, held by somebody or not."""
    query = sa.select(sa.exists().where(free_extents.c.pool_id == pool_id))
    return bool(tx.execute(query).scalar_one())


def lock_around(*, tx: Tx, pool_id: UUID, unit: int) -> Extent | None:
    """Lock the extent that holds this unit, waiting for whoever has it; None when the unit is not free.

    No other extent is locked: giving back never waits for somebody who takes at another place.
    """
    columns = sa.select(free_extents.c.first, free_extents.c.last)
    here = (free_extents.c.pool_id == pool_id) & (free_extents.c.last >= unit)
    while True:
        seen = tx.execute(columns.where(here).order_by(free_extents.c.last).limit(1)).one_or_none()
        if seen is None or seen.first > unit:
            return None
        same = (free_extents.c.pool_id == pool_id) & (free_extents.c.last == seen.last)
        locked = tx.execute(columns.where(same).with_for_update()).one_or_none()
        if locked is not None and locked.first <= unit:
            return Extent(locked.first, locked.last)


def replace_extents(*, tx: Tx, pool_id: UUID, gone: Iterable[Extent], come: Sequence[Extent]) -> None:
    """Put extents in the place of others that the caller has locked."""
    stays = {extent.last for extent in come}
    for extent in gone:
        if extent.last not in stays:
            at = (free_extents.c.pool_id == pool_id) & (free_extents.c.last == extent.last)
            tx.execute(free_extents.delete().where(at))
    for extent in come:
        statement = pg.insert(free_extents).values(pool_id=pool_id, first=extent.first, last=extent.last)
        tx.execute(
            statement.on_conflict_do_update(
                index_elements=["pool_id", "last"], set_={"first": statement.excluded.first}
            )
        )


def pool_from(row: sa.RowMapping) -> Pool:
    """A pool out of its columns."""
    return Pool(
        id=row["id"],
        name=row["name"],
        area=row["area"],
        policy=policy_named(row["policy"]),
        prefix=row["prefix"],
        gateway=row["gateway"],
        excluded=tuple(row["excluded"]),
        wan=row["wan"],
    )
