"""A system of the demo's own: every part but the pages, in a folder and at ports of its own, gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from isp_lifecycle.bootstrap import FIRST_OLT, LAB_CONTROL, Doors, open_doors
from isp_lifecycle.cli import surroundings
from isp_lifecycle.cli.embedded.server import free_port, leashed
from isp_lifecycle.cli.up import register
from isp_lifecycle.cli.up.parts import TOWN_SECONDS
from isp_lifecycle.foundation.errors import Unreachable
from isp_lifecycle.foundation.settings import Settings, load_settings
from isp_lifecycle.lab.client import LabClient
from isp_lifecycle.lab.town import Town, make_town

#: A start on a small machine: initdb, migrations, the sample town, the workers.
START_SECONDS = 120.0
STOP_SECONDS = 60.0
_HOST = "127.0.0.1"


class NotStarted(Unreachable):
    """The system did not come up."""


@dataclass
class System:
    """A running system: its settings, its doors, its plant, and the supervisor that keeps it."""

    settings: Settings
    doors: Doors
    lab: LabClient
    supervisor: subprocess.Popen[bytes]
    environment: dict[str, str] = field(repr=False)
    pages: bool = False
    vendors: tuple[str, ...] = ()
    olts: int = 2

    @property
    def town(self) -> Town:
        """The sample town that it began with."""
        return make_town(olts=self.olts, vendors=self.vendors)

    def restart(self) -> None:
        """Start the supervisor again after it was killed, on the same data; waits until everything is up."""
        again = _start(self.settings.var, self.settings.port, self.environment, pages=self.pages)
        self.supervisor = again
        _wait_until_up(again, self.settings.var)


@contextmanager
def own_system(
    *,
    speed: float,
    environment: Mapping[str, str] | None = None,
    keep: bool = False,
    pages: bool = False,
    olts: int = 2,
    vendors: tuple[str, ...] = (),
) -> Iterator[System]:
    """Start everything in a folder of its own, the pages only when asked; stop it and clear the folder at the end."""
    var = Path(tempfile.mkdtemp(prefix="isp-demo-"))
    var.chmod(0o711)  # as root PostgreSQL gives up root, and must still reach its folder
    block = free_block(olts)
    plant = {"ISP_LAB_SPEED": f"{speed:g}", "ISP_LAB_OLTS": str(olts), "ISP_LAB_VENDORS": ",".join(vendors)}
    env = {**os.environ, **plant, **dict(environment or {})}
    env.pop("DATABASE_URL", None)
    env.pop("REDIS_URL", None)
    supervisor = _start(var, block, env, pages=pages)
    system: System | None = None
    try:
        _wait_until_up(supervisor, var, seconds=START_SECONDS + olts * TOWN_SECONDS)
        settings = surroundings.connected(load_settings(var=var, port=block, environment="demo"))
        with LabClient(f"http://{_HOST}:{block + LAB_CONTROL}") as lab:
            doors = open_doors(settings, application="demo")
            system = System(settings, doors, lab, supervisor, env, pages, vendors, olts)
            yield system
    finally:
        _stop(system.supervisor if system else supervisor)
        if keep:
            sys.stderr.write(f"Kept in {var}\n")
        else:
            shutil.rmtree(var, ignore_errors=True)


def _start(var: Path, block: int, env: dict[str, str], *, pages: bool = False) -> subprocess.Popen[bytes]:
    env = {**env, "ISP_VAR": str(var), "ISP_PORT": str(block), "ISP_ENVIRONMENT": "demo"}
    command = (sys.executable, "-m", "isp_lifecycle.cli", "up", "--with-pages" if pages else "--without-pages")
    # However this process ends, also by kill -9: the system that it started stops in order.
    leash = leashed(command, stop=signal.SIGTERM)
    with (var / "up.out").open("ab") as log:
        return subprocess.Popen(leash, env=env, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)


def _wait_until_up(supervisor: subprocess.Popen[bytes], var: Path, *, seconds: float = START_SECONDS) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = register.noted(var)
        if found is not None and found.supervisor.pid == supervisor.pid and found.up:
            return
        if supervisor.poll() is not None:
            break
        time.sleep(0.1)
    said = (var / "up.out").read_text(encoding="utf-8", errors="replace")[-2000:]
    raise NotStarted(f"The system did not come up. It said:\n{said}", remedy="Mend what it says and try again.")


def _stop(supervisor: subprocess.Popen[bytes]) -> None:
    if supervisor.poll() is not None:
        return
    supervisor.send_signal(signal.SIGTERM)
    try:
        supervisor.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        supervisor.kill()
        supervisor.wait()


def free_block(olts: int = 2) -> int:
    """The first port of a block in which every port that `isp up` uses is free."""
    return free_port(block=(*range(10), *range(FIRST_OLT, FIRST_OLT + olts)))
