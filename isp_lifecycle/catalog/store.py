"""The table of plans."""

from __future__ import annotations

import sqlalchemy as sa

from isp_lifecycle.catalog.model import Plan
from isp_lifecycle.foundation import db
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.foundation.terms import AddressPolicy, Ipv6Policy, OntMode
from isp_lifecycle.foundation.upsert import Change, upsert

plans = sa.Table(
    "plans",
    db.metadata,
    db.id_column(),
    db.text("code", unique=True),
    db.text("name"),
    sa.Column("down_kbps", sa.Integer(), nullable=False),
    sa.Column("up_kbps", sa.Integer(), nullable=False),
    *db.money_columns("price"),
    db.text("address_policy"),
    sa.Column("vlan", sa.SmallInteger(), nullable=False),
    sa.Column("on_sale", sa.Boolean(), nullable=False),
    db.text("ipv6_policy", nullable=True),
    sa.Column("ont", sa.Text(), nullable=False, server_default=str(OntMode.BRIDGE)),
    sa.Column("own_vlan", sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.CheckConstraint("down_kbps > 0 AND up_kbps > 0", name="rates_positive"),
    sa.CheckConstraint("price >= 0", name="price_not_negative"),
    sa.CheckConstraint("vlan BETWEEN 2 AND 4094", name="vlan_usable"),
    sa.CheckConstraint("address_policy IN ('" + "','".join(AddressPolicy) + "')", name="address_policy_known"),
    sa.CheckConstraint("ont IN ('" + "','".join(OntMode) + "')", name="ont_known"),
    sa.CheckConstraint("ipv6_policy IN ('" + "','".join(Ipv6Policy) + "')", name="ipv6_policy_known"),
)


def upsert_plan(*, tx: Tx, plan: Plan) -> Change:
    """Insert the plan, or bring the one of its code to these values; the row's id stays."""
    values = {
        "code": plan.code,
        "name": plan.name,
        "down_kbps": plan.down_kbps,
        "up_kbps": plan.up_kbps,
        "price": plan.price.amount,
        "price_currency": plan.price.currency,
        "address_policy": str(plan.address_policy),
        "vlan": plan.vlan,
        "on_sale": plan.on_sale,
        "ipv6_policy": plan.ipv6_policy and str(plan.ipv6_policy),
        "ont": str(plan.ont),
        "own_vlan": plan.own_vlan,
    }
    return upsert(tx=tx, table=plans, key=("code",), values=values, once={"id": plan.id})


def plan_by_code(*, tx: Tx, code: str) -> Plan | None:
    """The plan of this code, also one that is not sold any more."""
    row = tx.execute(sa.select(plans).where(plans.c.code == code)).mappings().one_or_none()
    return _plan(row) if row is not None else None


def select_plans(*, tx: Tx, on_sale_only: bool) -> tuple[Plan, ...]:
    """All plans, or those on sale, the cheapest first."""
    query = sa.select(plans).order_by(plans.c.price, plans.c.code)
    if on_sale_only:
        query = query.where(plans.c.on_sale)
    return tuple(_plan(row) for row in tx.execute(query).mappings())


def _plan(row: sa.RowMapping) -> Plan:
    return Plan(
        id=row["id"],
        code=row["code"],
        name=row["name"],
        down_kbps=row["down_kbps"],
        up_kbps=row["up_kbps"],
        price=Money(row["price"], row["price_currency"]),
        address_policy=AddressPolicy(row["address_policy"]),
        vlan=row["vlan"],
        on_sale=row["on_sale"],
        ipv6_policy=Ipv6Policy(row["ipv6_policy"]) if row["ipv6_policy"] else None,
        ont=OntMode(row["ont"]),
        own_vlan=row["own_vlan"],
    )
