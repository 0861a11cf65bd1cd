"""The supervisor over real processes: order, restarts, refusals, and nothing orphaned however it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from isp_lifecycle.cli.embedded.server import free_port
from isp_lifecycle.cli.up.register import Entry, Register, end_leftovers, family_of, note, noted, started_at

SCENE = Path(__file__).with_name("town_of_parts.py")
NAMES = ("cellar", "hall", "attic")


class Run:
    """A supervisor that runs, and what it has said."""

    def __init__(self, var: Path, port: int, scene: str) -> None:
        self.var = var
        self.output = var / f"said-{free_port()}"
        with self.output.open("wb") as said:
            command = [sys.executable, str(SCENE), str(var), str(port), scene]
            self.process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)

    @property
    def said(self) -> list[str]:
        return self.output.read_text(encoding="utf-8").splitlines()

    def until(self, line: str, times: int = 1) -> None:
        wait_for(lambda: sum(s.startswith(line) for s in self.said) >= times, f"{line!r} in {self.said}")

    def children(self) -> dict[str, int]:
        register = noted(self.var)
        return {c.name: c.pid for c in register.children} if register else {}


def wait_for(happened: Callable[[], bool], what: str, within: float = 15.0) -> None:
    deadline = time.monotonic() + within
    while not happened():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Callable[..., Run]]:
    port = free_port(block=(0, 1, 2))
    runs: list[Run] = []

    def start(scene: str = "good") -> Run:
        runs.append(Run(tmp_path, port, scene))
        return runs[-1]

    yield start
    for run in runs:
        run.process.kill()
        run.process.wait()
    end_leftovers(tmp_path, within_seconds=2)


def alive(pids: list[int]) -> list[int]:
    return [p for p in pids if psutil.pid_exists(p) and psutil.Process(p).status() != psutil.STATUS_ZOMBIE]


def test_parts_start_in_order_and_stop_in_reverse(begin: Callable[..., Run], tmp_path: Path) -> None:
    run = begin()
    run.until("isp: up")
    pids = list(run.children().values())
    assert len(alive(pids)) == 3
    run.process.terminate()
    assert run.process.wait(15) == 0
    diary = (tmp_path / "diary").read_text(encoding="utf-8").splitlines()
    assert diary == [f"{n} comes" for n in NAMES] + [f"{n} goes" for n in reversed(NAMES)]
    assert alive(pids) == []
    assert noted(tmp_path) is None


def test_interrupt_stops_everything_too(begin: Callable[..., Run]) -> None:
    run = begin()
    run.until("isp: up")
    pids = list(run.children().values())
    run.process.send_signal(signal.SIGINT)
    assert run.process.wait(15) == 0
    assert alive(pids) == []


def test_stopping_while_starting_leaves_nothing(begin: Callable[..., Run]) -> None:
    run = begin()
    run.until("cellar: ready")
    run.process.terminate()
    assert run.process.wait(15) == 0
    assert "isp: up" not in run.said
    assert [line for line in run.said if line.endswith("stopped")][-1] == "cellar: stopped"


def test_killed_child_is_started_again_and_that_is_told(begin: Callable[..., Run], tmp_path: Path) -> None:
    run = begin()
    run.until("isp: up")
    first = run.children()
    os.kill(first["hall"], signal.SIGKILL)
    run.until("hall: ready", times=2)
    second = run.children()
    assert second["hall"] != first["hall"]
    assert {n: second[n] for n in ("cellar", "attic")} == {n: first[n] for n in ("cellar", "attic")}
    assert "hall: was killed by SIGKILL; starts again in 0.5 s. The end of its log:" in run.said
    assert "hall: | hall listens" in run.said
    register = noted(tmp_path)
    assert register is not None
    assert [c.restarts for c in register.children] == [0, 1, 0]


def test_pauses_between_restarts_grow(begin: Callable[..., Run]) -> None:
    run = begin()
    run.until("isp: up")
    for times, pause in ((2, "0.5"), (3, "1")):
        os.kill(run.children()["hall"], signal.SIGKILL)
        run.until(f"hall: was killed by SIGKILL; starts again in {pause} s")
        run.until("hall: ready", times=times)


def test_children_of_a_killed_child_do_not_outlive_it(begin: Callable[..., Run]) -> None:
    run = begin("parent")
    run.until("isp: up")
    attic = psutil.Process(run.children()["attic"])
    grandchildren = attic.children()
    assert len(grandchildren) == 1
    attic.kill()
    _, left = psutil.wait_procs(grandchildren, timeout=5)
    assert left == []


def test_part_that_cannot_start_stops_everything_and_shows_its_log(begin: Callable[..., Run]) -> None:
    run = begin("broken")
    assert run.process.wait(20) == 2
    assert any(line.startswith("refused: attic ended by itself while starting") for line in run.said)
    assert "the fuse has blown" in "\n".join(run.said)
    assert [line for line in run.said if line.endswith("stopped")] == ["hall: stopped", "cellar: stopped"]


def test_failing_preparation_stops_the_start(begin: Callable[..., Run]) -> None:
    run = begin("once")
    assert run.process.wait(20) == 2
    assert "no broom" in "\n".join(run.said)
    assert not any(line.startswith("attic") for line in run.said)


def test_deaf_part_is_killed_in_the_end(begin: Callable[..., Run]) -> None:
    run = begin("deaf")
    run.until("isp: up")
    pids = list(run.children().values())
    run.process.terminate()
    assert run.process.wait(15) == 0
    assert "attic: did not stop within 1 s and is killed" in run.said
    assert alive(pids) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_killed_supervisor_takes_its_children_along(begin: Callable[..., Run]) -> None:
    run = begin()
    run.until("isp: up")
    pids = list(run.children().values())
    run.process.kill()
    run.process.wait()
    wait_for(lambda: alive(pids) == [], "children outlive the supervisor")


def test_next_start_ends_what_a_killed_one_left(begin: Callable[..., Run]) -> None:
    run = begin("deaf")
    run.until("isp: up")
    deaf = run.children()["attic"]
    run.process.kill()
    run.process.wait()
    assert alive([deaf]) == [deaf]
    again = begin()
    again.until("isp: up")
    assert "attic: was left running by an earlier start and has been ended" in again.said
    assert alive([deaf]) == []


def test_second_start_is_refused_and_names_the_first(begin: Callable[..., Run]) -> None:
    run = begin()
    run.until("isp: up")
    second = begin()
    assert second.process.wait(15) == 2
    assert f"as process {run.process.pid}" in second.said[0]
    assert run.process.poll() is None


def test_taken_port_is_refused_before_anything_starts(begin: Callable[..., Run], tmp_path: Path) -> None:
    port = free_port(block=(0, 1, 2))
    with socket.socket() as guest:
        guest.bind(("127.0.0.1", port + 1))
        guest.listen()
        run = Run(tmp_path, port, "good")
        assert run.process.wait(15) == 2
    assert run.said == [
        f"refused: Port {port + 1} for hall is taken by {psutil.Process().name()} (process {os.getpid()}). / "
        "Stop what holds it, or move the whole block: `isp up --port 8700`."
    ]


def test_stranger_with_a_noted_number_is_left_alone(tmp_path: Path) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    entry = Entry("hall", stranger.pid, started_at(stranger.pid) - 100, "ready")
    note(tmp_path, Register(Entry("supervisor", 1, 0.0, "running"), 8600, (entry,)))
    assert family_of(entry) == []
    assert end_leftovers(tmp_path) == ()
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()
