"""The tables of plans, and of what each was and will be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.catalog.model import Plan, PlanVersion
from isp_lifecycle.foundation import db
from isp_lifecycle.foundation.changes import tells
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.foundation.reach import portal_reads
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
    sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
    sa.Column("sale_from", sa.Date(), nullable=True),
    sa.Column("sale_until", sa.Date(), nullable=True),
    sa.CheckConstraint("down_kbps > 0 AND up_kbps > 0", name="rates_positive"),
    sa.CheckConstraint("price >= 0", name="price_not_negative"),
    sa.CheckConstraint("sale_from <= sale_until", name="sale_in_order"),
    sa.CheckConstraint("vlan BETWEEN 2 AND 4094", name="vlan_usable"),
    sa.CheckConstraint("address_policy IN ('" + "','".join(AddressPolicy) + "')", name="address_policy_known"),
    sa.CheckConstraint("ont IN ('" + "','".join(OntMode) + "')", name="ont_known"),
    sa.CheckConstraint("ipv6_policy IN ('" + "','".join(Ipv6Policy) + "')", name="ipv6_policy_known"),
)
#: What a plan was and will be; the plan itself is as it is now.
plan_versions = sa.Table(
    "plan_versions",
    db.metadata,
    db.id_column(),
    sa.Column("plan_id", sa.ForeignKey("plans.id"), nullable=False),
    sa.Column("valid_from", sa.Date(), nullable=False),
    db.text("name"),
    sa.Column("down_kbps", sa.Integer(), nullable=False),
    sa.Column("up_kbps", sa.Integer(), nullable=False),
    *db.money_columns("price"),
    db.instant("made_at"),
    db.text("made_by"),
    db.text("reason"),
    sa.Column("number", sa.Integer(), nullable=True),
    db.instant("began_at", nullable=True),
    sa.UniqueConstraint("plan_id", "number"),
    sa.CheckConstraint("(number IS NULL) = (began_at IS NULL)", name="counted_when_begun"),
    # One day brings one version at most.
    sa.Index(
        "uq_plan_versions_ahead", "plan_id", "valid_from", unique=True, postgresql_where=sa.text("number IS NULL")
    ),
)

portal_reads(plans, rows="true")
for _table in (plans, plan_versions):
    tells(_table, "plans")


def upsert_plan(*, tx: Tx, plan: Plan) -> Change:
    """Insert the plan, or bring the one of its code to these values; id, version and days of sale stay."""
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
    once = {"id": plan.id, "sale_from": plan.sale_from, "sale_until": plan.sale_until}
    return upsert(tx=tx, table=plans, key=("code",), values=values, once=once)


def plan_by_code(*, tx: Tx, code: str, lock: bool = False) -> Plan | None:
    """The plan of this code, also one that is not sold any more."""
    query = sa.select(plans).where(plans.c.code == code)
    row = tx.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    return _plan(row) if row is not None else None


def select_plans(*, tx: Tx) -> tuple[Plan, ...]:
    """All plans, the cheapest first."""
    query = sa.select(plans).order_by(plans.c.price, plans.c.code)
    return tuple(_plan(row) for row in tx.execute(query).mappings())


def set_sale(*, tx: Tx, plan_id: UUID, on_sale: bool, sale_from: date | None, sale_until: date | None) -> None:
    """From when until when a plan is sold."""
    days = {"on_sale": on_sale, "sale_from": sale_from, "sale_until": sale_until}
    tx.execute(plans.update().where(plans.c.id == plan_id).values(**days))


def insert_version(*, tx: Tx, version: PlanVersion) -> None:
    """Keep what a plan will be from a day on, or what it has become."""
    values = {k: v for k, v in vars(version).items() if k != "price"}
    price = {"price": version.price.amount, "price_currency": version.price.currency}
    tx.execute(plan_versions.insert().values(**values, **price))


def begin(*, tx: Tx, version: PlanVersion, number: int, at: datetime) -> None:
    """Have a plan be as this version says."""
    tx.execute(
        plans.update()
        .where(plans.c.id == version.plan_id)
        .values(
            name=version.name,
            down_kbps=version.down_kbps,
            up_kbps=version.up_kbps,
            price=version.price.amount,
            price_currency=version.price.currency,
            version=number,
        )
    )
    tx.execute(plan_versions.update().where(plan_versions.c.id == version.id).values(number=number, began_at=at))


def remove_ahead(*, tx: Tx, version_id: UUID) -> bool:
    """Take back a version that has not begun; whether there was one."""
    ahead = sa.and_(plan_versions.c.id == version_id, plan_versions.c.number.is_(None))
    return tx.execute(plan_versions.delete().where(ahead)).rowcount == 1


def versions_of(*, tx: Tx, plan_id: UUID) -> tuple[PlanVersion, ...]:
    """What a plan was and will be, what lies ahead first."""
    order = (plan_versions.c.number.desc().nulls_first(), plan_versions.c.valid_from.desc())
    query = sa.select(plan_versions).where(plan_versions.c.plan_id == plan_id).order_by(*order)
    return tuple(_version(row) for row in tx.execute(query).mappings())


def due_versions(*, tx: Tx, today: date) -> Sequence[PlanVersion]:
    """What should have begun by this day, in the order of the days; locked."""
    due = sa.and_(plan_versions.c.number.is_(None), plan_versions.c.valid_from <= today)
    query = sa.select(plan_versions).where(due).order_by(plan_versions.c.valid_from).with_for_update(skip_locked=True)
    return [_version(row) for row in tx.execute(query).mappings()]


def plan_by_id(*, tx: Tx, plan_id: UUID) -> Plan:
    """A plan, locked."""
    return _plan(tx.execute(sa.select(plans).where(plans.c.id == plan_id).with_for_update()).mappings().one())


def _version(row: sa.RowMapping) -> PlanVersion:
    values: dict[str, Any] = {**row, "price": Money(row["price"], row["price_currency"])}
    values.pop("price_currency")
    return PlanVersion(**values)


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
        version=row["version"],
        sale_from=row["sale_from"],
        sale_until=row["sale_until"],
    )
