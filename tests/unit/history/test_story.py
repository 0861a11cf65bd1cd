"""An invented past is the same for the same seed, lies in the past, and keeps its own order."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from isp_lifecycle.bootstrap import outlines
from isp_lifecycle.intake.history.mishaps import MISHAPS
from isp_lifecycle.intake.history.story import LATEST_LOOK, LONGEST_AGO, MOST_UPGRADES, PACES, UPGRADE, invent
from isp_lifecycle.intake.imports.customers import CustomerRow

ZONE = ZoneInfo("Europe/Dublin")
#: Each day of a week, and the days on which Ireland's clocks change.
DAYS = [*(datetime(2026, 3, 16 + n, 10, tzinfo=UTC) for n in range(7)), datetime(2026, 3, 29, 10, tzinfo=UTC)]


def rows(count: int = 60) -> list[CustomerRow]:
    plans = ("home-100", "home-500", "pro-500")
    return [
        CustomerRow(
            customer_code=f"C-{n:06d}",
            name=f"Customer {n}",
            email=f"c{n}@mail.example",
            phone="+353 20 910 0000",
            premises_code=f"P-{n:05d}",
            plan_code=plans[n % 3],
            since=date(2025, 1, 1),
            olt="OLT-NORTH",
            pon_port="0/1/0",
            ont_id=n,
            serial=f"48575443{n:08X}",
            vlan=100,
            service_port=n,
            address=f"100.64.0.{n + 2}",
            service_code=f"S-{n:06d}",
            ipv6_prefix=None,
        )
        for n in range(count)
    ]


def test_the_same_seed_tells_the_same_story_and_another_another() -> None:
    first, again, other = (invent(rows(), chance=random.Random(s), now=DAYS[0], zone=ZONE) for s in (7, 7, 8))
    assert first == again
    assert first != other


@pytest.mark.parametrize("now", DAYS, ids=lambda day: f"{day:%a %d}")
@pytest.mark.parametrize("seed", range(5))
def test_everything_lies_in_the_past_and_in_its_order(now: datetime, seed: int) -> None:
    story = invent(rows(), chance=random.Random(seed), now=now, zone=ZONE)
    for line in story:
        assert now - LONGEST_AGO - timedelta(days=1) <= line.ordered_at < line.decided_at <= line.look_from
        assert line.look_from <= now - LATEST_LOOK
        if line.upgrade is not None:
            assert (line.first_plan, line.row.plan_code) == UPGRADE
            assert line.ordered_at < line.upgrade.asked_at
            assert line.upgrade.asked_at.astimezone(ZONE).date() < line.upgrade.on < now.astimezone(ZONE).date()
        else:
            assert line.first_plan == line.row.plan_code
    assert all(one.ordered_at <= next_one.ordered_at for one, next_one in pairwise(story))
    assert sum(line.upgrade is not None for line in story) <= MOST_UPGRADES
    assert len({line.row.service_code for line in story}) == 60


def test_the_desk_decides_in_office_hours() -> None:
    for line in invent(rows(), chance=random.Random(3), now=DAYS[2], zone=ZONE):
        local = line.decided_at.astimezone(ZONE)
        if line.decided_at < DAYS[2] - LATEST_LOOK:
            assert (local.weekday() < 5, 8 <= local.hour < 17) == (True, True), local


def test_paces_and_mishaps_name_steps_that_there_are() -> None:
    steps = {step.name for workflow in ("activation", "plan_change") for step in outlines()[workflow]}
    assert set(PACES) == steps
    assert {mishap.step for mishap in MISHAPS} <= {step.name for step in outlines()["activation"]}
