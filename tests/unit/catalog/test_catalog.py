"""Plans, and the terms that are copied from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from isp_lifecycle.catalog import actions
from isp_lifecycle.catalog.errors import PlanKnown, PlanNotSold, PlanWrong, VersionWrong
from isp_lifecycle.catalog.model import Lifecycle, Plan
from isp_lifecycle.foundation.db import Tx, write
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.foundation.terms import AddressPolicy, OntMode, Terms
from isp_lifecycle.foundation.upsert import Change, Put

TODAY = date(2026, 3, 9)
AT = datetime(2026, 3, 9, 12, tzinfo=UTC)
HOME = Plan(
    id=new_id(),
    code="home-100",
    name="Home 100",
    down_kbps=102_400,
    up_kbps=51_200,
    price=Money(Decimal("29.90"), "EUR"),
    address_policy=AddressPolicy.DYNAMIC,
    vlan=100,
    on_sale=True,
)


def put(tx: Tx, plan: Plan) -> Put[Plan]:
    return actions.put_plan(
        tx=tx,
        code=plan.code,
        name=plan.name,
        down_kbps=plan.down_kbps,
        up_kbps=plan.up_kbps,
        price=plan.price,
        address_policy=plan.address_policy,
        vlan=plan.vlan,
        on_sale=plan.on_sale,
        ont=plan.ont,
        own_vlan=plan.own_vlan,
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "Home 100"),
        ("code", ""),
        ("name", "  "),
        ("down_kbps", 0),
        ("up_kbps", -1),
        ("price", Money(Decimal("-0.01"), "EUR")),
        ("vlan", 1),
        ("vlan", 4095),
    ],
)
def test_plan_refuses_what_cannot_be_sold(field: str, value: object) -> None:
    with pytest.raises(PlanWrong) as refused:
        replace(HOME, **{field: value})
    assert refused.value.field == field


def test_plan_is_created_then_same_then_changed(engine: sa.Engine) -> None:
    with write(engine) as tx:
        first = put(tx, HOME)
        again = put(tx, HOME)
        dearer = put(tx, replace(HOME, price=Money(Decimal("31.00"), "EUR")))
    assert [first.change, again.change, dearer.change] == [Change.CREATED, Change.SAME, Change.CHANGED]
    assert first.value == replace(HOME, id=first.value.id)
    assert again.value == first.value
    assert dearer.value == replace(first.value, price=Money(Decimal("31.00"), "EUR"))


def test_terms_of_an_order_outlive_the_plan_they_came_from(engine: sa.Engine) -> None:
    with write(engine) as tx:
        agreed = actions.terms_of(put(tx, HOME).value)
        put(tx, replace(HOME, price=Money(Decimal("99.00"), "EUR"), name="Home 100 new"))
    assert agreed.price == Money(Decimal("29.90"), "EUR")
    assert agreed.plan_name == "Home 100"
    assert Terms.from_json(agreed.to_json()) == agreed


def test_plans_on_sale_leaves_out_old_ones_and_begins_with_the_cheapest(engine: sa.Engine) -> None:
    old = replace(HOME, code="home-20", price=Money(Decimal("9.90"), "EUR"), on_sale=False)
    fast = replace(HOME, code="home-500", price=Money(Decimal("39.90"), "EUR"))
    with write(engine) as tx:
        for plan in (fast, old, HOME):
            put(tx, plan)
        assert [plan.code for plan in actions.plans_on_sale(tx=tx, today=TODAY)] == ["home-100", "home-500"]
        assert [plan.code for plan in actions.all_plans(tx=tx)] == ["home-20", "home-100", "home-500"]
        assert actions.plan_by_code(tx=tx, code="home-20").on_sale is False


def test_unknown_plan_is_named(engine: sa.Engine) -> None:
    with write(engine) as tx, pytest.raises(NotFound) as missing:
        actions.plan_by_code(tx=tx, code="home-9")
    assert str(missing.value) == "There is no plan home-9."


def test_an_ont_is_told_an_address_only_where_that_stays(engine: sa.Engine) -> None:
    with pytest.raises(PlanWrong):
        replace(HOME, ont=OntMode.STATIC, address_policy=AddressPolicy.DYNAMIC)
    routed = replace(HOME, ont=OntMode.STATIC, address_policy=AddressPolicy.STATIC, own_vlan=True)
    with write(engine) as tx:
        kept = put(tx, routed).value
    assert (kept.terms.ont, kept.terms.own_vlan) == (OntMode.STATIC, True)


def change(tx: Tx, day: date, price: str, *, today: date = TODAY, **values: object) -> None:
    same = {"name": HOME.name, "down_kbps": HOME.down_kbps, "up_kbps": HOME.up_kbps}
    money = Money(Decimal(price), "EUR")
    wanted = same | values
    actions.change_plan(
        tx=tx, code=HOME.code, valid_from=day, price=money, at=AT, today=today, by="x", reason="y", **wanted
    )


def test_a_plan_is_sold_from_a_day_to_a_day_and_withdrawn(engine: sa.Engine) -> None:
    soon = replace(HOME, sale_from=TODAY + timedelta(days=2), sale_until=TODAY + timedelta(days=5))
    with write(engine) as tx:
        made = actions.add_plan(soon, tx=tx, at=AT, today=TODAY, by="x", reason="y")
        with pytest.raises(PlanKnown):
            actions.add_plan(soon, tx=tx, at=AT, today=TODAY, by="x", reason="y")
        days = {n: made.lifecycle(TODAY + timedelta(days=n), had=3) for n in (0, 2, 5, 6)}
        assert days == {0: Lifecycle.PLANNED, 2: Lifecycle.ON_SALE, 5: Lifecycle.ON_SALE, 6: Lifecycle.WITHDRAWN}
        assert made.lifecycle(TODAY + timedelta(days=6), had=0) is Lifecycle.OBSOLETE
        assert actions.plans_on_sale(tx=tx, today=TODAY) == ()
        assert actions.sold(tx=tx, code=HOME.code, today=TODAY + timedelta(days=2)).code == HOME.code
        with pytest.raises(PlanNotSold):
            actions.sold(tx=tx, code=HOME.code, today=TODAY)
        actions.set_sale(tx=tx, code=HOME.code, sale_from=None, sale_until=None, today=TODAY)
        assert actions.sold(tx=tx, code=HOME.code, today=TODAY)
        actions.withdraw(tx=tx, code=HOME.code)
        with pytest.raises(PlanNotSold):
            actions.sold(tx=tx, code=HOME.code, today=TODAY)


def test_versions_begin_on_their_days_in_order_and_missed_days_are_made_up_for(engine: sa.Engine) -> None:
    first, second = TODAY + timedelta(days=1), TODAY + timedelta(days=3)
    with write(engine) as tx:
        put(tx, HOME)
        change(tx, second, "39.00", name="Home 100 Plus")
        change(tx, first, "35.00")
        assert actions.begin_due(tx=tx, today=TODAY, at=AT) == ()
        assert actions.plan_by_code(tx=tx, code=HOME.code).price.amount == Decimal("29.90")
        began = actions.begin_due(tx=tx, today=second, at=AT)
        assert [(before.price.amount, now.price.amount) for before, now in began] == [
            (Decimal("29.90"), Decimal(35)),
            (Decimal(35), Decimal(39)),
        ]
        assert actions.begin_due(tx=tx, today=second, at=AT) == ()
        now = actions.plan_by_code(tx=tx, code=HOME.code)
        assert (now.name, now.version, now.price.amount) == ("Home 100 Plus", 3, Decimal(39))
        change(tx, second, "38.00", today=second, name="Home 100 Plus")
        kept = actions.versions(tx=tx, plan_id=now.id)
        assert [(v.number, v.price.amount) for v in kept] == [
            (4, Decimal(38)),
            (3, Decimal(39)),
            (2, Decimal(35)),
            (1, Decimal("29.90")),
        ]


def test_a_change_that_cannot_be_is_refused_and_one_ahead_is_taken_back(engine: sa.Engine) -> None:
    day = TODAY + timedelta(days=1)
    with write(engine) as tx:
        put(tx, HOME)
        change(tx, day, "35.00")
        for wrong, price, says in (
            (TODAY - timedelta(days=1), "30.00", "that day is over"),
            (day, "36.00", "another change begins on that day"),
            (day + timedelta(days=1), "35.00", "it is so by then"),
        ):
            with pytest.raises(VersionWrong, match=says):
                change(tx, wrong, price)
        with pytest.raises(PlanWrong, match="down_kbps"):
            change(tx, day + timedelta(days=2), "35.00", down_kbps=0)
        plan = actions.plan_by_code(tx=tx, code=HOME.code)
        ahead, begun = actions.versions(tx=tx, plan_id=plan.id)
        with pytest.raises(NotFound):
            actions.take_back(tx=tx, code=HOME.code, version_id=begun.id)
        actions.take_back(tx=tx, code=HOME.code, version_id=ahead.id)
        assert actions.begin_due(tx=tx, today=day, at=AT) == ()
