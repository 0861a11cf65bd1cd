"""A PON port: what became of the light of each of its ONTs, and what its OLT tells of them now."""

from __future__ import annotations

from typing import Any

from dashboards.parts import light as drawn
from dashboards.parts import words
from dashboards.parts.cards import empty
from dashboards.parts.html import BREAK, Html, html_pane, joined, show, tag
from dashboards.parts.inputs import button, row
from dashboards.parts.names import state_words
from dashboards.parts.notice import Notice, alert, describe_failure
from dashboards.parts.states import chip
from dashboards.parts.table import Column, table
from dashboards.route import PageSession
from isp_lifecycle.foundation.pages import Thing, page_of
from isp_lifecycle.foundation.texts import _, n_, said, say, say_as
from isp_lifecycle.intake import light as intake
from isp_lifecycle.views import port as views
from isp_lifecycle.views.light import port as light
from isp_lifecycle.views.light.port import OntOverTime
from isp_lifecycle.views.port import Fault, OntNow, PortNow

#: What to look at where several ONTs have the same.
SAYS = {
    Fault.FEEDER: (
        say("The whole port is weak."),
        say("Look at the feeder: its closures, its connectors, the OLT's optic."),
    ),
    Fault.SPLITTER: (say("One splitter's ONTs are weak."), say("Look at that splitter and at what feeds it.")),
    Fault.DROP: (say("Weak on their own drops."), say("Their neighbours have the light that they should.")),
    Fault.LIGHT: (
        say("The light of some went."),
        say("With many at once a fibre before them is cut; one alone: its drop."),
    ),
}
_CHIPS = {Fault.NONE: "good", Fault.UNKNOWN: "", Fault.POWER: "warn", Fault.OFF: "warn"}


class PortLook:
    """The look, and the press that takes it: it asks the device, which takes a second or two."""

    def __init__(self, session: PageSession, olt: str, port: str, notice: Notice) -> None:
        self._session = session
        self._olt, self._port = olt, port
        self._notice = notice
        self._past = html_pane()
        self._shown = html_pane(
            empty(_("Nobody has asked yet."), _("The OLT tells the state and the light of every ONT here."), "sensors")
        )

    def parts(self) -> list[Any]:
        """What is shown; whoever may not ask devices is told what was read by night."""
        self._draw_past()
        heading = html_pane(tag("h2", f"{self._olt} {self._port}"))
        if not self._session.actor.may("network.read_live"):
            return [heading, self._past]
        press = button(_("Look at {port} now", port=self._port), self._look, notice=self._notice, icon="sensors")
        return [heading, row(press), self._shown, self._past]

    def _look(self) -> None:
        self._notice.info(_("Asking {olt}…", olt=self._olt), _("It takes a second or two."))
        found = self._session.look(views.port_now, olt=self._olt, pon_port=self._port)
        self._notice.clear()
        show(self._shown, self._told(found))
        if found.light is not None and self._session.act(intake.keep_look, olt=self._olt, content=found.light):
            self._draw_past()

    def _draw_past(self) -> None:
        show(self._past, over_time(self._session, self._olt, self._port))

    def _told(self, found: PortNow) -> Html:
        if found.error is not None:
            return describe_failure(found.olt, found.error.what, found.error.remedy)
        said = [
            alert("bad" if fault is Fault.FEEDER else "warn", *_with_count(found, fault))
            for fault in SAYS
            if found.count(fault)
        ]
        good = found.onts and all(one.fault is Fault.NONE for one in found.onts)
        columns = [
            Column[OntNow]("ONT", lambda o: o.ont_id, "key"),
            Column[OntNow](_("Service"), lambda o: _service(o.service_code, o.customer)),
            Column[OntNow](_("Serial"), lambda o: tag("span", o.serial, css="mono")),
            Column[OntNow](_("Splitter"), lambda o: o.splitter),
            Column[OntNow](_("State"), lambda o: chip("online" if o.online else "failed", _state(o))),
            Column[OntNow](_("Light now"), lambda o: words.level(o.rx_dbm), "num"),
            Column[OntNow](_("Should be"), lambda o: words.level(o.expected_dbm), "num"),
            Column[OntNow](_("When built"), lambda o: words.level(o.built_dbm), "num"),
            Column[OntNow](
                _("Says"), lambda o: tag("span", str(o.fault), css=f"chip {_CHIPS.get(o.fault, 'bad')}".strip())
            ),
        ]
        nothing = (_("No ONT is on this port."), _("Nobody is connected here."))
        at = words.clock(found.read_at, self._session.zone)
        return tag(
            "div",
            tag(
                "h2",
                _(
                    "{olt} {port} now: {online} of {onts} online",
                    olt=found.olt,
                    port=found.port,
                    online=found.online,
                    onts=len(found.onts),
                ),
            ),
            tag(
                "p",
                tag(
                    "small",
                    _("Read on {olt} at {at}, in {seconds:.1f} s.", olt=found.olt, at=at, seconds=found.seconds),
                ),
            ),
            *said,
            alert("good", _("Every ONT has the light that it should.")) if good else Html(""),
            table(found.onts, columns, nothing=nothing),
            css="stack-m",
        )


def over_time(session: PageSession, olt: str, port: str) -> Html:
    """What became of the light of each ONT in the last two months."""
    found = session.look(light.port_over_time, olt=olt, pon_port=port)
    if found.read_at is None:
        nothing = _("Its light was never read."), _("Each night it is read by itself, and whenever somebody looks.")
        return joined(tag("h2", _("Light over time")), empty(*nothing, symbol="show_chart"))
    columns = [
        Column[OntOverTime](_("ONT"), lambda o: o.ont_id, "key"),
        Column[OntOverTime](_("Service"), lambda o: _service(o.service_code, o.customer)),
        Column[OntOverTime](_("Splitter"), lambda o: o.splitter),
        Column[OntOverTime](_("Last"), lambda o: words.level(o.trend.last) or chip("failed", _("off")), "num"),
        Column[OntOverTime](_("Against 7 days"), lambda o: drawn.difference(o.trend.week_db), "num"),
        Column[OntOverTime](_("Against 30 days"), lambda o: drawn.difference(o.trend.month_db), "num"),
        Column[OntOverTime](_("60 days"), lambda o: drawn.sparkline(o.trend)),
        Column[OntOverTime](_("What became of it"), drawn.briefly),
    ]
    read = words.moment(found.read_at, session.zone)
    return tag(
        "div",
        tag("h2", _("Light over time")),
        *(alert("warn", drawn.told(one)) for one in drawn.common(found)),
        table(found.onts, columns, nothing=(_("No ONT was on this port."), "")),
        drawn.small_print(read, invented=found.invented),
        css="stack-m",
    )


def _with_count(found: PortNow, fault: Fault) -> tuple[str, str]:
    what, then = SAYS[fault]
    return n_("{what} ({count} ONT)", "{what} ({count} ONTs)", found.count(fault), what=what), then


def _service(code: str, customer: str) -> Html:
    if not code:
        return tag("span", _("not on record"), css="soft")
    return joined(tag("a", code, href=page_of(Thing.SERVICE, code)), BREAK, tag("small", customer))


def _state(o: OntNow) -> str:
    if not o.seen:
        return _("not on the OLT")
    return state_words("online") if o.online else said(say_as("ONTs", "off"))
