"""Put plans into the catalogue, change them from a day on, withdraw them, and read them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from isp_lifecycle.catalog import store
from isp_lifecycle.catalog.errors import PlanKnown, PlanNotSold, PlanWrong, VersionWrong
from isp_lifecycle.catalog.model import Plan, PlanVersion
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.foundation.terms import AddressPolicy, Ipv6Policy, OntMode, Terms
from isp_lifecycle.foundation.texts import say
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


def add_plan(plan: Plan, *, tx: Tx, at: datetime, today: date, by: str, reason: str) -> Plan:
    """Put a new plan into the catalogue; raises PlanKnown. What can be wrong with it, it has refused itself."""
    if store.plan_by_code(tx=tx, code=plan.code, lock=True) is not None:
        raise PlanKnown(plan.code)
    store.upsert_plan(tx=tx, plan=plan)
    note_version(plan, tx=tx, at=at, today=plan.sale_from or today, by=by, reason=reason)
    return plan_by_code(tx=tx, code=plan.code)


def note_version(plan: Plan, *, tx: Tx, at: datetime, today: date, by: str, reason: str) -> None:
    """Keep what a plan has become at this instant, unless its newest version says the same."""
    begun = [one for one in store.versions_of(tx=tx, plan_id=plan.id) if one.number is not None]
    if begun and _deal(begun[0]) == _deal(plan):
        return
    number = (begun[0].number or 0) + 1 if begun else plan.version
    version = replace(_version(plan, today, at, by, reason), number=number, began_at=at)
    store.insert_version(tx=tx, version=version)
    store.begin(tx=tx, version=version, number=number, at=at)


def change_plan(
    *,
    tx: Tx,
    code: str,
    valid_from: date,
    name: str,
    down_kbps: int,
    up_kbps: int,
    price: Money,
    at: datetime,
    today: date,
    by: str,
    reason: str,
) -> PlanVersion:
    """Have a plan be otherwise from a day on; today: at once. Orders and services keep what they were agreed at.

    Raises NotFound, PlanWrong, and VersionWrong: a day that is over, one that has a change already, nothing changed.
    """
    plan = _locked(tx, code)
    if price.currency != plan.price.currency:
        raise PlanWrong(code, "price", str(price), say("in {currency}", currency=plan.price.currency))
    after = replace(plan, name=name.strip(), down_kbps=down_kbps, up_kbps=up_kbps, price=price)
    if valid_from < today:
        raise VersionWrong(code, valid_from, say("that day is over"), say("Choose today or a later day."))
    ahead = [one for one in store.versions_of(tx=tx, plan_id=plan.id) if one.number is None]
    if any(one.valid_from == valid_from for one in ahead):
        raise VersionWrong(code, valid_from, say("another change begins on that day"), say("Take that one back first."))
    before = max((one for one in ahead if one.valid_from < valid_from), key=lambda v: v.valid_from, default=plan)
    if _deal(before) == _deal(after):
        raise VersionWrong(code, valid_from, say("it is so by then"), say("Change its name, its rates or its price."))
    if not store.versions_of(tx=tx, plan_id=plan.id):  # how it was before anybody changed it here
        note_version(plan, tx=tx, at=at, today=plan.sale_from or today, by=by, reason="As it was.")
    version = _version(after, valid_from, at, by, reason)
    store.insert_version(tx=tx, version=version)
    if valid_from == today:
        store.begin(tx=tx, version=version, number=_locked(tx, code).version + 1, at=at)
    return version


def take_back(*, tx: Tx, code: str, version_id: UUID) -> None:
    """Take back a change of a plan that has not begun; raises NotFound."""
    plan = _locked(tx, code)
    known = {one.id for one in store.versions_of(tx=tx, plan_id=plan.id)}
    if version_id not in known or not store.remove_ahead(tx=tx, version_id=version_id):
        raise NotFound(say("change that lies ahead"), str(version_id))


def begin_due(*, tx: Tx, today: date, at: datetime) -> tuple[tuple[Plan, PlanVersion], ...]:
    """Have every plan be as it was to become by today; each plan as it was before, and what it is."""
    done = []
    for version in store.due_versions(tx=tx, today=today):
        plan = store.plan_by_id(tx=tx, plan_id=version.plan_id)
        store.begin(tx=tx, version=version, number=plan.version + 1, at=at)
        done.append((plan, version))
    return tuple(done)


def set_sale(*, tx: Tx, code: str, sale_from: date | None, sale_until: date | None, today: date) -> Plan:
    """From when until when a plan is sold; a plan that is not on sale is again. Raises NotFound and PlanWrong."""
    plan = _locked(tx, code)
    after = replace(plan, on_sale=True, sale_from=sale_from, sale_until=sale_until)
    if sale_until is not None and sale_until < today and plan.sale_until != sale_until:
        raise PlanWrong(code, "sale_until", str(sale_until), say("{today} or later", today=today))
    store.set_sale(tx=tx, plan_id=plan.id, on_sale=True, sale_from=sale_from, sale_until=sale_until)
    return after


def withdraw(*, tx: Tx, code: str) -> Plan:
    """Sell a plan no more, from this instant on. Raises NotFound."""
    plan = _locked(tx, code)
    store.set_sale(tx=tx, plan_id=plan.id, on_sale=False, sale_from=plan.sale_from, sale_until=plan.sale_until)
    return plan


def versions(*, tx: Tx, plan_id: UUID) -> tuple[PlanVersion, ...]:
    """What a plan was and will be, what lies ahead first."""
    return store.versions_of(tx=tx, plan_id=plan_id)


def plan_by_code(*, tx: Tx, code: str) -> Plan:
    """The plan of this code, on sale or not; raises NotFound."""
    plan = store.plan_by_code(tx=tx, code=code)
    if plan is None:
        raise NotFound("plan", code)
    return plan


def sold(*, tx: Tx, code: str, today: date) -> Plan:
    """The plan of this code, which may be chosen today; raises NotFound and PlanNotSold."""
    plan = plan_by_code(tx=tx, code=code)
    if not plan.sold_on(today):
        raise PlanNotSold(plan.name, code)
    return plan


def plans_on_sale(*, tx: Tx, today: date) -> tuple[Plan, ...]:
    """What a new customer may choose from today, the cheapest first."""
    return tuple(plan for plan in store.select_plans(tx=tx) if plan.sold_on(today))


def all_plans(*, tx: Tx) -> tuple[Plan, ...]:
    """Every plan, also those that only old customers have, the cheapest first."""
    return store.select_plans(tx=tx)


def terms_of(plan: Plan) -> Terms:
    """The frozen copy of a plan that an order keeps."""
    return plan.terms


def _locked(tx: Tx, code: str) -> Plan:
    plan = store.plan_by_code(tx=tx, code=code, lock=True)
    if plan is None:
        raise NotFound("plan", code)
    return plan


def _deal(one: Plan | PlanVersion) -> tuple[object, ...]:
    return one.name, one.down_kbps, one.up_kbps, one.price


def _version(plan: Plan, valid_from: date, at: datetime, by: str, reason: str) -> PlanVersion:
    return PlanVersion(
        id=new_id(),
        plan_id=plan.id,
        valid_from=valid_from,
        name=plan.name,
        down_kbps=plan.down_kbps,
        up_kbps=plan.up_kbps,
        price=plan.price,
        made_at=at,
        made_by=by,
        reason=reason,
    )
