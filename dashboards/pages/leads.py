"""Leads: who asked for a line, what is done next, and what became of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dashboards.pages.lead_form import FURTHEST, LeadForm, PlacePicker
from dashboards.parts import words
from dashboards.parts.browse import Browse
from dashboards.parts.cards import card, empty, facts, lines
from dashboards.parts.days import day_field
from dashboards.parts.html import Html, html_pane, tag
from dashboards.parts.inputs import button, choice, column, field, row
from dashboards.parts.link import link
from dashboards.parts.listing import Listing
from dashboards.parts.live import Live
from dashboards.parts.segments import Segments
from dashboards.parts.states import chip
from dashboards.route import PageSession
from isp_lifecycle.foundation.pages import Thing, page_of
from isp_lifecycle.foundation.texts import _, said, say
from isp_lifecycle.intake import leads as intake
from isp_lifecycle.views import leads as views
from isp_lifecycle.views import portal as sold
from isp_lifecycle.views.leads import LeadDetail

#: How often the list is asked for at least; what changes is told.
REFRESH_SECONDS = 20.0
#: What is picked to note a new lead.
NEW = "new"
NAMES = {"mine": say("Mine"), "due": say("Due"), "open": say("Open"), "served": say("Can be served"), "all": say("All")}
SOURCES = {
    "call": say("a call"),
    "shop": say("in person"),
    "partner": say("a partner"),
    "event": say("an event"),
    "other": say("another way"),
}


def page(session: PageSession) -> Sequence[Any]:
    """Leads."""
    return LeadsPage(session).parts()


class LeadsPage:
    """The list, and the lead that is picked, or a new one."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._followers: dict[str, str] = {}
        own = {"owner": session.actor.username}
        self._wanted = {
            "mine": {"state": "open"} | own,
            "due": {"state": "open", "next": "..today"},
            "open": {"state": "open"},
            "served": {"state": "open", "served": "can_be"},
            "all": {},
        }
        self._browse = Browse(
            parameter="lead",
            detail=self._detail,
            nothing=empty(_("No lead is picked."), _("Pick one to see what is done next."), "contact_phone"),
            narrow=session.narrow,
            picked=session.query.get("lead", ""),
            back=_("All leads"),
        )
        self._listing = Listing(
            session,
            name="leads",
            parameter="lead",
            hint=_("Who, address, telephone or wish"),
            nothing=(_("Nobody waits."), _("Who asks where we have no fibre yet appears here.")),
            notice=self._browse.notice,
            pick=self._browse.pick,
            moved=self._moved,
            usual=self._wanted["open"] if session.query.get("lead", NEW) == NEW else {},
        )
        self._browse.lists(self._listing)
        self._ways = Segments(NAMES, chosen=self._way, current=self._way_of_list(), label=_("Leads"))
        self._live = Live(
            ask=self._listing.read,
            show=lambda found: self._listing.draw(self._browse.picked, found),
            every=REFRESH_SECONDS,
            notice=self._browse.notice,
            changes=session.changes,
            topics=("leads",),
        )

    def parts(self) -> list[Any]:
        """What is shown."""
        above: list[Any] = [self._ways.pane]
        if self._session.actor.may("lead.write"):
            press = button(_("New lead"), lambda: self._browse.pick(NEW), notice=self._browse.notice, icon="person_add")
            above.append(press)
        return [*self._browse.parts(row(*above)), self._live.start()]

    def _way(self, key: str) -> None:
        without = {**self._listing.asked.words(), **dict.fromkeys(("state", "owner", "next", "served"), "")}
        self._listing.ask(self._listing.meaning({**without, **self._wanted[key]}))

    def _way_of_list(self) -> str:
        filters = dict(self._listing.asked.filters)
        here = {name: filters[name] for name in ("state", "owner", "next", "served") if name in filters}
        return next((key for key, wanted in self._wanted.items() if wanted == here), "")

    def _moved(self) -> None:
        self._browse.moved()
        self._ways.show(self._way_of_list())

    def _detail(self, code: str) -> list[Any]:
        if code == NEW:
            return LeadForm(self._session, notice=self._browse.notice, kept=self._kept).parts()
        one = self._session.look(views.lead, lead_code=code)
        return LeadShown(self._session, one, notice=self._browse.notice, changed=self._browse.again).parts()

    def _kept(self, code: str) -> None:
        self._browse.pick(code)
        self._browse.notice.good(_("{code} is noted.", code=code))


class LeadShown:
    """One lead: what is known, what is done next, and its end."""

    def __init__(self, session: PageSession, one: LeadDetail, *, notice: Any, changed: Callable[[], None]) -> None:
        self._session = session
        self._one = one
        self._notice = notice
        self._changed = changed

    def parts(self) -> list[Any]:
        """What is shown; nothing to change of what is over, or to who only reads."""
        parts: list[Any] = [html_pane(self._facts())]
        if self._one.closed_at is not None or self._one.erased or not self._session.actor.may("lead.write"):
            return parts
        return [*parts, self._next(), *self._place(), *self._order(), self._lost()]

    def _facts(self) -> Html:
        one, zone = self._one, self._session.zone
        place: object = one.address
        if one.premises_code:
            place = link(self._session.actor, Thing.PREMISES, one.premises_code, one.address)
        order = tag("a", one.order_code, href=page_of(Thing.ORDER, one.order_code)) if one.order_code else None
        hints = tag("div", tag("b", _("What to know")), lines(one.hints), css="stack-s") if one.hints else ""
        return card(
            tag(
                "div",
                tag("h2", f"{one.code} · ", tag("span", one.name, dir="auto")),
                chip(one.state),
                css="row between",
            ),
            facts(
                (_("Address"), place),
                (_("Telephone"), tag("a", one.phone, href=f"tel:{one.phone}") if one.phone else None),
                (_("E-mail"), tag("a", one.email, href=f"mailto:{one.email}") if one.email else None),
                (_("Wish"), one.wish),
                (_("Followed by"), one.owner_name),
                (_("Next step"), ", ".join(x for x in (words.day(one.next_on), one.next_step) if x)),
                (_("Came by"), f"{said(SOURCES.get(one.source, one.source))}, {words.moment(one.created_at, zone)}"),
                (_("Consent"), f"{one.consent_how}, {words.moment(one.consent_at, zone)}"),
                (_("Kept until"), words.day(one.keep_until) if not one.order_code else None),
                (_("Order"), order),
                (_("Closed"), words.moment(one.closed_at, zone)),
                (_("Why nothing came of it"), one.reason),
            ),
            hints,
        )

    def _next(self) -> Any:
        one, today = self._one, self._session.today
        people = {_("nobody yet"): ""} | {f.name: f.username for f in self._session.look(views.followers)}
        owner = choice(_("Followed by"), people, value=one.owner if one.owner in people.values() else "")
        step = field(_("Next step"), value=one.next_step, max_length=200)
        day = day_field(_("On"), max(one.next_on or today, today), latest=today + FURTHEST)

        def plan() -> None:
            self._session.act(
                intake.plan_lead, lead_code=one.code, owner=owner.value or "", next_step=_written(step), next_on=day.day
            )
            self._changed()
            self._notice.good(_("It is noted."), _("Who follows it is reminded on that day."))

        return column(owner, step, row(day, button(_("Note it"), plan, notice=self._notice, icon="event")))

    def _place(self) -> list[Any]:
        if self._one.premises_code:
            return []

        def placed(code: str) -> None:
            self._session.act(intake.place_lead, lead_code=self._one.code, premises_code=code)
            self._changed()

        return PlacePicker(self._session, notice=self._notice, chosen=placed, label=_("Which premises is it?")).parts()

    def _order(self) -> list[Any]:
        one, session = self._one, self._session
        if not one.can_order or not session.actor.may("order.place"):
            return []
        plans = {p.name: p.code for p in session.look(sold.plans)}
        first = one.plan_code if one.plan_code in plans.values() else next(iter(plans.values()), "")
        plan = choice(_("Plan"), plans, value=first)
        email = field(_("E-mail"), value=one.email, max_length=200)
        phone = field(_("Telephone"), value=one.phone, max_length=40)

        def order() -> None:
            contact = (one.name, _written(email), _written(phone))
            done = session.act(intake.order_lead, lead_code=one.code, plan_code=plan.value, contact=contact)
            self._changed()
            self._notice.good(
                _("{code} is order {order_code} now.", code=one.code, order_code=done.order_code),
                _("It waits at the sales desk."),
            )

        press = button(_("Make it an order"), order, notice=self._notice, icon="assignment_add")
        return [column(plan, email, phone, row(press))]

    def _lost(self) -> Any:
        reason = field(_("Reason, if nothing comes of it"), max_length=300)

        def lose() -> None:
            self._session.act(intake.lose_lead, lead_code=self._one.code, reason=str(reason.value_input or ""))
            self._changed()
            self._notice.info(_("{code} is closed.", code=self._one.code))

        return column(reason, row(button(_("Close it"), lose, notice=self._notice, kind="outlined", color="error")))


def _written(field_: Any) -> str:
    """What stands in a field, also while it is still being typed."""
    return str(field_.value_input or field_.value or "")
