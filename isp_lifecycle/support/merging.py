"""Two tickets about the same: one of them goes on and speaks for both, until somebody separates them again.

Nothing is copied: the thread of the one that goes on is shown with the other's, so that separating is exact.
"""

from __future__ import annotations

from datetime import datetime

from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.support import store
from isp_lifecycle.support.actions import ticket_by_id
from isp_lifecycle.support.errors import CannotMerge
from isp_lifecycle.support.model import UNSETTLED, Ticket


def merge(*, tx: Tx, code: str, into: str, by: str, at: datetime) -> tuple[Ticket, Ticket]:
    """Have a ticket be the same as another, which goes on; returns both as they are then, the other one second.

    The one that goes on is due when the elder of the two was, and is worked on by the other's person where it had none.
    Raises NotFound, and CannotMerge: the same ticket, one that is over, one that is the same as a third already.
    """
    found = store.locked_tickets(tx=tx, codes=(code, into))
    for asked in (code, into):
        if asked not in found:
            raise NotFound("ticket", asked)
    ticket, other = found[code], found[into]
    if ticket.id == other.id:
        raise CannotMerge(code, say("it is that ticket itself"), say("Choose another one."))
    for one in (ticket, other):
        if one.merged_into is not None:
            third = ticket_by_id(tx=tx, ticket_id=one.merged_into).code
            remedy = say("Take {ticket} instead of it, or separate it first.", ticket=third)
            raise CannotMerge(one.code, say("it is the same as {ticket} already", ticket=third), remedy)
        if one.state not in UNSETTLED:
            remedy = say("Open it again first, where that is possible.")
            raise CannotMerge(one.code, say("it is {state}", state=one.state.replace("_", " ")), remedy)
    elder = min(ticket, other, key=lambda one: (one.opened_at, one.code))
    store.merge_ticket(tx=tx, ticket=ticket, into=other, elder=elder is ticket, at=at)
    if other.assignee is None and ticket.assignee is not None:
        store.set_ticket_assignee(tx=tx, ticket_id=other.id, assignee=ticket.assignee)
    _note(tx, ticket, f"It is the same as {other.code}, which goes on.", by, at)
    _note(tx, other, f"{ticket.code} is the same; its thread stands here from now on.", by, at)
    return ticket_by_id(tx=tx, ticket_id=ticket.id), ticket_by_id(tx=tx, ticket_id=other.id)


def separate(*, tx: Tx, code: str, by: str, at: datetime) -> tuple[Ticket, Ticket]:
    """Have a ticket go on by itself again; returns both, the one that it was the same as second.

    That one is due again when it was before, unless somebody has rated it or it has waited since.
    Raises NotFound, and CannotMerge for one that is the same as none.
    """
    ticket = store.ticket(tx=tx, key=code)
    if ticket is None:
        raise NotFound("ticket", code)
    if ticket.merged_into is None:
        raise CannotMerge(code, say("it is the same as no other"), say("There is nothing to separate."))
    other = ticket_by_id(tx=tx, ticket_id=ticket.merged_into)
    store.locked_tickets(tx=tx, codes=(code, other.code))
    store.separate_ticket(tx=tx, ticket=ticket, other=other, at=at)
    _note(tx, ticket, f"It was separated from {other.code}, and goes on by itself.", by, at)
    _note(tx, other, f"{ticket.code} was separated from it.", by, at)
    return ticket_by_id(tx=tx, ticket_id=ticket.id), ticket_by_id(tx=tx, ticket_id=other.id)


def _note(tx: Tx, ticket: Ticket, text: str, by: str, at: datetime) -> None:
    store.insert_note(tx=tx, ticket_id=ticket.id, author=by, text=text, for_customer=False, at=at)
