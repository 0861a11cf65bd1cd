"""The arithmetic of part months, against sums worked by hand and against its own laws."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from isp_lifecycle.billing.errors import PeriodMalformed, PriceNegative
from isp_lifecycle.billing.model import Period, Settlement, month_of, prorated, settled_from, settlement, share, total
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.money import Money

DECEMBER = Period(date(2025, 12, 1), date(2025, 12, 31))
JANUARY = Period(date(2026, 1, 1), date(2026, 1, 31))


def euro(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


@pytest.mark.parametrize(
    ("price", "first_day", "due"),
    [
        ("31.00", date(2025, 12, 1), "31.00"),
        ("31.00", date(2025, 12, 31), "1.00"),
        ("49.90", date(2025, 12, 15), "27.36"),  # 49.90 * 17 / 31 = 27.3645...
        ("49.90", date(2026, 2, 15), "24.95"),  # 14 of 28 days
        ("49.90", date(2028, 2, 15), "25.81"),  # 15 of 29 days: 25.8103...
        ("0.01", date(2026, 4, 16), "0.01"),  # half a cent is a cent
        ("10.01", date(2026, 4, 16), "5.01"),  # 5.005, half up
        ("0.00", date(2025, 12, 15), "0.00"),
    ],
)
def test_prorated_is_the_share_of_the_days_left(price: str, first_day: date, due: str) -> None:
    assert prorated(price=euro(price), first_day=first_day, month=month_of(first_day)) == euro(due)


def test_prorated_refuses_a_day_outside_the_month() -> None:
    for day in (date(2025, 11, 30), date(2026, 1, 1)):
        with pytest.raises(PeriodMalformed):
            prorated(price=euro("31"), first_day=day, month=DECEMBER)


def test_share_refuses_two_months_and_a_price_below_nothing() -> None:
    with pytest.raises(PeriodMalformed):
        share(price=euro("31"), part=Period(date(2025, 12, 31), date(2026, 1, 1)))
    with pytest.raises(PriceNegative):
        share(price=euro("-1"), part=DECEMBER)


@given(st.decimals("0", "999", places=2), st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_two_parts_of_a_month_cost_the_month_within_a_cent(price: Decimal, day: date) -> None:
    month = month_of(day)
    parts = prorated(price=Money(price, "EUR"), first_day=day, month=month).amount
    if day > month.first:
        parts += share(price=Money(price, "EUR"), part=Period(month.first, day - timedelta(days=1))).amount
    assert abs(parts - price) <= Decimal("0.01")


@given(st.decimals("0", "999", places=2), st.dates(date(2020, 1, 2), date(2040, 12, 31)))
def test_a_later_first_day_never_costs_more(price: Decimal, day: date) -> None:
    month = month_of(day)
    later = prorated(price=Money(price, "EUR"), first_day=day, month=month).amount
    assert Decimal(0) <= later <= prorated(price=Money(price, "EUR"), first_day=month.first, month=month).amount


def test_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(PeriodMalformed):
        Period(date(2026, 1, 2), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("day", "last"),
    [(date(2026, 2, 10), 28), (date(2028, 2, 29), 29), (date(2026, 12, 31), 31), (date(2026, 4, 1), 30)],
)
def test_month_of_ends_on_its_last_day(day: date, last: int) -> None:
    assert month_of(day) == Period(day.replace(day=1), day.replace(day=last))


def test_periods_read_as_people_write_them() -> None:
    assert str(Period(date(2025, 12, 5), date(2025, 12, 31))) == "5 December to 31 December 2025"
    assert str(Period(date(2025, 12, 5), date(2025, 12, 5))) == "5 December 2025"


def test_settlement_in_a_charged_month_swaps_the_rest() -> None:
    rest = Period(date(2025, 12, 16), DECEMBER.last)
    assert settlement(charged=[DECEMBER], new_from=rest.first) == Settlement(used=(), unused=(rest,), renewed=(rest,))


def test_settlement_never_gives_back_days_before_the_line_was_charged() -> None:
    first_month = Period(date(2025, 12, 10), DECEMBER.last)
    found = settlement(charged=[first_month], new_from=date(2025, 12, 5))
    assert found == Settlement(used=(), unused=(first_month,), renewed=(first_month,))


def test_settlement_in_a_month_not_charged_yet_owes_the_days_used() -> None:
    rest = Period(date(2026, 1, 16), JANUARY.last)
    used = Period(JANUARY.first, date(2026, 1, 15))
    assert settlement(charged=[DECEMBER], new_from=rest.first) == Settlement(used=(used,), unused=(), renewed=(rest,))


def test_settlement_on_the_first_of_a_month_not_charged_yet_only_renews() -> None:
    assert settlement(charged=[DECEMBER], new_from=JANUARY.first) == Settlement(used=(), unused=(), renewed=(JANUARY,))


def test_settlement_that_comes_late_sets_later_months_right() -> None:
    rest = Period(date(2025, 12, 16), DECEMBER.last)
    found = settlement(charged=[DECEMBER, JANUARY], new_from=rest.first)
    assert found == Settlement(used=(), unused=(rest, JANUARY), renewed=(rest, JANUARY))


def test_settlement_of_a_line_taken_over_owes_nothing_for_the_days_before() -> None:
    rest = Period(date(2026, 1, 16), JANUARY.last)
    assert settlement(charged=[], new_from=rest.first) == Settlement(used=(), unused=(), renewed=(rest,))


def test_total_of_nothing_is_none() -> None:
    assert total([]) is None


def test_sums_of_two_currencies_are_refused() -> None:
    with pytest.raises(Refused):
        euro("1") + Money(Decimal(1), "USD")


AMOUNTS = st.decimals(min_value=0, max_value=500, places=2)


@given(agreed=st.dates(), late=st.integers(min_value=0, max_value=60), old=AMOUNTS, new=AMOUNTS)
def test_being_late_never_costs_the_customer_anything(agreed: date, late: int, old: Decimal, new: Decimal) -> None:
    """Whatever the delay, the days between cost the lower of the two prices; and no price counts before its day."""
    assume(agreed < date.max - timedelta(days=61))
    happened = agreed + timedelta(days=late)
    start = settled_from(agreed=agreed, happened=happened, old=Money(old, "EUR"), new=Money(new, "EUR"))
    assert start in {agreed, happened}
    paid = new if start == agreed else old
    assert late == 0 or paid == min(old, new)


def test_change_that_was_made_by_a_clock_a_little_behind_counts_from_the_agreed_day() -> None:
    day = date(2028, 3, 1)
    assert settled_from(agreed=day, happened=day - timedelta(days=1), old=euro("20"), new=euro("30")) == day
    assert settled_from(agreed=None, happened=day, old=euro("20"), new=euro("30")) == day
