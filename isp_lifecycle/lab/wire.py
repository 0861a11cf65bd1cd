"""What the control interface and its client say to each other."""

import re
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator

ActivityKind = Literal["login", "command", "ranging", "config"]
FaultKind = Literal[
    "refuse_login",
    "unreachable",
    "busy",
    "slow",
    "garbled",
    "unknown_answer",
    "hang",
    "drop_mid_command",
    "double",
    "reboot",
    "password_expired",
    "full",
    "wrapped",
]
RunState = Literal["absent", "dark", "autofind", "offline", "ranging", "online"]


class Said(BaseModel):
    """A frozen message with nothing in it that the other side does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Interval(Said):
    """A time in which a device worked; epoch seconds."""

    olt: str
    kind: ActivityKind
    what: str
    started: float
    ended: float


class FaultState(Said):
    """An injected fault: how much of it is left."""

    kind: FaultKind
    seconds_left: float | None = None
    times_left: int | None = None
    factor: float | None = None
    match: str | None = None
    text: str | None = None


class LightPath(Said):
    """What to expect at the outlet of a premises, before any ONT is there."""

    premises_code: str
    serviceable: bool
    olt: str | None = None
    pon_port: str | None = None
    distance_m: int | None = None
    rx_dbm: float | None = None
    cut: bool = False


class OntState(Said):
    """One ONT box as the lab knows it and as its OLT sees it."""

    serial: str
    display_serial: str
    vendor: str
    model: str
    premises_code: str | None
    powered: bool
    olt: str | None
    pon_port: str | None
    ont_id: int | None
    service_code: str
    run_state: RunState
    config_state: str
    control_flag: str
    rx_dbm: float | None
    olt_rx_dbm: float | None
    tx_dbm: float
    distance_m: int | None
    last_down_cause: str | None
    vlans: list[int]


class OltState(Said):
    """One OLT."""

    name: str
    model: str
    host: str
    port: int
    listening: bool
    sessions: int
    saving: bool
    faults: list[FaultState]
    autofind: list[str]
    onts: list[OntState]
    service_ports: int
    alarms: list[str]
    running_configuration: str
    built: bool = True
    """False: an OLT of a region that nobody asked for yet; it is as on day one, and nothing of it is told."""


class LabState(Said):
    """The whole lab."""

    town: str
    seed: int
    speed: float
    olts: list[OltState]
    cuts: list[str]
    losses: dict[str, float]
    boxes: list[OntState]


class Plug(Said):
    """Plug an ONT in."""

    serial: str = Field(pattern=r"^[0-9A-Fa-f]{16}$")
    premises_code: str
    vendor: str = "HWTC"
    model: str = "EG8145V5"


class Unplug(Said):
    """Take the fibre out of an ONT."""

    serial: str


class Power(Said):
    """Switch an ONT on or off."""

    serial: str
    on: bool


class Fibre(Said):
    """Cut or mend a fibre."""

    kind: Literal["drop", "splitter", "pon"]
    name: str
    cut: bool


class Splice(Said):
    """Give a fibre a bad splice."""

    kind: Literal["drop", "splitter", "pon"]
    name: str
    loss_db: float = Field(ge=0)


class InjectFault(Said):
    """Make an OLT misbehave."""

    kind: FaultKind
    seconds: float | None = Field(default=None, gt=0)
    times: int | None = Field(default=None, gt=0)
    factor: float | None = Field(default=None, gt=0)
    match: str | None = None
    text: str | None = None

    @field_validator("match")
    @classmethod
    def _is_a_pattern(cls, match: str | None) -> str | None:
        """Refuse what is no regular expression."""
        try:
            re.compile(match or "")
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from error
        return match


class Clock(Said):
    """Set an OLT's clock."""

    at: AwareDatetime


class Reboot(Said):
    """Restart an OLT."""

    lose_unsaved: bool = False
