"""The catalogue (TMF620): plans with price, rates, sale and who has them; a new one, changes, withdrawal."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from dashboards.pages.plans_shown import SALE, detail_card, needs_card, offer, versions_card
from dashboards.parts import words
from dashboards.parts.browse import Browse
from dashboards.parts.cards import empty
from dashboards.parts.days import DayField, day_field
from dashboards.parts.html import BREAK, Html, html_pane, joined, tag
from dashboards.parts.inputs import button, choice, column, field, row
from dashboards.parts.live import Live
from dashboards.parts.names import address_words, ont_words, prefix_words
from dashboards.parts.notice import Notice
from dashboards.parts.table import Column, pick, table
from dashboards.route import PageSession
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.terms import AddressPolicy, Ipv6Policy, OntMode
from isp_lifecycle.foundation.texts import _, say, spoken_number
from isp_lifecycle.intake import plans as intake
from isp_lifecycle.intake.plans import FURTHEST
from isp_lifecycle.views import plans as views
from isp_lifecycle.views.plans import PlanDetail, PlanRow

NEW = "new"
REFRESH_SECONDS = 60.0
KBPS = 1024


def page(session: PageSession) -> Sequence[Any]:
    """Plans."""
    return PlansPage(session).parts()


class PlansPage:
    """The list and the plan that is picked, or the form for another."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._rows = session.look(views.plans)
        self._browse = Browse(
            parameter="plan",
            draw=self._list,
            detail=self._detail,
            nothing=empty(
                _("No plan is picked."), _("Pick one to see its versions, who has it and what OLTs need."), "sell"
            ),
            narrow=session.narrow,
            picked=session.query.get("plan", ""),
            back=_("All plans"),
            wide_detail=True,
        )

    def parts(self) -> list[Any]:
        """What is shown; what others change shows by itself."""
        live = Live(
            ask=lambda: self._session.look(views.plans),
            show=self._told,
            every=REFRESH_SECONDS,
            notice=self._browse.notice,
            changes=self._session.changes,
            topics=("plans",),
        )
        return [*self._browse.parts(), live.start()]

    def _told(self, rows: tuple[PlanRow, ...]) -> None:
        if rows != self._rows:
            self._rows = rows
            self._browse.refresh()

    def _list(self, picked: str) -> Html:
        columns = [
            Column[PlanRow](_("Plan"), _named, "key"),
            Column[PlanRow](_("Price a month"), lambda r: r.plan.price, "num"),
            Column[PlanRow](_("Rates"), lambda r: words.rates(r.plan.down_kbps, r.plan.up_kbps)),
            Column[PlanRow](_("Sale"), _sale),
            Column[PlanRow](_("Services"), _had, "num"),
        ]
        new = tag("a", _("New plan"), href=f"?plan={NEW}", data_pick=NEW, css="action")
        return tag(
            "div",
            tag("p", new) if self._session.actor.may("plan.write") else "",
            table(
                self._rows,
                columns,
                nothing=(_("There is no plan yet."), _("Make one here, or import them: isp import plans FILE.")),
                current=lambda r: r.plan.code == picked,
            ),
            css="stack-m",
        )

    def _detail(self, code: str) -> list[Any]:
        if code == NEW:
            return NewPlan(self._session, notice=self._browse.notice, made=self._made).parts()
        found = self._session.look(views.plan, code=code)
        shown = [
            html_pane(detail_card(found, bulk=self._session.actor.may("bulk.propose"))),
            html_pane(offer(found.row.plan)),
        ]
        form = PlanForm(self._session, found, notice=self._browse.notice, after=self._after)
        forms = form.parts() if self._session.actor.may("plan.write") else []
        return [*shown, *forms, html_pane(versions_card(found, self._session.zone)), html_pane(needs_card(found.needs))]

    def _made(self, code: str) -> None:
        self._rows = self._session.look(views.plans)
        self._browse.open(code)
        self._browse.moved()
        self._browse.notice.good(_("The plan {code} stands in the catalogue.", code=code))

    def _after(self, what: str, then: str = "") -> None:
        self._rows = self._session.look(views.plans)
        self._browse.again()
        self._browse.notice.good(what, then)


def _named(one: PlanRow) -> Html:
    return joined(pick(one.plan.code, one.plan.name, parameter="plan"), BREAK, tag("small", one.plan.code))


def _sale(one: PlanRow) -> Html:
    tone, said = SALE[one.lifecycle]
    plan = one.plan
    days = []
    if plan.on_sale and plan.sale_from is not None:
        days.append(_("from {day}", day=words.day(plan.sale_from)))
    if plan.on_sale and plan.sale_until is not None:
        days.append(_("until {day}", day=words.day(plan.sale_until)))
    if one.changes_on is not None:
        days.append(_("changes on {day}", day=words.day(one.changes_on)))
    chip = tag("span", said, css=f"chip {tone}".strip())
    return joined(chip, BREAK, tag("small", ", ".join(days))) if days else chip


def _had(one: PlanRow) -> Html:
    older = (
        joined(BREAK, tag("small", _("{other_terms} at older terms", other_terms=one.other_terms)))
        if one.other_terms
        else ""
    )
    return joined(str(one.had), older)


class PlanForm:
    """What may be done with a plan: changed from a day on, sold until a day, withdrawn."""

    def __init__(self, session: PageSession, found: PlanDetail, *, notice: Notice, after: Any) -> None:
        self._session, self._notice, self._after = session, notice, after
        plan = found.row.plan
        self._code = plan.code
        self._ahead = [one for one in found.versions if one.number is None]
        self._name = field(_("Name"), value=plan.name, max_length=80)
        self._price = field(
            _("Price a month, {currency}", currency=plan.price.currency),
            value=spoken_number(str(plan.price.rounded().amount)),
        )
        self._down = field(_("Down, kbit/s"), value=str(plan.down_kbps))
        self._up = field(_("Up, kbit/s"), value=str(plan.up_kbps))
        latest = session.today + FURTHEST
        self._from = day_field(_("From this day on"), session.today, latest=latest)
        self._until = DayField(
            label=_("Last day of sale"),
            value=plan.sale_until.isoformat() if plan.sale_until else "",
            latest=latest.isoformat(),
            sizing_mode="stretch_width",
            margin=0,
            styles={"flex": "1 1 150px", "max-width": "220px"},
        )
        self._sale_from = plan.sale_from
        self._on_sale = plan.on_sale
        self._reason = field(_("Reason"), placeholder=_("For colleagues, in a few words"), max_length=300)
        self._needs = html_pane()

    def parts(self) -> list[Any]:
        """What is shown."""
        change = button(_("Change the plan"), self._change, notice=self._notice, icon="edit_calendar")
        needs = button(_("What would OLTs need?"), self._show_needs, notice=self._notice, kind="outlined", icon="dns")
        sell = button(_("Set the sale"), self._sell, notice=self._notice, kind="outlined", icon="event_available")
        presses = [change, needs, sell]
        if self._on_sale:
            withdraw = button(_("Withdraw now"), self._withdraw, notice=self._notice, kind="outlined", color="error")
            presses.append(withdraw)
        backs = [
            button(
                _("Take back the change of {day}", day=words.day(one.valid_from)),
                partial(self._back, one.id),
                notice=self._notice,
                kind="outlined",
                icon="undo",
            )
            for one in self._ahead
        ]
        says = _("Services that have it keep their terms until a bulk change moves them.")
        title = html_pane(joined(tag("h2", _("Change it")), tag("p", says, css="soft")))
        fields = [row(self._name, self._price), row(self._down, self._up), row(self._from, self._until)]
        return [column(title, *fields, self._reason, row(*presses, *backs), self._needs)]

    def _rates(self) -> tuple[int, int]:
        return kbps(self._down, "down_kbps"), kbps(self._up, "up_kbps")

    def _change(self) -> None:
        if self._from.day is None:
            raise Refused(
                say("A day is needed."), field="valid_from", remedy=say("Choose the day from which on it is so.")
            )
        down, up = self._rates()
        day = self._from.day
        self._session.act(
            intake.change_plan,
            code=self._code,
            valid_from=day,
            name=typed(self._name),
            down_kbps=down,
            up_kbps=up,
            price=typed(self._price),
            reason=typed(self._reason),
        )
        if day == self._session.today:
            self._after(_("The plan is changed."), _("Whoever chooses it from now on gets it so."))
        else:
            self._after(_("The plan changes on {day}.", day=words.day(day)), _("Until then it can be taken back."))

    def _show_needs(self) -> None:
        down, up = self._rates()
        found = self._session.look(views.needs, down_kbps=down, up_kbps=up)
        self._needs.object = str(needs_card(found))

    def _sell(self) -> None:
        until = self._until.day
        reason = typed(self._reason)
        self._session.act(intake.sell_plan, code=self._code, sale_from=self._sale_from, sale_until=until, reason=reason)
        self._after(
            _("It is sold until {day}.", day=words.day(until)) if until else _("It is sold until further notice.")
        )

    def _withdraw(self) -> None:
        self._session.act(intake.withdraw_plan, code=self._code, reason=typed(self._reason))
        self._after(_("It is not sold any more."), _("Whoever has it keeps it."))

    def _back(self, key: Any) -> None:
        self._session.act(intake.take_back_change, code=self._code, change=key, reason=typed(self._reason))
        self._after(_("That change is taken back."))


class NewPlan:
    """The form for another plan."""

    def __init__(self, session: PageSession, *, notice: Notice, made: Any) -> None:
        self._session, self._notice, self._made = session, notice, made
        currency = session.settings.company.currency
        self._code = field(_("Code"), placeholder="home-1000", max_length=40)
        self._name = field(_("Name, as customers read it"), max_length=80)
        self._price = field(_("Price a month, {currency}", currency=currency), placeholder=spoken_number("39.90"))
        self._down = field(_("Down, kbit/s"), value=str(500 * KBPS))
        self._up = field(_("Up, kbit/s"), value=str(100 * KBPS))
        self._policy = choice(
            _("Address"), {address_words(one): one for one in AddressPolicy}, value=AddressPolicy.DYNAMIC
        )
        self._prefix = choice(
            _("IPv6 prefix"), {_("none"): "", **{prefix_words(one): one for one in Ipv6Policy}}, value=""
        )
        self._ont = choice(_("The ONT"), {ont_words(one): one for one in OntMode}, value=OntMode.BRIDGE)
        self._vlan = field(_("VLAN of its lines"), placeholder=_("2 to 4094"))
        self._own = choice(
            _("Tags"), {_("its lines share that VLAN"): "", _("a pair of tags for each line"): "own"}, value=""
        )
        self._from = day_field(_("First day of sale"), session.today, latest=session.today + FURTHEST)
        self._reason = field(_("Reason"), placeholder=_("For colleagues, in a few words"), max_length=300)
        self._needs = html_pane()

    def parts(self) -> list[Any]:
        """What is shown."""
        make = button(_("Put it into the catalogue"), self._make, notice=self._notice, icon="add")
        needs = button(_("What would OLTs need?"), self._show_needs, notice=self._notice, kind="outlined", icon="dns")
        return [
            html_pane(tag("h2", _("A new plan"))),
            column(
                row(self._code, self._name),
                row(self._price, self._from),
                row(self._down, self._up),
                row(self._policy, self._prefix),
                row(self._vlan, self._own),
                self._ont,
                self._reason,
                row(make, needs),
                self._needs,
            ),
        ]

    def _make(self) -> None:
        today = self._session.today
        code = self._session.act(
            intake.new_plan,
            code=typed(self._code),
            name=typed(self._name),
            down_kbps=kbps(self._down, "down_kbps"),
            up_kbps=kbps(self._up, "up_kbps"),
            price=typed(self._price),
            address_policy=str(self._policy.value),
            vlan=number(self._vlan, "vlan", _("a number from 2 to 4094")),
            sale_from=self._from.day if self._from.day != today else None,
            ipv6_policy=str(self._prefix.value),
            ont=str(self._ont.value),
            own_vlan=bool(self._own.value),
            reason=typed(self._reason),
        )
        self._made(code)

    def _show_needs(self) -> None:
        found = self._session.look(
            views.needs, down_kbps=kbps(self._down, "down_kbps"), up_kbps=kbps(self._up, "up_kbps")
        )
        self._needs.object = str(needs_card(found))


def typed(one: Any) -> str:
    """What stands in a field."""
    return str(one.value_input if one.value_input is not None else one.value or "").strip()


def kbps(one: Any, name: str) -> int:
    """A rate that was typed; raises Refused."""
    return number(one, name, _("a whole number of kbit/s, such as 512000"))


def number(one: Any, name: str, allowed: str) -> int:
    """A number that was typed; raises Refused."""
    text = typed(one).replace(" ", "").replace("_", "")
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise Refused(
            say("{label} is {text}.", label=one.label, text=text or "empty"),
            field=name,
            value=text,
            remedy=say("Type {allowed}.", allowed=allowed),
        )
    return int(text)
