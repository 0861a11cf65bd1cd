"""So many customers with premises, services, lines, addresses and orders, copied into an empty database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from hashlib import md5
from ipaddress import IPv4Address
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg import sql as pg

from isp_lifecycle.cli.bench.search.people import Somebody, World

AT = datetime(2026, 1, 1, tzinfo=UTC)
OLTS, SLOTS, PORTS = 500, 16, 16
TERMS = json.dumps(
    {"plan_code": "home-500", "plan_name": "Home 500", "down_kbps": 512000, "up_kbps": 102400, "price": "39.90 EUR"}
)
_PLANT = """
    INSERT INTO olts (id, name, vendor, model, area, host, port, credentials, uplink, added_at)
    SELECT md5('olt' || n)::uuid, 'OLT-' || lpad(n::text, 3, '0'), 'huawei', 'MA5800', 'Area ' || n / 20,
           '10.255.' || n / 250 || '.' || n % 250 + 1, 22, 'default', '0/19/0', '2026-01-01Z'
    FROM generate_series(0, 499) n;
    INSERT INTO pon_ports (id, olt_id, port, tx_dbm, launch)
    SELECT md5('pon' || n || '/' || p)::uuid, md5('olt' || n)::uuid, '0/' || p / 16 + 1 || '/' || p % 16, 5, 'recorded'
    FROM generate_series(0, 499) n, generate_series(0, 255) p;
    INSERT INTO pools (id, name, policy, prefix, excluded, size)
    VALUES (md5('pool')::uuid, 'everybody', 'dynamic', '10.0.0.0/8', '{}', 16777216)
"""
#: One column each of what is copied; what is the same in every row follows as a default of the copying session.
_COPIES: dict[str, LiteralString] = {
    "customers": "COPY customers (id, code, name, email, phone, created_at) FROM STDIN",
    "premises": "COPY premises (id, code, area, street, number, unit, postcode, city, latitude, longitude) FROM STDIN",
    "services": "COPY services (id, code, customer_id, premises_id, order_id, state, terms, opened_at, active_on, ended_on) FROM STDIN",  # noqa: E501
    "lines": "COPY lines (service_id, olt_id, pon_port, ont_id, serial, vlan, service_port, down_kbps, up_kbps, expected_rx_dbm, built_at, source) FROM STDIN",  # noqa: E501
    "allocations": "COPY allocations (id, pool_id, prefix, owner, state, reserved_at) FROM STDIN",
    "orders": "COPY orders (id, code, kind, state, customer_id, premises_id, service_id, terms, channel, note, submitted_at, closed_at) FROM STDIN",  # noqa: E501
}


_OLT_IDS = [UUID(md5(f"olt{n}".encode(), usedforsecurity=False).hexdigest()) for n in range(OLTS)]
_POOL_ID = UUID(md5(b"pool", usedforsecurity=False).hexdigest())


def identity(kind: int, n: int) -> UUID:
    """The id of the n-th object of a kind."""
    return UUID(int=(0x018F << 112) | (7 << 76) | (2 << 62) | (kind << 48) | n)


#: What takes longer to keep row by row than to make at the end; made again as it was.
_SLOW = (
    "ix_premises_address_text",
    "ix_premises_words",
    "ix_customers_email_begins",
    "ix_customers_phone_ends",
    "ex_allocations_prefix",
)


def fill(url: str, customers: int) -> None:
    """Copy them in, constraints across tables unasked: the rows keep them. The customers' words are left to be made."""
    with psycopg.connect(url) as sql:
        sql.execute("SET session_replication_role = replica")
        for statement in _PLANT.split(";"):
            sql.execute(statement)
        again = [_put_off(sql, name) for name in _SLOW]
        for table, make in _OF_PEOPLE.items():
            people = World(customers=customers).people(customers)
            _copy(sql, table, (make(n, person) for n, person in enumerate(people)))
        for table, make_of in _OF_NUMBERS.items():
            _copy(sql, table, (row for row in map(make_of, range(customers)) if row is not None))
        for statement in again:
            sql.execute(statement)
        codes = ("customer_codes", "service_codes", "order_codes")
        for name in codes:
            sql.execute("SELECT setval(%s::regclass, %s)", [name, customers + 1])


def _copy(sql: psycopg.Connection[Any], table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with sql.cursor().copy(_COPIES[table]) as copy:
        for row in rows:
            copy.write_row(row)


def _put_off(sql: psycopg.Connection[Any], name: str) -> str:
    """Drop an index, or a constraint with its own, and return the statement that makes it again."""
    constraint = sql.execute(
        "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [name]
    ).fetchone()
    if constraint is not None:
        table = constraint[0]
        sql.execute(pg.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(pg.Identifier(table), pg.Identifier(name)))
        return f"ALTER TABLE {table} ADD CONSTRAINT {name} {constraint[1]}"
    row = sql.execute("SELECT pg_get_indexdef(%s::regclass)", [name]).fetchone()
    sql.execute(pg.SQL("DROP INDEX {}").format(pg.Identifier(name)))
    return str(row[0]) if row else ""


def ended(n: int) -> bool:
    """Whether the n-th service has ended: one in twenty."""
    return n % 20 == 7


def _customer(n: int, p: Somebody) -> tuple[Any, ...]:
    return identity(1, n), f"C-{n:06d}", p.name, p.email, p.phone, AT


def _premises(n: int, p: Somebody) -> tuple[Any, ...]:
    return identity(2, n), f"P-{n:06d}", p.city, p.street, p.number, p.unit, p.postcode, p.city, 53.0, -6.0


def _service(n: int) -> tuple[Any, ...]:
    state, day = ("terminated", date(2026, 5, 1)) if ended(n) else ("active", None)
    ids = (identity(1, n), identity(2, n), identity(4, n))
    return identity(3, n), f"S-{n:06d}", *ids, state, TERMS, AT, date(2026, 1, 15), day


def _line(n: int) -> tuple[Any, ...] | None:
    if ended(n):
        return None
    port, olt, ont = n // OLTS % (SLOTS * PORTS), n % OLTS, n // OLTS // (SLOTS * PORTS)
    place = (_OLT_IDS[olt], f"0/{port // PORTS + 1}/{port % PORTS}", ont)
    return identity(3, n), *place, serial(n), 100, n, 512000, 102400, -20.0, AT, "import"


def serial(n: int) -> str:
    """The n-th ONT's serial number: scattered, as production batches are."""
    return f"48575443{n * 2654435761 % 2**32:08X}"


def address(n: int) -> IPv4Address:
    """The n-th service's address."""
    return IPv4Address((10 << 24) + 256 + n)


def _allocation(n: int) -> tuple[Any, ...] | None:
    return None if ended(n) else (identity(5, n), _POOL_ID, f"{address(n)}/32", identity(3, n), "assigned", AT)


def _order(n: int) -> tuple[Any, ...]:
    ids = (identity(1, n), identity(2, n), identity(3, n))
    return identity(4, n), f"O-{n:06d}", "new_line", "completed", *ids, TERMS, "portal", "", AT, AT


_OF_PEOPLE: dict[str, Callable[[int, Somebody], tuple[Any, ...]]] = {"customers": _customer, "premises": _premises}
_OF_NUMBERS: dict[str, Callable[[int], tuple[Any, ...] | None]] = {
    "services": _service,
    "lines": _line,
    "allocations": _allocation,
    "orders": _order,
}
