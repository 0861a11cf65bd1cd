"""What ONTs are told, as a ZXA10 and a V1600G print it: routers, native VLANs, and what is none of ours."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface

import pytest

from isp_lifecycle.drivers.contract import LineWanted, OntService
from isp_lifecycle.drivers.errors import LineMalformed, OntMissing, SessionLost, conceal
from isp_lifecycle.drivers.ont_service import Dhcp, Pppoe, Static
from isp_lifecycle.drivers.transcript import Transcript
from isp_lifecycle.drivers.values import PonPort, Serial
from isp_lifecycle.drivers.vsol.parsers.router import router_lines
from isp_lifecycle.drivers.zte import parsers
from isp_lifecycle.drivers.zte.parsers import titan

PORT = PonPort(1, 1, 7)
# In the words of a C320 V2.1 and of a C600; of the second line of each some configurations have none.
CLASSIC = """pon-onu-mng gpon-onu_1/1/7:2
  service vlan100 gemport 1 vlan 100
  wan-ip 1 mode pppoe username S-000001 password bandung vlan-profile isp-vlan100 host 1
  wan 1 service internet host 1
  vlan port eth_0/1 mode tag vlan 100
  vlan port eth_0/2 mode tag vlan 200
  security-mgmt 212 state enable mode forward protocol web
!"""
TITAN = """!<xpon>
interface gpon_onu-1/1/7:2
  name S-000001
$
pon-onu-mng gpon_onu-1/1/7:2
  service vlan100 gemport 1 vlan 100
  wan-ip ipv4 mode pppoe auth pap username S-000001 password ******** vlan-profile isp-vlan100 host 1
  wan-ip ipv4 ping-response enable traceroute-response enable
  wan 1 ethuni 1,2,3,4 ssid 1,5 service internet host 1
$
!</xpon>"""
PROFILES = {"isp-vlan100": 100}


def test_router_of_a_classic_zxa10_with_its_password_in_the_clear() -> None:
    found = parsers.remote_config(CLASSIC, PROFILES)
    assert found == OntService(100, Pppoe("S-000001", "bandung"), 100)
    assert "bandung" not in repr(found)
    said = Transcript()
    said.received(CLASSIC, 0.0)
    assert "bandung" not in said.text()
    assert parsers.remote_config(CLASSIC.replace("  wan 1 service internet host 1\n", ""), PROFILES).wan_vlan is None
    assert parsers.remote_config(CLASSIC, {}).wan_vlan is None
    other = CLASSIC.replace(
        "mode pppoe username S-000001 password bandung", "mode static ip-profile x ip-address 1.2.3.4"
    )
    assert parsers.remote_config(other, PROFILES).others


def test_router_of_a_titan_with_its_password_hidden() -> None:
    assert titan.remote_config(TITAN, (PORT, 2), PROFILES) == OntService(None, Pppoe("S-000001"), 100)
    assert titan.remote_config(TITAN, (PORT, 3), PROFILES) == OntService()
    dhcp = TITAN.replace("pppoe auth pap username S-000001 password ********", "dhcp")
    assert titan.remote_config(dhcp, (PORT, 2), PROFILES) == OntService(None, Dhcp(), 100)


def test_vlan_profiles_are_found_among_any_lines() -> None:
    lines = [
        "gpon",
        "  onu profile vlan PPPOE tag-mode tag cvlan 155 pri 7",
        "onu profile vlan HSI3501 tag-mode tag cvlan 3501",
    ]
    assert parsers.vlan_profiles(lines) == {"PPPOE": 155, "HSI3501": 3501}


STATIC = "route ipv4 static ip 198.51.100.7 mask 255.255.255.0 gw 198.51.100.1 dns master 192.0.2.53 slave 192.0.2.54"
SERVERS = (IPv4Address("192.0.2.53"), IPv4Address("192.0.2.54"))


@pytest.mark.parametrize(
    ("way", "wan"),
    [
        ("route ipv4 dhcp", Dhcp()),
        ("route ipv4 pppoe proxy disable user S-1 pwd ****** mode auto nat enable", Pppoe("S-1")),
        (
            f"{STATIC} nat enable",
            Static(IPv4Interface("198.51.100.7/24"), IPv4Address("198.51.100.1"), SERVERS),
        ),
    ],
)
def test_router_of_a_v1600g(way: str, wan: Dhcp | Pppoe | Static) -> None:
    words = ["route mode internet mtu 1492", way, "vlan tag wan_vlan 100 0", "bind lan1 lan2 lan3 lan4 ssid1"]
    lines = ["portvlan eth 1 mode tag vlan 100", *(f"pri wan_adv index 1 {one}" for one in words)]
    assert router_lines(lines) == OntService(100, wan, 100)
    assert router_lines(lines[:-1]) == OntService(100, wan, None)
    managed = [line.replace("mode internet", "mode tr069") for line in lines]
    assert router_lines(managed) == OntService(100, others=("connection 1 (route mode tr069 mtu 1492)",))


@pytest.mark.parametrize("password", ["two words", 'quo"te', "ques?tion", "", "grün"])
def test_password_that_no_command_line_takes_is_refused_and_not_told(password: str) -> None:
    service = OntService(wan=Pppoe("S-1", password))
    with pytest.raises(LineMalformed) as refused:
        LineWanted("S-1", PORT, Serial("48575443AABBCCDD"), 100, "xgei_1/4/1", 1000, 1000, ont=service)
    assert not password or password not in str(refused.value)


def test_secrets_leave_errors_and_what_they_came_from() -> None:
    try:
        try:
            raise OntMissing("OLT", "hunter2x")
        except OntMissing as error:
            raise SessionLost("OLT", "password hunter2x", "cut") from error
    except SessionLost as error:
        conceal(error, ("hunter2x",))
        said = [str(error), error.command, str(error.args), str(error.__cause__), str(vars(error.__cause__))]
    assert "hunter2x" not in " ".join(said)
    assert "******" in said[1]
