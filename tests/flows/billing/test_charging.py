"""Charges on a real PostgreSQL: once each, and the sums a customer would work out by hand."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
import sqlalchemy as sa

from isp_lifecycle.billing import actions, store
from isp_lifecycle.billing.errors import ChargeReversed, SourceWide
from isp_lifecycle.billing.model import Charge, ChargeKind, Period, total
from isp_lifecycle.foundation.db import Tx, read, write
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.money import Money

AT = datetime(2025, 12, 15, 10, tzinfo=UTC)
CUSTOMER = new_id()


def euro(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def start(tx: Tx, service: UUID, *, on: date = date(2025, 12, 15)) -> Charge:
    return actions.start_charging(
        tx=tx, customer_id=CUSTOMER, service_id=service, plan_name="Fibre 500", price=euro("31.00"), on=on, at=AT
    )


def month(tx: Tx, service: UUID, day: date, *, price: str = "31.00") -> Charge | None:
    return actions.charge_month(
        tx=tx, customer_id=CUSTOMER, service_id=service, plan_name="Fibre 500", price=euro(price), month=day, at=AT
    )


def change(tx: Tx, service: UUID, order: UUID, *, on: date) -> tuple[Charge, ...]:
    return actions.change_charging(
        tx=tx,
        customer_id=CUSTOMER,
        service_id=service,
        order_id=order,
        old_plan="Fibre 500",
        old_price=euro("31.00"),
        new_plan="Fibre 1000",
        new_price=euro("62.00"),
        on=on,
        at=AT,
    )


def stop(tx: Tx, service: UUID, *, on: date, price: str = "31.00") -> tuple[Charge, ...]:
    return actions.stop_charging(
        tx=tx, customer_id=CUSTOMER, service_id=service, plan_name="Fibre 500", price=euro(price), on=on, at=AT
    )


def sums(charges: tuple[Charge, ...]) -> list[tuple[str, Period, str]]:
    return [(c.kind, c.period, str(c.amount.amount)) for c in charges]


def test_start_charging_charges_from_the_first_day_once(engine: sa.Engine) -> None:
    service = new_id()
    with write(engine) as tx:
        first = start(tx, service)
    with write(engine) as tx:
        assert start(tx, service, on=date(2025, 12, 20)) == first
    with read(engine) as tx:
        assert actions.charges_of(tx=tx, service_id=service) == (first,)
    assert first == Charge(
        id=first.id,
        customer_id=CUSTOMER,
        service_id=service,
        kind=ChargeKind.PRORATED,
        source=f"activation:{service}",
        period=Period(date(2025, 12, 15), date(2025, 12, 31)),
        amount=euro("17.00"),
        description="Fibre 500, 15 December to 31 December 2025",
        created_at=AT,
    )


def test_start_charging_on_the_first_charges_a_whole_month(engine: sa.Engine) -> None:
    with write(engine) as tx:
        charge = start(tx, new_id(), on=date(2026, 2, 1))
    assert sums((charge,)) == [("recurring", Period(date(2026, 2, 1), date(2026, 2, 28)), "31.00")]


def test_charge_month_leaves_the_month_of_activation_alone_and_charges_later_ones_once(engine: sa.Engine) -> None:
    service = new_id()
    with write(engine) as tx:
        start(tx, service)
        assert month(tx, service, date(2025, 12, 1)) is None
        january = month(tx, service, date(2026, 1, 1))
        assert january is not None
        assert month(tx, service, date(2026, 1, 20)) == january
        assert sums((january,)) == [("recurring", Period(date(2026, 1, 1), date(2026, 1, 31)), "31.00")]


def test_a_month_run_by_many_at_once_charges_once(engine: sa.Engine) -> None:
    service = new_id()

    def one(_: int) -> Charge | None:
        with write(engine) as tx:
            return month(tx, service, date(2026, 1, 1))

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(one, range(12)))) == 1
    with read(engine) as tx:
        assert len(actions.charges_of(tx=tx, service_id=service)) == 1


def test_a_change_in_mid_month_credits_the_rest_and_charges_the_new_price(engine: sa.Engine) -> None:
    service, order = new_id(), new_id()
    rest = Period(date(2025, 12, 22), date(2025, 12, 31))
    with write(engine) as tx:
        start(tx, service)
        made = change(tx, service, order, on=rest.first)
        assert change(tx, service, order, on=rest.first) == made
        assert sums(made) == [("credit", rest, "-10.00"), ("prorated", rest, "20.00")]
        assert month(tx, service, date(2025, 12, 31)) is None
        # 7 days at 1.00 and 10 days at 2.00.
        assert total(actions.charges_of(tx=tx, service_id=service)) == euro("27.00")


@pytest.mark.parametrize("month_first", [True, False])
def test_a_change_on_the_first_costs_the_new_price_whichever_runs_first(engine: sa.Engine, month_first: bool) -> None:
    service, order = new_id(), new_id()
    with write(engine) as tx:
        start(tx, service)
        if month_first:
            month(tx, service, date(2026, 1, 1))
        change(tx, service, order, on=date(2026, 1, 1))
        month(tx, service, date(2026, 1, 1), price="62.00")
        assert total(actions.charges_of(tx=tx, service_id=service)) == euro("79.00")  # 17.00 and 62.00


@pytest.mark.parametrize("month_first", [True, False])
def test_an_end_in_mid_month_costs_the_days_used_whichever_runs_first(engine: sa.Engine, month_first: bool) -> None:
    service = new_id()
    with write(engine) as tx:
        start(tx, service)
        if month_first:
            month(tx, service, date(2026, 1, 1))
        made = stop(tx, service, on=date(2026, 1, 10))
        assert stop(tx, service, on=date(2026, 1, 10)) == made
        assert total(actions.charges_of(tx=tx, service_id=service)) == euro("27.00")  # 17.00 and 10 days of January


def test_a_change_and_an_end_in_one_month_add_up_by_days(engine: sa.Engine) -> None:
    service = new_id()
    with write(engine) as tx:
        start(tx, service, on=date(2025, 12, 1))
        change(tx, service, new_id(), on=date(2025, 12, 11))
        stop(tx, service, on=date(2025, 12, 20), price="62.00")
        # 10 days at 1.00 and 10 days at 2.00.
        assert total(actions.charges_of(tx=tx, service_id=service)) == euro("30.00")


def test_an_end_on_the_last_day_of_a_charged_month_gives_nothing_back(engine: sa.Engine) -> None:
    service = new_id()
    with write(engine) as tx:
        start(tx, service)
        assert stop(tx, service, on=date(2025, 12, 31)) == ()


def test_an_end_that_comes_late_gives_back_the_months_after_it(engine: sa.Engine) -> None:
    service = new_id()
    with write(engine) as tx:
        start(tx, service)
        month(tx, service, date(2026, 1, 1))
        made = stop(tx, service, on=date(2025, 12, 16))
        assert sums(made) == [
            ("credit", Period(date(2025, 12, 17), date(2025, 12, 31)), "-15.00"),
            ("credit", Period(date(2026, 1, 1), date(2026, 1, 31)), "-31.00"),
        ]


def test_reversing_an_activation_gives_it_back_once_and_bars_a_second_charge(engine: sa.Engine) -> None:
    service = new_id()
    source = f"activation:{service}"
    with write(engine) as tx:
        first = start(tx, service)
        reversed_ = actions.reverse(tx=tx, source_prefix=source, at=AT)
        assert actions.reverse(tx=tx, source_prefix=source, at=AT) == reversed_
        assert sums(reversed_) == [("credit", first.period, "-17.00")]
        assert total(actions.charges_of(tx=tx, service_id=service)) == euro("0.00")
        with pytest.raises(ChargeReversed) as barred:
            start(tx, service)
        assert barred.value.source == source
        # The month counts as not charged: a line that is served after all can be charged for it.
        assert month(tx, service, date(2025, 12, 1)) is not None


def test_reversing_a_change_restores_the_old_price(engine: sa.Engine) -> None:
    service, order = new_id(), new_id()
    with write(engine) as tx:
        start(tx, service)
        change(tx, service, order, on=date(2025, 12, 22))
        back = actions.reverse(tx=tx, source_prefix=f"change:{order}:", at=AT)
        assert [(c.kind, str(c.amount.amount)) for c in back] == [("one_off", "10.00"), ("credit", "-20.00")]
        assert total(actions.charges_of(tx=tx, service_id=service)) == euro("17.00")
        with pytest.raises(ChargeReversed):
            change(tx, service, order, on=date(2025, 12, 22))


def test_reversing_an_end_bars_its_repeat(engine: sa.Engine) -> None:
    service = new_id()
    with write(engine) as tx:
        start(tx, service)
        stop(tx, service, on=date(2025, 12, 20))
        actions.reverse(tx=tx, source_prefix=f"termination:{service}:", at=AT)
        assert total(actions.charges_of(tx=tx, service_id=service)) == euro("17.00")
        with pytest.raises(ChargeReversed) as barred:
            stop(tx, service, on=date(2025, 12, 20))
        assert barred.value.source == f"termination:{service}"


@pytest.mark.parametrize("prefix", ["", "activation", "activation:"])
def test_reversing_what_names_no_single_cause_is_refused(engine: sa.Engine, prefix: str) -> None:
    with write(engine) as tx:
        start(tx, new_id())
        with pytest.raises(SourceWide):
            actions.reverse(tx=tx, source_prefix=prefix, at=AT)


def test_a_prefix_is_taken_literally(engine: sa.Engine) -> None:
    with write(engine) as tx:
        start(tx, new_id())
        assert actions.reverse(tx=tx, source_prefix="activation:%", at=AT) == ()


def test_one_off_charges_and_credits_once_by_source(engine: sa.Engine) -> None:
    service = new_id()
    given = {"customer_id": CUSTOMER, "service_id": service, "on": date(2025, 12, 15), "at": AT, "description": "Fee"}
    with write(engine) as tx:
        fee = actions.one_off(tx=tx, source="fee:1", amount=euro("25"), **given)
        assert actions.one_off(tx=tx, source="fee:1", amount=euro("99"), **given) == fee
        goodwill = actions.one_off(tx=tx, source="goodwill:1", amount=euro("-5"), **given)
        assert sums((fee, goodwill)) == [
            ("one_off", Period(date(2025, 12, 15), date(2025, 12, 15)), "25.00"),
            ("credit", Period(date(2025, 12, 15), date(2025, 12, 15)), "-5.00"),
        ]
        assert actions.charges_of_customer(tx=tx, customer_id=CUSTOMER) == (fee, goodwill)
        assert month(tx, service, date(2025, 12, 1)) is not None  # a fee is no month of the plan


def test_the_database_itself_refuses_a_source_twice_and_a_negative_charge(engine: sa.Engine) -> None:
    service = new_id()
    with write(engine) as tx:
        start(tx, service)
    copied = store.charges.insert().from_select(
        [c.name for c in store.charges.c if c.name != "number"],
        sa.select(*(sa.literal(new_id()) if c.name == "id" else c for c in store.charges.c if c.name != "number")),
    )
    with engine.connect() as tx, pytest.raises(sa.exc.IntegrityError, match="uq_charges_source"):
        tx.execute(copied)
    with engine.connect() as tx, pytest.raises(sa.exc.IntegrityError, match="only_credits_negative"):
        tx.execute(store.charges.update().values(amount=Decimal(-1)))


def pause(tx: Tx, service: UUID, order: UUID, *, on: date) -> tuple[Charge, ...]:
    return actions.pause_charging(
        tx=tx,
        customer_id=CUSTOMER,
        service_id=service,
        order_id=order,
        plan_name="Fibre 500",
        price=euro("31.00"),
        on=on,
        at=AT,
    )


def resume(tx: Tx, service: UUID, order: UUID, *, on: date) -> Charge:
    return actions.resume_charging(
        tx=tx,
        customer_id=CUSTOMER,
        service_id=service,
        order_id=order,
        plan_name="Fibre 500",
        price=euro("31.00"),
        on=on,
        at=AT,
    )


def test_days_of_a_pause_are_not_charged(engine: sa.Engine) -> None:
    service, first, second = new_id(), new_id(), new_id()
    with write(engine) as tx:
        month(tx, service, date(2026, 1, 1))
        for _ in range(2):
            given_back = pause(tx, service, first, on=date(2026, 1, 11))
            assert sums(given_back) == [("credit", Period(date(2026, 1, 11), date(2026, 1, 31)), "-21.00")]
        for _ in range(2):
            charge = resume(tx, service, first, on=date(2026, 3, 30))
            assert sums((charge,)) == [("prorated", Period(date(2026, 3, 30), date(2026, 3, 31)), "2.00")]
        assert month(tx, service, date(2026, 3, 1)) is None
        assert month(tx, service, date(2026, 4, 1)) is not None
        again = pause(tx, service, second, on=date(2026, 4, 30))
        assert sums(again) == [("credit", Period(date(2026, 4, 30), date(2026, 4, 30)), "-1.03")]
        owed = total(actions.charges_of(tx=tx, service_id=service))
    assert owed == euro("41.97")


def test_pause_that_was_taken_back_is_not_made_again(engine: sa.Engine) -> None:
    service, order = new_id(), new_id()
    with write(engine) as tx:
        month(tx, service, date(2026, 1, 1))
        pause(tx, service, order, on=date(2026, 1, 11))
        actions.reverse(tx=tx, source_prefix=f"suspension:{order}", at=AT)
        assert total(actions.charges_of(tx=tx, service_id=service)) == euro("31.00")
        with pytest.raises(ChargeReversed):
            pause(tx, service, order, on=date(2026, 1, 11))
