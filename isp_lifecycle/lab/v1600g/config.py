"""The configuration of one V1600G: what the commands change and what the disk keeps. Rates are kbit/s."""

from dataclasses import dataclass, field

from pydantic import TypeAdapter

from isp_lifecycle.lab.links import OntKey, PonKey, RunHistory

SLOT = 0  # a V1600G has no boards


@dataclass(slots=True, kw_only=True)
class DbaProfile:
    """Bandwidth up. Types as in ITU-T G.984.3: 1 fixed, 2 assured, 3 assured and maximum, 4 maximum, 5 all three."""

    number: int
    name: str
    type: int = 4
    fixed: int = 0
    assured: int = 0
    maximum: int = 0


@dataclass(slots=True, kw_only=True)
class TrafficProfile:
    """Sustained and peak rate, for either direction."""

    number: int
    name: str
    sir: int = 0
    pir: int = 0


@dataclass(slots=True, kw_only=True)
class Tcont:
    """A T-CONT of one ONT."""

    dba: str
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
    """A flow, numbered within its ONT."""

    gem: int
    user_vlan: int
    vlan: int


@dataclass(slots=True, kw_only=True)
class Onu:
    """A registered ONT."""

    slot: int = SLOT
    port: int
    id: int
    profile: str
    serial: str
    description: str = ""
    active: bool = True
    tconts: dict[int, Tcont] = field(default_factory=dict)
    gems: dict[int, Gem] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    service_ports: dict[int, ServicePort] = field(default_factory=dict)
    eth_vlan: int | None = None
    connections: dict[int, dict[str, str]] = field(default_factory=dict)
    """Of the ONT's own router, by number: what is said of each, by the first words."""
    history: RunHistory = field(default_factory=RunHistory)

    @property
    def key(self) -> OntKey:
        """Where it stands: slot, port, ONT id."""
        return (self.slot, self.port, self.id)

    @property
    def index(self) -> str:
        """Its name in displays."""
        return f"GPON{self.slot}/{self.port}:{self.id}"


@dataclass(slots=True, kw_only=True)
class Configuration:
    """Everything that is configured on one OLT; `uplinks` are the tagged VLANs of each Ethernet port by its number."""

    sysname: str
    ports: int = 16
    vlans: list[int] = field(default_factory=lambda: [1])
    uplinks: dict[int, list[int]] = field(default_factory=dict)
    dba: list[DbaProfile] = field(default_factory=list)
    traffic: list[TrafficProfile] = field(default_factory=list)
    onu_profiles: list[str] = field(default_factory=lambda: ["default"])
    onts: list[Onu] = field(default_factory=list)
    autofind_ports: list[PonKey] = field(default_factory=list)
    dark_ports: list[PonKey] = field(default_factory=list)

    def ont(self, key: OntKey) -> Onu | None:
        """Return the ONT that stands there, or None."""
        return next((ont for ont in self.onts if ont.key == key), None)

    def ont_by_serial(self, serial: str) -> Onu | None:
        """Return the ONT with this serial number (16 hex digits), or None."""
        return next((ont for ont in self.onts if ont.serial == serial), None)

    def onts_on(self, port: int) -> list[Onu]:
        """Return the ONTs of a PON port, in order."""
        return sorted((ont for ont in self.onts if ont.port == port), key=lambda ont: ont.id)

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
        return [flow.vlan for _, flow in sorted(ont.service_ports.items())] if ont else []


CONFIGURATION = TypeAdapter(Configuration)
