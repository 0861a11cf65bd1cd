"""The command: run what is asked for, print one table."""

from __future__ import annotations

from statistics import quantiles
from subprocess import Popen
from typing import Annotated

import typer

from isp_lifecycle.cli.bench.engine.devices import plan_changes
from isp_lifecycle.cli.bench.engine.measures import Drained, Rig, ceiling, slope
from isp_lifecycle.cli.bench.engine.works import works
from isp_lifecycle.cli.bench.table import Row, report

EXIT_NOT_MET = 1
ROUNDS = 3
LATENCIES = 200
#: Deliveries a second over the ceiling's; growth: with a long history over without; exponent of time over number.
THROUGHPUT, GROWTH, SLOPE = 0.6, 0.9, 1.05
#: Milliseconds from commit to the first step on an idle engine.
P50_MS, P99_MS = 10.0, 50.0
#: Wall time over the time of the busiest OLT itself.
DEVICES = 1.15


def engine(
    deliveries: Annotated[int, typer.Option(min=50, help="Five-step deliveries a round.")] = 2000,
    history: Annotated[int, typer.Option(min=0, help="Finished deliveries in the tables for growth; 0: leave out.")] = (
        1_000_000
    ),
    due: Annotated[int, typer.Option(min=0, help="Most deliveries due at one instant; 0: leave out.")] = 100_000,
    changes: Annotated[int, typer.Option(min=0, help="Plan changes over the OLTs; 0: leave out.")] = 1000,
    olts: Annotated[int, typer.Option(min=2, help="OLTs of the simulated plant.")] = 20,
    speed: Annotated[float, typer.Option(min=0.1, help="1 = the latency of real OLTs.")] = 1.0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Events through the whole engine: throughput, latency, growth, a month-end's instant, and many devices."""
    rows: list[Row] = []
    with works() as its:
        best = ceiling(its, deliveries, rounds=ROUNDS)
        rig = Rig(its)
        with its.processes(**rig.commands) as processes:
            rig.warm_up()
            rounds = sorted((rig.drain(deliveries, processes) for _ in range(ROUNDS)), key=lambda d: d.per_second)
            middle = rounds[ROUNDS // 2]
            rows += _throughput(middle, best)
            rows += _latency(rig.latencies(min(LATENCIES, deliveries)))
            if due:
                rows += _due(rig, due, processes)
            if history:
                rig.grow(history)
                grown = sorted((rig.drain(deliveries, processes) for _ in range(ROUNDS)), key=lambda d: d.per_second)
                rows += _growth(history, grown[ROUNDS // 2], middle)
    if changes:
        found = plan_changes(changes, olts=olts, speed=speed)
        rows.append(Row(f"{changes} plan changes over {olts} OLTs", found.wall, "s", found.busiest, DEVICES))
    if not report(bench="engine", rows=rows, as_json=as_json):
        raise typer.Exit(EXIT_NOT_MET)


def _throughput(found: Drained, best: Drained) -> list[Row]:
    rows = [Row("five-step deliveries", found.per_second, "/s", best.per_second, THROUGHPUT, "ratio at least")]
    rows.append(Row("CPU a delivery", found.cpu_ms, "ms", best.cpu_ms))
    for name, cost in found.cost.items():
        rows.append(Row(f"CPU a delivery: {name}", cost, "ms", best.cost.get(name)))
    return rows


def _latency(found: list[float]) -> list[Row]:
    cut = quantiles(found, n=100, method="inclusive")
    return [
        Row("commit to first step, idle, p50", cut[49], "ms", None, P50_MS, "value at most"),
        Row("commit to first step, idle, p99", cut[98], "ms", None, P99_MS, "value at most"),
    ]


def _growth(history: int, grown: Drained, young: Drained) -> list[Row]:
    name = f"deliveries with {history:,} finished ones"
    rows = [Row(name, grown.per_second, "/s", young.per_second, GROWTH, "ratio at least")]
    rows += [Row(f"CPU a delivery, grown: {part}", cost, "ms", young.cost[part]) for part, cost in grown.cost.items()]
    return rows


def _due(rig: Rig, most: int, processes: dict[str, Popen[bytes]]) -> list[Row]:
    sizes = [most // 8, most // 4, most // 2, most]
    drained = [rig.due_at_once(size, processes) for size in sizes]
    seconds = [size / found.per_second for size, found in zip(sizes, drained, strict=True)]
    points = list(zip(map(float, sizes), seconds, strict=True))
    smallest, largest = drained[0], drained[-1]
    return [
        *(Row(f"{size:,} due at one instant", time, "s") for size, time in zip(sizes, seconds, strict=True)),
        Row("exponent of time over number due", slope(points), "", None, SLOPE, "value at most"),
        Row("largest process", largest.largest_bytes / 1e6, "MB", smallest.largest_bytes / 1e6),
    ]
