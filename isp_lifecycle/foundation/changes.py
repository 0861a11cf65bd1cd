"""What changed, told to whoever looks: a word on a channel of PostgreSQL, sent when the change is committed.

A word is a topic, never a content: who hears it asks again through a view, with their own permission. Equal words of
one transaction are one. Only tables that change at the pace of people tell, since PostgreSQL commits those that tell
one after the other; of deliveries, those that stand still or go on.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import psycopg
import sqlalchemy as sa

from isp_lifecycle.foundation.db import DatabaseUnreachable, ddl, metadata

#: The channel (PostgreSQL LISTEN/NOTIFY) of topics.
CHANNEL = "isp_changes"

_TELL = f"""
CREATE FUNCTION tell_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('{CHANNEL}', TG_ARGV[0]);
    RETURN NULL;
END $$
"""

sa.event.listen(metadata, "before_create", ddl(_TELL))


def tells(table: sa.Table, topic: str) -> None:
    """Have every statement that changes the table tell its topic."""
    statement = f"CREATE TRIGGER {table.name}_tells AFTER INSERT OR UPDATE OR DELETE ON {table.name}"
    _goes_with(table, f"{statement} FOR EACH STATEMENT EXECUTE FUNCTION tell_change('{topic}')")


def tells_when(table: sa.Table, topic: str, *, column: str, changed: str) -> None:
    """Have each row whose ``column`` is written tell the topic, where the SQL condition ``changed`` holds of it."""
    statement = f"CREATE TRIGGER {table.name}_tells AFTER UPDATE OF {column} ON {table.name} FOR EACH ROW"
    _goes_with(table, f"{statement} WHEN ({changed}) EXECUTE FUNCTION tell_change('{topic}')")


async def heard(engine: sa.Engine) -> AsyncIterator[str]:
    """Topics as they are told, on a connection of its own; an empty one at first: from now on nothing is missed.

    Raises DatabaseUnreachable when the connection is lost.
    """
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        async with await psycopg.AsyncConnection.connect(
            url, autocommit=True, connect_timeout=5, application_name="isp changes"
        ) as connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            yield ""
            async for word in connection.notifies():
                yield word.payload
    except (psycopg.OperationalError, psycopg.InterfaceError, OSError) as error:
        raise DatabaseUnreachable(f"What changes is not heard: {error}.") from error


def hears(engine: sa.Engine, *, every: float) -> Iterator[str]:
    """The same for a process without a loop of its own; an empty topic also after each ``every`` seconds of silence.

    Raises DatabaseUnreachable when the connection is lost.
    """
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=5, application_name="isp settings") as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            while True:
                yield ""
                for word in connection.notifies(timeout=every):
                    yield word.payload
    except (psycopg.OperationalError, psycopg.InterfaceError, OSError) as error:
        raise DatabaseUnreachable(f"What changes is not heard: {error}.") from error


def _goes_with(table: sa.Table, statement: str) -> None:
    sa.event.listen(table, "after_create", ddl(statement))
