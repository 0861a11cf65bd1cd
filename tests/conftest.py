"""Real servers for tests: one PostgreSQL and one Redis a session, a database and an empty Redis a test."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import hypothesis
import pytest
import redis
import sqlalchemy as sa
from psycopg import sql
from xdist.scheduler import LoadScopeScheduling

from isp_lifecycle.cli.embedded import postgres as embedded_postgres
from isp_lifecycle.cli.embedded import redis as embedded_redis
from isp_lifecycle.cli.embedded.server import free_port, running
from isp_lifecycle.foundation.claims import PORTAL_ROLE
from isp_lifecycle.foundation.db import open_engine, write
from isp_lifecycle.migrations import portal, steps
from isp_lifecycle.migrations.schema import complete_metadata
from tests import browsers
from tests.databases import Reused, database_url, statement
from tests.sign_on import freeradius as freeradius_server
from tests.sign_on import gateway as access_gateways
from tests.sign_on import installed
from tests.sign_on import kea as kea_server
from tests.sign_on import kea6 as kea6_server
from tests.sign_on.freeradius import FreeRadius
from tests.sign_on.gateway import Gateway
from tests.sign_on.installed import NO_NAMESPACES
from tests.sign_on.kea import Dhcp
from tests.sign_on.kea6 import Dhcp6

TEMPLATE = "template_isp"
PORTAL_KEY, PORTAL_PASSWORD = "k" * 64, "a-password-for-tests"

# How long one example takes says more about the machine's other work than about the code.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """A folder that other accounts may pass through (pytest's own are 0700, and PostgreSQL gives up root)."""
    folder = Path(tempfile.mkdtemp(prefix="isp-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres(server_folder: Path) -> Iterator[str]:
    """The URL of a real PostgreSQL that lives for the session."""
    server = embedded_postgres.prepare(var=server_folder / "var", port=free_port(), fast=True)
    with running(server, log=server_folder / "postgres.log"):
        yield server.url


@pytest.fixture(scope="session")
def _template(postgres: str) -> str:
    """A database with all extensions and tables, which each test's own is copied from."""
    statement(postgres, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
    engine = open_engine(database_url(postgres, TEMPLATE))
    steps.upgrade(engine)
    with write(engine) as tx:
        portal.trust(tx=tx, key=PORTAL_KEY)
        portal.admit(tx=tx, url=portal_url(postgres))
    found = {
        (table, c["name"]) for (_, table), columns in sa.inspect(engine).get_multi_columns().items() for c in columns
    }
    engine.dispose()
    declared = {(table.name, column.name) for table in complete_metadata().tables.values() for column in table.columns}
    missing = declared ^ {pair for pair in found if pair[0] != "alembic_version"}
    assert not missing, f"The migrations lag behind the tables ({missing}): run `isp db revise --first`, see cli/db.py"
    return TEMPLATE


@pytest.fixture(scope="session")
def _reused(postgres: str, _template: str) -> Iterator[Reused]:
    reused = Reused(postgres, _template)
    yield reused
    reused.close()


@pytest.fixture
def database(_reused: Reused) -> Iterator[str]:
    """The URL of a database with all tables and no rows."""
    with _reused.one() as url:
        yield url


@pytest.fixture
def engine(database: str) -> Iterator[sa.Engine]:
    """An engine on a fresh database with all tables."""
    engine = open_engine(database)
    yield engine
    engine.dispose()


def portal_url(url: str) -> str:
    """The same database, as the portal's own role signs in."""
    return url.replace("://" + url.partition("://")[2].rpartition("@")[0], f"://{PORTAL_ROLE}:{PORTAL_PASSWORD}")


def portal_engine_of(url: str | sa.URL) -> sa.Engine:
    """An engine on a database, with the rights of the portal and nothing more."""
    if isinstance(url, sa.URL):
        url = url.render_as_string(hide_password=False)
    return open_engine(portal_url(url), claim_key=PORTAL_KEY)


@pytest.fixture
def portal_engine(database: str) -> Iterator[sa.Engine]:
    """The test's database as the portal sees it."""
    engine = portal_engine_of(database)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def redis_url(server_folder: Path) -> Iterator[str]:
    """The URL of a real Redis that lives for the session."""
    server = embedded_redis.prepare(var=server_folder / "var", port=free_port(), fast=True)
    with running(server, log=server_folder / "redis.log"):
        yield server.url


@pytest.fixture(scope="session")
def portal_redis_url(redis_url: str, server_folder: Path) -> str:
    """The same Redis, as the portal signs in."""
    return embedded_redis.portal_url(var=server_folder / "var", port=urlsplit(redis_url).port or 0)


@pytest.fixture
def redis_client(redis_url: str) -> Iterator[redis.Redis]:
    """A client of a Redis that is empty when the test begins."""
    with redis.Redis.from_url(redis_url, decode_responses=True) as client:
        client.flushall()
        yield client


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where Chromium is; tests that need it are skipped where there is none, except in CI."""
    return browsers.found() or pytest.skip("no Chromium: `make system` as root, or your package manager, installs it")


@pytest.fixture(scope="session")
def _freeradius(postgres: str, server_folder: Path) -> Iterator[FreeRadius]:
    """A real FreeRADIUS that lives for the session."""
    folder = server_folder / "freeradius"
    folder.mkdir()
    with freeradius_server.freeradius(postgres, folder) as radius:
        yield radius


@pytest.fixture
def freeradius(_freeradius: FreeRadius) -> FreeRadius:
    """A real FreeRADIUS that knows nobody when the test begins."""
    _freeradius.write(f"TRUNCATE {installed.RADIUS_TABLES}")
    return _freeradius


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """An access gateway that takes CoA and Disconnect."""
    with access_gateways.access_gateway() as gateway:
        yield gateway


@pytest.fixture(scope="session")
def _kea_database(postgres: str) -> Iterator[str]:
    """The URL of a database with Kea's own tables."""
    with installed.database(postgres, installed.schema(installed.KEA_SCHEMA)) as url:
        yield url


@pytest.fixture
def kea_engine(_kea_database: str) -> Iterator[sa.Engine]:
    """Kea's tables, without reservations when the test begins."""
    engine = open_engine(_kea_database)
    with engine.begin() as tx:
        tx.execute(sa.text("TRUNCATE hosts, lease4 CASCADE"))
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def dhcp(_kea_database: str, server_folder: Path) -> Iterator[Dhcp]:
    """A real Kea that lives for the session, and a place for customers' routers."""
    folder = server_folder / "kea"
    folder.mkdir()
    with kea_server.kea(_kea_database, folder) as dhcp:
        yield dhcp


@pytest.fixture(scope="session")
def dhcp6(_kea_database: str, server_folder: Path) -> Iterator[Dhcp6]:
    """A real Kea for DHCPv6 that lives for the session, and a place for a customer's router."""
    folder = server_folder / "kea6"
    folder.mkdir()
    with kea6_server.kea6(_kea_database, folder) as dhcp6:
        yield dhcp6


#: Tests that start a whole system.
JOURNEYS = ("tests/journeys/", "tests/unit/cli/test_bench.py")
PAGES = "tests/pages/"
#: What takes one process longest, in this order: it begins first.
LONG = (*JOURNEYS, "tests/flows/line/", "tests/pages/test_pages.py", "tests/contract/drivers/", "tests/flows/drift/")


class ByServers(LoadScopeScheduling):  # type: ignore[misc]  # the base has no types
    """Where tests run side by side, those that share servers share a process; journeys run one after the other.

    So no machine has to bear several whole systems at once. Pages start a server for each test anyway, and take long:
    they are dealt out by file.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        if nodeid.startswith(JOURNEYS):
            return "journeys"
        return file if nodeid.startswith(PAGES) else file.rpartition("/")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Begin the table of what axe-core finds, to which every look at a page adds a line."""
    if not hasattr(session.config, "workerinput"):
        table = Path(__file__).parents[1] / "build" / "axe.md"
        table.parent.mkdir(exist_ok=True)
        head = "| page | size | theme | critical | serious | moderate | minor | which |"
        table.write_text(f"{head}\n{'|---' * head.count(' |')}|\n", encoding="utf-8")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Whatever ``--dist`` says."""
    return ByServers(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that no process is left with it alone at the end."""
    items.sort(
        key=lambda item: next(
            (at for at, one in enumerate((*LONG, PAGES)) if item.nodeid.startswith(one)), len(LONG) + 1
        )
    )


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Say at once which test failed: the whole takes a quarter of an hour, and its words come at the end."""
    if report.failed and not os.environ.get("PYTEST_XDIST_WORKER"):
        sys.stderr.write(f"\nfailed: {report.nodeid} ({report.when}, {report.duration:.1f} s)\n")
        sys.stderr.flush()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI nothing is skipped: a skipped test there means that something it needs is missing.

    All that can be installed is installed. A kernel that gives no network namespaces cannot be mended by any set-up, so
    the tests that need two networks say so and are passed over there as well.
    """
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter is not None else []
    if os.environ.get("CI") and any(NO_NAMESPACES not in str(report.longrepr) for report in skipped):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
