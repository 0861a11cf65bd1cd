"""What is found by words: customers with what they have, premises, visits, open tickets, accounts of the staff."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from isp_lifecycle.foundation.folding import folded
from isp_lifecycle.foundation.pages import Thing, opens
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.search import actions as words
from isp_lifecycle.views.common import ADDRESS
from isp_lifecycle.views.search.hits import OF_EACH, Hit, rows, told
from isp_lifecycle.views.window import Look

_CUSTOMERS = f"""
    SELECT c.code, c.name, c.phone, s.state, coalesce(s.address, o.address) AS address
    FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS wanted (id, place) JOIN customers c ON c.id = wanted.id
    LEFT JOIN LATERAL (
        SELECT s.state, {ADDRESS} AS address FROM services s JOIN premises p ON p.id = s.premises_id
        WHERE s.customer_id = c.id ORDER BY s.state = 'terminated', s.opened_at DESC LIMIT 1
    ) s ON true
    LEFT JOIN LATERAL (
        SELECT {ADDRESS} AS address FROM orders o JOIN premises p ON p.id = o.premises_id
        WHERE o.customer_id = c.id ORDER BY o.submitted_at DESC LIMIT 1
    ) o ON s.state IS NULL
    ORDER BY wanted.place
"""
_SERVICES = f"""
    SELECT s.code, c.name, {ADDRESS} AS address, s.state
    FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS wanted (id, place)
    JOIN services s ON s.customer_id = wanted.id JOIN customers c ON c.id = wanted.id
    JOIN premises p ON p.id = s.premises_id ORDER BY wanted.place, s.state = 'terminated', s.code LIMIT :many
"""
_ORDERS = f"""
    SELECT o.code, o.kind, c.name, {ADDRESS} AS address, o.state
    FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS wanted (id, place)
    JOIN orders o ON o.customer_id = wanted.id JOIN customers c ON c.id = wanted.id
    JOIN premises p ON p.id = o.premises_id
    WHERE o.state IN ('submitted', 'confirmed', 'in_progress') ORDER BY wanted.place, o.submitted_at DESC LIMIT :many
"""


def by_words(look: Look, text: str) -> Iterator[Hit]:
    """Customers by name and address, typing errors forgiven, with their services and the orders that are open."""
    if not opens(Thing.CUSTOMER, look.actor.may) or not any(letter.isalpha() for letter in text):
        return
    ids = words.customers(tx=look.tx, text=text, limit=OF_EACH)
    if not ids:
        return
    for r in rows(look, _CUSTOMERS, ids=ids):
        yield Hit(Thing.CUSTOMER, r.code, r.name, told(r.code, r.address, r.phone), r.state or "")
    yield from _theirs(look, ids)


def _theirs(look: Look, ids: list[UUID]) -> Iterator[Hit]:
    """The services of these customers, their open orders and their visits."""
    if look.actor.may("service.read"):
        for r in rows(look, _SERVICES, ids=ids):
            yield Hit(Thing.SERVICE, r.code, r.name, told(r.code, r.address), r.state)
    if look.actor.may("order.read"):
        for r in rows(look, _ORDERS, ids=ids):
            yield Hit(Thing.ORDER, r.code, r.name, told(r.code, r.kind.replace("_", " "), r.address), r.state)
    if look.actor.may("visit.read_all"):
        yield from _visits(look, rows(look, _VISITS_OF, ids=ids, at=look.at))


_PREMISES = f"""
    SELECT p.code, {ADDRESS} AS address, p.area, p.splitter_code IS NOT NULL AS serviceable, s.code AS service
    FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS wanted (id, place) JOIN premises p ON p.id = wanted.id
    LEFT JOIN LATERAL (
        SELECT code FROM services s WHERE s.premises_id = p.id AND s.state <> 'terminated' LIMIT 1
    ) s ON true ORDER BY wanted.place
"""


def by_place(look: Look, text: str) -> Iterator[Hit]:
    """Premises by their address, whether somebody is served there or not."""
    if not opens(Thing.PREMISES, look.actor.may) or not any(letter.isalpha() for letter in text):
        return
    ids = words.premises(tx=look.tx, text=text, limit=OF_EACH)
    for r in rows(look, _PREMISES, ids=ids) if ids else ():
        served = r.service or ("nobody is served here" if r.serviceable else say("cannot be served"))
        yield Hit(Thing.PREMISES, r.code, r.address, told(r.code, r.area, served))


_OWN_VISITS = """
    SELECT v.code, c.name, v.address, v.state, lower(v.during) AS starts FROM visits v
    JOIN engineers g ON g.id = v.engineer_id AND g.username = :username
    JOIN orders o ON o.id = v.order_id JOIN customers c ON c.id = o.customer_id
    WHERE v.during && tstzrange(CAST(:at AS timestamptz) - interval '14 days', CAST(:at AS timestamptz) + :weeks)
      AND v.state <> 'cancelled' AND search_folded(c.name || ' ' || v.address) LIKE ALL (:likes)
    ORDER BY abs(extract(epoch FROM lower(v.during) - :at)) LIMIT :many
"""
_VISITS_OF = """
    SELECT v.code, c.name, v.address, v.state, lower(v.during) AS starts
    FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS wanted (id, place) JOIN customers c ON c.id = wanted.id
    JOIN orders o ON o.customer_id = c.id JOIN visits v ON v.order_id = o.id
    WHERE upper(v.during) > CAST(:at AS timestamptz) - interval '14 days' AND v.state <> 'cancelled'
    ORDER BY wanted.place, lower(v.during) LIMIT :many
"""


def by_own_visit(look: Look, text: str) -> Iterator[Hit]:
    """An engineer's own visits of these weeks, by customer and address; everybody's come with their customers."""
    if look.actor.may("visit.read_all") or not look.actor.may("visit.read") or len(text) < 3:
        return
    likes = [f"%{word}%" for word in folded(tx=look.tx, text=text).split()]
    if likes:
        values = {"username": look.actor.username, "at": look.at, "likes": likes, "weeks": timedelta(days=28)}
        yield from _visits(look, rows(look, _OWN_VISITS, **values))


def _visits(look: Look, found: list[Any]) -> Iterator[Hit]:
    for r in found:
        when = r.starts.astimezone(look.settings.company.tz)
        yield Hit(Thing.VISIT, r.code, r.name, told(r.code, f"{when.day} {when:%b, %H:%M}", r.address), r.state)


_TICKETS = """
    SELECT code, subject, state FROM tickets
    WHERE state NOT IN ('resolved', 'closed', 'duplicate') AND subject ILIKE :like
    ORDER BY opened_at DESC LIMIT :many
"""
_ACCOUNTS = """
    SELECT username, name, role, active FROM users
    WHERE customer_id IS NULL AND (username ILIKE :like OR name ILIKE :like) ORDER BY username LIMIT :many
"""


def by_subject(look: Look, text: str) -> Iterator[Hit]:
    """Open tickets by a part of their subject."""
    if look.actor.may("ticket.read") and len(text) >= 3:
        for r in rows(look, _TICKETS, like=_like(text)):
            yield Hit(Thing.TICKET, r.code, r.subject, r.code, r.state)


def by_account(look: Look, text: str) -> Iterator[Hit]:
    """Accounts of the staff by name."""
    if look.actor.may("user.read") and len(text) >= 2:
        for r in rows(look, _ACCOUNTS, like=_like(text)):
            yield Hit(Thing.ACCOUNT, r.username, r.name, told(r.username, r.role), "" if r.active else "closed")


def _like(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
