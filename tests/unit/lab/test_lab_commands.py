"""Configuration commands: their effects, and every refusal in the device's own words."""

import pytest

from tests.unit.lab.bench import SERIAL, VIEWS, Bench

ADD = f'ont add 0 sn-auth "{SERIAL}" omci ont-lineprofile-id 10 ont-srvprofile-id 10 desc "S-1"'
FLOW = "service-port vlan 100 gpon 0/1/0 ont {ont} gemport 1 multi-service user-vlan 100 tag-transform translate"


@pytest.fixture
def bench() -> Bench:
    return Bench()


def _gpon(bench: Bench, *lines: str) -> list[str]:
    bench.console.view = VIEWS["gpon"]
    answers = [bench.do(line) for line in lines]
    bench.console.view = VIEWS["config"]
    return answers


def test_ont_add_gives_the_lowest_free_id(bench: Bench) -> None:
    taken = len(bench.device.configuration.onts_on(1, 0))
    assert _gpon(bench, ADD) == [f"  Number of ONTs that can be added: 1, success: 1\n  PortID :0, ONTID :{taken}"]
    assert bench.device.configuration.ont((1, 0, taken)).description == "S-1"  # type: ignore[union-attr]


def test_ont_commands_refuse_in_the_devices_words(bench: Bench) -> None:
    profiles = "ont-lineprofile-id 10 ont-srvprofile-id 10"
    exists = bench.device.configuration.onts_on(1, 0)[0].serial
    assert _gpon(
        bench,
        f'ont add 0 0 sn-auth "{SERIAL}" omci {profiles}',
        f'ont add 1 sn-auth "{exists}" omci {profiles}',
        f'ont add 0 sn-auth "{SERIAL}" omci ont-lineprofile-id 77 ont-srvprofile-id 10',
        f'ont add 0 sn-auth "{SERIAL}" omci ont-lineprofile-id 10 ont-srvprofile-id 77',
        "ont delete 0 99",
        "ont delete 0 0",
        "ont activate 0 0",
        f"ont modify 0 0 sn {exists}",
        f"ont modify 0 1 sn {exists}",
        "ont wan-config 0 0 ip-index 1 profile-id 0",
        "port 0 ont-auto-find enable",
    ) == [
        "  Failure: The ONT ID has already existed",
        "  Failure: SN already exists",
        "  Failure: The line profile does not exist",
        "  Failure: The service profile does not exist",
        "  Failure: The ONT does not exist",
        "  Failure: This configured object has some service virtual\n  ports",
        "  Failure: Make configuration repeatedly",
        "  Failure: Make configuration repeatedly",
        "  Failure: SN already exists",
        "  Failure: The IP interface does not exist",
        "  Failure: Make configuration repeatedly",
    ]


def test_flow_commands_refuse_in_the_devices_words(bench: Bench) -> None:
    flow = bench.device.configuration.flows_of((1, 0, 0))[0]
    assert flow.vlan in (100, 200, 300)
    conflict = (
        "  Failure: The service virtual port has existed already\n"
        f"  Conflicted service virtual port index: {flow.index}"
    )
    other = FLOW.format(ont=0).replace("user-vlan 100", "user-vlan 900")
    assert [
        bench.do(line)
        for line in (
            FLOW.format(ont=0).replace("user-vlan 100", f"user-vlan {flow.vlan}"),
            other.replace("service-port ", f"service-port {flow.index} "),
            other.replace("vlan 100", "vlan 101", 1),
            other.replace("ont 0", "ont 99"),
            other.replace("gemport 1", "gemport 5"),
            f"{other} inbound traffic-table index 999",
            "undo service-port 9999",
            "undo service-port vlan 100 gpon 0/1/0 ont 99",
        )
    ] == [
        conflict,
        conflict,
        "  Failure: The VLAN does not exist",
        "  Failure: The ONT does not exist",
        "  Failure: The GEM port does not exist",
        "  Failure: The traffic table does not exist",
        "  Failure: The service virtual port does not exist",
        "  Failure: No service virtual port can be operated",
    ]


def test_plant_commands_refuse_in_the_devices_words(bench: Bench) -> None:
    assert [
        bench.do(line)
        for line in (
            "vlan 100 smart",
            "port vlan 999 0/9 0",
            "port vlan 100 0/9 0",
            "port vlan 100 0/1 0",
            'dba-profile add profile-id 10 profile-name "x" type4 max 1024',
            "dba-profile delete profile-id 99",
            "traffic table ip index 10 cir 1024 priority 0 priority-policy local-setting",
            'traffic table ip name "rate-51200" cir 1024 priority 0 priority-policy local-setting',
            "undo ont-lineprofile gpon profile-id 99",
            "interface gpon 0/9",
        )
    ] == [
        "  Failure: VLAN does already exist",
        "  Failure: The VLAN does not exist",
        "  Failure: The port is already in the VLAN",
        "  Failure: Board does not support the operation",
        "  Failure: The DBA-profile has already existed",
        "  Failure: The DBA-profile does not exist",
        "  Failure: The traffic table exists already",
        "  Failure: The traffic table exists already",
        "  Failure: The line profile does not exist",
        "  Failure: Board type error",
    ]


def test_line_profile_is_real_only_after_commit(bench: Bench) -> None:
    for line in (
        "vlan 400 smart",
        "port vlan 400 0/9 0-1",
        'dba-profile add profile-id 20 profile-name "dba-100m" type4 max 102400',
        'ont-lineprofile gpon profile-id 20 profile-name "line-400"',
        "tcont 4 dba-profile-id 20",
        "gem add 1 eth tcont 4 encrypt on",
        "gem mapping 1 0 vlan 400",
    ):
        assert "Failure" not in bench.do(line)
    assert bench.console.prompt == "OLT-NORTH(config-gpon-lineprofile-20)#"
    assert bench.do("quit") == "  Info: Please use the commit command to make modifications take effect"
    assert 20 not in bench.device.configuration.line_profiles
    for line in (
        "ont-lineprofile gpon profile-id 20", "tcont 4 dba-profile-id 20", "gem add 1 eth tcont 4",
        "gem mapping 1 0 vlan 400", "commit", "quit",
    ):  # fmt: skip
        assert bench.do(line) == ""
    profile = bench.device.configuration.line_profiles[20]
    assert (profile.tconts, profile.gems[1].mappings[0].vlan) == ({4: 20}, 400)
    assert bench.do("display port vlan 0/9/1").splitlines()[1].split() == ["400"]


def test_service_profile_takes_its_ports_in_either_order(bench: Bench) -> None:
    for line in (
        "ont-srvprofile gpon profile-id 21", "ont-port pots 2 eth 4", "port vlan eth 1 100", "commit", "quit",
    ):  # fmt: skip
        assert bench.do(line) == ""
    profile = bench.device.configuration.service_profiles[21]
    assert (profile.eth, profile.pots, profile.port_vlans) == ("4", "2", {1: 100})


def test_traffic_table_without_index_reports_the_one_it_took(bench: Bench) -> None:
    answer = bench.do('traffic table ip name "25M" cir 25600 pir 25600 priority 0 priority-policy local-setting')
    assert answer.splitlines()[0] == "  Create traffic descriptor record successfully"
    assert "  Traffic Table Index : 7" in answer.splitlines()
    assert bench.device.configuration.traffic_tables[7].name == "25M"


def test_plan_change_changes_the_rates_of_a_running_flow(bench: Bench) -> None:
    assert bench.do("service-port 1 inbound traffic-table index 10 outbound traffic-table name rate-1024000") == ""
    flow = bench.device.configuration.service_ports[1]
    assert (flow.inbound, flow.outbound) == (10, 14)


def test_flow_without_index_takes_the_lowest_free_one(bench: Bench) -> None:
    bench.do("undo service-port 3")
    assert _gpon(bench, ADD)[0].endswith("ONTID :6")
    assert bench.do(FLOW.format(ont=6)) == ""
    assert bench.device.configuration.service_ports[3].ont_key == (1, 0, 6)


def test_undo_of_many_flows_counts_them(bench: Bench) -> None:
    count = len([f for f in bench.device.configuration.service_ports.values() if (f.slot, f.port) == (1, 0)])
    answer = bench.do("undo service-port port 0/1/0")
    assert answer.splitlines()[-1] == f"  deleted: {count}"
    assert bench.do("display service-port port 0/1/0") == "  Failure: No service virtual port can be operated"


def test_ont_settings_stand_in_the_running_configuration(bench: Bench) -> None:
    answers = _gpon(
        bench,
        "ont port native-vlan 0 0 eth 1 vlan 100 priority 0",
        "ont ipconfig 0 0 ip-index 1 dhcp vlan 100 priority 2",
        "ont ipconfig 0 0 ip-index 2 pppoe vlan 100 user-account username someone password secret",
        "ont internet-config 0 0 ip-index 1",
        "ont wan-config 0 0 ip-index 1 profile-id 0",
        "ont tr069-server-config 0 0 profile-id 1",
        "ont deactivate 0 0",
    )
    assert answers == ["  Set ONT port(s) VLAN configuration, success: 1, failed: 0", "", "", "", "", "", ""]
    text = bench.do("display current-configuration ont 0/1/0 0")
    assert "  ont port native-vlan 0 0 eth 1 vlan 100 priority 0\n" in text
    assert "  ont ipconfig 0 0 ip-index 1 dhcp vlan 100 priority 2\n" in text
    assert "  ont wan-config 0 0 ip-index 1 profile-id 0\n" in text
    assert "  ont deactivate 0 0\n" in text
    assert "secret" not in text


def test_swap_keeps_the_flows(bench: Bench) -> None:
    flows = bench.device.configuration.flows_of((1, 0, 0))
    assert _gpon(bench, f"ont modify 0 0 sn {SERIAL}", 'ont modify 0 0 desc "S-2"') == ["", ""]
    ont = bench.device.configuration.ont((1, 0, 0))
    assert ont is not None
    assert (ont.serial, ont.description) == (SERIAL, "S-2")
    assert bench.device.configuration.flows_of((1, 0, 0)) == flows


def test_laser_off_darkens_the_port(bench: Bench) -> None:
    _gpon(bench, "port 0 laser-switch off")
    assert not any(bench.device.links.online(ont) for ont in bench.device.configuration.onts_on(1, 0))
    assert bench.device.configuration.onts_on(1, 0)[0].history.down_cause == "LOS"
    _gpon(bench, "port 0 laser-switch on")
    bench.timeline.advance()
    assert all(bench.device.links.online(ont) for ont in bench.device.configuration.onts_on(1, 0))
