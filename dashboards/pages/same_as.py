"""On a ticket: saying that it is the same as another one, and separating the two again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from dashboards.parts import words
from dashboards.parts.html import joined, tag, typed
from dashboards.parts.inputs import button, column, field, row
from dashboards.parts.notice import Notice, shown
from dashboards.parts.picking import Picking
from dashboards.parts.table import Column, pick, table
from dashboards.route import PageSession
from isp_lifecycle.foundation.texts import _
from isp_lifecycle.intake import support as intake
from isp_lifecycle.views import same as views
from isp_lifecycle.views.same import SameRow
from isp_lifecycle.views.support import TicketDetail


class SameAs:
    """A press opens the search among tickets that are not settled; a pick merges this one into that."""

    def __init__(self, session: PageSession, code: str, *, notice: Notice, changed: Callable[[], None]) -> None:
        self._session, self._code, self._notice, self._changed = session, code, notice, changed
        self._text = field(_("Which ticket?"), placeholder=_("Ticket, customer, service or words"), size="small")
        self._text.param.watch(lambda _event: shown(notice, self._search)(), "value_input")
        self._found = Picking(on_pick=shown(notice, self._merge))
        self._form = column(self._text, self._found, visible=False)
        self._place = column()
        self._stands: tuple[str | None, bool] | None = None

    def parts(self) -> list[Any]:
        """What is shown."""
        return [self._place]

    def show(self, ticket: TicketDetail) -> None:
        """Offer what may be done with it as it stands."""
        stands = (ticket.same_as, bool(ticket.next_states) and ticket.state not in ("resolved", "closed"))
        if stands == self._stands or not self._session.actor.may("ticket.write"):
            return
        self._stands = stands
        if ticket.same_as is not None:
            part = partial(self._separate, ticket.same_as)
            self._place.objects = [
                row(
                    button(
                        _("Separate it from {same_as}", same_as=ticket.same_as),
                        part,
                        notice=self._notice,
                        kind="outlined",
                    )
                )
            ]
        elif stands[1]:
            ask = button(
                _("It is the same as another …"), self._ask, notice=self._notice, kind="outlined", icon="merge"
            )
            self._place.objects = [row(ask), self._form]
        else:
            self._place.objects = []

    def _ask(self) -> None:
        self._form.visible = not self._form.visible
        if self._form.visible:
            self._search()

    def _search(self) -> None:
        text = self._text.value_input or ""
        rows = self._session.look(views.perhaps_same, ticket_code=self._code, text=text)
        columns = [
            Column[SameRow](_("Ticket"), lambda r: pick(f"same:{r.code}", r.code, parameter="same"), "key"),
            Column[SameRow](
                _("About"), lambda r: joined(tag("b", r.customer or _("nobody"), dir="auto"), " ", typed(r.subject))
            ),
            Column[SameRow](_("Opened"), lambda r: words.moment(r.opened_at, self._session.zone)),
        ]
        says = _("The one that you pick goes on; this one is closed as the same, and its thread stands there.")
        nothing = (_("No open ticket fits that."), _("Type its code, the customer's name or words of its subject."))
        self._found.show(joined(tag("p", says, css="soft"), table(rows, columns, nothing=nothing)))

    def _merge(self, key: str) -> None:
        into = key.removeprefix("same:")
        self._session.act(intake.merge_ticket, ticket_code=self._code, into=into)
        self._form.visible = False
        self._changed()
        self._notice.good(
            _("{code} is the same as {into}, which goes on.", code=self._code, into=into),
            _("It can be separated again."),
        )

    def _separate(self, other: str) -> None:
        self._session.act(intake.separate_ticket, ticket_code=self._code)
        self._changed()
        self._notice.good(
            _("{code} goes on by itself.", code=self._code), _("{other} goes on without it.", other=other)
        )
