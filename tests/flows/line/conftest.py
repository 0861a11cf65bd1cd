"""A small plant on a real lab, the records that go with it, and an engine that works its deliveries in turn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from isp_lifecycle.aaa.not_connected import NotConnected
from isp_lifecycle.access.model import ROLES, SYSTEM, VISITOR, Actor, Role
from isp_lifecycle.catalog import actions as catalog
from isp_lifecycle.cli.embedded.server import free_port
from isp_lifecycle.crm.file_drop import FileDrop
from isp_lifecycle.customers import actions as customers
from isp_lifecycle.drivers.contract import OltAccess
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.field import actions as field
from isp_lifecycle.foundation.clock import Clock, SystemClock
from isp_lifecycle.foundation.db import open_engine, read, write
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.foundation.settings import Settings, load_settings
from isp_lifecycle.foundation.terms import AddressPolicy, Ipv6Policy, policy_named
from isp_lifecycle.intake.door import Door
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.lab.client import LabClient
from isp_lifecycle.lab.process import LabProcess
from isp_lifecycle.lab.town import Town, make_town
from isp_lifecycle.notices.mailer import Mailer
from isp_lifecycle.notices.sink import LocalSink
from isp_lifecycle.reports.ports import NoReporter
from isp_lifecycle.views.window import Window
from isp_lifecycle.workflows.engine import Engine
from isp_lifecycle.workflows.ledger import Ended
from isp_lifecycle.workflows.parts import Parts
from tests.databases import copied

CREDENTIAL = ("ispdriver", "lab-test-only")


@dataclass(frozen=True)
class Lab:
    """The running lab: its control client and where its OLTs listen."""

    client: LabClient
    ports: dict[str, int]


@pytest.fixture(scope="session")
def lab_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """One lab for the session, at full speed."""
    account = {"ISP_LAB_USERNAME": CREDENTIAL[0], "ISP_LAB_PASSWORD": CREDENTIAL[1]}
    with LabProcess.start(state=tmp_path_factory.mktemp("lab"), speed=200.0, environment=account) as lab:
        with lab.client() as client:
            yield Lab(client, lab.ports)


@pytest.fixture
def lab(lab_process: Lab) -> Lab:
    """The lab as on its first day."""
    lab_process.client.reset()
    return lab_process


def actor(role: Role, username: str = "") -> Actor:
    """Somebody of this role."""
    name = username or f"some-{role}"
    return Actor(None, name, name.title(), role, ROLES[role], "test")


@dataclass
class Plant:
    """The records, the doors and the engine of one test."""

    engine: sa.Engine
    door: Door
    window: Window
    parts: Parts
    town: Town
    lab: LabClient
    settings: Settings

    def work(self, *, rounds: int = 50) -> dict[str, int]:
        """Work on everything that is queued until nothing is; what is put off is made due. Returns ends by word."""
        worker = Engine(parts=self.parts, worker="test")
        ends: dict[str, int] = {}
        for _round in range(rounds):
            ids = self.queued()
            if not ids:
                break
            for delivery_id in ids:
                ended = str(worker.run(delivery_id))
                ends[ended] = ends.get(ended, 0) + 1
        return ends

    def queued(self) -> list[UUID]:
        """Deliveries that a worker could take now; due ones and those that are tried again are made ready."""
        with write(self.engine) as tx:
            tx.execute(
                sa.text("UPDATE deliveries SET state = 'queued' WHERE state = 'scheduled' AND failure IS NOT NULL")
            )
            rows = tx.execute(sa.text("SELECT id FROM deliveries WHERE state = 'queued' ORDER BY created_at"))
            return list(rows.scalars())

    def run(self, delivery_id: UUID) -> Ended:
        """Work on one delivery."""
        return Engine(parts=self.parts, worker="test").run(delivery_id)

    def one(self, statement: str, **values: Any) -> Any:
        """One row."""
        with read(self.engine) as tx:
            return tx.execute(sa.text(statement), values).one()

    def many(self, statement: str, **values: Any) -> list[Any]:
        """Rows."""
        with read(self.engine) as tx:
            return list(tx.execute(sa.text(statement), values).all())


@pytest.fixture(scope="session")
def _loaded(postgres: str, _template: str, lab_process: Lab) -> Iterator[str]:
    """The name of a database that knows the town, which each test's own is copied from."""
    with copied(postgres, _template) as url:
        engine = open_engine(url)
        with write(engine) as tx:
            load_town(tx, make_town(), lab_process.ports, SystemClock())
        engine.dispose()
        yield url.rpartition("/")[2]


@pytest.fixture(scope="session")
def olts(lab_process: Lab) -> Iterator[Olts]:
    """Sessions with the lab's OLTs, kept over the tests as a worker keeps them over its deliveries."""
    with Olts(accesses(make_town(), lab_process.ports)) as kept:
        yield kept


@pytest.fixture
def plant(postgres: str, _loaded: str, lab: Lab, olts: Olts, tmp_path: Path) -> Iterator[Plant]:
    """A fresh database that knows the town's plant, plans, pools, premises and engineers, and no customer yet."""
    smtp = free_port()
    with (
        LocalSink(tmp_path / "mail", smtp),
        planted(server=postgres, template=_loaded, lab=lab, olts=olts, var=tmp_path, smtp=smtp) as made,
    ):
        yield made


@contextmanager
def planted(
    *,
    server: str,
    template: str,
    lab: Lab,
    olts: Olts,
    var: Path,
    smtp: int,
    clock: Clock | None = None,
    town: Town | None = None,
) -> Iterator[Plant]:
    """A plant on a copy of that database, whose mail goes to a relay at that port."""
    clock = clock or SystemClock()
    network = load_settings().network.model_copy(update={"poll_seconds": 0.02, "online_within_seconds": 3})
    engine_limits = load_settings().engine.model_copy(update={"takeovers_at_most": 1000})  # some tests kill many
    settings = load_settings(var=var).model_copy(update={"network": network, "engine": engine_limits})
    with copied(server, template) as url:
        engine = open_engine(url)
        parts = Parts(
            engine=engine,
            clock=clock,
            settings=settings,
            olts=olts,
            sign_on=NotConnected(),
            crm=FileDrop(var / "crm"),
            mailer=Mailer("127.0.0.1", smtp, "isp@example.org"),
            reporter=NoReporter(),
        )
        yield Plant(
            engine=engine,
            door=Door(engine=engine, clock=clock, settings=settings),
            window=Window(engine=engine, clock=clock, settings=settings, olts=olts),
            parts=parts,
            town=town or make_town(),
            lab=lab.client,
            settings=settings,
        )
        engine.dispose()


@pytest.fixture
def walled(plant: Plant) -> Plant:
    """The same, where VLAN 666 leads to the provider's own pages."""
    network = plant.settings.network.model_copy(update={"walled_garden_vlan": 666})
    settings = plant.settings.model_copy(update={"network": network})
    return replace(
        plant,
        settings=settings,
        parts=replace(plant.parts, settings=settings),
        door=replace(plant.door, settings=settings),
    )


def accesses(town: Town, ports: dict[str, int]) -> list[OltAccess]:
    """How the lab's OLTs are reached."""
    return [
        OltAccess(
            name=olt.name,
            vendor=olt.vendor,
            host="127.0.0.1",
            port=ports[olt.name],
            username=CREDENTIAL[0],
            password=CREDENTIAL[1],
            busy_patience=0.3,
        )
        for olt in town.olts
    ]


def load_town(tx: sa.Connection, town: Town, ports: dict[str, int], clock: SystemClock) -> None:
    """Record the plant, plans, pools, premises and engineers of a town whose OLTs listen at these ports."""
    at = clock.now()
    tx.execute(sa.text("SELECT setval('service_codes', 1000)"))  # the lab's customers have the codes below
    for plan in town.plans:
        catalog.put_plan(
            tx=tx,
            code=plan.code,
            name=plan.name,
            down_kbps=plan.down_kbps,
            up_kbps=plan.up_kbps,
            price=Money(Decimal(plan.price), plan.currency),
            address_policy=AddressPolicy(plan.address_policy),
            vlan=plan.vlan,
            ipv6_policy=Ipv6Policy(plan.ipv6_policy) if plan.ipv6_policy else None,
        )
    for pool in town.pools:
        ipam.put_pool(
            tx=tx,
            name=pool.name,
            area=pool.area,
            policy=policy_named(pool.policy),
            prefix=pool.prefix,
            gateway=pool.gateway or None,
            wan=pool.wan,
        )
    for site in town.olts:
        olt = inventory.put_olt(
            tx=tx,
            name=site.name,
            vendor=site.vendor,
            model=site.model,
            area=site.area,
            host="127.0.0.1",
            port=ports[site.name],
            credentials="default",
            uplink=site.uplink,
            at=at,
        ).value
        for port in site.pon_ports:
            pon = inventory.put_pon_port(tx=tx, olt_id=olt.id, port=port.port, tx_dbm=port.tx_dbm).value
            for splitter in port.splitters:
                inventory.put_splitter(
                    tx=tx,
                    code=splitter.code,
                    pon_port_id=pon.id,
                    ratio=splitter.ratio,
                    fibre_m=splitter.fibre_m,
                    latitude=splitter.latitude,
                    longitude=splitter.longitude,
                    parent=splitter.parent,
                )
    for house in town.premises:
        customers.put_premises(
            tx=tx,
            code=house.code,
            area=house.area,
            street=house.street,
            number=house.number,
            unit=house.unit or None,
            postcode=house.postcode,
            city=house.city,
            latitude=house.latitude,
            longitude=house.longitude,
            splitter_code=house.outlet.splitter_code if house.outlet else None,
            splitter_port=house.outlet.splitter_port if house.outlet else None,
            drop_m=house.outlet.drop_m if house.outlet else None,
        )
    for member in town.staff:
        if member.role == "installer":
            field.put_engineer(tx=tx, username=member.username, name=member.name, area=member.area)


__all__ = ["SYSTEM", "VISITOR", "Lab", "Plant", "actor"]
