"""The lab's ZXA10: what its command line takes, what it refuses and in which words; layouts as captured."""

from pathlib import Path

import pytest

from isp_lifecycle.lab.activity import Activity
from isp_lifecycle.lab.grammar import Either, Kind, Maybe, Pattern, Word
from isp_lifecycle.lab.ma5800 import device as ma5800
from isp_lifecycle.lab.pace import Pace, Timeline
from isp_lifecycle.lab.plant import Plant, PlantRefused
from isp_lifecycle.lab.terminal import Rejected
from isp_lifecycle.lab.town import Town, make_town
from isp_lifecycle.lab.zxa10.command import Command
from isp_lifecycle.lab.zxa10.config import CONFIGURATION
from isp_lifecycle.lab.zxa10.console import Console
from isp_lifecycle.lab.zxa10.device import Device
from isp_lifecycle.lab.zxa10.interpreter import TABLE, Refusal, interpret
from isp_lifecycle.lab.zxa10.kinds import KINDS, number_list

CAPTURES = Path(__file__).parents[2] / "data" / "zte_zxan"
TOWN = make_town(vendors=("zte",))
SERIAL, LABEL = "48575443AB000001", "HWTCAB000001"


class Bench:
    """One device without latency and without a wire."""

    def __init__(self, town: Town = TOWN, maker: type[Device] = Device, table: tuple[Command, ...] = TABLE) -> None:
        self.plant, self.timeline, self.table = Plant(town), Timeline(), table
        self.device = maker(town.olts[0], plant=self.plant, pace=Pace(0), timeline=self.timeline, activity=Activity())
        self.console = Console(self.device, "tester")

    def do(self, *lines: str) -> str:
        """Run commands and return the last answer; refusals are answers too."""
        answer = ""
        for line in lines:
            meaning = interpret(line, self.console, self.table)
            if isinstance(meaning, Refusal):
                answer = meaning.text
                continue
            try:
                answer = meaning.run()
            except Rejected as rejected:
                answer = str(rejected)
            kept = meaning.keep(answer.split("\n")) if meaning.keep else answer.split("\n")
            answer = "\n".join(kept)
            self.timeline.advance()
        return answer

    def plug(self) -> None:
        """Put a new ONT somewhere on the first PON port."""
        taken = {box.premises_code for box in self.plant.state.boxes.values()}
        if SERIAL in self.plant.state.boxes:
            return
        for premises in TOWN.premises:
            path = self.plant.path(premises.code)
            if path and (path.olt, path.pon_port) == ("OLT-NORTH", "1/1/1") and premises.code not in taken:
                self.plant.plug(SERIAL, premises.code)
                self.timeline.advance()
                return


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    bench.do("configure terminal")
    return bench


def register(bench: Bench) -> str:
    bench.plug()
    return bench.do("interface gpon-olt_1/1/1", f"onu 100 type ALL sn {LABEL}")


def test_prompts_of_the_modes(bench: Bench) -> None:
    seen = [bench.console.prompt]
    for line in ("gpon", "exit", "interface gpon-onu_1/1/1:1", "pon-onu-mng gpon-onu_1/1/1:1", "end"):
        bench.do(line)
        seen.append(bench.console.prompt)
    assert seen == [f"OLT-NORTH{mode}#" for mode in (
        "(config)", "(config-gpon)", "(config)", "(config-if)", "(gpon-onu-mng 1/1/1:1)", "")]  # fmt: skip


def test_configuring_is_announced_and_leaving_the_top_is_leaving() -> None:
    bench = Bench()
    assert bench.do("configure terminal").startswith("%Info 20272:")
    bench.do("exit")
    assert not bench.console.leaving
    bench.do("exit")
    assert bench.console.leaving


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("display version", "%Error 20200: Invalid input detected at '^' marker."),
        ("show gpon onu", "%Error 20203: Incomplete command"),
        ("interface gpon-onu_1/1/1:99", "%Error 20202: Invalid input detected at '^' marker. Invalid parameter"),
        ("interface gpon-olt_1/9/1", "%Error 20202: Invalid input detected at '^' marker. Invalid parameter"),
        ("show gpon onu uncfg", "%Code 62310-GPONSRV : No related information to show."),
        ("show gpon onu by sn ZTEG00000000", "%Code 62310-GPONSRV : No related information to show."),
    ],
)
def test_refusals_in_the_device_s_words(bench: Bench, line: str, answer: str) -> None:
    assert bench.do(line) == answer


def test_ont_is_found_registered_and_works(bench: Bench) -> None:
    bench.plug()
    found = bench.do("show gpon onu uncfg").splitlines()
    header = (CAPTURES / "unconfigured_1.raw").read_text().splitlines()[:2]
    assert found[:2] == header
    assert found[2].split() == ["gpon-onu_1/1/1:1", LABEL, "unknown"]
    assert register(bench) == "[Successful]"
    assert bench.do("show gpon onu uncfg").startswith("%Code 62310")
    assert bench.do(f"show gpon onu by sn {LABEL}").endswith("gpon-onu_1/1/1:100")
    assert "Phase state:         working" in bench.do("show gpon onu detail-info gpon-onu_1/1/1:100")


def test_id_or_serial_that_is_taken_is_a_re_creation(bench: Bench) -> None:
    register(bench)
    taken = "%Code 62391-GPONSRV : The entry is existed. This is a re-create operation."
    assert bench.do(f"onu 101 type ALL sn {LABEL}") == taken
    assert bench.do("onu 100 type ALL sn HWTCAB000002") == taken
    assert bench.do("onu 102 type ZTE-F999 sn HWTCAB000002") == "%Code 63904-GPONRM : Not support this ONU"


def test_flow_needs_what_lies_under_it_and_is_there_once(bench: Bench) -> None:
    register(bench)
    missing = "%Code 62397-GPONSRV: The entry is not existed."
    bench.do("interface gpon-onu_1/1/1:100")
    assert bench.do("gemport 1 tcont 1") == missing
    assert bench.do("tcont 1 profile NOBODYS").startswith("%Error 20202")
    assert bench.do("tcont 1 profile default", "gemport 1 name HSI tcont 1") == ""
    assert bench.do("service-port 1 vport 1 user-vlan 999 vlan 999").startswith("%Error 20202")
    assert bench.do("service-port 1 vport 1 user-vlan 100 vlan 100") == ""
    again = bench.do("service-port 1 vport 1 user-vlan 100 vlan 100")
    assert again == "%Code 66661: The service is already existed."
    bench.do("pon-onu-mng gpon-onu_1/1/1:100")
    assert bench.do("service HSI gemport 2 vlan 100") == missing
    assert bench.do("service HSI gemport 1 vlan 100") == ""
    assert bench.do("service HSI gemport 1 vlan 100") == "%Code 63869-GPONRM : Record already exists."
    assert bench.do("show onu running config gpon-onu_1/1/1:100").splitlines()[1] == "  service HSI gemport 1 vlan 100"


def test_suspended_ont_falls_off_and_comes_back(bench: Bench) -> None:
    register(bench)
    bench.do("interface gpon-onu_1/1/1:100", "shutdown")
    state = "show gpon onu state gpon-olt_1/1/1 100"
    assert bench.do(state).splitlines()[2].split()[1:4] == ["disable", "disable", "OffLine"]
    assert "  shutdown" in bench.do("show running-config interface gpon-onu_1/1/1:100").splitlines()
    bench.do("no shutdown")
    assert bench.do(state).splitlines()[2].split()[1:4] == ["enable", "enable", "working"]


def test_layouts_are_the_captured_ones(bench: Bench) -> None:
    for line, name in (
        ("show gpon onu state gpon-olt_1/1/1", "states_3"),
        ("show gpon onu baseinfo gpon-olt_1/1/1", "base_info_1"),
        ("show pon power onu-rx gpon-olt_1/1/1", "powers_1"),
        ("show pon power onu-tx gpon-olt_1/1/1", "powers_2"),
        ("show pon power attenuation gpon-onu_1/1/1:1", "attenuation_1"),
        ("show gpon profile tcont", "tcont_profiles_1"),
        ("show gpon profile traffic", "traffic_profiles_1"),
    ):
        real = (CAPTURES / f"{name}.raw").read_text().splitlines()[:2]
        made = bench.do(line).splitlines()[:2]
        assert [part.rstrip() for part in made] == [part.rstrip() for part in real]
    real_keys, made_keys = (
        [part.partition(":")[0] for part in text.partition("----")[0].splitlines()]
        for text in (
            (CAPTURES / "detail_info_2.raw").read_text(),
            bench.do("show gpon onu detail-info gpon-onu_1/1/1:1"),
        )
    )
    assert [key for key in real_keys if key in made_keys] == made_keys


def test_configuration_may_be_filtered(bench: Bench) -> None:
    key = TOWN.customers[0].service_code
    assert bench.do(f"show running-config | include {key}").split() in ([], ["name", key, "description", key])
    assert bench.do("show running-config | begin hostname") == "hostname OLT-NORTH\n!\nend"
    assert bench.do("show running-config | count x").startswith("%Error 20200")


def test_state_of_another_maker_is_not_taken_for_its_own(tmp_path: Path) -> None:
    def start(town: Town, maker: type[Device] | type[ma5800.Device]) -> None:
        parts = {"pace": Pace(0), "timeline": Timeline(), "activity": Activity()}
        maker(town.olts[0], plant=Plant(town), folder=tmp_path, **parts)

    start(TOWN, Device)
    start(TOWN, Device)
    with pytest.raises(PlantRefused, match="another maker's"):
        start(make_town(), ma5800.Device)


def test_vlans_are_listed_with_ranges() -> None:
    assert number_list([100, 1, 11, 12, 13]) == "1,11-13,100"


def test_town_is_the_same_town_whoever_made_its_olts() -> None:
    plain = make_town()
    assert [(o.vendor, o.uplink) for o in TOWN.olts] == [("zte", "xgei_1/4/1"), ("huawei", "0/9/0")]
    assert TOWN.premises == plain.premises
    assert [c.name for c in TOWN.customers] == [c.name for c in plain.customers]
    ours = [c for c in TOWN.customers if c.olt == "OLT-NORTH"]
    assert min(c.ont_id for c in ours) == 1
    assert {c.service_port for c in ours} == {1}
    assert {c.serial[:8] for c in ours} == {b"ZTEG".hex().upper()}


def typed(pattern: Pattern, value: dict[Kind, str]) -> list[str]:
    words: list[str] = []
    for part in pattern:
        match part:
            case Word(text):
                words.append(text)
            case Maybe(inner):
                words += typed(inner, value)
            case Either(choices):
                words += typed(choices[0], value)
            case _:
                words.append(value[part.kind])
    return words


def test_no_command_breaks_the_device() -> None:
    """Each command with every part of it, in each mode, twice: it answers or refuses, and the disk can be read."""
    texts = {
        "pon": "gpon-olt_1/1/1",
        "onu": "gpon-onu_1/1/1:1",
        "uplink": "xgei_1/4/1",
        "sn": LABEL,
        "vlans": "100,200",
    }
    value = {kind: texts.get(name, "ALL" if kind.label == "WORD" else "1") for name, kind in KINDS.items()}
    bench = Bench()
    for way in ((), ("configure terminal",), *(("configure terminal", one) for one in (
        "gpon", "vlan database", "interface gpon-olt_1/1/1", "interface gpon-onu_1/1/1:1", "interface xgei_1/4/1",
        "pon-onu-mng gpon-onu_1/1/1:1"))):  # fmt: skip
        for command in TABLE * 2:
            bench.console.view = type(bench.console.view)()
            bench.do(*way, " ".join(typed(command.pattern, value)))
    configuration = bench.device.configuration
    assert CONFIGURATION.validate_json(CONFIGURATION.dump_json(configuration)) == configuration
