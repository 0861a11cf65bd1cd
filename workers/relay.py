"""The relay as a process: ``python -m workers.relay``. Woken by PostgreSQL, sweeping besides, publishing to Celery."""

from __future__ import annotations

import os
import signal
import socket
import threading
from datetime import timedelta
from uuid import UUID

import psycopg
import sqlalchemy as sa
from kombu.exceptions import OperationalError as BrokerAway

from isp_lifecycle import bootstrap
from isp_lifecycle.events import relay
from isp_lifecycle.events.store import CHANNEL
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.errors import Unreachable
from isp_lifecycle.foundation.logs import log, set_up
from isp_lifecycle.foundation.settings import Settings, load_settings
from workers.tasks import run_delivery

_log = log(__name__)


def publish(queue: str, delivery_id: UUID) -> None:
    """Wake a worker of this queue."""
    run_delivery.apply_async(kwargs={"delivery_id": str(delivery_id)}, queue=queue)


class Relay:
    """One relay: its connection that listens, and its rounds."""

    def __init__(self, *, settings: Settings, publisher: relay.Publisher) -> None:
        self._settings = settings
        self._publish = publisher
        self._clock = SystemClock()
        self._engine = bootstrap.open_database(settings, application="relay", pool_size=2)
        self._stop = threading.Event()
        self._name = f"relay@{socket.gethostname()}:{os.getpid()}"

    def stop(self, *_signal: object) -> None:
        """End after the present round."""
        self._stop.set()

    def run(self) -> None:
        """Listen and sweep until stopped; a lost database is waited for."""
        while not self._stop.is_set():
            try:
                self._listen()
            except (Unreachable, psycopg.OperationalError, sa.exc.OperationalError) as error:
                _log.warning("relay_without_database", error=str(error))
                self._stop.wait(1.0)

    def _listen(self) -> None:
        url = bootstrap.database_url(self._settings).replace("postgresql+psycopg://", "postgresql://")
        with psycopg.connect(url, autocommit=True, application_name="isp relay listens") as listening:
            listening.execute(f"LISTEN {CHANNEL}")
            _log.info("relay_listens")
            while not self._stop.is_set():
                pause = self._round()
                for _wake in listening.notifies(timeout=pause, stop_after=1):
                    continue

    def _round(self) -> float:
        """Sweep and publish; returns for how many seconds nothing is due."""
        now = self._clock.now()
        limits = self._settings.engine
        with write(self._engine) as tx:
            swept = relay.sweep(tx=tx, now=now)
            relay.beat(tx=tx, name=self._name, kind="relay", now=now)
            ready = relay.next_ready(tx=tx, now=now, stale_after=timedelta(seconds=limits.redispatch_seconds))
            due = relay.next_due(tx=tx)
        if swept.taken_over or swept.unblocked:
            _log.info("relay_swept", taken_over=swept.taken_over, unblocked=swept.unblocked)
        if not self._publish_all(ready):
            return limits.sweep_seconds
        if due is None:
            return limits.sweep_seconds
        return min(max((due - self._clock.now()).total_seconds(), 0.0), limits.sweep_seconds)

    def _publish_all(self, ready: list[relay.Ready]) -> bool:
        try:
            for one in ready:
                self._publish(one.queue, one.delivery_id)
        except (BrokerAway, ConnectionError) as error:
            _log.warning("relay_without_broker", error=str(error))  # the rows are sent again when they are stale
            return False
        return True


def main() -> None:
    """Run one relay until TERM or INT."""
    settings = load_settings()
    set_up(level=settings.log_level, form=settings.log_format, process="relay")
    one = Relay(settings=settings, publisher=publish)
    signal.signal(signal.SIGTERM, one.stop)
    signal.signal(signal.SIGINT, one.stop)
    one.run()


if __name__ == "__main__":
    main()
