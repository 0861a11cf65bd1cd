"""The staff suite on a plant where things happened: lines that failed, one that waits, one that is in use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from uuid import UUID

import pytest
import redis
import sqlalchemy as sa
from pydantic import SecretStr
from redis.asyncio import Redis

from dashboards.portal import portal_realm
from dashboards.server import Realm, ServerParts, build_server
from dashboards.staff import staff_realm
from isp_lifecycle.access import actions as access
from isp_lifecycle.access.model import STAFF_ROLES, SYSTEM, VISITOR, Role
from isp_lifecycle.bootstrap import Doors
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.intake import field as visits
from isp_lifecycle.intake import portal, sales
from tests.conftest import portal_engine_of
from tests.flows.line.conftest import Plant, _loaded, actor, lab, lab_process, olts, plant
from tests.pages.conftest import PASSWORD, Running, listening, page_port

__all__ = ["_loaded", "lab", "lab_process", "olts", "plant"]


@dataclass(frozen=True)
class Activation:
    """One line that is being connected."""

    order_code: str
    delivery_id: UUID
    visit_code: str
    premises_code: str
    customer: str


@dataclass
class Desk:
    """The plant with its staff suite, and what befalls it."""

    plant: Plant
    redis_url: str
    portal_redis_url: str
    stops: list[Callable[[], None]] = field(default_factory=list)
    told: Settings = field(init=False)
    """The settings of the server that was started last."""

    def serve(self) -> Running:
        """Start the staff suite on it, with one account for each role, named like the role."""
        settings = self._settings()
        with write(self.plant.engine) as tx:
            for role in STAFF_ROLES:
                access.create_user(
                    tx=tx,
                    at=self.plant.parts.clock.now(),
                    username=str(role),
                    name=f"Nuala {role.title()}",
                    role=role,
                    password=PASSWORD,
                )
        return self._started(staff_realm(settings), settings)

    def portal(self, line: Activation) -> Running:
        """Start the portal, with an account ``customer`` for whom this line belongs to."""
        settings = self._settings()
        owner = self.plant.one("SELECT id, name FROM customers WHERE name = :name", name=line.customer)
        with write(self.plant.engine) as tx:
            access.create_user(
                tx=tx,
                at=self.plant.parts.clock.now(),
                username="customer",
                name=owner.name,
                role=Role.CUSTOMER,
                password=PASSWORD,
                customer_id=owner.id,
            )
        return self._started(portal_realm(settings), settings, portal_engine_of(self.plant.engine.url))

    def restart(self, running: Running) -> None:
        """End the server that was started last as a crash would, and start it again with the same port and keys."""
        self.stops.pop()()
        self._started(running.realm, self.told)

    def _settings(self) -> Settings:
        return self.plant.settings.model_copy(update={"port": page_port(), "redis_url": SecretStr(self.redis_url)})

    def _started(self, realm: Realm, settings: Settings, engine: sa.Engine | None = None) -> Running:
        behind = engine or self.plant.engine
        if engine is not None:
            self.stops.append(engine.dispose)
        doors = Doors(replace(self.plant.door, engine=behind), replace(self.plant.window, engine=behind), settings)
        broker = self.redis_url if engine is None else self.portal_redis_url
        self.told = told = settings.model_copy(update={"redis_url": SecretStr(broker)})
        parts = ServerParts(told, behind, Redis.from_url(broker), self.plant.parts.clock, doors)
        server = build_server(realm, parts)
        self.stops.append(listening(server, realm.port))
        return Running(f"http://127.0.0.1:{realm.port}", server, self.plant.engine, realm)

    def ordered(self, customer: str) -> Activation:
        """An order that is confirmed and whose visit is booked: it waits for the installer."""
        premises = self._free_premises()
        placed = portal.place_application(
            self.plant.door,
            VISITOR,
            premises_code=premises,
            plan_code="home-500",
            name=customer,
            email=f"{customer.lower().replace(' ', '.')}@example.org",
            phone="+353 1 555 0100",
            consent=True,
        )
        confirmed = sales.confirm_order(self.plant.door, actor(Role.SALES), order_code=placed.order_code)
        self.plant.work()
        visit = self.plant.one("SELECT code FROM visits WHERE delivery_id = :d", d=confirmed.delivery_id).code
        return Activation(placed.order_code, confirmed.delivery_id, visit, premises, customer)

    def plugged(self, line: Activation) -> str:
        """A new ONT at the outlet, in the OLT's sight; returns its serial number."""
        serial = f"48575443{new_id().hex[-8:].upper()}"
        self.plant.lab.plug(serial, line.premises_code)
        self.plant.lab.wait_until(serial, "autofind", seconds=10)
        return serial

    def activate(self, line: Activation, serial: str) -> None:
        """The installer presses Activate, and a worker works until it stands."""
        visits.activate(self.plant.door, SYSTEM, visit_code=line.visit_code, serial=serial)
        self.plant.work()

    def active(self, customer: str) -> Activation:
        """A line that came into use at the first attempt."""
        line = self.ordered(customer)
        self.activate(line, self.plugged(line))
        return line

    def wrong_serial(self, customer: str) -> Activation:
        """An activation that failed because nobody sees the ONT that was typed."""
        line = self.ordered(customer)
        self.activate(line, "HWTC-00000001")
        return line

    def low_light(self, customer: str) -> Activation:
        """An activation that failed after the OLT was configured, because a splice takes the light away."""
        line = self.ordered(customer)
        level = self.plant.lab.premises(line.premises_code).rx_dbm
        assert level is not None
        loss = level - (self.plant.settings.network.lowest_rx_dbm - 1.0)
        self.plant.lab.splice("drop", line.premises_code, loss_db=loss)
        self.activate(line, self.plugged(line))
        return line

    def put_off(self, customer: str) -> Activation:
        """An activation that the engine tries again by itself, because the OLT does not answer."""
        line = self.ordered(customer)
        serial = self.plugged(line)
        olt = self.plant.lab.premises(line.premises_code).olt
        assert olt is not None
        self.plant.lab.fault(olt, "unreachable")
        visits.activate(self.plant.door, SYSTEM, visit_code=line.visit_code, serial=serial)
        for delivery_id in self.plant.queued():
            self.plant.run(delivery_id)
        self.plant.lab.clear_faults(olt)
        return line

    def state(self, line: Activation) -> str:
        """How the activation stands."""
        return str(self.plant.one("SELECT state FROM deliveries WHERE id = :d", d=line.delivery_id).state)

    def _free_premises(self) -> str:
        used = {customer.premises_code for customer in self.plant.town.customers}
        used |= {
            row.code for row in self.plant.many("SELECT p.code FROM premises p JOIN orders o ON o.premises_id = p.id")
        }
        return next(p.code for p in self.plant.town.premises if p.outlet is not None and p.code not in used)


@pytest.fixture
def desk(plant: Plant, redis_url: str, portal_redis_url: str, redis_client: redis.Redis) -> Iterator[Desk]:
    """The plant and its staff suite; servers stop when the test ends."""
    built = Desk(plant, redis_url, portal_redis_url)
    yield built
    for stop in reversed(built.stops):
        stop()


def texts(desk: Desk, statement: str) -> list[str]:
    """The only column of some rows."""
    return [str(row[0]) for row in desk.plant.many(statement)]
