"""What people and customers do in these tests: apply, plug an ONT in, press Activate, look at the device."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import UUID

from isp_lifecycle.access.model import VISITOR, Actor, Role
from isp_lifecycle.foundation.clock import today
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.intake import field, portal, sales
from tests.flows.line.conftest import Plant, actor

ADMIN = actor(Role.ADMINISTRATOR)


def free_houses(plant: Plant) -> list[str]:
    """Serviceable addresses that no customer of the town's lab has."""
    taken = {customer.premises_code for customer in plant.town.customers}
    return [p.code for p in plant.town.premises if p.outlet is not None and p.code not in taken]


def free_house(plant: Plant) -> str:
    """The first of them."""
    return free_houses(plant)[0]


def ordered(plant: Plant, *, plan: str = "home-500", house: str = "", language: str = "en") -> tuple[str, UUID, str]:
    """Apply, confirm, let the visit be booked; returns order, delivery, visit."""
    placed = portal.place_application(
        plant.door,
        VISITOR,
        premises_code=house or free_house(plant),
        plan_code=plan,
        name="Ada Byrne",
        email=f"ada{house.lower()}@example.org",
        phone="+353 85 555 0100",
        consent=True,
        language=language,
    )
    confirmed = sales.confirm_order(plant.door, actor(Role.SALES), order_code=placed.order_code)
    plant.work()
    visit = plant.one("SELECT code FROM visits WHERE delivery_id = :d", d=confirmed.delivery_id).code
    return placed.order_code, confirmed.delivery_id, visit


def plugged(plant: Plant, house: str = "", serial: str = "") -> str:
    """A new ONT at a customer's outlet, seen by the OLT."""
    serial = serial or f"48575443{new_id().hex[-8:].upper()}"
    plant.lab.plug(serial, house or free_house(plant))
    plant.lab.wait_until(serial, "autofind", seconds=10)
    return serial


def in_use(plant: Plant, *, plan: str = "home-500") -> tuple[str, str]:
    """A customer's service that works; returns its code and the ONT's serial number."""
    _order, _delivery, visit = ordered(plant, plan=plan)
    serial = plugged(plant)
    field.activate(plant.door, ADMIN, visit_code=visit, serial=serial)
    plant.work()
    return plant.one("SELECT code FROM services WHERE state = 'active'").code, serial


def customer_of(plant: Plant, service: str) -> Actor:
    """The customer whose service this is, as the portal knows them."""
    row = plant.one("SELECT customer_id FROM services WHERE code = :c", c=service)
    known = actor(Role.CUSTOMER)
    return Actor(None, known.username, known.name, known.role, known.permissions, "test", row.customer_id)


def day(plant: Plant, ahead: int = 0) -> date:
    """Today on the provider's calendar, or so many days later."""
    return today(clock=plant.parts.clock, zone=plant.settings.company.tz) + timedelta(days=ahead)


def rates_on_device(plant: Plant, serial: str) -> set[int]:
    """The rates of the ONT's service port, by the OLT's own running configuration, which wraps its long lines."""
    ont = plant.lab.ont(serial)
    assert ont.olt is not None
    running = " ".join(plant.lab.olt(ont.olt).running_configuration.split())
    flow = re.search(rf"gpon {ont.pon_port} ont {ont.ont_id} gemport .*?outbound traffic-table index (\d+)", running)
    assert flow is not None
    indexes = set(re.findall(r"traffic-table index (\d+)", flow.group(0)))
    cir = {i: int(kbps) for i, kbps in re.findall(r"traffic table ip index (\d+) name \S+ cir (\d+)", running)}
    return {cir[index] for index in indexes}
