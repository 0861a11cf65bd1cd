"""The list of leads: who asked for a line, who follows them, and what is done next."""

from __future__ import annotations

from isp_lifecycle.foundation.texts import say
from isp_lifecycle.leads.model import LeadState, Source
from isp_lifecycle.views.lists.model import Kind, ListColumn, ListOf

LEADS = ListOf(
    name="leads",
    title=say("Leads"),
    source="leads l",
    joined="""LEFT JOIN premises p ON p.id = l.premises_id LEFT JOIN users u ON u.username = l.owner
        LEFT JOIN orders o ON o.id = l.order_id LEFT JOIN plans n ON n.code = l.plan_code""",
    columns=(
        ListColumn("code", say("Lead"), "l.code", filtered=False),
        ListColumn("name", say("Who"), "l.name", under="address"),
        ListColumn("next", say("Next step"), "l.next_on", Kind.DAY, under="step", empty=True),
        ListColumn("with", say("With"), "coalesce(u.name, l.owner, 'nobody yet')"),
        ListColumn("state", say("State"), "l.state", Kind.CHOICE, under="served", choices=tuple(LeadState)),
        ListColumn("step", say("What is done next"), "l.next_step", shown=False),
        ListColumn(
            "served",
            say("Served"),
            "CASE WHEN p.id IS NULL THEN 'unknown' WHEN p.splitter_code IS NULL THEN 'not_yet' ELSE 'can_be' END",
            Kind.CHOICE,
            shown=False,
            choices=("can_be", "not_yet", "unknown"),
            names={
                "can_be": say("can be served"),
                "not_yet": say("not served yet"),
                "unknown": say("address not on record"),
            },
        ),
        ListColumn("address", say("Address"), "l.address", shown=False),
        ListColumn("area", say("Area"), "p.area", shown=False, empty=True),
        ListColumn("wish", say("Wish"), "l.wish", shown=False),
        ListColumn("plan", say("Plan"), "n.name", shown=False, empty=True),
        ListColumn("source", say("Came by"), "l.source", Kind.CHOICE, shown=False, choices=tuple(Source)),
        ListColumn("email", say("E-mail"), "l.email", shown=False),
        ListColumn("phone", say("Telephone"), "l.phone", shown=False),
        ListColumn("owner", say("Account"), "l.owner", Kind.CHOICE, shown=False, empty=True),
        ListColumn("asked", say("Asked"), "l.created_at", Kind.MOMENT, shown=False),
        ListColumn("consent", say("Consent"), "l.consent_how", shown=False),
        ListColumn("keep", say("Kept until"), "l.keep_until", Kind.DAY, shown=False),
        ListColumn("closed", say("Closed"), "l.closed_at", Kind.MOMENT, shown=False, empty=True),
        ListColumn("reason", say("Why lost"), "l.reason", shown=False, empty=True),
        ListColumn("order", say("Order"), "o.code", shown=False, empty=True),
    ),
    search=("l.code", "l.name", "l.address", "l.email", "l.phone", "l.wish"),
    sort="next",
)
