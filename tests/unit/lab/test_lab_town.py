"""The invented town: deterministic, complete, and consistent with itself."""

import csv
from collections import Counter
from datetime import date
from ipaddress import ip_address, ip_network
from pathlib import Path

import yaml

from isp_lifecycle.lab.town import REFERENCE_DAY, Town, make_town, write_files


def test_same_seed_makes_the_same_town() -> None:
    assert make_town(11) == make_town(11)
    assert make_town(11) != make_town(12)


def test_town_has_the_promised_size() -> None:
    town = make_town()
    roles = Counter(member.role for member in town.staff)
    counts = (len(town.olts), len(town.premises), len(town.plans), len(town.customers))
    assert counts == (2, 300, 4, 120)
    assert sum(premises.outlet is None for premises in town.premises) == 24
    assert len({premises.area for premises in town.premises}) == 4
    assert roles == {
        "sales": 2, "installer": 4, "dispatcher": 1, "network": 2, "support": 2, "manager": 1, "administrator": 1,
        "auditor": 1,
    }  # fmt: skip


def test_customers_live_at_outlets_of_the_port_they_are_configured_on() -> None:
    town = make_town(5)
    premises = {p.code: p for p in town.premises}
    wired = {s.code: (o.name, pon.port) for o in town.olts for pon in o.pon_ports for s in pon.splitters}
    for customer in town.customers:
        outlet = premises[customer.premises_code].outlet
        assert outlet is not None
        assert wired[outlet.splitter_code] == (customer.olt, customer.pon_port)


def test_nothing_is_given_out_twice() -> None:
    town = make_town(5)
    customers = town.customers
    outlets = [(p.outlet.splitter_code, p.outlet.splitter_port) for p in town.premises if p.outlet]
    for taken in (
        [c.serial for c in customers],
        [c.address for c in customers],
        [c.premises_code for c in customers],
        [(c.olt, c.pon_port, c.ont_id) for c in customers],
        [(c.olt, c.service_port) for c in customers],
        outlets,
    ):
        assert len(set(taken)) == len(taken)


def test_addresses_come_from_the_pool_of_the_plan() -> None:
    town = make_town()
    pools = {pool.policy: pool for pool in town.pools}
    for customer in town.customers:
        pool = pools[town.plan(customer.plan_code).address_policy]
        assert ip_address(customer.address) in ip_network(pool.prefix)
        assert customer.address != pool.gateway


def test_services_began_within_two_years_before_today() -> None:
    today = date(2031, 5, 4)
    since = [customer.since for customer in make_town(7, today=today).customers]
    assert since == sorted(since)
    assert 0 < (today - since[-1]).days < 60
    assert 660 < (today - since[0]).days <= 730


def test_splitters_are_never_overfull() -> None:
    town = make_town(9)
    ratios = {s.code: s.ratio for o in town.olts for pon in o.pon_ports for s in pon.splitters}
    used = Counter(p.outlet.splitter_code for p in town.premises if p.outlet)
    children = Counter(s.parent for o in town.olts for pon in o.pon_ports for s in pon.splitters if s.parent)
    assert all(count <= ratios[code] for code, count in (used + children).items())


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_files_say_what_the_town_is(tmp_path: Path) -> None:
    town = make_town()
    written = write_files(town, tmp_path, base_port=31000)
    assert sorted(path.name for path in written) == [
        "closures.csv", "customers.csv", "nats.yaml", "plans.yaml", "plant.yaml", "pools.yaml", "premises.csv",
        "splitters.csv", "staff.yaml",
    ]  # fmt: skip
    premises, customers = _rows(tmp_path / "premises.csv"), _rows(tmp_path / "customers.csv")
    assert [row["premises_code"] for row in premises] == [p.code for p in town.premises]
    assert sum(row["splitter_code"] == row["splitter_port"] == row["drop_m"] == "" for row in premises) == 24
    assert customers[0] == _customer_row(town)
    plant = yaml.safe_load((tmp_path / "plant.yaml").read_text())
    assert [(olt["name"], olt["port"]) for olt in plant["olts"]] == [("OLT-NORTH", 31000), ("OLT-SOUTH", 31001)]
    plans = yaml.safe_load((tmp_path / "plans.yaml").read_text())["plans"]
    assert (plans[0]["code"], plans[0]["price"]) == ("home-100", "29.90")


def _customer_row(town: Town) -> dict[str, str]:
    c = town.customers[0]
    return {
        "customer_code": c.code, "name": c.name, "email": c.email, "phone": c.phone,
        "premises_code": c.premises_code, "plan_code": c.plan_code, "since": c.since.isoformat(), "olt": c.olt,
        "pon_port": c.pon_port, "ont_id": str(c.ont_id), "serial": c.serial, "vlan": str(c.vlan),
        "service_port": str(c.service_port), "address": c.address, "service_code": c.service_code,
    }  # fmt: skip


def test_reference_day_is_the_default() -> None:
    assert make_town().today == REFERENCE_DAY


def test_town_that_has_grown_has_each_name_once() -> None:
    town = make_town(olts=20)
    splitters = [splitter.code for olt in town.olts for port in olt.pon_ports for splitter in port.splitters]
    for names in (splitters, [olt.name for olt in town.olts], [p.code for p in town.premises]):
        assert len(set(names)) == len(names)
    assert len({(c.olt, c.pon_port, c.ont_id) for c in town.customers}) == len(town.customers) == 1200
    assert town.olts[:2] == make_town().olts
