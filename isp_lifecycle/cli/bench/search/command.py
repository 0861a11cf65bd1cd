"""The command: fill, make the words, search as the pages do, and weigh what the index costs on writing."""

from __future__ import annotations

import random
import time
from statistics import quantiles
from typing import Annotated, Any

import psycopg
import typer
from pydantic import SecretStr

from isp_lifecycle import bootstrap
from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.cli.bench.engine.works import Works, works
from isp_lifecycle.cli.bench.search import seed
from isp_lifecycle.cli.bench.search.queries import texts
from isp_lifecycle.cli.bench.search.writing import sizes, writing
from isp_lifecycle.cli.bench.table import Row, report
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.views.search.everything import search as view

EXIT_NOT_MET = 1
#: p95 over all kinds of texts, in milliseconds.
TARGET_MS = 300.0


def search(
    customers: Annotated[int, typer.Option(min=1000, help="So many customers, each with premises and a service.")] = (
        1_000_000
    ),
    each: Annotated[int, typer.Option(min=5, help="So many texts of each kind.")] = 40,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Search from anywhere beside a million customers, by kind of text, and what its index costs on writing."""
    with works() as its:
        rows = _filled(its, customers)
        rows += _searched(its, customers, each)
        rows += sizes(its)
        rows += writing(its, customers)
    if not report(bench="search", rows=rows, as_json=as_json):
        raise typer.Exit(EXIT_NOT_MET)


def _filled(its: Works, customers: int) -> list[Row]:
    url = its.environment["DATABASE_URL"]
    begun = time.perf_counter()
    seed.fill(url, customers)
    filled = time.perf_counter()
    with psycopg.connect(url, autocommit=True) as sql:
        sql.execute("ANALYZE")
        sql.execute("SELECT search_noted(array(SELECT id FROM customers))")
        made = time.perf_counter()
        sql.execute("VACUUM ANALYZE")
        sql.execute("CHECKPOINT")
    return [
        Row(f"{customers:,} customers with all they have, copied", filled - begun, "s"),
        Row("the words of all of them, made at once", made - filled, "s"),
    ]


def _searched(its: Works, customers: int, each: int) -> list[Row]:
    """Every text once, kinds in turns, after one of each that warms up."""
    url = SecretStr(its.environment["DATABASE_URL"])
    window = bootstrap.open_doors(load_settings(var=its.folder / "var", database_url=url), application="bench").window
    typed = texts(customers=customers, each=each)
    times: dict[str, list[float]] = {kind: [] for kind in typed}
    found: dict[str, int] = dict.fromkeys(typed, 0)
    asked = [(kind, text) for kind, some in typed.items() for text in some]
    random.Random(3).shuffle(asked)  # noqa: S311 - an order, not a secret
    for _kind, some in typed.items():
        view(window, SYSTEM, text=some[0])
    for kind, text in asked:
        begun = time.perf_counter()
        hits = view(window, SYSTEM, text=text)
        times[kind].append((time.perf_counter() - begun) * 1000)
        found[kind] += bool(hits)
    window.engine.dispose()
    rows = [_row(f"{kind} ({found[kind]} of {len(some)} found)", some) for kind, some in times.items()]
    every = [ms for some in times.values() for ms in some]
    cut = _cut(every)
    return [
        *(row for three in rows for row in three),
        Row(f"all {len(every)} texts, p50", cut[49], "ms"),
        Row("all texts, p95", cut[94], "ms", target=TARGET_MS, judge="value at most"),
        Row("all texts, the slowest", max(every), "ms"),
    ]


def _row(kind: str, some: list[float]) -> tuple[Row, ...]:
    cut: list[Any] = _cut(some)
    return (
        Row(f"{kind}, p50", cut[49], "ms"),
        Row(f"{kind}, p95", cut[94], "ms", target=TARGET_MS, judge="value at most"),
        Row(f"{kind}, slowest", max(some), "ms"),
    )


def _cut(some: list[float]) -> list[float]:
    return quantiles(some, n=100, method="inclusive")
