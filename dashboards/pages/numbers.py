"""Numbers that disagree with what is really in use, and numbers that are held for orders until an instant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards.parts import words
from dashboards.parts.cards import card, empty, facts, lines
from dashboards.parts.html import BREAK, Html, html_pane, joined, tag
from dashboards.parts.inputs import button, column, field, row
from dashboards.parts.notice import Notice, alert, shown
from dashboards.parts.segments import Segments
from dashboards.parts.table import Column, table
from dashboards.route import PageSession
from isp_lifecycle.bootstrap import open_outside
from isp_lifecycle.foundation.clock import instant_of
from isp_lifecycle.intake import numbers as intake
from isp_lifecycle.views import numbers as views
from isp_lifecycle.views.audit.whole import conflicts
from isp_lifecycle.views.numbers import CheckRow, Conflict, HoldRow

WAYS = {"conflicts": "Conflicts", "holds": "Held for orders"}
KINDS = {"lost": "not as on record", "doubled": "used twice", "leaked": "used by nobody", "unowned": "nobody's"}


def page(session: PageSession) -> Sequence[Any]:
    """The numbers."""
    return NumbersPage(session).parts()


class NumbersPage:
    """What the newest comparison found, with a button for another; what is held for orders."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._notice = Notice()
        self._place = column()
        way = session.query.get("way", "conflicts")
        if not session.actor.may("network.read"):
            way = "holds"
        ways = WAYS if session.actor.may("network.read") else {"holds": WAYS["holds"]}
        self._ways = Segments(
            ways, chosen=self._choose, current=way if way in ways else "conflicts", label="What to see"
        )
        self._choose(self._ways.current)

    def parts(self) -> list[Any]:
        """What is shown."""
        return [self._ways.pane, self._notice.pane, self._place]

    def _choose(self, way: str) -> None:
        makers = {"conflicts": self._conflict_parts, "holds": self._hold_parts}
        self._place.objects = shown(self._notice, makers[way])() or []

    # --- conflicts -------------------------------------------------------------------------------------------------

    def _conflict_parts(self) -> list[Any]:
        presses = []
        if self._session.actor.may("network.read_live"):
            presses.append(button("Compare now", self._compare, notice=self._notice, icon="compare_arrows"))
        check = self._session.look(views.last_check)
        if check is None:
            nothing = empty("The numbers were never compared.", "Each night they are; now at your press.", "rule")
            return [row(*presses), html_pane(nothing)]
        return [row(*presses), html_pane(self._check(check))]

    def _compare(self) -> None:
        self._notice.info("Asking RADIUS, DHCP and every OLT…", "A large plant takes a minute.")
        found = self._session.look(conflicts, outside=open_outside(self._session.settings))
        self._session.act(intake.note_conflicts, found=found, with_devices=True)
        self._choose("conflicts")
        self._notice.good("The numbers were compared.", "")

    def _check(self, check: CheckRow) -> Html:
        if check.conflicts:
            many = len(check.conflicts)
            says = alert(
                "warn", f"{many} {'number is' if many == 1 else 'numbers are'} in use otherwise than on record."
            )
        elif check.missed:
            says = alert("warn", "No conflict was found, but not everything could be looked at.")
        else:
            says = alert("good", "All numbers on record agree with what is really in use.")
        looked = ", ".join(f"{what} ({count})" for what, count in check.looked_at)
        about = facts(
            ("Compared", words.moment(check.checked_at, self._session.zone)),
            ("By", check.checked_by),
            ("Looked at", looked),
            ("Took", f"{check.seconds:.1f} s"),
            (
                "Not looked at",
                lines([f"{what}: {why} {remedy}" for what, why, remedy in check.missed]) if check.missed else "",
            ),
        )
        columns = [
            Column[Conflict](
                "Number", lambda c: joined(tag("span", c.key, css="mono"), BREAK, tag("small", c.about)), "key"
            ),
            Column[Conflict]("", lambda c: KINDS.get(c.kind, c.kind)),
            Column[Conflict]("What", lambda c: c.what),
            Column[Conflict]("What to do", lambda c: c.remedy),
        ]
        found = table(check.conflicts, columns, nothing=("", "")) if check.conflicts else Html("")
        return tag("div", says, card(about), found, css="stack-m")

    # --- what is held ----------------------------------------------------------------------------------------------

    def _hold_parts(self) -> list[Any]:
        columns = [
            Column[HoldRow]("Order", lambda h: tag("a", h.order_code, href=f"/orders?order={h.order_code}"), "key"),
            Column[HoldRow]("Customer", lambda h: h.customer),
            Column[HoldRow]("Held", lambda h: tag("span", h.prefix, css="mono")),
            Column[HoldRow]("Pool", lambda h: h.pool),
            Column[HoldRow]("Until", lambda h: words.moment(h.until, self._session.zone)),
        ]
        nothing = (
            "Nothing is held for an order.",
            "A new line's numbers are held until it is confirmed, or until then.",
        )
        drawn = html_pane(table(self._session.look(views.holds), columns, nothing=nothing))
        may = self._session.actor.may
        return [drawn, *self._form()] if may("order.confirm") or may("service.change_address") else [drawn]

    def _form(self) -> list[Any]:
        order, until = field("Order", placeholder="O-000123"), field("Until", placeholder="2026-12-01 12:00")

        def text(one: Any) -> str:
            return (one.value_input or one.value or "").strip()

        def hold() -> None:
            held = self._session.act(
                intake.hold_for_order,
                order_code=text(order),
                until=instant_of(text(until), zone=self._session.zone, field="until"),
            )
            self._choose("holds")
            self._notice.good(f"{' and '.join(held)} held for {text(order)}.", "Confirming the order takes it.")

        def let_go() -> None:
            gone = self._session.act(intake.let_go_for_order, order_code=text(order))
            self._choose("holds")
            said = f"{' and '.join(gone)} given back." if gone else f"Nothing is held for {text(order)}."
            self._notice.good(said, "")

        presses = (
            button("Hold its numbers", hold, notice=self._notice, icon="lock_clock"),
            button("Let go", let_go, notice=self._notice, kind="outlined", icon="lock_open"),
        )
        return [row(order, until), row(*presses)]
