"""The API on a real database and a real Redis, with machines of every role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import redis
import sqlalchemy as sa
from fastapi.testclient import TestClient
from pydantic import SecretStr

from isp_lifecycle.access import actions as access
from isp_lifecycle.access import tokens
from isp_lifecycle.access.model import NOT_FOR_MACHINES, ROLES, Role
from isp_lifecycle.api.app import build_api
from isp_lifecycle.bootstrap import Doors
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.db import open_engine, write
from isp_lifecycle.foundation.machines import Api
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.intake.door import Door
from isp_lifecycle.views.window import Window
from tests.contract.access.portal_world import Person, person, town
from tests.databases import copied


@pytest.fixture(scope="module")
def peopled(postgres: str, _template: str) -> Iterator[tuple[str, Person]]:
    """A database with a customer, plans and addresses."""
    with copied(postgres, _template) as url:
        engine = open_engine(url)
        town(engine)
        ada = person(engine, "Ada", 1)
        engine.dispose()
        yield url.rpartition("/")[2], ada


@pytest.fixture
def database(postgres: str, peopled: tuple[str, Person]) -> Iterator[str]:
    with copied(postgres, peopled[0]) as url:
        yield url


@dataclass
class Machines:
    """The API, and tokens of whoever is wanted."""

    client: TestClient
    doors: Doors
    ada: Person
    secrets: dict[str, str] = field(default_factory=dict)

    @property
    def engine(self) -> sa.Engine:
        return self.doors.door.engine

    def token(self, role: Role, *, partner: str | None = None, days: int = 30) -> str:
        """A token of an account of this role, for all that machines of it may."""
        name = partner or f"m.{role}"
        if name not in self.secrets:
            at = SystemClock().now()
            with write(self.engine) as tx:
                customer = self.ada.customer_id if role is Role.CUSTOMER else None
                code = partner or ("nobody" if role is Role.PARTNER else None)
                user = access.create_user(
                    tx=tx, at=at, username=name, name=name, role=role, customer_id=customer, partner=code
                )
                scopes = ROLES[role] - NOT_FOR_MACHINES
                self.secrets[name] = tokens.create_token(
                    tx=tx, user_id=user.id, name="test", scopes=scopes, days=days, at=at
                )[1]
        return self.secrets[name]

    def ask(self, secret: str, method: str, path: str, **more: Any) -> Any:
        headers = {"authorization": f"Bearer {secret}", **more.pop("headers", {})}
        return self.client.request(method, path, headers=headers, **more)

    def audit(self, action: str) -> list[Any]:
        query = sa.text(
            "SELECT actor, role, source, address, subject_id, reason FROM audit WHERE action = :a ORDER BY at"
        )
        with self.engine.connect() as connection:
            return list(connection.execute(query, {"a": action}))


@pytest.fixture
def machines(
    engine: sa.Engine,
    redis_url: str,
    redis_client: redis.Redis,
    tmp_path: Path,
    peopled: tuple[str, Person],
) -> Iterator[Machines]:
    settings = Settings(var=tmp_path, redis_url=SecretStr(redis_url), api=Api(requests_per_minute=60, wrong_tokens=25))
    clock = SystemClock()
    doors = Doors(Door(engine, clock, settings), Window(engine, clock, settings, Olts([])), settings)
    with TestClient(build_api(doors), client=("192.0.2.9", 4711)) as client:
        yield Machines(client, doors, peopled[1])
