"""Evidence of old deliveries: what was said to devices, kept for as long as the provider's policy says.

The steps themselves stay: what was done, when, by which attempt, and in which words it failed. What grows a database is
the conversation with devices, some ten kilobytes a change.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from isp_lifecycle.foundation.db import Tx

_FORGET = """
    WITH old AS (
        SELECT s.delivery_id, s.id FROM step_runs s JOIN deliveries d ON d.id = s.delivery_id
        WHERE s.transcript IS NOT NULL AND s.finished_at < :before AND d.finished_at < :before
        ORDER BY s.finished_at LIMIT :many)
    UPDATE step_runs s SET transcript = NULL, forgotten_at = :at FROM old
    WHERE s.delivery_id = old.delivery_id AND s.id = old.id
"""


def forget(*, tx: Tx, before: datetime, at: datetime, many: int) -> int:
    """Drop the transcripts of up to ``many`` steps, the oldest first, whose delivery was over before an instant.

    What is not over keeps everything, however old it is. Returns how many were dropped.
    """
    values = {"before": before, "at": at, "many": many}
    return tx.execute(sa.text(_FORGET), values).rowcount
