"""What RADIUS and DHCP are told about a line, built from the case of any line workflow."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Network

from isp_lifecycle.aaa.model import SignOnWanted, circuit_id
from isp_lifecycle.workflows.line.device import Target


def sign_on_wanted(
    *,
    target: Target,
    prefix: str | None,
    address: str | None,
    gateway: str | None,
    delegated: str | None,
    wan: str | None,
) -> SignOnWanted:
    """The line with its address, its IPv6 prefix and address, and its circuit-id."""
    interface = None
    if prefix is not None and address is not None:
        interface = IPv4Interface(f"{address}/{IPv4Network(prefix).prefixlen}")
    return SignOnWanted(
        service_code=target.key,
        address=interface,
        gateway=IPv4Address(gateway) if gateway else None,
        vlan=target.vlan,
        down_kbps=target.down_kbps,
        up_kbps=target.up_kbps,
        circuit=circuit_id(olt=target.olt, pon_port=target.pon_port, ont_id=target.ont_id, vlan=target.vlan),
        enabled=target.enabled,
        delegated=IPv6Network(delegated) if delegated else None,
        wan=IPv6Address(wan) if wan else None,
    )
