"""The dispatch board: a lane per engineer; visits are dragged, or moved by a form, and the server decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import panel as pn
import panel_material_ui as pmui

from dashboards.parts import words
from dashboards.parts.board import Board
from dashboards.parts.cards import empty
from dashboards.parts.html import Html, dotted, html_pane, joined, show, tag
from dashboards.parts.inputs import button, choice, column, field, row
from dashboards.parts.live import Live
from dashboards.parts.names import state_words
from dashboards.parts.notice import Notice, shown
from dashboards.parts.segments import Segments
from dashboards.parts.states import chip
from dashboards.route import PageSession
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import ENGLISH, _, language, n_, say
from isp_lifecycle.intake import board as intake
from isp_lifecycle.intake.board import Moved
from isp_lifecycle.intake.errors import MoveAgainstRules
from isp_lifecycle.views import board as views
from isp_lifecycle.views.board import NOBODY, Bar, BoardView

LOOK_AGAIN_SECONDS = 20.0
WEEK_DAYS = 7
LANE_HEIGHT, HEAD_HEIGHT, LEAST_HEIGHT, SAID_HEIGHT = 68, 80, 260, 76
_TONES = {"started": "warn", "done": "good", "missed": "bad"}


def page(session: PageSession) -> Sequence[Any]:
    """The dispatch board."""
    return BoardPage(session).parts()


class BoardPage:
    """The board, above it the day, below it the form that moves a visit without a mouse."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._may = session.actor.may("visit.move")
        self._told = Notice()
        self._day = _day_of(session.query.get("day", ""), session.today)
        self._days = WEEK_DAYS if session.query.get("way") == "week" else 1
        if self._days > 1:
            self._day -= timedelta(days=self._day.weekday())
        self._view = self._ask()
        self._undo: Moved | None = None
        self._heading, self._list = html_pane(), html_pane()
        self._board = Board(
            on_moved=self._dropped,
            on_picked=self._pick,
            movable=self._may,
            locale="en-GB" if language() == ENGLISH else language(),
            label=_("Visits by engineer"),
        )
        self._back = button(_("Undo"), self._take_back, notice=self._told, kind="outlined", icon="undo", visible=False)
        self._anyway = column(visible=False)
        self._form = _MoveForm(session, self._move_by_form, self._told) if self._may else None
        self._live = Live(
            ask=self._ask,
            show=self._moved_elsewhere,
            every=LOOK_AGAIN_SECONDS,
            notice=self._told,
            changes=session.changes,
            topics=("visits",),
        )

    def parts(self) -> list[Any]:
        """What is shown."""
        self._draw()
        ways = Segments(
            {"day": _("Day"), "week": _("Week")}, chosen=self._look_at, current=self._way, label=_("How much is shown")
        )
        steps = [
            button(label, act, notice=self._told, kind="outlined", icon=icon)
            for label, act, icon in (
                (_("Before"), lambda: self._go(-self._days), "chevron_left"),
                (_("Today"), lambda: self._go(0), "today"),
                (_("After"), lambda: self._go(self._days), "chevron_right"),
            )
        ]
        form = [self._form.part] if self._form is not None else []
        above = [row(*steps, self._back), ways.pane] if self._session.narrow else [row(*steps, ways.pane, self._back)]
        board = [] if self._session.narrow else [self._board]
        # Room for what is said is kept: a board that jumped with each word would be dropped on beside the mark.
        said = column(self._told.pane, min_height=0 if self._session.narrow else SAID_HEIGHT)
        return [*above, self._heading, said, self._anyway, *board, self._list, *form, self._live.start()]

    # --- what is shown -----------------------------------------------------------------------------------------------

    def _ask(self) -> BoardView:
        return self._session.look(views.board, day=self._day, days=self._days)

    def _moved_elsewhere(self, found: BoardView) -> None:
        if found != self._view:
            self._view = found
            self._draw()

    def _again(self) -> None:
        self._view = self._ask()
        self._draw()

    def _draw(self) -> None:
        view, zone = self._view, self._session.zone
        last = self._day + timedelta(days=self._days - 1)
        nobodys = sum(bar.lane == NOBODY for bar in view.bars)
        span = (
            words.day(self._day)
            if self._days == 1
            else _("{day} to {day2}", day=words.day(self._day), day2=words.day(last))
        )
        count = _(
            "{visits}, {engineers}",
            visits=_visits(len(view.bars)),
            engineers=n_("{count} engineer", "{count} engineers", len(view.lanes)),
        )
        waiting = tag("span", _(" · {nobodys} that nobody has", nobodys=nobodys), css="bad") if nobodys else ""
        show(self._heading, tag("p", tag("b", span), f" · {count}", waiting))
        lanes = [{"id": one.username, "title": one.name, "extendedProps": {"load": _load(one)}} for one in view.lanes]
        nobody = {"id": "nobody", "title": _("Nobody yet"), "extendedProps": {"load": _visits(nobodys)}}
        drawn = [_drawn(bar, zone, movable=self._may) for bar in view.bars]
        # All lanes and a little more: a board in which one has to look for an engineer hides what it is for.
        height = max(LEAST_HEIGHT, HEAD_HEIGHT + LANE_HEIGHT * (len(lanes) + 1))
        self._board.param.update(
            lanes=[nobody, *lanes],
            visits=drawn,
            day=self._day.isoformat(),
            week=self._days > 1,
            opens=f"{view.opens:02d}:00",
            closes=f"{view.closes:02d}:00",
            height=min(height, 900),
        )
        show(self._list, self._as_list() if self._session.narrow or not view.bars else Html(""))
        if self._form is not None:
            self._form.fill(view)

    def _as_list(self) -> Html:
        """For a phone, and for an empty day: visits below their engineers."""
        view, zone = self._view, self._session.zone
        if not view.bars:
            return empty(_("There are no visits then."), _("New ones appear here when orders are confirmed."), "event")
        names = {NOBODY: _("Nobody yet")} | {lane.username: lane.name for lane in view.lanes}
        pieces = []
        for username, name in names.items():
            own = [bar for bar in view.bars if bar.lane == username]
            if own:
                pieces.append(
                    joined(tag("h2", name, dir="auto"), tag("div", *(_card(bar, zone) for bar in own), css="list"))
                )
        return tag("div", *pieces, css="stack-m")

    def _look_at(self, way: str) -> None:
        self._days = WEEK_DAYS if way == "week" else 1
        if way == "week":
            self._day -= timedelta(days=self._day.weekday())
        self._again()
        self._address()

    @property
    def _way(self) -> str:
        return "week" if self._days > 1 else "day"

    def _address(self) -> None:
        """What is looked at stands in the address, so that it can be sent and survives a reload."""
        if pn.state.location is not None:
            week = "&way=week" if self._days > 1 else ""
            pn.state.location.search = f"?day={self._day.isoformat()}{week}"

    def _go(self, days: int) -> None:
        today = self._session.today
        self._day = (
            self._day + timedelta(days=days) if days else today - timedelta(days=today.weekday() * (self._days > 1))
        )
        self._again()
        self._address()

    def _pick(self, code: str) -> None:
        if self._form is not None:
            self._form.pick(code)

    # --- moving ------------------------------------------------------------------------------------------------------

    def _dropped(self, code: str, lane: str, wall: datetime) -> None:
        """Somebody has dropped a visit elsewhere: it goes there, or back with the reason."""
        try:
            if not shown(self._told, self._move)(code, lane, wall, ""):
                self._board.put_back()
        finally:
            self._again()

    def _move_by_form(self, code: str, lane: str, wall: datetime, reason: str) -> None:
        self._move(code, lane, wall, reason)
        self._again()

    def _move(self, code: str, lane: str, wall: datetime, reason: str, *, undoing: bool = False) -> bool:
        """True when it was moved. What goes against a rule is asked about, with a reason."""
        bar = next((one for one in self._view.bars if one.code == code), None)
        if lane == "nobody":
            raise Refused(say("A visit cannot be nobody's."), remedy=say("Drop it in an engineer's lane."))
        starts = wall.replace(tzinfo=self._session.zone).astimezone(UTC)
        self._anyway.visible = False
        try:
            moved = self._session.act(
                intake.move_visit,
                visit_code=code,
                engineer=lane,
                starts=starts,
                reason=reason,
                was=bar.starts if bar is not None else None,
            )
        except MoveAgainstRules as rules:
            self._ask_why(rules, code, lane, wall)
            return False
        self._undo = None if undoing else moved
        self._back.visible = self._undo is not None and bool(moved.from_engineer)
        zone = self._session.zone
        self._told.good(
            _(
                "{code} is {engineer_name}'s, {time}.",
                code=code,
                engineer_name=moved.engineer_name,
                time=words.moment(moved.starts, zone),
            ),
            _("Both engineers are told at once, the customer of another time in ten minutes."),
        )
        return True

    def _ask_why(self, rules: MoveAgainstRules, code: str, lane: str, wall: datetime) -> None:
        reason = field(_("Why does it have to be so?"))

        def anyway() -> None:
            text = (reason.value_input or reason.value or "").strip()
            self._move(code, lane, wall, text)
            self._again()

        self._told.failed(rules)
        press = button(
            _("Move {code} there anyway", code=code), anyway, notice=self._told, kind="outlined", icon="priority_high"
        )
        self._anyway.objects = [row(reason, press)]
        self._anyway.visible = True

    def _take_back(self) -> None:
        if self._undo is None:
            return
        last, zone = self._undo, self._session.zone
        self._again()
        wall = last.from_starts.astimezone(zone).replace(tzinfo=None)
        self._move(last.visit_code, last.from_engineer, wall, _("Taken back."), undoing=True)
        self._again()


class _MoveForm:
    """Moves a visit without a mouse."""

    def __init__(self, session: PageSession, move: Callable[[str, str, datetime, str], None], notice: Notice) -> None:
        self._session = session
        self._move = move
        self._bars: dict[str, Bar] = {}
        self._visit, self._engineer = choice(_("Visit"), []), choice(_("Engineer"), [])
        self._day = pmui.DatePicker(label=_("Day"), sizing_mode="stretch_width", margin=0)
        self._time = field(_("Time"), placeholder="09:30")
        self._reason = field(_("Reason, where it goes against a rule"))
        press = button(_("Move it"), self._pressed, notice=notice, icon="event_repeat")
        self._visit.param.watch(self._chosen, "value")
        self.part = column(
            html_pane(tag("h2", _("Move a visit"))),
            row(self._visit, self._engineer),
            row(self._day, self._time),
            row(self._reason, press),
            visible=False,
        )

    def fill(self, view: BoardView) -> None:
        """Offer what the board shows now."""
        zone = self._session.zone
        self._bars = {bar.code: bar for bar in view.bars if bar.movable}
        labels = {f"{b.code} · {words.moment(b.starts, zone)} · {b.customer}": b.code for b in self._bars.values()}
        self._engineer.options = {lane.name: lane.username for lane in view.lanes}
        if self._visit.options != labels:
            self._visit.options = labels
        if self._visit.value not in self._bars:
            self._visit.value = next(iter(self._bars), None)
        self.part.visible = bool(self._bars and view.lanes)
        self._chosen()

    def pick(self, code: str) -> None:
        """Put a visit into the form."""
        if code in self._bars:
            self._visit.value = code

    def _chosen(self, *_event: Any) -> None:
        bar = self._bars.get(self._visit.value or "")
        if bar is None:
            return
        wall = bar.starts.astimezone(self._session.zone)
        self._day.value, self._time.value = wall.date(), f"{wall:%H:%M}"
        if bar.lane in self._engineer.options.values():
            self._engineer.value = bar.lane

    def _pressed(self) -> None:
        text = (self._time.value_input or self._time.value or "").strip()
        try:
            hour = time.fromisoformat(text)
        except ValueError:
            raise Refused(
                say("{text!r} is no time.", text=text), field="time", value=text, remedy=say("Write it as 09:30.")
            ) from None
        reason = (self._reason.value_input or self._reason.value or "").strip()
        day = self._day.value
        self._move(self._visit.value, self._engineer.value, datetime.combine(day, hour.replace(tzinfo=None)), reason)
        self._reason.value = ""


def _day_of(text: str, today: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return today


def _drawn(bar: Bar, zone: Any, *, movable: bool) -> dict[str, Any]:
    start, end = bar.starts.astimezone(zone), bar.ends.astimezone(zone)
    state = "failed" if bar.failed else bar.state
    return {
        "id": bar.code,
        "lane": bar.lane or "nobody",
        "start": f"{start:%Y-%m-%dT%H:%M:00}",
        "end": f"{end:%Y-%m-%dT%H:%M:00}",
        "classNames": ["bad" if bar.failed else _TONES.get(bar.state, "info")],
        "startEditable": movable and bar.movable,
        "title": f"{bar.code} {bar.customer}",
        "extendedProps": {
            "code": bar.code,
            "who": bar.customer,
            "state": f"{words.kind(bar.work)} · {state} · {bar.area}".rstrip(" ·"),
        },
    }


def _card(bar: Bar, zone: Any) -> Html:
    hours = f"{words.moment(bar.starts, zone)}–{words.time_of_day(bar.ends, zone)}"
    state = "failed" if bar.failed else bar.state
    return tag(
        "a",
        tag("div", tag("span", hours, css="big"), chip(state), css="row between"),
        tag("p", bar.address, dir="auto"),
        tag("p", dotted(bar.code, bar.customer, words.kind(bar.work)), css="soft"),
        href=f"/visits?visit={bar.code}",
        css="card",
    )


def _load(lane: views.Lane) -> str:
    hours = _("{hours:g} h", hours=lane.minutes / 60) if lane.minutes else state_words("free")
    return f"{_visits(lane.visits)}, {hours}" + (f" · {lane.area}" if lane.area else "")


def _visits(number: int) -> str:
    return n_("{count} visit", "{count} visits", number)
