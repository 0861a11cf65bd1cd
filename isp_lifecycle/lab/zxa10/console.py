"""A console of a ZXA10: one logged-in terminal, its mode, and what a command line bound."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from isp_lifecycle.lab.grammar import Value
from isp_lifecycle.lab.links import OntKey, PonKey
from isp_lifecycle.lab.terminal import Rejected
from isp_lifecycle.lab.zxa10.config import Onu
from isp_lifecycle.lab.zxa10.device import Device
from isp_lifecycle.lab.zxa10.syntax import Syntax

DEFAULT_PAGE = 23


class Mode(Enum):
    """The modes of the command line."""

    USER = "user"
    PRIVILEGED = "privileged"
    CONFIG = "config"
    VLANS = "config-vlan-database"
    GPON = "config-gpon"
    PON = "interface gpon-olt"
    ONU = "interface gpon-onu"
    UPLINK = "interface gei"
    REMOTE = "pon-onu-mng"
    VPORT = "interface vport"
    VLAN = "config-vlan"


_INTERFACES = (Mode.PON, Mode.ONU, Mode.UPLINK, Mode.VPORT)


@dataclass(frozen=True, slots=True)
class View:
    """Where a console stands, with the interface it is in."""

    mode: Mode = Mode.PRIVILEGED
    pon: PonKey | None = None
    onu: OntKey | None = None
    uplink: str = ""
    vport: int = 0
    vlan: int = 0

    def prompt(self, sysname: str, syntax: Syntax) -> str:
        """Return the prompt: all interfaces share one, the ONT's own says which on a classic one (V2.1)."""
        if self.mode is Mode.USER:
            return f"{sysname}>"
        if self.mode is Mode.PRIVILEGED:
            return f"{sysname}#"
        if self.mode is Mode.REMOTE and self.onu is not None:
            slot, port, number = self.onu
            return f"{sysname}({syntax.remote_mode.format(slot=slot, port=port, number=number)})#"
        inner = "config-if" if self.mode in _INTERFACES else self.mode.value
        return f"{sysname}({inner})#"


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
        return self.view.prompt(self.device.name, self.says)

    @property
    def says(self) -> Syntax:
        """How this device spells, and its words for what it refuses."""
        return self.device.syntax

    def onu(self, key: OntKey | None = None) -> Onu:
        """Return the ONT that is named, or that this console is in; Rejected when there is none (any more)."""
        wanted = self.view.onu if key is None else key
        found = self.device.configuration.ont(wanted) if wanted is not None else None
        if found is None:
            raise Rejected(self.says.no_such)
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

    def number(self, name: str) -> int:
        """Return a numeric field, 0 when it was left out."""
        value = self._bound.get(name, 0)
        assert isinstance(value, int)
        return value

    def text(self, name: str) -> str:
        """Return a text field, empty when it was left out."""
        value = self._bound.get(name, "")
        assert isinstance(value, str)
        return value

    def numbers(self, name: str) -> tuple[int, ...]:
        """Return a list field."""
        value = self._bound[name]
        assert isinstance(value, tuple)
        return value

    def pon(self) -> PonKey:
        """Return the PON port that was named."""
        slot, port = self.numbers("pon")
        return slot, port

    def onu(self) -> OntKey:
        """Return the ONT that was named."""
        slot, port, number = self.numbers("onu")
        return slot, port, number

    def vport(self) -> tuple[OntKey, int]:
        """Return the virtual port that was named, and its ONT."""
        slot, port, ont_id, number = self.numbers("vport")
        return (slot, port, ont_id), number
