"""What can go wrong with charges."""

from __future__ import annotations

from datetime import date

from isp_lifecycle.foundation.errors import NeedsPerson, Refused
from isp_lifecycle.foundation.money import Money


class PeriodMalformed(Refused):
    """A period whose last day comes before its first, or that leaves the month it is a part of."""

    def __init__(self, first: date, last: date, problem: str) -> None:
        super().__init__(f"{first} to {last} {problem}.", field="period", value=(first, last))
        self.first = first
        self.last = last


class PriceNegative(Refused):
    """A price below nothing."""

    def __init__(self, price: Money) -> None:
        super().__init__(f"A price cannot be {price}.", field="price", value=price)


class SourceWide(Refused):
    """A source to reverse that names no single cause: it would reverse the charges of everybody."""

    default_remedy = "Name the cause and the row it is about, for example activation:<service id>."

    def __init__(self, prefix: str) -> None:
        super().__init__(f"{prefix!r} does not name one cause.", field="source_prefix", value=prefix)


class ChargeReversed(NeedsPerson):
    """What is to be charged was charged once and given back; the same source is never charged again."""

    default_remedy = "Look at the customer's charges; add a one-off charge if this one is due after all."

    def __init__(self, source: str) -> None:
        super().__init__(f"{source} was charged and reversed.", field="source", value=source)
        self.source = source
