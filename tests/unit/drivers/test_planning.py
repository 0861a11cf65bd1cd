"""Planning is a pure function, so it is tested as a table and against a model of the device."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isp_lifecycle.drivers.contract import (
    LineFound,
    LineWanted,
    OltProfile,
    OntFound,
    Plan,
    PonPort,
    ProfileFound,
    RateTable,
    Serial,
    ServicePortFound,
    VlanFound,
)
from isp_lifecycle.drivers.errors import (
    KeyElsewhere,
    OntIdTaken,
    PortFull,
    ProfileMissing,
    RateTableDiffers,
    RateTablesFull,
    SerialElsewhere,
    VlanOfOtherKind,
)
from isp_lifecycle.drivers.huawei.commands import HuaweiCommands
from isp_lifecycle.drivers.planning import differences, plan_line, plan_removal

COMMANDS = HuaweiCommands()
PROFILE = OltProfile()
PORT = PonPort(0, 1, 0)
SERIAL, OTHER = Serial("48575443AABBCCDD"), Serial("48575443AABBCCEE")
WANTED = LineWanted("S-000001", PORT, SERIAL, 100, "0/9/0", 102400, 51200)
PROFILES = (ProfileFound("line", 10, "line-default"), ProfileFound("service", 10, "srv-1eth"))
NOTHING = LineFound("OLT01", None, (), (), None, (), (), PROFILES)
READY = replace(
    NOTHING,
    vlan=VlanFound(100, "smart", ("0/9/0",)),
    rate_tables=(RateTable("isp-102400", 100, 102400), RateTable("isp-51200", 101, 51200)),
    used_table_indexes=frozenset({100, 101}),
)
ONT = OntFound(PORT, 3, SERIAL, "S-000001", 10, 10)
FLOW = ServicePortFound(17, PORT, 3, 1, 100, RateTable("isp-102400", 100, 102400), RateTable("isp-51200", 101, 51200))
STANDING = replace(READY, ont=ONT, same_key=(ONT,), on_port=((3, SERIAL),), service_ports=(FLOW,))


def plan(found: LineFound, wanted: LineWanted = WANTED, profile: OltProfile = PROFILE) -> Plan:
    return plan_line(found=found, wanted=wanted, profile=profile, commands=COMMANDS)


def verbs(made: Plan) -> list[str]:
    return [f"{change.verb} {change.what}" for change in made.changes]


def test_line_from_nothing_is_planned_in_the_order_the_device_needs() -> None:
    made = plan(NOTHING)
    assert made.commands == (
        "vlan 100 smart",
        "port vlan 100 0/9 0",
        'traffic table ip index 100 name "isp-102400" cir 102400 pir 102400 priority 0 priority-policy local-setting',
        'traffic table ip index 101 name "isp-51200" cir 51200 pir 51200 priority 0 priority-policy local-setting',
        "interface gpon 0/1",
        'ont add 0 0 sn-auth "48575443AABBCCDD" omci ont-lineprofile-id 10 ont-srvprofile-id 10 desc "S-000001"',
        "quit",
        "service-port vlan 100 gpon 0/1/0 ont 0 gemport 1 multi-service user-vlan 100 tag-transform translate "
        "inbound traffic-table index 101 outbound traffic-table index 100",
    )
    assert made.wanted == WANTED


def test_equal_rates_share_one_new_table() -> None:
    made = plan(NOTHING, replace(WANTED, up_kbps=102400))
    assert [command for command in made.commands if command.startswith("traffic table")] == [
        'traffic table ip index 100 name "isp-102400" cir 102400 pir 102400 priority 0 priority-policy local-setting'
    ]
    assert made.commands[-1].endswith("inbound traffic-table index 100 outbound traffic-table index 100")


def test_line_as_wanted_needs_nothing() -> None:
    made = plan(STANDING)
    assert made.empty
    assert made.text() == "S-000001 on OLT01: nothing to change."
    assert differences(found=STANDING, wanted=WANTED, profile=PROFILE, commands=COMMANDS) == ()


def test_line_on_tables_of_another_name_but_the_same_rate_is_as_wanted() -> None:
    foreign = replace(FLOW, down=RateTable("rate-102400", 11, 102400), up=RateTable("rate-51200", 10, 51200))
    assert plan(replace(STANDING, service_ports=(foreign,))).empty
    bare = replace(STANDING, service_ports=(foreign,), rate_tables=(), used_table_indexes=frozenset())
    assert plan(bare).empty  # no table of our own is made for a line that does not need it


PARTLY: list[tuple[str, LineFound, LineWanted, list[str]]] = [
    (
        "vlan not on the uplink",
        replace(STANDING, vlan=VlanFound(100, "smart", ("0/9/1",))),
        WANTED,
        ["bind VLAN 100 to uplink 0/9/0"],
    ),
    (
        "cut after ont add",
        replace(STANDING, service_ports=()),
        WANTED,
        ["add service port for 0/1/0 ONT 3 on VLAN 100"],
    ),
    (
        "ont without a key is adopted",
        replace(STANDING, ont=replace(ONT, key=""), same_key=()),
        WANTED,
        ["set key of 0/1/0 ONT 3"],
    ),
    (
        "plan change creates the missing table and sets the rates hot",
        STANDING,
        replace(WANTED, down_kbps=512000),
        ["create rate table isp-512000", "set rates of service port 17"],
    ),
    (
        "no limits at all",
        replace(STANDING, service_ports=(replace(FLOW, down=None, up=None),)),
        WANTED,
        ["set rates of service port 17"],
    ),
    (
        "vlan change",
        replace(STANDING, service_ports=(replace(FLOW, vlan=200),)),
        WANTED,
        ["remove service port 17 of 0/1/0 ONT 3 on VLAN 200", "add service port for 0/1/0 ONT 3 on VLAN 100"],
    ),
    (
        "telephony on another GEM port is left alone",
        replace(STANDING, service_ports=(FLOW, replace(FLOW, index=18, gem_port=2, vlan=300))),
        WANTED,
        [],
    ),
    (
        "exchanged ont",
        replace(STANDING, ont=None),
        replace(WANTED, serial=OTHER, replaces=SERIAL),
        ["set serial of 0/1/0 ONT 3"],
    ),
    (
        "exchange repeated after it was done",
        replace(STANDING, ont=replace(ONT, serial=OTHER), same_key=(replace(ONT, serial=OTHER),)),
        replace(WANTED, serial=OTHER, replaces=SERIAL),
        [],
    ),
    ("switched off", STANDING, replace(WANTED, enabled=False), ["set 0/1/0 ONT 3 off"]),
    (
        "switched on again",
        replace(STANDING, ont=replace(ONT, enabled=False)),
        WANTED,
        ["set 0/1/0 ONT 3 on"],
    ),
    (
        "other profiles: flow away, profiles, flow again",
        replace(STANDING, ont=replace(ONT, line_profile_id=20)),
        WANTED,
        [
            "remove service port 17 of 0/1/0 ONT 3 on VLAN 100",
            "set profiles of 0/1/0 ONT 3",
            "add service port for 0/1/0 ONT 3 on VLAN 100",
        ],
    ),
]


@pytest.mark.parametrize(("found", "wanted", "expected"), [row[1:] for row in PARTLY], ids=[row[0] for row in PARTLY])
def test_only_what_differs_is_changed(found: LineFound, wanted: LineWanted, expected: list[str]) -> None:
    made = plan(found, wanted)
    assert verbs(made) == expected
    missing = differences(found=found, wanted=wanted, profile=PROFILE, commands=COMMANDS)
    assert bool(missing) is bool(expected)


REFUSED: list[tuple[str, LineFound, LineWanted, type[Exception], str]] = [
    (
        "serial on another port",
        replace(READY, ont=replace(ONT, port=PonPort(0, 2, 1), key="S-000009")),
        WANTED,
        SerialElsewhere,
        "0/2/1 ONT 3 for S-000009",
    ),
    (
        "serial on this port for another line",
        replace(STANDING, ont=replace(ONT, key="S-000009"), same_key=()),
        WANTED,
        SerialElsewhere,
        "0/1/0 ONT 3 for S-000009",
    ),
    (
        "serial under another ont id",
        STANDING,
        replace(WANTED, ont_id=4),
        SerialElsewhere,
        "0/1/0 ONT 3",
    ),
    (
        "own line, other port",
        replace(STANDING, ont=replace(ONT, port=PonPort(0, 2, 1)), same_key=(replace(ONT, port=PonPort(0, 2, 1)),)),
        WANTED,
        SerialElsewhere,
        "0/2/1 ONT 3 for S-000001",
    ),
    (
        "key carried by another serial",
        replace(STANDING, ont=None),
        replace(WANTED, serial=OTHER),
        KeyElsewhere,
        "HWTC-AABBCCDD at 0/1/0 ONT 3",
    ),
    (
        "exchange of another ont than the one that stands",
        replace(STANDING, ont=None),
        replace(WANTED, serial=OTHER, replaces=Serial("48575443000000FF")),
        KeyElsewhere,
        "HWTC-AABBCCDD",
    ),
    (
        "key carried twice",
        replace(STANDING, same_key=(ONT, replace(ONT, ont_id=9, serial=OTHER))),
        WANTED,
        KeyElsewhere,
        "0/1/0 ONT 9",
    ),
    (
        "ont id taken",
        replace(READY, on_port=((4, OTHER),)),
        replace(WANTED, ont_id=4),
        OntIdTaken,
        "0/1/0 4 on OLT OLT01 is taken by HWTC-AABBCCEE",
    ),
    (
        "port full",
        replace(READY, on_port=tuple((number, OTHER) for number in range(128))),
        WANTED,
        PortFull,
        "0/1/0 on OLT OLT01 is full: 128",
    ),
    ("vlan of another type", replace(READY, vlan=VlanFound(100, "mux", ())), WANTED, VlanOfOtherKind, "mux, not smart"),
    ("no line profile", replace(READY, profiles=PROFILES[1:]), WANTED, ProfileMissing, "no line profile 10"),
    ("no service profile", replace(READY, profiles=PROFILES[:1]), WANTED, ProfileMissing, "no service profile 10"),
    (
        "somebody edited a table of ours",
        replace(READY, rate_tables=(RateTable("isp-102400", 100, 90000), RateTable("isp-51200", 101, 51200))),
        WANTED,
        RateTableDiffers,
        "isp-102400 on OLT OLT01 limits to 90000",
    ),
    (
        "no free table index",
        replace(READY, rate_tables=(), used_table_indexes=frozenset(range(1024))),
        WANTED,
        RateTablesFull,
        "1023",
    ),
]


@pytest.mark.parametrize(
    ("found", "wanted", "error", "says"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_line_that_cannot_be_had_is_refused_by_name(
    found: LineFound, wanted: LineWanted, error: type[Exception], says: str
) -> None:
    with pytest.raises(error) as refused:
        plan(found, wanted)
    assert says in str(refused.value)


def test_free_ont_id_is_the_lowest() -> None:
    found = replace(READY, on_port=((0, OTHER), (1, None), (3, OTHER)))
    assert 'ont add 0 2 sn-auth "48575443AABBCCDD"' in " ".join(plan(found).commands)


def test_removal_takes_flows_first_and_touches_nobody_else() -> None:
    neighbour = replace(ONT, ont_id=4, serial=OTHER, key="S-000002")
    found = replace(
        STANDING,
        on_port=((3, SERIAL), (4, OTHER)),
        service_ports=(FLOW, replace(FLOW, index=18, gem_port=2), replace(FLOW, index=19, ont_id=neighbour.ont_id)),
    )
    made = plan_removal(found=found, key="S-000001", commands=COMMANDS)
    assert made.commands == (
        "undo service-port 17",
        "undo service-port 18",
        "interface gpon 0/1",
        "ont delete 0 3",
        "quit",
    )
    assert made.kept == ("VLANs and rate tables are shared with other lines and stay",)
    assert "kept VLANs and rate tables" in made.text()


def test_removal_of_what_is_gone_or_belongs_to_somebody_else_is_empty() -> None:
    assert plan_removal(found=READY, key="S-000001", commands=COMMANDS).empty
    taken = replace(STANDING, ont=replace(ONT, key="S-000009"), same_key=())
    made = plan_removal(found=taken, key="S-000001", commands=COMMANDS)
    assert made.empty
    assert made.kept[1] == "ONT HWTC-AABBCCDD at 0/1/0 ONT 3: it belongs to S-000009"


def test_plan_reads_as_a_text_for_people() -> None:
    made = plan(STANDING, replace(WANTED, down_kbps=51200))
    assert made.text() == (
        "S-000001 on OLT01: 1 change.\n"
        "set rates of service port 17: it has 102400 kbit/s down and 51200 kbit/s up\n"
        "    service-port 17 inbound traffic-table index 101 outbound traffic-table index 101"
    )


def test_differences_name_field_wanted_and_found() -> None:
    found = replace(
        STANDING,
        vlan=VlanFound(100, "smart", ("0/9/1",)),
        service_ports=(replace(FLOW, up=None),),
        ont=replace(ONT, enabled=False),
    )
    missing = differences(found=found, wanted=WANTED, profile=PROFILE, commands=COMMANDS)
    assert [str(one) for one in missing] == [
        "uplink should be 0/9/0, is 0/9/1",
        "enabled should be True, is False",
        "up should be 51200 kbit/s, is no limit",
    ]
    nothing = differences(found=NOTHING, wanted=WANTED, profile=PROFILE, commands=COMMANDS)
    assert [one.field for one in nothing] == ["vlan", "uplink", "ont"]


# --- against a model --------------------------------------------------------------------------------------------------


def carried_out(found: LineFound, made: Plan) -> LineFound:
    """A model of the device: what stands after the commands, from their text alone."""
    names = {table.index: table for table in found.rate_tables}
    slot = ""
    for command in made.commands:
        match shlex.split(command):
            case ["interface", "gpon", place]:
                slot = place
            case ["vlan", number, "smart"]:
                found = replace(found, vlan=VlanFound(int(number), "smart", ()))
            case ["port", "vlan", _, board, port]:
                assert found.vlan is not None
                found = replace(found, vlan=replace(found.vlan, uplinks=(*found.vlan.uplinks, f"{board}/{port}")))
            case ["traffic", "table", "ip", "index", index, "name", name, "cir", kbps, *_]:
                assert int(index) not in found.used_table_indexes
                names[int(index)] = RateTable(name, int(index), int(kbps))
                used = found.used_table_indexes | {int(index)}
                found = replace(found, rate_tables=tuple(names.values()), used_table_indexes=used)
            case ["ont", "add", port, ont, "sn-auth", serial, "omci", _, line, _, service, "desc", key]:
                new = OntFound(PonPort.parse(f"{slot}/{port}"), int(ont), Serial(serial), key, int(line), int(service))
                found = replace(found, ont=new, same_key=(new,), on_port=(*found.on_port, (int(ont), new.serial)))
            case ["ont", "modify", _, _, "sn", serial]:
                new = replace(found.same_key[0], serial=Serial(serial))
                found = replace(found, ont=new, same_key=(new,))
            case ["ont", "modify", _, _, "desc", key]:
                assert found.ont is not None
                new = replace(found.ont, key=key)
                found = replace(found, ont=new, same_key=(new,))
            case ["ont", "modify", _, _, "ont-lineprofile-id", line, "ont-srvprofile-id", service]:
                assert found.ont is not None
                assert not found.flows(found.ont), "the device changes profiles only without service ports"
                new = replace(found.ont, line_profile_id=int(line), service_profile_id=int(service))
                found = replace(found, ont=new, same_key=(new,))
            case ["ont", ("activate" | "deactivate") as word, _, _]:
                assert found.ont is not None
                new = replace(found.ont, enabled=word == "activate")
                found = replace(found, ont=new, same_key=(new,))
            case ["ont", "delete", port, ont]:
                place = (PonPort.parse(f"{slot}/{port}"), int(ont))
                assert not [flow for flow in found.service_ports if (flow.port, flow.ont_id) == place]
                gone = replace(found, on_port=tuple(one for one in found.on_port if one[0] != int(ont)))
                found = replace(gone, ont=None, same_key=())
            case [
                "service-port",
                "vlan",
                vlan,
                "gpon",
                place,
                "ont",
                ont,
                "gemport",
                gem,
                *_,
                inbound,
                _,
                _,
                _,
                outbound,
            ]:
                down, up = names[int(outbound)], names[int(inbound)]
                new_flow = ServicePortFound(99, PonPort.parse(place), int(ont), int(gem), int(vlan), down, up)
                found = replace(found, service_ports=(*found.service_ports, new_flow))
            case ["service-port", index, "inbound", _, _, inbound, "outbound", _, _, outbound]:
                down, up = names[int(outbound)], names[int(inbound)]
                flows = tuple(
                    replace(flow, down=down, up=up) if flow.index == int(index) else flow
                    for flow in found.service_ports
                )
                found = replace(found, service_ports=flows)
            case ["undo", "service-port", index]:
                kept = tuple(flow for flow in found.service_ports if flow.index != int(index))
                found = replace(found, service_ports=kept)
            case ["quit"]:
                slot = ""
            case _:
                raise AssertionError(command)
    return found


RATES = st.sampled_from([51200, 102400, 512000, 1024000])
wanted_lines = st.builds(
    LineWanted,
    key=st.just("S-000001"),
    port=st.just(PORT),
    serial=st.just(SERIAL),
    vlan=st.sampled_from([100, 200]),
    uplink=st.sampled_from(["0/9/0", "0/9/1"]),
    down_kbps=RATES,
    up_kbps=RATES,
    ont_id=st.none(),
    replaces=st.just(OTHER),
    enabled=st.booleans(),
)


@st.composite
def standing_lines(draw: st.DrawFn) -> LineFound:
    """Any state a line can have been left in, by us or by hand, that is not refused."""
    tables = tuple(RateTable(f"isp-{kbps}", 100 + n, kbps) for n, kbps in enumerate(draw(st.sets(RATES))))
    ont: OntFound | None = None
    if draw(st.booleans()):
        ont = OntFound(
            PORT,
            draw(st.integers(0, 127)),
            draw(st.sampled_from([SERIAL, OTHER])),
            "S-000001",
            draw(st.sampled_from([10, 20])),
            10,
            draw(st.booleans()),
        )
    flows: tuple[ServicePortFound, ...] = ()
    if ont is not None:
        rates = st.none() if not tables else st.sampled_from([None, *tables])
        flows = tuple(
            ServicePortFound(n, PORT, ont.ont_id, draw(st.sampled_from([1, 2])), vlan, draw(rates), draw(rates))
            for n, vlan in enumerate(draw(st.sets(st.sampled_from([100, 200, 300]))))
        )
    return replace(
        NOTHING,
        ont=ont if ont is not None and ont.serial == SERIAL else None,
        same_key=(ont,) if ont is not None else (),
        on_port=((ont.ont_id, ont.serial),) if ont is not None else (),
        service_ports=flows,
        rate_tables=tables,
        used_table_indexes=frozenset(table.index for table in tables if table.index is not None),
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[LineFound, LineWanted]:
    wanted = draw(wanted_lines)
    uplinks = draw(st.sampled_from([(), ("0/9/0",), ("0/9/0", "0/9/1")]))
    vlan = draw(st.sampled_from([None, VlanFound(wanted.vlan, "smart", uplinks)]))
    return replace(draw(standing_lines()), vlan=vlan), wanted


@given(cases())
def test_any_plan_carried_out_leaves_no_difference_and_a_second_plan_is_empty(
    case: tuple[LineFound, LineWanted],
) -> None:
    found, wanted = case
    after = carried_out(found, plan(found, wanted))
    assert differences(found=after, wanted=wanted, profile=PROFILE, commands=COMMANDS) == ()
    assert plan(after, wanted).empty


@given(cases())
def test_plan_cut_anywhere_is_completed_by_the_next_one(case: tuple[LineFound, LineWanted]) -> None:
    found, wanted = case
    whole = plan(found, wanted)
    for done in range(len(whole.changes)):
        halfway = carried_out(found, replace(whole, changes=whole.changes[:done]))
        after = carried_out(halfway, plan(halfway, wanted))
        assert differences(found=after, wanted=wanted, profile=PROFILE, commands=COMMANDS) == ()


@given(cases())
def test_removal_carried_out_leaves_nothing_to_remove(case: tuple[LineFound, LineWanted]) -> None:
    found, wanted = case
    after = carried_out(found, plan_removal(found=found, key=wanted.key, commands=COMMANDS))
    assert (after.ont, after.same_key, after.service_ports) == (None, (), ())
    assert (after.vlan, after.rate_tables) == (found.vlan, found.rate_tables)
    assert plan_removal(found=after, key=wanted.key, commands=COMMANDS).empty
