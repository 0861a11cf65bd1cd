"""The run state of ONTs: who is dark, who was found, who ranges, who is online.

Run state is volatile: at start it is derived from plant and configuration, afterwards every change in either makes
`follow` compare what should be with what is, and schedule the difference with a device's delays. A scheduled step that
was overtaken by another change recognises that by the link's `epoch` and does nothing.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from isp_lifecycle.lab.activity import Activity
from isp_lifecycle.lab.alarms import AUTOFOUND, DYING_GASP, FEEDER_LOS, ONT_LOS, ONT_ONLINE, Alarm, AlarmKind
from isp_lifecycle.lab.optics import Levels
from isp_lifecycle.lab.pace import CONFIGURING, CONFIGURING_STARTS, RANGING, WAKE, Pace, Span, Timeline
from isp_lifecycle.lab.plant import Box, Plant, Route
from isp_lifecycle.lab.town import OltSite

PonKey = tuple[int, int]  # slot, port
OntKey = tuple[int, int, int]  # slot, port, ONT id


@dataclass(slots=True, kw_only=True)
class RunHistory:
    """When an ONT last came and went, and why; aware UTC. Not configuration, but remembered with it, as devices do."""

    last_up: datetime | None = None
    last_down: datetime | None = None
    last_gasp: datetime | None = None
    down_cause: str | None = None
    distance_m: int | None = None


class Registered(Protocol):
    """What links need of a registered ONT."""

    slot: int
    port: int
    id: int
    serial: str
    active: bool
    history: RunHistory


class Registry(Protocol):
    """What links need of a device's configuration; ports as slot and port."""

    autofind_ports: list[PonKey]
    dark_ports: list[PonKey]

    def ont(self, key: OntKey) -> Registered | None: ...

    def ont_by_serial(self, serial: str) -> Registered | None: ...


class Chassis(Protocol):
    """What links need of the device they belong to."""

    frame: int

    site: OltSite
    plant: Plant
    pace: Pace
    timeline: Timeline
    activity: Activity
    booting: bool

    @property
    def configuration(self) -> Registry: ...

    @property
    def name(self) -> str: ...

    def now(self) -> datetime: ...

    def remember(self) -> None: ...

    def raise_alarm(self, alarm: Alarm) -> None: ...


class Phase(StrEnum):
    """How far a box has come with this OLT."""

    DARK = "dark"  #: no light between the two
    WAKING = "waking"  #: light, but the OLT has not noticed yet
    FOUND = "found"  #: noticed and not registered: it stands in the autofind list
    RANGING = "ranging"  #: registered, on its way to operation
    ONLINE = "online"  #: in operation


@dataclass(slots=True)
class Link:
    """One box and this OLT."""

    serial: str
    phase: Phase = Phase.DARK
    config_state: str = "initial"
    slot: int = -1
    port: int = -1
    found_at: datetime | None = None
    since: float = 0.0
    epoch: int = 0
    waiting: bool = False
    levels: Levels | None = None
    distance_m: int = 0


@dataclass(frozen=True, slots=True)
class Light:
    """What reaches the OLT from a box at this moment; `why_dark` is the reason when nothing does."""

    slot: int
    port: int
    levels: Levels
    distance_m: int
    why_dark: AlarmKind | None

    @property
    def shines(self) -> bool:
        """Whether the two can talk."""
        return self.why_dark is None


CAUSES = {DYING_GASP.code: "dying-gasp", ONT_LOS.code: "LOSi/LOBi", FEEDER_LOS.code: "LOS"}


@dataclass(slots=True)
class Links:
    """All links of one OLT."""

    device: Chassis
    _links: dict[str, Link] = field(default_factory=dict)

    # what one may ask

    def of(self, serial: str) -> Link:
        """Return the link with this serial number; a box nobody ever saw is dark."""
        return self._links.get(serial) or Link(serial)

    def of_ont(self, ont: Registered) -> Link:
        """Return the link of a registered ONT, dark when its box answers on another port."""
        link = self.of(ont.serial)
        here = link.phase in (Phase.RANGING, Phase.ONLINE) and (link.slot, link.port) == (ont.slot, ont.port)
        return link if here else Link(ont.serial)

    def online(self, ont: Registered) -> bool:
        """Tell whether a registered ONT works."""
        return self.of_ont(ont).phase is Phase.ONLINE

    def found(self) -> list[Link]:
        """Return the autofind list in order of discovery."""
        return sorted(
            (link for link in self._links.values() if link.phase is Phase.FOUND and link.found_at),
            key=lambda link: (link.found_at or self.device.now(), link.serial),
        )

    def light(self, box: Box) -> Light | None:
        """Return what this OLT sees of a box, or None when the box hangs on no fibre of this OLT."""
        if box.premises_code is None:
            return None
        route = self.device.plant.path(box.premises_code)
        if route is None or route.olt != self.device.site.name:
            return None
        levels = self.device.plant.levels(box, route)
        _, slot, port = (int(part) for part in route.pon_port.split("/"))
        why = self._why_dark(box, route, levels, (slot, port))
        return Light(slot, port, levels, route.budget.distance_m, why)

    def _why_dark(self, box: Box, route: Route, levels: Levels, place: tuple[int, int]) -> AlarmKind | None:
        if place in self.device.configuration.dark_ports:
            return FEEDER_LOS
        if route.cut_at:
            return FEEDER_LOS if route.cut_at.startswith("pon:") else ONT_LOS
        if not box.powered:
            return DYING_GASP
        return None if levels.workable else ONT_LOS

    # what happens

    def derive(self) -> None:
        """Put every link where it would be after all delays, for a start that nobody should notice."""
        for link in self._links.values():
            self._overtake(link)
        self._links.clear()
        for serial, box in self.device.plant.state.boxes.items():
            light = self.light(box)
            if light is None or not light.shines:
                continue
            link = self._links[serial] = Link(serial)
            self._see(link, light)
            if self._registered(link):
                link.phase, link.config_state = Phase.ONLINE, "normal"
            elif (link.slot, link.port) in self.device.configuration.autofind_ports:
                link.phase, link.found_at = Phase.FOUND, self.device.now()
            else:
                link.phase = Phase.WAKING

    def follow(self) -> None:
        """Let every link follow a change of plant or configuration."""
        if self.device.booting:
            return
        for serial, box in self.device.plant.state.boxes.items():
            link = self._links.setdefault(serial, Link(serial))
            self._follow_one(link, self.light(box))

    def stop(self) -> None:
        """Lose every link, as a restart does, without alarms."""
        for link in self._links.values():
            if link.phase in (Phase.ONLINE, Phase.RANGING):
                self._record_down(link, "LOS")
            link.phase, link.config_state = Phase.DARK, "initial"
            self._overtake(link)

    def restart(self, key: OntKey, *, cause: str) -> None:
        """Send one online ONT through ranging again, as `ont reset` does."""
        ont = self.device.configuration.ont(key)
        if ont is None:
            return
        link = self.of_ont(ont)
        if link.phase is Phase.ONLINE:
            self._record_down(link, cause)
            link.phase, link.config_state = Phase.WAKING, "initial"
            self._later(link, WAKE, self._woken)
            self.device.remember()

    def forget(self, ont: Registered) -> None:
        """Record that an ONT goes down because another box is about to take its place."""
        link = self.of_ont(ont)
        if link.phase is Phase.ONLINE:
            self._record_down(link, "deactivate")

    def _follow_one(self, link: Link, light: Light | None) -> None:
        moved = light is not None and (light.slot, light.port) != (link.slot, link.port)
        if light is None or not light.shines or (moved and link.phase is not Phase.DARK):
            self._darken(link, light.why_dark if light and not moved else None)
            if light is None or not light.shines:
                return
        self._see(link, light)
        ont = self._registered(link)
        if link.phase is Phase.DARK:
            link.phase = Phase.WAKING
            self._later(link, WAKE, self._woken)
        elif link.phase is Phase.FOUND and (ont or not self._searched(link)):
            self._woken(link)
        elif link.phase in (Phase.RANGING, Phase.ONLINE) and ont is None:
            self._dismissed(link)
        elif link.phase is Phase.WAKING and not link.waiting and (ont or self._searched(link)):
            self._later(link, WAKE, self._woken)

    def _see(self, link: Link, light: Light) -> None:
        link.slot, link.port, link.levels, link.distance_m = light.slot, light.port, light.levels, light.distance_m

    def _registered(self, link: Link) -> Registered | None:
        ont = self.device.configuration.ont_by_serial(link.serial)
        return ont if ont and ont.active and (ont.slot, ont.port) == (link.slot, link.port) else None

    def _searched(self, link: Link) -> bool:
        return (link.slot, link.port) in self.device.configuration.autofind_ports

    def _later(self, link: Link, span: Span, act: Callable[[Link], None]) -> None:
        self._overtake(link)
        epoch, link.waiting = link.epoch, True

        def due() -> None:
            if link.epoch == epoch:
                link.waiting = False
                act(link)

        self.device.timeline.after(self.device.pace.seconds(span), due)

    def _overtake(self, link: Link) -> None:
        """Make whatever was scheduled for this link void."""
        link.epoch, link.waiting = link.epoch + 1, False

    def _woken(self, link: Link) -> None:
        """The OLT notices a box: it starts ranging if registered, else it is listed or stays unseen."""
        if self._registered(link):
            link.phase, link.found_at, link.since = Phase.RANGING, None, time.time()
            self._later(link, RANGING, self._ranged)
            return
        ont = self.device.configuration.ont_by_serial(link.serial)
        deactivated = ont is not None and not ont.active and (ont.slot, ont.port) == (link.slot, link.port)
        if deactivated or not self._searched(link):
            link.phase, link.found_at = Phase.WAKING, None
            self._overtake(link)
            return
        link.phase, link.found_at = Phase.FOUND, self.device.now()
        self._alarm(AUTOFOUND, link)

    def _ranged(self, link: Link) -> None:
        ont = self._registered(link)
        if ont is None:
            return
        link.phase, link.config_state = Phase.ONLINE, "initial"
        ont.history.last_up, ont.history.distance_m = self.device.now(), link.distance_m
        self.device.remember()
        self._note(link, "ranging")
        self._alarm(ONT_ONLINE, link)
        self._later(link, CONFIGURING_STARTS, self._configuring)

    def _configuring(self, link: Link) -> None:
        link.config_state = "config"
        self._later(link, CONFIGURING, self._configured)

    def _configured(self, link: Link) -> None:
        link.config_state = "normal"
        self._note(link, "config")

    def _note(self, link: Link, kind: str) -> None:
        what = f"0/{link.slot}/{link.port} {link.serial}"
        ranging = kind == "ranging"
        self.device.activity.note(
            olt=self.device.name, kind="ranging" if ranging else "config", what=what, started=link.since
        )
        link.since = time.time()

    def _dismissed(self, link: Link) -> None:
        """A working ONT was deactivated, deleted or replaced: it falls off and is noticed again later."""
        if link.phase is Phase.ONLINE:
            self._record_down(link, "deactivate")
        link.phase, link.config_state = Phase.WAKING, "initial"
        self._later(link, WAKE, self._woken)

    def _darken(self, link: Link, why: AlarmKind | None) -> None:
        was = link.phase
        link.phase, link.config_state, link.found_at = Phase.DARK, "initial", None
        self._overtake(link)
        if was in (Phase.ONLINE, Phase.RANGING):
            kind = why or ONT_LOS
            self._record_down(link, CAUSES[kind.code])
            self.device.remember()
            self._alarm(kind, link)

    def _record_down(self, link: Link, cause: str) -> None:
        ont = self.device.configuration.ont_by_serial(link.serial)
        if ont is None:
            return
        ont.history.last_down, ont.history.down_cause = self.device.now(), cause
        if cause == "dying-gasp":
            ont.history.last_gasp = ont.history.last_down

    def _alarm(self, kind: AlarmKind, link: Link) -> None:
        ont = self.device.configuration.ont_by_serial(link.serial)
        self.device.raise_alarm(
            Alarm(
                kind=kind,
                at=self.device.now(),
                slot=link.slot,
                port=link.port,
                ont=ont.id if ont else None,
                serial=link.serial,
                frame=self.device.frame,
            )
        )
