"""Every page there is: its path, title, symbol, and who may open it."""

from __future__ import annotations

from dashboards.pages import (
    access,
    accounts,
    application,
    bulk,
    due,
    engine,
    figures,
    mail,
    my,
    network,
    numbers,
    olts,
    orders,
    services,
    support,
    tickets,
    trail,
    visits,
)
from dashboards.route import Route, Routes

STAFF: Routes = {
    "/orders": Route("Orders", "assignment", orders.page, any_of=("order.read",)),
    "/new-order": Route("New order", "add_call", application.by_phone, any_of=("order.confirm",), width=760),
    "/services": Route("Services", "router", services.page, any_of=("service.read",)),
    "/visits": Route("Visits", "route", visits.page, any_of=("visit.read", "visit.read_all")),
    "/support": Route("Needs attention", "troubleshoot", support.page, any_of=("delivery.read",)),
    "/due": Route("What will happen", "event", due.page, any_of=("due.read",)),
    "/bulk": Route("Bulk changes", "rule", bulk.page, any_of=("bulk.read",)),
    "/tickets": Route("Tickets", "confirmation_number", tickets.page, any_of=("ticket.read",)),
    "/engine": Route("Queue", "playlist_play", engine.page, any_of=("delivery.read",)),
    "/network": Route("Network", "hub", network.page, any_of=("network.read",)),
    "/numbers": Route("Numbers", "pin", numbers.page, any_of=("network.read", "order.confirm")),
    "/olts": Route("OLTs", "dns", olts.page, any_of=("network.read",)),
    "/figures": Route("Figures", "insights", figures.page, any_of=("report.read",)),
    "/accounts": Route("Accounts", "group", accounts.page, any_of=("user.read",)),
    "/access": Route("Roles", "admin_panel_settings", access.page, any_of=("user.read",), width=1600),
    "/trail": Route("Audit trail", "history", trail.page, any_of=("audit.read",)),
    "/mail": Route("Sent mail", "mail", mail.page, any_of=("mail.read",), demo_only=True),
}

#: Paths behind the guard that Panel does not serve.
STAFF_FOLDERS: Routes = {
    "/reports/": Route("Reports", "description", lambda _session: (), any_of=("report.read",), in_menu=False),
}

#: Where each role starts: the first of these that is open to it and is its own work.
HOMES: dict[str, str] = {
    "sales": "/orders",
    "installer": "/visits",
    "dispatcher": "/visits",
    "network": "/network",
    "support": "/support",
    "manager": "/figures",
    "administrator": "/figures",
    "auditor": "/figures",
}

PORTAL: Routes = {
    "/": Route("Get connected", "home", application.public, public=True, width=840),
    "/my": Route("My service", "router", my.page, any_of=("own.read",), width=860),
}
