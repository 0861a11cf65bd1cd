"""From a step that failed to a person who knows: incident, ticket, notification, in the transaction that records it."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from isp_lifecycle.access import actions as access
from isp_lifecycle.events.model import Failure, Lease
from isp_lifecycle.events.subscriptions import queue_of
from isp_lifecycle.events.views import done_so_far
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.pages import Thing, page_of
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.notices import actions as notices
from isp_lifecycle.notices.model import Level
from isp_lifecycle.support import actions as support
from isp_lifecycle.support.model import Failure as Evidence
from isp_lifecycle.support.model import FailureKind, Severity, Ticket, mender_of
from isp_lifecycle.workflows.parts import Parts
from isp_lifecycle.workflows.steps import Asked

#: The roles that hear of every failure, whoever it is given to.
_HEAR = ("support", "network")
#: The kind of task that stands for a wait for which the workflow itself asked nobody.
ANSWER = "answer"


def report(*, tx: Tx, parts: Parts, lease: Lease, failure: Failure, evidence: str, at: datetime, case: Any) -> None:
    """Open (or refresh) the incident of this step with all that is known, and tell the people who can mend it."""
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
        subject=say(
            "{workflow} stands at “{step}”: {what}",
            workflow=lease.subscriber.replace("_", " ").capitalize(),
            step=failure.step,
            what=failure.what,
        ),
        at=at,
        service_id=lease.service_id,
        customer_id=getattr(case, "customer_id", None),
        due_at=at + parts.settings.support.within(Severity.MAJOR),
    )
    owner = _owner(tx, lease, reported.ticket)
    code, words = reported.incident.code, f"{failure.step} — {failure.what}"
    key = f"incident:{reported.incident.id}:{reported.incident.occurrences}"
    tell = partial(notices.notify, tx=tx, link=page_of(Thing.DELIVERY, lease.delivery_id), level=Level.FAILURE, at=at)
    for role in _HEAR:
        tell(key=f"{key}:{role}", text=f"{code}: {words}", role=role)
    if owner is not None:
        tell(key=f"{key}:to {owner}", text=say("{code} is yours: {words}", code=code, words=words), username=owner)


def _owner(tx: Tx, lease: Lease, ticket: Ticket) -> str | None:
    """Who sees to it: whoever has it already, else the least busy of the role; None while the role has nobody."""
    if ticket.assignee is not None:
        account = access.user_by_username(tx=tx, username=ticket.assignee)
        if account is not None and account.active:
            return account.username
    people = access.on_duty(tx=tx, role=mender_of(queue_of(lease.subscriber)))
    owner = support.least_busy(tx=tx, among=people)
    support.assign_ticket(tx=tx, ticket_id=ticket.id, assignee=owner)
    return owner


def waits(*, tx: Tx, lease: Lease, step: str, asked: Asked[Any], at: datetime) -> None:
    """The delivery waits for a person: see that an open task says for whom, opening one where the step did not."""
    mine = [task for task in support.tasks_of(tx=tx, delivery_id=lease.delivery_id) if task.closed_at is None]
    if not mine:
        title = f"{lease.subscriber.replace('_', ' ').capitalize()}: {step}"
        opened = support.open_task(
            tx=tx,
            kind=ANSWER,
            title=title[: support.LONGEST_TITLE],
            detail=asked.says,
            role=mender_of(queue_of(lease.subscriber)),
            at=at,
            delivery_id=lease.delivery_id,
            service_id=lease.service_id,
            due_at=asked.deadline,
        )
        mine = [opened]
    for task in mine:
        if task.assignee is None:
            people = access.on_duty(tx=tx, role=task.role)
            support.assign_task(tx=tx, task_id=task.id, assignee=support.least_busy(tx=tx, among=people))


def answered(*, tx: Tx, lease: Lease, at: datetime) -> None:
    """A person has given what was waited for: the task that stood for it is done."""
    support.close_tasks(tx=tx, delivery_id=lease.delivery_id, kind=ANSWER, by="engine", at=at)


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
