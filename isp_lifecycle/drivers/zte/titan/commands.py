"""Command lines of a C600 where they differ from the classic ones: device-facts 2.6, and what was found since.

Interfaces are spelled ``gpon_olt-`` and ``gpon_onu-``; a service port stands on a virtual port, ``vport-1/2/3.4:1``,
and the limit down is a policy of that port, under the name of a ``traffic-profile`` (many scripts of operators; two
dumps of a C620 limit by shaping or in the flow's own line, which is read as well). An ONT is switched off with ``admin
disable`` and exchanged with ``registration-method``: each from one script that is used on C600. Not established is the
unit of the bursts: here it is kbytes, as SmartOLT writes them; a C620 has values that look like bytes.
"""

from __future__ import annotations

from isp_lifecycle.drivers.contract import LineWanted, OltProfile, PonPort, RateTable, ServicePortFound
from isp_lifecycle.drivers.zte import names
from isp_lifecycle.drivers.zte.commands import ZteCommands, tags

_BURST = 1024


class TitanCommands(ZteCommands):
    """As on a classic one, in another spelling and with flows on virtual ports."""

    spelling = names.TITAN
    wan_ip = "wan-ip ipv4"

    def create_vlan(self, vlan: int) -> tuple[str, ...]:
        return (f"vlan {vlan}", "exit")

    def create_rate_table(self, table: RateTable) -> tuple[str, ...]:
        if table.direction == "up":
            return super().create_rate_table(table)
        return (f"traffic-profile {table.name} cir {table.kbps} cbs {_BURST} pir {table.kbps} pbs {_BURST}",)

    def set_enabled(self, port: PonPort, ont_id: int, *, enabled: bool) -> tuple[str, ...]:
        return self._on_onu(port, ont_id, "admin enable" if enabled else "admin disable")

    def add_flow(
        self, wanted: LineWanted, ont_id: int, down: RateTable, up: RateTable, profile: OltProfile
    ) -> tuple[str, ...]:
        """The flow's limit comes after it, as everybody writes it: what a cut leaves without one is given it later."""
        number, vlan = profile.gem_port, wanted.on_ont
        return (
            *self._on_onu(wanted.port, ont_id, f"tcont {number} profile {up.name}", f"gemport {number} tcont {number}"),
            *self._inside_onu(wanted.port, ont_id, f"service vlan{vlan} gemport {number} vlan {vlan}"),
            *self._on_vport(
                wanted.port,
                ont_id,
                number,
                f"service-port {number} user-vlan {vlan} {tags(wanted)}",
                f"qos traffic-policy {down.name} direction egress",
            ),
        )

    def set_flow_rates(self, flow: ServicePortFound, down: RateTable, up: RateTable) -> tuple[str, ...]:
        tcont = flow.up.index if flow.up is not None and flow.up.index is not None else flow.gem_port
        policy = f"qos traffic-policy {down.name} direction egress"
        return (
            *self._on_onu(flow.port, flow.ont_id, f"tcont {tcont} profile {up.name}"),
            *self._on_vport(flow.port, flow.ont_id, flow.gem_port, policy),
        )

    def remove_flow(self, flow: ServicePortFound) -> tuple[str, ...]:
        return (
            *self._inside_onu(flow.port, flow.ont_id, f"no service vlan{flow.user_vlan or flow.vlan}"),
            *self._on_vport(flow.port, flow.ont_id, flow.gem_port, f"no service-port {flow.index}"),
        )

    def _on_vport(self, port: PonPort, ont_id: int, number: int, *commands: str) -> tuple[str, ...]:
        return (f"interface {names.vport(port, ont_id, number)}", *commands, "exit")
