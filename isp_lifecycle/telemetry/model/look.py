"""What one look at a PON port told of the light there, and how each of its ONTs stands. Levels are dBm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from isp_lifecycle.telemetry.model.weakness import Down


class Source(StrEnum):
    """Why somebody looked."""

    NIGHTLY = "nightly"  #: The calendar: every port of every OLT, once a night.
    LOOK = "look"  #: A person looked at a port or a line.
    SAMPLE = "sample"  #: The sample town's past, made up for the demo.


class OntState(StrEnum):
    """How an ONT stood when it was last looked at, the worst last."""

    UP = "up"
    NO_POWER = "no power"  #: It said with its last breath that its power went.
    WEAK = "weak"  #: Online, with less light than it should have.
    DOWN = "down"


@dataclass(frozen=True)
class OntLevel:
    """One ONT of a look. What it receives is None where it is off; ``olt_rx_dbm`` where the vendor does not tell it."""

    ont_id: int
    serial: str
    ont_rx_dbm: float | None
    olt_rx_dbm: float | None = None
    online: bool = True
    down: Down = Down.UNTOLD


@dataclass(frozen=True)
class PortLook:
    """All ONTs of one PON port at one moment (``at``, UTC). ``whole`` is False where only some of them were told."""

    olt_id: UUID
    pon_port: str
    at: datetime
    source: Source
    onts: tuple[OntLevel, ...]
    whole: bool = True


@dataclass(frozen=True)
class Built:
    """What is on record of an ONT's line, by which its light is judged."""

    splitter: str
    expected_dbm: float
