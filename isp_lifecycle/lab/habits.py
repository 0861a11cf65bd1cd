"""What goes through an ONT: a made-up household, the same for every maker's device. No packet is ever sent."""

import math
import random
from dataclasses import dataclass
from datetime import datetime

from isp_lifecycle.lab.links import Registered

DAY_SECONDS = 86400.0
QUIETEST_HOUR = 4.0
SWING = 0.8
BYTES_PER_PACKET = 850
USUAL_KBPS = 102_400
"""The booked rate where a device does not ask for it."""


@dataclass(frozen=True, slots=True)
class Carried:
    """Bytes since the ONT last came online, bytes a second now, and frames that arrived damaged."""

    up_bytes: int = 0
    down_bytes: int = 0
    up_rate: int = 0
    down_rate: int = 0
    up_damaged: int = 0
    down_damaged: int = 0

    @property
    def up_packets(self) -> int:
        """So many packets make up the bytes."""
        return self.up_bytes // BYTES_PER_PACKET

    @property
    def down_packets(self) -> int:
        """So many packets make up the bytes."""
        return self.down_bytes // BYTES_PER_PACKET


def carried(ont: Registered, *, now: datetime, online: bool, flow: int = 1, kbps: int = USUAL_KBPS) -> Carried:
    """Return what a household has used through one flow since its ONT last came online.

    A few per cent of the booked rate on average, least in the small hours and most in the late afternoon, so that
    differences of two readings show a plausible day.
    """
    if ont.history.last_up is None:
        return Carried()
    begin = ont.history.last_up
    end = max(begin, now if online else ont.history.last_down or begin)
    habits = random.Random(f"{ont.serial} {flow}")  # noqa: S311 - a made-up household, not a secret
    mean, share = kbps * 1000 / 8 * habits.uniform(0.01, 0.04), habits.uniform(0.07, 0.16)
    down = mean * _busy_seconds(begin.timestamp(), end.timestamp())
    rate = mean * _load(end.timestamp()) if online else 0.0
    up_damaged, down_damaged = habits.choice((0, 0, 0, 3, 41)), habits.choice((0, 0, 0, 0, 2))
    return Carried(int(down * share), int(down), int(rate * share), int(rate), up_damaged, down_damaged)


def _load(instant: float) -> float:
    """Return the daily load curve, whose mean is 1, at an instant."""
    return 1 - SWING * math.cos(2 * math.pi / DAY_SECONDS * (instant - QUIETEST_HOUR * 3600))


def _busy_seconds(begin: float, end: float) -> float:
    """Return the integral of the load curve between two instants."""
    turn = 2 * math.pi / DAY_SECONDS

    def until(instant: float) -> float:
        return instant - SWING / turn * math.sin(turn * (instant - QUIETEST_HOUR * 3600))

    return until(end) - until(begin)
