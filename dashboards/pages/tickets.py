"""Tickets: what is open, the thread of one, a note, and its next state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import panel_material_ui as pmui

from dashboards.parts import words
from dashboards.parts.browse import Browse
from dashboards.parts.cards import card, empty, facts
from dashboards.parts.html import BREAK, Html, html_pane, joined, show, tag
from dashboards.parts.inputs import button, choice, column, row
from dashboards.parts.live import Live
from dashboards.parts.notice import Notice, shown
from dashboards.parts.segments import Segments
from dashboards.parts.states import chip
from dashboards.parts.table import Column, pick, table
from dashboards.route import PageSession
from isp_lifecycle.intake import support as intake
from isp_lifecycle.views import support as views
from isp_lifecycle.views.support import NoteRow, TicketDetail, TicketRow

#: What a button says that moves a ticket to a state.
MOVES = {
    "in_progress": "Work on it",
    "pending": "Wait for somebody",
    "resolved": "Resolved",
    "closed": "Close",
    "cancelled": "Withdraw",
}
#: How often the list, and the one that is open, are asked for while somebody looks.
REFRESH_SECONDS = 4.0


def page(session: PageSession) -> Sequence[Any]:
    """Tickets."""
    return TicketsPage(session).parts()


class TicketsPage:
    """The list and the ticket that is picked."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._open: TicketCard | None = None
        self._which = Segments(
            {"open": "Open", "all": "All"}, chosen=lambda _key: self._read_again(), current="open", label="Tickets"
        )
        self._rows = self._read()
        self._browse = Browse(
            parameter="ticket",
            draw=self._list,
            detail=self._detail,
            nothing=empty("No ticket is picked.", "Pick one to read its thread.", "confirmation_number"),
            narrow=session.narrow,
            picked=session.query.get("ticket", ""),
            back="All tickets",
        )
        self._live = Live(ask=self._ask, show=self._fresh, every=REFRESH_SECONDS, notice=self._browse.notice)

    def parts(self) -> list[Any]:
        """What is shown."""
        return [*self._browse.parts(self._which.pane), self._live.start()]

    def _read(self) -> tuple[TicketRow, ...]:
        return self._session.look(views.tickets, open_only=self._which.current == "open")

    def _read_again(self) -> None:
        self._rows = self._read()
        self._browse.refresh()

    def _ask(self) -> tuple[str, tuple[TicketRow, ...], TicketCard | None, TicketDetail | None]:
        which, opened = self._which.current, self._open
        return which, self._read(), opened, opened.read() if opened else None

    def _fresh(self, answer: tuple[str, tuple[TicketRow, ...], TicketCard | None, TicketDetail | None]) -> None:
        which, rows, opened, detail = answer
        if which == self._which.current:
            self._rows = rows
            self._browse.refresh()
        if opened is not None and detail is not None and opened is self._open:
            opened.show(detail)

    def _list(self, picked: str) -> Html:
        if not picked:
            self._open = None
        now = self._session.now
        columns = [
            Column[TicketRow]("Ticket", lambda t: pick(t.ticket_code, t.ticket_code, parameter="ticket"), "key"),
            Column[TicketRow]("About", lambda t: joined(t.subject, BREAK, tag("small", t.customer or ""))),
            Column[TicketRow]("Severity", lambda t: chip(t.severity)),
            Column[TicketRow](
                "State", lambda t: joined(chip(t.state), BREAK, tag("small", t.assignee or "nobody yet"))
            ),
            Column[TicketRow]("Age", lambda t: words.ago(t.opened_at, now), "num"),
        ]
        open_only = self._which.current == "open"
        what = "No ticket is open." if open_only else "There has been no ticket yet."
        return table(
            self._rows,
            columns,
            nothing=(what, "Every failure opens one by itself."),
            current=lambda t: t.ticket_code == picked,
        )

    def _detail(self, code: str) -> list[Any]:
        self._open = None
        self._open = TicketCard(self._session, code, notice=self._browse.notice, changed=self._read_again)
        return self._open.parts()


class TicketCard:
    """A ticket that is open. It changes in place, so that a half-written note stays."""

    def __init__(self, session: PageSession, code: str, *, notice: Notice, changed: Callable[[], None]) -> None:
        self._session = session
        self._code = code
        self._notice = notice
        self._changed = changed
        self._facts, self._thread = html_pane(), html_pane()
        self._note = pmui.TextAreaInput(
            label="Note", rows=2, max_length=2000, auto_grow=True, sizing_mode="stretch_width", margin=0
        )
        self._moves = row()
        self._next: tuple[str, ...] = ()
        self._assignee = choice("Assigned to", {"nobody": ""})
        self._given = ""
        self._may_write = session.actor.may("ticket.write")
        if self._may_write:
            people = {f"{w.name} ({w.username})": w.username for w in session.look(views.ticket_workers)}
            self._assignee.options = {"nobody": ""} | people
        self.show(self.read())
        self._assignee.param.watch(lambda _event: shown(notice, self._assign)(), "value")

    def parts(self) -> list[Any]:
        """What is shown."""
        if not self._may_write:
            return [self._facts, self._thread]
        add = button("Add the note", self._add, notice=self._notice, kind="outlined")
        return [self._facts, self._moves, self._assignee, self._thread, column(self._note, row(add))]

    def read(self) -> TicketDetail:
        """How it stands now."""
        return self._session.look(views.ticket, ticket_code=self._code)

    def show(self, t: TicketDetail) -> None:
        """Show how it stands."""
        show(self._facts, self._said(t))
        show(self._thread, self._written(t.notes))
        self._given = t.assignee or ""
        if self._may_write and self._given in self._assignee.options.values():
            self._assignee.value = self._given
        if self._may_write and t.next_states != self._next:
            self._next = t.next_states
            self._moves.objects = [self._move_button(state) for state in t.next_states]

    def _said(self, t: TicketDetail) -> Html:
        delivery = (
            tag("a", "what failed, and what to do", href=f"/support?delivery={t.delivery_id}")
            if t.delivery_id
            else None
        )
        return card(
            tag("div", tag("h2", t.ticket_code), chip(t.state), css="row between"),
            tag("p", t.subject),
            facts(
                ("Customer", t.customer),
                ("Service", t.service_code),
                ("Severity", chip(t.severity)),
                ("With", t.assignee_name or "nobody"),
                ("Opened", words.moment(t.opened_at, self._session.zone)),
                ("Incident", t.incident_code),
                ("See", delivery),
            ),
        )

    def _written(self, notes: Sequence[NoteRow]) -> Html:
        lines = (
            tag("div", tag("small", f"{n.author}, {words.moment(n.at, self._session.zone)}"), BREAK, n.text)
            for n in notes
        )
        return card(tag("div", *lines, css="notes") if notes else empty("Nobody has written yet."), heading="Thread")

    def _move_button(self, state: str) -> Any:
        return button(MOVES.get(state, state), partial(self._move, state), notice=self._notice, kind="outlined")

    def _move(self, state: str) -> None:
        self._session.act(intake.move_ticket, ticket_code=self._code, to=state)
        self._after()

    def _assign(self) -> None:
        if self._assignee.value == self._given:
            return
        self._session.act(intake.assign_ticket, ticket_code=self._code, assignee=self._assignee.value)
        self._after()

    def _add(self) -> None:
        self._session.act(intake.add_note, ticket_code=self._code, text=self._note.value_input or "")
        self._note.param.update(value="", value_input="")
        self._after()

    def _after(self) -> None:
        self.show(self.read())
        self._changed()
