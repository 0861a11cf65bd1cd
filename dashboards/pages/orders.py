"""The sales desk: orders by state, one order with what to look at, and the decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards.parts import words
from dashboards.parts.browse import Browse
from dashboards.parts.cards import card, empty, facts, lines
from dashboards.parts.html import BREAK, Html, html_pane, joined, tag
from dashboards.parts.inputs import button, column, field, row
from dashboards.parts.notice import alert
from dashboards.parts.segments import Segments
from dashboards.parts.states import chip, words_of
from dashboards.parts.table import Column, pager, pick, table
from dashboards.parts.timeline import timeline
from dashboards.route import PageSession
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.intake import sales as intake
from isp_lifecycle.views import sales as views
from isp_lifecycle.views.sales import ClaimRow, OrderDetail, OrderRow

PAGE = 20
#: The ways to look at orders: what each shows.
FILTERS: dict[str, tuple[str, ...]] = {
    "submitted": ("submitted",),
    "open": ("confirmed", "in_progress"),
    "failed": ("failed",),
    "all": (),
}
NAMES = {"submitted": "New", "open": "Under way", "failed": "Failed", "all": "All"}


def page(session: PageSession) -> Sequence[Any]:
    """Orders."""
    return OrdersPage(session).parts()


class OrdersPage:
    """The list, filtered by state and text, and the order that is picked."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._offset = 0
        self._text = field("Search", placeholder="Order, customer or address", size="small")
        self._text.param.watch(lambda _event: self._from_start(), "value_input")
        picked = session.query.get("order", "")
        self._filters = Segments(
            NAMES, chosen=lambda _key: self._from_start(), current=self._first_filter(picked), label="Orders"
        )
        self._browse = Browse(
            parameter="order",
            draw=self._list,
            detail=self._detail,
            nothing=empty("No order is picked.", "Pick one in the list to see and decide it.", "assignment"),
            narrow=session.narrow,
            picked=picked,
            back="All orders",
            command=self._turn,
        )

    def parts(self) -> list[Any]:
        """What is shown."""
        return self._browse.parts(self._filters.pane, self._text)

    def _first_filter(self, picked: str) -> str:
        return "all" if picked else "submitted"

    def _from_start(self) -> None:
        self._offset = 0
        self._browse.refresh()

    def _turn(self, command: str) -> None:
        self._offset = max(0, self._offset + (PAGE if command == "page:after" else -PAGE))
        self._browse.refresh()

    def _list(self, picked: str) -> Html:
        found = self._session.look(
            views.orders,
            states=FILTERS[self._filters.current],
            text=self._text.value_input or "",
            limit=PAGE,
            offset=self._offset,
        )
        count = {key: sum(found.by_state.get(s, 0) for s in states) for key, states in FILTERS.items()}
        count["all"] = sum(found.by_state.values())
        self._filters.rename({key: f"{name} ({count[key]})" for key, name in NAMES.items()})
        columns = [
            Column[OrderRow]("Order", lambda o: pick(o.order_code, o.order_code, parameter="order"), "key"),
            Column[OrderRow]("Customer", lambda o: joined(o.customer, BREAK, tag("small", o.premises_address))),
            Column[OrderRow]("What", lambda o: joined(words.kind(o.kind), BREAK, tag("small", o.plan_name))),
            Column[OrderRow]("State", lambda o: chip(o.state)),
            Column[OrderRow]("Waits", lambda o: words.length(o.waits_hours * 3600), "num"),
        ]
        rows = table(
            found.rows,
            columns,
            nothing=("There is nothing here.", "New applications appear by themselves when the page is opened."),
            current=lambda o: o.order_code == picked,
        )
        return joined(rows, pager(offset=self._offset, shown=len(found.rows), total=found.total))

    def _detail(self, code: str) -> list[Any]:
        order = self._session.look(views.order, order_code=code)
        return [
            html_pane(self._facts(order)),
            *self._decision(order),
            html_pane(card(timeline(order.timeline, self._session.zone), heading="What happened")),
        ]

    def _facts(self, o: OrderDetail) -> Html:
        zone = self._session.zone
        decided = f"{words.moment(o.decided_at, zone)} by {o.decided_by}" if o.decided_at else None
        hints = (
            tag("div", tag("b", "Before you decide"), lines(o.hints), css="stack-s") if o.state == "submitted" else ""
        )
        return card(
            tag("div", tag("h2", f"{o.order_code} · {words.kind(o.kind)}"), chip(o.state), css="row between"),
            facts(
                ("Customer", f"{o.customer} ({o.customer_code})"),
                ("Address", f"{o.address}"),
                ("Plan", joined(o.plan_name, BREAK, tag("small", words.rates(o.down_kbps, o.up_kbps)))),
                ("Price", f"{o.price} a month"),
                ("E-mail", tag("a", o.email, href=f"mailto:{o.email}")),
                ("Telephone", tag("a", o.phone, href=f"tel:{o.phone}")),
                ("Not before", words.day(o.wanted_on)),
                ("Note", o.note),
                ("Came by", f"{o.channel}, {words.moment(o.submitted_at, zone)}"),
                ("Consent", words.moment(o.consent_at, zone)),
                ("Decided", decided),
                ("Reason", o.reason),
                ("Service", _service(o.service_code)),
            ),
            hints,
        )

    def _decision(self, order: OrderDetail) -> list[Any]:
        actor = self._session.actor
        if order.state != "submitted" or not (actor.may("order.confirm") or actor.may("order.reject")):
            return []
        reason = field("Reason, if you reject it", max_length=300)
        notice = self._browse.notice

        def accept() -> None:
            self._session.act(intake.accept_applicant, order_code=order.order_code)
            self._browse.again()
            notice.info(f"{order.order_code} is {order.customer}’s order.", "Decide it now.")

        def confirm() -> None:
            done = self._session.act(intake.confirm_order, order_code=order.order_code)
            self._browse.again()
            notice.good(f"{done.order_code} is confirmed.", f"Service {done.service_code} is being connected.")

        def reject() -> None:
            if not (reason.value_input or "").strip():
                raise Refused("A reason is needed.", field="reason", remedy="The customer reads it: write a short one.")
            self._session.act(intake.reject_order, order_code=order.order_code, reason=reason.value_input)
            self._browse.again()
            notice.info(f"{order.order_code} is {words_of('rejected')}.", "The customer is told by e-mail.")

        return [
            column(
                *([html_pane(_unchecked(order, order.claim))] if order.claim else []),
                row(
                    button("It is them", accept, notice=notice, icon="how_to_reg")
                    if order.claim
                    else button("Confirm", confirm, notice=notice, icon="check")
                ),
                reason,
                row(button("Reject", reject, notice=notice, kind="outlined", color="error")),
            )
        ]


def _service(code: str | None) -> Html | None:
    """Where the service is shown and changed."""
    return tag("a", code, href=f"/services?service={code}") if code else None


def _unchecked(order: OrderDetail, claim: ClaimRow) -> Html:
    """Somebody gave a customer's e-mail address: what they typed, what is on record, and how to find out."""
    return alert(
        "warn",
        f"Same e-mail as customer {order.customer_code}, please check: is it them?",
        joined(
            tag("p", f"Typed in the form: {claim.name}, {claim.phone}."),
            tag("p", f"On record: {order.customer}, {order.phone}. Call this number, not the one that was typed."),
        ),
    )
