"""Take an order, decide on it, and follow the work on it to its end.

What people decide (confirm, reject, cancel) is refused the second time, so that of two people who act at once one
is told. What a workflow reports (start, complete, fail, reopen) may be said again and changes nothing then.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from isp_lifecycle.foundation.codes import next_code, next_codes
from isp_lifecycle.foundation.constraints import refusing
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.errors import IllegalMove, NotFound
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.terms import Terms
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.orders import store
from isp_lifecycle.orders.errors import ApplicantUnchecked, KeyReused, OrderOpen
from isp_lifecycle.orders.model import Applicant, Channel, Order, OrderKind, OrderState, checked_reason

CODE_PREFIX = "O"

_NOT_BEGUN = (OrderState.SUBMITTED, OrderState.CONFIRMED)


def submit(
    *,
    tx: Tx,
    kind: OrderKind,
    customer_id: UUID,
    premises_id: UUID,
    terms: Terms,
    channel: Channel,
    at: datetime,
    service_id: UUID | None = None,
    note: str = "",
    consent_at: datetime | None = None,
    wanted_on: date | None = None,
    applicant: Applicant | None = None,
    partner: str | None = None,
) -> Order:
    """Take an order.

    One new line may be open for a premises, and one plan change and one termination for a service: raises OrderOpen,
    which names the other order, and OrderWrong where the parts do not fit. With an ``applicant`` it is claimed, see
    :class:`Order`.
    """
    order = Order(
        id=new_id(),
        code=next_code(tx=tx, sequence=store.ORDER_CODES, prefix=CODE_PREFIX),
        kind=kind,
        state=OrderState.SUBMITTED,
        customer_id=customer_id,
        premises_id=premises_id,
        service_id=service_id,
        terms=terms,
        channel=channel,
        note=note.strip(),
        consent_at=consent_at,
        wanted_on=wanted_on,
        submitted_at=at,
        applicant=applicant,
        claimed=applicant is not None,
        partner=partner,
    )
    refusals = {name: lambda: _open_already(tx, order) for name in (store.ONE_OPEN_LINE, store.ONE_OPEN_CHANGE)}
    with refusing(tx=tx, by=refusals):
        store.insert_order(tx=tx, order=order)
    return order


def _open_already(tx: Tx, order: Order) -> OrderOpen:
    if order.service_id is None:
        other = store.open_new_line(tx=tx, premises_id=order.premises_id)
    else:
        other = store.open_change(tx=tx, service_id=order.service_id, kind=order.kind)
    if other is None:  # it was closed between the refusal and this look
        return OrderOpen(kind=order.kind, other=say("(closed just now)"), state=say("ask again"))
    return OrderOpen(kind=order.kind, other=other.code, state=other.state)


def asked_before(*, tx: Tx, owner: str, key: str, asked: bytes, at: datetime) -> Order | None:
    """The order that came of this key of this owner; None when it is new, and then it is taken.

    Two who ask under one key at once take turns. Raises KeyReused when something else was asked under it.
    """
    found = store.take_key(tx=tx, owner=owner, key=key, asked=asked, at=at)
    if found is None:
        return None
    if found[0] != asked or found[1] is None:
        raise KeyReused(key)
    return order_by_id(tx=tx, order_id=found[1])


def keep_key(*, tx: Tx, owner: str, key: str, order_id: UUID) -> None:
    """Note the order that came of a key."""
    store.keep_key(tx=tx, owner=owner, key=key, order_id=order_id)


def confirm(*, tx: Tx, order_id: UUID, by: str, at: datetime, service_id: UUID | None = None) -> Order:
    """Say yes. ``service_id`` names the service that was opened for a new line.

    Raises IllegalMove, and ApplicantUnchecked while it is claimed.
    """
    also: dict[str, Any] = {"decided_at": at, "decided_by": by}
    if service_id is not None:
        also["service_id"] = service_id
    order = order_by_id(tx=tx, order_id=order_id)
    if order.claimed:
        raise ApplicantUnchecked(order.code)
    return _moved(tx, order, OrderState.CONFIRMED, **also)


def accept_applicant(*, tx: Tx, order_id: UUID) -> Order:
    """Somebody has checked that the applicant is the customer: the order is theirs. Raises IllegalMove if it was."""
    if not store.end_claim(tx=tx, order_id=order_id):
        raise IllegalMove(
            "Order", order_by_id(tx=tx, order_id=order_id).code, say("the customer's"), say("theirs again")
        )
    return order_by_id(tx=tx, order_id=order_id)


def reject(*, tx: Tx, order_id: UUID, by: str, at: datetime, reason: str) -> Order:
    """Say no, with a reason that the customer will read. Raises IllegalMove, and OrderWrong without a reason."""
    order = order_by_id(tx=tx, order_id=order_id)
    decision = {"decided_at": at, "decided_by": by, "reason": checked_reason(reason)}
    return _moved(tx, order, OrderState.REJECTED, **decision, closed_at=at, closed_by=by)


def cancel(*, tx: Tx, order_id: UUID, by: str, at: datetime, reason: str) -> Order:
    """Give an open order up. Undoing what was done for it is the workflow's work, before this. Raises IllegalMove."""
    order = order_by_id(tx=tx, order_id=order_id)
    return _moved(tx, order, OrderState.CANCELLED, reason=checked_reason(reason), closed_at=at, closed_by=by)


def reschedule(*, tx: Tx, order_id: UUID, wanted_on: date) -> Order:
    """Give an order that nobody has begun another day. Raises IllegalMove for one that was begun or is closed."""
    order = order_by_id(tx=tx, order_id=order_id)
    if not store.set_wanted_on(tx=tx, order_id=order_id, wanted_on=wanted_on, states=_NOT_BEGUN):
        raise IllegalMove("Order", order.code, order.state, "moved to another day")
    return order_by_id(tx=tx, order_id=order_id)


def start(*, tx: Tx, order_id: UUID) -> Order:
    """Work begins on a confirmed order. Raises IllegalMove for any but a confirmed one, or one in progress."""
    order = order_by_id(tx=tx, order_id=order_id)
    if order.state is OrderState.FAILED:
        raise IllegalMove("Order", order.code, order.state, say("started: it is reopened instead"))
    return _reported(tx, order, OrderState.IN_PROGRESS)


def complete(*, tx: Tx, order_id: UUID, at: datetime) -> Order:
    """What was asked for is so. Raises IllegalMove unless work was in progress."""
    return _reported(tx, order_by_id(tx=tx, order_id=order_id), OrderState.COMPLETED, closed_at=at)


def fail(*, tx: Tx, order_id: UUID, reason: str) -> Order:
    """Work has stopped at something that a person must look at. Raises IllegalMove unless work was in progress."""
    order = order_by_id(tx=tx, order_id=order_id)
    return _reported(tx, order, OrderState.FAILED, reason=checked_reason(reason))


def reopen(*, tx: Tx, order_id: UUID) -> Order:
    """Work goes on after a failure. Raises IllegalMove unless it had failed or is in progress."""
    order = order_by_id(tx=tx, order_id=order_id)
    if order.state is OrderState.CONFIRMED:
        raise IllegalMove("Order", order.code, order.state, say("reopened: it is started instead"))
    return _reported(tx, order, OrderState.IN_PROGRESS, reason=None)


def _moved(tx: Tx, order: Order, to: OrderState, **also: Any) -> Order:
    store.move_order(tx=tx, code=order.code, to=to, also=also)
    return order_by_id(tx=tx, order_id=order.id)


def _reported(tx: Tx, order: Order, to: OrderState, **also: Any) -> Order:
    """Move unless it stands there already: what a workflow reports may be reported again."""
    return order if order.state is to else _moved(tx, order, to, **also)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What one of many orders asks for, about an existing service."""

    service_id: UUID
    customer_id: UUID
    premises_id: UUID


def place_many(
    *,
    tx: Tx,
    kind: OrderKind,
    wanted: Sequence[Wanted],
    terms: Terms,
    wanted_on: date,
    note: str,
    by: str,
    at: datetime,
) -> Mapping[UUID, Order]:
    """Take one order for each service, all at once; ``by`` is who agreed to them. Returns them by service.

    A service that has an open order of this kind gets none and is left out of what is returned.
    """
    many = tuple(
        Order(
            id=new_id(),
            code=code,
            kind=kind,
            state=OrderState.CONFIRMED,
            customer_id=one.customer_id,
            premises_id=one.premises_id,
            service_id=one.service_id,
            terms=terms,
            channel=Channel.STAFF,
            note=note,
            consent_at=None,
            wanted_on=wanted_on,
            submitted_at=at,
            decided_at=at,
            decided_by=by,
        )
        for code, one in zip(_codes(tx, len(wanted)), wanted, strict=True)
    )
    taken = store.insert_orders(tx=tx, many=many)
    return {order.service_id: order for order in many if order.id in taken and order.service_id is not None}


def _codes(tx: Tx, many: int) -> tuple[str, ...]:
    return next_codes(tx=tx, sequence=store.ORDER_CODES, prefix=CODE_PREFIX, many=many)


def open_changes(*, tx: Tx, service_ids: Sequence[UUID]) -> tuple[Order, ...]:
    """The open orders about any of these services, of any kind but a new line."""
    return store.open_changes(tx=tx, service_ids=service_ids)


def order_by_id(*, tx: Tx, order_id: UUID) -> Order:
    """The order with this id; raises NotFound."""
    order = store.order_by_id(tx=tx, order_id=order_id)
    if order is None:
        raise NotFound("order", order_id)
    return order


def order_by_code(*, tx: Tx, code: str) -> Order:
    """The order with this code; raises NotFound."""
    order = store.order_by_code(tx=tx, code=code)
    if order is None:
        raise NotFound("order", code)
    return order


def open_order_for(*, tx: Tx, premises_id: UUID) -> Order | None:
    """The open order for a new line at this premises, if there is one."""
    return store.open_new_line(tx=tx, premises_id=premises_id)


def orders_in(*, tx: Tx, states: Collection[OrderState], limit: int = 200) -> tuple[Order, ...]:
    """Orders in any of these states, the oldest first."""
    return store.orders_in(tx=tx, states=states, limit=limit)


def orders_of(*, tx: Tx, customer_id: UUID) -> tuple[Order, ...]:
    """A customer's orders, the newest first."""
    return store.orders_of(tx=tx, customer_id=customer_id)
