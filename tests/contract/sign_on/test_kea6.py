"""DHCPv6 reservations that our adapter writes, judged by a real Kea that a real ``dhclient`` asks, and row by row."""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network
from typing import Any

import pytest
import sqlalchemy as sa

from isp_lifecycle.aaa.errors import ReservationTaken, SubnetUnknown
from isp_lifecycle.aaa.model import InUse
from tests.contract.sign_on.lines import LINE, line
from tests.sign_on.installed import WALLED_VLAN
from tests.sign_on.kea import kea_adapter
from tests.sign_on.kea6 import LINK, Dhcp6, kea6_adapter

ROUTER = "02:00:00:00:06:01"
OWN, DELEGATED = IPv6Address("2001:db8:2000::2"), IPv6Network("2001:db8:0:100::/56")
DUAL = line(wan=OWN, delegated=str(DELEGATED))


def rows(engine: sa.Engine) -> list[tuple[Any, ...]]:
    query = """
        SELECT h.hostname, h.dhcp_identifier_type, h.dhcp6_subnet_id, h.dhcp6_client_classes, r.address, r.prefix_len,
               r.type
        FROM hosts h LEFT JOIN ipv6_reservations r ON r.host_id = h.host_id ORDER BY h.host_id, r.type
    """
    with engine.begin() as tx:
        return [tuple(row) for row in tx.execute(sa.text(query))]


def test_router_gets_the_prefix_and_the_address_that_are_reserved_until_they_are_removed(
    kea_engine: sa.Engine, dhcp6: Dhcp6
) -> None:
    kea = kea6_adapter(kea_engine)
    mine = line(wan=OWN, delegated=str(DELEGATED), mac=ROUTER)
    assert kea.admit(mine).words == f"DHCPv6: S-001001 gets {OWN} and {DELEGATED} in subnet 1."
    assert dhcp6.lease(mac=ROUTER) == {OWN, DELEGATED}
    other = line(wan=IPv6Address("2001:db8:2000::7"), delegated="2001:db8:0:700::/56", mac=ROUTER)
    kea.change(other)
    assert dhcp6.lease(mac=ROUTER) == {other.wan, other.delegated}


def test_rows_are_as_kea_reads_them_and_a_repeat_writes_nothing(kea_engine: sa.Engine) -> None:
    kea = kea6_adapter(kea_engine)
    kea.admit(DUAL)
    assert rows(kea_engine) == [
        ("S-001001", 4, 1, None, "2001:db8:2000::2", 128, 0),
        ("S-001001", 4, 1, None, "2001:db8:0:100::", 56, 2),
    ]
    again = kea.change(DUAL)
    assert (again.written, again.words.endswith(", as before.")) == (False, True)
    assert kea.standing() == {"S-001001": kea.expected(DUAL)}
    assert kea.look().endswith("they hold 1 reservation.")
    assert kea.in_use() == (
        InUse("S-001001", IPv6Network(OWN), "reserved in subnet 1"),
        InUse("S-001001", DELEGATED, "reserved in subnet 1"),
    )


def test_both_servers_share_a_table_and_leave_each_others_rows_alone(kea_engine: sa.Engine) -> None:
    four, six = kea_adapter(kea_engine), kea6_adapter(kea_engine)
    for kea in (four, six, four, six):
        kea.admit(DUAL)
    assert len(rows(kea_engine)) == 3
    assert (four.change(DUAL).written, six.change(DUAL).written) == (False, False)
    four.remove(DUAL)
    assert six.standing() == {"S-001001": six.expected(DUAL)}
    six.remove(DUAL)
    assert rows(kea_engine) == []


def test_line_without_numbers_or_suspended_has_none_and_a_walled_one_has_its_class(kea_engine: sa.Engine) -> None:
    kea = kea6_adapter(kea_engine)
    kea.admit(DUAL)
    assert kea.change(LINE).words == "DHCPv6: S-001001 has no reservation."
    kea.change(line(delegated=str(DELEGATED), vlan=WALLED_VLAN))
    assert rows(kea_engine) == [("S-001001", 4, 1, "walled", "2001:db8:0:100::", 56, 2)]
    kea.change(line(delegated=str(DELEGATED), enabled=False))
    assert rows(kea_engine) == []


def test_what_is_somebody_elses_or_of_no_subnet_needs_a_person(kea_engine: sa.Engine) -> None:
    kea = kea6_adapter(kea_engine)
    kea.admit(DUAL)
    with pytest.raises(ReservationTaken, match="2001:db8:0:100::/56 belongs to S-001001"):
        kea.admit(line(service_code="S-001002", delegated=str(DELEGATED), circuit="other"))
    with pytest.raises(ReservationTaken, match="the circuit belongs to S-001001"):
        kea.admit(line(service_code="S-001002", delegated="2001:db8:0:200::/56"))
    with pytest.raises(SubnetUnknown, match="2001:db8:ff00::/56") as unknown:
        kea6_adapter(kea_engine, {LINK: 1}).admit(line(delegated="2001:db8:ff00::/56"))
    assert "ISP_KEA__SUBNETS6" in unknown.value.remedy
    assert len(rows(kea_engine)) == 2
