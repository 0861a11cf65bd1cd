"""The sales desk: orders by state, one order with what to look at, and the decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards.pages.order_board import OrderBoard
from dashboards.parts import words
from dashboards.parts.browse import Browse
from dashboards.parts.cards import card, empty, facts, lines
from dashboards.parts.html import BREAK, Html, html_pane, joined, tag, typed
from dashboards.parts.inputs import button, column, field, row
from dashboards.parts.kept import kept_at
from dashboards.parts.link import link
from dashboards.parts.listing import Listing
from dashboards.parts.live import Live
from dashboards.parts.notice import Notice, alert
from dashboards.parts.segments import Segments
from dashboards.parts.states import chip, words_of
from dashboards.parts.timeline import timeline
from dashboards.route import PageSession
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.pages import Thing, page_of
from isp_lifecycle.foundation.texts import _, say
from isp_lifecycle.intake import sales as intake
from isp_lifecycle.views import sales as views
from isp_lifecycle.views import stages
from isp_lifecycle.views.lists.model import Asked, Listed
from isp_lifecycle.views.sales import ClaimRow, OrderDetail

#: The ways to look at orders: the filters that each begins with.
WAYS: dict[str, dict[str, str]] = {
    "new": {"state": "submitted"},
    "open": {"state": "confirmed,in_progress"},
    "failed": {"stage": "failed"},
    "all": {},
}
#: The stages that each of these counts.
STAGES = {"new": ("new",), "open": ("confirmed", "under_way", "waiting", "failed"), "failed": ("failed",)}
NAMES = {"new": say("New"), "open": say("Under way"), "failed": say("Failed"), "all": say("All")}
#: How often the list is asked for at least; what changes is told.
REFRESH_SECONDS = 20.0


def page(session: PageSession) -> Sequence[Any]:
    """Orders."""
    return BoardPage(session).parts() if session.query.get("way") == "board" else OrdersPage(session).parts()


def _looks(current: str) -> Html:
    """The two ways to look at orders, each with its address."""
    ways = {"list": (_("List"), "/orders"), "board": (_("Board"), "/orders?way=board")}
    items = (
        tag("a", name, href=where, **({"aria_current": "page"} if way == current else {}))
        for way, (name, where) in ways.items()
    )
    return tag("nav", *items, css="segments", aria_label=_("Ways to look"))


class BoardPage:
    """Orders as a board; the one that is picked takes its place, and leads back to it."""

    def __init__(self, session: PageSession) -> None:
        self._browse = Browse(
            parameter="order",
            detail=lambda code: OrderShown(session, browse=self._browse).parts(code),
            nothing=empty(_("No order is picked."), "", "assignment"),
            narrow=True,
            picked=session.query.get("order", ""),
            back=_("The board"),
            always={"way": "board"},
        )
        # What is said about a drag stands above the board, and what is said about an order above that.
        self._notice = Notice()
        self._board = OrderBoard(session, notice=self._notice, opened=self._browse.pick)

    def parts(self) -> list[Any]:
        """What is shown."""
        self._browse.list = column(html_pane(_looks("board")), self._notice.pane, self._board.pane)
        self._browse.drawn_by(self._board.draw)
        return [*self._browse.parts(), self._board.live.start()]


class OrdersPage:
    """The list, filtered by state and text, and the order that is picked."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        picked = session.query.get("order", "")
        self._browse = Browse(
            parameter="order",
            detail=self._detail,
            nothing=empty(_("No order is picked."), _("Pick one in the list to see and decide it."), "assignment"),
            narrow=session.narrow,
            picked=picked,
            back=_("All orders"),
        )
        self._listing = Listing(
            session,
            name="orders",
            parameter="order",
            hint=_("Order, customer or address"),
            nothing=(_("There is nothing here."), _("New applications appear by themselves.")),
            notice=self._browse.notice,
            pick=self._browse.pick,
            moved=self._moved,
            usual={} if picked else WAYS["new"],
        )
        self._browse.lists(self._listing)
        self._ways = Segments(NAMES, chosen=self._way, current=self._way_of_list(), label=_("Orders"))
        self._live = Live(
            ask=self._ask,
            show=self._fresh,
            every=REFRESH_SECONDS,
            notice=self._browse.notice,
            changes=session.changes,
            topics=("orders",),
        )

    def parts(self) -> list[Any]:
        """What is shown."""
        self._count(self._session.look(stages.stage_counts))
        above = row(self._ways.pane, html_pane(_looks("list"), sizing_mode=None))
        return [*self._browse.parts(above), self._live.start()]

    def _ask(self) -> tuple[dict[str, int], tuple[Asked, Listed]]:
        return self._session.look(stages.stage_counts), self._listing.read()

    def _fresh(self, answer: tuple[dict[str, int], tuple[Asked, Listed]]) -> None:
        count, found = answer
        self._count(count)
        self._listing.draw(self._browse.picked, found)

    def _count(self, by_stage: dict[str, int]) -> None:
        count = {key: sum(by_stage.get(stage, 0) for stage in counted) for key, counted in STAGES.items()}
        self._ways.rename(
            {
                key: say("{name} ({number})", name=name, number=count[key]) if key in count else name
                for key, name in NAMES.items()
            }
        )

    def _way(self, key: str) -> None:
        without = {**self._listing.asked.words(), "state": "", "stage": ""}
        self._listing.ask(self._listing.meaning({**without, **WAYS[key]}))

    def _way_of_list(self) -> str:
        filters = dict(self._listing.asked.filters)
        here = {name: filters[name] for name in ("state", "stage") if name in filters}
        return next((key for key, wanted in WAYS.items() if wanted == here), "")

    def _moved(self) -> None:
        self._browse.moved()
        self._ways.show(self._way_of_list())

    def _detail(self, code: str) -> list[Any]:
        return OrderShown(self._session, browse=self._browse).parts(code)


class OrderShown:
    """One order with what to look at, and the decision."""

    def __init__(self, session: PageSession, *, browse: Browse) -> None:
        self._session = session
        self._browse = browse

    def parts(self, code: str) -> list[Any]:
        """What is shown of it."""
        order = self._session.look(views.order, order_code=code)
        return [
            html_pane(self._facts(order)),
            *self._decision(order),
            *kept_at(self._session, order_code=order.order_code),
            html_pane(card(timeline(order.timeline, self._session.zone), heading=_("What happened"))),
        ]

    def _facts(self, o: OrderDetail) -> Html:
        zone = self._session.zone
        decided = (
            _("{time} by {decided_by}", time=words.moment(o.decided_at, zone), decided_by=o.decided_by)
            if o.decided_at
            else None
        )
        hints = (
            tag("div", tag("b", _("Before you decide")), lines(o.hints), css="stack-s")
            if o.state == "submitted"
            else ""
        )
        return card(
            tag("div", tag("h2", f"{o.order_code} · {words.kind(o.kind)}"), chip(o.state), css="row between"),
            facts(
                (
                    _("Customer"),
                    link(self._session.actor, Thing.CUSTOMER, o.customer_code, _whose(o)),
                ),
                (_("Address"), link(self._session.actor, Thing.PREMISES, o.premises_code, o.address)),
                (_("Plan"), joined(o.plan_name, BREAK, tag("small", words.rates(o.down_kbps, o.up_kbps)))),
                (_("Price"), _("{price} a month", price=o.price)),
                (_("E-mail"), tag("a", o.email, href=f"mailto:{o.email}")),
                (_("Telephone"), tag("a", o.phone, href=f"tel:{o.phone}")),
                (_("Not before"), words.day(o.wanted_on)),
                (_("Note"), o.note),
                (_("Came by"), f"{o.channel}, {words.moment(o.submitted_at, zone)}"),
                (_("Consent"), words.moment(o.consent_at, zone)),
                (_("Decided"), decided),
                (_("Reason"), o.reason),
                (_("Service"), _service(o.service_code)),
            ),
            hints,
        )

    def _decision(self, order: OrderDetail) -> list[Any]:
        actor = self._session.actor
        if order.state != "submitted" or not (actor.may("order.confirm") or actor.may("order.reject")):
            return []
        reason = field(_("Reason, if you reject it"), max_length=300)
        notice = self._browse.notice

        def accept() -> None:
            self._session.act(intake.accept_applicant, order_code=order.order_code)
            self._browse.again()
            notice.info(
                _("{order_code} is {customer}’s order.", order_code=order.order_code, customer=order.customer),
                _("Decide it now."),
            )

        def confirm() -> None:
            done = self._session.act(intake.confirm_order, order_code=order.order_code)
            self._browse.again()
            notice.good(
                _("{order_code} is confirmed.", order_code=done.order_code),
                _("Service {service_code} is being connected.", service_code=done.service_code),
            )

        def reject() -> None:
            if not (reason.value_input or "").strip():
                raise Refused(
                    say("A reason is needed."), field="reason", remedy=say("The customer reads it: write a short one.")
                )
            self._session.act(intake.reject_order, order_code=order.order_code, reason=reason.value_input)
            self._browse.again()
            notice.info(
                _("{order_code} is {state}.", order_code=order.order_code, state=words_of("rejected")),
                _("The customer is told by e-mail."),
            )

        return [
            column(
                *([html_pane(_unchecked(order, order.claim))] if order.claim else []),
                row(
                    button(_("It is them"), accept, notice=notice, icon="how_to_reg")
                    if order.claim
                    else button(_("Confirm"), confirm, notice=notice, icon="check")
                ),
                reason,
                row(button(_("Reject"), reject, notice=notice, kind="outlined", color="error")),
            )
        ]


def _service(code: str | None) -> Html | None:
    """Where the service is shown and changed."""
    return tag("a", code, href=page_of(Thing.SERVICE, code)) if code else None


def _whose(o: OrderDetail) -> Html:
    return joined(typed(o.customer), f" ({o.customer_code})")


def _unchecked(order: OrderDetail, claim: ClaimRow) -> Html:
    """Somebody gave a customer's e-mail address: what they typed, what is on record, and how to find out."""
    return alert(
        "warn",
        _("Same e-mail as customer {customer_code}, please check: is it them?", customer_code=order.customer_code),
        joined(
            tag("p", _("Typed in the form: {name}, {phone}.", name=claim.name, phone=claim.phone)),
            tag(
                "p",
                _(
                    "On record: {customer}, {phone}. Call this number, not the one that was typed.",
                    customer=order.customer,
                    phone=order.phone,
                ),
            ),
        ),
    )
