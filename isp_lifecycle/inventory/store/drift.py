"""The tables of drift and of the comparisons that found it. One line has at most one drift that is not settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.foundation import db
from isp_lifecycle.foundation.changes import tells
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.transition import move
from isp_lifecycle.inventory.model.drift import (
    DRIFT_MOVES,
    Drift,
    DriftFound,
    DriftState,
    FoundLine,
    Reconciliation,
    Remedy,
)

_UNSETTLED = "state IN ('open', 'approved')"

drifts = sa.Table(
    "drifts",
    db.metadata,
    db.id_column(),
    sa.Column("olt_id", sa.ForeignKey("olts.id"), nullable=False),
    db.text("key"),
    sa.Column("kinds", pg.ARRAY(sa.Text()), nullable=False),
    sa.Column("differences", pg.ARRAY(sa.Text()), nullable=False),
    db.text("remedy"),
    db.text("plan"),
    sa.Column("commands", pg.ARRAY(sa.Text()), nullable=False),
    db.text("obstacle"),
    db.jsonb("found", nullable=True),
    db.text("state"),
    db.instant("found_at"),
    db.instant("seen_at"),
    db.instant("settled_at", nullable=True),
    db.text("settled_by"),
    db.id_ref("delivery_id", nullable=True),
    sa.Index("uq_drifts_unsettled", "olt_id", "key", unique=True, postgresql_where=sa.text(_UNSETTLED)),
    sa.Index("ix_drifts_settled", "settled_at", postgresql_where=sa.text("settled_at IS NOT NULL")),
    sa.CheckConstraint("state IN ('" + "','".join(DriftState) + "')", name="state_known"),
    sa.CheckConstraint(f"({_UNSETTLED}) = (settled_at IS NULL)", name="settled_has_instant"),
)
tells(drifts, "drift")

reconciliations = sa.Table(
    "reconciliations",
    db.metadata,
    db.id_column(),
    sa.Column("olt_id", sa.ForeignKey("olts.id"), nullable=False),
    db.instant("began_at"),
    db.instant("finished_at"),
    sa.Column("onts", sa.Integer(), nullable=False),
    sa.Column("service_ports", sa.Integer(), nullable=False),
    sa.Column("drifts", sa.Integer(), nullable=False),
    sa.Column("strangers", sa.Integer(), nullable=False),
    db.text("unread"),
    sa.Index("ix_reconciliations_olt", "olt_id", "finished_at"),
)


def insert_reconciliation(*, tx: Tx, one: Reconciliation) -> None:
    """Note a comparison."""
    tx.execute(reconciliations.insert().values(asdict(one)))


def put_drift(*, tx: Tx, olt_id: UUID, found: DriftFound, at: datetime) -> None:
    """Note a drift as found now; one that is open already is brought to it, one whose plan is approved stays."""
    values = {
        "kinds": list(found.kinds),
        "differences": list(found.differences),
        "remedy": str(found.remedy),
        "plan": found.plan,
        "commands": list(found.commands),
        "obstacle": found.obstacle,
        "found": asdict(found.found) if found.found else None,
        "seen_at": at,
    }
    first = {"id": new_id(), "olt_id": olt_id, "key": found.key, "state": "open", "found_at": at, "settled_by": ""}
    statement = pg.insert(drifts).values(**values, **first)
    statement = statement.on_conflict_do_update(
        index_elements=["olt_id", "key"],
        index_where=sa.text(_UNSETTLED),
        set_=values,
        where=drifts.c.state == str(DriftState.OPEN),
    )
    tx.execute(statement)


def open_but(*, tx: Tx, olt_id: UUID, still: Sequence[str]) -> tuple[UUID, ...]:
    """The open drifts of this OLT but for those of these keys."""
    query = sa.select(drifts.c.id).where(
        drifts.c.olt_id == olt_id,
        drifts.c.state == str(DriftState.OPEN),
        drifts.c.key != sa.func.all(sa.cast(list(still), pg.ARRAY(sa.Text()))),
    )
    return tuple(tx.execute(query.order_by(drifts.c.id)).scalars())


def move_drift(
    *, tx: Tx, drift_id: UUID, to: DriftState, at: datetime, by: str, delivery_id: UUID | None = None
) -> None:
    """Move a drift by its table of moves; raises NotFound and IllegalMove."""
    settled = to not in (DriftState.OPEN, DriftState.APPROVED)
    also: dict[str, Any] = {"settled_at": at if settled else None, "settled_by": by if settled else ""}
    if delivery_id is not None:
        also["delivery_id"] = delivery_id
    move(tx=tx, table=drifts, moves=DRIFT_MOVES, key=drift_id, to=to, also=also)


def drift_by_id(*, tx: Tx, drift_id: UUID) -> Drift | None:
    """The drift with this id."""
    row = tx.execute(sa.select(drifts).where(drifts.c.id == drift_id)).mappings().one_or_none()
    return _drift(row) if row is not None else None


def unsettled(*, tx: Tx, olt_id: UUID | None) -> tuple[Drift, ...]:
    """What is open or in hand, of one OLT or of all, the oldest first."""
    query = sa.select(drifts).where(sa.text(_UNSETTLED)).order_by(drifts.c.found_at, drifts.c.key)
    if olt_id is not None:
        query = query.where(drifts.c.olt_id == olt_id)
    return tuple(_drift(row) for row in tx.execute(query).mappings())


def last_reconciliation(*, tx: Tx, olt_id: UUID) -> Reconciliation | None:
    """The newest comparison of this OLT."""
    query = sa.select(reconciliations).where(reconciliations.c.olt_id == olt_id)
    row = tx.execute(query.order_by(reconciliations.c.finished_at.desc()).limit(1)).mappings().one_or_none()
    return Reconciliation(**row) if row is not None else None


def _drift(row: Any) -> Drift:
    return Drift(
        id=row["id"],
        olt_id=row["olt_id"],
        what=DriftFound(
            key=row["key"],
            kinds=tuple(row["kinds"]),
            differences=tuple(row["differences"]),
            remedy=Remedy(row["remedy"]),
            plan=row["plan"],
            commands=tuple(row["commands"]),
            obstacle=row["obstacle"],
            found=FoundLine(**row["found"]) if row["found"] else None,
        ),
        state=DriftState(row["state"]),
        found_at=row["found_at"],
        seen_at=row["seen_at"],
        settled_at=row["settled_at"],
        settled_by=row["settled_by"],
        delivery_id=row["delivery_id"],
    )
