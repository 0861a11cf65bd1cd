"""Holds: what people have paused, from an instant on, until another or until somebody lifts it.

A hold begins nothing more of what it covers and ends nothing that runs: the engine as a whole (to drain it before an
upgrade), one subscriber (a CRM that is being moved), or one OLT (a maintenance window). What it keeps back stands in
line, visible, burns no attempt, and goes on when the hold is over.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from isp_lifecycle.events.outbox import wake
from isp_lifecycle.events.store import holds
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.errors import NotFound, Refused
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.texts import say


def in_force(key: str) -> str:
    """The SQL condition that a hold on ``key`` (an SQL expression) is in force at ``%(now)s``."""
    return (
        f"EXISTS (SELECT 1 FROM holds h WHERE h.key = {key} AND h.since <= %(now)s "
        "AND (h.until IS NULL OR h.until > %(now)s))"
    )


def hold(
    *,
    tx: Tx,
    key: str,
    reason: str,
    by: str,
    at: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
) -> UUID:
    """Pause what ``key`` names (``lines``), now or from ``since``; raises Refused when the times are no span."""
    since = since or at
    if until is not None and until <= max(since, at):
        raise Refused(
            say("A pause must end after it begins, and in the future."),
            field="until",
            value=until,
            remedy=say("Give a later end, or none to pause until somebody resumes."),
        )
    hold_id = new_id()
    tx.execute(
        holds.insert().values(id=hold_id, key=key, reason=reason, held_by=by, since=since, until=until, created_at=at)
    )
    wake(tx=tx)
    return hold_id


def lift(*, tx: Tx, hold_id: UUID) -> str:
    """End a hold, or call a planned one off; returns its key. What stood in line goes on at once."""
    key: str | None = tx.execute(
        holds.delete().where(holds.c.id == hold_id).returning(holds.c.key)
    ).scalar_one_or_none()
    if key is None:
        raise NotFound("pause", hold_id)
    wake(tx=tx)
    return key


def held(*, tx: Tx, key: str, at: datetime) -> bool:
    """Whether a hold on this key is in force."""
    found: bool = tx.exec_driver_sql(f"SELECT {in_force('%(key)s')}", {"key": key, "now": at}).scalar_one()
    return found
