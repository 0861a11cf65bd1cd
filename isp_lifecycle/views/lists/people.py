"""The list of customers: found as the search finds them, typing errors forgiven."""

from __future__ import annotations

import sqlalchemy as sa

from isp_lifecycle.foundation.texts import say
from isp_lifecycle.inventory.model import ServiceState
from isp_lifecycle.search import actions as words
from isp_lifecycle.views.common import ADDRESS
from isp_lifecycle.views.lists.model import Found, Kind, ListColumn, ListOf
from isp_lifecycle.views.window import Look

#: So many that a text may mean are listed.
MEANT_AT_MOST = 200

_KEYED = """
    SELECT id FROM customers WHERE code = :key OR lower(email) = lower(:key)
    UNION ALL SELECT customer_id FROM services WHERE code = :key
    UNION ALL SELECT customer_id FROM orders WHERE code = :key
"""


def _finds(look: Look, text: str) -> Found:
    """Customers by a code or an e-mail address, or else by name and address as search finds them, likeliest first."""
    key = text if "@" in text else text.upper()
    ids = list(look.tx.execute(sa.text(_KEYED), {"key": key}).scalars())
    ids = ids or words.customers(tx=look.tx, text=text, limit=MEANT_AT_MOST)
    return Found("c.id = ANY(:found)", {"found": ids}, "array_position(CAST(:found AS uuid[]), c.id)")


#: The service that counts most: one that is not over, the newest of these.
_SERVICE = """LEFT JOIN LATERAL (
    SELECT v.state, v.premises_id, v.terms FROM services v WHERE v.customer_id = c.id
    ORDER BY v.state = 'terminated', v.opened_at DESC LIMIT 1) s ON true LEFT JOIN premises p ON p.id = s.premises_id"""

CUSTOMERS = ListOf(
    name="customers",
    title=say("Customers"),
    source="customers c",
    joined=_SERVICE,
    columns=(
        ListColumn("code", say("Code"), "c.code", filtered=False),
        ListColumn("name", say("Customer"), "c.name", under="address"),
        ListColumn(
            "state",
            say("State"),
            "s.state",
            Kind.CHOICE,
            under="plan",
            choices=tuple(ServiceState),
            empty=True,
            narrows="c.id IN (SELECT v.customer_id FROM services v WHERE v.state = ANY({words}))",
        ),
        ListColumn("address", say("Address"), ADDRESS, shown=False, empty=True),
        ListColumn("area", say("Area"), "p.area", shown=False, empty=True),
        ListColumn("plan", say("Plan"), "s.terms->>'plan_name'", shown=False, empty=True),
        ListColumn("email", say("E-mail"), "c.email", shown=False),
        ListColumn("phone", say("Telephone"), "c.phone", shown=False),
        ListColumn("since", say("Customer since"), "c.created_at", Kind.MOMENT, shown=False),
    ),
    search=("c.name",),
    sort="-code",
    finds=_finds,
)
