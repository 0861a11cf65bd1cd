"""A door on a fresh database, and the sample town as files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from isp_lifecycle.access.model import ROLES, Actor, Role
from isp_lifecycle.foundation.clock import PushableClock
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.intake.door import Door
from isp_lifecycle.lab.town import Town, make_town, write_files

#: Ten in the morning of a Wednesday.
NOW = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> PushableClock:
    """A clock that stands still."""
    return PushableClock(NOW)


@pytest.fixture
def door(engine: sa.Engine, clock: PushableClock) -> Door:
    """A door on a fresh database."""
    return Door(engine=engine, clock=clock, settings=Settings())


@pytest.fixture(scope="session")
def administrator() -> Actor:
    """Somebody who may import."""
    return Actor(None, "tess", "Tess", Role.ADMINISTRATOR, ROLES[Role.ADMINISTRATOR], "cli")


@pytest.fixture(scope="session")
def town() -> Town:
    """The sample town."""
    return make_town()


@pytest.fixture(scope="session")
def files(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the town's files."""
    folder = tmp_path_factory.mktemp("town")
    write_files(town, folder)
    return folder
