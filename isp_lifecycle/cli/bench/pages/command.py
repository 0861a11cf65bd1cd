"""The command: a provider's size of rows, one server of the staff suite, what it and its readers wait for and keep."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from statistics import median, quantiles
from typing import Annotated

import psutil
import typer

from isp_lifecycle.cli.bench.engine.works import Works, works
from isp_lifecycle.cli.bench.pages import browsing
from isp_lifecycle.cli.bench.pages.looking import Reader, all_hear
from isp_lifecycle.cli.bench.pages.rows import fill
from isp_lifecycle.cli.bench.pages.serving import HOMES, cpu_seconds, sample_town, suite
from isp_lifecycle.cli.bench.table import Row, report
from isp_lifecycle.cli.sample.signins import PASSWORD

EXIT_NOT_MET = 1
#: What the issue of the suite asks for.
BUILD_MS, PAINT_S, FILTER_MS, PUSH_S, SESSION_MIB = 250.0, 1.5, 300.0, 1.0, 3.0
LISTS = {"sales": "/services", "support": "/tickets"}
#: Sessions that nobody looks at are let go by the server after 15 to 32 seconds.
LET_GO_SECONDS = 40
AT_ONCE = 4


def pages(
    customers: Annotated[int, typer.Option(min=1000, help="So many, with a service and an order each.")] = 100_000,
    events: Annotated[int, typer.Option(min=1000, help="So many, with a delivery each.")] = 1_000_000,
    sessions: Annotated[int, typer.Option(min=20, help="So many are opened and closed.")] = 500,
    at_once: Annotated[int, typer.Option("--open", min=2, help="So many are open while a change is pushed.")] = 50,
    times: Annotated[int, typer.Option(min=3, help="So often each page is built, and drawn.")] = 8,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """What pages cost: building and drawing each role's start page, a list's round trip, a push, memory of sessions."""
    with works() as its:
        readers_of = sample_town(its)
        fill(its, customers=customers, events=events)
        with suite(its) as (url, server):
            people = {role: Reader.signed_in(url, name, PASSWORD) for role, name in readers_of.items()}
            rows = _pushed(its, people["support"], server, at_once)
            rows += _built(people, server, times)
            rows += _drawn(people, times)
            rows += _kept(people["sales"], server, sessions)
    if not report(bench="pages", rows=rows, as_json=as_json):
        raise typer.Exit(EXIT_NOT_MET)


def _built(people: dict[str, Reader], server: psutil.Process, times: int) -> list[Row]:
    """Server CPU of a page from its being asked for to its document being sent."""
    rows = []
    for role, path, target in _looked_at():
        asyncio.run(_look(people[role], path, 2))
        before = cpu_seconds(server)
        asyncio.run(_look(people[role], path, times))
        spent = (cpu_seconds(server) - before) / times * 1000
        judged = {"target": BUILD_MS, "judge": "value at most"} if target else {}
        rows.append(Row(f"server CPU, {path} for {role}", spent, "ms", **judged))  # type: ignore[arg-type]
    return rows


def _drawn(people: dict[str, Reader], times: int) -> list[Row]:
    """What a person waits for, in Chromium."""
    path_of_browser = browsing.chromium()
    if path_of_browser is None:
        typer.echo("No Chromium or no Playwright here: what a browser waits for is left out.", err=True)
        return []
    rows = []
    with browsing.browser(path_of_browser) as opened:
        for role, path, target in _looked_at():
            seconds = median(browsing.first_paint(opened, people[role], path, times=times))
            judged = {"target": PAINT_S, "judge": "value at most"} if target else {}
            rows.append(Row(f"first useful paint, {path} for {role}", seconds, "s", **judged))  # type: ignore[arg-type]
        presses = ["Customer", "Customer", "State", "Waits", "After", "After", "Failed", "All", "Under way"]
        found = browsing.round_trips(opened, people["sales"], "/orders?state=completed,confirmed", presses)
        rows.append(_milliseconds("list of orders, a press until other rows, median", median(found)))
        rows.append(Row("list of orders, the slowest press", max(found) * 1000, "ms"))
        found = browsing.round_trips(
            opened, people["sales"], "/services", ["Customer", "State", "Service", "After", "After"]
        )
        rows.append(_milliseconds("list of services, a press until other rows, median", median(found)))
        rows.append(Row("list of services, the slowest press", max(found) * 1000, "ms"))
    return rows


def _milliseconds(measure: str, seconds: float) -> Row:
    return Row(measure, seconds * 1000, "ms", target=FILTER_MS, judge="value at most")


def _pushed(its: Works, reader: Reader, server: psutil.Process, at_once: int) -> list[Row]:
    """From a commit to every open page's hearing of it, and what the open pages keep of a process that is new."""

    def change(turn: int) -> None:
        its.sql.execute(
            "UPDATE tickets SET subject = %(text)s WHERE code = (SELECT code FROM tickets WHERE state = 'acknowledged'"
            " ORDER BY opened_at DESC, code DESC LIMIT 1)",
            {"text": f"Changed {turn}"},
        )

    asyncio.run(_look(reader, "/tickets", 3))  # what every process loads once
    before, memory = cpu_seconds(server), _mebibytes(server)
    found = asyncio.run(all_hear([(reader, "/tickets")] * at_once, change, lambda: _mebibytes(server), times=4))
    cut = quantiles(found.seconds, n=20, method="inclusive")
    each = (found.while_open - memory) / at_once
    return [
        Row(f"push to {at_once} open pages, median", median(found.seconds), "s", target=PUSH_S, judge="value at most"),
        Row(f"push to {at_once} open pages, p95", cut[18], "s", target=PUSH_S, judge="value at most"),
        Row("memory of an open page", each, "MiB", target=SESSION_MIB, judge="value at most"),
        Row(f"server CPU of opening {at_once} and 4 pushes to all", cpu_seconds(server) - before, "s"),
    ]


async def _look(reader: Reader, path: str, number: int) -> None:
    for _turn in range(number):
        async with reader.looks(path):
            pass


def _kept(reader: Reader, server: psutil.Process, sessions: int) -> list[Row]:
    """Memory before and after so many pages that were opened and closed."""

    async def look(number: int) -> None:
        for _turn in range(number // AT_ONCE):
            await asyncio.gather(*(_look(reader, "/orders", 1) for _one in range(AT_ONCE)))

    asyncio.run(look(sessions // 5))
    time.sleep(LET_GO_SECONDS)
    before, cpu = _mebibytes(server), cpu_seconds(server)
    asyncio.run(look(sessions))
    time.sleep(LET_GO_SECONDS)
    after, each = _mebibytes(server), (cpu_seconds(server) - cpu) / sessions * 1000
    return [
        Row(f"memory after {sessions // 5} pages", before, "MiB"),
        Row(f"memory after {sessions} more, opened and closed", after, "MiB", reference=before, target=1.1),
        Row("server CPU of one of them", each, "ms"),
    ]


def _looked_at() -> Iterator[tuple[str, str, bool]]:
    """Role, path, and whether it is where the role starts."""
    yield from ((role, path, True) for role, path in HOMES.items())
    yield from ((role, path, False) for role, path in LISTS.items())


def _mebibytes(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 2**20
