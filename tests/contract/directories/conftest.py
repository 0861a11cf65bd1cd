"""Both directories, real, one of each for the session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.directories.openldap import OpenLdap, openldap
from tests.directories.samba import Samba, samba
from tests.directories.tree import Tree
from tests.pages.conftest import _quick_passwords, _rest, people, serve, settings

__all__ = ["_quick_passwords", "_rest", "people", "serve", "settings"]


@pytest.fixture(scope="session")
def active_directory(server_folder: Path) -> Iterator[Samba]:
    """Samba as Active Directory."""
    folder = server_folder / "samba"
    folder.mkdir()
    with samba(folder) as tree:
        yield tree


@pytest.fixture(scope="session")
def open_ldap(server_folder: Path) -> Iterator[OpenLdap]:
    """OpenLDAP."""
    folder = server_folder / "openldap"
    folder.mkdir()
    with openldap(folder) as tree:
        yield tree


@pytest.fixture(params=["active_directory", "open_ldap"])
def tree(request: pytest.FixtureRequest) -> Tree:
    """Each of them in turn."""
    found: Tree = request.getfixturevalue(request.param)
    return found
