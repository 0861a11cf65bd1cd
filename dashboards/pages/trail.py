"""The audit trail: who did what, when and from where; one line with before and after; whether the chain holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from dashboards.parts import words
from dashboards.parts.browse import Browse
from dashboards.parts.cards import card, empty, facts
from dashboards.parts.html import Html, html_pane, joined, show, tag, typed
from dashboards.parts.inputs import button, column, row
from dashboards.parts.listing import Listing
from dashboards.parts.live import Live
from dashboards.parts.notice import Notice, alert
from dashboards.parts.segments import Segments
from dashboards.route import PageSession
from isp_lifecycle.access.model import Role
from isp_lifecycle.foundation.texts import _, say
from isp_lifecycle.views import trail as views
from isp_lifecycle.views.lists.told import LAST_MONTH

#: How often the list is asked for. Nothing tells of it: every act adds to it, and commits that tell come one by one.
REFRESH_SECONDS = 10.0
#: How far back one looks: the filter that each way begins with.
WAYS = {"today": "today", "week": "today-6..", "month": LAST_MONTH["at"], "all": ""}
NAMES = {"today": say("Today"), "week": say("7 days"), "month": say("31 days"), "all": say("All")}


def page(session: PageSession) -> Sequence[Any]:
    """The audit trail."""
    return TrailView(session).parts()


class TrailView:
    """The list, searched and filtered, and the line that is picked."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._told, self._verdict = Notice(), html_pane()
        self._browse = Browse(
            parameter="line",
            detail=self._detail,
            nothing=empty(_("No line is picked."), _("Pick one to see what it changed, and why."), "history"),
            narrow=session.narrow,
            picked=session.query.get("line", ""),
            back=_("The audit trail"),
        )
        self._listing = Listing(
            session,
            name="trail",
            parameter="line",
            hint=_("Who, what about, action, reason or trace"),
            nothing=(_("Nothing was done."), _("Whatever somebody does, or is refused, is told here.")),
            notice=self._browse.notice,
            pick=self._browse.pick,
            moved=self._moved,
            usual=LAST_MONTH,
            offers={"kind": session.look(views.kinds), "role": [str(role) for role in Role]},
        )
        self._browse.lists(self._listing)
        self._ways = Segments(NAMES, chosen=self._way, current=self._way_of_list(), label=_("Period"))
        self._live = Live(
            ask=self._listing.read,
            show=lambda found: self._listing.draw(self._browse.picked, found),
            every=REFRESH_SECONDS,
            notice=self._browse.notice,
        )

    def parts(self) -> list[Any]:
        """What is shown."""
        check = button(_("Check the chain"), self._check, notice=self._told, kind="outlined", icon="verified")
        above = column(self._told.pane, self._verdict, row(self._ways.pane, check))
        return [*self._browse.parts(above), self._live.start()]

    def _way(self, key: str) -> None:
        self._listing.filtered("at", WAYS[key])

    def _way_of_list(self) -> str:
        since = dict(self._listing.asked.filters).get("at", "")
        return next((key for key, value in WAYS.items() if value == since), "")

    def _moved(self) -> None:
        self._browse.moved()
        self._ways.show(self._way_of_list())

    def _detail(self, key: str) -> list[Any]:
        r = self._session.look(views.one, line=_line(key))
        at = r.at.astimezone(self._session.zone)
        about = facts(
            (_("When"), f"{words.day(at.date())}, {at:%H:%M:%S}"),
            (_("Who"), joined(typed(r.actor), f" ({r.role})")),
            (_("From where"), f"{r.source}, {r.address}" if r.address else r.source),
            (_("About"), f"{r.subject_kind} {r.subject_id}".strip()),
            (_("Why"), r.reason),
        )
        chain = facts(
            (_("Number"), str(r.seq) if r.seq else _("not yet")),
            (_("Hash of what it tells"), r.told),
            (_("Link"), r.link),
        )
        cards = [card(tag("h2", r.action), about)]
        if r.changes:
            came = ((c.what, joined(typed(c.before), " → ", typed(c.after))) for c in r.changes)
            cards.append(card(tag("h3", _("What became of it")), facts(*came)))
        if r.detail:
            cards.append(card(tag("h3", _("Asked with")), facts(*((k, str(v)) for k, v in r.detail.items()))))
        if r.erased:
            cards.append(alert("info", _("A person was erased from this line at their request.")))
        cards.append(card(tag("h3", _("In the chain")), chain))
        return [html_pane(one) for one in cards]

    def _check(self) -> None:
        verdict = self._session.look(views.verify)
        if verdict.sound:
            self._told.good(
                _("{lines} lines are as they were written.", lines=verdict.lines),
                _("{unsealed} new ones wait to be chained.", unsealed=verdict.unsealed)
                if verdict.unsealed
                else _("None waits to be chained."),
            )
            show(self._verdict, Html(""))
            return
        found = tag("ul", *(tag("li", f"{b.seq}: {b.what} ", tag("small", b.line)) for b in verdict.broken))
        show(self._verdict, joined(alert("bad", _("The trail is not as it was written."), ""), found))


def _line(key: str) -> UUID:
    """The line's id; a text that is none is no line's."""
    try:
        return UUID(key)
    except ValueError:
        return UUID(int=0)
