"""Why an order is not taken."""

from __future__ import annotations

from isp_lifecycle.foundation.errors import Refused


class OrderOpen(Refused):
    """The same was asked before and is not done yet."""

    def __init__(self, *, kind: str, other: str, state: str) -> None:
        super().__init__(
            f"Order {other} ({kind.replace('_', ' ')}) is open already: {state.replace('_', ' ')}.",
            field="kind",
            value=kind,
            remedy=f"Wait for order {other}, or cancel it first.",
        )
        self.other = other


class ApplicantUnchecked(Refused):
    """Whoever applied gave the e-mail address of a customer, and nobody has checked that it is them."""

    def __init__(self, order: str) -> None:
        super().__init__(
            f"Order {order} was placed by somebody who gave a customer's e-mail address without signing in.",
            field="claimed",
            value=order,
            remedy="Call the customer at the number on record; say that it is them, or reject the order.",
        )


class OrderWrong(Refused):
    """The parts of an order do not fit together."""

    def __init__(self, field: str, value: object, why: str) -> None:
        super().__init__(f"The order's {field} is {value!r}: {why}.", field=field, value=value)
