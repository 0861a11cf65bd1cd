"""Who hears what: the one registry of subscribers, by name.

The code behind a name stands in ``workflows.registry``; a test holds the two in step. A subscriber that belongs to
the ``network`` queue touches devices, ``office`` ones do not, so that a slow OLT never delays an e-mail.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from isp_lifecycle.events.vocabulary import (
    AccountChanged,
    ActivationCancelled,
    ActivationRequested,
    AddressChanged,
    AddressChangeRequested,
    BulkApproved,
    Event,
    LightReadingDue,
    LineActivated,
    LineRelocated,
    LineResumed,
    LineSuspended,
    LineTerminated,
    OltSaveDue,
    OntResetRequested,
    OntSwapped,
    OntSwapRequested,
    OntSwapVisitRequested,
    OrderPlaced,
    OrderRejected,
    OrderRescheduled,
    OrderWithdrawn,
    PasswordLinkAsked,
    PlanChanged,
    PlanChangeRequested,
    PreparedOntsDue,
    ProbeSent,
    ReconciliationDue,
    RecordingApproved,
    RelocationRequested,
    RepairApproved,
    ReportRequested,
    ResumptionRequested,
    SuspensionRequested,
    TerminationRequested,
    TrialMailAsked,
    VisitBooked,
    VisitMissed,
)
from isp_lifecycle.foundation.texts import say


class Queue(StrEnum):
    """Where a delivery is worked on."""

    NETWORK = "network"  #: workflows that speak with devices
    OFFICE = "office"  #: billing, the CRM, messages
    REPORTS = "reports"  #: notebooks, which are slow and large


@dataclass(frozen=True)
class Subscription:
    """One subscriber's interest in one kind of event."""

    subscriber: str
    hears: type[Event]
    queue: Queue = Queue.OFFICE


#: What each subscriber is called on pages.
TITLES: dict[str, str] = {
    "activation": say("Activation"),
    "plan_change": say("Plan change"),
    "termination": say("Termination"),
    "suspension": say("Suspension"),
    "resumption": say("Resumption"),
    "ont_swap": say("ONT swap"),
    "ont_swap_visit": say("ONT swap with a visit"),
    "relocation": say("Relocation"),
    "address_change": say("Address change"),
    "olt.save": say("Save an OLT's configuration"),
    "reconciliation": say("Comparison of an OLT with the records"),
    "light.reading": say("Reading of the light of an OLT's ONTs"),
    "prepared.look": say("Look for ONTs registered ahead"),
    "line_repair": say("Repair of a line"),
    "line_recording": say("Recording of a line as found"),
    "ont_reset": say("Reset of an ONT"),
    "report": say("Report"),
    "probe": say("Probe of the engine"),
    "bulk": say("Orders of a bulk change"),
    "billing.start": say("First charge"),
    "billing.change": say("Charges of a plan change"),
    "billing.stop": say("Last charges"),
    "billing.pause": say("Credit of a suspension"),
    "billing.resume": say("Charge of a resumption"),
    "crm": say("CRM"),
    "mail": say("E-mail to the customer"),
    "account_mail": say("E-mail about an account"),
    "trial_mail": say("Message tried by its writer"),
}

SUBSCRIPTIONS: tuple[Subscription, ...] = (
    Subscription("activation", ActivationRequested, Queue.NETWORK),
    Subscription("plan_change", PlanChangeRequested, Queue.NETWORK),
    Subscription("termination", TerminationRequested, Queue.NETWORK),
    Subscription("suspension", SuspensionRequested, Queue.NETWORK),
    Subscription("resumption", ResumptionRequested, Queue.NETWORK),
    Subscription("ont_swap", OntSwapRequested, Queue.NETWORK),
    Subscription("ont_swap_visit", OntSwapVisitRequested, Queue.NETWORK),
    Subscription("relocation", RelocationRequested, Queue.NETWORK),
    Subscription("address_change", AddressChangeRequested, Queue.NETWORK),
    Subscription("olt.save", OltSaveDue, Queue.NETWORK),
    Subscription("reconciliation", ReconciliationDue, Queue.NETWORK),
    Subscription("light.reading", LightReadingDue, Queue.NETWORK),
    Subscription("prepared.look", PreparedOntsDue, Queue.NETWORK),
    Subscription("line_repair", RepairApproved, Queue.NETWORK),
    Subscription("line_recording", RecordingApproved, Queue.NETWORK),
    Subscription("ont_reset", OntResetRequested, Queue.NETWORK),
    Subscription("report", ReportRequested, Queue.REPORTS),
    Subscription("probe", ProbeSent),
    Subscription("bulk", BulkApproved),
    Subscription("billing.start", LineActivated),
    Subscription("billing.change", PlanChanged),
    Subscription("billing.stop", LineTerminated),
    Subscription("billing.pause", LineSuspended),
    Subscription("billing.resume", LineResumed),
    Subscription("crm", OrderPlaced),
    Subscription("crm", OrderRejected),
    Subscription("crm", VisitBooked),
    Subscription("crm", VisitMissed),
    Subscription("crm", LineActivated),
    Subscription("crm", ActivationCancelled),
    Subscription("crm", PlanChanged),
    Subscription("crm", LineTerminated),
    Subscription("crm", LineSuspended),
    Subscription("crm", LineResumed),
    Subscription("crm", OntSwapped),
    Subscription("crm", LineRelocated),
    Subscription("crm", AddressChanged),
    Subscription("crm", OrderRescheduled),
    Subscription("crm", OrderWithdrawn),
    Subscription("mail", OrderPlaced),
    Subscription("mail", OrderRejected),
    Subscription("mail", VisitBooked),
    Subscription("mail", VisitMissed),
    Subscription("mail", LineActivated),
    Subscription("mail", PlanChanged),
    Subscription("mail", LineTerminated),
    Subscription("mail", LineSuspended),
    Subscription("mail", LineResumed),
    Subscription("mail", OntSwapped),
    Subscription("mail", LineRelocated),
    Subscription("mail", AddressChanged),
    Subscription("mail", OrderRescheduled),
    Subscription("mail", OrderWithdrawn),
    Subscription("account_mail", PasswordLinkAsked),
    Subscription("account_mail", AccountChanged),
    Subscription("trial_mail", TrialMailAsked),
)

#: Subscribers for whom the order of their deliveries means nothing: one that stands still keeps no other waiting.
#: All others take the events of one service, and of one request, in the order in which they happened, together with
#: those that share the part of their name before the dot: what is charged last is charged after what is charged first.
ANY_ORDER = frozenset(
    {"mail", "account_mail", "trial_mail", "olt.save", "prepared.look", "reconciliation", "light.reading", "report"}
)


def queue_of(subscriber: str) -> Queue:
    """Where this subscriber's deliveries are worked on; the office for one that is not known (any more)."""
    return next((s.queue for s in SUBSCRIPTIONS if s.subscriber == subscriber), Queue.OFFICE)


def who_hears(kind: type[Event]) -> tuple[Subscription, ...]:
    """The subscriptions to one kind of event, in their stated order."""
    return tuple(s for s in SUBSCRIPTIONS if s.hears is kind)
