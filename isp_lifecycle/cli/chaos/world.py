"""The system under fire as its customers and people see it: what can be asked for now, and what stands."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from isp_lifecycle.cli.demo.system import System
from isp_lifecycle.foundation.db import read
from isp_lifecycle.foundation.errors import Unreachable
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.lab.client import LabNeverReady

#: How a database that is just being killed shows itself to whoever asks it something.
DOWN = (Unreachable, sa.exc.OperationalError, sa.exc.InterfaceError)


@dataclass
class World:
    """One running system, the dice that everything is drawn by, and the word that it is over."""

    system: System
    chance: random.Random
    over: threading.Event = field(default_factory=threading.Event)
    #: The ONT that is plugged in at each premises, by its number.
    plugged: dict[str, str] = field(default_factory=dict)
    _plugging: threading.Lock = field(default_factory=threading.Lock)

    def rows(self, statement: str, **values: Any) -> list[Any]:
        """What the database says; waits for one that is down."""

        def ask() -> list[Any]:
            with read(self.system.doors.window.engine) as tx:
                return list(tx.execute(sa.text(statement), values).all())

        return self.patiently(ask)

    def number(self, statement: str, **values: Any) -> int:
        """The one number that it says."""
        return int(self.rows(statement, **values)[0][0])

    def patiently[T](self, act: Callable[[], T], *, within_seconds: float = 120.0) -> T:
        """Do it, again and again while the database is away."""
        until = time.monotonic() + within_seconds
        while True:
            try:
                return act()
            except DOWN:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def plug(self, premises_code: str) -> str:
        """Somebody takes the old ONT off the fibre and plugs a new one in; returns its number when the OLT sees it."""
        serial = f"48575443{new_id().hex[-8:].upper()}"
        lab = self.system.lab
        with self._plugging:
            old = self.plugged.get(premises_code)
            if old is not None:
                lab.unplug(old)
            lab.plug(serial, premises_code)
            self.plugged[premises_code] = serial
        # One that an OLT in trouble does not see in time is named all the same: people do that too.
        with suppress(LabNeverReady):
            lab.wait_until(serial, "autofind", seconds=5)
        return serial
