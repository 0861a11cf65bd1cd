"""Readings and the judgement of a level. Levels are dBm, losses dB, distances metres; all as measured, never money."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from isp_lifecycle.telemetry.errors import ReadingMalformed

#: No optical power that an access network carries lies outside of these (dBm); beyond them a parser was wrong.
LOWEST_SENSIBLE_DBM = -60.0
HIGHEST_SENSIBLE_DBM = 20.0

_LOSSES = "look for a bent fibre, a dirty connector or a wrong splitter port."


@dataclass(frozen=True)
class Measured:
    """What one look at an ONT gave; None where the device had no value (an ONT without light has none)."""

    ont_rx_dbm: float | None = None
    ont_tx_dbm: float | None = None
    olt_rx_dbm: float | None = None
    distance_m: float | None = None

    def __post_init__(self) -> None:
        for field in ("ont_rx_dbm", "ont_tx_dbm", "olt_rx_dbm"):
            level: float | None = getattr(self, field)
            if level is not None and not LOWEST_SENSIBLE_DBM <= level <= HIGHEST_SENSIBLE_DBM:
                raise ReadingMalformed(field, level)
        if self.distance_m is not None and not (math.isfinite(self.distance_m) and self.distance_m >= 0):
            raise ReadingMalformed("distance_m", self.distance_m)


@dataclass(frozen=True)
class Reading:
    """The levels of one line at one instant, and who read them (``source``: activation, poll, diagnosis)."""

    id: UUID
    service_id: UUID
    olt: str
    pon_port: str
    ont_id: int
    serial: str
    at: datetime
    ont_rx_dbm: float | None
    ont_tx_dbm: float | None
    olt_rx_dbm: float | None
    distance_m: float | None
    source: str


@dataclass(frozen=True)
class Verdict:
    """Whether a level is good, and why not in words for the person who has to mend it."""

    ok: bool
    words: str


def judge(*, level: float | None, expected: float | None, lowest: float, highest: float, margin: float) -> Verdict:
    """Judge the level that an ONT receives: against its receiver's limits, then against the loss budget.

    ``expected`` is the level that the loss budget of the route gives, None where the route is not known; a measured
    level may lie ``margin`` dB below it. A level above the expected one is good news unless it overloads the receiver.
    """
    if level is None or math.isnan(level):
        return Verdict(False, "The ONT receives no light: look for a broken fibre or an open connector.")
    shown = f"The ONT receives {level:.1f} dBm"
    if level < lowest:
        words = f"{shown}, below the {lowest:.1f} dBm that its receiver needs{_against(level, expected)}: {_LOSSES}"
        return Verdict(False, words)
    if level > highest:
        return Verdict(False, f"{shown}, above the {highest:.1f} dBm that its receiver bears: fit an attenuator.")
    if expected is not None and level < expected - margin:
        gap = f"{expected - level:.1f} dB less than the {expected:.1f} dBm of the loss budget"
        return Verdict(False, f"{shown}, {gap} (allowed: {margin:.1f} dB): {_LOSSES}")
    return Verdict(True, f"{shown}{_against(level, expected)}.")


def _against(level: float, expected: float | None) -> str:
    if expected is None:
        return ""
    gap = level - expected
    side = "above" if gap >= 0 else "below"
    return f" ({abs(gap):.1f} dB {side} the {expected:.1f} dBm of the loss budget)"
