"""A row of the command table: what is typed, where it is allowed, what it does, how long the device takes for it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from isp_lifecycle.lab.ma5800.console import Arguments, Console, Mode
from isp_lifecycle.lab.ma5800.grammar import Pattern, pattern
from isp_lifecycle.lab.pace import Span

ROW_SECONDS = 0.002


class Work(Enum):
    """What kind of work a command is, with its duration at speed 1 (device-facts section 7)."""

    VIEW = Span(0.05, 0.05)  #: changes only the terminal
    CONFIG = Span(0.3, 0.6)  #: changes the device: refused while the device saves
    DISPLAY = Span(0.5, 0.5)  #: reads a table; every row takes a little more
    OMCI = Span(1.0, 1.0)  #: asks the ONT itself
    PORT_STATE = Span(5.0, 5.0)  #: asks the ONT about each of its ports


READS = frozenset({Work.DISPLAY, Work.OMCI, Work.PORT_STATE})
ANYWHERE = frozenset(Mode)
PRIVILEGED = ANYWHERE - {Mode.USER}

Handler = Callable[[Console, Arguments], str]


@dataclass(frozen=True, slots=True, eq=False)
class Command:
    """One command; `confirm` is the question asked before it runs (empty: none), `pipe` whether hints name the pipe."""

    text: str
    modes: frozenset[Mode]
    run: Handler
    work: Work
    confirm: str = ""
    pipe: bool = True
    pattern: Pattern = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pattern", pattern(self.text))

    @property
    def reads(self) -> bool:
        """Whether its output may be piped."""
        return self.work in READS


def only(*modes: Mode) -> frozenset[Mode]:
    """Return a set of modes."""
    return frozenset(modes)
