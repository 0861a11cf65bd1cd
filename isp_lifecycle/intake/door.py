"""The door itself: permission, one transaction, audit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, Protocol
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.access.errors import Forbidden
from isp_lifecycle.access.model import Actor, require, require_proof
from isp_lifecycle.events import outbox
from isp_lifecycle.events.views import trace_of
from isp_lifecycle.events.vocabulary import Event
from isp_lifecycle.foundation import clock as clocks
from isp_lifecycle.foundation.claims import ClaimOf
from isp_lifecycle.foundation.clock import Clock
from isp_lifecycle.foundation.db import Tx, storable, write
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.journal import journal, note
from isp_lifecycle.foundation.logs import bound, log
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.intake.once import Once
from isp_lifecycle.intake.told import told
from isp_lifecycle.trail import actions as trail
from isp_lifecycle.trail.model import Changed

_log = log(__name__)

#: The audit keeps so much of a reason, and so many changes of one act: an import may have made thousands.
REASON_LENGTH, CHANGES_AT_MOST = 500, 50
#: Arguments with one of these words in their name are never kept; what is ``written`` stands where it can be erased.
UNTOLD = frozenset(
    {"reason", "current", "new", "again", "passcode", "content", "strokes", "written", "contact", "wish"}
)
SECRETS = frozenset({"password", "passphrase", "secret", "token"})


@dataclass(frozen=True)
class Door:
    """What a process needs to let changes in."""

    engine: sa.Engine
    clock: Clock
    settings: Settings
    #: The key under which a machine asks; what was done under it is not done again.
    once: Once | None = None


@dataclass
class Act:
    """One change being made: the open transaction, the actor, the instant, and what the audit will say."""

    tx: Tx
    actor: Actor
    at: datetime
    today: date
    settings: Settings
    about_kind: str = ""
    about_id: str = ""
    #: What ties this act to all that comes of it: the trace of its first event, kept by the audit and in the log.
    trace: UUID | None = None

    def about(self, kind: str, key: object) -> None:
        """Name the thing that is changed, for the audit."""
        self.about_kind, self.about_id = kind, str(key)

    def changed(self, what: str, before: object, after: object) -> None:
        """Tell the audit what became of something; moves from state to state tell it by themselves."""
        note(what, before, after)

    def about_delivery(self, delivery_id: UUID) -> None:
        """Name a delivery as the thing that is changed, and go on with its trace; raises NotFound."""
        self.about("delivery", delivery_id)
        self.trace = trace_of(tx=self.tx, delivery_id=delivery_id)

    def record(self, event: Event, *, due_at: datetime | None = None, trace: UUID | None = None) -> dict[str, UUID]:
        """Write an event that became true in this transaction; returns delivery ids by subscriber."""
        trace = trace or new_id()
        self.trace = self.trace or trace
        return outbox.record(tx=self.tx, event=event, at=self.at, actor=self.actor.username, due_at=due_at, trace=trace)


class Entry[**P, R](Protocol):
    """An intake function as callers see it."""

    permissions: tuple[str, ...]
    #: Whether it is dangerous, so that somebody at a page proves anew who they are.
    proof: bool

    def __call__(self, door: Door, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Check, change, audit, commit."""
        ...


def enters[**P, R](
    *permissions: str, by_the_clock: bool = False, proof: bool = False, claim: ClaimOf | None = None
) -> Callable[[Callable[Concatenate[Act, P], R]], Entry[P, R]]:
    """Make a function of the door: callers need one of ``permissions``; refuses with Forbidden before anything runs.

    What comes ``by_the_clock`` says what it did by its result, and is audited when that was anything: a schedule that
    looks every half minute would bury what people did. What is dangerous asks for ``proof``: it refuses
    with ProofNeeded somebody who proved who they are too long ago. ``claim`` says on whose behalf the database is asked
    where that is not the actor: made of what is asked, before anything is read.
    """

    def wrap(function: Callable[Concatenate[Act, P], R]) -> Entry[P, R]:
        name = _name_of(function)

        @wraps(function)
        def entered(door: Door, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
            _allow(door, actor, permissions, name)
            if proof:
                within = timedelta(minutes=door.settings.web.proof_minutes)
                require_proof(actor, at=door.clock.now(), within=within)
            on_behalf = claim(door.settings, kwargs) if claim is not None else actor.claim
            with write(door.engine, on_behalf) as tx, journal() as notes:
                settings = door.settings.still()
                act = Act(
                    tx=tx,
                    actor=actor,
                    at=door.clock.now(),
                    today=clocks.today(clock=door.clock, zone=settings.company.tz),
                    settings=settings,
                )
                if door.once is not None and (before := door.once.before(tx=tx, at=act.at)) is not None:
                    return before  # type: ignore[return-value]  # keys are used with what places orders
                result = function(act, *args, **kwargs)
                if door.once is not None:
                    door.once.done(tx=tx, placed=result)
                if by_the_clock and not result:
                    return result
                _audit(act, name, kwargs | ({"did": result} if by_the_clock else {}), notes)
            with bound(trace=act.trace):
                _log.info("entered", action=name, actor=actor.username, source=actor.source, subject=act.about_id)
            return result

        entered.proof = proof  # type: ignore[attr-defined]  # and so does this
        entered.permissions = permissions  # type: ignore[attr-defined]  # what makes it an Entry
        return entered  # type: ignore[return-value]  # Entry is this callable with its permissions

    return wrap


def _audit(act: Act, action: str, arguments: dict[str, Any], notes: list[tuple[str, str, str]]) -> None:
    told(
        tx=act.tx,
        actor=act.actor,
        action=action,
        at=act.at,
        subject_kind=act.about_kind,
        subject_id=act.about_id,
        reason=str(arguments.get("reason") or "")[:REASON_LENGTH],
        detail=_shown(arguments) | ({"trace": str(act.trace)} if act.trace else {}),
        changes=[Changed(*one) for one in notes[:CHANGES_AT_MOST]],
    )


def _allow(door: Door, actor: Actor, permissions: tuple[str, ...], name: str) -> None:
    """Refuse with Forbidden unless the actor holds at least one of these; a refusal is told to the audit."""
    try:
        require(actor, *permissions)
    except Forbidden as error:
        trail.refused(engine=door.engine, at=door.clock.now(), by=actor, what=name, needs=error.permission)
        raise


def through[**P, R](
    *permissions: str,
) -> Callable[[Callable[Concatenate[Door, Actor, P], R]], Entry[P, R]]:
    """Make a function of the door that is no one transaction: it passes other entries, and is refused before any."""

    def wrap(function: Callable[Concatenate[Door, Actor, P], R]) -> Entry[P, R]:
        name = _name_of(function)

        @wraps(function)
        def passed(door: Door, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
            _allow(door, actor, permissions, name)
            return function(door, actor, *args, **kwargs)

        passed.proof = False  # type: ignore[attr-defined]  # and so does this
        passed.permissions = permissions  # type: ignore[attr-defined]  # what makes it an Entry
        return passed  # type: ignore[return-value]  # Entry is this callable with its permissions

    return wrap


def _name_of(function: Callable[..., Any]) -> str:
    return f"{function.__module__.rpartition('.')[2]}.{function.__name__}"


def _shown(arguments: dict[str, Any]) -> dict[str, Any]:
    """Arguments as the audit keeps them: short texts, no documents, nothing that is a secret."""
    return {
        name: storable(str(value)[:200])
        for name, value in arguments.items()
        if name not in UNTOLD and not SECRETS.intersection(name.split("_"))
    }
