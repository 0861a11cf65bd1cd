from __future__ import annotations

from collections.abc import Callable, Sized
from pathlib import Path
from types import FunctionType

import pytest

from isp_lifecycle.drivers.values import PonPort
from isp_lifecycle.drivers.vendor import Unreadable
from isp_lifecycle.drivers.vsol import parsers
from isp_lifecycle.drivers.vsol.parsers import care, config, onus, plant
from isp_lifecycle.drivers.wire import PlainText

CAPTURES = Path(__file__).parents[2] / "data" / "vsol_v1600g"
PORT = PonPort(0, 0, 1)
Parser = Callable[[str], object]


def onu_config(text: str) -> parsers.OnuBlock:
    return parsers.onu_config(text, PORT)


# Parser, captures that exist for it, records in each of them in order (1: one value).
COUNTS: dict[str, tuple[Parser, list[int]]] = {
    "auto_find": (parsers.auto_find, [1, 2, 0]),
    "dba_profiles": (parsers.dba_profiles, [2]),
    "description": (parsers.description, [8]),
    "detail": (parsers.detail, [1]),
    "distance": (parsers.distance, [1]),
    "info": (parsers.info, [57, 2]),
    "interface_brief": (parsers.interface_brief, [8]),
    "onu_config": (onu_config, [1, 1]),
    "optical": (parsers.optical, [1, 1, 1]),
    "running_config": (parsers.running_config, [1]),
    "rx_power": (parsers.rx_power, [57]),
    "states": (parsers.states, [57, 4]),
    "statistics": (parsers.statistics, [1, 1]),
    "traffic_profiles": (parsers.traffic_profiles, [2]),
    "version": (parsers.version, [1]),
}


def capture(name: str) -> str:
    """As a session hears it."""
    return PlainText().of((CAPTURES / f"{name}.raw").read_bytes().decode()).replace("\r", "")


def test_every_parser_has_its_captures() -> None:
    names = {path.stem for path in CAPTURES.glob("*.raw")}
    assert names == {f"{kind}_{n}" for kind, (_, sizes) in COUNTS.items() for n in range(1, len(sizes) + 1)}
    own = {
        name
        for module in (care, config, onus, plant)
        for name, thing in vars(module).items()
        if isinstance(thing, FunctionType) and thing.__module__ == module.__name__ and not name.startswith("_")
    }
    assert own == COUNTS.keys() | {"number_list"}


@pytest.mark.parametrize(
    ("name", "parser", "size"),
    [(f"{kind}_{n}", parser, size) for kind, (parser, sizes) in COUNTS.items() for n, size in enumerate(sizes, 1)],
)
def test_captures_are_read_whole(name: str, parser: Parser, size: int) -> None:
    found = parser(capture(name))
    assert (len(found) if isinstance(found, Sized) else 1) == size


# One line, or nothing that tells where the end is: what is missing there is missed where it is wanted.
OPEN_ENDED = {"description", "distance", "interface_brief", "onu_config", "version"}


@pytest.mark.parametrize("name", [f"{kind}_1" for kind in COUNTS if kind not in OPEN_ENDED])
def test_what_is_cut_short_is_not_read(name: str) -> None:
    """As a session that ended or a garbled line leaves it: the last third is missing, the end is junk."""
    parser, text = COUNTS[name.removesuffix("_1")][0], capture(name)
    with pytest.raises(Unreadable):
        parser(text[: len(text) * 2 // 3] + "\x00\ufffd#~ 0x7f")


@pytest.mark.parametrize("parser", [parser for parser, _ in COUNTS.values()])
@pytest.mark.parametrize("text", ["\x00", "OLT01 is fine", "Error: strange"])
def test_what_is_something_else_is_not_read(parser: Parser, text: str) -> None:
    with pytest.raises(Unreadable):
        parser(text)


def test_columns_that_the_cursor_makes_stand_below_their_headers() -> None:
    header, _, first, *_ = capture("info_1").splitlines()
    cells = ("GPON0/1:2", "V824", "default", "sn", "GPONA0002026")
    assert first.split() == list(cells)
    assert [first.index(cell) for cell in cells[1:]] == [
        header.index(word) for word in ("Model", "Profile", "Mode ", "AuthInfo")
    ]


def test_found_onts_in_both_layouts() -> None:
    assert parsers.auto_find(capture("auto_find_1")) == (parsers.FoundRow("GPON00cd34ef", "VSOLV422"),)
    assert parsers.auto_find(capture("auto_find_2"))[1] == parsers.FoundRow("VSOL0000BB02", "")
    assert parsers.auto_find("") == ()


def test_states_in_all_layouts() -> None:
    old, new = parsers.states(capture("states_1")), parsers.states(capture("states_2"))
    assert old[7] == parsers.StateRow(PORT, 9, "enable", "offline", "")
    assert [row.phase for row in new] == ["working", "OffLine", "DyingGasp", "LOS"]
    assert {row.port for row in new} == {PORT}
    configured = (
        "OnuIndex    Admin State    OMCC State    Phase State    Config State    Channel\n"
        "1/1/8:3     enable         enable        working        succeeded       1(GPON)\n"
        "ONU Number: 1/1\n"
    )
    assert parsers.states(configured) == (parsers.StateRow(PonPort(0, 0, 8), 3, "enable", "working", "succeeded"),)


def test_list_of_states_that_broke_off_is_not_taken_for_whole() -> None:
    """V1600G do that now and then, and show the prompt as if nothing were missing."""
    lines = capture("states_1").splitlines()
    with pytest.raises(Unreadable, match="no count below"):
        parsers.states("\n".join(lines[:-10]))
    with pytest.raises(Unreadable, match="47 rows of 57"):
        parsers.states("\n".join([*lines[:-11], lines[-1]]))


def test_light_and_distance_of_an_ont() -> None:
    assert parsers.optical(capture("optical_2")) == parsers.OpticalBlock(-17.75, 2.41, 45.32, 3.28, 12.154)
    assert parsers.optical(capture("optical_3")) == parsers.OpticalBlock(-28.53, 2.52, 48.43, 3.28, 6.22)
    powers = parsers.rx_power(capture("rx_power_1"))
    assert (powers[2], powers[9], powers[59]) == (-18.15, None, -16.02)
    assert parsers.distance(capture("distance_1")) == 410
    assert parsers.distance("onu 3 Distance: N/A") is None
    assert parsers.description("onu 3 Description: \n") == ""


def test_unit_and_its_ports() -> None:
    assert parsers.version(capture("version_1")) == parsers.VersionBlock("V1600G0-B", "V1.4.8R", "V3.1.4")
    ports = parsers.interface_brief(capture("interface_brief_1"))
    assert ports[2] == parsers.InterfaceRow("GE0/3", "1000Base-T")
    assert [row.pon for row in ports if row.pon is not None] == [PonPort(0, 0, n) for n in (1, 2, 3, 4)]


def test_description_that_runs_into_the_next_column_hides_no_port() -> None:
    text = capture("interface_brief_1").replace(
        "GPON0/2                          up", "GPON0/2      district of the northup"
    )
    assert [row.pon for row in parsers.interface_brief(text)][5] == PonPort(0, 0, 2)
    with pytest.raises(Unreadable, match="no row of ports"):
        parsers.interface_brief(f"{text}\n#~ 0x7f")


def test_profiles_and_the_rate_that_each_can_reach() -> None:
    assert parsers.dba_profiles(capture("dba_profiles_1"))[1] == parsers.ProfileRate(511, "default1", 1024000)
    assert parsers.traffic_profiles(capture("traffic_profiles_1"))[1] == parsers.ProfileRate(
        3, "test_traffic_50M", 50000
    )
    fixed = capture("dba_profiles_1").replace("type: 4\n         maximum", "type: 1\n           fixed")
    assert parsers.dba_profiles(fixed)[0].kbps == 512000
    with pytest.raises(Unreadable, match="without maximum"):
        parsers.dba_profiles(fixed.replace("type: 1", "type: 4"))
    assert parsers.dba_profiles("###############DBA PROFILE###########\n") == ()


def test_configuration_of_one_ont_and_of_all() -> None:
    one = onu_config(capture("onu_config_1"))
    assert (one.ont_id, one.profile, one.serial, one.description) == (2, "default", "GPONA0002026", "S-000002")
    assert (one.tconts, one.gems) == ({1: "default1"}, {1: parsers.GemPort(1, 1, "default")})
    assert one.service_ports == [parsers.ServicePort(1, 1, 111, user_vlan=111)]
    whole = parsers.running_config(capture("running_config_1"))
    (onu,) = whole.onus
    assert (onu.port, onu.ont_id, onu.profile) == (PonPort(0, 0, 7), 1, "V2802GW")
    assert onu.gems == {1: parsers.GemPort(1, 1, "300M-Pymes-Dowm", "300M-Pymes-UP")}
    assert onu.service_ports == [parsers.ServicePort(1, 1, 1001, user_vlan=1001)]
    assert whole.vlans == {1, 200, 201, 202, 203, 1001, 1002}
    assert whole.tagged == {"ge0/1": frozenset({500, *range(100, 201)})}


def test_other_forms_of_lines_in_a_configuration() -> None:
    text = (
        "Current configuration:\n!\ninterface gigabitethernet 0/9\nswitchport trunk vlan 500 - 502\nexit\n"
        "interface GPON 0/2\n  onu add 3 profile X loid 123456\n  onu 3 service-port 2 gemport 2 uservlan 100 to 110 "
        "transparent\nexit\nend\n"
    )
    whole = parsers.running_config(text)
    assert whole.tagged == {"ge0/9": frozenset({500, 501, 502})}
    (onu,) = whole.onus
    assert (onu.port, onu.serial, onu.service_ports, onu.others) == (PonPort(0, 0, 2), "", [], [2])


def test_numbers_as_they_are_listed() -> None:
    assert plant.number_list("200 - 203") == plant.number_list("200 to 203") == {200, 201, 202, 203}
    assert plant.number_list("1,7") == {1, 7}
    with pytest.raises(Unreadable):
        plant.number_list("all")


def test_equipment_and_counters_of_an_ont() -> None:
    assert parsers.detail(capture("detail_1")) == parsers.DetailBlock("VSOL", "VSOLV824", "V5.2", 82580)
    assert parsers.statistics(capture("statistics_2")) == parsers.Statistics(
        4176, 14107, 898496204, 4333206, 2930218002, 19858110
    )
