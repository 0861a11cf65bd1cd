"""Migrations lead to exactly what the stores declare, in one transaction, however often and by however many."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

from isp_lifecycle.cli.embedded.postgres import program_folder
from isp_lifecycle.foundation.db import open_engine, write
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.migrations import portal, steps
from isp_lifecycle.migrations.schema import ExtensionMissing, complete_metadata, create_extensions


@contextmanager
def new_database(server: str) -> Iterator[sa.Engine]:
    name = f"m_{new_id().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        engine = open_engine(f"{server.rpartition('/')[0]}/{name}")
        yield engine
        engine.dispose()
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def empty(postgres: str) -> Iterator[sa.Engine]:
    """A database with nothing in it."""
    with new_database(postgres) as engine:
        yield engine


def shape(engine: sa.Engine) -> list[str]:
    """The schema as pg_dump writes it, without alembic's own table."""
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    dump = [str(program_folder() / "pg_dump"), "--schema-only", "--no-owner", "--exclude-table=alembic_version", url]
    text = subprocess.run(dump, capture_output=True, text=True, check=True).stdout
    return [line for line in text.splitlines() if line and not line.startswith(("--", "\\restrict", "\\unrestrict"))]


def test_migrated_schema_equals_the_declared_tables(empty: sa.Engine, postgres: str) -> None:
    steps.upgrade(empty)
    with new_database(postgres) as declared:
        with write(declared) as tx:
            create_extensions(tx)
            complete_metadata().create_all(tx)
            portal.bring_up(tx=tx)
        remedy = "run `isp db revise --first` (before the first release) or `isp db revise MESSAGE`"
        assert shape(empty) == shape(declared), remedy


def test_upgrading_twice_changes_nothing(empty: sa.Engine) -> None:
    assert steps.present(empty) is None
    assert steps.upgrade(empty) == (None, steps.newest())
    assert steps.upgrade(empty) == (steps.newest(), steps.newest())
    assert steps.present(empty) == steps.newest()


def test_upgrades_at_the_same_time_take_turns(empty: sa.Engine) -> None:
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: steps.upgrade(empty), range(4)))
    assert sorted(results, key=str) == sorted(
        [(None, steps.newest())] + [(steps.newest(), steps.newest())] * 3, key=str
    )


def test_failing_upgrade_leaves_nothing_behind(empty: sa.Engine) -> None:
    with write(empty) as tx:
        tx.execute(sa.text("CREATE TABLE tickets (in_the_way int)"))
    with pytest.raises(sa.exc.ProgrammingError, match="already exists"):
        steps.upgrade(empty)
    assert sa.inspect(empty).get_table_names() == ["tickets"]


def test_who_may_not_install_extensions_is_told_what_to_have_run(empty: sa.Engine) -> None:
    with empty.connect() as connection, connection.begin() as changes:
        connection.execute(sa.text("CREATE ROLE without_rights"))
        connection.execute(sa.text("SET LOCAL ROLE without_rights"))
        with pytest.raises(ExtensionMissing, match="no extension btree_gist") as refused:
            create_extensions(connection)
        changes.rollback()
    assert "CREATE EXTENSION IF NOT EXISTS pg_trgm;" in refused.value.remedy
    with write(empty) as tx:
        create_extensions(tx)
        tx.execute(sa.text("SET LOCAL ROLE isp_portal"))
        create_extensions(tx)
