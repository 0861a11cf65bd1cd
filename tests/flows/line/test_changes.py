"""Changes of a line that stands, on a real plant: shut and opened, swapped, moved, renumbered, withdrawn."""

from __future__ import annotations

from typing import Any

import pytest

from isp_lifecycle.access.errors import Forbidden
from isp_lifecycle.access.model import Role
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.errors import IllegalMove
from isp_lifecycle.foundation.terms import AddressPolicy
from isp_lifecycle.intake import clockwork, field, lines, portal, support
from isp_lifecycle.intake.errors import (
    AlreadyThere,
    BegunAlready,
    NotTheirsToOpen,
    NotYours,
    OntOnRecord,
    PremisesServed,
    WalledGardenMissing,
    WordUnknown,
)
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.notices import mailbox
from isp_lifecycle.orders.errors import OrderOpen
from tests.flows.line.acts import (
    ADMIN,
    customer_of,
    day,
    free_houses,
    in_use,
    ordered,
    plugged,
    rates_on_device,
)
from tests.flows.line.conftest import SYSTEM, Plant, actor

SUPPORT = actor(Role.SUPPORT)


def nothing_failed(plant: Plant) -> bool:
    failures = plant.many("SELECT subscriber, failure FROM deliveries WHERE state NOT IN ('done', 'cancelled')")
    assert failures == []
    return True


def subjects(plant: Plant) -> list[str]:
    return [mail.subject for mail in mailbox.messages(plant.settings.var / "mail")]


def total(plant: Plant) -> Any:
    return plant.one("SELECT sum(amount) AS total FROM charges").total


# --- suspension and resumption -------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["slow", "off"])
def test_suspended_line_is_shut_on_the_device_and_opens_again(plant: Plant, way: str) -> None:
    service, serial = in_use(plant)
    paid = total(plant)
    rates = rates_on_device(plant, serial)
    lines.ask_suspension(plant.door, SUPPORT, service_code=service, wanted_on=day(plant), way=way, why="non_payment")
    plant.work()
    row = plant.one("SELECT state, suspended_for, suspended_way FROM services")
    assert (row.state, row.suspended_for, row.suspended_way) == ("suspended", "non_payment", way)
    line, ont = plant.one("SELECT * FROM lines"), plant.lab.ont(serial)
    if way == "off":
        assert (ont.run_state, ont.control_flag[:6], line.enabled) == ("offline", "deacti", False)
    else:
        slow = plant.settings.network.suspended_kbps
        assert rates_on_device(plant, serial) == {slow} == {line.down_kbps, line.up_kbps}
        assert ont.run_state == "online"
    assert total(plant) == 0
    assert clockwork.charge_months(plant.door, SYSTEM) == 0
    lines.ask_resumption(plant.door, SUPPORT, service_code=service, wanted_on=day(plant))
    plant.work()
    assert nothing_failed(plant)
    assert plant.lab.ont(serial).run_state == "online"
    assert rates_on_device(plant, serial) == rates
    assert plant.one("SELECT state FROM services").state == "active"
    assert plant.one("SELECT enabled FROM lines").enabled
    assert total(plant) == paid
    assert {f"Your line {service} is suspended", f"Your line {service} is in use again"} <= set(subjects(plant))


def test_walled_garden_moves_the_line_to_its_vlan_and_back(walled: Plant) -> None:
    service, serial = in_use(walled)
    lines.ask_suspension(walled.door, SUPPORT, service_code=service, wanted_on=day(walled), way="walled_garden")
    walled.work()
    assert walled.lab.ont(serial).vlans == [666]
    assert walled.one("SELECT vlan FROM lines").vlan == 666
    lines.ask_resumption(walled.door, SUPPORT, service_code=service, wanted_on=day(walled))
    walled.work()
    assert walled.lab.ont(serial).vlans == [100]
    assert nothing_failed(walled)


def test_suspended_service_can_be_ended_and_is_not_credited_twice(plant: Plant) -> None:
    service, serial = in_use(plant)
    lines.ask_suspension(plant.door, SUPPORT, service_code=service, wanted_on=day(plant), way="off", why="abuse")
    plant.work()
    with pytest.raises(IllegalMove):
        portal.ask_plan_change(plant.door, ADMIN, service_code=service, plan_code="home-100", wanted_on=day(plant))
    portal.ask_termination(plant.door, ADMIN, service_code=service, wanted_on=day(plant))
    plant.work()
    assert nothing_failed(plant)
    assert plant.lab.ont(serial).ont_id is None
    assert total(plant) == 0


def test_customers_pause_and_open_what_is_their_own_pause(plant: Plant) -> None:
    service, _serial = in_use(plant)
    customer = customer_of(plant, service)
    lines.ask_suspension(plant.door, customer, service_code=service, wanted_on=day(plant), way="slow", why="abuse")
    plant.work()
    row = plant.one("SELECT suspended_for, suspended_way FROM services")
    assert (row.suspended_for, row.suspended_way) == ("customer_wish", "off")
    lines.ask_resumption(plant.door, customer, service_code=service, wanted_on=day(plant))
    plant.work()
    assert plant.one("SELECT state FROM services").state == "active"
    lines.ask_suspension(plant.door, SUPPORT, service_code=service, wanted_on=day(plant), way="off", why="non_payment")
    plant.work()
    with pytest.raises(NotTheirsToOpen):
        lines.ask_resumption(plant.door, customer, service_code=service, wanted_on=day(plant))


def test_what_is_dated_waits_names_itself_and_can_be_withdrawn(plant: Plant) -> None:
    service, serial = in_use(plant)
    customer, later = customer_of(plant, service), day(plant, 10)
    placed = lines.ask_suspension(plant.door, customer, service_code=service, wanted_on=later)
    plant.work()
    assert plant.lab.ont(serial).run_state == "online"
    with pytest.raises(OrderOpen) as refused:
        lines.ask_suspension(plant.door, SUPPORT, service_code=service, wanted_on=day(plant, 20))
    assert placed.order_code in refused.value.message
    assert placed.order_code in refused.value.remedy
    lines.withdraw(plant.door, customer, order_code=placed.order_code)
    plant.work()
    assert plant.one("SELECT state FROM orders WHERE code = :c", c=placed.order_code).state == "cancelled"
    with pytest.raises(BegunAlready):
        lines.withdraw(plant.door, customer, order_code=placed.order_code)
    lines.ask_suspension(plant.door, SUPPORT, service_code=service, wanted_on=later)


def test_plan_goes_up_and_down_and_a_second_change_names_the_first(plant: Plant) -> None:
    service, serial = in_use(plant, plan="home-100")
    slow = rates_on_device(plant, serial)
    portal.ask_plan_change(plant.door, ADMIN, service_code=service, plan_code="home-500", wanted_on=day(plant))
    plant.work()
    assert max(rates_on_device(plant, serial)) == 512_000
    placed = portal.ask_plan_change(
        plant.door, ADMIN, service_code=service, plan_code="home-100", wanted_on=day(plant, 5)
    )
    with pytest.raises(OrderOpen) as refused:
        portal.ask_plan_change(plant.door, ADMIN, service_code=service, plan_code="home-100", wanted_on=day(plant, 9))
    assert placed.order_code in refused.value.message
    lines.withdraw(plant.door, ADMIN, order_code=placed.order_code)
    plant.work()
    portal.ask_plan_change(plant.door, ADMIN, service_code=service, plan_code="home-100", wanted_on=day(plant))
    plant.work()
    assert rates_on_device(plant, serial) == slow
    assert nothing_failed(plant)


# --- ONT swap ------------------------------------------------------------------------------------------------------


def test_swap_with_a_visit_puts_the_new_ont_on_the_line(plant: Plant) -> None:
    service, old = in_use(plant)
    before = plant.one("SELECT * FROM lines")
    lines.ask_ont_swap(plant.door, SUPPORT, service_code=service, note="It restarts by itself.")
    plant.work()
    visit = plant.one("SELECT code FROM visits WHERE state = 'booked'").code
    plant.lab.unplug(old)
    new = plugged(plant)
    field.activate(plant.door, ADMIN, visit_code=visit, serial=new)
    plant.work()
    assert nothing_failed(plant)
    after = plant.one("SELECT * FROM lines")
    assert (after.serial, after.ont_id, after.service_port) == (new, before.ont_id, before.service_port)
    assert after.measured_rx_dbm is not None
    ont = plant.lab.ont(new)
    assert (ont.run_state, ont.service_code) == ("online", service)
    assert plant.lab.ont(old).ont_id is None
    assert plant.one("SELECT state FROM visits WHERE code = :c", c=visit).state == "done"
    assert f"Your line {service} has a new fibre terminal" in subjects(plant)


def test_swap_at_once_needs_no_visit_and_refuses_a_known_ont(plant: Plant) -> None:
    service, old = in_use(plant)
    with pytest.raises(OntOnRecord):
        lines.swap_ont(plant.door, SUPPORT, service_code=service, serial=old)
    plant.lab.unplug(old)
    new = plugged(plant)
    lines.swap_ont(plant.door, SUPPORT, service_code=service, serial=new)
    plant.work()
    assert nothing_failed(plant)
    assert plant.lab.ont(new).run_state == "online"
    assert plant.one("SELECT count(*) AS n FROM visits WHERE state <> 'done'").n == 0


def test_swap_for_an_ont_that_nobody_sees_changes_nothing_and_can_be_cancelled(plant: Plant) -> None:
    service, old = in_use(plant)
    lines.swap_ont(plant.door, SUPPORT, service_code=service, serial="HWTC-00000001")
    plant.work()
    failed = plant.one("SELECT id, failure FROM deliveries WHERE state = 'failed'")
    assert failed.failure["step"] == "Plan the swap"
    assert plant.lab.ont(old).run_state == "online"
    support.cancel(plant.door, SUPPORT, delivery_id=failed.id, reason="The new one is lost.")
    plant.work()
    assert plant.one("SELECT serial FROM lines").serial == old
    assert plant.one("SELECT state FROM orders WHERE kind = 'ont_swap'").state == "cancelled"


# --- relocation ----------------------------------------------------------------------------------------------------


def other_house(plant: Plant, *, olt: bool) -> str:
    """A free house on another OLT, or on the same one."""
    houses = free_houses(plant)
    home = plant.lab.premises(houses[0]).olt
    return next(h for h in houses[1:] if (plant.lab.premises(h).olt != home) is olt)


@pytest.mark.parametrize("olt", [False, True], ids=["same OLT", "other OLT"])
def test_relocation_builds_the_new_line_before_the_old_one_goes(plant: Plant, olt: bool) -> None:
    service, old = in_use(plant)
    house = other_house(plant, olt=olt)
    address = plant.one("SELECT prefix FROM allocations").prefix
    lines.ask_relocation(plant.door, actor(Role.SALES), service_code=service, premises_code=house)
    plant.work()
    visit = plant.one("SELECT code FROM visits WHERE state = 'booked'").code
    new = plugged(plant, house)
    field.activate(plant.door, ADMIN, visit_code=visit, serial=new)
    plant.work()
    assert nothing_failed(plant)
    ont, line = plant.lab.ont(new), plant.one("SELECT l.*, o.name FROM lines l JOIN olts o ON o.id = l.olt_id")
    assert (ont.run_state, ont.service_code, ont.olt) == ("online", service, line.name)
    assert (line.serial, line.ont_id, line.pon_port) == (new, ont.ont_id, ont.pon_port)
    assert plant.lab.ont(old).ont_id is None
    here = plant.one("SELECT p.code FROM services s JOIN premises p ON p.id = s.premises_id").code
    assert here == house
    assert plant.one("SELECT prefix FROM allocations").prefix == address
    assert f"Your line {service} has moved" in subjects(plant)
    if olt:
        assert len(clockwork.save_changed_olts(plant.door, SYSTEM)) == 2


def test_relocation_takes_another_address_where_the_pool_does_not_reach(plant: Plant) -> None:
    houses = free_houses(plant)
    areas = {p.code: p.area for p in plant.town.premises}
    house = next(h for h in houses if areas[h] != areas[houses[0]])
    with write(plant.engine) as tx:
        ipam.put_pool(
            tx=tx, name="here", area=areas[houses[0]], policy=AddressPolicy.DYNAMIC, prefix="10.20.0.0/24", gateway=None
        )
    service, _old = in_use(plant)
    lines.ask_relocation(plant.door, actor(Role.SALES), service_code=service, premises_code=house)
    plant.work()
    visit = plant.one("SELECT code FROM visits WHERE state = 'booked'").code
    field.activate(plant.door, ADMIN, visit_code=visit, serial=plugged(plant, house))
    plant.work()
    assert nothing_failed(plant)
    held = {r.state: str(r.prefix) for r in plant.many("SELECT state, prefix FROM allocations")}
    assert held["quarantined"].startswith("10.20.0.")
    assert held["assigned"].startswith("100.64.")


def test_cancelled_relocation_leaves_the_old_line_standing(plant: Plant) -> None:
    service, old = in_use(plant)
    before = plant.one("SELECT * FROM lines")
    house = other_house(plant, olt=False)
    level = plant.lab.premises(house).rx_dbm
    assert level is not None
    plant.lab.splice("drop", house, loss_db=level + 28.0)
    lines.ask_relocation(plant.door, actor(Role.SALES), service_code=service, premises_code=house)
    plant.work()
    visit = plant.one("SELECT code FROM visits WHERE state = 'booked'").code
    new = plugged(plant, house)
    field.activate(plant.door, ADMIN, visit_code=visit, serial=new)
    plant.work()
    failed = plant.one("SELECT id, failure FROM deliveries WHERE state = 'failed'")
    assert failed.failure["step"] == "Measure the light"
    assert plant.lab.ont(old).run_state == "online"
    support.cancel(plant.door, SUPPORT, delivery_id=failed.id, reason="The drop must be replaced.")
    plant.work()
    assert plant.lab.ont(new).ont_id is None
    assert plant.lab.ont(old).run_state == "online"
    assert plant.one("SELECT * FROM lines") == before
    assert plant.one("SELECT state FROM services").state == "active"


def test_relocation_refuses_where_it_cannot_go(plant: Plant) -> None:
    service, _serial = in_use(plant)
    with pytest.raises(AlreadyThere):
        lines.ask_relocation(plant.door, ADMIN, service_code=service, premises_code=free_houses(plant)[0])
    second = free_houses(plant)[1]
    ordered(plant, house=second)
    with pytest.raises(PremisesServed):
        lines.ask_relocation(plant.door, ADMIN, service_code=service, premises_code=second)


# --- address change ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("policy", "length"), [("static", 32), ("block29", 29), ("", 32)])
def test_new_address_stands_before_the_old_one_rests(plant: Plant, policy: str, length: int) -> None:
    service, serial = in_use(plant)
    old = plant.one("SELECT prefix FROM allocations").prefix
    lines.ask_address_change(plant.door, actor(Role.SALES), service_code=service, wanted_on=day(plant), policy=policy)
    plant.work()
    assert nothing_failed(plant)
    held = {r.state: r.prefix for r in plant.many("SELECT state, prefix FROM allocations")}
    assert held["quarantined"] == old
    assert held["assigned"] != old
    assert held["assigned"].prefixlen == length
    terms = plant.one("SELECT terms FROM services").terms
    assert terms["address_policy"] == (policy or "dynamic")
    assert plant.lab.ont(serial).run_state == "online"
    assert f"Your line {service} has a new IP address" in subjects(plant)


def test_cancelled_address_change_gives_the_new_address_back(plant: Plant) -> None:
    service, _serial = in_use(plant)
    old = plant.one("SELECT prefix FROM allocations").prefix
    lines.ask_address_change(plant.door, ADMIN, service_code=service, wanted_on=day(plant), policy="block24")
    plant.work()
    failed = plant.one("SELECT id, failure FROM deliveries WHERE state = 'failed'")
    assert failed.failure["step"] == "Reserve the new address"
    support.cancel(plant.door, SUPPORT, delivery_id=failed.id, reason="No block is left.")
    plant.work()
    assert plant.one("SELECT prefix FROM allocations WHERE state <> 'free'").prefix == old
    assert plant.one("SELECT state FROM orders WHERE kind = 'address_change'").state == "cancelled"


# --- one change at a time ------------------------------------------------------------------------------------------


def test_change_waits_for_one_that_stands_half_done(plant: Plant) -> None:
    service, old = in_use(plant)
    lines.swap_ont(plant.door, SUPPORT, service_code=service, serial="HWTC-00000001")
    plant.work()
    portal.ask_plan_change(plant.door, ADMIN, service_code=service, plan_code="home-100", wanted_on=day(plant))
    plant.work()
    blocked = plant.one("SELECT id, failure FROM deliveries WHERE subscriber = 'plan_change'")
    assert "ont swap" in blocked.failure["what"]
    swap = plant.one("SELECT id FROM deliveries WHERE subscriber = 'ont_swap'").id
    support.cancel(plant.door, SUPPORT, delivery_id=swap, reason="Wrong number.")
    plant.work()
    support.retry(plant.door, SUPPORT, delivery_id=blocked.id)
    plant.work()
    assert nothing_failed(plant)
    assert max(rates_on_device(plant, old)) == 102_400


def test_plan_changed_while_an_engineer_is_awaited_goes_to_the_new_line(plant: Plant) -> None:
    service, _old = in_use(plant)
    house = other_house(plant, olt=True)
    lines.ask_relocation(plant.door, ADMIN, service_code=service, premises_code=house)
    plant.work()
    portal.ask_plan_change(plant.door, ADMIN, service_code=service, plan_code="home-100", wanted_on=day(plant))
    plant.work()
    visit = plant.one("SELECT code FROM visits WHERE state = 'booked'").code
    new = plugged(plant, house)
    field.activate(plant.door, ADMIN, visit_code=visit, serial=new)
    plant.work()
    assert nothing_failed(plant)
    assert max(rates_on_device(plant, new)) == 102_400


# --- who may -------------------------------------------------------------------------------------------------------


def test_doors_are_shut_to_who_may_not(plant: Plant) -> None:
    service, _serial = in_use(plant)
    stranger = actor(Role.CUSTOMER)
    with pytest.raises(NotYours):
        lines.ask_suspension(plant.door, stranger, service_code=service, wanted_on=day(plant))
    with pytest.raises(Forbidden):
        lines.ask_relocation(plant.door, customer_of(plant, service), service_code=service, premises_code="P-0001")
    with pytest.raises(Forbidden):
        lines.ask_suspension(plant.door, actor(Role.NETWORK), service_code=service, wanted_on=day(plant))
    with pytest.raises(WalledGardenMissing):
        lines.ask_suspension(plant.door, SUPPORT, service_code=service, wanted_on=day(plant), way="walled_garden")
    with pytest.raises(WordUnknown):
        lines.ask_suspension(plant.door, SUPPORT, service_code=service, wanted_on=day(plant), way="gone")
