"""Tickets: what is open, the thread of one, a note, and its next state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import panel_material_ui as pmui

from dashboards.pages.same_as import SameAs
from dashboards.parts import words
from dashboards.parts.browse import Browse
from dashboards.parts.cards import card, empty, facts, why_link
from dashboards.parts.html import Html, html_pane, joined, show, tag
from dashboards.parts.inputs import button, choice, column, row
from dashboards.parts.link import link
from dashboards.parts.listing import Listing
from dashboards.parts.live import Live
from dashboards.parts.notice import Notice, shown
from dashboards.parts.segments import Segments
from dashboards.parts.states import chip
from dashboards.route import PageSession
from isp_lifecycle.foundation.pages import Thing, page_of
from isp_lifecycle.foundation.texts import _, say
from isp_lifecycle.intake import support as intake
from isp_lifecycle.views import support as views
from isp_lifecycle.views.lists.model import Asked, Listed
from isp_lifecycle.views.lists.shipped import OPEN_TICKETS
from isp_lifecycle.views.same import NoteRow, SameRow
from isp_lifecycle.views.support import TicketDetail

#: What a button says that moves a ticket to a state.
MOVES = {
    "in_progress": say("Work on it"),
    "pending": say("Wait for somebody"),
    "resolved": say("Resolved"),
    "closed": say("Close"),
    "cancelled": say("Withdraw"),
}
#: How bad a ticket can be, with what that means.
SEVERITIES: dict[str, str] = {
    say("Critical: many lines, or one that must not fail"): "critical",
    say("Major: one customer's line"): "major",
    say("Minor: a question or a blemish"): "minor",
}
WAYS = {"open": say("Open"), "all": say("All")}
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
        picked = session.query.get("ticket", "")
        self._browse = Browse(
            parameter="ticket",
            detail=self._detail,
            nothing=empty(_("No ticket is picked."), _("Pick one to read its thread."), "confirmation_number"),
            narrow=session.narrow,
            picked=picked,
            back=_("All tickets"),
        )
        self._listing = Listing(
            session,
            name="tickets",
            parameter="ticket",
            hint=_("Ticket, customer, service or words"),
            nothing=(_("No ticket is open."), _("Every failure opens one by itself.")),
            notice=self._browse.notice,
            pick=self._browse.pick,
            moved=self._moved,
            usual={"state": OPEN_TICKETS},
        )
        self._browse.lists(self._listing)
        self._which = Segments(WAYS, chosen=self._way, current=self._way_of_list(), label=_("Tickets"))
        self._live = Live(
            ask=self._ask,
            show=self._fresh,
            every=REFRESH_SECONDS,
            notice=self._browse.notice,
            changes=session.changes,
            topics=("tickets",),
        )

    def parts(self) -> list[Any]:
        """What is shown."""
        return [*self._browse.parts(self._which.pane), self._live.start()]

    def _way(self, key: str) -> None:
        self._listing.filtered("state", OPEN_TICKETS if key == "open" else "")

    def _way_of_list(self) -> str:
        states = dict(self._listing.asked.filters).get("state", "")
        return "open" if states == OPEN_TICKETS else "" if states else "all"

    def _moved(self) -> None:
        if not self._browse.picked:
            self._open = None
        self._browse.moved()
        self._which.show(self._way_of_list())

    def _ask(self) -> tuple[tuple[Asked, Listed], TicketCard | None, TicketDetail | None]:
        opened = self._open
        return self._listing.read(), opened, opened.read() if opened else None

    def _fresh(self, answer: tuple[tuple[Asked, Listed], TicketCard | None, TicketDetail | None]) -> None:
        found, opened, detail = answer
        self._listing.draw(self._browse.picked, found)
        if opened is not None and detail is not None and opened is self._open:
            opened.show(detail)

    def _detail(self, code: str) -> list[Any]:
        self._open = None
        self._open = TicketCard(self._session, code, notice=self._browse.notice, changed=self._browse.refresh)
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
            label=_("Note"), rows=2, max_length=2000, auto_grow=True, sizing_mode="stretch_width", margin=0
        )
        self._moves = row()
        self._next: tuple[str, ...] = ()
        self._assignee = choice(_("Assigned to"), {_("nobody"): ""})
        self._severity = choice(_("Severity"), SEVERITIES)
        self._rated = ""
        self._given = ""
        self._may_write = session.actor.may("ticket.write")
        self._same = SameAs(session, code, notice=notice, changed=self._after)
        if self._may_write:
            people = {f"{w.name} ({w.username})": w.username for w in session.look(views.ticket_workers)}
            self._assignee.options = {_("nobody"): ""} | people
        self.show(self.read())
        self._assignee.param.watch(lambda _event: shown(notice, self._assign)(), "value")
        self._severity.param.watch(lambda _event: shown(notice, self._rate)(), "value")

    def parts(self) -> list[Any]:
        """What is shown."""
        if not self._may_write:
            return [self._facts, self._thread]
        add = button(_("Add the note"), self._add, notice=self._notice, kind="outlined")
        note = column(self._note, row(add))
        return [self._facts, self._moves, self._assignee, self._severity, self._thread, note, *self._same.parts()]

    def read(self) -> TicketDetail:
        """How it stands now."""
        return self._session.look(views.ticket, ticket_code=self._code)

    def show(self, t: TicketDetail) -> None:
        """Show how it stands."""
        show(self._facts, self._said(t))
        show(self._thread, self._written(t.notes))
        self._same.show(t)
        self._given, self._rated = t.assignee or "", t.severity
        if self._may_write:
            self._severity.value = t.severity
        if self._may_write and self._given in self._assignee.options.values():
            self._assignee.value = self._given
        if self._may_write and t.next_states != self._next:
            self._next = t.next_states
            self._moves.objects = [self._move_button(state) for state in t.next_states]

    def _said(self, t: TicketDetail) -> Html:
        delivery = (
            tag("a", _("what failed, and what to do"), href=page_of(Thing.DELIVERY, t.delivery_id))
            if t.delivery_id
            else None
        )
        return card(
            tag("div", tag("h2", t.ticket_code), chip(t.state), css="row between"),
            tag("p", t.subject, dir="auto"),
            facts(
                (_("Customer"), link(self._session.actor, Thing.CUSTOMER, t.customer_code, t.customer)),
                (_("Service"), why_link(t.service_code) if self._session.actor.may("service.read") else t.service_code),
                (_("Severity"), chip(t.severity)),
                (_("With"), t.assignee_name or _("nobody")),
                (_("Resolve by"), self._clock(t)),
                (_("Opened"), words.moment(t.opened_at, self._session.zone)),
                (_("Incident"), t.incident_code),
                (_("See"), delivery),
                (_("Same as"), t.same_as and tag("a", t.same_as, href=page_of(Thing.TICKET, t.same_as))),
                (_("Merged into it"), joined(*(_same(one) for one in t.merged)) if t.merged else None),
            ),
        )

    def _clock(self, t: TicketDetail) -> Html | str | None:
        """Until when it is to be resolved, and how its clock stands."""
        if t.due_at is None:
            return None
        until = words.moment(t.due_at, self._session.zone)
        if t.state in ("resolved", "closed"):
            return _("{until} (resolved too late)", until=until) if t.late else _("{until} (in time)", until=until)
        if t.paused:
            return _("{until}; the clock stands while it waits", until=until)
        if t.late:
            return joined(until, " ", chip("failed", _("late by {time}", time=words.ago(t.due_at, self._session.now))))
        return joined(
            until, " ", tag("small", _("in {time}", time=words.length((t.due_at - self._session.now).total_seconds())))
        )

    def _written(self, notes: Sequence[NoteRow]) -> Html:
        lines = (
            tag("div", tag("small", _heading(n, words.moment(n.at, self._session.zone))), tag("p", n.text, dir="auto"))
            for n in notes
        )
        return card(
            tag("div", *lines, css="notes") if notes else empty(_("Nobody has written yet.")), heading=_("Thread")
        )

    def _move_button(self, state: str) -> Any:
        return button(MOVES.get(state, state), partial(self._move, state), notice=self._notice, kind="outlined")

    def _move(self, state: str) -> None:
        self._session.act(intake.move_ticket, ticket_code=self._code, to=state)
        self._after()

    def _rate(self) -> None:
        if self._severity.value in ("", self._rated):
            return
        self._session.act(intake.rate_ticket, ticket_code=self._code, severity=self._severity.value)
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


def _heading(note: NoteRow, at: str) -> str:
    return f"{note.author}, {at}" + (_(", in {ticket}", ticket=note.ticket) if note.ticket else "")


def _same(one: SameRow) -> Html:
    return joined(tag("a", one.code, href=page_of(Thing.TICKET, one.code)), " ")
