"""Tell the audit trail what somebody did, in the transaction of what it tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from isp_lifecycle.access.model import Actor
from isp_lifecycle.foundation.clock import Clock
from isp_lifecycle.foundation.db import Engine, Tx
from isp_lifecycle.trail import actions as trail
from isp_lifecycle.trail.model import Changed, Entry


def told(
    *,
    tx: Tx,
    at: datetime,
    actor: Actor,
    action: str,
    subject_kind: str,
    subject_id: str,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
    changes: Sequence[Changed] = (),
) -> Entry:
    """Add what this actor did to the trail."""
    return trail.append(
        tx=tx,
        at=at,
        actor=actor.username or "visitor",
        role=actor.role_shown,
        source=actor.source,
        address=actor.address,
        action=action,
        subject_kind=subject_kind,
        subject_id=subject_id,
        reason=reason,
        detail=detail,
        changes=changes,
    )


def refusal(engine: Engine, clock: Clock, actor: Actor, what: str, needs: str) -> None:
    """Add that this actor asked for what is not theirs, where no door was reached: a page, or its websocket."""
    trail.refused(engine=engine, at=clock.now(), by=actor, what=what, needs=needs)
