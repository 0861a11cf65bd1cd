"""The databases that are measured: an empty pool, one with very many taken addresses, and the same with gaps in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Network
from typing import LiteralString

import psycopg
from psycopg import sql as pg

from isp_lifecycle.cli.bench.engine.works import Works
from isp_lifecycle.foundation.db import open_engine
from isp_lifecycle.intake import measured
from isp_lifecycle.migrations import steps

AT = datetime(2026, 1, 1, tzinfo=UTC)
#: One of so many taken addresses has come back, where a stage has gaps.
GAP = 32

_TAKEN = """
    INSERT INTO allocations (id, pool_id, prefix, owner, state, reserved_at)
    SELECT uuidv7(), pools.id, set_masklen((host(network(prefix))::inet + n), 32)::cidr, uuidv7(), 'assigned', %(at)s
    FROM pools, generate_series(1::bigint, %(number)s) AS n
"""
#: What ``reserve`` would have left of the free extents: those that are used up are gone, the last one begins later.
_USED_UP: LiteralString = "DELETE FROM free_extents WHERE last <= %(number)s"
_CUT: LiteralString = "UPDATE free_extents SET first = %(number)s + 1 WHERE first <= %(number)s"
_CAME_BACK = """
    WITH back AS (
        DELETE FROM allocations USING pools
        WHERE (allocations.prefix::inet - network(pools.prefix)::inet) %% %(gap)s = 0
        RETURNING pool_id, allocations.prefix::inet - network(pools.prefix)::inet AS n)
    INSERT INTO free_extents (pool_id, first, last) SELECT pool_id, n, n FROM back
"""


@dataclass(frozen=True)
class Stage:
    """A database with one pool, by its URL; ``taken`` is how many addresses were taken before."""

    name: str
    url: str
    taken: int


def pool_prefix(taken: int) -> IPv4Network:
    """A prefix of which about half is left when that many are taken; never smaller than a /19."""
    return IPv4Network((10 << 24, 32 - max(13, (taken * 2).bit_length())))


def stages(works: Works, taken: int) -> tuple[Stage, Stage, Stage]:
    """Make the three databases, in bulk, and settle the server."""
    empty = _made(works, "empty", pool_prefix(taken))
    full = _made(works, "full", pool_prefix(taken))
    with psycopg.connect(full) as sql:
        sql.execute(_TAKEN, {"number": taken, "at": AT})
        sql.execute(_USED_UP, {"number": taken})
        sql.execute(_CUT, {"number": taken})
    gaps = _copied(works, full, "gaps")
    with psycopg.connect(gaps) as sql:
        sql.execute(_CAME_BACK, {"gap": GAP})
    for url in (empty, full, gaps):
        settle(url)
    return Stage("an empty pool", empty, 0), Stage("unbroken", full, taken), Stage("with gaps", gaps, taken)


def settle(url: str) -> None:
    """Let the server do now what it would do some time later, in the middle of a measure."""
    with psycopg.connect(url, autocommit=True) as sql:
        sql.execute("VACUUM ANALYZE allocations, free_extents, pools")
        sql.execute("CHECKPOINT")


def _made(works: Works, name: str, prefix: IPv4Network) -> str:
    url = _database(works, name, pg.SQL("CREATE DATABASE {}").format(pg.Identifier(name)))
    engine = open_engine(url)
    steps.upgrade(engine)
    measured.pool(engine, prefix)
    engine.dispose()
    return url


def _copied(works: Works, url: str, name: str) -> str:
    source = url.rsplit("/", 1)[1]
    return _database(
        works, name, pg.SQL("CREATE DATABASE {} TEMPLATE {}").format(pg.Identifier(name), pg.Identifier(source))
    )


def _database(works: Works, name: str, create: pg.Composed) -> str:
    works.sql.execute(create)
    return f"{works.environment['DATABASE_URL'].rsplit('/', 1)[0]}/{name}"
