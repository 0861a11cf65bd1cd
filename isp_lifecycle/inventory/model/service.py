"""A service and its life, in the states of TM Forum's service inventory (TMF638)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from isp_lifecycle.foundation.ids import is_code
from isp_lifecycle.foundation.states import Moves
from isp_lifecycle.foundation.terms import Terms


class ServiceState(StrEnum):
    """Where a service stands."""

    PENDING = "pending"  #: It was ordered and is being built.
    ACTIVE = "active"  #: The customer can use it.
    SUSPENDED = "suspended"  #: It is built but shut, and may be opened again.
    TERMINATED = "terminated"  #: It has ended, or was never built.


class SuspendedWay(StrEnum):
    """How a suspended line is shut."""

    SLOW = "slow"  #: It goes on at a low rate.
    WALLED_GARDEN = "walled_garden"  #: It leads to the provider's own pages only.
    OFF = "off"  #: The ONT is switched off on the PON.


class SuspendedFor(StrEnum):
    """Why a line was shut."""

    NON_PAYMENT = "non_payment"  #: Charges were not paid.
    CUSTOMER_WISH = "customer_wish"  #: The customer asked for a pause.
    ABUSE = "abuse"  #: The line was used against the terms.


SERVICE_MOVES = Moves(
    what="Service",
    start=ServiceState.PENDING,
    table={
        ServiceState.PENDING: frozenset({ServiceState.ACTIVE, ServiceState.TERMINATED}),
        ServiceState.ACTIVE: frozenset({ServiceState.SUSPENDED, ServiceState.TERMINATED}),
        ServiceState.SUSPENDED: frozenset({ServiceState.ACTIVE, ServiceState.TERMINATED}),
    },
)


def is_service_code(text: str) -> bool:
    """Whether a text, such as the description of an ONT, has the form of a service's code."""
    return is_code("S", text)


@dataclass(frozen=True, kw_only=True)
class Service:
    """What a customer has at a premises. ``code`` is also the key of its ONT on the device.

    ``active_on`` and ``ended_on`` are dates on the provider's calendar; a service that was withdrawn before it was
    built has no ``active_on``. ``order_id`` is empty for a service that an import brought. ``suspended_*`` say since
    when, how and why a suspended service is shut; one that ended while it was shut keeps them.
    """

    id: UUID
    code: str
    customer_id: UUID
    premises_id: UUID
    order_id: UUID | None
    state: ServiceState
    terms: Terms
    opened_at: datetime
    active_on: date | None = None
    ended_on: date | None = None
    suspended_on: date | None = None
    suspended_way: SuspendedWay | None = None
    suspended_for: SuspendedFor | None = None
