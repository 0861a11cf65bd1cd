"""The terminal's far end: characters in, characters out, with a line editor, a pager and interruptions.

What a person or a driver types is echoed as it is consumed, so lines typed ahead appear where the device gets to them.
Text that others cause (alarms, progress of a save) breaks in at once while the cursor waits at a prompt, and between
two lines of an answer otherwise.
"""

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import NoReturn, Protocol

ERASE_ONE = "\b \b"


@dataclass(frozen=True, slots=True)
class Pager:
    """What a device shows when a page is full, and how it takes that back."""

    more: str
    erase: str


class Wire(Protocol):
    """What carries the characters."""

    async def read(self) -> str:
        """Return some characters; an empty string at the end of the connection."""
        ...

    def write(self, text: str) -> None:
        """Send characters."""
        ...


class Gone(Exception):
    """The other side closed the connection."""


class Idle(Exception):
    """Nobody typed anything for too long."""


class Screen:
    """One terminal as the command line sees it."""

    def __init__(self, wire: Wire, pager: Pager) -> None:
        self._wire = wire
        self._pager = pager
        self._typed: deque[str] = deque()
        self._waiting_with: str | None = None
        self._breaking_in: deque[str] = deque()
        self.echo = True

    # out

    def write(self, text: str) -> None:
        """Send text; line feeds become the terminal's line ends."""
        self._wire.write(text.replace("\n", "\r\n"))

    def break_in(self, text: str) -> None:
        """Print something nobody at this terminal asked for."""
        if self._waiting_with is None:
            self._breaking_in.append(text)
        else:
            self.write(f"\n{text}\n{self._waiting_with}")

    def _let_in(self) -> None:
        while self._breaking_in:
            self.write(f"\n{self._breaking_in.popleft()}\n")

    async def show(self, text: str, *, page_lines: int | None) -> None:
        """Send an answer line by line, stopping after each page until somebody wants more."""
        room = page_lines
        for line in text.split("\n"):
            if room is not None and page_lines is not None and room <= 0:
                room = await self._more(page_lines)
                if room <= 0:
                    return
            self.write(f"{line}\n")
            room = None if room is None else room - 1
            self._let_in()

    async def _more(self, page_lines: int) -> int:
        """Ask whether to go on; return how many lines may follow, 0 to stop."""
        self.write(self._pager.more)
        while True:
            key = await self._key(None)
            if key in " \r\nqQ":
                self.write(self._pager.erase)
                return {" ": page_lines, "\r": 1, "\n": 1}.get(key, 0)

    # in

    async def ignore(self) -> NoReturn:
        """Swallow whatever is typed until the other side gives up."""
        while True:
            self._typed.clear()
            await self._key(None)

    async def _key(self, idle_seconds: float | None) -> str:
        while not self._typed:
            try:
                async with asyncio.timeout(idle_seconds):
                    text = await self._wire.read()
            except TimeoutError:
                raise Idle from None
            if not text:
                raise Gone
            self._typed.extend(text.replace("\r\n", "\n"))
        return self._typed.popleft()

    async def line(self, prompt: str, *, idle_seconds: float, already: str = "") -> tuple[str, str]:
        """Show a prompt, read one line with echo, and return it with what ended it: Enter or a question mark."""
        self._let_in()
        self.write(prompt + already)
        typed = already
        while True:
            self._waiting_with = prompt + typed
            try:
                key = await self._key(idle_seconds)
            finally:
                self._waiting_with = None
            if key in "\r\n":
                self.write("\n")
                return typed, "\n"
            if key == "?" and typed.count('"') % 2 == 0:
                self.write("?\n" if self.echo else "\n")
                return typed, "?"
            typed = self._edited(typed, key)

    def _edited(self, typed: str, key: str) -> str:
        """Return the line after one key, and echo what the key did."""
        if key in "\b\x7f":
            if typed and self.echo:
                self.write(ERASE_ONE)
            return typed[:-1]
        if key == "\x15":
            if self.echo:
                self.write(ERASE_ONE * len(typed))
            return ""
        if not key.isprintable():
            return typed
        if self.echo:
            self.write(key)
        return typed + key
