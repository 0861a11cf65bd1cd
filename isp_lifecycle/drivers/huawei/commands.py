"""Command lines of a SmartAX for each kind of change: device-facts 1.4 to 1.6.

What an ONT itself is told goes to Huawei's own ONTs; others may refuse it. Typed by several tools: native VLANs, the
three kinds of ``ont ipconfig``, ``internet-config`` and ``wan-config`` with profile 0, and taking each away again (one
tool for all three ``undo``). Assumed: that a port gets VLAN 1 back in order to be as from the factory.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

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
from isp_lifecycle.drivers.errors import RateTablesFull
from isp_lifecycle.drivers.huawei.parsers import FACTORY_VLAN, WAN_INDEX
from isp_lifecycle.drivers.ont_service import Dhcp, Offer, Pppoe, Wan

_LAST_TABLE = 1023


class HuaweiCommands:
    """*Inbound* is what comes in from the user (up), *outbound* what goes out to the user (down)."""

    vlan_kind = "smart"
    first_ont_id = 0
    swap_starts_anew = False
    declines: Mapping[Offer, str] = {}

    def needed(self, profile: OltProfile) -> tuple[tuple[ProfileKind, int], ...]:
        return (("line", profile.line_profile_id), ("service", profile.service_profile_id))

    def references(self, ont: OntFound, profile: OltProfile) -> tuple[tuple[str, object, object], ...]:
        return (
            ("line_profile", profile.line_profile_id, ont.line_profile_id),
            ("service_profile", profile.service_profile_id, ont.service_profile_id),
        )

    def rate_table(
        self, kbps: int, direction: Literal["down", "up"], found: LineFound, profile: OltProfile
    ) -> RateTable:
        """A traffic table serves both directions, so the same rate is the same table."""
        name = f"{profile.rate_table_prefix}{kbps}"
        for table in found.rate_tables:
            if table.name == name:
                return RateTable(name, table.index, kbps)
        numbers = range(profile.first_rate_table, _LAST_TABLE + 1)
        index = next((number for number in numbers if number not in found.used_table_indexes), None)
        if index is None:
            raise RateTablesFull(found.olt, name, _LAST_TABLE)
        return RateTable(name, index, kbps)

    def create_vlan(self, vlan: int) -> tuple[str, ...]:
        return (f"vlan {vlan} smart",)

    def bind_vlan(self, vlan: int, uplink: str) -> tuple[str, ...]:
        board, _, port = uplink.rpartition("/")
        return (f"port vlan {vlan} {board} {port}",)

    def create_rate_table(self, table: RateTable) -> tuple[str, ...]:
        """Without a priority policy the device answers "Incomplete command"."""
        limits = f"cir {table.kbps} pir {table.kbps} priority 0 priority-policy local-setting"
        return (f'traffic table ip index {table.index} name "{table.name}" {limits}',)

    def add_ont(self, wanted: LineWanted, ont_id: int, profile: OltProfile) -> tuple[str, ...]:
        profiles = f"ont-lineprofile-id {profile.line_profile_id} ont-srvprofile-id {profile.service_profile_id}"
        line = f'sn-auth "{wanted.serial.normal}" omci {profiles} desc "{wanted.key}"'
        return _on_port(wanted.port, f"ont add {wanted.port.port} {ont_id} {line}")

    def set_serial(self, ont: OntFound, serial: Serial) -> tuple[str, ...]:
        return _on_port(ont.port, f"ont modify {ont.port.port} {ont.ont_id} sn {serial.normal}")

    def set_key(self, ont: OntFound, key: str) -> tuple[str, ...]:
        return _on_port(ont.port, f'ont modify {ont.port.port} {ont.ont_id} desc "{key}"')

    def set_profiles(self, ont: OntFound, profile: OltProfile) -> tuple[str, ...]:
        line = f"ont-lineprofile-id {profile.line_profile_id} ont-srvprofile-id {profile.service_profile_id}"
        return _on_port(ont.port, f"ont modify {ont.port.port} {ont.ont_id} {line}")

    def set_enabled(self, port: PonPort, ont_id: int, *, enabled: bool) -> tuple[str, ...]:
        return _on_port(port, f"ont {'activate' if enabled else 'deactivate'} {port.port} {ont_id}")

    def add_flow(
        self, wanted: LineWanted, ont_id: int, down: RateTable, up: RateTable, profile: OltProfile
    ) -> tuple[str, ...]:
        flow = f"vlan {wanted.vlan} gpon {wanted.port} ont {ont_id} gemport {profile.gem_port}"
        tags = f"multi-service user-vlan {wanted.on_ont} tag-transform translate"
        if wanted.inner is not None:
            tags += f"-and-add inner-vlan {wanted.inner} inner-priority 0"
        return (f"service-port {flow} {tags} {_tables(down, up)}",)

    def set_flow_rates(self, flow: ServicePortFound, down: RateTable, up: RateTable) -> tuple[str, ...]:
        """Takes effect at once, without dropping the customer's session."""
        return (f"service-port {flow.index} {_tables(down, up)}",)

    def remove_flow(self, flow: ServicePortFound) -> tuple[str, ...]:
        return (f"undo service-port {flow.index}",)

    def remove_ont(self, ont: OntFound) -> tuple[str, ...]:
        return _on_port(ont.port, f"ont delete {ont.port.port} {ont.ont_id}")

    def reset_ont(self, port: PonPort, ont_id: int) -> tuple[str, ...]:
        """The OLT asks whether one is sure (device-facts 1.3, 1.6)."""
        return _on_port(port, f"ont reset {port.port} {ont_id}")

    def set_native_vlan(self, port: PonPort, ont_id: int, vlan: int | None) -> tuple[str, ...]:
        tag = vlan if vlan is not None else FACTORY_VLAN
        return _on_port(port, f"ont port native-vlan {port.port} {ont_id} eth 1 vlan {tag} priority 0")

    def vlan_profile(self, vlan: int, profile: OltProfile) -> tuple[str, tuple[str, ...]] | None:
        return None

    def add_wan(self, wanted: LineWanted, wan: Wan, ont_id: int, profile: OltProfile) -> tuple[str, ...]:
        """An IP host, which is then the ONT's way to the internet, with NAT by the ONT's WAN profile 0."""
        ont = f"{wanted.port.port} {ont_id}"
        return _on_port(
            wanted.port,
            f"ont ipconfig {ont} ip-index {WAN_INDEX} {_ip_host(wan, wanted.on_ont)}",
            f"ont internet-config {ont} ip-index {WAN_INDEX}",
            f"ont wan-config {ont} ip-index {WAN_INDEX} profile-id 0",
        )

    def remove_wan(self, port: PonPort, ont_id: int) -> tuple[str, ...]:
        ont = f"{port.port} {ont_id}"
        return _on_port(
            port,
            f"undo ont internet-config {ont}",
            f"undo ont wan-config {ont} ip-index {WAN_INDEX}",
            f"undo ont ipconfig {ont} ip-index {WAN_INDEX}",
        )


def _ip_host(wan: Wan, vlan: int) -> str:
    tail = f"vlan {vlan} priority 0"
    if isinstance(wan, Dhcp):
        return f"dhcp {tail}"
    if isinstance(wan, Pppoe):
        return f"pppoe {tail} user-account username {wan.user} password {wan.password}"
    where = f"ip-address {wan.address.ip} mask {wan.address.netmask} gateway {wan.gateway}"
    servers = " ".join(f"{word} {server}" for word, server in zip(("pri-dns", "slave-dns"), wan.dns, strict=False))
    return " ".join(f"static {where} {servers} {tail}".split())


def _on_port(port: PonPort, *commands: str) -> tuple[str, ...]:
    """The port is a parameter of each command, not of the interface (device-facts 1.1)."""
    return (f"interface gpon {port.frame}/{port.slot}", *commands, "quit")


def _tables(down: RateTable, up: RateTable) -> str:
    return f"inbound traffic-table index {up.index} outbound traffic-table index {down.index}"
