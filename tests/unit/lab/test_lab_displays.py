"""Layouts of the displays, read back with the public ntc-templates, which were made from real devices."""

import re
from datetime import timedelta

import pytest

from tests.unit.lab.bench import SERIAL, VIEWS, Bench


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_autofind_block_has_every_field(bench: Bench) -> None:
    bench.plant.plug(SERIAL, bench.free_premises("0/1/0"), model="EG8145X6-10")
    bench.timeline.advance()
    text = bench.do("display ont autofind all")
    keys = [line.split(":")[0].strip() for line in text.splitlines() if ":" in line]
    assert keys == [
        "Number", "F/S/P", "ONT NNI type", "Ont SN", "Password", "Loid", "Checkcode", "VendorID", "Ont Version",
        "Ont SoftwareVersion", "Ont EquipmentID", "Ont Customized Info", "Ont MAC", "Ont Equipment SN",
        "Ont autofind time", "Multi channel",
    ]  # fmt: skip
    assert "   Ont SN              : 48575443AB000001 (HWTC-AB000001)\n" in text
    assert text.splitlines()[-1] == "   The number of GPON autofind ONT is 1"
    bench.console.view = VIEWS["gpon"]
    assert bench.do("display ont autofind 0") == text
    assert bench.do("display ont autofind 1") == "  Failure: The automatically found ONTs do not exist"


def test_autofind_of_nothing_is_a_failure_text(bench: Bench) -> None:
    assert bench.do("display ont autofind all") == "  Failure: The automatically found ONTs do not exist"


def test_port_list_reads_back(bench: Bench) -> None:
    onts = bench.device.configuration.onts_on(1, 0)
    rows = bench.parsed("display ont info 0 1 0 all")
    assert [(r["fsp"], int(r["ont_id"]), r["serial_number"], r["run_state"], r["config_state"]) for r in rows] == [
        ("0/ 1/0", ont.id, ont.serial, "online", "normal") for ont in onts
    ]
    assert [r["description"] for r in rows] == [ont.description for ont in onts]
    bench.console.view = VIEWS["gpon"]
    assert bench.do("display ont info 0 all").endswith(
        f"  In port 0/ 1/0, the total number of ONTs are: {len(onts)}, online: {len(onts)}\n  " + "-" * 77
    )


def test_one_ont_reads_back_the_same_by_place_and_by_serial(bench: Bench) -> None:
    ont = bench.device.configuration.onts_on(1, 0)[0]
    by_serial = bench.do(f"display ont info by-sn {ont.serial}")
    assert bench.do(f"display ont info 0 1 0 {ont.id}") == by_serial
    assert bench.do(f"display ont info 0/1 0 {ont.id}") == by_serial
    (row,) = bench.parsed(f"display ont info by-sn {ont.serial}")
    assert (row["description"], row["run_state"], row["config_state"]) == (ont.description, "online", "normal")
    assert re.search(r"^  Line profile ID      : 10\n  Line profile name    : line-default$", by_serial, re.M)
    assert re.search(r"^  <T-CONT   4>          DBA Profile-ID:10\n    <Gem Index 1>$", by_serial, re.M)


def test_offline_ont_shows_dashes_and_its_last_down_cause(bench: Bench) -> None:
    ont = next(ont for ont in bench.device.configuration.onts if not bench.device.links.online(ont))
    text = bench.do(f"display ont info by-sn {ont.serial}")
    fields = dict(line[2:].split(": ", 1) for line in text.splitlines() if line[26:28] == ": ")
    read = {key.strip(): value for key, value in fields.items()}
    assert (read["Run state"], read["ONT distance(m)"], read["CPU occupation"]) == ("offline", "-", "-")
    assert read["Last down cause"] == "dying-gasp"
    assert read["Last down time"] == read["Last dying gasp time"] != "-"


def test_summary_reads_back(bench: Bench) -> None:
    onts = bench.device.configuration.onts_on(1, 0)
    rows = bench.parsed("display ont info summary 0/1/0")
    assert [int(r["ont_id"]) for r in rows] == [ont.id for ont in onts]
    assert [r["serial_number"] for r in rows] == [ont.serial for ont in onts]


def test_summary_of_the_frame_has_a_block_for_each_port(bench: Bench) -> None:
    assert bench.do("display ont info summary 0").count("the total of ONTs are:") == 6
    assert bench.do("display ont info summary 0/2").count("the total of ONTs are:") == 3


def test_optical_display_says_what_physics_says(bench: Bench) -> None:
    ont = bench.device.configuration.onts_on(1, 0)[0]
    bench.console.view = VIEWS["gpon"]
    levels = bench.device.links.of(ont.serial).levels
    assert levels is not None
    text = bench.do(f"display ont optical-info 0 {ont.id}")
    assert f"  Rx optical power(dBm)                  : {levels.rx_dbm:.2f}\n" in text
    assert f"  Tx optical power(dBm)                  : {levels.tx_dbm:.2f}\n" in text
    assert f"  OLT Rx ONT optical power(dBm)          : {levels.olt_rx_dbm:.2f}\n" in text
    rows = bench.parsed("display ont optical-info 0 all")
    assert len(rows) == len(bench.device.configuration.onts_on(1, 0))
    assert float(rows[0]["rx_power"]) == levels.rx_dbm


def test_optical_display_of_an_offline_ont_is_refused(bench: Bench) -> None:
    ont = bench.device.configuration.onts_on(1, 0)[0]
    bench.plant.power(ont.serial, on=False)
    bench.console.view = VIEWS["gpon"]
    assert bench.do(f"display ont optical-info 0 {ont.id}") == "  Failure: The ONT is not online"
    assert bench.do("display ont version 0 99") == "  Failure: The ONT does not exist"


def test_live_displays_read_back(bench: Bench) -> None:
    bench.console.view = VIEWS["gpon"]
    states = bench.parsed("display ont port state 0 0 eth-port all")
    assert [(row["ont_port_id"], row["link_state"]) for row in states] == [
        ("1", "up"), ("2", "down"), ("3", "down"), ("4", "down"),
    ]  # fmt: skip
    (gem,) = bench.parsed("display ont gemport 0 ontid 0")
    assert (gem["gem_port"], gem["t_cont_id"]) == ("1", "4")
    version = bench.do("display ont version 0 0")
    assert "  Main Software Version   : V5R0" in version


def test_service_port_table_reads_back(bench: Bench) -> None:
    flows = bench.device.configuration.service_ports
    rows = bench.parsed("display service-port all")
    assert [int(row["index"]) for row in rows] == sorted(flows)
    first = flows[1]
    assert (rows[0]["vlan_id"], rows[0]["state"], rows[0]["rx"], rows[0]["tx"]) == (
        str(first.vlan), "up", str(first.outbound), str(first.inbound),
    )  # fmt: skip
    assert "   Total : 65  (Up/Down :    64/1)" in bench.do("display service-port all")


def test_single_service_port_names_its_tables(bench: Bench) -> None:
    flow = bench.device.configuration.service_ports[1]
    tables = bench.device.configuration.traffic_tables
    assert flow.inbound is not None
    assert flow.outbound is not None
    text = bench.do("display service-port 1")
    assert f"  TX                  : {flow.inbound}\n" in text
    assert f"  Inbound table name  : {tables[flow.inbound].name}\n" in text
    assert f"  Outbound table name : {tables[flow.outbound].name}\n" in text
    assert bench.do("display service-port 999") == "  Failure: The service virtual port does not exist"


def test_boards_versions_and_profiles_read_back(bench: Bench) -> None:
    boards = {row["slot_id"]: row["boardname"] for row in bench.parsed("display board 0")}
    assert (boards["1"], boards["2"], boards["9"]) == ("H902GPHF", "H902GPHF", "H902MPLA")
    areas = bench.parsed("display version")
    assert [(area["product"], area["mainboard_type"]) for area in areas] == [
        ("MA5800-X7", "Active"), ("MA5800-X7", "Standby"),
    ]  # fmt: skip
    (line,) = bench.parsed("display ont-lineprofile gpon all")
    assert (line["profile_id"], line["profile_name"], line["binding_times"]) == ("10", "line-default", "65")
    (service,) = bench.parsed("display ont-srvprofile gpon all")
    assert (service["profile_id"], service["profile_name"]) == ("10", "srv-1eth")


def test_running_configuration_of_one_ont_is_what_makes_it(bench: Bench) -> None:
    ont = bench.device.configuration.onts_on(1, 0)[0]
    (flow,) = bench.device.configuration.flows_of(ont.key)
    assert bench.do(f"display current-configuration ont 0/1/0 {ont.id}") == (
        "[MA5800V100R018C00: 8012]\n#\n[gpon]\n  <gpon-0/1>\n interface gpon 0/1\n"
        f'  ont add 0 {ont.id} sn-auth "{ont.serial}" omci ont-lineprofile-id 10\n'
        f'ont-srvprofile-id 10 desc "{ont.description}"\n'
        "#\n[bbs-config]\n  <bbs-config>\n"
        f" service-port {flow.index} vlan {flow.vlan} gpon 0/1/0 ont {ont.id} gemport 1 multi-service user-vlan\n"
        f"{flow.vlan} tag-transform translate inbound traffic-table index {flow.inbound} outbound\n"
        f"traffic-table index {flow.outbound}\n#\nreturn"
    )


def test_running_configuration_has_every_section(bench: Bench) -> None:
    text = bench.do("display current-configuration")
    assert re.findall(r"^\[([a-z-]+)\]$", text, re.M) == [
        "global-config", "public-config", "vlan-config", "gpon", "gpon", "bbs-config",
    ]  # fmt: skip
    assert text.count("ont add ") == 65
    section = bench.do("display current-configuration section vlan-config")
    assert " port vlan 300 0/9 0" in section
    assert "ont add" not in section


def test_typed_configuration_rebuilds_an_ont(bench: Bench) -> None:
    """What the device shows as configuration, typed again after a deletion, gives the same device."""
    ont = bench.device.configuration.onts_on(1, 0)[0]
    shown = bench.do(f"display current-configuration ont 0/1/0 {ont.id}")
    lines = " ".join(shown.splitlines())
    add = re.search(r'ont add .*? desc "[^"]*"', lines)
    flow = re.search(r"service-port \d+ vlan .*?outbound traffic-table index \d+", lines)
    assert add
    assert flow
    index = bench.device.configuration.flows_of(ont.key)[0].index
    bench.do(f"undo service-port {index}")
    bench.console.view = VIEWS["gpon"]
    assert bench.do(f"ont delete 0 {ont.id}") == "  Number of ONTs that can be deleted: 1, success: 1"
    assert "success: 1" in bench.do(add[0])
    bench.console.view = VIEWS["config"]
    assert bench.do(flow[0]) == ""
    assert bench.do(f"display current-configuration ont 0/1/0 {ont.id}") == shown


def test_counters_grow_while_online_and_stand_still_while_dark(bench: Bench) -> None:
    def bytes_down() -> int:
        match = re.search(
            r"^  Number of downstream bytes +: (\d+)$", bench.do("display statistics service-port 1"), re.M
        )
        assert match
        return int(match[1])

    flow = bench.device.configuration.service_ports[1]
    ont = bench.device.configuration.ont(flow.ont_key)
    assert ont is not None
    start = bench.device.now()
    bench.device.now = lambda: start
    first = bytes_down()
    bench.device.now = lambda: start + timedelta(hours=24)
    day = bytes_down() - first
    rate = bench.device.configuration.traffic_tables[flow.outbound or 0].cir * 1000 / 8
    assert 0.01 <= day / 86400 / rate <= 0.04
    bench.plant.power(ont.serial, on=False)
    before = bytes_down()
    bench.device.now = lambda: start + timedelta(hours=48)
    assert bytes_down() == before


def test_learned_addresses_read_back(bench: Bench) -> None:
    (row,) = bench.parsed("display mac-address ont 0/1/0 0")
    (flow,) = bench.device.configuration.flows_of((1, 0, 0))
    assert row["vlan_id"] == str(flow.vlan)
    (found,) = bench.parsed(f"display location {row['mac']}")
    assert (found["srv_port_index"], found["ont_id"], found["vlan_id"]) == (str(flow.index), "0", str(flow.vlan))
    assert bench.do("display location 0000-0000-0001") == "  Failure: The MAC address does not exist"


def test_services_read_back(bench: Bench) -> None:
    states = {row["network_service"]: row["state"] for row in bench.parsed("display sysman service state")}
    assert (states["ssh"], states["telnet"]) == ("enable", "disable")


def test_wan_display_shows_what_was_configured(bench: Bench) -> None:
    bench.console.view = VIEWS["gpon"]
    bench.do("ont ipconfig 0 0 ip-index 1 dhcp vlan 100 priority 2")
    (row,) = bench.parsed("display ont wan-info 0/1 0 0")
    assert (row["index"], row["ipv4_access_type"], row["manage_vlan"]) == ("1", "DHCP", "100")
