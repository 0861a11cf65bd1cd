"""The table of deterministic NATs. A row is never edited but ended, so that what was true can be asked later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from ipaddress import IPv4Address

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.dialects.postgresql import Range

from isp_lifecycle.foundation import db
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.ipam.model import Nat, Network, Ports
from isp_lifecycle.ipam.store.pool import pools

INSIDE_APART, OUTSIDE_APART = "ex_nats_inside", "ex_nats_outside"

nats = sa.Table(
    "nats",
    db.metadata,
    db.id_column(),
    db.text("name"),
    sa.Column("inside", pg.CIDR(), nullable=False),
    sa.Column("outside", pg.CIDR(), nullable=False),
    sa.Column("ports", sa.Integer(), nullable=False),
    sa.Column("excluded", pg.ARRAY(pg.INT4RANGE()), nullable=False),
    sa.Column("during", pg.TSTZRANGE(), nullable=False),
    pg.ExcludeConstraint(
        ("inside", "&&"), ("during", "&&"), name=INSIDE_APART, using="gist", ops={"inside": "inet_ops"}
    ),
    pg.ExcludeConstraint(
        ("outside", "&&"), ("during", "&&"), name=OUTSIDE_APART, using="gist", ops={"outside": "inet_ops"}
    ),
    sa.Index("uq_nats_name", "name", unique=True, postgresql_where=sa.text("upper_inf(during)")),
    sa.CheckConstraint("ports > 0", name="ports_positive"),
)


def insert_nat(*, tx: Tx, nat: Nat, since: datetime) -> None:
    """Add a NAT that begins now; the exclusion constraints refuse one whose addresses another has."""
    tx.execute(
        nats.insert().values(
            id=new_id(),
            name=nat.name,
            inside=nat.inside,
            outside=nat.outside,
            ports=nat.ports,
            excluded=[Range(gap.first, gap.last, bounds="[]") for gap in nat.excluded],
            during=Range(since, None, bounds="[)"),
        )
    )


def end_nat(*, tx: Tx, name: str, at: datetime) -> None:
    """End the NAT of this name; one that has begun at the same instant never was."""
    now = sa.and_(nats.c.name == name, sa.func.upper_inf(nats.c.during))
    tx.execute(nats.delete().where(now, sa.func.lower(nats.c.during) >= at))
    tx.execute(nats.update().where(now).values(during=sa.func.tstzrange(sa.func.lower(nats.c.during), at)))


def nat_by_name(*, tx: Tx, name: str, lock: bool = False) -> Nat | None:
    """The NAT of this name as it is now."""
    query = sa.select(nats).where(nats.c.name == name, sa.func.upper_inf(nats.c.during))
    row = tx.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    return _nat(row) if row is not None else None


def nat_at(*, tx: Tx, address: IPv4Address, at: datetime, side: str) -> Nat | None:
    """The NAT that had this address on a ``side`` ("inside" or "outside") at an instant."""
    here = nats.c[side].op(">>=")(sa.cast(str(address), pg.INET()))
    row = tx.execute(sa.select(nats).where(here, nats.c.during.op("@>")(at))).mappings().one_or_none()
    return _nat(row) if row is not None else None


def all_nats(*, tx: Tx) -> tuple[Nat, ...]:
    """Every NAT as it is now, by name."""
    query = sa.select(nats).where(sa.func.upper_inf(nats.c.during)).order_by(nats.c.name)
    return tuple(_nat(row) for row in tx.execute(query).mappings())


def overlapping(*, tx: Tx, nat: Nat) -> str | None:
    """The first pool or other NAT that has some of the addresses, in words."""
    for side, column, words in (
        (nat.outside, pools.c.prefix, "pool"),
        (nat.outside, nats.c.outside, "NAT"),
        (nat.inside, nats.c.inside, "NAT"),
    ):
        query = sa.select(column.table.c.name, column.label("prefix")).where(
            column.op("&&")(sa.cast(str(side), pg.CIDR()))
        )
        if column.table is nats:
            query = query.where(nats.c.name != nat.name, sa.func.upper_inf(nats.c.during))
        row = tx.execute(query.order_by(column).limit(1)).one_or_none()
        if row is not None:
            return f"{words} {row.name} ({row.prefix})"
    return None


def outside_with(*, tx: Tx, prefix: Network) -> str | None:
    """The NAT, as it is now, whose outside addresses are some of this prefix's."""
    here = nats.c.outside.op("&&")(sa.cast(str(prefix), pg.CIDR()))
    query = sa.select(nats.c.name).where(here, sa.func.upper_inf(nats.c.during)).order_by(nats.c.name).limit(1)
    return tx.execute(query).scalar_one_or_none()


def lock_outside(*, tx: Tx) -> None:
    """Let nobody else put a pool or a NAT until the end of the transaction: no constraint spans their tables."""
    tx.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended("ipam pools and nats", 0))))


def _nat(row: sa.RowMapping) -> Nat:
    return Nat(
        name=row["name"],
        inside=row["inside"],
        outside=row["outside"],
        ports=row["ports"],
        excluded=tuple(_ports(row["excluded"])),
    )


def _ports(ranges: Iterable[Range[int]]) -> Iterable[Ports]:
    for gap in ranges:
        if gap.lower is not None and gap.upper is not None:  # as PostgreSQL writes them: the upper end is left out
            yield Ports(gap.lower, gap.upper - 1)
