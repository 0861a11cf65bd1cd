"""What support does with what failed: continue, give up, write down."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.access import actions as access
from isp_lifecycle.access.model import actor_of
from isp_lifecycle.events import deliveries
from isp_lifecycle.foundation.errors import IllegalMove, NotFound, Refused
from isp_lifecycle.foundation.pages import Thing, page_of
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.intake.errors import CannotTakeTickets, WordUnknown
from isp_lifecycle.notices import actions as notices
from isp_lifecycle.notices.model import Level
from isp_lifecycle.support import actions as support
from isp_lifecycle.support import merging
from isp_lifecycle.support.actions import LONGEST_NOTE
from isp_lifecycle.support.model import BY_MERGING, Severity, TicketState


@enters("delivery.retry")
def retry(act: Act, *, delivery_id: UUID) -> None:
    """Continue a failed delivery at the step that failed."""
    act.about_delivery(delivery_id)
    deliveries.retry(tx=act.tx, delivery_id=delivery_id, now=act.at)
    _note(act, delivery_id, f"{act.actor.name} pressed Retry.")


@enters("delivery.cancel")
def cancel(act: Act, *, delivery_id: UUID, reason: str) -> None:
    """Give a delivery up: what it did is undone in reverse, and what cannot be undone is listed."""
    if not reason.strip():
        raise Refused(
            say("A reason is needed."), field="reason", value="", remedy=say("Say in a few words why it is given up.")
        )
    act.about_delivery(delivery_id)
    deliveries.cancel(tx=act.tx, delivery_id=delivery_id, now=act.at)
    _note(act, delivery_id, f"{act.actor.name} cancelled it: {reason.strip()[:500]}")


@enters("ticket.write")
def open_ticket(act: Act, *, about: str, subject: str, text: str, severity: str = "major", shared: bool = False) -> str:
    """Open a ticket about a line, by its service's code or its order's; returns the ticket's code.

    While one of the same subject is open there, the text is added to it: a second press makes no second ticket. What
    is ``shared``, such as a feeder, has one ticket for all lines that it takes down, whoever was the first to call.
    What is written is for colleagues; the customer does not read it.
    """
    code = about.strip().upper()
    row = act.tx.execute(sa.text(_ABOUT), {"code": code}).one_or_none()
    if row is None:
        raise NotFound("service or order", about)
    how = _word(Severity, "severity", severity)
    same = {"customer": row.customer_id, "service": row.service_id, "subject": subject.strip(), "shared": shared}
    act.tx.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:subject, 0))"), same)
    standing = act.tx.execute(sa.text(_SAME), same).one_or_none()
    if standing is not None:
        act.about("ticket", standing.code)
        known = say("{code} as well. ", code=code) if shared and standing.service_id != row.service_id else ""
        _write(act, standing.id, f"{known}{text}"[:LONGEST_NOTE])
        return str(standing.code)
    ticket = support.open_ticket(
        tx=act.tx,
        subject=subject,
        at=act.at,
        by=act.actor.username,
        text=text,
        customer_id=row.customer_id,
        service_id=row.service_id,
        severity=how,
        for_customer=False,
        due_at=act.at + act.settings.support.within(how),
    )
    act.about("ticket", ticket.code)
    return ticket.code


def _write(act: Act, ticket_id: UUID, text: str) -> None:
    support.add_note(tx=act.tx, ticket_id=ticket_id, author=act.actor.username, text=text, at=act.at)


_ABOUT = """
    SELECT s.customer_id, s.id AS service_id FROM services s WHERE s.code = :code
    UNION ALL SELECT o.customer_id, o.service_id FROM orders o WHERE o.code = :code
"""
_SAME = """
    SELECT id, code, service_id FROM tickets
    WHERE subject = :subject AND state NOT IN ('resolved', 'closed', 'cancelled', 'duplicate')
      AND (:shared OR (customer_id = :customer AND service_id IS NOT DISTINCT FROM :service))
    ORDER BY opened_at LIMIT 1 FOR UPDATE
"""


@enters("ticket.write")
def add_note(act: Act, *, ticket_code: str, text: str) -> None:
    """Write into a ticket's thread."""
    ticket = support.ticket_by_code(tx=act.tx, code=ticket_code)
    act.about("ticket", ticket.code)
    support.add_note(tx=act.tx, ticket_id=ticket.id, author=act.actor.username, text=text, at=act.at)


@enters("ticket.write")
def move_ticket(act: Act, *, ticket_code: str, to: str) -> None:
    """Move a ticket to another state."""
    ticket = support.ticket_by_code(tx=act.tx, code=ticket_code)
    act.about("ticket", ticket.code)
    wanted = _word(TicketState, "to", to)
    if BY_MERGING in (wanted, ticket.state):
        raise IllegalMove("ticket", ticket.code, ticket.state, wanted)
    support.move_ticket(tx=act.tx, ticket_id=ticket.id, to=wanted, by=act.actor.username, at=act.at)


@enters("ticket.write")
def merge_ticket(act: Act, *, ticket_code: str, into: str) -> None:
    """Say that a ticket is the same as another, which goes on and shows the threads of both.

    Whoever worked on it is told, unless it was themselves. Raises NotFound and CannotMerge.
    """
    into = into.strip().upper()
    act.about("ticket", ticket_code)
    merged, other = merging.merge(tx=act.tx, code=ticket_code, into=into, by=act.actor.username, at=act.at)
    act.changed("Same as", "none", other.code)
    if merged.assignee and merged.assignee not in (act.actor.username, other.assignee):
        notices.notify(
            tx=act.tx,
            key=f"merged:{merged.id}:{act.at.isoformat()}",
            at=act.at,
            username=merged.assignee,
            level=Level.INFO,
            text=say(
                "{code} is the same as {other}: {subject}", code=merged.code, other=other.code, subject=other.subject
            ),
            link=page_of(Thing.TICKET, other.code),
        )


@enters("ticket.write")
def separate_ticket(act: Act, *, ticket_code: str) -> None:
    """Have a ticket that was the same as another go on by itself again. Raises NotFound and CannotMerge."""
    act.about("ticket", ticket_code)
    _ticket, other = merging.separate(tx=act.tx, code=ticket_code, by=act.actor.username, at=act.at)
    act.changed("Same as", other.code, "none")


@enters("ticket.write")
def rate_ticket(act: Act, *, ticket_code: str, severity: str) -> None:
    """Say how bad a ticket is: critical, major or minor. Until when it is to be resolved follows."""
    ticket = support.ticket_by_code(tx=act.tx, code=ticket_code)
    act.about("ticket", ticket.code)
    wanted, hours = _word(Severity, "severity", severity), act.settings.support
    act.changed("Severity", str(ticket.severity), str(wanted))
    longer = hours.within(wanted) - hours.within(ticket.severity)
    by = act.actor.username
    support.rate_ticket(tx=act.tx, ticket_id=ticket.id, severity=wanted, longer=longer, by=by, at=act.at)


@enters("ticket.write")
def assign_ticket(act: Act, *, ticket_code: str, assignee: str) -> None:
    """Say who works on a ticket, by user name; empty for nobody. The thread tells it.

    Raises CannotTakeTickets for somebody who could not write in it.
    """
    ticket = support.ticket_by_code(tx=act.tx, code=ticket_code)
    act.about("ticket", ticket.code)
    name = "nobody"
    if assignee:
        user = access.user_by_username(tx=act.tx, username=assignee)
        if user is None or not user.active or not actor_of(user, source="").may("ticket.write"):
            raise CannotTakeTickets(assignee)
        assignee, name = user.username, user.name
    if (ticket.assignee or "") == assignee:
        return
    act.changed("Assignee", ticket.assignee or "nobody", assignee or "nobody")
    support.assign_ticket(tx=act.tx, ticket_id=ticket.id, assignee=assignee or None)
    support.add_note(tx=act.tx, ticket_id=ticket.id, author=act.actor.username, text=f"Assigned to {name}.", at=act.at)


def _word[W: StrEnum](words: type[W], field: str, text: str) -> W:
    try:
        return words(text)
    except ValueError:
        raise WordUnknown(field, text, words) from None


def _note(act: Act, delivery_id: UUID, text: str) -> None:
    """Leave a line in the thread of each open incident's ticket."""
    for incident in support.incidents_of(tx=act.tx, delivery_id=delivery_id):
        if incident.closed_at is not None:
            continue
        for ticket in support.open_tickets(tx=act.tx):
            if ticket.incident_id == incident.id:
                support.add_note(tx=act.tx, ticket_id=ticket.id, author=act.actor.username, text=text, at=act.at)
