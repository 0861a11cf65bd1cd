"""The people: installers who plug in and press Activate, support who presses Retry, or gives up."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import suppress
from typing import Any
from uuid import UUID

import httpx

from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.cli.chaos.world import DOWN, World
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.intake import field, support
from isp_lifecycle.lab.client import LabRefused

PAUSE_SECONDS = 0.25
#: After so many times Retry is given up and Cancel is pressed.
RETRIES_AT_MOST = 6
#: Some are cancelled at once, so that undoing is under fire as well.
CANCELLED_AT_ONCE = 0.15

_WAITING = """
    SELECT v.code AS visit_code, p.code AS premises_code FROM deliveries d
    JOIN visits v ON v.delivery_id = d.id JOIN orders o ON o.id = v.order_id JOIN premises p ON p.id = o.premises_id
    WHERE d.state = 'waiting' AND v.state NOT IN ('done', 'cancelled') ORDER BY d.id LIMIT 20
"""
_FAILED = "SELECT id, subscriber, direction FROM deliveries WHERE state = 'failed' ORDER BY id LIMIT 50"


class Hands:
    """Does what waits for a person, until it is over."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._tries: Counter[UUID] = Counter()
        self.did: Counter[str] = Counter()
        self._thread = threading.Thread(target=self._work, name="hands", daemon=True)

    def start(self) -> None:
        """Begin, beside everything else."""
        self._thread.start()

    def join(self) -> None:
        """Wait for the last handgrip."""
        self._thread.join(60)

    def _work(self) -> None:
        while not self._world.over.wait(PAUSE_SECONDS):
            # Away: the database or the plant is being shot at; the next round comes.
            with suppress(*DOWN, httpx.TransportError):
                for row in self._world.rows(_WAITING):
                    self._install(row)
                for row in self._world.rows(_FAILED):
                    self._repair(row)

    def _install(self, row: Any) -> None:
        # Refused: somebody else was faster, or the plant has no fibre there; the person looks again later.
        with suppress(Refused, LabRefused):
            serial = self._world.plug(row.premises_code)
            field.activate(self._world.system.doors.door, SYSTEM, visit_code=row.visit_code, serial=serial)
            self.did["Activate"] += 1

    def _repair(self, row: Any) -> None:
        door = self._world.system.doors.door
        self._tries[row.id] += 1
        gives_up = self._tries[row.id] > RETRIES_AT_MOST or self._world.chance.random() < CANCELLED_AT_ONCE
        with suppress(Refused):
            if gives_up and row.direction == "forward":
                support.cancel(door, SYSTEM, delivery_id=row.id, reason="The chaos run gives it up.")
                self.did["Cancel"] += 1
            else:
                support.retry(door, SYSTEM, delivery_id=row.id)
                self.did["Retry"] += 1
