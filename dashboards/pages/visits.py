"""Visits: those that come, or any others; those that could not be done; and one of them on the doorstep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboards.pages.doorstep import Doorstep
from dashboards.pages.missed import missed_list
from dashboards.parts.browse import Browse
from dashboards.parts.cards import empty
from dashboards.parts.html import tag
from dashboards.parts.listing import Listing
from dashboards.parts.live import Live
from dashboards.parts.picking import Picking
from dashboards.parts.segments import Segments
from dashboards.route import PageSession
from isp_lifecycle.foundation.texts import _, say
from isp_lifecycle.views import onsite
from isp_lifecycle.views.lists.model import Asked, Listed
from isp_lifecycle.views.lists.work import COMING_VISITS
from isp_lifecycle.views.onsite import MissedRow

#: How often the list is read again where nothing tells of changes.
REFRESH_SECONDS = 10.0
#: The ways to look at visits: the filters that each begins with.
WAYS: dict[str, dict[str, str]] = {
    "today": {"starts": "today", "state": COMING_VISITS["state"]},
    "coming": COMING_VISITS,
    "all": {},
}
NAMES = {"today": say("Today"), "coming": say("Two weeks"), "all": say("All")}


def page(session: PageSession) -> Sequence[Any]:
    """Visits."""
    return VisitsPage(session).parts()


class VisitsPage:
    """The visits of two weeks from today, or any others, and those that could not be done; one opens beside them."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._doorstep: Doorstep | None = None
        self._browse = Browse(
            parameter="visit",
            detail=self._detail,
            nothing=empty(
                _("No visit is picked."),
                _("Pick one to see where it is, what light to expect, and how it goes."),
                "route",
            ),
            narrow=session.narrow,
            picked=session.query.get("visit", ""),
            back=_("All visits"),
        )
        self._listing = Listing(
            session,
            name="visits",
            parameter="visit",
            hint=_("Visit, customer, address or engineer"),
            nothing=(
                _("There are no visits in the next two weeks."),
                _("New ones appear here when orders are confirmed."),
            ),
            notice=self._browse.notice,
            pick=self._browse.pick,
            moved=self._moved,
            usual=COMING_VISITS,
        )
        self._browse.lists(self._listing)
        self._ways = Segments(NAMES, chosen=self._way, current=self._way_of_list(), label=_("Visits"))
        self._missed = Picking(on_pick=self._browse.pick)
        self._live = Live(
            ask=self._read,
            show=self._fresh,
            every=REFRESH_SECONDS,
            notice=self._browse.notice,
            changes=session.changes,
            topics=("visits",),
        )

    def parts(self) -> list[Any]:
        """What is shown."""
        self._show_missed(self._gone())
        return [*self._browse.parts(self._missed, self._ways.pane), self._live.start()]

    def _gone(self) -> tuple[MissedRow, ...]:
        return self._session.look(onsite.missed) if self._session.actor.may("visit.read_all") else ()

    def _read(self) -> tuple[tuple[MissedRow, ...], tuple[Asked, Listed]]:
        return self._gone(), self._listing.read()

    def _fresh(self, answer: tuple[tuple[MissedRow, ...], tuple[Asked, Listed]]) -> None:
        gone, found = answer
        self._show_missed(gone)
        self._listing.draw(self._browse.picked, found)

    def _show_missed(self, gone: tuple[MissedRow, ...]) -> None:
        self._missed.visible = bool(gone)
        self._missed.show(tag("div", missed_list(self._session, gone, self._browse.picked), css="stack-m"))

    def _read_again(self) -> None:
        self._fresh(self._read())

    def _way(self, key: str) -> None:
        wanted = WAYS[key]
        self._listing.ask(self._listing.meaning({**self._listing.asked.words(), "starts": "", "state": "", **wanted}))

    def _way_of_list(self) -> str:
        filters = dict(self._listing.asked.filters)
        here = {name: filters[name] for name in ("starts", "state") if name in filters}
        return next((key for key, wanted in WAYS.items() if wanted == here), "")

    def _moved(self) -> None:
        self._browse.moved()
        self._ways.show(self._way_of_list())

    def _detail(self, code: str) -> list[Any]:
        if self._doorstep is not None:
            self._doorstep.leave()
        self._doorstep = Doorstep(
            self._session, code, notice=self._browse.notice, changed=self._read_again, booked=self._booked
        )
        return self._doorstep.parts()

    def _booked(self, code: str) -> None:
        """Another visit has taken the place of the one that was open."""
        self._browse.open(code)
        self._read_again()
