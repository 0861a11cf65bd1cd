"""The table of orders."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from psycopg.types.json import Jsonb
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.foundation import db
from isp_lifecycle.foundation.changes import tells
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.reach import (
    CUSTOMER_WHO_ASKS,
    Answer,
    portal_adds,
    portal_changes,
    portal_draws,
    portal_is_answered,
    portal_reads,
)
from isp_lifecycle.foundation.terms import Terms
from isp_lifecycle.foundation.transition import move
from isp_lifecycle.orders.model import OPEN_STATES, ORDER_MOVES, Applicant, Channel, Order, OrderKind, OrderState

ORDER_CODES = sa.Sequence("order_codes", metadata=db.metadata)

ONE_OPEN_LINE = "uq_orders_open_new_line"
ONE_OPEN_CHANGE = "uq_orders_open_change"

_OPEN = "state IN ('" + "','".join(sorted(OPEN_STATES)) + "')"

orders = sa.Table(
    "orders",
    db.metadata,
    db.id_column(),
    db.text("code", unique=True),
    db.text("kind"),
    db.text("state"),
    db.id_ref("customer_id", index=True),
    db.id_ref("premises_id", index=True),
    db.id_ref("service_id", nullable=True, index=True),
    db.jsonb("terms"),
    db.text("channel"),
    db.text("note"),
    db.instant("consent_at", nullable=True),
    sa.Column("wanted_on", sa.Date(), nullable=True),
    db.instant("submitted_at", index=True),
    db.instant("decided_at", nullable=True),
    db.text("decided_by", nullable=True),
    db.text("reason", nullable=True),
    db.instant("closed_at", nullable=True),
    db.text("closed_by", nullable=True),
    sa.Column("applicant", pg.JSONB(none_as_null=True), nullable=True),
    sa.Column("claimed", sa.Boolean(), nullable=False, server_default=sa.false()),
    db.text("partner", nullable=True),
    sa.Index("ix_orders_partner", "partner", "submitted_at", postgresql_where=sa.text("partner IS NOT NULL")),
    sa.Index(ONE_OPEN_LINE, "premises_id", unique=True, postgresql_where=sa.text(f"kind = 'new_line' AND {_OPEN}")),
    sa.Index(
        ONE_OPEN_CHANGE, "service_id", "kind", unique=True, postgresql_where=sa.text(f"kind <> 'new_line' AND {_OPEN}")
    ),
    sa.Index("ix_orders_completed", "closed_at", postgresql_where=sa.text("state = 'completed'")),
    sa.Index("ix_orders_open_state", "state", "submitted_at", postgresql_where=sa.text(_OPEN)),
    sa.CheckConstraint("state IN ('" + "','".join(OrderState) + "')", name="state_known"),
    sa.CheckConstraint("kind IN ('" + "','".join(OrderKind) + "')", name="kind_known"),
    sa.CheckConstraint("channel IN ('" + "','".join(Channel) + "')", name="channel_known"),
    sa.CheckConstraint("kind = 'new_line' OR service_id IS NOT NULL", name="change_has_service"),
    sa.CheckConstraint(f"({_OPEN}) = (closed_at IS NULL)", name="closed_has_instant"),
    sa.CheckConstraint("NOT claimed OR applicant IS NOT NULL", name="claimed_by_somebody"),
)
tells(orders, "orders")

#: What machines asked for under a key of their own, so that asking again makes nothing twice.
order_keys = sa.Table(
    "order_keys",
    db.metadata,
    sa.Column("owner", sa.Text(), primary_key=True),
    sa.Column("key", sa.Text(), primary_key=True),
    sa.Column("asked", pg.BYTEA(), nullable=False),
    db.id_ref("order_id", nullable=True),
    db.instant("asked_at", index=True),
)

portal_draws(ORDER_CODES)
portal_reads(orders, rows=f"customer_id = {CUSTOMER_WHO_ASKS} AND NOT claimed")

#: What can be asked about rows of this very transaction, savepoints included, and about no other.
_MADE_NOW = "age({row}.xmin) <= age(pg_current_xact_id()::xid)"
portal_is_answered(
    db.metadata,
    Answer(
        name="portal_registered_now",
        arguments="customer uuid",
        returns="boolean",
        body=f"""
        BEGIN RETURN EXISTS (SELECT FROM customers c WHERE c.id = customer AND {_MADE_NOW.format(row="c")}); END
        """,
        volatile=True,
    ),
)
portal_is_answered(
    db.metadata,
    Answer(
        name="portal_placed_now",
        arguments="placed uuid, customer uuid",
        returns="boolean",
        body=f"""
        BEGIN RETURN EXISTS (SELECT FROM orders o WHERE o.id = placed AND o.customer_id = customer
                             AND {_MADE_NOW.format(row="o")}); END
        """,
        volatile=True,
    ),
)
#: What an order of the portal costs is what the catalogue says, or what the service costs already.
_AS_SOLD = """
    CASE WHEN kind IN ('new_line', 'plan_change') THEN EXISTS (
        SELECT FROM plans p WHERE p.code = terms->>'plan_code' AND p.on_sale
        AND (p.sale_until IS NULL OR p.sale_until >= current_date - 1) AND p.price = (terms->>'price')::numeric
        AND p.price_currency = terms->>'currency' AND p.down_kbps = (terms->>'down_kbps')::int
        AND p.up_kbps = (terms->>'up_kbps')::int AND p.address_policy = terms->>'address_policy')
    ELSE EXISTS (SELECT FROM services s WHERE s.id = orders.service_id AND s.terms = orders.terms) END
"""
portal_adds(
    orders,
    rows=f"""
    channel = 'portal' AND partner IS NULL
    AND state = 'submitted' AND decided_at IS NULL AND decided_by IS NULL AND reason IS NULL
    AND closed_at IS NULL AND closed_by IS NULL AND {_AS_SOLD}
    AND CASE WHEN {CUSTOMER_WHO_ASKS} IS NULL
        THEN kind = 'new_line' AND service_id IS NULL AND (claimed OR portal_registered_now(customer_id))
        ELSE customer_id = {CUSTOMER_WHO_ASKS} AND NOT claimed
             AND CASE WHEN kind = 'new_line' THEN service_id IS NULL
                 ELSE kind IN ('plan_change', 'termination', 'suspension', 'resumption')
                      AND EXISTS (SELECT FROM services s WHERE s.id = orders.service_id) END
        END
    """,
)
# A change of one's own service needs no decision of the sales desk; a new line does.
portal_changes(
    orders,
    rows=f"customer_id = {CUSTOMER_WHO_ASKS} AND kind <> 'new_line' AND state = 'submitted'",
    becomes=f"customer_id = {CUSTOMER_WHO_ASKS} AND state = 'confirmed'",
    columns=["state", "decided_at", "decided_by"],
)


def take_key(*, tx: Tx, owner: str, key: str, asked: bytes, at: datetime) -> tuple[bytes, UUID | None] | None:
    """Note what is asked under a key; what was asked under it before, and the order that came of it, if it was."""
    values = {"owner": owner, "key": key, "asked": asked, "asked_at": at}
    added = pg.insert(order_keys).values(values).on_conflict_do_nothing().returning(order_keys.c.key)
    if tx.execute(added).scalar_one_or_none() is not None:
        return None
    here = sa.and_(order_keys.c.owner == owner, order_keys.c.key == key)
    row = tx.execute(sa.select(order_keys.c.asked, order_keys.c.order_id).where(here)).one()
    return bytes(row.asked), row.order_id


def keep_key(*, tx: Tx, owner: str, key: str, order_id: UUID) -> None:
    """Note the order that came of what was asked under a key."""
    here = sa.and_(order_keys.c.owner == owner, order_keys.c.key == key)
    tx.execute(order_keys.update().where(here).values(order_id=order_id))


def insert_order(*, tx: Tx, order: Order) -> None:
    """Add an order; the unique indexes above refuse what is open already."""
    tx.execute(orders.insert().values(_values(order)))


def move_order(*, tx: Tx, code: str, to: OrderState, also: Mapping[str, Any] | None = None) -> None:
    """Move an order by its table of moves; by its code, because that is what the refusal names."""
    move(tx=tx, table=orders, moves=ORDER_MOVES, key=code, key_column="code", to=to, also=also)


def end_claim(*, tx: Tx, order_id: UUID) -> bool:
    """Note that the applicant is the customer; False when nobody claimed it."""
    statement = orders.update().where(orders.c.id == order_id, orders.c.claimed).values(claimed=False)
    return tx.execute(statement).rowcount == 1


def set_wanted_on(*, tx: Tx, order_id: UUID, wanted_on: date, states: Collection[OrderState]) -> bool:
    """Write another day while the order stands in one of ``states``; False when it does not any more."""
    statement = (
        orders.update()
        .where(orders.c.id == order_id, orders.c.state.in_([str(s) for s in states]))
        .values(wanted_on=wanted_on)
    )
    return tx.execute(statement).rowcount == 1


def order_by_id(*, tx: Tx, order_id: UUID) -> Order | None:
    """The order with this id."""
    return _one(tx, orders.c.id == order_id)


def order_by_code(*, tx: Tx, code: str) -> Order | None:
    """The order with this code."""
    return _one(tx, orders.c.code == code)


def open_new_line(*, tx: Tx, premises_id: UUID) -> Order | None:
    """The open order for a new line at this premises; there is one at most."""
    return _one(
        tx,
        sa.and_(
            orders.c.premises_id == premises_id,
            orders.c.kind == str(OrderKind.NEW_LINE),
            orders.c.state.in_(OPEN_STATES),
        ),
    )


def open_change(*, tx: Tx, service_id: UUID, kind: OrderKind) -> Order | None:
    """The open order of this kind for this service; there is one at most."""
    return _one(
        tx,
        sa.and_(orders.c.service_id == service_id, orders.c.kind == str(kind), orders.c.state.in_(OPEN_STATES)),
    )


def insert_orders(*, tx: Tx, many: Sequence[Order]) -> frozenset[UUID]:
    """Add many orders at once; returns the ids of those that no open order was in the way of.

    They travel as one document: a statement with a parameter for each value costs ten times as much to put together.
    """
    names = ", ".join(column.name for column in orders.columns)
    statement = f"""
        INSERT INTO orders ({names}) SELECT {names} FROM jsonb_populate_recordset(NULL::orders, %(many)s)
        ON CONFLICT DO NOTHING RETURNING id
    """  # noqa: S608 - the names of our own columns
    document = Jsonb([_values(order) for order in many], dumps=_dumps)
    return frozenset(tx.exec_driver_sql(statement, {"many": document}).scalars())


def _values(order: Order) -> dict[str, Any]:
    applicant = vars(order.applicant) if order.applicant else None
    return {**vars(order), "terms": order.terms.to_json(), "applicant": applicant}


def _dumps(document: Any) -> str:
    return json.dumps(document, default=str)


def open_changes(*, tx: Tx, service_ids: Sequence[UUID]) -> tuple[Order, ...]:
    """The open orders about any of these services."""
    ids = sa.cast(list(service_ids), pg.ARRAY(pg.UUID(as_uuid=True)))
    query = sa.select(orders).where(
        orders.c.service_id == sa.func.any(ids),
        orders.c.kind != str(OrderKind.NEW_LINE),
        orders.c.state.in_([str(state) for state in OPEN_STATES]),
    )
    return tuple(_order(row) for row in tx.execute(query).mappings())


def orders_in(*, tx: Tx, states: Collection[OrderState], limit: int) -> tuple[Order, ...]:
    """Orders in any of these states, the oldest first."""
    query = (
        sa.select(orders)
        .where(orders.c.state.in_([str(state) for state in states]))
        .order_by(orders.c.submitted_at, orders.c.code)
        .limit(limit)
    )
    return tuple(_order(row) for row in tx.execute(query).mappings())


def orders_of(*, tx: Tx, customer_id: UUID) -> tuple[Order, ...]:
    """A customer's orders, the newest first."""
    query = (
        sa.select(orders)
        .where(orders.c.customer_id == customer_id)
        .order_by(orders.c.submitted_at.desc(), orders.c.code.desc())
    )
    return tuple(_order(row) for row in tx.execute(query).mappings())


def _one(tx: Tx, condition: sa.ColumnElement[bool]) -> Order | None:
    row = tx.execute(sa.select(orders).where(condition)).mappings().one_or_none()
    return _order(row) if row is not None else None


def _order(row: sa.RowMapping) -> Order:
    return Order(
        **{
            **row,
            "kind": OrderKind(row["kind"]),
            "state": OrderState(row["state"]),
            "channel": Channel(row["channel"]),
            "terms": Terms.from_json(row["terms"]),
            "applicant": Applicant(**row["applicant"]) if row["applicant"] else None,
        }
    )
