"""From what stands and what is wanted to the lines that are typed at a C600, and what its answers mean."""

from __future__ import annotations

from dataclasses import replace

import pytest

from isp_lifecycle.drivers.contract import (
    LineFound,
    LineWanted,
    OltAccess,
    OltProfile,
    OntFound,
    PonPort,
    RateTable,
    Serial,
    ServicePortFound,
    Transcript,
    VlanFound,
)
from isp_lifecycle.drivers.dialect import Meaning
from isp_lifecycle.drivers.errors import CommandRejected, KeysHidden, LoginRefused
from isp_lifecycle.drivers.planning import plan_line, plan_removal
from isp_lifecycle.drivers.session import CliSession
from isp_lifecycle.drivers.zte import ZTE_C600
from isp_lifecycle.drivers.zte.dialect import DIALECT, TITAN_DIALECT
from isp_lifecycle.drivers.zte.titan.commands import TitanCommands
from tests.unit.drivers.test_zte_session import Zxan

COMMANDS, PROFILE = TitanCommands(), OltProfile()
PORT, SERIAL = PonPort(1, 1, 3), Serial.parse("ZTEGC1234567")
WANTED = LineWanted("S-000001", PORT, SERIAL, 600, "xgei-1/4/1", 102400, 51200)
UP, DOWN = RateTable("isp-51200-up", None, 51200, "up"), RateTable("isp-102400-down", None, 102400, "down")
NOTHING = LineFound("OLT01", None, (), (), None, (), (), ())
READY = replace(NOTHING, vlan=VlanFound(600, "802.1Q", ("xgei-1/4/1",)), rate_tables=(UP, DOWN))
ONT = OntFound(PORT, 1, SERIAL, "S-000001")
FLOW = ServicePortFound(1, PORT, 1, 1, 600, DOWN, replace(UP, index=1))
STANDING = replace(READY, ont=ONT, same_key=(ONT,), service_ports=(FLOW,), on_port=((1, SERIAL),))
ACCESS = OltAccess("OLT01", "zte-c600", "192.0.2.1", 23, "driver", "s3cret-pw", read_timeout=5.0, busy_patience=0.6)


def typed(found: LineFound, wanted: LineWanted = WANTED) -> tuple[str, ...]:
    return plan_line(found=found, wanted=wanted, profile=PROFILE, commands=COMMANDS).commands


def test_line_from_nothing_is_typed_in_order() -> None:
    assert typed(NOTHING) == (
        *("vlan 600", "exit"),
        *("interface xgei-1/4/1", "switchport vlan 600 tag", "exit"),
        "traffic-profile isp-102400-down cir 102400 cbs 1024 pir 102400 pbs 1024",
        *("gpon", "profile tcont isp-51200-up type 4 maximum 51200", "exit"),
        *("interface gpon_olt-1/1/3", "onu 1 type ALL sn ZTEGC1234567", "exit"),
        *("interface gpon_onu-1/1/3:1", "name S-000001", "description S-000001", "exit"),
        *("interface gpon_onu-1/1/3:1", "tcont 1 profile isp-51200-up", "gemport 1 tcont 1", "exit"),
        *("pon-onu-mng gpon_onu-1/1/3:1", "service vlan600 gemport 1 vlan 600", "exit"),
        "interface vport-1/1/3.1:1",
        "service-port 1 user-vlan 600 vlan 600",
        "qos traffic-policy isp-102400-down direction egress",
        "exit",
    )


def test_new_rates_go_to_the_t_cont_and_to_the_virtual_port() -> None:
    found = replace(STANDING, service_ports=(replace(FLOW, down=None, up=replace(UP, index=4)),))
    assert typed(found) == (
        *("interface gpon_onu-1/1/3:1", "tcont 4 profile isp-51200-up", "exit"),
        *("interface vport-1/1/3.1:1", "qos traffic-policy isp-102400-down direction egress", "exit"),
    )


def test_suspension_resumption_and_swap() -> None:
    off = replace(STANDING, ont=replace(ONT, enabled=False))
    assert typed(STANDING, replace(WANTED, enabled=False)) == ("interface gpon_onu-1/1/3:1", "admin disable", "exit")
    assert typed(off) == ("interface gpon_onu-1/1/3:1", "admin enable", "exit")
    new = Serial.parse("HWTC-00C0FFEE")
    swapped = typed(replace(STANDING, ont=None), replace(WANTED, serial=new, replaces=SERIAL))
    assert swapped == ("interface gpon_onu-1/1/3:1", "registration-method sn HWTC00C0FFEE", "exit")


def test_removal_takes_the_flow_from_its_virtual_port_and_then_the_ont() -> None:
    assert plan_removal(found=STANDING, key="S-000001", commands=COMMANDS).commands == (
        *("pon-onu-mng gpon_onu-1/1/3:1", "no service vlan600", "exit"),
        *("interface vport-1/1/3.1:1", "no service-port 1", "exit"),
        *("interface gpon_olt-1/1/3", "no onu 1", "exit"),
    )


INVALID = "         ^\n%Error 140303: Invalid input detected at '^' marker."


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        ("%Error 230285: No related information to show.", Meaning.ABSENT),
        ("%Error 223981: Profile does not exist.", Meaning.ABSENT),
        ("%Error 223845: UNI does not exist.", Meaning.ABSENT),
        ("%Error 222391: The entry is existed. This is a re-create operation.", Meaning.PRESENT),
        (INVALID, Meaning.UNSUPPORTED),
        ("%Error 140301: Ambiguous command.", Meaning.UNSUPPORTED),
        ("%Error 140305: Incomplete command.", Meaning.UNSUPPORTED),
    ],
)
def test_answers_mean_what_they_say(answer: str, meaning: Meaning) -> None:
    rule = TITAN_DIALECT.meaning_of(answer, "show gpon onu state")
    assert rule is not None
    assert rule.meaning is meaning


def test_invalid_input_means_no_such_thing_where_only_a_name_can_be_wrong() -> None:
    for command in ("interface vport-1/1/1.9:1", "pon-onu-mng gpon_onu-1/1/1:9"):
        rule = TITAN_DIALECT.meaning_of(INVALID, command)
        assert rule is not None
        assert rule.meaning is Meaning.ABSENT
    for dialect, command in ((TITAN_DIALECT, "show running-config-interface x"), (DIALECT, "interface x")):
        rule = dialect.meaning_of(INVALID.replace("140303", "20200") if dialect is DIALECT else INVALID, command)
        assert rule is not None
        assert rule.meaning is Meaning.UNSUPPORTED


@pytest.mark.parametrize(
    "answer", ["%Error 222387: Can't modify vport mode.", "%Error 223982: Please check if the port is in the VLAN."]
)
def test_unknown_rejection_is_one_all_the_same(answer: str) -> None:
    assert TITAN_DIALECT.meaning_of(answer) is None
    assert TITAN_DIALECT.rejected.search(answer)


# --- a session by script ----------------------------------------------------------------------------------------------


def opened(wire: Zxan) -> CliSession:
    return CliSession.open(ACCESS, ZTE_C600, Transcript(), connect=lambda _: wire)


def test_banner_with_the_word_failure_is_no_refusal() -> None:
    banner = (
        "\r\n                Welcome to TITAN series OLT of ZTE Corporation\r\n"
        "Login at 10:54:47 08-17-2026 from 192.0.2.7 through SSH.\r\n"
        "The last successful login was performed at 10:53:16 08-17-2026 from 192.0.2.\r\n"
        "7 through SSH. Afterwards, 0 authentication failure occurred.\r\nZXAN#"
    )
    with opened(Zxan(greeting=banner)) as olt:
        assert olt.alive()


def test_wrong_password_is_said_in_titan_s_words() -> None:
    said = {
        "driver": ["driver\r\nPassword:"],
        "s3cret-pw": ["\r\n% Username or password error\r\nUsername:"],
    }
    with pytest.raises(LoginRefused, match="password error"):
        opened(Zxan(lambda line: said[line], greeting="\r\nUsername:"))


def test_line_said_again_before_the_caret_is_no_answer_of_its_own() -> None:
    """As a C600 does it: the line once more, the caret below the word, the error."""
    with opened(Zxan(lambda line: f"{line}\n{INVALID}" if line.startswith("show version") else "")) as olt:
        assert olt._talk.ask("show version", accept=frozenset({Meaning.UNSUPPORTED})).meaning is Meaning.UNSUPPORTED


def test_firmware_that_cannot_print_one_interface_is_not_taken_for_an_empty_port() -> None:
    with opened(Zxan(lambda line: INVALID if line.startswith("show running-config-interface") else "")) as olt:
        with pytest.raises(CommandRejected, match="gpon_olt-1/1/3"):
            olt.read(WANTED)


def test_onts_whose_descriptions_are_hidden_are_nobody_s() -> None:
    """As a C620 and a C600 V1.2.2 show them: whose line it is cannot be told, and nobody must guess."""
    shown = "!<xpon>\ninterface gpon_onu-1/1/3:1\n  name ********\n  description ********\n$\n!</xpon>"
    said = {
        "show gpon onu by sn ZTEGC1234567": "SearchResult\n----\ngpon_onu-1/1/3:1",
        "show running-config-interface gpon_onu-1/1/3:1": shown,
    }
    with opened(Zxan(lambda line: said.get(line, ""))) as olt:
        with pytest.raises(KeysHidden, match="OLT01 hides the names") as hidden:
            olt.find(SERIAL)
        assert "account that is shown them" in hidden.value.remedy


@pytest.mark.parametrize("others", ["  description ********", "  description zone_A\n  description ********"])
def test_line_is_not_begun_where_its_description_would_be_hidden(others: str) -> None:
    said = {
        "show running-config-interface gpon_olt-1/1/3": "!<xpon>\ninterface gpon_olt-1/1/3\n$\n!</xpon>",
        "show gpon onu by sn ZTEGC1234567": "%Error 230285: No related information to show.",
        "show running-config xpon | include description": others,
    }
    wire = Zxan(lambda line: said.get(line, ""))
    with opened(wire) as olt:
        with pytest.raises(KeysHidden):
            olt.read(WANTED)
    assert not any(line.startswith("interface") for line in wire.typed)
