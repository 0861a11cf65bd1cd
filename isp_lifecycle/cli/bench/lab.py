"""What a simulated plant of a large provider costs: until it stands, at rest, and after everybody was asked."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated

import psutil
import typer

from isp_lifecycle.bootstrap import onts_on
from isp_lifecycle.cli.bench.errors import BenchStuck
from isp_lifecycle.cli.bench.table import Row, report
from isp_lifecycle.lab.process import LabProcess
from isp_lifecycle.lab.running import DEFAULT_PASSWORD, DEFAULT_USERNAME
from isp_lifecycle.lab.town import Region

FEW = 4


def lab(
    olts: Annotated[int, typer.Option(min=2 * FEW, max=512, help="How many, of 200 ONTs each.")] = 500,
    awake: Annotated[int, typer.Option(min=1, help="Unused OLTs that the lab keeps.")] = 120,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Start a region of all vendors, ask one OLT of each for everything on it, then all of the others."""
    region = Region(olts=olts)
    with tempfile.TemporaryDirectory(prefix="isp-region-") as folder:
        began = time.monotonic()
        with LabProcess.start(state=Path(folder), region=True, olts=olts, speed=0, awake=awake) as running:
            started = time.monotonic() - began
            process, sites = psutil.Process(running.process.pid), region.sites()
            idle, threads = _mebibytes(process), process.num_threads()
            few_seconds, few_onts = _ask(running, islice(sites, FEW))
            few = _mebibytes(process)
            seconds, onts = _ask(running, sites)
            asked = _mebibytes(process)
    if few_onts + onts != region.onts:
        raise BenchStuck(f"{region.onts} ONTs", f"{few_onts + onts} were found.")
    rows = [
        Row(f"{olts} OLTs with {region.onts} ONTs started", started, "s"),
        Row("threads, nobody asked", threads, ""),
        Row("memory, nobody asked", idle, "MiB"),
        Row(f"memory, {FEW} asked", few, "MiB", reference=idle),
        Row(f"memory, all asked, {awake} kept", asked, "MiB", reference=idle),
        Row("all that is on one of the first read", few_seconds / FEW, "s"),
        Row("all that is on one of the others read", seconds / (olts - FEW), "s", reference=few_seconds / FEW),
    ]
    report(bench="lab", rows=rows, as_json=as_json)


def _ask(running: LabProcess, sites: Iterator[tuple[str, str]]) -> tuple[float, int]:
    """Ask each of these OLTs in a session of its own; return the seconds that it took, and how many ONTs there are."""
    began, onts = time.monotonic(), 0
    for name, vendor in sites:
        onts += onts_on(
            olt=name,
            vendor=vendor,
            host="127.0.0.1",
            port=running.ports[name],
            username=DEFAULT_USERNAME,
            password=DEFAULT_PASSWORD,
        )
    return time.monotonic() - began, onts


def _mebibytes(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 2**20
