"""Databases for tests: copies of a template, and one that is emptied after each test, which takes a tenth of a copy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from isp_lifecycle.foundation.ids import new_id

#: What a database is made of, so that a test that changed more than rows is noticed: it gets no successor.
_SHAPE = """
SELECT md5(string_agg(line, ' ' ORDER BY line)) FROM (
    SELECT 'class ' || oid || relname || relkind::text || relrowsecurity || coalesce(array_to_string(relacl, ','), '')
        AS line
    FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT 'function ' || oid || md5(prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'trigger ' || oid || tgenabled::text FROM pg_trigger
    UNION ALL SELECT 'check ' || oid || conname FROM pg_constraint
    UNION ALL SELECT 'column ' || attrelid || attname || atttypid || attnotnull || attisdropped
        FROM pg_attribute WHERE attnum > 0 AND attrelid >= 16384
    UNION ALL SELECT 'setting ' || setdatabase || setrole || array_to_string(setconfig, ',') FROM pg_db_role_setting
        WHERE setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
    UNION ALL SELECT 'start ' || event_kind || subscriber || since FROM subscription_starts
    UNION ALL SELECT 'portal ' || granted || inner_block::text FROM isp_private.portal
) AS shape
"""

#: Rows go by DELETE: a test writes few, and a truncated table costs new files. Triggers that keep rows do not act here.
_EMPTY = """
DO $$
DECLARE
    one record;
    found boolean;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR one IN SELECT oid::regclass AS name FROM pg_class
               WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
               AND relname NOT IN ('alembic_version', 'subscription_starts') LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', one.name) INTO found;
        IF found THEN
            EXECUTE format('DELETE FROM %s', one.name);
        END IF;
    END LOOP;
    FOR one IN SELECT format('%I', sequencename) AS name, start_value FROM pg_sequences
               WHERE schemaname = 'public' AND last_value IS NOT NULL LOOP
        PERFORM setval(one.name, one.start_value, false);
    END LOOP;
END $$
"""


def database_url(server: str, name: str) -> str:
    """The URL of database ``name`` on that server."""
    return f"{server.rpartition('/')[0]}/{name}"


def statement(url: str, what: sql.Composed) -> None:
    """Do one thing outside any transaction."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(what)


@contextmanager
def copied(server: str, template: str) -> Iterator[str]:
    """The URL of a fresh copy of a database that nobody uses now; dropped at the end."""
    name = f"t_{new_id().hex}"
    statement(
        server,
        sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
            sql.Identifier(name), sql.Identifier(template)
        ),
    )
    yield database_url(server, name)
    statement(server, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


class Reused:
    """Copies of a template that has no rows, used one after the other: each is emptied and used again."""

    def __init__(self, server: str, template: str) -> None:
        self._server, self._template = server, template
        self._free: list[str] = []
        self._shapes: dict[str, str] = {}

    @contextmanager
    def one(self) -> Iterator[str]:
        """The URL of a database with all tables and no rows."""
        url = self._free.pop() if self._free else self._made()
        yield url
        if self._emptied(url):
            self._free.append(url)
        else:
            self._drop(url)

    def close(self) -> None:
        """Drop what is left."""
        for url in self._free:
            self._drop(url)

    def _made(self) -> str:
        name = sql.Identifier(f"t_{new_id().hex}")
        make = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        statement(self._server, make.format(name, sql.Identifier(self._template)))
        url = database_url(self._server, name.as_string().strip('"'))
        with psycopg.connect(url) as connection:
            self._shapes[url] = _shape(connection)
        return url

    def _emptied(self, url: str) -> bool:
        """Empty a database; whoever is connected still is cut off first, as by dropping it."""
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if _shape(connection) != self._shapes[url]:
                return False
            connection.execute(_EMPTY)
            return True

    def _drop(self, url: str) -> None:
        name = sql.Identifier(url.rpartition("/")[2])
        statement(self._server, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def _shape(connection: psycopg.Connection) -> str:
    row = connection.execute(_SHAPE).fetchone()
    assert row is not None
    return str(row[0])
