"""What keeping the words costs: the same customers inserted with and without them, in turns, in the same run."""

from __future__ import annotations

from typing import Any, LiteralString

import psutil
import psycopg
from psycopg import sql as pg

from isp_lifecycle.cli.bench.engine.works import Works
from isp_lifecycle.cli.bench.search.people import Somebody, World
from isp_lifecycle.cli.bench.search.seed import AT, TERMS, identity
from isp_lifecycle.cli.bench.table import Row

#: So many customers each time, one transaction each, as orders come in.
INSERTED, ROUNDS = 1000, 3
#: What searching added to what writes customers, premises, services and orders.
_TABLES = ("customers", "premises", "services", "orders")
_INDEXES = ("ix_customers_email_begins", "ix_customers_phone_ends", "ix_premises_words", "ix_lines_serial_number")

_SIZES: LiteralString = """
    SELECT relname, pg_relation_size(oid) / 1048576.0 FROM pg_class
    WHERE relname IN ('customer_words', 'ix_customer_words_words', 'ix_customer_words_name', 'pk_customer_words',
                      'known_words', 'ix_known_words_alike', 'pk_known_words', 'ix_customers_email_begins',
                      'ix_customers_phone_ends', 'ix_premises_words', 'ix_lines_serial_number') ORDER BY relname
"""
_ALL: LiteralString = """
    SELECT sum(pg_total_relation_size(oid)) / 1048576.0 FROM pg_class
    WHERE relname IN ('customers', 'premises', 'services', 'lines', 'allocations', 'orders')
"""


def sizes(its: Works) -> list[Row]:
    """How much room each part takes, beside all tables and indexes of the six that were filled."""
    whole = its.number(_ALL)
    parts = its.sql.execute(_SIZES).fetchall()
    rows = [Row(f"size of {name}", float(size), "MiB") for name, size in parts]
    return [*rows, Row("all of these, beside the tables", sum(float(size) for _n, size in parts), "MiB", whole)]


def writing(its: Works, customers: int) -> list[Row]:
    """Milliseconds of the server's processor for a customer with premises, order and service: with the words kept, then
    without. What else the machine does does not count.
    """
    people = list(World(customers=customers, seed=9).people(INSERTED * ROUNDS * 2))
    took: list[float] = []
    with psycopg.connect(its.environment["DATABASE_URL"]) as sql:
        server = psutil.Process(sql.info.backend_pid)
        for number in range(ROUNDS * 2):
            if number == ROUNDS:
                _forget(sql)
            begun = sum(server.cpu_times()[:2])
            for n in range(number * INSERTED, (number + 1) * INSERTED):
                _insert(sql, customers + 10 + n, people[n])
                sql.commit()
            took.append((sum(server.cpu_times()[:2]) - begun) * 1000 / INSERTED)
    measure = "processor for a customer with premises, order, service; beside without words"
    return [Row(measure, sum(took[:ROUNDS]) / ROUNDS, "ms", sum(took[ROUNDS:]) / ROUNDS)]


def _forget(sql: psycopg.Connection[tuple[Any, ...]]) -> None:
    """Take away what searching added."""
    for table in _TABLES:
        found = sql.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE %s", [table, "%_for_search"]
        ).fetchall()
        for (name,) in found:
            sql.execute(pg.SQL("DROP TRIGGER {} ON {}").format(pg.Identifier(name), pg.Identifier(table)))
    for name in _INDEXES:
        sql.execute(pg.SQL("DROP INDEX {}").format(pg.Identifier(name)))
    sql.commit()


def _insert(sql: psycopg.Connection[tuple[Any, ...]], n: int, person: Somebody) -> None:
    ids = (identity(1, n), identity(2, n), identity(3, n), identity(4, n))
    sql.execute(
        "INSERT INTO customers (id, code, name, email, phone, created_at) VALUES (%s, %s, %s, %s, %s, %s)",
        [ids[0], f"C-{n:07d}", person.name, f"new{n}.{person.email}", person.phone, AT],
    )
    sql.execute(
        "INSERT INTO premises (id, code, area, street, number, unit, postcode, city, latitude, longitude) "
        "VALUES (%s, %s, 'N', %s, %s, %s, %s, %s, 53, -6)",
        [ids[1], f"P-{n:07d}", person.street, person.number, person.unit, person.postcode, person.city],
    )
    sql.execute(
        "INSERT INTO orders (id, code, kind, state, customer_id, premises_id, terms, channel, note, submitted_at) "
        "VALUES (%s, %s, 'new_line', 'submitted', %s, %s, %s, 'portal', '', %s)",
        [ids[3], f"O-{n:07d}", ids[0], ids[1], TERMS, AT],
    )
    sql.execute(
        "INSERT INTO services (id, code, customer_id, premises_id, state, terms, opened_at) "
        "VALUES (%s, %s, %s, %s, 'pending', %s, %s)",
        [ids[2], f"S-{n:07d}", ids[0], ids[1], TERMS, AT],
    )
