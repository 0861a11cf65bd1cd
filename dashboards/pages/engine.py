"""The queue: what failed, waits, runs and stands in line, and why; pauses; the last hour; who is alive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dashboards.pages.pauses import Pauses
from dashboards.pages.queued import QueuedCard, owner_words, standing_chip
from dashboards.parts import words
from dashboards.parts.browse import Browse
from dashboards.parts.cards import card, empty, tile, tiles
from dashboards.parts.html import BREAK, Html, html_pane, joined, show, tag
from dashboards.parts.inputs import choice, column, row
from dashboards.parts.live import Live
from dashboards.parts.segments import Segments
from dashboards.parts.states import chip
from dashboards.parts.steps import seconds_words
from dashboards.parts.table import Column, pick, table
from dashboards.route import PageSession
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.views.engine import figures as figure_views
from isp_lifecycle.views.engine import queue as queue_views
from isp_lifecycle.views.engine import state as state_views
from isp_lifecycle.views.engine.figures import Figures, StepFigures
from isp_lifecycle.views.engine.queue import QueuePage, QueueRow
from isp_lifecycle.views.engine.state import BeatRow, EngineState

#: How often it is asked for while somebody looks.
REFRESH_SECONDS = 2.0
SHOWN_AT_ONCE = 100
WAYS = {"queue": "Queue", "hour": "The last hour", "processes": "Processes"}
FILTERS = {
    "open": "All",
    "failed": "Failed",
    "waiting": "Waiting",
    "running": "Running",
    "again": "Tried again",
    "in_line": "In line",
    "ready": "Ready",
}
NOTHING = {
    "open": ("The queue is empty.", "What is asked for appears here until it is done."),
    "failed": ("Nothing has failed.", "What fails is given to a person at once, and listed here."),
    "waiting": ("Nothing waits for a person.", "Work waits here for an installer or an engineer to act."),
    "running": ("Nothing runs.", "Workers take what is ready within milliseconds."),
    "again": ("Nothing is being tried again.", "What a device did not answer is tried again by itself."),
    "in_line": ("Nobody stands in line.", "Lines form before an OLT, a service, or something that is paused."),
    "ready": ("Nothing waits for a worker.", "If this grows, start more workers."),
}


def page(session: PageSession) -> Sequence[Any]:
    """The queue."""
    return EnginePage(session).parts()


@dataclass(frozen=True)
class Asked:
    """One answer to all that the page asks for."""

    way: str
    chosen: tuple[str, str]
    queue: QueuePage
    figures: Figures | None
    opened: QueuedCard | None
    row: QueueRow | None


class EnginePage:
    """The queue with what is picked in it, and two other ways to look at the engine."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._open: QueuedCard | None = None
        pausable = session.look(state_views.pausable)
        self._only = choice("Only", _only(pausable), value="", styles={"max-width": "260px"})
        self._only.param.watch(lambda _event: self._again(), "value")
        self._filter = Segments(
            FILTERS, chosen=lambda _key: self._again(), current="open", label="Where a delivery stands"
        )
        if not session.narrow:  # side by side; one below the other these would be heights
            self._filter.pane.styles = {"flex": "3 1 300px"}
            self._only.styles = {**self._only.styles, "flex": "1 1 180px"}
        self._page = self._read()
        self._tiles = html_pane()
        self._browse = Browse(
            parameter="delivery",
            draw=self._list,
            detail=self._detail,
            nothing=empty("Nothing is picked.", "Pick a delivery to see why it stands.", "touch_app"),
            narrow=session.narrow,
            picked=session.query.get("delivery", ""),
            back="The queue",
        )
        self._pauses = Pauses(session, pausable=pausable, changed=self._again)
        self._ways = Segments(WAYS, chosen=self._choose, current="queue", label="Ways to look")
        self._other = html_pane(visible=False)
        self._queue = column()
        self._live = Live(ask=self._ask, show=self._fresh, every=REFRESH_SECONDS, notice=self._browse.notice)

    def parts(self) -> list[Any]:
        """What is shown."""
        if self._session.narrow:  # there the list makes room for the one that is picked, and so does what narrows it
            self._queue.objects = self._browse.parts(column(self._filter.pane, self._only))
        else:
            self._queue.objects = [row(self._filter.pane, self._only), *self._browse.parts()]
        self._show_state(self._page.engine)
        above = row(self._ways.pane, self._pauses.button)
        return [self._tiles, above, *self._pauses.parts(), self._queue, self._other, self._live.start()]

    # --- asking ----------------------------------------------------------------------------------------------------

    def _read(self) -> QueuePage:
        which, only = self._chosen()
        kind, _, name = only.partition(":")
        narrowed = {kind: name} if only else {}
        return self._session.look(queue_views.queue, which=which, limit=SHOWN_AT_ONCE, **narrowed)

    def _chosen(self) -> tuple[str, str]:
        return self._filter.current, self._only.value

    def _ask(self) -> Asked:
        way, chosen, opened = self._ways.current, self._chosen(), self._open
        look = self._session.look
        return Asked(
            way=way,
            chosen=chosen,
            queue=self._read(),
            figures=look(figure_views.figures) if way == "hour" else None,
            opened=opened,
            row=opened.read() if opened else None,
        )

    def _fresh(self, found: Asked) -> None:
        self._show_state(found.queue.engine)
        if found.chosen == self._chosen():
            self._page = found.queue
            self._browse.refresh()
        if found.opened is not None and found.opened is self._open:
            found.opened.show(found.row)
        if found.figures is not None and found.way == self._ways.current:
            show(self._other, _hour(found.figures))

    def _again(self) -> None:
        self._page = self._read()
        self._show_state(self._page.engine)
        self._browse.refresh()

    # --- the state -------------------------------------------------------------------------------------------------

    def _show_state(self, s: EngineState) -> None:
        failed, ready = s.total("failed"), s.total("ready")
        oldest = words.length(s.oldest_ready_seconds) if ready else "none"
        show(
            self._tiles,
            tiles(
                tile("Failed", failed, f"{s.unowned} with nobody yet" if s.unowned else "", "bad" if failed else ""),
                tile("Waiting for a person", s.total("waiting")),
                tile("Running", s.total("running")),
                tile("Ready", ready, f"oldest: {oldest}"),
                tile("In line", s.total("in_line"), _lines(s.in_line)),
                tile("Due later", s.total("scheduled")),
            ),
        )
        self._pauses.show(s)
        if self._ways.current == "processes":
            show(self._other, _processes(s))

    def _choose(self, way: str) -> None:
        self._queue.visible, self._other.visible = way == "queue", way != "queue"
        if way == "hour":
            show(self._other, _hour(self._session.look(figure_views.figures)))
        self._show_state(self._page.engine)

    # --- the queue -------------------------------------------------------------------------------------------------

    def _list(self, picked: str) -> Html:
        if not picked:
            self._open = None
        counts = self._page.counts
        self._filter.rename({key: f"{name} ({counts[key]})" for key, name in FILTERS.items()})
        rows, now = self._page.rows, self._session.now
        columns = [
            Column[QueueRow]("Delivery", _what, "key"),
            Column[QueueRow]("Where it stands", _where),
            Column[QueueRow]("With", owner_words),
            Column[QueueRow]("For", lambda r: words.ago(r.since, now), "num"),
        ]
        drawn = table(
            rows, columns, nothing=NOTHING[self._filter.current], current=lambda r: str(r.delivery_id) == picked
        )
        more = counts[self._filter.current] - len(rows)
        return joined(drawn, tag("p", f"and {more} more: narrow the list to see them", css="soft") if more > 0 else "")

    def _detail(self, key: str) -> list[Any]:
        self._open = None
        self._open = QueuedCard(self._session, _id(key), notice=self._browse.notice, changed=self._again)
        return self._open.parts()


def _only(pausable: dict[str, str]) -> dict[str, str]:
    return {"Everything": ""} | {name: key for key, name in pausable.items() if key != "engine"}


def _what(r: QueueRow) -> Html:
    about = " · ".join(x for x in (r.service_code or r.order_code, r.customer) if x)
    return joined(
        pick(str(r.delivery_id), r.workflow, parameter="delivery"), BREAK, tag("small", about or r.queue, css="soft")
    )


def _where(r: QueueRow) -> Html:
    at = " · ".join(x for x in (r.step, r.olt) if x)
    said = f"{at}: {r.why}" if at else r.why
    return joined(standing_chip(r.standing), BREAK, tag("small", said, css="clamp"))


def _lines(in_line: dict[str, int]) -> str:
    names = {"after": "in order", "olt": "for an OLT", "service": "for a service", "subscriber": "paused"}
    return ", ".join(f"{count} {names.get(kind, kind)}" for kind, count in in_line.items())


def _hour(f: Figures) -> Html:
    columns = [
        Column[StepFigures]("Step", lambda r: joined(r.step, BREAK, tag("small", r.workflow)), "key"),
        Column[StepFigures]("Attempts", lambda r: r.ended, "num"),
        Column[StepFigures]("Failed", lambda r: r.failed or "", "num"),
        Column[StepFigures]("Half within", lambda r: seconds_words(r.p50), "num"),
        Column[StepFigures]("19 of 20 within", lambda r: seconds_words(r.p95), "num"),
    ]
    kinds = ", ".join(f"{count} {kind}" for kind, count in f.failures.items())
    failures = sum(f.failures.values())
    figures = tiles(
        tile("Finished", f.finished, f"{f.finished / 60:.1f} a minute"),
        tile("Given up and undone", f.cancelled),
        tile("Steps that failed", failures, kinds, "bad" if failures else ""),
        tile("Taken from dead workers", f.takeovers, tone="bad" if f.takeovers else ""),
    )
    steps = table(f.steps, columns, nothing=("No step has ended in the last hour.", ""))
    return tag("div", figures, card(steps, heading="Steps"), css="stack-m")


def _processes(s: EngineState) -> Html:
    columns = [
        Column[BeatRow]("Process", lambda b: b.name, "key"),
        Column[BeatRow]("Kind", lambda b: b.kind),
        Column[BeatRow](
            "Seen", lambda b: chip("online" if b.alive else "failed", f"{words.length(b.seen_seconds_ago)} ago")
        ),
    ]
    nothing = ("No process has given a sign of life.", "Run `isp doctor`.")
    late = s.relay_lag_seconds
    figures = tiles(
        tile("The relay is late by", words.length(late), tone="bad" if late > 10 else ""),
        tile("OLTs being worked on", s.turns.get("olt", 0)),
        tile("Services being worked on", s.turns.get("service", 0)),
    )
    return tag("div", figures, card(table(s.beats, columns, nothing=nothing), heading="Signs of life"), css="stack-m")


def _id(key: str) -> UUID:
    try:
        return UUID(key)
    except ValueError:
        raise NotFound("delivery", key) from None
