"""Things of the map and how they stand. Instants are UTC, levels dBm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

#: A thing is in trouble as a whole when so many of its ONTs are, and this share of them; fewer are some homes' own.
MANY, SHARE = 3, 0.25


class Standing(StrEnum):
    """How a thing stands, the worst first."""

    SILENT = "silent"  #: The OLT does not answer.
    DOWN = "down"  #: Many of its ONTs have no light.
    TROUBLE = "some trouble"  #: Some are without light, or weak.
    UNKNOWN = "unknown"  #: Nobody looked, or not lately.
    OFF = "off"  #: The home's power is off, or the line is switched off: nothing of ours is wrong.
    UP = "up"
    EMPTY = "empty"  #: No ONT is on record there.


_ORDER = tuple(Standing)


@dataclass(frozen=True)
class Counts:
    """How many ONTs hang on something, by how they stood when they were last looked at, the latest at ``at``."""

    up: int = 0
    weak: int = 0
    down: int = 0
    off: int = 0
    unknown: int = 0
    at: datetime | None = None

    @property
    def total(self) -> int:
        """All of them."""
        return self.up + self.weak + self.down + self.off + self.unknown

    @property
    def trouble(self) -> int:
        """Those that somebody should look at."""
        return self.weak + self.down

    def standing(self, *, silent: bool = False) -> Standing:
        """How the thing stands that they hang on."""
        if silent:
            return Standing.SILENT
        if self.down >= MANY and self.down >= SHARE * self.total:
            return Standing.DOWN
        if self.trouble:
            return Standing.TROUBLE
        if not self.total:
            return Standing.EMPTY
        if self.unknown * 2 > self.total:
            return Standing.UNKNOWN
        return Standing.UP if self.up else Standing.OFF

    def __add__(self, other: Counts) -> Counts:
        """Both together."""
        moments = [one for one in (self.at, other.at) if one is not None]
        return Counts(
            self.up + other.up,
            self.weak + other.weak,
            self.down + other.down,
            self.off + other.off,
            self.unknown + other.unknown,
            max(moments, default=None),
        )


def worst(standings: list[Standing]) -> Standing:
    """The worst of several; empty of none."""
    return min(standings, key=_ORDER.index, default=Standing.EMPTY)


@dataclass(frozen=True)
class OltNode:
    """An OLT. ``silent`` says why it is: what its last reading failed with; empty while it answers."""

    name: str
    area: str
    model: str
    counts: Counts
    silent: str = ""

    @property
    def standing(self) -> Standing:
        """How it stands."""
        return self.counts.standing(silent=bool(self.silent))


@dataclass(frozen=True)
class PortNode:
    """A PON port."""

    port: str
    counts: Counts


@dataclass(frozen=True)
class CardNode:
    """A card with its ports; without a place those that are on no card on record."""

    place: str
    model: str
    ports: tuple[PortNode, ...]
    missing: bool = False

    @property
    def counts(self) -> Counts:
        """All of its ONTs."""
        return sum((one.counts for one in self.ports), Counts())


@dataclass(frozen=True)
class OntNode:
    """An ONT: how it stood ``at``, and since when so; ``whose`` fault it is that it is weak. No service: nobody's."""

    ont_id: int
    serial: str
    service_code: str
    customer: str
    standing: Standing
    says: str
    rx_dbm: float | None
    since: datetime | None
    at: datetime | None


@dataclass(frozen=True)
class SplitterNode:
    """A splitter with the splitters and the ONTs on its outputs; without a code those ONTs that are on none."""

    code: str
    ratio: int
    splitters: tuple[SplitterNode, ...]
    onts: tuple[OntNode, ...]

    @property
    def counts(self) -> Counts:
        """All ONTs behind it."""
        own = sum((_counted(one) for one in self.onts), Counts())
        return sum((child.counts for child in self.splitters), own)


def _counted(one: OntNode) -> Counts:
    if one.standing is Standing.TROUBLE:
        return Counts(weak=1, at=one.at)
    name = {Standing.UP: "up", Standing.DOWN: "down", Standing.OFF: "off"}.get(one.standing, "unknown")
    return Counts(**{name: 1}, at=one.at)


@dataclass(frozen=True)
class Place:
    """A path on the map, and the words for it where one of several is to be chosen."""

    olt: str = ""
    port: str = ""
    serial: str = ""
    says: str = ""
