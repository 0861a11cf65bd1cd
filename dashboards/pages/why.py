"""Why does it not work? One line, looked at everywhere at once: the cause on top, and what can be done from here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import panel as pn

from dashboards.pages import why_shown as shown
from dashboards.pages.care import LineCare
from dashboards.pages.why_mend import Mend, MendState
from dashboards.parts.cards import empty
from dashboards.parts.html import Html, html_pane, joined, phrase, show, tag
from dashboards.parts.inputs import button, column, field, row
from dashboards.parts.live import Live
from dashboards.parts.notice import Notice
from dashboards.parts.notice import shown as careful
from dashboards.parts.picking import Picking
from dashboards.route import PageSession
from isp_lifecycle.foundation.texts import _, say
from isp_lifecycle.intake import light as keeping
from isp_lifecycle.intake import support as intake
from isp_lifecycle.views import services
from isp_lifecycle.views.care import LastReset
from isp_lifecycle.views.diagnosis import asking, records
from isp_lifecycle.views.diagnosis import find as finding
from isp_lifecycle.views.diagnosis.asking import Looking
from isp_lifecycle.views.diagnosis.model import Act, Diagnosis
from isp_lifecycle.views.light import port as light
from isp_lifecycle.views.light.port import OntOverTime

#: How often what is told is shown while it is being looked at, and how often the engine's work is followed.
LOOK_SECONDS, FOLLOW_SECONDS = 0.5, 2.0
NOTHING = (
    say("Whose line does not work?"),
    say("Write a name, a service, an address, a serial number or an IP."),
    "monitor_heart",
)
NOBODY = (
    say("No line is known by that."),
    say("Try a part of the name or the street, or the number on the ONT's label."),
    "search_off",
)


def page(session: PageSession) -> Sequence[Any]:
    """Why it does not work."""
    return WhyPage(session).parts()


class WhyPage:
    """The question, and the line that it is about."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._notice = Notice()
        self._text = field(_("Customer, service, address, serial number or IP"), size="small")
        self._text.param.watch(lambda event: careful(self._notice, self._find)(event.new), "value")
        self._found = Picking(on_pick=careful(self._notice, self._pick))
        self._place = column()
        self._line: LineWhy | None = None
        self._looking = Live(ask=self._ask, show=self._fresh, every=LOOK_SECONDS, notice=self._notice)
        self._following = Live(ask=self._ask_work, show=self._fresh_work, every=FOLLOW_SECONDS, notice=self._notice)
        of = session.query.get("of", "").strip()
        self._text.value_input = self._text.value = of
        careful(self._notice, self._find)(of)

    def parts(self) -> list[Any]:
        """What is shown."""
        live = (self._looking.start(), self._following.start())
        return [self._text, self._notice.pane, self._found, self._place, *live]

    def _find(self, text: str) -> None:
        """One line is looked at at once; of several, somebody chooses."""
        found = self._session.look(finding.find, text=text or "")
        if len(found) == 1:
            self._pick(found[0].key)
            return
        self._line, self._place.objects = None, []
        asked = len((text or "").strip()) >= 2
        self._found.visible = True
        self._found.show(shown.matches(found) if found else empty(*(NOBODY if asked else NOTHING)))

    def _pick(self, key: str) -> None:
        self._found.visible = False
        self._notice.clear()
        self._line = LineWhy(self._session, key, notice=self._notice)
        self._place.objects = self._line.parts()
        if pn.state.location is not None:
            pn.state.location.search = f"?of={key}"

    def _ask(self) -> tuple[LineWhy, Diagnosis] | None:
        line = self._line
        answer = line.news() if line is not None else None
        return (line, answer) if line is not None and answer is not None else None

    def _fresh(self, answer: tuple[LineWhy, Diagnosis] | None) -> None:
        if answer is not None and answer[0] is self._line:
            answer[0].show(answer[1])

    def _ask_work(self) -> tuple[LineWhy, LastReset | None, MendState | None] | None:
        line = self._line
        return (line, *line.read_work()) if line is not None else None

    def _fresh_work(self, answer: tuple[LineWhy, LastReset | None, MendState | None] | None) -> None:
        if answer is not None and answer[0] is self._line:
            answer[0].show_work(answer[1], answer[2])


class LineWhy:
    """One line: what is known so far, what is done from here, and that it is looked at again."""

    def __init__(self, session: PageSession, key: str, *, notice: Notice) -> None:
        self._session = session
        self._notice = notice
        self._key = key
        self._looking: Looking = session.look(asking.look_into, key=key)
        self._told: Diagnosis | None = None
        self._past: OntOverTime | None = None
        self._past_asked = False
        self._verdict, self._links, self._way, self._light = html_pane(), html_pane(), html_pane(), html_pane()
        self._neighbours, self._around, self._heading = html_pane(), html_pane(), html_pane()
        known = self._looking.records
        line, service = known.line, known.service
        self._again = button(_("Look again"), self.look, notice=notice, icon="refresh", kind="outlined")
        self._ticket = button(
            _("Open a ticket with this"), self._open_ticket, notice=notice, icon="confirmation_number"
        )
        self._ticket.visible = session.actor.may("ticket.write")
        self._mend = Mend(session, olt=line.olt, key=known.key, notice=notice) if line and service else None
        detail = session.look(services.service, service_code=service.code) if service else None
        self._care = LineCare(session, detail, notice=notice, told=True) if detail is not None else None
        self.show(self._looking.so_far())

    def parts(self) -> list[Any]:
        """What is shown."""
        checks = html_pane(tag("h2", _("Checks and help"))) if self._care else None
        mend = [self._mend.parts()] if self._mend else []
        care = [checks, *mend, *self._care.parts()] if self._care else []
        return [
            self._heading,
            self._verdict,
            row(self._again, self._ticket, self._links),
            self._way,
            self._light,
            self._neighbours,
            self._around,
            *care,
        ]

    def look(self) -> None:
        """Look again, everywhere."""
        self._looking = self._session.look(asking.look_into, key=self._key)
        self._told = None
        self.show(self._looking.so_far())

    def news(self) -> Diagnosis | None:
        """The answer so far, unless all of it is shown already; at its end what was read of the light is kept."""
        if self._told is not None and self._told.final:
            return None
        if not self._past_asked and self._looking.records.service is not None:
            self._past_asked = True
            self._past = self._session.look(light.line_over_time, service_code=self._key)
        answer = self._looking.so_far()
        read = self._looking.light() if answer.final and self._session.actor.may("network.read_live") else None
        line = self._looking.records.line
        if read is not None and line is not None:
            self._session.act(keeping.keep_look, olt=line.olt, content=read)
        return answer

    def show(self, d: Diagnosis) -> None:
        """Show what is known so far."""
        self._told = d
        known, seen = self._looking.records, self._looking.seen()
        show(self._heading, shown.heading(known, self._session))
        show(self._verdict, shown.verdict(d, self._session))
        show(self._links, self._act(d))
        show(self._way, shown.way(d, self._session))
        show(self._light, shown.light_over_time(self._past) if self._past else Html(""))
        show(self._neighbours, shown.neighbours(seen, self._session))
        show(self._around, shown.around(known, self._session))

    def _act(self, d: Diagnosis) -> Html:
        """Where to do about it what is not done here."""
        one, may = d.finding, self._session.actor.may
        links: list[Html] = []
        if one.delivery_id is not None and may("delivery.read"):
            retry = _("Retry or cancel it") if one.act is Act.RETRY else _("See the work")
            links.append(tag("a", retry, href=f"/support?delivery={one.delivery_id}"))
        if one.act is Act.RESUME and may("service.resume"):
            links.append(tag("a", _("Resume the service"), href=f"/services?service={d.key}"))
        if one.act is Act.DECIDE and may("order.read"):
            links.append(tag("a", _("Open the order"), href=f"/orders?order={d.key}"))
        line = self._looking.records.line
        if line is not None and not one.healthy and may("device.terminal"):
            links.append(tag("a", _("Open a terminal on {olt}", olt=line.olt), href=f"/terminal?olt={line.olt}"))
        return joined(*links)

    # --- what is done ----------------------------------------------------------------------------------------------

    def _open_ticket(self) -> None:
        told = self._looking.so_far()
        text = shown.ticket_text(told, self._session)
        common = told.finding.common
        subject = f"{common or told.key}: {told.finding.cause}"
        severity = "critical" if common else "major"
        code = self._session.act(
            intake.open_ticket,
            about=told.key,
            subject=subject,
            text=text,
            severity=severity,
            shared=bool(common),
        )
        show(self._around, shown.around(self._session.look(records.on_record, key=told.key), self._session))
        self._notice.good(
            phrase("Ticket {code} has this finding.", code=tag("a", code, href=f"/tickets?ticket={code}"))
        )

    def read_work(self) -> tuple[LastReset | None, MendState | None]:
        """How the reset and the mending stand that were asked for."""
        reset = self._care.read() if self._care is not None else None
        return reset, self._mend.read() if self._mend is not None else None

    def show_work(self, reset: LastReset | None, mending: MendState | None) -> None:
        """Show it; what has just been mended is looked at again."""
        if self._care is not None:
            self._care.show(reset)
        if self._mend is not None and self._mend.show(mending):
            self.look()
