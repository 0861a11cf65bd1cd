"""A terminal while it lasts: the device on one side, a page on the other, the record and the limits between them.

It ends with whoever looks at it: a page that is closed, a session that is ended, a role that is lost close the page's
websocket, and a second later the connection to the device. What cannot be recorded does not go on.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.drivers.console import Console, Ears
from isp_lifecycle.drivers.contract import Transcript
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.foundation.errors import LifecycleError
from isp_lifecycle.foundation.logs import log
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.intake import terminal as entries
from isp_lifecycle.intake.door import Door
from isp_lifecycle.terminals.model import Profile, Terminal

#: How often limits and whoever looks are looked at, how often the record is written, how often a sign of life is.
WATCH_SECONDS, WRITE_SECONDS, ALIVE_SECONDS = 0.5, 2.0, 30.0
#: So long nobody may look: a page that reloads loses its terminal, one whose connection hiccups does not.
UNWATCHED_SECONDS = 2.0
#: Why it ended when nobody looks any more.
LEFT = say("the page was closed, or its session ended")
SMALLEST, LARGEST = (20, 5), (400, 150)

_log = log(__name__)


@dataclass(frozen=True)
class Watcher:
    """Who looks on."""

    show: Callable[[str], None]
    """The device's words; called from several threads, and must not wait."""
    over: Callable[[str], None]
    """The end, once, and why."""
    looks: Callable[[], bool]
    """Whether anybody still does."""


class Record:
    """What was said, as events of asciicast v2, until it is written."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._events: list[str] = []
        self._lock = threading.Lock()
        self.letters = 0

    def note(self, kind: str, text: str) -> None:
        """``o`` for what was shown, ``r`` for another size, ``m`` for a mark."""
        with self._lock:
            self._events.append(json.dumps([round(time.monotonic() - self._began, 3), kind, text], ensure_ascii=False))

    def taken(self) -> str:
        """What was not written yet, one event a line."""
        with self._lock:
            text, self._events = "".join(f"{event}\n" for event in self._events), []
            self.letters += len(text)
        return text


class LiveTerminal:
    """One open terminal. Whatever is called here returns at once, but for :meth:`connect`."""

    def __init__(self, door: Door, olts: Olts, terminal: Terminal, watcher: Watcher) -> None:
        self.terminal = terminal
        self._door = door
        self._olts = olts
        self._watcher = watcher
        self._record = Record()
        self._pieces = 0
        self._console: Console | None = None
        self._began = self._typed_at = self._looked_at = time.monotonic()
        self._written_at = 0.0
        self._end, self._writing = threading.Lock(), threading.Lock()
        self._why = ""

    def connect(self) -> None:
        """Connect to the device and log in there: some seconds. What that raises ends the terminal."""
        try:
            reading = self.terminal.profile is Profile.READING
            console = self._olts.console(self.terminal.olt, Transcript(), reading=reading)
        except BaseException as error:
            why = error.message if isinstance(error, LifecycleError) else type(error).__name__
            self._over(say("no connection: {why}", why=why))
            raise
        self._console = console
        ears = Ears(
            said=self._watcher.show,
            recorded=lambda text: self._record.note("o", text),
            sent=lambda line: self._record.note("m", line),
            refused=lambda line: self._record.note("m", say("not sent: {line}", line=line)),
            over=self._over,
        )
        console.begin(ears)
        threading.Thread(target=self._watch, name=f"terminal-{self.terminal.olt}", daemon=True).start()

    @property
    def own_account(self) -> bool:
        """Whether the device itself knows that this account only reads."""
        return self._console is not None and self._console.own_account

    @property
    def ended(self) -> str:
        """Why it is over; empty while it lasts."""
        return self._why

    @property
    def quiet_seconds(self) -> float:
        """How long nobody has typed."""
        return time.monotonic() - self._typed_at

    def typed(self, text: str) -> None:
        """Somebody typed or pasted this."""
        if self._console is not None and not self._why and text:
            self._typed_at = time.monotonic()
            self._console.typed(text)

    def resized(self, columns: int, rows: int) -> None:
        """The window has another size; an absurd one becomes one that a device can stand."""
        columns = min(max(columns, SMALLEST[0]), LARGEST[0])
        rows = min(max(rows, SMALLEST[1]), LARGEST[1])
        if self._console is not None and not self._why:
            self._record.note("r", f"{columns}x{rows}")
            self._console.resize(columns, rows)

    def end(self, why: str) -> None:
        """Hang up."""
        if self._console is not None:
            self._console.close(why)
        else:
            self._over(why)

    # inside

    def _watch(self) -> None:
        while not self._why:
            time.sleep(WATCH_SECONDS)
            try:
                why = self._due() or self._write()
            except Exception as error:  # noqa: BLE001 - the thread's edge: without its watch no terminal may go on
                _log.error("a terminal's record could not be written", terminal=str(self.terminal.id), exc_info=error)
                why = say("it could not be recorded")
            if why:
                self.end(why)

    def _due(self) -> str:
        """Why it has to end now; empty when it has not."""
        limits, now = self._door.settings.terminal, time.monotonic()
        if self._watcher.looks():
            self._looked_at = now
        if now - self._looked_at > UNWATCHED_SECONDS:
            return LEFT
        if self.quiet_seconds > limits.idle_minutes * 60:
            return say("nobody typed for {minutes} minutes", minutes=limits.idle_minutes)
        if now - self._began > limits.absolute_minutes * 60:
            return say("it was open for {minutes} minutes", minutes=limits.absolute_minutes)
        return ""

    def _write(self, *, last: bool = False) -> str:
        with self._writing:
            return self._written(last=last)

    def _written(self, *, last: bool) -> str:
        """Why it has to end after that; empty when it has not."""
        now = time.monotonic()
        if not last and now - self._written_at < WRITE_SECONDS:
            return ""
        events = self._record.taken()
        if events or now - self._written_at > ALIVE_SECONDS or not self._pieces:
            self._written_at, self._pieces = now, self._pieces + 1
            entries.keep_record(self._door, SYSTEM, terminal_id=self.terminal.id, number=self._pieces, events=events)
        full = self._record.letters > self._door.settings.terminal.record_kilobytes * 1000
        return say("its record is full") if full else ""

    def _over(self, why: str) -> None:
        with self._end:
            if self._why:
                return
            self._why = why or say("it ended")
        try:
            self._write(last=True)
        except Exception as error:  # noqa: BLE001 - the end is noted in any case, and told
            _log.error("the end of a terminal's record is lost", terminal=str(self.terminal.id), exc_info=error)
        one = self.terminal
        try:
            entries.note_end(self._door, SYSTEM, terminal_id=one.id, username=one.username, olt=one.olt, why=self._why)
        except LifecycleError as error:
            _log.error("the end of a terminal could not be noted", terminal=str(one.id), reason=error.message)
        self._watcher.over(self._why)
