"""A row of the command table: what is typed, in which modes, what it does, what kind of work it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from isp_lifecycle.lab.grammar import Kind, Pattern, pattern
from isp_lifecycle.lab.terminal import Work
from isp_lifecycle.lab.zxa10.console import Arguments, Console, Mode
from isp_lifecycle.lab.zxa10.kinds import KINDS

ANYWHERE = frozenset(Mode)
PRIVILEGED = ANYWHERE - {Mode.USER}

Handler = Callable[[Console, Arguments], str]


@dataclass(frozen=True, slots=True, eq=False)
class Command:
    """One command, with the kinds of parameters that its device has."""

    text: str
    modes: frozenset[Mode]
    run: Handler
    work: Work
    kinds: Mapping[str, Kind] = field(default_factory=lambda: KINDS)
    confirm: str = ""
    """The question asked before it runs; empty: none."""
    pattern: Pattern = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pattern", pattern(self.text, self.kinds))


def only(*modes: Mode) -> frozenset[Mode]:
    """Return a set of modes."""
    return frozenset(modes)
