"""What happened when, invented from a seed: the same rows, seed and day give the same past. No database.

Instants are UTC; days and times of day are meant on the provider's calendar.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from isp_lifecycle.intake.history.mishaps import MISHAPS, Mishap
from isp_lifecycle.intake.imports.customers import CustomerRow
from isp_lifecycle.orders.model import Channel

#: The past begins so long ago and ends so long ago; the end leaves time for a visit after a weekend.
LONGEST_AGO, SHORTEST_AGO = timedelta(days=88), timedelta(days=6)
#: A visit is looked for after this instant at the latest.
LATEST_LOOK = timedelta(days=5)
#: One in so many activations meets a mishap.
EACH_MISHAP = 6
#: Plans that differ in rates only, cheaper first: those who have the second may have begun with the first.
UPGRADE = ("home-100", "home-500")
MOST_UPGRADES = 7
CHANNELS = (Channel.PORTAL, Channel.PORTAL, Channel.PORTAL, Channel.STAFF, Channel.CRM)

#: How long a step takes: shortest and longest in seconds, and the device's share of it (0 to 1).
PACES: dict[str, tuple[float, float, float]] = {
    "Start the order": (0.006, 0.02, 0.0),
    "Book a visit": (0.012, 0.04, 0.0),
    "Wait for the installer": (0.006, 0.015, 0.0),
    "Reserve address and VLAN": (0.01, 0.03, 0.0),
    "Plan the line": (3.4, 5.2, 0.97),
    "Configure OLT and ONT": (6.1, 10.8, 0.96),
    "Wait until the ONT is plugged in": (0.004, 0.01, 0.0),
    "Wait for the ONT to come online": (21.0, 54.0, 0.98),
    "Measure the light": (1.6, 2.6, 0.97),
    "Record what was built": (0.01, 0.03, 0.0),
    "Admit to RADIUS and DHCP": (0.001, 0.003, 0.0),
    "Put the service in use": (0.01, 0.03, 0.0),
    "Change the rates on the OLT": (5.0, 8.4, 0.96),
    "Change the rates in RADIUS": (0.001, 0.003, 0.0),
    "Record the new plan": (0.01, 0.03, 0.0),
}
#: What is not named above is office work.
OFFICE_PACE = (0.005, 0.06, 0.0)


@dataclass(frozen=True, kw_only=True)
class Pace:
    """What one attempt at a step took, in seconds."""

    seconds: float
    device_seconds: float


@dataclass(frozen=True, kw_only=True)
class Upgrade:
    """A change to the plan that the line has today."""

    asked_at: datetime
    on: date


@dataclass(frozen=True, kw_only=True)
class PastLine:
    """How one line came to be. ``look_from`` is when a time for the visit is looked for; ``press_after`` how long
    after the visit's beginning the engineer pressed Activate; ``level_offset_db`` how far the measured level lay from
    the expected one."""

    row: CustomerRow
    first_plan: str
    channel: Channel
    ordered_at: datetime
    decided_at: datetime
    look_from: datetime
    press_after: timedelta
    level_offset_db: float
    mishap: Mishap | None
    upgrade: Upgrade | None


def invent(
    rows: Sequence[CustomerRow], *, chance: random.Random, now: datetime, zone: ZoneInfo
) -> tuple[PastLine, ...]:
    """A past for each row, the oldest order first."""
    span = LONGEST_AGO - SHORTEST_AGO
    begins = sorted(now - SHORTEST_AGO - span * chance.random() for _ in rows)
    upgrades_left = MOST_UPGRADES
    lines: list[PastLine] = []
    for number, (row, begin) in enumerate(zip(rows, begins, strict=True)):
        mishap = MISHAPS[number // EACH_MISHAP % len(MISHAPS)] if number % EACH_MISHAP == EACH_MISHAP // 2 else None
        line = _line(row, begin, mishap, chance=chance, now=now, zone=zone, may_upgrade=upgrades_left > 0)
        upgrades_left -= line.upgrade is not None
        lines.append(line)
    return tuple(sorted(lines, key=lambda line: line.ordered_at))


def _line(
    row: CustomerRow,
    begin: datetime,
    mishap: Mishap | None,
    *,
    chance: random.Random,
    now: datetime,
    zone: ZoneInfo,
    may_upgrade: bool,
) -> PastLine:
    ordered_at = _by_day(begin, zone, hours=(7, 21), chance=chance)
    decided_at = min(_at_desk(ordered_at, zone, chance), now - LATEST_LOOK)
    ordered_at = min(ordered_at, decided_at - timedelta(minutes=5))
    upgrade = _upgrade(ordered_at, now, zone, chance) if may_upgrade and row.plan_code == UPGRADE[1] else None
    return PastLine(
        row=row,
        first_plan=UPGRADE[0] if upgrade else row.plan_code,
        channel=chance.choice(CHANNELS),
        ordered_at=ordered_at,
        decided_at=decided_at,
        look_from=min(decided_at + timedelta(hours=chance.randint(4, 110)), now - LATEST_LOOK),
        press_after=timedelta(seconds=chance.randint(12 * 60, 44 * 60)),
        level_offset_db=round(chance.uniform(-1.4, 0.3), 2),
        mishap=mishap,
        upgrade=upgrade,
    )


def _by_day(instant: datetime, zone: ZoneInfo, *, hours: tuple[int, int], chance: random.Random) -> datetime:
    """That day at a time of day when people are awake."""
    day = instant.astimezone(zone).date()
    minutes = chance.randint(hours[0] * 60, hours[1] * 60)
    moment = datetime.combine(day, time(minutes // 60, minutes % 60, chance.randint(0, 59)), tzinfo=zone)
    return moment.astimezone(instant.tzinfo)


def _at_desk(ordered_at: datetime, zone: ZoneInfo, chance: random.Random) -> datetime:
    """When the sales desk decided: within some hours, in office hours, not at the weekend."""
    decided = ordered_at + timedelta(minutes=chance.randint(8, 300))
    local = decided.astimezone(zone)
    if local.hour >= 17 or local.hour < 8 or local.weekday() >= 5:
        days = 1 if local.hour >= 17 else 0
        while (local + timedelta(days=days)).weekday() >= 5:
            days += 1
        local = datetime.combine(local.date() + timedelta(days=days), time(8, chance.randint(5, 55)), tzinfo=zone)
    return local.astimezone(ordered_at.tzinfo)


def _upgrade(ordered_at: datetime, now: datetime, zone: ZoneInfo, chance: random.Random) -> Upgrade | None:
    """A change some weeks later, on a day that is over; None where there was no time for one."""
    on = (ordered_at + timedelta(days=chance.randint(26, 45))).astimezone(zone).date()
    on += timedelta(days=1) if on.day == 1 else timedelta(0)
    asked_at = datetime.combine(on - timedelta(days=chance.randint(2, 6)), time(19, 12), tzinfo=zone)
    return Upgrade(asked_at=asked_at.astimezone(now.tzinfo), on=on) if on < now.astimezone(zone).date() else None


def pace_of(step: str, chance: random.Random) -> Pace:
    """What an attempt at this step took."""
    shortest, longest, share = PACES.get(step, OFFICE_PACE)
    seconds = round(chance.uniform(shortest, longest), 4)
    return Pace(seconds=seconds, device_seconds=round(seconds * share, 4))
