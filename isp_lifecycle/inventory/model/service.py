"""A service and its life, in the states of TM Forum's service inventory (TMF638)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from isp_lifecycle.foundation.states import Moves
from isp_lifecycle.foundation.terms import Terms


class ServiceState(StrEnum):
    """Where a service stands."""

    PENDING = "pending"  #: It was ordered and is being built.
    ACTIVE = "active"  #: The customer can use it.
    SUSPENDED = "suspended"  #: It is built but shut, and may be opened again.
    TERMINATED = "terminated"  #: It has ended, or was never built.


SERVICE_MOVES = Moves(
    what="Service",
    start=ServiceState.PENDING,
    table={
        ServiceState.PENDING: frozenset({ServiceState.ACTIVE, ServiceState.TERMINATED}),
        ServiceState.ACTIVE: frozenset({ServiceState.SUSPENDED, ServiceState.TERMINATED}),
        ServiceState.SUSPENDED: frozenset({ServiceState.ACTIVE, ServiceState.TERMINATED}),
    },
)


@dataclass(frozen=True, kw_only=True)
class Service:
    """What a customer has at a premises. ``code`` is also the key of its ONT on the device.

    ``active_on`` and ``ended_on`` are dates on the provider's calendar; a service that was withdrawn before it was
    built has no ``active_on``. ``order_id`` is empty for a service that an import brought.
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
