"""A ZXA10 at the other end of a wire, by script: getting in, questions, pages, leaving, what comes late."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from isp_lifecycle.drivers.contract import Change, OltAccess, Plan, Transcript
from isp_lifecycle.drivers.errors import CommandRejected, LoginRefused, SessionsExhausted, UnknownPrompt
from isp_lifecycle.drivers.session import CliSession
from isp_lifecycle.drivers.wire import Hangup
from isp_lifecycle.drivers.zte import ZTE

ACCESS = OltAccess("OLT01", "zte", "192.0.2.1", 23, "driver", "s3cret-pw", read_timeout=5.0, busy_patience=0.6)
MODES = {
    "enable": "#",
    "configure terminal": "(config)#",
    "end": "#",
    "interface gpon-onu_1/1/1:1": "(config-if)#",
    "pon-onu-mng gpon-onu_1/1/1:1": "(gpon-onu-mng 1/1/1:1)#",
}
ABSENT = "%Error 20202: Invalid input detected at '^' marker. Invalid parameter"
Said = str | list[str]


class Zxan:
    """Echoes what is typed and answers from a script. A list is said as it is; a text gets the prompt behind it."""

    def __init__(self, answer: Callable[[str], Said] = lambda line: "", *, greeting: str = "\r\nZXAN#") -> None:
        self.typed: list[str] = []
        self.host_key = ""
        self.closed = False
        self._over = False
        self._answer, self._coming, self._line = answer, [greeting], ""
        self._prompt = "ZXAN#"

    def write(self, text: str) -> None:
        if self.closed:
            raise Hangup("closed")
        self._line += text
        while "\n" in self._line or self._line == " ":
            line, _, self._line = self._line.partition("\n") if "\n" in self._line else (self._line, "", "")
            self.typed.append(line)
            said = self._answer(line)
            self._over = self._over or line == "yes" or (line == "exit" and self._prompt == "ZXAN#" and said == "")
            if isinstance(said, str):
                if "%Error" not in said:
                    up = "(config)#" if "(config-if)" in self._prompt or "mng" in self._prompt else "#"
                    self._prompt = "ZXAN" + (up if line == "exit" else MODES.get(line, self._prompt[4:]))
                body = said.replace("\n", "\r\n")
                said = [f"{line}\r\n{body}{'\r\n' if body else ''}{self._prompt}"]
            self._coming += said

    def receive(self, timeout: float) -> str:
        if self._over and not self._coming:
            raise Hangup("the OLT closed the connection")
        return self._coming.pop(0) if self._coming and timeout else ""

    def alive(self) -> bool:
        return not self.closed

    def close(self) -> None:
        self.closed = True


def opened(wire: Zxan, access: OltAccess = ACCESS) -> CliSession:
    return CliSession.open(access, ZTE, Transcript(), connect=lambda _: wire)


def test_telnet_account_that_lands_unprivileged_gives_both_passwords() -> None:
    said = {
        "driver": ["driver\r\nPassword:"],
        "s3cret-pw": ["\r\nZXAN>"],
        "enable": ["enable\r\n", "Password:"],
        "en-pw": ["\r\nZXAN#"],
    }
    wire = Zxan(lambda line: said.get(line, ""), greeting="\r\nUsername:")
    with opened(wire, replace(ACCESS, enable_password="en-pw")):
        assert wire.typed == ["driver", "s3cret-pw", "enable", "en-pw", "terminal length 0", "configure terminal"]


def test_wrong_password_is_said_by_code() -> None:
    refused = "\r\n%Error 20209: No username or bad password\r\nUsername:"
    said = {"driver": ["driver\r\nPassword:"], "s3cret-pw": [refused]}
    wire = Zxan(lambda line: said[line], greeting="\r\nUsername:")
    with pytest.raises(LoginRefused, match="20209"):
        opened(wire)
    assert wire.typed == ["driver", "s3cret-pw"]


def test_full_house_is_told() -> None:
    with pytest.raises(SessionsExhausted, match="Too many users"):
        opened(Zxan(greeting="\r\n%Error 20000: Too many users.\r\n"))


def test_device_that_does_not_know_how_to_set_pages_is_not_given_up() -> None:
    refused = "         ^\n%Error 20200: Invalid input detected at '^' marker."
    with opened(Zxan(lambda line: refused if line == "terminal length 0" else "")) as olt:
        assert olt.alive()


def test_pages_are_turned() -> None:
    erase = "\x08" * 9 + " " * 9 + "\x08" * 9

    def answer(line: str) -> Said:
        if line.startswith("show"):
            table = "OltIndex            Model                SN\r\ngpon-olt_1/1/1 F660 ZTEGC1234567\r\n"
            return [f"{line}\r\n{table} --More--"]
        return [f"{erase}gpon-olt_1/1/2 F660 ZTEGC1234568\r\nZXAN(config)#"] if line == " " else ""

    with opened(Zxan(answer)) as olt:
        assert [ont.serial.display for ont in olt.unconfigured()] == ["ZTEG-C1234567", "ZTEG-C1234568"]


def test_question_that_nobody_expected_ends_the_session() -> None:
    def answer(line: str) -> Said:
        return ["write\r\nOverwrite the file? [yes/no]:"] if line == "write" else ""

    olt = opened(Zxan(answer))
    with pytest.raises(UnknownPrompt, match="Overwrite the file"):
        olt.save()
    assert not olt.alive()


def test_saving_goes_up_and_comes_back() -> None:
    wire = Zxan()
    with opened(wire) as olt:
        olt.save()
    assert wire.typed[3:6] == ["end", "write", "configure terminal"]


def test_leaving_says_yes_to_the_question_about_what_is_not_saved() -> None:
    asked = ["exit\r\nThe configuration is changed,confirm to logout without saving? [yes/no]:"]
    wire = Zxan()
    olt = opened(wire)
    wire._answer = lambda line: "" if wire.typed.count("exit") < 2 else asked if line == "exit" else []
    olt.close()
    assert wire.typed[3:] == ["exit", "exit", "yes"]


def _naming(verb: str) -> Plan:
    commands = ("interface gpon-onu_1/1/1:1", "name S-1", "exit")
    return Plan("OLT01", "S-1", (Change("remove" if verb == "remove" else "set", "x", commands, "y"),))


def test_interface_that_comes_a_moment_late_is_waited_for() -> None:
    wire = Zxan()
    wire._answer = lambda line: ABSENT if line.startswith("interface") and wire.typed.count(line) < 2 else ""
    with opened(wire) as olt:
        olt.apply(_naming("set"))
        assert wire.typed[3:] == ["interface gpon-onu_1/1/1:1"] * 2 + ["name S-1", "exit"]


def test_interface_that_never_comes_is_named() -> None:
    with opened(Zxan(lambda line: ABSENT if line.startswith("interface") else "")) as olt:
        with pytest.raises(CommandRejected, match="gpon-onu_1/1/1:1"):
            olt.apply(_naming("set"))


def test_what_is_gone_takes_with_it_what_was_to_be_removed_there() -> None:
    wire = Zxan(lambda line: ABSENT if line.startswith("interface") else "")
    with opened(wire) as olt:
        olt.apply(_naming("remove"))
        assert wire.typed[3:] == ["interface gpon-onu_1/1/1:1"]
