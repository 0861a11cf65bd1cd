"""A probe: an event that goes the whole way through the engine and changes nothing, so that the way can be watched."""

from __future__ import annotations

from dataclasses import dataclass

from isp_lifecycle.events.vocabulary import ProbeSent
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.workflows.steps import DatabaseStep, Did, Irreversible, Room, Workflow

STEPS = 5


@dataclass(frozen=True, kw_only=True)
class ProbeCase:
    """Which probe it is, and how many of its steps were taken."""

    number: int
    taken: int = 0


def take(case: ProbeCase, room: Room) -> Did[ProbeCase]:
    """One step further."""
    return Did(ProbeCase(number=case.number, taken=case.taken + 1))


PROBE = Workflow(
    name="probe",
    starts_on=(ProbeSent,),
    case=ProbeCase,
    begin=lambda event, _room: ProbeCase(number=event.number),
    steps=tuple(
        DatabaseStep(
            say("Step {n} of {steps}", n=n, steps=STEPS),
            do=take,
            undo=Irreversible(say("There is nothing to take back.")),
        )
        for n in range(1, STEPS + 1)
    ),
)
