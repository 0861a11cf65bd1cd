"""What a vendor's folder must provide: a dialect, reads and a command table. Nothing here knows any vendor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from typing import Literal, Protocol

from isp_lifecycle.drivers.contract import (
    BoardFound,
    LineFound,
    LineWanted,
    OltFound,
    OltIdentity,
    OltProfile,
    OntCounters,
    OntDetail,
    OntFound,
    OntLife,
    OntOnPort,
    OntStatus,
    OpticalLevels,
    PonPort,
    ProfileKind,
    RateTable,
    Serial,
    ServicePortFound,
    UnconfiguredOnt,
)
from isp_lifecycle.drivers.conversation import Answer
from isp_lifecycle.drivers.dialect import Dialect, Meaning
from isp_lifecycle.drivers.ont_service import Offer, Wan
from isp_lifecycle.drivers.reading import Reading


class Unreadable(ValueError):
    """A parser met a text that has not the form it knows. The session makes it an UnknownAnswer with its command."""


class Ask(Protocol):
    """How reads put a question: see `conversation.Conversation.ask`."""

    def __call__(self, command: str, *, accept: frozenset[Meaning] = frozenset()) -> Answer: ...


class Reads(Protocol):
    """A vendor's looks at the device. One object a session, so it may remember what cannot change."""

    def identify(self, ask: Ask) -> OltIdentity:
        """Without the host name, which the session knows from the prompt."""
        ...

    def boards(self, ask: Ask) -> tuple[BoardFound, ...]: ...

    def unconfigured(self, ask: Ask) -> tuple[UnconfiguredOnt, ...]: ...

    def find(self, ask: Ask, serial: Serial) -> OntFound | None: ...

    def flows(self, ask: Ask, ont: OntFound) -> tuple[ServicePortFound, ...]: ...

    def line(self, ask: Ask, wanted: LineWanted) -> LineFound: ...

    def everything(self, ask: Ask, ports: tuple[PonPort, ...], closely: Set[PonPort]) -> OltFound: ...

    def ont_status(self, ask: Ask, port: PonPort, ont_id: int) -> OntStatus | None: ...

    def optical(self, ask: Ask, port: PonPort, ont_id: int) -> OpticalLevels | None: ...

    def ont_life(self, ask: Ask, port: PonPort, ont_id: int) -> OntLife | None: ...

    def ont_detail(self, ask: Ask, port: PonPort, ont_id: int) -> OntDetail | None:
        """None also of an ONT that is off, or not there."""
        ...

    def ont_counters(self, ask: Ask, port: PonPort, ont_id: int) -> OntCounters | None: ...

    def port_onts(self, ask: Ask, port: PonPort) -> tuple[OntOnPort, ...]: ...

    def port_optical(self, ask: Ask, port: PonPort) -> tuple[OpticalLevels, ...]: ...


class Commands(Protocol):
    """A vendor's command lines for each kind of change. Pure: text from values."""

    vlan_kind: str
    """The type a customer VLAN must have, in the vendor's word."""
    first_ont_id: int
    """The lowest ONT id of a PON port."""
    swap_starts_anew: bool
    """Whether another serial number means that the ONT is registered anew, and its flows are made again."""
    declines: Mapping[Offer, str]
    """What it cannot make of a line, or nobody knows how, each with the reason; the rest it can."""

    def needed(self, profile: OltProfile) -> tuple[tuple[ProfileKind, int], ...]:
        """What must stand on the OLT before a line can refer to it: kind and number."""
        ...

    def references(self, ont: OntFound, profile: OltProfile) -> tuple[tuple[str, object, object], ...]:
        """What a standing ONT must refer to and can be made to: field, as wanted, as found."""
        ...

    def rate_table(
        self, kbps: int, direction: Literal["down", "up"], found: LineFound, profile: OltProfile
    ) -> RateTable:
        """The table a line of this rate should refer to: its name, and the index it has or would get."""
        ...

    def create_vlan(self, vlan: int) -> tuple[str, ...]: ...

    def bind_vlan(self, vlan: int, uplink: str) -> tuple[str, ...]: ...

    def create_rate_table(self, table: RateTable) -> tuple[str, ...]: ...

    def add_ont(self, wanted: LineWanted, ont_id: int, profile: OltProfile) -> tuple[str, ...]: ...

    def set_serial(self, ont: OntFound, serial: Serial) -> tuple[str, ...]: ...

    def set_key(self, ont: OntFound, key: str) -> tuple[str, ...]: ...

    def set_profiles(self, ont: OntFound, profile: OltProfile) -> tuple[str, ...]: ...

    def set_enabled(self, port: PonPort, ont_id: int, *, enabled: bool) -> tuple[str, ...]: ...

    def add_flow(
        self, wanted: LineWanted, ont_id: int, down: RateTable, up: RateTable, profile: OltProfile
    ) -> tuple[str, ...]: ...

    def set_flow_rates(self, flow: ServicePortFound, down: RateTable, up: RateTable) -> tuple[str, ...]: ...

    def remove_flow(self, flow: ServicePortFound) -> tuple[str, ...]: ...

    def remove_ont(self, ont: OntFound) -> tuple[str, ...]: ...

    def reset_ont(self, port: PonPort, ont_id: int) -> tuple[str, ...]: ...

    def set_native_vlan(self, port: PonPort, ont_id: int, vlan: int | None) -> tuple[str, ...]:
        """Of the ONT's first Ethernet port; None: as an ONT comes out of its box."""
        ...

    def vlan_profile(self, vlan: int, profile: OltProfile) -> tuple[str, tuple[str, ...]] | None:
        """What an ONT's router refers to in order to tag with a VLAN: its name, and how it is made; None: nothing."""
        ...

    def add_wan(self, wanted: LineWanted, wan: Wan, ont_id: int, profile: OltProfile) -> tuple[str, ...]:
        """Make the ONT a router; it has none of ours yet."""
        ...

    def remove_wan(self, port: PonPort, ont_id: int) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Vendor:
    """One row of the registry."""

    name: str
    dialect: Dialect
    commands: Commands
    reads: Callable[[str, OltProfile], Reads]
    """Given the OLT's name and profile."""
    save: tuple[str, ...]
    """What is typed to write the running configuration to flash, from the home mode and back to it."""
    reading: Reading
    """What a person may type who only looks."""
