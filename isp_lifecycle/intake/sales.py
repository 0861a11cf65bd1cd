"""What the sales desk decides: yes, no with a reason, or a whole activation at once."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from isp_lifecycle.events.vocabulary import ActivationRequested, OrderRejected
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.words import word
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.intake.portal import submit_new_line
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.orders import actions as orders
from isp_lifecycle.orders.model import Channel, Order, OrderKind


@dataclass(frozen=True)
class Confirmed:
    """An order that became work."""

    order_code: str
    service_code: str
    delivery_id: UUID


@enters("order.confirm")
def confirm_order(act: Act, *, order_code: str) -> Confirmed:
    """Say yes to a new line: the service is opened and its activation requested, in one transaction."""
    return _confirm(act, orders.order_by_code(tx=act.tx, code=order_code))


def _confirm(act: Act, order: Order) -> Confirmed:
    if order.kind is not OrderKind.NEW_LINE:
        raise Refused(
            say(
                "Order {code} is a {kind}; it needs no confirmation.",
                code=order.code,
                kind=word(order.kind),
            ),
            field="kind",
            value=order.kind,
            remedy=say("It happens on its date by itself; cancel it on the engine's page if it must not."),
        )
    service = inventory.open_service(
        tx=act.tx,
        customer_id=order.customer_id,
        premises_id=order.premises_id,
        terms=order.terms,
        at=act.at,
        order_id=order.id,
    )
    orders.confirm(tx=act.tx, order_id=order.id, by=act.actor.username, at=act.at, service_id=service.id)
    ipam.take_over(tx=act.tx, holder=order.id, owner=service.id)
    made = act.record(
        ActivationRequested(order_id=order.id, customer_id=order.customer_id, service_id=service.id), trace=order.id
    )
    act.about("order", order.code)
    return Confirmed(order.code, service.code, made["activation"])


@enters("order.confirm")
def accept_applicant(act: Act, *, order_code: str) -> None:
    """Say that whoever gave the customer's e-mail address is that customer, after speaking with them."""
    order = orders.order_by_code(tx=act.tx, code=order_code)
    orders.accept_applicant(tx=act.tx, order_id=order.id)
    act.about("order", order.code)


@enters("order.reject")
def reject_order(act: Act, *, order_code: str, reason: str) -> None:
    """Say no, with a reason that the customer will read."""
    if not reason.strip():
        raise Refused(
            say("A reason is needed."), field="reason", value="", remedy=say("Say why, as the customer will read it.")
        )
    order = orders.order_by_code(tx=act.tx, code=order_code)
    ipam.let_go(tx=act.tx, holder=order.id, at=act.at)
    orders.reject(tx=act.tx, order_id=order.id, by=act.actor.username, at=act.at, reason=reason.strip()[:2000])
    act.record(OrderRejected(order_id=order.id, customer_id=order.customer_id), trace=order.id)
    act.about("order", order.code)


@enters("service.activate")
def create_activation(
    act: Act, *, premises_code: str, plan_code: str, name: str, email: str, phone: str, note: str = ""
) -> Confirmed:
    """Place and confirm a new line at once: a builder's list, a replacement, a line for the company itself."""
    order = submit_new_line(
        act,
        premises_code=premises_code,
        plan_code=plan_code,
        contact=(name, email, phone),
        channel=Channel.STAFF,
        note=note,
    )
    return _confirm(act, order)
