"""The works that are measured: PostgreSQL and Redis of their own, two workers on one queue, a relay; and their cost."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, LiteralString

import psutil
import psycopg

from isp_lifecycle.cli.bench.errors import BenchStuck
from isp_lifecycle.cli.embedded import postgres, redis
from isp_lifecycle.cli.embedded.server import Server, free_port, running, stop, tail
from isp_lifecycle.foundation.db import open_engine
from isp_lifecycle.migrations import steps

#: As many processes as the machine that the targets were set on has cores.
WORKERS = 2


@dataclass
class Works:
    """Two servers, the processes on them, and one connection for whoever measures."""

    folder: Path
    environment: dict[str, str] = field(repr=False)
    sql: psycopg.Connection[Any]
    servers: dict[str, subprocess.Popen[bytes]]

    @contextmanager
    def processes(self, **commands: tuple[str, ...]) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
        """Run these Python modules, by name, for the length of a block."""
        started: dict[str, subprocess.Popen[bytes]] = {}
        try:
            for name, arguments in commands.items():
                with (self.folder / f"{name}.log").open("ab") as log:
                    argv = [sys.executable, "-m", *arguments]
                    started[name] = subprocess.Popen(argv, env=self.environment, stdout=log, stderr=log)
            yield started
        finally:
            for process in started.values():
                process.terminate()
            for process in started.values():
                with suppress(subprocess.TimeoutExpired):
                    process.wait(20)
                process.kill()

    def number(self, query: LiteralString, **values: Any) -> float:
        """The one number that a query answers."""
        row = self.sql.execute(query, values).fetchone()
        return float(row[0]) if row and row[0] is not None else 0.0

    def until(self, happened: Callable[[], bool], what: str, *, within_seconds: float = 900.0) -> None:
        """Wait; raises BenchStuck with the end of the logs when it does not come to pass."""
        deadline = time.monotonic() + within_seconds
        while not happened():
            if time.monotonic() > deadline:
                raise BenchStuck(what, "\n".join(tail(log) for log in sorted(self.folder.glob("*.log"))))
            time.sleep(0.05)

    def cost(self, processes: dict[str, subprocess.Popen[bytes]]) -> dict[str, float]:
        """CPU seconds so far, by part."""
        every = {**self.servers, **processes}
        return {name: sum(_seconds(p) for p in _family(process.pid)) for name, process in every.items()}


def _family(pid: int) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    return []


def _seconds(process: psutil.Process) -> float:
    with suppress(psutil.Error):
        times = process.cpu_times()
        return times.user + times.system + times.children_user + times.children_system
    return 0.0


@contextmanager
def works() -> Iterator[Works]:
    """Start both servers with the tables of the product, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="isp-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o711)  # as root PostgreSQL gives up root, and must still reach its folder
        servers: tuple[Server, ...] = (
            postgres.prepare(var=folder / "var", port=free_port()),
            redis.prepare(var=folder / "var", port=free_port()),
        )
        started = {s.name: stack.enter_context(running(s, log=folder / f"{s.name}.log")) for s in servers}
        engine = open_engine(servers[0].url)
        steps.upgrade(engine)
        engine.dispose()
        environment = {
            **os.environ,
            "DATABASE_URL": servers[0].url,
            "REDIS_URL": servers[1].url,
            "ISP_VAR": str(folder / "var"),
            "ISP_LOG_LEVEL": "warning",
        }
        sql = stack.enter_context(psycopg.connect(servers[0].url, autocommit=True))
        yield Works(folder=folder, environment=environment, sql=sql, servers=started)


def worker(application: str, queue: str, number: int) -> tuple[str, ...]:
    """The command of one worker process on this queue."""
    name = f"{queue}{number}@%h"
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    return ("celery", "--app", application, "worker", "--queues", queue, "--pool", "solo", "--hostname", name, *quiet)


__all__ = ["WORKERS", "Works", "stop", "worker", "works"]
