"""A console of a V1600G: one logged-in terminal, its mode, and what a command line bound."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from isp_lifecycle.lab.grammar import Value
from isp_lifecycle.lab.terminal import Rejected
from isp_lifecycle.lab.v1600g.config import SLOT, DbaProfile, Onu, TrafficProfile
from isp_lifecycle.lab.v1600g.device import Device

DEFAULT_PAGE = 23
NOTHING = "Error: No related information to show. 62310"
NO_ONU = "Error: onu is not exist."


class Mode(Enum):
    """The modes of the command line, with what stands in the prompt."""

    USER = "user"
    PRIVILEGED = "privileged"
    CONFIG = "config"
    VLAN = "config-vlan-{}"
    PON = "config-pon-0/{}"
    UPLINK = "config-if-ge0/{}"
    DBA = "profile-dba:{}"
    TRAFFIC = "profile-traffic:{}"


@dataclass(frozen=True, slots=True)
class View:
    """Where a console stands: the number of the port, VLAN or profile that it is in, and a profile being written."""

    mode: Mode = Mode.USER
    number: int = 0
    draft: DbaProfile | TrafficProfile | None = None

    def prompt(self, sysname: str) -> str:
        """Return the prompt; a blank stands behind it."""
        if self.mode is Mode.USER:
            return f"{sysname}> "
        if self.mode is Mode.PRIVILEGED:
            return f"{sysname}# "
        return f"{sysname}({self.mode.value.format(self.number)})# "


@dataclass(slots=True)
class Console:
    """One terminal."""

    device: Device
    account: str
    view: View = field(default_factory=View)
    echo: bool = True
    page_lines: int | None = DEFAULT_PAGE
    idle_seconds: float = 300.0
    leaving: bool = False

    @property
    def prompt(self) -> str:
        """The prompt that stands before the cursor."""
        return self.view.prompt(self.device.name)

    def onu(self, number: int) -> Onu:
        """Return an ONT of the PON port that this console is in; Rejected when there is none."""
        found = self.device.configuration.ont((SLOT, self.view.number, number))
        if found is None:
            raise Rejected(NO_ONU)
        return found


class Arguments:
    """What a command line bound, by field."""

    def __init__(self, bound: Mapping[str, Value]) -> None:
        self._bound = bound

    def has(self, name: str) -> bool:
        """Tell whether a field was given."""
        return name in self._bound

    def word(self, keyword: str) -> bool:
        """Tell whether a keyword was typed."""
        return f"+{keyword}" in self._bound

    def number(self, name: str, default: int = 0) -> int:
        """Return a numeric field."""
        value = self._bound.get(name, default)
        assert isinstance(value, int)
        return value

    def text(self, name: str) -> str:
        """Return a text field, empty when it was left out."""
        value = self._bound.get(name, "")
        assert isinstance(value, str)
        return value

    def vlans(self) -> range:
        """Return the VLANs from the first to the last that were named."""
        first = self.number("first")
        return range(first, self.number("last", first) + 1)
