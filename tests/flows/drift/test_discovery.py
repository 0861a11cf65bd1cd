"""An OLT with 1,000 ONTs that nobody told the database about: added, read in one session, taken note of, imported."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from isp_lifecycle.access.model import SYSTEM, Role
from isp_lifecycle.cli.embedded.server import free_port
from isp_lifecycle.drivers.contract import Serial, Transcript
from isp_lifecycle.drivers.errors import UnknownVendor
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.intake import drift as drift_intake
from isp_lifecycle.intake import plant as intake
from isp_lifecycle.intake.errors import UnknownCredentials
from isp_lifecycle.intake.imports.files import apply
from isp_lifecycle.intake.imports.model import ImportFile
from isp_lifecycle.inventory.errors import PlantWrong
from isp_lifecycle.inventory.model import FoundLine
from isp_lifecycle.lab.process import LabProcess
from isp_lifecycle.lab.town import VENDORS, Town, make_town, write_files
from isp_lifecycle.views import discovery as views
from isp_lifecycle.views import drift as drift_views
from isp_lifecycle.views import network
from isp_lifecycle.workflows.line.reconciliation import standing_line
from tests.contract.drivers import drift_contract as hands
from tests.flows.drift.conftest import Mixed
from tests.flows.line.conftest import CREDENTIAL, Lab, Plant, accesses, actor, load_town, planted

NETWORK = actor(Role.NETWORK)
OLT = "OLT-NORTH"


@dataclass
class Unknown:
    """A plant whose records know nothing of the OLT that its lab has."""

    plant: Plant
    town: Town
    port: int

    def add(self, **other: object) -> None:
        site = self.town.olts[0]
        values = {
            "vendor": site.vendor,
            "host": "127.0.0.1",
            "port": self.port,
            "uplink": site.uplink,
            "area": site.area,
        }
        intake.add_olt(self.plant.door, NETWORK, name=OLT, **{**values, **other})  # type: ignore[arg-type]


@pytest.fixture
def vendor() -> str:
    """Whose OLT it is; some tests say it themselves."""
    return "huawei"


@pytest.fixture
def unknown(vendor: str, postgres: str, _template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Unknown]:
    """A full OLT of one vendor, at full speed."""
    var = tmp_path_factory.mktemp("dense")
    vendors = (vendor,)
    town = make_town(olts=1, vendors=vendors, dense=True)
    account = {"ISP_LAB_USERNAME": CREDENTIAL[0], "ISP_LAB_PASSWORD": CREDENTIAL[1]}
    with LabProcess.start(state=var, olts=1, vendors=vendors, dense=True, speed=400.0, environment=account) as lab:
        with lab.client() as client, Olts(accesses(town, lab.ports)) as olts:
            with planted(
                server=postgres,
                template=_template,
                lab=Lab(client, lab.ports),
                olts=olts,
                var=var,
                smtp=free_port(),
                town=town,
            ) as plant:
                settings = plant.settings.model_copy(update={"credentials": {"default": object()}})
                plant.door = plant.door.__class__(plant.engine, plant.door.clock, settings)
                yield Unknown(plant, town, lab.ports[OLT])


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_thousand_onts_are_read_in_one_session_and_taken_note_of(unknown: Unknown) -> None:
    plant = unknown.plant
    unknown.add()
    found = views.discovery(plant.window, NETWORK, olt=OLT)
    seen, adoption = found.seen, found.adoption
    assert (len(seen.found.onts), len(seen.found.service_ports)) == (1000, 1000)
    assert (adoption.news, adoption.ours, adoption.gone) == (1000, 0, ())
    assert {str(port.port) for port in unknown.town.olts[0].pon_ports} <= {str(port) for port in adoption.pon_ports}
    assert found.commands < 60
    assert found.device_seconds <= found.seconds
    assert plant.one("SELECT count(*) FROM pon_ports").count == 0  # it was only looked at

    intake.adopt(plant.door, NETWORK, olt=OLT, seen=seen)
    noted = {row.serial: row for row in drift_views.adopted(plant.window, NETWORK, olt=OLT)}
    assert len(noted) == 1000
    for customer in unknown.town.customers:
        plan = unknown.town.plan(customer.plan_code)
        row = noted[customer.serial]
        assert (row.pon_port, row.ont_id, row.description) == (
            customer.pon_port,
            customer.ont_id,
            customer.service_code,
        )
        assert (row.vlan, row.down_kbps, row.up_kbps) == (customer.vlan, plan.down_kbps, plan.up_kbps)
    again = views.discovery(plant.window, NETWORK, olt=OLT).adoption
    assert not again.changes
    cards = network.cards(plant.window, NETWORK, olt=OLT)
    assert [(c.place, c.model, c.missing_since) for c in cards] == [(b.place, b.model, None) for b in seen.boards]
    assert sum(card.pon_ports for card in cards) == len(adoption.pon_ports)
    assert all(row.typical for row in network.pon_ports(plant.window, NETWORK, olt=OLT))


def test_cards_that_are_missing_or_others_are_told_and_kept_and_a_launch_is_recorded(unknown: Unknown) -> None:
    """The records remember what stood there: one card is another now, one stands there no more."""
    plant = unknown.plant
    unknown.add()
    seen = views.discovery(plant.window, NETWORK, olt=OLT).seen
    intake.adopt(plant.door, NETWORK, olt=OLT, seen=seen)
    first = seen.boards[0]
    others = (replace(first, model="H901GPSF"), replace(first, place="0/17", model="H901GPSF", pon_ports=()))
    intake.adopt(plant.door, NETWORK, olt=OLT, seen=replace(seen, boards=(*others, *seen.boards[1:])))
    told = views.discovery(plant.window, NETWORK, olt=OLT)
    assert [news.text for news in told.adoption.boards] == [
        f"{first.place}: {first.model} instead of H901GPSF", "0/17: H901GPSF is missing",
    ]  # fmt: skip
    intake.adopt(plant.door, NETWORK, olt=OLT, seen=told.seen)
    assert not views.discovery(plant.window, NETWORK, olt=OLT).adoption.changes
    cards = {card.place: card for card in network.cards(plant.window, NETWORK, olt=OLT)}
    assert (cards[first.place].model, cards[first.place].was_model) == (first.model, "H901GPSF")
    assert cards["0/17"].missing_since is not None

    # the nightly comparison asks for the cards too, once they are on record
    gone = replace(told.seen.boards[-1], place="0/16", model="H901PILA", pon_ports=())
    intake.adopt(plant.door, NETWORK, olt=OLT, seen=replace(told.seen, boards=(*told.seen.boards, gone)))
    drift_intake.compare(plant.door, NETWORK, olt=OLT)
    assert plant.work() == {"done": 1}
    words = plant.one("SELECT says FROM step_runs WHERE name = 'Read the OLT and compare'").says
    assert "; card 0/16: H901PILA is missing." in words
    kept = {card.place: card.missing_since is None for card in network.cards(plant.window, NETWORK, olt=OLT)}
    assert (kept["0/16"], kept[first.place]) == (False, True)

    port = str(told.seen.pon_ports[0])
    intake.record_launch(plant.door, NETWORK, olt=OLT, port=port, tx_dbm=4.2)
    rows = {row.port: (row.tx_dbm, row.typical) for row in network.pon_ports(plant.window, NETWORK, olt=OLT)}
    assert rows[port] == (4.2, False)
    intake.adopt(plant.door, NETWORK, olt=OLT, seen=told.seen)
    assert {row.port: row.typical for row in network.pon_ports(plant.window, NETWORK, olt=OLT)}[port] is False
    with pytest.raises(NotFound, match="0/9/9"):
        intake.record_launch(plant.door, NETWORK, olt=OLT, port="0/9/9", tx_dbm=4.2)


def test_what_was_noted_becomes_lines_by_an_import_and_is_compared(unknown: Unknown) -> None:
    """The rest of the records comes by file, the network's columns from the OLT itself."""
    plant, town = unknown.plant, unknown.town
    unknown.add()
    intake.adopt(plant.door, NETWORK, olt=OLT, seen=views.discovery(plant.window, NETWORK, olt=OLT).seen)
    with write(plant.engine) as tx:
        load_town(tx, town, {OLT: unknown.port}, SystemClock())
    noted = {row.description: row for row in drift_views.adopted(plant.window, NETWORK)}
    files = {path.stem: path for path in write_files(town, plant.settings.var / "files")}
    rows = list(csv.DictReader(io.StringIO(files["customers"].read_text(encoding="utf-8"))))[:40]
    for row in rows:
        ont = noted[row["service_code"]]
        row |= {"pon_port": ont.pon_port, "ont_id": str(ont.ont_id), "serial": ont.serial, "vlan": str(ont.vlan)}
        row |= {"service_port": str(ont.service_port)}
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    file = ImportFile("customers.csv", text.getvalue().encode())
    assert apply(plant.door, SYSTEM, kind="customers", file=file).rejected == 0
    assert len(drift_views.adopted(plant.window, NETWORK)) == 960

    drift_intake.compare(plant.door, NETWORK, olt=OLT)
    assert plant.work() == {"done": 1}
    assert drift_views.drifts(plant.window, NETWORK, olt=OLT) == ()  # as recorded, or noted as nobody's
    (row,) = drift_views.olts(plant.window, NETWORK)
    assert (row.onts, row.strangers, row.adopted) == (1000, 0, 960)

    squatter = noted[town.customers[-1].service_code]
    with plant.parts.olts.writer(OLT, Transcript()) as session:
        standing = session.find(Serial(squatter.serial))
        assert standing is not None
        flow = standing_line(town.olts[0].uplink, FoundLine(**as_found(squatter)), squatter.description)
        hands.made_twice(session, flow)
    drift_intake.compare(plant.door, NETWORK, olt=OLT)
    assert plant.work() == {"done": 1}
    (found,) = drift_views.drifts(plant.window, NETWORK, olt=OLT)
    assert set(found.kinds) == {"ont_twice", "left"}


def as_found(row: drift_views.AdoptedRow) -> dict[str, object]:
    names = ("pon_port", "ont_id", "serial", "vlan", "service_port", "down_kbps", "up_kbps")
    return {name: getattr(row, name) for name in names}


def test_what_cannot_be_reached_or_is_not_known_is_refused_by_name(unknown: Unknown) -> None:
    with pytest.raises(UnknownVendor, match="acme"):
        unknown.add(vendor="acme")
    with pytest.raises(UnknownCredentials, match="elsewhere"):
        unknown.add(credentials="elsewhere")
    with pytest.raises(PlantWrong, match="port"):
        unknown.add(port=0)
    assert unknown.plant.one("SELECT count(*) FROM olts").count == 0


def test_onts_that_nobody_registered_are_seen_on_every_olt_at_once(mixed: Mixed) -> None:
    """One OLT refuses; the others answer, and it says why in its place."""
    plant = mixed.plant
    house = next(
        p.code
        for p in mixed.town.premises
        if p.outlet and p.code not in {c.premises_code for c in mixed.town.customers}
    )
    serial = "48575443AB00C0DE"
    plant.lab.plug(serial, house)
    plant.lab.wait_until(serial, "autofind", seconds=10)
    silent = mixed.olt_of("zte")
    plant.lab.fault(silent, "unknown_answer", match="uncfg", times=1)
    answers = {one.olt: one for one in network.unconfigured_everywhere(plant.window, NETWORK)}
    assert set(answers) == {olt.name for olt in mixed.town.olts}
    assert answers[plant.lab.ont(serial).olt or ""].onts[0].serial_normal == serial
    refused = answers[silent].error
    assert refused is not None
    assert refused.what
    assert sum(one.error is None for one in answers.values()) == len(answers) - 1
