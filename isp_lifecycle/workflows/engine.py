"""The engine: claims deliveries, has their steps walked, and goes on with whoever was handed a turn.

After any instruction the process may die: what was committed stands, the lease runs out, and another worker goes on
at the recorded step (``walker``).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from isp_lifecycle.events import claims, deliveries, lines, turns
from isp_lifecycle.events.errors import LeaseLost
from isp_lifecycle.events.model import Lease
from isp_lifecycle.foundation.db import Tx, write
from isp_lifecycle.foundation.logs import bound, log
from isp_lifecycle.workflows.heart import Heart
from isp_lifecycle.workflows.ledger import Ended, Walk
from isp_lifecycle.workflows.parts import Parts
from isp_lifecycle.workflows.registry import WORKFLOWS
from isp_lifecycle.workflows.steps import Workflow
from isp_lifecycle.workflows.walker import Walker

_log = log(__name__)

type _Claim = Callable[[Tx], list[Lease | claims.InLine]]

#: Deliveries that are over in milliseconds are claimed so many at a time.
QUICK_AT_ONCE = 8
#: Stands for the workflow of a subscriber that this program does not know.
NOBODY: Workflow[Any] = Workflow(name="", starts_on=(), case=object, begin=lambda _event, _room: None, steps=())


class Engine:
    """Runs deliveries, any number at a time from any number of threads."""

    def __init__(self, *, parts: Parts, worker: str, workflows: Mapping[str, Workflow[Any]] = WORKFLOWS) -> None:
        self._parts = parts
        self._worker = worker
        self._workflows = workflows
        self._quick = tuple(name for name, workflow in workflows.items() if workflow.quick)
        self._heart = Heart(parts=parts)
        self._walker = Walker(parts=parts, heart=self._heart)
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Begin nothing more; what runs comes to its end."""
        self._stopping.set()

    def work(self, queue: str) -> int:
        """Take deliveries of a queue, the most urgent first, until none is ready or the time is over; returns how many.

        Whoever was handed a turn by the delivery that just ended goes next, in this thread and on the session with the
        device that is open: what waits for one OLT is done in a row, within a limit that keeps it fair to the others.
        """
        limits = self._parts.settings.engine
        until, taken, in_a_row = time.monotonic() + limits.run_at_most_seconds, 0, 0
        handed: list[UUID] = []
        while not self._stopping.is_set():
            following = handed.pop(0) if handed and in_a_row < limits.turns_in_a_row else None
            in_a_row = 0 if following is None else in_a_row + 1
            if following is None and time.monotonic() > until:
                break
            claimed = self._claimed(self._next(queue) if following is None else self._this(following))
            if not claimed and following is None:
                break
            for one in claimed:
                taken += 1
                if isinstance(one, Walk):
                    self._run(one)
                    handed = one.handed
        return taken

    def run(self, delivery_id: UUID) -> Ended:
        """Work on one delivery as far as it goes now."""
        claimed = self._claimed(self._this(delivery_id))
        if not claimed:
            return Ended.NOT_NOW
        return self._run(claimed[0]) if isinstance(claimed[0], Walk) else Ended.BLOCKED

    # --- claiming ----------------------------------------------------------------------------------------------------

    def _next(self, queue: str) -> _Claim:
        return lambda tx: claims.claim_next(
            tx=tx,
            queue=queue,
            worker=self._worker,
            now=self._now(),
            length=self._parts.settings.lease,
            quick=self._quick,
            many=QUICK_AT_ONCE,
        )

    def _this(self, delivery_id: UUID) -> _Claim:
        return lambda tx: claims.claim(
            tx=tx, delivery_id=delivery_id, worker=self._worker, now=self._now(), length=self._parts.settings.lease
        )

    def _claimed(self, claim: _Claim) -> list[Walk | claims.InLine]:
        """Claim, and take the service's turn for whoever must be alone with it, in one transaction."""
        with write(self._parts.engine) as tx:
            return [one if isinstance(one, claims.InLine) else self._opened(tx, one) for one in claim(tx)]

    def _opened(self, tx: Tx, lease: Lease) -> Walk | claims.InLine:
        walk = Walk(lease, self._workflows.get(lease.subscriber, NOBODY), None, has_turns=lease.has_turns)
        if not walk.workflow.alone:
            return walk
        key = lines.service(lease.service_id)
        if turns.take(tx=tx, lease=lease, key=key, now=self._now(), length=self._parts.settings.lease):
            walk.has_turns = True
            return walk
        deliveries.stand_in_line(tx=tx, lease=lease, key=key)
        return claims.InLine(lease.delivery_id, key)

    # --- running -----------------------------------------------------------------------------------------------------

    def _run(self, walk: Walk) -> Ended:
        lease = walk.lease
        ids = {"delivery": lease.delivery_id, "service": lease.service_id, "trace": lease.trace}
        with bound(workflow=lease.subscriber, event=lease.event_kind, **ids), self._heart.beating(lease):
            try:
                ended = self._walker.walk(walk)
            except LeaseLost:
                _log.warning("lease_lost", token=lease.token)
                ended = Ended.LOST
            _log.info("delivery_run_ended", ended=str(ended), position=walk.lease.position)
        return ended

    def _now(self) -> datetime:
        return self._parts.clock.now()
