"""From what stands and what is wanted to the lines that are typed at a V1600G."""

from __future__ import annotations

from dataclasses import replace

import pytest

from isp_lifecycle.drivers import printed
from isp_lifecycle.drivers.contract import (
    LineFound,
    LineWanted,
    OltProfile,
    OntFound,
    PonPort,
    RateTable,
    Serial,
    ServicePortFound,
    VlanFound,
)
from isp_lifecycle.drivers.dialect import Meaning
from isp_lifecycle.drivers.errors import PortFull, RateTablesFull, SwapTakesOthers
from isp_lifecycle.drivers.planning import differences, plan_line, plan_removal
from isp_lifecycle.drivers.vsol import names
from isp_lifecycle.drivers.vsol.commands import VsolCommands
from isp_lifecycle.drivers.vsol.dialect import DIALECT

COMMANDS, PROFILE = VsolCommands(), OltProfile()
PORT, SERIAL = PonPort(0, 0, 3), Serial.parse("GPON00ab12cd")
WANTED = LineWanted("S-000001", PORT, SERIAL, 600, "ge0/1", 102400, 51200)
UP, DOWN = RateTable("isp-51200-up", 100, 51200, "up"), RateTable("isp-102400-down", 100, 102400, "down")
NOTHING = LineFound("OLT01", None, (), (), None, (), (), ())
READY = replace(NOTHING, vlan=VlanFound(600, "802.1Q", ("ge0/1",)), rate_tables=(UP, DOWN))
ONT = OntFound(PORT, 1, SERIAL, "S-000001", ont_type="V2802GW")
FLOW = ServicePortFound(1, PORT, 1, 1, 600, replace(DOWN, index=None), replace(UP, index=1))
STANDING = replace(READY, ont=ONT, same_key=(ONT,), service_ports=(FLOW,), on_port=((1, SERIAL),))
REGISTERED = ("onu add 1 profile default sn GPON00AB12CD", "onu 1 desc S-000001")
JOINED = (
    "interface gpon 0/3",
    "onu 1 tcont 1 name isp-1 dba isp-51200-up",
    "onu 1 gemport 1 tcont 1 gemport_name isp-1",
    "onu 1 gemport 1 traffic-limit downstream isp-102400-down",
    "onu 1 service vlan600 gemport 1 vlan 600",
    "onu 1 service-port 1 gemport 1 uservlan 600 vlan 600",
    "exit",
)


def typed(found: LineFound, wanted: LineWanted = WANTED) -> tuple[str, ...]:
    return plan_line(found=found, wanted=wanted, profile=PROFILE, commands=COMMANDS).commands


def test_line_from_nothing_is_typed_in_order() -> None:
    assert typed(NOTHING) == (
        *("vlan 600", "exit"),
        *("interface gigabitethernet 0/1", "switchport hybrid vlan 600 tagged", "exit"),
        *("profile traffic id 100 name isp-102400-down", "sir 0 pir 102400", "commit", "exit"),
        *("profile dba id 100 name isp-51200-up", "type 4 maximum 51200", "commit", "exit"),
        *("interface gpon 0/3", *REGISTERED, "exit"),
        *JOINED,
    )


def test_line_that_stands_needs_nothing() -> None:
    assert typed(STANDING) == ()
    assert differences(found=STANDING, wanted=WANTED, profile=PROFILE, commands=COMMANDS) == ()


def test_profiles_of_each_kind_are_numbered_by_themselves() -> None:
    others = tuple(RateTable(f"X{n}", n, 1, "up") for n in (100, 101, 511))
    numbered = [line for line in typed(replace(NOTHING, rate_tables=others)) if line.startswith("profile")]
    assert numbered == ["profile traffic id 100 name isp-102400-down", "profile dba id 102 name isp-51200-up"]
    full = tuple(RateTable(f"X{n}", n, 1, "up") for n in range(100, 511))
    with pytest.raises(RateTablesFull, match="up to index 510"):
        typed(replace(NOTHING, rate_tables=full))


def test_ids_begin_at_1_and_the_port_is_full_after_128() -> None:
    used = tuple((number, None) for number in range(1, 129))
    assert "onu add 128 profile default sn GPON00AB12CD" in typed(replace(READY, on_port=used[:-1]))
    with pytest.raises(PortFull):
        typed(replace(READY, on_port=used))


def test_new_rates_go_to_the_t_cont_that_the_flow_is_on() -> None:
    found = replace(STANDING, service_ports=(replace(FLOW, up=replace(UP, index=4)),))
    assert typed(found, replace(WANTED, up_kbps=102400)) == (
        *("profile dba id 101 name isp-102400-up", "type 4 maximum 102400", "commit", "exit"),
        "interface gpon 0/3",
        "onu 1 tcont 4 dba isp-102400-up",
        "onu 1 gemport 1 traffic-limit downstream isp-102400-down",
        "exit",
    )


def test_suspension_and_resumption() -> None:
    assert typed(STANDING, replace(WANTED, enabled=False)) == ("interface gpon 0/3", "onu 1 deactivate", "exit")
    off = replace(STANDING, ont=replace(ONT, enabled=False))
    assert typed(off) == ("interface gpon 0/3", "onu 1 activate", "exit")


@pytest.mark.parametrize("enabled", [True, False])
def test_swap_registers_anew_with_the_same_profile_and_makes_the_flow_again(*, enabled: bool) -> None:
    wanted = replace(WANTED, serial=Serial.parse("HWTC-00C0FFEE"), replaces=SERIAL, enabled=enabled)
    standing = replace(ONT, enabled=enabled)
    assert typed(replace(STANDING, ont=None, same_key=(standing,)), wanted) == (
        "interface gpon 0/3",
        "no onu 1",
        "onu add 1 profile V2802GW sn HWTC00C0FFEE",
        "onu 1 desc S-000001",
        *(() if enabled else ("onu 1 deactivate",)),
        "exit",
        *JOINED,
    )


def test_swap_that_takes_others_is_for_a_person() -> None:
    wanted = replace(WANTED, serial=Serial.parse("HWTC-00C0FFEE"), replaces=SERIAL)
    television = replace(FLOW, index=2, gem_port=2, vlan=800)
    with pytest.raises(SwapTakesOthers, match="service port 2 on VLAN 800"):
        typed(replace(STANDING, ont=None, service_ports=(FLOW, television)), wanted)


def test_removal_takes_the_flow_and_then_the_ont() -> None:
    assert plan_removal(found=STANDING, key="S-000001", commands=COMMANDS).commands == (
        *("interface gpon 0/3", "no onu 1 service-port 1", "no onu 1 service vlan600", "exit"),
        *("interface gpon 0/3", "no onu 1", "exit"),
    )


def test_ports_and_serial_numbers_have_more_than_one_form() -> None:
    assert names.onu_place("GPON0/7:12") == names.onu_place("1/1/7:12") == (PonPort(0, 0, 7), 12)
    assert [names.uplink(text) for text in ("gigabitethernet 0/1", "GE0/1", "xe 0/1")] == ["ge0/1", "ge0/1", "xe 0/1"]
    assert [names.interface_of(text) for text in ("ge0/1", "xe 0/1")] == ["gigabitethernet 0/1", "xe 0/1"]
    assert printed.typed(printed.serial("HWTC10ea4bab")) == "HWTC10EA4BAB"


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        ("OnuIndex   Sn   State\n-----\n\nError: No related information to show. 62310", Meaning.ABSENT),
        ("profile isn't existed", Meaning.ABSENT),
        ("profile is not exist", Meaning.ABSENT),
        ("Error: onu is not exist.", Meaning.ABSENT),
        ("profile is already existed.", Meaning.PRESENT),
        ("Profile already existed", Meaning.PRESENT),
        ("Error: onu sn is already existed.", Meaning.PRESENT),
        ("Error: service-port is already existed.", Meaning.REPEATED),
        ("Error: onu is offline.", Meaning.OFFLINE),
        ("% Unknown command.", Meaning.UNSUPPORTED),
        ("% Command incomplete.", Meaning.UNSUPPORTED),
        ("% There is no matched command", Meaning.UNSUPPORTED),
        ("Error: System is busy, please try again later.", Meaning.BUSY),
        ("Bad Password...\nPlease retry", Meaning.REJECTED),
    ],
)
def test_answers_mean_what_they_say(answer: str, meaning: Meaning) -> None:
    rule = DIALECT.meaning_of(answer)
    assert rule is not None
    assert rule.meaning is meaning


@pytest.mark.parametrize("answer", ["Error: something new", "% something new", "Failed to set."])
def test_unknown_rejection_is_one_all_the_same(answer: str) -> None:
    assert DIALECT.meaning_of(answer) is None
    assert DIALECT.rejected.search(answer)


@pytest.mark.parametrize(
    "said",
    [
        "Note: Register pon 1 onu 5 OK.",
        "Note: pon 1 onu 7 set profile line name x OK.",
        "profile_id:9 create success",
    ],
)
def test_good_news_is_no_rejection(said: str) -> None:
    assert DIALECT.meaning_of(said) is None
    assert not DIALECT.rejected.search(said)
    assert any(form.search(said) for form in DIALECT.harmless)


@pytest.mark.parametrize(
    ("text", "host", "mode"),
    [
        ("\ngpon-olt> ", "gpon-olt", None),
        ("\nOLT_BANCADA_VSOL# ", "OLT_BANCADA_VSOL", None),
        ("\nZona_Bº_Belgrano(config)# ", "Zona_Bº_Belgrano", "config"),
        ("\ngpon-olt(config-pon-0/1)# ", "gpon-olt", "config-pon-0/1"),
        ("\ngpon-olt(profile-dba:100)# ", "gpon-olt", "profile-dba:100"),
        ("\ngpon-olt(config-if-ge0/9)#", "gpon-olt", "config-if-ge0/9"),
    ],
)
def test_prompts(text: str, host: str, mode: str | None) -> None:
    prompt = DIALECT.prompt.search(text)
    assert prompt is not None
    assert (prompt["host"], prompt["mode"]) == (host, mode)


def test_page_that_was_turned_leaves_no_trace() -> None:
    text = "onu 1 desc A\n --More-- " + "\x08" * 10 + " " * 10 + "\x08" * 10 + "onu 2 desc B"
    for noise in DIALECT.noise:
        text = noise.sub("", text)
    assert text == "onu 1 desc A\nonu 2 desc B"


def test_unasked_line_is_taken_out_with_its_line_ends() -> None:
    event = "\n2026/08/06 12:15:28   ONU Offline   PON 0/7 ONU 22 sn GPON00B8FF21\n"
    assert DIALECT.alarm.sub("", f"GPON0/1:1  enable\n{event}GPON0/1:2  on") == "GPON0/1:1  enable\nGPON0/1:2  on"
    assert DIALECT.alarm_begun.search("GPON0/1:1  enable\n2026/08/06 12:15:28   ONU Off")
