"""The lab as a process of its own: drivers meet it on the wire only."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from isp_lifecycle.lab.client import LabClient

USERNAME, PASSWORD = "ispdriver", "lab-only"


@dataclass(frozen=True, slots=True)
class RunningLab:
    client: LabClient
    ports: dict[str, int]


@contextmanager
def running_lab(folder: Path, *, speed: float, reenter: int = 8, vendors: tuple[str, ...] = ()) -> Iterator[RunningLab]:
    """Free ports, its own state; ended when left. ``speed`` 0: no latency at all."""
    command = [sys.executable, "-m", "isp_lifecycle.lab", "--state", str(folder), "--base-port", "0"]
    command += ["--control-port", "0", "--speed", str(speed), "--reenter", str(reenter)]
    command += ["--vendors", ",".join(vendors)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            ready = re.search(r"control=(\S+)", line)
            assert ready is not None, f"the lab did not start: {line!r}"
            ports = {name: int(port) for name, port in re.findall(r"(\S+)=127\.0\.0\.1:(\d+)", line)}
            with LabClient(ready[1]) as client:
                client.wait_ready()
                yield RunningLab(client, ports)
        finally:
            process.terminate()
