"""The embedded servers on real data folders: first start, restart, crash, leftovers, and parents that die."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis as redis_library

from isp_lifecycle.cli.embedded import postgres, redis
from isp_lifecycle.cli.embedded.errors import ServerSilent
from isp_lifecycle.cli.embedded.folders import elsewhere, everyone_passes
from isp_lifecycle.cli.embedded.server import free_port, is_free, running, start, wait_ready

AS_ROOT = os.geteuid() == 0


@pytest.fixture
def var() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="isp-embedded-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "var"


def write_row(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept VALUES (7)")


def read_row(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT n FROM kept").fetchone()
        assert row is not None
        return int(row[0])


def test_postgres_keeps_its_data_over_a_restart(var: Path) -> None:
    for use in (write_row, read_row):
        server = postgres.prepare(var=var, port=free_port())
        with running(server, log=var / "log") as child:
            use(server.url)
        assert child.returncode == 0
    assert stat.S_IMODE((var / "secrets" / "postgres").stat().st_mode) == 0o600


def test_postgres_never_runs_as_root_and_listens_on_the_loopback_only(var: Path) -> None:
    server = postgres.prepare(var=var, port=free_port(), fast=True)
    with running(server, log=var / "log") as child:
        process = psutil.Process(child.pid)
        assert process.uids().real == (server.uid if AS_ROOT else os.geteuid()) != 0
        assert [c.laddr.ip for c in process.net_connections() if c.status == psutil.CONN_LISTEN] == ["127.0.0.1"]


def test_postgres_refuses_a_wrong_password(var: Path) -> None:
    server = postgres.prepare(var=var, port=free_port(), fast=True)
    password = (var / "secrets" / "postgres").read_text(encoding="ascii")
    with running(server, log=var / "log"):
        assert not postgres.answers(server.url.replace(password, "wrong"))


def test_postgres_recovers_after_kill_9(var: Path) -> None:
    server = postgres.prepare(var=var, port=free_port())
    child = start(server, log=var / "log")
    wait_ready(server, child, log=var / "log")
    write_row(server.url)
    child.kill()
    child.wait()
    assert (server_data := var / "postgres" / "postmaster.pid").exists(), server_data
    again = postgres.prepare(var=var, port=free_port())
    with running(again, log=var / "log"):
        assert read_row(again.url) == 7


def test_postgres_of_an_earlier_start_is_ended_first(var: Path) -> None:
    first = postgres.prepare(var=var, port=free_port())
    child = start(first, log=var / "log")
    wait_ready(first, child, log=var / "log")
    again = postgres.prepare(var=var, port=free_port())
    assert child.wait(1) == 0
    with running(again, log=var / "log"):
        assert not postgres.answers(first.url)


def test_stale_pid_file_that_names_a_stranger_ends_nobody(var: Path) -> None:
    postgres.prepare(var=var, port=free_port())
    lock = postgres.data_folder(var) / "postmaster.pid"
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    lock.write_text(f"{stranger.pid}\n", encoding="ascii")
    postgres.end_leftover(postgres.data_folder(var))
    assert not lock.exists()
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_server_that_ends_at_once_says_why(var: Path) -> None:
    server = postgres.prepare(var=var, port=free_port())
    (postgres.data_folder(var) / "postgresql.conf").write_text("no_such_parameter = 1\n", encoding="ascii")
    with pytest.raises(ServerSilent, match="no_such_parameter"), running(server, log=var / "log"):
        pass


@pytest.mark.skipif(not AS_ROOT, reason="only root gives up rights, so only root needs a reachable folder")
def test_root_in_a_closed_home_is_told_where_the_data_are(var: Path) -> None:
    var.mkdir(mode=0o700)
    inner = var / "home" / "var"
    server = postgres.prepare(var=inner, port=free_port(), fast=True)
    place = elsewhere(inner)
    try:
        assert not everyone_passes(inner)
        assert server.notes == (
            f"PostgreSQL keeps its data in {place / 'postgres'}: its account cannot pass through {inner}.",
        )
        with running(server, log=inner / "log"):
            assert postgres.answers(server.url)
    finally:
        subprocess.run(["rm", "-r", str(place)], check=True)


def test_redis_keeps_its_data_over_kill_9_and_wants_the_password(var: Path) -> None:
    server = redis.prepare(var=var, port=free_port())
    child = start(server, log=var / "log")
    wait_ready(server, child, log=var / "log")
    with redis_library.Redis.from_url(server.url) as client:
        client.set("kept", "yes")
    child.kill()
    child.wait()
    again = redis.prepare(var=var, port=free_port())
    with running(again, log=var / "log"), redis_library.Redis.from_url(again.url) as client:
        assert client.get("kept") == b"yes"
        assert not redis.answers(again.url.replace((var / "secrets" / "redis").read_text("ascii"), "wrong"))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_servers_end_when_their_parent_is_killed(var: Path) -> None:
    script = textwrap.dedent(
        """
        import sys, time
        from pathlib import Path
        from isp_lifecycle.cli.embedded import postgres, redis
        from isp_lifecycle.cli.embedded.server import free_port, start, wait_ready
        var = Path(sys.argv[1])
        for part in (postgres, redis):
            server = part.prepare(var=var, port=free_port())
            child = start(server, log=var / "log")
            wait_ready(server, child, log=var / "log")
            print(child.pid, flush=True)
        time.sleep(60)
        """
    )
    parent = subprocess.Popen([sys.executable, "-c", script, str(var)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    children = [psutil.Process(int(parent.stdout.readline())) for _ in range(2)]
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []


def test_a_server_gets_a_port_that_no_outgoing_connection_can_take_first() -> None:
    given = [free_port() for _ in range(50)]
    assert len(set(given)) == 50
    assert max(given) < int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text("ascii").split()[0])
    first = free_port(block=(0, 1, 2))
    with socket.socket() as guest:
        guest.bind(("127.0.0.1", first + 1))
        assert (is_free(first), is_free(first + 1)) == (True, False)
