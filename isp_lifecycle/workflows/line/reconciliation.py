"""Reconciliation: one OLT is read whole and compared with the records; what differs is noted with what would mend it.

It changes nothing. What a delivery is doing, or has stopped while doing, is left to that delivery; what changed while
the OLT was read is not judged either, since only what differs from the records of before and of after counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from uuid import UUID

from isp_lifecycle.drivers.contract import BoardFound, LineWanted, OltFound, OltSession, OntFound, Plan, PonPort, Serial
from isp_lifecycle.drivers.discovery import board_news
from isp_lifecycle.drivers.drift import Built, Drift, DriftKind, Expected, drifts
from isp_lifecycle.events.views import at_devices
from isp_lifecycle.events.vocabulary import ReconciliationDue
from isp_lifecycle.foundation.db import Tx, read
from isp_lifecycle.foundation.errors import NeedsPerson, Refused
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.terms import OntMode
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import (
    CardSeen,
    DriftFound,
    FoundLine,
    Line,
    Olt,
    Reconciliation,
    Remedy,
    Service,
    ServiceState,
    is_service_code,
    standing,
)
from isp_lifecycle.workflows.line.device import expected_service, told
from isp_lifecycle.workflows.line.existing import target_of
from isp_lifecycle.workflows.parts import Parts
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

#: A plan takes a handful of commands; more than so many differing lines are one cause, which is mended first.
PLANNED_AT_MOST = 100
#: More than so many are noted by their number only.
NOTED_AT_MOST = 1000

_NOT_PLANNED = say("So many lines differ that plans were made for the first ones only; mend those, then compare again.")
_BY_HAND = say("Nothing on record says what it should be.")
_REMOVED = frozenset({DriftKind.ELSEWHERE, DriftKind.LEFT})
_LOOKED_AT = frozenset({DriftKind.FLOW_LEFT, DriftKind.UNRECORDED})


@dataclass(frozen=True, kw_only=True)
class ReconciliationCase:
    """The OLT, and what was found: the first `NOTED_AT_MOST` drifts of ``differing``."""

    olt: str
    began_at: datetime | None = None
    onts: int = 0
    service_ports: int = 0
    differing: int = 0
    strangers: int = 0
    unread: str = ""
    found: tuple[DriftFound, ...] = ()
    undecided: tuple[str, ...] = ()
    """What this comparison cannot call gone: in a delivery's hands, changed while it read, or beyond what is noted."""
    cards: tuple[CardSeen, ...] | None = None
    """What stands in its slots; None where no card is on record, so that nothing was asked."""
    changed_cards: tuple[str, ...] = ()


def begin(event: ReconciliationDue, room: Room) -> ReconciliationCase:
    """The event names the OLT."""
    return ReconciliationCase(olt=event.olt)


# --- looking ----------------------------------------------------------------------------------------------------------


def compare(case: ReconciliationCase, site: Site) -> Did[ReconciliationCase]:
    """Read everything on the OLT, compare, and plan the repair of what differs."""
    parts, began = site.parts, site.parts.clock.now()
    with read(parts.engine) as tx:
        olt = inventory.olt_by_name(tx=tx, name=case.olt)
        ports = tuple(PonPort.parse(one.port) for one in inventory.pon_ports_of(tx=tx, olt_id=olt.id))
        before = _Records.read(tx, olt)
        cards = inventory.cards_of(tx=tx, olt_id=olt.id)
    with parts.olts.reader(case.olt, site.transcript) as session:
        found = session.everything(ports, closely=before.closely)
        boards = session.boards() if cards else ()
        with read(parts.engine) as tx:
            after = _Records.read(tx, olt)
            expected = [records.expected(tx, found, session, parts) for records in (before, after)]
        seen = [list(drifts(one, found)) for one in expected]
        lasting = set(seen[0])
        differing = [one for one in seen[1] if one in lasting]
        known = [one for one in differing if one.kind is not DriftKind.STRANGER]
        planned = _Planning(session, olt, found, after, expected[1], parts).all(known)
    strangers = len(differing) - len(known)
    undecided = {_subject(one) for both in seen for one in both if one.kind is not DriftKind.STRANGER}
    undecided |= expected[0].busy | expected[1].busy
    case = replace(
        case,
        began_at=began,
        onts=len(found.onts),
        service_ports=len(found.service_ports),
        differing=len(planned),
        strangers=strangers,
        unread=found.unread,
        found=tuple(planned[:NOTED_AT_MOST]),
        undecided=tuple(sorted(undecided)),
        cards=tuple(_card(board) for board in boards) if cards else None,
        changed_cards=tuple(news.text for news in board_news(boards, cards=standing(cards))),
    )
    return Did(case, _words(case))


def _card(board: BoardFound) -> CardSeen:
    ports = tuple(str(port) for port in board.pon_ports)
    return CardSeen(place=board.place, model=board.model, state=board.state, ports=ports)


def _words(case: ReconciliationCase) -> str:
    differ = (
        say("{differing} differ from the records", differing=case.differing)
        if case.differing
        else say("all as recorded")
    )
    strangers = say("; {strangers} ONTs that nobody took note of", strangers=case.strangers) if case.strangers else ""
    cards = "".join(f"; card {news}" for news in case.changed_cards)
    return say(
        "{olt}: {onts} ONTs and {service_ports} service ports, {differ}{strangers}{cards}.",
        olt=case.olt,
        onts=case.onts,
        service_ports=case.service_ports,
        differ=differ,
        strangers=strangers,
        cards=cards,
    )


@dataclass(frozen=True)
class _Records:
    """The lines of one OLT as the inventory has them, and what is in a delivery's hands, at one instant."""

    olt: Olt
    lines: Mapping[str, tuple[Service, Line]]
    busy: frozenset[UUID]
    strangers: frozenset[Serial]

    @classmethod
    def read(cls, tx: Tx, olt: Olt) -> _Records:
        lines = {service.code: (service, line) for service, line in inventory.lines_on(tx=tx, olt_id=olt.id)}
        noted = inventory.adopted_onts(tx=tx, olt_id=olt.id)
        return cls(olt, lines, at_devices(tx=tx), frozenset(Serial(one.line.serial) for one in noted))

    @property
    def closely(self) -> frozenset[PonPort]:
        """The PON ports of lines that have tags of their own, or whose ONTs are told what to do."""
        lines = (line for _, line in self.lines.values())
        told = (line for line in lines if line.inner_vlan is not None or line.ont_mode is not OntMode.BRIDGE)
        return frozenset(PonPort.parse(line.pon_port) for line in told)

    def expected(self, tx: Tx, found: OltFound, session: OltSession, parts: Parts) -> Expected:
        """What should stand there; services without a line here are looked up by the codes that were found."""
        codes = sorted({ont.key for ont in found.onts if is_service_code(ont.key)} - self.lines.keys())
        others = inventory.services_with_olts(tx=tx, codes=codes)
        built = {code: _built(service, line, self.olt, parts) for code, (service, line) in self.lines.items()}
        services = [*(service for service, _ in self.lines.values()), *(service for service, _ in others)]
        in_hands = {service.code for service in services if service.id in self.busy}
        return Expected(
            lines={code: line for code, line in built.items() if line is not None},
            states={service.code: str(service.state) for service in services},
            gem_port=session.access.profile.gem_port,
            ours=is_service_code,
            elsewhere={service.code: olt for service, olt in others if olt is not None and olt != self.olt.name},
            busy=frozenset(in_hands | {code for code, line in built.items() if line is None}),
            strangers=self.strangers,
        )


def _built(service: Service, line: Line, olt: Olt, parts: Parts) -> Built | None:
    """None for a line that is being built or should be gone: the records do not say how it should stand."""
    if service.state not in (ServiceState.ACTIVE, ServiceState.SUSPENDED):
        return None
    target = target_of(service.code, olt, line)
    return Built(
        inner=line.inner_vlan,
        ont=expected_service(target, parts.settings.network),
        on_ont=target.on_ont,
        key=service.code,
        port=PonPort.parse(line.pon_port),
        ont_id=line.ont_id,
        serial=Serial(line.serial),
        vlan=line.vlan,
        rates=(line.down_kbps, line.up_kbps),
        enabled=line.enabled if service.state is ServiceState.SUSPENDED else True,
        state=str(service.state),
    )


# --- planning ---------------------------------------------------------------------------------------------------------


class _Planning:
    """One open session with what it found: the plan of each line that differs."""

    def __init__(
        self, session: OltSession, olt: Olt, found: OltFound, records: _Records, expected: Expected, parts: Parts
    ) -> None:
        self._parts = parts
        self._session = session
        self._olt = olt
        self._found = found
        self._records = records
        self._others = frozenset(expected.states)
        self._planned = 0

    def all(self, differing: Sequence[Drift]) -> list[DriftFound]:
        """Every line's differences together, since one plan mends them all."""
        ordered = sorted(differing, key=_subject)
        return [self._one(key, tuple(group)) for key, group in groupby(ordered, _subject)]

    def _one(self, key: str, group: tuple[Drift, ...]) -> DriftFound:
        kinds = {one.kind for one in group}
        recorded = key in self._records.lines
        if kinds & _LOOKED_AT:
            remedy = Remedy.LOOK
        elif kinds & _REMOVED or not recorded:
            remedy = Remedy.REMOVE
        else:
            remedy = Remedy.REPAIR
        plan, obstacle = self._plan(key, group, remedy)
        ont = self._standing(group, removed=remedy is Remedy.REMOVE)
        return DriftFound(
            key=key,
            kinds=tuple(str(one.kind) for one in group),
            differences=tuple(one.what for one in group),
            remedy=remedy,
            plan=plan.text() if plan else "",
            commands=plan.shown_commands if plan else (),
            obstacle=obstacle,
            found=self._as_found(ont) if ont is not None else None,
        )

    def _plan(self, key: str, group: tuple[Drift, ...], remedy: Remedy) -> tuple[Plan | None, str]:
        if remedy is Remedy.LOOK:
            return None, _BY_HAND
        if self._planned >= PLANNED_AT_MOST:
            return None, _NOT_PLANNED
        self._planned += 1
        try:
            if remedy is Remedy.REMOVE:
                (ont, *_) = [one.ont for one in group if one.ont is not None]
                wanted = standing_line(self._olt.uplink, self._as_found(ont), key)
                return self._session.plan_removal(self._session.read(wanted), key), ""
            service, line = self._records.lines[key]
            wanted = told(target_of(service.code, self._olt, line), self._parts)
            return self._session.plan_repair(self._session.read(wanted), wanted, others=self._others - {key}), ""
        except (Refused, NeedsPerson) as error:
            return None, f"{error.message} {error.remedy}".strip()

    def _standing(self, group: tuple[Drift, ...], *, removed: bool) -> OntFound | None:
        """The ONT that is this line on the device: of two, none is, unless both are to go."""
        onts = {one.ont.place: one.ont for one in group if one.ont is not None}
        if removed:
            return next(iter(onts.values()), None)
        twice = any(one.kind is DriftKind.ONT_TWICE for one in group)
        return next(iter(onts.values())) if len(onts) == 1 and not twice else None

    def _as_found(self, ont: OntFound) -> FoundLine:
        flows = [flow for flow in self._found.service_ports if (flow.port, flow.ont_id) == (ont.port, ont.ont_id)]
        flow = flows[0] if flows else None
        return FoundLine(
            pon_port=str(ont.port),
            ont_id=ont.ont_id,
            serial=ont.serial.normal,
            enabled=ont.enabled,
            vlan=flow.vlan if flow else None,
            service_port=flow.index if flow else None,
            down_kbps=flow.down.kbps if flow and flow.down else None,
            up_kbps=flow.up.kbps if flow and flow.up else None,
        )


def standing_line(uplink: str, found: FoundLine, key: str) -> LineWanted:
    """A line as it stands on the device, to be taken away; what is not known of it is as a question needs it."""
    return LineWanted(
        key=key,
        port=PonPort.parse(found.pon_port),
        serial=Serial(found.serial),
        vlan=found.vlan if found.vlan and 2 <= found.vlan <= 4093 else 2,
        uplink=uplink,
        down_kbps=max(found.down_kbps or 0, 64),
        up_kbps=max(found.up_kbps or 0, 64),
        ont_id=found.ont_id,
    )


def _subject(drift: Drift) -> str:
    """The line that it concerns, or the place of what is no line's."""
    return drift.key or drift.place


# --- recording --------------------------------------------------------------------------------------------------------


def record(case: ReconciliationCase, room: Room) -> Did[ReconciliationCase]:
    """Note what was found; open drifts that were not found again are gone."""
    olt = inventory.olt_by_name(tx=room.tx, name=case.olt)
    one = Reconciliation(
        id=new_id(),
        olt_id=olt.id,
        began_at=case.began_at or room.at,
        finished_at=room.at,
        onts=case.onts,
        service_ports=case.service_ports,
        drifts=case.differing,
        strangers=case.strangers,
        unread=case.unread,
    )
    if case.cards is not None:
        inventory.keep_cards(tx=room.tx, olt_id=olt.id, seen=case.cards, at=room.at)
    inventory.record_reconciliation(tx=room.tx, one=one, found=case.found, undecided=case.undecided)
    return Did(case, say("{number} noted.", number=case.differing) if case.differing else say("Nothing differs."))


_READS = say("It changes nothing on the OLT.")

RECONCILIATION = Workflow(
    name="reconciliation",
    starts_on=(ReconciliationDue,),
    case=ReconciliationCase,
    begin=begin,
    steps=(
        OutsideStep(
            say("Read the OLT and compare"), do=compare, verify=Unobservable(_READS), undo=Irreversible(_READS)
        ),
        DatabaseStep(
            say("Note what differs"),
            do=record,
            undo=Irreversible(say("What was found stays on record until the next time.")),
        ),
    ),
)
