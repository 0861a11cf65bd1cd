"""The lab's V1600G: what its command line takes, what it refuses and in which words; layouts as captured."""

from pathlib import Path

import pytest

from isp_lifecycle.lab.activity import Activity
from isp_lifecycle.lab.grammar import Either, Kind, Maybe, Pattern, Word
from isp_lifecycle.lab.pace import Pace, Timeline
from isp_lifecycle.lab.plant import Plant
from isp_lifecycle.lab.terminal import Rejected
from isp_lifecycle.lab.town import make_town
from isp_lifecycle.lab.v1600g.config import CONFIGURATION
from isp_lifecycle.lab.v1600g.console import Console, Mode, View
from isp_lifecycle.lab.v1600g.device import Device
from isp_lifecycle.lab.v1600g.interpreter import TABLE, Refusal, interpret
from isp_lifecycle.lab.v1600g.kinds import KINDS, number_list

CAPTURES = Path(__file__).parents[2] / "data" / "vsol_v1600g"
TOWN = make_town(vendors=("vsol",))
SERIAL, LABEL = "48575443AB000001", "HWTCAB000001"
NOTHING = "Error: No related information to show. 62310"


class Bench:
    """One device without latency and without a wire, with somebody in configuration mode."""

    def __init__(self) -> None:
        self.plant, self.timeline = Plant(TOWN), Timeline()
        self.device = Device(TOWN.olts[0], plant=self.plant, pace=Pace(0), timeline=self.timeline, activity=Activity())
        self.console = Console(self.device, "tester", View(Mode.CONFIG))

    def do(self, *lines: str) -> str:
        """Run commands and return the last answer; refusals are answers too."""
        answer = ""
        for line in lines:
            meaning = interpret(line, self.console)
            if isinstance(meaning, Refusal):
                answer = meaning.text
                continue
            try:
                answer = meaning.run()
            except Rejected as rejected:
                answer = str(rejected)
            self.timeline.advance()
        return answer

    def plug(self) -> None:
        """Put a new ONT somewhere on the first PON port."""
        taken = {box.premises_code for box in self.plant.state.boxes.values()}
        paths = ((one.code, self.plant.path(one.code)) for one in TOWN.premises if one.code not in taken)
        code = next(c for c, path in paths if path and (path.olt, path.pon_port) == ("OLT-NORTH", "0/0/1"))
        self.plant.plug(SERIAL, code)
        self.timeline.advance()


@pytest.fixture
def bench() -> Bench:
    return Bench()


def register(bench: Bench) -> str:
    bench.plug()
    return bench.do("interface gpon 0/1", f"onu add 100 profile default sn {LABEL}")


def cells(row: str) -> list[str]:
    """The cells of a row, whose columns the cursor makes."""
    return [cell.partition("C")[2] if cell.startswith("\x1b") else cell for cell in row.split("\r")]


def test_prompts_of_the_modes(bench: Bench) -> None:
    seen = [bench.console.prompt]
    for line in (
        *("interface gpon 0/2", "interface gigabitethernet 0/1", "exit", "vlan 700", "exit"),
        *("profile dba id 300 name X", "exit", "profile traffic id 300 name X", "exit", "exit"),
    ):
        bench.do(line)
        seen.append(bench.console.prompt)
    modes = ("(config)", "(config-pon-0/2)", "(config-if-ge0/1)", "(config)", "(config-vlan-700)", "(config)",
             "(profile-dba:300)", "(config)", "(profile-traffic:300)", "(config)", "")  # fmt: skip
    assert seen == [f"OLT-NORTH{mode}# " for mode in modes]
    bench.do("exit")
    assert bench.console.leaving


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("display version", "% Unknown command."),
        ("show onu state", "% Unknown command."),
        ("show", "% Command incomplete."),
        ("exit now", "% Too many parameters."),
        ("interface gpon 0/17", "Error: interface is not exist."),
        ("interface gigabitethernet 0/7", "Error: interface is not exist."),
        ("no vlan 4000", "Error: vlan is not exist."),
        ("no profile dba id 400", "Error: profile isn't existed."),
        ("no profile dba id 1", "Error: can't delete profile, it is used."),
        ("profile dba id 1 name OTHER", "Profile already existed."),
        ("profile dba id 400 name default1", "Profile already existed."),
    ],
)
def test_refusals(bench: Bench, line: str, answer: str) -> None:
    assert bench.do(line) == answer


def test_ont_is_found_registered_and_works(bench: Bench) -> None:
    bench.do("interface gpon 0/1")
    assert bench.do("show onu auto-find") == ""
    bench.plug()
    header, row = bench.do("show onu auto-find").splitlines()
    real = (CAPTURES / "auto_find_1.raw").read_text().splitlines()
    assert header == real[0]
    assert row.replace(LABEL, "").split() == ["1", "sn:", "EG8145V5"]
    assert [part == "" for part in row.split("\t")] == [part == "" for part in real[1].split("\t")]
    assert bench.do(f"onu add 100 profile default sn {LABEL.lower()}") == "Note: Register pon 1 onu 100 OK."
    assert bench.do("show onu auto-find") == ""
    states = bench.do("show onu state").split("\n")
    assert cells(states[-2]) == ["GPON0/1:100", "enable", "enable", "working", LABEL]
    assert states[-1] == f"pon: 1 total: {len(states) - 3} working: {len(states) - 3}"


def test_id_or_serial_that_is_taken_is_refused(bench: Bench) -> None:
    register(bench)
    assert bench.do(f"onu add 101 profile default sn {LABEL}") == "Error: onu sn is already existed."
    assert bench.do("onu add 100 profile default sn HWTCAB000002") == "Error: onu 100 is already existed."
    assert bench.do("onu add 102 profile V9999 sn HWTCAB000002") == "Error: profile isn't existed."
    assert bench.do("onu 102 desc X") == "Error: onu is not exist."


def test_flow_needs_what_lies_under_it_and_is_there_once(bench: Bench) -> None:
    register(bench)
    assert bench.do("onu 100 gemport 1 tcont 1") == "Error: tcont is not exist."
    assert bench.do("onu 100 tcont 1 dba NOBODYS") == "Error: profile isn't existed."
    assert bench.do("onu 100 tcont 1 name A dba default1", "onu 100 gemport 1 tcont 1 gemport_name A") == ""
    assert bench.do("onu 100 gemport 1 traffic-limit downstream NOBODYS") == "Error: profile isn't existed."
    assert bench.do("onu 100 service-port 1 gemport 1 uservlan 999 vlan 999") == "Error: vlan is not exist."
    assert bench.do("onu 100 service-port 1 gemport 1 uservlan 100 vlan 100") == ""
    again = bench.do("onu 100 service-port 1 gemport 1 uservlan 100 vlan 100")
    assert again == "Error: service-port is already existed."
    assert bench.do("onu 100 service X gemport 2 vlan 100") == "Error: gemport is not exist."
    assert bench.do("onu 100 service X gemport 1 vlan 100") == ""
    assert bench.do("onu 100 service X gemport 1 vlan 100") == "Error: service is already existed."


def test_profile_is_one_when_it_is_committed(bench: Bench) -> None:
    bench.do("profile dba id 300 name SLOW", "type 4 maximum 64000", "exit")
    assert "SLOW" not in bench.do("interface gpon 0/1", "show profile dba")
    bench.do("exit")
    assert bench.do("profile dba id 300 name SLOW") == "profile_id:300 create success"
    bench.do("type 4 maximum 64000", "commit", "exit", "profile traffic id 300 name SLOW", "sir 0 pir 64000", "commit")
    assert "name: SLOW\n            type: 4\n         maximum: 64000 Kbps" in bench.do(
        "interface gpon 0/1", "show profile dba"
    )
    assert "Id:   300\nName: SLOW\nsir:  0 Kbps\npir:  64000 Kbps" in bench.do("show profile traffic")


def test_deactivated_ont_falls_off_and_comes_back(bench: Bench) -> None:
    register(bench)
    bench.do("onu 100 deactivate")
    assert cells(bench.do("show onu state").split("\n")[-2])[1:4] == ["disable", "disable", "offline"]
    assert bench.do("show onu 100 optical_info") == "Error: onu is offline."
    assert bench.do("show onu 100 distance") == "onu 100 Distance: N/A"
    assert "onu 100 deactivate" in bench.do("show running-config onu 100")
    bench.do("onu 100 activate")
    assert "activate" not in bench.do("show running-config onu 100")
    assert cells(bench.do("show onu state").split("\n")[-2])[1:4] == ["enable", "enable", "working"]


def test_layouts_are_the_captured_ones(bench: Bench) -> None:
    bench.do("interface gpon 0/1")
    for line, name in (
        ("show onu state", "states_1"),
        ("show onu info", "info_1"),
        ("show pon onu all rx-power", "rx_power_1"),
        ("show profile dba", "dba_profiles_1"),
        ("show profile traffic", "traffic_profiles_1"),
        ("show interface brief", "interface_brief_1"),
    ):
        real, made = (CAPTURES / f"{name}.raw").read_bytes().decode().split("\r\n")[:2], bench.do(line).split("\n")[:2]
        assert [part.rstrip() for part in made] == [part.rstrip() for part in real]
    for line, name in (("show onu 1 optical_info", "optical_1"), ("show version", "version_1")):
        made_keys, real_keys = (
            [part.partition(":")[0] for part in text.splitlines()]
            for text in (bench.do(line), (CAPTURES / f"{name}.raw").read_text())
        )
        assert made_keys == real_keys
    rows = bench.do("show onu state").split("\n"), (CAPTURES / "states_1.raw").read_bytes().decode().split("\r\n")
    columns = [[part.partition("C")[0] for part in row[2].split("\r")[1:]] for row in rows]
    assert columns[0] == columns[1]


def test_configuration_of_an_ont_is_what_was_typed(bench: Bench) -> None:
    register(bench)
    typed = (
        "onu 100 desc S-900001",
        "onu 100 tcont 1 name A dba default1",
        "onu 100 gemport 1 tcont 1 gemport_name A",
        "onu 100 gemport 1 traffic-limit downstream default",
        "onu 100 service vlan100 gemport 1 vlan 100",
        "onu 100 service-port 1 gemport 1 uservlan 100 vlan 100",
    )
    assert bench.do(*typed) == ""
    first, *lines = bench.do("show running-config onu 100").splitlines()
    assert first == "----------onu 100 running-config----------"
    assert [line.partition(" portid")[0].removesuffix(" new_cos 0") for line in lines] == [
        f"onu add 100 profile default sn {LABEL}",
        typed[0],
        "onu 100 profile onu default",
        *typed[1:],
    ]
    whole = bench.do("show running-config").splitlines()
    assert "\n".join(lines) in "\n".join(whole)
    bench.do("no onu 100")
    assert bench.do("show running-config onu 100") == "Error: onu is not exist."


def test_port_without_onts_has_nothing_to_show(bench: Bench) -> None:
    bench.do("interface gpon 0/8")
    assert [bench.do(line) for line in ("show onu state", "show onu info", "show pon onu all rx-power")] == [
        NOTHING
    ] * 3


def test_vlans_are_listed_range_by_range() -> None:
    assert number_list([100, 1, 11, 12, 13]) == ["1", "11 - 13", "100"]


def test_unit_has_no_boards_and_the_town_is_the_same() -> None:
    plain = make_town()
    north = TOWN.olts[0]
    assert (north.vendor, north.uplink) == ("vsol", "ge0/1")
    assert [pon.port for pon in north.pon_ports] == [f"0/0/{n}" for n in range(1, 7)]
    assert TOWN.premises == plain.premises
    assert [c.name for c in TOWN.customers] == [c.name for c in plain.customers]
    ours = [c for c in TOWN.customers if c.olt == "OLT-NORTH"]
    assert min(c.ont_id for c in ours) == 1
    assert {c.serial[:8] for c in ours} == {b"VSOL".hex().upper()}


def _lines(pattern: Pattern, value: dict[Kind, str]) -> list[str]:
    words: list[str] = []
    for part in pattern:
        match part:
            case Word(text):
                words.append(text)
            case Maybe(inner):
                words += _lines(inner, value)
            case Either(choices):
                words += _lines(choices[0], value)
            case _:
                words.append(value[part.kind])
    return words


def test_no_command_breaks_the_device() -> None:
    """Each command with every part of it, in each mode, twice: it answers or refuses, and the disk can be read."""
    texts = {"port": "0/1", "sn": LABEL, "name": "default"}
    value = {kind: texts.get(name, "1") for name, kind in KINDS.items()}
    bench = Bench()
    for way in ("", "interface gpon 0/1", "interface gigabitethernet 0/1", "profile dba id 300 name A",
                "profile traffic id 300 name A", "vlan 5", "exit"):  # fmt: skip
        for command in TABLE * 2:
            bench.console.view = View(Mode.CONFIG)
            bench.do(*([way] if way else []), " ".join(_lines(command.pattern, value)))
    configuration = bench.device.configuration
    assert CONFIGURATION.validate_json(CONFIGURATION.dump_json(configuration)) == configuration
