"""The tables of changes of many services: one row a change, one row a service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.bulk.model import BULK_MOVES, BadRow, Bulk, BulkState, Item, selection_of
from isp_lifecycle.foundation import db
from isp_lifecycle.foundation.changes import tells
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.terms import Terms
from isp_lifecycle.foundation.transition import move

BULK_CODES = sa.Sequence("bulk_codes", metadata=db.metadata)

bulk_changes = sa.Table(
    "bulk_changes",
    db.metadata,
    db.id_column(),
    db.text("code", unique=True),
    db.text("kind"),
    db.text("state"),
    db.jsonb("selection"),
    db.jsonb("terms"),
    sa.Column("wanted_on", sa.Date(), nullable=False),
    sa.Column("priority", sa.SmallInteger(), nullable=False),
    db.text("reason"),
    db.jsonb("bad_rows"),
    db.text("asked_by"),
    db.instant("asked_at", index=True),
    db.text("decided_by", nullable=True),
    db.instant("decided_at", nullable=True),
    db.text("closed_by", nullable=True),
    db.instant("closed_at", nullable=True),
    db.text("outcome", nullable=True),
    sa.CheckConstraint("state IN ('" + "','".join(BulkState) + "')", name="state_known"),
    sa.CheckConstraint("state = 'proposed' OR decided_by IS NOT NULL", name="decided_by_somebody"),
    # Four eyes, also where somebody writes into the table by hand.
    sa.CheckConstraint("state IN ('proposed', 'rejected') OR decided_by <> asked_by", name="decided_by_another"),
)
tells(bulk_changes, "bulk")

bulk_items = sa.Table(
    "bulk_items",
    db.metadata,
    sa.Column("bulk_id", sa.ForeignKey("bulk_changes.id"), primary_key=True),
    sa.Column("number", sa.Integer(), primary_key=True),
    db.id_ref("service_id"),
    db.text("service_code"),
    db.id_ref("customer_id"),
    db.id_ref("premises_id"),
    db.text("olt", nullable=True),
    db.text("old_plan_code"),
    db.text("old_plan_name"),
    sa.Column("old_price", sa.Numeric(14, 4), nullable=False),
    db.text("conflict", nullable=True),
    db.id_ref("order_id", nullable=True),
    db.id_ref("delivery_id", nullable=True),
    sa.UniqueConstraint("bulk_id", "service_id"),
    sa.Index("ix_bulk_items_delivery_id", "delivery_id", postgresql_where=sa.text("delivery_id IS NOT NULL")),
    sa.Index(
        "ix_bulk_items_unwritten",
        "bulk_id",
        "number",
        postgresql_where=sa.text("order_id IS NULL AND conflict IS NULL"),
    ),
    sa.CheckConstraint("order_id IS NULL OR conflict IS NULL", name="left_out_is_not_written"),
)

_ITEM = tuple(field.name for field in fields(Item))


def insert_bulk(*, tx: Tx, bulk: Bulk) -> None:
    """Add a change."""
    values = {**asdict(bulk), "selection": bulk.selection.to_json(), "terms": bulk.terms.to_json()}
    tx.execute(bulk_changes.insert().values({**values, "bad_rows": [asdict(row) for row in bulk.bad_rows]}))


def copy_items(*, tx: Tx, items: Sequence[Item]) -> None:
    """Add its items, any number."""
    connection: Any = tx.connection.driver_connection
    with connection.cursor() as cursor, cursor.copy(f"COPY bulk_items ({', '.join(_ITEM)}) FROM STDIN") as copy:
        for item in items:
            copy.write_row([getattr(item, name) for name in _ITEM])


def move_bulk(*, tx: Tx, code: str, to: BulkState, also: Mapping[str, Any]) -> None:
    """Move a change by its table of moves."""
    move(tx=tx, table=bulk_changes, moves=BULK_MOVES, key=code, key_column="code", to=to, also=also)


def bulk_where(*, tx: Tx, code: str | None = None, bulk_id: UUID | None = None, lock: bool = False) -> Bulk | None:
    """The change of this code or id; locked, nobody else writes, pauses or stops it until the transaction ends."""
    query = sa.select(bulk_changes).where(bulk_changes.c.code == code if code else bulk_changes.c.id == bulk_id)
    row = tx.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    return _bulk(row) if row is not None else None


def unwritten(*, tx: Tx, bulk_id: UUID, limit: int) -> tuple[Item, ...]:
    """The next items without an order, in their order."""
    query = (
        sa.select(bulk_items)
        .where(
            bulk_items.c.bulk_id == bulk_id,
            bulk_items.c.order_id.is_(None),
            bulk_items.c.conflict.is_(None),
        )
        .order_by(bulk_items.c.number)
        .limit(limit)
    )
    return tuple(Item(**row) for row in tx.execute(query).mappings())


def write_results(
    *, tx: Tx, bulk_id: UUID, results: Sequence[tuple[int, UUID | None, UUID | None, str | None]]
) -> None:
    """Note, by number, each item's order and delivery, or why it was left out after all."""
    statement = """
        UPDATE bulk_items i SET order_id = r.order_id, delivery_id = r.delivery_id, conflict = r.conflict
        FROM unnest(%(numbers)s::int[], %(orders)s::uuid[], %(deliveries)s::uuid[], %(conflicts)s::text[])
            AS r(number, order_id, delivery_id, conflict)
        WHERE i.bulk_id = %(bulk)s AND i.number = r.number
    """
    numbers, orders, deliveries, conflicts = (list(column) for column in zip(*results, strict=True))
    values = {"numbers": numbers, "orders": orders, "deliveries": deliveries, "conflicts": conflicts}
    tx.exec_driver_sql(statement, {**values, "bulk": bulk_id})


def delivery_ids(*, tx: Tx, bulk_id: UUID) -> tuple[UUID, ...]:
    """The deliveries of all items that were written."""
    query = sa.select(bulk_items.c.delivery_id).where(
        bulk_items.c.bulk_id == bulk_id, bulk_items.c.delivery_id.is_not(None)
    )
    return tuple(tx.execute(query).scalars())


def _bulk(row: sa.RowMapping) -> Bulk:
    return Bulk(
        **{
            **row,
            "state": BulkState(row["state"]),
            "selection": selection_of(row["selection"]),
            "terms": Terms.from_json(row["terms"]),
            "bad_rows": tuple(BadRow(**bad) for bad in row["bad_rows"]),
        }
    )
