"""What the records know of a line: frozen values. Instants are UTC, levels dBm, rates kbit/s."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class CustomerOn:
    """Whose line it is."""

    code: str
    name: str
    phone: str
    email: str
    address: str


@dataclass(frozen=True)
class ServiceOn:
    """The service as it was sold and stands; days are dates of the provider's calendar."""

    code: str
    state: str
    plan: str
    down_kbps: int
    up_kbps: int
    active_on: date | None = None
    ended_on: date | None = None
    suspended_on: date | None = None
    suspended_way: str = ""
    suspended_for: str = ""


@dataclass(frozen=True)
class OrderOn:
    """An order that has to do with the line: the open ones, and of a line that was never built the last."""

    code: str
    kind: str
    state: str
    wanted_on: date | None
    submitted_at: datetime
    reason: str = ""


@dataclass(frozen=True)
class WorkOn:
    """Work of the engine at the line that is not over. ``state`` is the delivery's, ``who`` is to see to it."""

    delivery_id: UUID
    workflow: str
    state: str
    step: str
    since: datetime
    due_at: datetime
    what: str = ""
    remedy: str = ""
    order_code: str = ""
    ticket_code: str = ""
    who: str = ""
    visit: str = ""
    """When the visit is that it waits for, in words."""
    stands_for: str = ""
    """Whom it stands in line behind, in words."""


@dataclass(frozen=True)
class LineOn:
    """The line as it was built; ``splitter`` is empty where nobody noted it."""

    olt: str
    pon_port: str
    ont_id: int
    serial: str
    vlan: int
    down_kbps: int
    up_kbps: int
    expected_rx_dbm: float
    enabled: bool = True
    splitter: str = ""
    splitter_port: int | None = None
    measured_rx_dbm: float | None = None

    @property
    def place(self) -> str:
        """For people."""
        return f"{self.olt} {self.pon_port} ONT {self.ont_id}"


@dataclass(frozen=True)
class OtherLine:
    """A line on the same PON port, as it was built."""

    service_code: str
    customer: str
    serial: str
    splitter: str
    expected_rx_dbm: float


@dataclass(frozen=True)
class PauseOn:
    """A pause of the OLT, or of the engine as a whole, that is in force."""

    what: str
    reason: str
    by: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class DriftOn:
    """In what the last comparison of the OLT found this line to differ, where that is not settled."""

    id: UUID
    differences: tuple[str, ...]
    plan: str
    obstacle: str
    remedy: str
    state: str
    seen_at: datetime


@dataclass(frozen=True)
class TroubleOn:
    """An open ticket: of this line (``own``), or of a neighbour on the same OLT."""

    ticket_code: str
    subject: str
    state: str
    opened_at: datetime
    service_code: str
    own: bool
    same_port: bool


@dataclass(frozen=True)
class ChangeOn:
    """Something that was done to the line."""

    at: datetime
    what: str
    by: str


@dataclass(frozen=True)
class OnRecord:
    """All that the database knows, of one instant."""

    at: datetime
    customer: CustomerOn
    service: ServiceOn | None
    orders: tuple[OrderOn, ...] = ()
    work: tuple[WorkOn, ...] = ()
    line: LineOn | None = None
    on_port: tuple[OtherLine, ...] = ()
    addresses: tuple[str, ...] = ()
    """What the service holds, IPv4 first."""
    pauses: tuple[PauseOn, ...] = ()
    drift: DriftOn | None = None
    troubles: tuple[TroubleOn, ...] = ()
    changes: tuple[ChangeOn, ...] = ()
    changing: bool = False
    """A delivery is changing the line on its OLT, or has stopped meanwhile: how it stands there is in its hands."""

    @property
    def key(self) -> str:
        """What the line is called: its service's code, or the order's that never became one."""
        return self.service.code if self.service else (self.orders[0].code if self.orders else self.customer.code)
