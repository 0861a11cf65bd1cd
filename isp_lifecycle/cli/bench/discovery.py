"""A full OLT that nobody told the database about: read whole and taken note of, beside the device's own time."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.cli.bench.table import Row, report
from isp_lifecycle.cli.demo.system import System, own_system
from isp_lifecycle.intake import plant
from isp_lifecycle.lab.process import LabProcess
from isp_lifecycle.lab.town import VENDORS, make_town
from isp_lifecycle.views import discovery as views

OLT = "OLT-UNKNOWN"


def discovery(
    speed: Annotated[float, typer.Option(min=0.1, help="1 = the latency of a real OLT.")] = 1.0,
    vendor: Annotated[list[str] | None, typer.Option(help=f"{', '.join(VENDORS)}; all without it.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Add an OLT with 1,000 ONTs, read everything on it in one session, and take note of it."""
    rows: list[Row] = []
    with own_system(speed=10.0) as system:
        for one in vendor or VENDORS:
            rows += _measured(system, one, speed=speed)
    report(bench="discovery", rows=rows, as_json=as_json)


def _measured(system: System, vendor: str, *, speed: float) -> list[Row]:
    site = make_town(olts=1, vendors=(vendor,), dense=True).olts[0]
    name, doors = f"{OLT}-{vendor}", system.doors
    with tempfile.TemporaryDirectory(prefix="isp-dense-") as folder:
        state, account = Path(folder), _account(system)
        with LabProcess.start(
            state=state, olts=1, vendors=(vendor,), dense=True, speed=speed, environment=account
        ) as lab:
            port = lab.ports[site.name]
            reach = {"host": "127.0.0.1", "area": site.area, "uplink": site.uplink}
            plant.add_olt(doors.door, SYSTEM, name=name, vendor=vendor, port=port, **reach)
            found = views.discovery(doors.window, SYSTEM, olt=name)
    began = time.monotonic()
    plant.adopt(doors.door, SYSTEM, olt=name, seen=found.seen)
    noted = time.monotonic() - began
    onts = f"{vendor}: {len(found.seen.found.onts)} ONTs"
    return [
        Row(f"{onts} read, {found.commands} commands", found.seconds, "s", reference=found.device_seconds),
        Row(f"{onts} noted", noted, "s"),
    ]


def _account(system: System) -> dict[str, str]:
    """The lab's OLTs know the account that the settings name."""
    default = system.settings.credentials["default"]
    return {"ISP_LAB_USERNAME": default.username, "ISP_LAB_PASSWORD": default.password.get_secret_value()}
