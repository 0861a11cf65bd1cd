"""The application for a line, in four steps: the portal's public page, and the sales desk's by telephone."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

import panel as pn
import panel_material_ui as pmui

from dashboards.pages.lead_form import LeftBehind
from dashboards.parts import words
from dashboards.parts.cards import card, empty
from dashboards.parts.html import Html, html_pane, joined, phrase, show, tag, typed
from dashboards.parts.inputs import button, choice, column, field, row
from dashboards.parts.notice import Notice, alert, shown
from dashboards.parts.picking import Picking
from dashboards.parts.states import chip
from dashboards.route import PageSession
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.pages import Thing, page_of
from isp_lifecycle.foundation.texts import ENGLISH, LANGUAGES, _, language, said, say
from isp_lifecycle.intake import portal as intake
from isp_lifecycle.views import portal as views
from isp_lifecycle.views.portal import AddressRow, PlanRow

#: An address that is not on record is taken for one from so many letters on.
SAYS_A_PLACE = 8
CONSENT = say("I agree that my details are used to answer this application and to provide the service.")
CONSENT_BY_PHONE = say(
    "The caller agrees that the details are used to answer this application and to provide the service."
)


def public(session: PageSession) -> Sequence[Any]:
    """The portal's page: anybody may apply."""
    return Application(session, by_phone=False).parts()


def by_phone(session: PageSession) -> Sequence[Any]:
    """The sales desk's page: an application that comes in by telephone."""
    return Application(session, by_phone=True).parts()


class Application:
    """One application while it is filled in; contact details are asked for when address and plan are chosen."""

    def __init__(self, session: PageSession, *, by_phone: bool) -> None:
        self._session = session
        self._by_phone = by_phone
        #: A customer who is signed in applies for themselves: how to reach them is known.
        self._known = session.actor.customer_id is not None
        self._notice = Notice()
        self._search_notice = Notice()
        self._found: tuple[AddressRow, ...] = ()
        self._plans: tuple[PlanRow, ...] = session.look(views.plans)
        self._address: AddressRow | None = None
        self._plan_code = ""
        self._search = field(
            _("Address"), placeholder=_("Street and number, or postcode"), helper_text=_("Type three letters or more.")
        )
        self._search.param.watch(lambda event: self._look_for(event.new), "value_input")
        self._results = Picking(on_pick=self._choose_address)
        self._plan_cards = Picking(on_pick=self._choose_plan)
        self._name = field(_("Name"), max_length=120)
        self._email = field(_("E-mail"), max_length=200)
        self._phone = field(_("Telephone"), max_length=40)
        self._language = choice(
            _("Written to in"),
            {name: code for code, name in LANGUAGES.items()},
            value=language() if not by_phone and language() in LANGUAGES else ENGLISH,
            visible=by_phone,
        )
        self._wanted = pmui.DatePicker(
            label=_("Not before (optional)"), start=session.today, clearable=True, sizing_mode="stretch_width", margin=0
        )
        self._note = field(_("Anything we should know? (optional)"), max_length=500)
        self._consent = pmui.Checkbox(
            label=said(CONSENT_BY_PHONE if by_phone else CONSENT), margin=0, sizing_mode="stretch_width"
        )
        self._left = LeftBehind(session, by_phone=by_phone, notice=self._search_notice, done=self._noted)
        self._plan_part = column(html_pane(tag("h2", _("2. Choose your plan"))), self._plan_cards)
        self._contact_part = self._contact()
        self._form = self._whole()
        self._done = html_pane(visible=False)
        self._follow()

    def parts(self) -> list[Any]:
        """The form, and the place where its confirmation appears."""
        return [self._form, self._done]

    def _whole(self) -> pn.Column:
        welcome = "" if self._by_phone else tag("p", _("Three short steps; it takes about two minutes."), css="soft")
        address = column(
            html_pane(joined(welcome, tag("h2", _("1. Where do you need it?")))),
            self._search,
            self._search_notice.pane,
            self._results,
            self._left.part,
        )
        return column(address, self._plan_part, self._contact_part, gap=26)

    def _contact(self) -> pn.Column:
        send = button(_("Send the application"), self._send, notice=self._notice, icon="send")
        both = row(self._email, self._phone)
        for part in (self._email, self._phone):
            part.styles = {"flex": "1 1 240px"}
        asked = [html_pane(tag("h2", _("3. How do we reach you?"))), self._name, both, self._language]
        who = tag("p", _("You order as {name}.", name=self._session.actor.name), css="soft")
        return column(
            *([html_pane(joined(tag("h2", _("3. Anything else?")), who))] if self._known else asked),
            self._wanted,
            self._note,
            self._consent,
            self._notice.pane,
            row(send),
            visible=False,
        )

    # --- address ---------------------------------------------------------------------------------------------------

    def _look_for(self, text: str) -> None:
        self._address = None
        found = shown(self._search_notice, lambda: self._session.look(views.find_address, text=text))()
        self._found = found or ()
        if len(text.strip()) < 3:
            self._results.show(Html(""))
        elif not self._found:
            self._results.show(
                empty(_("No such address is known here."), _("Try the street alone, or the postcode."), "search_off")
            )
        else:
            self._draw_addresses()
        self._follow()

    def _draw_addresses(self) -> None:
        rows = [self._address] if self._address else self._found
        items = [
            tag(
                "a",
                tag("span", a.address, dir="auto"),
                chip("active", _("available")) if a.serviceable and not a.occupied else chip("", _why_not(a)),
                href="#",
                data_pick=a.premises_code,
                **({"aria_current": "true"} if a is self._address else {}),
            )
            for a in rows
        ]
        more = tag("a", _("Another address"), href="#", data_pick="") if self._address else ""
        self._results.show(joined(tag("div", *items, css="choices"), self._verdict(), more))

    def _verdict(self) -> Html:
        if self._address is None or (self._address.serviceable and not self._address.occupied):
            return Html("")
        phone = self._session.settings.company.support_phone
        if self._address.occupied:
            return alert(
                "warn",
                _("This address already has a line with us."),
                _("If you have just moved in, call {phone}.", phone=phone),
            )
        return alert(
            "warn",
            _("Our fibre does not pass this address yet."),
            _("Leave word, and we tell you when it does; or call {phone}.", phone=phone),
        )

    def _choose_address(self, code: str) -> None:
        self._address = next((a for a in self._found if a.premises_code == code), None)
        self._draw_addresses()
        self._follow()

    # --- plan ------------------------------------------------------------------------------------------------------

    def _choose_plan(self, code: str) -> None:
        self._plan_code = code
        self._follow()

    def _follow(self) -> None:
        """Show the parts for which the ones before are answered."""
        can = self._address is not None and self._address.serviceable and not self._address.occupied
        self._plan_cards.show(tag("div", *(self._plan_card(p) for p in self._plans), css="plans"))
        self._contact_part.visible = can and bool(self._plan_code)
        self._offer_to_tell()

    def _offer_to_tell(self) -> None:
        """Who cannot be served yet may leave word, in place of being turned away."""
        address = self._address
        typed = str(self._search.value_input or "").strip()
        unknown = address is None and not self._found and len(typed) >= SAYS_A_PLACE
        if address is not None and not address.serviceable and not address.occupied:
            self._left.show(address.address, address.premises_code)
        else:
            self._left.show(typed if unknown and not self._known else "")
        self._plan_part.visible = not self._left.part.visible

    def _noted(self) -> None:
        told = _("We write to you, or call, as soon as a line can be had there. If you change your mind, tell us.")
        head = _("Noted.") if self._by_phone else _("Thank you, we have noted it.")
        show(self._done, card(tag("p", told), heading=head))
        self._form.visible, self._done.visible = False, True

    def _plan_card(self, plan: PlanRow) -> Html:
        current = {"aria_current": "true"} if plan.code == self._plan_code else {}
        return tag(
            "a",
            tag("b", plan.name, dir="auto"),
            tag("p", _("{rate} down", rate=words.rate(plan.down_kbps))),
            tag(
                "p",
                _(
                    "{rate} up · {address_words}",
                    rate=words.rate(plan.up_kbps),
                    address_words=_address_words(plan.address_policy),
                ),
                css="soft",
            ),
            tag("span", plan.price, tag("small", " ", _("a month")), css="price"),
            href="#",
            data_pick=plan.code,
            **current,
        )

    # --- send ------------------------------------------------------------------------------------------------------

    def _send(self) -> None:
        if self._address is None:
            raise Refused(say("No address is chosen."), field="address", remedy=say("Search for it above and pick it."))
        with nullcontext() if self._by_phone else self._session.applying():
            placed = self._session.act(
                intake.place_application,
                premises_code=self._address.premises_code,
                plan_code=self._plan_code,
                name=self._name.value or "",
                email=self._email.value or "",
                phone=self._phone.value or "",
                consent=bool(self._consent.value),
                wanted_on=self._wanted.value,
                note=self._note.value or "",
                language=self._language.value,
            )
        show(self._done, self._thanks(placed.order_code))
        self._form.visible, self._done.visible = False, True

    def _thanks(self, code: str) -> Html:
        what = tag(
            "p",
            phrase("Order {code}", code=tag("b", code)),
            " · ",
            typed(self._address.address) if self._address else "",
            css="big",
        )
        if self._by_phone:
            links = tag("a", _("Open the order"), href=page_of(Thing.ORDER, code), css="action main")
            again = tag("a", _("Another application"), href="/new-order", css="action")
            return card(
                what,
                tag("p", _("It waits at the sales desk."), css="soft"),
                tag("p", links, again, css="row"),
                heading=_("Taken."),
            )
        told = _(
            "We look at it and write to {value}. Then an engineer comes to connect you.",
            value=self._email.value or _("you"),
        )
        return card(what, tag("p", told), heading=_("Thank you, we have your application."))


def _why_not(address: AddressRow) -> str:
    return _("has a line already") if address.occupied else _("not yet")


def _address_words(policy: str) -> str:
    if policy.startswith("block"):
        return _("a /{removeprefix} block of addresses", removeprefix=policy.removeprefix("block"))
    return {"dynamic": _("dynamic address"), "static": _("a fixed address")}.get(policy, policy)
