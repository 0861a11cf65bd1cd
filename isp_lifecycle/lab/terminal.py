"""A session on any device's command line: where time passes, and where a device misbehaves when told to.

A maker's session says how it greets, what it makes of a line, and how one leaves; what a command costs, and what faults
do to its answer, is the same everywhere.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from isp_lifecycle.lab.device import Device, LastLogin
from isp_lifecycle.lab.pace import LOGIN, Span
from isp_lifecycle.lab.screen import Gone, Idle, Pager, Screen, Wire

ROW_SECONDS = 0.002
JUNK = "\x00\ufffd#~ 0x7f"


class Work(Enum):
    """What kind of work a command is, with its duration at speed 1 (device-facts section 7)."""

    VIEW = Span(0.05, 0.05)  #: changes only the terminal
    CONFIG = Span(0.3, 0.6)  #: changes the device: refused while the device saves
    DISPLAY = Span(0.5, 0.5)  #: reads a table; every row takes a little more
    OMCI = Span(1.0, 1.0)  #: asks the ONT itself
    PORT_STATE = Span(5.0, 5.0)  #: asks the ONT about each of its ports


READS = frozenset({Work.DISPLAY, Work.OMCI, Work.PORT_STATE})


class Rejected(Exception):
    """A command was understood and refused; the argument is the text the device prints."""


class Cut(Exception):
    """The device drops the connection."""


@dataclass(frozen=True, slots=True)
class Doing:
    """A command nobody doubts any more; `keep` lets lines through, `unpaged` prints them without a stop."""

    work: Work
    run: Callable[[], str]
    keep: Callable[[list[str]], list[str]] | None = None
    unpaged: bool = False
    confirm: str = ""
    """What is asked before it is done; empty: nothing."""


class Terminal(Protocol):
    """What a session must know of its console."""

    account: str
    echo: bool
    page_lines: int | None
    idle_seconds: float
    leaving: bool

    @property
    def prompt(self) -> str: ...


def wrapped_at(columns: int, text: str) -> str:
    """Break every line where a terminal of so many columns ends, wherever that falls."""
    parts = (line[n : n + columns] for line in text.split("\n") for n in range(0, max(len(line), 1), columns))
    return "\n".join(parts)


class TerminalSession(ABC):
    """One logged-in terminal of one device."""

    busy: str
    unknown_answer: str
    full: str
    """Said to a registration on a PON port that takes no more ONTs."""
    expired: str
    """Asked instead of the first prompt of an account whose password is too old."""
    timed_out: str
    gap = "\n"
    """What stands between an answer and the next prompt."""

    def __init__(self, device: Device[Any], wire: Wire, pager: Pager, terminal: Terminal, *, address: str) -> None:
        self.device = device
        self.screen = Screen(wire, pager)
        self.terminal = terminal
        self.address = address
        self.broken = False
        self._began = device.now()

    # what a maker's device does

    @abstractmethod
    def greeting(self) -> str:
        """Return what is printed before the first prompt."""

    @abstractmethod
    async def do(self, line: str) -> None:
        """Follow a line that somebody typed."""

    @abstractmethod
    async def leave(self) -> None:
        """Somebody wants to go: ask, or let go; clears `leaving` when they stay."""

    def helped(self, line: str) -> list[str]:
        """What may follow a line, for the help that a question mark gives."""
        return []

    # the conversation

    async def run(self, *, connected_at: float) -> None:
        """Hold the whole conversation; returns when it is over."""
        self.device.on_console.append(self.screen.break_in)
        try:
            await self._login(connected_at)
            while not self.terminal.leaving:
                await self._turn()
        except Idle:
            self.screen.write(f"\n{self.timed_out}\n")
        except (Gone, Cut):
            pass  # the end of the connection is the end of the session: nobody is left to be told
        finally:
            self.device.on_console.remove(self.screen.break_in)
            self.device.last_login = LastLogin(self._began, self.device.now(), self.address)

    async def pass_time(self, span: Span | float) -> None:
        """Let the device work for a while."""
        await asyncio.sleep(self.device.pace.seconds(span) * self.device.faults.slowness())

    async def _login(self, connected_at: float) -> None:
        await self.pass_time(LOGIN)
        self.screen.write(self.greeting())
        if self.device.faults.take("password_expired", self.terminal.account):
            self.screen.write(f"\n{self.expired}")
            await self.screen.ignore()
        self.device.activity.note(olt=self.device.name, kind="login", what=self.terminal.account, started=connected_at)

    async def confirmed(self, question: str) -> bool:
        """Ask, and tell whether the answer was yes."""
        answer, _ = await self.screen.line(question, idle_seconds=self.terminal.idle_seconds)
        return answer.strip().lower() in ("y", "yes")

    async def _turn(self) -> None:
        """Read one line and do it."""
        idle = self.terminal.idle_seconds
        prompt = f"{self.gap}{self.terminal.prompt}"
        line, end = await self.screen.line(prompt, idle_seconds=idle)
        while end == "?":
            helped = self.helped(line)
            self.screen.write("\n".join(f"  {label}" for label in helped) + "\n" if helped else "")
            line, end = await self.screen.line(prompt, idle_seconds=idle, already=line)
        if not line.strip():
            return
        await self.do(line)
        if self.terminal.leaving:
            await self.leave()

    # one command

    async def perform(self, doing: Doing, line: str) -> None:
        """Run a command, and print its answer."""
        with self.device.activity.measured(olt=self.device.name, kind="command", what=line):
            faults = self.device.faults
            if faults.take("hang", line):
                await self.screen.ignore()
            text = await self._answer(doing, line)
            if faults.take("reboot", line):
                self.broken = True
                self.device.reboot(lose_unsaved=True)
                raise Cut
            if faults.take("drop_mid_command", line):
                self.broken = True
                raise Cut
            self.screen.echo = self.terminal.echo
            lines = text.split("\n") if text else []
            if doing.keep:
                lines = doing.keep(lines)
            await self._print("\n".join(lines), line, unpaged=doing.unpaged)

    async def _answer(self, doing: Doing, line: str) -> str:
        """Let the device work, and return what it says."""
        await self.pass_time(doing.work.value)
        strange = self.device.faults.take("unknown_answer", line)
        if strange:
            return strange.text or self.unknown_answer
        if self._busy(doing, line):
            return self.busy
        if self.device.faults.take("full", line):
            return self.full
        try:
            text = doing.run()
        except Rejected as rejected:
            return str(rejected)
        await self.pass_time(text.count("\n") * ROW_SECONDS if doing.work in READS else 0.0)
        return text

    def _busy(self, doing: Doing, line: str) -> bool:
        """Tell whether the device refuses to be changed now."""
        if doing.work is not Work.CONFIG:
            return False
        return self.device.saving or self.device.faults.take("busy", line) is not None

    async def _print(self, text: str, line: str, *, unpaged: bool) -> None:
        faults = self.device.faults
        if faults.take("garbled", line):
            text = text[: len(text) // 2] + JUNK
        narrow = faults.take("wrapped", line)
        if narrow:
            text = wrapped_at(int(narrow.factor), text)
        page = None if unpaged else self.terminal.page_lines
        if text:
            await self.screen.show(text, page_lines=page)
        if faults.take("double", line):
            self.screen.write(f"\n{self.terminal.prompt}\n")
            if text:
                await self.screen.show(text, page_lines=page)
