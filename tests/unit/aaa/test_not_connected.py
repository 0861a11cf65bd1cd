"""Without RADIUS or DHCP nothing is written, and nobody is told otherwise."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface

from isp_lifecycle.aaa.model import SignOnResult, SignOnWanted
from isp_lifecycle.aaa.not_connected import NotConnected
from isp_lifecycle.aaa.ports import SignOn

LINE = SignOnWanted(
    service_code="S-000001",
    address=IPv4Interface("192.0.2.7/24"),
    gateway=IPv4Address("192.0.2.1"),
    vlan=120,
    down_kbps=500_000,
    up_kbps=100_000,
    circuit="olt-north-1 0/1/3 7",
)


def test_every_request_says_that_nothing_was_written() -> None:
    sign_on: SignOn = NotConnected()
    answers = {sign_on.admit(LINE), sign_on.change(LINE), sign_on.remove(LINE)}
    assert answers == {SignOnResult(written=False, words="No RADIUS or DHCP is connected; nothing was written.")}
