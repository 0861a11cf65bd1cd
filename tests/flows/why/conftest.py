"""A town whose lines are all on record and let on by a real FreeRADIUS, for whatever can befall one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from ipaddress import IPv4Interface, IPv4Network
from pathlib import Path

import pytest
import sqlalchemy as sa

from isp_lifecycle.aaa.accounting import Accounts
from isp_lifecycle.aaa.kea import Leases
from isp_lifecycle.aaa.model import SignOnWanted
from isp_lifecycle.aaa.server import Server
from isp_lifecycle.access.model import SYSTEM, Role
from isp_lifecycle.cli.embedded.server import free_port
from isp_lifecycle.drivers.contract import LineWanted, PonPort, Serial, Transcript
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.intake.imports.files import apply
from isp_lifecycle.intake.imports.model import ImportFile
from isp_lifecycle.lab.town import write_files
from isp_lifecycle.lab.town.model import Customer
from isp_lifecycle.views.diagnosis import asking
from isp_lifecycle.views.diagnosis.model import Diagnosis
from tests.contract.drivers.drift_contract import Hand
from tests.flows.line.conftest import Lab, Plant, _loaded, actor, lab, lab_process, olts, planted
from tests.sign_on.freeradius import FreeRadius
from tests.sign_on.kea import kea_adapter

__all__ = ["_loaded", "lab", "lab_process", "olts"]

SUPPORT = actor(Role.SUPPORT)


@dataclass
class Street:
    """The town's lines, and what befalls them."""

    plant: Plant
    radius: FreeRadius
    kea: sa.Engine

    def why(self, key: str) -> Diagnosis:
        """What support is told."""
        return asking.look_into(self.plant.window, SUPPORT, key=key).wait()

    def customers(self) -> list[Customer]:
        """Those on the first port of the first OLT, blemished ones left out, those of the fullest splitter first."""
        town = self.plant.town
        spoilt = {one.premises_code for one in town.blemishes}
        leaf = {p.code: p.outlet.splitter_code for p in town.premises if p.outlet}
        by_port: dict[tuple[str, str], list[Customer]] = {}
        for one in town.customers:
            if one.premises_code not in spoilt:
                by_port.setdefault((one.olt, one.pon_port), []).append(one)
        found = max(by_port.values(), key=len)
        on = [leaf[one.premises_code] for one in found]
        return sorted(found, key=lambda one: (-on.count(leaf[one.premises_code]), leaf[one.premises_code]))

    def splitter(self, one: Customer) -> str:
        """The splitter that its drop hangs on."""
        house = next(p for p in self.plant.town.premises if p.code == one.premises_code)
        assert house.outlet is not None
        return house.outlet.splitter_code

    def wanted(self, one: Customer) -> LineWanted:
        """The line as it was built."""
        plan = self.plant.town.plan(one.plan_code)
        uplink = next(olt.uplink for olt in self.plant.town.olts if olt.name == one.olt)
        return LineWanted(
            key=one.service_code,
            port=PonPort.parse(one.pon_port),
            serial=Serial.parse(one.serial),
            vlan=one.vlan,
            uplink=uplink,
            down_kbps=plan.down_kbps,
            up_kbps=plan.up_kbps,
            ont_id=one.ont_id,
        )

    def by_hand(self, one: Customer, hand: Hand) -> None:
        """Somebody does it at the console."""
        with self.plant.parts.olts.writer(one.olt, Transcript()) as session:
            hand(session, self.wanted(one))

    def admitted(self, one: Customer) -> None:
        """RADIUS lets the line on, and its router is signed in."""
        self.radius.adapter().admit(self.sign_on(one))
        self.radius.begin_session(one.service_code, f"s-{one.service_code}", one.address)

    def sign_on(self, one: Customer) -> SignOnWanted:
        """How the line is to be let on."""
        plan = self.plant.town.plan(one.plan_code)
        return SignOnWanted(
            service_code=one.service_code,
            address=IPv4Interface(f"{one.address}/32"),
            gateway=None,
            vlan=one.vlan,
            down_kbps=plan.down_kbps,
            up_kbps=plan.up_kbps,
            circuit=f"{one.olt} {one.pon_port}",
        )

    def reserved_for(self, code: str, one: Customer) -> None:
        """DHCP keeps the line's address for somebody else."""
        subnets = {IPv4Network("100.64.0.0/10"): 1}
        kea_adapter(self.kea, subnets=subnets).admit(replace(self.sign_on(one), service_code=code))

    def put_right(self, one: Customer) -> None:
        """The plant as on its first day, and the line signed in."""
        self.plant.lab.reset()
        self.radius.write("TRUNCATE radcheck, radreply, radusergroup, radacct, radpostauth")
        with self.kea.begin() as tx:
            tx.execute(sa.text("DELETE FROM hosts"))
        self.admitted(one)


@pytest.fixture
def street(
    postgres: str, _loaded: str, lab: Lab, olts: Olts, freeradius: FreeRadius, kea_engine: sa.Engine, tmp_path: Path
) -> Iterator[Street]:
    """All lines of the lab on record, one RADIUS, one Kea without reservations."""
    with planted(server=postgres, template=_loaded, lab=lab, olts=olts, var=tmp_path, smtp=free_port()) as plant:
        files = {path.stem: path for path in write_files(plant.town, tmp_path / "town")}
        file = ImportFile("customers.csv", files["customers"].read_bytes())
        assert apply(plant.door, SYSTEM, kind="customers", file=file).rejected == 0
        window = replace(
            plant.window,
            accounts=Accounts(Server("FreeRADIUS", "ISP_RADIUS__DATABASE_URL", freeradius.engine)),
            leases=Leases(Server("Kea", "ISP_KEA__DATABASE_URL", kea_engine)),
        )
        yield Street(replace(plant, window=window), freeradius, kea_engine)
