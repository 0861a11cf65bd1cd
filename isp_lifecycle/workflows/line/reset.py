"""The reset of an ONT: told to start anew, seen to go down, and seen to come back with its configuration and its light.

How long it had been up is read from the OLT before, and kept: a worker that comes later compares with that whether it
has gone since, by the OLT's own clock, and does not reset it a second time.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID

from isp_lifecycle.drivers.contract import OltSession, OntLife, OntStatus, PonPort, Serial
from isp_lifecycle.drivers.errors import OntMissing
from isp_lifecycle.events.views import unfinished_beside
from isp_lifecycle.events.vocabulary import OntResetRequested
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import ServiceState
from isp_lifecycle.workflows.errors import (
    ConfigurationRefused,
    OntDidNotComeBack,
    OntElsewhere,
    ResetNotTaken,
    ServiceNotActive,
)
from isp_lifecycle.workflows.line.device import Light, Target
from isp_lifecycle.workflows.line.existing import LineUnknown, OtherChangeUnfinished, target_of
from isp_lifecycle.workflows.line.light import keep_reading, nothing_to_take_back
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
class ResetCase:
    """The line, since when its ONT was up before the reset, and the light when it was back."""

    service_id: UUID
    service_code: str
    olt: str
    target: Target | None
    before: OntLife | None = None
    light: Light | None = None

    def on_device(self) -> Target:
        """The line; the first step has made sure that there is one."""
        if self.target is None:
            raise LineUnknown(self.service_code)
        return self.target


def begin(event: OntResetRequested, room: Room) -> ResetCase:
    """Gather the line."""
    return _gathered(event.service_id, room)


def _gathered(service_id: UUID, room: Room) -> ResetCase:
    service = inventory.service_by_id(tx=room.tx, service_id=service_id)
    line = inventory.line_of_service(tx=room.tx, service_id=service.id)
    olt = inventory.olt_by_id(tx=room.tx, olt_id=line.olt_id) if line else None
    return ResetCase(
        service_id=service.id,
        service_code=service.code,
        olt=olt.name if olt else "",
        target=target_of(service.code, olt, line) if olt and line else None,
    )


def check(case: ResetCase, room: Room) -> Did[ResetCase]:
    """The service is in use, its line is on record, and nobody else is at it."""
    other = unfinished_beside(tx=room.tx, delivery_id=room.delivery_id, service_id=case.service_id)
    if other is not None:
        raise OtherChangeUnfinished(case.service_code, other)
    service = inventory.service_by_id(tx=room.tx, service_id=case.service_id)
    if service.state not in (ServiceState.ACTIVE, ServiceState.SUSPENDED):
        raise ServiceNotActive(code=service.code, state=service.state)
    case = _gathered(case.service_id, room)
    return Did(
        case, say("{service_code} stands at {place}.", service_code=case.service_code, place=case.on_device().place)
    )


def look(case: ResetCase, site: Site) -> Did[ResetCase]:
    """Since when the ONT is up, and the plan. Raises OntOffline: one that is off cannot be told anything."""
    target = case.on_device()
    with _at(target, site) as (olt, status):
        life = _life(olt, target)
        plan = olt.plan_reset(status)
    return Did(replace(case, before=life), f"{_since(life)}\n{plan.text()}")


def reset(case: ResetCase, site: Site) -> Did[ResetCase]:
    """Tell it to start anew, unless it has gone since it was looked at: then that has happened already."""
    target, before = case.on_device(), _known(case)
    with _at(target, site, writer=True) as (olt, status):
        life = _life(olt, target)
        if life.left_since(before):
            return Did(case, say("It has gone down since it was looked at, so it is not told again."))
        plan = olt.plan_reset(status)
        site.still_mine()
        olt.apply(plan)
    return Did(case, say("{place} was told: {commands}.", place=target.place, commands="; ".join(plan.commands)))


def has_gone(case: ResetCase, site: Site) -> None:
    """Watch it go down, or find it back already; raises ResetNotTaken."""
    target, before = case.on_device(), _known(case)
    limit = site.parts.settings.network.online_within_seconds
    for waited in _looks(site):
        with _at(target, site) as (olt, _now):
            if _life(olt, target).left_since(before):
                return
        if waited >= limit:
            raise ResetNotTaken(serial=_label(target), place=target.place, seconds=limit)


def wait_until_back(case: ResetCase, site: Site) -> Did[ResetCase]:
    """Watch it come back with its configuration, and read its light. Raises OntDidNotComeBack, ConfigurationRefused."""
    target, before = case.on_device(), _known(case)
    limit = site.parts.settings.network.reset_within_seconds
    for waited in _looks(site):
        with _at(target, site) as (olt, status):
            back = _life(olt, target).back_since(before)
            if back and status.working:
                light = _light(olt, target, status)
                return Did(
                    replace(case, light=light),
                    say(
                        "{place} is back after {seconds:.0f} s: {light}",
                        place=target.place,
                        seconds=waited,
                        light=light.words,
                    ),
                )
        if waited >= limit:
            if back:
                raise ConfigurationRefused(place=target.place, config=status.config_state, match=status.match_state)
            raise OntDidNotComeBack(
                serial=_label(target),
                place=target.place,
                seconds=limit,
                state=status.run_state,
                cause=status.last_down_cause,
            )
    raise AssertionError("it is looked at until the limit")


def note(case: ResetCase, room: Room) -> Did[ResetCase]:
    """Keep the light that was read as a reading of the line."""
    keep_reading(case.service_id, case.on_device(), case.light, room)
    return Did(case, say("The ONT of {service_code} was reset and is back.", service_code=case.service_code))


def _looks(site: Site) -> Iterator[float]:
    """The seconds waited so far before each look, with a pause between two."""
    clock, pause = site.parts.clock, threading.Event()
    began = clock.now()
    while True:
        site.still_mine()
        yield (clock.now() - began).total_seconds()
        pause.wait(site.parts.settings.network.poll_seconds)


@contextmanager
def _at(target: Target, site: Site, *, writer: bool = False) -> Iterator[tuple[OltSession, OntStatus]]:
    """A session, with how the line's own ONT is; raises OntElsewhere where another, or none, stands in its place."""
    olts = site.parts.olts
    if site.person_asked:
        olts.forget_refusal(target.olt)
    opened = olts.writer if writer else olts.reader
    with opened(target.olt, site.transcript) as olt:
        yield olt, _status(olt, target)


def _status(olt: OltSession, target: Target) -> OntStatus:
    try:
        status = olt.ont_status(PonPort.parse(target.pon_port), target.ont_id or 0)
    except OntMissing as missing:
        raise OntElsewhere(serial=_label(target), place=target.place, found=say("there is no ONT")) from missing
    if status.serial != Serial.parse(target.serial):
        raise OntElsewhere(
            serial=_label(target), place=target.place, found=say("the ONT there is {serial}", serial=status.serial)
        )
    return status


def _life(olt: OltSession, target: Target) -> OntLife:
    return olt.ont_life(PonPort.parse(target.pon_port), target.ont_id or 0)


def _light(olt: OltSession, target: Target, status: OntStatus) -> Light:
    levels = olt.optical(status.port, status.ont_id)
    said = (
        say("{level:.2f} dBm at the ONT", level=levels.ont_rx_dbm)
        if levels.ont_rx_dbm is not None
        else say("no level shown")
    )
    return Light(
        ont_rx_dbm=levels.ont_rx_dbm,
        ont_tx_dbm=levels.ont_tx_dbm,
        olt_rx_dbm=levels.olt_rx_dbm,
        distance_m=status.distance_m,
        words=f"online, {said}.",
    )


def _since(life: OntLife) -> str:
    return (
        say("It has been up for {time}.", time=life.up_words)
        if life.up_words
        else say("The OLT does not tell since when it is up.")
    )


def _label(target: Target) -> str:
    return Serial.parse(target.serial).display


def _known(case: ResetCase) -> OntLife:
    if case.before is None:
        raise AssertionError("the look before the reset keeps since when the ONT is up")
    return case.before


ONT_RESET = Workflow(
    name="ont_reset",
    starts_on=(OntResetRequested,),
    case=ResetCase,
    begin=begin,
    alone=True,
    steps=(
        DatabaseStep(say("Find the line"), do=check, undo=nothing_to_take_back),
        OutsideStep(
            say("Look at the ONT"), do=look, verify=Unobservable(say("it only looks")), undo=nothing_to_take_back
        ),
        OutsideStep(
            say("Reset the ONT"),
            do=reset,
            verify=has_gone,
            undo=Irreversible(say("An ONT that has started anew cannot be brought back to before.")),
            turn=lambda case: case.on_device().turn,
        ),
        OutsideStep(
            say("Wait for the ONT to come back"),
            do=wait_until_back,
            verify=Unobservable(say("it only watches")),
            undo=nothing_to_take_back,
        ),
        DatabaseStep(say("Keep what was measured"), do=note, undo=Irreversible(say("A reading stays what it was."))),
    ),
)
