"""One timeline of everything that happened to a customer: events, notes, tickets, incidents, letters, and the trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from isp_lifecycle.customers import actions as known
from isp_lifecycle.foundation.kept import again
from isp_lifecycle.foundation.pages import Thing
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.views.common import sentence_of
from isp_lifecycle.views.window import Look, shows

#: Lines of a page.
PAGE = 20


@dataclass(frozen=True)
class HappenedRow:
    """One line: what, by whom, and of which thing by kind and key, empty where it has no page."""

    at: datetime
    kind: str
    what: str
    by: str
    thing: Thing | None
    key: str


@dataclass(frozen=True)
class HappenedPage:
    """One page of what happened, the newest first. ``more``: there is older."""

    rows: tuple[HappenedRow, ...]
    more: bool


#: Each part by the permission that it needs: instant, kind, what, by whom, the thing's kind and key.
_PARTS: dict[str, str] = {
    "": """
        SELECT e.recorded_at AS at, 'event' AS kind, e.kind AS what, e.actor AS by,
               CASE WHEN s.code IS NOT NULL THEN 'service' WHEN o.code IS NOT NULL THEN 'order' ELSE '' END AS thing,
               coalesce(s.code, o.code, '') AS key
        FROM events e LEFT JOIN services s ON s.id = e.service_id LEFT JOIN orders o ON o.id = e.order_id
        WHERE e.customer_id = :id
        UNION ALL
        SELECT n.at, 'note', n.text, n.author, '', '' FROM customer_notes n WHERE n.customer_id = :id
    """,
    "ticket.read": """
        SELECT n.at, 'ticket', t.code || ': ' || n.text, n.author, 'ticket', t.code
        FROM ticket_notes n JOIN tickets t ON t.id = n.ticket_id
        WHERE t.customer_id = :id OR t.service_id IN (SELECT s.id FROM services s WHERE s.customer_id = :id)
        UNION ALL
        SELECT t.opened_at, 'ticket', t.code || ' opened: ' || t.subject, t.opened_by, 'ticket', t.code FROM tickets t
        WHERE t.customer_id = :id OR t.service_id IN (SELECT s.id FROM services s WHERE s.customer_id = :id)
    """,
    "incident.read": """
        SELECT i.opened_at, 'incident', i.step || ': ' || i.what, '', 'delivery', i.delivery_id::text FROM incidents i
        WHERE i.service_id IN (SELECT s.id FROM services s WHERE s.customer_id = :id)
    """,
    "mail.read": """
        SELECT coalesce(m.sent_at, m.created_at), 'letter', m.subject, '', '', '' FROM emails m WHERE m."to" = :email
    """,
    "audit.read": """
        SELECT a.at, 'trail', a.action || coalesce(' (' || nullif(a.reason, '') || ')', ''), a.actor, 'trail line',
               a.id::text FROM audit a
        WHERE (a.subject_kind, a.subject_id) IN (
            SELECT 'customer', c.code FROM customers c WHERE c.id = :id
            UNION ALL SELECT 'order', o.code FROM orders o WHERE o.customer_id = :id
            UNION ALL SELECT 'service', s.code FROM services s WHERE s.customer_id = :id)
    """,
}


@shows("order.read", "service.read")
def happened(look: Look, *, customer_code: str, offset: int = 0, limit: int = PAGE) -> HappenedPage:
    """What happened to a customer, the newest first: of each part what whoever looks may read. Raises NotFound."""
    one = known.customer_by_code(tx=look.tx, code=customer_code)
    parts = [statement for permission, statement in _PARTS.items() if not permission or look.actor.may(permission)]
    statement = f"{' UNION ALL '.join(parts)} ORDER BY at DESC, kind, what LIMIT :limit OFFSET :offset"
    values = {"id": one.id, "limit": limit + 1, "offset": offset}
    if ":email" in statement:
        values["email"] = one.email
    found = look.tx.execute(sa.text(statement), values).all()
    rows = tuple(HappenedRow(r.at, r.kind, _what(r.kind, r.what), r.by, _thing(r.thing), r.key) for r in found[:limit])
    return HappenedPage(rows, len(found) > limit)


def _what(kind: str, text: str) -> str:
    """What happened, as people read it; what somebody typed stays as it is."""
    if kind == "event":
        return sentence_of(text)
    step, colon, why = text.partition(": ")
    return say("{step}: {why}", step=again(step), why=again(why)) if kind == "incident" and colon else text


def _thing(word: str) -> Thing | None:
    return Thing(word) if word else None
