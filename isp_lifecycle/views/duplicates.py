"""Who may be the same customer a second time: by telephone, place, name and e-mail address, typing errors forgiven."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.customers.model import Customer
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.folding import typing_errors
from isp_lifecycle.search import actions as words

#: So many are named, and so many of those that are called alike are looked at.
NAMED, LOOKED_AT = 3, 6
#: Trigrams that two names share, from 0 to 1, from which on they are called alike.
ALIKE = 0.5

_SAME = """
    SELECT c.id, c.code, c.name, c.email,
           reverse(regexp_replace(c.phone, '[^0-9]', '', 'g')) LIKE :phone AS phone,
           EXISTS (SELECT FROM services s WHERE s.customer_id = c.id AND s.premises_id = :premises)
           OR EXISTS (SELECT FROM orders o WHERE o.customer_id = c.id AND o.premises_id = :premises) AS place,
           similarity(search_folded(c.name), search_folded(:name)) >= :alike AS name_like
    FROM customers c WHERE c.id <> :id AND c.id = ANY(:ids)
"""
_PHONE = "SELECT id FROM customers WHERE reverse(regexp_replace(phone, '[^0-9]', '', 'g')) LIKE :phone LIMIT 6"
_PLACE = """
    SELECT customer_id FROM (SELECT customer_id FROM services WHERE premises_id = :premises
                             UNION SELECT customer_id FROM orders WHERE premises_id = :premises) AS there LIMIT 12
"""


def hints_of(tx: Tx, customer: Customer, premises_id: UUID) -> tuple[str, ...]:
    """Who else this customer may be, and what speaks for it; the one for whom most speaks first.

    A place alone speaks for nobody: tenants change.
    """
    digits = "".join(letter for letter in customer.phone if letter.isdigit()).lstrip("0")
    # The country may be written or left out: what is compared is the end, of at least six digits.
    end = f"{digits[::-1][:7]}%" if len(digits) >= 6 else "-"  # a number that is missing is nobody's
    values: dict[str, Any] = {"phone": end, "premises": premises_id, "id": customer.id}
    ids = {*tx.execute(sa.text(_PHONE), {"phone": values["phone"]}).scalars()}
    ids |= {*tx.execute(sa.text(_PLACE), {"premises": premises_id}).scalars()}
    ids |= {*words.customers(tx=tx, text=customer.name, limit=LOOKED_AT)}
    values |= {"name": customer.name, "alike": ALIKE, "ids": list(ids)}
    found = []
    for row in tx.execute(sa.text(_SAME), values):
        why = list(_why(customer, row))
        if why and why != ["same address"] and why != ["name like it"]:
            found.append((-len(why), row.code, f"May be {row.name} ({row.code}): {', '.join(why)}."))
    return tuple(words_ for _many, _code, words_ in sorted(found)[:NAMED])


def _why(customer: Customer, row: Any) -> Iterator[str]:
    if row.phone:
        yield "same telephone number"
    if row.place:
        yield "same address"
    if row.name_like:
        yield "same name" if row.name.casefold() == customer.name.casefold() else "name like it"
    if 0 < typing_errors(written=customer.email.lower(), meant=row.email.lower()) <= 2:
        yield "e-mail address like it"
