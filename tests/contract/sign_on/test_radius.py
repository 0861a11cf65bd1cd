"""Lines that our adapter writes, judged by a real FreeRADIUS and its own tools."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv6Address

import pytest
import sqlalchemy as sa

from isp_lifecycle.aaa.errors import ServerRefused, ServerUnreachable
from isp_lifecycle.aaa.radius import Radius
from isp_lifecycle.aaa.server import Server
from isp_lifecycle.cli.embedded.server import free_port
from isp_lifecycle.foundation.db import open_engine
from tests.contract.sign_on.lines import LINE, NEIGHBOUR, line
from tests.sign_on.freeradius import Answer, FreeRadius
from tests.sign_on.installed import WALLED_VLAN

USER = LINE.service_code


def sign_in(freeradius: FreeRadius, user: str = USER) -> Answer:
    return freeradius.radtest(user, freeradius.password(user))


def test_admitted_line_signs_in_and_gets_its_rates_and_address(freeradius: FreeRadius) -> None:
    result = freeradius.adapter().admit(LINE)
    assert result.written
    assert result.words == "RADIUS: S-001001 stands in group isp-open-500000k-100000k, 6 rows written."
    answer = sign_in(freeradius)
    assert answer.accepted
    assert answer.attributes == {
        "Framed-IP-Address": "10.77.0.50",
        "Mikrotik-Rate-Limit": "100000k/500000k",
        "Huawei-Input-Average-Rate": "100000000",
        "Huawei-Output-Average-Rate": "500000000",
    }


def test_wrong_password_and_unknown_line_are_refused(freeradius: FreeRadius) -> None:
    freeradius.adapter().admit(LINE)
    assert not freeradius.radtest(USER, "wrong").accepted
    assert not freeradius.radtest("S-009999", freeradius.password(USER)).accepted


def test_each_line_has_a_password_of_its_own_unless_one_is_shared(freeradius: FreeRadius) -> None:
    freeradius.adapter().admit(LINE)
    freeradius.adapter().admit(NEIGHBOUR)
    own = {freeradius.password(USER), freeradius.password(NEIGHBOUR.service_code)}
    assert len(own) == 2
    assert all(len(password) == 20 for password in own)
    shared = freeradius.adapter(shared_password=True)
    other = line(service_code="S-001003", address="10.77.0.52/32")
    shared.admit(other)
    assert freeradius.password("S-001003") == "lines-test-only"
    assert freeradius.radtest("S-001003", "lines-test-only").accepted


def test_block_is_answered_with_its_mask(freeradius: FreeRadius) -> None:
    freeradius.adapter().admit(line(address="203.0.113.10/29"))
    answer = sign_in(freeradius).attributes
    assert (answer["Framed-IP-Address"], answer["Framed-IP-Netmask"]) == ("203.0.113.10", "255.255.255.248")


def test_delegated_prefix_is_answered_changed_and_taken_back(freeradius: FreeRadius) -> None:
    radius = freeradius.adapter()
    radius.admit(line(delegated="2001:db8:0:100::/56"))
    assert sign_in(freeradius).attributes["Delegated-IPv6-Prefix"] == "2001:db8:0:100::/56"
    assert radius.standing()[USER] == radius.expected(line(delegated="2001:db8:0:100::/56"))
    radius.change(line(delegated="2001:db8:1::/48"))
    assert sign_in(freeradius).attributes["Delegated-IPv6-Prefix"] == "2001:db8:1::/48"
    own = line(delegated="2001:db8:1::/48", wan=IPv6Address("2001:db8:2000::2"))
    radius.change(own)
    assert sign_in(freeradius).attributes["Framed-IPv6-Address"] == "2001:db8:2000::2"
    assert radius.standing()[USER] == radius.expected(own)
    radius.change(line(enabled=False, delegated="2001:db8:1::/48"))
    assert sign_in(freeradius).attributes == {"Reply-Message": "This line is suspended."}
    radius.change(LINE)
    assert "Delegated-IPv6-Prefix" not in sign_in(freeradius).attributes


def test_suspended_line_is_refused_and_told_why(freeradius: FreeRadius) -> None:
    radius = freeradius.adapter()
    radius.admit(LINE)
    result = radius.change(line(enabled=False))
    assert result.words.startswith("RADIUS: S-001001 is refused, ")
    answer = sign_in(freeradius)
    assert (answer.accepted, answer.attributes) == (False, {"Reply-Message": "This line is suspended."})
    radius.change(LINE)
    assert sign_in(freeradius).attributes["Mikrotik-Rate-Limit"] == "100000k/500000k"


def test_walled_line_gets_the_filter_and_loses_it_again(freeradius: FreeRadius) -> None:
    radius = freeradius.adapter()
    radius.admit(LINE)
    radius.change(line(vlan=WALLED_VLAN))
    assert sign_in(freeradius).attributes["Filter-Id"] == "walled-garden"
    radius.change(LINE)
    assert "Filter-Id" not in sign_in(freeradius).attributes


def test_plan_change_gives_the_new_rates_at_the_next_sign_in(freeradius: FreeRadius) -> None:
    radius = freeradius.adapter()
    radius.admit(LINE)
    radius.change(line(down_kbps=1_000_000, up_kbps=200_000))
    assert sign_in(freeradius).attributes["Mikrotik-Rate-Limit"] == "200000k/1000000k"


def test_rate_past_32_bits_is_the_most_that_the_attribute_can_say(freeradius: FreeRadius) -> None:
    freeradius.adapter().admit(line(down_kbps=10_000_000))
    answer = sign_in(freeradius).attributes
    assert answer["Huawei-Output-Average-Rate"] == "4294967295"
    assert answer["Mikrotik-Rate-Limit"] == "100000k/10000000k"


def test_bound_line_signs_in_from_its_own_circuit_only(freeradius: FreeRadius) -> None:
    freeradius.adapter(bind_circuit=True).admit(LINE)

    def sign_in_from(circuit: str) -> bool:
        name, password = f'User-Name = "{USER}"', f'User-Password = "{freeradius.password(USER)}"'
        return freeradius.request(name, password, f'ADSL-Agent-Circuit-Id = "{circuit}"').accepted

    assert sign_in_from(LINE.circuit)
    assert not sign_in_from(NEIGHBOUR.circuit)
    assert not sign_in(freeradius).accepted  # from no circuit at all


def test_gateway_that_knows_only_the_circuit_is_told_whose_it_is(freeradius: FreeRadius) -> None:
    """IPoE: the router signs in with nothing but its place; the lookup is the one that the README shows."""
    radius = freeradius.adapter(bind_circuit=True, shared_password=True)
    radius.admit(LINE)
    radius.admit(NEIGHBOUR)
    sent = 'User-Name = "02:00:00:00:00:01"', 'User-Password = "lines-test-only"'
    answer = freeradius.request(*sent, f'ADSL-Agent-Circuit-Id = "{NEIGHBOUR.circuit}"')
    assert answer.accepted
    assert answer.attributes["User-Name"] == NEIGHBOUR.service_code  # so that it accounts under the same name
    assert answer.attributes["Framed-IP-Address"] == "10.77.0.51"
    assert not freeradius.request(*sent, 'ADSL-Agent-Circuit-Id = "OLT-NORTH xpon 0/1/0/3:99.1.100"').accepted


def test_removed_line_is_refused_and_its_neighbour_is_not(freeradius: FreeRadius) -> None:
    radius = freeradius.adapter()
    radius.admit(LINE)
    radius.admit(NEIGHBOUR)
    password = freeradius.password(USER)
    radius.remove(LINE)
    assert not freeradius.radtest(USER, password).accepted
    assert sign_in(freeradius, NEIGHBOUR.service_code).accepted


def test_rows_of_an_operator_and_a_customers_own_password_stay(freeradius: FreeRadius) -> None:
    insert = "INSERT INTO {} (username, attribute, op, value) VALUES (:u, :a, :op, :v)"
    freeradius.write(insert.format("radcheck"), u=USER, a="Cleartext-Password", op=":=", v="their-own")
    freeradius.write(insert.format("radreply"), u=USER, a="Session-Timeout", op="=", v="86400")
    freeradius.write("INSERT INTO radusergroup (username, groupname, priority) VALUES (:u, 'vip', 50)", u=USER)
    radius = freeradius.adapter()
    radius.admit(LINE)
    answer = freeradius.radtest(USER, "their-own")
    assert (answer.accepted, answer.attributes["Session-Timeout"]) == (True, "86400")
    radius.remove(LINE)
    assert freeradius.rows("SELECT attribute FROM radreply") == [("Session-Timeout",)]
    assert freeradius.rows("SELECT groupname FROM radusergroup") == [("vip",)]


def test_what_was_written_twice_or_wrongly_is_put_right(freeradius: FreeRadius) -> None:
    radius = freeradius.adapter()
    radius.admit(LINE)
    freeradius.write(
        "INSERT INTO radreply (username, attribute, op, value) SELECT username, attribute, op, value FROM radreply"
    )
    freeradius.write("UPDATE radgroupreply SET value = '1k/1k' WHERE attribute = 'Mikrotik-Rate-Limit'")
    assert radius.change(LINE).written
    assert not radius.change(LINE).written
    assert freeradius.rows("SELECT count(*) FROM radreply") == [(1,)]
    assert sign_in(freeradius).attributes["Mikrotik-Rate-Limit"] == "100000k/500000k"


def test_lines_that_are_admitted_at_once_share_one_set_of_group_rows(freeradius: FreeRadius) -> None:
    radius = freeradius.adapter()
    lines = [line(service_code=f"S-{n:06}", address=f"10.77.1.{n}/32") for n in range(1, 21)]
    with ThreadPoolExecutor(8) as together:
        list(together.map(radius.admit, lines))
    assert freeradius.rows("SELECT count(*), count(DISTINCT attribute) FROM radgroupreply") == [(3, 3)]
    assert radius.look() == "Its tables answer; they let 20 lines on."


# --- what can go wrong ------------------------------------------------------------------------------------------------


def at(freeradius: FreeRadius, url: sa.URL) -> Radius:
    """The adapter, looking for the database there."""
    engine = open_engine(url.render_as_string(hide_password=False))
    server = Server("FreeRADIUS", "ISP_RADIUS__DATABASE_URL", engine)
    usual = freeradius.adapter()
    return Radius(server=server, gateways=usual.gateways, rules=usual.rules)


def test_database_that_does_not_answer_is_unreachable(freeradius: FreeRadius) -> None:
    radius = at(freeradius, freeradius.engine.url.set(port=free_port()))
    with pytest.raises(ServerUnreachable, match="The database of FreeRADIUS does not answer"):
        radius.admit(LINE)


def test_wrong_password_needs_a_person_who_reads_which_setting_it_is(freeradius: FreeRadius) -> None:
    radius = at(freeradius, freeradius.engine.url.set(password="wrong"))
    with pytest.raises(ServerRefused, match="password authentication failed") as caught:
        radius.admit(LINE)
    assert "ISP_RADIUS__DATABASE_URL" in caught.value.remedy


def test_database_without_the_tables_needs_a_person(freeradius: FreeRadius, database: str) -> None:
    radius = at(freeradius, sa.make_url(database))
    with pytest.raises(ServerRefused, match='relation "radusergroup" does not exist'):
        radius.admit(LINE)
    with pytest.raises(ServerRefused):
        radius.look()
