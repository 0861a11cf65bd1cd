"""The list of orders, and the stages at which they stand on the board."""

from __future__ import annotations

from isp_lifecycle.foundation.texts import say, say_as
from isp_lifecycle.orders.model import Channel, OrderKind, OrderState
from isp_lifecycle.views.common import ADDRESS
from isp_lifecycle.views.lists.model import Kind, ListColumn, ListOf

#: So many days after it was done an order still stands on the board.
ACTIVE_DAYS = 6

#: An order goes on by its delivery: one that failed, or waits for a person, says so before the order's state does.
_STAGE = """CASE WHEN o.state = 'submitted' THEN 'new' WHEN o.state = 'completed' THEN 'done'
    WHEN o.state IN ('cancelled', 'rejected') THEN 'given_up' WHEN o.state = 'failed' THEN 'failed'
    ELSE coalesce((SELECT min(w.state) FROM deliveries w WHERE w.trace = o.id AND w.queue = 'network'
                   AND w.state IN ('failed', 'waiting')),
                  CASE o.state WHEN 'confirmed' THEN 'confirmed' ELSE 'under_way' END) END"""

#: Where an order stands for the desk: its state, told apart by whether a person is waited for.
STAGES = ListColumn(
    "stage",
    say("Stage"),
    _STAGE,
    Kind.CHOICE,
    shown=False,
    choices=("new", "confirmed", "under_way", "waiting", "failed", "done", "given_up"),
    names={
        "new": say_as("state", "new"),
        "confirmed": say_as("state", "confirmed"),
        "under_way": say_as("state", "under way"),
        "waiting": say_as("state", "waiting for customer or visit"),
        "failed": say_as("state", "failed"),
        "done": say_as("state", "done"),
        "given_up": say_as("state", "given up"),
    },
)

ORDERS = ListOf(
    name="orders",
    title=say("Orders"),
    source="orders o",
    joined="JOIN customers c ON c.id = o.customer_id JOIN premises p ON p.id = o.premises_id",
    columns=(
        ListColumn("code", say("Order"), "o.code", filtered=False),
        ListColumn("customer", say("Customer"), "c.name", under="address"),
        ListColumn("kind", say("What"), "o.kind", Kind.CHOICE, under="plan", choices=tuple(OrderKind)),
        ListColumn("state", say("State"), "o.state", Kind.CHOICE, choices=tuple(OrderState)),
        ListColumn(
            "waits",
            say("Waits"),
            "round(extract(epoch FROM coalesce(o.closed_at, :now) - o.submitted_at) / 3600, 1)",
            Kind.HOURS,
        ),
        ListColumn("address", say("Address"), ADDRESS, shown=False),
        ListColumn("area", say("Area"), "p.area", shown=False),
        ListColumn("plan", say("Plan"), "o.terms->>'plan_name'", shown=False),
        ListColumn("price", say("Price a month"), "(o.terms->>'price')::numeric", Kind.MONEY, shown=False),
        ListColumn("currency", say("Currency"), "o.terms->>'currency'", shown=False, filtered=False),
        ListColumn("submitted", say("Submitted"), "o.submitted_at", Kind.MOMENT, shown=False),
        ListColumn("wanted", say("Not before"), "o.wanted_on", Kind.DAY, shown=False, empty=True),
        ListColumn("decided", say("Decided"), "o.decided_at", Kind.MOMENT, shown=False, empty=True),
        ListColumn("decided_by", say("Decided by"), "o.decided_by", shown=False, empty=True),
        STAGES,
        ListColumn("closed", say("Closed"), "o.closed_at", Kind.MOMENT, shown=False, empty=True),
        ListColumn("channel", say("Came by"), "o.channel", Kind.CHOICE, shown=False, choices=tuple(Channel)),
        ListColumn("email", say("E-mail"), "c.email", shown=False),
        ListColumn("phone", say("Telephone"), "c.phone", shown=False),
    ),
    search=("o.code", "c.name", "c.email", "p.address_text"),
    sort="-submitted",
)
