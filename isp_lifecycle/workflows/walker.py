"""Walks a claimed delivery through its steps, forward or back, and leaves evidence of everything.

What ends a step badly is sorted by its kind alone: ``Unreachable`` is tried again with growing pauses, everything else
opens an incident for a person at once. Nothing is skipped and nothing is reported as done that was not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from isp_lifecycle.drivers.contract import Transcript
from isp_lifecycle.events import codec, deliveries, lines, outlines, turns
from isp_lifecycle.events.errors import LeaseLost, UnknownSubscriber, WorkersDied
from isp_lifecycle.events.model import Direction, StepState
from isp_lifecycle.foundation import clock as clocks
from isp_lifecycle.foundation.db import Tx, read, write
from isp_lifecycle.foundation.logs import bound
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.workflows import incidents
from isp_lifecycle.workflows.errors import StepGone
from isp_lifecycle.workflows.heart import Heart
from isp_lifecycle.workflows.ledger import Ended, Ledger, Walk, is_infrastructure
from isp_lifecycle.workflows.parts import Parts
from isp_lifecycle.workflows.steps import (
    Asked,
    DatabaseStep,
    Did,
    GoneStep,
    Irreversible,
    OutsideStep,
    PersonStep,
    Room,
    Site,
    Unobservable,
    Workflow,
)

#: Where a delivery stands whose request could not even be read.
READING = say("Read the request")


class Walker:
    """Takes the steps of deliveries; one for all threads of a worker."""

    def __init__(self, *, parts: Parts, heart: Heart) -> None:
        self._parts = parts
        self._heart = heart
        self._ledger = Ledger(parts=parts)
        self._outlines: dict[str, UUID] = {}
        self._begun_with: dict[UUID, tuple[str, ...]] = {}

    def walk(self, walk: Walk) -> Ended:
        """Go as far as it goes now. Raises LeaseLost when another worker has taken over."""
        ended = self._read(walk)
        while ended is None:
            ended = self._forward(walk) if walk.lease.direction is Direction.FORWARD else self._backward(walk)
        return ended

    # --- the request -----------------------------------------------------------------------------------------------

    def _read(self, walk: Walk) -> Ended | None:
        """Load the case. A request that is new is read with its first step when that is one of the database."""
        lease = walk.lease
        try:
            if lease.takeovers >= self._parts.settings.engine.takeovers_at_most:
                raise WorkersDied(lease.takeovers)
            if not walk.workflow.steps:
                raise UnknownSubscriber(lease.subscriber)
            if lease.case is not None:
                walk.workflow = self._as_begun(walk)
                walk.case = codec.load(walk.workflow.case, lease.case)
            elif lease.direction is Direction.BACKWARD or not isinstance(walk.workflow.steps[0], DatabaseStep):
                self._begin_apart(walk)
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001 - the frame's edge: every failure becomes evidence
            return self._ledger.failed(walk, error, run_id=None, transcript=None, name=READING)
        return None

    def _as_begun(self, walk: Walk) -> Workflow[Any]:
        """The workflow with the steps that this delivery began with, which a former version may have had otherwise."""
        begun_with = walk.lease.outline_id
        if begun_with in {None, self._outline(walk.workflow)}:
            return walk.workflow
        if begun_with not in self._begun_with:
            with read(self._parts.engine) as tx:
                self._begun_with[begun_with] = outlines.names(tx=tx, outline_id=begun_with)
        return walk.workflow.with_steps(self._begun_with[begun_with])

    def _begin_apart(self, walk: Walk) -> None:
        with write(self._parts.engine) as tx:
            case = self._begin(tx, walk)
            outline_id = self._outline(walk.workflow)
            deliveries.begin(tx=tx, lease=walk.lease, outline_id=outline_id, case=codec.dump(case))
        walk.case = case

    def _begin(self, tx: Tx, walk: Walk) -> Any:
        lease = walk.lease
        event = codec.load_event(lease.event_kind, lease.event_version, lease.event_payload)
        return walk.workflow.begin(event, self._room(tx, walk))

    def _outline(self, workflow: Workflow[Any]) -> UUID:
        """The id of this workflow's outline, written once a process, in a transaction that surely commits."""
        if workflow.name not in self._outlines:
            with write(self._parts.engine) as tx:
                self._outlines[workflow.name] = outlines.keep(tx=tx, steps=workflow.outline())
        return self._outlines[workflow.name]

    # --- which way -------------------------------------------------------------------------------------------------

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
            case GoneStep(name=name):
                return self._ledger.failed(walk, StepGone(name), run_id=None, transcript=None)

    def _backward(self, walk: Walk) -> Ended | None:
        lease = walk.lease
        if lease.position <= lease.undo_to:
            return self._undone(walk)
        if lease.position >= len(walk.workflow.steps):
            walk.lease = replace(lease, position=lease.position - 1)
            return None
        match walk.step:
            case DatabaseStep(undo=undo) | PersonStep(undo=undo) | GoneStep(undo=undo):
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
        return self._recorded(walk, step.do)

    def _with_person(self, walk: Walk, step: PersonStep[Any]) -> Ended | None:
        answer = walk.lease.answer
        if answer is None:
            return self._ask(walk, step)

        def take(case: Any, room: Room) -> Did[Any]:
            incidents.answered(tx=room.tx, lease=walk.lease, at=room.at)
            return step.take(case, answer, room)

        return self._recorded(walk, take)

    def _recorded(self, walk: Walk, do: Callable[[Any, Room], Did[Any]]) -> Ended | None:
        """Do a step whose effect is rows, in the transaction that records it; the first one reads the request too."""
        began, case = self._now(), walk.case
        outline_id = self._outline(walk.workflow) if case is None else None
        try:
            with write(self._parts.engine) as tx:
                case = self._begin(tx, walk) if case is None else case
                did = do(case, self._room(tx, walk))
                self._ledger.did(tx, walk, did, began=began, outline_id=outline_id)
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001 - the frame's edge: every failure becomes evidence
            return self._not_recorded(walk, error, read=case is not None)
        return self._stepped(walk, did.case)

    def _not_recorded(self, walk: Walk, error: Exception, *, read: bool) -> Ended | None:
        """Nothing of the step stands. Its request, if that was read with it, is written down for whoever looks."""
        if _may_be_done_again(error):
            return None
        if read and walk.case is None and not is_infrastructure(error):
            self._begin_apart(walk)
        return self._ledger.failed(walk, error, run_id=None, transcript=None, name=None if read else READING)

    def _ask(self, walk: Walk, step: PersonStep[Any]) -> Ended | None:
        began = self._now()
        try:
            with write(self._parts.engine) as tx:
                asked = step.ask(walk.case, self._room(tx, walk))
                if isinstance(asked, Did):
                    self._ledger.did(tx, walk, asked, began=began, outline_id=None)
                else:
                    self._park(tx, walk, step, asked)
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001 - the frame's edge: every failure becomes evidence
            return None if _may_be_done_again(error) else self._ledger.failed(walk, error, run_id=None, transcript=None)
        return self._stepped(walk, asked.case) if isinstance(asked, Did) else Ended.PARKED

    def _park(self, tx: Tx, walk: Walk, step: PersonStep[Any], asked: Asked[Any]) -> None:
        run_id = self._ledger.begin(tx, walk, step.name)
        deliveries.end_step(
            tx=tx, lease=walk.lease, run_id=run_id, state=StepState.WAITING, now=self._now(), says=asked.says
        )
        deliveries.keep_case(tx=tx, lease=walk.lease, case=codec.dump(asked.case))
        incidents.waits(tx=tx, lease=walk.lease, step=step.name, asked=asked, at=self._now())
        deliveries.park(tx=tx, lease=walk.lease, deadline=asked.deadline)
        self._ledger.let_go(tx, walk)

    def _outside(self, walk: Walk, step: OutsideStep[Any]) -> Ended | None:
        with write(self._parts.engine) as tx:
            key = step.turn(walk.case)
            if key is not None and not self._turn(tx, walk, key):
                return Ended.BLOCKED
            run_id = self._ledger.begin(tx, walk, step.name)
        transcript = Transcript(head=f"trace {walk.lease.trace}, delivery {walk.lease.delivery_id}: {step.name}")
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
            did = replace(did, says=say("{says} ({reason})", says=did.says, reason=step.verify.reason).strip())
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
        began = self._now()
        never_done = self._was_never_done(walk)
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
            return None if _may_be_done_again(error) else self._ledger.failed(walk, error, run_id=None, transcript=None)
        walk.lease = replace(walk.lease, position=walk.lease.position - 1, attempt=1)
        return None

    def _undo_outside(self, walk: Walk, step: OutsideStep[Any]) -> Ended | None:
        with write(self._parts.engine) as tx:
            key = step.turn(walk.case)
            kept = isinstance(step.undo, Irreversible)
            if not kept and key is not None and not self._turn(tx, walk, key):
                return Ended.BLOCKED
            run_id = self._ledger.begin(tx, walk, step.name)
        transcript = Transcript(head=f"trace {walk.lease.trace}, delivery {walk.lease.delivery_id}: {step.name}")
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

    def _was_never_done(self, walk: Walk) -> bool:
        """Whether there is nothing to take back. Of a step that is gone, whatever was begun may stand."""
        delivery_id, name = walk.lease.delivery_id, walk.step.name
        with read(self._parts.engine) as tx:
            match walk.step:
                case DatabaseStep(always_undone=always):
                    return not always and not deliveries.step_was_done(tx=tx, delivery_id=delivery_id, name=name)
                case GoneStep():
                    return not deliveries.step_was_begun(tx=tx, delivery_id=delivery_id, name=name)
        return False

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

    def _still(self) -> Parts:
        """The parts for one step, with settings that nothing changes while it is taken."""
        return replace(self._parts, settings=self._parts.settings.still())

    def _room(self, tx: Tx, walk: Walk) -> Room:
        parts = self._still()
        return Room(
            tx=tx,
            at=self._now(),
            today=clocks.today(clock=parts.clock, zone=parts.settings.company.tz),
            parts=parts,
            delivery_id=walk.lease.delivery_id,
            trace=walk.lease.trace,
            event_at=walk.lease.event_at,
            workflow=walk.workflow.name,
        )

    def _site(self, walk: Walk, transcript: Transcript) -> Site:
        lease = walk.lease
        return Site(
            parts=self._still(),
            transcript=transcript,
            at=self._now(),
            delivery_id=lease.delivery_id,
            event_id=lease.event_id,
            still_mine=lambda: self._heart.check(lease),
            person_asked=lease.failed_before and lease.attempt == 1,
        )


def _may_be_done_again(error: Exception) -> bool:
    """Whether the database itself says that the transaction may simply be done again (a deadlock was broken)."""
    cause = getattr(error, "orig", None)
    return isinstance(cause, psycopg.errors.DeadlockDetected | psycopg.errors.SerializationFailure)
