"""A row of the command table: what is typed, in which modes, what it does, what kind of work it is."""

from collections.abc import Callable
from dataclasses import dataclass, field

from isp_lifecycle.lab.grammar import Pattern, pattern
from isp_lifecycle.lab.terminal import Work
from isp_lifecycle.lab.v1600g.console import Arguments, Console, Mode
from isp_lifecycle.lab.v1600g.kinds import KINDS

ANYWHERE = frozenset(Mode)
PRIVILEGED = ANYWHERE - {Mode.USER}
CONFIGURING = PRIVILEGED - {Mode.PRIVILEGED}

Handler = Callable[[Console, Arguments], str]


@dataclass(frozen=True, slots=True, eq=False)
class Command:
    """One command."""

    text: str
    modes: frozenset[Mode]
    run: Handler
    work: Work
    pattern: Pattern = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pattern", pattern(self.text, KINDS))


def only(*modes: Mode) -> frozenset[Mode]:
    """Return a set of modes."""
    return frozenset(modes)
