"""Charges and the arithmetic of part months; dates are days on the ISP's calendar, so no time zone appears.

A month is charged in advance. Part months cost their share by days, rounded half up to cents; a full month costs the
price, whatever its length.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from isp_lifecycle.billing.errors import PeriodMalformed, PriceNegative
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.foundation.texts import say

#: The hour, on the provider's wall clock, at which each night what is not charged yet is charged.
MONTHS_CHARGED_AT = 2


class ChargeKind(StrEnum):
    """Why money is asked for."""

    RECURRING = "recurring"  #: A whole month of a plan.
    PRORATED = "prorated"  #: A part of a month of a plan.
    CREDIT = "credit"  #: Given back: its amount is negative.
    ONE_OFF = "one_off"  #: Once: a fee, or the end of a credit.


@dataclass(frozen=True, order=True)
class Period:
    """From the first day to the last, both inclusive."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise PeriodMalformed(self.first, self.last, say("ends before it starts"))

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def __str__(self) -> str:
        last = f"{self.last.day} {self.last:%B %Y}"
        return last if self.days == 1 else f"{self.first.day} {self.first:%B} to {last}"


@dataclass(frozen=True)
class Charge:
    """One line of what a customer owes; ``source`` names what it was made for and can be charged once only."""

    id: UUID
    customer_id: UUID
    service_id: UUID
    kind: ChargeKind
    source: str
    period: Period
    amount: Money
    description: str
    created_at: datetime


def month_of(day: date) -> Period:
    """The calendar month that a day lies in."""
    return Period(day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1]))


def share(*, price: Money, part: Period) -> Money:
    """What a part of one calendar month costs: its days' share, rounded half up to cents."""
    month = month_of(part.first)
    if part.last > month.last:
        raise PeriodMalformed(part.first, part.last, say("is not within one month"))
    if price.amount < 0:
        raise PriceNegative(price)
    return Money(price.amount * Decimal(part.days) / Decimal(month.days), price.currency).rounded()


def prorated(*, price: Money, first_day: date, month: Period) -> Money:
    """What a month costs from a day on, that day included."""
    if not month.first <= first_day <= month.last:
        raise PeriodMalformed(first_day, month.last, say("does not start within the month"))
    return share(price=price, part=Period(first_day, month.last))


def settled_from(*, agreed: date | None, happened: date, old: Money, new: Money) -> date:
    """The day from which another price counts: being late never costs the customer anything.

    A price that falls does so on the agreed day, however late the change was made; one that rises does so on the day
    on which it was made, and never before the agreed one.
    """
    if agreed is None:
        return happened
    return agreed if new.amount < old.amount else max(agreed, happened)


@dataclass(frozen=True)
class Settlement:
    """What sets right the charges of a line whose price ends on one day; each period is a part of one month.

    ``used`` was used and never charged, ``unused`` was charged and is not used at that price; ``renewed`` is what a
    line that goes on is to be charged at its new price.
    """

    used: tuple[Period, ...]
    unused: tuple[Period, ...]
    renewed: tuple[Period, ...]


def settlement(*, charged: Sequence[Period], new_from: date) -> Settlement:
    """Work out what a price that ends the day before ``new_from`` leaves to charge and to give back.

    ``charged`` are the periods charged so far. Months after ``new_from`` that were charged meanwhile are set right
    too. A line that was never charged here (it was taken over from another system) owes nothing for the days before.
    """
    starts: dict[Period, date] = {}
    for period in sorted(charged, reverse=True):
        starts[month_of(period.first)] = period.first
    last_used = new_from - timedelta(days=1)
    month = month_of(last_used)
    owing = month not in starts and any(start < month.first for start in starts.values())
    changed = sorted({month_of(new_from), *(m for m in starts if m.last >= new_from)})
    parts = {m: Period(max(new_from, starts.get(m, m.first)), m.last) for m in changed}
    return Settlement(
        used=(Period(month.first, last_used),) if owing else (),
        unused=tuple(part for m, part in parts.items() if m in starts),
        renewed=tuple(parts.values()),
    )


def total(charges: Iterable[Charge]) -> Money | None:
    """The sum of charges and credits; None where there are none."""
    amounts = [charge.amount for charge in charges]
    return sum(amounts[1:], start=amounts[0]) if amounts else None
