"""A line as the workflows describe it."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Interface, IPv6Network
from typing import Any

from isp_lifecycle.aaa.model import SignOnWanted

LINE = SignOnWanted(
    service_code="S-001001",
    address=IPv4Interface("10.77.0.50/32"),
    gateway=IPv4Address("10.77.0.1"),
    vlan=100,
    down_kbps=500_000,
    up_kbps=100_000,
    circuit="OLT-NORTH xpon 0/1/0/3:7.1.100",
)


def line(**changed: Any) -> SignOnWanted:
    """The line, but for this."""
    if "address" in changed:
        changed["address"] = IPv4Interface(changed["address"]) if changed["address"] else None
    if "delegated" in changed:
        changed["delegated"] = IPv6Network(changed["delegated"])
    return replace(LINE, **changed)


#: Another customer's.
NEIGHBOUR = line(service_code="S-001002", address="10.77.0.51/32", circuit="OLT-NORTH xpon 0/1/0/3:8.1.100")
