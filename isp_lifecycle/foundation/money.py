"""Money: a decimal amount and its currency (ISO 4217), never a float."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import say

CENT = Decimal("0.01")


@dataclass(frozen=True, order=False)
class Money:
    """An amount of one currency. Sums of two currencies are refused."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise Refused(
                say("An amount of money is a Decimal, not {name}.", name=type(self.amount).__name__), field="amount"
            )
        if len(self.currency) != 3 or not self.currency.isalpha() or not self.currency.isupper():
            raise Refused(
                say("{currency} is not a currency code such as EUR.", currency=repr(self.currency)), field="currency"
            )

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __mul__(self, factor: int | Decimal) -> Money:
        return Money(self.amount * factor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def rounded(self) -> Money:
        """The amount in whole cents, halves away from zero."""
        return Money(self.amount.quantize(CENT, rounding=ROUND_HALF_UP), self.currency)

    def __str__(self) -> str:
        return f"{self.rounded().amount} {self.currency}"

    def spoken(self, number: Callable[[str], str]) -> str:
        """The amount as a language writes it; ``number`` writes a number that was written the English way."""
        return f"{number(str(self.rounded().amount))} {self.currency}"

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise Refused(
                say(
                    "{currency} and {currency_too} cannot be added.",
                    currency=self.currency,
                    currency_too=other.currency,
                ),
                field="currency",
            )
