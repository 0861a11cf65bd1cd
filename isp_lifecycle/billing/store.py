"""The table of charges: the unique source is what keeps anything from being charged twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.billing.model import Charge, ChargeKind, Period
from isp_lifecycle.foundation import db
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.foundation.reach import CUSTOMER_WHO_ASKS, portal_reads

#: What the source of a reversal starts with, before the source that it reverses.
REVERSAL = "reversal:"

charges = sa.Table(
    "charges",
    db.metadata,
    db.id_column(),
    sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
    db.id_ref("customer_id", index=True),
    db.id_ref("service_id", index=True),
    db.text("kind"),
    db.text("source", unique=True),
    sa.Column("period", pg.DATERANGE(), nullable=False),
    *db.money_columns("amount"),
    db.text("description"),
    db.instant("created_at", index=True),
    sa.CheckConstraint(f"kind IN ({', '.join(repr(str(kind)) for kind in ChargeKind)})", name="kind_known"),
    sa.CheckConstraint("CASE kind WHEN 'credit' THEN amount <= 0 ELSE amount >= 0 END", name="only_credits_negative"),
    sa.Index("ix_charges_source_prefix", "source", postgresql_ops={"source": "text_pattern_ops"}),
)

portal_reads(charges, rows=f"customer_id = {CUSTOMER_WHO_ASKS}")


def lock_service(*, tx: Tx, service_id: UUID) -> None:
    """Let nobody else charge this service until the transaction ends."""
    tx.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(f"billing:{service_id}", 0))))


def insert(
    *,
    tx: Tx,
    customer_id: UUID,
    service_id: UUID,
    kind: ChargeKind,
    source: str,
    period: Period,
    amount: Money,
    description: str,
    at: datetime,
) -> Charge:
    """Insert a charge; the one that stands when that source was charged already."""
    statement = (
        pg.insert(charges)
        .values(
            id=new_id(),
            customer_id=customer_id,
            service_id=service_id,
            kind=kind,
            source=source,
            period=pg.Range(period.first, period.last, bounds="[]"),
            amount=amount.amount,
            amount_currency=amount.currency,
            description=description,
            created_at=at,
        )
        .on_conflict_do_nothing(index_elements=["source"])
        .returning(charges)
    )
    row = tx.execute(statement).mappings().one_or_none()
    if row is None:
        row = tx.execute(sa.select(charges).where(charges.c.source == source)).mappings().one()
    return _charge(row)


def by_source(*, tx: Tx, prefix: str) -> tuple[Charge, ...]:
    """The charges whose source starts with these characters, in the order in which they were made."""
    query = sa.select(charges).where(charges.c.source.startswith(prefix, autoescape=True)).order_by(charges.c.number)
    return tuple(_charge(row) for row in tx.execute(query).mappings())


def charge_list(*, tx: Tx, service_id: UUID | None = None, customer_id: UUID | None = None) -> tuple[Charge, ...]:
    """The charges of a service or of a customer, in the order in which they were made."""
    query = sa.select(charges).order_by(charges.c.number)
    if service_id is not None:
        query = query.where(charges.c.service_id == service_id)
    if customer_id is not None:
        query = query.where(charges.c.customer_id == customer_id)
    return tuple(_charge(row) for row in tx.execute(query).mappings())


def charged_periods(*, tx: Tx, service_id: UUID) -> tuple[Period, ...]:
    """The periods that a service's plan was charged for, without those that were reversed, earliest first."""
    reversal = charges.alias("reversal")
    undone = sa.exists().where(reversal.c.source == sa.literal(REVERSAL) + charges.c.source)
    query = (
        sa.select(charges.c.period)
        .where(
            charges.c.service_id == service_id,
            charges.c.kind.in_([ChargeKind.RECURRING, ChargeKind.PRORATED]),
            ~undone,
        )
        .order_by(charges.c.period)
    )
    return tuple(_period(period) for period in tx.execute(query).scalars())


def _period(stored: pg.Range[date]) -> Period:
    """PostgreSQL keeps a range of dates up to, not including, its upper end."""
    if stored.lower is None or stored.upper is None:
        raise ValueError(f"a charge's period has two ends, not {stored}")
    return Period(stored.lower, stored.upper - timedelta(days=1))


def _charge(row: Mapping[Any, Any]) -> Charge:
    rest = dict(row)
    del rest["number"]
    amount = Money(rest.pop("amount"), rest.pop("amount_currency")).rounded()
    return Charge(**{**rest, "kind": ChargeKind(row["kind"]), "period": _period(row["period"]), "amount": amount})
