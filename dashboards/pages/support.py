"""The support desk's page: what stands still, where and why; one of them with its evidence, and Retry or Cancel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from dashboards.pages.delivery import DeliveryCard
from dashboards.parts import words
from dashboards.parts.browse import Browse
from dashboards.parts.cards import empty
from dashboards.parts.html import Html, dotted, tag
from dashboards.parts.live import Live
from dashboards.parts.segments import Segments
from dashboards.parts.states import chip
from dashboards.route import PageSession
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.texts import _, say
from isp_lifecycle.views import support as views
from isp_lifecycle.views.support import AttentionRow, DeliveryDetail

#: How often the list, and the one that is open, are asked for while somebody looks.
REFRESH_SECONDS = 3.0
#: What to show of all that stands still, with the state that each means.
FILTERS = {"all": say("All"), "failed": say("Failed"), "scheduled": say("Tried again"), "waiting": say("Waiting")}
NOTHING = {
    "all": (say("Nothing stands still."), say("Failures and work that waits for somebody appear here.")),
    "failed": (say("Nothing has failed."), say("What fails appears here at once, with a ticket.")),
    "scheduled": (say("Nothing is being tried again."), say("What a device did not answer is tried again by itself.")),
    "waiting": (say("Nothing waits for a person."), say("Work waits here for an installer or an engineer to act.")),
}


def page(session: PageSession) -> Sequence[Any]:
    """What needs attention."""
    return SupportPage(session).parts()


class SupportPage:
    """Deliveries that stand still, and the one that is picked."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._rows = session.look(views.attention)
        self._open: DeliveryCard | None = None
        self._filter = Segments(
            FILTERS, chosen=lambda _key: self._browse.refresh(), current="all", label=_("What stands still")
        )
        self._browse = Browse(
            parameter="delivery",
            draw=self._list,
            detail=self._detail,
            nothing=empty(
                _("Nothing is picked."), _("Pick what stands still to see why, and what to do."), "troubleshoot"
            ),
            narrow=session.narrow,
            picked=session.query.get("delivery", ""),
            back=_("Everything that stands still"),
            wide_detail=True,
        )
        self._live = Live(
            ask=self._ask,
            show=self._fresh,
            every=REFRESH_SECONDS,
            notice=self._browse.notice,
            changes=session.changes,
            topics=("attention", "incidents", "tasks", "tickets"),
        )

    def parts(self) -> list[Any]:
        """What is shown."""
        return [*self._browse.parts(self._filter.pane), self._live.start()]

    def _ask(self) -> tuple[tuple[AttentionRow, ...], DeliveryCard | None, DeliveryDetail | None]:
        """The list, and how the one that is open stands."""
        opened = self._open
        return self._session.look(views.attention), opened, opened.read() if opened else None

    def _fresh(self, answer: tuple[tuple[AttentionRow, ...], DeliveryCard | None, DeliveryDetail | None]) -> None:
        self._rows, opened, detail = answer
        self._browse.refresh()
        if opened is not None and detail is not None and opened is self._open:
            opened.show(detail)

    def _decided(self) -> None:
        self._rows = self._session.look(views.attention)
        self._browse.refresh()

    def _list(self, picked: str) -> Html:
        if not picked:
            self._open = None
        chosen = self._filter.current
        count = {key: sum(r.state == key for r in self._rows) for key in FILTERS} | {"all": len(self._rows)}
        self._filter.rename(
            {key: say("{name} ({number})", name=name, number=count[key]) for key, name in FILTERS.items()}
        )
        rows = [r for r in self._rows if chosen in ("all", r.state)]
        if not rows:
            return empty(*NOTHING[chosen], "task_alt")
        return tag("div", *(self._row(r, picked) for r in rows), css="list")

    def _row(self, r: AttentionRow, picked: str) -> Html:
        zone, now = self._session.zone, self._session.now
        current = {"aria_current": "true"} if str(r.delivery_id) == picked else {}
        since = _("for {time}", time=words.ago(r.since, now))
        if r.state == "scheduled":
            since = (
                _("attempt {attempt} {soon}", attempt=r.attempt, soon=words.soon(r.due_at, now, zone))
                if r.due_at
                else since
            )
        state = {"scheduled": chip("scheduled", _("tried again by itself"))}.get(r.state) or chip(r.state)
        return tag(
            "a",
            tag("div", tag("b", f"{r.workflow}: {r.step}"), state, css="row between"),
            tag("p", r.remedy if r.state == "waiting" else r.what, css="clamp", dir="auto"),
            tag("p", dotted(r.customer, r.service_code or r.order_code, r.address, since), css="soft"),
            href=f"?delivery={r.delivery_id}",
            data_pick=str(r.delivery_id),
            css="card",
            **current,
        )

    def _detail(self, key: str) -> list[Any]:
        self._open = None
        self._open = DeliveryCard(self._session, _id(key), notice=self._browse.notice, changed=self._decided)
        return self._open.parts()


def _id(key: str) -> UUID:
    try:
        return UUID(key)
    except ValueError:
        raise NotFound("delivery", key) from None
