"""The town with its customers on record as they stand on the lab's devices, and hands to do damage with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from isp_lifecycle.access.model import SYSTEM, VISITOR, Role
from isp_lifecycle.cli.embedded.server import free_port
from isp_lifecycle.crm.file_drop import FileDrop
from isp_lifecycle.drivers.contract import Change, Plan, Transcript
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.db import open_engine, write
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.intake import field, portal, sales
from isp_lifecycle.intake.door import Door
from isp_lifecycle.intake.imports.files import apply
from isp_lifecycle.intake.imports.model import ImportFile
from isp_lifecycle.lab.town import make_town, write_files
from isp_lifecycle.notices.sink import LocalSink
from isp_lifecycle.views.audit.model import AuditReport
from isp_lifecycle.views.audit.outside import Outside
from isp_lifecycle.views.audit.whole import audit
from tests.databases import copied
from tests.flows.line.conftest import Lab, Plant, _loaded, actor, lab, lab_process, olts, plant, planted

__all__ = ["_loaded", "lab", "lab_process", "olts", "plant"]

ADMIN = actor(Role.ADMINISTRATOR)
#: Kind, what it is about, key, words of the text.
type Said = tuple[str, str, str, str]


@dataclass
class Town:
    """The plant of one test with all customers of the town in use."""

    plant: Plant

    def audit(self, **more: Any) -> AuditReport:
        """The whole audit, with the CRM's folder and the mail sink of this test."""
        return audit(self.plant.window, SYSTEM, outside=self.outside(), **more)

    def outside(self) -> Outside:
        """Where this test's messages went."""
        var = self.plant.settings.var
        return Outside(crm=FileDrop(var / "crm"), crm_name="The CRM's file drop", mail_folder=var / "mail")

    def activated(self, *, plan: str = "home-500", name: str = "Ada Byrne") -> str:
        """A line that came to be by application, visit and Activate; returns its service's code."""
        house = self.free_house()
        placed = portal.place_application(
            self.plant.door,
            VISITOR,
            premises_code=house,
            plan_code=plan,
            name=name,
            email=f"{name.lower().replace(' ', '.')}@example.org",
            phone="+353 85 555 0100",
            consent=True,
        )
        confirmed = sales.confirm_order(self.plant.door, actor(Role.SALES), order_code=placed.order_code)
        self.plant.work()
        visit = self.plant.one("SELECT code FROM visits WHERE delivery_id = :d", d=confirmed.delivery_id).code
        serial = self.plugged(house)
        field.activate(self.plant.door, ADMIN, visit_code=visit, serial=serial)
        self.plant.work()
        return str(self.plant.one("SELECT code FROM services WHERE order_id IS NOT NULL ORDER BY opened_at DESC").code)

    def plugged(self, house: str) -> str:
        """A new ONT at an outlet, in the OLT's sight."""
        serial = f"48575443{new_id().hex[-8:].upper()}"
        self.plant.lab.plug(serial, house)
        self.plant.lab.wait_until(serial, "autofind", seconds=10)
        return serial

    def free_house(self) -> str:
        """A serviceable address where nobody has a service."""
        return str(
            self.plant.one(
                "SELECT p.code FROM premises p WHERE p.splitter_code IS NOT NULL AND NOT EXISTS "
                "(SELECT 1 FROM services s WHERE s.premises_id = p.id) ORDER BY p.code LIMIT 1"
            ).code
        )

    def typed(self, olt: str, *commands: str) -> None:
        """Somebody types at an OLT."""
        with self.plant.parts.olts.writer(olt, Transcript()) as session:
            session.apply(Plan(olt, "by hand", (Change("set", "by hand", commands, "somebody typed it"),)))

    def run(self, statement: str, **values: Any) -> None:
        """Somebody types at the database."""
        with write(self.plant.engine) as tx:
            tx.execute(sa.text(statement), values)


@pytest.fixture(scope="session")
def _taken_over(postgres: str, _loaded: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a database with all lines of the lab on record, as an import takes them over."""
    folder = tmp_path_factory.mktemp("town")
    with copied(postgres, _loaded) as url:
        engine = open_engine(url)
        files = {path.stem: path for path in write_files(make_town(), folder)}
        door = Door(engine=engine, clock=SystemClock(), settings=load_settings(var=folder))
        file = ImportFile("customers.csv", files["customers"].read_bytes())
        assert apply(door, SYSTEM, kind="customers", file=file).rejected == 0
        engine.dispose()
        yield url.rpartition("/")[2]


@pytest.fixture
def town(postgres: str, _taken_over: str, lab: Lab, olts: Olts, tmp_path: Path) -> Iterator[Town]:
    """A plant with all lines of the lab on record."""
    smtp = free_port()
    with (
        LocalSink(tmp_path / "mail", smtp),
        planted(server=postgres, template=_taken_over, lab=lab, olts=olts, var=tmp_path, smtp=smtp) as made,
    ):
        yield Town(made)


@pytest.fixture
def bare(plant: Plant) -> Town:
    """A plant whose records know no customer: for what has nothing to do with devices."""
    return Town(plant)


def agree(report: AuditReport, expected: list[Said]) -> None:
    """Exactly these objects are named, each with these words."""
    said = sorted((str(f.kind), f.about, f.key) for f in report.findings)
    assert said == sorted(one[:3] for one in expected), [f.what for f in report.findings]
    for kind, about, key, words in expected:
        texts = [f.what for f in report.findings if (str(f.kind), f.about, f.key) == (kind, about, key)]
        assert any(words in text for text in texts), (words, texts)
