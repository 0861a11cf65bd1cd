"""A console: one logged-in terminal, its view and its switches, as commands see it."""

from dataclasses import dataclass, field
from enum import StrEnum

from isp_lifecycle.lab.grammar import Place, Value
from isp_lifecycle.lab.links import OntKey
from isp_lifecycle.lab.ma5800.config import LineProfile, ServiceProfile
from isp_lifecycle.lab.ma5800.device import Device


class Mode(StrEnum):
    """The views of the command line."""

    USER = "user"  #: after login
    ENABLE = "enable"  #: privileged
    CONFIG = "config"  #: global configuration
    GPON = "gpon"  #: one GPON board
    LINE = "line"  #: one ONT line profile
    SERVICE = "service"  #: one ONT service profile
    DIAGNOSE = "diagnose"  #: diagnosis


@dataclass(frozen=True, slots=True)
class View:
    """Where a console stands; a profile view works on a draft that `commit` makes real."""

    mode: Mode = Mode.USER
    slot: int = -1
    draft: LineProfile | ServiceProfile | None = None

    def prompt(self, sysname: str) -> str:
        """Return the prompt of this view."""
        inner = {
            Mode.USER: ">",
            Mode.ENABLE: "#",
            Mode.CONFIG: "(config)#",
            Mode.GPON: f"(config-if-gpon-0/{self.slot})#",
            Mode.LINE: f"(config-gpon-lineprofile-{self.draft.id if self.draft else ''})#",
            Mode.SERVICE: f"(config-gpon-srvprofile-{self.draft.id if self.draft else ''})#",
            Mode.DIAGNOSE: "(diagnose)%%",
        }
        return sysname + inner[self.mode]


DEFAULT_PAGE = 23


@dataclass(slots=True)
class Console:
    """One terminal."""

    device: Device
    account: str
    view: View = field(default_factory=View)
    smart: bool = True
    interactive: bool = True
    alarms: bool = True
    echo: bool = True
    page_lines: int | None = DEFAULT_PAGE
    idle_seconds: float = 300.0
    leaving: bool = False

    @property
    def prompt(self) -> str:
        """The prompt that stands before the cursor."""
        return self.view.prompt(self.device.name)


class Arguments:
    """What a command line bound, by field."""

    def __init__(self, bound: dict[str, Value]) -> None:
        self._bound = bound

    def has(self, name: str) -> bool:
        """Tell whether a field was given."""
        return name in self._bound

    def word(self, keyword: str) -> bool:
        """Tell whether a keyword was typed."""
        return f"+{keyword}" in self._bound

    def number(self, name: str) -> int:
        """Return a numeric field."""
        value = self._bound[name]
        assert isinstance(value, int)
        return value

    def maybe_number(self, name: str) -> int | None:
        """Return a numeric field, or None when it was left out."""
        return self.number(name) if self.has(name) else None

    def text(self, name: str) -> str:
        """Return a text field."""
        value = self._bound[name]
        assert isinstance(value, str)
        return value

    def maybe_text(self, name: str) -> str | None:
        """Return a text field, or None when it was left out."""
        return self.text(name) if self.has(name) else None

    def numbers(self, name: str) -> tuple[int, ...]:
        """Return a list field."""
        value = self._bound[name]
        assert isinstance(value, tuple)
        return value

    def place(self, name: str) -> Place:
        """Return a frame/slot[/port] field without its frame."""
        return self.numbers(name)

    def ont_key(self, console: Console) -> OntKey:
        """Return the ONT that `fsp ont`, `slot port ont`, or (in a board's view) `port ont` mean."""
        if self.has("fsp"):
            slot, port = self.place("fsp")
        elif self.has("fs"):
            slot, port = self.place("fs")[0], self.number("port")
        else:
            slot = self.number("slot") if self.has("slot") else console.view.slot
            port = self.number("port")
        return (slot, port, self.number("ont"))
