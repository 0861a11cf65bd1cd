"""A plant with an OLT of every vendor, all lines of the lab on record, and hands at the consoles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.cli.embedded.server import free_port
from isp_lifecycle.drivers.contract import LineWanted, Transcript
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.db import open_engine, read, write
from isp_lifecycle.foundation.settings import load_settings
from isp_lifecycle.intake.door import Door
from isp_lifecycle.intake.imports.files import apply
from isp_lifecycle.intake.imports.model import ImportFile
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.lab.process import LabProcess
from isp_lifecycle.lab.town import VENDORS, Town, make_town, write_files
from isp_lifecycle.workflows.line.existing import target_of
from tests.contract.drivers.drift_contract import Hand
from tests.databases import copied
from tests.flows.line.conftest import CREDENTIAL, Lab, Plant, accesses, load_town, planted

TOWN = make_town(olts=max(len(VENDORS), 3), vendors=VENDORS)


@dataclass
class Mixed:
    """A plant of all vendors."""

    plant: Plant
    town: Town = TOWN

    def olt_of(self, vendor: str) -> str:
        """The OLT of a vendor."""
        return next(olt.name for olt in self.town.olts if olt.vendor == vendor)

    def lines(self, olt: str) -> list[LineWanted]:
        """The lines of an OLT as they are on record, those that work first."""
        with read(self.plant.engine) as tx:
            record = inventory.olt_by_name(tx=tx, name=olt)
            found = inventory.lines_on(tx=tx, olt_id=record.id)
        wanted = [target_of(service.code, record, line).wanted() for service, line in found]
        working = {ont.serial for one in self.plant.lab.state().olts for ont in one.onts if ont.run_state == "online"}
        return sorted(wanted, key=lambda line: line.serial.normal not in working)

    def by_hand(self, olt: str, hand: Hand, line: LineWanted) -> None:
        """Somebody does it at the console."""
        with self.plant.parts.olts.writer(olt, Transcript()) as session:
            hand(session, line)


@pytest.fixture(scope="session")
def mixed_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """One lab with an OLT of every vendor, at full speed."""
    account = {"ISP_LAB_USERNAME": CREDENTIAL[0], "ISP_LAB_PASSWORD": CREDENTIAL[1]}
    state = tmp_path_factory.mktemp("lab")
    with LabProcess.start(state=state, olts=len(TOWN.olts), vendors=VENDORS, speed=200.0, environment=account) as lab:
        with lab.client() as client:
            yield Lab(client, lab.ports)


@pytest.fixture(scope="session")
def mixed_olts(mixed_lab: Lab) -> Iterator[Olts]:
    """Sessions with its OLTs, kept over the tests."""
    with Olts(accesses(TOWN, mixed_lab.ports)) as kept:
        yield kept


@pytest.fixture(scope="session")
def _taken_over(
    postgres: str, _template: str, mixed_lab: Lab, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The name of a database with all lines of that lab on record, as an import takes them over."""
    folder = tmp_path_factory.mktemp("town")
    with copied(postgres, _template) as url:
        engine = open_engine(url)
        with write(engine) as tx:
            load_town(tx, TOWN, mixed_lab.ports, SystemClock())
        files = {path.stem: path for path in write_files(TOWN, folder)}
        door = Door(engine=engine, clock=SystemClock(), settings=load_settings(var=folder))
        file = ImportFile("customers.csv", files["customers"].read_bytes())
        assert apply(door, SYSTEM, kind="customers", file=file).rejected == 0
        engine.dispose()
        yield url.rpartition("/")[2]


@pytest.fixture
def mixed(postgres: str, _taken_over: str, mixed_lab: Lab, mixed_olts: Olts, tmp_path: Path) -> Iterator[Mixed]:
    """The plant as on its first day."""
    mixed_lab.client.reset()
    with planted(
        server=postgres,
        template=_taken_over,
        lab=mixed_lab,
        olts=mixed_olts,
        var=tmp_path,
        smtp=free_port(),
        town=TOWN,
    ) as plant:
        yield Mixed(plant)
