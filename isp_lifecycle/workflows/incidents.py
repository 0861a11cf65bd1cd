"""From a step that failed to a person who knows: incident, ticket, notification, in the transaction that records it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from isp_lifecycle.events.model import Failure, Lease
from isp_lifecycle.events.views import done_so_far
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.notices import actions as notices
from isp_lifecycle.notices.model import Level
from isp_lifecycle.support import actions as support
from isp_lifecycle.support.model import Failure as Evidence
from isp_lifecycle.support.model import FailureKind
from isp_lifecycle.workflows.parts import Parts

#: The roles that hear of every failure; who takes it is decided on the support page.
_HEAR = ("support", "network")


def report(*, tx: Tx, parts: Parts, lease: Lease, failure: Failure, evidence: str, at: datetime, case: Any) -> None:
    """Open (or refresh) the incident of this step with all that is known, and tell the people who can mend it."""
    del parts
    reported = support.report_incident(
        tx=tx,
        delivery_id=lease.delivery_id,
        failure=Evidence(
            step=failure.step,
            attempt=lease.attempt,
            kind=FailureKind(failure.kind),
            what=failure.what,
            remedy=failure.remedy,
            device=getattr(case, "olt", None),
            transcript=evidence or None,
            changed=done_so_far(tx=tx, delivery_id=lease.delivery_id),
        ),
        subject=f"{lease.subscriber.replace('_', ' ').capitalize()} stands at “{failure.step}”: {failure.what}",
        at=at,
        service_id=lease.service_id,
        customer_id=getattr(case, "customer_id", None),
    )
    for role in _HEAR:
        notices.notify(
            tx=tx,
            key=f"incident:{reported.incident.id}:{reported.incident.occurrences}:{role}",
            text=f"{reported.incident.code}: {failure.step} — {failure.what}",
            link=f"/support?delivery={lease.delivery_id}",
            level=Level.FAILURE,
            at=at,
            role=role,
        )


def settled(*, tx: Tx, lease: Lease, at: datetime) -> None:
    """The delivery got past what had failed: its incidents close by themselves."""
    support.resolve_incident(
        tx=tx, delivery_id=lease.delivery_id, by="engine", outcome="The step was done after all.", at=at
    )


def given_up(*, tx: Tx, lease: Lease, at: datetime) -> None:
    """The delivery was cancelled and undone: its incidents close, its tasks fall away."""
    support.resolve_incident(
        tx=tx, delivery_id=lease.delivery_id, by="engine", outcome="Cancelled; what was done has been undone.", at=at
    )
    support.cancel_tasks(tx=tx, delivery_id=lease.delivery_id, by="engine", at=at)
