"""A single activation at realistic latency: how much of its wall time is the devices' own, and what the rest is."""

from __future__ import annotations

from statistics import median
from typing import Annotated

import typer

from isp_lifecycle.cli.bench.table import Row, report
from isp_lifecycle.cli.demo.run import Outcome, run_once
from isp_lifecycle.cli.demo.system import own_system

EXIT_NOT_MET = 1
#: Automated wall time over the device's own time.
TARGET = 1.15


def activation(
    runs: Annotated[int, typer.Option(min=1, help="So many customers, one after the other.")] = 3,
    speed: Annotated[float, typer.Option(min=0.1, help="1 = the latency of a real plant.")] = 1.0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """From Activate pressed to the service in use, beside the time in which the devices themselves were at work."""
    with own_system(speed=speed) as system:
        outcomes = [run_once(system) for _run in range(runs)]
    failed = [o for o in outcomes if not o.expected]
    if failed:
        typer.echo(f"{len(failed)} of {runs} activations did not end as expected.", err=True)
        raise typer.Exit(EXIT_NOT_MET)
    if not report(bench="activation", rows=_rows(outcomes), as_json=as_json):
        raise typer.Exit(EXIT_NOT_MET)


def _rows(outcomes: list[Outcome]) -> list[Row]:
    wall = [o.connect_seconds or 0.0 for o in outcomes]
    device = [o.device_seconds or 0.0 for o in outcomes]
    ratios = [w / d for w, d in zip(wall, device, strict=True)]
    middle = sorted(range(len(ratios)), key=lambda i: ratios[i])[len(ratios) // 2]
    rows = [Row("activate to active", wall[middle], "s", reference=device[middle], target=TARGET)]
    rows += [
        Row(f"step: {name}", seconds, "s", reference=wall[middle]) for name, seconds in _steps(outcomes[middle]).items()
    ]
    rows.append(Row("median over the runs", median(wall), "s", reference=median(device)))
    return rows


def _steps(outcome: Outcome) -> dict[str, float]:
    """Each step's whole time in the chosen run, from Activate on; its ratio is its share of the wall time."""
    steps: dict[str, float] = {}
    for row in outcome.timeline:
        if row.subject == "Activation" and row.state == "done" and row.seconds is not None:
            steps[row.name] = steps.get(row.name, 0.0) + row.seconds
    for before in ("Start the order", "Book a visit"):
        steps.pop(before, None)
    return steps
