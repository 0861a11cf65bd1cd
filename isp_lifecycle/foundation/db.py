"""The database: one MetaData, transactions that are visible in the code, PostgreSQL only.

A store's functions take a ``Tx``: a connection inside a transaction that somebody else opened and will commit.
Nobody but :func:`write`, :func:`read` and the event engine commits, so that a state change and its event
always stand or fall together.
"""

from __future__ import annotations

import select
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.foundation.claims import SETTING, Claim
from isp_lifecycle.foundation.errors import Unreachable
from isp_lifecycle.foundation.texts import say

#: A connection inside a transaction that somebody else opened and will commit.
Tx = sa.Connection
#: A pool of connections.
Engine = sa.Engine

_CLAIM_KEY = "claim_key"

#: The one MetaData; each store declares its own tables on it. Constraint names follow a rule that migrations rely on.
metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class DatabaseUnreachable(Unreachable):
    """PostgreSQL does not answer."""


def id_column() -> sa.Column[Any]:
    """The primary key of most tables: a UUID made by ``ids.new_id``."""
    return sa.Column("id", pg.UUID(as_uuid=True), primary_key=True)


def id_ref(name: str, *, nullable: bool = False, index: bool = False) -> sa.Column[Any]:
    """A reference to a row of another capability: an id, and deliberately no foreign key across that border."""
    return sa.Column(name, pg.UUID(as_uuid=True), nullable=nullable, index=index)


def instant(name: str, *, nullable: bool = False, index: bool = False) -> sa.Column[Any]:
    """An instant, stored as timestamptz."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, index=index)


def text(name: str, *, nullable: bool = False, index: bool = False, unique: bool | None = None) -> sa.Column[Any]:
    """A text of any length."""
    return sa.Column(name, sa.Text(), nullable=nullable, index=index, unique=unique)


def money_columns(name: str) -> tuple[sa.Column[Any], sa.Column[Any]]:
    """An amount (numeric(14,4)) and its currency (char(3)), as two columns ``name`` and ``name_currency``."""
    return (
        sa.Column(name, sa.Numeric(14, 4), nullable=False),
        sa.Column(f"{name}_currency", sa.CHAR(3), nullable=False),
    )


def jsonb(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    """A JSON document; for payloads with their own version, never instead of columns."""
    return sa.Column(name, pg.JSONB(), nullable=nullable)


def ddl(statement: str) -> Any:
    """A statement that goes with a table's creation: a function or a trigger, without a percent sign."""
    return sa.DDL(statement.strip())  # type: ignore[no-untyped-call]  # SQLAlchemy's own gap


def after_all(statement: str) -> None:
    """Have a statement go with the creation of all tables, after the last: a trigger on somebody else's table."""
    sa.event.listen(metadata, "after_create", ddl(statement))


def storable(text: str) -> str:
    """The text with what PostgreSQL cannot hold (NUL, lone surrogates) written out.

    A device that sends a NUL byte must not cost the evidence of what it said.
    """
    return text.replace("\x00", "\\x00").encode("utf-8", "backslashreplace").decode("utf-8")


def normal_url(url: str) -> str:
    """Write the usual ``postgresql://`` as SQLAlchemy's name of the psycopg 3 dialect."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def open_engine(url: str, *, pool_size: int = 5, application: str = "isp", claim_key: str = "") -> sa.Engine:
    """Open a pool of connections; nothing is connected until the first use.

    Sessions run in UTC. A connection that died while idle is replaced before it is handed out. With a ``claim_key``,
    each transaction tells the database, sealed, on whose behalf it asks: that of the portal's role (``claims``).
    """
    engine = sa.create_engine(
        normal_url(url),
        pool_size=pool_size,
        max_overflow=pool_size,
        connect_args={"application_name": application, "options": "-c timezone=UTC", "connect_timeout": 5},
        execution_options={_CLAIM_KEY: claim_key} if claim_key else {},
    )
    sa.event.listen(engine, "checkout", _still_connected)
    return engine


def _still_connected(connection: Any, _record: object, _proxy: object) -> None:
    """Refuse an idle connection whose server has hung up, at the price of one system call instead of a round trip.

    An idle server says next to nothing: what can be read is a notice, or its farewell and the end of the stream.
    """
    try:
        for _more in range(3):
            if not connection.closed and not select.select([connection.fileno()], [], [], 0)[0]:
                return
            connection.pgconn.consume_input()
    except psycopg.OperationalError:
        pass  # it is what was looked for; said below in the pool's own words
    raise sa.exc.DisconnectionError("The server has ended this connection.")


@contextmanager
def write(engine: sa.Engine, claim: Claim | None = None) -> Iterator[Tx]:
    """A transaction that commits when the block ends well and rolls back when it does not.

    ``claim`` says on whose behalf it asks; it matters to the portal's role only, which is nobody without one.
    """
    with _connected(engine) as connection, connection.begin():
        _put(connection, claim)
        yield connection


@contextmanager
def read(engine: sa.Engine, claim: Claim | None = None) -> Iterator[Tx]:
    """A transaction that cannot change anything, seeing one snapshot. ``claim`` as in :func:`write`."""
    with _connected(engine) as connection:
        with connection.begin():
            connection.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
            _put(connection, claim)
            yield connection


def _put(connection: sa.Connection, claim: Claim | None) -> None:
    """Tell the database who asks in this transaction; that nobody does as well, in case the session had somebody."""
    key = connection.get_execution_options().get(_CLAIM_KEY)
    if key:
        said = storable(claim.sealed(key)) if claim else ""  # a name that nothing stored can have is nobody's
        connection.execute(sa.text("SELECT set_config(:name, :said, true)"), {"name": SETTING, "said": said})


def execute_last(tx: Tx, statement: str, values: Mapping[str, Any]) -> sa.CursorResult[Any]:
    """Execute the last statement of a transaction, in the driver's own form.

    When nothing was sent before, it goes alone: one statement is a transaction by itself, and the round trips of BEGIN
    and COMMIT, two of three, are saved. So whatever follows in the block would stand or fall by itself.
    """
    driver = tx.connection.driver_connection
    if driver is None or driver.info.transaction_status is not psycopg.pq.TransactionStatus.IDLE:
        return tx.exec_driver_sql(statement, dict(values))
    driver.autocommit = True
    try:
        return tx.exec_driver_sql(statement, dict(values))
    finally:
        if not driver.closed:
            driver.autocommit = False


@contextmanager
def _connected(engine: sa.Engine) -> Iterator[sa.Connection]:
    try:
        connection = engine.connect()
    except sa.exc.OperationalError as error:
        raise DatabaseUnreachable(
            say("The database does not answer."),
            remedy=say("Run `isp doctor`; is PostgreSQL up, and DATABASE_URL right?"),
        ) from error
    with connection:
        yield connection
