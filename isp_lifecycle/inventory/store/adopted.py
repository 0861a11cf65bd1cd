"""The table of ONTs that are known and belong to no service yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.foundation import db
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.inventory.model.adopted import AdoptedOnt
from isp_lifecycle.inventory.model.drift import FoundLine

adopted_onts = sa.Table(
    "adopted_onts",
    db.metadata,
    sa.Column("serial", sa.Text(), primary_key=True),
    sa.Column("olt_id", sa.ForeignKey("olts.id"), nullable=False),
    db.text("pon_port"),
    sa.Column("ont_id", sa.SmallInteger(), nullable=False),
    sa.Column("enabled", sa.Boolean(), nullable=False),
    sa.Column("vlan", sa.SmallInteger(), nullable=True),
    sa.Column("service_port", sa.Integer(), nullable=True),
    sa.Column("down_kbps", sa.Integer(), nullable=True),
    sa.Column("up_kbps", sa.Integer(), nullable=True),
    db.text("description"),
    db.instant("noted_at"),
    db.text("noted_by"),
    sa.UniqueConstraint("olt_id", "pon_port", "ont_id"),
    sa.ForeignKeyConstraint(["olt_id", "pon_port"], ["pon_ports.olt_id", "pon_ports.port"]),
    sa.CheckConstraint("serial ~ '^[0-9A-F]{16}$'", name="serial_normal"),
)


def replace_all(*, tx: Tx, olt_id: UUID, onts: Sequence[AdoptedOnt]) -> None:
    """Keep exactly these of this OLT; who noted one first, and when, stays."""
    serials = [one.line.serial for one in onts]
    tx.execute(adopted_onts.delete().where(adopted_onts.c.olt_id == olt_id, ~_any(serials)))
    # Places may have been exchanged among those that stay: first all are taken up, then put down where they stand.
    held = tx.execute(adopted_onts.delete().where(_any(serials)).returning(adopted_onts)).mappings()
    before = {row["serial"]: row for row in held}
    if onts:
        tx.execute(adopted_onts.insert(), [_values(one, before.get(one.line.serial)) for one in onts])


def _any(serials: Sequence[str]) -> sa.ColumnElement[bool]:
    return adopted_onts.c.serial == sa.func.any(sa.cast(list(serials), pg.ARRAY(sa.Text())))


def _values(one: AdoptedOnt, before: Any | None) -> dict[str, Any]:
    noted = {"noted_at": one.noted_at, "noted_by": one.noted_by}
    if before is not None and before["olt_id"] == one.olt_id:
        noted = {"noted_at": before["noted_at"], "noted_by": before["noted_by"]}
    return {**asdict(one.line), "olt_id": one.olt_id, "description": one.description, **noted}


def delete_adopted(*, tx: Tx, serial: str) -> None:
    """This ONT is a service's now."""
    tx.execute(adopted_onts.delete().where(adopted_onts.c.serial == serial))


def adopted_of(*, tx: Tx, olt_id: UUID | None) -> tuple[AdoptedOnt, ...]:
    """Those of one OLT, or all, by place."""
    query = sa.select(adopted_onts).order_by(adopted_onts.c.pon_port, adopted_onts.c.ont_id)
    if olt_id is not None:
        query = query.where(adopted_onts.c.olt_id == olt_id)
    return tuple(_adopted(row) for row in tx.execute(query).mappings())


def _adopted(row: Any) -> AdoptedOnt:
    own = {"olt_id", "description", "noted_at", "noted_by"}
    line = FoundLine(**{name: value for name, value in row.items() if name not in own})
    return AdoptedOnt(line=line, **{name: row[name] for name in own})
