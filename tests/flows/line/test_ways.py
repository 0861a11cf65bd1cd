"""Lines whose ONT is told what to do, and lines with tags of their own: from the order to the end, on a real plant."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest

from isp_lifecycle.aaa.not_connected import NotConnected
from isp_lifecycle.access.errors import Forbidden
from isp_lifecycle.access.model import Role
from isp_lifecycle.catalog import actions as catalog
from isp_lifecycle.drivers.contract import OntService, Transcript
from isp_lifecycle.drivers.ont_service import Dhcp
from isp_lifecycle.foundation.db import read, write
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.foundation.terms import AddressPolicy, OntMode
from isp_lifecycle.intake import clockwork, drift, field, lines, portal, support
from isp_lifecycle.intake import plant as plant_intake
from isp_lifecycle.intake.field import PLUG
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.views import numbers
from isp_lifecycle.workflows.line.existing import target_of
from isp_lifecycle.workflows.line.visit import WAIT_FOR_PLUG
from tests.flows.line.acts import ADMIN, day, free_house, free_houses, in_use, ordered, plugged
from tests.flows.line.conftest import SYSTEM, Plant, actor

SECRET = "tk7xq2ndz4mfa"


class Accounts(NotConnected):
    """A server that keeps an account for every line."""

    def password(self, service_code: str) -> str | None:
        return SECRET


def with_accounts(plant: Plant) -> Plant:
    return replace(plant, parts=replace(plant.parts, sign_on=Accounts()))


def plan(plant: Plant, code: str, *, ont: OntMode, own_vlan: bool = False, policy: AddressPolicy) -> None:
    with write(plant.engine) as tx:
        catalog.put_plan(
            tx=tx,
            code=code,
            name=code.title(),
            down_kbps=200_000,
            up_kbps=100_000,
            price=Money(Decimal(50), plant.settings.company.currency),
            address_policy=policy,
            vlan=100,
            ont=ont,
            own_vlan=own_vlan,
        )


def running(plant: Plant, olt: str) -> str:
    return " ".join(plant.lab.olt(olt).running_configuration.split())


def flow(plant: Plant, serial: str) -> str:
    ont = plant.lab.ont(serial)
    assert ont.olt is not None
    found = re.search(
        rf"service-port \d+ (vlan \d+) gpon {ont.pon_port} ont {ont.ont_id} gemport 1 multi-service (.*?) inbound",
        running(plant, ont.olt),
    )
    assert found is not None
    return f"{found[1]} {found[2]}"


def router(plant: Plant, serial: str) -> str:
    ont = plant.lab.ont(serial)
    assert ont.olt is not None
    board, _, port = (ont.pon_port or "").rpartition("/")
    found = re.search(rf"ont ipconfig {port} {ont.ont_id} ip-index 1 (.*?) ont ", running(plant, ont.olt))
    assert board
    return found[1] if found else ""


def tags(plant: Plant) -> list[tuple[int, int, str]]:
    rows = plant.many('SELECT "outer", "inner", state FROM vlan_tags WHERE state <> \'free\' ORDER BY state, 1, 2')
    return [tuple(row) for row in rows]


def settled(plant: Plant) -> None:
    plant.work()
    assert plant.many("SELECT subscriber, failure FROM deliveries WHERE state NOT IN ('done', 'cancelled')") == []


def test_routed_line_with_tags_of_its_own_from_order_to_end(walled: Plant) -> None:
    plant = with_accounts(walled)
    plan(plant, "routed", ont=OntMode.PPPOE, own_vlan=True, policy=AddressPolicy.DYNAMIC)
    plan(plant, "plain", ont=OntMode.BRIDGE, policy=AddressPolicy.DYNAMIC)
    for olt in plant.lab.state().olts:
        plant_intake.put_vlan_group(plant.door, actor(Role.NETWORK), olt=olt.name, outer=2100, first=317, last=320)
    house = free_house(plant)
    service, serial = in_use(plant, plan="routed")
    settled(plant)
    own = "vlan 2100 user-vlan 100 tag-transform translate-and-add inner-vlan 317"
    assert (flow(plant, serial), tags(plant)) == (own, [(2100, 317, "assigned")])
    assert router(plant, serial) == f"pppoe vlan 100 priority 0 user-account username {service} password ******"
    groups = numbers.vlan_groups(plant.window, actor(Role.NETWORK))
    assert sorted((row.outer, row.inner, row.taken, row.free) for row in groups)[-1] == (2100, "317-320", 1, 3)
    built = plant.one("SELECT vlan, inner_vlan, user_vlan, ont_mode FROM lines")
    assert tuple(built) == (2100, 317, 100, "pppoe")

    lines.ask_suspension(
        plant.door, ADMIN, service_code=service, wanted_on=day(plant), way="walled_garden", why="non_payment"
    )
    settled(plant)
    assert flow(plant, serial) == "vlan 666 user-vlan 100 tag-transform translate"
    assert tags(plant) == [(2100, 317, "assigned")]
    lines.ask_resumption(plant.door, ADMIN, service_code=service, wanted_on=day(plant))
    settled(plant)
    assert flow(plant, serial) == own

    here = plant.lab.premises(house).olt
    away = next(code for code in free_houses(plant) if plant.lab.premises(code).olt != here)
    lines.ask_relocation(plant.door, ADMIN, service_code=service, premises_code=away)
    plant.work()
    other = plugged(plant, away, serial="48575443AB00C0AA")
    visit = plant.one("SELECT code FROM visits WHERE state = 'booked'").code
    field.activate(plant.door, ADMIN, visit_code=visit, serial=other)
    settled(plant)
    assert (flow(plant, other), bool(router(plant, other))) == (own, True)
    assert tags(plant) == [(2100, 317, "assigned"), (2100, 317, "quarantined")]

    olt = str(plant.lab.ont(other).olt)
    told_otherwise(plant, olt, service)
    drift.compare(plant.door, ADMIN, olt=olt)
    settled(plant)
    found = plant.one("SELECT id, kinds, plan FROM drifts WHERE key = :k", k=service)
    assert set(found.kinds) == {"inner_tag", "serves"}
    assert "user-account" in found.plan
    drift.repair(plant.door, ADMIN, drift_id=found.id)
    settled(plant)
    assert (flow(plant, other), bool(router(plant, other))) == (own, True)

    portal.ask_plan_change(plant.door, ADMIN, service_code=service, plan_code="plain", wanted_on=day(plant))
    settled(plant)
    assert (flow(plant, other), router(plant, other)) == (own, "")
    assert tuple(
        plant.one("SELECT ont_mode, terms->>'own_vlan', inner_vlan FROM lines JOIN services ON id = service_id")
    ) == (
        "bridge",
        "true",
        317,
    )
    portal.ask_termination(plant.door, ADMIN, service_code=service, wanted_on=day(plant))
    settled(plant)
    assert tags(plant) == [(2100, 317, "quarantined"), (2100, 317, "quarantined")]
    assert secrets_kept(plant) == []


def told_otherwise(plant: Plant, olt: str, service: str) -> None:
    """Somebody at the console has the ONT ask for its address, and gives the line another inner tag."""
    with read(plant.engine) as tx:
        line = inventory.line_of_service(tx=tx, service_id=inventory.service_by_code(tx=tx, code=service).id)
        assert line is not None
        target = target_of(service, inventory.olt_by_id(tx=tx, olt_id=line.olt_id), line)
    wanted = replace(target.wanted(OntService(wan=Dhcp())), inner=999)
    with plant.parts.olts.writer(olt, Transcript()) as session:
        session.apply(session.plan(session.read(wanted), wanted))


def secrets_kept(plant: Plant) -> list[str]:
    """The tables that hold the account's password anywhere."""
    tables = [row[0] for row in plant.many("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    return [
        table
        for table in tables
        if plant.one(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE :s', s=f"%{SECRET}%")[0]
    ]


def test_static_router_follows_its_address(plant: Plant) -> None:
    plan(plant, "fixed", ont=OntMode.STATIC, policy=AddressPolicy.STATIC)
    service, serial = in_use(plant, plan="fixed")
    settled(plant)
    first = plant.one("SELECT host(prefix) AS a FROM allocations WHERE state = 'assigned'").a
    assert f"static ip-address {first} mask 255.255." in router(plant, serial)
    lines.ask_address_change(plant.door, ADMIN, service_code=service, wanted_on=day(plant))
    settled(plant)
    second = plant.one("SELECT host(prefix) AS a FROM allocations WHERE state = 'assigned'").a
    assert second != first
    assert f"static ip-address {second} mask" in router(plant, serial)
    assert plant.one("SELECT ont_address FROM lines").ont_address.startswith(f"{second}/")


def test_what_is_missing_is_said_and_retried(plant: Plant) -> None:
    plan(plant, "routed", ont=OntMode.PPPOE, own_vlan=True, policy=AddressPolicy.DYNAMIC)
    house = free_houses(plant)[0]
    _order, delivery, visit = ordered(plant, plan="routed", house=house)
    field.activate(plant.door, ADMIN, visit_code=visit, serial=plugged(plant, house))
    plant.work()
    failure = plant.one("SELECT failure FROM deliveries WHERE id = :d", d=delivery).failure
    assert "No VLAN group of" in str(failure)
    olt = plant.lab.premises(house).olt
    plant_intake.put_vlan_group(plant.door, actor(Role.NETWORK), olt=str(olt), outer=2100)
    support.retry(plant.door, ADMIN, delivery_id=delivery)
    plant.work()
    assert "dial in by PPPoE" in str(plant.one("SELECT failure FROM deliveries WHERE id = :d", d=delivery).failure)


# --- registered before it is plugged in ----------------------------------------------------------------------------


def waits_for_plug(plant: Plant, delivery: UUID) -> bool:
    """Look at the OLTs as the schedule does; whether the activation still waits for its ONT."""
    clockwork.look_for_prepared(plant.door, SYSTEM)
    plant.work()
    rows = plant.many("SELECT failure FROM deliveries WHERE state NOT IN ('done', 'cancelled', 'waiting')")
    assert rows == []
    return bool(plant.one("SELECT state FROM deliveries WHERE id = :d", d=delivery).state == "waiting")


def registered(plant: Plant, olt: str) -> set[str]:
    return {ont.serial for ont in plant.lab.olt(olt).onts}


def test_ont_registered_ahead_works_once_it_is_plugged_in(plant: Plant) -> None:
    assert PLUG == WAIT_FOR_PLUG
    house, serial = free_house(plant), "48575443AB00C0B1"
    olt = str(plant.lab.premises(house).olt)
    _order, delivery, visit = ordered(plant, house=house)
    field.prepare_ont(plant.door, actor(Role.DISPATCHER), visit_code=visit, serial=serial)
    plant.work()
    assert waits_for_plug(plant, delivery)
    assert serial in registered(plant, olt)
    said = plant.one("SELECT says FROM step_runs WHERE name = :n AND state = 'waiting'", n=PLUG).says
    assert "is registered at" in said
    plant.lab.plug(serial, house)
    plant.lab.wait_until(serial, "online", seconds=10)
    assert not waits_for_plug(plant, delivery)
    assert plant.one("SELECT state FROM services").state == "active"
    assert plant.one("SELECT state FROM visits").state == "cancelled"
    assert plant.many("SELECT title FROM tasks WHERE closed_at IS NULL") == []


def test_engineer_with_another_ont_than_the_registered_one_undoes_it(plant: Plant) -> None:
    house, posted = free_house(plant), "48575443AB00C0B2"
    olt = str(plant.lab.premises(house).olt)
    _order, _delivery, visit = ordered(plant, house=house)
    with pytest.raises(Forbidden):
        field.prepare_ont(plant.door, actor(Role.INSTALLER), visit_code=visit, serial=posted)
    field.prepare_ont(plant.door, actor(Role.SALES), visit_code=visit, serial=posted)
    plant.work()
    assert posted in registered(plant, olt)
    brought = plugged(plant, house, "48575443AB00C0B3")
    field.activate(plant.door, ADMIN, visit_code=visit, serial=brought)
    plant.work()
    assert plant.one("SELECT s.state, l.serial FROM services s JOIN lines l ON l.service_id = s.id")[:] == (
        "active",
        brought,
    )
    assert posted not in registered(plant, olt)
    assert plant.one("SELECT state FROM visits").state == "done"
