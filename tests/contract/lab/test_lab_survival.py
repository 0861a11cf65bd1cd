"""Whatever was configured when its prompt came is there after the lab was killed; and the lab ends politely on TERM."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
from pathlib import Path

from isp_lifecycle.lab.process import LabProcess
from tests.contract.lab.terminals import OLT, free_premises, terminal

SERIAL = "48575443AB000004"


def _killed_after(lines: list[str], lab: LabProcess) -> None:
    """Type lines and kill the lab at the very prompt that follows the last."""

    async def scene() -> None:
        async with terminal(lab.ports[OLT]) as seat:
            for line in lines:
                await seat.do(line)
            lab.kill()

    try:
        asyncio.run(scene())
    except ConnectionError:
        return


def test_configuration_survives_kill_and_ports_and_host_key_stay(tmp_path: Path) -> None:
    with LabProcess.start(state=tmp_path, speed=0, base_port=_nobodys_ports()) as lab:
        ports = lab.ports
        with lab.client() as client:
            address = free_premises(client)
            client.plug(SERIAL, address)
            client.cut("splitter", "HC1")
        key = (tmp_path / "ssh_host_key").read_bytes()
        _killed_after(
            [
                "config",
                "interface gpon 0/1",
                f'ont add 0 99 sn-auth "{SERIAL}" omci ont-lineprofile-id 10 ont-srvprofile-id 10 desc "S-900002"',
                "quit",
                "service-port 900 vlan 100 gpon 0/1/0 ont 99 gemport 1 multi-service user-vlan 100",
            ],
            lab,
        )
    with LabProcess.start(state=tmp_path, speed=0, base_port=ports[OLT]) as lab, lab.client() as client:
        state = client.ont(SERIAL)
        assert (state.premises_code, state.ont_id, state.service_code, state.vlans, state.run_state) == (
            address, 99, "S-900002", [100], "online",
        )  # fmt: skip
        assert client.state().cuts == ["splitter:HC1"]
        assert lab.ports[OLT] == ports[OLT]
        assert (tmp_path / "ssh_host_key").read_bytes() == key
        assert lab.stop() == 0


def _nobodys_ports() -> int:
    """The first of some free ports that the system gives to nobody else while the lab is down for a moment.

    What it gives to whoever asks for any port begins at 32768 (Linux, ``ip_local_port_range``).
    """
    for first in range(20_011 + os.getpid() % 500 * 20, 32_000, 20):
        with contextlib.suppress(OSError):
            for port in range(first, first + 8):
                with socket.create_server(("127.0.0.1", port)):
                    pass
            return first
    raise AssertionError("no free ports below 32768")


def test_another_seed_is_refused(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "isp_lifecycle.lab", "--state", str(tmp_path), "--base-port", "0"]
    with LabProcess.start(state=tmp_path, seed=7) as lab:
        assert lab.stop() == 0
    refused = subprocess.run(
        [*command, "--control-port", "0", "--seed", "8"], capture_output=True, text=True, timeout=20, check=False
    )
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "lab: this state folder holds the town of seed 7, not 8\n"
