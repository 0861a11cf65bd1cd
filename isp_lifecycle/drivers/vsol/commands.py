"""Command lines of a V1600G for each kind of change, as it writes them itself into its configuration.

Seen in the running configurations of a V1600G0-B V1.4.8R (``traffic-limit downstream`` alone) and a V1600G1 V2.3.1R
(``upstream`` and ``downstream``), typed by people on V1.4, V2.1.6R and V2.3.1R. A flow is made from the glass outwards:
T-CONT (its DBA profile limits the rate up), GEM port (its traffic profile limits the rate down), the ONT's own service,
and the service port. So a service port that stands tells that the rest stands too.

What an ONT is told (``portvlan``, ``pri wan_adv``) goes to V-SOL's own ONTs; others may refuse it. ``add route`` makes
the next connection, told of by an unknown text with its number: taken for the first one, since an ONT with others is
left alone. Typed by tools: all lines but ``delete index`` (one tool), ``static`` (one tool), ``dhcp`` (in mode tr069).
Not seen anywhere, and so assumed: that a port is given back with ``mode transparent``, and that ``commit`` may be
repeated. It writes no sign of ``commit``, so an ONT that was cut off before it is set right by the next change only.
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
from isp_lifecycle.drivers.errors import RateTablesFull
from isp_lifecycle.drivers.ont_service import Dhcp, Offer, Pppoe, Wan
from isp_lifecycle.drivers.vsol import names
from isp_lifecycle.drivers.vsol.parsers import WAN_INDEX

VLAN_KIND = "802.1Q"
"""A V1600G has one kind of VLAN."""
ONU_PROFILE = "default"
"""The ONU profile that every unit brings along."""
_LAST_PROFILE = 510
"""DBA profile 511 is the unit's own ``default1``."""


class VsolCommands:
    """Rates are limited by two kinds of profile, each numbered by itself: DBA profiles up, traffic profiles down."""

    vlan_kind = VLAN_KIND
    first_ont_id = 1
    swap_starts_anew = True
    declines: Mapping[Offer, str] = {
        Offer.OWN_VLAN: "no source shows how a V1600G puts a second tag into a service port."
    }

    def needed(self, profile: OltProfile) -> tuple[tuple[ProfileKind, int], ...]:
        """Nothing with a number: an ONT is registered with an ONU profile by its name."""
        return ()

    def references(self, ont: OntFound, profile: OltProfile) -> tuple[tuple[str, object, object], ...]:
        """Nothing: V1.4.8R does not know ``onu N profile onu`` for an ONT that stands, so it keeps the one it has."""
        return ()

    def rate_table(
        self, kbps: int, direction: Literal["down", "up"], found: LineFound, profile: OltProfile
    ) -> RateTable:
        name = f"{profile.rate_table_prefix}{kbps}-{direction}"
        standing = [table for table in found.rate_tables if table.direction == direction]
        used = {table.index for table in standing}
        index = next((table.index for table in standing if table.name == name), None)
        if index is None:
            free = (number for number in range(profile.first_rate_table, _LAST_PROFILE + 1) if number not in used)
            index = next(free, None)
        if index is None:
            raise RateTablesFull(found.olt, name, _LAST_PROFILE)
        return RateTable(name, index, kbps, direction)

    def create_vlan(self, vlan: int) -> tuple[str, ...]:
        return (f"vlan {vlan}", "exit")

    def bind_vlan(self, vlan: int, uplink: str) -> tuple[str, ...]:
        """Uplinks are in mode hybrid in every configuration that was seen; that mode is not set here."""
        return (f"interface {names.interface_of(uplink)}", f"switchport hybrid vlan {vlan} tagged", "exit")

    def create_rate_table(self, table: RateTable) -> tuple[str, ...]:
        """A DBA profile of type 4 has a maximum only, and so takes nothing from the others on the PON port."""
        if table.direction == "up":
            kind, limits = "dba", f"type 4 maximum {table.kbps}"
        else:
            kind, limits = "traffic", f"sir 0 pir {table.kbps}"
        return (f"profile {kind} id {table.index} name {table.name}", limits, "commit", "exit")

    def add_ont(self, wanted: LineWanted, ont_id: int, profile: OltProfile) -> tuple[str, ...]:
        return _on_pon(wanted.port, *_registration(ont_id, profile.ont_type, wanted.serial, wanted.key))

    def set_serial(self, ont: OntFound, serial: Serial) -> tuple[str, ...]:
        """No command gives a registered ONT another serial number: it is removed, and registered anew in its place."""
        off = () if ont.enabled else (f"onu {ont.ont_id} deactivate",)
        again = _registration(ont.ont_id, ont.ont_type, serial, ont.key)
        return _on_pon(ont.port, f"no onu {ont.ont_id}", *again, *off)

    def set_key(self, ont: OntFound, key: str) -> tuple[str, ...]:
        return _on_pon(ont.port, f"onu {ont.ont_id} desc {key}")

    def set_profiles(self, ont: OntFound, profile: OltProfile) -> tuple[str, ...]:
        return ()

    def set_enabled(self, port: PonPort, ont_id: int, *, enabled: bool) -> tuple[str, ...]:
        """Typed on V2.1.6R; a V1600GT V1.0.1R says ``enable`` and ``disable`` instead."""
        return _on_pon(port, f"onu {ont_id} {'activate' if enabled else 'deactivate'}")

    def add_flow(
        self, wanted: LineWanted, ont_id: int, down: RateTable, up: RateTable, profile: OltProfile
    ) -> tuple[str, ...]:
        """The T-CONT, the GEM port and the service port have one number."""
        number, vlan, onu = profile.gem_port, wanted.on_ont, f"onu {ont_id}"
        name = f"{profile.rate_table_prefix}{number}"
        return _on_pon(
            wanted.port,
            f"{onu} tcont {number} name {name} dba {up.name}",
            f"{onu} gemport {number} tcont {number} gemport_name {name}",
            f"{onu} gemport {number} traffic-limit downstream {down.name}",
            f"{onu} service vlan{vlan} gemport {number} vlan {vlan}",
            f"{onu} service-port {number} gemport {number} uservlan {vlan} vlan {wanted.vlan}",
        )

    def set_flow_rates(self, flow: ServicePortFound, down: RateTable, up: RateTable) -> tuple[str, ...]:
        """What stands is given other profiles in place (V2.1.6R)."""
        onu = f"onu {flow.ont_id}"
        tcont = flow.up.index if flow.up is not None and flow.up.index is not None else flow.gem_port
        return _on_pon(
            flow.port,
            f"{onu} tcont {tcont} dba {up.name}",
            f"{onu} gemport {flow.gem_port} traffic-limit downstream {down.name}",
        )

    def remove_flow(self, flow: ServicePortFound) -> tuple[str, ...]:
        """Only what is the VLAN's: T-CONT and GEM port stay, and are given to the next flow as they stand."""
        onu = f"no onu {flow.ont_id}"
        tag = flow.user_vlan or flow.vlan
        return _on_pon(flow.port, f"{onu} service-port {flow.index}", f"{onu} service vlan{tag}")

    def remove_ont(self, ont: OntFound) -> tuple[str, ...]:
        return _on_pon(ont.port, f"no onu {ont.ont_id}")

    def reset_ont(self, port: PonPort, ont_id: int) -> tuple[str, ...]:
        """By the maker's own manual as people quote it, and a sister brand's units; whether it asks is not established:
        a question would be an unknown prompt, and nothing would be answered."""
        return _on_pon(port, f"onu {ont_id} reboot")

    def set_native_vlan(self, port: PonPort, ont_id: int, vlan: int | None) -> tuple[str, ...]:
        mode = "transparent" if vlan is None else f"tag vlan {vlan}"
        return _on_pon(port, f"onu {ont_id} portvlan eth 1 mode {mode}")

    def vlan_profile(self, vlan: int, profile: OltProfile) -> tuple[str, tuple[str, ...]] | None:
        return None

    def add_wan(self, wanted: LineWanted, wan: Wan, ont_id: int, profile: OltProfile) -> tuple[str, ...]:
        """Nothing reaches the ONT before ``commit``."""
        wan_adv = f"onu {ont_id} pri wan_adv"
        connection = f"{wan_adv} index {WAN_INDEX}"
        return _on_pon(
            wanted.port,
            f"{wan_adv} add route",
            f"{connection} route mode internet mtu {1492 if isinstance(wan, Pppoe) else 1500}",
            f"{connection} route ipv4 {_way(wan)}",
            f"{connection} vlan tag wan_vlan {wanted.on_ont} 0",
            f"{connection} bind lan1 lan2 lan3 lan4 ssid1",
            f"{wan_adv} commit",
        )

    def remove_wan(self, port: PonPort, ont_id: int) -> tuple[str, ...]:
        wan_adv = f"onu {ont_id} pri wan_adv"
        return _on_pon(port, f"{wan_adv} delete index {WAN_INDEX}", f"{wan_adv} commit")


def _way(wan: Wan) -> str:
    if isinstance(wan, Dhcp):
        return "dhcp"
    if isinstance(wan, Pppoe):
        return f"pppoe proxy disable user {wan.user} pwd {wan.password} mode auto nat enable"
    words = zip(("dns master", "slave"), wan.dns, strict=False)
    servers = "".join(f" {word} {server}" for word, server in words)
    where = f"ip {wan.address.ip} mask {wan.address.netmask} gw {wan.gateway}"
    return f"static {where}{servers} nat enable"


def _registration(ont_id: int, profile: str, serial: Serial, key: str) -> tuple[str, ...]:
    label = printed.typed(serial)
    return (f"onu add {ont_id} profile {profile or ONU_PROFILE} sn {label}", f"onu {ont_id} desc {key}")


def _on_pon(port: PonPort, *commands: str) -> tuple[str, ...]:
    return (f"interface gpon {names.pon(port)}", *commands, "exit")
