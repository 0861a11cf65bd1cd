from __future__ import annotations

from collections.abc import Callable, Sized
from pathlib import Path
from types import FunctionType

import pytest

from isp_lifecycle.drivers.values import PonPort
from isp_lifecycle.drivers.vendor import Unreadable
from isp_lifecycle.drivers.zte import parsers
from isp_lifecycle.drivers.zte.parsers import care, config, onus, plant

CAPTURES = Path(__file__).parents[2] / "data" / "zte_zxan"
Parser = Callable[[str], object]

# Parser, captures that exist for it, records in each of them in order (1: one block).
COUNTS: dict[str, tuple[Parser, list[int]]] = {
    "attenuation": (parsers.attenuation, [1]),
    "base_info": (parsers.base_info, [15]),
    "cards": (parsers.cards, [3, 7]),
    "detail_info": (parsers.detail_info, [1, 1, 1]),
    "equipment": (parsers.equipment, [1, 1]),
    "interface": (parsers.interface_counters, [1, 1]),
    "powers": (parsers.powers, [12, 12]),
    "remote_unit": (parsers.unit_versions, [1]),
    "running_config": (parsers.running_config, [1, 1]),
    "states": (parsers.states, [28, 12, 3]),
    "tcont_profiles": (parsers.tcont_profiles, [4, 2]),
    "traffic_profiles": (parsers.traffic_profiles, [2]),
    "unconfigured": (parsers.unconfigured, [1, 2]),
    "vlan_summary": (parsers.vlan_summary, [3]),
}
# No public capture of these exists; their layouts below are those of the sources that read them.
WITHOUT_CAPTURE = {parsers.described, parsers.remote_config, parsers.system_group, plant.number_list}
# Tested with Titan's captures.
TITANS = {parsers.by_serial}
# What the whole configuration is read with, under either command line.
PIECES = {
    config.unwrapped,
    config.registered,
    config.onu_block,
    config.tagged_vlans,
    config.services_in,
    config.service_port,
}


def capture(name: str) -> str:
    return (CAPTURES / f"{name}.raw").read_text()


def test_every_parser_has_its_captures() -> None:
    names = {path.stem for path in CAPTURES.glob("*.raw")}
    assert names == {f"{kind}_{n}" for kind, (_, sizes) in COUNTS.items() for n in range(1, len(sizes) + 1)}
    own = {
        thing
        for module in (care, config, onus, plant)
        for name, thing in vars(module).items()
        if isinstance(thing, FunctionType) and thing.__module__ == module.__name__ and not name.startswith("_")
    }
    assert own == {parser for parser, _ in COUNTS.values()} | WITHOUT_CAPTURE | TITANS | PIECES


@pytest.mark.parametrize(
    ("name", "parser", "size"),
    [(f"{kind}_{n}", parser, size) for kind, (parser, sizes) in COUNTS.items() for n, size in enumerate(sizes, 1)],
)
def test_captures_are_read_whole(name: str, parser: Parser, size: int) -> None:
    found = parser(capture(name))
    assert (len(found) if isinstance(found, Sized) else 1) == size


@pytest.mark.parametrize("name", [f"{kind}_1" for kind in COUNTS if kind not in ("powers", "unconfigured")])
def test_what_is_cut_short_is_not_read(name: str) -> None:
    """As a session that ended or a garbled line leaves it: the last third is missing, the end is junk."""
    parser, text = COUNTS[name.removesuffix("_1")][0], capture(name)
    with pytest.raises(Unreadable):
        parser(text[: len(text) * 2 // 3] + "\x00\ufffd#~ 0x7f")


@pytest.mark.parametrize("parser", [parser for parser, _ in COUNTS.values()])
@pytest.mark.parametrize("text", ["", "\n", "OLT01 is fine", "%Code 1-X : strange"])
def test_what_is_something_else_is_not_read(parser: Parser, text: str) -> None:
    with pytest.raises(Unreadable):
        parser(text)


def test_found_onts_in_both_layouts() -> None:
    assert parsers.unconfigured(capture("unconfigured_1")) == (parsers.UncfgRow(PonPort(1, 1, 2), "HWTC00000F9D", ""),)
    assert parsers.unconfigured(capture("unconfigured_2"))[1] == parsers.UncfgRow(
        PonPort(1, 1, 4), "ZTEGC00007D7", "F609V5.4"
    )


def test_states_in_both_layouts() -> None:
    old, new = parsers.states(capture("states_1")), parsers.states(capture("states_3"))
    assert old[2] == parsers.StateRow(PonPort(1, 1, 1), 3, "enable", "LOS")
    assert {row.phase for row in old} == {"working", "LOS", "DyingGasp"}
    assert new[2] == parsers.StateRow(PonPort(1, 1, 1), 3, "enable", "working")
    with pytest.raises(Unreadable, match="2 rows of 3"):
        parsers.states("\n".join(line for line in capture("states_3").splitlines() if ":2 " not in line))


def test_type_that_is_wider_than_its_column_is_joined() -> None:
    rows = parsers.base_info(capture("base_info_1"))
    assert rows[0] == parsers.AuthRow(PonPort(1, 1, 15), 1, "SM16101-GHZ-T10", "SU10B0000001")
    assert rows[1] == parsers.AuthRow(PonPort(1, 1, 15), 2, "F601", "ZTEGC0000002")


def test_details_of_an_ont_with_and_without_a_config_state() -> None:
    old, new = parsers.detail_info(capture("detail_info_1")), parsers.detail_info(capture("detail_info_2"))
    assert (old.port, old.ont_id, old.phase, old.state, old.config_state) == (
        PonPort(1, 1, 1),
        1,
        "working",
        "ready",
        "",
    )
    assert (old.distance_m, old.last_cause, old.description) == (3703, "", "ONU-1:1")
    assert (new.config_state, new.distance_m, new.last_cause) == ("success", 1033, "DyingGasp")
    assert (new.port, new.serial) == (PonPort(1, 12, 1), "ZTEGC0000001")


def test_light_in_both_directions_and_of_a_whole_port() -> None:
    assert parsers.attenuation(capture("attenuation_1")) == parsers.Attenuation(-20.241, 2.423, -16.676)
    powers = parsers.powers(capture("powers_1"))
    assert (powers[1], powers[3], powers[14]) == (-16.676, None, -17.826)
    dark = " up      Rx :no signal         Tx:2.868(dbm)        N/A\n\n down    Tx :4.230(dbm)   Rx:N/A    N/A\n"
    assert parsers.attenuation(dark) == parsers.Attenuation(None, 2.868, None)


def test_profiles_are_as_fast_as_their_type_lets_them_be() -> None:
    rates = {one.name: one.kbps for one in parsers.tcont_profiles(capture("tcont_profiles_1"))}
    assert rates == {"default": 10000, "100M": 100000, "1G": 1024000, "upto100M": 100000}
    assert parsers.tcont_profiles(capture("tcont_profiles_2"))[1] == parsers.ProfileRate("1G", 1024000)
    assert parsers.traffic_profiles(capture("traffic_profiles_1"))[1] == parsers.ProfileRate("100M", 100000)


def test_whole_configuration() -> None:
    whole = parsers.running_config(capture("running_config_1"))
    assert whole.onus == (parsers.RegisteredOnu(PonPort(1, 1, 4), 1, "ZTE-F601", "ZTEGC0000888"),)
    (block,) = whole.blocks
    assert (block.name, block.description, block.enabled, block.tconts) == (
        "testenoc1gb",
        "testenoc1gb",
        True,
        {1: "default"},
    )
    assert block.gem_ports == (parsers.GemPort(1, 1),)
    assert block.service_ports == (parsers.ServicePort(1, 1, 14, user_vlan=14),)
    assert whole.vlans == {1, *range(11, 20), 50, 100}
    assert whole.tagged["gei_1/4/3"] == {1, 13, 14}
    assert whole.tagged["xgei_1/4/2"] == {1}


def test_configuration_of_one_ont_in_the_words_of_an_older_version() -> None:
    (block,) = parsers.running_config(capture("running_config_2")).blocks
    assert block.tconts == {1: "UPTO-75M", 2: "UP-1M"}
    assert block.gem_ports == (parsers.GemPort(1, 1, "UPTO-75M"), parsers.GemPort(2, 2))
    assert block.service_ports == (
        parsers.ServicePort(1, 1, 301, user_vlan=301),
        parsers.ServicePort(2, 2, 302, user_vlan=302),
    )
    assert not block.unread


def test_flows_made_with_switchport_are_told_of() -> None:
    text = "Building configuration...\n!\ninterface gpon-onu_1/4/1:2\n  switchport vlan 212  tag vport 1\n!\nend"
    assert parsers.running_config(text).blocks[0].unread


def test_lines_that_an_80_column_terminal_broke_are_joined() -> None:
    """The break has no sign but the length (a C300 of V2.1.0; its source found profiles that do not exist)."""
    long = "  gemport 1 traffic-limit upstream SMARTOLT-1000M-UP-BUSINESS downstream SMARTOLT-500M-DOWN"
    body = f"{long[:80]}\n{long[80:]}\n  tcont 1 profile A"
    text = f"Building configuration...\n!\ninterface gpon-onu_1/3/1:1\n{body}\n!\nend"
    (block,) = parsers.running_config(text).blocks
    assert block.gem_ports[0].down == "SMARTOLT-500M-DOWN"
    assert block.tconts == {1: "A"}


def test_suspended_ont_is_shut_down() -> None:
    text = "Building configuration...\n!\ninterface gpon-onu_1/1/1:3\n  shutdown\n  description S-1\n!\nend"
    assert not parsers.running_config(text).blocks[0].enabled


def test_descriptions_among_filtered_lines() -> None:
    assert parsers.described('  name S-1\n  description S-1\n  description "S-12"\n  onu 1 type S-1 sn X') == (
        "S-1",
        "S-12",
    )


def test_place_of_a_serial_number_under_any_heading() -> None:
    assert parsers.by_serial("SearchResult\n-------------------\ngpon-onu_1/5/2:10\n") == (PonPort(1, 5, 2), 10)
    with pytest.raises(Unreadable, match="0 places"):
        parsers.by_serial("Number of ONUs: 0")


def test_system_is_described() -> None:
    text = "System Description: C320 Version V2.1.0 Software, Copyright (c) by ZTE Corporation Compiled\n"
    assert parsers.system_group(text) == parsers.SystemBlock("C320", "V2.1.0")


def test_vlans_with_ranges() -> None:
    text = "All created vlan num: 4\nDetails are following:\n 1,11-13"
    assert parsers.vlan_summary(text) == {1, 11, 12, 13}


def test_equipment_and_versions_of_an_ont() -> None:
    own, other = (parsers.equipment(capture(f"equipment_{n}")) for n in (1, 2))
    assert own == parsers.EquipmentBlock("ZTEG", "F670LV9.0", "V9.0", 35734)
    assert other == parsers.EquipmentBlock("FRKW", "630-10B", "ZFK1.2A", None)
    assert parsers.unit_versions(capture("remote_unit_1")) == parsers.UnitVersions("V9.0.11P1N52", "V9.0.11P1N48")
    both = capture("remote_unit_1").replace("Activated     : No", "Activated     : Yes")
    assert parsers.unit_versions(both) == parsers.UnitVersions("", "")


def test_counters_of_an_onts_interface() -> None:
    assert parsers.interface_counters(capture("interface_1")) == parsers.InterfaceCounters(
        800704, 1629378, 288115074, 576376, 995006374, 932691
    )


def test_when_an_ont_came_and_went() -> None:
    block = parsers.detail_info(capture("detail_info_3"))
    assert (block.last_up, block.last_down) == ("2026-10-01 07:40:56", "2026-10-01 07:38:07")
    assert (block.online_seconds, block.last_cause) == (35572, "DyingGasp")
    never = parsers.detail_info(capture("detail_info_1"))
    assert (never.last_up, never.last_down) == ("2022-09-05 14:04:42", "")
