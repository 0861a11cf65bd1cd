"""A customer's line from order to end, where a real FreeRADIUS and Kea let lines on: what it gets at each turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from ipaddress import IPv4Network

import pytest
import sqlalchemy as sa

from isp_lifecycle.aaa.both import Both
from isp_lifecycle.access.model import Role
from isp_lifecycle.intake import field, lines, portal, support
from tests.flows.line.acts import ADMIN, day, in_use, ordered
from tests.flows.line.conftest import Plant, actor
from tests.sign_on.freeradius import Answer, FreeRadius
from tests.sign_on.gateway import Gateway
from tests.sign_on.installed import WALLED_VLAN
from tests.sign_on.kea import kea_adapter

SUPPORT = actor(Role.SUPPORT)


@pytest.fixture
def radius_plant(walled: Plant, freeradius: FreeRadius, gateway: Gateway, kea_engine: sa.Engine) -> Plant:
    """The plant, whose workers tell FreeRADIUS and Kea; VLAN 666 leads to the provider's own pages."""
    assert walled.settings.network.walled_garden_vlan == WALLED_VLAN
    subnets = {IPv4Network(pool.prefix): number for number, pool in enumerate(walled.town.pools, 1) if pool.gateway}
    both = Both([kea_adapter(kea_engine, subnets=subnets), freeradius.adapter(coa=gateway.port)])
    return replace(walled, parts=replace(walled.parts, sign_on=both))


@pytest.fixture
def sign_in(freeradius: FreeRadius) -> Callable[[str], Answer]:
    """Sign a line in with the password that it has."""
    return lambda service: freeradius.radtest(service, freeradius.password(service))


def begin_session(freeradius: FreeRadius, gateway: Gateway, service: str, address: str) -> None:
    freeradius.begin_session(service, "s-1", address)
    gateway.sessions["s-1"] = {}


def said(plant: Plant, step: str) -> str:
    """What the newest run of a step said."""
    query = "SELECT says FROM step_runs WHERE name = :s ORDER BY started_at DESC LIMIT 1"
    return str(plant.one(query, s=step).says)


def reserved(engine: sa.Engine) -> list[tuple[str, str]]:
    query = "SELECT hostname, convert_from(dhcp_identifier, 'UTF8') FROM hosts"
    with engine.begin() as tx:
        return [(row[0], row[1]) for row in tx.execute(sa.text(query))]


def test_activated_subscriber_signs_in_and_gets_the_plans_rate(
    radius_plant: Plant, sign_in: Callable[[str], Answer], kea_engine: sa.Engine
) -> None:
    service, _serial = in_use(radius_plant)
    held = radius_plant.one("SELECT host(prefix) AS address FROM allocations WHERE state = 'assigned'").address
    terms = radius_plant.one("SELECT down_kbps, up_kbps, ont_id, pon_port FROM lines")
    answer = sign_in(service)
    assert answer.accepted
    assert answer.attributes["Mikrotik-Rate-Limit"] == f"{terms.up_kbps}k/{terms.down_kbps}k"
    assert answer.attributes["Framed-IP-Address"] == held
    frame, slot, port = terms.pon_port.split("/")
    olt = radius_plant.one("SELECT o.name FROM lines l JOIN olts o ON o.id = l.olt_id").name
    assert reserved(kea_engine) == [(service, f"{olt} xpon {frame}/{slot}/0/{port}:{terms.ont_id}.1.100")]
    assert "stands in group isp-open-" in said(radius_plant, "Admit to RADIUS and DHCP")


def test_plan_change_reaches_the_live_session_by_coa(
    radius_plant: Plant, freeradius: FreeRadius, gateway: Gateway, sign_in: Callable[[str], Answer]
) -> None:
    service, _serial = in_use(radius_plant)
    begin_session(freeradius, gateway, service, sign_in(service).attributes["Framed-IP-Address"])
    portal.ask_plan_change(
        radius_plant.door, ADMIN, service_code=service, plan_code="home-100", wanted_on=day(radius_plant)
    )
    radius_plant.work()
    line = radius_plant.one("SELECT down_kbps, up_kbps FROM lines")
    wanted = f"{line.up_kbps}k/{line.down_kbps}k"
    assert line.down_kbps == 102_400
    assert gateway.asked == ["CoA s-1"]
    assert gateway.sessions["s-1"]["Mikrotik-Rate-Limit"] == wanted
    assert sign_in(service).attributes["Mikrotik-Rate-Limit"] == wanted
    assert "session s-1 on 127.0.0.1 took it while it goes on" in said(radius_plant, "Change the rates in RADIUS")


@pytest.mark.parametrize("way", ["slow", "walled_garden", "off"])
def test_suspended_subscriber_is_slow_walled_or_refused_until_resumed(
    radius_plant: Plant,
    freeradius: FreeRadius,
    gateway: Gateway,
    sign_in: Callable[[str], Answer],
    way: str,
) -> None:
    service, _serial = in_use(radius_plant)
    before = sign_in(service)
    begin_session(freeradius, gateway, service, before.attributes["Framed-IP-Address"])
    lines.ask_suspension(
        radius_plant.door, SUPPORT, service_code=service, wanted_on=day(radius_plant), way=way, why="non_payment"
    )
    radius_plant.work()
    shut = sign_in(service)
    slow = f"{radius_plant.settings.network.suspended_kbps}k"
    found = (shut.accepted, shut.attributes.get("Filter-Id"), shut.attributes.get("Mikrotik-Rate-Limit"))
    assert (
        found
        == {
            "slow": (True, None, f"{slow}/{slow}"),
            "walled_garden": (True, "walled-garden", before.attributes["Mikrotik-Rate-Limit"]),
            "off": (False, None, None),
        }[way]
    )
    assert gateway.asked == (["Disconnect s-1"] if way == "off" else ["CoA s-1"])
    lines.ask_resumption(radius_plant.door, SUPPORT, service_code=service, wanted_on=day(radius_plant))
    radius_plant.work()
    assert sign_in(service) == before
    assert radius_plant.one("SELECT state FROM services").state == "active"


def test_terminated_subscriber_is_known_to_nobody(
    radius_plant: Plant, freeradius: FreeRadius, gateway: Gateway, kea_engine: sa.Engine
) -> None:
    service, _serial = in_use(radius_plant)
    password = freeradius.password(service)
    begin_session(freeradius, gateway, service, "10.0.0.1")
    portal.ask_termination(radius_plant.door, ADMIN, service_code=service, wanted_on=day(radius_plant))
    radius_plant.work()
    assert radius_plant.one("SELECT state FROM services").state == "terminated"
    assert not freeradius.radtest(service, password).accepted
    assert (
        freeradius.rows("SELECT FROM radcheck UNION ALL SELECT FROM radreply UNION ALL SELECT FROM radusergroup") == []
    )
    assert reserved(kea_engine) == []
    assert gateway.asked == ["Disconnect s-1"]


def test_gateway_that_neither_changes_nor_ends_a_session_is_told_to_a_person_and_retried(
    radius_plant: Plant, freeradius: FreeRadius, gateway: Gateway, sign_in: Callable[[str], Answer]
) -> None:
    service, _serial = in_use(radius_plant)
    begin_session(freeradius, gateway, service, sign_in(service).attributes["Framed-IP-Address"])
    gateway.refuse, gateway.keep = 501, 504
    portal.ask_plan_change(
        radius_plant.door, ADMIN, service_code=service, plan_code="home-100", wanted_on=day(radius_plant)
    )
    radius_plant.work()
    stands = radius_plant.one("SELECT id, failure FROM deliveries WHERE state = 'failed'")
    assert stands.failure["step"] == "Change the rates in RADIUS"
    assert "does not end session s-1: Error-Cause 504" in stands.failure["what"]
    gateway.refuse = None
    support.retry(radius_plant.door, ADMIN, delivery_id=stands.id)
    radius_plant.work()
    assert radius_plant.one("SELECT state FROM deliveries WHERE id = :i", i=stands.id).state == "done"
    assert gateway.sessions["s-1"]["Mikrotik-Rate-Limit"].endswith("/102400k")


def held(plant: Plant) -> dict[str, list[str]]:
    """What is held in each state, IPv6 only."""
    rows = plant.many("SELECT state, prefix FROM allocations WHERE family(prefix) = 6 ORDER BY state, prefix")
    return {state: [str(r.prefix) for r in rows if r.state == state] for state in {r.state for r in rows}}


def test_line_has_its_delegated_prefix_from_activation_to_end(
    radius_plant: Plant, sign_in: Callable[[str], Answer]
) -> None:
    plant = radius_plant
    service, _serial = in_use(plant, plan="pro-500")
    assert said(plant, "Reserve address and VLAN").endswith(" and 2001:db8::/56 from pool ipv6-56, VLAN 200.")
    assert held(plant) == {"assigned": ["2001:db8::/56"]}
    first = sign_in(service).attributes
    assert first["Delegated-IPv6-Prefix"] == "2001:db8::/56"
    assert first.pop("Framed-IPv6-Address") == "2001:db8:2000::2"  # the pool of the /48 gives none
    lines.ask_address_change(plant.door, ADMIN, service_code=service, wanted_on=day(plant), ipv6="pd48")
    plant.work()
    assert held(plant) == {"assigned": ["2001:db8:1000::/48"], "quarantined": ["2001:db8::/56"]}
    second = sign_in(service).attributes
    assert second == first | {"Delegated-IPv6-Prefix": "2001:db8:1000::/48"}
    lines.ask_address_change(plant.door, ADMIN, service_code=service, wanted_on=day(plant), ipv6="none", policy="")
    plant.work()
    assert "Delegated-IPv6-Prefix" not in sign_in(service).attributes
    assert set(held(plant)) == {"quarantined"}
    lines.ask_address_change(plant.door, ADMIN, service_code=service, wanted_on=day(plant), ipv6="pd56")
    plant.work()
    portal.ask_termination(plant.door, ADMIN, service_code=service, wanted_on=day(plant))
    plant.work()
    assert set(held(plant)) == {"quarantined"}
    assert len(held(plant)["quarantined"]) == 3
    assert plant.many("SELECT subscriber, failure FROM deliveries WHERE state NOT IN ('done', 'cancelled')") == []


def test_activation_that_is_given_up_gives_the_delegated_prefix_back(radius_plant: Plant) -> None:
    plant = radius_plant
    _order, delivery, visit = ordered(plant, plan="business-1000")
    field.activate(plant.door, ADMIN, visit_code=visit, serial="HWTC-0BAD0BAD")  # nobody has plugged it in
    plant.work()
    support.cancel(plant.door, SUPPORT, delivery_id=delivery, reason="No ONT was there.")
    plant.work()
    assert set(held(plant)) == {"free"}
