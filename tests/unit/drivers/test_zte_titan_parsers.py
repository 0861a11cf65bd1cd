"""Texts of C600, C610 and C620, as people published them: read whole, read right, and refused where they are cut."""

from __future__ import annotations

from collections.abc import Callable, Sized
from pathlib import Path
from types import FunctionType

import pytest

from isp_lifecycle.drivers.values import PonPort
from isp_lifecycle.drivers.vendor import Unreadable
from isp_lifecycle.drivers.zte import parsers
from isp_lifecycle.drivers.zte.parsers import titan

CAPTURES = Path(__file__).parents[2] / "data" / "zte_titan"
Parser = Callable[[str], object]

# Parser, captures that exist for it, records in each of them in order (1: one block).
COUNTS: dict[str, tuple[Parser, list[int]]] = {
    "base_info": (parsers.base_info, [6]),
    "by_serial": (parsers.by_serial, [2]),
    "cards": (parsers.cards, [7, 9]),
    "detail_info": (parsers.detail_info, [1]),
    "powers": (parsers.powers, [6]),
    "running_config": (titan.running_config, [1, 1, 1]),
    "software": (titan.software, [1]),
    "states": (parsers.states, [6, 2]),
    "traffic_profiles": (titan.traffic_profiles, [5]),
    "unconfigured": (parsers.unconfigured, [2]),
}


def capture(name: str) -> str:
    return (CAPTURES / f"{name}.raw").read_text()


def test_every_parser_has_its_captures() -> None:
    names = {path.stem for path in CAPTURES.glob("*.raw")}
    assert names == {f"{kind}_{n}" for kind, (_, sizes) in COUNTS.items() for n in range(1, len(sizes) + 1)}
    own = {
        thing
        for name, thing in vars(titan).items()
        if isinstance(thing, FunctionType) and thing.__module__ == titan.__name__ and not name.startswith("_")
    }
    assert own <= {parser for parser, _ in COUNTS.values()} | {titan.remote_config}


@pytest.mark.parametrize(
    ("name", "parser", "size"),
    [(f"{kind}_{n}", parser, size) for kind, (parser, sizes) in COUNTS.items() for n, size in enumerate(sizes, 1)],
)
def test_captures_are_read_whole(name: str, parser: Parser, size: int) -> None:
    found = parser(capture(name))
    assert (len(found) if isinstance(found, Sized) else 1) == size


@pytest.mark.parametrize("name", [f"{kind}_1" for kind in COUNTS if kind not in ("powers", "unconfigured", "software")])
def test_what_is_cut_short_is_not_read(name: str) -> None:
    """As a session that ended or a garbled line leaves it: the last third is missing, the end is junk."""
    parser, text = COUNTS[name.removesuffix("_1")][0], capture(name)
    with pytest.raises(Unreadable):
        parser(text[: len(text) * 2 // 3] + "\x00\ufffd#~ 0x7f")


@pytest.mark.parametrize("parser", [parser for parser, _ in COUNTS.values()])
@pytest.mark.parametrize("text", ["\n\nOLT01 is fine", "%Error 1: strange"])
def test_what_is_something_else_is_not_read(parser: Parser, text: str) -> None:
    with pytest.raises(Unreadable):
        parser(text)


def test_sections_of_one_interface_are_joined_over_modules() -> None:
    whole = titan.running_config(capture("running_config_1"))
    port = PonPort(1, 1, 1)
    assert whole.onus == (
        parsers.RegisteredOnu(port, 1, "F601", "FHTT00007700"),
        parsers.RegisteredOnu(port, 2, "XGPONONU", "CDTC0000B038"),
    )
    first, second = whole.blocks
    assert (first.port, first.ont_id, first.description, first.enabled) == (port, 1, "", True)
    assert (first.tconts, first.gem_ports) == ({1: "T1G"}, (parsers.GemPort(1, 1, "DW300M"),))
    assert first.service_ports == (parsers.ServicePort(1, 1, 360, user_vlan=360),)
    assert (second.description, second.gem_ports[0].down) == ("********", "DW500M")
    assert whole.tagged["xgei-1/4/1"] == {*range(311, 315), 360, 502, 1098, 1676}
    assert whole.tagged["xgei-1/4/2"] == frozenset()
    assert whole.vlans == {1, *range(311, 315), 360, 502, 1098, 1676}


def test_limit_of_a_flow_is_read_in_each_of_its_three_forms() -> None:
    blocks = [titan.running_config(capture(f"running_config_{n}")).blocks[0] for n in (1, 2, 3)]
    assert [block.gem_ports[0].down for block in blocks] == ["DW300M", "500M", "SMARTOLT-1G-DOWN"]
    flow = "service-port 1 user-vlan 7 vlan 8 svlan 9 ingress A egress B"
    both = f"!<MSAN>\ninterface vport-1/1/1.5:1\n  {flow}\n$\n!</MSAN>"
    (block,) = titan.running_config(both).blocks
    assert block.gem_ports == (parsers.GemPort(1, 0, down="B", up="A"),)
    assert block.service_ports == (parsers.ServicePort(1, 1, 9, inner=8, user_vlan=7),)


def test_ont_with_a_name_a_description_and_another_vlan_inside() -> None:
    (block,) = titan.running_config(capture("running_config_3")).blocks
    assert (block.name, block.description) == ("name033", "zone_Zone_authd_20250922")
    assert (block.service_ports, block.unread) == ((parsers.ServicePort(1, 1, 11, user_vlan=11),), False)


@pytest.mark.parametrize("body", ["shutdown", "admin disable"])
def test_ont_that_is_switched_off(body: str) -> None:
    text = f"!<xpon>\ninterface gpon_onu-1/1/1:3\n  {body}\n  description S-1\n$\n!</xpon>"
    assert not titan.running_config(text).blocks[0].enabled


def test_virtual_ports_that_are_mapped_by_hand_are_told_of() -> None:
    text = "!<xpon>\ninterface gpon_onu-1/1/1:3\n  vport-mode manual\n  vport-map 1 1 vlan 11\n$\n!</xpon>"
    assert titan.running_config(text).blocks[0].unread


@pytest.mark.parametrize(
    "text",
    ["interface gpon_onu-1/1/1:3\n  name A\n$", "!<xpon>\ninterface gpon_onu-1/1/1:3\n", "!<xpon>\n!<MSAN>\n!</MSAN>"],
)
def test_module_without_its_end_is_no_configuration(text: str) -> None:
    with pytest.raises(Unreadable):
        titan.running_config(text)


def test_profiles_have_their_peak_rate_also_where_a_terminal_broke_them() -> None:
    rates = {one.name: one.kbps for one in titan.traffic_profiles(capture("traffic_profiles_1"))}
    assert rates["SMARTOLT-VOIPMNG-10M"] == 10240
    lines = [line for line in capture("running_config_1").splitlines() if "traffic-profile" in line or "mef" in line]
    broken = {one.name: one.kbps for one in titan.traffic_profiles("\n".join(lines))}
    assert broken == {
        "DW50M": 51200,
        "DW100M": 102400,
        "DW300M": 307200,
        "DW1G": 1024000,
        "DW500M": 512000,
        "DW10G": 10240000,
    }


def test_no_profile_is_an_answer_too() -> None:
    assert titan.traffic_profiles("") == ()


def test_t_cont_profiles_under_a_shorter_heading() -> None:
    """As a guide to a C610 shows them."""
    row = "  Type  FBW(kbps)  ABW(kbps)  MBW(kbps)\n"
    first = f"Name :UP-150\n{row}  4     0          0          150000\n"
    second = f"Name :UP-50\n{row}  2     0          50000      0\n"
    text = f"{first}\n{second}"
    assert {one.name: one.kbps for one in parsers.tcont_profiles(text)} == {"UP-150": 150000, "UP-50": 50000}


def test_product_and_version() -> None:
    assert titan.software(capture("software_1")) == parsers.SystemBlock("C610", "V1.2.2")


def test_displays_in_titan_s_spelling() -> None:
    assert parsers.unconfigured(capture("unconfigured_1"))[1] == parsers.UncfgRow(
        PonPort(1, 1, 9), "HWTC00005643", "HG8010H"
    )
    assert parsers.by_serial(capture("by_serial_1")) == (PonPort(1, 1, 9), 80)
    assert parsers.states(capture("states_1"))[2] == parsers.StateRow(PonPort(1, 1, 1), 12, "enable", "DyingGasp")
    assert parsers.base_info(capture("base_info_1"))[-1] == parsers.AuthRow(
        PonPort(1, 1, 1), 41, "LD420-10R", "FRKW00000041"
    )
    detail = parsers.detail_info(capture("detail_info_1"))
    assert (detail.port, detail.ont_id, detail.phase, detail.config_state) == (PonPort(1, 1, 1), 1, "DyingGasp", "fail")
    assert (detail.description, detail.distance_m, detail.last_cause) == ("********", 1900, "DyingGasp")
    assert parsers.powers(capture("powers_1"))[3] == -18.827


def test_cards_with_and_without_what_is_plugged_in() -> None:
    first, second = parsers.cards(capture("cards_1")), parsers.cards(capture("cards_2"))
    assert [(row.slot, row.gpon_ports) for row in first if row.gpon_ports] == [(1, 16), (2, 16), (3, 16)]
    assert first[4] == parsers.CardRow(1, 6, "SFUQ", "OFFLINE", 0)
    assert [row.slot for row in second if row.gpon_ports] == [3, 4, 5, 17]
    assert second[3].type == "C0ISFUB"
