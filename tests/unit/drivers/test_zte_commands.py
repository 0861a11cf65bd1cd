"""From what stands and what is wanted to the lines that are typed at a ZXA10."""

from __future__ import annotations

from dataclasses import replace

import pytest

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
from isp_lifecycle.drivers.errors import PortFull
from isp_lifecycle.drivers.planning import differences, plan_line, plan_removal
from isp_lifecycle.drivers.zte.commands import ZteCommands
from isp_lifecycle.drivers.zte.dialect import DIALECT

COMMANDS, PROFILE = ZteCommands(), OltProfile()
PORT, SERIAL = PonPort(1, 1, 3), Serial.parse("ZTEGC1234567")
WANTED = LineWanted("S-000001", PORT, SERIAL, 600, "xgei_1/4/1", 102400, 51200)
UP, DOWN = RateTable("isp-51200-up", None, 51200, "up"), RateTable("isp-102400-down", None, 102400, "down")
NOTHING = LineFound("OLT01", None, (), (), None, (), (), ())
READY = replace(NOTHING, vlan=VlanFound(600, "802.1Q", ("xgei_1/4/1",)), rate_tables=(UP, DOWN))
ONT = OntFound(PORT, 1, SERIAL, "S-000001")
FLOW = ServicePortFound(1, PORT, 1, 1, 600, DOWN, replace(UP, index=1))
STANDING = replace(READY, ont=ONT, same_key=(ONT,), service_ports=(FLOW,), on_port=((1, SERIAL),))


def typed(found: LineFound, wanted: LineWanted = WANTED) -> tuple[str, ...]:
    return plan_line(found=found, wanted=wanted, profile=PROFILE, commands=COMMANDS).commands


def test_line_from_nothing_is_typed_in_order() -> None:
    assert typed(NOTHING) == (
        *("vlan database", "vlan 600", "exit"),
        *("interface xgei_1/4/1", "switchport vlan 600 tag", "exit"),
        *("gpon", "profile traffic isp-102400-down sir 102400 pir 102400", "exit"),
        *("gpon", "profile tcont isp-51200-up type 4 maximum 51200", "exit"),
        *("interface gpon-olt_1/1/3", "onu 1 type ALL sn ZTEGC1234567", "exit"),
        *("interface gpon-onu_1/1/3:1", "name S-000001", "description S-000001", "exit"),
        "interface gpon-onu_1/1/3:1",
        "tcont 1 name isp-1 profile isp-51200-up",
        "gemport 1 name isp-1 tcont 1",
        "gemport 1 traffic-limit downstream isp-102400-down",
        "exit",
        *("pon-onu-mng gpon-onu_1/1/3:1", "service vlan600 gemport 1 vlan 600", "exit"),
        *("interface gpon-onu_1/1/3:1", "service-port 1 vport 1 user-vlan 600 vlan 600", "exit"),
    )


def test_line_that_stands_needs_nothing() -> None:
    assert typed(STANDING) == ()
    assert differences(found=STANDING, wanted=WANTED, profile=PROFILE, commands=COMMANDS) == ()


def test_ids_begin_at_1_and_the_port_is_full_after_128() -> None:
    used = tuple((number, None) for number in range(1, 129))
    assert "onu 128 type ALL sn ZTEGC1234567" in typed(replace(READY, on_port=used[:-1]))
    with pytest.raises(PortFull):
        typed(replace(READY, on_port=used))


def test_new_rates_go_to_the_t_cont_that_the_flow_is_on() -> None:
    elsewhere = replace(FLOW, up=replace(UP, index=4))
    found = replace(STANDING, service_ports=(elsewhere,))
    assert typed(found, replace(WANTED, up_kbps=102400)) == (
        *("gpon", "profile tcont isp-102400-up type 4 maximum 102400", "exit"),
        "interface gpon-onu_1/1/3:1",
        "tcont 4 profile isp-102400-up",
        "gemport 1 traffic-limit downstream isp-102400-down",
        "exit",
    )


def test_suspension_resumption_and_swap() -> None:
    assert typed(STANDING, replace(WANTED, enabled=False)) == ("interface gpon-onu_1/1/3:1", "shutdown", "exit")
    off = replace(STANDING, ont=replace(ONT, enabled=False))
    assert typed(off) == ("interface gpon-onu_1/1/3:1", "no shutdown", "exit")
    new = Serial.parse("HWTC-00C0FFEE")
    swapped = typed(replace(STANDING, ont=None), replace(WANTED, serial=new, replaces=SERIAL))
    assert swapped == ("interface gpon-onu_1/1/3:1", "registration-method sn HWTC00C0FFEE", "exit")


def test_removal_takes_the_flow_and_then_the_ont() -> None:
    assert plan_removal(found=STANDING, key="S-000001", commands=COMMANDS).commands == (
        *("pon-onu-mng gpon-onu_1/1/3:1", "no service vlan600", "exit"),
        *("interface gpon-onu_1/1/3:1", "no service-port 1", "exit"),
        *("interface gpon-olt_1/1/3", "no onu 1", "exit"),
    )


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        ("%Code 62310-GPONSRV : No related information to show.", Meaning.ABSENT),
        ("%Code 32310-GPONSRV : No related information to show.", Meaning.ABSENT),
        ("%Code 62397-GPONSRV: The entry is not existed.", Meaning.ABSENT),
        ("%Error 20202: Invalid input detected at '^' marker. Invalid parameter", Meaning.ABSENT),
        ("%Code 62391-GPONSRV : The entry is existed. This is a re-create operation.", Meaning.PRESENT),
        ("%Error 326: The onu of this position exists", Meaning.PRESENT),
        ("%Code 63869-GPONRM : Record already exists.", Meaning.REPEATED),
        ("%Code 66661: The service is already existed.", Meaning.REPEATED),
        ("%Code 63904-GPONRM : Not support this ONU", Meaning.REJECTED),
        ("%Code 64007-GPONRM : Operation is forbidden for conflicting with some applied onu-profile", Meaning.REJECTED),
        ("gpon-onu_1/1/2:31 is not online", Meaning.OFFLINE),
        ("%Code 33987-GPONRM : ONU is unavailable", Meaning.OFFLINE),
        ("        ^\n%Error 20200: Invalid input detected at '^' marker.", Meaning.UNSUPPORTED),
        ("%Error 20203: Incomplete command", Meaning.UNSUPPORTED),
        ("%Error 20000: System is busy, please try again later.", Meaning.BUSY),
    ],
)
def test_answers_mean_what_they_say(answer: str, meaning: Meaning) -> None:
    rule = DIALECT.meaning_of(answer)
    assert rule is not None
    assert rule.meaning is meaning


@pytest.mark.parametrize("answer", ["%Error 123456: something new", "%Code 63990-GPONRM : ONT return error"])
def test_unknown_rejection_is_one_all_the_same(answer: str) -> None:
    assert DIALECT.meaning_of(answer) is None
    assert DIALECT.rejected.search(answer)


def test_information_is_no_rejection() -> None:
    info = "%Info 20272: Enter configuration commands, one per line.  End with CTRL/Z."
    assert not DIALECT.rejected.search(info)
    assert any(form.search(info) for form in DIALECT.harmless)
    assert any(form.search("[Successful]") for form in DIALECT.harmless)


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("\nZXAN>", None),
        ("\nZXAN#", None),
        ("\nOLT-ZTE_C320(config)#", "config"),
        ("\nZXAN(config-if)#", "config-if"),
        ("\nZXAN(gpon-onu-mng 1/1/1:15)#", "gpon-onu-mng 1/1/1:15"),
    ],
)
def test_prompts(text: str, mode: str | None) -> None:
    prompt = DIALECT.prompt.search(text)
    assert prompt is not None
    assert prompt["mode"] == mode


@pytest.mark.parametrize("erased", ["\x08" * 9 + " " * 9 + "\x08" * 9, "\x08 \x08" * 8, ""])
def test_page_that_was_turned_leaves_no_trace(erased: str) -> None:
    """Two ways of taking the pager's line back are seen: at once, and letter by letter."""
    text = f"  onu 1 type ALL\n --More--{erased}  onu 2 type ALL"
    for noise in DIALECT.noise:
        text = noise.sub("", text)
    assert text == "  onu 1 type ALL\n  onu 2 type ALL"
