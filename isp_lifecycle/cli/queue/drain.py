"""Draining: the engine is held, and whoever runs is waited for, so that an upgrade meets no work half done."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from isp_lifecycle.access.model import Actor
from isp_lifecycle.bootstrap import Doors
from isp_lifecycle.intake import engine as intake
from isp_lifecycle.views.engine import queue, state
from isp_lifecycle.views.engine.queue import QueueRow

#: How often it is looked again.
LOOK_SECONDS = 0.5


@dataclass(frozen=True)
class Drained:
    """How it ended: the pause that stays until somebody resumes, and what still ran at the limit."""

    hold_id: UUID
    seconds: float
    running: tuple[QueueRow, ...]


def drain(
    doors: Doors, actor: Actor, *, reason: str, within: float, tell: Callable[[tuple[QueueRow, ...]], None]
) -> Drained:
    """Hold the engine, unless it is held, and wait until nothing runs, for ``within`` seconds at most."""
    began = time.monotonic()
    held = state.paused(doors.window, actor)
    hold_id = held.id if held else intake.pause(doors.door, actor, what="engine", reason=reason)
    while True:
        running = queue.queue(doors.window, actor, which="running").rows
        seconds = time.monotonic() - began
        if not running or seconds >= within:
            return Drained(hold_id, seconds, running)
        tell(running)
        time.sleep(LOOK_SECONDS)
