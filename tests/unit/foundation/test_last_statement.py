"""The last statement of a transaction: alone when it is the only one, otherwise one with what stands before it."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from isp_lifecycle.foundation.db import execute_last, write

INSERT = "INSERT INTO marks (word) VALUES (%(word)s)"


@pytest.fixture
def marks(engine: sa.Engine) -> sa.Engine:
    """A database with a table of words, each once."""
    with write(engine) as tx:
        tx.execute(sa.text("CREATE TABLE marks (word text UNIQUE)"))
    return engine


def words(engine: sa.Engine) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(sa.text("SELECT word FROM marks ORDER BY 1")).scalars())


def mark(tx: sa.Connection, word: str) -> None:
    tx.execute(sa.text("INSERT INTO marks (word) VALUES (:word)"), {"word": word})


def insert_alone(engine: sa.Engine, word: str) -> None:
    with write(engine) as tx:
        execute_last(tx, INSERT, {"word": word})


def breaks_off(engine: sa.Engine) -> None:
    """Two statements, and then something goes wrong."""
    with write(engine) as tx:
        mark(tx, "c")
        execute_last(tx, INSERT, {"word": "d"})
        raise LookupError


def test_the_only_statement_is_a_transaction_by_itself(marks: sa.Engine) -> None:
    with write(marks) as tx:
        assert execute_last(tx, INSERT, {"word": "a"}).rowcount == 1
        assert words(marks) == ["a"]  # seen by others at once: nothing is left to commit


def test_with_something_before_it_both_stand_or_fall_together(marks: sa.Engine) -> None:
    with write(marks) as tx:
        mark(tx, "a")
        execute_last(tx, INSERT, {"word": "b"})
        assert words(marks) == []
    assert words(marks) == ["a", "b"]
    with pytest.raises(LookupError):
        breaks_off(marks)
    assert words(marks) == ["a", "b"]


def test_the_connection_is_as_before_afterwards(marks: sa.Engine) -> None:
    for _turn in range(2):  # the pool hands the same connection out again
        with write(marks) as tx:
            execute_last(tx, INSERT, {"word": "a"})
        with pytest.raises(sa.exc.IntegrityError):
            insert_alone(marks, "a")
        with pytest.raises(LookupError):
            breaks_off(marks)
        assert words(marks) == ["a"]
        with write(marks) as tx:
            tx.execute(sa.text("DELETE FROM marks"))


def test_a_connection_that_is_lost_says_so(marks: sa.Engine, database: str) -> None:
    def cut() -> None:
        with write(marks) as tx:
            own = tx.connection.driver_connection
            assert own is not None
            with psycopg.connect(database, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s)", (own.info.backend_pid,))
            execute_last(tx, INSERT, {"word": "a"})

    with pytest.raises(sa.exc.OperationalError):
        cut()
    assert words(marks) == []
