"""From a typed line to what the device will do with it: run, ask for more, or refuse.

The table of commands is compiled once per view. Nothing here touches the device.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from isp_lifecycle.lab.grammar import (
    INCOMPLETE,
    PARAMETER,
    TOO_MANY,
    Fitting,
    Thread,
    Token,
    Wrong,
    fit,
    threads_of,
    tokens,
)
from isp_lifecycle.lab.ma5800.command import Command
from isp_lifecycle.lab.ma5800.commands import flows as flow_commands
from isp_lifecycle.lab.ma5800.commands import onts as ont_commands
from isp_lifecycle.lab.ma5800.commands import plant as plant_commands
from isp_lifecycle.lab.ma5800.commands import views as view_commands
from isp_lifecycle.lab.ma5800.console import Arguments, Mode
from isp_lifecycle.lab.ma5800.displays import flows as flow_displays
from isp_lifecycle.lab.ma5800.displays import ont_live, onts, running, system, traffic

TABLE: tuple[Command, ...] = (
    *view_commands.COMMANDS,
    *plant_commands.COMMANDS,
    *ont_commands.COMMANDS,
    *flow_commands.COMMANDS,
    *onts.COMMANDS,
    *ont_live.COMMANDS,
    *flow_displays.COMMANDS,
    *traffic.COMMANDS,
    *system.COMMANDS,
    *running.COMMANDS,
)

Filter = Callable[[list[str]], list[str]]


@dataclass(frozen=True, slots=True)
class Ready:
    """A command that can run as typed; `unpaged` when its output was piped to no-more."""

    command: Command
    arguments: Arguments
    keep: Filter | None = None
    unpaged: bool = False


@dataclass(frozen=True, slots=True)
class Hint:
    """A command that could take more: the device shows what, and waits."""

    text: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that is no command: what to print, and the column of the caret (None: no caret)."""

    text: str
    column: int | None


Meaning = Ready | Hint | Refusal


@cache
def _threads(mode: Mode) -> tuple[Thread[Command], ...]:
    return tuple(threads_of({command: command.pattern for command in TABLE if mode in command.modes}))


def interpret(line: str, *, mode: Mode, smart: bool, final: bool) -> Meaning:
    """Say what a line means in a view.

    With `smart` a command that could take more is not run but hinted at, unless the person has pressed Enter on the
    hint already (`final`).
    """
    words = tokens(line)
    words, pipe = _split_pipe(words)
    fitting = fit(list(_threads(mode)), words)
    if isinstance(fitting, Wrong):
        return Refusal(fitting.reason, fitting.column)
    hints = smart and not final
    if not fitting.complete:
        return Hint(_hint(fitting)) if hints else Refusal(INCOMPLETE, len(line))
    command = fitting.complete[0].command
    if hints and not pipe and (fitting.expected or (command.reads and command.pipe)):
        return Hint(_hint(fitting))
    ready = Ready(command, Arguments(dict(fitting.complete[0].bound)))
    return _piped(ready, pipe) if pipe else ready


def expected_next(line: str, *, mode: Mode) -> list[str]:
    """Return what may follow a line, for the help that a question mark gives."""
    fitting = fit(list(_threads(mode)), tokens(line))
    if isinstance(fitting, Wrong):
        return []
    return [leaf.label for leaf in fitting.expected] + (["<cr>"] if fitting.complete else [])


def _hint(fitting: Fitting[Command]) -> str:
    """Return the hint in the device's notation: <cr> first, then by name, the pipe last."""
    labels = [leaf.label for leaf in fitting.expected]
    if fitting.complete:
        labels.insert(0, "<cr>")
        command = fitting.complete[0].command
        if command.reads and command.pipe:
            labels.append("|<K>")
    return "{ " + "|".join(labels) + " }:"


def _split_pipe(words: list[Token]) -> tuple[list[Token], list[Token]]:
    """Separate the command from the pipe that follows it, which keeps its mark."""
    for n, word in enumerate(words):
        if word.text == "|":
            return words[:n], words[n:]
    return words, []


def _piped(ready: Ready, pipe: list[Token]) -> Meaning:
    verb = pipe[1].text if len(pipe) > 1 else ""
    if not ready.command.reads:
        return Refusal(TOO_MANY, pipe[0].column)
    if verb == "no-more" and len(pipe) == 2:
        return Ready(ready.command, ready.arguments, unpaged=True)
    if verb in ("include", "exclude", "begin") and len(pipe) == 3:
        return Ready(ready.command, ready.arguments, keep=_filter(verb, pipe[2].text))
    return Refusal(PARAMETER, pipe[min(1, len(pipe) - 1)].column)


def _filter(verb: str, expression: str) -> Filter:
    wanted = re.compile(re.escape(expression))

    def keep(lines: list[str]) -> list[str]:
        if verb == "begin":
            first = next((n for n, line in enumerate(lines) if wanted.search(line)), len(lines))
            return lines[first:]
        return [line for line in lines if bool(wanted.search(line)) == (verb == "include")]

    return keep
