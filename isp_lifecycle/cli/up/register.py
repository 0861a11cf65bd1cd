"""What runs, on disk: so that a second start is refused, `isp status` can tell, and leftovers of a crash are found.

A process is known by its number *and* the instant it started: a number that has gone to a stranger meanwhile is left
alone. The lock is the kernel's (flock), so it is gone with its holder, however that one ended.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from isp_lifecycle.cli.up.errors import AlreadyRunning


@dataclass(frozen=True)
class Entry:
    """One process as it was last noted. ``started`` is the kernel's own figure, seconds since the epoch."""

    name: str
    pid: int
    started: float
    state: str
    restarts: int = 0

    def process(self) -> psutil.Process | None:
        """The process, if it is still this one and still runs."""
        try:
            found = psutil.Process(self.pid)
            same = abs(found.create_time() - self.started) < 0.05
            return found if same and found.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None


@dataclass(frozen=True)
class Register:
    """Everything one supervisor runs."""

    supervisor: Entry
    port: int
    children: tuple[Entry, ...]

    @property
    def up(self) -> bool:
        """Whether every part has come up under this supervisor."""
        return self.supervisor.state == "up"


def run_folder(var: Path) -> Path:
    """The folder of the lock and the register, made when there is none."""
    folder = var / "run"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def started_at(pid: int) -> float:
    """When that process started, by the kernel's figures; 0 when it has gone already."""
    try:
        return psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return 0.0


@contextmanager
def alone(var: Path) -> Iterator[None]:
    """Hold the data folder for the length of a block; raises :class:`AlreadyRunning`, naming who holds it."""
    with (run_folder(var) / "lock").open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise AlreadyRunning(var, int(lock.read() or 0)) from None
        lock.seek(0)
        lock.truncate()
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def note(var: Path, register: Register) -> None:
    """Write it down, whole or not at all."""
    path = run_folder(var) / "children.json"
    half = path.with_suffix(".new")
    half.write_text(json.dumps(asdict(register), indent=1), encoding="utf-8")
    half.replace(path)


def noted(var: Path) -> Register | None:
    """What was written down last, by a supervisor that runs or by one that was killed."""
    path = var / "run" / "children.json"
    if not path.exists():
        return None
    found = json.loads(path.read_text(encoding="utf-8"))
    children = tuple(Entry(**child) for child in found["children"])
    return Register(supervisor=Entry(**found["supervisor"]), port=found["port"], children=children)


def forget(var: Path) -> None:
    """Nothing runs any more."""
    (var / "run" / "children.json").unlink(missing_ok=True)


def end_leftovers(var: Path, *, within_seconds: float = 5.0) -> tuple[str, ...]:
    """End what an earlier, killed supervisor left running, the last started first; returns what was found."""
    register = noted(var)
    found: list[str] = []
    for entry in reversed(register.children if register else ()):
        family = family_of(entry)
        if not family:
            continue
        found.append(entry.name)
        # PostgreSQL must not be asked with TERM, which waits for its clients: INT ends it quickly and loses nothing.
        ask = signal.SIGINT if entry.name == "postgres" else signal.SIGTERM
        for process in family:
            _send(process, ask)
        _, alive = psutil.wait_procs(family, timeout=within_seconds)
        for process in alive:
            _send(process, signal.SIGKILL)
        psutil.wait_procs(alive, timeout=within_seconds)
    return tuple(found)


def family_of(entry: Entry) -> list[psutil.Process]:
    """The noted process and those of the session that it led, also when it has gone itself."""
    leader = entry.process()
    if leader is None and psutil.pid_exists(entry.pid):
        return []  # the number is a stranger's now, and so may be its session
    members = [] if leader is None else [leader]
    for process in psutil.process_iter():
        if process.pid != entry.pid and _in_session(process, entry):
            members.append(process)
    return members


def _in_session(process: psutil.Process, entry: Entry) -> bool:
    try:
        return os.getsid(process.pid) == entry.pid and process.create_time() >= entry.started
    except (ProcessLookupError, PermissionError, psutil.NoSuchProcess):
        return False


def _send(process: psutil.Process, signal_number: signal.Signals) -> None:
    try:
        process.send_signal(signal_number)
    except psutil.NoSuchProcess:
        return  # it ended by itself meanwhile, as wished
