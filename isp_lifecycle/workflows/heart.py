"""The heart of a worker process: one thread that extends the leases of all deliveries it is working on.

It lives while something is held, and a beat longer: whoever is done with a heart need not stop it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.events import deliveries
from isp_lifecycle.events.errors import LeaseLost
from isp_lifecycle.events.model import Lease
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.errors import Unreachable
from isp_lifecycle.foundation.logs import log
from isp_lifecycle.workflows.parts import Parts

_log = log(__name__)


class Heart:
    """Beats for every lease that is held; remembers those that were lost."""

    def __init__(self, *, parts: Parts) -> None:
        self._parts = parts
        self._held: dict[UUID, Lease] = {}
        self._lost: set[tuple[UUID, int]] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @contextmanager
    def beating(self, lease: Lease) -> Iterator[None]:
        """Extend this lease until the block ends."""
        with self._lock:
            self._held[lease.delivery_id] = lease
            if self._thread is None:
                self._thread = threading.Thread(target=self._beat_while_held, name="heart", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._held.pop(lease.delivery_id, None)
                self._lost.discard((lease.delivery_id, lease.token))

    def check(self, lease: Lease) -> None:
        """Raise LeaseLost when the last beat found that another worker has taken over."""
        with self._lock:
            lost = (lease.delivery_id, lease.token) in self._lost
        if lost:
            raise LeaseLost(f"Delivery {lease.delivery_id} was taken over by another worker.")

    def _beat_while_held(self) -> None:
        while True:
            time.sleep(self._parts.settings.engine.heartbeat_seconds)
            with self._lock:
                held = list(self._held.values())
                if not held:
                    self._thread = None
                    return
            for lease in held:
                self._beat(lease)

    def _beat(self, lease: Lease) -> None:
        try:
            with write(self._parts.engine) as tx:
                deliveries.beat(tx=tx, lease=lease, now=self._parts.clock.now(), length=self._parts.settings.lease)
        except LeaseLost:
            with self._lock:
                if lease.delivery_id in self._held:
                    self._lost.add((lease.delivery_id, lease.token))
            _log.warning("lease_lost_while_working", delivery=str(lease.delivery_id))
        except (Unreachable, sa.exc.DBAPIError) as error:
            _log.warning("beat_failed", delivery=str(lease.delivery_id), error=str(error))
