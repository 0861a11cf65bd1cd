"""A V1600G at the other end of a wire, by script: getting in, leaving, what breaks in, what breaks off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from isp_lifecycle.drivers.contract import LineWanted, OltAccess, PonPort, Serial, Transcript
from isp_lifecycle.drivers.errors import (
    CommandRejected,
    LoginRefused,
    OltUnreachable,
    SessionsExhausted,
    UnknownAnswer,
)
from isp_lifecycle.drivers.session import CliSession
from isp_lifecycle.drivers.vsol import VSOL
from isp_lifecycle.drivers.wire import Hangup, PlainText

ACCESS = OltAccess("OLT01", "vsol", "192.0.2.1", 23, "driver", "s3cret-pw", read_timeout=5.0, busy_patience=0.6)
HELLO = "\r\nHello, this is gpon olt platform (version 1.00)\r\n\r\nEntering character mode\r\n\r\ngpon-olt> "
MODES = {"s3cret-pw": "#", "en-pw": "#", "configure terminal": "(config)#", "interface gpon 0/1": "(config-pon-0/1)#"}
PASSWORD = ["enable\r\n", "Password:"]
Said = str | list[str]


class Gpon:
    """Echoes what is typed and answers from a script. A list is said as it is; a text gets the prompt behind it."""

    def __init__(self, answer: Callable[[str], Said] = lambda line: "", *, greeting: str = HELLO) -> None:
        self.typed: list[str] = []
        self.host_key = ""
        self.closed = False
        self._over = False
        self._answer, self._coming, self._line = answer, [greeting], ""
        self._prompt = "gpon-olt> "
        self._plain = PlainText()

    def write(self, text: str) -> None:
        if self.closed:
            raise Hangup("closed")
        self._line += text
        while "\n" in self._line:
            line, _, self._line = self._line.partition("\n")
            self.typed.append(line)
            self._coming += self._said(line)

    def _said(self, line: str) -> list[str]:
        said = self._answer(line)
        if isinstance(said, list):
            return said
        if line == "enable" and not said:
            return list(PASSWORD)
        self._over = self._over or (line == "exit" and self._prompt == "gpon-olt# ")
        if self._over:
            return []
        up = "(config)#" if "pon-0" in self._prompt else "#"
        mark = up if line == "exit" else MODES.get(line, self._prompt[8:].strip())
        self._prompt = f"gpon-olt{mark} "
        echo = "" if line in ("s3cret-pw", "en-pw") else line
        body = said.replace("\n", "\r\n")
        return [f"{echo}\r\n{body}{'\r\n' if body else ''}{self._prompt}"]

    def receive(self, timeout: float) -> str:
        if self._over and not self._coming:
            raise Hangup("the OLT closed the connection")
        while self._coming and timeout:
            if text := self._plain.of(self._coming.pop(0)):
                return text
        return ""

    def alive(self) -> bool:
        return not self.closed

    def close(self) -> None:
        self.closed = True


def opened(wire: Gpon, access: OltAccess = ACCESS) -> CliSession:
    return CliSession.open(access, VSOL, Transcript(), connect=lambda _: wire)


def test_enable_is_given_its_own_password_or_that_of_the_login() -> None:
    for access, given in ((ACCESS, "s3cret-pw"), (replace(ACCESS, enable_password="en-pw"), "en-pw")):
        wire = Gpon()
        transcript = Transcript()
        with CliSession.open(access, VSOL, transcript, connect=lambda _, wire=wire: wire):
            assert wire.typed == ["enable", given, "terminal length 0", "configure terminal"]
        assert given not in transcript.text()


def test_wrong_password_of_enable_is_given_once() -> None:
    again = ["\r\nBad Password...\r\nPlease retry\r\n\r\nPassword:"]
    wire = Gpon(lambda line: again if line == "s3cret-pw" else "")
    with pytest.raises(LoginRefused, match="Bad Password"):
        opened(wire)
    assert wire.typed == ["enable", "s3cret-pw"]
    assert wire.closed


def test_wrong_password_of_enable_that_leads_back_to_the_prompt_says_what_to_do() -> None:
    wire = Gpon(lambda line: ["\r\nBad Password...\r\ngpon-olt> "] if line == "s3cret-pw" else "")
    with pytest.raises(CommandRejected) as rejected:
        opened(wire)
    assert "enable differs" in rejected.value.remedy


def test_telnet_asks_for_name_and_password_first() -> None:
    wire = Gpon(greeting="\r\nLogin:")
    said: dict[int, Said] = {1: ["driver\r\nPassword:"], 2: [HELLO]}
    wire._answer = lambda line: said.get(len(wire.typed), "")
    with opened(wire):
        assert wire.typed[:4] == ["driver", "s3cret-pw", "enable", "s3cret-pw"]


def test_refused_login_and_full_house_are_told() -> None:
    wire = Gpon(lambda line: ["\r\nBad UserName or Bad Password\r\n\r\nLogin:"], greeting="\r\nLogin:")
    with pytest.raises(LoginRefused, match="Bad UserName"):
        opened(wire)
    assert wire.typed == ["driver"]
    with pytest.raises(SessionsExhausted):
        opened(Gpon(greeting="\r\nToo many users.\r\n"))


def test_device_that_hangs_up_during_login_is_unreachable() -> None:
    wire = Gpon()
    wire._over, wire._coming = True, []
    with pytest.raises(OltUnreachable):
        opened(wire)


def test_saving_goes_up_by_exit_and_comes_back() -> None:
    wire = Gpon()
    with opened(wire) as olt:
        olt.save()
    assert wire.typed[4:] == ["exit", "write", "configure terminal", "exit", "exit"]


EVENT = "2026/08/06 12:15:28   ONU Online    PON 0/7 ONU 22 sn GPON00B8FF21"
STATES = (
    "OnuIndex    Admin State    OMCC State    Phase State    Serial Number\r\n---------------------------\r\n"
    "GPON0/1:2\r\x1b[12Cenable\r\x1b[27Cenable\r\x1b[41Cworking\r\x1b[56CGPON00AB12CD\r\n"
    "pon: 1 total: 1 working: 1\r\n"
)
CONFIG = (
    "----------onu 2 running-config----------\r\nonu add 2 profile default sn GPON00ab12cd\r\nonu 2 desc S-000001\r\n"
)


def test_line_that_breaks_into_an_answer_is_no_part_of_it() -> None:
    cut = STATES.index("\x1b[41C")
    said: dict[str, Said] = {
        "show onu state": [
            f"show onu state\r\n{STATES[:70]}",
            f"{STATES[70:cut]}\x1b[4",
            f"1C{STATES[cut + 5 :]}\r\n{EVENT[:20]}",
            f"{EVENT[20:]}\r\ngpon-olt(config-pon-0/1)# ",
        ],
        "show running-config onu 2": CONFIG.replace("\r", ""),
        "show onu 2 distance": "onu 2 Distance: 410m",
    }
    with opened(Gpon(lambda line: said.get(line, ""))) as olt:
        status = olt.ont_status(PonPort(0, 0, 1), 2)
    assert (status.working, status.key, status.distance_m) == (True, "S-000001", 410)
    assert status.serial == Serial.parse("GPON-00AB12CD")


def test_line_that_comes_just_after_the_prompt_leaves_a_prompt_that_is_recognised() -> None:
    """Both prompts may arrive at once, before anybody has seen the first."""
    prompt = "gpon-olt(config-pon-0/1)# "
    said: dict[str, Said] = {
        "show onu state": [f"show onu state\r\n{STATES}{prompt}\r\n{EVENT}\r\n{prompt}"],
        "show running-config onu 2": CONFIG.replace("\r", ""),
        "show onu 2 distance": [f"show onu 2 distance\r\nonu 2 Distance: 410m\r\n{prompt}\r\n{EVENT}\r\n{prompt}"],
    }
    with opened(Gpon(lambda line: said.get(line, ""))) as olt:
        status = olt.ont_status(PonPort(0, 0, 1), 2)
    assert (status.working, status.key, status.distance_m) == (True, "S-000001", 410)


def test_configuration_and_states_that_do_not_agree_are_not_the_truth() -> None:
    """Somebody works there, or one of the two lists broke off."""
    whole = "Current configuration:\n!\ninterface gpon 0/1\nonu add 3 profile default sn GPON00AB12CD\nexit\nend"
    profiles = {"show profile dba": "DBA", "show profile traffic": "TRAFFIC"}
    said: dict[str, Said] = {
        "show running-config": whole,
        "show onu state": STATES.replace("\r\n", "\n"),
        **{command: f"###############{kind} PROFILE###########" for command, kind in profiles.items()},
    }
    wanted = LineWanted("S-1", PonPort(0, 0, 1), Serial.parse("GPON-00AB12CD"), 600, "ge0/1", 64000, 64000)
    with opened(Gpon(lambda line: said.get(line, ""))) as olt:
        with pytest.raises(UnknownAnswer, match="do not agree about ONTs 2, 3"):
            olt.read(wanted)
        assert olt.alive()
