"""Noting what a member of staff has read."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.notices import actions as notices


@enters("notice.read")
def mark_read(act: Act, *, notice_id: UUID) -> None:
    """Note that a notice was read, for everybody whom it was meant for. Raises NotFound for one that is not theirs."""
    act.about("notice", notice_id)
    notices.read_notification(
        tx=act.tx, notification_id=notice_id, username=act.actor.username, roles=(str(act.actor.role),), at=act.at
    )


@enters("notice.read")
def mark_all_read(act: Act, *, until: datetime) -> int:
    """Note that everything was read that came until then; what came after it was looked at stays unread."""
    return notices.read_all(
        tx=act.tx, username=act.actor.username, roles=(str(act.actor.role),), until=until, at=act.at
    )
