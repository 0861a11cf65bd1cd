"""The configuration of one ZXA10: what the commands change and what the disk keeps. Rates are kbit/s."""

from dataclasses import dataclass, field

from pydantic import TypeAdapter

from isp_lifecycle.lab.links import OntKey, PonKey, RunHistory


@dataclass(slots=True, kw_only=True)
class TcontProfile:
    """Bandwidth up. Types as in ITU-T G.984.3: 1 fixed, 2 assured, 3 assured and maximum, 4 maximum, 5 all three."""

    name: str
    type: int
    fixed: int = 0
    assured: int = 0
    maximum: int = 0


@dataclass(slots=True, kw_only=True)
class TrafficProfile:
    """Sustained and peak rate, for either direction, with their bursts (kbytes)."""

    name: str
    sir: int
    pir: int
    cbs: int = 1024
    pbs: int = 1024


@dataclass(slots=True, kw_only=True)
class Tcont:
    """A T-CONT of one ONT."""

    profile: str
    name: str = ""


@dataclass(slots=True, kw_only=True)
class Gem:
    """A GEM port of one ONT, with the traffic profiles that limit it."""

    tcont: int
    name: str = ""
    down: str = ""
    up: str = ""


@dataclass(slots=True, kw_only=True)
class Service:
    """What the ONT itself puts into a GEM port."""

    gem: int
    vlan: int


@dataclass(slots=True, kw_only=True)
class ServicePort:
    """A flow, numbered within its ONT; with an `svlan`, `vlan` is the inner tag."""

    vport: int
    user_vlan: int
    vlan: int
    svlan: int | None = None

    @property
    def outer(self) -> int:
        """The tag that is seen towards the core."""
        return self.vlan if self.svlan is None else self.svlan


@dataclass(slots=True, kw_only=True)
class Onu:
    """A registered ONT."""

    slot: int
    port: int
    id: int
    type: str
    serial: str
    name: str = ""
    description: str = ""
    active: bool = True
    tconts: dict[int, Tcont] = field(default_factory=dict)
    gems: dict[int, Gem] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    service_ports: dict[int, ServicePort] = field(default_factory=dict)
    remote: dict[str, str] = field(default_factory=dict)
    """What else the ONT itself is told, by the command's head."""
    history: RunHistory = field(default_factory=RunHistory)

    @property
    def key(self) -> OntKey:
        """Where it stands: slot, port, ONT id."""
        return (self.slot, self.port, self.id)


@dataclass(slots=True, kw_only=True)
class Configuration:
    """Everything that is configured on one OLT; `uplinks` are the tagged VLANs of each port towards the core."""

    product: str
    sysname: str
    pon_slots: list[int]
    ports_per_slot: int = 16
    vlans: list[int] = field(default_factory=lambda: [1])
    uplinks: dict[str, list[int]] = field(default_factory=dict)
    tconts: dict[str, TcontProfile] = field(default_factory=dict)
    traffic: dict[str, TrafficProfile] = field(default_factory=dict)
    onu_vlans: dict[str, int] = field(default_factory=dict)
    """VLAN profiles of ONTs' routers."""
    onu_types: list[str] = field(default_factory=list)
    onts: list[Onu] = field(default_factory=list)
    autofind_ports: list[PonKey] = field(default_factory=list)
    dark_ports: list[PonKey] = field(default_factory=list)

    def ont(self, key: OntKey) -> Onu | None:
        """Return the ONT that stands there, or None."""
        return next((ont for ont in self.onts if ont.key == key), None)

    def ont_by_serial(self, serial: str) -> Onu | None:
        """Return the ONT with this serial number (16 hex digits), or None."""
        return next((ont for ont in self.onts if ont.serial == serial), None)

    def onts_on(self, slot: int, port: int) -> list[Onu]:
        """Return the ONTs of a PON port, in order."""
        return sorted((ont for ont in self.onts if (ont.slot, ont.port) == (slot, port)), key=lambda ont: ont.id)

    def has_port(self, slot: int, port: int) -> bool:
        """Tell whether there is such a PON port."""
        return slot in self.pon_slots and 1 <= port <= self.ports_per_slot

    @property
    def registered(self) -> list[Onu]:
        """Every registered ONT."""
        return self.onts

    @property
    def flow_count(self) -> int:
        """Service ports on the whole OLT."""
        return sum(len(ont.service_ports) for ont in self.onts)

    def vlans_of(self, key: OntKey) -> list[int]:
        """Return the VLANs of one ONT's service ports."""
        ont = self.ont(key)
        return [flow.outer for _, flow in sorted(ont.service_ports.items())] if ont else []


CONFIGURATION = TypeAdapter(Configuration)
