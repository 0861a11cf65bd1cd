"""What can go wrong with charges."""

from __future__ import annotations

from datetime import date

from isp_lifecycle.foundation.errors import NeedsPerson, Refused
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.foundation.texts import say


class PeriodMalformed(Refused):
    """A period whose last day comes before its first, or that leaves the month it is a part of."""

    def __init__(self, first: date, last: date, problem: str) -> None:
        super().__init__(
            say("{first} to {last} {problem}.", first=first, last=last, problem=problem),
            field="period",
            value=(first, last),
        )
        self.first = first
        self.last = last


class PriceNegative(Refused):
    """A price below nothing."""

    def __init__(self, price: Money) -> None:
        super().__init__(say("A price cannot be {price}.", price=price), field="price", value=price)


class SourceWide(Refused):
    """A source to reverse that names no single cause: it would reverse the charges of everybody."""

    default_remedy = say("Name the cause and the row it is about, for example activation:<service id>.")

    def __init__(self, prefix: str) -> None:
        super().__init__(
            say("{prefix} does not name one cause.", prefix=repr(prefix)), field="source_prefix", value=prefix
        )


class ChargeReversed(NeedsPerson):
    """What is to be charged was charged once and given back; the same source is never charged again."""

    default_remedy = say("Look at the customer's charges; add a one-off charge if this one is due after all.")

    def __init__(self, source: str) -> None:
        super().__init__(say("{source} was charged and reversed.", source=source), field="source", value=source)
        self.source = source
