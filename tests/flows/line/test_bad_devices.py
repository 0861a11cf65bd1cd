"""A device that fails in the middle of a whole activation: who is told, and that nothing is left half done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest

from isp_lifecycle.access.model import Role
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.intake import field, support
from isp_lifecycle.views import support as support_views
from tests.flows.line.acts import ADMIN, free_house, ordered, plugged
from tests.flows.line.conftest import Lab, Plant, accesses, actor


@pytest.fixture
def fresh(plant: Plant, lab: Lab) -> Iterator[Plant]:
    """The plant with sessions of its own, so that it logs in."""
    with Olts(accesses(plant.town, lab.ports)) as olts:
        yield replace(plant, parts=replace(plant.parts, olts=olts))


def begun(plant: Plant) -> tuple[str, str, UUID]:
    """The OLT, an ONT that hangs on it, and the delivery that is to activate it next."""
    _order, delivery, visit = ordered(plant)
    olt = plant.lab.premises(free_house(plant)).olt
    assert olt is not None
    serial = plugged(plant)
    field.activate(plant.door, ADMIN, visit_code=visit, serial=serial)
    return olt, serial, delivery


def returned(plant: Plant, olt: str) -> None:
    """Wait until an OLT that restarted listens again."""
    assert any(plant.lab.olt(olt).listening for _ in range(2000)), "it did not come back"


@pytest.mark.parametrize("command", ["ont add", "service-port vlan", "optical-info"])
def test_activation_survives_a_reboot_in_its_midst(plant: Plant, command: str) -> None:
    olt, serial, delivery = begun(plant)
    before = plant.lab.olt(olt)
    plant.lab.fault(olt, "reboot", match=command)
    plant.run(delivery)
    row = plant.one("SELECT state, failure FROM deliveries WHERE id = :d", d=delivery)
    assert (row.state, row.failure["kind"]) == ("scheduled", "unreachable")
    assert command in row.failure["what"]
    returned(plant, olt)
    plant.work()
    assert plant.one("SELECT state FROM deliveries WHERE id = :d", d=delivery).state == "done"
    assert plant.lab.ont(serial).run_state == "online"
    after = plant.lab.olt(olt)
    assert (len(after.onts), after.service_ports) == (len(before.onts) + 1, before.service_ports + 1)


def test_line_that_the_device_loses_again_is_left_to_a_person(plant: Plant) -> None:
    olt, serial, delivery = begun(plant)
    engine = plant.settings.engine.model_copy(update={"retry_attempts": 2})
    plant = replace(plant, parts=replace(plant.parts, settings=plant.settings.model_copy(update={"engine": engine})))
    plant.lab.fault(olt, "reboot", match="optical-info")
    plant.run(delivery)
    returned(plant, olt)
    plant.work()
    detail = support_views.delivery(plant.window, ADMIN, delivery_id=delivery)
    assert detail.failure is not None
    assert detail.failure.step == "Measure the light"
    assert "stands there no more: there is no ONT" in detail.failure.what
    assert detail.incident_code is not None
    support.retry(plant.door, actor(Role.SUPPORT), delivery_id=delivery)
    plant.work()
    assert plant.one("SELECT state FROM deliveries WHERE id = :d", d=delivery).state == "done"
    assert plant.lab.ont(serial).run_state == "online"
    assert plant.one("SELECT count(*) AS n FROM incidents WHERE closed_at IS NULL").n == 0


def test_expired_password_waits_for_a_person_and_goes_on_from_there(fresh: Plant) -> None:
    olt, serial, delivery = begun(fresh)
    before = fresh.lab.olt(olt)
    fresh.lab.fault(olt, "password_expired")
    fresh.work()
    detail = support_views.delivery(fresh.window, ADMIN, delivery_id=delivery)
    assert detail.failure is not None
    assert "wants the password of ispdriver changed" in detail.failure.what
    assert detail.incident_code is not None
    assert fresh.lab.olt(olt).running_configuration == before.running_configuration
    fresh.lab.clear_faults(olt)
    support.retry(fresh.door, actor(Role.SUPPORT), delivery_id=delivery)
    fresh.work()
    assert fresh.one("SELECT state FROM deliveries WHERE id = :d", d=delivery).state == "done"
    assert fresh.lab.ont(serial).run_state == "online"
