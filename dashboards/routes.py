"""Every page there is: its path, title, symbol, and who may open it."""

from __future__ import annotations

from dashboards.pages import (
    access,
    accounts,
    application,
    board,
    bulk,
    customers,
    due,
    engine,
    figures,
    health,
    leads,
    mail,
    my,
    netmap,
    network,
    numbers,
    olts,
    orders,
    plans,
    secrets,
    services,
    settings,
    sources,
    support,
    templates,
    terminal,
    tickets,
    trail,
    visits,
    why,
)
from dashboards.route import Route, Routes
from isp_lifecycle.foundation.texts import say

STAFF: Routes = {
    "/orders": Route(say("Orders"), "assignment", orders.page, any_of=("order.read",), group=say("Sales")),
    "/customers": Route(
        say("Customers"), "person", customers.page, any_of=("order.read", "service.read"), group=say("Sales")
    ),
    "/leads": Route(say("Leads"), "contact_phone", leads.page, any_of=("lead.read",), group=say("Sales")),
    "/new-order": Route(
        say("New order"), "add_call", application.by_phone, any_of=("order.confirm",), width=760, group=say("Sales")
    ),
    "/services": Route(say("Services"), "router", services.page, any_of=("service.read",), group=say("Lines")),
    "/visits": Route(say("Visits"), "route", visits.page, any_of=("visit.read", "visit.read_all"), group=say("Field")),
    "/board": Route(
        say("Dispatch board"), "view_timeline", board.page, any_of=("visit.read_all",), width=1600, group=say("Field")
    ),
    "/support": Route(
        say("Needs attention"), "troubleshoot", support.page, any_of=("delivery.read",), group=say("Lines")
    ),
    "/why": Route(
        say("Why does it not work?"),
        "monitor_heart",
        why.page,
        any_of=("service.read",),
        menu=say("Line trouble"),
        group=say("Lines"),
    ),
    "/due": Route(say("What will happen"), "event", due.page, any_of=("due.read",), group=say("Lines")),
    "/bulk": Route(say("Bulk changes"), "rule", bulk.page, any_of=("bulk.read",), group=say("Lines")),
    "/plans": Route(say("Plans"), "sell", plans.page, any_of=("plan.read_all",), group=say("Business")),
    "/tickets": Route(say("Tickets"), "confirmation_number", tickets.page, any_of=("ticket.read",), group=say("Lines")),
    "/engine": Route(say("Queue"), "playlist_play", engine.page, any_of=("delivery.read",), group=say("System")),
    "/network": Route(say("Network"), "hub", network.page, any_of=("network.read",), group=say("Network")),
    "/map": Route(
        say("Network map"), "account_tree", netmap.page, any_of=("network.read",), width=1600, group=say("Network")
    ),
    "/numbers": Route(
        say("Numbers"), "pin", numbers.page, any_of=("network.read", "order.confirm"), group=say("Network")
    ),
    "/olts": Route("OLTs", "dns", olts.page, any_of=("network.read",), group=say("Network")),
    "/terminal": Route(
        say("Terminals"),
        "terminal",
        terminal.page,
        any_of=("device.terminal", "device.terminal_full", "terminal.read"),
        group=say("Network"),
    ),
    "/figures": Route(say("Figures"), "insights", figures.page, any_of=("report.read",), group=say("Business")),
    "/health": Route(
        say("Health"), "health_and_safety", health.page, any_of=("system.read",), width=900, group=say("System")
    ),
    "/accounts": Route(say("Accounts"), "group", accounts.page, any_of=("user.read",), group=say("System")),
    "/access": Route(
        say("Roles"), "admin_panel_settings", access.page, any_of=("user.read",), width=1600, group=say("System")
    ),
    "/sources": Route(
        say("Sources"), "key", lambda session: sources.page(session, STAFF), any_of=("user.read",), group=say("System")
    ),
    "/settings": Route(say("Settings"), "tune", settings.page, any_of=("setting.read",), group=say("System")),
    "/device-accounts": Route(
        say("Device accounts"), "lock", secrets.page, any_of=("secret.read",), group=say("System")
    ),
    "/trail": Route(say("Audit trail"), "history", trail.page, any_of=("audit.read",), group=say("System")),
    "/templates": Route(
        say("Messages"), "drafts", templates.page, any_of=("template.read",), width=1600, group=say("System")
    ),
    "/mail": Route(say("Sent mail"), "mail", mail.page, any_of=("mail.read",), demo_only=True, group=say("Business")),
}

#: Paths behind the guard that Panel does not serve.
STAFF_FOLDERS: Routes = {
    "/lists/": Route(
        say("Lists"),
        "table_view",
        lambda _session: (),
        any_of=("order.read", "service.read", "ticket.read", "visit.read", "delivery.read"),
        in_menu=False,
    ),
    "/documents/": Route(
        say("Documents"), "description", lambda _session: (), any_of=("document.read",), in_menu=False
    ),
    "/field/": Route(
        say("Today"), "today", lambda _session: (), any_of=("visit.work",), sends=True, group=say("Field")
    ),
    "/kept/": Route(
        say("Photos"), "photo", lambda _session: (), any_of=("visit.read", "visit.read_all"), in_menu=False
    ),
    "/reports/": Route(say("Reports"), "description", lambda _session: (), any_of=("report.read",), in_menu=False),
}

#: Where each role starts: the first of these that is open to it and is its own work.
HOMES: dict[str, str] = {
    "sales": "/orders",
    "installer": "/field/",
    "dispatcher": "/visits",
    "network": "/network",
    "support": "/support",
    "manager": "/figures",
    "administrator": "/figures",
    "auditor": "/figures",
}

PORTAL: Routes = {
    "/": Route(say("Get connected"), "home", application.public, public=True, width=840),
    "/my": Route(say("My service"), "router", my.page, any_of=("own.read",), width=860),
}
