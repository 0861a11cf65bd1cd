"""The passive plant behind a PON port, as the network page grows it."""

from __future__ import annotations

import pytest

from isp_lifecycle.access.model import Role
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.intake.imports.files import apply
from isp_lifecycle.intake.imports.model import ImportFile
from isp_lifecycle.lab.town import write_files
from isp_lifecycle.views import passive
from tests.flows.line.acts import ADMIN
from tests.flows.line.conftest import Plant, actor

NETWORK = actor(Role.NETWORK)


def test_the_tree_behind_a_port_has_every_splitter_and_home_with_its_light(plant: Plant) -> None:
    files = {path.stem: path for path in write_files(plant.town, plant.settings.var / "files")}
    file = ImportFile("customers.csv", files["customers"].read_bytes())
    assert apply(plant.door, ADMIN, kind="customers", file=file).rejected == 0
    for kind in ("closures", "splitters"):
        table = ImportFile(f"{kind}.csv", files[kind].read_bytes())
        assert apply(plant.door, ADMIN, kind=kind, file=table).rejected == 0
    site = plant.town.olts[0]
    for pon in site.pon_ports:
        tree = passive.port_tree(plant.window, NETWORK, olt=site.name, port=pon.port)
        (primary,) = tree.splitters
        assert not tree.typical
        assert [(one.code, one.used, one.splices, one.loss_db) for one in primary.through] == [
            (f"JC-{primary.code}", 1, 12, 0.05)
        ]
        assert primary.closure is not None
        assert (primary.closure.code, primary.closure.used) == (f"SC-{primary.code}", 5)
        assert {primary.code, *(one.code for one in primary.splitters)} == {one.code for one in pon.splitters}
        codes = {one.code for one in pon.splitters}
        homes = [p for p in plant.town.premises if p.outlet and p.outlet.splitter_code in codes]
        assert tree.homes == len(homes)
        assert tree.served == sum(c.pon_port == pon.port and c.olt == site.name for c in plant.town.customers)
        for street in primary.splitters:
            assert street.output_dbm < primary.output_dbm < tree.tx_dbm
            assert street.used == len({one.splitter_port for one in street.outlets}) <= street.ratio
            for outlet in street.outlets:
                path = plant.lab.premises(outlet.premises_code)
                assert outlet.expected_rx_dbm == pytest.approx(street.output_dbm, abs=0.1)
                assert path.pon_port == pon.port


def test_a_port_that_is_not_there_is_named(plant: Plant) -> None:
    with pytest.raises(NotFound, match="0/7/7"):
        passive.port_tree(plant.window, NETWORK, olt="OLT-NORTH", port="0/7/7")
