"""Run the lab: `python -m isp_lifecycle.lab --state DIR`, until TERM or INT."""

import argparse
import asyncio
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import uvicorn

from isp_lifecycle.lab.control import control_application
from isp_lifecycle.lab.plant import PlantRefused
from isp_lifecycle.lab.running import DEFAULT_PASSWORD, DEFAULT_USERNAME, Lab, Options
from isp_lifecycle.lab.ssh import HOST
from isp_lifecycle.lab.town import REFERENCE_DAY

DEFAULT_BASE_PORT = 22800
DEFAULT_CONTROL_PORT = 22790


class _ControlServer(uvicorn.Server):
    """uvicorn without its own signal handling: the lab decides when to end."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


def options(arguments: list[str]) -> Options:
    """Read the command line, and the account of the OLTs from the environment."""
    parser = argparse.ArgumentParser(prog="python -m isp_lifecycle.lab", description="A simulated access plant.")
    parser.add_argument("--state", type=Path, required=True, help="folder in which the plant survives")
    parser.add_argument("--seed", type=int, default=7, help="which town")
    parser.add_argument("--today", type=date.fromisoformat, default=REFERENCE_DAY, help="the town's day one")
    parser.add_argument("--olts", type=int, default=2, help="how large a town")
    parser.add_argument("--vendors", default="", help="makers of the first OLTs, such as zte,huawei; others: huawei")
    parser.add_argument("--dense", action="store_true", help="1,000 customers an OLT instead of 60")
    parser.add_argument("--region", action="store_true", help="OLTs of 200 customers, made when first asked for")
    parser.add_argument("--awake", type=int, default=120, help="of a region, unused OLTs that are kept")
    parser.add_argument("--base-port", type=int, default=DEFAULT_BASE_PORT, help="SSH port of the first OLT; 0: any")
    parser.add_argument("--control-port", type=int, default=DEFAULT_CONTROL_PORT, help="control interface; 0: any")
    parser.add_argument("--speed", type=float, default=1.0, help="divides every latency; 0: no latency")
    parser.add_argument("--reenter", type=int, default=4, help="sessions an account may have at once")
    parser.add_argument("--idle-timeout", type=float, default=300.0, help="seconds until an idle session ends")
    given = parser.parse_args(arguments)
    username = os.environ.get("ISP_LAB_USERNAME", DEFAULT_USERNAME)
    password = os.environ.get("ISP_LAB_PASSWORD", DEFAULT_PASSWORD)
    return Options(
        state=given.state,
        seed=given.seed,
        today=given.today,
        olts=given.olts,
        vendors=tuple(vendor for vendor in given.vendors.split(",") if vendor),
        dense=given.dense,
        region=given.region,
        awake=given.awake,
        base_port=given.base_port,
        control_port=given.control_port,
        speed=given.speed,
        reenter=given.reenter,
        idle_seconds=given.idle_timeout,
        accounts={username: password},
    )


async def run(chosen: Options) -> None:
    """Run until TERM or INT; prints one line when everything listens."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    lab = Lab(chosen)
    await lab.start()
    listener = socket.create_server((HOST, chosen.control_port))
    # asyncio does this only for sockets it made itself; without it every answer waits 40 ms for an acknowledgement
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    config = uvicorn.Config(control_application(lab), log_level="warning", access_log=False, lifespan="off")
    server = _ControlServer(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    ports = " ".join(f"{name}={HOST}:{endpoint.port}" for name, endpoint in lab.endpoints.items())
    sys.stdout.write(f"lab ready control=http://{HOST}:{listener.getsockname()[1]} {ports}\n")
    sys.stdout.flush()
    await stop.wait()
    server.should_exit = True
    await lab.stop()
    await serving


def main(arguments: list[str] | None = None) -> int:
    """Run the lab and return the exit status: 0 after TERM, 2 when the state folder does not fit."""
    try:
        asyncio.run(run(options(sys.argv[1:] if arguments is None else arguments)))
    except PlantRefused as refused:
        sys.stderr.write(f"lab: {refused}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
