"""What the calendar asks for: overdue waits, owners, saves of changed OLTs, rested addresses, charges, the report.

Called by the schedule with the system's own actor; each is safe to call at any time and any number of times.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import sqlalchemy as sa

from isp_lifecycle.access import actions as access
from isp_lifecycle.billing import actions as billing
from isp_lifecycle.billing.model import MONTHS_CHARGED_AT, month_of
from isp_lifecycle.events import evidence
from isp_lifecycle.events.model import DeliveryState, StepState
from isp_lifecycle.events.store import deliveries
from isp_lifecycle.events.views import waiting_at
from isp_lifecycle.events.vocabulary import OltSaveDue, PreparedOntsDue, ReportRequested
from isp_lifecycle.foundation.pages import Thing, page_of
from isp_lifecycle.foundation.terms import Terms
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.intake.field import PLUG
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.notices import actions as notices
from isp_lifecycle.notices.model import Level
from isp_lifecycle.reports import actions as reports
from isp_lifecycle.reports.model import Period
from isp_lifecycle.support import actions as support
from isp_lifecycle.support.model import mender_of


@enters("schedule.run", by_the_clock=True)
def escalate_overdue(act: Act) -> int:
    """Tell dispatchers of each delivery that still waits for a person past its deadline, once; returns how many."""
    overdue = act.tx.execute(
        deliveries.update()
        .where(
            deliveries.c.state == str(DeliveryState.WAITING),
            deliveries.c.deadline_at < act.at,
            deliveries.c.escalated_at.is_(None),
        )
        .values(escalated_at=act.at)
        .returning(deliveries.c.id, deliveries.c.subscriber, deliveries.c.deadline_at)
    ).all()
    for row in overdue:
        until = row.deadline_at.astimezone(act.settings.company.tz)
        for role, link in (("dispatcher", "/visits"), ("manager", page_of(Thing.DELIVERY, row.id))):
            notices.notify(
                tx=act.tx,
                key=f"overdue:{row.id}:{row.deadline_at.isoformat()}:{role}",
                text=say(
                    "An {workflow} still waits for a person; it was expected to go on by {until:%d %b %H:%M}.",
                    workflow=row.subscriber.replace("_", " "),
                    until=until,
                ),
                link=link,
                level=Level.WARNING,
                at=act.at,
                role=role,
            )
    return len(overdue)


@enters("schedule.run", by_the_clock=True)
def escalate_tickets(act: Act) -> int:
    """Tell managers, and whoever has it, of each ticket that was not resolved in time, once; returns how many."""
    late = support.escalate_tickets(tx=act.tx, at=act.at)
    for ticket in late:
        until = (ticket.due_at or act.at).astimezone(act.settings.company.tz)
        text = f"{ticket.code} was to be resolved by {until:%d %b %H:%M}: {ticket.subject}"
        tell = partial(
            notices.notify, tx=act.tx, text=text, link=f"/tickets?ticket={ticket.code}", level=Level.WARNING, at=act.at
        )
        tell(key=f"late:{ticket.id}:{until.isoformat()}:manager", role="manager")
        if ticket.assignee:
            tell(key=f"late:{ticket.id}:{until.isoformat()}:{ticket.assignee}", username=ticket.assignee)
    return len(late)


#: What failed or waits while nobody has it, or somebody whose account was closed since. ``role``: whose work it is.
_NOBODYS = """
    SELECT 'ticket' AS what, t.id, d.queue, NULL AS role
    FROM deliveries d JOIN incidents i ON i.delivery_id = d.id AND i.closed_at IS NULL
    JOIN tickets t ON t.incident_id = i.id AND t.state IN ('acknowledged', 'in_progress', 'pending')
    LEFT JOIN users u ON u.username = t.assignee AND u.active
    WHERE d.state = 'failed' AND u.id IS NULL
    UNION ALL
    SELECT 'task', k.id, d.queue, k.role FROM deliveries d JOIN tasks k ON k.delivery_id = d.id AND k.state = 'open'
    LEFT JOIN users u ON u.username = k.assignee AND u.active
    WHERE d.state IN ('waiting', 'failed') AND u.id IS NULL
    ORDER BY 2
"""
#: So many are given in one transaction.
GIVEN_AT_ONCE = 500


@enters("schedule.run", by_the_clock=True)
def look_for_prepared(act: Act) -> int:
    """Have each OLT asked that ONTs were registered on before they were plugged in; returns how many are."""
    wanted = {str(one.case["olt"]) for one in waiting_at(tx=act.tx, step=PLUG)}
    asked = sa.text(
        "SELECT e.payload->>'olt' FROM events e JOIN deliveries d ON d.event_id = e.id "
        "WHERE d.subscriber = 'prepared.look' AND d.state NOT IN ('done', 'cancelled')"
    )
    due = sorted(wanted - set(act.tx.execute(asked).scalars()))
    for olt in due:
        act.record(PreparedOntsDue(olt=olt))
    return len(due)


@enters("schedule.run", by_the_clock=True)
def find_owners(act: Act) -> int:
    """Give what is nobody's to the least busy person of the role, once there is one; returns how many found one."""
    nobodys = [(row, row.role or mender_of(row.queue)) for row in act.tx.execute(sa.text(_NOBODYS)).all()]
    people = {role: access.on_duty(tx=act.tx, role=role) for role in {role for _, role in nobodys}}
    able = [(row, people[role]) for row, role in nobodys if people[role]][:GIVEN_AT_ONCE]
    for row, among in able:
        owner = support.least_busy(tx=act.tx, among=among)
        if row.what == "ticket":
            support.assign_ticket(tx=act.tx, ticket_id=row.id, assignee=owner)
        else:
            support.assign_task(tx=act.tx, task_id=row.id, assignee=owner)
    return len(able)


@enters("schedule.run", by_the_clock=True)
def save_changed_olts(act: Act) -> tuple[str, ...]:
    """Have every OLT saved that was changed since it was last asked to; returns their names."""
    changed = act.tx.execute(
        sa.text(
            """
            SELECT DISTINCT at.olt FROM step_runs s JOIN deliveries d ON d.id = s.delivery_id
            CROSS JOIN LATERAL (VALUES (d."case"->>'olt'), (d."case"->'place'->>'olt')) AS at (olt)
            WHERE s.state IN (:done, :undone) AND s.device_seconds > 0
              AND d.subscriber NOT IN ('olt.save', 'reconciliation', 'light.reading')
              AND s.transcript IS NOT NULL AND at.olt IS NOT NULL
              AND s.finished_at > :since
              AND s.finished_at > coalesce((SELECT max(e.recorded_at) FROM events e
                   WHERE e.kind = :kind AND e.payload->>'olt' = at.olt), '-infinity')
            """
        ),
        {
            "done": str(StepState.DONE),
            "undone": str(StepState.UNDONE),
            "kind": OltSaveDue.__name__,
            "since": _not_looked_at_since(act),
        },
    ).scalars()
    olts = tuple(sorted(filter(None, changed)))
    for olt in olts:
        act.record(OltSaveDue(olt=olt))
    return olts


#: From the instant that a step notes as its end to that at which others can see it; far more than it ever is.
_A_COMMIT_TAKES_AT_MOST = timedelta(days=1)


def _not_looked_at_since(act: Act) -> datetime:
    """What ended by then is known to be saved: each time saves are asked for, it is for every changed OLT."""
    newest = sa.text("SELECT max(recorded_at) FROM events WHERE kind = :kind")
    last = act.tx.execute(newest, {"kind": OltSaveDue.__name__}).scalar_one()
    return datetime.min.replace(tzinfo=UTC) if last is None else last - _A_COMMIT_TAKES_AT_MOST


@enters("schedule.run", by_the_clock=True)
def end_quarantine(act: Act) -> int:
    """Give addresses whose rest is over back to their pools; returns how many."""
    ended: int = ipam.end_quarantine(tx=act.tx, at=act.at) + ipam.free_rested_tags(tx=act.tx, at=act.at)
    return ended


#: Transcripts that are dropped in one transaction.
FORGOTTEN_AT_ONCE = 1000


@enters("evidence.forget", by_the_clock=True)
def forget_evidence(act: Act) -> int:
    """Drop what was said to devices in work that was over longer ago than the policy keeps it; returns how much.

    Called until it returns 0. The policy is ``ISP_ENGINE__EVIDENCE_DAYS``; 0 keeps everything.
    """
    days = act.settings.engine.evidence_days
    if not days:
        return 0
    before = act.at - timedelta(days=days)
    steps = evidence.forget(tx=act.tx, before=before, at=act.at, many=FORGOTTEN_AT_ONCE)
    return steps + support.forget_evidence(tx=act.tx, before=before, at=act.at, many=FORGOTTEN_AT_ONCE)


#: When the schedule asks for it, each night.
CHARGES_AT = MONTHS_CHARGED_AT
#: So many services are charged in one transaction.
CHARGED_AT_ONCE = 500


@enters("schedule.run", by_the_clock=True)
def charge_months(act: Act) -> int:
    """Charge active services for each month up to this one that is not charged yet; returns how many charges were made.

    Called until it returns 0, so that a month-end of any size never holds one long transaction; months that were
    missed while nothing ran are caught up. A suspended service is not charged, and one whose charges a change is
    about to settle waits for that, since the month would be charged at what was.
    """
    due = act.tx.execute(
        sa.text(
            """
            SELECT s.id, s.customer_id, s.terms, max(upper(c.period) - 1) AS charged_to
            FROM services s JOIN charges c ON c.service_id = s.id AND c.kind <> 'credit'
            WHERE s.state = 'active' AND NOT EXISTS (
                SELECT 1 FROM deliveries d WHERE d.service_id = s.id AND d.subscriber LIKE 'billing.%'
                  AND d.state NOT IN ('done', 'cancelled'))
            GROUP BY s.id HAVING max(upper(c.period) - 1) < :today
            ORDER BY s.id LIMIT :many
            """
        ),
        {"today": act.today, "many": CHARGED_AT_ONCE},
    ).all()
    charged = 0
    for row in due:
        terms = Terms.from_json(row.terms)
        month = row.charged_to + timedelta(days=1)
        while month <= act.today:
            made = billing.charge_month(
                tx=act.tx,
                customer_id=row.customer_id,
                service_id=row.id,
                plan_name=terms.plan_name,
                price=terms.price,
                month=month,
                at=act.at,
            )
            charged += made is not None
            month = month_of(month).last + timedelta(days=1)
    return charged


@enters("report.run")
def weekly_report(act: Act) -> None:
    """Have the report of the last seven whole days run, unless it was asked for today already."""
    period = Period(act.today - timedelta(days=7), act.today - timedelta(days=1))
    for run in reports.latest(tx=act.tx):
        if run.name == "activations" and run.period == period and run.requested_by == act.actor.username:
            return
    run = reports.request(tx=act.tx, name="activations", period=period, area=None, by=act.actor.username, at=act.at)
    act.record(ReportRequested(report_id=run.id))
