"""The configuration of one MA5800: what the commands change and what the disk keeps.

Plain mutable dataclasses, because a device is a thing that is changed; pydantic reads and writes them as JSON.
Rates are kbit/s, bucket sizes bytes.
"""

from dataclasses import dataclass, field
from typing import Literal

from pydantic import TypeAdapter

from isp_lifecycle.lab.links import OntKey, PonKey, RunHistory

CONTROL_SLOTS = (8, 9)
UPLINK_PORTS = frozenset(range(4))  # of a control board


@dataclass(slots=True, kw_only=True)
class Vlan:
    """A VLAN and the uplink ports that carry it, as (slot, port)."""

    id: int
    kind: Literal["smart", "mux", "standard"] = "smart"
    uplinks: list[PonKey] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class DbaProfile:
    """An upstream bandwidth profile; type4 has only a maximum."""

    id: int
    name: str
    type: int
    fix: int | None = None
    assure: int | None = None
    max: int | None = None


@dataclass(slots=True, kw_only=True)
class GemMapping:
    """A rule that puts a VLAN into a GEM port."""

    index: int
    vlan: int


@dataclass(slots=True, kw_only=True)
class GemPort:
    """A GEM port of a line profile."""

    id: int
    tcont: int
    encrypt: bool = False
    priority_queue: int | None = None
    mappings: list[GemMapping] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class LineProfile:
    """T-CONTs (id to DBA profile id) and GEM ports."""

    id: int
    name: str
    tconts: dict[int, int] = field(default_factory=dict)
    gems: dict[int, GemPort] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class ServiceProfile:
    """The user side of an ONT: numbers of ports ("adaptive" or a count) and VLANs by Ethernet port."""

    id: int
    name: str
    eth: str = "adaptive"
    pots: str = "adaptive"
    port_vlans: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class TrafficTable:
    """A rate: committed and peak."""

    index: int
    name: str
    cir: int
    pir: int
    cbs: int
    pbs: int
    priority: int = 0
    policy: str = "local-setting"


@dataclass(slots=True, kw_only=True)
class Ont:
    """A registered ONT; `extras` are its further settings as they stand in the configuration, by their command head."""

    slot: int
    port: int
    id: int
    serial: str
    line_profile: int
    service_profile: int
    description: str = "ONT_NO_DESCRIPTION"
    active: bool = True
    native_vlans: dict[int, tuple[int, int]] = field(default_factory=dict)
    extras: dict[str, str] = field(default_factory=dict)
    history: RunHistory = field(default_factory=RunHistory)

    @property
    def key(self) -> OntKey:
        """Where it stands: slot, port, ONT id."""
        return (self.slot, self.port, self.id)


@dataclass(slots=True, kw_only=True)
class ServicePort:
    """A flow that joins a GEM port of an ONT to a VLAN; inbound is from the user, outbound to the user."""

    index: int
    vlan: int
    slot: int
    port: int
    ont: int
    gemport: int
    user_vlan: int | None
    tag_transform: str = "translate"
    inner_vlan: int | None = None
    inbound: int | None = None
    outbound: int | None = None
    max_mac: int | None = None
    description: str = ""
    active: bool = True

    @property
    def ont_key(self) -> OntKey:
        """The ONT it belongs to."""
        return (self.slot, self.port, self.ont)


@dataclass(slots=True, kw_only=True)
class Configuration:
    """Everything that is configured on one OLT."""

    sysname: str
    pon_slots: list[int]
    ports_per_slot: int = 16
    vlans: dict[int, Vlan] = field(default_factory=dict)
    dba_profiles: dict[int, DbaProfile] = field(default_factory=dict)
    line_profiles: dict[int, LineProfile] = field(default_factory=dict)
    service_profiles: dict[int, ServiceProfile] = field(default_factory=dict)
    traffic_tables: dict[int, TrafficTable] = field(default_factory=dict)
    onts: list[Ont] = field(default_factory=list)
    service_ports: dict[int, ServicePort] = field(default_factory=dict)
    autofind_ports: list[PonKey] = field(default_factory=list)
    dark_ports: list[PonKey] = field(default_factory=list)

    def ont(self, key: OntKey) -> Ont | None:
        """Return the ONT that stands there, or None."""
        return next((ont for ont in self.onts if ont.key == key), None)

    def ont_by_serial(self, serial: str) -> Ont | None:
        """Return the ONT with this serial number (16 hex digits), or None."""
        return next((ont for ont in self.onts if ont.serial == serial), None)

    def onts_on(self, slot: int, port: int | None = None) -> list[Ont]:
        """Return the ONTs of a board or of one of its ports, in order."""
        found = [ont for ont in self.onts if ont.slot == slot and port in (None, ont.port)]
        return sorted(found, key=lambda ont: ont.key)

    @property
    def registered(self) -> list[Ont]:
        """Every registered ONT."""
        return self.onts

    @property
    def flow_count(self) -> int:
        """Service ports on the whole OLT."""
        return len(self.service_ports)

    def vlans_of(self, key: OntKey) -> list[int]:
        """Return the VLANs of one ONT's service ports."""
        return [flow.vlan for flow in self.flows_of(key)]

    def flows_of(self, key: OntKey) -> list[ServicePort]:
        """Return the service ports of one ONT, in order."""
        return [flow for _, flow in sorted(self.service_ports.items()) if flow.ont_key == key]


CONFIGURATION = TypeAdapter(Configuration)


def lowest_free(taken: set[int], *, start: int, end: int) -> int | None:
    """Return the smallest number in start..end that nobody has, or None."""
    return next((number for number in range(start, end + 1) if number not in taken), None)
