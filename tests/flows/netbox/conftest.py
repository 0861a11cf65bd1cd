"""A NetBox, and a door whose settings name it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from isp_lifecycle.access.model import ROLES, Actor, Role
from isp_lifecycle.foundation.clock import PushableClock
from isp_lifecycle.foundation.sections import NetBox as NetBoxSettings
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.intake.door import Door
from isp_lifecycle.ipam.netbox import NetBox
from tests.flows.netbox.server import FakeNetBox, serving

NOW = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)


@pytest.fixture
def netbox() -> Iterator[FakeNetBox]:
    """NetBox with one tag, that of pools."""
    with serving() as netbox:
        netbox.add("extras/tags", name="Customer pools", slug="pools")
        yield netbox


@pytest.fixture
def api(netbox: FakeNetBox) -> NetBox:
    """The adapter, with the right token."""
    return NetBox(netbox.url, "hush")


@pytest.fixture
def door(engine: sa.Engine) -> Door:
    """A door on a fresh database."""
    settings = Settings(netbox=NetBoxSettings(pool_tag="pools"))
    return Door(engine=engine, clock=PushableClock(NOW), settings=settings)


@pytest.fixture(scope="session")
def administrator() -> Actor:
    """Somebody who may import and export."""
    return Actor(None, "tess", "Tess", Role.ADMINISTRATOR, ROLES[Role.ADMINISTRATOR], "cli")
