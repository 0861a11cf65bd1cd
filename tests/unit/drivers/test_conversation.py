"""The dialogue with a device: what section 9 of the device facts asks of a driver, one test each."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isp_lifecycle.drivers.contract import OltAccess, Transcript
from isp_lifecycle.drivers.conversation import Conversation
from isp_lifecycle.drivers.dialect import Meaning
from isp_lifecycle.drivers.errors import (
    ChangedMeanwhile,
    CommandRejected,
    LoginRefused,
    OltBusy,
    OltUnreachable,
    SessionLost,
    SessionsExhausted,
    UnknownAnswer,
    UnknownPrompt,
)
from isp_lifecycle.drivers.huawei.dialect import ANSWERS, DIALECT
from isp_lifecycle.foundation.errors import NeedsPerson, Refused, Unreachable
from tests.unit.drivers.scripted_device import ACCESS, GREETING, HOST, Said, ScriptedWire

QUIET = dict.fromkeys(DIALECT.set_up, "")
PROMPT = f"{HOST}(config)#"


def conversation(
    answers: dict[str, str | list[Said]] | None = None,
    *,
    greeting: list[Said] | None = None,
    access: OltAccess = ACCESS,
) -> tuple[Conversation, ScriptedWire]:
    table = QUIET | (answers or {})
    wire = ScriptedWire(lambda line: table.get(line, ""), greeting=greeting)
    return Conversation(wire, DIALECT, access, Transcript()), wire


def logged_in(answers: dict[str, str | list[Said]]) -> tuple[Conversation, ScriptedWire]:
    talk, wire = conversation(answers)
    talk.login()
    wire.typed.clear()
    return talk, wire


def test_login_sets_the_session_up_and_rests_in_config_mode() -> None:
    talk, wire = conversation({"undo smart": "  Interactive function is disabled"})
    talk.login()
    assert wire.typed == ["undo smart", "enable", "infoswitch cli OFF", "scroll 512", "config"]
    assert talk.mode == "config"


def test_login_survives_the_warning_that_comes_after_the_first_prompt() -> None:
    warning = "  Warning: The user password is set by other administrator or NMS, it is\r\nrecommended to change"
    late = f"\r\n{warning}\r\n\r\n{HOST}>"
    talk, wire = conversation(greeting=[GREETING, late])
    talk.login()
    assert talk.mode == "config"
    assert wire.typed[0] == "undo smart"


def test_a_prompt_that_came_late_is_not_taken_for_the_answer() -> None:
    """The stale prompt arrives after the command was sent, before its echo."""
    stale = f"\r\n  Warning: something\r\n\r\n{PROMPT}"
    version = f"display version\r\n\r\n  VERSION : X\r\n\r\n{PROMPT}"
    talk, _ = logged_in({"display version": [stale, version]})
    assert talk.ask("display version").text == "  VERSION : X"


def test_login_agrees_where_the_device_asks_yes_or_no() -> None:
    talk, wire = conversation(greeting=["\r\n  Please input YES/NO: ", f"\r\n{HOST}>"])
    talk.login()
    assert wire.typed[0] == "yes"


def test_login_over_telnet_gives_name_and_password() -> None:
    talk, wire = conversation(greeting=["\r\n>>User name:", "\r\n>>User password:", GREETING])
    talk.login()
    assert wire.typed[:2] == ["driver", "s3cret-pw"]
    assert "s3cret-pw" not in talk.transcript.text()


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ("  Username or password invalid.\r\n", LoginRefused),
        ("  Reenter times have reached the upper limit.\r\n", SessionsExhausted),
        ("  Configuration console time out, please retry to log on\r\n", OltUnreachable),
    ],
)
def test_login_that_the_device_refuses_is_named(said: str, error: type[Exception]) -> None:
    talk, wire = conversation(greeting=[said, None])
    with pytest.raises(error) as refused:
        talk.login()
    assert " ".join(said.split()).rstrip(".") in str(refused.value)
    assert wire.closed


def test_login_without_a_prompt_is_unreachable() -> None:
    talk, wire = conversation(greeting=["\r\n  Huawei Integrated Access Software\r\n"])
    with pytest.raises(OltUnreachable, match="no prompt"):
        talk.login()
    assert wire.closed


def test_hung_up_during_login_is_unreachable() -> None:
    talk, _ = conversation(greeting=["\r\nsomething", None])
    with pytest.raises(OltUnreachable, match="during login"):
        talk.login()


def test_old_banner_with_failed_logins_is_not_a_refusal() -> None:
    banner = (
        "\r\n  All user fail login information:\r\n  SSH  192.0.2.44  2024-03-12 12:29:42-04:00   37\r\n" + GREETING
    )
    talk, _ = conversation(greeting=[banner])
    talk.login()
    assert talk.mode == "config"


def test_pager_is_paged_and_leaves_no_trace() -> None:
    first = "display board 0\r\n  row 1\r\n---- More ( Press 'Q' to break ) ----"
    talk, wire = logged_in({"display board 0": [first], " ": [f"\r\n  row 2\r\n{PROMPT}"]})
    assert talk.ask("display board 0").text.split("\n") == ["  row 1", "", "  row 2"]
    assert wire.typed == ["display board 0", " "]


def test_completion_hint_gets_enter_and_leaves_no_trace() -> None:
    hint = "display version\r\n{ <cr>|backplane<K>|frameid/slotid<S><Length 1-15> }:"
    full = f"\r\n\r\n  Command:\r\n          display version\r\n  VERSION : X\r\n\r\n{PROMPT}"
    talk, wire = logged_in({"display version": [hint], "": [full]})
    assert talk.ask("display version").text.strip() == "VERSION : X"
    assert wire.typed == ["display version", ""]


def test_expected_confirmation_is_answered() -> None:
    question = "ont delete 0 1\r\n  Are you sure to delete the ONT? (y/n)[n]:"
    done = f"y\r\n  Number of ONTs that can be deleted: 1, success: 1\r\n\r\n{PROMPT}"
    talk, wire = logged_in({"ont delete 0 1": [question], "y": [done]})
    assert talk.change("ont delete 0 1").text.strip() == "Number of ONTs that can be deleted: 1, success: 1"
    assert wire.typed == ["ont delete 0 1", "y"]


@pytest.mark.parametrize(
    "question",
    [
        "  Warning: The operation will delete multiple or all service ports\r\n  Are you sure? (y/n)[n]:",
        "  Are you sure to reset the ONT(s)? (y/n)[n]:",
        "{ vlanid<U><1,4093> }:",
        "  Please enter the number of lives:",
    ],
)
def test_unknown_question_ends_the_session_unanswered(question: str) -> None:
    talk, wire = logged_in({"undo something": [f"undo something\r\n{question}"]})
    with pytest.raises(UnknownPrompt) as unknown:
        talk.ask("undo something")
    assert wire.typed == ["undo something"]
    assert wire.closed
    assert talk.closed
    assert question.split("\r\n")[-1].strip() in unknown.value.prompt
    with pytest.raises(SessionLost):
        talk.ask("display version")
    assert wire.typed == ["undo something"]


ALARM = """
  ! 1 [2024-01-01 10:00:00+00:00]:
  ALARM 33 FAULT MAJOR 0x2e112003 EQUIPMENT ONT
  ALARM NAME  : The distribute fiber is broken
  PARAMETERS  : FrameID: 0, SlotID: 1, PortID: 0, ONT ID: 5
  DESCRIPTION : ONT is off
  --- END
""".replace("\n", "\r\n")


def test_alarm_inside_an_answer_is_removed() -> None:
    talk, _ = logged_in({"display x": [f"display x\r\n  row 1\r\n{ALARM}  row 2\r\n{PROMPT}"]})
    assert talk.ask("display x").text.split() == ["row", "1", "row", "2"]


def test_alarm_inside_the_echo_and_after_the_prompt_changes_nothing() -> None:
    talk, _ = logged_in({"display x": [f"displ{ALARM}ay x\r\n  row 1\r\n{PROMPT}", ALARM]})
    assert talk.ask("display x").text.strip() == "row 1"


def test_half_an_alarm_is_waited_for() -> None:
    begun, rest = ALARM[:120], ALARM[120:]
    talk, _ = logged_in({"display x": [f"display x\r\n  row 1\r\n{begun}", f"{rest}  row 2\r\n{PROMPT}"]})
    assert talk.ask("display x").text.split() == ["row", "1", "row", "2"]


def test_alarm_cut_in_two_by_our_command_stays_out_of_the_answer() -> None:
    begun, rest = ALARM[:120], ALARM[120:]
    talk, wire = logged_in({"display x": [f"display x\r\n{rest}  row 1\r\n{PROMPT}"]})
    wire.unasked.append(ALARM + begun)
    assert talk.ask("display x").text.strip() == "row 1"
    assert "DESCRIPTION" in talk.transcript.text()


def test_what_is_said_unasked_is_evidence_but_no_answer() -> None:
    talk, wire = logged_in({"display x": "  row 1"})
    wire.unasked.append(f"{ALARM}\r\n{PROMPT}")
    assert talk.ask("display x").text.strip() == "row 1"
    assert "The distribute fiber is broken" in talk.transcript.text()
    wire.unasked.append("\r\n  Configuration console time out, please retry to log on\r\n")
    assert not talk.alive()


def test_answer_that_comes_twice_counts_once() -> None:
    talk, _ = logged_in({"display x": [f"display x\r\n  row 1\r\n\r\n{PROMPT}\r\n  row 1\r\n\r\n{PROMPT}"]})
    assert talk.ask("display x").text == "  row 1"


def test_alarm_just_after_the_prompt_leaves_the_prompt_that_follows_it_on_its_own_line() -> None:
    """Both prompts may arrive before anybody has seen the first: nothing more comes then."""
    alarm = ALARM.strip("\r\n")
    talk, _ = logged_in({"display x": [f"display x\r\n  row 1\r\n\r\n{PROMPT}\r\n{alarm}\r\n{PROMPT}"]})
    assert talk.ask("display x").text == "  row 1"


def test_alarm_with_a_prompt_of_its_own_before_the_answer() -> None:
    talk, _ = logged_in({"display x": [f"display x\r\n{ALARM}\r\n{PROMPT}\r\n  row 1\r\n\r\n{PROMPT}"]})
    assert talk.ask("display x").text == "  row 1"


@given(
    st.lists(st.sampled_from(["row 1", "row 2", "F/S/P : 0/1/0", "0/ 1/0    0  48575443F7DBA080  active"]), max_size=6),
    st.lists(st.integers(0, 6), max_size=3),
    st.data(),
)
def test_answer_is_the_same_however_alarms_and_the_network_cut_it(
    rows: list[str], alarms: list[int], data: st.DataObject
) -> None:
    lines = [f"  {row}\r\n" for row in rows]
    for place in sorted(alarms, reverse=True):
        lines.insert(min(place, len(lines)), ALARM)
    stream = f"display x\r\n{''.join(lines)}\r\n{PROMPT}"
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    talk, _ = logged_in({"display x": [piece for piece in pieces if piece]})
    assert [line.strip() for line in talk.ask("display x").text.splitlines() if line.strip()] == rows


def test_output_in_single_letters_is_the_same_answer() -> None:
    text = f"display x\r\n  row 1\r\n  F/S/P : 0/1/0\r\n\r\n{PROMPT}"
    talk, _ = logged_in({"display x": list(text)})
    assert talk.ask("display x").text == "  row 1\n  F/S/P : 0/1/0"


def test_busy_is_asked_again_and_recovers() -> None:
    answers = ["  Failure: System is busy, please retry after a while"] * 1 + ["  row 1"]
    wire = ScriptedWire(lambda line: answers.pop(0) if line == "display x" else "")
    talk = Conversation(wire, DIALECT, ACCESS, Transcript())
    talk.login()
    assert talk.ask("display x").text.strip() == "row 1"
    assert wire.typed[-2:] == ["display x", "display x"]
    assert "busy: asking again" in talk.transcript.text()


def test_busy_for_too_long_is_an_error_that_is_retried_later() -> None:
    talk, wire = logged_in(
        {"vlan 9 smart": "  Failure: System is reading or writing flash, please retry after a while"}
    )
    with pytest.raises(OltBusy) as busy:
        talk.ask("vlan 9 smart")
    assert isinstance(busy.value, Unreachable)
    assert busy.value.command == "vlan 9 smart"
    assert (
        wire.typed == ["vlan 9 smart"] * 2
    )  # 0.6 s of patience: at once, after 0.25 s, and 0.5 s more would be too long
    assert not talk.closed


def test_session_cut_mid_command_is_lost_and_says_during_what() -> None:
    talk, wire = logged_in({"ont add 0 1": ["ont add 0 1\r\n  Numb", None]})
    with pytest.raises(SessionLost, match="'ont add 0 1'"):
        talk.ask("ont add 0 1")
    assert wire.closed
    assert "Numb" in talk.transcript.text()


def test_silence_is_a_lost_session() -> None:
    talk, _ = logged_in({"display x": ["display x\r\n  row 1\r\n"]})
    with pytest.raises(SessionLost, match="no answer for 5 s"):
        talk.ask("display x")


def test_garbled_answer_without_echo_is_unknown_and_ends_the_session() -> None:
    talk, wire = logged_in({"display x": [f"dis#~lay\r\n  r?w 1\r\n{PROMPT}"]})
    with pytest.raises(UnknownAnswer, match="r\\?w 1"):
        talk.ask("display x")
    assert wire.closed


def test_rejection_that_no_rule_knows_is_unknown_and_keeps_the_session() -> None:
    talk, _ = logged_in({"ont add 0 1": "  Failure: The moon is in the wrong phase"})
    with pytest.raises(UnknownAnswer, match="wrong phase") as unknown:
        talk.ask("ont add 0 1")
    assert isinstance(unknown.value, NeedsPerson)
    assert talk.ask("display version").text == ""


def test_change_must_be_confirmed_in_known_words() -> None:
    talk, _ = logged_in(
        {"vlan 9 smart": "  Strange things happened", "vlan 8 smart": "", "vlan 7 smart": "  Info: fine"}
    )
    with pytest.raises(UnknownAnswer, match="Strange things"):
        talk.change("vlan 9 smart")
    assert talk.change("vlan 8 smart").text == ""
    assert talk.change("vlan 7 smart").meaning is Meaning.PLAIN


def test_change_that_says_zero_successes_is_not_taken_for_success() -> None:
    talk, _ = logged_in({"ont add 0": "  Number of ONTs that can be added: 1, success: 0"})
    with pytest.raises(UnknownAnswer):
        talk.change("ont add 0")


def test_go_home_leaves_a_view_that_an_error_left_open() -> None:
    wire = ScriptedWire(lambda line: "")
    talk = Conversation(wire, DIALECT, ACCESS, Transcript())
    talk.login()
    wire.prompt = f"{HOST}(config-if-gpon-0/1)#"
    talk.ask("display x")
    assert talk.mode == "config-if-gpon-0/1"
    wire._answer = lambda line: [f"quit\r\n\r\n{PROMPT}"] if line == "quit" else ""
    talk.go_home()
    assert (talk.mode, wire.typed[-1]) == ("config", "quit")


def test_enable_password_is_given_only_where_there_is_one() -> None:
    asks = {"enable": ["enable\r\n\r\nPassword:"], "top-secret": [f"\r\n\r\n{HOST}#"]}
    talk, wire = conversation(asks, access=replace(ACCESS, enable_password="top-secret"))
    talk.login()
    assert wire.typed[2] == "top-secret"
    assert "top-secret" not in talk.transcript.text()
    talk, wire = conversation(asks)
    with pytest.raises(UnknownPrompt):
        talk.login()


def test_logout_quits_every_view_and_confirms() -> None:
    leave = "quit\r\n  Are you sure to log out? (y/n)[n]:"
    views = [[f"quit\r\n\r\n{HOST}#"], [f"quit\r\n\r\n{HOST}>"], [leave]]
    bye: list[Said] = ["y\r\n  Configuration console exit, please retry to log on\r\n", None]
    table: dict[str, str | list[Said]] = dict(QUIET)
    wire = ScriptedWire(lambda line: views.pop(0) if line == "quit" else bye if line == "y" else table.get(line, ""))
    talk = Conversation(wire, DIALECT, ACCESS, Transcript())
    talk.login()
    talk.close()
    talk.close()
    assert wire.typed[-4:] == ["quit", "quit", "quit", "y"]
    assert wire.closed


# --- the error table --------------------------------------------------------------------------------------------------

SAYINGS: dict[str, Meaning] = {
    "Failure: System is busy, please retry after a while": Meaning.BUSY,
    "Failure: System is reading or writing flash, please retry after a while": Meaning.BUSY,
    "Failure: Command can not be executed rightly, the cause is: Loading (backuping,rollbacking...) command being "
    "executed. Please retry later": Meaning.BUSY,
    "Failure: Make configuration repeatedly": Meaning.REPEATED,
    "Failure: The port is already in the VLAN": Meaning.REPEATED,
    "Failure: VLAN does already exist": Meaning.REPEATED,
    "Failure: The automatically found ONTs do not exist": Meaning.ABSENT,
    "Failure: The required ONT does not exist": Meaning.ABSENT,
    "Failure: The ONT does not exist": Meaning.ABSENT,
    "Failure: There is no ONT available": Meaning.ABSENT,
    "Failure: VLAN does not exist": Meaning.ABSENT,
    "Failure: The IP interface does not exist": Meaning.ABSENT,
    "Failure: The VLAN does not exist": Meaning.ABSENT,
    "Failure: The service virtual port does not exist": Meaning.ABSENT,
    "Failure: There is no VLAN on the port": Meaning.ABSENT,
    "Failure: No service virtual port can be operated": Meaning.ABSENT,
    "Failure: The traffic table does not exist": Meaning.ABSENT,
    "Failure: The ont-lineprofile does not exist": Meaning.ABSENT,
    "Failure: The line profile does not exist": Meaning.ABSENT,
    "Failure: ONT is not online": Meaning.OFFLINE,
    "Failure: The ONT is not online": Meaning.OFFLINE,
    "Failure: SN already exists": Meaning.PRESENT,
    "Failure: The ONT ID has already existed": Meaning.PRESENT,
    "Failure: The service virtual port has existed already\n  Conflicted service virtual port: 1": Meaning.PRESENT,
    "Failure: service virtual port has existed already": Meaning.PRESENT,
    "Failure: The traffic table exists already": Meaning.PRESENT,
    "Failure: This configured object has some service virtual\n  ports": Meaning.PRESENT,
    "Failure: The GEM port does not exist": Meaning.REJECTED,
    "Failure: The number of ONTs on the port has reached the upper limit": Meaning.REJECTED,
    "Failure: Board type error": Meaning.REJECTED,
    "Failure: The board does not exist": Meaning.REJECTED,
    "Failure: The port does not exist": Meaning.REJECTED,
    "Failure: The port of this type does not support this operation": Meaning.REJECTED,
    "Failure: The maximum bandwidth of the referenced DBA profile exceeds the limitation": Meaning.REJECTED,
    "    ^\n  % Unknown command, the error locates at '^'": Meaning.UNSUPPORTED,
    "    ^\n  % Parameter error, the error locates at '^'": Meaning.UNSUPPORTED,
    "  % Incomplete command": Meaning.UNSUPPORTED,
    "    ^\n  % Too many parameters, the error locates at '^'": Meaning.UNSUPPORTED,
    "  Incorrect command:": Meaning.UNSUPPORTED,
}


@pytest.mark.parametrize(("said", "meaning"), SAYINGS.items())
def test_every_known_text_has_its_meaning(said: str, meaning: Meaning) -> None:
    rule = DIALECT.meaning_of(said)
    assert rule is not None
    assert rule.meaning is meaning
    assert bool(rule.remedy) is (meaning is Meaning.REJECTED)


def test_every_rule_of_the_table_is_tested() -> None:
    assert {id(DIALECT.meaning_of(said)) for said in SAYINGS} == {id(rule) for rule in ANSWERS}


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ("Failure: SN already exists", ChangedMeanwhile),
        ("Failure: The ONT does not exist", CommandRejected),
        ("Failure: The GEM port does not exist", CommandRejected),
        ("% Unknown command, the error locates at '^'", CommandRejected),
        ("Failure: Nobody knows this", UnknownAnswer),
    ],
)
def test_rejections_say_what_where_and_what_to_do(said: str, error: type[NeedsPerson]) -> None:
    talk, _ = logged_in({"ont add 0 1": f"  {said}"})
    with pytest.raises(error) as rejected:
        talk.ask("ont add 0 1")
    assert said in rejected.value.message
    assert "OLT01" in rejected.value.message
    assert "ont add 0 1" in rejected.value.message
    assert rejected.value.remedy
    assert not isinstance(rejected.value, Refused)
