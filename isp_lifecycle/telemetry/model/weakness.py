"""The one rule of weak light: whether an ONT receives too little, and what its neighbours say of whose fault that is.

What one ONT lacks and its neighbours do not is its own drop's; what those behind one splitter lack is that splitter's
or its feed's; what all lack is the port's or the feeder's. Levels are dBm, losses dB.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from isp_lifecycle.foundation.settings import Settings

#: A splitter, or a port, is spoken of where so many of its ONTs can be compared.
COMPARED = 3
#: Neighbours are in the same trouble when in the middle they are short of light by nearly as much as is tolerated.
ALIKE = 0.75


class Down(StrEnum):
    """Why an ONT was last lost, whatever its OLT calls it."""

    POWER = "power"  #: It said with its last breath that its power went (dying gasp, ITU-T G.984.3).
    LIGHT = "light"  #: Its light was lost, with nothing said.
    SWITCHED_OFF = "switched off"  #: The OLT was told to switch it off.
    RESTARTED = "restarted"  #: It was told to start anew.
    UNTOLD = "untold"  #: The OLT names no cause, or one that is not known here.


_DOWN = (
    ("gasp", Down.POWER),
    ("power", Down.POWER),
    ("deactiv", Down.SWITCHED_OFF),
    ("disable", Down.SWITCHED_OFF),
    ("reset", Down.RESTARTED),
    ("reboot", Down.RESTARTED),
    ("los", Down.LIGHT),
    ("lob", Down.LIGHT),
    ("lof", Down.LIGHT),
)


def down_of(words: str) -> Down:
    """The cause that an OLT's own words mean."""
    plain = "".join(letter for letter in words.lower() if letter.isalpha())
    return next((down for part, down in _DOWN if part in plain), Down.UNTOLD)


@dataclass(frozen=True)
class Limits:
    """What light is good: the receiver's limits, and how far below the expected level a line may be."""

    lowest_dbm: float = -27.0
    highest_dbm: float = -8.0
    margin_db: float = 3.0

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """As the provider set them."""
        network = settings.network
        return cls(network.lowest_rx_dbm, network.highest_rx_dbm, network.margin_db)


@dataclass(frozen=True)
class Received:
    """What one ONT receives, and what it should; None where it is not known. ``splitter`` is empty where none is."""

    rx_dbm: float | None
    expected_dbm: float | None = None
    splitter: str = ""

    @property
    def below_db(self) -> float | None:
        """By how much less it receives than it should."""
        return None if self.rx_dbm is None or self.expected_dbm is None else self.expected_dbm - self.rx_dbm


class Whose(StrEnum):
    """Whose fault it is that light is weak."""

    NOBODYS = "fits"
    DROP = "drop"
    SPLITTER = "splitter"
    FEEDER = "feeder"
    UNKNOWN = "unknown"  #: Nothing says what it should be, and it is enough for the receiver.


@dataclass(frozen=True)
class Judged:
    """The verdict. ``usual_db``: by how much less those it was compared with receive than they should, in the middle.

    None where they are too few to be compared with.
    """

    whose: Whose
    usual_db: float | None = None

    @property
    def weak(self) -> bool:
        """Whether it receives too little."""
        return self.whose not in (Whose.NOBODYS, Whose.UNKNOWN)


def judged(one: Received, others: Iterable[Received], limits: Limits) -> Judged:
    """Judge what an ONT that is on receives, beside the others of its PON port."""
    others = tuple(others)
    port = usual(others)
    if not _short(one, limits):
        known = one.expected_dbm is not None and one.rx_dbm is not None
        return Judged(Whose.NOBODYS if known else Whose.UNKNOWN, port)
    alike = limits.margin_db * ALIKE
    if port is not None and port > alike:
        return Judged(Whose.FEEDER, port)
    behind = usual(other for other in others if one.splitter and other.splitter == one.splitter)
    if behind is not None and behind > alike:
        return Judged(Whose.SPLITTER, behind)
    return Judged(Whose.DROP, port)


def usual(others: Iterable[Received]) -> float | None:
    """By how much less these receive than they should, in the middle; None where too few can be compared."""
    below = [one.below_db for one in others if one.below_db is not None]
    return median(below) if len(below) >= COMPARED - 1 else None


def _short(one: Received, limits: Limits) -> bool:
    if one.rx_dbm is None:
        return False
    return one.rx_dbm < limits.lowest_dbm or (one.below_db is not None and one.below_db > limits.margin_db)
