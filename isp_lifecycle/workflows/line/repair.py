"""The repair of a line: the plan that somebody approved is carried out, and no other.

A fresh look decides what is still to be done. That may be less than was approved, never more: whoever approved has seen
every command that is sent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from isp_lifecycle.drivers.contract import OltSession, Plan
from isp_lifecycle.drivers.errors import DeviceContradicts
from isp_lifecycle.events.views import unfinished_beside
from isp_lifecycle.events.vocabulary import RepairApproved
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import DriftState, FoundLine, Remedy
from isp_lifecycle.workflows.errors import NothingToMend, NotTheApprovedPlan
from isp_lifecycle.workflows.line import device
from isp_lifecycle.workflows.line.device import Target
from isp_lifecycle.workflows.line.existing import LineUnknown, OtherChangeUnfinished, target_of
from isp_lifecycle.workflows.line.reconciliation import standing_line
from isp_lifecycle.workflows.steps import DatabaseStep, Did, Irreversible, OutsideStep, Room, Site, Workflow


@dataclass(frozen=True, kw_only=True)
class RepairCase:
    """The drift with its approved commands, and the line as it was built (or, to be removed, as it stands)."""

    drift_id: UUID
    olt: str
    service_id: UUID | None
    key: str
    remedy: Remedy
    commands: tuple[str, ...]
    target: Target | None = None
    standing: FoundLine | None = None
    uplink: str = ""
    others: tuple[str, ...] = ()


def begin(event: RepairApproved, room: Room) -> RepairCase:
    """Gather what was approved."""
    drift = inventory.drift_by_id(tx=room.tx, drift_id=event.drift_id)
    return RepairCase(
        drift_id=drift.id,
        olt=event.olt,
        service_id=event.service_id,
        key=drift.what.key,
        remedy=drift.what.remedy,
        commands=drift.what.commands,
        standing=drift.what.found,
        uplink=inventory.olt_by_name(tx=room.tx, name=event.olt).uplink,
    )


def check(case: RepairCase, room: Room) -> Did[RepairCase]:
    """Nobody else is at the line, and the record still says how it should stand."""
    drift = inventory.drift_by_id(tx=room.tx, drift_id=case.drift_id)
    if drift.state is not DriftState.APPROVED:
        raise NothingToMend(case.key or case.olt, str(drift.state))
    case = replace(case, others=_codes_of_others(case, room))
    if case.service_id is not None:
        other = unfinished_beside(tx=room.tx, delivery_id=room.delivery_id, service_id=case.service_id)
        if other is not None:
            raise OtherChangeUnfinished(case.key, other)
    if case.remedy is Remedy.REPAIR:
        case = replace(case, target=_as_built(case, room))
    return Did(case, f"{case.key} on {case.olt}: {' '.join(drift.what.differences)}")


def _codes_of_others(case: RepairCase, room: Room) -> tuple[str, ...]:
    """Services whose ONTs must not be taken for this line's, of those on the same OLT."""
    olt = inventory.olt_by_name(tx=room.tx, name=case.olt)
    codes = (service.code for service, _ in inventory.lines_on(tx=room.tx, olt_id=olt.id))
    return tuple(code for code in codes if code != case.key)


def _as_built(case: RepairCase, room: Room) -> Target:
    olt = inventory.olt_by_name(tx=room.tx, name=case.olt)
    line = inventory.line_of_service(tx=room.tx, service_id=case.service_id) if case.service_id else None
    if line is None or line.olt_id != olt.id:
        raise LineUnknown(case.key)
    return target_of(case.key, olt, line)


def give_up(case: RepairCase, room: Room) -> Did[RepairCase]:
    """The drift is open again."""
    drift = inventory.drift_by_id(tx=room.tx, drift_id=case.drift_id)
    if drift.state is DriftState.APPROVED:
        inventory.move_drift(tx=room.tx, drift_id=drift.id, to=DriftState.OPEN, at=room.at, by=room.workflow)
    return Did(case, say("{key} stays as it is on {olt} until somebody decides anew.", key=case.key, olt=case.olt))


def mend(case: RepairCase, site: Site) -> Did[RepairCase]:
    """Look, plan anew, and carry out what is left of the approved plan."""
    with site.parts.olts.writer(case.olt, site.transcript) as olt:
        plan = _plan(case, olt, site)
        if unapproved := [line for line in plan.shown_commands if line not in case.commands]:
            raise NotTheApprovedPlan(case.key, case.olt, unapproved)
        if plan.empty:
            return Did(
                case, say("Nothing is left to be done: {key} on {olt} is as it should be.", key=case.key, olt=case.olt)
            )
        site.still_mine()
        applied = olt.apply(plan)
    if case.target is not None and applied.ont is not None and applied.service_port is not None:
        target = replace(case.target, ont_id=applied.ont.ont_id, service_port=applied.service_port.index)
        case = replace(case, target=target)
    return Did(
        case,
        say(
            "Done on {olt}: {what}.",
            olt=case.olt,
            what="; ".join(f"{change.verb} {change.what}" for change in plan.changes),
        ),
    )


def is_mended(case: RepairCase, site: Site) -> None:
    """Read again and compare; raises DeviceContradicts."""
    if case.target is not None:
        device.stands_as_wanted(case.target, site)
        return
    with site.parts.olts.writer(case.olt, site.transcript) as olt:
        plan = _plan(case, olt, site)
    if not plan.empty:
        raise DeviceContradicts(
            case.olt, case.key, tuple(say("still there: {what}", what=change.what) for change in plan.changes)
        )


def _plan(case: RepairCase, olt: OltSession, site: Site) -> Plan:
    if case.target is not None:
        wanted = device.told(case.target, site.parts)
        return olt.plan_repair(olt.read(wanted), wanted, others=frozenset(case.others))
    if case.standing is None:
        raise NothingToMend(case.key, say("not to be found on the device"))
    return olt.plan_removal(olt.read(standing_line(case.uplink, case.standing, case.key)), case.key)


def record(case: RepairCase, room: Room) -> Did[RepairCase]:
    """The drift is mended; the inventory has the numbers that the device gave."""
    line = inventory.line_of_service(tx=room.tx, service_id=case.service_id) if case.service_id else None
    target = case.target
    if line is not None and target is not None and target.ont_id is not None and target.service_port is not None:
        line = replace(line, ont_id=target.ont_id, service_port=target.service_port)
        inventory.record_line(tx=room.tx, line=line)
    inventory.move_drift(tx=room.tx, drift_id=case.drift_id, to=DriftState.MENDED, at=room.at, by=room.workflow)
    return Did(case, say("{key} on {olt} is as it should be.", key=case.key, olt=case.olt))


LINE_REPAIR = Workflow(
    name="line_repair",
    starts_on=(RepairApproved,),
    case=RepairCase,
    begin=begin,
    alone=True,
    steps=(
        DatabaseStep(say("Check that it is to be mended"), do=check, undo=give_up, always_undone=True),
        OutsideStep(
            say("Carry out the approved plan"),
            do=mend,
            verify=is_mended,
            undo=Irreversible(say("What stood there before was not as it was built.")),
            turn=lambda case: f"olt:{case.olt}",
        ),
        DatabaseStep(
            say("Note that it is mended"),
            do=record,
            undo=Irreversible(say("The device was seen to be as it should be.")),
        ),
    ),
)
