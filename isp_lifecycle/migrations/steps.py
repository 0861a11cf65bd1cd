"""Lead a database to the newest shape, and tell at which it is."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from isp_lifecycle.events.starts import note_starts
from isp_lifecycle.foundation.db import read, write
from isp_lifecycle.migrations import portal
from isp_lifecycle.migrations.schema import create_extensions

#: Any number, the same for all: two upgrades at once take turns.
_TURN = 7_361_901


def configuration() -> Config:
    """Alembic's settings: the scripts stand beside this file; the connection is handed over by the caller."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%(rev)s_%(slug)s".replace("%", "%%"))
    return config


def newest() -> str | None:
    """The revision that this version of the product needs; None while there is none."""
    return ScriptDirectory.from_config(configuration()).get_current_head()


def present(engine: sa.Engine) -> str | None:
    """The revision that the database is at; None for an empty one."""
    with read(engine) as tx:
        return MigrationContext.configure(tx).get_current_revision()


def upgrade(engine: sa.Engine) -> tuple[str | None, str | None]:
    """Run every missing step, note since when each subscription is heard, and bring the portal's role to its reach.

    All of it is one transaction. Returns the revisions before and after.
    """
    with write(engine) as tx:
        tx.execute(sa.text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})
        create_extensions(tx)
        before = MigrationContext.configure(tx).get_current_revision()
        config = configuration()
        config.attributes["connection"] = tx
        command.upgrade(config, "head")
        note_starts(tx=tx)
        portal.bring_up(tx=tx)
        return before, MigrationContext.configure(tx).get_current_revision()
