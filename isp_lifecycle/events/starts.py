"""Since when an installation has each subscription, noted whenever its database is brought up to a version."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.events.store import subscription_starts
from isp_lifecycle.events.subscriptions import SUBSCRIPTIONS
from isp_lifecycle.foundation.db import Tx


def note_starts(*, tx: Tx) -> None:
    """Note those that are new, by the database's clock; what is noted stays."""
    rows = [{"event_kind": s.hears.__name__, "subscriber": s.subscriber, "since": sa.func.now()} for s in SUBSCRIPTIONS]
    tx.execute(pg.insert(subscription_starts).values(rows).on_conflict_do_nothing())
