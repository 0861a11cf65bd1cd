"""Which line is meant: by service, order, customer, address, serial number, IP address, telephone or e-mail."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.drivers.contract import Serial
from isp_lifecycle.drivers.errors import SerialMalformed
from isp_lifecycle.search import actions as words
from isp_lifecycle.views.common import ADDRESS
from isp_lifecycle.views.window import Look, shows

#: So many are listed; more of the name or the address finds the others.
LISTED = 25
#: Fewer digits are the end of too many telephone numbers.
PHONE_DIGITS = 6


@dataclass(frozen=True)
class Match:
    """A line that may be meant: ``key`` is its service's code, or that of an order which never became one."""

    key: str
    state: str
    customer: str
    address: str
    plan: str


_SHOWN = f"""
    SELECT s.code AS key, s.state, c.name, {ADDRESS} AS address, s.terms->>'plan_name' AS plan
    FROM services s JOIN customers c ON c.id = s.customer_id JOIN premises p ON p.id = s.premises_id
"""  # noqa: S608 - the fragment is a constant of this package
_LAST = " ORDER BY (s.state = 'terminated'), s.code DESC LIMIT :many"
#: What names a line, or its customer, exactly: each is looked up by an index of its own, however many lines there are.
_EXACTLY = f"""{_SHOWN}
    WHERE s.id IN (
        SELECT id FROM services WHERE code = upper(:text)
        UNION SELECT service_id FROM orders WHERE code = upper(:text)
        UNION SELECT service_id FROM tickets WHERE code = upper(:text)
        UNION SELECT service_id FROM lines WHERE serial = :serial
        UNION SELECT owner FROM allocations WHERE prefix >>= CAST(:ip AS inet) AND state <> 'free'
        UNION SELECT x.id FROM services x JOIN customers y ON y.id = x.customer_id WHERE y.code = upper(:text)
        UNION SELECT x.id FROM services x JOIN customers y ON y.id = x.customer_id WHERE lower(y.email) = lower(:text))
    {_LAST}
"""  # noqa: S608 - the fragments are constants of this package
#: What those customers have whom the search knows by a name, an address or a telephone number, in its order.
_THEIRS = f"""{_SHOWN}
    JOIN unnest(CAST(:customers AS uuid[])) WITH ORDINALITY AS wanted (id, place) ON wanted.id = s.customer_id
    ORDER BY (s.state = 'terminated'), wanted.place, s.code DESC LIMIT :many
"""
_BY_PHONE = """
    SELECT id FROM customers WHERE reverse(regexp_replace(phone, '[^0-9]', '', 'g')) LIKE :ends LIMIT :many
"""
_ORDERS = f"""
    SELECT o.code AS key, o.state, c.name, {ADDRESS} AS address, o.terms->>'plan_name' AS plan
    FROM orders o JOIN customers c ON c.id = o.customer_id JOIN premises p ON p.id = o.premises_id
    WHERE o.service_id IS NULL
      AND o.id IN (SELECT id FROM orders WHERE code = upper(:text) UNION
                   SELECT x.id FROM orders x JOIN customers y ON y.id = x.customer_id
                   WHERE y.code = upper(:text) OR lower(y.email) = lower(:text) UNION
                   SELECT id FROM orders WHERE customer_id = ANY(:customers))
    ORDER BY o.submitted_at DESC LIMIT :many
"""  # noqa: S608 - the fragment is a constant of this package


@shows("service.read")
def find(look: Look, *, text: str) -> tuple[Match, ...]:
    """The lines that a text may mean, those in use first; none of an empty text.

    People are found by the search that all pages have, typing errors forgiven; orders that never became a service by
    whom orders are shown to.
    """
    text = text.strip()
    if len(text) < 2:
        return ()
    values: dict[str, Any] = {"text": text, "serial": _serial(text), "ip": _ip(text), "many": LISTED}
    rows = look.tx.execute(sa.text(_EXACTLY), values).all()
    if not rows:
        values["customers"] = _customers(look, text)
        rows = [*look.tx.execute(sa.text(_THEIRS), values)]
        rows += [*look.tx.execute(sa.text(_ORDERS), values)] if look.actor.may("order.read") else []
    return tuple(Match(r.key, r.state, r.name, r.address, r.plan or "") for r in rows[:LISTED])


def _customers(look: Look, text: str) -> list[UUID]:
    digits = "".join(letter for letter in text if letter.isdigit())
    if not _is_number(text):
        return words.customers(tx=look.tx, text=text, limit=LISTED)
    if len(digits) < PHONE_DIGITS:
        return []
    ends = {"ends": f"{digits.lstrip('0')[::-1]}%", "many": LISTED}
    return list(look.tx.execute(sa.text(_BY_PHONE), ends).scalars())


def _is_number(text: str) -> bool:
    return all(letter.isdigit() or letter in "+-/() " for letter in text)


def _serial(text: str) -> str:
    try:
        return Serial.parse(text).normal
    except SerialMalformed:
        return ""


def _ip(text: str) -> str | None:
    try:
        return str(ip_address(text.partition("/")[0]))
    except ValueError:
        return None
