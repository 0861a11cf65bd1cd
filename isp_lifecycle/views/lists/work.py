"""Lists of work: visits, and what is in the engine's queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from isp_lifecycle.events.subscriptions import TITLES
from isp_lifecycle.field.model import VisitState
from isp_lifecycle.foundation.texts import one_after_other, say, say_as
from isp_lifecycle.views.engine import queue
from isp_lifecycle.views.engine.state import OPEN
from isp_lifecycle.views.lists.model import Kind, ListColumn, ListOf
from isp_lifecycle.views.window import Look

VISITS = ListOf(
    name="visits",
    title=say("Visits"),
    source="visits v",
    # One's own, or everybody's.
    where="(:every OR v.engineer_id = (SELECT e.id FROM engineers e WHERE e.username = :username))",
    every="visit.read_all",
    joined="""JOIN orders o ON o.id = v.order_id JOIN customers c ON c.id = o.customer_id
        JOIN deliveries d ON d.id = v.delivery_id LEFT JOIN engineers g ON g.id = v.engineer_id
        LEFT JOIN services s ON s.id = v.service_id LEFT JOIN premises p ON p.id = o.premises_id""",
    columns=(
        ListColumn("code", say("Visit"), "v.code", filtered=False),
        ListColumn("starts", say("When"), "lower(v.during)", Kind.MOMENT, under="engineer"),
        ListColumn("customer", say("Customer"), "c.name", under="address"),
        ListColumn("state", say("State"), "v.state", Kind.CHOICE, under="work", choices=tuple(VisitState)),
        ListColumn("work", say("Work"), "d.subscriber", Kind.CHOICE, shown=False, choices=tuple(TITLES), names=TITLES),
        ListColumn("engineer", say("Engineer"), "coalesce(g.name, 'nobody yet')", shown=False),
        ListColumn("address", say("Address"), "v.address", shown=False),
        ListColumn("area", say("Area"), "p.area", shown=False, empty=True),
        ListColumn("plan", say("Plan"), "o.terms->>'plan_name'", shown=False),
        ListColumn("phone", say("Telephone"), "c.phone", shown=False),
        ListColumn("order", say("Order"), "o.code", shown=False),
        ListColumn("service", say("Service"), "s.code", shown=False, empty=True),
        ListColumn("goes", say("How the work stands"), "d.state", shown=False),
        ListColumn("ends", say("Until"), "upper(v.during)", Kind.MOMENT, shown=False),
        ListColumn("result", say("What came of it"), "v.result", shown=False, empty=True),
    ),
    search=("v.code", "c.name", "v.address", "g.name", "o.code", "s.code"),
    sort="starts",
)
#: What is listed unasked: two weeks from today, without those that were called off.
COMING_VISITS = {"starts": "today..today+13", "state": "booked,started,done,missed"}

#: What stands in the queue in the words that people use: all but ``scheduled`` are waited for.
STANDINGS = {
    "failed": say_as("state", "failed"),
    "waiting": say_as("state", "waiting for a person"),
    "running": say_as("state", "running"),
    "again": say_as("state", "tried again"),
    "ready": say_as("state", "ready"),
    "in_line": say_as("state", "in line"),
    "scheduled": say_as("state", "due later"),
}
#: What is listed unasked: what is not over, but for what merely lies in the future.
IN_THE_QUEUE = ",".join(word for word in STANDINGS if word != "scheduled")

_STANDING = "CASE {} END".format(" ".join(f"WHEN {queue.STANDINGS[word]} THEN '{word}'" for word in STANDINGS))
_PLACE = "CASE {} END".format(" ".join(f"WHEN {queue.STANDINGS[word]} THEN {n}" for n, word in enumerate(STANDINGS)))


def _said(look: Look, rows: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Each delivery with where and why it stands in words, and who is to see to it."""
    found = {one.delivery_id: one for one in queue.rows_of(look, [row["id"] for row in rows])}
    return [dict(row) | _words(look, found.get(row["id"])) for row in rows]


def _words(look: Look, one: queue.QueueRow | None) -> dict[str, object]:
    if one is None:  # it has come to its end between two questions of one look, which a snapshot forbids
        return {}
    at = one_after_other(one.step, one.olt or "", between=" · ")
    about = one_after_other(one.service_code or one.order_code or "", one.customer or "", between=" · ")
    return {
        "about": about or one.queue,
        "why": say("{step}: {why}", step=at, why=one.why) if at else one.why,
        "with": one.owner_name or (say("nobody yet ({role})", role=one.owner_role) if one.owner_role else ""),
        "age": (look.at - one.since).total_seconds() / 3600,
    }


QUEUE = ListOf(
    name="queue",
    title=say("Deliveries"),
    source="deliveries d",
    where=OPEN,
    joined="""JOIN events e ON e.id = d.event_id LEFT JOIN orders o ON o.id = e.order_id
        LEFT JOIN customers c ON c.id = e.customer_id LEFT JOIN services s ON s.id = d.service_id""",
    columns=(
        ListColumn("id", say("Id"), "d.id", reads="workflow", filtered=False),
        ListColumn(
            "workflow", say("Delivery"), "d.subscriber", Kind.CHOICE, under="about", choices=tuple(TITLES), names=TITLES
        ),
        ListColumn(
            "standing", say("Where it stands"), _STANDING, Kind.CHOICE, under="why", choices=tuple(STANDINGS),
            names=STANDINGS, order=_PLACE,
        ),
        ListColumn("with", say("With"), "", said=True),
        ListColumn("age", say("For"), "", Kind.HOURS, said=True),
        ListColumn("about", say("About"), "", said=True, shown=False),
        ListColumn("why", say("Why"), "", said=True, shown=False),
        ListColumn("olt", say("OLT"), queue.OLT, shown=False, empty=True),
        ListColumn("customer", say("Customer"), "c.name", shown=False, empty=True),
        ListColumn("service", say("Service"), "s.code", shown=False, empty=True),
        ListColumn("order", say("Order"), "o.code", shown=False, empty=True),
        ListColumn("queue", say("Queue"), "d.queue", shown=False),
        ListColumn("due", say("Due"), "d.due_at", Kind.MOMENT, shown=False),
        ListColumn("created", say("Asked for"), "d.created_at", Kind.MOMENT, shown=False),
        ListColumn("attempt", say("Attempt"), "d.attempt", Kind.NUMBER, shown=False),
        ListColumn("takeovers", say("Taken over"), "d.takeovers", Kind.NUMBER, shown=False),
    ),
    search=("c.name", "s.code", "o.code", "d.id::text"),
    sort="standing",
    says=_said,
)  # fmt: skip
