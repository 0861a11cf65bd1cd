"""What the network map costs at a large provider's size, level by level, and how soon it shows what was read."""

from __future__ import annotations

import asyncio
from statistics import median
from typing import Annotated, LiteralString

import psutil
import typer

from isp_lifecycle.cli.bench.engine.works import Works, works
from isp_lifecycle.cli.bench.pages.looking import Reader, all_hear
from isp_lifecycle.cli.bench.pages.serving import cpu_seconds, sample_town, suite
from isp_lifecycle.cli.bench.table import Row, report
from isp_lifecycle.cli.sample.signins import PASSWORD

EXIT_NOT_MET = 1
#: For each level: server CPU, and what is sent beyond what the map of a small provider sends.
BUILD_MS, MORE_KIB, PUSH_S = 250.0, 60.0, 1.0
PORTS, AREAS = 4, 25
FIRST, OTHER = "4857544300000001", "48575443FFFFFFFF"

_ROWS: tuple[LiteralString, ...] = (
    """
    INSERT INTO olts (id, name, vendor, model, area, host, port, credentials, uplink, added_at)
    SELECT uuidv7(), 'BENCH-' || lpad(n::text, 4, '0'), 'huawei', 'MA5800-X7', 'Region ' || n %% %(areas)s,
           '192.0.2.1', 10000 + n, 'bench', '0/9/0', now() FROM generate_series(1, %(olts)s) n
    """,
    """
    INSERT INTO pon_ports (id, olt_id, port, tx_dbm, launch)
    SELECT uuidv7(), o.id, '0/' || 1 + p / 2 || '/' || p %% 2, 3.5, 'typical'
    FROM olts o, generate_series(0, %(ports)s - 1) p WHERE o.name LIKE 'BENCH-%%'
    """,
    """
    INSERT INTO cards (olt_id, place, model, state, ports, noted_at, seen_at)
    SELECT o.id, '0/' || c, 'GPUF', 'normal',
           ARRAY['0/' || c || '/0', '0/' || c || '/1'], now(), now()
    FROM olts o, generate_series(1, 2) c WHERE o.name LIKE 'BENCH-%%'
    """,
    """
    INSERT INTO splitters (code, pon_port_id, ratio, fibre_m, latitude, longitude)
    SELECT 'BX-' || substr(o.name, 7) || '-' || replace(p.port, '/', ''), p.id, 4, 900, 53, -6
    FROM pon_ports p JOIN olts o ON o.id = p.olt_id WHERE o.name LIKE 'BENCH-%%'
    """,
    """
    INSERT INTO splitters (code, pon_port_id, parent, parent_port, ratio, fibre_m, latitude, longitude)
    SELECT s.code || '-' || n, s.pon_port_id, s.code, n, 16, 200, 53, -6
    FROM splitters s, generate_series(1, 4) n WHERE s.code LIKE 'BX-%%'
    """,
    """
    INSERT INTO services (id, code, customer_id, premises_id, state, terms, opened_at, active_on)
    SELECT uuidv7(), 'S-8' || lpad(n::text, 7, '0'), s.customer_id, s.premises_id, 'active', s.terms, now(),
           current_date
    FROM generate_series(1, %(onts)s) n CROSS JOIN (SELECT * FROM services ORDER BY code LIMIT 1) s
    """,
    """
    INSERT INTO lines (service_id, olt_id, pon_port, ont_id, serial, vlan, service_port, down_kbps, up_kbps,
                       expected_rx_dbm, splitter_code, splitter_port, built_at, source)
    SELECT v.id, p.olt_id, p.port, k.ont, '48575443' || upper(lpad(to_hex(v.n), 8, '0')), 100, v.n, 1000, 1000, -20,
           'BX-' || substr(o.name, 7) || '-' || replace(p.port, '/', '') || '-' || 1 + k.ont / 16, 1 + k.ont %% 16,
           now(), 'import'
    FROM (SELECT id, substr(code, 4)::int AS n FROM services WHERE code LIKE 'S-8%%') v
    CROSS JOIN LATERAL (SELECT (v.n - 1) / %(each)s AS port, (v.n - 1) %% %(each)s AS ont) k
    JOIN (SELECT p.*, row_number() OVER (ORDER BY o.name, p.port) - 1 AS n
          FROM pon_ports p JOIN olts o ON o.id = p.olt_id WHERE o.name LIKE 'BENCH-%%') p ON p.n = k.port
    JOIN olts o ON o.id = p.olt_id
    """,
    """
    INSERT INTO ont_states (olt_id, pon_port, ont_id, serial, state, whose, rx_dbm, since, at)
    SELECT olt_id, pon_port, ont_id, serial, CASE WHEN service_port %% 97 = 0 THEN 'weak'
           WHEN service_port %% 53 = 0 THEN 'down' ELSE 'up' END,
           CASE WHEN service_port %% 97 = 0 THEN 'drop' ELSE '' END,
           -20, now(), now() FROM lines WHERE serial LIKE '48575443%%'
    ON CONFLICT DO NOTHING
    """,
    "VACUUM ANALYZE",
)


def bench_map(
    olts: Annotated[int, typer.Option("--olts", min=2, help="So many, of four ports.")] = 500,
    onts: Annotated[int, typer.Option(min=4, max=256, help="So many on each.")] = 200,
    times: Annotated[int, typer.Option(min=2, help="So often each level is opened.")] = 6,
    at_once: Annotated[int, typer.Option("--open", min=2, help="So many maps are open while something is read.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """What the network map costs at 500 OLTs with 100,000 ONTs: server CPU and bytes of each level that is opened."""
    with works() as its:
        reader_name = sample_town(its)["network"]
        with suite(its) as (url, server):
            reader = Reader.signed_in(url, reader_name, PASSWORD)
            _opened(reader, server, "/map", 2)
            town = _opened(reader, server, "/map", times)
            _fill(its, olts=olts, onts=onts)
            rows = _levels(reader, server, times, town)
            rows += _pushed(its, reader, at_once)
    if not report(bench="map", rows=rows, as_json=as_json):
        raise typer.Exit(EXIT_NOT_MET)


def _fill(its: Works, *, olts: int, onts: int) -> None:
    values = {"olts": olts, "onts": olts * onts, "each": max(1, onts // PORTS), "ports": PORTS, "areas": AREAS}
    for statement in _ROWS:
        its.sql.execute(statement, values)
    its.sql.execute("CHECKPOINT")


def _levels(reader: Reader, server: psutil.Process, times: int, town: tuple[float, int]) -> list[Row]:
    """Each level; of what is sent, how much more it is than of the map of a town with three OLTs."""
    one = "olt=BENCH-0001"
    levels = {
        "all OLTs": "/map",
        "an area": "/map?area=Region 1",
        "an OLT with its cards": f"/map?{one}",
        "a card with its ports": f"/map?{one}&card=0/1",
        "a port with its splitters and ONTs": f"/map?{one}&card=0/1&port=0/1/0",
    }
    rows = [
        Row("server CPU, a town's OLTs", town[0] * 1000, "ms"),
        Row("sent, a town's OLTs, as any page", town[1] / 1024, "KiB"),
    ]
    for name, path in levels.items():
        _opened(reader, server, path, 2)
        spent, sent = _opened(reader, server, path, times)
        rows.append(
            Row(
                f"server CPU, {name}",
                spent * 1000,
                "ms",
                reference=town[0] * 1000,
                target=BUILD_MS,
                judge="value at most",
            )
        )
        more = (sent - town[1]) / 1024
        rows.append(Row(f"sent more than of a town, {name}", more, "KiB", target=MORE_KIB, judge="value at most"))
    return rows


def _opened(reader: Reader, server: psutil.Process, path: str, times: int) -> tuple[float, int]:
    """Server CPU of opening it once, in seconds, and the bytes of its document."""

    async def read() -> int:
        sent = 0
        for _turn in range(times):
            async with reader.reads(path) as (_socket, document):
                sent = len(document.encode())
        return sent

    before = cpu_seconds(server)
    sent = asyncio.run(read())
    return (cpu_seconds(server) - before) / times, sent


def _pushed(its: Works, reader: Reader, at_once: int) -> list[Row]:
    """From an ONT's being read to every open map's showing it."""

    def change(turn: int) -> None:
        """What was read last is of this ONT, or of another one: then it is unknown."""
        its.sql.execute(
            "UPDATE ont_states SET serial = %(serial)s WHERE pon_port = '0/1/0' AND ont_id = 0"
            " AND olt_id = (SELECT id FROM olts WHERE name = 'BENCH-0001')",
            {"serial": (OTHER, FIRST)[turn % 2]},
        )

    open_ones = [(reader, "/map?olt=BENCH-0001")] * at_once
    found = asyncio.run(all_hear(open_ones, change, lambda: 0.0, times=4))
    return [
        Row(f"push to {at_once} open maps, median", median(found.seconds), "s", target=PUSH_S, judge="value at most"),
        Row(f"push to {at_once} open maps, slowest", max(found.seconds), "s"),
    ]
