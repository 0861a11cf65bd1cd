from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv4Interface
from pathlib import Path
from types import FunctionType

import pytest

from isp_lifecycle.drivers.huawei import parsers
from isp_lifecycle.drivers.huawei.dialect import DIALECT
from isp_lifecycle.drivers.huawei.parsers import boards, care, flows, onts
from isp_lifecycle.drivers.ont_service import Dhcp, OntService, Pppoe, Static, Wan
from isp_lifecycle.drivers.values import PonPort
from isp_lifecycle.drivers.vendor import Unreadable

CAPTURES = Path(__file__).parents[2] / "data" / "huawei_smartax"
Parser = Callable[[str], object]

# Parser, captures that exist for it, records in each of them in order.
COUNTS: dict[str, tuple[Parser, list[int]]] = {
    "autofind": (parsers.autofind, [1, 2]),
    "ont_info_by_sn": (parsers.ont_block, [1, 1]),
    "ont_info_all": (parsers.ont_rows, [31, 16, 14, 2]),
    "ont_info_summary": (parsers.summary, [23, 1, 2, 37, 2]),
    "ont_optical_info_all": (parsers.optical_rows, [10]),
    "lineprofile_all": (parsers.profile_rows, [2]),
    "srvprofile_all": (parsers.profile_rows, [2]),
    "service_port_all": (parsers.flow_rows, [1]),
    "version": (parsers.version, [1]),
    "board": (parsers.board_rows, [4]),
    "ont_version": (parsers.ont_version, [1, 1]),
    "service_port_statistics": (parsers.flow_counters, [1]),
}
# No public capture of these exists; their layouts below are device-facts 1.7 and the text of its sources.
WITHOUT_CAPTURE = {
    parsers.descriptions,
    parsers.flow_block,
    parsers.gpon_ports,
    parsers.line_quality,
    parsers.optical_block,
    parsers.port_vlans,
    parsers.table_name,
    parsers.table_rows,
    parsers.traffic_now,
    parsers.vlan_block,
    parsers.vlan_numbers,
}


def capture(name: str) -> str:
    return (CAPTURES / f"{name}.raw").read_text()


def test_every_parser_has_its_captures() -> None:
    names = {path.stem for path in CAPTURES.glob("*.raw")}
    assert names == {
        f"{kind}_{number}" for kind, (_, sizes) in COUNTS.items() for number in range(1, len(sizes) + 1)
    } | {
        "ont_add_1",
        "ont_port_vlan_1",
        "configuration_1",
    }
    own = {
        thing
        for module in (boards, care, flows, onts)
        for name, thing in vars(module).items()
        if isinstance(thing, FunctionType) and thing.__module__ == module.__name__ and not name.startswith("_")
    }
    assert own == {parser for parser, _ in COUNTS.values()} | WITHOUT_CAPTURE


@pytest.mark.parametrize(
    ("name", "parser", "size"),
    [(f"{kind}_{n}", parser, size) for kind, (parser, sizes) in COUNTS.items() for n, size in enumerate(sizes, 1)],
)
def test_every_record_of_a_capture_is_read(name: str, parser: Parser, size: int) -> None:
    records = parser(capture(name))
    count = len(records) if isinstance(records, tuple) else 1
    assert count == size


@pytest.mark.parametrize("name", ["ont_add_1", "ont_port_vlan_1"])
def test_confirmations_of_real_devices_are_harmless(name: str) -> None:
    """What a change may answer: every line must be in the dialect, or the driver stops at a success."""
    lines = [line for line in capture(name).splitlines() if line.strip()]
    assert lines
    assert [line for line in lines if not any(form.search(line) for form in DIALECT.harmless)] == []


def test_autofind_of_new_firmware() -> None:
    first, second = parsers.autofind(capture("autofind_2"))
    assert first == parsers.AutofindRow(
        port=PonPort(0, 1, 0),
        serial="4857544311E70E9A",
        vendor="HWTC",
        model="245H",
        software="V3R015C10S150",
        seen_at=datetime(2000, 1, 1, tzinfo=UTC),
    )
    assert (second.serial, second.model) == ("48575443DE135E2D", "010H")


def test_autofind_of_old_firmware_ends_with_the_time() -> None:
    text = """
   ----------------------------------------------------------------------------
   Number              : 1
   F/S/P               : 0/1/3
   Ont SN              : 48575443AABBCCDD (HWTC-AABBCCDD)
   Password            : 0x31323334353637383930(1234567890)
   Loid                :
   Checkcode           :
   VendorID            : HWTC
   Ont Version         : 159D.A
   Ont SoftwareVersion : V5R019C10S350
   Ont EquipmentID     : EG8145V5
   Ont autofind time   : 2024-03-12 02:33:42-04:00
   ----------------------------------------------------------------------------
   The number of GPON autofind ONT is 1
"""
    (row,) = parsers.autofind(text)
    assert (row.port, row.serial, row.seen_at) == (
        PonPort(0, 1, 3),
        "48575443AABBCCDD",
        datetime(2024, 3, 12, 6, 33, 42, tzinfo=UTC),
    )


def test_ont_block_of_old_and_new_firmware() -> None:
    old, new = parsers.ont_block(capture("ont_info_by_sn_1")), parsers.ont_block(capture("ont_info_by_sn_2"))
    assert old == parsers.OntBlock(
        port=PonPort(0, 0, 6),
        ont_id=2,
        serial="8XN7J0FFL8NL6I3W",
        description="New_link",
        control_flag="active",
        run_state="online",
        config_state="normal",
        match_state="match",
        distance_m=47,
        last_down_cause="dying-gasp",
        last_up_at=datetime(2023, 1, 5, 0, 56, 12, tzinfo=UTC),
        last_down_at=datetime(2023, 1, 5, 0, 55, 28, tzinfo=UTC),
        line_profile_id=500,
        service_profile_id=500,
        last_up="2023-01-05 08:56:12+08:00",
        last_down="2023-01-05 08:55:28+08:00",
        online_seconds=180,
    )
    assert (new.port, new.ont_id, new.serial, new.description) == (PonPort(0, 1, 1), 131, "123456789123AB12AB", "ABCD")
    assert new.last_up_at == datetime(2019, 2, 9, 1, 58, 52, tzinfo=UTC)  # the day comes first


def test_ont_rows_with_states_that_are_not_there() -> None:
    rows = parsers.ont_rows(capture("ont_info_all_3"))
    assert rows[4] == parsers.OntRow(
        PonPort(0, 0, 0), 4, "PVDWI3METQ3PRRLV", "active", "", "", "", "The wise emanate snows."
    )
    assert [row.ont_id for row in rows] == list(range(14))


def test_ont_rows_of_several_ports_and_no_description() -> None:
    rows = parsers.ont_rows(capture("ont_info_all_4"))
    assert [(row.port, row.description) for row in rows] == [
        (PonPort(0, 1, 0), "The boiling consignment budgets."),
        (PonPort(0, 1, 2), ""),
    ]


def test_summary_of_one_port_and_of_two() -> None:
    offline = parsers.summary(capture("ont_info_summary_3"))[1]
    assert offline == parsers.SummaryRow(
        port=PonPort(0, 1, 0),
        ont_id=1,
        run_state="offline",
        last_down_cause="LOSi/LOBi",
        serial="AAAAAAAAAAAAAAAA",
        model="P871E-G",
        distance_m=None,
        rx_dbm=None,
        tx_dbm=None,
        description="P871E",
    )
    assert [row.port for row in parsers.summary(capture("ont_info_summary_5"))] == [
        PonPort(0, 2, 11),
        PonPort(0, 2, 12),
    ]


def test_optical_rows_name_their_columns() -> None:
    row = parsers.optical_rows(capture("ont_optical_info_all_1"))[1]
    assert row == parsers.OpticalRow(1, -24.68, 3.86, -23.02, 31.0, 3.22, 8.0)


OPTICAL = """
  -----------------------------------------------------------------------------
  ONU NNI port ID                        : 0
  Rx optical power(dBm)                  : -18.18
  Rx power current alarm threshold(dBm)  : [-29.0,-7.0]
  Tx optical power(dBm)                  : 2.27
  Laser bias current(mA)                 : 16
  Temperature(C)                         : 58
  Temperature alarm threshold(C)         : [-61,95]
  Voltage(V)                             : 3.360
  OLT Rx ONT optical power(dBm)          : -22.22
  CATV Rx optical power(dBm)             : -
  -----------------------------------------------------------------------------
"""


def test_optical_block_reads_values_not_thresholds() -> None:
    assert parsers.optical_block(OPTICAL) == parsers.OpticalRow(None, -18.18, 2.27, -22.22, 58.0, 3.36, 16.0)


FLOW = """
  -------------------------------------------------------------
  Index               : 5827
  VLAN ID             : 100
  VLAN attr           : common
  Port type           : gpon
  F/S/P               : 0/1/0
  ONT ID              : 5
  TX                  : 22
  Inbound table name  : isp-51200
  RX                  : 23
  Outbound table name : isp-102400
  State               : up
  -------------------------------------------------------------
"""


def test_flow_block_takes_inbound_from_tx_and_outbound_from_rx() -> None:
    assert parsers.flow_block(FLOW) == parsers.FlowBlock(
        5827, 100, 22, "isp-51200", 23, "isp-102400", None, adds_tag=False
    )


def test_flow_block_without_tables() -> None:
    text = FLOW.replace(": 22", ": -").replace(": 23", ": -").replace("isp-51200", "-").replace("isp-102400", "-")
    assert parsers.flow_block(text) == parsers.FlowBlock(5827, 100, None, "", None, "", None, adds_tag=False)


def test_table_rows_follow_the_header_and_skip_unlimited_ones() -> None:
    text = """
  -------------------------------------------------------------------------
  TID CIR       CBS       PIR       PBS       Pri Copy-policy Pri-Policy
      (kbps)    (bytes)   (kbps)    (bytes)
  -------------------------------------------------------------------------
    0 1024      34768     2048      69536     6   -           tag-pri
    6 off       off       off       off       0   -           tag-pri
  100 102400    3278800   102400    3278800   0   -           local-pri
  -------------------------------------------------------------------------
  Total Num : 3
"""
    assert parsers.table_rows(text) == (parsers.TableRow(0, 1024, 2048), parsers.TableRow(100, 102400, 102400))
    assert parsers.table_rows(text)[0].kbps == 2048


def test_table_name_and_vlan_and_port_vlans() -> None:
    assert parsers.table_name("  TD Index               : 9\n  TD Name                : isp-102400\n") == "isp-102400"
    vlan = """
  VLAN ID: 100
  VLAN type: smart
  VLAN attribute: common
  ------------------------------
  F/ S/ P    Native VLAN   State
  ------------------------------
  0/ 9/ 0    1             up
  0/ 9/ 1    1             down
  ------------------------------
  Standard port number: 2
"""
    assert parsers.vlan_block(vlan) == parsers.VlanBlock(100, "smart", ("0/9/0", "0/9/1"))
    ports = """
  ----------------------------------------------------------
      1    100    200   4093
  ----------------------------------------------------------
  Total: 4
  Native VLAN: 1
"""
    assert parsers.port_vlans(ports) == frozenset({1, 100, 200, 4093})


READERS: list[Parser] = [
    *(parser for parser, _ in COUNTS.values()),
    *sorted(WITHOUT_CAPTURE - {parsers.descriptions}, key=lambda parser: parser.__name__),
]


@pytest.mark.parametrize("parser", READERS, ids=lambda parser: parser.__name__)
@pytest.mark.parametrize("text", ["", "k#)0fj\n;;~ jf -- 0/1\n", "  -----\n  -----\n"])
def test_garbage_is_unreadable_and_never_guessed(parser: Parser, text: str) -> None:
    with pytest.raises(Unreadable):
        parser(text)


@pytest.mark.parametrize("name", ["ont_info_all_1", "ont_info_summary_4", "ont_info_all_4"])
def test_a_table_that_lost_lines_is_unreadable(name: str) -> None:
    """Two rows go missing, as when alarm text or a broken link eats them; the device's own total tells."""
    lines = capture(name).splitlines()
    rows = [number for number, line in enumerate(lines) if "online " in line]
    kept = [line for number, line in enumerate(lines) if number not in rows[:2]]
    parser = COUNTS[name.rsplit("_", 1)[0]][0]
    with pytest.raises(Unreadable, match="the OLT counts"):
        parser("\n".join(kept))
    with pytest.raises(Unreadable):
        parser("\n".join(lines[: len(lines) // 4]).replace("In port", "I"))


VLANS = """  -----------------------------------------------------------------------
  VLAN   Type      Attribute  STND-Port NUM   SERV-Port NUM  VLAN-Con NUM
  -----------------------------------------------------------------------
     1   smart     common                 8               0             -
   100   smart     common                 1             725             -
  3333   mux       common                 6               0             -
  -----------------------------------------------------------------------
  Total: 3
  Note : STND-Port--standard port, SERV-Port--service virtual port
"""


def test_vlans_of_an_olt_are_counted() -> None:
    assert parsers.vlan_numbers(VLANS) == {100, 3333}
    with pytest.raises(Unreadable, match="2 VLANs are readable, the OLT counts 3"):
        parsers.vlan_numbers(VLANS.replace("  3333   mux", "  3333   new"))


def test_the_gpon_ports_of_a_board() -> None:
    text = """
  ---------------------------------------
  Board Name          : H805GPBD
  Board Status        : Normal
  ---------------------------------------
    Port   Port   min-distance   max-distance   Optical-module
           type       (km)           (km)           status
     0     GPON        0              20          Online
     7     GPON        0              20          Offline
  -------------------------------------------------------------
"""
    assert parsers.gpon_ports(text) == (0, 7)
    assert parsers.gpon_ports("  Board Name : H801MCUD\n  Board Status : Active_normal\n") == ()


def test_versions_of_an_ont() -> None:
    """A description that is wrapped over three lines is passed over; another maker's ONT has no standby version."""
    own, other = (parsers.ont_version(capture(f"ont_version_{n}")) for n in (1, 2))
    assert own == parsers.OntVersionBlock("HWTC", "EG8145X6", "22AD.A", "V5R020C00S080", "V5R020C00S070")
    assert other == parsers.OntVersionBlock("PTIN", "GR2412GA", "ONTRGW1269A002", "3RGW030600u148", "")


def test_counters_of_a_flow() -> None:
    counters = parsers.flow_counters(capture("service_port_statistics_1"))
    assert counters == parsers.FlowCounters(42667431805, 220815909, 5688, 859344460143, 693827384, 125928)


ROUTER = """
[MA5800V100R018C00: 8012]
#
[gpon]
  <gpon-0/1>
 interface gpon 0/1
 ont add 0 5 sn-auth "48575443AABBCCDD" omci ont-lineprofile-id 10 ont-srvprofile-id 10
desc "S-000001"
 ont port native-vlan 0 5 eth 1 vlan 1 priority 0
 ont ipconfig 0 5 ip-index 0 dhcp vlan 999 priority 5
 ont ipconfig 0 5 ip-index 1 {ip_host}
 ont internet-config 0 5 ip-index 1
 ont wan-config 0 5 ip-index 1 profile-id 0
#
[bbs-config]
  <bbs-config>
 service-port 17 vlan 2100 gpon 0/1/0 ont 5 gemport 1 multi-service user-vlan 100 tag-transform
translate-and-add inner-vlan 317 inbound traffic-table index 22 outbound traffic-table index 23
#
return
"""


@pytest.mark.parametrize(
    ("ip_host", "wan"),
    [
        ("dhcp vlan 100 priority 0", Dhcp()),
        (
            "static ip-address 198.51.100.7 mask 255.255.255.0 gateway 198.51.100.1 pri-dns 192.0.2.53 "
            "vlan 100 priority 0",
            Static(IPv4Interface("198.51.100.7/24"), IPv4Address("198.51.100.1"), (IPv4Address("192.0.2.53"),)),
        ),
        ('pppoe vlan 100 priority 0 user-account username "S-1" password "k%y"', Pppoe("S-1")),
        ("pppoe user-account username S-1 password ****** vlan 100 priority 0", Pppoe("S-1")),
    ],
)
def test_configuration_tells_what_an_ont_does_and_which_tags_a_flow_has(ip_host: str, wan: Wan) -> None:
    found = parsers.configured(ROUTER.format(ip_host=ip_host))
    assert found.service((PonPort(0, 1, 0), 5)) == OntService(None, wan, 100)
    assert found.inner == {17: 317}
    half = parsers.configured(ROUTER.format(ip_host=ip_host).replace("internet-config", "tr069-config"))
    assert half.service((PonPort(0, 1, 0), 5)) == OntService(None, wan, None)


def test_native_vlans_of_a_real_configuration() -> None:
    found = parsers.configured(capture("configuration_1"))
    told = {(str(port), ont_id): ont.service.native_vlan for (port, ont_id), ont in found.onts.items()}
    assert told == {("0/1/9", 27): 3107, ("0/1/10", 0): 3105, ("0/1/10", 6): None, ("0/1/10", 29): 3107}
    assert found.inner == {9: None, 12: None}
    with pytest.raises(Unreadable):
        parsers.configured(capture("configuration_1").removesuffix("return\n"))
