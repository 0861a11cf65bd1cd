"""What may be typed by somebody who only looks: the judgement over lines, and the editor that makes lines of keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isp_lifecycle.drivers.editor import Key, LineEditor, keys_of
from isp_lifecycle.drivers.errors import LineRefused
from isp_lifecycle.drivers.registry import vendor_named, vendors
from isp_lifecycle.drivers.veil import Veil

HEADS = {"huawei": "display", "zte": "show", "zte-c600": "show", "vsol": "show"}

PASSED = [
    ("huawei", "dis ont info 0 1 0 all", "display ont info 0 1 0 all"),
    ("huawei", "  display   ont info by-sn  HWTC-00000001 ", "display ont info by-sn HWTC-00000001"),
    ("huawei", "INTERFACE gpon 0/1", "interface gpon 0/1"),
    ("zte", "sh gpon onu by sn ZTEGC0000001", "show gpon onu by sn ZTEGC0000001"),
    ("zte-c600", "show pon power attenuation gpon_onu-1/1/1:4", "show pon power attenuation gpon_onu-1/1/1:4"),
    ("vsol", "show onu 4 optical_info", "show onu 4 optical_info"),
    ("vsol", "configure terminal", "configure terminal"),
]
REFUSED = [
    ("huawei", "reboot"),
    ("huawei", "d"),
    ("huawei", "undo service-port 17"),
    ("huawei", "interface vlanif 100"),
    ("huawei", "interface gpon 0/1 extra"),
    ("huawei", "display current-configuration"),
    ("huawei", "display cur"),
    ("huawei", "display ont info 0 1 0 all | include x"),
    ("huawei", "display terminal user all"),
    ("huawei", "display log all"),
    ("zte", "show running-config"),
    ("zte", "show run"),
    ("zte", "show sn"),
    ("zte", "show users"),
    ("zte", "show card > flash:x"),
    ("zte", "interface gpon-olt_1/1/1"),
    ("zte", "show card;reboot"),
    ("zte", "show snmp-server community"),
    ("vsol", "show running-config onu 1"),
    ("vsol", "write"),
    ("vsol", "show version !x"),
    ("vsol", "interface vlan 5"),
    ("vsol", "show version " + "x" * 200),
]


@pytest.mark.parametrize(("vendor", "typed", "sent"), PASSED)
def test_what_reads_is_sent_with_its_first_word_in_full(vendor: str, typed: str, sent: str) -> None:
    assert vendor_named(vendor).reading.passed(typed) == sent


@pytest.mark.parametrize(("vendor", "typed"), REFUSED)
def test_what_changes_or_tells_secrets_is_refused(vendor: str, typed: str) -> None:
    with pytest.raises(LineRefused, match="Not sent"):
        vendor_named(vendor).reading.passed(typed)


@given(vendor=st.sampled_from(vendors()), typed=st.text(max_size=60) | st.from_regex(r"(dis|sho|show|display) .{0,40}"))
def test_whatever_is_typed_only_what_begins_by_reading_is_sent(vendor: str, typed: str) -> None:
    table = vendor_named(vendor).reading
    try:
        sent = table.passed(typed)
    except LineRefused:
        return
    moves = any(move.fullmatch(sent) for move in table.moves)
    assert moves or sent.split(" ")[0] == HEADS[vendor]
    assert not set(sent) & set("|<>;&`$!\\\"'#*\n\r\t\x00\x1b?")


@given(typed=st.text(alphabet=st.characters(max_codepoint=255) | st.sampled_from("\x1b[]ABP?\t\r\n\x7f"), max_size=80))
def test_no_key_puts_anything_but_letters_into_a_line(typed: str) -> None:
    editor, lines = LineEditor(), []
    for key in keys_of(typed):
        _, more = editor.press(key)
        if more is Key.ENTER:
            lines.append(editor.taken())
    assert all(" " <= letter <= "~" and letter != "?" for line in [*lines, editor.text] for letter in line)


def test_every_vendor_offers_only_what_it_lets_through() -> None:
    for vendor in vendors():
        table = vendor_named(vendor).reading
        for offer in table.offers:
            for word, number in (("0/SLOT/PORT", "0/1/0"), ("0/SLOT", "0/1"), ("0/PORT", "0/1")):
                offer = offer.replace(word, number)
            typed = " ".join("1" if word.isupper() else word for word in offer.split())
            assert table.passed(typed) == typed


@pytest.mark.parametrize("cut", range(1, 58))
def test_a_secret_is_masked_wherever_the_network_cuts_it(cut: int) -> None:
    said = "sysname swordfish\r\n username ann password 5 hidden\r\nOLT#"
    veil = Veil(["swordfish"])
    shown = veil.of(said[:cut]) + veil.of(said[cut:]) + veil.rest()
    assert shown == "sysname ******\r\n username ann password ******\r\nOLT#"


def test_codes_that_act_on_a_terminal_are_dropped_and_colours_stay() -> None:
    veil = Veil([])
    said = "\x1b]52;c;QUJD\x07a\x1b[31mb\x1b[0m\x1b[?1049h\x1bP$q\x1b\\c\x1b[6n\x1b[3"
    assert veil.of(said) + veil.of("2md") == "a\x1b[31mb\x1b[0mc\x1b[32md"


def test_a_prompt_is_never_held_back() -> None:
    for prompt in ("OLT-PASSAGE#", "Password:", "OLT(config)#", "---- More ( Press 'Q' to break ) ----"):
        assert Veil(["#secret"]).of(f"x\r\n{prompt}") == f"x\r\n{prompt}"
