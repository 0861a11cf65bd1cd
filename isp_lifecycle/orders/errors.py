"""Why an order is not taken."""

from __future__ import annotations

from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.words import word


class OrderOpen(Refused):
    """The same was asked before and is not done yet."""

    def __init__(self, *, kind: str, other: str, state: str) -> None:
        super().__init__(
            say(
                "Order {other} ({kind}) is open already: {state}.",
                other=other,
                kind=word(kind),
                state=word(state),
            ),
            field="kind",
            value=kind,
            remedy=say("Wait for order {other}, or cancel it first.", other=other),
        )
        self.other = other


class ApplicantUnchecked(Refused):
    """Whoever applied gave the e-mail address of a customer, and nobody has checked that it is them."""

    def __init__(self, order: str) -> None:
        super().__init__(
            say(
                "Order {order} was placed by somebody who gave a customer's e-mail address without signing in.",
                order=order,
            ),
            field="claimed",
            value=order,
            remedy=say("Call the customer at the number on record; say that it is them, or reject the order."),
        )


class OrderWrong(Refused):
    """The parts of an order do not fit together."""

    def __init__(self, field: str, value: object, why: str) -> None:
        super().__init__(
            say("The order's {field} is {value}: {why}.", field=field, value=repr(value), why=why),
            field=field,
            value=value,
        )


class KeyReused(Refused):
    """Another request came under this key before."""

    def __init__(self, key: str) -> None:
        super().__init__(
            say("Something else was asked under the key {key}.", key=repr(key)),
            field="Idempotency-Key",
            value=key,
            remedy=say("Send the very same request to have its answer again, or a new key with a new request."),
        )
