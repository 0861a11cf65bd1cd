"""The table of leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.foundation import db
from isp_lifecycle.foundation.changes import tells
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.reach import portal_adds, portal_draws
from isp_lifecycle.foundation.transition import move
from isp_lifecycle.leads.model import LEAD_MOVES, Lead, LeadState, Source

LEAD_CODES = sa.Sequence("lead_codes", metadata=db.metadata)

_WAITS = sa.text("state = 'open' AND told_at IS NULL")

leads = sa.Table(
    "leads",
    db.metadata,
    db.id_column(),
    db.text("code", unique=True),
    db.text("state"),
    db.text("source"),
    db.text("name"),
    db.text("email"),
    db.text("phone"),
    sa.Column("premises_id", sa.ForeignKey("premises.id"), nullable=True, index=True),
    db.text("address"),
    db.text("wish"),
    db.text("plan_code", nullable=True),
    db.text("owner", nullable=True),
    db.text("next_step"),
    sa.Column("next_on", sa.Date(), nullable=True),
    db.instant("consent_at"),
    db.text("consent_how"),
    db.instant("created_at", index=True),
    db.text("created_by"),
    sa.Column("keep_until", sa.Date(), nullable=False),
    db.instant("closed_at", nullable=True),
    db.text("reason", nullable=True),
    db.id_ref("order_id", nullable=True),
    db.instant("told_at", nullable=True),
    sa.Column("reminded_on", sa.Date(), nullable=True),
    db.instant("erased_at", nullable=True),
    sa.Index("ix_leads_next", "next_on", postgresql_where=sa.text("state = 'open'")),
    sa.Index("ix_leads_waits", "premises_id", postgresql_where=_WAITS),
    sa.Index("ix_leads_keep", "keep_until", postgresql_where=sa.text("erased_at IS NULL AND order_id IS NULL")),
    sa.CheckConstraint("state IN ('" + "','".join(LeadState) + "')", name="state_known"),
    sa.CheckConstraint("source IN ('" + "','".join(Source) + "')", name="source_known"),
    sa.CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_has_instant"),
    sa.CheckConstraint("(state = 'ordered') = (order_id IS NOT NULL)", name="ordered_has_order"),
    sa.CheckConstraint("state <> 'lost' OR reason IS NOT NULL", name="lost_has_reason"),
)
tells(leads, "leads")

# A visitor leaves one and sees none, not even their own.
portal_draws(LEAD_CODES)
portal_adds(
    leads,
    rows="source = 'portal' AND state = 'open' AND owner IS NULL AND order_id IS NULL AND told_at IS NULL"
    " AND closed_at IS NULL AND reason IS NULL AND erased_at IS NULL AND reminded_on IS NULL AND next_on IS NULL",
)

_FIELDS = tuple(one.name for one in fields(Lead))


def insert(*, tx: Tx, lead: Lead) -> None:
    """Add a lead."""
    tx.execute(leads.insert().values({**asdict(lead), "state": str(lead.state), "source": str(lead.source)}))


def lead_by_code(*, tx: Tx, code: str, lock: bool = False) -> Lead | None:
    """The lead with this code."""
    query = sa.select(leads).where(leads.c.code == code)
    row = tx.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    return _lead(row) if row is not None else None


def close(*, tx: Tx, code: str, to: LeadState, also: Mapping[str, Any]) -> None:
    """Move a lead to its end."""
    move(tx=tx, table=leads, moves=LEAD_MOVES, key=code, key_column="code", to=to, also=also)


def change(*, tx: Tx, lead_id: UUID, values: Mapping[str, Any]) -> None:
    """Write other values."""
    tx.execute(leads.update().where(leads.c.id == lead_id).values(dict(values)))


def due(*, tx: Tx, today: date) -> Sequence[Lead]:
    """Open leads whose next step is due and whose owner was not reminded of it; they are now."""
    late = sa.and_(
        leads.c.state == "open",
        leads.c.next_on <= today,
        leads.c.owner.is_not(None),
        leads.c.reminded_on.is_distinct_from(leads.c.next_on),
    )
    statement = leads.update().where(late).values(reminded_on=leads.c.next_on).returning(leads)
    return [_lead(row) for row in tx.execute(statement).mappings()]


_SERVED = """
    UPDATE leads SET told_at = :at FROM premises p
    WHERE p.id = leads.premises_id AND p.splitter_code IS NOT NULL AND leads.state = 'open' AND leads.told_at IS NULL
      AND leads.erased_at IS NULL
    RETURNING leads.*
"""


def served(*, tx: Tx, at: datetime) -> Sequence[Lead]:
    """Open leads whose premises can be served now, of which nobody was told; they are told from now on."""
    return [_lead(row) for row in tx.execute(sa.text(_SERVED), {"at": at}).mappings()]


def placeless(*, tx: Tx, limit: int) -> Sequence[Lead]:
    """Open leads of which no premises is known, the oldest first."""
    query = (
        sa.select(leads)
        .where(leads.c.state == "open", leads.c.premises_id.is_(None), leads.c.erased_at.is_(None))
        .order_by(leads.c.id)
        .limit(limit)
    )
    return [_lead(row) for row in tx.execute(query).mappings()]


def erase(*, tx: Tx, condition: sa.ColumnElement[bool], values: Mapping[str, Any], at: datetime) -> int:
    """Put these values in place of the person in the leads meant; returns in how many."""
    mine = sa.and_(condition, leads.c.erased_at.is_(None))
    return tx.execute(leads.update().where(mine).values({**values, "erased_at": at})).rowcount


def _lead(row: Mapping[Any, Any]) -> Lead:
    values = {name: row[name] for name in _FIELDS}
    return Lead(**{**values, "state": LeadState(values["state"]), "source": Source(values["source"])})
