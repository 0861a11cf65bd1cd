"""Why a delivery stands where it stands, in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from isp_lifecycle.foundation.kept import again
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.words import small
from isp_lifecycle.views.engine.state import HoldRow


@dataclass(frozen=True)
class Other:
    """Another delivery, which is in the way."""

    workflow: str
    state: str
    service_code: str | None
    failed_step: str


@dataclass(frozen=True)
class Around:
    """What is known of everybody in the way: by the key that is waited for, and the pauses."""

    others: Mapping[str, Other]
    holds: Sequence[HoldRow]
    now: datetime
    zone: ZoneInfo

    def hold(self, key: str) -> HoldRow | None:
        """The pause that is on ``key`` now."""
        return next((h for h in self.holds if h.key == key and h.in_force), None)


def why(row: Any, standing: str, around: Around) -> str:
    """The sentence for a row of ``deliveries``; it begins small, since it follows a name."""
    whole = around.hold("engine")
    if whole is not None and standing in ("ready", "in_line"):
        return say("the engine is {paused}", paused=pause_words(whole, around.zone))
    if standing == "in_line":
        return _in_line(row.blocked_on, around)
    due = _clock(row.due_at, around.zone)
    until = say(", until {time}", time=_clock(row.deadline_at, around.zone)) if row.deadline_at else ""
    what = again(row.failure["what"]) if row.failure else ""
    return {
        "ready": say("goes to the next worker that is free"),
        "running": say("is being undone") if row.direction == "backward" else say("is being worked on"),
        "again": say("is tried again by itself at {due}: {what}", due=due, what=what),
        "failed": what,
        "waiting": say("waits for a person{until}", until=until),
    }.get(standing, say("begins at {due}", due=due))


def pause_words(hold: HoldRow, zone: ZoneInfo) -> str:
    """A pause: what, why, by whom, until when."""
    until = say(" until {time}", time=_clock(hold.until, zone)) if hold.until else ""
    return say("paused{until} by {by}: {reason}", until=until, by=hold.by, reason=hold.reason)


def _in_line(key: str, around: Around) -> str:
    hold, other = around.hold(key), around.others.get(key)
    kind, _, name = key.partition(":")
    if hold is not None:
        return say("{what} is {paused}", what=hold.what, paused=pause_words(hold, around.zone))
    if kind == "after":
        return say("stands behind {what}", what=_earlier(other))
    whom = name if kind == "olt" else (other.service_code if other and other.service_code else say("the service"))
    if kind in ("olt", "service") and other is not None:
        if other.service_code and kind == "olt":
            return say(
                "{whom} is being worked on by {workflow} of {code}",
                whom=whom,
                workflow=other.workflow,
                code=other.service_code,
            )
        return say("{whom} is being worked on by {workflow}", whom=whom, workflow=other.workflow)
    return say("goes on at the relay's next round")


def _earlier(other: Other | None) -> str:
    if other is None:
        return say("an earlier delivery")
    how = {
        "failed": say(", which failed at “{step}”", step=other.failed_step),
        "waiting": say(", which waits for a person"),
        "running": say(", which is being worked on"),
        "scheduled": say(", which is tried again"),
    }.get(other.state, "")
    workflow = small(other.workflow)
    if not other.service_code:
        return say("the same request's earlier {workflow}{how}", workflow=workflow, how=how)
    return say("{code}'s earlier {workflow}{how}", code=other.service_code, workflow=workflow, how=how)


def _clock(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return say("{time:%H:%M} on {day:%-d %b}", time=local.time(), day=local.date())
