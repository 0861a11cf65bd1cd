"""Numbers that are held for an order nobody confirmed yet: extended, taken, let go, ended by the clock, told of."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from isp_lifecycle.access.errors import Forbidden
from isp_lifecycle.access.model import SYSTEM, VISITOR, Role
from isp_lifecycle.foundation.clock import PushableClock
from isp_lifecycle.foundation.db import read
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.intake import numbers, portal, sales
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.views import numbers as views
from isp_lifecycle.views.audit.outside import Outside
from isp_lifecycle.views.audit.whole import conflicts
from tests.flows.line.acts import free_houses
from tests.flows.line.conftest import Plant, actor

DESK, NETWORK = actor(Role.SALES), actor(Role.NETWORK)
NOWHERE = Outside(crm=None, crm_name="none", mail_folder=None)


@pytest.fixture
def clock(plant: Plant) -> PushableClock:
    """The doors' clock, which stands still until it is pushed."""
    clock = PushableClock(plant.door.clock.now())
    plant.door, plant.window = replace(plant.door, clock=clock), replace(plant.window, clock=clock)
    return clock


def placed(plant: Plant, number: int, plan: str = "pro-500") -> str:
    return portal.place_application(
        plant.door,
        VISITOR,
        premises_code=free_houses(plant)[number],
        plan_code=plan,
        name="Ada Byrne",
        email=f"ada{number}@example.org",
        phone="+353 85 555 0100",
        consent=True,
    ).order_code


def out(plant: Plant) -> dict[str, int]:
    """How many of each pool are not free."""
    with read(plant.engine) as tx:
        return {one.pool: one.taken + one.quarantined for one in ipam.fill(tx=tx) if one.taken + one.quarantined}


def test_numbers_are_held_until_an_instant_extended_and_given_back_by_the_clock(
    plant: Plant, clock: PushableClock
) -> None:
    order, now = placed(plant, 0), plant.door.clock.now()
    held = numbers.hold_for_order(plant.door, DESK, order_code=order, until=now + timedelta(minutes=5))
    assert numbers.hold_for_order(plant.door, NETWORK, order_code=order, until=now + timedelta(hours=2)) == held
    rows = views.holds(plant.window, DESK)
    assert [(row.order_code, row.prefix, row.until) for row in rows] == [
        (order, prefix, now + timedelta(hours=2)) for prefix in held
    ]
    assert len(held) == 2  # an address, and the prefix that its plan has
    assert out(plant) == {"static-1": 1, "ipv6-56": 1}
    assert not conflicts(plant.window, NETWORK, outside=NOWHERE, devices=False).findings
    assert numbers.end_holds(plant.door, SYSTEM) == ()

    clock.push(timedelta(hours=2))
    ended = numbers.end_holds(plant.door, SYSTEM)
    assert sorted(text.split()[0] for text in ended) == [order, order]
    assert out(plant) == {}
    assert views.holds(plant.window, DESK) == ()
    audit = plant.one("SELECT actor, detail FROM audit WHERE action = 'numbers.end_holds'")
    assert order in audit.detail["did"]


def test_confirming_takes_what_is_held_and_a_rejection_gives_it_back(plant: Plant, clock: PushableClock) -> None:
    first, second, now = placed(plant, 0), placed(plant, 1), plant.door.clock.now()
    held = {
        order: numbers.hold_for_order(plant.door, DESK, order_code=order, until=now + timedelta(days=1))
        for order in (first, second)
    }
    sales.reject_order(plant.door, DESK, order_code=second, reason="No duct.")
    assert out(plant) == {"static-1": 1, "ipv6-56": 1}
    confirmed = sales.confirm_order(plant.door, DESK, order_code=first)
    clock.push(timedelta(days=2))
    assert numbers.end_holds(plant.door, SYSTEM) == ()  # it is the service's now, and has no end
    service = plant.one("SELECT id FROM services WHERE code = :c", c=confirmed.service_code).id
    with read(plant.engine) as tx:
        mine = ipam.allocation_of(tx=tx, owner=service)
    assert mine is not None
    assert (mine.shown, mine.until) == (held[first][0], None)

    with pytest.raises(Refused, match="is confirmed"):
        numbers.hold_for_order(plant.door, DESK, order_code=first, until=plant.door.clock.now() + timedelta(days=1))


def test_a_hold_has_bounds_may_be_let_go_and_needs_the_right(plant: Plant) -> None:
    order, now = placed(plant, 0, plan="home-500"), plant.door.clock.now()
    for until in (now, now + timedelta(days=31)):
        with pytest.raises(Refused, match="cannot be held until"):
            numbers.hold_for_order(plant.door, DESK, order_code=order, until=until)
    with pytest.raises(Forbidden):
        numbers.hold_for_order(plant.door, actor(Role.DISPATCHER), order_code=order, until=now + timedelta(days=1))
    numbers.hold_for_order(plant.door, DESK, order_code=order, until=now + timedelta(days=1))
    assert len(numbers.let_go_for_order(plant.door, DESK, order_code=order)) == 1
    assert numbers.let_go_for_order(plant.door, DESK, order_code=order) == ()
    assert out(plant) == {}


def test_a_comparison_is_noted_with_what_it_found_and_the_network_is_told(plant: Plant, clock: PushableClock) -> None:
    assert views.last_check(plant.window, NETWORK) is None
    found = conflicts(plant.window, NETWORK, outside=NOWHERE, devices=False)
    numbers.note_conflicts(plant.door, SYSTEM, found=found, with_devices=False)
    clean = views.last_check(plant.window, NETWORK)
    assert clean is not None
    assert (clean.conflicts, clean.missed, clean.checked_by) == ((), (), SYSTEM.username)
    assert plant.one("SELECT count(*) FROM notifications WHERE link = '/numbers'").count == 0

    now = plant.door.clock.now()
    numbers.hold_for_order(plant.door, DESK, order_code=placed(plant, 0), until=now + timedelta(minutes=1))
    clock.push(timedelta(hours=1))  # the schedule does not run here
    found = conflicts(plant.window, NETWORK, outside=NOWHERE, devices=False)
    numbers.note_conflicts(plant.door, SYSTEM, found=found, with_devices=False)
    seen = views.last_check(plant.window, NETWORK)
    assert seen is not None
    assert [(one.kind, one.about) for one in seen.conflicts] == [("leaked", "address")] * 2
    told = plant.one("SELECT text, role FROM notifications WHERE link = '/numbers'")
    assert (told.role, told.text) == ("network", "2 numbers are in use otherwise than on record.")
