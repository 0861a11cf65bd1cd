"""Tables of terminals and of what was said there: the record, in pieces of asciicast events, one a line."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from isp_lifecycle.foundation import db
from isp_lifecycle.terminals.model import Profile, Terminal

terminals = sa.Table(
    "terminals",
    db.metadata,
    db.id_column(),
    db.text("olt"),
    db.text("profile"),
    db.text("username", index=True),
    db.text("name"),
    db.text("reason"),
    db.text("address"),
    db.instant("began_at", index=True),
    db.instant("seen_at"),
    db.instant("ended_at", nullable=True),
    sa.Column("ended_why", sa.Text(), nullable=False, server_default=""),
    sa.Column("letters", sa.Integer(), nullable=False, server_default="0"),
    db.id_ref("hold_id", nullable=True),
    sa.CheckConstraint("profile IN ('reading', 'full')", name="profile_known"),
    sa.Index("ix_terminals_open", "olt", postgresql_where=sa.text("ended_at IS NULL")),
)

terminal_pieces = sa.Table(
    "terminal_pieces",
    db.metadata,
    sa.Column("terminal_id", sa.ForeignKey("terminals.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", sa.Integer(), primary_key=True),
    db.text("events"),
)


def terminal_of(row: Any) -> Terminal:
    """Read a row."""
    return Terminal(
        id=row.id,
        olt=row.olt,
        profile=Profile(row.profile),
        username=row.username,
        name=row.name,
        reason=row.reason,
        address=row.address,
        began_at=row.began_at,
        seen_at=row.seen_at,
        ended_at=row.ended_at,
        ended_why=row.ended_why,
        letters=row.letters,
        hold_id=row.hold_id,
    )
