"""How steps are recorded: begun, done, taken back, failed; each with its evidence, under the lease's token."""

from __future__ import annotations

import traceback
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.drivers.contract import Transcript
from isp_lifecycle.events import codec, deliveries, turns
from isp_lifecycle.events.model import Direction, Failure, Lease, StepState
from isp_lifecycle.foundation.db import DatabaseUnreachable, Tx, write
from isp_lifecycle.foundation.errors import LifecycleError, NeedsPerson, Unreachable
from isp_lifecycle.foundation.logs import log
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.workflows import incidents
from isp_lifecycle.workflows.errors import LineLost
from isp_lifecycle.workflows.parts import Parts
from isp_lifecycle.workflows.steps import Did, OutsideStep, PersonStep, Step, Workflow

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
class Walk:
    """One run's place: the lease as it stands now, the workflow, the case, and the turns."""

    lease: Lease
    workflow: Workflow[Any]
    case: Any
    has_turns: bool = False
    #: Deliveries that were handed a turn by this run: whoever worked here goes on with them at once.
    handed: list[UUID] = field(default_factory=list)

    @property
    def step(self) -> Step[Any]:
        return self.workflow.steps[self.lease.position]

    def builder_of(self, turn: str) -> int | None:
        """The step just before this one that built on the device with this turn; None past anything else."""
        for position in range(self.lease.position - 1, -1, -1):
            step = self.workflow.steps[position]
            if isinstance(step, PersonStep) and step.asks_again:
                continue
            if not isinstance(step, OutsideStep):
                return None
            if step.turn(self.case) == turn:
                return position
        return None

    @property
    def at_last_step(self) -> bool:
        """Whether nothing is left to do after this step."""
        return self.lease.position + 1 >= len(self.workflow.steps)


class Ledger:
    """Writes what happens to steps."""

    def __init__(self, *, parts: Parts) -> None:
        self._parts = parts

    def begin(self, tx: Tx, walk: Walk, name: str) -> UUID:
        """An attempt at a step begins that ends in a later transaction."""
        return deliveries.begin_step(
            tx=tx,
            lease=walk.lease,
            position=walk.lease.position,
            name=name,
            direction=walk.lease.direction,
            now=self._now(),
        )

    def did(self, tx: Tx, walk: Walk, did: Did[Any], *, began: datetime, outline_id: UUID | None = None) -> None:
        """A step is done in this very transaction; it and its effect are one. After the last one all is finished."""
        step = self._recorded(walk, did, StepState.DONE, began, walk.lease.position + 1, outline_id)
        if walk.lease.failed_before:
            incidents.settled(tx=tx, lease=walk.lease, at=self._now())
        if walk.at_last_step:
            deliveries.record_last_step(tx=tx, lease=walk.lease, step=step, more_follows=walk.has_turns)
            self.let_go(tx, walk)
        else:
            deliveries.record_step(tx=tx, lease=walk.lease, step=step)

    def undid(self, tx: Tx, walk: Walk, did: Did[Any], *, began: datetime, kept: bool) -> None:
        """A step's effect is taken back in this very transaction, or stays for a stated reason."""
        state = StepState.KEPT if kept else StepState.UNDONE
        step = self._recorded(walk, did, state, began, walk.lease.position - 1)
        deliveries.record_step(tx=tx, lease=walk.lease, step=step)

    def _recorded(
        self,
        walk: Walk,
        did: Did[Any],
        state: StepState,
        began: datetime,
        next_position: int,
        outline_id: UUID | None = None,
    ) -> deliveries.Recorded:
        return deliveries.Recorded(
            name=walk.step.name,
            state=state,
            began=began,
            ended=self._now(),
            says=did.says,
            next_position=next_position,
            case=codec.dump(did.case),
            outline_id=outline_id,
        )

    def finish(self, tx: Tx, walk: Walk, *, cancelled: bool = False) -> None:
        """All is done, or all that can be undone is: the lease ends and every turn is given back."""
        deliveries.finish(tx=tx, lease=walk.lease, now=self._now(), cancelled=cancelled)
        self.let_go(tx, walk)

    def let_go(self, tx: Tx, walk: Walk, *, keep: Collection[str] = ()) -> None:
        """Hand every turn that is not kept to the first who stands in line for it."""
        if walk.has_turns:
            length = self._parts.settings.lease
            walk.handed += turns.release(tx=tx, lease=walk.lease, now=self._now(), length=length, keep=keep)

    def done(self, tx: Tx, walk: Walk, run_id: UUID, did: Did[Any], *, transcript: Transcript) -> None:
        """A step outside is done and verified; incidents that stood in its way close."""
        self._end(tx, walk, run_id, StepState.DONE, did.says, transcript)
        following = walk.lease.position + 1
        deliveries.advance(tx=tx, lease=walk.lease, position=following, case=codec.dump(did.case))
        if walk.lease.failed_before:
            incidents.settled(tx=tx, lease=walk.lease, at=self._now())
        if walk.at_last_step:
            self.finish(tx, walk)

    def took_back(self, tx: Tx, walk: Walk, run_id: UUID, did: Did[Any], *, kept: bool, transcript: Transcript) -> None:
        """A step's effect outside was taken back, or stays for a stated reason."""
        self._end(tx, walk, run_id, StepState.KEPT if kept else StepState.UNDONE, did.says, transcript)
        deliveries.step_back(tx=tx, lease=walk.lease, case=codec.dump(did.case))

    def _end(self, tx: Tx, walk: Walk, run_id: UUID, state: StepState, says: str, transcript: Transcript) -> None:
        deliveries.end_step(
            tx=tx,
            lease=walk.lease,
            run_id=run_id,
            state=state,
            now=self._now(),
            says=says,
            device_seconds=transcript.device_seconds,
            transcript=transcript.text(),
        )

    def failed(
        self,
        walk: Walk,
        error: Exception,
        *,
        run_id: UUID | None,
        transcript: Transcript | None,
        name: str | None = None,
    ) -> Ended:
        """Record what went wrong and decide, by its kind alone, what comes next."""
        if is_infrastructure(error):
            raise error  # the database itself is away: nothing can be recorded; the lease runs out and another goes on
        name = name or walk.step.name
        failure = _failure_of(error, step=name)
        _log.warning("step_failed", step=name, kind=failure.kind, what=failure.what, attempt=walk.lease.attempt)
        evidence = "\n".join(filter(None, (transcript.text() if transcript else "", _trace_of(error))))
        now = self._now()
        limit = self._parts.settings.engine.retry_attempts
        with write(self._parts.engine) as tx:
            run_id = run_id or self.begin(tx, walk, name)
            deliveries.end_step(
                tx=tx,
                lease=walk.lease,
                run_id=run_id,
                state=StepState.FAILED,
                now=now,
                device_seconds=transcript.device_seconds if transcript else 0.0,
                transcript=evidence,
                failure=failure,
            )
            again_at = self._again_at(tx, walk, error, limit)
            if again_at is not None:
                until = now + self._pause(walk.lease)
                deliveries.put_off(tx=tx, lease=walk.lease, until=until, failure=failure, position=again_at)
                self.let_go(tx, walk)
                return Ended.PUT_OFF
            incidents.report(
                tx=tx, parts=self._parts, lease=walk.lease, failure=failure, evidence=evidence, at=now, case=walk.case
            )
            deliveries.fail(tx=tx, lease=walk.lease, failure=failure)
            self.let_go(tx, walk)
            return Ended.FAILED

    def _again_at(self, tx: Tx, walk: Walk, error: Exception, limit: int) -> int | None:
        """At which step it is tried again without a person, if at all."""
        lease = walk.lease
        if not isinstance(error, LineLost) or lease.direction is Direction.BACKWARD:
            return lease.position if isinstance(error, Unreachable) and lease.attempt < limit else None
        person_asked = lease.failed_before and lease.attempt == 1
        lost = deliveries.failures_of(tx=tx, delivery_id=lease.delivery_id, name=walk.step.name)
        return walk.builder_of(error.turn) if person_asked or lost < limit else None

    def _pause(self, lease: Lease) -> timedelta:
        """Doubling pauses with a jitter of up to a quarter, spread by the delivery's own id."""
        limits = self._parts.settings.engine
        pause = min(limits.retry_first_seconds * 2 ** (lease.attempt - 1), limits.retry_longest_seconds)
        return timedelta(seconds=pause * (1 + (lease.delivery_id.int % 997) / 997 / 4))

    def _now(self) -> datetime:
        return self._parts.clock.now()


def is_infrastructure(error: Exception) -> bool:
    """Whether the database itself is away, so that nothing can be recorded about anything."""
    return isinstance(error, (DatabaseUnreachable, sa.exc.OperationalError, sa.exc.InterfaceError))


def _failure_of(error: Exception, *, step: str) -> Failure:
    if isinstance(error, LifecycleError):
        return Failure(step=step, kind=error.kind, what=error.message, remedy=error.remedy)
    return Failure(
        step=step,
        kind=NeedsPerson.kind,
        what=say("The program itself failed: {name}: {error}", name=type(error).__name__, error=error),
        remedy=say("Nothing was recorded as done. Report the evidence to the developers, then press Retry, or Cancel."),
    )


def _trace_of(error: Exception) -> str:
    """The program's own traceback where the error is not one of the field's."""
    return "" if isinstance(error, LifecycleError) else "".join(traceback.format_exception(error))
