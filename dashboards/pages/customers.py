"""Customers: found by name and address; one with all that they have, notes, and everything that happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

import panel_material_ui as pmui

from dashboards.pages.customer_documents import Documents
from dashboards.pages.customer_shown import about, happened, held, money, note, place
from dashboards.parts.browse import Browse
from dashboards.parts.cards import card, empty
from dashboards.parts.html import Html, html_pane
from dashboards.parts.inputs import button, choice, column, row
from dashboards.parts.kept import kept_at
from dashboards.parts.listing import Listing
from dashboards.parts.live import Live
from dashboards.parts.notice import shown
from dashboards.parts.picking import Picking
from dashboards.route import PageSession
from isp_lifecycle.foundation.pages import Thing
from isp_lifecycle.foundation.texts import LANGUAGES, _
from isp_lifecycle.intake import customers as intake
from isp_lifecycle.intake import recovery as accounts
from isp_lifecycle.views.customers import happened as happenings
from isp_lifecycle.views.customers import one as views
from isp_lifecycle.views.customers import place as places
from isp_lifecycle.views.customers.one import CustomerDetail, NoteRow

#: How often the list is asked for at least; what changes is told.
REFRESH_SECONDS = 20.0
#: What a picked key begins with that is premises rather than a customer.
AT = "at:"


def page(session: PageSession) -> Sequence[Any]:
    """Customers."""
    return CustomersPage(session).parts()


class CustomersPage:
    """The list, searched, and the customer or the place that is picked."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        premises = session.query.get("premises", "")
        self._browse = Browse(
            parameter="customer",
            detail=self._detail,
            nothing=empty(
                _("No customer is picked."), _("Search by name and address; mistyped names are found."), "person"
            ),
            narrow=session.narrow,
            picked=session.query.get("customer", "") or (f"{AT}{premises}" if premises else ""),
            back=_("All customers"),
            wide_detail=True,
        )
        self._listing = Listing(
            session,
            name="customers",
            parameter="customer",
            hint=_("Name, address, code or e-mail"),
            nothing=(_("There is nobody yet."), _("Whoever orders a line becomes a customer.")),
            notice=self._browse.notice,
            pick=self._browse.pick,
            moved=self._browse.moved,
        )
        self._browse.lists(self._listing)
        self._live = Live(
            ask=self._listing.read,
            show=lambda found: self._listing.draw(self._browse.picked, found),
            every=REFRESH_SECONDS,
            notice=self._browse.notice,
            changes=session.changes,
            topics=("customers", "services"),
        )

    def parts(self) -> list[Any]:
        """What is shown."""
        return [*self._browse.parts(), self._live.start()]

    def _detail(self, key: str) -> list[Any]:
        if key.startswith(AT):
            return [html_pane(place(self._session, self._session.look(places.premises, premises_code=key[len(AT) :])))]
        one = self._session.look(views.customer, customer_code=key)
        return CustomerShown(self._session, one, notice=self._browse.notice, changed=self._browse.again).parts()


class CustomerShown:
    """One customer. ``changed`` is called when something of theirs was changed here."""

    def __init__(self, session: PageSession, one: CustomerDetail, *, notice: Any, changed: Callable[[], None]) -> None:
        self._session = session
        self._one = one
        self._notice = notice
        self._changed = changed
        self._offset = 0
        self._timeline = Picking(on_pick=self._turn)

    def parts(self) -> list[Any]:
        """What is shown, what a colleague should know first on top."""
        one, session = self._one, self._session
        pinned = [n for n in one.notes if n.pinned]
        others = [n for n in one.notes if not n.pinned]
        self._draw()
        return [
            *(html_pane(note(session, n)) for n in pinned),
            html_pane(about(session, one)),
            *self._language(),
            *self._invitation(),
            *(html_pane(part) for part in self._possessions()),
            *kept_at(session, customer_code=one.code),
            *Documents(session, one.code, notice=self._notice, changed=self._changed).parts(),
            *self._notes(pinned, others),
            self._timeline,
        ]

    def _possessions(self) -> list[Html]:
        one, session = self._one, self._session
        parts = [
            held(session, _("Needs attention"), Thing.DELIVERY, one.incidents, nothing=""),
            held(session, _("Services"), Thing.SERVICE, one.services, nothing=_("Has no service.")),
            held(session, _("Orders"), Thing.ORDER, one.orders, nothing=_("Nothing was ordered.")),
            held(session, _("Tickets"), Thing.TICKET, one.tickets, nothing=_("Nothing was reported.")),
            money(one.money),
            held(session, _("Letters"), None, one.letters, nothing=_("Nothing was sent yet."), folded=True),
        ]
        return [part for part in parts if part]

    def _language(self) -> list[Any]:
        if not self._session.actor.may("customer.language"):
            return []
        names = {name: code for code, name in LANGUAGES.items()}
        picked = choice(_("Written to in"), names, value=self._one.language, size="small", max_width=320)

        def keep(event: Any) -> None:
            self._session.act(intake.write_to_them_in, customer_code=self._one.code, language=event.new)
            name = LANGUAGES[event.new]
            self._notice.good(_("{name} is written to in {language} from now on.", name=self._one.name, language=name))

        picked.param.watch(shown(self._notice, keep), "value")
        return [picked]

    def _invitation(self) -> list[Any]:
        if not self._session.actor.may("customer.invite") or self._one.portal != "has no account":
            return []

        def invite() -> None:
            made = self._session.act(accounts.invite_customer, customer_code=self._one.code)
            self._changed()
            self._notice.good(
                _("{name} is invited to the portal.", name=self._one.name),
                _("A link goes to {username}.", username=made.username),
            )

        press = button(_("Invite to the portal"), invite, notice=self._notice, kind="outlined", icon="forward_to_inbox")
        return [row(press)]

    # --- notes -----------------------------------------------------------------------------------------------------

    def _notes(self, pinned: Sequence[NoteRow], others: Sequence[NoteRow]) -> list[Any]:
        may = self._session.actor.may("customer.note")
        shown = [note(self._session, n) for n in others]
        nothing = empty(_("Nobody wrote a note yet."), _("What the next colleague should know."), "sticky_note_2")
        listed = html_pane(card(*(shown or [nothing]), heading=_("Notes")))
        if not may:
            return [listed]
        text = pmui.TextAreaInput(
            label=_("A note for colleagues"),
            max_length=4000,
            rows=2,
            auto_grow=True,
            sizing_mode="stretch_width",
            margin=0,
        )

        def add(*, pinned: bool) -> None:
            words = str(text.value_input or text.value or "")
            self._session.act(intake.add_note, customer_code=self._one.code, written=words, pinned=pinned)
            self._changed()
            self._notice.good(_("The note is kept."), _("It is pinned on top of this page.") if pinned else "")

        def unpin(note_id: UUID) -> None:
            self._session.act(intake.pin_note, note_id=note_id, pinned=False)
            self._changed()
            self._notice.good(_("The note is no longer pinned."))

        presses = [
            button(_("Write it down"), partial(add, pinned=False), notice=self._notice, icon="note_add"),
            button(
                _("Pin it on top"), partial(add, pinned=True), notice=self._notice, kind="outlined", icon="push_pin"
            ),
            *(
                button(_("Unpin"), partial(unpin, one.id), notice=self._notice, kind="text", icon="push_pin")
                for one in pinned[:1]
            ),
        ]
        return [column(listed, text, row(*presses))]

    # --- what happened ---------------------------------------------------------------------------------------------

    def _turn(self, command: str) -> None:
        step = happenings.PAGE if command == "page:after" else -happenings.PAGE
        self._offset = max(0, self._offset + step)
        self._draw()

    def _draw(self) -> None:
        found = self._session.look(happenings.happened, customer_code=self._one.code, offset=self._offset)
        self._timeline.show(happened(self._session, found, offset=self._offset))
