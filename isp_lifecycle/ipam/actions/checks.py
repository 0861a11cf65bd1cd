"""Note what a comparison of numbers with what is really in use came to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.ipam.model import NumberCheck
from isp_lifecycle.ipam.store import checks as store

#: So many are kept: a month of nights.
KEPT = 31


def note_check(
    *, tx: Tx, at: datetime, by: str, with_devices: bool, conflicts: int, missed: int, report: dict[str, Any]
) -> NumberCheck:
    """Note a comparison; the oldest ones are forgotten."""
    check = NumberCheck(
        id=new_id(),
        checked_at=at,
        checked_by=by,
        with_devices=with_devices,
        conflicts=conflicts,
        missed=missed,
        report=report,
    )
    store.insert(tx=tx, check=check, keep=KEPT)
    return check


def last_check(*, tx: Tx) -> NumberCheck | None:
    """The newest comparison, or None when there was none."""
    return store.last(tx=tx)
