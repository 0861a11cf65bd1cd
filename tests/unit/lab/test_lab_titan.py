"""The lab's C600: what Titan's command line takes, refuses and prints otherwise than a C320's; layouts as captured."""

from pathlib import Path

import pytest

from isp_lifecycle.lab.activity import Activity
from isp_lifecycle.lab.pace import Pace, Timeline
from isp_lifecycle.lab.plant import Plant, PlantRefused
from isp_lifecycle.lab.town import make_town
from isp_lifecycle.lab.zxa10 import device as zxa10
from isp_lifecycle.lab.zxa10.config import CONFIGURATION
from isp_lifecycle.lab.zxa10.titan.device import Device
from isp_lifecycle.lab.zxa10.titan.kinds import TITAN_KINDS
from isp_lifecycle.lab.zxa10.titan.session import TABLE
from tests.unit.lab.test_lab_zxa10 import LABEL, Bench, typed

CAPTURES = Path(__file__).parents[2] / "data" / "zte_titan"
TOWN = make_town(vendors=("zte-c600",))
INVALID = "%Error 140303: Invalid input detected at '^' marker."


def titan() -> Bench:
    return Bench(TOWN, Device, TABLE)


@pytest.fixture
def bench() -> Bench:
    bench = titan()
    bench.do("configure terminal")
    return bench


def register(bench: Bench) -> str:
    bench.plug()
    return bench.do("interface gpon_olt-1/1/1", f"onu 100 type ALL sn {LABEL}")


def section(text: str, head: str) -> list[str]:
    """What is indented below each line that is this head, joined."""
    found, inside = list[str](), False
    for line in text.splitlines():
        inside = line == head or (inside and line.startswith(" "))
        found += [line.strip()] if inside and line != head else []
    return found


def test_prompts_of_the_modes(bench: Bench) -> None:
    seen = [bench.console.prompt]
    for line in ("gpon", "exit", "interface gpon_onu-1/1/1:1", "interface vport-1/1/1.1:1", "exit",
                 "pon-onu-mng gpon_onu-1/1/1:1", "exit", "vlan 700", "end"):  # fmt: skip
        bench.do(line)
        seen.append(bench.console.prompt)
    assert seen == [f"OLT-NORTH{mode}#" for mode in (
        "(config)", "(config-gpon)", "(config)", "(config-if)", "(config-if)", "(config)", "(config-gpon-onu-mng)",
        "(config)", "(config-vlan)", "")]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("show version", INVALID),
        ("show running-config interface gpon_onu-1/1/1:1", INVALID),
        ("interface gpon-onu_1/1/1:1", INVALID),
        ("interface gpon_onu-1/1/1:99", INVALID),
        ("interface vport-1/1/1.1:2", INVALID),
        ("write", INVALID),
        ("pon-onu-mng", "%Error 140305: Incomplete command."),
        ("show gpon onu by sn ZTEG00000000", "%Error 230285: No related information to show."),
        ("show pon onu uncfg", "%Error 230285: No related information to show."),
    ],
)
def test_refusals_in_the_device_s_words(bench: Bench, line: str, answer: str) -> None:
    assert bench.do(line) == answer


def test_line_is_made_on_a_virtual_port(bench: Bench) -> None:
    assert register(bench) == ""
    again = bench.do(f"onu 101 type ALL sn {LABEL}")
    assert again == "%Error 222391: The entry is existed. This is a re-create operation."
    bench.do("exit", "traffic-profile A cir 1000 cbs 1024 pir 2000 pbs 1024", "interface gpon_onu-1/1/1:100")
    assert bench.do("tcont 1 profile NOBODYS") == "%Error 223981: Profile does not exist."
    assert bench.do("shutdown") == INVALID
    assert bench.do("service-port 1 user-vlan 100 vlan 100") == INVALID
    assert bench.do("tcont 1 profile default", "gemport 1 tcont 1", "description S-1", "admin disable") == ""
    bench.do("pon-onu-mng gpon_onu-1/1/1:100", "service vlan100 gemport 1 vlan 100", "interface vport-1/1/1.100:1")
    assert bench.do("qos traffic-policy NOBODYS direction egress") == "%Error 223981: Profile does not exist."
    assert bench.do("service-port 1 user-vlan 100 vlan 100", "qos traffic-policy A direction egress") == ""
    whole = bench.do("show running-config")
    assert section(whole, "interface gpon_onu-1/1/1:100") == [
        "description S-1", "admin disable", "tcont 1 profile default", "gemport 1 tcont 1"]  # fmt: skip
    assert section(whole, "interface vport-1/1/1.100:1") == [
        "service-port 1 user-vlan 100 vlan 100", "qos traffic-policy A direction egress"]  # fmt: skip
    assert section(whole, "pon-onu-mng gpon_onu-1/1/1:100") == ["service vlan100 gemport 1 vlan 100"]
    assert "traffic-profile A cir 1000 cbs 1024 pir 2000 pbs 1024 color-mode blind" in whole


def test_one_interface_is_printed_from_every_module_that_knows_it(bench: Bench) -> None:
    shown = bench.do("show running-config-interface gpon_onu-1/1/1:1").splitlines()
    heads = [line for line in shown if not line.startswith((" ", "$"))]
    assert heads == [
        "!<if-intf>", "interface gpon_onu-1/1/1:1", "!</if-intf>",
        "!<xpon>", "interface gpon_onu-1/1/1:1", "pon-onu-mng gpon_onu-1/1/1:1", "!</xpon>"]  # fmt: skip
    assert bench.do("show running-config-interface xgei-1/9/1") == INVALID


def test_modules_and_sections_are_the_captured_ones(bench: Bench) -> None:
    ours, real = bench.do("show running-config"), (CAPTURES / "running_config_1.raw").read_text()
    tags = [line for line in ours.splitlines() if line.startswith("!<")]
    assert [tag for tag in real.splitlines() if tag in tags] == tags
    words = ("interface g", "interface vport", "gpon", "pon")
    kinds = [{line.split("-")[0] for line in text.splitlines() if line.startswith(words)} for text in (ours, real)]
    assert kinds[0] == kinds[1]


def test_layouts_are_the_captured_ones(bench: Bench) -> None:
    bench.plug()
    for line, name, lines in (
        ("show pon onu uncfg", "unconfigured_1", 2),
        ("show gpon onu state gpon_olt-1/1/1", "states_1", 2),
        ("show gpon onu baseinfo gpon_olt-1/1/1", "base_info_1", 2),
        ("show card", "cards_1", 2),
        ("show pon power olt-rx gpon_olt-1/1/1", "powers_1", 2),
    ):
        real = (CAPTURES / f"{name}.raw").read_text().splitlines()[:lines]
        made = bench.do(line).splitlines()[:lines]
        assert [part.rstrip() for part in made] == [part.rstrip() for part in real]
    real, ours = (CAPTURES / "software_1.raw").read_text(), bench.do("show software")
    assert ours.splitlines()[0] == "ZXA10 C600"
    assert ours.splitlines()[1] == real.splitlines()[1]
    real_keys, made_keys = (
        [part.partition(":")[0] for part in text.partition("----")[0].splitlines()]
        for text in (
            (CAPTURES / "detail_info_1.raw").read_text(),
            bench.do("show gpon onu detail-info gpon_onu-1/1/1:1"),
        )
    )
    assert real_keys == made_keys


def test_suspended_ont_falls_off_and_comes_back(bench: Bench) -> None:
    register(bench)
    bench.do("interface gpon_onu-1/1/1:100", "admin disable")
    state = "show gpon onu state gpon_olt-1/1/1 100"
    assert bench.do(state).splitlines()[2].split()[1:] == ["disable", "disable", "OffLine", "N/A"]
    bench.do("admin enable")
    assert bench.do(state).splitlines()[2].split()[1:] == ["enable", "enable", "working", "GPON"]


def test_profiles_alone_are_let_through_a_filter(bench: Bench) -> None:
    lines = bench.do("show running-config | include traffic-profile").splitlines()
    assert len(lines) == len(bench.device.configuration.traffic)
    assert all(line.startswith("traffic-profile ") for line in lines)


def test_state_of_a_c320_is_not_taken_for_its_own(tmp_path: Path) -> None:
    parts = {"pace": Pace(0), "timeline": Timeline(), "activity": Activity()}
    for _ in range(2):
        Device(TOWN.olts[0], plant=Plant(TOWN), folder=tmp_path, **parts)
    with pytest.raises(PlantRefused, match="is a C600's"):
        zxa10.Device(TOWN.olts[0], plant=Plant(TOWN), folder=tmp_path, **parts)


def test_no_command_breaks_the_device() -> None:
    """Each command with every part of it, in each mode, twice: it answers or refuses, and the disk can be read."""
    texts = {
        "pon": "gpon_olt-1/1/1",
        "onu": "gpon_onu-1/1/1:1",
        "vport": "vport-1/1/1.1:1",
        "uplink": "xgei-1/4/1",
        "sn": LABEL,
        "vlans": "100,200",
    }
    value = {kind: texts.get(name, "ALL" if kind.label == "WORD" else "1") for name, kind in TITAN_KINDS.items()}
    bench = titan()
    for way in ((), ("configure terminal",), *(("configure terminal", one) for one in (
        "gpon", "vlan 9", "interface gpon_olt-1/1/1", "interface gpon_onu-1/1/1:1", "interface vport-1/1/1.1:1",
        "interface xgei-1/4/1", "pon-onu-mng gpon_onu-1/1/1:1"))):  # fmt: skip
        for command in TABLE * 2:
            bench.console.view = type(bench.console.view)()
            bench.do(*way, " ".join(typed(command.pattern, value)))
    configuration = bench.device.configuration
    assert CONFIGURATION.validate_json(CONFIGURATION.dump_json(configuration)) == configuration
