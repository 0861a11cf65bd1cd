"""A terminal to a device: opened by role, for reading or with full access; and the records of those before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import panel as pn
import panel_material_ui as pmui

from dashboards.parts import words
from dashboards.parts.cards import empty
from dashboards.parts.html import BREAK, Html, html_pane, joined, show, tag
from dashboards.parts.inputs import button, choice, column, field, row
from dashboards.parts.notice import Notice, alert
from dashboards.parts.picking import Picking
from dashboards.parts.screen import Screen
from dashboards.parts.segments import Segments
from dashboards.parts.states import chip
from dashboards.parts.table import Column, pager, pick, table
from dashboards.route import PageSession
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import _, say
from isp_lifecycle.intake import terminal as intake
from isp_lifecycle.intake.live_terminal import LEFT, LiveTerminal, Watcher
from isp_lifecycle.views import terminal as views
from isp_lifecycle.views.terminal import ROWS, OltDoor, TerminalRow

READING, FULL = say("Reading"), say("Full access")
_SAYS = {
    "reading": say("Only commands that read are sent; the server decides that, line by line."),
    "full": say("Every key reaches the device. The engine begins nothing on this OLT until you end it."),
}


def page(session: PageSession) -> Sequence[Any]:
    """Terminals."""
    return TerminalPage(session).parts()


class TerminalPage:
    """Above, the form or the open terminal; below, the records."""

    def __init__(self, session: PageSession) -> None:
        self._session = session
        self._told, self._place = Notice(), column()
        self._live: LiveTerminal | None = None
        self._screen: Screen | None = None
        self._state = html_pane()
        self._olt = session.query.get("olt", "")
        self._offset = 0
        self._records = Picking(on_pick=self._picked)
        self._replay = column()
        document = pn.state.curdoc
        self._looks = _looks_of(document)
        if document is not None:
            pn.state.on_session_destroyed(self._gone)

    def parts(self) -> list[Any]:
        """What is shown."""
        self._form()
        record = self._session.query.get("record", "")
        if record:
            self._open_record(record)
        self._list()
        return [self._told.pane, self._place, html_pane(tag("h2", _("Records"))), self._replay, self._records]

    # --- opening one -----------------------------------------------------------------------------------------------

    def _form(self) -> None:
        may = self._session.actor.may
        profiles = [name for name, key in ((READING, "device.terminal"), (FULL, "device.terminal_full")) if may(key)]
        if not profiles:
            self._place.objects = []
            return
        doors = {door.olt: door for door in self._session.look(views.doors)}
        if not doors:
            self._place.objects = [
                html_pane(empty(_("No OLT is recorded."), _("Add one on the page OLTs."), "terminal"))
            ]
            return
        olt = choice("OLT", list(doors), value=self._olt if self._olt in doors else next(iter(doors)), searchable=True)
        reason = field(_("Why do you need it?"), visible=False)
        although = pmui.Checkbox(label=_("Go in although the engine works there"), visible=False, margin=0)
        says = html_pane()

        def looked(*_event: Any) -> None:
            self._olt = olt.value
            full = kinds.current == FULL
            door = next(iter(self._session.look(views.doors, olt=olt.value)), None)
            reason.visible, although.visible = full, full and bool(door and door.at_work)
            show(says, _door_says(door, full=full))

        kinds = Segments(
            {name: name for name in profiles}, chosen=looked, current=profiles[0], label=_("What you may do there")
        )

        def open_it() -> None:
            if kinds.current == FULL:
                text = (reason.value_input or reason.value or "").strip()
                self._begin(intake.begin_full, olt=olt.value, reason=text, although_at_work=bool(although.value))
            else:
                self._begin(intake.begin_reading, olt=olt.value)

        olt.param.watch(looked, "value")
        looked()
        press = button(_("Open the terminal"), open_it, notice=self._told, icon="terminal")
        chosen = [kinds.pane] if len(profiles) > 1 else []
        self._place.objects = [row(olt), *chosen, says, reason, although, row(press)]

    def _begin(self, entry: Any, **asked: Any) -> None:
        if self._live is not None and not self._live.ended:
            raise Refused(say("This page has a terminal already."), remedy=say("End it first, or open another page."))
        terminal = self._session.act(entry, **asked)
        screen = Screen(on_typed=self._typed, on_size=self._sized, height=self._height())
        watcher = Watcher(show=screen.show, over=self._over, looks=self._looks)
        live = LiveTerminal(self._session.doors.door, self._session.doors.window.olts, terminal, watcher)
        self._told.info(_("Connecting to {olt}…", olt=terminal.olt), _("It takes a few seconds."))
        self._live, self._screen = live, None
        live.connect()
        self._screen = screen
        self._told.clear()
        account = (
            _("signed in by the device's own account for reading")
            if live.own_account
            else _("signed in by the system's account")
        )
        limits = self._session.settings.terminal
        about = joined(
            tag("b", terminal.olt),
            " ",
            chip(str(terminal.profile)),
            " ",
            tag("span", account, css="soft"),
            BREAK,
            tag(
                "small",
                _(
                    "{says} It is recorded. It ends after {idle_minutes} minutes without a key, "
                    "and after {absolute_minutes} at the latest. Shift+Tab leads out of it.",
                    says=_SAYS[str(terminal.profile)],
                    idle_minutes=limits.idle_minutes,
                    absolute_minutes=limits.absolute_minutes,
                ),
            ),
        )
        end = button(
            _("End it"),
            lambda: self._end(_("{name} ended it", name=self._session.actor.name)),
            notice=self._told,
            kind="outlined",
            icon="stop",
        )
        self._place.objects = [row(html_pane(about, sizing_mode="stretch_width"), end), screen]
        self._list()

    def _gone(self, _context: Any) -> None:
        if self._screen is not None:
            self._screen.let_go()
        self._end(LEFT)

    def _height(self) -> int:
        return 420 if self._session.narrow else 560

    def _typed(self, text: str) -> None:
        if self._live is not None:
            self._live.typed(text)

    def _sized(self, columns: int, rows: int) -> None:
        if self._live is not None:
            self._live.resized(columns, rows)

    def _end(self, why: str) -> None:
        if self._live is not None:
            self._live.end(why)

    def _over(self, why: str) -> None:
        """It has ended: told from whatever thread, shown when the page has time."""
        screen = self._screen
        if screen is None:
            return  # it never came about, and the press says why

        async def shown() -> None:
            over = _("It is over: {why}.", why=why)
            screen.show(f"\r\n\x1b[1m[{over}]\x1b[0m\r\n")
            screen.live = False
            again = button(_("Open another"), self._form, notice=self._told, kind="outlined", icon="terminal")
            ended = html_pane(alert("info", _("The terminal is over: {why}.", why=why), _("Its record is below.")))
            self._place.objects = [row(again), ended, screen]
            self._list()

        screen.later(shown)

    # --- records ---------------------------------------------------------------------------------------------------

    def _list(self) -> None:
        found = self._session.look(views.terminals, offset=self._offset)
        zone = self._session.zone
        columns = [
            Column[TerminalRow](
                _("When"),
                lambda t: joined(
                    pick(str(t.id), words.moment(t.began_at, zone), parameter="record"),
                    BREAK,
                    tag("small", words.length(t.seconds)),
                ),
                "key",
            ),
            Column[TerminalRow]("OLT", lambda t: joined(t.olt, BREAK, tag("small", t.profile))),
            Column[TerminalRow](
                _("Who"), lambda t: joined(t.name, BREAK, tag("small", t.reason)) if t.reason else t.name
            ),
            Column[TerminalRow](
                _("Ended"), lambda t: chip("running", _("open")) if t.open else tag("small", t.ended_why)
            ),
            Column[TerminalRow](_("Record"), lambda t: words.octets(t.letters), "num"),
        ]
        nothing = (_("No terminal was opened yet."), _("What is said at one is recorded, and replayed here."))
        drawn = table(found.rows, columns, nothing=nothing)
        more = pager(offset=self._offset, shown=len(found.rows), total=found.total)
        self._records.show(tag("div", drawn, more, css="stack-m"))

    def _picked(self, key: str) -> None:
        if key.startswith("page:"):
            self._offset = max(0, self._offset + (ROWS if key == "page:after" else -ROWS))
            self._list()
            return
        self._open_record(key)
        if pn.state.location is not None:
            pn.state.location.search = f"?record={key}"

    def _open_record(self, key: str) -> None:
        try:
            found = self._session.look(views.recording, terminal_id=UUID(key))
        except (ValueError, Refused):
            self._replay.objects = [html_pane(alert("warn", _("There is no such record, or it is not yours."), ""))]
            return
        zone, one = self._session.zone, found.row
        heading = _("{name} at {olt}, {time}", name=one.name, olt=one.olt, time=words.moment(one.began_at, zone))
        about = tag("div", tag("h3", heading), tag("p", one.reason), tag("small", _ended(one)))
        self._replay.objects = [html_pane(about), Screen(recording=found.cast, height=self._height())]


def _ended(one: TerminalRow) -> str:
    return (
        _("It is still open: this is what was said so far.")
        if one.open
        else _("Ended: {ended_why}.", ended_why=one.ended_why)
    )


def _door_says(door: OltDoor | None, *, full: bool) -> Html:
    if door is None:
        return Html("")
    said: list[Html] = []
    if door.there:
        said.append(alert("info", _("At its command line now: {there}.", there=", ".join(door.there)), ""))
    if door.paused:
        said.append(alert("info", _("The engine is paused there: {paused}", paused=door.paused), ""))
    if full and door.at_work:
        said.append(
            alert(
                "warn",
                _("The engine is at work there: {at_work}.", at_work=door.at_work),
                _("Wait until it is done, or go in and know that."),
            )
        )
    return joined(*said)


def _looks_of(document: Any) -> Callable[[], bool]:
    """Whether a browser is connected to the page: its websocket stands, as the guard lets it."""

    def looks() -> bool:
        context = getattr(document, "session_context", None)
        session = getattr(context, "session", None)  # there is none yet while the page is made
        return session is None or session.connection_count > 0

    return looks
