"""Orders: taken once, decided once, followed to their end."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
import sqlalchemy as sa

from isp_lifecycle.foundation.db import Tx, write
from isp_lifecycle.foundation.errors import IllegalMove, LifecycleError, NotFound
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.foundation.terms import AddressPolicy, Terms
from isp_lifecycle.orders import actions, store
from isp_lifecycle.orders.errors import OrderOpen, OrderWrong
from isp_lifecycle.orders.model import OPEN_STATES, ORDER_MOVES, Channel, Order, OrderKind, OrderState

AT = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
TERMS = Terms(
    plan_code="home-100",
    plan_name="Home 100",
    down_kbps=102_400,
    up_kbps=51_200,
    price=Money(Decimal("29.90"), "EUR"),
    address_policy=AddressPolicy.DYNAMIC,
    vlan=100,
)


def submit(tx: Tx, *, kind: OrderKind = OrderKind.NEW_LINE, premises_id: UUID | None = None, **more: object) -> Order:
    fields = {"customer_id": new_id(), "terms": TERMS, "channel": Channel.PORTAL, "at": AT, **more}
    return actions.submit(tx=tx, kind=kind, premises_id=premises_id or new_id(), **fields)


STEPS: dict[OrderState, Callable[[Tx, UUID], Order]] = {
    OrderState.CONFIRMED: lambda tx, key: actions.confirm(tx=tx, order_id=key, by="sally", at=LATER),
    OrderState.REJECTED: lambda tx, key: actions.reject(tx=tx, order_id=key, by="sally", at=LATER, reason="No fibre."),
    OrderState.CANCELLED: lambda tx, key: actions.cancel(tx=tx, order_id=key, by="sally", at=LATER, reason="Moved."),
    OrderState.IN_PROGRESS: lambda tx, key: actions.start(tx=tx, order_id=key),
    OrderState.COMPLETED: lambda tx, key: actions.complete(tx=tx, order_id=key, at=LATER),
    OrderState.FAILED: lambda tx, key: actions.fail(tx=tx, order_id=key, reason="The ONT stays dark."),
}
WAY_TO: dict[OrderState, tuple[OrderState, ...]] = {
    OrderState.SUBMITTED: (),
    OrderState.CONFIRMED: (OrderState.CONFIRMED,),
    OrderState.REJECTED: (OrderState.REJECTED,),
    OrderState.CANCELLED: (OrderState.CANCELLED,),
    OrderState.IN_PROGRESS: (OrderState.CONFIRMED, OrderState.IN_PROGRESS),
    OrderState.COMPLETED: (OrderState.CONFIRMED, OrderState.IN_PROGRESS, OrderState.COMPLETED),
    OrderState.FAILED: (OrderState.CONFIRMED, OrderState.IN_PROGRESS, OrderState.FAILED),
}


def brought_to(tx: Tx, state: OrderState, **more: object) -> Order:
    order = submit(tx, **more)
    for step in WAY_TO[state]:
        order = STEPS[step](tx, order.id)
    assert order.state is state
    return order


def test_moves_reach_every_state_and_end_in_three() -> None:
    assert ORDER_MOVES.reachable() == frozenset(OrderState)
    assert ORDER_MOVES.terminal == {OrderState.COMPLETED, OrderState.CANCELLED, OrderState.REJECTED}
    assert {OrderState.SUBMITTED, OrderState.CONFIRMED, OrderState.IN_PROGRESS, OrderState.FAILED} == OPEN_STATES


def test_submitted_order_reads_back_as_it_was_taken(engine: sa.Engine) -> None:
    with write(engine) as tx:
        order = submit(tx, note=" ring twice ", consent_at=AT, wanted_on=date(2026, 6, 1))
        assert actions.order_by_id(tx=tx, order_id=order.id) == order
        assert actions.order_by_code(tx=tx, code="O-000001") == order
        assert (order.code, order.state, order.note, order.is_open) == (
            "O-000001",
            OrderState.SUBMITTED,
            "ring twice",
            True,
        )
        with pytest.raises(NotFound):
            actions.order_by_id(tx=tx, order_id=new_id())


def test_confirmation_names_who_when_and_the_service(engine: sa.Engine) -> None:
    service_id = new_id()
    with write(engine) as tx:
        order = submit(tx)
        confirmed = actions.confirm(tx=tx, order_id=order.id, by="sally", at=LATER, service_id=service_id)
    assert confirmed == replace(
        order, state=OrderState.CONFIRMED, decided_at=LATER, decided_by="sally", service_id=service_id
    )


def test_rejection_and_cancellation_close_with_a_reason(engine: sa.Engine) -> None:
    with write(engine) as tx:
        rejected, cancelled = brought_to(tx, OrderState.REJECTED), brought_to(tx, OrderState.CANCELLED)
        assert (rejected.reason, rejected.decided_by, rejected.closed_at) == ("No fibre.", "sally", LATER)
        assert (cancelled.reason, cancelled.closed_by, cancelled.closed_at) == ("Moved.", "sally", LATER)
        assert cancelled.decided_by is None
        with pytest.raises(OrderWrong) as refused:
            actions.reject(tx=tx, order_id=submit(tx).id, by="sally", at=LATER, reason="  ")
    assert refused.value.field == "reason"


# What a workflow reports is taken again without a change; what a person decides is refused the second time.
REPORTED = {OrderState.IN_PROGRESS, OrderState.COMPLETED, OrderState.FAILED}


@pytest.mark.parametrize("found", OrderState)
@pytest.mark.parametrize("wanted", STEPS)
def test_order_moves_by_the_table_and_by_nothing_else(engine: sa.Engine, found: OrderState, wanted: OrderState) -> None:
    with write(engine) as tx:
        order = brought_to(tx, found)
        same = found is wanted and wanted in REPORTED
        # FAILED -> IN_PROGRESS stands in the table too, but is `reopen`, not `start`
        by_this_action = wanted in ORDER_MOVES.table.get(found, ()) and (found, wanted) != (
            OrderState.FAILED,
            OrderState.IN_PROGRESS,
        )
        if same:
            assert STEPS[wanted](tx, order.id) == order
        elif by_this_action:
            assert STEPS[wanted](tx, order.id).state is wanted
        else:
            with pytest.raises(IllegalMove) as refused:
                STEPS[wanted](tx, order.id)
            assert order.code in str(refused.value)
            assert actions.order_by_id(tx=tx, order_id=order.id) == order


def test_reopening_goes_on_after_a_failure_and_only_then(engine: sa.Engine) -> None:
    with write(engine) as tx:
        failed = brought_to(tx, OrderState.FAILED)
        again = actions.reopen(tx=tx, order_id=failed.id)
        assert again == replace(failed, state=OrderState.IN_PROGRESS, reason=None)
        assert actions.reopen(tx=tx, order_id=failed.id) == again
        for state in (OrderState.SUBMITTED, OrderState.CONFIRMED, OrderState.COMPLETED, OrderState.CANCELLED):
            with pytest.raises(IllegalMove):
                actions.reopen(tx=tx, order_id=brought_to(tx, state).id)


@pytest.mark.parametrize("state", OrderState)
def test_second_new_line_for_a_premises_is_refused_while_one_is_open(engine: sa.Engine, state: OrderState) -> None:
    premises_id = new_id()
    with write(engine) as tx:
        first = brought_to(tx, state, premises_id=premises_id)
        submit(tx)  # another premises is free
        if not first.is_open:
            assert actions.open_order_for(tx=tx, premises_id=premises_id) is None
            assert submit(tx, premises_id=premises_id).is_open
            return
        assert actions.open_order_for(tx=tx, premises_id=premises_id) == first
        with pytest.raises(OrderOpen) as refused:
            submit(tx, premises_id=premises_id)
        assert refused.value.other == first.code


def test_one_change_and_one_termination_may_be_open_for_a_service(engine: sa.Engine) -> None:
    premises_id, service_id = new_id(), new_id()
    where = {"premises_id": premises_id, "service_id": service_id}
    with write(engine) as tx:
        change = submit(tx, kind=OrderKind.PLAN_CHANGE, **where)
        submit(tx, kind=OrderKind.TERMINATION, **where)
        submit(tx, kind=OrderKind.PLAN_CHANGE, premises_id=premises_id, service_id=new_id())
        with pytest.raises(OrderOpen) as refused:
            submit(tx, kind=OrderKind.PLAN_CHANGE, **where)
        assert refused.value.other == change.code
        actions.cancel(tx=tx, order_id=change.id, by="una", at=LATER, reason="Changed my mind.")
        assert submit(tx, kind=OrderKind.PLAN_CHANGE, **where).is_open


def test_order_whose_parts_do_not_fit_is_refused(engine: sa.Engine) -> None:
    with write(engine) as tx:
        for kind in (OrderKind.PLAN_CHANGE, OrderKind.TERMINATION):
            with pytest.raises(OrderWrong):
                submit(tx, kind=kind)
        with pytest.raises(OrderWrong):
            submit(tx, service_id=new_id())


def in_eight_threads(engine: sa.Engine, action: Callable[[Tx], Order]) -> tuple[list[Order], list[LifecycleError]]:
    def once(_: int) -> Order | LifecycleError:
        try:
            with write(engine) as tx:
                return action(tx)
        except LifecycleError as error:
            return error

    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(once, range(8)))
    return [r for r in results if isinstance(r, Order)], [r for r in results if isinstance(r, LifecycleError)]


def test_of_eight_orders_at_once_one_is_taken_and_the_others_are_told(engine: sa.Engine) -> None:
    premises_id = new_id()
    taken, told = in_eight_threads(engine, lambda tx: submit(tx, premises_id=premises_id))
    assert len(taken) == 1
    assert [type(error) for error in told] == [OrderOpen] * 7
    assert {error.other for error in told if isinstance(error, OrderOpen)} == {taken[0].code}


def test_of_eight_confirmations_at_once_one_succeeds(engine: sa.Engine) -> None:
    with write(engine) as tx:
        order = submit(tx)
    done, told = in_eight_threads(engine, lambda tx: actions.confirm(tx=tx, order_id=order.id, by="s", at=LATER))
    assert (len(done), [type(error) for error in told]) == (1, [IllegalMove] * 7)


def test_lists_begin_with_the_oldest_open_and_the_newest_of_a_customer(engine: sa.Engine) -> None:
    customer_id = new_id()
    with write(engine) as tx:
        old, new = (submit(tx, customer_id=customer_id, at=at) for at in (AT, LATER))
        other = brought_to(tx, OrderState.CONFIRMED, at=LATER)
        rejected = brought_to(tx, OrderState.REJECTED)
        waiting = {OrderState.SUBMITTED, OrderState.CONFIRMED}
        assert actions.orders_in(tx=tx, states=waiting) == (old, new, other)
        assert actions.orders_in(tx=tx, states=waiting, limit=1) == (old,)
        assert actions.orders_in(tx=tx, states={OrderState.REJECTED}) == (rejected,)
        assert actions.orders_of(tx=tx, customer_id=customer_id) == (new, old)


def test_database_refuses_a_closed_order_without_its_instant(engine: sa.Engine) -> None:
    closed = {"state": "completed"}
    with write(engine) as tx:
        order = submit(tx)
    with pytest.raises(sa.exc.IntegrityError) as refused, write(engine) as tx:
        tx.execute(store.orders.update().where(store.orders.c.id == order.id).values(closed))
    assert "ck_orders_closed_has_instant" in str(refused.value)
