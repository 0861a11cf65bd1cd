"""What is found by a key that people read out: codes, e-mail addresses, telephone numbers, the id of a delivery."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID

from isp_lifecycle.foundation.ids import short_code
from isp_lifecycle.foundation.pages import Thing, opens
from isp_lifecycle.views.common import ADDRESS, title_of
from isp_lifecycle.views.search.hits import Hit, rows, told
from isp_lifecycle.views.window import Look

_CODE = re.compile(r"([A-Za-z]{1,3})-?(\d{1,9})", re.ASCII)
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_PHONE = re.compile(r"\+?[\d ()/.-]+", re.ASCII)
#: Fewer digits are the end of too many telephone numbers.
PHONE_DIGITS = 5

_CODED: dict[Thing, tuple[str, str]] = {
    Thing.CUSTOMER: (
        "C",
        "SELECT c.code, c.name, c.email AS more, '' AS state FROM customers c WHERE c.code = ANY(:codes)",
    ),
    Thing.SERVICE: (
        "S",
        f"""SELECT s.code, c.name, {ADDRESS} AS more, s.state FROM services s JOIN customers c ON c.id = s.customer_id
            JOIN premises p ON p.id = s.premises_id WHERE s.code = ANY(:codes)""",
    ),
    Thing.ORDER: (
        "O",
        f"""SELECT o.code, c.name, {ADDRESS} AS more, o.state FROM orders o JOIN customers c ON c.id = o.customer_id
            JOIN premises p ON p.id = o.premises_id WHERE o.code = ANY(:codes)""",
    ),
    Thing.TICKET: (
        "T",
        "SELECT t.code, t.subject AS name, '' AS more, t.state FROM tickets t WHERE t.code = ANY(:codes)",
    ),
    Thing.VISIT: (
        "V",
        """SELECT v.code, c.name, v.address AS more, v.state FROM visits v JOIN orders o ON o.id = v.order_id
           JOIN customers c ON c.id = o.customer_id LEFT JOIN engineers g ON g.id = v.engineer_id
           WHERE v.code = ANY(:codes) AND (:every OR g.username = :username)""",
    ),
    Thing.BULK: (
        "B",
        "SELECT b.code, b.reason AS name, '' AS more, b.state FROM bulk_changes b WHERE b.code = ANY(:codes)",
    ),
    Thing.PREMISES: (
        "P",
        f"SELECT p.code, {ADDRESS} AS name, p.area AS more, '' AS state FROM premises p WHERE p.code = ANY(:codes)",
    ),
}
_INCIDENT = """
    SELECT i.delivery_id, i.code, i.step, i.what, i.closed_at FROM incidents i WHERE i.code = ANY(:codes)
"""


def by_code(look: Look, text: str) -> Iterator[Hit]:
    """What has this code, or this number in a code; what is coded otherwise by what was typed as it stands."""
    typed, prefix, number = text.upper(), "", ""
    if (coded := _CODE.fullmatch(text)) is not None:
        prefix, number = coded[1].upper(), coded[2]
    elif _NUMBER.fullmatch(text):
        number = text
    mine = {"every": look.actor.may("visit.read_all"), "username": look.actor.username}
    for thing, (letter, statement) in _CODED.items():
        if not opens(thing, look.actor.may) or (prefix and prefix != letter and len(prefix) == 1):
            continue
        codes = [typed] + ([short_code(letter, int(number))] if number and prefix in ("", letter) else [])
        values = {**mine, "codes": codes} if thing is Thing.VISIT else {"codes": codes}
        for r in rows(look, statement, **values):
            yield Hit(thing, r.code, r.name, told(r.code, r.more), r.state)
    if look.actor.may("incident.read") and look.actor.may("delivery.read") and prefix in ("", "I"):
        for r in rows(look, _INCIDENT, codes=[typed, *([short_code("I", int(number))] if number else [])]):
            state = "resolved" if r.closed_at else "failed"
            yield Hit(Thing.DELIVERY, str(r.delivery_id), r.step, told(r.code, r.what), state)


_DELIVERY = """
    SELECT d.id, d.subscriber, d.state, s.code, c.name FROM deliveries d JOIN events e ON e.id = d.event_id
    LEFT JOIN services s ON s.id = d.service_id LEFT JOIN customers c ON c.id = e.customer_id
    WHERE d.id = :id OR e.trace = :id ORDER BY d.created_at DESC LIMIT :many
"""


def by_id(look: Look, text: str) -> Iterator[Hit]:
    """The delivery with this id, or those of this trace."""
    if len(text) != 36 or not look.actor.may("delivery.read"):
        return
    try:
        wanted = UUID(text)
    except ValueError:
        return  # it has an id's length and is none: then nothing has it
    for r in rows(look, _DELIVERY, id=wanted):
        yield Hit(Thing.DELIVERY, str(r.id), title_of(r.subscriber), told(r.code, r.name), r.state)


_CONTACT = """
    SELECT c.code, c.name, c.email, c.phone FROM customers c WHERE {fits} ORDER BY c.code LIMIT :many
"""
_EMAIL = _CONTACT.format(fits="lower(c.email) LIKE :begins")
_PHONE_ENDS = _CONTACT.format(fits="reverse(regexp_replace(phone, '[^0-9]', '', 'g')) LIKE :begins")


def by_contact(look: Look, text: str) -> Iterator[Hit]:
    """Customers by the beginning of an e-mail address, or by the end of a telephone number."""
    if not opens(Thing.CUSTOMER, look.actor.may):
        return
    found = []
    if "@" in text and " " not in text:
        escaped = text.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        found = rows(look, _EMAIL, begins=f"{escaped}%")
    elif _PHONE.fullmatch(text) and len(digits := re.sub(r"\D", "", text)) >= PHONE_DIGITS:
        found = rows(look, _PHONE_ENDS, begins=f"{digits.lstrip('0')[::-1]}%")
    for r in found:
        yield Hit(Thing.CUSTOMER, r.code, r.name, told(r.code, r.email, r.phone))
