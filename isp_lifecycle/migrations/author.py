"""Write steps, for developers: the first as plain SQL, later ones as a draft of what differs.

The first step is the SQL of every table as declared, with the sequences and exclusion constraints that alembic's
comparison leaves out. A later step is a draft: read it, add what the comparison cannot see, move the data.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy.sql.ddl import ExecutableDDLElement

from isp_lifecycle.foundation.db import write
from isp_lifecycle.migrations.schema import complete_metadata
from isp_lifecycle.migrations.steps import configuration

DIALECT = sa.create_mock_engine("postgresql+psycopg://", print).dialect
FIRST = Path(__file__).parent / "versions" / "first.sql"


def rewrite_first() -> Path:
    """Write the first step anew from the tables. Only until the first release: afterwards databases stand on it."""
    head = "-- The tables as first released; written by `isp db revise --first`.\n\n"
    FIRST.write_text(head + ";\n\n".join(create_statements()) + ";\n", encoding="utf-8")
    return FIRST


def draft(engine: sa.Engine, message: str) -> Path:
    """Write a later step from the difference between ``engine``'s database, which is at the newest, and the tables."""
    scripts = ScriptDirectory.from_config(configuration())
    number = f"{max(int(script.revision) for script in scripts.walk_revisions()) + 1:04d}"
    with write(engine) as tx:
        config = configuration()
        config.attributes["connection"] = tx
        command.revision(config, message=message, autogenerate=True, rev_id=number)
    return next(Path(scripts.versions).glob(f"{number}_*.py"))


def create_statements() -> list[str]:
    """The SQL that creates every sequence, table and index, in an order that works, the same each time."""
    statements: list[str] = []

    def note(element: ExecutableDDLElement, *_arguments: object, **_options: object) -> None:
        text = str(element.compile(dialect=DIALECT)).replace("\t", "    ")
        statements.append("\n".join(line.rstrip() for line in text.splitlines() if line.strip()))

    recorder = sa.create_mock_engine("postgresql+psycopg://", note)
    complete_metadata().create_all(recorder, checkfirst=False)
    return _with_indexes_in_order(statements)


def _with_indexes_in_order(statements: list[str]) -> list[str]:
    """Indexes come out of a set; sort those of each table, so that a rewritten file shows only what has changed."""
    ordered: list[str] = []
    indexes: list[str] = []
    for statement in statements:
        if statement.startswith("CREATE TABLE") or statement.startswith("CREATE SEQUENCE"):
            ordered += sorted(indexes)
            indexes = []
            ordered.append(statement)
        else:
            indexes.append(statement)
    return ordered + sorted(indexes)
