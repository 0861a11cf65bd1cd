"""From a typed line to what the device will do with it: run or refuse. Nothing here touches the device."""

import re
from dataclasses import dataclass
from functools import cache

from isp_lifecycle.lab.grammar import (
    AMBIGUOUS,
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
from isp_lifecycle.lab.zxa10.console import Arguments, Console, Mode

TABLE: tuple[Command, ...] = (
    *views.COMMANDS,
    *plant.COMMANDS,
    *lines.COMMANDS,
    *displays.COMMANDS,
    *running.COMMANDS,
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that is no command: what to print, and the column of the caret (None: no caret)."""

    text: str
    column: int | None


@cache
def _threads(table: tuple[Command, ...], mode: Mode) -> tuple[Thread[Command], ...]:
    return tuple(threads_of({command: command.pattern for command in table if mode in command.modes}))


def interpret(line: str, console: Console, table: tuple[Command, ...] = TABLE) -> Doing | Refusal:
    """Say what a line means where the console stands, on a device with these commands."""
    words = tokens(line)
    pipe = next((n for n, word in enumerate(words) if word.text == "|"), len(words))
    says = console.says
    fitting = fit(list(_threads(table, console.view.mode)), words[:pipe])
    if isinstance(fitting, Wrong):
        texts = {INCOMPLETE: says.incomplete, PARAMETER: says.no_such, AMBIGUOUS: says.ambiguous}
        return Refusal(texts.get(fitting.reason, says.unknown), fitting.column)
    if not fitting.complete:
        return Refusal(says.incomplete, None)
    thread = fitting.complete[0]
    command, arguments = thread.command, Arguments(thread.bound)
    doing = Doing(command.work, lambda: command.run(console, arguments), confirm=command.confirm)
    return _piped(doing, words[pipe:], console) if pipe < len(words) else doing


def _piped(doing: Doing, pipe: list[Token], console: Console) -> Doing | Refusal:
    """Only displays may be filtered: ``| include``, ``| exclude`` and ``| begin``."""
    verb = pipe[1].text if len(pipe) == 3 else ""
    if doing.work not in READS or verb not in ("include", "exclude", "begin"):
        return Refusal(console.says.unknown, pipe[0].column)
    wanted = re.compile(re.escape(pipe[2].text))

    def keep(text: list[str]) -> list[str]:
        if verb == "begin":
            first = next((n for n, line in enumerate(text) if wanted.search(line)), len(text))
            return text[first:]
        return [line for line in text if bool(wanted.search(line)) == (verb == "include")]

    return Doing(doing.work, doing.run, keep)
