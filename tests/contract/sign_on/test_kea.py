"""Reservations that our adapter writes, judged by a real Kea that a real ``dhclient`` asks, and row by row."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Any

import pytest
import sqlalchemy as sa

from isp_lifecycle.aaa.errors import ReservationTaken, ServerRefused, SubnetUnknown
from isp_lifecycle.aaa.server import Server
from isp_lifecycle.foundation.db import open_engine
from tests.contract.sign_on.lines import LINE, NEIGHBOUR, line
from tests.sign_on.installed import WALLED_VLAN
from tests.sign_on.kea import SUBNET, Dhcp, kea_adapter

ROUTER = "02:00:00:00:00:01"
OTHER_ROUTER = "02:00:00:00:00:02"


def rows(engine: sa.Engine, columns: str = "*") -> list[tuple[Any, ...]]:
    with engine.begin() as tx:
        return [tuple(row) for row in tx.execute(sa.text(f"SELECT {columns} FROM hosts ORDER BY host_id"))]


# --- real DHCP --------------------------------------------------------------------------------------------------------


def test_router_gets_the_address_reserved_for_its_circuit(kea_engine: sa.Engine, dhcp: Dhcp) -> None:
    kea = kea_adapter(kea_engine)
    assert kea.admit(LINE).words == "DHCP: S-001001 gets 10.77.0.50 in subnet 1."  # before anything is plugged in
    assert dhcp.lease(mac=ROUTER, circuit=LINE.circuit) == IPv4Address("10.77.0.50")


def test_changed_address_and_circuit_count_at_the_next_request(kea_engine: sa.Engine, dhcp: Dhcp) -> None:
    kea = kea_adapter(kea_engine)
    kea.admit(LINE)
    kea.change(line(address="10.77.0.60/32", circuit="OLT-SOUTH xpon 0/2/0/1:1.1.100"))
    assert dhcp.lease(mac=ROUTER, circuit="OLT-SOUTH xpon 0/2/0/1:1.1.100") == IPv4Address("10.77.0.60")
    assert dhcp.lease(mac=OTHER_ROUTER, circuit=LINE.circuit) in from_pool("10.77.0")


def test_line_known_by_its_router_gets_its_address_on_any_circuit(kea_engine: sa.Engine, dhcp: Dhcp) -> None:
    kea_adapter(kea_engine).admit(line(mac=ROUTER, address="10.77.0.70/32"))
    assert dhcp.lease(mac=ROUTER, circuit=None) == IPv4Address("10.77.0.70")


def test_removed_line_gets_its_address_no_more(kea_engine: sa.Engine, dhcp: Dhcp) -> None:
    kea = kea_adapter(kea_engine)
    kea.admit(line(address="10.77.0.80/32"))
    kea.remove(line(address="10.77.0.80/32"))
    assert dhcp.lease(mac="02:00:00:00:00:03", circuit=LINE.circuit) != IPv4Address("10.77.0.80")


def test_walled_line_gets_an_address_of_the_walled_garden(kea_engine: sa.Engine, dhcp: Dhcp) -> None:
    kea = kea_adapter(kea_engine)
    kea.admit(LINE)
    walled = line(vlan=WALLED_VLAN, circuit="OLT-NORTH xpon 0/1/0/3:7.1.666")
    assert kea.change(walled).words == "DHCP: S-001001 gets an address of the walled garden in subnet 2."
    assert rows(kea_engine, "dhcp4_subnet_id, ipv4_address, dhcp4_client_classes") == [(2, None, "walled")]
    assert dhcp.lease(mac="02:00:00:00:00:04", circuit=walled.circuit, walled=True) in from_pool("10.78.0")


def from_pool(first: str) -> set[IPv4Address]:
    return {IPv4Address(f"{first}.{n}") for n in range(100, 200)}


# --- rows -------------------------------------------------------------------------------------------------------------


def test_row_is_as_kea_reads_it(kea_engine: sa.Engine) -> None:
    kea_adapter(kea_engine).admit(LINE)
    columns = "hostname, dhcp_identifier, dhcp_identifier_type, dhcp4_subnet_id, ipv4_address, dhcp4_client_classes"
    assert rows(kea_engine, columns) == [
        ("S-001001", LINE.circuit.encode(), 2, 1, int(IPv4Address("10.77.0.50")), None)
    ]


def test_identifier_may_be_a_flex_id(kea_engine: sa.Engine) -> None:
    kea_adapter(kea_engine, identifier="flex-id").admit(LINE)
    assert rows(kea_engine, "dhcp_identifier, dhcp_identifier_type") == [(LINE.circuit.encode(), 4)]


def test_without_a_subnet_of_its_own_the_walled_garden_is_a_class(kea_engine: sa.Engine) -> None:
    kea_adapter(kea_engine, walled_subnet=None).admit(line(vlan=WALLED_VLAN))
    address = int(IPv4Address("10.77.0.50"))
    assert rows(kea_engine, "dhcp4_subnet_id, ipv4_address, dhcp4_client_classes") == [(1, address, "walled")]


def test_suspended_line_has_no_reservation_until_it_is_resumed(kea_engine: sa.Engine) -> None:
    kea = kea_adapter(kea_engine)
    kea.admit(LINE)
    assert kea.change(line(enabled=False)).words == "DHCP: S-001001 has no reservation."
    assert rows(kea_engine) == []
    kea.change(LINE)
    assert rows(kea_engine, "hostname") == [("S-001001",)]


def test_line_without_an_address_of_its_own_has_no_reservation(kea_engine: sa.Engine) -> None:
    kea = kea_adapter(kea_engine)
    kea.admit(LINE)
    assert kea.change(line(address=None)).written
    assert rows(kea_engine) == []


def test_smallest_subnet_counts(kea_engine: sa.Engine) -> None:
    inner = next(SUBNET.subnets(new_prefix=26))
    kea_adapter(kea_engine, subnets={SUBNET: 1, inner: 7}).admit(LINE)
    assert rows(kea_engine, "dhcp4_subnet_id") == [(7,)]


def test_address_of_no_subnet_needs_a_person(kea_engine: sa.Engine) -> None:
    with pytest.raises(SubnetUnknown, match=r"No subnet of Kea is known for 192\.0\.2\.1") as caught:
        kea_adapter(kea_engine).admit(line(address="192.0.2.1/32"))
    assert "ISP_KEA__SUBNETS" in caught.value.remedy


def test_address_and_circuit_of_somebody_else_need_a_person(kea_engine: sa.Engine) -> None:
    kea = kea_adapter(kea_engine)
    kea.admit(NEIGHBOUR)
    with pytest.raises(ReservationTaken, match="the address belongs to S-001002"):
        kea.admit(line(address=str(NEIGHBOUR.address)))
    with pytest.raises(ReservationTaken, match="the circuit belongs to S-001002"):
        kea.admit(line(circuit=NEIGHBOUR.circuit))
    assert rows(kea_engine, "hostname") == [("S-001002",)]


def test_database_without_the_table_needs_a_person(database: str) -> None:
    engine = open_engine(database)
    kea = kea_adapter(engine, server=Server("Kea", "ISP_KEA__DATABASE_URL", engine))
    with pytest.raises(ServerRefused, match='relation "hosts" does not exist') as caught:
        kea.admit(LINE)
    assert "ISP_KEA__DATABASE_URL" in caught.value.remedy
    engine.dispose()


def test_look_says_what_it_holds(kea_engine: sa.Engine) -> None:
    kea = kea_adapter(kea_engine)
    kea.admit(LINE)
    assert kea.look().endswith("it holds 1 reservation.")
