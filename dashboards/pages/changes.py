"""What may be asked for a service: one form for each change, and a second press that says what will happen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import panel_material_ui as pmui

from dashboards.parts.days import DayField, day_field
from dashboards.parts.html import html_pane, show, tag
from dashboards.parts.inputs import button, choice, column, field, row
from dashboards.parts.notice import Notice, alert
from dashboards.route import PageSession
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import _, said, say
from isp_lifecycle.intake import lines, portal
from isp_lifecycle.intake.door import Entry
from isp_lifecycle.intake.once import Placed
from isp_lifecycle.views import portal as portal_views
from isp_lifecycle.views.services import ServiceDetail

WAYS: dict[str, str] = {
    say("Slow it down"): "slow",
    say("Only our own pages"): "walled_garden",
    say("Switch it off"): "off",
}
REASONS: dict[str, str] = {
    say("Charges not paid"): "non_payment",
    say("The customer's wish"): "customer_wish",
    say("Used against the terms"): "abuse",
}
POLICIES: dict[str, str] = {
    say("Same kind"): "",
    say("Dynamic"): "dynamic",
    say("Static"): "static",
    say("Block of 4"): "block30",
    say("Block of 8"): "block29",
}
#: What an address change may do about IPv6, as the door takes it.
PREFIXES: dict[str, str] = {say("As it is"): "", "A /56": "pd56", "A /48": "pd48", say("None"): lines.NO_IPV6}
#: How far ahead a change may be asked for; the door refuses a day beyond it.
FURTHEST = timedelta(days=365)


@dataclass(frozen=True)
class Asked:
    """What was filled in: the sentence to agree to, the door's function and what it is given."""

    sentence: str
    entry: Entry[..., Placed]
    given: dict[str, Any]


@dataclass(frozen=True)
class Form:
    """One change: who may ask for it, in which states of the service, its fields, and what they come to."""

    title: str
    permission: str
    states: tuple[str, ...]
    make: Callable[[], tuple[Sequence[Any], Callable[[], Asked]]]


class Changes:
    """The forms that this person may use for this service as it is."""

    def __init__(
        self, session: PageSession, service: ServiceDetail, *, notice: Notice, changed: Callable[[], None]
    ) -> None:
        self._session = session
        self._service = service
        self._notice = notice
        self._changed = changed

    def parts(self) -> list[Any]:
        """What is shown: nothing to those who may ask for nothing."""
        may = [f for f in self._forms() if self._session.actor.may(f.permission) and self._service.state in f.states]
        if not may:
            return []
        opened = [(form.title, self._panel(form)) for form in may]
        return [pmui.Accordion(*opened, active=[], sizing_mode="stretch_width", margin=0)]

    def _forms(self) -> tuple[Form, ...]:
        active, either = ("active",), ("active", "suspended")
        return (
            Form(_("Change the plan"), "service.change_plan", active, self._plan),
            Form(_("Suspend"), "service.suspend", active, self._suspension),
            Form(_("Resume"), "service.resume", ("suspended",), self._resumption),
            Form(_("Swap the ONT"), "service.swap_ont", active, self._swap),
            Form(_("Move to another address"), "service.relocate", active, self._relocation),
            Form(_("Change the IP address"), "service.change_address", active, self._address),
            Form(_("End the service"), "service.terminate", either, self._end),
        )

    def _panel(self, form: Form) -> Any:
        """The fields, a first press that says what will happen, and a second one that does it."""
        fields, filled = form.make()
        told = html_pane()
        asked: list[Asked] = []

        def look() -> None:
            asked[:] = [filled()]
            show(told, alert("warn", asked[0].sentence, f"{self._service.customer}, {self._service.address}"))
            sure.visible, first.visible = True, False

        def do() -> None:
            placed = self._session.act(asked[0].entry, service_code=self._service.service_code, **asked[0].given)
            self._changed()
            self._notice.good(_("Order {order_code} is placed.", order_code=placed.order_code), asked[0].sentence)

        def keep() -> None:
            show(told, tag("span"))
            sure.visible, first.visible = False, True

        first = row(button(f"{said(form.title)} …", look, notice=self._notice, kind="outlined"))
        sure = row(
            button(_("Yes, do it"), do, notice=self._notice, icon="check"),
            button(_("Keep it as it is"), keep, notice=self._notice, kind="outlined"),
            visible=False,
        )
        return column(*fields, first, told, sure)

    # --- one form each ---------------------------------------------------------------------------------------------

    def _plan(self) -> tuple[Sequence[Any], Callable[[], Asked]]:
        plans = {p.name: p.code for p in self._session.look(portal_views.plans) if self._fits(p)}
        plan, starts = choice(_("New plan"), plans), self._day(_("From"))

        def filled() -> Asked:
            day = _given(starts)
            if not plan.value:
                raise Refused(say("No plan is chosen."), field="plan", remedy=say("Choose one, then press again."))
            name = next(n for n, code in plans.items() if code == plan.value)
            given = {"plan_code": plan.value, "wanted_on": day}
            return Asked(
                _("The line changes to {name} on {day:%d %b %Y}.", name=name, day=day), portal.ask_plan_change, given
            )

        return (plan, starts), filled

    def _fits(self, plan: portal_views.PlanRow) -> bool:
        same = plan.address_policy == self._service.address_policy
        return same and plan.code != self._service.plan_code

    def _suspension(self) -> tuple[Sequence[Any], Callable[[], Asked]]:
        way, why, starts = choice(_("How"), WAYS, value="off"), choice(_("Why"), REASONS), self._day(_("From"))
        note = field(_("Note (optional)"), max_length=300)

        def filled() -> Asked:
            day = _given(starts)
            given = {"wanted_on": day, "way": way.value, "why": why.value, "note": note.value_input or ""}
            sentence = _(
                "The line is shut on {day:%d %b %Y}; from then on it is not charged, and the customer is told.", day=day
            )
            return Asked(sentence, lines.ask_suspension, given)

        return (way, why, starts, note), filled

    def _resumption(self) -> tuple[Sequence[Any], Callable[[], Asked]]:
        starts = self._day(_("From"))

        def filled() -> Asked:
            day = _given(starts)
            sentence = _("The line runs as agreed again, and is charged, from {day:%d %b %Y}.", day=day)
            return Asked(sentence, lines.ask_resumption, {"wanted_on": day})

        return (starts,), filled

    def _swap(self) -> tuple[Sequence[Any], Callable[[], Asked]]:
        serial = field(_("Serial number of the new ONT, if it is plugged in already"), placeholder="HWTC-AABBCCDD")
        note = field(_("Note for the engineer (optional)"), max_length=300)

        def filled() -> Asked:
            number = (serial.value_input or "").strip()
            if number:
                return Asked(
                    _("The line goes over to ONT {number} now.", number=number), lines.swap_ont, {"serial": number}
                )
            sentence = _("An engineer is booked, who exchanges the ONT.")
            return Asked(sentence, lines.ask_ont_swap, {"note": note.value_input or ""})

        return (serial, note), filled

    def _relocation(self) -> tuple[Sequence[Any], Callable[[], Asked]]:
        text = field(_("New address"), placeholder=_("Street and number"), max_length=120)
        found = choice(_("Found"), {})

        def search(words: str) -> None:
            hits = self._session.look(portal_views.find_address, text=words)
            free = {hit.address: hit.premises_code for hit in hits if hit.serviceable and not hit.occupied}
            found.options = free
            found.value = next(iter(free.values()), None)

        text.param.watch(lambda event: search(event.new), "value_input")

        def filled() -> Asked:
            if not found.value:
                raise Refused(
                    say("No address is chosen."), field="premises", remedy=say("Type a part of it and choose one.")
                )
            address = next(name for name, code in found.options.items() if code == found.value)
            sentence = _(
                "An engineer is booked at {address}; the old line goes when the new one works.", address=address
            )
            return Asked(sentence, lines.ask_relocation, {"premises_code": found.value})

        return (text, found), filled

    def _address(self) -> tuple[Sequence[Any], Callable[[], Asked]]:
        policy, prefix = choice(_("Kind of address"), POLICIES), choice(_("IPv6 prefix"), PREFIXES)
        starts = self._day(_("From"))

        def filled() -> Asked:
            day = _given(starts)
            what = _("IPv6 prefix") if prefix.value and not policy.value else _("IP address")
            sentence = _(
                "The line gets another {what} on {day:%d %b %Y}; equipment set by hand must be changed.",
                what=what,
                day=day,
            )
            given = {"wanted_on": day, "policy": policy.value or "", "ipv6": prefix.value or ""}
            return Asked(sentence, lines.ask_address_change, given)

        return (policy, prefix, starts), filled

    def _end(self) -> tuple[Sequence[Any], Callable[[], Asked]]:
        ends = self._day(_("Last day"))

        def filled() -> Asked:
            day = _given(ends)
            sentence = _(
                "The line is taken off the network after {day:%d %b %Y}, and its address is given back.", day=day
            )
            return Asked(sentence, portal.ask_termination, {"wanted_on": day})

        return (ends,), filled

    def _day(self, label: str) -> DayField:
        today = self._session.today
        return day_field(label, today, latest=today + FURTHEST)


def _given(day: DayField) -> date:
    if day.day is None:
        raise Refused(say("A day is needed."), field="date", remedy=say("Choose one, then press again."))
    return day.day
