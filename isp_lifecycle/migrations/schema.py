"""Collects every table: each package's ``store`` declares its own, importing it puts them on the one MetaData."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil

import sqlalchemy as sa

import isp_lifecycle
from isp_lifecycle.foundation.db import metadata

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


def create_extensions(connection: sa.Connection) -> None:
    """Install the contributed modules that the tables need; each is one that a database's owner may install."""
    for name in EXTENSIONS:
        connection.execute(sa.text(f"CREATE EXTENSION IF NOT EXISTS {name}"))
