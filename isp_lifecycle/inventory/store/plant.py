"""The tables of the plant: OLTs, PON ports, splitters."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.foundation import db
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.upsert import Change, upsert
from isp_lifecycle.inventory.model import Launch, Olt, PonPort, Splitter

#: A splitter behind a splitter behind a splitter: more than eight are a mistake in the data.
DEEPEST = 8

olts = sa.Table(
    "olts",
    db.metadata,
    db.id_column(),
    db.text("name", unique=True),
    db.text("vendor"),
    db.text("model"),
    db.text("area"),
    db.text("host"),
    sa.Column("port", sa.Integer(), nullable=False),
    db.text("credentials"),
    db.text("uplink"),
    db.instant("added_at"),
    db.text("host_key", nullable=True),
    db.instant("host_key_at", nullable=True),
    sa.CheckConstraint("(host_key IS NULL) = (host_key_at IS NULL)", name="host_key_has_instant"),
)

pon_ports = sa.Table(
    "pon_ports",
    db.metadata,
    db.id_column(),
    sa.Column("olt_id", sa.ForeignKey("olts.id"), nullable=False),
    db.text("port"),
    sa.Column("tx_dbm", sa.Double(), nullable=False),
    db.text("launch"),
    sa.UniqueConstraint("olt_id", "port"),
)

splitters = sa.Table(
    "splitters",
    db.metadata,
    sa.Column("code", sa.Text(), primary_key=True),
    sa.Column("pon_port_id", sa.ForeignKey("pon_ports.id"), nullable=False, index=True),
    sa.Column("parent", sa.ForeignKey("splitters.code"), nullable=True),
    sa.Column("parent_port", sa.SmallInteger(), nullable=True),
    sa.Column("ratio", sa.SmallInteger(), nullable=False),
    sa.Column("fibre_m", sa.Integer(), nullable=False),
    sa.Column("latitude", sa.Double(), nullable=False),
    sa.Column("longitude", sa.Double(), nullable=False),
    sa.Column("closure", sa.ForeignKey("closures.code"), nullable=True, index=True),
    sa.Index("uq_splitters_parent_port", "parent", "parent_port", unique=True),
    sa.CheckConstraint("(parent IS NULL) = (parent_port IS NULL)", name="parent_has_port"),
)


def upsert_olt(*, tx: Tx, olt: Olt) -> Change:
    """Insert the OLT, or bring the one of its name to these values; its host key stays."""
    values = asdict(olt)
    once = {name: values.pop(name) for name in ("id", "added_at", "host_key", "host_key_at")}
    return upsert(tx=tx, table=olts, key=("name",), values=values, once=once)


def set_host_key(*, tx: Tx, name: str, host_key: str, at: datetime, first: bool) -> None:
    """Note an OLT's host key; with ``first`` only where none is known."""
    statement = olts.update().where(olts.c.name == name).values(host_key=host_key, host_key_at=at)
    tx.execute(statement.where(olts.c.host_key.is_(None)) if first else statement)


def upsert_pon_port(*, tx: Tx, pon_port: PonPort) -> Change:
    """Insert the port, or bring the one of this OLT and number to this level."""
    values = asdict(pon_port)
    return upsert(tx=tx, table=pon_ports, key=("olt_id", "port"), once={"id": values.pop("id")}, values=values)


def upsert_splitter(*, tx: Tx, splitter: Splitter) -> Change:
    """Insert the splitter, or bring the one of its code to these values; without a closure it stays where it is."""
    values = asdict(splitter)
    if splitter.closure is None:
        del values["closure"]
    return upsert(tx=tx, table=splitters, key=("code",), values=values)


def olt_by_id(*, tx: Tx, olt_id: UUID) -> Olt | None:
    """The OLT with this id."""
    row = tx.execute(sa.select(olts).where(olts.c.id == olt_id)).mappings().one_or_none()
    return Olt(**row) if row is not None else None


def olt_by_name(*, tx: Tx, name: str) -> Olt | None:
    """The OLT of this name."""
    row = tx.execute(sa.select(olts).where(olts.c.name == name)).mappings().one_or_none()
    return Olt(**row) if row is not None else None


def all_olts(*, tx: Tx) -> tuple[Olt, ...]:
    """Every OLT, by name."""
    return tuple(Olt(**row) for row in tx.execute(sa.select(olts).order_by(olts.c.name)).mappings())


def pon_port_by_id(*, tx: Tx, pon_port_id: UUID) -> PonPort | None:
    """The PON port with this id."""
    row = tx.execute(sa.select(pon_ports).where(pon_ports.c.id == pon_port_id)).mappings().one_or_none()
    return _pon_port(row) if row is not None else None


def pon_ports_of(*, tx: Tx, olt_id: UUID) -> tuple[PonPort, ...]:
    """An OLT's ports in the order of its slots, so that 0/10/0 comes after 0/9/0."""
    number = sa.cast(sa.func.string_to_array(pon_ports.c.port, "/"), sa.ARRAY(sa.Integer()))
    query = sa.select(pon_ports).where(pon_ports.c.olt_id == olt_id).order_by(number)
    return tuple(_pon_port(row) for row in tx.execute(query).mappings())


def _pon_port(row: sa.RowMapping) -> PonPort:
    return PonPort(**{**row, "launch": Launch(row["launch"])})


def splitter_path(*, tx: Tx, code: str) -> tuple[Splitter, ...]:
    """A splitter and those before it, from the OLT on; empty when there is no such splitter."""
    path = (
        sa.select(splitters, sa.literal(1).label("height")).where(splitters.c.code == code).cte("path", recursive=True)
    )
    above = (
        sa.select(splitters, path.c.height + 1)
        .join(path, splitters.c.code == path.c.parent)
        .where(path.c.height < DEEPEST)
    )
    path = path.union_all(above)
    query = sa.select(*(path.c[column.name] for column in splitters.c)).order_by(path.c.height.desc())
    return tuple(Splitter(**row) for row in tx.execute(query).mappings())


def children_of(*, tx: Tx, code: str) -> tuple[Splitter, ...]:
    """The splitters that hang on this one's ports."""
    query = sa.select(splitters).where(splitters.c.parent == code).order_by(splitters.c.parent_port)
    return tuple(Splitter(**row) for row in tx.execute(query).mappings())
