"""Looking after a line on its service's page: its ONT read now, its reset step by step, its sessions and usage."""

from __future__ import annotations

from typing import Any

from dashboards.parts import words
from dashboards.parts.cards import card, empty, facts
from dashboards.parts.html import BREAK, Html, html_pane, joined, show, tag
from dashboards.parts.inputs import button, column, row
from dashboards.parts.notice import Notice, alert, describe_failure
from dashboards.parts.picking import Picking
from dashboards.parts.states import chip
from dashboards.parts.steps import ShownStep, seconds_words, steps
from dashboards.parts.table import Column, pager, table
from dashboards.route import PageSession
from isp_lifecycle.foundation.pages import Thing, page_of
from isp_lifecycle.foundation.texts import _, say
from isp_lifecycle.intake import care as intake
from isp_lifecycle.views import care as views
from isp_lifecycle.views import echo as pings
from isp_lifecycle.views.care import Answer, LastReset, LineNow, SessionsNow, read_out
from isp_lifecycle.views.services import ServiceDetail

NOT_READ = (say("Nothing was read yet."), say("Press Read now: the OLT answers in a few seconds."), "sensors")
NO_RADIUS = (
    say("No RADIUS is connected."),
    say("Sessions and usage appear here once ISP_RADIUS__DATABASE_URL is set."),
    "link_off",
)
NOT_ASKED = (say("Sessions and usage are kept by RADIUS."), say("Press the button to read them."), "query_stats")


class LineCare:
    """What is shown and done for one service. It changes in place: what was read stays while a reset goes on.

    ``told``: what is read by itself stands above already, so that nothing need be said of what was not read yet.
    """

    def __init__(self, session: PageSession, service: ServiceDetail, *, notice: Notice, told: bool = False) -> None:
        self._session = session
        self._service = service
        self._notice = notice
        self._ont = html_pane(Html("") if told else empty(*NOT_READ))
        self._sure = html_pane()
        self._reset = html_pane()
        self._echo = html_pane()
        self._sessions = Picking(on_pick=self._turn)
        self._offset = 0
        may = session.actor.may
        has_line = service.place is not None
        self._read = button(_("Read now"), self._read_ont, notice=notice, icon="sensors", kind="outlined")
        self._first = button(_("Reset ONT …"), self._ask, notice=notice, icon="restart_alt", kind="outlined")
        self._yes = button(_("Reset it"), self._do, notice=notice, icon="restart_alt", color="warning", visible=False)
        self._no = button(_("Leave it"), self._leave, notice=notice, kind="outlined", visible=False)
        self._read.visible = has_line and may("network.read_live")
        self._ping = button(_("Ping the router"), self._ping_it, notice=notice, icon="network_ping", kind="outlined")
        self._ping.visible = has_line and may("network.read_live") and session.look(pings.can_ping)
        self._first.visible = self._may_reset = has_line and may("ont.reset") and service.state != "terminated"
        self.show(self.read())

    def parts(self) -> list[Any]:
        """What is shown: of a line that was never built, its sessions only."""
        asks = self._session.look(views.has_accounts)
        more = button(
            _("Read sessions and usage"), self._read_sessions, notice=self._notice, kind="outlined", icon="query_stats"
        )
        self._sessions.show(card(empty(*(NOT_ASKED if asks else NO_RADIUS)), heading=_("Sessions and usage")))
        sessions = column(self._sessions, *([row(more)] if asks else []))
        if self._service.place is None:
            return [sessions]
        presses = row(self._read, self._ping, self._first)
        return [self._ont, self._echo, presses, self._sure, row(self._yes, self._no), self._reset, sessions]

    # --- the ONT ---------------------------------------------------------------------------------------------------

    def _read_ont(self) -> None:
        self._notice.info(_("Asking the OLT…"), _("It takes a few seconds."))
        now = self._session.look(views.line_now, service_code=self._service.service_code)
        self._notice.clear()
        show(self._ont, self._now(now) if now is not None else empty(_("The line is not built."), ""))

    def _now(self, now: LineNow) -> Html:
        if now.status.error is not None:
            failed = describe_failure(now.olt, now.status.error.what, now.status.error.remedy)
            return card(failed, self._kept(now), heading=_("The ONT now"))
        stranger = (
            alert("bad", now.stranger, _("Compare the OLT with the records (page: OLTs).")) if now.stranger else ""
        )
        columns = [
            Column[Answer](_("What"), lambda a: a.what, "key"),
            Column[Answer](_("As read"), lambda a: a.error or a.words),
            Column[Answer](_("Read"), lambda a: f"{words.clock(a.at, self._session.zone)}, {a.source}"),
        ]
        return card(
            stranger, table(read_out(now), columns, nothing=NOT_READ[:2]), self._kept(now), heading=_("The ONT now")
        )

    def _kept(self, now: LineNow) -> Html:
        if not now.readings:
            return Html("")
        items = [
            _(
                "{time}: {level} at the ONT, {level2} at the OLT ({source})",
                time=words.moment(one.at, self._session.zone),
                level=words.level(one.ont_rx_dbm) or _("no level"),
                level2=words.level(one.olt_rx_dbm) or _("no level"),
                source=one.source.replace("_", " "),
            )
            for one in now.readings
        ]
        return tag(
            "details", tag("summary", _("Light measured before")), *(tag("p", item, css="soft") for item in items)
        )

    def _ping_it(self) -> None:
        self._notice.info(_("Pinging the router…"), _("It takes some seconds where nothing answers."))
        found = self._session.look(pings.ping, service_code=self._service.service_code)
        self._notice.clear()
        what, then = pings.in_words(found)
        good = found.echoes is not None and found.echoes.received == found.echoes.sent
        whose = _("the address of its session, by RADIUS") if found.session else _("the address on record")
        source = f"{words.clock(found.at, self._session.zone)}, {found.echoes.source if found.echoes else ''}, {whose}"
        drawn = alert("good" if good and not found.missed else "warn", what, then)
        if found.missed:
            told = _("RADIUS could not say whether the line has another address now.")
            drawn = joined(alert("warn", told, found.missed), drawn)
        show(self._echo, card(drawn, tag("small", source), heading=_("Ping")))

    # --- its reset -------------------------------------------------------------------------------------------------

    def read(self) -> LastReset | None:
        """How its newest reset stands."""
        return self._session.look(views.last_reset, service_code=self._service.service_code)

    def show(self, last: LastReset | None) -> None:
        """Show how its newest reset stands, and let nobody ask for another one meanwhile."""
        show(self._reset, self._story(last) if last is not None else Html(""))
        going = last is not None and last.under_way
        self._first.visible = self._may_reset and not going and not self._yes.visible

    def _story(self, last: LastReset) -> Html:
        items = [
            ShownStep(
                s.name, s.state, s.says.partition("\n")[0] if s.state != "failed" else "", seconds_words(s.seconds)
            )
            for s in last.steps
        ]
        asked = _(
            "Asked for by {asked_by}, {time}.",
            asked_by=last.asked_by,
            time=words.moment(last.asked_at, self._session.zone),
        )
        failed = describe_failure(last.failure.step, last.failure.what, last.failure.remedy) if last.failure else ""
        link = ""
        if last.failure and self._session.actor.may("delivery.read"):
            link = tag("a", _("Open it to retry or cancel"), href=page_of(Thing.DELIVERY, last.delivery_id))
        head = tag("div", tag("h2", _("Reset of the ONT")), chip(last.state), css="row between")
        return card(head, tag("p", asked, css="soft"), steps(items), failed, link)

    def _ask(self) -> None:
        who = _("{customer} is offline for a minute or two.", customer=self._service.customer)
        show(
            self._sure,
            alert("warn", _("Reset the ONT of {service_code}?", service_code=self._service.service_code), who),
        )
        self._first.visible, self._yes.visible, self._no.visible = False, True, True

    def _leave(self) -> None:
        show(self._sure, Html(""))
        self._yes.visible = self._no.visible = False
        self._first.visible = self._may_reset

    def _do(self) -> None:
        self._session.act(intake.reset_ont, service_code=self._service.service_code)
        self._leave()
        self.show(self.read())
        self._notice.info(_("The ONT is being reset."), _("The steps below follow it."))

    # --- sessions --------------------------------------------------------------------------------------------------

    def _turn(self, key: str) -> None:
        step = {"page:before": -views.SESSIONS, "page:after": views.SESSIONS}.get(key, 0)
        self._offset = max(0, self._offset + step)
        self._read_sessions()

    def _read_sessions(self) -> None:
        code = self._service.service_code
        found = self._session.look(views.sessions_now, service_code=code, offset=self._offset)
        self._sessions.show(self._accounted(found))

    def _accounted(self, s: SessionsNow) -> Html:
        heading = _("Sessions and usage")
        if s.error is not None:
            return card(describe_failure("RADIUS", s.error.what, s.error.remedy), heading=heading)
        source = _(
            "FreeRADIUS, {time}, answered in {seconds:.1f} s",
            time=words.clock(s.read_at, self._session.zone),
            seconds=s.seconds,
        )
        return card(*self._live(s), self._past(s), *_usage(s), tag("small", source), heading=heading)

    def _live(self, s: SessionsNow) -> list[Html]:
        if not s.live:
            return [
                empty(_("No session is live."), _("The customer's router is not signed in, as far as gateways report."))
            ]
        zone, now = self._session.zone, self._session.now
        return [
            facts(
                (_("Signed in since"), words.moment(one.started_at, zone)),
                (_("Address"), str(one.address) if one.address else None),
                (_("IPv6 prefix"), str(one.delegated) if one.delegated else None),
                (_("Gateway"), str(one.gateway)),
                (_("Circuit"), tag("span", one.nas_port, css="mono") if one.nas_port else None),
                (_("Router"), tag("span", one.caller, css="mono") if one.caller else None),
                (_("Used so far"), words.used(one.down_octets, one.up_octets)),
                (_("Last heard of"), _("{time} ago", time=words.ago(one.updated_at or one.started_at, now))),
            )
            for one in s.live
        ]

    def _past(self, s: SessionsNow) -> Html:
        zone = self._session.zone
        columns = [
            Column[Any](_("Signed in"), lambda o: words.moment(o.started_at, zone), "key"),
            Column[Any](_("Signed out"), lambda o: _ended(o, zone)),
            Column[Any](_("Address"), lambda o: str(o.address or "")),
            Column[Any](_("Used"), lambda o: joined(*_each_way(o))),
        ]
        rows = table(s.past, columns, nothing=(_("No session has ended yet."), ""))
        pages = pager(offset=s.offset, shown=len(s.past), total=s.past_total)
        return tag("div", tag("h3", _("Past sessions")), rows, pages, css="stack-s")


def _ended(one: Any, zone: Any) -> Html:
    return joined(words.moment(one.ended_at, zone), BREAK, tag("small", one.ended_because))


def _each_way(one: Any) -> tuple[Any, ...]:
    return (
        _("{octets} down", octets=words.octets(one.down_octets)),
        BREAK,
        _("{octets} up", octets=words.octets(one.up_octets)),
    )


def _usage(s: SessionsNow) -> list[Html]:
    def listed(heading: str, kind: str, form: str, rows: Any) -> Html:
        columns = [
            Column[Any](kind, lambda u: f"{u.begins:{form}}", "key"),
            Column[Any](_("Down"), lambda u: words.octets(u.down_octets), "num"),
            Column[Any](_("Up"), lambda u: words.octets(u.up_octets), "num"),
            Column[Any](_("Sessions"), lambda u: u.sessions, "num"),
        ]
        shown = table(rows, columns, nothing=(_("Nothing was used."), ""))
        return tag("details", tag("summary", heading), shown)

    counted = tag("p", _("A session counts on the day on which it began, with all that it used."), css="soft")
    return [
        listed(_("Usage by month"), _("Month"), "%B %Y", s.months),
        listed(_("Usage by day"), _("Day"), "%a %d %b %Y", s.days),
        counted,
    ]
