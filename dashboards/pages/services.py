"""Services: found by code, customer or address; one with its line, what is under way, and what may be asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards.pages.care import LineCare
from dashboards.pages.changes import Changes
from dashboards.parts import words
from dashboards.parts.browse import Browse
from dashboards.parts.cards import card, empty, facts
from dashboards.parts.html import Html, html_pane, joined, tag, typed
from dashboards.parts.inputs import button, row
from dashboards.parts.kept import kept_at
from dashboards.parts.link import link
from dashboards.parts.listing import Listing
from dashboards.parts.live import Live
from dashboards.parts.names import address_words
from dashboards.parts.states import chip
from dashboards.parts.timeline import timeline
from dashboards.route import PageSession
from isp_lifecycle.foundation.pages import Thing
from isp_lifecycle.foundation.texts import _, said
from isp_lifecycle.intake import lines as intake
from isp_lifecycle.intake import recovery as accounts
from isp_lifecycle.views import services as views
from isp_lifecycle.views.care import LastReset
from isp_lifecycle.views.services import ServiceDetail, UnderWay

#: How often the reset of the service that is open is looked at, while somebody looks.
REFRESH_SECONDS = 2.0


def page(session: PageSession) -> Sequence[Any]:
    """Services."""
    return ServicesPage(session).parts()


class ServicesPage:
    """The list, and the service that is picked."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._browse = Browse(
            parameter="service",
            detail=self._detail,
            nothing=empty(
                _("No service is picked."), _("Pick one in the list to see its line and change it."), "router"
            ),
            narrow=session.narrow,
            picked=session.query.get("service", "") or self._of_ont(session.query.get("serial", "")),
            back=_("All services"),
            wide_detail=True,
        )
        self._listing = Listing(
            session,
            name="services",
            parameter="service",
            hint=_("Service, customer, address or ONT"),
            nothing=(_("There is no service yet."), _("A confirmed order makes one.")),
            notice=self._browse.notice,
            pick=self._browse.pick,
            moved=self._browse.moved,
        )
        self._browse.lists(self._listing)
        self._care: LineCare | None = None
        self._live = Live(ask=self._ask, show=self._fresh, every=REFRESH_SECONDS, notice=self._browse.notice)
        self._list_live = Live(
            ask=self._listing.read,
            show=lambda found: self._listing.draw(self._browse.picked, found),
            every=REFRESH_SECONDS,
            notice=self._browse.notice,
            changes=session.changes,
            topics=("services",),
        )

    def parts(self) -> list[Any]:
        """What is shown."""
        return [*self._browse.parts(), self._live.start(), self._list_live.start()]

    def _of_ont(self, serial: str) -> str:
        """The service of the ONT with this serial number; the number itself where it is on no line, which is said."""
        return (self._session.look(views.service_of_ont, serial=serial) or serial) if serial else ""

    def _ask(self) -> tuple[LineCare | None, LastReset | None]:
        opened = self._care
        return opened, opened.read() if opened is not None else None

    def _fresh(self, answer: tuple[LineCare | None, LastReset | None]) -> None:
        opened, last = answer
        if opened is not None and opened is self._care:
            opened.show(last)

    def _detail(self, code: str) -> list[Any]:
        self._care = None
        one = self._session.look(views.service, service_code=code)
        self._care = LineCare(self._session, one, notice=self._browse.notice)
        changes = Changes(self._session, one, notice=self._browse.notice, changed=self._browse.again)
        return [
            html_pane(_facts(one, self._session)),
            *(self._under_way(change) for change in one.under_way),
            *self._care.parts(),
            *changes.parts(),
            *self._invitation(one),
            *kept_at(self._session, service_code=one.service_code),
            html_pane(card(timeline(one.timeline, self._session.zone), heading=_("What happened"))),
        ]

    def _invitation(self, one: ServiceDetail) -> list[Any]:
        """An account at the portal: its customer chooses the password by a link."""
        if not self._session.actor.may("customer.invite"):
            return []

        def invite() -> None:
            made = self._session.act(accounts.invite_customer, customer_code=one.customer_code)
            self._browse.notice.good(
                _("{customer} is invited to the portal.", customer=one.customer),
                _("A link goes to {username}.", username=made.username),
            )

        notice = self._browse.notice
        press = button(_("Invite to the portal"), invite, notice=notice, kind="outlined", icon="forward_to_inbox")
        return [row(press)]

    def _under_way(self, change: UnderWay) -> Any:
        when = f"{said(change.words)}, {words.day(change.on)}" if change.on else change.words
        told = html_pane(tag("div", chip(change.state), tag("span", f" {when} ({change.order_code})"), css="row"))
        may = self._session.actor.may("service.withdraw") and change.can_withdraw
        if not may:
            return row(told)

        def withdraw() -> None:
            self._session.act(intake.withdraw, order_code=change.order_code)
            self._browse.again()
            self._browse.notice.good(
                _("{order_code} is withdrawn.", order_code=change.order_code), _("The line stays as it is.")
            )

        press = button(_("Withdraw"), withdraw, notice=self._browse.notice, kind="outlined", icon="undo")
        return row(told, press)


def _facts(s: ServiceDetail, session: PageSession) -> Html:
    rates = words.rates(s.line_down_kbps, s.line_up_kbps) if s.line_down_kbps and s.line_up_kbps else None
    shut = (
        _("since {day}: {suspended}", day=words.day(s.suspended_on), suspended=s.suspended) if s.suspended_on else None
    )
    whose = joined(typed(s.customer), f" ({s.customer_code})")
    return card(
        tag("div", tag("h2", s.service_code), chip(s.state), css="row between"),
        facts(
            (_("Customer"), link(session.actor, Thing.CUSTOMER, s.customer_code, whose)),
            (_("Address"), s.address),
            (
                _("Plan"),
                _(
                    "{plan_name} · {rates} · {price} a month",
                    plan_name=s.plan_name,
                    rates=words.rates(s.down_kbps, s.up_kbps),
                    price=s.price,
                ),
            ),
            (_("Active since"), words.day(s.active_on)),
            (_("Suspended"), shut),
            (_("IP address"), f"{s.ip_address} ({address_words(s.address_policy)})" if s.ip_address else None),
            (_("Seen outside as"), s.seen_as),
            (_("IPv6 prefix"), s.ipv6_prefix),
            (_("IPv6 address"), s.ipv6_address),
            (_("Line"), s.place),
            (_("Trouble"), tag("a", _("Why does it not work?"), href=f"/why?of={s.service_code}")),
            ("ONT", tag("span", s.serial, css="mono") if s.serial else None),
            (_("Runs at"), _("{rates}, VLAN {vlan}", rates=rates, vlan=s.vlan) if rates else None),
            (_("Light"), _light(s)),
        ),
    )


def _light(s: ServiceDetail) -> str | None:
    if s.expected_rx_dbm is None:
        return None
    measured = words.level(s.measured_rx_dbm) or _("not measured")
    return _("{measured}, expected {level}", measured=measured, level=words.level(s.expected_rx_dbm))
