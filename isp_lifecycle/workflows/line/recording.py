"""The recording of a line as found: its record is brought to the place and the ONT that stand on the OLT.

The device stays as it is. What lets the line on by its place (RADIUS, Kea) is told the new one, and whatever stood on
record before stands again when it is cancelled.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from isp_lifecycle.drivers.contract import PonPort, Serial
from isp_lifecycle.events.views import unfinished_beside
from isp_lifecycle.events.vocabulary import RecordingApproved
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.errors import NothingToRecord
from isp_lifecycle.inventory.model import DriftState, FoundLine, Line
from isp_lifecycle.workflows.errors import NoLongerAsFound, NothingToMend
from isp_lifecycle.workflows.line import numbers
from isp_lifecycle.workflows.line.device import Target
from isp_lifecycle.workflows.line.existing import LineUnknown, OtherChangeUnfinished, target_of
from isp_lifecycle.workflows.line.light import nothing_to_take_back
from isp_lifecycle.workflows.line.sign_on import sign_on_wanted
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


@dataclass(frozen=True, kw_only=True)
class RecordingCase:
    """What was found, and the line as recorded so far (``before``, with its place as ``old``) and from now on."""

    drift_id: UUID
    service_id: UUID
    olt: str
    key: str
    found: FoundLine | None
    before: Line | None = None
    after: Line | None = None
    old: Target | None = None
    new: Target | None = None
    prefix: str | None = None
    address: str | None = None
    gateway: str | None = None
    delegated: str | None = None
    wan: str | None = None

    def lines(self) -> tuple[Line, Line]:
        """As recorded before and from now on; the first step has seen to both."""
        if self.before is None or self.after is None:
            raise LineUnknown(self.key)
        return self.before, self.after

    def places(self) -> tuple[Target, Target]:
        """Where the line was said to stand, and where it does."""
        if self.old is None or self.new is None:
            raise LineUnknown(self.key)
        return self.old, self.new


def begin(event: RecordingApproved, room: Room) -> RecordingCase:
    """Gather what was agreed to."""
    drift = inventory.drift_by_id(tx=room.tx, drift_id=event.drift_id)
    return RecordingCase(
        drift_id=drift.id,
        service_id=event.service_id,
        olt=event.olt,
        key=drift.what.key,
        found=drift.what.found,
    )


def check(case: RecordingCase, room: Room) -> Did[RecordingCase]:
    """Nobody else is at the line; work out how the record will be."""
    drift = inventory.drift_by_id(tx=room.tx, drift_id=case.drift_id)
    if drift.state is not DriftState.APPROVED:
        raise NothingToMend(case.key, str(drift.state))
    other = unfinished_beside(tx=room.tx, delivery_id=room.delivery_id, service_id=case.service_id)
    if other is not None:
        raise OtherChangeUnfinished(case.key, other)
    before = inventory.line_of_service(tx=room.tx, service_id=case.service_id)
    if before is None or case.found is None:
        raise NothingToRecord(case.key)
    after = _after(before, drift.olt_id, case.found, room)
    held = numbers.held_by(room, owner=case.service_id)
    ipv4 = held.ipv4
    case = replace(
        case,
        before=before,
        after=after,
        old=target_of(case.key, inventory.olt_by_id(tx=room.tx, olt_id=before.olt_id), before),
        new=target_of(case.key, inventory.olt_by_id(tx=room.tx, olt_id=after.olt_id), after),
        prefix=str(ipv4.prefix) if ipv4 else None,
        address=str(ipv4.address) if ipv4 else None,
        gateway=str(ipv4.gateway) if ipv4 and ipv4.gateway else None,
        delegated=held.delegated,
        wan=held.wan,
    )
    old, new = case.places()
    return Did(
        case,
        say("{key}: {old} on record, {new} on the device.", key=case.key, old=_words(old), new=_words(new)),
    )


def _after(before: Line, olt_id: UUID, found: FoundLine, room: Room) -> Line:
    """The record with the place and the ONT that were found. Rates and VLAN stay: they are what was agreed on."""
    after = replace(
        before,
        olt_id=olt_id,
        pon_port=found.pon_port,
        ont_id=found.ont_id,
        serial=found.serial,
        service_port=found.service_port if found.service_port is not None else before.service_port,
    )
    if (after.olt_id, after.pon_port) == (before.olt_id, before.pon_port):
        return after
    return after if _hangs_there(after, room) else replace(after, splitter_code=None, splitter_port=None)


def _hangs_there(line: Line, room: Room) -> bool:
    """Whether the splitter on record hangs on the line's PON port: one that does not is not what the line hangs on."""
    try:
        route = inventory.route(tx=room.tx, splitter_code=line.splitter_code or "", drop_m=0)
    except NotFound:
        return False
    return (route.olt.id, route.pon_port.port) == (line.olt_id, line.pon_port)


def _words(target: Target) -> str:
    return f"{target.place} with {Serial.parse(target.serial).display}"


def give_up(case: RecordingCase, room: Room) -> Did[RecordingCase]:
    """The drift is open again."""
    drift = inventory.drift_by_id(tx=room.tx, drift_id=case.drift_id)
    if drift.state is DriftState.APPROVED:
        inventory.move_drift(tx=room.tx, drift_id=drift.id, to=DriftState.OPEN, at=room.at, by=room.workflow)
    return Did(case, say("The record of {key} stays as it was until somebody decides anew.", key=case.key))


def look(case: RecordingCase, site: Site) -> Did[RecordingCase]:
    """See that the line still stands as it was found; raises NoLongerAsFound."""
    _, new = case.places()
    wanted = new.wanted()
    with site.parts.olts.reader(new.olt, site.transcript) as session:
        found = session.read(wanted)
    ont = found.ont
    if ont is None:
        raise NoLongerAsFound(case.key, new.olt, say("no ONT {serial} stands there", serial=wanted.serial.display))
    if (ont.key, ont.port, ont.ont_id) != (case.key, PonPort.parse(new.pon_port), new.ont_id):
        raise NoLongerAsFound(
            case.key,
            new.olt,
            say(
                "{serial} is {place} ({key})",
                serial=wanted.serial.display,
                place=ont.place,
                key=ont.key or say("without a key"),
            ),
        )
    return Did(case, say("{line} stands there.", line=_words(new)))


def record(case: RecordingCase, room: Room) -> Did[RecordingCase]:
    """The inventory has the line where it was found."""
    before, after = case.lines()
    inventory.record_line(tx=room.tx, line=after)
    lost = before.splitter_code if after.splitter_code is None else None
    says = say(" Splitter {lost} is no longer its own: it hangs on another PON port.", lost=lost) if lost else ""
    return Did(case, say("{line} recorded for {key}.{says}", line=_words(case.places()[1]), key=case.key, says=says))


def record_again(case: RecordingCase, room: Room) -> Did[RecordingCase]:
    """The inventory has the line as before."""
    before, _ = case.lines()
    inventory.record_line(tx=room.tx, line=before)
    return Did(case, say("{line} recorded for {key} again.", line=_words(case.places()[0]), key=case.key))


def tell(case: RecordingCase, site: Site) -> Did[RecordingCase]:
    """Tell RADIUS or DHCP where the line is."""
    return _told(case, case.places()[1], site)


def tell_again(case: RecordingCase, site: Site) -> Did[RecordingCase]:
    """Tell RADIUS or DHCP of the former place again."""
    return _told(case, case.places()[0], site)


def _told(case: RecordingCase, target: Target, site: Site) -> Did[RecordingCase]:
    wanted = sign_on_wanted(
        target=target,
        prefix=case.prefix,
        address=case.address,
        gateway=case.gateway,
        delegated=case.delegated,
        wan=case.wan,
    )
    return Did(case, site.parts.sign_on.change(wanted).words)


def settle(case: RecordingCase, room: Room) -> Did[RecordingCase]:
    """The drift is settled."""
    inventory.move_drift(tx=room.tx, drift_id=case.drift_id, to=DriftState.RECORDED, at=room.at, by=room.workflow)
    return Did(case, say("{key} is on record as it stands on {olt}.", key=case.key, olt=case.olt))


LINE_RECORDING = Workflow(
    name="line_recording",
    starts_on=(RecordingApproved,),
    case=RecordingCase,
    begin=begin,
    alone=True,
    steps=(
        DatabaseStep(say("Check that it is to be recorded"), do=check, undo=give_up, always_undone=True),
        OutsideStep(
            say("Look at the line once more"),
            do=look,
            verify=Unobservable(say("looking changes nothing")),
            undo=nothing_to_take_back,
            turn=lambda case: f"olt:{case.olt}",
        ),
        DatabaseStep(say("Record the line as found"), do=record, undo=record_again),
        OutsideStep(
            say("Change RADIUS and DHCP"),
            do=tell,
            verify=Unobservable(say("the port has no way to look")),
            undo=tell_again,
        ),
        DatabaseStep(
            say("Note that it is recorded"),
            do=settle,
            undo=Irreversible(
                say("The record is as the device is; a repair brings the device to what it was instead.")
            ),
        ),
    ),
)
