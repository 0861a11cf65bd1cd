"""What a past line was charged, month by month, and the change of its plan on the day that the customer had named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from isp_lifecycle.billing import actions as billing
from isp_lifecycle.events.model import StepState
from isp_lifecycle.events.vocabulary import OrderPlaced, PlanChanged, PlanChangeRequested
from isp_lifecycle.foundation.clock import start_of
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.terms import Terms
from isp_lifecycle.intake.history.rows import PastAttempt
from isp_lifecycle.intake.history.scene import PLAN_CHANGE, Ordered, Scene, tell
from isp_lifecycle.intake.history.story import PastLine, Upgrade, pace_of
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import Service
from isp_lifecycle.orders import actions as orders
from isp_lifecycle.orders.model import Channel, Order, OrderKind


def charge_line(scene: Scene, past: PastLine, ordered: Ordered, active_at: datetime) -> None:
    """The first part month, then every month until today, with a change of plan on its day."""
    act, service, terms = scene.act, ordered.service, ordered.order.terms
    active_on = scene.day(active_at)
    billing.start_charging(
        tx=act.tx,
        customer_id=service.customer_id,
        service_id=service.id,
        plan_name=terms.plan_name,
        price=terms.price,
        on=active_on,
        at=active_at,
    )
    upgrade = past.upgrade
    changed = False
    for month in months_after(active_on, until=act.today):
        if upgrade is not None and not changed and upgrade.on < month:
            terms, changed = _upgrade(scene, past, ordered, upgrade), True
        charge_month(scene, service, terms, month)
    if upgrade is not None and not changed:
        _upgrade(scene, past, ordered, upgrade)


def charge_month(scene: Scene, service: Service, terms: Terms, month: date) -> None:
    """A whole month, charged on its first day."""
    billing.charge_month(
        tx=scene.act.tx,
        customer_id=service.customer_id,
        service_id=service.id,
        plan_name=terms.plan_name,
        price=terms.price,
        month=month,
        at=start_of(month, zone=scene.act.settings.company.tz),
    )


def months_after(day: date, *, until: date) -> Iterator[date]:
    """The first days of the months after that of ``day``, up to ``until``."""
    month = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    while month <= until:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)


def _upgrade(scene: Scene, past: PastLine, ordered: Ordered, upgrade: Upgrade) -> Terms:
    """The plan change as it was asked for, done on its day and charged; returns the terms from then on."""
    act, service, old = scene.act, ordered.service, ordered.order.terms
    new = scene.terms(past.row.plan_code)
    order = _ask(scene, ordered, upgrade, new)
    _change_line(scene, service, new)
    due_at = start_of(upgrade.on, zone=act.settings.company.tz)
    done_at = _change_rows(scene, order, service, upgrade, due_at)
    orders.complete(tx=act.tx, order_id=order.id, at=done_at)
    billing.change_charging(
        tx=act.tx,
        customer_id=service.customer_id,
        service_id=service.id,
        order_id=order.id,
        old_plan=old.plan_name,
        old_price=old.price,
        new_plan=new.plan_name,
        new_price=new.price,
        on=upgrade.on,
        at=done_at,
    )
    changed = PlanChanged(
        order_id=order.id,
        customer_id=service.customer_id,
        service_id=service.id,
        changed_on=upgrade.on,
        old_plan_code=old.plan_code,
        old_plan_name=old.plan_name,
        old_price=str(old.price.amount),
        currency=old.price.currency,
    )
    tell(scene, changed, at=done_at, actor="workflow:plan_change", trace=order.id)
    return new


def _ask(scene: Scene, ordered: Ordered, upgrade: Upgrade, terms: Terms) -> Order:
    """The order of the change, with work on it begun."""
    tx, service = scene.act.tx, ordered.service
    order = orders.submit(
        tx=tx,
        kind=OrderKind.PLAN_CHANGE,
        customer_id=service.customer_id,
        premises_id=service.premises_id,
        service_id=service.id,
        terms=terms,
        channel=Channel.PORTAL,
        at=upgrade.asked_at,
        wanted_on=upgrade.on,
    )
    orders.confirm(tx=tx, order_id=order.id, by=ordered.customer.email, at=upgrade.asked_at)
    return orders.start(tx=tx, order_id=order.id)


def _change_line(scene: Scene, service: Service, terms: Terms) -> None:
    """The line and the service under the new terms."""
    line = inventory.line_of_service(tx=scene.act.tx, service_id=service.id)
    if line is None:
        raise NotFound("line of service", service.code)
    faster = replace(line, down_kbps=terms.down_kbps, up_kbps=terms.up_kbps)
    inventory.record_line(tx=scene.act.tx, line=faster)
    inventory.change_terms(tx=scene.act.tx, service_id=service.id, terms=terms)


def _change_rows(scene: Scene, order: Order, service: Service, upgrade: Upgrade, due_at: datetime) -> datetime:
    """The engine's rows of the change; returns when it was done."""
    ids = {"order_id": order.id, "customer_id": order.customer_id}
    tell(scene, OrderPlaced(**ids), at=upgrade.asked_at, actor="", trace=order.id)
    requested = PlanChangeRequested(**ids, service_id=service.id, wanted_on=upgrade.on)
    event_id = scene.rows.event(requested, at=upgrade.asked_at, actor="", trace=order.id)
    moment = due_at + timedelta(seconds=0.7)
    attempts = []
    for step in scene.rows.outlines[PLAN_CHANGE]:
        pace = pace_of(step.name, scene.chance)
        attempts.append(
            PastAttempt(
                name=step.name,
                state=StepState.DONE,
                started_at=moment,
                seconds=pace.seconds,
                device_seconds=pace.device_seconds,
            )
        )
        moment = attempts[-1].finished_at
    scene.rows.delivery(
        requested,
        event_id,
        subscriber=PLAN_CHANGE,
        created_at=upgrade.asked_at,
        due_at=due_at,
        trace=order.id,
        attempts=attempts,
    )
    return moment
