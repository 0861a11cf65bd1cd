"""Numbers that disagree with what is really in use, and numbers that are held for orders until an instant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards.parts import words
from dashboards.parts.cards import card, empty, facts, lines
from dashboards.parts.html import BREAK, Html, html_pane, joined, show, tag
from dashboards.parts.inputs import button, column, field, row
from dashboards.parts.link import link
from dashboards.parts.notice import Notice, alert, shown
from dashboards.parts.segments import Segments
from dashboards.parts.table import Column, table
from dashboards.route import PageSession
from isp_lifecycle.bootstrap import open_outside
from isp_lifecycle.foundation.clock import instant_of
from isp_lifecycle.foundation.pages import Thing, page_of
from isp_lifecycle.foundation.texts import _, n_, say
from isp_lifecycle.intake import numbers as intake
from isp_lifecycle.views import numbers as views
from isp_lifecycle.views.audit.whole import conflicts
from isp_lifecycle.views.numbers import CheckRow, Conflict, HoldRow, Whose

WAYS = {"conflicts": say("Conflicts"), "holds": say("Held for orders"), "whose": say("Whose is it?")}
NEEDS = {"conflicts": "network.read", "holds": "order.confirm", "whose": "service.read"}
KINDS = {
    "lost": say("not as on record"),
    "doubled": say("used twice"),
    "leaked": say("used by nobody"),
    "unowned": say("nobody's"),
}


def page(session: PageSession) -> Sequence[Any]:
    """The numbers."""
    return NumbersPage(session).parts()


class NumbersPage:
    """What the newest comparison found, with a button for another; what is held for orders."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._notice = Notice()
        self._place = column()
        self._address = session.query.get("address", "")
        way = session.query.get("way", "whose" if self._address else "conflicts")
        ways = {key: words for key, words in WAYS.items() if session.actor.may(NEEDS[key]) or key == "holds"}
        self._ways = Segments(
            ways, chosen=self._choose, current=way if way in ways else next(iter(ways)), label=_("What")
        )
        self._choose(self._ways.current)

    def parts(self) -> list[Any]:
        """What is shown."""
        return [self._ways.pane, self._notice.pane, self._place]

    def _choose(self, way: str) -> None:
        makers = {"conflicts": self._conflict_parts, "holds": self._hold_parts, "whose": self._whose_parts}
        self._place.objects = shown(self._notice, makers[way])() or []

    # --- conflicts -------------------------------------------------------------------------------------------------

    def _conflict_parts(self) -> list[Any]:
        presses = []
        if self._session.actor.may("network.read_live"):
            presses.append(button(_("Compare now"), self._compare, notice=self._notice, icon="compare_arrows"))
        check = self._session.look(views.last_check)
        if check is None:
            nothing = empty(_("The numbers were never compared."), _("Each night they are; now at your press."), "rule")
            return [row(*presses), html_pane(nothing)]
        return [row(*presses), html_pane(self._check(check))]

    def _compare(self) -> None:
        self._notice.info(_("Asking RADIUS, DHCP and every OLT…"), _("A large plant takes a minute."))
        found = self._session.look(conflicts, outside=open_outside(self._session.settings))
        self._session.act(intake.note_conflicts, found=found, with_devices=True)
        self._choose("conflicts")
        self._notice.good(_("The numbers were compared."), "")

    def _check(self, check: CheckRow) -> Html:
        if check.conflicts:
            many = len(check.conflicts)
            says = alert(
                "warn",
                n_(
                    "{count} number is in use otherwise than on record.",
                    "{count} numbers are in use otherwise than on record.",
                    many,
                ),
            )
        elif check.missed:
            says = alert("warn", _("No conflict was found, but not everything could be looked at."))
        else:
            says = alert("good", _("All numbers on record agree with what is really in use."))
        looked = ", ".join(f"{what} ({count})" for what, count in check.looked_at)
        about = facts(
            (_("Compared"), words.moment(check.checked_at, self._session.zone)),
            (_("By"), check.checked_by),
            (_("Looked at"), looked),
            (_("Took"), f"{check.seconds:.1f} s"),
            (
                _("Not looked at"),
                lines([f"{what}: {why} {remedy}" for what, why, remedy in check.missed]) if check.missed else "",
            ),
        )
        columns = [
            Column[Conflict](
                _("Number"), lambda c: joined(tag("span", c.key, css="mono"), BREAK, tag("small", c.about)), "key"
            ),
            Column[Conflict]("", lambda c: KINDS.get(c.kind, c.kind)),
            Column[Conflict](_("What"), lambda c: c.what),
            Column[Conflict](_("What to do"), lambda c: c.remedy),
        ]
        found = table(check.conflicts, columns, nothing=("", "")) if check.conflicts else Html("")
        return tag("div", says, card(about), found, css="stack-m")

    # --- what is held ----------------------------------------------------------------------------------------------

    def _hold_parts(self) -> list[Any]:
        columns = [
            Column[HoldRow](
                _("Order"), lambda h: tag("a", h.order_code, href=page_of(Thing.ORDER, h.order_code)), "key"
            ),
            Column[HoldRow](_("Customer"), lambda h: h.customer),
            Column[HoldRow](_("Held"), lambda h: tag("span", h.prefix, css="mono")),
            Column[HoldRow](_("Pool"), lambda h: h.pool),
            Column[HoldRow](_("Until"), lambda h: words.moment(h.until, self._session.zone)),
        ]
        nothing = (
            _("Nothing is held for an order."),
            _("A new line's numbers are held until it is confirmed, or until then."),
        )
        drawn = html_pane(table(self._session.look(views.holds), columns, nothing=nothing))
        may = self._session.actor.may
        return [drawn, *self._form()] if may("order.confirm") or may("service.change_address") else [drawn]

    def _form(self) -> list[Any]:
        order, until = field(_("Order"), placeholder="O-000123"), field(_("Until"), placeholder="2026-12-01 12:00")

        def text(one: Any) -> str:
            return (one.value_input or one.value or "").strip()

        def hold() -> None:
            held = self._session.act(
                intake.hold_for_order,
                order_code=text(order),
                until=instant_of(text(until), zone=self._session.zone, field="until"),
            )
            self._choose("holds")
            self._notice.good(
                _("{held} held for {text}.", held=" and ".join(held), text=text(order)),
                _("Confirming the order takes it."),
            )

        def let_go() -> None:
            gone = self._session.act(intake.let_go_for_order, order_code=text(order))
            self._choose("holds")
            said = (
                _("{gone} given back.", gone=" and ".join(gone))
                if gone
                else _("Nothing is held for {text}.", text=text(order))
            )
            self._notice.good(said, "")

        presses = (
            button(_("Hold its numbers"), hold, notice=self._notice, icon="lock_clock"),
            button(_("Let go"), let_go, notice=self._notice, kind="outlined", icon="lock_open"),
        )
        return [row(order, until), row(*presses)]

    # --- whose an address is ---------------------------------------------------------------------------------------

    def _whose_parts(self) -> list[Any]:
        address = field(_("IP address"), value=self._address, placeholder="203.0.113.7")
        port = field(_("Port, where many share it"), placeholder=_("1024 to 65535"))
        at = field(
            _("At, now without"), placeholder=f"{self._session.now.astimezone(self._session.zone):%Y-%m-%d %H:%M}"
        )
        answer = html_pane()

        def ask() -> None:
            texts = [(one.value_input or one.value or "").strip() for one in (address, port, at)]
            zone = self._session.zone
            found = self._session.look(
                views.whose,
                address=texts[0],
                port=int(texts[1]) if texts[1].isdigit() else None,
                at=instant_of(texts[2], zone=zone, field="at") if texts[2] else None,
            )
            show(answer, self._whose(found))

        if self._address:
            shown(self._notice, ask)()
        return [row(address, port, at), row(button(_("Look"), ask, notice=self._notice, icon="search")), answer]

    def _whose(self, w: Whose) -> Html:
        """Who had it; the parts of the answer rather than its sentence, whose instants are UTC."""
        if w.service_code is None:
            return alert("info", w.words)
        zone = self._session.zone
        until = words.moment(w.until, zone) if w.until else "still"
        return card(
            tag("h2", w.address if w.port is None else _("{address} port {port}", address=w.address, port=w.port)),
            facts(
                (_("Service"), link(self._session.actor, Thing.SERVICE, w.service_code)),
                (_("Customer"), w.customer),
                (_("Since"), words.moment(w.since, zone)),
                (_("Until"), until),
                (_("Inside"), w.inside),
                (_("Outside"), w.outside),
            ),
        )
