"""The table of readings; one reading for a line, an instant and a source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.foundation import db
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.telemetry.model import Measured, Reading


def _level(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Double(), nullable=True)


readings = sa.Table(
    "readings",
    db.metadata,
    db.id_column(),
    db.id_ref("service_id"),
    db.text("olt"),
    db.text("pon_port"),
    sa.Column("ont_id", sa.Integer(), nullable=False),
    db.text("serial"),
    db.instant("at"),
    _level("ont_rx_dbm"),
    _level("ont_tx_dbm"),
    _level("olt_rx_dbm"),
    _level("distance_m"),
    db.text("source"),
    sa.UniqueConstraint("service_id", "at", "source"),
    sa.Index("ix_readings_at", "at", postgresql_using="brin"),
)


def insert(
    *,
    tx: Tx,
    service_id: UUID,
    olt: str,
    pon_port: str,
    ont_id: int,
    serial: str,
    at: datetime,
    measured: Measured,
    source: str,
) -> Reading:
    """Insert a reading; the one that stands when that line was read at that instant by that source."""
    key = {"service_id": service_id, "at": at, "source": source}
    place = {"olt": olt, "pon_port": pon_port, "ont_id": ont_id, "serial": serial}
    statement = (
        pg.insert(readings)
        .values(id=new_id(), **key, **place, **asdict(measured))
        .on_conflict_do_nothing(index_elements=list(key))
        .returning(readings)
    )
    row = tx.execute(statement).mappings().one_or_none()
    if row is None:
        same = (readings.c[name] == value for name, value in key.items())
        row = tx.execute(sa.select(readings).where(*same)).mappings().one()
    return _reading(row)


def latest(*, tx: Tx, service_id: UUID) -> Reading | None:
    """The reading of a line that was taken last."""
    query = sa.select(readings).where(readings.c.service_id == service_id).order_by(readings.c.at.desc()).limit(1)
    row = tx.execute(query).mappings().one_or_none()
    return _reading(row) if row else None


def since(*, tx: Tx, service_id: UUID, start: datetime) -> tuple[Reading, ...]:
    """The readings of a line from an instant on, oldest first."""
    query = (
        sa.select(readings)
        .where(readings.c.service_id == service_id, readings.c.at >= start)
        .order_by(readings.c.at, readings.c.source)
    )
    return tuple(_reading(row) for row in tx.execute(query).mappings())


def delete_before(*, tx: Tx, before: datetime) -> int:
    """Delete readings that are older than an instant; returns how many."""
    return tx.execute(readings.delete().where(readings.c.at < before)).rowcount


def _reading(row: Mapping[Any, Any]) -> Reading:
    return Reading(**row)
