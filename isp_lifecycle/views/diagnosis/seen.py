"""What can be known of a line, from the customer's account to the router: frozen values, and none of where they come
from but its name. Instants are UTC, levels dBm, losses dB, rates kbit/s; *down* is towards the customer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from enum import StrEnum

from isp_lifecycle.telemetry.model.weakness import Down as Down
from isp_lifecycle.telemetry.model.weakness import Limits, Received
from isp_lifecycle.views.diagnosis.recorded import LineOn, OnRecord


class Silence(StrEnum):
    """Why a device or server told nothing."""

    NO_ANSWER = "no answer"  #: Nobody answers there, or not in time.
    BUSY = "busy"  #: It answers that it is busy, or others had their turn for too long.
    NOT_LET_IN = "not let in"  #: It does not accept us.
    UNREADABLE = "unreadable"  #: It said something that is not understood.
    NOT_ASKED = "not asked"  #: Nobody asked it: it is not connected, not to be asked by this role, or not needed.


@dataclass(frozen=True)
class Known[V]:
    """One thing: what was told of it, by whom (``source``), when, and how long that took.

    ``pending`` while it is being asked; else ``unseen`` says why nothing was told, and is empty when it was. A value of
    None that was seen means that there is none.
    """

    value: V | None = None
    source: str = ""
    at: datetime | None = None
    seconds: float = 0.0
    unseen: str = ""
    silence: Silence | None = None
    pending: bool = False
    needless: bool = False
    """It was not told because there was no need to ask, or nobody that could be asked: nothing is missed by that."""

    @property
    def seen(self) -> bool:
        """Whether it was told."""
        return not self.pending and not self.unseen


# --- on the devices ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OntSeen:
    """The ONT that stands in the line's place, as the OLT tells of it now."""

    serial: str
    online: bool
    configured: bool
    """Online, and its configuration arrived and fits."""
    config_words: str = ""
    down: Down = Down.UNTOLD
    down_words: str = ""
    distance_m: int | None = None


@dataclass(frozen=True)
class LightSeen:
    """What the ONT receives, and what the OLT receives of it."""

    ont_rx_dbm: float | None
    olt_rx_dbm: float | None


@dataclass(frozen=True)
class Neighbour:
    """Another ONT on the same PON port, with what is on record of it."""

    ont_id: int
    serial: str
    service_code: str
    customer: str
    online: bool
    down: Down
    splitter: str = ""
    rx_dbm: float | None = None
    expected_rx_dbm: float | None = None

    @property
    def received(self) -> Received:
        """Its light, as it is compared."""
        return Received(self.rx_dbm, self.expected_rx_dbm, self.splitter)


@dataclass(frozen=True)
class Differs:
    """One thing in which the OLT is not as the line was built; ``field`` as drivers name it."""

    field: str
    wanted: str
    found: str


@dataclass(frozen=True)
class BuiltSeen:
    """How the line stands on its OLT, compared with how it was built; ``plan`` would bring it back."""

    differences: tuple[Differs, ...]
    enabled: bool = True
    elsewhere: str = ""
    """Where its ONT is registered, if that is another place."""
    plan: str = ""

    def has(self, *fields: str) -> bool:
        """Whether one of these differs."""
        return any(one.field in fields for one in self.differences)


@dataclass(frozen=True)
class Unregistered:
    """An ONT in the OLT's sight that nobody has registered; ``ours`` when it is the line's own.

    ``whose`` is the service of a neighbour that it is on record for.
    """

    serial: str
    pon_port: str
    ours: bool
    whose: str = ""


# --- by RADIUS and DHCP -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SessionSeen:
    """A session that no gateway has reported as ended; ``reported_at`` is when its gateway last told of it."""

    started_at: datetime | None
    reported_at: datetime | None
    address: str
    gateway: str


@dataclass(frozen=True)
class AttemptSeen:
    """The last time that a router asked to be let in; ``right_password`` is None where that cannot be told."""

    at: datetime
    accepted: bool
    right_password: bool | None


@dataclass(frozen=True)
class SignedOn:
    """How RADIUS stands to the line. ``rates`` are those of its group, None where it names none of ours."""

    known: bool
    refused: bool = False
    walled: bool = False
    rates: tuple[int, int] | None = None
    sessions: tuple[SessionSeen, ...] = ()
    ended_at: datetime | None = None
    ended_because: str = ""
    attempt: AttemptSeen | None = None
    attempts_unseen: str = ""
    others_with_address: tuple[str, ...] = ()
    month_octets: tuple[int, int] | None = None
    """Used this month: down and up."""


@dataclass(frozen=True)
class Leased:
    """What DHCP keeps for the line: its reserved address, and whether a lease of it runs."""

    reserved: str = ""
    leased_to: str = ""
    until: datetime | None = None
    held_by: str = ""
    """Who else has the line's address reserved."""


@dataclass(frozen=True)
class Seen:
    """All that is known of a line at an instant. What is not seen is never taken for good."""

    at: datetime
    records: OnRecord
    zone: tzinfo = UTC
    """In which people read times."""
    limits: Limits = field(default_factory=Limits)
    ont: Known[OntSeen] = Known(pending=True)
    light: Known[LightSeen] = Known(pending=True)
    port: Known[tuple[Neighbour, ...]] = Known(pending=True)
    built: Known[BuiltSeen] = Known(pending=True)
    unregistered: Known[tuple[Unregistered, ...]] = Known(pending=True)
    radius: Known[SignedOn] = Known(pending=True)
    dhcp: Known[Leased] = Known(pending=True)

    @property
    def line(self) -> LineOn | None:
        """The line as it was built."""
        return self.records.line

    @property
    def online(self) -> bool:
        """Whether the line's own ONT was seen online."""
        found = self.ont.value
        return found is not None and found.online and self.is_own(found.serial)

    @property
    def dark(self) -> bool:
        """Whether the line's own ONT was seen to be off."""
        found = self.ont.value
        return found is not None and not found.online and self.is_own(found.serial)

    def is_own(self, serial: str) -> bool:
        """Whether this is the line's ONT."""
        return self.line is not None and serial == self.line.serial

    @property
    def neighbours(self) -> tuple[Neighbour, ...]:
        """The other ONTs of the port that ever worked there; none where they were not seen."""
        return self.port.value or ()

    @property
    def own_light(self) -> Received:
        """What the line's ONT receives, and what it should."""
        rx = self.light.value.ont_rx_dbm if self.light.value else None
        return Received(rx, self.line.expected_rx_dbm, self.line.splitter) if self.line else Received(rx)

    def same_splitter(self, one: Neighbour) -> bool:
        """Whether a neighbour hangs on the same splitter."""
        return bool(one.splitter) and self.line is not None and one.splitter == self.line.splitter
