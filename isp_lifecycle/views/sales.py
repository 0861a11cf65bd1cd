"""What the sales desk sees: orders as a list and one by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from isp_lifecycle.customers import actions as customers
from isp_lifecycle.customers.model import Customer, Premises
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.foundation.texts import say, say_many
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.orders import actions as placed
from isp_lifecycle.orders.model import Order
from isp_lifecycle.views.common import TimelineRow, timeline_of
from isp_lifecycle.views.duplicates import hints_of
from isp_lifecycle.views.window import Look, shows


@dataclass(frozen=True)
class ClaimRow:
    """What somebody typed who gave a customer's e-mail address without signing in; nobody has checked who it was."""

    name: str
    phone: str


@dataclass(frozen=True)
class OrderDetail:
    """One order with everything a salesperson needs to decide; ``hints`` are what to look at first."""

    order_code: str
    kind: str
    state: str
    customer_code: str
    customer: str
    email: str
    phone: str
    address: str
    premises_code: str
    area: str
    plan_name: str
    price: Money
    down_kbps: int
    up_kbps: int
    channel: str
    note: str
    consent_at: datetime | None
    wanted_on: date | None
    submitted_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None
    service_code: str | None
    claim: ClaimRow | None
    hints: tuple[str, ...]
    timeline: tuple[TimelineRow, ...]


@shows("order.read")
def order(look: Look, *, order_code: str) -> OrderDetail:
    """One order, its customer, its history, and hints."""
    one = placed.order_by_code(tx=look.tx, code=order_code)
    customer = customers.customer_by_id(tx=look.tx, customer_id=one.customer_id)
    premises = customers.premises_by_id(tx=look.tx, premises_id=one.premises_id)
    service = inventory.service_by_id(tx=look.tx, service_id=one.service_id) if one.service_id else None
    terms = one.terms
    return OrderDetail(
        order_code=one.code,
        kind=str(one.kind),
        state=str(one.state),
        customer_code=customer.code,
        customer=customer.name,
        email=customer.email,
        phone=customer.phone,
        address=premises.address,
        premises_code=premises.code,
        area=premises.area,
        plan_name=terms.plan_name,
        price=terms.price,
        down_kbps=terms.down_kbps,
        up_kbps=terms.up_kbps,
        channel=str(one.channel),
        note=one.note,
        consent_at=one.consent_at,
        wanted_on=one.wanted_on,
        submitted_at=one.submitted_at,
        decided_at=one.decided_at,
        decided_by=one.decided_by,
        reason=one.reason,
        service_code=service.code if service else None,
        claim=ClaimRow(one.applicant.name, one.applicant.phone) if one.claimed and one.applicant else None,
        hints=_hints(look, one, customer, premises),
        timeline=timeline_of(look.tx, "e.order_id = :key", {"key": one.id}),
    )


def _hints(look: Look, order: Order, customer: Customer, premises: Premises) -> tuple[str, ...]:
    """What a good salesperson would check by hand."""
    hints: list[str] = []
    others = [s for s in inventory.services_of(tx=look.tx, customer_id=customer.id) if s.order_id != order.id]
    if others:
        hints.append(
            say_many(
                "Has {count} other service: {codes}.",
                "Has {count} other services: {codes}.",
                len(others),
                codes=", ".join(s.code for s in others),
            )
        )
    hints += hints_of(look.tx, customer, premises.id)
    if not premises.serviceable:
        hints.append(say("No splitter is recorded for this address: it cannot be served."))
    else:
        ports = inventory.splitter_ports(tx=look.tx, splitter_code=premises.splitter_code or "")
        hints.append(
            say(
                "Splitter {splitter}: {free} of {size} ports free.",
                splitter=premises.splitter_code,
                free=len(ports.free),
                size=ports.size,
            )
        )
    return tuple(hints)
