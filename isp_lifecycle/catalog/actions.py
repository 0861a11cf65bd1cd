"""Put plans into the catalogue and read them."""

from __future__ import annotations

from isp_lifecycle.catalog import store
from isp_lifecycle.catalog.model import Plan
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.foundation.terms import AddressPolicy, Ipv6Policy, OntMode, Terms
from isp_lifecycle.foundation.upsert import Put


def put_plan(
    *,
    tx: Tx,
    code: str,
    name: str,
    down_kbps: int,
    up_kbps: int,
    price: Money,
    address_policy: AddressPolicy,
    vlan: int,
    on_sale: bool = True,
    ipv6_policy: Ipv6Policy | None = None,
    ont: OntMode = OntMode.BRIDGE,
    own_vlan: bool = False,
) -> Put[Plan]:
    """Bring the plan of this code to these values. Orders and services keep the terms they were agreed at.

    Raises :class:`~isp_lifecycle.catalog.errors.PlanWrong`, which names the field and what is allowed.
    """
    plan = Plan(
        id=new_id(),
        code=code,
        name=name,
        down_kbps=down_kbps,
        up_kbps=up_kbps,
        price=price,
        address_policy=address_policy,
        vlan=vlan,
        on_sale=on_sale,
        ipv6_policy=ipv6_policy,
        ont=ont,
        own_vlan=own_vlan,
    )
    change = store.upsert_plan(tx=tx, plan=plan)
    return Put(value=plan_by_code(tx=tx, code=code), change=change)


def plan_by_code(*, tx: Tx, code: str) -> Plan:
    """The plan of this code, on sale or not; raises NotFound."""
    plan = store.plan_by_code(tx=tx, code=code)
    if plan is None:
        raise NotFound("plan", code)
    return plan


def plans_on_sale(*, tx: Tx) -> tuple[Plan, ...]:
    """What a new customer may choose from, the cheapest first."""
    return store.select_plans(tx=tx, on_sale_only=True)


def all_plans(*, tx: Tx) -> tuple[Plan, ...]:
    """Every plan, also those that only old customers have, the cheapest first."""
    return store.select_plans(tx=tx, on_sale_only=False)


def terms_of(plan: Plan) -> Terms:
    """The frozen copy of a plan that an order keeps."""
    return plan.terms
