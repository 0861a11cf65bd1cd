"""Services: found by code, customer or address; one with its line, what is under way, and what may be asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards.pages.care import LineCare
from dashboards.pages.changes import Changes
from dashboards.parts import words
from dashboards.parts.browse import Browse
from dashboards.parts.cards import card, empty, facts
from dashboards.parts.html import BREAK, Html, html_pane, joined, tag
from dashboards.parts.inputs import button, field, row
from dashboards.parts.live import Live
from dashboards.parts.states import chip
from dashboards.parts.table import Column, pick, table
from dashboards.parts.timeline import timeline
from dashboards.route import PageSession
from isp_lifecycle.intake import lines as intake
from isp_lifecycle.views import services as views
from isp_lifecycle.views.care import LastReset
from isp_lifecycle.views.services import ServiceDetail, ServiceRow, UnderWay

#: How often the reset of the service that is open is looked at, while somebody looks.
REFRESH_SECONDS = 2.0


def page(session: PageSession) -> Sequence[Any]:
    """Services."""
    return ServicesPage(session).parts()


class ServicesPage:
    """The list, and the service that is picked."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._text = field("Search", placeholder="Service, customer or address", size="small")
        self._text.param.watch(lambda _event: self._search(), "value_input")
        self._browse = Browse(
            parameter="service",
            draw=self._list,
            detail=self._detail,
            nothing=empty("No service is picked.", "Pick one in the list to see its line and change it.", "router"),
            narrow=session.narrow,
            picked=session.query.get("service", ""),
            back="All services",
            wide_detail=True,
        )
        self._care: LineCare | None = None
        self._live = Live(ask=self._ask, show=self._fresh, every=REFRESH_SECONDS, notice=self._browse.notice)

    def parts(self) -> list[Any]:
        """What is shown."""
        return [*self._browse.parts(self._text), self._live.start()]

    def _ask(self) -> tuple[LineCare | None, LastReset | None]:
        opened = self._care
        return opened, opened.read() if opened is not None else None

    def _fresh(self, answer: tuple[LineCare | None, LastReset | None]) -> None:
        opened, last = answer
        if opened is not None and opened is self._care:
            opened.show(last)

    def _search(self) -> None:
        self._browse.refresh()

    def _list(self, picked: str) -> Html:
        columns = [
            Column[ServiceRow]("Service", lambda s: pick(s.service_code, s.service_code, parameter="service"), "key"),
            Column[ServiceRow]("Customer", lambda s: joined(s.customer, BREAK, tag("small", s.address))),
            Column[ServiceRow]("State", lambda s: chip(s.state)),
        ]
        found = self._session.look(views.services, text=self._text.value_input or "")
        nothing = ("No such service.", "Search for a part of the name, the address or the code.")
        return table(found, columns, nothing=nothing, current=lambda s: s.service_code == picked)

    def _detail(self, code: str) -> list[Any]:
        self._care = None
        one = self._session.look(views.service, service_code=code)
        self._care = LineCare(self._session, one, notice=self._browse.notice)
        changes = Changes(self._session, one, notice=self._browse.notice, changed=self._browse.again)
        return [
            html_pane(_facts(one)),
            *(self._under_way(change) for change in one.under_way),
            *self._care.parts(),
            *changes.parts(),
            html_pane(card(timeline(one.timeline, self._session.zone), heading="What happened")),
        ]

    def _under_way(self, change: UnderWay) -> Any:
        when = f"{change.words}, {words.day(change.on)}" if change.on else change.words
        said = html_pane(tag("div", chip(change.state), tag("span", f" {when} ({change.order_code})"), css="row"))
        may = self._session.actor.may("service.withdraw") and change.can_withdraw
        if not may:
            return row(said)

        def withdraw() -> None:
            self._session.act(intake.withdraw, order_code=change.order_code)
            self._browse.again()
            self._browse.notice.good(f"{change.order_code} is withdrawn.", "The line stays as it is.")

        press = button("Withdraw", withdraw, notice=self._browse.notice, kind="outlined", icon="undo")
        return row(said, press)


def _facts(s: ServiceDetail) -> Html:
    rates = words.rates(s.line_down_kbps, s.line_up_kbps) if s.line_down_kbps and s.line_up_kbps else None
    shut = f"since {words.day(s.suspended_on)}: {s.suspended}" if s.suspended_on else None
    return card(
        tag("div", tag("h2", s.service_code), chip(s.state), css="row between"),
        facts(
            ("Customer", f"{s.customer} ({s.customer_code})"),
            ("Address", s.address),
            ("Plan", f"{s.plan_name} · {words.rates(s.down_kbps, s.up_kbps)} · {s.price} a month"),
            ("Active since", words.day(s.active_on)),
            ("Suspended", shut),
            ("IP address", f"{s.ip_address} ({s.address_policy})" if s.ip_address else None),
            ("Seen outside as", s.seen_as),
            ("IPv6 prefix", s.ipv6_prefix),
            ("IPv6 address", s.ipv6_address),
            ("Line", s.place),
            ("ONT", tag("span", s.serial, css="mono") if s.serial else None),
            ("Runs at", f"{rates}, VLAN {s.vlan}" if rates else None),
            ("Light", _light(s)),
        ),
    )


def _light(s: ServiceDetail) -> str | None:
    if s.expected_rx_dbm is None:
        return None
    measured = words.level(s.measured_rx_dbm) or "not measured"
    return f"{measured}, expected {words.level(s.expected_rx_dbm)}"
