"""Every event there is, on one page: past tense, frozen, ids and primitives only.

An event says what became true. Readers fetch the rest by id, so that an event never grows stale copies.
``version`` rises when a field changes its meaning; `upgraded` then reads what stands in the outbox from before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that became true."""

    version: ClassVar[int] = 1

    @classmethod
    def upgraded(cls, document: dict[str, Any], _version: int) -> dict[str, Any]:
        """What an earlier version wrote, as this one would have: whoever raises ``version`` overrides this."""
        return document


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
class VisitMissed(Event):
    """An installation engineer came and could not do the work; the visit is to be booked again."""

    order_id: UUID
    customer_id: UUID
    service_id: UUID
    visit_id: UUID
    obstacle: str
    """A word of ``field.model.Obstacle``."""


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
class SuspensionRequested(Event):
    """A service is to be shut on a date, in a way and for a reason."""

    order_id: UUID
    customer_id: UUID
    service_id: UUID
    wanted_on: date
    way: str
    why: str


@dataclass(frozen=True, kw_only=True)
class LineSuspended(Event):
    """The line is shut since this date: slow, led to the provider's own pages, or off."""

    order_id: UUID
    customer_id: UUID
    service_id: UUID
    suspended_on: date
    way: str
    why: str


@dataclass(frozen=True, kw_only=True)
class ResumptionRequested(Event):
    """A service that was shut is to be opened again on a date."""

    order_id: UUID
    customer_id: UUID
    service_id: UUID
    wanted_on: date


@dataclass(frozen=True, kw_only=True)
class LineResumed(Event):
    """The line runs as agreed again since this date."""

    order_id: UUID
    customer_id: UUID
    service_id: UUID
    resumed_on: date


@dataclass(frozen=True, kw_only=True)
class OntSwapVisitRequested(Event):
    """An engineer is to come and exchange the ONT of a line."""

    order_id: UUID
    customer_id: UUID
    service_id: UUID


@dataclass(frozen=True, kw_only=True)
class OntSwapRequested(Event):
    """Another ONT is plugged in already and is to take over the line; its serial number is known."""

    order_id: UUID
    customer_id: UUID
    service_id: UUID
    serial: str


@dataclass(frozen=True, kw_only=True)
class OntSwapped(Event):
    """The line works with another ONT; the old one is free."""

    order_id: UUID
    customer_id: UUID
    service_id: UUID
    old_serial: str
    new_serial: str


@dataclass(frozen=True, kw_only=True)
class RelocationRequested(Event):
    """The service is to move to other premises (those of the order)."""

    order_id: UUID
    customer_id: UUID
    service_id: UUID


@dataclass(frozen=True, kw_only=True)
class LineRelocated(Event):
    """The service works at other premises since this date, and the old line is gone."""

    order_id: UUID
    customer_id: UUID
    service_id: UUID
    moved_on: date
    old_premises_id: UUID
    new_ip_address: bool


@dataclass(frozen=True, kw_only=True)
class AddressChangeRequested(Event):
    """The service is to get another IP address on a date; of which policy, its order says."""

    order_id: UUID
    customer_id: UUID
    service_id: UUID
    wanted_on: date


@dataclass(frozen=True, kw_only=True)
class AddressChanged(Event):
    """The line has another IPv4 address (or block) or IPv6 prefix since this date; what it had of that rests."""

    order_id: UUID
    customer_id: UUID
    service_id: UUID
    changed_on: date
    old_prefix: str
    new_prefix: str = ""


@dataclass(frozen=True, kw_only=True)
class OrderRescheduled(Event):
    """What lies ahead was moved to another day before it began."""

    order_id: UUID
    customer_id: UUID
    service_id: UUID
    old_on: date
    new_on: date
    reason: str


@dataclass(frozen=True, kw_only=True)
class OrderWithdrawn(Event):
    """What lay ahead was taken back before it began; the service stays as it is."""

    order_id: UUID
    customer_id: UUID
    service_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class BulkApproved(Event):
    """A second person agreed to a change of many services: its orders are to be written."""

    bulk_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReportRequested(Event):
    """Somebody, or the calendar, wants a report."""

    report_id: UUID


@dataclass(frozen=True, kw_only=True)
class OltSaveDue(Event):
    """An OLT was changed since its configuration was last written to flash."""

    olt: str


@dataclass(frozen=True, kw_only=True)
class ReconciliationDue(Event):
    """Somebody, or the calendar, wants an OLT compared with the records."""

    olt: str


@dataclass(frozen=True, kw_only=True)
class LightReadingDue(Event):
    """The calendar wants the light of every ONT of an OLT read."""

    olt: str


@dataclass(frozen=True, kw_only=True)
class PreparedOntsDue(Event):
    """ONTs were registered on an OLT before they were plugged in, and it is time to look whether they are."""

    olt: str


@dataclass(frozen=True, kw_only=True)
class RepairApproved(Event):
    """Somebody agreed to the plan that mends a drift; without a service it concerns what is nobody's."""

    drift_id: UUID
    olt: str
    service_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class RecordingApproved(Event):
    """Somebody agreed that the record of a line is brought to the place and the ONT that were found."""

    drift_id: UUID
    olt: str
    service_id: UUID


@dataclass(frozen=True, kw_only=True)
class OntResetRequested(Event):
    """Somebody asked for a line's ONT to start anew; its customer is offline for a minute or two."""

    service_id: UUID
    customer_id: UUID


@dataclass(frozen=True, kw_only=True)
class PasswordLinkAsked(Event):
    """An account is to get a link by which its owner sets the password; the link itself stands nowhere."""

    user_id: UUID
    purpose: str
    """``invitation`` or ``reset``."""


@dataclass(frozen=True, kw_only=True)
class AccountChanged(Event):
    """Something by which an account is signed in to was changed, from an address of the network; its owner is told."""

    user_id: UUID
    what: str
    """A word of ``workflows.office.account_mail.CHANGES``."""
    address: str


@dataclass(frozen=True, kw_only=True)
class TrialMailAsked(Event):
    """Somebody of the staff wants to see a message in their own mailbox: the e-mail that was written under ``key``."""

    user_id: UUID
    key: str


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
        VisitMissed,
        LineActivated,
        ActivationCancelled,
        PlanChangeRequested,
        PlanChanged,
        TerminationRequested,
        LineTerminated,
        SuspensionRequested,
        LineSuspended,
        ResumptionRequested,
        LineResumed,
        OntSwapVisitRequested,
        OntSwapRequested,
        OntSwapped,
        RelocationRequested,
        LineRelocated,
        AddressChangeRequested,
        AddressChanged,
        OrderRescheduled,
        OrderWithdrawn,
        BulkApproved,
        ReportRequested,
        OltSaveDue,
        ReconciliationDue,
        LightReadingDue,
        RepairApproved,
        PreparedOntsDue,
        RecordingApproved,
        OntResetRequested,
        PasswordLinkAsked,
        AccountChanged,
        TrialMailAsked,
        ProbeSent,
    )
}
