"""Why a delivery stands where it stands, in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

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
        return f"the engine is {pause_words(whole, around.zone)}"
    if standing == "in_line":
        return _in_line(row.blocked_on, around)
    due = _clock(row.due_at, around.zone)
    until = f", until {_clock(row.deadline_at, around.zone)}" if row.deadline_at else ""
    what = row.failure["what"] if row.failure else ""
    return {
        "ready": "goes to the next worker that is free",
        "running": "is being undone" if row.direction == "backward" else "is being worked on",
        "again": f"is tried again by itself at {due}: {what}",
        "failed": what,
        "waiting": f"waits for a person{until}",
    }.get(standing, f"begins at {due}")


def pause_words(hold: HoldRow, zone: ZoneInfo) -> str:
    """A pause: what, why, by whom, until when."""
    until = f" until {_clock(hold.until, zone)}" if hold.until else ""
    return f"paused{until} by {hold.by}: {hold.reason}"


def _in_line(key: str, around: Around) -> str:
    hold, other = around.hold(key), around.others.get(key)
    kind, _, name = key.partition(":")
    if hold is not None:
        return f"{hold.what} is {pause_words(hold, around.zone)}"
    if kind == "after":
        return f"stands behind {_earlier(other)}"
    whom = name if kind == "olt" else (other.service_code if other and other.service_code else "the service")
    if kind in ("olt", "service") and other is not None:
        by = f"{other.workflow}" + (f" of {other.service_code}" if other.service_code and kind == "olt" else "")
        return f"{whom} is being worked on by {by}"
    return "goes on at the relay's next round"


def _earlier(other: Other | None) -> str:
    if other is None:
        return "an earlier delivery"
    how = {
        "failed": f", which failed at “{other.failed_step}”",
        "waiting": ", which waits for a person",
        "running": ", which is being worked on",
        "scheduled": ", which is tried again",
    }.get(other.state, "")
    whose = f"{other.service_code}'s" if other.service_code else "the same request's"
    return f"{whose} earlier {other.workflow.lower()}{how}"


def _clock(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local:%H:%M} on {local.day} {local:%b}"
