"""Orders as a board: a column for each stage, cards that open, and the decisions that a card allows."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from dashboards.parts import words
from dashboards.parts.columns import Columns
from dashboards.parts.html import Html, dotted, tag
from dashboards.parts.live import Live
from dashboards.parts.notice import Notice, shown
from dashboards.route import PageSession
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.pages import Thing, page_of
from isp_lifecycle.foundation.texts import _, say
from isp_lifecycle.intake import sales as intake
from isp_lifecycle.views import stages as views
from isp_lifecycle.views.stages import CardRow, StageColumn

NAMES = {
    "new": say("New"),
    "confirmed": say("Confirmed"),
    "under_way": say("Under way"),
    "waiting": say("Customer or visit"),
    "failed": say("Failed"),
    "active": say("Active this week"),
}
NOTHING = {
    "new": say("No application waits."),
    "confirmed": say("All that is confirmed has begun."),
    "under_way": say("Nothing is being worked on."),
    "waiting": say("Nobody is waited for."),
    "failed": say("Nothing has failed."),
    "active": say("Nothing was finished this week."),
}
#: How often the board is asked for at least; what changes is told.
REFRESH_SECONDS = 20.0


class OrderBoard:
    """The board; ``opened`` is called with the order that was picked."""

    def __init__(self, session: PageSession, *, notice: Notice, opened: Any) -> None:
        self._session = session
        self._notice = notice
        self.pane = Columns(
            on_open=shown(notice, opened), on_act=shown(notice, self._act), on_drop=shown(notice, self._drop)
        )
        self.live = Live(
            ask=self._read,
            show=self._draw,
            every=REFRESH_SECONDS,
            notice=notice,
            changes=session.changes,
            topics=("orders", "visits", "attention"),
        )

    def draw(self) -> None:
        """Show every column as it is now."""
        self._draw(self._read())

    def _read(self) -> tuple[StageColumn, ...]:
        return self._session.look(views.board)

    def _draw(self, columns: tuple[StageColumn, ...]) -> None:
        self.pane.show(tag("div", *(self._column(one) for one in columns), css="lanes"))

    def _column(self, column: StageColumn) -> Html:
        many = f"{column.many:,}" if column.counted else _("more than {many:,}", many=column.many)
        cards = [self._card(one, failed=column.stage == "failed") for one in column.cards]
        more = tag("a", _("{more:,} more", more=column.more), href=f"/orders?{urlencode(column.filters, safe=',:.-')}")
        return tag(
            "section",
            tag("h2", NAMES[column.stage], tag("span", many)),
            *(cards or [tag("p", NOTHING[column.stage], css="soft")]),
            more if column.more > 0 else "",
            css="lane",
            data_column=column.stage,
            aria_label=NAMES[column.stage],
        )

    def _card(self, one: CardRow, *, failed: bool) -> Html:
        link = tag(
            "a",
            tag("span", one.code),
            tag("small", words.ago(one.since, self._session.now)),
            href=page_of(Thing.ORDER, one.code),
            data_open=one.code,
            draggable="false",
        )
        what = dotted(words.kind(one.kind), one.plan_name)
        parts = [
            link,
            tag("p", one.customer, dir="auto"),
            tag("p", one.address, css="soft", dir="auto"),
            tag("p", what, css="soft"),
            tag("p", one.waits, css="waits bad" if failed else "waits", dir="auto") if one.waits else "",
            self._decisions(one),
        ]
        can = one.decides and self._session.actor.may("order.confirm")
        return tag("article", *parts, data_card=one.code, draggable="true" if can else "false")

    def _decisions(self, one: CardRow) -> Html:
        may = self._session.actor.may
        if not one.decides:
            return Html("")
        yes = tag(
            "button",
            _("Confirm"),
            css="act",
            type="button",
            data_act="confirm",
            aria_label=_("Confirm {code}", code=one.code),
        )
        no = tag(
            "button", _("Reject"), css="act no", type="button", data_act="reject",
            aria_label=_("Reject {code}", code=one.code), data_asks=_("Reason, which the customer reads"),
        )  # fmt: skip
        shown_ = [yes if may("order.confirm") and not one.claimed else "", no if may("order.reject") else ""]
        return tag("div", *shown_, css="acts") if any(shown_) else Html("")

    # --- what is done ----------------------------------------------------------------------------------------------

    def _act(self, act: str, code: str, says: str) -> None:
        if act == "confirm":
            self._confirm(code)
        elif act == "reject":
            self._session.act(intake.reject_order, order_code=code, reason=says)
            self._notice.info(_("{code} is rejected.", code=code), _("The customer is told by e-mail."))
        self.draw()

    def _drop(self, code: str, first: str, then: str) -> None:
        if (first, then) != ("new", "confirmed"):
            raise _not_dragged(code, first, then)
        self._confirm(code)
        self.draw()

    def _confirm(self, code: str) -> None:
        done = self._session.act(intake.confirm_order, order_code=code)
        self._notice.good(
            _("{order_code} is confirmed.", order_code=done.order_code),
            _("Service {service_code} is being connected.", service_code=done.service_code),
        )


def _not_dragged(code: str, first: str, then: str) -> Refused:
    """Why a card stays where it is: work moves orders on, and a new one has one way to go."""
    if first == "new":
        return Refused(
            say("{code} is new: it cannot be put to “{get}”.", code=code, get=NAMES.get(then, then)),
            field="stage",
            value=then,
            remedy=say("Drag it to Confirmed, or reject it with a reason."),
        )
    return Refused(
        say("{code} is moved on by the work itself, not by hand.", code=code),
        field="stage",
        value=then,
        remedy=say("Open it to see what it waits for."),
    )
