"""Plans, and the terms that are copied from them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa

from isp_lifecycle.catalog import actions
from isp_lifecycle.catalog.errors import PlanWrong
from isp_lifecycle.catalog.model import Plan
from isp_lifecycle.foundation.db import Tx, write
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.foundation.terms import AddressPolicy, OntMode, Terms
from isp_lifecycle.foundation.upsert import Change, Put

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
        assert [plan.code for plan in actions.plans_on_sale(tx=tx)] == ["home-100", "home-500"]
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
