"""A single activation at realistic latency: how much of its wall time is the devices' own, and what the rest is."""

from __future__ import annotations

from statistics import median
from typing import Annotated

import typer

from isp_lifecycle.cli.bench.many import AtOnce, activations
from isp_lifecycle.cli.bench.table import Row, report
from isp_lifecycle.cli.demo.run import Outcome, run_once
from isp_lifecycle.cli.demo.system import own_system
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.lab.town import VENDORS

EXIT_NOT_MET = 1
#: Automated wall time over the device's own time.
TARGET = 1.10
#: Many at once: the last one's end over the slowest OLT's own time.
TARGET_AT_ONCE = 1.15


def activation(
    runs: Annotated[int, typer.Option(min=1, help="So many customers, one after the other.")] = 3,
    vendor: Annotated[str, typer.Option(help=f"Whose OLTs: {', '.join(VENDORS)}.")] = "huawei",
    olts: Annotated[int, typer.Option(min=2, help="Then one more on each of so many OLTs at the same moment.")] = 2,
    speed: Annotated[float, typer.Option(min=0.1, help="1 = the latency of a real plant.")] = 1.0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """From Activate pressed to the service in use, beside the time in which the devices themselves were at work."""
    if vendor not in VENDORS:
        remedy = f"Use one of: {', '.join(VENDORS)}."
        raise Refused(f"The plant has no OLTs of {vendor!r}.", field="vendor", value=vendor, remedy=remedy)
    at_once = {"ISP_ENGINE__OLTS_AT_ONCE": str(min(max(olts, 8), 64))}
    with own_system(speed=speed, olts=olts, vendors=(vendor,) * olts, environment=at_once) as system:
        outcomes = [run_once(system) for _run in range(runs)]
        together = activations(system)
    failed = [o for o in outcomes if not o.expected]
    if failed:
        typer.echo(f"{len(failed)} of {runs} activations did not end as expected.", err=True)
        raise typer.Exit(EXIT_NOT_MET)
    if not report(bench="activation", rows=[*_rows(outcomes), *_together(together, olts)], as_json=as_json):
        raise typer.Exit(EXIT_NOT_MET)


def _together(found: AtOnce, olts: int) -> list[Row]:
    return [
        Row(f"{olts} OLTs at once", found.wall, "s", reference=found.slowest, target=TARGET_AT_ONCE),
        Row("of those the worst beside its own OLT", found.worst_wall, "s", reference=found.worst_own),
    ]


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
