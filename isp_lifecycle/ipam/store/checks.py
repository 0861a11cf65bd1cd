"""The table of comparisons of numbers with what is really in use."""

from __future__ import annotations

from dataclasses import asdict

import sqlalchemy as sa

from isp_lifecycle.foundation import db
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.ipam.model import NumberCheck

number_checks = sa.Table(
    "number_checks",
    db.metadata,
    db.id_column(),
    db.instant("checked_at", index=True),
    db.text("checked_by"),
    sa.Column("with_devices", sa.Boolean(), nullable=False),
    sa.Column("conflicts", sa.Integer(), nullable=False),
    sa.Column("missed", sa.Integer(), nullable=False),
    db.jsonb("report"),
)


def insert(*, tx: Tx, check: NumberCheck, keep: int) -> None:
    """Note a comparison, and forget all but the last so many."""
    tx.execute(number_checks.insert().values(asdict(check)))
    kept = sa.select(number_checks.c.id).order_by(number_checks.c.checked_at.desc()).limit(keep)
    tx.execute(number_checks.delete().where(number_checks.c.id.not_in(kept)))


def last(*, tx: Tx) -> NumberCheck | None:
    """The newest one."""
    query = sa.select(number_checks).order_by(number_checks.c.checked_at.desc()).limit(1)
    row = tx.execute(query).mappings().one_or_none()
    return NumberCheck(**row) if row is not None else None
