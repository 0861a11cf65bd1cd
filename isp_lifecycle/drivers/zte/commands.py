"""Command lines of a ZXA10 for each kind of change, in the classic syntax of V2.1: device-facts 2.4 and 2.5.

A flow is, from the glass outwards: T-CONT (with the rate up), GEM port (with the rate down), the ONT's own service that
puts a VLAN into the GEM port, and the service port. They are made in this order, so a service port that stands tells
that the rest stands too, however a session ended.

Of two tags the outer one is ``svlan`` (scripts of operators on C300 and C600 alike). That the inner one need not stand
in the VLAN database is assumed. What an ONT is told goes to ZTE's own ONTs; others may refuse it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from isp_lifecycle.drivers import printed
from isp_lifecycle.drivers.contract import (
    LineFound,
    LineWanted,
    OltProfile,
    OntFound,
    PonPort,
    ProfileKind,
    RateTable,
    Serial,
    ServicePortFound,
)
from isp_lifecycle.drivers.ont_service import Dhcp, Offer, Pppoe, Wan
from isp_lifecycle.drivers.zte import names

VLAN_KIND = "802.1Q"
"""A ZXA10 has one kind of VLAN."""


class ZteCommands:
    """Rates are limited by two kinds of profile: T-CONT profiles up, traffic profiles down."""

    vlan_kind = VLAN_KIND
    first_ont_id = 1
    spelling = names.CLASSIC
    swap_starts_anew = False
    wan_ip = "wan-ip 1"
    declines: Mapping[Offer, str] = {
        Offer.STATIC: "its gateway would stand in an IP profile that all lines of a pool share (onu profile ip), which "
        "this driver does not make."
    }

    def needed(self, profile: OltProfile) -> tuple[tuple[ProfileKind, int], ...]:
        """Nothing that could be looked up: ONT types that the firmware brings along stand in no list (V2.1)."""
        return ()

    def references(self, ont: OntFound, profile: OltProfile) -> tuple[tuple[str, object, object], ...]:
        """Nothing: the type of a registered ONT cannot be changed, so it keeps the one it has."""
        return ()

    def rate_table(
        self, kbps: int, direction: Literal["down", "up"], found: LineFound, profile: OltProfile
    ) -> RateTable:
        return RateTable(f"{profile.rate_table_prefix}{kbps}-{direction}", None, kbps, direction)

    def create_vlan(self, vlan: int) -> tuple[str, ...]:
        return ("vlan database", f"vlan {vlan}", "exit")

    def bind_vlan(self, vlan: int, uplink: str) -> tuple[str, ...]:
        return (f"interface {uplink}", f"switchport vlan {vlan} tag", "exit")

    def create_rate_table(self, table: RateTable) -> tuple[str, ...]:
        """A T-CONT of type 4 has a maximum only, and so takes nothing from the others on the PON port."""
        if table.direction == "up":
            return ("gpon", f"profile tcont {table.name} type 4 maximum {table.kbps}", "exit")
        return ("gpon", f"profile traffic {table.name} sir {table.kbps} pir {table.kbps}", "exit")

    def add_ont(self, wanted: LineWanted, ont_id: int, profile: OltProfile) -> tuple[str, ...]:
        register = f"onu {ont_id} type {profile.ont_type or 'ALL'} sn {printed.typed(wanted.serial)}"
        return (
            *self._on_pon(wanted.port, register),
            *self._on_onu(wanted.port, ont_id, f"name {wanted.key}", f"description {wanted.key}"),
        )

    def set_serial(self, ont: OntFound, serial: Serial) -> tuple[str, ...]:
        return self._on_onu(ont.port, ont.ont_id, f"registration-method sn {printed.typed(serial)}")

    def set_key(self, ont: OntFound, key: str) -> tuple[str, ...]:
        return self._on_onu(ont.port, ont.ont_id, f"name {key}", f"description {key}")

    def set_profiles(self, ont: OntFound, profile: OltProfile) -> tuple[str, ...]:
        return ()

    def set_enabled(self, port: PonPort, ont_id: int, *, enabled: bool) -> tuple[str, ...]:
        return self._on_onu(port, ont_id, "no shutdown" if enabled else "shutdown")

    def add_flow(
        self, wanted: LineWanted, ont_id: int, down: RateTable, up: RateTable, profile: OltProfile
    ) -> tuple[str, ...]:
        """The T-CONT, the GEM port, its vport and the service port have one number."""
        number, vlan = profile.gem_port, wanted.on_ont
        name = f"{profile.rate_table_prefix}{number}"
        flow = f"service-port {number} vport {number} user-vlan {vlan} {tags(wanted)}"
        return (
            *self._on_onu(
                wanted.port,
                ont_id,
                f"tcont {number} name {name} profile {up.name}",
                f"gemport {number} name {name} tcont {number}",
                f"gemport {number} traffic-limit downstream {down.name}",
            ),
            *self._inside_onu(wanted.port, ont_id, f"service vlan{vlan} gemport {number} vlan {vlan}"),
            *self._on_onu(wanted.port, ont_id, flow),
        )

    def set_flow_rates(self, flow: ServicePortFound, down: RateTable, up: RateTable) -> tuple[str, ...]:
        """Takes effect at once, without dropping the customer's session (device-facts 2.5)."""
        tcont = flow.up.index if flow.up is not None and flow.up.index is not None else flow.gem_port
        return self._on_onu(
            flow.port,
            flow.ont_id,
            f"tcont {tcont} profile {up.name}",
            f"gemport {flow.gem_port} traffic-limit downstream {down.name}",
        )

    def remove_flow(self, flow: ServicePortFound) -> tuple[str, ...]:
        """Only what is the VLAN's: T-CONT and GEM port stay, and are given to the next flow as they stand."""
        return (
            *self._inside_onu(flow.port, flow.ont_id, f"no service vlan{flow.user_vlan or flow.vlan}"),
            *self._on_onu(flow.port, flow.ont_id, f"no service-port {flow.index}"),
        )

    def remove_ont(self, ont: OntFound) -> tuple[str, ...]:
        return self._on_pon(ont.port, f"no onu {ont.ont_id}")

    def reset_ont(self, port: PonPort, ont_id: int) -> tuple[str, ...]:
        """It asks ``Confirm to reboot? [yes/no]:`` (C320 V2.1, C600; ``reset`` in a C600's interface does nothing)."""
        return self._inside_onu(port, ont_id, "reboot")

    def set_native_vlan(self, port: PonPort, ont_id: int, vlan: int | None) -> tuple[str, ...]:
        """Both were typed by people on C300 and C320."""
        eth = "vlan port eth_0/1 mode"
        return self._inside_onu(port, ont_id, f"no {eth}" if vlan is None else f"{eth} tag vlan {vlan}")

    def vlan_profile(self, vlan: int, profile: OltProfile) -> tuple[str, tuple[str, ...]] | None:
        name = f"{profile.rate_table_prefix}vlan{vlan}"
        return name, ("gpon", f"onu profile vlan {name} tag-mode tag cvlan {vlan}", "exit")

    def add_wan(self, wanted: LineWanted, wan: Wan, ont_id: int, profile: OltProfile) -> tuple[str, ...]:
        needed = self.vlan_profile(wanted.on_ont, profile)
        account = f" username {wan.user} password {wan.password}" if isinstance(wan, Pppoe) else ""
        mode = "dhcp" if isinstance(wan, Dhcp) else f"pppoe{account}"
        return self._inside_onu(
            wanted.port,
            ont_id,
            f"{self.wan_ip} mode {mode} vlan-profile {needed[0] if needed else ''} host 1",
            "wan 1 service internet host 1",
        )

    def remove_wan(self, port: PonPort, ont_id: int) -> tuple[str, ...]:
        """As one tool each takes them away on a classic OLT and on a Titan."""
        return self._inside_onu(port, ont_id, "no wan 1", f"no {self.wan_ip}")

    def _on_pon(self, port: PonPort, *commands: str) -> tuple[str, ...]:
        return (f"interface {self.spelling.pon(port)}", *commands, "exit")

    def _on_onu(self, port: PonPort, ont_id: int, *commands: str) -> tuple[str, ...]:
        return (f"interface {self.spelling.onu(port, ont_id)}", *commands, "exit")

    def _inside_onu(self, port: PonPort, ont_id: int, *commands: str) -> tuple[str, ...]:
        """What goes to the ONT itself, over OMCI."""
        return (f"pon-onu-mng {self.spelling.onu(port, ont_id)}", *commands, "exit")


def tags(wanted: LineWanted) -> str:
    """The tags of a flow as a service port names them."""
    return f"vlan {wanted.vlan}" if wanted.inner is None else f"vlan {wanted.inner} svlan {wanted.vlan}"
