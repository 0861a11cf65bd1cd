"""The catalogue by hand: a plan on sale for some days, a change from a day on, and what becomes of who has it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.catalog.errors import PlanKnown, PlanNotSold, PlanWrong
from isp_lifecycle.catalog.model import Lifecycle
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.intake import bulk, plans, portal
from isp_lifecycle.views import plans as views
from isp_lifecycle.views import portal as offers
from tests.flows.due.conftest import MANAGER, SALES, START, Provider

WHY = "Spring offer."
NEW: dict[str, Any] = {
    "code": "Home-1000",
    "name": "Home 1000",
    "down_kbps": 1_024_000,
    "up_kbps": 512_000,
    "price": "49,90",
    "address_policy": "dynamic",
    "vlan": 100,
    "reason": WHY,
}


def test_a_plan_lives_from_its_first_day_to_nobody_having_it(provider: Provider) -> None:
    provider.fill(20)
    today = START.date()
    soon, last = today + timedelta(days=3), today + timedelta(days=9)
    assert plans.new_plan(provider.door, MANAGER, **NEW, sale_from=soon, sale_until=last) == "home-1000"
    with pytest.raises(PlanKnown):
        plans.new_plan(provider.door, MANAGER, **NEW)
    for wrong, field in (
        ({"price": "4.999"}, "price"),
        ({"price": "1.000"}, "price"),
        ({"up_kbps": -1}, "up_kbps"),
        ({"vlan": 1}, "vlan"),
    ):
        with pytest.raises(PlanWrong) as refused:
            plans.new_plan(provider.door, MANAGER, **NEW | {"code": "other"} | wrong)
        assert refused.value.field == field
    with pytest.raises(Refused, match="with a reason"):
        plans.withdraw_plan(provider.door, MANAGER, code="home-1000", reason=" ")
    moved = {"service_code": "S-000001", "plan_code": "home-1000", "wanted_on": last}
    with pytest.raises(PlanNotSold):
        portal.ask_plan_change(provider.door, SALES, **moved)
    assert "home-1000" not in {one.code for one in offers.plans(provider.window, SALES)}

    provider.clock.push(timedelta(days=3))
    assert "home-1000" in {one.code for one in offers.plans(provider.window, SALES)}
    portal.ask_plan_change(provider.door, SALES, **moved)
    provider.clock.push(timedelta(days=7))
    with pytest.raises(PlanNotSold):
        portal.ask_plan_change(
            provider.door, SALES, **moved | {"service_code": "S-000002", "wanted_on": last + timedelta(days=9)}
        )
    lives = {row.plan.code: row.lifecycle for row in views.plans(provider.window, SALES)}
    assert lives == {
        "home-100": Lifecycle.ON_SALE,
        "home-500": Lifecycle.ON_SALE,
        "home-1000": Lifecycle.OBSOLETE,
    }


def test_a_change_begins_by_the_clock_and_moves_nobody_until_a_bulk_change_does(provider: Provider) -> None:
    provider.fill(20)
    today = START.date()
    first = today + timedelta(days=2)
    dearer = {"name": "Home 100", "down_kbps": 100 * 1024, "up_kbps": 51_200, "price": "31.90", "reason": WHY}
    plans.change_plan(provider.door, MANAGER, code="home-100", valid_from=first, **dearer)
    ahead = plans.change_plan(
        provider.door, MANAGER, code="home-100", valid_from=first + timedelta(days=30), **dearer | {"price": "33.90"}
    )
    plans.take_back_change(provider.door, MANAGER, code="home-100", change=ahead, reason="Too dear.")
    assert plans.begin_plan_changes(provider.door, SYSTEM) == ()
    provider.clock.push(timedelta(days=3))  # its day was missed
    assert plans.begin_plan_changes(provider.door, SYSTEM) == ("home-100",)
    assert plans.begin_plan_changes(provider.door, SYSTEM) == ()
    found = views.plan(provider.window, SALES, code="home-100")
    assert (found.row.plan.price.amount, found.row.had, found.row.other_terms) == (Decimal("31.90"), 20, 20)
    assert [(v.number, v.price.amount) for v in found.versions] == [(2, Decimal("31.90")), (1, Decimal("29.90"))]
    assert {need.vendor for need in found.needs} == {"huawei"}
    assert [name for name, _lines in found.needs[0].tables] == ["isp-102400", "isp-51200"]
    charged = provider.all("SELECT DISTINCT terms->>'price' AS price FROM services")
    assert [Decimal(row.price) for row in charged] == [Decimal("29.90")]

    made = bulk.propose_plan_change(
        provider.door,
        SALES,
        to_plan="home-100",
        plan="home-100",
        wanted_on=first + timedelta(days=30),
        reason="All at the new price.",
    )
    assert (made.changes, made.left_out) == (20, 0)
    told = provider.all("SELECT action, subject_id FROM audit WHERE subject_kind = 'plan' ORDER BY at, action")
    assert [row.action for row in told] == [
        "plans.change_plan",
        "plans.change_plan",
        "plans.take_back_change",
    ]
