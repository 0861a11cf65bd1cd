"""The lists there are, and the views that read them: one for a page of a list, one for all that it would show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from isp_lifecycle.access import saved
from isp_lifecycle.access.model import SavedView
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.inventory.model import ServiceState
from isp_lifecycle.support.model import UNSETTLED, Severity, TicketState
from isp_lifecycle.views.common import ADDRESS
from isp_lifecycle.views.lists.leads import LEADS
from isp_lifecycle.views.lists.model import Asked, Kind, ListColumn, Listed, ListOf
from isp_lifecycle.views.lists.orders import ORDERS
from isp_lifecycle.views.lists.people import CUSTOMERS
from isp_lifecycle.views.lists.reading import Row, exported, grouped, listed
from isp_lifecycle.views.lists.told import TRAIL
from isp_lifecycle.views.lists.work import QUEUE, VISITS
from isp_lifecycle.views.window import Look, View, shows

_TEXT, _CHOICE, _MOMENT, _DAY, _NUMBER, _HOURS, _MONEY = Kind

SERVICES = ListOf(
    name="services",
    title=say("Services"),
    source="services s",
    joined="""JOIN customers c ON c.id = s.customer_id JOIN premises p ON p.id = s.premises_id
        LEFT JOIN lines l ON l.service_id = s.id LEFT JOIN olts t ON t.id = l.olt_id""",
    columns=(
        ListColumn("code", say("Service"), "s.code", filtered=False),
        ListColumn("customer", say("Customer"), "c.name", under="address"),
        ListColumn("state", say("State"), "s.state", _CHOICE, under="plan", choices=tuple(ServiceState)),
        ListColumn("address", say("Address"), ADDRESS, shown=False),
        ListColumn("area", say("Area"), "p.area", shown=False),
        ListColumn("plan", say("Plan"), "s.terms->>'plan_name'", shown=False),
        ListColumn("price", say("Price a month"), "(s.terms->>'price')::numeric", _MONEY, shown=False),
        ListColumn("currency", say("Currency"), "s.terms->>'currency'", shown=False, filtered=False),
        ListColumn("active", say("Active since"), "s.active_on", _DAY, shown=False, empty=True),
        ListColumn("suspended", say("Suspended since"), "s.suspended_on", _DAY, shown=False, empty=True),
        ListColumn("olt", say("OLT"), "t.name", shown=False, empty=True),
        ListColumn("port", say("PON port"), "l.pon_port", shown=False, empty=True),
        ListColumn("ont", say("ONT"), "l.serial", shown=False, empty=True),
        ListColumn(
            "light", say("Light in dBm"), "round(l.measured_rx_dbm::numeric, 1)", _NUMBER, shown=False, empty=True
        ),
        ListColumn("email", say("E-mail"), "c.email", shown=False),
        ListColumn("phone", say("Telephone"), "c.phone", shown=False),
    ),
    search=("s.code", "c.name", "c.code", "p.address_text", "l.serial"),
    sort="-code",
)

TICKETS = ListOf(
    name="tickets",
    title=say("Tickets"),
    source="tickets t",
    joined="""LEFT JOIN incidents i ON i.id = t.incident_id LEFT JOIN customers c ON c.id = t.customer_id
        LEFT JOIN services s ON s.id = t.service_id LEFT JOIN users u ON u.username = t.assignee""",
    columns=(
        ListColumn("code", say("Ticket"), "t.code", filtered=False),
        ListColumn("about", say("About"), "t.subject", under="customer"),
        ListColumn("severity", say("Severity"), "t.severity", _CHOICE, choices=tuple(Severity)),
        ListColumn("state", say("State"), "t.state", _CHOICE, under="with", choices=tuple(TicketState)),
        ListColumn(
            "age",
            say("Age"),
            "round(extract(epoch FROM coalesce(t.resolved_at, t.closed_at, :now) - t.opened_at) / 3600, 1)",
            _HOURS,
        ),
        ListColumn("due", say("Resolve by"), "t.due_at", _MOMENT, empty=True),
        ListColumn("customer", say("Customer"), "c.name", shown=False, empty=True),
        ListColumn("service", say("Service"), "s.code", shown=False, empty=True),
        ListColumn("with", say("With"), "coalesce(u.name, t.assignee, 'nobody yet')", shown=False),
        ListColumn("opened", say("Opened"), "t.opened_at", _MOMENT, shown=False),
        ListColumn("resolved", say("Resolved"), "t.resolved_at", _MOMENT, shown=False, empty=True),
        ListColumn("incident", say("Incident"), "i.code", shown=False, empty=True),
    ),
    search=("t.code", "t.subject", "c.name", "s.code", "i.code"),
    sort="-opened",
)


#: The states of tickets that are not over, as a filter that a page begins with.
OPEN_TICKETS = ",".join(UNSETTLED)


@shows("order.read")
def orders(look: Look, *, asked: Asked) -> Listed:
    """Orders: one page."""
    return listed(look, ORDERS, asked)


@shows("order.read")
def all_orders[R](look: Look, *, asked: Asked, into: Callable[[Iterator[Row]], R]) -> R:
    """Orders: all that the list would show, given to what makes an export of it."""
    return exported(look, ORDERS, asked, into)


@shows("service.read")
def services(look: Look, *, asked: Asked) -> Listed:
    """Services with their lines: one page."""
    return listed(look, SERVICES, asked)


@shows("service.read")
def all_services[R](look: Look, *, asked: Asked, into: Callable[[Iterator[Row]], R]) -> R:
    """Services with their lines: all that the list would show, given to what makes an export of it."""
    return exported(look, SERVICES, asked, into)


@shows("ticket.read")
def tickets(look: Look, *, asked: Asked) -> Listed:
    """Tickets: one page."""
    return listed(look, TICKETS, asked)


@shows("ticket.read")
def all_tickets[R](look: Look, *, asked: Asked, into: Callable[[Iterator[Row]], R]) -> R:
    """Tickets: all that the list would show, given to what makes an export of it."""
    return exported(look, TICKETS, asked, into)


@shows("order.read", "service.read")
def customers(look: Look, *, asked: Asked) -> Listed:
    """Customers: one page."""
    return listed(look, CUSTOMERS, asked)


@shows("order.read", "service.read")
def all_customers[R](look: Look, *, asked: Asked, into: Callable[[Iterator[Row]], R]) -> R:
    """Customers: all that the list would show, given to what makes an export of it."""
    return exported(look, CUSTOMERS, asked, into)


@shows("lead.read")
def leads(look: Look, *, asked: Asked) -> Listed:
    """Leads: one page."""
    return listed(look, LEADS, asked)


@shows("lead.read")
def all_leads[R](look: Look, *, asked: Asked, into: Callable[[Iterator[Row]], R]) -> R:
    """Leads: all that the list would show, given to what makes an export of it."""
    return exported(look, LEADS, asked, into)


@shows("visit.read", "visit.read_all")
def visits(look: Look, *, asked: Asked) -> Listed:
    """Visits, one's own or everybody's: one page."""
    return listed(look, VISITS, asked)


@shows("visit.read", "visit.read_all")
def all_visits[R](look: Look, *, asked: Asked, into: Callable[[Iterator[Row]], R]) -> R:
    """Visits, one's own or everybody's: all that the list would show, given to what makes an export of it."""
    return exported(look, VISITS, asked, into)


@shows("delivery.read")
def queue(look: Look, *, asked: Asked) -> Listed:
    """What is not over in the engine's queue: one page."""
    return listed(look, QUEUE, asked)


@shows("delivery.read")
def all_queue[R](look: Look, *, asked: Asked, into: Callable[[Iterator[Row]], R]) -> R:
    """What is not over in the engine's queue: all that the list would show, given to what makes an export of it."""
    return exported(look, QUEUE, asked, into)


@shows("delivery.read")
def queue_counts(look: Look, *, asked: Asked) -> dict[str, int]:
    """How many deliveries stand where, of those that the list would show wherever they stand."""
    return grouped(look, QUEUE, asked, by="standing")


@shows("audit.read")
def trail(look: Look, *, asked: Asked) -> Listed:
    """The audit trail: one page."""
    return listed(look, TRAIL, asked)


@shows("audit.read")
def all_trail[R](look: Look, *, asked: Asked, into: Callable[[Iterator[Row]], R]) -> R:
    """The audit trail: all lines that the list would show, given to what makes an export of it."""
    return exported(look, TRAIL, asked, into)


@shows("account.own")
def saved_views(look: Look, *, list_name: str) -> Sequence[SavedView]:
    """How this person, and others who share it, look at a list; their own first."""
    return saved.views_for(tx=look.tx, user_id=look.actor.user_id, list_name=list_name) if look.actor.user_id else ()


Page = View[..., Listed]
Whole = View[..., Any]

#: Every list by its name, with the view of a page and that of all of it.
LISTS: Mapping[str, tuple[ListOf, Page, Whole]] = {
    spec.name: (spec, page, whole)
    for spec, page, whole in (
        (ORDERS, orders, all_orders),
        (SERVICES, services, all_services),
        (TICKETS, tickets, all_tickets),
        (CUSTOMERS, customers, all_customers),
        (LEADS, leads, all_leads),
        (VISITS, visits, all_visits),
        (QUEUE, queue, all_queue),
        (TRAIL, trail, all_trail),
    )
}
