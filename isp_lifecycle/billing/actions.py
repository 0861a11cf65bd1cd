"""Start, change and stop charging a line; reverse what was charged; list it.

Months are charged in advance, so a change or an end gives back the rest of what was charged at the old price. Where
a month was not charged yet, only the days that were used are charged. Every charge has a source that can be charged
once: each action done twice gives the charges of the first time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from isp_lifecycle.billing import store
from isp_lifecycle.billing.errors import ChargeReversed, SourceWide
from isp_lifecycle.billing.model import Charge, ChargeKind, Period, Settlement, month_of, settlement, share
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.money import Money


def start_charging(
    *, tx: Tx, customer_id: UUID, service_id: UUID, plan_name: str, price: Money, on: date, at: datetime
) -> Charge:
    """Charge a new line from its first day to the end of the month.

    Raises ChargeReversed when that was done and reversed.
    """
    store.lock_service(tx=tx, service_id=service_id)
    source = f"activation:{service_id}"
    _refuse_reversed(tx=tx, cause=source)
    ledger = _Ledger(tx, customer_id, service_id, at)
    return ledger.charge(source=source, plan=_Priced(plan_name, price), part=Period(on, month_of(on).last))


def charge_month(
    *, tx: Tx, customer_id: UUID, service_id: UUID, plan_name: str, price: Money, month: date, at: datetime
) -> Charge | None:
    """Charge an active line for the month that a day lies in.

    Done again it returns the charge that stands; None when an activation or a plan change has charged that month.
    """
    store.lock_service(tx=tx, service_id=service_id)
    whole = month_of(month)
    source = f"month:{service_id}:{month:%Y-%m}"
    if standing := store.by_source(tx=tx, prefix=source):
        return standing[0]
    if whole in {month_of(period.first) for period in store.charged_periods(tx=tx, service_id=service_id)}:
        return None
    ledger = _Ledger(tx, customer_id, service_id, at)
    return ledger.charge(source=source, plan=_Priced(plan_name, price), part=whole)


def change_charging(
    *,
    tx: Tx,
    customer_id: UUID,
    service_id: UUID,
    order_id: UUID,
    old_plan: str,
    old_price: Money,
    new_plan: str,
    new_price: Money,
    on: date,
    at: datetime,
) -> tuple[Charge, ...]:
    """Give back the rest of what was charged at the old price, and charge it at the new one from the day ``on``.

    A change that comes late also sets right the months that were charged meanwhile. Raises ChargeReversed when this
    order's change was charged and reversed.
    """
    store.lock_service(tx=tx, service_id=service_id)
    prefix = f"change:{order_id}:"
    _refuse_reversed(tx=tx, cause=prefix)
    if standing := store.by_source(tx=tx, prefix=prefix):
        return standing
    ledger = _Ledger(tx, customer_id, service_id, at)
    plan = settlement(charged=store.charged_periods(tx=tx, service_id=service_id), new_from=on)
    new = _Priced(new_plan, new_price)
    settled = ledger.settle(prefix=prefix, plan=_Priced(old_plan, old_price), left=plan)
    renewed = [ledger.charge(source=f"{prefix}new:{p.first:%Y-%m}", plan=new, part=p) for p in plan.renewed]
    return (*settled, *renewed)


def stop_charging(
    *, tx: Tx, customer_id: UUID, service_id: UUID, plan_name: str, price: Money, on: date, at: datetime
) -> tuple[Charge, ...]:
    """Give back what was charged for the days after ``on``, the last day of the line.

    Raises ChargeReversed when that was done and reversed.
    """
    store.lock_service(tx=tx, service_id=service_id)
    prefix = f"termination:{service_id}:"
    _refuse_reversed(tx=tx, cause=prefix)
    if standing := store.by_source(tx=tx, prefix=prefix):
        return standing
    charged = store.charged_periods(tx=tx, service_id=service_id)
    left = settlement(charged=charged, new_from=on + timedelta(days=1))
    ledger = _Ledger(tx, customer_id, service_id, at)
    return ledger.settle(prefix=prefix, plan=_Priced(plan_name, price), left=left)


def pause_charging(
    *,
    tx: Tx,
    customer_id: UUID,
    service_id: UUID,
    order_id: UUID,
    plan_name: str,
    price: Money,
    on: date,
    at: datetime,
) -> tuple[Charge, ...]:
    """Give back what was charged from the day ``on`` on, the first on which the line is shut.

    Raises ChargeReversed when this order's pause was charged and reversed.
    """
    store.lock_service(tx=tx, service_id=service_id)
    prefix = f"suspension:{order_id}:"
    _refuse_reversed(tx=tx, cause=prefix)
    if standing := store.by_source(tx=tx, prefix=prefix):
        return standing
    left = settlement(charged=store.charged_periods(tx=tx, service_id=service_id), new_from=on)
    ledger = _Ledger(tx, customer_id, service_id, at)
    return ledger.settle(prefix=prefix, plan=_Priced(plan_name, price), left=left)


def resume_charging(
    *,
    tx: Tx,
    customer_id: UUID,
    service_id: UUID,
    order_id: UUID,
    plan_name: str,
    price: Money,
    on: date,
    at: datetime,
) -> Charge:
    """Charge a line that is open again from that day to the end of the month.

    Raises ChargeReversed when that was done for this order and reversed.
    """
    store.lock_service(tx=tx, service_id=service_id)
    source = f"resumption:{order_id}"
    _refuse_reversed(tx=tx, cause=source)
    ledger = _Ledger(tx, customer_id, service_id, at)
    return ledger.charge(source=source, plan=_Priced(plan_name, price), part=Period(on, month_of(on).last))


def reverse(*, tx: Tx, source_prefix: str, at: datetime) -> tuple[Charge, ...]:
    """Take back every charge and credit whose source starts with these characters; returns the reversals.

    The characters name a cause and a row (``activation:<service id>``), else SourceWide is raised.
    """
    if not source_prefix.partition(":")[2]:
        raise SourceWide(source_prefix)
    standing = store.by_source(tx=tx, prefix=source_prefix)
    for service_id in sorted({charge.service_id for charge in standing}):
        store.lock_service(tx=tx, service_id=service_id)
    return tuple(
        store.insert(
            tx=tx,
            customer_id=charge.customer_id,
            service_id=charge.service_id,
            kind=ChargeKind.CREDIT if charge.amount.amount >= 0 else ChargeKind.ONE_OFF,
            source=f"{store.REVERSAL}{charge.source}",
            period=charge.period,
            amount=-charge.amount,
            description=f"Reversed: {charge.description}",
            at=at,
        )
        for charge in standing
    )


def one_off(
    *,
    tx: Tx,
    customer_id: UUID,
    service_id: UUID,
    source: str,
    amount: Money,
    description: str,
    on: date,
    at: datetime,
) -> Charge:
    """Charge a fee once, or credit an amount below nothing once."""
    kind = ChargeKind.CREDIT if amount.amount < 0 else ChargeKind.ONE_OFF
    return store.insert(
        tx=tx,
        customer_id=customer_id,
        service_id=service_id,
        kind=kind,
        source=source,
        period=Period(on, on),
        amount=amount.rounded(),
        description=description,
        at=at,
    )


def charges_of(*, tx: Tx, service_id: UUID) -> tuple[Charge, ...]:
    """What was charged and credited for a service, in the order in which it was made."""
    return store.charge_list(tx=tx, service_id=service_id)


def charges_of_customer(*, tx: Tx, customer_id: UUID) -> tuple[Charge, ...]:
    """What was charged and credited to a customer, in the order in which it was made."""
    return store.charge_list(tx=tx, customer_id=customer_id)


def _refuse_reversed(*, tx: Tx, cause: str) -> None:
    """What was undone stays undone: charging it again by itself would be silent either way."""
    if store.by_source(tx=tx, prefix=f"{store.REVERSAL}{cause}"):
        raise ChargeReversed(cause.rstrip(":"))


@dataclass(frozen=True)
class _Priced:
    """A plan's name and what a month of it costs."""

    name: str
    price: Money


@dataclass(frozen=True)
class _Ledger:
    """Where the charges of one service go, in one transaction, at one instant."""

    tx: Tx
    customer_id: UUID
    service_id: UUID
    at: datetime

    def charge(self, *, source: str, plan: _Priced, part: Period) -> Charge:
        """Charge a part of a month, or all of it."""
        whole = part == month_of(part.first)
        kind = ChargeKind.RECURRING if whole else ChargeKind.PRORATED
        amount = share(price=plan.price, part=part)
        return self._insert(source=source, kind=kind, period=part, amount=amount, description=f"{plan.name}, {part}")

    def settle(self, *, prefix: str, plan: _Priced, left: Settlement) -> tuple[Charge, ...]:
        """Charge what was used without a charge, and give back what was charged without use."""
        used = [self.charge(source=f"{prefix}used:{p.first:%Y-%m}", plan=plan, part=p) for p in left.used]
        unused = [
            self._insert(
                source=f"{prefix}unused:{part.first:%Y-%m}",
                kind=ChargeKind.CREDIT,
                period=part,
                amount=-share(price=plan.price, part=part),
                description=f"Credit: {plan.name}, {part}",
            )
            for part in left.unused
        ]
        return (*used, *unused)

    def _insert(self, *, source: str, kind: ChargeKind, period: Period, amount: Money, description: str) -> Charge:
        return store.insert(
            tx=self.tx,
            customer_id=self.customer_id,
            service_id=self.service_id,
            kind=kind,
            source=source,
            period=period,
            amount=amount,
            description=description,
            at=self.at,
        )
