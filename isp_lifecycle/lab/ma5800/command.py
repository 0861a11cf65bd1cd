"""A row of the command table: what is typed, where it is allowed, what it does, how long the device takes for it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from isp_lifecycle.lab.grammar import Pattern, pattern
from isp_lifecycle.lab.ma5800.console import Arguments, Console, Mode
from isp_lifecycle.lab.ma5800.kinds import KINDS
from isp_lifecycle.lab.terminal import READS, Work

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
        object.__setattr__(self, "pattern", pattern(self.text, KINDS))

    @property
    def reads(self) -> bool:
        """Whether its output may be piped."""
        return self.work in READS


def only(*modes: Mode) -> frozenset[Mode]:
    """Return a set of modes."""
    return frozenset(modes)
