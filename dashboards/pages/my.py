"""The customer's own page: the service, what is coming, changing the plan, ending it, charges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import panel as pn
import panel_material_ui as pmui

from dashboards.parts import words
from dashboards.parts.cards import card, empty, facts
from dashboards.parts.html import Html, html_pane, joined, tag
from dashboards.parts.inputs import button, choice, column, row
from dashboards.parts.live import Live
from dashboards.parts.notice import Notice, alert, shown
from dashboards.parts.states import chip
from dashboards.parts.table import Column, table
from dashboards.route import PageSession
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import LANGUAGES, _, said, say
from isp_lifecycle.intake import customers as speaking
from isp_lifecycle.intake import lines
from isp_lifecycle.intake import portal as intake
from isp_lifecycle.views import portal as views
from isp_lifecycle.views.portal import ChargeRow, ComingRow, MyAccount, MyOrder, MyService

#: How often the account is asked for while somebody looks.
REFRESH_SECONDS = 4.0


def page(session: PageSession) -> Sequence[Any]:
    """My services."""
    return MyPage(session).parts()


class MyPage:
    """The customer's account as it is now."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._notice = Notice()
        self._place = column()
        self._account = session.look(views.my_account)
        self._draw()
        self._live = Live(
            ask=self._ask,
            show=self._fresh,
            every=REFRESH_SECONDS,
            notice=self._notice,
            changes=session.changes,
            topics=("services", "orders"),
        )

    def parts(self) -> list[Any]:
        """What is shown."""
        return [self._notice.pane, self._place, self._live.start()]

    def _ask(self) -> MyAccount:
        return self._session.look(views.my_account)

    def _fresh(self, account: MyAccount) -> None:
        """Draw anew only what has changed, so that a half-made choice stays."""
        if account != self._account:
            self._account = account
            self._draw()

    def _acted(self) -> None:
        self._account = self._ask()
        self._draw()

    def _draw(self) -> None:
        account = self._account
        services: list[Any] = [self._service(s) for s in account.services]
        if not services:
            services = [html_pane(empty(_("There is no service yet."), _("Your orders are listed below."), "router"))]
        self._place.objects = [
            html_pane(
                tag(
                    "p",
                    _(
                        "{name} · customer {customer_code} · {email}",
                        name=account.name,
                        customer_code=account.customer_code,
                        email=account.email,
                    ),
                    css="soft",
                )
            ),
            *services,
            self._spoken(),
            html_pane(joined(tag("h2", _("Charges")), _charges(account.charges))),
            html_pane(joined(tag("h2", _("Orders")), self._orders(account.orders))),
        ]

    def _spoken(self) -> pn.Column:
        """In which language we write to them."""
        picked = choice(
            _("We write to you in"),
            {name: code for code, name in LANGUAGES.items()},
            value=self._account.language,
            size="small",
        )

        def keep(event: Any) -> None:
            self._session.act(speaking.write_to_me_in, language=event.new)
            self._account = replace(self._account, language=event.new)
            self._notice.good(_("From now on we write to you in {language}.", language=LANGUAGES[event.new]))

        picked.param.watch(shown(self._notice, keep), "value")
        return column(picked, max_width=320)

    def _service(self, service: MyService) -> pn.Column:
        shown = html_pane(
            card(
                tag("div", tag("h2", service.plan_name, dir="auto"), chip(service.state), css="row between"),
                tag("p", service.address, css="soft", dir="auto"),
                facts(
                    (_("Speed"), words.rates(service.down_kbps, service.up_kbps)),
                    (_("Price"), _("{price} a month", price=service.price)),
                    (_("IP address"), service.ip_address),
                    (_("IPv6 prefix"), service.ipv6_prefix),
                    (_("Active since"), words.day(service.active_on)),
                    (_("Service"), service.service_code),
                ),
            )
        )
        taking_back = [self._withdraw(c) for c in service.coming]
        if service.paused:
            return column(shown, *taking_back, self._go_on(service))
        if service.state != "active":
            return column(shown, *taking_back)
        return column(shown, *taking_back, self._changes(service))

    def _withdraw(self, coming: ComingRow) -> pn.Row:
        """What happens by itself on its day, and the button that takes it back until then."""

        def withdraw() -> None:
            self._session.act(lines.withdraw, order_code=coming.order_code)
            self._acted()
            self._notice.good(
                _("It is withdrawn."), _("Order {order_code}. Everything stays as it is.", order_code=coming.order_code)
            )

        told = alert(
            "info",
            f"{words.day(coming.on)}: {said(coming.words)}",
            _("Order {order_code}, by itself.", order_code=coming.order_code),
        )
        press = button(
            _("Withdraw {order_code}", order_code=coming.order_code),
            withdraw,
            notice=self._notice,
            kind="outlined",
            icon="undo",
        )
        return row(html_pane(told, styles={"flex": "1 1 280px"}), press)

    def _pause(self, service: MyService) -> pn.Column:
        starts = _date(_("From"), self._session.today, self._session.today)
        what = _("The line is switched off from this day on and not charged until you go on with it.")

        def pause() -> None:
            if starts.value is None:
                raise Refused(say("A day is needed."), field="date", remedy=say("Choose it, then press again."))
            placed = self._session.act(lines.ask_suspension, service_code=service.service_code, wanted_on=starts.value)
            self._acted()
            self._notice.good(
                _("Your service pauses on {day}.", day=words.day(starts.value)),
                _("Order {order_code}.", order_code=placed.order_code),
            )

        press = button(_("Pause the service"), pause, notice=self._notice, kind="outlined")
        return column(html_pane(tag("p", what, css="soft")), starts, row(press))

    def _go_on(self, service: MyService) -> pn.Row:
        def go_on() -> None:
            today = self._session.today
            placed = self._session.act(lines.ask_resumption, service_code=service.service_code, wanted_on=today)
            self._acted()
            self._notice.good(
                _("Your line is being switched on."),
                _("Order {order_code}. It takes a minute.", order_code=placed.order_code),
            )

        return row(button(_("Go on with my service"), go_on, notice=self._notice, icon="play_arrow"))

    def _changes(self, service: MyService) -> pmui.Accordion:
        return pmui.Accordion(
            (_("Change my plan"), self._change(service)),
            (_("Pause my service"), self._pause(service)),
            (_("End my service"), self._end(service)),
            active=[],
            sizing_mode="stretch_width",
            margin=0,
        )

    def _change(self, service: MyService) -> pn.Column:
        others = {
            f"{p.name} · {words.rate(p.down_kbps)} · {said(p.price)}": p.code
            for p in self._session.look(views.plans)
            if p.code != service.plan_code and p.address_policy == service.address_policy
        }
        if not others:
            phone = self._session.settings.company.support_phone
            return column(
                html_pane(
                    tag("p", _("No other plan has your kind of address. Call {phone} for another one.", phone=phone))
                )
            )
        plan = choice(_("New plan"), others)
        starts = _date(_("From"), self._first_of_next_month(), self._session.today)

        def change() -> None:
            if not plan.value or starts.value is None:
                raise Refused(
                    say("Plan and date are needed."), field="plan", remedy=say("Choose both, then press again.")
                )
            placed = self._session.act(
                intake.ask_plan_change, service_code=service.service_code, plan_code=plan.value, wanted_on=starts.value
            )
            self._acted()
            when = words.day(starts.value)
            self._notice.good(
                _("Your plan changes on {when}.", when=when),
                _("Order {order_code}. Nobody has to come.", order_code=placed.order_code),
            )

        return column(plan, starts, row(button(_("Change the plan"), change, notice=self._notice)))

    def _end(self, service: MyService) -> pn.Column:
        ends = _date(_("Last day"), self._session.today + timedelta(days=30), self._session.today)
        what = _("The line is switched off after this day, and what you have paid ahead is credited.")

        def end() -> None:
            if ends.value is None:
                raise Refused(say("A last day is needed."), field="date", remedy=say("Choose it, then press again."))
            placed = self._session.act(intake.ask_termination, service_code=service.service_code, wanted_on=ends.value)
            self._acted()
            self._notice.good(
                _("Your service ends after {day}.", day=words.day(ends.value)),
                _("Order {order_code}.", order_code=placed.order_code),
            )

        press = button(_("End the service"), end, notice=self._notice, kind="outlined", color="error")
        return column(html_pane(tag("p", what, css="soft")), ends, row(press))

    def _first_of_next_month(self) -> date:
        return (self._session.today.replace(day=28) + timedelta(days=7)).replace(day=1)

    def _orders(self, orders: Sequence[MyOrder]) -> Html:
        return table(
            orders,
            [
                Column[MyOrder](_("Order"), lambda o: o.order_code, "key"),
                Column[MyOrder](_("What"), lambda o: f"{words.kind(o.kind)}: {o.plan_name}"),
                Column[MyOrder](_("Asked"), lambda o: words.moment(o.submitted_at, self._session.zone)),
                Column[MyOrder](_("State"), lambda o: chip(o.state)),
                Column[MyOrder]("", lambda o: o.words),
            ],
            nothing=(_("There are no orders."), ""),
        )


def _charges(charges: Sequence[ChargeRow]) -> Html:
    return table(
        charges,
        [
            Column[ChargeRow](_("For"), lambda c: c.description, "key"),
            Column[ChargeRow](_("From"), lambda c: words.day(c.first)),
            Column[ChargeRow](_("To"), lambda c: words.day(c.last)),
            Column[ChargeRow](_("Amount"), lambda c: c.amount, "num"),
        ],
        nothing=(_("Nothing has been charged yet."), _("Charges appear on the day your line is switched on.")),
    )


def _date(label: str, value: date, first: date) -> pmui.DatePicker:
    return pmui.DatePicker(label=label, value=value, start=first, sizing_mode="stretch_width", margin=0)
