"""One OLT: its configuration, the run state of its ONTs, its alarms, and its memory on disk. Makers' devices extend it.

Commands change `configuration` and then call `commit`, which writes the disk and lets the links follow. What light
does is not decided here but looked up in the plant, whenever the plant or the configuration changes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from pydantic import TypeAdapter, ValidationError

from isp_lifecycle.lab.activity import Activity
from isp_lifecycle.lab.alarms import Alarm
from isp_lifecycle.lab.disk import replace_file
from isp_lifecycle.lab.faults import Faults
from isp_lifecycle.lab.links import Links, OntKey, Registered, Registry
from isp_lifecycle.lab.pace import BOOT, SAVING, Pace, Timeline, wall_clock
from isp_lifecycle.lab.plant import Plant, PlantRefused
from isp_lifecycle.lab.town import OltSite

ALARMS_KEPT = 200


@dataclass(slots=True)
class LastLogin:
    """What the login block tells about earlier sessions."""

    came: datetime
    left: datetime | None
    address: str


class Entry(Registered, Protocol):
    """A registered ONT with the key of the line that it carries."""

    description: str

    @property
    def key(self) -> OntKey: ...


class Inventory(Registry, Protocol):
    """What the lab asks of any maker's configuration."""

    sysname: str

    def ont_by_serial(self, serial: str) -> Entry | None:
        """The ONT with this serial number (16 hex digits), or None."""
        ...

    @property
    def registered(self) -> Sequence[Entry]:
        """Every registered ONT."""
        ...

    @property
    def flow_count(self) -> int:
        """Service ports on the whole OLT."""
        ...

    def vlans_of(self, key: OntKey) -> list[int]:
        """The VLANs of one ONT's service ports."""
        ...


class Device[C: Inventory](ABC):
    """The state of one OLT and everything that changes it."""

    frame: int
    """The first number of its ports."""

    def __init__(
        self,
        site: OltSite,
        *,
        plant: Plant,
        pace: Pace,
        timeline: Timeline,
        activity: Activity,
        folder: Path | None = None,
        now: Callable[[], datetime] = wall_clock,
    ) -> None:
        self.site = site
        self.plant = plant
        self.pace = pace
        self.timeline = timeline
        self.activity = activity
        self._wall = now
        self._ahead = timedelta()
        self.faults = Faults()
        self.started_at = self.now()
        self.saving = False
        self.booting = False
        self.alarms: deque[Alarm] = deque(maxlen=ALARMS_KEPT)
        self.on_alarm: list[Callable[[Alarm], None]] = []
        self.on_console: list[Callable[[str], None]] = []
        self.on_reboot: list[Callable[[], None]] = []
        self.last_login: LastLogin | None = None
        self.failed_logins = 0
        self.accounts: dict[str, str] = {}
        self.touched = False
        """Whether it is no longer what its town makes of it."""
        self._alarm_number = 0
        self._life = 0
        self._file = folder / f"{site.name}.json" if folder else None
        self._saved_file = folder / f"{site.name}.saved.json" if folder else None
        self.configuration = self._load()
        self.links = Links(self)
        self.links.derive()
        plant.listeners.append(self.links.follow)

    # its clock

    def now(self) -> datetime:
        """Return the time that it believes it is."""
        return self._wall() + self._ahead

    def set_clock(self, at: datetime) -> None:
        """Believe from now on that it is this time."""
        self._ahead = at - self._wall()

    # what a maker's device says

    @property
    @abstractmethod
    def disk(self) -> TypeAdapter[C]:
        """How its configuration is written."""

    @abstractmethod
    def day_one(self) -> C:
        """Return the configuration that the town gives it."""

    def half_saved(self) -> str:
        """What is said in the middle of saving; empty: nothing."""
        return ""

    def all_saved(self) -> str:
        """What is said at the end of saving; empty: nothing."""
        return ""

    # its memory

    def _read(self, file: Path) -> C:
        try:
            return self.disk.validate_json(file.read_bytes())
        except ValidationError as error:
            raise PlantRefused(f"{file.name} in this state folder is another maker's; start with a new one") from error

    def _load(self) -> C:
        if self._file is not None and self._file.exists():
            return self._read(self._file)
        configuration = self.day_one()
        if self._file is not None and self._saved_file is not None:
            content = self.disk.dump_json(configuration)
            replace_file(self._saved_file, content)
            replace_file(self._file, content)
        return configuration

    @property
    def name(self) -> str:
        """The OLT's name, which is also the first part of its prompts."""
        return self.configuration.sysname

    def remember(self) -> None:
        """Put the running configuration on disk."""
        self.touched = True
        if self._file is not None:
            replace_file(self._file, self.disk.dump_json(self.configuration))

    def commit(self) -> None:
        """Make a change of configuration last, and let the ONTs feel it."""
        self.remember()
        self.links.follow()

    def reset(self) -> None:
        """Return to the town's day one, without alarms or faults, and with nothing under way."""
        self._life += 1
        self.saving = self.booting = False
        self.faults.clear()
        self.alarms.clear()
        self._ahead = timedelta()
        self.configuration = self.day_one()
        self.links.derive()
        self.remember()
        self._keep_saved()
        self.touched = False

    def raise_alarm(self, alarm: Alarm) -> None:
        """Number an alarm, keep it, and tell every open terminal."""
        self._alarm_number += 1
        numbered = alarm.numbered(self._alarm_number)
        self.alarms.append(numbered)
        for listener in list(self.on_alarm):
            listener(numbered)

    # saving and restarting

    def start_saving(self) -> None:
        """Write the configuration to flash; for as long as it lasts the device refuses to be changed."""
        self.saving = True
        seconds = self.pace.seconds(SAVING)
        self._after(seconds / 2, self._say_half_saved)
        self._after(seconds, self._saved)

    def _after(self, seconds: float, act: Callable[[], None]) -> None:
        """Let something happen later, unless the device is reset or restarted before."""
        life = self._life

        def due() -> None:
            if self._life == life:
                act()

        self.timeline.after(seconds, due)

    def _say_half_saved(self) -> None:
        self._tell(self.half_saved())

    def _keep_saved(self) -> None:
        if self._saved_file is not None:
            replace_file(self._saved_file, self.disk.dump_json(self.configuration))

    def _saved(self) -> None:
        self._keep_saved()
        self.saving = False
        self._tell(self.all_saved())

    def _tell(self, text: str) -> None:
        if text:
            self.console(text)

    def console(self, text: str) -> None:
        """Print something on every open terminal, whatever is going on there."""
        for listener in list(self.on_console):
            listener(text)

    def reboot(self, *, lose_unsaved: bool = False) -> None:
        """Restart: every session ends, every ONT goes dark, and after the boot time they all range again."""
        if lose_unsaved and self._saved_file is not None and self._saved_file.exists():
            self.configuration = self.disk.validate_json(self._saved_file.read_bytes())
            self.remember()
        self._life += 1
        self.booting = True
        self.saving = False
        self.links.stop()
        for listener in list(self.on_reboot):
            listener()
        self._after(self.pace.seconds(BOOT), self._booted)

    def _booted(self) -> None:
        self.booting = False
        self.started_at = self.now()
        self.links.follow()
        for listener in list(self.on_reboot):
            listener()
