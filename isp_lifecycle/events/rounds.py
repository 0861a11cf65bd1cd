"""The relay's rounds: listen for commits, wake workers at once, sweep besides.

A lost database is waited for; what a lost broker forgot is announced again by the next round, because it asks the
broker how many wake-ups are still pending and the database how much is ready.
"""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta
from typing import Any

import psycopg
import sqlalchemy as sa

from isp_lifecycle.events import relay
from isp_lifecycle.events.store import CHANNEL
from isp_lifecycle.events.subscriptions import Queue
from isp_lifecycle.foundation.clock import Clock
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.errors import Unreachable
from isp_lifecycle.foundation.logs import log
from isp_lifecycle.foundation.sections import Engine

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
        self._publisher = publisher
        self._lease = timedelta(seconds=limits.lease_seconds)
        self._stop = threading.Event()
        self._asking: psycopg.Connection[Any] | None = None

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
        if self._asking is not None:
            self._asking.close()

    def _connected(self, purpose: str) -> psycopg.Connection[Any]:
        url = self._engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(url, autocommit=True, application_name=f"{self._name} {purpose}")

    def _listen(self) -> None:
        with self._connected("listens") as listening:
            listening.execute(f"LISTEN {CHANNEL}")
            _log.info("relay_listens")
            sweep_at = 0.0
            while not self._stop.is_set():
                if time.monotonic() >= sweep_at:
                    sweep_at = time.monotonic() + self.sweep()
                sweep_at = min(sweep_at, time.monotonic() + self.wake())
                # The first notification ends the wait; those that came with it are taken along.
                for _woken in listening.notifies(timeout=max(sweep_at - time.monotonic(), 0.0), stop_after=1):
                    continue

    def sweep(self) -> float:
        """Mend and make ready once; returns the seconds until the next sweep is needed."""
        now = self._clock.now()
        with write(self._engine) as tx:
            swept = relay.sweep(tx=tx, now=now, lease=self._lease)
            relay.beat(tx=tx, name=self._name, kind="relay", now=now)
            due = relay.next_due(tx=tx)
        if swept.taken_over or swept.unblocked:
            _log.info("relay_swept", taken_over=swept.taken_over, unblocked=swept.unblocked)
        return 0.0 if swept.more else self._until(due)

    def wake(self) -> float:
        """Wake as many workers as there is work for, less those that were woken and have not come yet.

        Returns the seconds until something is due.
        """
        if self._asking is None or self._asking.closed:
            self._asking = self._connected("asks")
        most, queues = self._limits.wake_at_most, [str(q) for q in Queue]
        found = relay.outlook(connection=self._asking, now=self._clock.now(), queues=queues, many=most)
        try:
            for queue, number in found.ready.items():
                if number:
                    for _worker in range(number - self._publisher.pending(queue)):
                        self._publisher.wake(queue)
        except BrokerAway as error:
            _log.warning("relay_without_broker", error=str(error))
            self._stop.wait(self._limits.sweep_seconds)
        return self._until(found.due)

    def _until(self, due: datetime | None) -> float:
        longest = self._limits.sweep_seconds
        return longest if due is None else min(max((due - self._clock.now()).total_seconds(), 0.0), longest)
