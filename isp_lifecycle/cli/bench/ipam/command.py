"""The command: the stages in turns by the same processes, then one alone beside NetBox's way, and one table."""

from __future__ import annotations

from statistics import median, quantiles
from typing import Annotated

import typer

from isp_lifecycle.cli.bench.engine.works import works
from isp_lifecycle.cli.bench.ipam.netbox import take_as_netbox_does
from isp_lifecycle.cli.bench.ipam.stage import Stage, pool_prefix, settle, stages
from isp_lifecycle.cli.bench.ipam.takers import Taken, Takers, takers
from isp_lifecycle.cli.bench.table import Row, report
from isp_lifecycle.foundation.db import open_engine
from isp_lifecycle.intake import measured

EXIT_NOT_MET = 1
#: p99 beside very many taken addresses over p99 in an empty pool.
TARGET = 3.0
#: Reservations of one process alone, which stand beside NetBox's way.
ALONE = 200


def ipam(
    taken: Annotated[int, typer.Option(min=100, help="So many addresses are taken before.")] = 1_000_000,
    processes: Annotated[int, typer.Option(min=1, help="So many take at the same time.")] = 16,
    each: Annotated[int, typer.Option(min=10, help="Reservations of a process and round.")] = 100,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds through the stages, in turns.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Taking an address in an empty pool and beside a million taken ones, and how NetBox would find a free one."""
    with works() as its:
        shown = stages(its, taken)
        with takers(processes) as them:
            found = _in_turns(them, shown, each, rounds)
        rows = _rows(shown, found)
        rows += _beside_netbox(shown, taken)
    if not report(bench="ipam", rows=rows, as_json=as_json):
        raise typer.Exit(EXIT_NOT_MET)


def _in_turns(them: Takers, shown: tuple[Stage, ...], each: int, rounds: int) -> dict[str, list[Taken]]:
    """Each stage once a round, so that what else the machine does falls on all of them; the first round warms up."""
    found: dict[str, list[Taken]] = {stage.name: [] for stage in shown}
    for _round in range(rounds + 1):
        for stage in shown:
            found[stage.name].append(them.take(stage.url, each))
    return {name: taken[1:] for name, taken in found.items()}


def _rows(shown: tuple[Stage, ...], found: dict[str, list[Taken]]) -> list[Row]:
    rows = []
    empty50, empty99, empty_rate = _summary(found[shown[0].name])
    rows.append(Row(f"reserve in {shown[0].name}, p50", empty50, "ms"))
    rows.append(Row(f"reserve in {shown[0].name}, p99", empty99, "ms"))
    rows.append(Row(f"reservations in {shown[0].name}", empty_rate, "/s"))
    for stage in shown[1:]:
        p50, p99, rate = _summary(found[stage.name])
        name = f"{stage.taken:,} taken, {stage.name}"
        rows.append(Row(f"reserve, {name}, p50", p50, "ms", empty50))
        rows.append(Row(f"reserve, {name}, p99", p99, "ms", empty99, TARGET))
        rows.append(Row(f"reservations, {name}", rate, "/s", empty_rate))
    return rows


def _summary(found: list[Taken]) -> tuple[float, float, float]:
    """p50 and p99 of all reservations, and how many a second."""
    every = [ms for taken in found for ms in taken.milliseconds]
    cut = quantiles(every, n=100, method="inclusive")
    return cut[49], cut[98], len(every) / sum(taken.seconds for taken in found)


def _beside_netbox(shown: tuple[Stage, ...], taken: int) -> list[Row]:
    rows, prefix = [], pool_prefix(taken)
    for stage in shown[1:]:
        settle(stage.url)
        engine = open_engine(stage.url, pool_size=1)
        ours = median(measured.reserve(engine) for _one in range(ALONE))
        engine.dispose()
        theirs = take_as_netbox_does(stage.url, prefix)
        rows.append(Row(f"NetBox's way, {stage.taken:,} taken, {stage.name}", theirs, "ms"))
        rows.append(Row(f"reserve by one process beside it, {stage.name}", ours, "ms", theirs))
    return rows
