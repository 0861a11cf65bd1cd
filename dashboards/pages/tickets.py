"""Tickets: what is open, the thread of one, a note, and its next state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards.parts import words
from dashboards.parts.browse import Browse
from dashboards.parts.cards import card, empty, facts
from dashboards.parts.html import BREAK, Html, html_pane, joined, tag
from dashboards.parts.inputs import button, choice, column, field, row
from dashboards.parts.segments import Segments
from dashboards.parts.states import chip, words_of
from dashboards.parts.table import Column, pick, table
from dashboards.route import PageSession
from isp_lifecycle.intake import support as intake
from isp_lifecycle.views import support as views
from isp_lifecycle.views.support import NoteRow, TicketDetail, TicketRow

STATES = ("in_progress", "pending", "resolved", "closed", "cancelled")


def page(session: PageSession) -> Sequence[Any]:
    """Tickets."""
    return TicketsPage(session).parts()


class TicketsPage:
    """The list and the ticket that is picked."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._which = Segments(
            {"open": "Open", "all": "All"}, chosen=lambda _key: self._browse.refresh(), current="open", label="Tickets"
        )
        self._browse = Browse(
            parameter="ticket",
            draw=self._list,
            detail=self._detail,
            nothing=empty("No ticket is picked.", "Pick one to read its thread.", "confirmation_number"),
            narrow=session.narrow,
            picked=session.query.get("ticket", ""),
            back="All tickets",
        )

    def parts(self) -> list[Any]:
        """What is shown."""
        return self._browse.parts(self._which.pane)

    def _list(self, picked: str) -> Html:
        rows = self._session.look(views.tickets, open_only=self._which.current == "open")
        now = self._session.now
        columns = [
            Column[TicketRow]("Ticket", lambda t: pick(t.ticket_code, t.ticket_code, parameter="ticket"), "key"),
            Column[TicketRow]("About", lambda t: joined(t.subject, BREAK, tag("small", t.customer or ""))),
            Column[TicketRow]("Severity", lambda t: chip(t.severity)),
            Column[TicketRow]("State", lambda t: chip(t.state)),
            Column[TicketRow]("Open for", lambda t: words.ago(t.opened_at, now), "num"),
        ]
        nothing = ("No ticket is open.", "Every failure opens one by itself.")
        return table(rows, columns, nothing=nothing, current=lambda t: t.ticket_code == picked)

    def _detail(self, code: str) -> list[Any]:
        t = self._session.look(views.ticket, ticket_code=code)
        return [html_pane(self._facts(t)), *self._work(t), html_pane(self._thread(t.notes))]

    def _facts(self, t: TicketDetail) -> Html:
        delivery = (
            tag("a", "what failed, and Retry", href=f"/support?delivery={t.delivery_id}") if t.delivery_id else None
        )
        return card(
            tag("div", tag("h2", t.ticket_code), chip(t.state), css="row between"),
            tag("p", t.subject, css="big"),
            facts(
                ("Customer", t.customer),
                ("Service", t.service_code),
                ("Severity", chip(t.severity)),
                ("Opened", words.moment(t.opened_at, self._session.zone)),
                ("Incident", t.incident_code),
                ("See", delivery),
            ),
        )

    def _work(self, t: TicketDetail) -> list[Any]:
        if not self._session.actor.may("ticket.write"):
            return []
        text = field("Note", max_length=2000)
        to = choice("Move to", {words_of(s): s for s in STATES if s != t.state})

        def note() -> None:
            self._session.act(intake.add_note, ticket_code=t.ticket_code, text=text.value_input or "")
            self._browse.again()

        def move() -> None:
            self._session.act(intake.move_ticket, ticket_code=t.ticket_code, to=to.value)
            self._browse.again()

        notice = self._browse.notice
        return [
            column(
                text,
                row(button("Add the note", note, notice=notice)),
                to,
                row(button("Move", move, notice=notice, kind="outlined")),
            )
        ]

    def _thread(self, notes: Sequence[NoteRow]) -> Html:
        written = (
            tag("div", tag("small", f"{n.author}, {words.moment(n.at, self._session.zone)}"), BREAK, n.text)
            for n in notes
        )
        return card(tag("div", *written, css="notes") if notes else empty("Nobody has written yet."), heading="Thread")
