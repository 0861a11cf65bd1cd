"""From a typed line to what the device will do with it: run or refuse. Nothing here touches the device."""

import re
from dataclasses import dataclass
from functools import cache

from isp_lifecycle.lab.grammar import (
    INCOMPLETE,
    PARAMETER,
    Thread,
    Token,
    Wrong,
    fit,
    threads_of,
    tokens,
)
from isp_lifecycle.lab.terminal import READS, Doing
from isp_lifecycle.lab.zxa10 import displays, lines, plant, running, views
from isp_lifecycle.lab.zxa10.command import Command
from isp_lifecycle.lab.zxa10.console import NO_SUCH, Arguments, Console, Mode

TABLE: tuple[Command, ...] = (
    *views.COMMANDS,
    *plant.COMMANDS,
    *lines.COMMANDS,
    *displays.COMMANDS,
    *running.COMMANDS,
)
TEXTS = {
    INCOMPLETE: "%Error 20203: Incomplete command",
    PARAMETER: NO_SUCH,
}
UNKNOWN = "%Error 20200: Invalid input detected at '^' marker."


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that is no command: what to print, and the column of the caret (None: no caret)."""

    text: str
    column: int | None


@cache
def _threads(mode: Mode) -> tuple[Thread[Command], ...]:
    return tuple(threads_of({command: command.pattern for command in TABLE if mode in command.modes}))


def interpret(line: str, console: Console) -> Doing | Refusal:
    """Say what a line means where the console stands."""
    words = tokens(line)
    pipe = next((n for n, word in enumerate(words) if word.text == "|"), len(words))
    fitting = fit(list(_threads(console.view.mode)), words[:pipe])
    if isinstance(fitting, Wrong):
        return Refusal(TEXTS.get(fitting.reason, UNKNOWN), fitting.column)
    if not fitting.complete:
        return Refusal(TEXTS[INCOMPLETE], None)
    thread = fitting.complete[0]
    command, arguments = thread.command, Arguments(thread.bound)
    doing = Doing(command.work, lambda: command.run(console, arguments))
    return _piped(doing, words[pipe:]) if pipe < len(words) else doing


def _piped(doing: Doing, pipe: list[Token]) -> Doing | Refusal:
    """Only displays may be filtered: ``| include``, ``| exclude`` and ``| begin``."""
    verb = pipe[1].text if len(pipe) == 3 else ""
    if doing.work not in READS or verb not in ("include", "exclude", "begin"):
        return Refusal(UNKNOWN, pipe[0].column)
    wanted = re.compile(re.escape(pipe[2].text))

    def keep(text: list[str]) -> list[str]:
        if verb == "begin":
            first = next((n for n, line in enumerate(text) if wanted.search(line)), len(text))
            return text[first:]
        return [line for line in text if bool(wanted.search(line)) == (verb == "include")]

    return Doing(doing.work, doing.run, keep)
