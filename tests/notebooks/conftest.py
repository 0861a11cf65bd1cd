"""One provider with a past for all tests of notebooks; they only read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import psycopg
import pytest
from psycopg import sql

from isp_lifecycle.bootstrap import Doors
from tests.databases import database_url
from tests.notebooks.past import Activation, provider, write_past, write_readings


@dataclass(frozen=True)
class Past:
    """The provider, where its database is, and the activations that it finished in February."""

    doors: Doors
    database: str
    activations: tuple[Activation, ...]


@pytest.fixture(scope="session")
def past(postgres: str, _template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Past]:
    """The sample town with forty activations, all of February 2026."""
    name = "notebooks"
    copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(_template))
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(copy)
    url = database_url(postgres, name)
    with provider(url, tmp_path_factory.mktemp("var")) as doors:
        made = write_past(doors.door.engine, first=date(2026, 2, 2), days=26, count=40)
        write_readings(doors.door.engine, at=datetime(2026, 2, 20, 12, 0, tzinfo=UTC))
        yield Past(doors, url, made)
