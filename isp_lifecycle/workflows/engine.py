"""The engine: claims a delivery, walks its steps, and leaves evidence of everything.

After any instruction the process may die: what was committed stands, the lease runs out, and another worker goes on
at the recorded step. What ends a step badly is sorted by its kind alone: ``Unreachable`` is tried again with growing
pauses, everything else opens an incident for a person at once. Nothing is skipped and nothing is reported as done
that was not.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.drivers.contract import Transcript
from isp_lifecycle.events import codec, deliveries
from isp_lifecycle.events.errors import LeaseLost
from isp_lifecycle.events.model import Direction, Failure, Lease, StepState
from isp_lifecycle.foundation import clock as clocks
from isp_lifecycle.foundation.db import DatabaseUnreachable, Tx, write
from isp_lifecycle.foundation.errors import LifecycleError, NeedsPerson, Unreachable
from isp_lifecycle.foundation.logs import bound, log
from isp_lifecycle.workflows import incidents
from isp_lifecycle.workflows.heart import Heart
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
    Step,
    Unobservable,
    Workflow,
)

_log = log(__name__)


class Ended(StrEnum):
    """How one run of a delivery ended."""

    NOT_NOW = "not now"  #: it was not queued: a message that came twice or too late
    BLOCKED = "blocked"  #: it stands in line for a turn
    PARKED = "parked"  #: it waits for a person
    PUT_OFF = "put off"  #: it will be tried again
    FAILED = "failed"  #: a person was asked to look
    DONE = "done"  #: every step was done
    CANCELLED = "cancelled"  #: everything that can be undone was
    LOST = "lost"  #: another worker has it


@dataclass
class _Walk:
    """One run's place: the lease as it stands now, the workflow, the case."""

    lease: Lease
    workflow: Workflow[Any]
    case: Any

    @property
    def step(self) -> Step[Any]:
        return self.workflow.steps[self.lease.position]


class Engine:
    """Runs deliveries, any number at a time from any number of threads."""

    def __init__(self, *, parts: Parts, worker: str, workflows: Mapping[str, Workflow[Any]] = WORKFLOWS) -> None:
        self._parts = parts
        self._worker = worker
        self._workflows = workflows
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
        walk = _Walk(lease, workflow, None)
        ended = self._read_case(walk)
        while ended is None:
            if walk.lease.direction is Direction.FORWARD:
                ended = self._forward(walk)
            else:
                ended = self._backward(walk)
        _log.info("delivery_run_ended", ended=str(ended), position=walk.lease.position)
        return ended

    def _read_case(self, walk: _Walk) -> Ended | None:
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
            return self._failed(walk, error, run_id=None, transcript=None, name="Read the request")
        return None

    def _forward(self, walk: _Walk) -> Ended | None:
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

    def _backward(self, walk: _Walk) -> Ended | None:
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

    def _undone(self, walk: _Walk) -> Ended | None:
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

    def _in_database(self, walk: _Walk, step: DatabaseStep[Any]) -> Ended | None:
        try:
            with write(self._parts.engine) as tx:
                run_id = self._begin(tx, walk, step.name)
                did = step.do(walk.case, self._room(tx, walk))
                self._done(tx, walk, run_id, did)
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001 - the frame's edge: every failure becomes evidence
            return self._failed(walk, error, run_id=None, transcript=None)
        self._stepped(walk, did.case)
        return None

    def _with_person(self, walk: _Walk, step: PersonStep[Any]) -> Ended | None:
        try:
            with write(self._parts.engine) as tx:
                run_id = self._begin(tx, walk, step.name)
                room = self._room(tx, walk)
                if walk.lease.answer is None:
                    asked = step.ask(walk.case, room)
                    deliveries.end_step(tx=tx, run_id=run_id, state=StepState.WAITING, now=self._now(), says=asked.says)
                    deliveries.keep_case(tx=tx, lease=walk.lease, case=codec.dump(asked.case))
                    deliveries.park(tx=tx, lease=walk.lease, deadline=asked.deadline)
                    return Ended.PARKED
                did = step.take(walk.case, walk.lease.answer, room)
                self._done(tx, walk, run_id, did)
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001 - the frame's edge: every failure becomes evidence
            return self._failed(walk, error, run_id=None, transcript=None)
        walk.lease = replace(walk.lease, answer=None)
        self._stepped(walk, did.case)
        return None

    def _outside(self, walk: _Walk, step: OutsideStep[Any]) -> Ended | None:
        with write(self._parts.engine) as tx:
            key = step.turn(walk.case)
            if key is not None and not self._turn(tx, walk.lease, key):
                return Ended.BLOCKED
            run_id = self._begin(tx, walk, step.name)
        transcript = Transcript()
        site = self._site(walk, transcript)
        try:
            did = step.do(walk.case, site)
            if not isinstance(step.verify, Unobservable):
                step.verify(did.case, site)
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001 - the frame's edge: every failure becomes evidence
            return self._failed(walk, error, run_id=run_id, transcript=transcript)
        if isinstance(step.verify, Unobservable):
            did = replace(did, says=f"{did.says} ({step.verify.reason})".strip())
        with write(self._parts.engine) as tx:
            self._done(tx, walk, run_id, did, transcript=transcript)
            self._release_turn(tx, walk, did.case)
        self._stepped(walk, did.case)
        return None

    def _release_turn(self, tx: Tx, walk: _Walk, case: Any) -> None:
        """Keep a device's turn only when the very next step needs it as well."""
        following = walk.workflow.steps[walk.lease.position + 1 : walk.lease.position + 2]
        keep = {f"service:{walk.lease.service_id}"}
        keep.update(key for s in following if isinstance(s, OutsideStep) and (key := s.turn(case)) is not None)
        deliveries.release_turn(tx=tx, lease=walk.lease, keep=frozenset(keep))

    # --- steps, backward -------------------------------------------------------------------------------------------

    def _undo_in_database(self, walk: _Walk, undo: Any) -> Ended | None:
        step = walk.step
        never_done = isinstance(step, DatabaseStep) and not self._was_done(walk)
        try:
            with write(self._parts.engine) as tx:
                if never_done:
                    deliveries.step_back(tx=tx, lease=walk.lease, case=codec.dump(walk.case))
                else:
                    run_id = self._begin(tx, walk, step.name)
                    kept = isinstance(undo, Irreversible)
                    did = Did(walk.case, undo.reason) if kept else undo(walk.case, self._room(tx, walk))
                    self._took_back(tx, walk, run_id, did, kept=kept)
                    walk.case = did.case
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001 - the frame's edge: every failure becomes evidence
            return self._failed(walk, error, run_id=None, transcript=None)
        walk.lease = replace(walk.lease, position=walk.lease.position - 1, attempt=1)
        return None

    def _undo_outside(self, walk: _Walk, step: OutsideStep[Any]) -> Ended | None:
        with write(self._parts.engine) as tx:
            key = step.turn(walk.case)
            kept = isinstance(step.undo, Irreversible)
            if not kept and key is not None and not self._turn(tx, walk.lease, key):
                return Ended.BLOCKED
            run_id = self._begin(tx, walk, step.name)
        transcript = Transcript()
        try:
            if isinstance(step.undo, Irreversible):
                did = Did(walk.case, step.undo.reason)
            else:
                did = step.undo(walk.case, self._site(walk, transcript))
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001 - the frame's edge: every failure becomes evidence
            return self._failed(walk, error, run_id=run_id, transcript=transcript)
        with write(self._parts.engine) as tx:
            self._took_back(tx, walk, run_id, did, kept=kept, transcript=transcript)
            deliveries.release_turn(tx=tx, lease=walk.lease, keep=frozenset({f"service:{walk.lease.service_id}"}))
        walk.case = did.case
        walk.lease = replace(walk.lease, position=walk.lease.position - 1, attempt=1)
        return None

    def _was_done(self, walk: _Walk) -> bool:
        with self._parts.engine.connect() as connection:
            return deliveries.step_was_done(tx=connection, delivery_id=walk.lease.delivery_id, name=walk.step.name)

    # --- records ---------------------------------------------------------------------------------------------------

    def _begin(self, tx: Tx, walk: _Walk, name: str) -> UUID:
        return deliveries.begin_step(
            tx=tx,
            lease=walk.lease,
            position=walk.lease.position,
            name=name,
            direction=walk.lease.direction,
            now=self._now(),
        )

    def _done(self, tx: Tx, walk: _Walk, run_id: UUID, did: Did[Any], *, transcript: Transcript | None = None) -> None:
        deliveries.end_step(
            tx=tx,
            run_id=run_id,
            state=StepState.DONE,
            now=self._now(),
            says=did.says,
            device_seconds=transcript.device_seconds if transcript else 0.0,
            transcript=transcript.text() if transcript else None,
        )
        if walk.lease.failed_before:
            incidents.settled(tx=tx, lease=walk.lease, at=self._now())
        deliveries.advance(tx=tx, lease=walk.lease, position=walk.lease.position + 1, case=codec.dump(did.case))

    def _took_back(
        self, tx: Tx, walk: _Walk, run_id: UUID, did: Did[Any], *, kept: bool, transcript: Transcript | None = None
    ) -> None:
        deliveries.end_step(
            tx=tx,
            run_id=run_id,
            state=StepState.KEPT if kept else StepState.UNDONE,
            now=self._now(),
            says=did.says,
            device_seconds=transcript.device_seconds if transcript else 0.0,
            transcript=transcript.text() if transcript else None,
        )
        deliveries.step_back(tx=tx, lease=walk.lease, case=codec.dump(did.case))

    def _stepped(self, walk: _Walk, case: Any) -> None:
        walk.case = case
        walk.lease = replace(walk.lease, position=walk.lease.position + 1, attempt=1, failed_before=False)

    def _failed(
        self,
        walk: _Walk,
        error: Exception,
        *,
        run_id: UUID | None,
        transcript: Transcript | None,
        name: str | None = None,
    ) -> Ended:
        """Record what went wrong and decide, by its kind alone, what comes next."""
        if _is_infrastructure(error):
            raise error  # the database itself is away: nothing can be recorded; the lease runs out and another goes on
        name = name or walk.step.name
        failure = _failure_of(error, step=name)
        _log.warning("step_failed", step=name, kind=failure.kind, what=failure.what, attempt=walk.lease.attempt)
        evidence = "\n".join(filter(None, (transcript.text() if transcript else "", _trace_of(error))))
        now = self._now()
        limit = self._parts.settings.engine.retry_attempts
        with write(self._parts.engine) as tx:
            run_id = run_id or self._begin(tx, walk, name)
            deliveries.end_step(
                tx=tx,
                run_id=run_id,
                state=StepState.FAILED,
                now=now,
                device_seconds=transcript.device_seconds if transcript else 0.0,
                transcript=evidence,
                failure=failure,
            )
            if isinstance(error, Unreachable) and walk.lease.attempt < limit:
                deliveries.put_off(tx=tx, lease=walk.lease, until=now + self._pause(walk.lease), failure=failure)
                return Ended.PUT_OFF
            incidents.report(
                tx=tx, parts=self._parts, lease=walk.lease, failure=failure, evidence=evidence, at=now, case=walk.case
            )
            deliveries.fail(tx=tx, lease=walk.lease, failure=failure)
            return Ended.FAILED

    def _pause(self, lease: Lease) -> timedelta:
        """Doubling pauses with a jitter of up to a quarter, spread by the delivery's own id."""
        limits = self._parts.settings.engine
        pause = min(limits.retry_first_seconds * 2 ** (lease.attempt - 1), limits.retry_longest_seconds)
        return timedelta(seconds=pause * (1 + (lease.delivery_id.int % 997) / 997 / 4))

    # --- surroundings ----------------------------------------------------------------------------------------------

    def _turn(self, tx: Tx, lease: Lease, key: str) -> bool:
        got = deliveries.take_turn(tx=tx, lease=lease, key=key, now=self._now(), length=self._parts.settings.lease)
        if not got:
            deliveries.wait_for_turn(tx=tx, lease=lease, key=key)
        return got

    def _now(self) -> datetime:
        return self._parts.clock.now()

    def _room(self, tx: Tx, walk: _Walk) -> Room:
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

    def _site(self, walk: _Walk, transcript: Transcript) -> Site:
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


def _is_infrastructure(error: Exception) -> bool:
    return isinstance(error, (DatabaseUnreachable, sa.exc.OperationalError, sa.exc.InterfaceError))


def _failure_of(error: Exception, *, step: str) -> Failure:
    if isinstance(error, LifecycleError):
        return Failure(step=step, kind=error.kind, what=error.message, remedy=error.remedy)
    return Failure(
        step=step,
        kind=NeedsPerson.kind,
        what=f"The program itself failed: {type(error).__name__}: {error}",
        remedy="Nothing was recorded as done. Report the evidence to the developers, then press Retry, or Cancel.",
    )


def _trace_of(error: Exception) -> str:
    """The program's own traceback where the error is not one of the field's."""
    return "" if isinstance(error, LifecycleError) else "".join(traceback.format_exception(error))
