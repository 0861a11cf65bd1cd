"""Tickets that are the same as another: the thread of all of them, and which others one may be the same as."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.views.window import Look, shows

#: So many are offered as perhaps the same.
OFFERED = 8


@dataclass(frozen=True)
class NoteRow:
    """A line of a ticket's thread; ``ticket`` names the one it was written in, where that is another one."""

    at: datetime
    author: str
    text: str
    ticket: str = ""


@dataclass(frozen=True)
class SameRow:
    """A ticket that is the same as this one, or may be."""

    code: str
    subject: str
    state: str
    customer: str | None
    opened_at: datetime


_SAME = """
    SELECT t.code, t.subject, t.state, c.name AS customer, t.opened_at
    FROM tickets t LEFT JOIN customers c ON c.id = t.customer_id
"""
#: The thread of a ticket and of all that are the same as it, in the order in which it was written.
_THREAD = """
    WITH RECURSIVE same AS (
        SELECT id, code FROM tickets WHERE id = :id
        UNION SELECT t.id, t.code FROM tickets t JOIN same ON t.merged_into = same.id)
    SELECT n.at, coalesce(u.name, n.author), n.text, CASE WHEN same.id = :id THEN '' ELSE same.code END
    FROM ticket_notes n JOIN same ON same.id = n.ticket_id LEFT JOIN users u ON u.username = n.author
    ORDER BY n.number
"""


def thread(look: Look, ticket_id: UUID) -> tuple[NoteRow, ...]:
    """The thread of a ticket and of those that are the same as it, with its authors by name."""
    return tuple(NoteRow(*row) for row in look.tx.execute(sa.text(_THREAD), {"id": ticket_id}))


def merged_into(look: Look, ticket_id: UUID) -> tuple[SameRow, ...]:
    """The tickets that are the same as this one, the eldest first."""
    query = sa.text(f"{_SAME} WHERE t.merged_into = :id ORDER BY t.opened_at, t.id")
    return tuple(SameRow(*row) for row in look.tx.execute(query, {"id": ticket_id}))


@shows("ticket.write")
def perhaps_same(look: Look, *, ticket_code: str, text: str) -> tuple[SameRow, ...]:
    """Unsettled tickets that one may be the same as: by code, customer, service or words; of its customer at first."""
    query = f"""
        {_SAME} LEFT JOIN services s ON s.id = t.service_id
        CROSS JOIN (SELECT id, customer_id, subject FROM tickets WHERE code = :code) this
        WHERE t.id <> this.id AND t.state IN ('acknowledged', 'in_progress', 'pending')
          AND (CASE WHEN :text = '' THEN t.customer_id = this.customer_id OR t.subject = this.subject
               ELSE t.code ILIKE :like OR c.name ILIKE :like OR c.code ILIKE :like OR s.code ILIKE :like
                    OR t.subject ILIKE :like END)
        ORDER BY (t.customer_id = this.customer_id) DESC NULLS LAST, (t.subject = this.subject) DESC, t.opened_at DESC
        LIMIT :most
    """  # noqa: S608 - the fragment is a constant of this module
    asked = text.strip()[:80]
    literal = "".join(f"\\{letter}" if letter in "%_\\" else letter for letter in asked)
    values = {"code": ticket_code, "text": asked, "like": f"%{literal}%", "most": OFFERED}
    return tuple(SameRow(*row) for row in look.tx.execute(sa.text(query), values))
