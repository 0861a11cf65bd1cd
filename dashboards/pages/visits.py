"""The installation engineer's page, made for a phone: the day's visits in order, and one of them on the doorstep."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from dashboards.pages.doorstep import Doorstep
from dashboards.parts import words
from dashboards.parts.browse import Browse
from dashboards.parts.cards import empty
from dashboards.parts.html import Html, joined, tag
from dashboards.parts.states import chip
from dashboards.route import PageSession
from isp_lifecycle.views import installer as views
from isp_lifecycle.views.installer import VisitRow


def page(session: PageSession) -> Sequence[Any]:
    """Visits."""
    return VisitsPage(session).parts()


class VisitsPage:
    """The visits of two weeks from today, by day; one opens in place."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._doorstep: Doorstep | None = None
        self._browse = Browse(
            parameter="visit",
            draw=self._list,
            detail=self._detail,
            nothing=empty(
                "No visit is picked.", "Pick one to see where it is, what light to expect, and how it goes.", "route"
            ),
            narrow=session.narrow,
            picked=session.query.get("visit", ""),
            back="All visits",
        )

    def parts(self) -> list[Any]:
        """What is shown."""
        return self._browse.parts()

    def _list(self, picked: str) -> Html:
        rows = self._session.look(views.visits, day=self._session.today)
        if not rows:
            return empty(
                "There are no visits in the next two weeks.", "New ones appear here when orders are confirmed.", "event"
            )
        zone = self._session.zone
        days = groupby(rows, key=lambda r: r.starts.astimezone(zone).date())
        return tag(
            "div",
            *(
                joined(
                    tag("h2", "Today" if day == self._session.today else words.day(day)),
                    tag("div", *(self._row(r, picked) for r in visits), css="list"),
                )
                for day, visits in days
            ),
            css="stack-m",
        )

    def _row(self, r: VisitRow, picked: str) -> Html:
        zone = self._session.zone
        hours = f"{words.time_of_day(r.starts, zone)}–{words.time_of_day(r.ends, zone)}"
        whose = f" · {r.engineer}" if self._session.actor.may("visit.read_all") and r.engineer else ""
        state = "failed" if r.delivery_state == "failed" else r.state
        current = {"aria_current": "true"} if r.visit_code == picked else {}
        return tag(
            "a",
            tag("div", tag("span", hours, css="big"), chip(state), css="row between"),
            tag("p", r.address),
            tag("p", f"{r.customer} · {r.plan_name}{whose}", css="soft"),
            href=f"?visit={r.visit_code}",
            data_pick=r.visit_code,
            css="card",
            **current,
        )

    def _detail(self, code: str) -> list[Any]:
        if self._doorstep is not None:
            self._doorstep.leave()
        self._doorstep = Doorstep(self._session, code, notice=self._browse.notice, changed=self._browse.refresh)
        return self._doorstep.parts()
