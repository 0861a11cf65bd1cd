"""A person's own command line on the lab's devices, over real SSH: what is shown, what is sent, and what never is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from isp_lifecycle.drivers.console import Console, Ears
from isp_lifecycle.drivers.contract import OltAccess, Transcript
from isp_lifecycle.drivers.errors import LoginRefused
from isp_lifecycle.drivers.pool import Olts
from tests.contract.drivers.lab_process import PASSWORD, USERNAME, RunningLab

OLT = "OLT-NORTH"
LabOf = Callable[[str], RunningLab]


class Person:
    """Somebody at a console: what they see, and what was let through or not."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.screen, self.ended = "", ""
        self.sent: list[str] = []
        self.refused: list[str] = []
        self._news = threading.Condition()
        self.record: list[str] = []
        console.begin(Ears(self._said, self.record.append, self.sent.append, self.refused.append, self._over))

    def _said(self, text: str) -> None:
        with self._news:
            self.screen += text
            self._news.notify_all()

    def _over(self, why: str) -> None:
        with self._news:
            self.ended = why
            self._news.notify_all()

    def sees(self, *words: str) -> str:
        """Wait until these are on the screen, one after the other; returns it, and clears it."""

        def there() -> bool:
            at = 0
            for word in words:
                at = self.screen.find(word, at) + 1
                if not at:
                    return False
            return True

        with self._news:
            assert self._news.wait_for(there, timeout=10), (words, self.screen)
            seen, self.screen = self.screen, ""
        return seen

    def is_out(self) -> str:
        with self._news:
            assert self._news.wait_for(lambda: self.ended, timeout=10), self.screen
        return self.ended


@pytest.fixture
def at(lab_of: LabOf) -> Iterator[Callable[..., Person]]:
    pools: list[Olts] = []
    people: list[Person] = []

    def sit_down(vendor: str, *, reading: bool = True, password: str = PASSWORD) -> Person:
        lab = lab_of(vendor)
        lab.client.reset()
        access = OltAccess(OLT, vendor, "127.0.0.1", lab.ports[OLT], USERNAME, password, read_timeout=5.0)
        pools.append(Olts([access]))
        people.append(Person(pools[-1].console(OLT, Transcript(), reading=reading)))
        return people[-1]

    yield sit_down
    for person in people:
        person.console.close("over")
    for pool in pools:
        pool.close()


@pytest.mark.parametrize(
    ("vendor", "head", "command", "answer", "prompt"),
    [
        ("huawei", "dis", "board 0", "SlotID", "OLT-NORTH#"),
        ("zte", "sh", "system-group", "System Description", "OLT-NORTH#"),
        ("zte-c600", "sho", "card", "CardName", "OLT-NORTH#"),
        ("vsol", "show", "version", "Olt Device", "OLT-NORTH"),
    ],
)
def test_each_vendor_is_read_and_is_not_changed(
    at: Callable[..., Person], vendor: str, head: str, command: str, answer: str, prompt: str
) -> None:
    person = at(vendor)
    person.sees(prompt)
    person.console.typed(f"{head} {command}\r")
    shown = person.sees(answer, prompt)
    assert shown.count(command) == 1  # what was typed stands once: not as typed and once more as echoed
    for wrong in ("reboot", "undo service-port 1", f"{head} {command} | include x", "show running-config", "quit;save"):
        person.console.typed(f"{wrong}\r")
        person.sees("[Not sent:", prompt)
    assert (len(person.sent), len(person.refused)) == (1, 5)


def test_a_page_waits_for_its_key_and_pasted_lines_wait_for_the_prompt(at: Callable[..., Person]) -> None:
    person = at("zte")
    person.sees("OLT-NORTH#")
    person.console.typed("show gpon onu state\rreboot\rshow card\r")
    person.sees("OnuIndex", "--More--")
    person.console.typed(" ")
    person.sees("working", "--More--")
    person.console.typed("q")
    person.sees("OLT-NORTH#")
    assert person.refused == []  # q gives up what was pasted behind it
    person.console.typed("show vlan summary\rreboot\rshow card\r")
    person.sees("[Not sent: 'reboot'", "OLT-NORTH#")
    assert person.sent == ["show gpon onu state", "show vlan summary"]  # nothing that was pasted behind a refused line
    assert person.refused == ["reboot"]


def test_help_and_completion_leave_nothing_on_the_devices_line(at: Callable[..., Person]) -> None:
    person = at("huawei")
    person.sees("OLT-NORTH#")
    person.console.typed("reboot ?")
    assert person.sees("\x07") == "reboot \x07"
    person.console.typed("\x15dis")
    person.console.typed("\tont auto?")
    person.sees("?", "all<K>", "OLT-NORTH#display ont auto")
    person.console.typed("fi\t")
    person.console.typed("\t\r")
    person.sees("OLT-NORTH#")
    assert person.sent == ["display ont autofind all"]
    person.console.typed("\x1b[A\x1b]52;c;AAAA\x07\x1bOP\r")
    person.sees("display ont autofind all", "OLT-NORTH#")
    assert person.sent == ["display ont autofind all"] * 2


def test_views_are_entered_and_leaving_at_the_top_ends_it(at: Callable[..., Person]) -> None:
    person = at("huawei")
    person.sees("OLT-NORTH#")
    for line, prompt in (
        ("config", "(config)#"),
        ("interface gpon 0/1", "(config-if-gpon-0/1)#"),
        ("quit", "(config)#"),
    ):
        person.console.typed(line + "\r")
        person.sees(prompt)
    person.console.typed("interface vlanif 5\r")
    person.sees("[Not sent:", "(config)#")
    person.console.typed("quit\r")
    person.sees("OLT-NORTH#")
    person.console.typed("quit\r")
    assert person.is_out() == "logged out"
    person.console.typed("display version\r")
    assert "display version" not in person.sent


def test_full_access_sends_every_key_and_never_shows_the_systems_password(at: Callable[..., Person]) -> None:
    person = at("huawei", reading=False)
    person.sees("OLT-NORTH>")
    person.console.typed("enable\r")
    person.sees("OLT-NORTH#")
    person.console.typed("config\r")
    person.sees("(config)#")
    person.console.typed(f"sysname {PASSWORD}\r")
    person.sees("******")
    assert PASSWORD not in person.screen
    person.console.typed("display board 0\n" * 21)
    person.sees("[Not pasted: more than 20 lines")


def test_a_login_that_is_refused_is_not_repeated(at: Callable[..., Person]) -> None:
    with pytest.raises(LoginRefused):
        at("huawei", password="wrong")
