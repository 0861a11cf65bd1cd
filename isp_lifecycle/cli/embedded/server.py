"""How to run one embedded server in the foreground, and a block that has it running."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from isp_lifecycle.cli.embedded import leash
from isp_lifecycle.cli.embedded.errors import ServerSilent


@dataclass(frozen=True)
class Server:
    """A server whose data folder is ready: how to start it, stop it, reach it and ask whether it answers."""

    name: str
    argv: tuple[str, ...]
    #: Carries the password, so it never shows in a representation.
    url: str = field(repr=False)
    #: The signal that makes it stop quickly with nothing lost.
    stop: signal.Signals
    #: Says whether it answers now.
    ready: Callable[[], bool] = field(repr=False)
    #: The account it gives up root for; -1 = the caller's own.
    uid: int = -1
    gid: int = -1
    #: What whoever started it should be told, such as a folder that is not where one would look.
    notes: tuple[str, ...] = ()


def leashed(argv: tuple[str, ...], *, stop: signal.Signals, uid: int = -1, gid: int = -1) -> list[str]:
    """The command line that runs ``argv`` as a child that does not outlive this process.

    The kernel ties the child to the *thread* that starts it, so start it from one that lives as long as the process.
    """
    own = [sys.executable, "-I", "-S", str(leash.__file__)]
    return [*own, str(os.getpid()), str(int(stop)), str(uid), str(gid), *argv]


def start(server: Server, *, log: Path) -> subprocess.Popen[bytes]:
    """Start it as a child in a session of its own, its output appended to ``log``; does not wait for it."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            leashed(server.argv, stop=server.stop, uid=server.uid, gid=server.gid),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd="/",
        )


def wait_ready(server: Server, child: subprocess.Popen[bytes], *, log: Path, within_seconds: float = 30.0) -> None:
    """Return when it answers; raises :class:`ServerSilent` with the end of its log when it ends or stays silent."""
    deadline = time.monotonic() + within_seconds
    while not server.ready():
        if child.poll() is not None or time.monotonic() > deadline:
            raise ServerSilent(server.name, tail(log))
        time.sleep(0.03)


def stop(server: Server, child: subprocess.Popen[bytes], *, within_seconds: float = 20.0) -> int:
    """Ask it to stop, wait, and kill it only when it does not; returns its exit code."""
    if child.poll() is None:
        child.send_signal(server.stop)
    try:
        return child.wait(within_seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()


@contextmanager
def running(server: Server, *, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run it for the length of a block: it answers when the block begins and has stopped when it ends."""
    child = start(server, log=log)
    try:
        wait_ready(server, child, log=log)
        yield child
    finally:
        stop(server, child)


def tail(log: Path, *, lines: int = 12) -> str:
    """The last lines of a log, empty when there is none yet."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


#: Servers in a test and of the demo get ports from here: below the range from which every kernel takes the local ends
#: of outgoing connections by default (Linux 32768, RFC 6335 49152), so that no connection takes one before its server.
PORTS = range(10240, 32768)
_given: set[int] = set()


def free_port(*, block: tuple[int, ...] = (0,)) -> int:
    """A TCP port on the loopback on which nobody listens and that this process has not been given before.

    ``block`` are offsets that must be free with it. Raises RuntimeError where the whole range is taken.
    """
    for _attempt in range(1000):
        first = secrets.choice(PORTS)
        wanted = [first + offset for offset in block]
        if wanted[-1] in PORTS and _given.isdisjoint(wanted) and all(map(is_free, wanted)):
            _given.update(wanted)
            return first
    raise RuntimeError(f"No free ports between {PORTS.start} and {PORTS.stop} on this machine: end some servers.")


def is_free(port: int, *, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there now, on the loopback as well as on ``host``."""
    for address in {"127.0.0.1", host}:
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
            except OSError:
                return False
    return True
