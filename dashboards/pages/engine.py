"""The queue: what failed, waits, runs and stands in line, and why; pauses; the last hour; who is alive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dashboards.pages.pauses import Pauses
from dashboards.pages.queued import QueuedCard
from dashboards.parts import words
from dashboards.parts.browse import Browse
from dashboards.parts.cards import card, empty, tile, tiles
from dashboards.parts.html import BREAK, Html, html_pane, joined, show, tag
from dashboards.parts.inputs import column, row
from dashboards.parts.listing import Listing
from dashboards.parts.live import Live
from dashboards.parts.segments import Segments
from dashboards.parts.states import chip
from dashboards.parts.steps import seconds_words
from dashboards.parts.table import Column, table
from dashboards.route import PageSession
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.texts import _, say
from isp_lifecycle.views.engine import figures as figure_views
from isp_lifecycle.views.engine import state as state_views
from isp_lifecycle.views.engine.figures import Figures, StepFigures
from isp_lifecycle.views.engine.queue import QueueRow
from isp_lifecycle.views.engine.state import BeatRow, EngineState
from isp_lifecycle.views.lists import shipped as lists
from isp_lifecycle.views.lists.model import Asked, Listed
from isp_lifecycle.views.lists.work import IN_THE_QUEUE

#: How often it is asked for while somebody looks.
REFRESH_SECONDS = 2.0
WAYS = {"queue": say("Queue"), "hour": say("The last hour"), "processes": say("Processes")}
#: The ways to look at the queue: where its deliveries stand.
FILTERS = {
    "": say("All"), "failed": say("Failed"), "waiting": say("Waiting"), "running": say("Running"),
    "again": say("Tried again"), "in_line": say("In line"), "ready": say("Ready"),
}  # fmt: skip
NOTHING = {
    "": (say("The queue is empty."), say("What is asked for appears here until it is done.")),
    "failed": (say("Nothing has failed."), say("What fails is given to a person at once, and listed here.")),
    "waiting": (say("Nothing waits for a person."), say("Work waits here for an installer or an engineer to act.")),
    "running": (say("Nothing runs."), say("Workers take what is ready within milliseconds.")),
    "again": (say("Nothing is being tried again."), say("What a device did not answer is tried again by itself.")),
    "in_line": (
        say("Nobody stands in line."),
        say("Lines form before an OLT, a service, or something that is paused."),
    ),
    "ready": (say("Nothing waits for a worker."), say("If this grows, start more workers.")),
}


def page(session: PageSession) -> Sequence[Any]:
    """The queue."""
    return EnginePage(session).parts()


@dataclass(frozen=True)
class Answer:
    """One answer to all that the page asks for."""

    way: str
    engine: EngineState
    found: tuple[Asked, Listed]
    counts: dict[str, int]
    figures: Figures | None
    opened: QueuedCard | None
    row: QueueRow | None


class EnginePage:
    """The queue with what is picked in it, and two other ways to look at the engine."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._open: QueuedCard | None = None
        self._engine = session.look(state_views.state)
        self._tiles = html_pane()
        self._browse = Browse(
            parameter="delivery",
            detail=self._detail,
            nothing=empty(_("Nothing is picked."), _("Pick a delivery to see why it stands."), "touch_app"),
            narrow=session.narrow,
            picked=session.query.get("delivery", ""),
            back=_("The queue"),
        )
        self._listing = Listing(
            session,
            name="queue",
            parameter="delivery",
            hint=_("Customer, service, order or id"),
            nothing=_nothing,
            notice=self._browse.notice,
            pick=self._browse.pick,
            moved=self._moved,
            usual={"standing": IN_THE_QUEUE},
        )
        self._browse.lists(self._listing)
        self._filter = Segments(
            FILTERS, chosen=self._stands, current=self._standing(), label=_("Where a delivery stands")
        )
        self._pauses = Pauses(session, pausable=session.look(state_views.pausable), changed=self._again)
        self._ways = Segments(WAYS, chosen=self._choose, current="queue", label=_("Ways to look"))
        self._other = html_pane(visible=False)
        self._queue = column()
        self._live = Live(ask=self._ask, show=self._fresh, every=REFRESH_SECONDS, notice=self._browse.notice)

    def parts(self) -> list[Any]:
        """What is shown."""
        self._queue.objects = self._browse.parts(self._filter.pane)
        self._count(self._counts())
        self._show_state(self._engine)
        above = row(self._ways.pane, self._pauses.button)
        return [self._tiles, above, *self._pauses.parts(), self._queue, self._other, self._live.start()]

    # --- asking ----------------------------------------------------------------------------------------------------

    def _counts(self) -> dict[str, int]:
        return self._session.look(lists.queue_counts, asked=self._listing.asked)

    def _ask(self) -> Answer:
        way, opened = self._ways.current, self._open
        look = self._session.look
        return Answer(
            way=way,
            engine=look(state_views.state),
            found=self._listing.read(),
            counts=self._counts(),
            figures=look(figure_views.figures) if way == "hour" else None,
            opened=opened,
            row=opened.read() if opened else None,
        )

    def _fresh(self, answer: Answer) -> None:
        self._engine = answer.engine
        self._show_state(answer.engine)
        if answer.found[0] == self._listing.asked:
            self._count(answer.counts)
        self._listing.draw(self._browse.picked, answer.found)
        if answer.opened is not None and answer.opened is self._open:
            answer.opened.show(answer.row)
        if answer.figures is not None and answer.way == self._ways.current:
            show(self._other, _hour(answer.figures))

    def _again(self) -> None:
        self._engine = self._session.look(state_views.state)
        self._show_state(self._engine)
        self._count(self._counts())
        self._browse.refresh()

    # --- the state -------------------------------------------------------------------------------------------------

    def _show_state(self, s: EngineState) -> None:
        failed, ready = s.total("failed"), s.total("ready")
        oldest = words.length(s.oldest_ready_seconds) if ready else "none"
        show(
            self._tiles,
            tiles(
                tile(
                    _("Failed"),
                    failed,
                    _("{unowned} with nobody yet", unowned=s.unowned) if s.unowned else "",
                    "bad" if failed else "",
                ),
                tile(_("Waiting for a person"), s.total("waiting")),
                tile(_("Running"), s.total("running")),
                tile(_("Ready"), ready, _("oldest: {oldest}", oldest=oldest)),
                tile(_("In line"), s.total("in_line"), _lines(s.in_line)),
                tile(_("Due later"), s.total("scheduled")),
            ),
        )
        self._pauses.show(s)
        if self._ways.current == "processes":
            show(self._other, _processes(s))

    def _choose(self, way: str) -> None:
        self._queue.visible, self._other.visible = way == "queue", way != "queue"
        if way == "hour":
            show(self._other, _hour(self._session.look(figure_views.figures)))
        self._show_state(self._engine)

    # --- the queue -------------------------------------------------------------------------------------------------

    def _count(self, counts: dict[str, int]) -> None:
        many = {**counts, "": sum(counts.get(word, 0) for word in IN_THE_QUEUE.split(","))}
        self._filter.rename(
            {key: say("{name} ({number})", name=name, number=many.get(key, 0)) for key, name in FILTERS.items()}
        )

    def _stands(self, standing: str) -> None:
        self._listing.filtered("standing", standing or IN_THE_QUEUE)

    def _standing(self) -> str:
        return _standing(self._listing.asked)

    def _moved(self) -> None:
        if not self._browse.picked:
            self._open = None
        self._browse.moved()
        self._count(self._counts())
        self._filter.show(self._standing())

    def _detail(self, key: str) -> list[Any]:
        self._open = None
        self._open = QueuedCard(self._session, _id(key), notice=self._browse.notice, changed=self._again)
        return self._open.parts()


def _standing(asked: Asked) -> str:
    """The way of the queue that a list is asked for."""
    chosen = dict(asked.filters).get("standing", "")
    return "" if chosen == IN_THE_QUEUE else chosen


def _nothing(asked: Asked) -> tuple[str, str] | None:
    """What it means that nothing stands so, where nothing else narrows the list."""
    return NOTHING.get(_standing(asked)) if set(asked.words()) <= {"standing", "sort", "show"} else None


def _lines(in_line: dict[str, int]) -> str:
    names = {"after": _("in order"), "olt": _("for an OLT"), "service": _("for a service"), "subscriber": "paused"}
    return ", ".join(f"{count} {names.get(kind, kind)}" for kind, count in in_line.items())


def _hour(f: Figures) -> Html:
    columns = [
        Column[StepFigures](_("Step"), lambda r: joined(r.step, BREAK, tag("small", r.workflow)), "key"),
        Column[StepFigures](_("Attempts"), lambda r: r.ended, "num"),
        Column[StepFigures](_("Failed"), lambda r: r.failed or "", "num"),
        Column[StepFigures](_("Half within"), lambda r: seconds_words(r.p50), "num"),
        Column[StepFigures](_("19 of 20 within"), lambda r: seconds_words(r.p95), "num"),
    ]
    kinds = ", ".join(f"{count} {kind}" for kind, count in f.failures.items())
    failures = sum(f.failures.values())
    figures = tiles(
        tile(_("Finished"), f.finished, _("{finished:.1f} a minute", finished=f.finished / 60)),
        tile(_("Given up and undone"), f.cancelled),
        tile(_("Steps that failed"), failures, kinds, "bad" if failures else ""),
        tile(_("Taken from dead workers"), f.takeovers, tone="bad" if f.takeovers else ""),
    )
    steps = table(f.steps, columns, nothing=(_("No step has ended in the last hour."), ""))
    return tag("div", figures, card(steps, heading=_("Steps")), css="stack-m")


def _processes(s: EngineState) -> Html:
    columns = [
        Column[BeatRow](_("Process"), lambda b: b.name, "key"),
        Column[BeatRow](_("Kind"), lambda b: b.kind),
        Column[BeatRow](
            _("Seen"),
            lambda b: chip("online" if b.alive else "failed", _("{time} ago", time=words.length(b.seen_seconds_ago))),
        ),
    ]
    nothing = (_("No process has given a sign of life."), _("Run `isp doctor`."))
    late = s.relay_lag_seconds
    figures = tiles(
        tile(_("The relay is late by"), words.length(late), tone="bad" if late > 10 else ""),
        tile(_("OLTs being worked on"), s.turns.get("olt", 0)),
        tile(_("Services being worked on"), s.turns.get("service", 0)),
    )
    return tag(
        "div", figures, card(table(s.beats, columns, nothing=nothing), heading=_("Signs of life")), css="stack-m"
    )


def _id(key: str) -> UUID:
    try:
        return UUID(key)
    except ValueError:
        raise NotFound("delivery", key) from None
