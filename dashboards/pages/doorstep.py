"""One visit, on the doorstep: where, what light to expect, which ONT, one button, and the steps as they happen."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from dashboards.pages.missed import missed_parts
from dashboards.parts import words
from dashboards.parts.cards import card, empty, facts
from dashboards.parts.html import Html, html_pane, icon, joined, show, tag
from dashboards.parts.inputs import button, column, field, row
from dashboards.parts.kept import kept_at
from dashboards.parts.live import Live
from dashboards.parts.notice import Notice, alert, describe_failure
from dashboards.parts.picking import Picking
from dashboards.parts.states import chip
from dashboards.parts.steps import ShownStep, seconds_words, steps
from dashboards.route import PageSession
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import _, said, say
from isp_lifecycle.intake import field as intake
from isp_lifecycle.views import installer as views
from isp_lifecycle.views.installer import VisitDetail
from isp_lifecycle.views.live import LiveOnt, LiveOnts

#: How often the steps are asked for while somebody watches them.
WATCH_SECONDS = 1.0


class Doorstep:
    """A visit that is open. ``changed`` is called when its state has changed, so that the list is drawn anew."""

    def __init__(
        self,
        session: PageSession,
        visit_code: str,
        *,
        notice: Notice,
        changed: Callable[[], None],
        booked: Callable[[str], None],
    ) -> None:
        self._session = session
        self._booked = booked
        self._code = visit_code
        self._notice = notice
        self._changed = changed
        self._visit = self._read()
        self._serial = field(_("Serial number of the ONT"), placeholder="HWTC-AABBCCDD", max_length=40)
        self._serial.param.watch(lambda event: self._check(event.new), "value_input")
        self._said = html_pane()
        self._onts = Picking(on_pick=self._choose)
        self._place = html_pane()
        self._progress = html_pane()
        self._said_first = html_pane()
        self._form = self._activation()
        self._live = Live(ask=self._read, show=self._show, every=WATCH_SECONDS, notice=notice)
        self._show(self._visit)

    def parts(self) -> list[Any]:
        """What is shown."""
        missed = (
            missed_parts(self._session, self._visit, notice=self._notice, booked=self._booked)
            if self._visit.state == "missed"
            else []
        )
        kept = kept_at(self._session, visit_code=self._code)
        return [*missed, self._said_first, self._place, self._form, self._progress, *kept, self._live.start()]

    def leave(self) -> None:
        """Somebody looks at another visit now."""
        self._live.stop()

    def _read(self) -> VisitDetail:
        return self._session.look(views.visit, visit_code=self._code)

    # --- showing ---------------------------------------------------------------------------------------------------

    def _show(self, visit: VisitDetail) -> None:
        before, self._visit = self._visit, visit
        show(self._place, self._where(visit))
        begun = visit.delivery_state != "waiting" and visit.state != "missed"
        show(self._said_first, self._outcome(visit) if begun else self._registered(visit))
        show(self._progress, self._how_far(visit) if begun else Html(""))
        works, prepares = (self._session.actor.may(one) for one in ("visit.work", "ont.prepare"))
        wanted = (works or prepares) and visit.ready_for_serial
        if self._form.visible != wanted:
            self._form.visible = wanted
        self._go.visible, self._ahead.visible = works, prepares and visit.delivery_state == "waiting"
        if (before.state, before.delivery_state) != (visit.state, visit.delivery_state):
            self._changed()

    def _where(self, v: VisitDetail) -> Html:
        zone = self._session.zone
        hours = f"{words.moment(v.starts, zone)}–{words.time_of_day(v.ends, zone)}"
        call = tag("a", icon("call"), v.phone, href=f"tel:{v.phone}", css="action")
        drive = tag("a", icon("directions"), _("Navigate"), href=f"geo:{v.latitude},{v.longitude}", css="action")
        works = self._session.actor.may("visit.work")
        phone = [tag("a", icon("smartphone"), _("On the phone"), href=f"/field/#{v.visit_code}", css="action")] * works
        path = " → ".join((f"{v.olt} {v.pon_port}", *v.splitters))
        port = _(", port {splitter_port}", splitter_port=v.splitter_port) if v.splitter_port else ""
        return card(
            tag("div", tag("h2", v.customer, dir="auto"), chip(v.state), css="row between"),
            tag("p", v.address, css="big", dir="auto"),
            tag("div", call, drive, *phone, css="row"),
            facts(
                (_("Fibre"), joined(path, port)),
                (
                    _("Light expected"),
                    joined(
                        tag("b", words.level(v.expected_rx_dbm)),
                        _(" if the port sends as such ports do") if v.rests_on_typical else "",
                        _(", least {level}", level=words.level(v.lowest_rx_dbm)),
                    ),
                ),
            ),
            tag(
                "details",
                tag("summary", _("More about this visit")),
                facts(
                    (_("When"), hours),
                    (_("Work"), v.work),
                    (_("Plan"), f"{v.plan_name} · {words.rates(v.down_kbps, v.up_kbps)}"),
                    (_("Length"), f"{v.distance_m:,} m".replace(",", " ")),
                    (_("Instructions"), v.instructions),
                    (_("Visit"), v.visit_code),
                    (_("Order"), f"{v.order_code}, {v.service_code}"),
                ),
            ),
        )

    def _how_far(self, v: VisitDetail) -> Html:
        shown = [ShownStep(s.name, s.state, s.says, seconds_words(s.seconds)) for s in v.steps]
        return card(steps(shown), heading=v.work)

    def _registered(self, v: VisitDetail) -> Html:
        """That the ONT stands on the OLT already, where it does."""
        if not v.serial:
            return Html("")
        serial = self._session.look(views.read_serial, text=v.serial)
        what = _("It works once it is plugged in; another one takes its place.")
        return alert("info", _("ONT {serial} is registered ahead.", serial=serial), what)

    def _outcome(self, v: VisitDetail) -> Html:
        if v.delivery_state == "done":
            light = (
                _(
                    "Light {level} (expected {level2}). ",
                    level=words.level(v.measured_rx_dbm),
                    level2=words.level(v.expected_rx_dbm),
                )
                if v.measured_rx_dbm
                else ""
            )
            return alert(
                "good",
                _("The line is active."),
                _(
                    "{light}Address {address_given}.",
                    light=light,
                    address_given=v.address_given or _("given at sign-on"),
                ),
            )
        if v.delivery_state == "failed" and v.failure is not None:
            return describe_failure(v.failure.step, v.failure.what, v.failure.remedy)
        if v.failure is not None:
            return alert("warn", f"{said(v.failure.step)}: {said(v.failure.what)}", _("It is tried again by itself."))
        done = sum(step.state == "done" for step in v.steps)
        now = next((step.name for step in v.steps if step.state == "running"), _("It goes on by itself"))
        return alert(
            "info", f"{now}…", _("{done} of {steps} steps done. Stay until it is green.", done=done, steps=len(v.steps))
        )

    # --- the ONT ---------------------------------------------------------------------------------------------------

    def _activation(self) -> Any:
        if self._visit.serial:
            self._serial.value = self._visit.serial
        look = button(_("Look for ONTs"), self._look, notice=self._notice, icon="search", kind="outlined")
        go = button(_("Activate"), self._activate, notice=self._notice, icon="bolt", sizing_mode="stretch_width")
        ahead = button(
            _("Register it ahead"), self._prepare, notice=self._notice, icon="move_to_inbox", kind="outlined"
        )
        self._go, self._ahead = go, ahead
        works = self._session.actor.may("visit.work")
        hint = _("Plug the ONT in, look for it here and pick it, or type the number on its label.")
        if not works:
            hint = _(
                "Type the number of an ONT that is posted or picked for the visit: it works once it is plugged in."
            )
            look.visible = False
        return column(
            html_pane(joined(tag("h2", _("The ONT")), tag("p", hint, css="soft"))),
            row(look),
            self._onts,
            self._serial,
            self._said,
            go,
            ahead,
        )

    def _look(self) -> None:
        self._notice.info(_("Asking {olt}…", olt=self._visit.olt), _("It takes a second or two."))
        found = self._session.look(views.unconfigured, visit_code=self._code)
        self._notice.clear()
        self._onts.show(self._found(found))
        here = [o for o in found.onts if o.on_expected_port]
        if len(here) == 1:
            self._choose(here[0].serial)

    def _found(self, found: LiveOnts) -> Html:
        if found.error is not None:
            return describe_failure(found.olt, found.error.what, found.error.remedy)
        read = f"{found.olt}, {words.time_of_day(found.read_at, self._session.zone)}, {found.seconds:.1f} s"
        if not found.onts:
            return empty(
                _("The OLT sees no new ONT."),
                _("Is it plugged in, is its PON light on? Wait a moment, look again. ({read})", read=read),
                "sensors_off",
            )
        ordered = sorted(found.onts, key=lambda o: not o.on_expected_port)
        return joined(tag("div", *(self._ont(o) for o in ordered), css="choices"), tag("small", read))

    def _ont(self, o: LiveOnt) -> Html:
        where = (
            chip("active", _("this port"))
            if o.on_expected_port
            else chip("", _("port {pon_port}", pon_port=o.pon_port))
        )
        name = joined(tag("b", o.serial, css="mono"), " ", tag("small", f"{o.vendor} {o.equipment}".strip()))
        return tag("a", tag("span", name), where, href="#", data_pick=o.serial)

    def _choose(self, serial: str) -> None:
        self._serial.value = serial
        self._check(serial)

    def _check(self, text: str) -> None:
        """Say at once whether what is typed can be a serial number."""
        if len(text.strip()) < 12:
            show(self._said, Html(""))
            return
        try:
            shown = self._session.look(views.read_serial, text=text)
            show(self._said, Html(f'<p class="soft">Reads as <b class="mono">{escape(shown)}</b>.</p>'))
        except Refused as error:
            show(self._said, alert("warn", error.message, error.remedy))

    def _prepare(self) -> None:
        self._session.act(intake.prepare_ont, visit_code=self._code, serial=self._chosen())
        self._notice.info(_("The ONT is being registered."), _("It works once it is plugged in; the page follows it."))
        self._show(self._read())

    def _chosen(self) -> str:
        serial = str(self._serial.value_input or self._serial.value or "").strip()
        if not serial:
            raise Refused(
                say("No ONT is chosen."), field="serial", remedy=say("Look for it and pick it, or type its number.")
            )
        return serial

    def _activate(self) -> None:
        serial = self._chosen()
        if self._visit.state == "booked":
            self._session.act(intake.begin_visit, visit_code=self._code)
        self._session.act(intake.activate, visit_code=self._code, serial=serial)
        self._show(self._read())
