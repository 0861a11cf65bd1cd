"""Begin a terminal, keep what is said there, end it, and forget it when the policy says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.foundation.db import Tx, storable
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.terminals.errors import TerminalOver, TerminalsTaken
from isp_lifecycle.terminals.model import SILENT_AFTER, Terminal
from isp_lifecycle.terminals.store import terminal_of, terminal_pieces, terminals


def begin(terminal: Terminal, *, tx: Tx, at_most: int) -> Terminal:
    """Note a terminal that begins; raises TerminalsTaken when the OLT has as many as it may."""
    tx.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": f"terminal:{terminal.olt}"})
    there = [one.name for one in open_at(tx=tx, olt=terminal.olt, at=terminal.began_at)]
    if len(there) >= at_most:
        raise TerminalsTaken(terminal.olt, there)
    values = {name: getattr(terminal, name) for name in terminal.__dataclass_fields__}
    tx.execute(terminals.insert().values(**values | {"profile": str(terminal.profile)}))
    return terminal


def open_at(*, tx: Tx, olt: str, at: datetime) -> tuple[Terminal, ...]:
    """Who is at an OLT's command line."""
    found = tx.execute(
        sa.select(terminals)
        .where(terminals.c.olt == olt, terminals.c.ended_at.is_(None), terminals.c.seen_at > at - SILENT_AFTER)
        .order_by(terminals.c.began_at)
    )
    return tuple(terminal_of(row) for row in found)


def keep(*, tx: Tx, terminal_id: UUID, number: int, events: str, at: datetime) -> None:
    """Add a piece to the record, and note that it is alive; an empty piece only notes that. Raises TerminalOver."""
    seen = tx.execute(
        terminals.update()
        .where(terminals.c.id == terminal_id, terminals.c.ended_at.is_(None))
        .values(seen_at=at, letters=terminals.c.letters + len(events))
    )
    if not seen.rowcount:
        raise TerminalOver(say("Terminal {terminal_id} has ended.", terminal_id=terminal_id))
    if events:
        tx.execute(terminal_pieces.insert().values(terminal_id=terminal_id, number=number, events=storable(events)))


def end(*, tx: Tx, terminal_id: UUID, why: str, at: datetime) -> Terminal:
    """Note its end; the first reason counts. Raises NotFound."""
    row = tx.execute(sa.select(terminals).where(terminals.c.id == terminal_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFound("terminal", terminal_id)
    if row.ended_at is not None:
        return terminal_of(row)
    tx.execute(terminals.update().where(terminals.c.id == terminal_id).values(ended_at=at, seen_at=at, ended_why=why))
    return replace(terminal_of(row), ended_at=at, ended_why=why)


def forget(*, tx: Tx, before: datetime, many: int) -> int:
    """Drop up to ``many`` terminals that ended before an instant, with their records; returns how many."""
    old = (
        sa.select(terminals.c.id)
        .where(sa.func.coalesce(terminals.c.ended_at, terminals.c.seen_at) < before)
        .order_by(terminals.c.began_at)
        .limit(many)
    )
    return tx.execute(terminals.delete().where(terminals.c.id.in_(old))).rowcount
