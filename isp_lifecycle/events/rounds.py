"""The relay's rounds: listen for commits, sweep besides, publish what is ready.

A lost database is waited for; a lost broker leaves rows that are sent again when they are stale.
"""

from __future__ import annotations

import threading
from datetime import timedelta

import psycopg
import sqlalchemy as sa

from isp_lifecycle.events import relay
from isp_lifecycle.events.store import CHANNEL
from isp_lifecycle.foundation.clock import Clock
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.errors import Unreachable
from isp_lifecycle.foundation.logs import log
from isp_lifecycle.foundation.settings import Engine

_log = log(__name__)


class BrokerAway(Exception):
    """What a publisher raises when it cannot reach the broker."""


class Rounds:
    """One relay of any number; it stops after the round in which it is told to."""

    def __init__(
        self, *, engine: sa.Engine, name: str, limits: Engine, clock: Clock, publisher: relay.Publisher
    ) -> None:
        self._engine = engine
        self._name = name
        self._limits = limits
        self._clock = clock
        self._publish = publisher
        self._stop = threading.Event()

    def stop(self) -> None:
        """End after the present round."""
        self._stop.set()

    def run(self) -> None:
        """Listen and sweep until stopped."""
        while not self._stop.is_set():
            try:
                self._listen()
            except (Unreachable, psycopg.OperationalError, sa.exc.OperationalError) as error:
                _log.warning("relay_without_database", error=str(error))
                self._stop.wait(1.0)

    def _listen(self) -> None:
        url = self._engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True, application_name=f"{self._name} listens") as listening:
            listening.execute(f"LISTEN {CHANNEL}")
            _log.info("relay_listens")
            while not self._stop.is_set():
                for _woken in listening.notifies(timeout=self.round(), stop_after=1):
                    continue

    def round(self) -> float:
        """Sweep and publish once; returns for how many seconds nothing will be due."""
        now = self._clock.now()
        with write(self._engine) as tx:
            swept = relay.sweep(tx=tx, now=now)
            relay.beat(tx=tx, name=self._name, kind="relay", now=now)
            stale = timedelta(seconds=self._limits.redispatch_seconds)
            ready = relay.next_ready(tx=tx, now=now, stale_after=stale)
            due = relay.next_due(tx=tx)
        if swept.taken_over or swept.unblocked:
            _log.info("relay_swept", taken_over=swept.taken_over, unblocked=swept.unblocked)
        if not self._publish_all(ready) or due is None:
            return self._limits.sweep_seconds
        return min(max((due - self._clock.now()).total_seconds(), 0.0), self._limits.sweep_seconds)

    def _publish_all(self, ready: list[relay.Ready]) -> bool:
        try:
            for one in ready:
                self._publish(one.queue, one.delivery_id)
        except BrokerAway as error:
            _log.warning("relay_without_broker", error=str(error))
            return False
        return True
