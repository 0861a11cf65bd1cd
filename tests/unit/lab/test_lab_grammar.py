"""The command grammar and the meaning of typed lines: hints, errors and the column of the caret."""

import pytest

from isp_lifecycle.lab.grammar import Fitting, Wrong, fit, pattern, threads_of, tokens
from isp_lifecycle.lab.ma5800.console import Mode
from isp_lifecycle.lab.ma5800.interpreter import TABLE, Hint, Meaning, Ready, Refusal, interpret
from isp_lifecycle.lab.ma5800.kinds import KINDS
from isp_lifecycle.lab.serials import serial_hex, serial_shown


def _plain(line: str, mode: Mode = Mode.CONFIG) -> Meaning:
    return interpret(line, mode=mode, smart=False, final=False)


def _smart(line: str, mode: Mode = Mode.CONFIG) -> Meaning:
    return interpret(line, mode=mode, smart=True, final=False)


def test_patterns_take_optional_parts_and_choices() -> None:
    threads = threads_of({"add": pattern("add {port} [{ont}] (sn {sn}|desc {desc}) [omci]", KINDS)})
    fitting = fit(threads, tokens('add 3 desc "x y"'))
    assert isinstance(fitting, Fitting)
    assert dict(fitting.complete[0].bound) == {"+add": True, "port": 3, "+desc": True, "desc": "x y"}
    assert [leaf.label for leaf in fitting.expected] == ["omci<K>"]


def test_quoted_text_keeps_its_column() -> None:
    assert [(token.text, token.column) for token in tokens('ont add 0 "a b"  c')] == [
        ("ont", 0), ("add", 4), ("0", 8), ("a b", 10), ("c", 17),
    ]  # fmt: skip


def test_wrong_word_is_where_no_pattern_can_go_on() -> None:
    threads = threads_of({"a": pattern("show {port} state", KINDS), "b": pattern("show all", KINDS)})
    assert fit(threads, tokens("show 3 stat x")) == Wrong("% Too many parameters, the error locates at '^'", 12)
    assert fit(threads, tokens("show 99")) == Wrong("% Parameter error, the error locates at '^'", 5)
    assert fit(threads, tokens("hide")) == Wrong("% Unknown command, the error locates at '^'", 0)


@pytest.mark.parametrize(
    ("line", "mode", "text", "column"),
    [
        ("display foo", Mode.CONFIG, "% Unknown command, the error locates at '^'", 8),
        ("screen-length 0 temporary", Mode.CONFIG, "% Unknown command, the error locates at '^'", 0),
        ("ont delete 0 5", Mode.CONFIG, "% Unknown command, the error locates at '^'", 0),
        ("undo service-port index 17", Mode.CONFIG, "% Parameter error, the error locates at '^'", 18),
        ("ont delete 0 256", Mode.GPON, "% Parameter error, the error locates at '^'", 13),
        ("ont modify 0 5 colour red", Mode.GPON, "% Parameter error, the error locates at '^'", 15),
        ("ont delete 0 5 now", Mode.GPON, "% Too many parameters, the error locates at '^'", 15),
        ("config now", Mode.ENABLE, "% Too many parameters, the error locates at '^'", 7),
        ("dis", Mode.ENABLE, "% Ambiguous command, the error locates at '^'", 0),
        (
            "traffic table ip index 22 cir 1024 pir 1024",
            Mode.CONFIG,
            "% Incomplete command, the error locates at '^'",
            43,
        ),
    ],
)
def test_refusals_name_the_error_and_its_column(line: str, mode: Mode, text: str, column: int) -> None:
    assert _plain(line, mode) == Refusal(text, column)


@pytest.mark.parametrize(
    ("line", "mode", "hint"),
    [
        ("display ont autofind all", Mode.CONFIG, "{ <cr>||<K> }:"),
        ("display service-port all", Mode.CONFIG, "{ <cr>|sort-by<K>||<K> }:"),
        ("display board", Mode.CONFIG, "{ <cr>|backplane<K>|frameid/slotid<S><Length 1-15> }:"),
        ("display version", Mode.USER, "{ <cr>|backplane<K>|frameid/slotid<S><Length 1-15> }:"),
        ("display vlan all", Mode.CONFIG, "{ <cr>|vlanattr<K>|vlantype<E><mux,standard,smart> }:"),
        ("scroll", Mode.USER, "{ <cr>|number<U><10,512> }:"),
        ("save", Mode.CONFIG, "{ <cr>|configuration<K>|data<K> }:"),
        (
            "display current-configuration",
            Mode.CONFIG,
            "{ <cr>|ont<K>|port<K>|section<K>|service-port<K>|simple<K>||<K> }:",
        ),
        (
            'ont add 0 sn-auth "48575443AB000001" omci ont-lineprofile-id 10 ont-srvprofile-id 10 desc "x"',
            Mode.GPON,
            "{ <cr>|ont-type<K> }:",
        ),
        ("interface gpon", Mode.CONFIG, "{ frameid/slotid<S><Length 1-15> }:"),
    ],
)
def test_smart_mode_shows_what_may_follow(line: str, mode: Mode, hint: str) -> None:
    assert _smart(line, mode) == Hint(hint)


@pytest.mark.parametrize(
    ("line", "mode"),
    [
        ("enable", Mode.USER),
        ("undo smart", Mode.USER),
        ("undo service-port 17", Mode.CONFIG),
        ("display board 0", Mode.CONFIG),
        ("display ont autofind all | no-more", Mode.CONFIG),
        ("scroll 512", Mode.ENABLE),
    ],
)
def test_smart_mode_runs_what_can_take_no_more(line: str, mode: Mode) -> None:
    assert isinstance(_smart(line, mode), Ready)


def test_keywords_may_be_abbreviated() -> None:
    meaning = _plain("disp ont info by-sn 48575443AB000001")
    assert isinstance(meaning, Ready)
    assert meaning.command.text == "display ont info by-sn {sn}"


def test_exact_keyword_wins_over_a_longer_one() -> None:
    meaning = _smart("display ont")
    assert isinstance(meaning, Hint)
    assert "gpon<K>" not in meaning.text  # would follow ont-lineprofile


def test_every_command_of_the_table_has_a_reachable_form() -> None:
    assert all(command.modes for command in TABLE)
    assert len({(command.text, command.modes) for command in TABLE}) == len(TABLE)


@pytest.mark.parametrize(
    ("spelling", "digits"),
    [
        ("48575443aabbccdd", "48575443AABBCCDD"),
        ("HWTC-AABBCCDD", "48575443AABBCCDD"),
        ("HWTCAABBCCDD", "48575443AABBCCDD"),
        ("FHTT983DEFE8", "46485454983DEFE8"),
        ("HWTC-AABBCC", None),
        ("4857544300", None),
    ],
)
def test_serials_are_read_in_both_spellings(spelling: str, digits: str | None) -> None:
    assert serial_hex(spelling) == digits
    if digits:
        assert serial_hex(serial_shown(digits)) == digits


def test_lists_and_places_are_read() -> None:
    assert KINDS["vlans"].read("100,200-202") == (100, 200, 201, 202)
    assert KINDS["vlans"].read("100,5000") is None
    assert KINDS["fsp"].read("0/1/15") == (1, 15)
    assert KINDS["fsp"].read("1/1/15") is None
    assert KINDS["frame_or_slot"].read("0") == ()
