"""The engine: claims a delivery, walks its steps, and leaves evidence of everything.

After any instruction the process may die: what was committed stands, the lease runs out, and another worker goes on
at the recorded step. What ends a step badly is sorted by its kind alone: ``Unreachable`` is tried again with growing
pauses, everything else opens an incident for a person at once. Nothing is skipped and nothing is reported as done
that was not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from isp_lifecycle.drivers.contract import Transcript
from isp_lifecycle.events import codec, deliveries
from isp_lifecycle.events.errors import LeaseLost
from isp_lifecycle.events.model import Direction, Lease, StepState
from isp_lifecycle.foundation import clock as clocks
from isp_lifecycle.foundation.db import Tx, write
from isp_lifecycle.foundation.logs import bound, log
from isp_lifecycle.workflows import incidents
from isp_lifecycle.workflows.heart import Heart
from isp_lifecycle.workflows.ledger import Ended, Ledger, Walk
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


class Engine:
    """Runs deliveries, any number at a time from any number of threads."""

    def __init__(self, *, parts: Parts, worker: str, workflows: Mapping[str, Workflow[Any]] = WORKFLOWS) -> None:
        self._parts = parts
        self._worker = worker
        self._workflows = workflows
        self._ledger = Ledger(parts=parts)
        self._heart = Heart(parts=parts)

    def run(self, delivery_id: UUID) -> Ended:
        """Work on one delivery as far as it goes now."""
        with write(self._parts.engine) as tx:
            lease = deliveries.claim(
                tx=tx, delivery_id=delivery_id, worker=self._worker, now=self._now(), lease=self._parts.settings.lease
            )
            if lease is None:
                return Ended.NOT_NOW
            workflow = self._workflows[lease.subscriber]
            if workflow.alone and not self._turn(tx, lease, f"service:{lease.service_id}"):
                return Ended.BLOCKED
        ids = {"delivery": delivery_id, "service": lease.service_id, "event": lease.event_kind, "trace": lease.trace}
        with bound(workflow=workflow.name, **ids), self._heart.beating(lease):
            try:
                return self._walk(lease, workflow)
            except LeaseLost:
                _log.warning("lease_lost", token=lease.token)
                return Ended.LOST

    # --- walking ---------------------------------------------------------------------------------------------------

    def _walk(self, lease: Lease, workflow: Workflow[Any]) -> Ended:
        walk = Walk(lease, workflow, None)
        ended = self._read_case(walk)
        while ended is None:
            if walk.lease.direction is Direction.FORWARD:
                ended = self._forward(walk)
            else:
                ended = self._backward(walk)
        _log.info("delivery_run_ended", ended=str(ended), position=walk.lease.position)
        return ended

    def _read_case(self, walk: Walk) -> Ended | None:
        lease = walk.lease
        if lease.case is not None:
            walk.case = codec.load(walk.workflow.case, lease.case)
            return None
        try:
            with write(self._parts.engine) as tx:
                event = codec.load_event(lease.event_kind, lease.event_version, lease.event_payload)
                deliveries.outline(tx=tx, lease=lease, steps=walk.workflow.outline())
                walk.case = walk.workflow.begin(event, self._room(tx, walk))
                deliveries.advance(tx=tx, lease=lease, position=0, case=codec.dump(walk.case))
        except Exception as error:  # noqa: BLE001 - the frame's edge: every failure becomes evidence
            return self._ledger.failed(walk, error, run_id=None, transcript=None, name="Read the request")
        return None

    def _forward(self, walk: Walk) -> Ended | None:
        if walk.lease.position >= len(walk.workflow.steps):
            with write(self._parts.engine) as tx:
                deliveries.finish(tx=tx, lease=walk.lease, now=self._now())
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
                deliveries.finish(tx=tx, lease=lease, now=self._now(), cancelled=True)
                return Ended.CANCELLED
            deliveries.turn_round(tx=tx, lease=lease, case=codec.dump(walk.case))
        walk.lease = replace(lease, direction=Direction.FORWARD, position=lease.undo_to, attempt=1)
        return None

    # --- steps, forward --------------------------------------------------------------------------------------------

    def _in_database(self, walk: Walk, step: DatabaseStep[Any]) -> Ended | None:
        try:
            with write(self._parts.engine) as tx:
                run_id = self._ledger.begin(tx, walk, step.name)
                did = step.do(walk.case, self._room(tx, walk))
                self._ledger.done(tx, walk, run_id, did)
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001 - the frame's edge: every failure becomes evidence
            return self._ledger.failed(walk, error, run_id=None, transcript=None)
        self._stepped(walk, did.case)
        return None

    def _with_person(self, walk: Walk, step: PersonStep[Any]) -> Ended | None:
        try:
            with write(self._parts.engine) as tx:
                run_id = self._ledger.begin(tx, walk, step.name)
                room = self._room(tx, walk)
                if walk.lease.answer is None:
                    asked = step.ask(walk.case, room)
                    deliveries.end_step(tx=tx, run_id=run_id, state=StepState.WAITING, now=self._now(), says=asked.says)
                    deliveries.keep_case(tx=tx, lease=walk.lease, case=codec.dump(asked.case))
                    deliveries.park(tx=tx, lease=walk.lease, deadline=asked.deadline)
                    return Ended.PARKED
                did = step.take(walk.case, walk.lease.answer, room)
                self._ledger.done(tx, walk, run_id, did)
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001 - the frame's edge: every failure becomes evidence
            return self._ledger.failed(walk, error, run_id=None, transcript=None)
        walk.lease = replace(walk.lease, answer=None)
        self._stepped(walk, did.case)
        return None

    def _outside(self, walk: Walk, step: OutsideStep[Any]) -> Ended | None:
        with write(self._parts.engine) as tx:
            key = step.turn(walk.case)
            if key is not None and not self._turn(tx, walk.lease, key):
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
            self._release_turn(tx, walk, did.case)
        self._stepped(walk, did.case)
        return None

    def _release_turn(self, tx: Tx, walk: Walk, case: Any) -> None:
        """Keep a device's turn only when the very next step needs it as well."""
        following = walk.workflow.steps[walk.lease.position + 1 : walk.lease.position + 2]
        keep = {f"service:{walk.lease.service_id}"}
        keep.update(key for s in following if isinstance(s, OutsideStep) and (key := s.turn(case)) is not None)
        deliveries.release_turn(tx=tx, lease=walk.lease, keep=frozenset(keep))

    # --- steps, backward -------------------------------------------------------------------------------------------

    def _undo_in_database(self, walk: Walk, undo: Any) -> Ended | None:
        step = walk.step
        never_done = isinstance(step, DatabaseStep) and not step.always_undone and not self._was_done(walk)
        try:
            with write(self._parts.engine) as tx:
                if never_done:
                    deliveries.step_back(tx=tx, lease=walk.lease, case=codec.dump(walk.case))
                else:
                    run_id = self._ledger.begin(tx, walk, step.name)
                    kept = isinstance(undo, Irreversible)
                    did = Did(walk.case, undo.reason) if kept else undo(walk.case, self._room(tx, walk))
                    self._ledger.took_back(tx, walk, run_id, did, kept=kept)
                    walk.case = did.case
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001 - the frame's edge: every failure becomes evidence
            return self._ledger.failed(walk, error, run_id=None, transcript=None)
        walk.lease = replace(walk.lease, position=walk.lease.position - 1, attempt=1)
        return None

    def _undo_outside(self, walk: Walk, step: OutsideStep[Any]) -> Ended | None:
        with write(self._parts.engine) as tx:
            key = step.turn(walk.case)
            kept = isinstance(step.undo, Irreversible)
            if not kept and key is not None and not self._turn(tx, walk.lease, key):
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
            deliveries.release_turn(tx=tx, lease=walk.lease, keep=frozenset({f"service:{walk.lease.service_id}"}))
        walk.case = did.case
        walk.lease = replace(walk.lease, position=walk.lease.position - 1, attempt=1)
        return None

    def _was_done(self, walk: Walk) -> bool:
        with self._parts.engine.connect() as connection:
            return deliveries.step_was_done(tx=connection, delivery_id=walk.lease.delivery_id, name=walk.step.name)

    # --- the walk's place ------------------------------------------------------------------------------------------

    def _stepped(self, walk: Walk, case: Any) -> None:
        walk.case = case
        walk.lease = replace(walk.lease, position=walk.lease.position + 1, attempt=1, failed_before=False)

    # --- surroundings ----------------------------------------------------------------------------------------------

    def _turn(self, tx: Tx, lease: Lease, key: str) -> bool:
        got = deliveries.take_turn(tx=tx, lease=lease, key=key, now=self._now(), length=self._parts.settings.lease)
        if not got:
            deliveries.wait_for_turn(tx=tx, lease=lease, key=key)
        return got

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
