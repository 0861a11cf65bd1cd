"""VLAN groups and the pairs of tags that are taken from them. The unique index is the last word: no pair twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.foundation import db
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.transition import move
from isp_lifecycle.foundation.upsert import Change, upsert
from isp_lifecycle.ipam.model import ALLOCATION_MOVES, AllocationState, GroupFill, Tags, VlanGroup

_HELD = ("reserved", "assigned")

vlan_groups = sa.Table(
    "vlan_groups",
    db.metadata,
    sa.Column("olt", sa.Text(), primary_key=True),
    sa.Column("outer", sa.SmallInteger(), primary_key=True),
    sa.Column("first", sa.SmallInteger(), nullable=False),
    sa.Column("last", sa.SmallInteger(), nullable=False),
    sa.Column("ports", pg.ARRAY(sa.Text()), nullable=False),
    sa.CheckConstraint('"outer" BETWEEN 2 AND 4093 AND first >= 2 AND last <= 4093', name="tags_usable"),
    sa.CheckConstraint("first <= last", name="some_tags"),
)

vlan_tags = sa.Table(
    "vlan_tags",
    db.metadata,
    db.id_column(),
    sa.Column("olt", sa.Text(), nullable=False),
    sa.Column("outer", sa.SmallInteger(), nullable=False),
    sa.Column("inner", sa.SmallInteger(), nullable=False),
    db.id_ref("owner"),
    db.text("state"),
    db.instant("reserved_at"),
    db.instant("until", nullable=True),
    sa.ForeignKeyConstraint(["olt", "outer"], ["vlan_groups.olt", "vlan_groups.outer"]),
    sa.Index("uq_vlan_tags_pair", "olt", "outer", "inner", unique=True, postgresql_where=sa.text("state <> 'free'")),
    # of each owner one pair in use and one reserved
    sa.Index(
        "uq_vlan_tags_owner",
        "owner",
        "state",
        unique=True,
        postgresql_where=sa.text("state IN ('reserved', 'assigned')"),
    ),
    sa.Index("ix_vlan_tags_until", "until", postgresql_where=sa.text("state = 'quarantined'")),
    sa.CheckConstraint("state IN ('" + "','".join(AllocationState) + "')", name="state_known"),
    sa.CheckConstraint("state <> 'quarantined' OR until IS NOT NULL", name="quarantine_ends"),
)


def upsert_group(*, tx: Tx, group: VlanGroup) -> Change:
    """Insert the group, or bring the one of its outer tag to these values."""
    values = {"olt": group.olt, "outer": group.outer, "first": group.first, "last": group.last}
    return upsert(tx=tx, table=vlan_groups, key=("olt", "outer"), values=values | {"ports": list(group.ports)})


def outside(*, tx: Tx, group: VlanGroup) -> int:
    """How many pairs that are not free would not lie in the group."""
    here = sa.and_(_of(group), vlan_tags.c.state != "free", ~vlan_tags.c.inner.between(group.first, group.last))
    return tx.execute(sa.select(sa.func.count()).select_from(vlan_tags).where(here)).scalar_one()


def groups_for(*, tx: Tx, olt: str, port: str) -> tuple[VlanGroup, ...]:
    """Those that serve a PON port: first the ones made for it, then those for all, by their outer tag."""
    serves = sa.or_(sa.literal(port) == sa.any_(vlan_groups.c.ports), sa.func.cardinality(vlan_groups.c.ports) == 0)
    query = sa.select(vlan_groups).where(vlan_groups.c.olt == olt, serves)
    ordered = query.order_by(sa.func.cardinality(vlan_groups.c.ports) == 0, vlan_groups.c.outer)
    return tuple(_group(row) for row in tx.execute(ordered).mappings())


def lock_group(*, tx: Tx, group: VlanGroup) -> VlanGroup | None:
    """The group as it is, and nobody else's until the end of the transaction; None when it is gone."""
    query = (
        sa.select(vlan_groups)
        .where(vlan_groups.c.olt == group.olt, vlan_groups.c.outer == group.outer)
        .with_for_update()
    )
    row = tx.execute(query).mappings().one_or_none()
    return _group(row) if row is not None else None


def first_free(*, tx: Tx, group: VlanGroup) -> int | None:
    """The lowest inner tag that is nobody's and does not rest."""
    number = sa.func.generate_series(group.first, group.last).column_valued("number")
    taken = sa.select(vlan_tags.c.inner).where(_of(group), vlan_tags.c.state != "free", vlan_tags.c.inner == number)
    query = sa.select(number).where(~sa.exists(taken)).order_by(number).limit(1)
    return tx.execute(query).scalar_one_or_none()


def insert_tags(*, tx: Tx, pair: Tags) -> None:
    """Add a pair; the unique indexes refuse one that is taken."""
    values = {name: getattr(pair, name) for name in ("id", "olt", "outer", "inner", "owner", "reserved_at", "until")}
    tx.execute(vlan_tags.insert().values(state=str(pair.state), **values))


def move_tags(*, tx: Tx, pair: Tags, to: AllocationState, also: Mapping[str, Any] | None = None) -> None:
    """Move a pair by the table of moves that all numbers have."""
    move(tx=tx, table=vlan_tags, moves=ALLOCATION_MOVES, key=pair.id, to=to, also=also)


def held_by(*, tx: Tx, owner: UUID, state: AllocationState | None = None) -> Tags | None:
    """What the owner has in this state; without one what it uses, or else has reserved."""
    states = _HELD if state is None else (str(state),)
    query = (
        sa.select(vlan_tags)
        .where(vlan_tags.c.owner == owner, vlan_tags.c.state.in_(states))
        .order_by(vlan_tags.c.state)
        .limit(1)
    )
    row = tx.execute(query).mappings().one_or_none()
    return _tags(row) if row is not None else None


def rested(*, tx: Tx, at: datetime, limit: int) -> tuple[Tags, ...]:
    """Pairs whose quarantine is over, the longest rested first, locked."""
    over = sa.and_(vlan_tags.c.state == "quarantined", vlan_tags.c.until <= at)
    query = sa.select(vlan_tags).where(over).order_by(vlan_tags.c.until, vlan_tags.c.id).limit(limit)
    return tuple(_tags(row) for row in tx.execute(query.with_for_update(skip_locked=True)).mappings())


def fill(*, tx: Tx) -> tuple[GroupFill, ...]:
    """How full each group is, by OLT and outer tag."""
    mine = sa.and_(vlan_tags.c.olt == vlan_groups.c.olt, vlan_tags.c.outer == vlan_groups.c.outer)
    counted = [
        sa.select(sa.func.count())
        .select_from(vlan_tags)
        .where(mine, vlan_tags.c.state.in_(states))
        .scalar_subquery()
        .label(name)
        for name, states in (("taken", _HELD), ("quarantined", ("quarantined",)))
    ]
    query = sa.select(vlan_groups, *counted).order_by(vlan_groups.c.olt, vlan_groups.c.outer)
    return tuple(
        GroupFill(group=_group(row), taken=row["taken"], quarantined=row["quarantined"])
        for row in tx.execute(query).mappings()
    )


def _of(group: VlanGroup) -> sa.ColumnElement[bool]:
    return sa.and_(vlan_tags.c.olt == group.olt, vlan_tags.c.outer == group.outer)


def _group(row: sa.RowMapping) -> VlanGroup:
    return VlanGroup(
        olt=row["olt"], outer=row["outer"], first=row["first"], last=row["last"], ports=tuple(row["ports"])
    )


def _tags(row: sa.RowMapping) -> Tags:
    return Tags(**{**row, "state": AllocationState(row["state"])})
