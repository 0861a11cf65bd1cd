"""ONTs that were registered before anybody plugged them in: have they been seen? Then their activations go on.

It changes nothing on a line: a device is read, and what waits is told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from isp_lifecycle.drivers.contract import OntStatus, PonPort
from isp_lifecycle.drivers.errors import OntMissing
from isp_lifecycle.events import deliveries
from isp_lifecycle.events.views import Waiting, waiting_at
from isp_lifecycle.events.vocabulary import PreparedOntsDue
from isp_lifecycle.foundation.db import read
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.workflows.line.visit import WAIT_FOR_PLUG
from isp_lifecycle.workflows.steps import (
    DatabaseStep,
    Did,
    Irreversible,
    OutsideStep,
    Room,
    Site,
    Unobservable,
    Workflow,
)

type StatusOf = Callable[[PonPort, int], OntStatus]


@dataclass(frozen=True, kw_only=True)
class PluggedCase:
    """The OLT, and the activations whose ONTs were seen."""

    olt: str
    seen: tuple[UUID, ...] = ()


def begin(event: PreparedOntsDue, room: Room) -> PluggedCase:
    """The event names the OLT."""
    return PluggedCase(olt=event.olt)


def look(case: PluggedCase, site: Site) -> Did[PluggedCase]:
    """Ask the OLT for each ONT that waits."""
    with read(site.parts.engine) as tx:
        waiting = waiting_at(tx=tx, step=WAIT_FOR_PLUG, olt=case.olt)
    with site.parts.olts.reader(case.olt, site.transcript) as olt:
        seen = tuple(one.delivery_id for one in waiting if _online(one, olt.ont_status))
    return Did(
        replace(case, seen=seen),
        say("{seen} of {all} ONTs that were registered ahead are online.", seen=len(seen), all=len(waiting)),
    )


def _online(one: Waiting, status: StatusOf) -> bool:
    try:
        return status(PonPort.parse(one.case["target"]["pon_port"]), one.case["target"]["ont_id"]).run_state == "online"
    except OntMissing:
        return False  # its activation will find that out, when somebody presses Activate


def go_on(case: PluggedCase, room: Room) -> Did[PluggedCase]:
    """The activations whose ONTs were seen go on; one that somebody had go on meanwhile is left to them."""
    waiting = {one.delivery_id for one in waiting_at(tx=room.tx, step=WAIT_FOR_PLUG, olt=case.olt)}
    told = [delivery_id for delivery_id in case.seen if delivery_id in waiting]
    for delivery_id in told:
        deliveries.answer(tx=room.tx, delivery_id=delivery_id, document={"by": "the OLT"})
    return Did(case, say("{number} activations go on.", number=len(told)) if told else say("Nothing goes on."))


_READS = say("It changes nothing on the OLT.")

PREPARED_LOOK = Workflow(
    name="prepared.look",
    starts_on=(PreparedOntsDue,),
    case=PluggedCase,
    begin=begin,
    steps=(
        OutsideStep(
            say("Look for ONTs registered ahead"), do=look, verify=Unobservable(_READS), undo=Irreversible(_READS)
        ),
        DatabaseStep(
            say("Go on with those that were seen"), do=go_on, undo=Irreversible(say("They go on by themselves."))
        ),
    ),
)
