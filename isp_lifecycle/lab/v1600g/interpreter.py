"""From a typed line to what the device will do with it: run or refuse. Nothing here touches the device."""

from dataclasses import dataclass
from functools import cache

from isp_lifecycle.lab.grammar import AMBIGUOUS, TOO_MANY, Thread, Wrong, fit, threads_of, tokens
from isp_lifecycle.lab.terminal import Doing
from isp_lifecycle.lab.v1600g import displays, lines, plant, running, views
from isp_lifecycle.lab.v1600g.command import Command
from isp_lifecycle.lab.v1600g.console import Arguments, Console, Mode

TABLE: tuple[Command, ...] = (
    *views.COMMANDS,
    *plant.COMMANDS,
    *lines.COMMANDS,
    *displays.COMMANDS,
    *running.COMMANDS,
)
UNKNOWN = "% Unknown command."
TEXTS = {TOO_MANY: "% Too many parameters.", AMBIGUOUS: "% Ambiguous command."}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that is no command: what to print. No caret: the device has none."""

    text: str


@cache
def _threads(mode: Mode) -> tuple[Thread[Command], ...]:
    return tuple(threads_of({command: command.pattern for command in TABLE if mode in command.modes}))


def interpret(line: str, console: Console) -> Doing | Refusal:
    """Say what a line means where the console stands."""
    fitting = fit(list(_threads(console.view.mode)), tokens(line))
    if isinstance(fitting, Wrong):
        return Refusal(TEXTS.get(fitting.reason, UNKNOWN))
    if not fitting.complete:
        return Refusal("% Command incomplete.")
    thread = fitting.complete[0]
    command, arguments = thread.command, Arguments(thread.bound)
    return Doing(command.work, lambda: command.run(console, arguments))
