"""The audit trail: who did what, when and from where; one line with before and after; whether the chain holds."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from dashboards.parts import words
from dashboards.parts.browse import Browse
from dashboards.parts.cards import card, empty, facts
from dashboards.parts.html import BREAK, MAY_BREAK, Html, html_pane, joined, show, tag
from dashboards.parts.inputs import button, choice, column, field, row
from dashboards.parts.notice import Notice, alert
from dashboards.parts.table import Column, pick, table
from dashboards.route import PageSession
from isp_lifecycle.access.model import Role
from isp_lifecycle.foundation.clock import start_of
from isp_lifecycle.views import trail as views
from isp_lifecycle.views.trail import TrailRow

PAGE = 25
#: How many days back one looks; None: to the first line.
PERIODS: dict[str, int | None] = {"Today": 0, "7 days": 6, "31 days": 30, "All": None}


def page(session: PageSession) -> Sequence[Any]:
    """The audit trail."""
    return TrailView(session).parts()


class TrailView:
    """The list, searched and filtered, and the line that is picked."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._offset = 0
        self._told, self._verdict, self._file = Notice(), html_pane(), html_pane()
        self._sought = session.query.get("text", "")
        self._text = field("Search", placeholder="Who, what about, action or reason", size="small", value=self._sought)
        self._text.param.watch(lambda event: self._seek(event.new), "value_input")
        roles = {"All": "", **{str(role): str(role) for role in Role}}
        kinds = {"All": "", **{kind: kind for kind in session.look(views.kinds)}}
        self._period = self._filter("Period", {name: name for name in PERIODS}, value="31 days")
        self._role = self._filter("Role", roles, value="")
        self._kind = self._filter("About", kinds, value="")
        self._browse = Browse(
            parameter="line",
            draw=self._list,
            detail=self._detail,
            nothing=empty("No line is picked.", "Pick one to see what it changed, and why.", "history"),
            narrow=session.narrow,
            picked=session.query.get("line", ""),
            back="The audit trail",
            command=self._turn,
        )

    def parts(self) -> list[Any]:
        """What is shown."""
        acts = row(
            button("Check the chain", self._check, notice=self._told, kind="outlined", icon="verified"),
            button("Export", self._export, notice=self._told, kind="outlined", icon="download"),
        )
        above = column(self._told.pane, self._verdict, self._file, acts)
        return self._browse.parts(above, self._text, row(self._period, self._role, self._kind))

    def _filter(self, label: str, options: dict[str, str], *, value: str) -> Any:
        made = choice(label, options, value=value, size="small", styles={"flex": "1 1 120px", "max-width": "220px"})
        made.param.watch(lambda _event: self._from_start(), "value")
        return made

    def _seek(self, text: str) -> None:
        self._sought = text
        self._from_start()

    def _from_start(self) -> None:
        self._offset = 0
        show(self._file, Html(""))
        self._browse.refresh()

    def _turn(self, command: str) -> None:
        self._offset = max(0, self._offset + (PAGE if command == "page:after" else -PAGE))
        self._browse.refresh()

    def _wanted(self) -> dict[str, Any]:
        return {
            "text": self._sought,
            "role": self._role.value or "",
            "kind": self._kind.value or "",
            "since": self._since(),
        }

    def _since(self) -> datetime | None:
        days = PERIODS[self._period.value]
        if days is None:
            return None
        return start_of(self._session.today - timedelta(days=days), zone=self._session.zone)

    def _list(self, picked: str) -> Html:
        found = self._session.look(views.search, **self._wanted(), limit=PAGE, offset=self._offset)
        zone = self._session.zone
        columns = [
            Column[TrailRow]("When", lambda r: words.moment(r.at, zone), "key"),
            Column[TrailRow]("Who", _who),
            Column[TrailRow]("Did", lambda r: joined(pick(str(r.id), r.action, parameter="line"), BREAK, _came(r))),
            Column[TrailRow]("About", lambda r: joined(r.subject_id, BREAK, tag("small", r.subject_kind))),
        ]
        rows = table(
            found.rows,
            columns,
            nothing=("Nothing was found.", "Look further back, or for less."),
            current=lambda r: str(r.id) == picked,
        )
        return joined(rows, self._pager(len(found.rows), more=found.more))

    def _pager(self, shown: int, *, more: bool) -> Html:
        """Without a total: counting a trail of years takes longer than reading a page of it."""
        if not more and not self._offset:
            return Html("")
        newer = tag("a", "← Newer", href="#", data_pick="page:before") if self._offset else tag("span")
        older = tag("a", "Older →", href="#", data_pick="page:after") if more else tag("span")
        return tag("div", newer, tag("span", f"{self._offset + 1}–{self._offset + shown}"), older, css="pager")

    def _detail(self, key: str) -> list[Any]:
        r = self._session.look(views.one, line=_line(key))
        at = r.at.astimezone(self._session.zone)
        about = facts(
            ("When", f"{words.day(at.date())}, {at:%H:%M:%S}"),
            ("Who", f"{r.actor} ({r.role})"),
            ("From where", f"{r.source}, {r.address}" if r.address else r.source),
            ("About", f"{r.subject_kind} {r.subject_id}".strip()),
            ("Why", r.reason),
        )
        chain = facts(
            ("Number", str(r.seq) if r.seq else "not yet"), ("Hash of what it tells", r.told), ("Link", r.link)
        )
        cards = [card(tag("h2", r.action), about)]
        if r.changes:
            came = ((c.what, f"{c.before} → {c.after}") for c in r.changes)
            cards.append(card(tag("h3", "What became of it"), facts(*came)))
        if r.detail:
            cards.append(card(tag("h3", "Asked with"), facts(*((k, str(v)) for k, v in r.detail.items()))))
        if r.erased:
            cards.append(alert("info", "A person was erased from this line at their request."))
        cards.append(card(tag("h3", "In the chain"), chain))
        return [html_pane(one) for one in cards]

    def _check(self) -> None:
        verdict = self._session.look(views.verify)
        if verdict.sound:
            self._told.good(
                f"{verdict.lines} lines are as they were written.",
                f"{verdict.unsealed} new ones wait to be chained." if verdict.unsealed else "None waits to be chained.",
            )
            show(self._verdict, Html(""))
            return
        found = tag("ul", *(tag("li", f"{b.seq}: {b.what} ", tag("small", b.line)) for b in verdict.broken))
        show(self._verdict, joined(alert("bad", "The trail is not as it was written.", ""), found))

    def _export(self) -> None:
        text = self._session.look(views.exported, **self._wanted())
        data = f"data:text/csv;charset=utf-8;base64,{b64encode(text.encode()).decode()}"
        name = f"audit-trail-{self._session.today}.csv"
        count = text.count("\r\n") - 1
        show(self._file, tag("p", tag("a", f"Download {name} ({count} lines)", href=data, download=name)))


def _line(key: str) -> UUID:
    """The line's id; a text that is none is no line's."""
    try:
        return UUID(key)
    except ValueError:
        return UUID(int=0)


def _came(r: TrailRow) -> Html:
    changes = "; ".join(f"{c.what} {c.before} → {c.after}" for c in r.changes[:2])
    return tag("small", changes or r.reason)


def _who(r: TrailRow) -> Html:
    """A name may break after a dot, an at or a hyphen, rather than anywhere."""
    parts = re.split(r"(?<=[.@_-])", r.actor)
    return joined(*(joined(part, MAY_BREAK) for part in parts), BREAK, tag("small", f"{r.role}, {r.source}"))
