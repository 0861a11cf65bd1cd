"""The engine: claims a delivery, walks its steps, and leaves evidence of everything.

After any instruction the process may die: what was committed stands, the lease runs out, and another worker goes on
at the recorded step. What ends a step badly is sorted by its kind alone: ``Unreachable`` is tried again with growing
pauses, everything else opens an incident for a person at once. Nothing is skipped and nothing is reported as done
that was not.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from isp_lifecycle.drivers.contract import Transcript
from isp_lifecycle.events import claims, codec, deliveries, lines, turns
from isp_lifecycle.events.errors import LeaseLost, UnknownSubscriber, WorkersDied
from isp_lifecycle.events.model import Direction, Lease, StepState
from isp_lifecycle.foundation import clock as clocks
from isp_lifecycle.foundation.db import Tx, write
from isp_lifecycle.foundation.logs import bound, log
from isp_lifecycle.workflows import incidents
from isp_lifecycle.workflows.heart import Heart
from isp_lifecycle.workflows.ledger import Ended, Ledger, Walk, is_infrastructure
from isp_lifecycle.workflows.parts import Parts
from isp_lifecycle.workflows.registry import WORKFLOWS
from isp_lifecycle.workflows.steps import (
    DatabaseStep,
    Did,
    Irreversible,
    OutsideStep,
    PersonStep,
    Room,
    Site,
    Unobservable,
    Workflow,
)

_log = log(__name__)

type _Claim = Callable[[Tx], Lease | claims.InLine | None]

#: Stands for the workflow of a subscriber that this program does not know.
NOBODY: Workflow[Any] = Workflow(name="", starts_on=(), case=object, begin=lambda _event, _room: None, steps=())


@dataclass(frozen=True)
class Run:
    """How one run ended, and which deliveries it handed a turn."""

    ended: Ended
    handed: list[UUID] = field(default_factory=list)


class Engine:
    """Runs deliveries, any number at a time from any number of threads."""

    def __init__(self, *, parts: Parts, worker: str, workflows: Mapping[str, Workflow[Any]] = WORKFLOWS) -> None:
        self._parts = parts
        self._limits = parts.settings.engine
        self._worker = worker
        self._workflows = workflows
        self._ledger = Ledger(parts=parts)
        self._heart = Heart(parts=parts)
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Begin nothing more; what runs comes to its end."""
        self._stopping.set()

    def work(self, queue: str) -> int:
        """Take deliveries of a queue, the most urgent first, until none is ready or the time is over; returns how many.

        Whoever was handed a turn by the delivery that just ended goes next, in this thread and on the session with the
        device that is open: what waits for one OLT is done in a row, within a limit that keeps it fair to the others.
        """
        until, taken, in_a_row = time.monotonic() + self._limits.run_at_most_seconds, 0, 0
        handed: list[UUID] = []
        while not self._stopping.is_set():
            following = handed.pop(0) if handed and in_a_row < self._limits.turns_in_a_row else None
            in_a_row = 0 if following is None else in_a_row + 1
            if following is None and time.monotonic() > until:
                break
            run = self._run(self._next(queue) if following is None else self._this(following))
            if run.ended is not Ended.NOT_NOW:
                taken += 1
                handed = run.handed
            elif following is None:
                break
        return taken

    def run(self, delivery_id: UUID) -> Ended:
        """Work on one delivery as far as it goes now."""
        return self._run(self._this(delivery_id)).ended

    def _next(self, queue: str) -> _Claim:
        return lambda tx: claims.claim_next(
            tx=tx, queue=queue, worker=self._worker, now=self._now(), length=self._parts.settings.lease
        )

    def _this(self, delivery_id: UUID) -> _Claim:
        return lambda tx: claims.claim(
            tx=tx, delivery_id=delivery_id, worker=self._worker, now=self._now(), length=self._parts.settings.lease
        )

    def _run(self, claim: _Claim) -> Run:
        opened = self._open(claim)
        if isinstance(opened, Ended):
            return Run(opened)
        lease = opened.lease
        ids = {"delivery": lease.delivery_id, "service": lease.service_id, "trace": lease.trace}
        with bound(workflow=lease.subscriber, event=lease.event_kind, **ids), self._heart.beating(lease):
            try:
                ended = self._walk(opened)
            except LeaseLost:
                _log.warning("lease_lost", token=lease.token)
                ended = Ended.LOST
            _log.info("delivery_run_ended", ended=str(ended), position=opened.lease.position)
        return Run(ended, opened.handed)

    # --- opening -----------------------------------------------------------------------------------------------------

    def _open(self, claim: _Claim) -> Walk | Ended:
        """Claim a delivery and read its request, in one transaction."""
        lease: Lease | None = None
        try:
            with write(self._parts.engine) as tx:
                claimed = claim(tx)
                if not isinstance(claimed, Lease):
                    return Ended.NOT_NOW if claimed is None else Ended.BLOCKED
                lease = claimed
                walk = Walk(lease, self._workflow_of(lease), None, has_turns=lease.has_turns)
                if walk.workflow.alone and not self._turn(tx, walk, lines.service(lease.service_id)):
                    return Ended.BLOCKED
                self._read_case(tx, walk)
                return walk
        except LeaseLost:
            return Ended.LOST
        except Exception as error:  # noqa: BLE001 - the frame's edge: every failure becomes evidence
            return self._cannot_open(lease, error)

    def _cannot_open(self, claimed: Lease | None, error: Exception) -> Ended:
        """The claim was rolled back with everything else: take the delivery again, only to record why it stands."""
        if claimed is None or is_infrastructure(error):
            raise error
        with write(self._parts.engine) as tx:
            lease = self._this(claimed.delivery_id)(tx)
        if not isinstance(lease, Lease):
            return Ended.NOT_NOW if lease is None else Ended.BLOCKED
        walk = Walk(lease, self._workflows.get(lease.subscriber, NOBODY), None, has_turns=lease.has_turns)
        try:
            return self._ledger.failed(walk, error, run_id=None, transcript=None, name="Read the request")
        except LeaseLost:
            return Ended.LOST

    def _workflow_of(self, lease: Lease) -> Workflow[Any]:
        if lease.takeovers >= self._limits.takeovers_at_most:
            raise WorkersDied(lease.takeovers)
        workflow = self._workflows.get(lease.subscriber)
        if workflow is None:
            raise UnknownSubscriber(lease.subscriber)
        return workflow

    def _read_case(self, tx: Tx, walk: Walk) -> None:
        lease = walk.lease
        if lease.case is not None:
            walk.case = codec.load(walk.workflow.case, lease.case)
            return
        event = codec.load_event(lease.event_kind, lease.event_version, lease.event_payload)
        walk.case = walk.workflow.begin(event, self._room(tx, walk))
        deliveries.begin(tx=tx, lease=lease, steps=walk.workflow.outline(), case=codec.dump(walk.case))
        walk.lease = replace(lease, position=0, attempt=1, failed_before=False)

    # --- walking ---------------------------------------------------------------------------------------------------

    def _walk(self, walk: Walk) -> Ended:
        ended: Ended | None = None
        while ended is None:
            ended = self._forward(walk) if walk.lease.direction is Direction.FORWARD else self._backward(walk)
        return ended

    def _forward(self, walk: Walk) -> Ended | None:
        if walk.lease.position >= len(walk.workflow.steps):
            with write(self._parts.engine) as tx:
                self._ledger.finish(tx, walk)
            return Ended.DONE
        match walk.step:
            case DatabaseStep() as step:
                return self._in_database(walk, step)
            case PersonStep() as step:
                return self._with_person(walk, step)
            case OutsideStep() as step:
                return self._outside(walk, step)

    def _backward(self, walk: Walk) -> Ended | None:
        lease = walk.lease
        if lease.position <= lease.undo_to:
            return self._undone(walk)
        if lease.position >= len(walk.workflow.steps):
            walk.lease = replace(lease, position=lease.position - 1)
            return None
        match walk.step:
            case DatabaseStep(undo=undo) | PersonStep(undo=undo):
                return self._undo_in_database(walk, undo)
            case OutsideStep() as step:
                return self._undo_outside(walk, step)

    def _undone(self, walk: Walk) -> Ended | None:
        lease = walk.lease
        with write(self._parts.engine) as tx:
            if lease.undo_to < 0:
                incidents.given_up(tx=tx, lease=lease, at=self._now())
                self._ledger.finish(tx, walk, cancelled=True)
                return Ended.CANCELLED
            deliveries.turn_round(tx=tx, lease=lease, case=codec.dump(walk.case))
        walk.lease = replace(lease, direction=Direction.FORWARD, position=lease.undo_to, attempt=1)
        return None

    # --- steps, forward --------------------------------------------------------------------------------------------

    def _in_database(self, walk: Walk, step: DatabaseStep[Any]) -> Ended | None:
        return self._recorded(walk, lambda room: step.do(walk.case, room))

    def _with_person(self, walk: Walk, step: PersonStep[Any]) -> Ended | None:
        answer = walk.lease.answer
        if answer is None:
            return self._ask(walk, step)
        return self._recorded(walk, lambda room: step.take(walk.case, answer, room))

    def _recorded(self, walk: Walk, do: Callable[[Room], Did[Any]]) -> Ended | None:
        """Do a step whose effect is rows, in the transaction that records it."""
        began = self._now()
        try:
            with write(self._parts.engine) as tx:
                did = do(self._room(tx, walk))
                self._ledger.did(tx, walk, did, began=began)
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001 - the frame's edge: every failure becomes evidence
            return None if self._again(error) else self._ledger.failed(walk, error, run_id=None, transcript=None)
        return self._stepped(walk, did.case)

    def _ask(self, walk: Walk, step: PersonStep[Any]) -> Ended | None:
        try:
            with write(self._parts.engine) as tx:
                run_id = self._ledger.begin(tx, walk, step.name)
                asked = step.ask(walk.case, self._room(tx, walk))
                deliveries.end_step(tx=tx, run_id=run_id, state=StepState.WAITING, now=self._now(), says=asked.says)
                deliveries.keep_case(tx=tx, lease=walk.lease, case=codec.dump(asked.case))
                deliveries.park(tx=tx, lease=walk.lease, deadline=asked.deadline)
                self._ledger.let_go(tx, walk)
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001 - the frame's edge: every failure becomes evidence
            return None if self._again(error) else self._ledger.failed(walk, error, run_id=None, transcript=None)
        return Ended.PARKED

    def _again(self, error: Exception) -> bool:
        """Whether the database itself says that the transaction may simply be done again (a deadlock was broken)."""
        cause = getattr(error, "orig", None)
        return isinstance(cause, psycopg.errors.DeadlockDetected | psycopg.errors.SerializationFailure)

    def _outside(self, walk: Walk, step: OutsideStep[Any]) -> Ended | None:
        with write(self._parts.engine) as tx:
            key = step.turn(walk.case)
            if key is not None and not self._turn(tx, walk, key):
                return Ended.BLOCKED
            run_id = self._ledger.begin(tx, walk, step.name)
        transcript = Transcript()
        site = self._site(walk, transcript)
        try:
            with bound(step=step.name, device=key):
                did = step.do(walk.case, site)
                if not isinstance(step.verify, Unobservable):
                    step.verify(did.case, site)
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001 - the frame's edge: every failure becomes evidence
            return self._ledger.failed(walk, error, run_id=run_id, transcript=transcript)
        if isinstance(step.verify, Unobservable):
            did = replace(did, says=f"{did.says} ({step.verify.reason})".strip())
        with write(self._parts.engine) as tx:
            self._ledger.done(tx, walk, run_id, did, transcript=transcript)
            if not walk.at_last_step:
                self._ledger.let_go(tx, walk, keep=self._still_needed(walk, did.case))
        return self._stepped(walk, did.case)

    def _still_needed(self, walk: Walk, case: Any) -> set[str]:
        """A device's turn is kept only when the very next step needs it as well; a service's to the end."""
        following = walk.workflow.steps[walk.lease.position + 1 : walk.lease.position + 2]
        keys = {key for s in following if isinstance(s, OutsideStep) and (key := s.turn(case)) is not None}
        return keys | {lines.service(walk.lease.service_id)}

    # --- steps, backward -------------------------------------------------------------------------------------------

    def _undo_in_database(self, walk: Walk, undo: Any) -> Ended | None:
        step, began = walk.step, self._now()
        never_done = isinstance(step, DatabaseStep) and not step.always_undone and not self._was_done(walk)
        try:
            with write(self._parts.engine) as tx:
                if never_done:
                    deliveries.step_back(tx=tx, lease=walk.lease, case=codec.dump(walk.case))
                else:
                    kept = isinstance(undo, Irreversible)
                    did = Did(walk.case, undo.reason) if kept else undo(walk.case, self._room(tx, walk))
                    self._ledger.undid(tx, walk, did, began=began, kept=kept)
                    walk.case = did.case
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001 - the frame's edge: every failure becomes evidence
            return None if self._again(error) else self._ledger.failed(walk, error, run_id=None, transcript=None)
        walk.lease = replace(walk.lease, position=walk.lease.position - 1, attempt=1)
        return None

    def _undo_outside(self, walk: Walk, step: OutsideStep[Any]) -> Ended | None:
        with write(self._parts.engine) as tx:
            key = step.turn(walk.case)
            kept = isinstance(step.undo, Irreversible)
            if not kept and key is not None and not self._turn(tx, walk, key):
                return Ended.BLOCKED
            run_id = self._ledger.begin(tx, walk, step.name)
        transcript = Transcript()
        try:
            if isinstance(step.undo, Irreversible):
                did = Did(walk.case, step.undo.reason)
            else:
                did = step.undo(walk.case, self._site(walk, transcript))
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001 - the frame's edge: every failure becomes evidence
            return self._ledger.failed(walk, error, run_id=run_id, transcript=transcript)
        with write(self._parts.engine) as tx:
            self._ledger.took_back(tx, walk, run_id, did, kept=kept, transcript=transcript)
            self._ledger.let_go(tx, walk, keep={lines.service(walk.lease.service_id)})
        walk.case = did.case
        walk.lease = replace(walk.lease, position=walk.lease.position - 1, attempt=1)
        return None

    def _was_done(self, walk: Walk) -> bool:
        with self._parts.engine.connect() as connection:
            return deliveries.step_was_done(tx=connection, delivery_id=walk.lease.delivery_id, name=walk.step.name)

    # --- the walk's place ------------------------------------------------------------------------------------------

    def _stepped(self, walk: Walk, case: Any) -> Ended | None:
        ended = Ended.DONE if walk.at_last_step else None
        walk.case = case
        walk.lease = replace(walk.lease, position=walk.lease.position + 1, attempt=1, failed_before=False, answer=None)
        return ended

    # --- surroundings ----------------------------------------------------------------------------------------------

    def _turn(self, tx: Tx, walk: Walk, key: str) -> bool:
        length = self._parts.settings.lease
        if turns.take(tx=tx, lease=walk.lease, key=key, now=self._now(), length=length):
            walk.has_turns = True
            return True
        deliveries.stand_in_line(tx=tx, lease=walk.lease, key=key)
        self._ledger.let_go(tx, walk)
        return False

    def _now(self) -> datetime:
        return self._parts.clock.now()

    def _room(self, tx: Tx, walk: Walk) -> Room:
        return Room(
            tx=tx,
            at=self._now(),
            today=clocks.today(clock=self._parts.clock, zone=self._parts.settings.company.tz),
            parts=self._parts,
            delivery_id=walk.lease.delivery_id,
            trace=walk.lease.trace,
            event_at=walk.lease.event_at,
            workflow=walk.workflow.name,
        )

    def _site(self, walk: Walk, transcript: Transcript) -> Site:
        lease = walk.lease
        return Site(
            parts=self._parts,
            transcript=transcript,
            at=self._now(),
            delivery_id=lease.delivery_id,
            event_id=lease.event_id,
            still_mine=lambda: self._heart.check(lease),
            person_asked=lease.failed_before and lease.attempt == 1,
        )
