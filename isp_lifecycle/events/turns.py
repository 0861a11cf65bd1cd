"""Turns: one delivery acts on an OLT or a service at a time, and hands the turn to the first in line.

A turn is a row; whoever cannot get it stands in line (``deliveries.blocked_on``), so that waiting holds no worker and
burns no attempt. Releasing reserves the turn for the most urgent waiter in the same transaction, so nobody barges in
and one waiter is woken, not all of them. Who asks for a taken turn locks its row until they stand in line, and who
releases it locks it before they look who waits: no waiter is overlooked between the two.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from isp_lifecycle.events.holds import in_force
from isp_lifecycle.events.model import Lease
from isp_lifecycle.events.outbox import wake
from isp_lifecycle.foundation.db import Tx

_TAKE = f"""
    INSERT INTO turns (key, delivery_id, token, until)
    SELECT %(key)s, %(delivery)s, %(token)s, %(until)s WHERE NOT {in_force("%(key)s")}
    ON CONFLICT (key) DO UPDATE
        SET delivery_id = excluded.delivery_id, token = excluded.token, until = excluded.until
        WHERE turns.until < %(now)s OR turns.delivery_id = excluded.delivery_id
    RETURNING key
"""

_LOCK = "SELECT key FROM turns WHERE delivery_id = %(delivery)s AND NOT (key = ANY(%(keep)s)) ORDER BY key FOR UPDATE"

#: For each key: its first waiter, who stands in line no longer and whose the turn is now.
_HAND_OVER = f"""
    WITH first AS (
        SELECT k.key, w.id, w.lease_token
        FROM unnest(%(keys)s::text[]) AS k(key)
        CROSS JOIN LATERAL (
            SELECT d.id, d.lease_token FROM deliveries d
            WHERE d.blocked_on = k.key AND d.state = 'queued'
            ORDER BY d.priority, d.due_at, d.id LIMIT 1 FOR UPDATE SKIP LOCKED) AS w
        WHERE NOT {in_force("k.key")}
    ), woken AS (
        UPDATE deliveries d SET blocked_on = NULL FROM first WHERE d.id = first.id
    ), given AS (
        INSERT INTO turns AS t (key, delivery_id, token, until)
        SELECT key, id, lease_token + 1, %(until)s FROM first
        ON CONFLICT (key) DO UPDATE
            SET delivery_id = excluded.delivery_id, token = excluded.token, until = excluded.until
            WHERE t.delivery_id = %(giver)s OR t.until < %(now)s
    ), left_over AS (
        DELETE FROM turns t
        WHERE t.key = ANY(%(keys)s) AND (t.delivery_id = %(giver)s OR t.until < %(now)s)
          AND NOT EXISTS (SELECT 1 FROM first WHERE first.key = t.key)
    )
    SELECT id FROM first ORDER BY key
"""


def take(*, tx: Tx, lease: Lease, key: str, now: datetime, length: timedelta) -> bool:
    """Become the only one who acts on ``key`` now; False when somebody else does, or a hold is on it."""
    values = {"key": key, "delivery": lease.delivery_id, "token": lease.token, "now": now, "until": now + length}
    return tx.exec_driver_sql(_TAKE, values).scalar_one_or_none() is not None


def release(*, tx: Tx, lease: Lease, now: datetime, length: timedelta, keep: Collection[str] = ()) -> tuple[UUID, ...]:
    """Give back every turn that is not kept; returns the deliveries that have them now (``length``: until claimed)."""
    held = tx.exec_driver_sql(_LOCK, {"delivery": lease.delivery_id, "keep": list(keep)}).scalars().all()
    return hand_over(tx=tx, keys=held, giver=lease.delivery_id, now=now, length=length) if held else ()


def hand_over(
    *, tx: Tx, keys: Collection[str], now: datetime, length: timedelta, giver: UUID | None = None
) -> tuple[UUID, ...]:
    """Give each of these turns to its first waiter, or to nobody, where it is the giver's or its time is over."""
    values = {"keys": list(keys), "giver": giver, "now": now, "until": now + length}
    given = tuple(tx.exec_driver_sql(_HAND_OVER, values).scalars())
    if given:
        wake(tx=tx)
    return given


def extend(*, tx: Tx, lease: Lease, until: datetime) -> None:
    """Keep what this lease holds for longer."""
    tx.exec_driver_sql(
        "UPDATE turns SET until = %(until)s WHERE delivery_id = %(delivery)s AND token = %(token)s",
        {"until": until, "delivery": lease.delivery_id, "token": lease.token},
    )
