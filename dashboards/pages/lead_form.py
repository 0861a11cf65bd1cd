"""A new lead: who asks, where, and what they wish; and the choice of a premises by what somebody says."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import panel_material_ui as pmui

from dashboards.parts.days import day_field
from dashboards.parts.html import Html, html_pane, tag
from dashboards.parts.inputs import button, choice, column, field, row
from dashboards.parts.notice import Notice, shown
from dashboards.parts.picking import Picking
from dashboards.parts.states import chip
from dashboards.route import PageSession
from isp_lifecycle.foundation.texts import _, said, say
from isp_lifecycle.intake import leads as intake
from isp_lifecycle.views import portal as views

#: A next step may lie so far ahead.
FURTHEST = timedelta(days=365)
CONSENT = say("I agree that my details are kept to tell me when a line can be had.")
CONSENT_TOLD = say("They agree that their details are kept to tell them when a line can be had.")


class PlacePicker:
    """A premises, found while somebody types; what is typed counts where it is not on record."""

    def __init__(self, session: PageSession, *, notice: Notice, chosen: Callable[[str], Any], label: str) -> None:
        self._session = session
        self._chosen = chosen
        self.text = field(label, placeholder=_("Street and number, or postcode"), max_length=200)
        self.text.param.watch(lambda event: shown(notice, self._look_for)(event.new), "value_input")
        self._results = Picking(on_pick=shown(notice, self._pick))

    def parts(self) -> list[Any]:
        """The field and what it finds."""
        return [column(self.text, self._results)]

    def _look_for(self, text: str) -> None:
        found = self._session.look(views.find_address, text=text)
        items = (
            tag(
                "a",
                tag("span", one.address),
                chip("active", _("can be served")) if one.serviceable else chip("", _("not yet")),
                href="#",
                data_pick=one.premises_code,
            )
            for one in found
        )
        self._results.show(tag("div", *items, css="choices") if found else Html(""))

    def _pick(self, code: str) -> None:
        self._results.show(Html(""))
        self._chosen(code)


class LeadForm:
    """The desk's form of a lead; ``kept`` is called with its code."""

    def __init__(self, session: PageSession, *, notice: Notice, kept: Callable[[str], Any]) -> None:
        self._session = session
        self._notice = notice
        self._kept = kept
        self._premises = ""
        self._place = PlacePicker(session, notice=notice, chosen=self._placed, label=_("Where is the line wanted?"))
        self._contact = ContactFields()
        self._wish = field(_("What they wish"), max_length=1000)
        sources = {
            _("A call"): "call",
            _("In person"): "shop",
            _("A partner"): "partner",
            _("An event"): "event",
            _("Other"): "other",
        }
        self._source = choice(_("Came by"), sources, value="call")
        self._step = field(_("Next step"), placeholder=_("Call back, send the offer …"), max_length=200)
        self._day = day_field(_("On"), session.today, latest=session.today + FURTHEST)
        self._consent = pmui.Checkbox(label=said(CONSENT_TOLD), margin=0, sizing_mode="stretch_width")

    def parts(self) -> list[Any]:
        """The form."""
        keep = button(_("Note the lead"), self._keep, notice=self._notice, icon="person_add")
        return [
            html_pane(tag("h2", _("New lead"))),
            *self._place.parts(),
            *self._contact.parts(),
            self._wish,
            self._source,
            row(self._step, self._day),
            self._consent,
            row(keep),
        ]

    def _placed(self, code: str) -> None:
        self._premises = code
        found = self._session.look(views.find_address, text=code)
        address = next((one.address for one in found if one.premises_code == code), code)
        self._place.text.value = self._place.text.value_input = address

    def _keep(self) -> None:
        typed = str(self._place.text.value_input or self._place.text.value or "")
        code = self._session.act(
            intake.take_lead,
            contact=self._contact.given(),
            written=typed,
            premises_code=self._premises,
            wish=str(self._wish.value_input or ""),
            source=self._source.value,
            consent=bool(self._consent.value),
            next_step=str(self._step.value_input or ""),
            next_on=self._day.day,
        )
        self._kept(code)


class ContactFields:
    """Name, e-mail and telephone."""

    def __init__(self) -> None:
        self._name = field(_("Name"), max_length=120)
        self._email = field(_("E-mail"), max_length=200)
        self._phone = field(_("Telephone"), max_length=40)
        for part in (self._email, self._phone):
            part.styles = {"flex": "1 1 220px"}

    def parts(self) -> list[Any]:
        """The fields."""
        return [self._name, row(self._email, self._phone)]

    def given(self) -> tuple[str, str, str]:
        """What was written."""
        return (self._name.value or "", self._email.value or "", self._phone.value or "")


class LeftBehind:
    """The portal's form for who cannot be served yet; ``done`` is called once they are noted."""

    def __init__(self, session: PageSession, *, by_phone: bool, notice: Notice, done: Callable[[], Any]) -> None:
        self._session = session
        self._by_phone = by_phone
        self._notice = notice
        self._done = done
        self._where = ("", "")
        self._contact = ContactFields()
        self._wish = field(_("What would you like? (optional)"), max_length=500)
        label = CONSENT_TOLD if by_phone else CONSENT
        self._consent = pmui.Checkbox(label=said(label), margin=0, sizing_mode="stretch_width")
        self.part = column(visible=False)

    def show(self, address: str, premises_code: str = "") -> None:
        """Offer it for an address; with an empty one it is taken away, and what was typed stands there next time."""
        self._where = (address, premises_code)
        if not address:
            self.part.objects = []
        elif not self.part.objects:
            send = button(_("Tell me when"), self._send, notice=self._notice, icon="notifications")
            head = html_pane(tag("h2", _("Shall we tell you when there is fibre?")))
            self.part.objects = [head, *self._contact.parts(), self._wish, self._consent, row(send)]
        self.part.visible = bool(address)

    def _send(self) -> None:
        address, premises_code = self._where
        entry = intake.take_lead if self._by_phone else intake.leave_lead
        with nullcontext() if self._by_phone else self._session.applying():
            self._session.act(
                entry,
                contact=self._contact.given(),
                written=address,
                premises_code=premises_code,
                wish=str(self._wish.value or ""),
                consent=bool(self._consent.value),
            )
        self._done()
