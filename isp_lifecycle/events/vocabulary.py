"""Every event there is, on one page: past tense, frozen, ids and primitives only.

An event says what became true. Readers fetch the rest by id, so that an event never grows stale copies.
``version`` rises when a field changes its meaning; old rows stay readable for one version.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that became true."""

    version: ClassVar[int] = 1


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(Event):
    """Somebody asked for a line, a change or an end; the sales desk sees it."""

    order_id: UUID
    customer_id: UUID


@dataclass(frozen=True, kw_only=True)
class OrderRejected(Event):
    """The sales desk said no, with a reason."""

    order_id: UUID
    customer_id: UUID


@dataclass(frozen=True, kw_only=True)
class ActivationRequested(Event):
    """A confirmed order is to become a working line."""

    order_id: UUID
    customer_id: UUID
    service_id: UUID


@dataclass(frozen=True, kw_only=True)
class VisitBooked(Event):
    """An installation engineer will come at a stated time."""

    order_id: UUID
    customer_id: UUID
    service_id: UUID
    visit_id: UUID


@dataclass(frozen=True, kw_only=True)
class LineActivated(Event):
    """The line was built, verified and is in service from this date."""

    order_id: UUID
    customer_id: UUID
    service_id: UUID
    active_on: date


@dataclass(frozen=True, kw_only=True)
class ActivationCancelled(Event):
    """The activation was given up and what it had done was undone."""

    order_id: UUID
    customer_id: UUID
    service_id: UUID


@dataclass(frozen=True, kw_only=True)
class PlanChangeRequested(Event):
    """The customer wants another plan from a date on."""

    order_id: UUID
    customer_id: UUID
    service_id: UUID
    wanted_on: date


@dataclass(frozen=True, kw_only=True)
class PlanChanged(Event):
    """The line runs with another plan's rates from this date on."""

    order_id: UUID
    customer_id: UUID
    service_id: UUID
    changed_on: date
    old_plan_code: str
    old_plan_name: str
    old_price: str
    currency: str


@dataclass(frozen=True, kw_only=True)
class TerminationRequested(Event):
    """The service is to end on a date."""

    order_id: UUID
    customer_id: UUID
    service_id: UUID
    wanted_on: date


@dataclass(frozen=True, kw_only=True)
class LineTerminated(Event):
    """The line is gone from the network and the service has ended."""

    order_id: UUID
    customer_id: UUID
    service_id: UUID
    ended_on: date


@dataclass(frozen=True, kw_only=True)
class ReportRequested(Event):
    """Somebody, or the calendar, wants a report."""

    report_id: UUID


@dataclass(frozen=True, kw_only=True)
class OltSaveDue(Event):
    """An OLT was changed since its configuration was last written to flash."""

    olt: str


@dataclass(frozen=True, kw_only=True)
class ProbeSent(Event):
    """Somebody wants to see that events go through; nothing else comes of it."""

    number: int


VOCABULARY: dict[str, type[Event]] = {
    kind.__name__: kind
    for kind in (
        OrderPlaced,
        OrderRejected,
        ActivationRequested,
        VisitBooked,
        LineActivated,
        ActivationCancelled,
        PlanChangeRequested,
        PlanChanged,
        TerminationRequested,
        LineTerminated,
        ReportRequested,
        OltSaveDue,
        ProbeSent,
    )
}
