"""What a workflow is made of: a tuple of named steps, each of one of three kinds.

* A :class:`DatabaseStep` works inside the transaction that records it: its effect and its record are one.
* An :class:`OutsideStep` changes the world outside the database (a device, a mail relay) where no transaction
  reaches. It looks, compares, changes only what differs and looks again, so that doing it twice is doing it once.
* A :class:`PersonStep` asks a person, parks the delivery, and goes on from their input.

Every step says how it is undone, or why it cannot be; every outside step says how its effect is observed, or why it
cannot be. Names are the operator's wording: they are what people read on every page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from isp_lifecycle.drivers.contract import Transcript
from isp_lifecycle.events import outbox
from isp_lifecycle.events.model import OutlineStep
from isp_lifecycle.events.vocabulary import Event
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.workflows.parts import Parts


@dataclass(frozen=True)
class Did[C]:
    """What a step made of the case, and a sentence for the timeline."""

    case: C
    says: str = ""


@dataclass(frozen=True)
class Asked[C]:
    """What a person was asked: the case as it stands, a sentence, and until when an answer is expected."""

    case: C
    says: str
    deadline: datetime | None


@dataclass(frozen=True)
class Irreversible:
    """Why a step's effect cannot be taken back; shown to the person who cancels."""

    reason: str


@dataclass(frozen=True)
class Unobservable:
    """Why nobody can look whether the effect is there; shown with the step."""

    reason: str


@dataclass(frozen=True)
class Room:
    """Where a database step works: one open transaction, one instant, the case's ids."""

    tx: Tx
    at: datetime
    today: date
    parts: Parts
    delivery_id: UUID
    trace: UUID
    event_at: datetime
    workflow: str

    def record(self, event: Event, *, due_at: datetime | None = None) -> None:
        """Write an event that became true in this transaction, on the same trace."""
        outbox.record(
            tx=self.tx, event=event, at=self.at, actor=f"workflow:{self.workflow}", trace=self.trace, due_at=due_at
        )


@dataclass(frozen=True)
class Site:
    """Where an outside step works: no transaction, a transcript that survives an error, and a check of the lease."""

    parts: Parts
    transcript: Transcript
    at: datetime
    delivery_id: UUID
    event_id: UUID
    still_mine: Callable[[], None]
    """Raises LeaseLost when another worker has taken over: asked right before each change of the world."""
    person_asked: bool = False
    """A person pressed Retry after a failure: what was refused before may be tried again."""


type Do[C, R] = Callable[[C, R], Did[C]]


@dataclass(frozen=True)
class DatabaseStep[C]:
    """A step whose effect is rows.

    One that never was done is not undone, unless ``always_undone``: the request itself stands before the first step,
    and giving up work that has not begun must take it back as well.
    """

    name: str
    do: Do[C, Room]
    undo: Do[C, Room] | Irreversible
    always_undone: bool = False


@dataclass(frozen=True)
class OutsideStep[C]:
    """A step whose effect is outside the database.

    ``turn`` names what nobody else may act on meanwhile (``olt:OLT-NORTH``); None for nothing.
    """

    name: str
    do: Do[C, Site]
    verify: Callable[[C, Site], None] | Unobservable
    undo: Do[C, Site] | Irreversible
    turn: Callable[[C], str | None] = lambda _case: None


@dataclass(frozen=True)
class PersonStep[C]:
    """A step that only a person can take. ``take`` checks and keeps their input (a JSON document).

    Where there is nothing to ask, ``ask`` says what it found instead, and the walk goes on.
    """

    name: str
    ask: Callable[[C, Room], Asked[C] | Did[C]]
    take: Callable[[C, dict[str, Any], Room], Did[C]]
    undo: Do[C, Room] | Irreversible
    asks_again: bool = False
    """Whether a line that was lost after it may be built again before it, and the question be put anew."""


@dataclass(frozen=True)
class GoneStep:
    """Stands for a step that a former version began with and this one does not have."""

    name: str
    undo: Irreversible = Irreversible(say("This version of the program has no such step: what it did stays."))


type Step[C] = DatabaseStep[C] | OutsideStep[C] | PersonStep[C] | GoneStep


@dataclass(frozen=True)
class Workflow[C]:
    """The reaction of one subscriber to the events it hears."""

    name: str
    starts_on: tuple[type[Event], ...]
    case: type[C]
    begin: Callable[[Any, Room], C]
    steps: tuple[Step[C], ...]
    alone: bool = False
    """True: never at the same time as another such delivery of the same service."""

    @property
    def quick(self) -> bool:
        """Whether it is over in milliseconds: nothing outside, nobody asked, nobody waited for."""
        return not self.alone and all(isinstance(step, DatabaseStep) for step in self.steps)

    def outline(self) -> tuple[OutlineStep, ...]:
        """The steps as pages show them before they are done."""
        return tuple(
            OutlineStep(step.name, step.undo.reason if isinstance(step.undo, Irreversible) else None)
            for step in self.steps
        )

    def with_steps(self, names: Sequence[str]) -> Workflow[C]:
        """The same with the steps of these names, in this order; a name that there is none of is a `GoneStep`."""
        known = {step.name: step for step in self.steps}
        return replace(self, steps=tuple(known.get(name, GoneStep(name)) for name in names))
