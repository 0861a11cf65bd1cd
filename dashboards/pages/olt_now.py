"""What happens on one OLT now: who has its turn, who stands in line, what holds it, who is at its command line."""

from __future__ import annotations

import time
from dataclasses import dataclass
from urllib.parse import urlencode

from dashboards.parts import words
from dashboards.parts.cards import bar, card, facts, lines
from dashboards.parts.html import BREAK, Html, html_pane, joined, show, tag
from dashboards.parts.notice import alert
from dashboards.parts.states import chip
from dashboards.parts.table import Column, table
from dashboards.route import PageSession
from isp_lifecycle.foundation.texts import _, n_, one_after_other
from isp_lifecycle.views import olt_now as views
from isp_lifecycle.views.engine.queue import QueueRow
from isp_lifecycle.views.engine.state import HoldRow
from isp_lifecycle.views.olt_now import OltHour, OltNow, OltQueue, OltTerminals, OltTurn, OpenTerminal

#: The hour's figures read all steps of the hour, of whatever OLT: they are asked for so often at most.
HOUR_EVERY_SECONDS = 20.0


@dataclass(frozen=True)
class Answer:
    """What was asked about the OLT."""

    now: OltNow
    hour: OltHour | None


class OltNowCard:
    """The card of one OLT that is open; it changes in place while somebody looks on."""

    def __init__(self, session: PageSession, olt: str) -> None:
        self._session = session
        self._olt = olt
        self._hour: OltHour | None = None
        self._hour_until = 0.0
        self.pane = html_pane()
        self.show(self.read())

    def read(self) -> Answer:
        """How it stands now."""
        if time.monotonic() >= self._hour_until:
            self._hour = self._session.look(views.hour, olt=self._olt)
            self._hour_until = time.monotonic() + HOUR_EVERY_SECONDS
        return Answer(self._session.look(views.now, olt=self._olt), self._hour)

    def show(self, answer: Answer) -> None:
        """Show how it stands; what whoever looks may not see is left out."""
        queue, there = answer.now.queue, answer.now.terminals
        pieces: list[Html] = [self._hold(hold) for hold in queue.holds] if queue else []
        pieces.append(
            facts(
                (_("At work on it"), self._turn(queue.turn) if queue else None),
                (_("In line for it"), _in_line(queue) if queue else None),
                (_("At its command line"), self._terminals(there) if there else None),
                (_("In the last hour"), _hour(answer.hour) if answer.hour else None),
            )
        )
        if queue and queue.first:
            pieces.append(self._waiting(queue))
        shown = any(part is not None for part in (queue, there, answer.hour))
        show(self.pane, card(tag("div", *pieces, css="stack-m"), heading=_("Now")) if shown else Html(""))

    def _hold(self, h: HoldRow) -> Html:
        since, until = (words.moment(at, self._session.zone) for at in (h.since, h.until))
        if not h.in_force:
            what = _("From {since} on the engine begins nothing here.", since=since)
        elif h.kind == "engine":
            what = _("The engine as a whole is paused since {since}.", since=since)
        else:
            what = _("The engine begins nothing on it since {since}.", since=since)
        then = (
            _("{by} paused it until {until}: {reason}", by=h.by, until=until, reason=h.reason)
            if until
            else _("{by} paused it until somebody resumes it: {reason}", by=h.by, reason=h.reason)
        )
        return alert("warn" if h.in_force else "info", what, then)

    def _turn(self, turn: OltTurn | None) -> Html:
        if turn is None:
            return joined(_("Nobody"))
        r, now = turn.row, self._session.now
        runs = r.standing == "running"
        since = words.ago(r.since, now)
        who = (
            _("for {time}, by worker {worker}", time=since, worker=r.worker or "")
            if runs
            else _("has the turn; a worker takes it up next")
        )
        state = chip("running") if runs else chip("queued", _("next"))
        return lines([joined(_link(r), " ", state), joined(_about(r), BREAK, tag("small", who))])

    def _terminals(self, there: OltTerminals) -> Html:
        people = [self._person(one) for one in there.open] or [joined(_("Nobody"))]
        sessions = _(
            "{open} of at most {at_most} terminals. Besides, each process of the system has at most "
            "one session that changes and one that reads.",
            open=len(there.open),
            at_most=there.at_most,
        )
        return lines([*people, tag("small", sessions)])

    def _person(self, one: OpenTerminal) -> Html:
        name = tag("a", one.name, href=f"/terminal?record={one.record}") if one.record else joined(one.name)
        kind = chip("waiting", _("Full access")) if one.full else chip("queued", _("Reading"))
        return joined(name, " ", kind, " ", tag("small", _("for {time}", time=words.ago(one.since, self._session.now))))

    def _waiting(self, queue: OltQueue) -> Html:
        now = self._session.now
        columns = [
            Column[QueueRow](_("Delivery"), lambda r: joined(_link(r), BREAK, tag("small", _about(r))), "key"),
            Column[QueueRow](_("Customer"), lambda r: r.customer),
            Column[QueueRow](_("For"), lambda r: words.ago(r.since, now), "num"),
        ]
        drawn = table(queue.first, columns, nothing=("", ""))
        if not queue.more:
            return drawn
        address = "/engine?" + urlencode({"standing": "in_line", "olt": self._olt})
        more = tag("a", n_("and {count} more", "and {count} more", queue.more), href=address)
        return tag("div", drawn, tag("p", more), css="stack-s")


def _link(r: QueueRow) -> Html:
    """A delivery by its name, which leads to it in the queue."""
    return tag("a", r.workflow, href=f"/engine?delivery={r.delivery_id}")


def _about(r: QueueRow) -> str:
    """The service that a delivery is about, and the step at which it stands."""
    return one_after_other(r.service_code or r.order_code or "", r.step, between=" · ")


def _in_line(queue: OltQueue) -> Html:
    if not queue.waiting:
        return joined(_("Nobody"))
    return joined(n_("{count} delivery", "{count} deliveries, the first to come first", queue.waiting))


def _hour(h: OltHour) -> Html:
    steps = n_("{count} step done", "{count} steps done", h.done)
    failed = chip("failed", n_("{count} failed", "{count} failed", h.failed)) if h.failed else Html("")
    busy = _("busy for {time}, {share:.0%} of it", time=words.length(h.device_seconds), share=h.share)
    return lines([joined(steps, " ", failed), bar(h.share, busy), tag("small", busy)])
