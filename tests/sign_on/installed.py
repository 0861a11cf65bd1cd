"""What real servers for sign-on's tests have in common: Debian's programs, their own tables, test secrets."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from isp_lifecycle.foundation.ids import new_id

#: What a test says that needs networks of its own where the kernel gives none.
NO_NAMESPACES = "this kernel gives no network namespaces"
#: What FreeRADIUS shares with its clients, and access gateways with those that change their sessions.
SECRET = "radius-test-only"
COA_SECRET = "coa-test-only"
WALLED_VLAN = 666
RADDB = Path("/etc/freeradius/3.0")
RADIUS_SCHEMA = RADDB / "mods-config/sql/main/postgresql/schema.sql"
KEA_SCHEMA = Path("/usr/share/kea/scripts/pgsql/dhcpdb_create.pgsql")
RADIUS_TABLES = "radcheck, radreply, radgroupreply, radgroupcheck, radusergroup, radacct, radpostauth, nas"


def program(name: str) -> str:
    """Where a program of Debian's is; tests that need it are skipped where there is none, except in CI."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    return shutil.which(name, path=path) or pytest.skip(f"no {name}: `make system` as root installs it")


def schema(path: Path) -> str:
    """A server's own tables as its package brings them."""
    if not os.access(path, os.R_OK):
        pytest.skip(f"{path} cannot be read: `make system` as root installs it, and only some accounts may read it")
    text = path.read_text(encoding="utf-8")
    return re.sub(r"^\\.*$", "", text, flags=re.MULTILINE)  # psql's own commands


@contextmanager
def database(server: str, tables: str) -> Iterator[str]:
    """The URL of a new database with these tables; dropped at the end."""
    name = f"t_{new_id().hex}"
    url = f"{server.rpartition('/')[0]}/{name}"
    _run(server, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(tables.encode())
    yield url
    _run(server, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _run(url: str, statement: sql.Composed) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
