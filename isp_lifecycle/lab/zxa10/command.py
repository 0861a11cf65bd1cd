"""A row of the command table: what is typed, in which modes, what it does, what kind of work it is."""

from collections.abc import Callable
from dataclasses import dataclass, field

from isp_lifecycle.lab.grammar import Pattern, pattern
from isp_lifecycle.lab.terminal import Work
from isp_lifecycle.lab.zxa10.console import Arguments, Console, Mode
from isp_lifecycle.lab.zxa10.kinds import KINDS

ANYWHERE = frozenset(Mode)
PRIVILEGED = ANYWHERE - {Mode.USER}

NOTHING = "%Code 62310-GPONSRV : No related information to show."
EXISTS = "%Code 62391-GPONSRV : The entry is existed. This is a re-create operation."
NO_ENTRY = "%Code 62397-GPONSRV: The entry is not existed."
NO_TYPE = "%Code 63904-GPONRM : Not support this ONU"
RECORD_EXISTS = "%Code 63869-GPONRM : Record already exists."
SERVICE_EXISTS = "%Code 66661: The service is already existed."
DONE = "[Successful]"

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
