"""From application to light, and back, on a real plant: intake, engine, driver, lab, records."""

from __future__ import annotations

from datetime import timedelta

import pytest

from isp_lifecycle.access.model import Role
from isp_lifecycle.foundation.clock import today
from isp_lifecycle.intake import field, portal, support
from isp_lifecycle.notices import mailbox
from isp_lifecycle.views import common, installer
from isp_lifecycle.views import support as support_views
from tests.flows.line.acts import ADMIN, free_house, ordered, plugged, rates_on_device
from tests.flows.line.conftest import Plant, actor


def test_customer_goes_from_application_to_light(plant: Plant) -> None:
    """They speak German, and are written to in it."""
    order, delivery, visit = ordered(plant, language="de")
    assert plant.one("SELECT state FROM deliveries WHERE id = :d", d=delivery).state == "waiting"
    serial = plugged(plant)
    engineer = actor(Role.ADMINISTRATOR)
    live = installer.unconfigured(plant.window, engineer, visit_code=visit)
    assert [ont.serial_normal for ont in live.onts] == [serial]
    field.activate(plant.door, engineer, visit_code=visit, serial=live.onts[0].serial)
    plant.work()
    ont = plant.lab.ont(serial)
    assert (ont.run_state, ont.config_state) == ("online", "normal")
    service = plant.one("SELECT * FROM services")
    assert (service.state, ont.service_code) == ("active", service.code)
    line = plant.one("SELECT * FROM lines")
    assert (line.serial, line.ont_id, line.vlan) == (serial, ont.ont_id, 100)
    assert plant.one("SELECT count(*) AS n FROM charges").n == 1
    assert plant.one("SELECT state FROM allocations WHERE owner = :s", s=service.id).state == "assigned"
    assert plant.one("SELECT state FROM orders").state == "completed"
    assert plant.one("SELECT state FROM visits").state == "done"
    active, confirmed, _received = mailbox.messages(plant.settings.var / "mail")
    assert confirmed.subject == f"Ihr Auftrag {order} ist bestätigt"
    assert "Unser Techniker kommt zu Ihnen, um Ihren Anschluss einzurichten." in confirmed.text
    assert '<html lang="de">' in confirmed.html
    assert active.subject == f"Ihr Anschluss {service.code} ist aktiv"
    assert "Mbit/s im Download" in active.text
    told = sorted(file.name for file in (plant.settings.var / "crm").glob("*.json"))
    assert len(told) == 3
    states = {row.state for row in common.timeline(plant.window, ADMIN, order_code=order)}
    assert states == {"event", "done", "waiting"}


def test_retry_after_wrong_serial_goes_on_with_the_right_one(plant: Plant) -> None:
    _order, delivery, visit = ordered(plant)
    serial = plugged(plant)
    field.activate(plant.door, ADMIN, visit_code=visit, serial="HWTC-00000001")
    plant.work()
    detail = support_views.delivery(plant.window, ADMIN, delivery_id=delivery)
    assert detail.failure is not None
    assert detail.failure.step == "Plan the line"
    assert "HWTC-00000001" in detail.failure.what
    assert detail.incident_code is not None
    field.activate(plant.door, ADMIN, visit_code=visit, serial=serial)
    plant.work()
    assert plant.one("SELECT state FROM deliveries WHERE id = :d", d=delivery).state == "done"
    assert plant.lab.ont(serial).run_state == "online"
    assert plant.one("SELECT count(*) AS n FROM incidents WHERE closed_at IS NULL").n == 0


def test_cancel_after_low_light_leaves_nothing_behind(plant: Plant) -> None:
    _order, delivery, visit = ordered(plant)
    house = free_house(plant)
    level = plant.lab.premises(house).rx_dbm
    assert level is not None
    plant.lab.splice("drop", house, loss_db=level + 28.0)
    serial = plugged(plant)
    field.activate(plant.door, ADMIN, visit_code=visit, serial=serial)
    plant.work()
    failure = plant.one("SELECT failure FROM deliveries WHERE id = :d", d=delivery).failure
    assert (failure["step"], failure["kind"]) == ("Measure the light", "needs person")
    before = plant.lab.ont(serial)
    assert before.olt is not None
    support.cancel(plant.door, actor(Role.SUPPORT), delivery_id=delivery, reason="The drop must be replaced.")
    plant.work()
    assert plant.one("SELECT state FROM deliveries WHERE id = :d", d=delivery).state == "cancelled"
    assert plant.lab.ont(serial).ont_id is None
    olt = plant.lab.olt(before.olt)
    assert f"gpon {before.pon_port} ont {before.ont_id} " not in olt.running_configuration
    assert plant.one("SELECT state FROM services").state == "terminated"
    assert plant.one("SELECT state FROM orders").state == "cancelled"
    assert plant.one("SELECT count(*) AS n FROM lines").n == 0
    assert plant.one("SELECT count(*) AS n FROM charges").n == 0
    assert plant.many("SELECT state FROM allocations WHERE state IN ('reserved', 'assigned')") == []
    assert plant.one("SELECT state FROM visits").state == "cancelled"


@pytest.mark.parametrize("plan", ["pro-500", "business-1000"])
def test_static_address_and_block_are_given_by_plan(plant: Plant, plan: str) -> None:
    _order, _delivery, visit = ordered(plant, plan=plan)
    field.activate(plant.door, ADMIN, visit_code=visit, serial=plugged(plant))
    plant.work()
    held = plant.one("SELECT prefix FROM allocations WHERE state = 'assigned' AND family(prefix) = 4").prefix
    assert held.prefixlen == (32 if plan == "pro-500" else 29)


def test_plan_change_and_termination_change_the_device_with_nobody_touching_it(plant: Plant) -> None:
    _order, _delivery, visit = ordered(plant)
    serial = plugged(plant)
    field.activate(plant.door, ADMIN, visit_code=visit, serial=serial)
    plant.work()
    service = plant.one("SELECT code FROM services").code
    day = today(clock=plant.parts.clock, zone=plant.settings.company.tz)
    portal.ask_plan_change(plant.door, ADMIN, service_code=service, plan_code="home-100", wanted_on=day)
    plant.work()
    ont = plant.lab.ont(serial)
    assert ont.olt is not None
    rate = plant.one("SELECT down_kbps FROM plans WHERE code = 'home-100'").down_kbps
    assert plant.one("SELECT down_kbps FROM lines").down_kbps == rate
    assert plant.one("SELECT count(*) AS n FROM deliveries WHERE state = 'failed'").n == 0
    assert rates_on_device(plant, serial) == {rate, plant.one("SELECT up_kbps FROM lines").up_kbps}
    portal.ask_termination(plant.door, ADMIN, service_code=service, wanted_on=day)
    plant.work()
    assert plant.lab.ont(serial).ont_id is None
    assert plant.one("SELECT state FROM services").state == "terminated"
    assert plant.one("SELECT count(*) AS n FROM lines").n == 0
    assert plant.one("SELECT state FROM allocations").state == "quarantined"


def test_plan_change_for_a_later_day_waits_for_it(plant: Plant) -> None:
    _order, _delivery, visit = ordered(plant)
    field.activate(plant.door, ADMIN, visit_code=visit, serial=plugged(plant))
    plant.work()
    service = plant.one("SELECT code FROM services").code
    day = today(clock=plant.parts.clock, zone=plant.settings.company.tz) + timedelta(days=10)
    portal.ask_plan_change(plant.door, ADMIN, service_code=service, plan_code="home-100", wanted_on=day)
    plant.work()
    row = plant.one("SELECT state, due_at FROM deliveries WHERE subscriber = 'plan_change'")
    assert row.state == "scheduled"
    assert row.due_at.astimezone(plant.settings.company.tz).date() == day


def test_cancel_of_a_change_that_has_not_begun_takes_its_order_back(plant: Plant) -> None:
    _order, _delivery, visit = ordered(plant)
    field.activate(plant.door, ADMIN, visit_code=visit, serial=plugged(plant))
    plant.work()
    service = plant.one("SELECT code FROM services").code
    day = today(clock=plant.parts.clock, zone=plant.settings.company.tz) + timedelta(days=10)
    placed = portal.ask_plan_change(plant.door, ADMIN, service_code=service, plan_code="home-100", wanted_on=day)
    delivery = plant.one("SELECT id FROM deliveries WHERE subscriber = 'plan_change'").id
    support.cancel(plant.door, actor(Role.SUPPORT), delivery_id=delivery, reason="The customer changed their mind.")
    plant.work()
    assert plant.one("SELECT state FROM deliveries WHERE id = :d", d=delivery).state == "cancelled"
    assert plant.one("SELECT state FROM orders WHERE code = :c", c=placed.order_code).state == "cancelled"
    portal.ask_plan_change(plant.door, ADMIN, service_code=service, plan_code="home-100", wanted_on=day)
