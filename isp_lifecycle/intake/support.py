"""What support does with what failed: continue, give up, write down."""

from __future__ import annotations

from uuid import UUID

from isp_lifecycle.access import actions as access
from isp_lifecycle.access.model import actor_of
from isp_lifecycle.events import deliveries
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.intake.errors import CannotTakeTickets
from isp_lifecycle.support import actions as support
from isp_lifecycle.support.model import TicketState


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
        raise Refused("A reason is needed.", field="reason", value="", remedy="Say in a few words why it is given up.")
    act.about_delivery(delivery_id)
    deliveries.cancel(tx=act.tx, delivery_id=delivery_id, now=act.at)
    _note(act, delivery_id, f"{act.actor.name} cancelled it: {reason.strip()[:500]}")


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
    support.move_ticket(tx=act.tx, ticket_id=ticket.id, to=_ticket_state(to), by=act.actor.username, at=act.at)


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


def _ticket_state(text: str) -> TicketState:
    try:
        return TicketState(text)
    except ValueError:
        allowed = ", ".join(TicketState)
        raise Refused(
            f"{text!r} is not a state of a ticket.", field="to", value=text, remedy=f"Use one of {allowed}."
        ) from None


def _note(act: Act, delivery_id: UUID, text: str) -> None:
    """Leave a line in the thread of each open incident's ticket."""
    for incident in support.incidents_of(tx=act.tx, delivery_id=delivery_id):
        if incident.closed_at is not None:
            continue
        for ticket in support.open_tickets(tx=act.tx):
            if ticket.incident_id == incident.id:
                support.add_note(tx=act.tx, ticket_id=ticket.id, author=act.actor.username, text=text, at=act.at)
