"""Readings and the judgement of a level. Levels are dBm, losses dB, distances metres; all as measured, never money."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from isp_lifecycle.foundation.texts import say
from isp_lifecycle.telemetry.errors import ReadingMalformed

#: No optical power that an access network carries lies outside of these (dBm); beyond them a parser was wrong.
LOWEST_SENSIBLE_DBM = -60.0
HIGHEST_SENSIBLE_DBM = 20.0

_LOSSES = say("look for a bent fibre, a dirty connector or a wrong splitter port.")


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
        return Verdict(False, say("The ONT receives no light: look for a broken fibre or an open connector."))
    if level < lowest:
        words = say(
            "The ONT receives {level:.1f} dBm, below the {lowest:.1f} dBm that its receiver needs{against}: {losses}",
            level=level,
            lowest=lowest,
            against=_against(level, expected),
            losses=_LOSSES,
        )
        return Verdict(False, words)
    if level > highest:
        return Verdict(
            False,
            say(
                "The ONT receives {level:.1f} dBm, above the {highest:.1f} dBm that its receiver bears: "
                "fit an attenuator.",
                level=level,
                highest=highest,
            ),
        )
    if expected is not None and level < expected - margin:
        gap = say(
            "{less:.1f} dB less than the {expected:.1f} dBm of the loss budget",
            less=expected - level,
            expected=expected,
        )
        words = say(
            "The ONT receives {level:.1f} dBm, {gap} (allowed: {margin:.1f} dB): {losses}",
            level=level,
            gap=gap,
            margin=margin,
            losses=_LOSSES,
        )
        return Verdict(False, words)
    return Verdict(
        True, say("The ONT receives {level:.1f} dBm{against}.", level=level, against=_against(level, expected))
    )


def _against(level: float, expected: float | None) -> str:
    if expected is None:
        return ""
    if level >= expected:
        return say(
            " ({gap:.1f} dB above the {expected:.1f} dBm of the loss budget)", gap=level - expected, expected=expected
        )
    return say(
        " ({gap:.1f} dB below the {expected:.1f} dBm of the loss budget)", gap=expected - level, expected=expected
    )
