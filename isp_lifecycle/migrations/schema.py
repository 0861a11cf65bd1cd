"""Collects every table: each package's ``store`` declares its own, importing it puts them on the one MetaData."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil

import sqlalchemy as sa

import isp_lifecycle
from isp_lifecycle.foundation.db import metadata
from isp_lifecycle.foundation.errors import NeedsPerson

#: Contributed modules of PostgreSQL that the tables' indexes and constraints use.
EXTENSIONS = ("btree_gist", "pg_trgm", "citext")


def store_modules() -> tuple[str, ...]:
    """The names of all modules that declare tables: ``isp_lifecycle.<package>.store``."""
    packages = [f"isp_lifecycle.{m.name}" for m in pkgutil.iter_modules(isp_lifecycle.__path__) if m.ispkg]
    return tuple(f"{p}.store" for p in packages if importlib.util.find_spec(f"{p}.store") is not None)


def complete_metadata() -> sa.MetaData:
    """The MetaData with the tables of every store on it; a store that is a folder has its modules imported too."""
    for name in store_modules():
        module = importlib.import_module(name)
        for part in pkgutil.iter_modules(getattr(module, "__path__", [])):
            importlib.import_module(f"{name}.{part.name}")
    return metadata


class ExtensionMissing(NeedsPerson):
    """The database lacks a contributed module, and this account may not install it."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(
            f"The database has no extension {name}, and this account may not install it: {why}.",
            field="extension",
            value=name,
            remedy=f"Have an administrator run in this database: {_all_of_them()} Then run `isp db upgrade` again. "
            "A server that does not know it lacks PostgreSQL's modules (postgresql-contrib).",
        )


def _all_of_them() -> str:
    return " ".join(f"CREATE EXTENSION IF NOT EXISTS {name};" for name in EXTENSIONS)


def create_extensions(connection: sa.Connection) -> None:
    """Install the contributed modules that the tables need; each is one that a database's owner may install.

    Raises ExtensionMissing, which says what to run, where this account may not.
    """
    for name in EXTENSIONS:
        try:
            with connection.begin_nested():
                connection.execute(sa.text(f"CREATE EXTENSION IF NOT EXISTS {name}"))
        except sa.exc.DBAPIError as error:
            why = str(error.orig).strip().split("\n")[0]
            raise ExtensionMissing(name, why) from error
