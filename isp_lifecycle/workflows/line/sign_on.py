"""What RADIUS and DHCP are told about a line, built from the case of any line workflow."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from isp_lifecycle.aaa.model import SignOnWanted
from isp_lifecycle.workflows.line.device import Target


def sign_on_wanted(*, target: Target, prefix: str | None, address: str | None, gateway: str | None) -> SignOnWanted:
    """The line with its address and its circuit-id (device-facts 8.2: ``<olt> xpon f/s/0/p:ont.gem.vlan``)."""
    interface = None
    if prefix is not None and address is not None:
        interface = IPv4Interface(f"{address}/{IPv4Network(prefix).prefixlen}")
    frame, slot, port = target.pon_port.split("/")
    return SignOnWanted(
        service_code=target.key,
        address=interface,
        gateway=IPv4Address(gateway) if gateway else None,
        vlan=target.vlan,
        down_kbps=target.down_kbps,
        up_kbps=target.up_kbps,
        circuit=f"{target.olt} xpon {frame}/{slot}/0/{port}:{target.ont_id}.1.{target.vlan}",
        enabled=target.enabled,
    )
