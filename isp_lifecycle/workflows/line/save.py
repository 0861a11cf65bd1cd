"""Saving: an OLT that was changed writes its configuration to flash, seldom, since it is deaf meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

from isp_lifecycle.events.vocabulary import OltSaveDue
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.workflows.steps import Did, Irreversible, OutsideStep, Room, Site, Unobservable, Workflow


@dataclass(frozen=True, kw_only=True)
class SaveCase:
    """Which OLT."""

    olt: str


def begin(event: OltSaveDue, room: Room) -> SaveCase:
    """The event names the OLT."""
    return SaveCase(olt=event.olt)


def save(case: SaveCase, site: Site) -> Did[SaveCase]:
    """Have the OLT save."""
    with site.parts.olts.writer(case.olt, site.transcript) as olt:
        olt.save()
    return Did(case, say("{olt} wrote its configuration to flash.", olt=case.olt))


OLT_SAVE = Workflow(
    name="olt.save",
    starts_on=(OltSaveDue,),
    case=SaveCase,
    begin=begin,
    steps=(
        OutsideStep(
            say("Save the configuration"),
            do=save,
            verify=Unobservable(say("the OLT says so itself")),
            undo=Irreversible(say("A saved configuration stays saved.")),
            turn=lambda case: f"olt:{case.olt}",
        ),
    ),
)
