"""What an OLT driver takes and gives: frozen values and one protocol, the same for every vendor. No wire in here.

Directions are the customer's: *down* is towards the customer, *up* is from the customer. Rates are kbit/s.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, Protocol, Self

from isp_lifecycle.drivers.access import BoardFound, OltAccess, OltIdentity, OltProfile
from isp_lifecycle.drivers.ont_service import OntService
from isp_lifecycle.drivers.readings import (
    OntCounters,
    OntDetail,
    OntLife,
    OntOnPort,
    OntStatus,
    OpticalLevels,
    RunState,
    UnconfiguredOnt,
)
from isp_lifecycle.drivers.transcript import Entry, Transcript, without
from isp_lifecycle.drivers.values import PonPort, Serial
from isp_lifecycle.drivers.wanted import LineWanted

__all__ = [
    "Applied",
    "BoardFound",
    "Change",
    "Difference",
    "Direction",
    "Entry",
    "LineFound",
    "LineWanted",
    "OltAccess",
    "OltFound",
    "OltIdentity",
    "OltProfile",
    "OltSession",
    "OntCounters",
    "OntDetail",
    "OntFound",
    "OntLife",
    "OntOnPort",
    "OntService",
    "OntStatus",
    "OpticalLevels",
    "Plan",
    "PonPort",
    "ProfileFound",
    "ProfileKind",
    "RateTable",
    "RunState",
    "Serial",
    "ServicePortFound",
    "Transcript",
    "UnconfiguredOnt",
    "Verb",
    "VlanFound",
]

Direction = Literal["down", "up"]
Verb = Literal["create", "bind", "add", "set", "remove", "reset"]
ProfileKind = Literal["line", "service", "vlan"]
"""Of a VLAN profile (ZTE), the number is the VLAN that it tags with."""


@dataclass(frozen=True, slots=True)
class OntFound:
    """An ONT as registered on the OLT, plugged in or not."""

    port: PonPort
    ont_id: int
    serial: Serial
    key: str
    line_profile_id: int | None = None
    service_profile_id: int | None = None
    enabled: bool = True
    ont_type: str = ""
    """The name of what it was registered with, where a swap must know it (V-SOL: its ONU profile)."""

    @property
    def place(self) -> str:
        return f"{self.port} ONT {self.ont_id}"


@dataclass(frozen=True, slots=True)
class RateTable:
    """A shared rate limit on the OLT (Huawei: traffic table; ZTE: T-CONT or traffic profile; V-SOL: DBA or traffic)."""

    name: str
    index: int | None
    """Huawei: the table's number; V-SOL: in its kind. ZTE, V-SOL: the T-CONT that it limits, where it stands on one."""
    kbps: int
    direction: Literal["down", "up", "both"] = "both"


@dataclass(frozen=True, slots=True)
class ServicePortFound:
    """The flow that joins an ONT's GEM port to a VLAN, with the limits it really has.

    ``index`` is its number on the OLT (Huawei) or on its ONT (ZTE, V-SOL): unique together with ``port`` and
    ``ont_id``.
    """

    index: int
    port: PonPort
    ont_id: int
    gem_port: int
    vlan: int
    down: RateTable | None
    up: RateTable | None
    inner: int | None = None
    """The second tag that it adds within ``vlan``."""
    user_vlan: int | None = None
    """The tag between ONT and OLT; None where the device was not asked for it."""

    @property
    def tags(self) -> str:
        """For people."""
        return f"VLAN {self.vlan}" if self.inner is None else f"VLAN {self.vlan} with inner tag {self.inner}"


@dataclass(frozen=True, slots=True)
class VlanFound:
    number: int
    kind: str
    uplinks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProfileFound:
    kind: ProfileKind
    number: int
    name: str


@dataclass(frozen=True, slots=True)
class LineFound:
    """What stands on the device that has to do with one wanted line."""

    olt: str
    ont: OntFound | None
    """The ONT with the wanted serial, wherever it stands."""
    same_key: tuple[OntFound, ...]
    """Every ONT that carries the key, on whatever port the vendor's read can see."""
    on_port: tuple[tuple[int, Serial | None], ...]
    """The wanted PON port: every used ONT id, with its serial where it is readable."""
    vlan: VlanFound | None
    service_ports: tuple[ServicePortFound, ...]
    """Those of ``ont`` and of every ONT in ``same_key``."""
    rate_tables: tuple[RateTable, ...]
    profiles: tuple[ProfileFound, ...]
    used_table_indexes: frozenset[int] = frozenset()
    service: OntService | None = None
    """What ``ont`` is told to do; None where that was not asked."""

    def flows(self, ont: OntFound) -> tuple[ServicePortFound, ...]:
        """The service ports of one ONT."""
        return tuple(flow for flow in self.service_ports if (flow.port, flow.ont_id) == (ont.port, ont.ont_id))


@dataclass(frozen=True, slots=True)
class OltFound:
    """Everything of lines that stands on one OLT, whoever put it there."""

    olt: str
    onts: tuple[OntFound, ...]
    """Without their profiles, which no list of a whole OLT prints."""
    service_ports: tuple[ServicePortFound, ...]
    vlans: frozenset[int]
    unread: str = ""
    """What of the OLT was not read, in words; empty when all of it was."""
    services: Mapping[tuple[PonPort, int], OntService] = field(default_factory=dict)
    """What ONTs are told to do, by place: at least those on ports that were to be looked at closely."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that will be different afterwards, with the commands that do it."""

    verb: Verb
    what: str
    commands: tuple[str, ...]
    why: str

    def text(self) -> str:
        return "\n".join((f"{self.verb} {self.what}: {self.why}", *(f"    {command}" for command in self.commands)))


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be done, before it is done. ``kept`` says what is left in place on purpose, and why."""

    olt: str
    key: str
    changes: tuple[Change, ...]
    wanted: LineWanted | None = None
    """None for a removal."""
    kept: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.changes

    @property
    def commands(self) -> tuple[str, ...]:
        return tuple(command for change in self.changes for command in change.commands)

    @property
    def shown_commands(self) -> tuple[str, ...]:
        """As they may be shown and stored: without passwords."""
        return tuple(without(self.secrets, command) for command in self.commands)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What of the commands must not be shown."""
        return self.wanted.ont.secrets if self.wanted is not None and self.wanted.ont is not None else ()

    def text(self) -> str:
        """For people, in the order of execution, without passwords."""
        if self.empty:
            head = f"{self.key} on {self.olt}: nothing to change."
        else:
            head = f"{self.key} on {self.olt}: {len(self.changes)} change{'s' if len(self.changes) > 1 else ''}."
        lines = (head, *(change.text() for change in self.changes), *(f"kept {note}" for note in self.kept))
        return without(self.secrets, "\n".join(lines))


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done, and where the line stands now, as read back from the device (None after a removal)."""

    done: tuple[Change, ...]
    ont: OntFound | None
    service_port: ServicePortFound | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which the device is not as wanted."""

    field: str
    wanted: str
    found: str

    def __str__(self) -> str:
        return f"{self.field} should be {self.wanted}, is {self.found}"


class OltSession(Protocol):
    """An open session to one OLT. Every call may raise the leaves of ``drivers.errors``; after one of them that
    concerns the session itself (lost, unknown prompt) the session is closed and a new one must be opened."""

    @property
    def access(self) -> OltAccess: ...

    def attach(self, transcript: Transcript) -> None:
        """From now on everything said goes into this record."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def close(self) -> None:
        """Log out as the device wants it; never raises."""
        ...

    def alive(self) -> bool: ...

    def identify(self) -> OltIdentity: ...

    def boards(self) -> tuple[BoardFound, ...]:
        """What is plugged into the OLT's slots, with the PON ports that it has."""
        ...

    def unconfigured(self) -> tuple[UnconfiguredOnt, ...]: ...

    def find(self, serial: Serial) -> OntFound | None: ...

    def read(self, wanted: LineWanted) -> LineFound: ...

    def everything(self, ports: tuple[PonPort, ...], *, closely: Set[PonPort] = frozenset()) -> OltFound:
        """All lines of the OLT in a handful of commands, however many there are. ``ports`` are those that one knows of:
        what is asked for port by port where the device has no list of all. Of those in ``closely`` also inner tags and
        what ONTs are told to do are read, where no list of all has them."""
        ...

    def plan(self, found: LineFound, wanted: LineWanted) -> Plan:
        """Pure: sends nothing. Raises a Refused leaf where the line cannot be had."""
        ...

    def plan_removal(self, found: LineFound, key: str, *, only: Serial | None = None) -> Plan:
        """Everything that carries the key; with ``only``, that one ONT and its flows."""
        ...

    def plan_repair(self, found: LineFound, wanted: LineWanted, *, others: Set[str] = frozenset()) -> Plan:
        """Also what stands in the way under this line's own key or serial; see `repair.plan_repair`."""
        ...

    def plan_reset(self, status: OntStatus) -> Plan:
        """Restart the ONT, whose customer is offline meanwhile. Raises OntOffline: one that is off cannot be told."""
        ...

    def apply(self, plan: Plan) -> Applied:
        """Run the plan, then read back where the line stands; DeviceContradicts where it does not."""
        ...

    def differences(self, found: LineFound, wanted: LineWanted) -> tuple[Difference, ...]:
        """Pure: in which fields what was found is not as wanted; empty means as wanted."""
        ...

    def verify(self, wanted: LineWanted) -> tuple[Difference, ...]:
        """A fresh read compared with what is wanted; empty means as wanted."""
        ...

    def ont_status(self, port: PonPort, ont_id: int) -> OntStatus: ...

    def optical(self, port: PonPort, ont_id: int) -> OpticalLevels: ...

    def ont_life(self, port: PonPort, ont_id: int) -> OntLife:
        """Since when it is up, by the OLT's own clock: what tells whether it was restarted meanwhile."""
        ...

    def ont_detail(self, port: PonPort, ont_id: int) -> OntDetail | None:
        """What the ONT is and what runs on it; None of one that is off, since only it could tell."""
        ...

    def ont_counters(self, port: PonPort, ont_id: int) -> OntCounters:
        """What has gone through it; None in each field that this vendor does not show."""
        ...

    def port_onts(self, port: PonPort) -> tuple[OntOnPort, ...]: ...

    def port_optical(self, port: PonPort) -> tuple[OpticalLevels, ...]: ...

    def save(self) -> None:
        """Write the running configuration to flash. Blocks the device's CLI for long: called by a schedule only."""
        ...
