"""``isp up`` with its real parts: databases, relay, workers, beat, mail and the plant, through crashes to the end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from isp_lifecycle.cli.demo.system import free_block
from isp_lifecycle.cli.surroundings import environment
from isp_lifecycle.cli.up.register import noted
from isp_lifecycle.foundation.settings import load_settings

pytestmark = pytest.mark.journey
PARTS = {"postgres", "redis", "migrate", "mail", "lab", "relay", "network", "office", "reports", "metrics", "beat"}


class Installation:
    """A data folder, a block of ports, and the commands on them."""

    def __init__(self, folder: Path) -> None:
        self.var = folder / "var"
        self.port = free_block()
        self.env = os.environ | {"ISP_VAR": str(self.var), "ISP_PORT": str(self.port), "ISP_LAB_SPEED": "50"}
        self.runs: list[subprocess.Popen[bytes]] = []

    def up(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "isp_lifecycle.cli", "up", "--without-pages"]
        with (self.var.parent / "said").open("ab") as said:
            self.runs.append(subprocess.Popen(command, env=self.env, stdout=said, stderr=said))
        self.until(lambda: self.is_up(), "everything is up", within=90)
        return self.runs[-1]

    def is_up(self) -> bool:
        assert self.runs[-1].poll() is None, self.said()
        found = noted(self.var)
        return found is not None and found.supervisor.pid == self.runs[-1].pid and found.up

    def said(self) -> str:
        return (self.var.parent / "said").read_text(encoding="utf-8")

    def until(self, happened: Callable[[], bool], what: str, within: float = 30) -> None:
        deadline = time.monotonic() + within
        while not happened():
            assert time.monotonic() < deadline, f"{what}\n{self.said()}"
            time.sleep(0.1)

    def isp(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        done = subprocess.run(
            [sys.executable, "-m", "isp_lifecycle.cli", *arguments, "--json"],
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout)

    def parts(self) -> dict[str, dict[str, Any]]:
        return {part["name"]: part for part in self.isp("status")[1]["parts"]}

    def database(self) -> str:
        password = (self.var / "secrets" / "postgres").read_text(encoding="ascii")
        return f"postgresql://isp:{password}@127.0.0.1:{self.port + 5}/isp"


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    with tempfile.TemporaryDirectory(prefix="isp-up-") as folder:
        Path(folder).chmod(0o711)
        one = Installation(Path(folder))
        yield one
        for run in one.runs:
            run.terminate()
            run.wait(60)


def health(findings: list[dict[str, Any]]) -> dict[str, str]:
    return {finding["name"]: finding["health"] for finding in findings}


def test_everything_comes_up_and_the_doctor_finds_it_well(installation: Installation) -> None:
    installation.up()
    code, status = installation.isp("status")
    assert (code, status["running"], status["port"]) == (0, True, installation.port)
    assert {part["name"] for part in status["parts"]} >= PARTS
    assert {part["state"] for part in status["parts"] if part["name"] in PARTS - {"migrate"}} == {"ready"}
    code, told = installation.isp("doctor")
    found = health(told["findings"])
    assert code == 0, told
    expected = (
        "settings",
        "disk",
        "parts",
        "redis",
        "mail",
        "database",
        "clock",
        "migrations",
        "relay",
        "worker",
        "queue",
    )
    assert {name: found[name] for name in expected} == dict.fromkeys(expected, "ok")


def celery(installation: Installation, *arguments: str, of: tuple[str, ...]) -> dict[str, Any]:
    """What Celery's own remote control answers, by worker; nothing of one that does not within the time."""
    settings = load_settings(var=installation.var, port=installation.port, environment="demo")
    workers = ",".join(f"{name}@{socket.gethostname()}" for name in of)
    asked = ("inspect", "--timeout", "20", "--destination", workers, *arguments, "--json")
    command = [sys.executable, "-m", "celery", "--app", "workers.app", *asked]
    surroundings = installation.env | environment(settings)
    said = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False, timeout=90).stdout
    answers: dict[str, Any] = json.loads(said[said.index("{") :]) if "{" in said else {}
    return {name.partition("@")[0]: answer for name, answer in answers.items()}


def test_celerys_own_remote_control_works_and_workers_may_be_added(installation: Installation) -> None:
    known = ("network", "office", "reports")
    queues = celery(installation, "active_queues", of=known)
    assert {name: [q["name"] for q in answer] for name, answer in queues.items()} == {name: [name] for name in known}
    assert "workers.tasks.work" in celery(installation, "registered", of=("office",))["office"]
    settings = load_settings(var=installation.var, port=installation.port, environment="demo")
    more = [sys.executable, "-m", "celery", "--app", "workers.app", "worker", "-Q", "network,office", "-n", "more@%h"]
    with (installation.var.parent / "more").open("wb") as log:
        worker = subprocess.Popen(more, env=installation.env | environment(settings), stdout=log, stderr=log)
    try:
        answered = celery(installation, "ping", of=("more",)) or celery(installation, "ping", of=("more",))
        code, told = installation.isp("doctor")
        worker.terminate()
        assert worker.wait(60) == 0
    finally:
        worker.kill()
        worker.wait()
    assert answered == {"more": {"ok": "pong"}}
    assert (code, health(told["findings"])["worker"]) == (0, "ok")


def test_database_that_is_killed_comes_back_with_its_rows(installation: Installation) -> None:
    with psycopg.connect(installation.database()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    os.kill(installation.parts()["postgres"]["pid"], signal.SIGKILL)
    installation.until(lambda: installation.parts()["postgres"]["restarts"] == 1, "PostgreSQL was started again")
    installation.until(lambda: installation.parts()["postgres"]["state"] == "ready", "PostgreSQL is ready again")
    with psycopg.connect(installation.database()) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)
    told = installation.isp("doctor")[1]
    assert health(told["findings"])["parts"] == "warning"


def test_doctor_names_what_does_not_work(installation: Installation) -> None:
    redis = psutil.Process(installation.parts()["redis"]["pid"])
    redis.suspend()
    try:
        code, told = installation.isp("doctor")
    finally:
        redis.resume()
    finding = next(f for f in told["findings"] if f["name"] == "redis")
    assert (code, told["healthy"], finding["health"]) == (1, False, "failed")
    assert finding["remedy"].startswith("Start everything with `isp up`.")


def test_killed_supervisor_leaves_nothing_and_the_next_start_goes_on(installation: Installation) -> None:
    before = [part["pid"] for part in installation.parts().values()]
    installation.runs[-1].kill()
    installation.runs[-1].wait()
    installation.up()
    assert [pid for pid in before if psutil.pid_exists(pid)] == []
    with psycopg.connect(installation.database()) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)


def test_reset_is_refused_while_it_runs_and_clears_all_afterwards(installation: Installation) -> None:
    command = [sys.executable, "-m", "isp_lifecycle.cli", "reset", "--yes"]
    refused = subprocess.run(command, env=installation.env, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert f"as process {installation.runs[-1].pid}" in refused.stderr
    pids = [part["pid"] for part in installation.parts().values()]
    installation.runs[-1].terminate()
    assert installation.runs[-1].wait(60) == 0
    assert [pid for pid in pids if psutil.pid_exists(pid)] == []
    assert installation.isp("status")[0] == 1
    subprocess.run(command, env=installation.env, capture_output=True, check=True)
    assert not installation.var.exists()


def test_system_of_a_command_that_is_killed_stops_as_well(tmp_path: Path) -> None:
    """``isp demo --once`` and ``isp chaos`` start a system of their own: nobody else would ever stop it."""
    tmp_path.chmod(0o711)
    command = [sys.executable, "-m", "isp_lifecycle.cli", "demo", "--once", "--json"]
    demo = subprocess.Popen(command, env=os.environ | {"TMPDIR": str(tmp_path)}, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while len(began := psutil.Process(demo.pid).children(recursive=True)) < 2:  # the supervisor, and a part of it
        assert time.monotonic() < deadline
        time.sleep(0.05)
    demo.kill()
    demo.wait()
    _gone, left = psutil.wait_procs(began, timeout=60)
    assert left == []
