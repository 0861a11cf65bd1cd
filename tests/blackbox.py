"""A real Prometheus blackbox exporter on this machine, and an address that certainly does not answer."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from isp_lifecycle.cli.embedded.server import free_port
from tests.sign_on.installed import program

_MODULES = """
modules:
  icmp: {prober: icmp, icmp: {preferred_ip_protocol: ip4}}
  web: {prober: http}
"""
#: Of documentation (RFC 5737); a route keeps whatever is sent there on this machine.
SILENT = "198.51.100.7"


@contextmanager
def blackbox(folder: Path) -> Iterator[str]:
    """An exporter on the loopback; gives its address."""
    path = program("prometheus-blackbox-exporter")
    if os.geteuid():
        pytest.skip("only root's processes may send echo requests everywhere")
    port = free_port()
    file = folder / "blackbox.yml"
    file.write_text(_MODULES, encoding="utf-8")
    argv = [path, f"--config.file={file}", f"--web.listen-address=127.0.0.1:{port}"]
    with (folder / "blackbox.log").open("w") as log, subprocess.Popen(argv, stdout=log, stderr=log) as running:
        url = f"http://127.0.0.1:{port}"
        try:
            _wait_until_healthy(url)
            yield url
        finally:
            running.terminate()


def _wait_until_healthy(url: str) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/-/healthy", timeout=2).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    pytest.fail("the blackbox exporter did not start")


@contextmanager
def silent_address() -> Iterator[str]:
    """An address that nothing answers for, since no packet to it leaves this machine."""
    ip, route = program("ip"), ["blackhole", f"{SILENT}/32"]
    subprocess.run([ip, "route", "replace", *route], check=True, timeout=10)
    try:
        yield SILENT
    finally:
        subprocess.run([ip, "route", "del", *route], check=False, timeout=10)
