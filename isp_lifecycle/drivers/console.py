"""A person's own command line on a device, beside what the drivers do there: a reading one, and one with full access.

A thread of its own hears the device. Whatever a person types comes from another thread and never waits for the device.
What is said is given to ``said``: with the known secrets masked, and without codes that could act on the browser.
"""

from __future__ import annotations

import os
import re
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from isp_lifecycle.drivers.contract import OltAccess
from isp_lifecycle.drivers.dialect import Dialect
from isp_lifecycle.drivers.editor import BELL, Key, LineEditor, keys_of
from isp_lifecycle.drivers.errors import LineRefused
from isp_lifecycle.drivers.reading import Reading
from isp_lifecycle.drivers.veil import Veil
from isp_lifecycle.drivers.wire import Hangup, Line, PlainText

_HEARD_EVERY_S = 0.5
_HELP_SETTLES_S = 0.3
_TAIL = 600
#: How pagers take their line back where they do it by backspaces: a prompt that follows stands at its line's beginning.
_TAKEN_BACK = re.compile(r"[ \x08]*\x08")
#: What may be typed ahead, and pasted into a session with full access, in one piece.
TYPED_AHEAD, PASTED_LINES = 4000, 20


@dataclass(frozen=True, slots=True)
class Ears:
    """Who is told of what happens at a console; called from its own thread and from that of whoever types."""

    said: Callable[[str], None]
    """What is shown: the device's words, and ours between them."""
    recorded: Callable[[str], None]
    """The same for the record: in it also what stands after words such as *password* is masked."""
    sent: Callable[[str], None]
    """A line that was let through."""
    refused: Callable[[str], None]
    """A line of which nothing was sent."""
    over: Callable[[str], None]
    """The end, once, and why."""


class Console(ABC):
    """One open command line. ``typed``, ``resize`` and ``close`` may be called from any thread."""

    def __init__(self, line: Line, access: OltAccess, dialect: Dialect, *, open_: bool = False) -> None:
        self.access = access
        self._line = line
        self._dialect = dialect
        secrets = [access.password, access.enable_password]
        if access.reading is not None:
            secrets += [access.reading.password, access.reading.enable_password]
        self._veil = Veil(secrets, open=open_)
        self._record = Veil(secrets)
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._ears: Ears | None = None
        self._turn = threading.RLock()

    def begin(self, ears: Ears) -> None:
        """Hear the device from now on."""
        self._ears = ears
        self._thread = threading.Thread(target=self._hear, name=f"console-{self.access.name}", daemon=True)
        self._thread.start()
        self._write(self._dialect.enter)  # has the prompt said once more, which the login took

    @abstractmethod
    def typed(self, text: str) -> None:
        """Whatever somebody typed or pasted; never waits for the device."""

    def resize(self, columns: int, rows: int) -> None:
        """The window has another size."""
        if not self._ended.is_set():
            try:
                self._line.resize(columns, rows)
            except Hangup as error:
                self.close(str(error))

    def close(self, why: str = "") -> None:
        """Hang up; the first reason counts."""
        with self._turn:
            if self._ended.is_set():
                return
            self._ended.set()
        self._say(self._veil.rest())
        if self._ears is not None and (rest := self._record.rest()):
            self._ears.recorded(rest)
        self._line.close()
        if self._ears is not None:
            self._ears.over(why)

    @property
    def own_account(self) -> bool:
        """Whether it is by an account that the device itself lets read only."""
        return self.access.reading is not None and self.access.username == self.access.reading.username

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return self._ended.is_set()

    # inside

    def _hear(self) -> None:
        try:
            while not self._ended.is_set():
                piece = self._line.receive_as_is(self._patience())
                with self._turn:
                    if not self._ended.is_set():
                        self._heard(piece)
        except Hangup:
            self.close("the device ended it")
        except Exception as error:  # noqa: BLE001 - the thread's edge: nobody would hear of it, and the line stayed open
            self.close(f"it broke off ({type(error).__name__})")

    def _patience(self) -> float:
        return _HEARD_EVERY_S

    def _heard(self, piece: str) -> None:
        """Something has come, or nothing for a while."""
        if piece:
            self._say(self._veil.of(piece))

    def _say(self, text: str) -> None:
        if text and self._ears is not None:
            self._ears.said(text)
            if recorded := self._record.of(text):
                self._ears.recorded(recorded)

    def _write(self, text: str) -> None:
        if self._ended.is_set():
            return
        try:
            self._line.write(text)
        except Hangup as error:
            self.close(str(error))


class FullConsole(Console):
    """Every key reaches the device; its own line editor, completion and questions are a person's."""

    def __init__(self, line: Line, access: OltAccess, dialect: Dialect) -> None:
        super().__init__(line, access, dialect, open_=True)

    def typed(self, text: str) -> None:
        if len(text) > TYPED_AHEAD or len(text.splitlines()) > PASTED_LINES:
            self._say(f"\r\n[Not pasted: more than {PASTED_LINES} lines or {TYPED_AHEAD} letters at once.]\r\n")
            return
        self._write(text.replace("\x00", ""))


class ReadingConsole(Console):
    """Only whole lines that the vendor's table knows to read are sent, one at a time, each at a prompt."""

    def __init__(self, line: Line, access: OltAccess, dialect: Dialect, table: Reading) -> None:
        super().__init__(line, access, dialect)
        self._table = table
        self._pagers = [r.pattern for r in dialect.questions if r.keys == " "]
        self._hints = [r.pattern for r in dialect.questions if r.keys == "\n"]
        self._editor = LineEditor()
        self._waiting: deque[str] = deque()
        self._plain = PlainText()
        self._tail = ""
        self._prompt = ""
        self._mode: str | None = None
        self._busy = True
        self._echo = ""
        self._line_ends = False
        self._asked_help = 0
        self._swallow = 0
        """So many silences more, whatever comes is not shown."""

    def typed(self, text: str) -> None:
        with self._turn:
            if self._busy and self._at_pager() and self._page(text):
                return
            if self._busy and text == "\x03":
                self._give_up()
                return
            if len(text) + len(self._waiting) > TYPED_AHEAD:
                self._say(f"\r\n[Not taken: more than {TYPED_AHEAD} letters at once.]\r\n{self._prompt}")
                return
            self._waiting.extend(keys_of(text))
            self._go_on()

    # what is typed

    def _go_on(self) -> None:
        """Work off what was typed, up to a line that the device has to answer first."""
        while self._waiting and not self._busy and not self.ended:
            shown, key = self._editor.press(self._waiting.popleft())
            self._say(shown)
            if key is Key.ENTER:
                self._entered()
            elif key is Key.HELP:
                self._help()
            elif key is Key.COMPLETE:
                self._complete()
            elif key is Key.BREAK:
                self._waiting.clear()
                self._editor.replaced("")
                self._say("^C\r\n" + self._prompt)

    def _entered(self) -> None:
        typed = self._editor.taken()
        if not typed.strip():
            self._send("", shown=False)
            return
        try:
            line = self._table.passed(typed)
        except LineRefused as refusal:
            self._waiting.clear()  # whatever was pasted after it may rest on it
            self._tell("refused", typed)
            self._say(f"\r\n[{refusal.message} {refusal.remedy}]\r\n{self._prompt}")
            return
        if line in self._table.leaves and self._mode is None:
            self._say("\r\n")
            self.close("logged out")
            return
        self._tell("sent", line)
        self._send(line, shown=True)

    def _send(self, line: str, *, shown: bool) -> None:
        """Send a line whose letters stand on the screen already: the device's echo of them is left out."""
        self._busy, self._tail, self._echo = True, "", line if shown else ""
        self._say("\r\n" if shown else "")
        self._line_ends = shown
        self._write(line + self._dialect.enter)

    def _help(self) -> None:
        begun = self._editor.text
        if begun.strip() and not self._table.may_become(begun):
            self._say(BELL)
            return
        if not begun.strip():
            heads = ", ".join((*self._table.heads, *(o for o in self._table.offers if " " not in o)))
            self._say(f"?\r\n[Begin with: {heads}; Tab completes what is often wanted.]\r\n{self._prompt}{begun}")
            return
        self._busy, self._tail, self._echo = True, "", begun
        self._asked_help = len(begun)
        self._write(begun + "?")

    def _complete(self) -> None:
        found = sorted(set(self._table.completions(self._editor.text)))
        common = os.path.commonprefix(found)  # noqa: RUF071 - letters, not folders
        if common and not common.isupper():
            self._say(self._editor.added(common))
        elif found:
            words = "  ".join(word.strip() for word in found)
            self._say(f"\r\n{words}\r\n{self._prompt}{self._editor.text}")
        else:
            self._say(BELL)

    # what a device wants to know

    def _at_pager(self) -> bool:
        return any(pattern.search(self._tail) for pattern in self._pagers)

    def _page(self, key: str) -> bool:
        """Go on at a pager; True when the key was for it."""
        keys = {" ": " ", "\r": "\n", "\n": "\n", "q": "q", "Q": "q", "\x03": "q"}
        if key not in keys:
            return False
        if keys[key] == "q":
            self._waiting.clear()
        self._tail = ""
        self._write(keys[key])
        return True

    def _give_up(self) -> None:
        self._waiting.clear()
        self._say("^C")
        self._write("\x03")

    # what the device says

    def _patience(self) -> float:
        return _HELP_SETTLES_S if self._asked_help or self._swallow else _HEARD_EVERY_S

    def _heard(self, piece: str) -> None:
        if not piece:
            self._silence()
            return
        plain = self._plain.of(piece).replace("\r", "")
        self._tail = _TAKEN_BACK.sub("", (self._tail + plain)[-_TAIL:])
        if self._swallow:
            return
        self._say(self._veil.of(self._without_echo(piece)))
        if not self._asked_help:
            self._look_for_the_end()

    def _look_for_the_end(self) -> None:
        if any(pattern.search(self._tail) for pattern in self._hints):
            self._tail = ""
            self._write("\n")
            return
        prompt = self._dialect.prompt.search(self._tail)
        if prompt is not None and not self._echo:
            self._mode, self._prompt = prompt["mode"], prompt[0].strip()
            self._busy = False
            self._go_on()

    def _silence(self) -> None:
        """After help the device has what was asked about on its line: it is erased there, and stays on the screen.

        A silence may have begun before the device was asked, so that the first one after a question proves nothing.
        """
        if self._swallow:
            self._swallow -= 1
            self._busy = self._swallow > 0
            self._go_on()
        elif self._asked_help and self._tail:
            self._write("\b" * self._asked_help)
            self._asked_help, self._swallow, self._echo = 0, 2, ""
        elif self._busy and self._dialect.prompt.search(self._tail):
            self._echo = ""
            self._look_for_the_end()

    def _without_echo(self, piece: str) -> str:
        """What has come, without the echo of what stands on the screen already; white space proves nothing."""
        kept = 0
        while self._echo and kept < len(piece):
            letter, expected = piece[kept], self._echo.lstrip()[:1]
            if letter == expected:
                self._echo = self._echo.lstrip()[1:].lstrip()
            elif not letter.isspace():
                self._echo = ""
                break
            kept += 1
            if not self._echo and self._line_ends:
                line_end = re.match(r"[ \t]*\r?\n?", piece[kept:])
                kept += line_end.end() if line_end else 0
                self._line_ends = False
        return piece[kept:]

    def _tell(self, what: str, line: str) -> None:
        if self._ears is not None:
            getattr(self._ears, what)(line)
