"""Live sessions: reported to a real FreeRADIUS, changed and ended on an access gateway that may refuse or be silent."""

from __future__ import annotations

import pytest

from isp_lifecycle.aaa.errors import GatewayUnreachable, SessionStays
from isp_lifecycle.aaa.radius import Radius
from tests.contract.sign_on.lines import LINE, line
from tests.sign_on.freeradius import FreeRadius
from tests.sign_on.gateway import Gateway
from tests.sign_on.installed import WALLED_VLAN

FASTER = line(down_kbps=1_000_000, up_kbps=200_000)


@pytest.fixture
def radius(freeradius: FreeRadius, gateway: Gateway) -> Radius:
    """A line that is admitted and has a live session."""
    radius = freeradius.adapter(coa=gateway.port)
    radius.admit(LINE)
    begin(freeradius, gateway, "81a")
    return radius


def begin(freeradius: FreeRadius, gateway: Gateway, session: str, address: str = "10.77.0.50") -> None:
    freeradius.begin_session(LINE.service_code, session, address)
    gateway.sessions[session] = {}


def test_plan_change_reaches_a_live_session(radius: Radius, gateway: Gateway) -> None:
    result = radius.change(FASTER)
    assert result.words == (
        "RADIUS: S-001001 stands in group isp-open-1000000k-200000k, 5 rows written; "
        "session 81a on 127.0.0.1 took it while it goes on."
    )
    told = gateway.sessions["81a"]
    assert told["Mikrotik-Rate-Limit"] == "200000k/1000000k"
    assert told["Huawei-Output-Average-Rate"] == 1_000_000_000
    assert (told["User-Name"], told["Framed-IP-Address"]) == ("S-001001", "10.77.0.50")


def test_what_stands_is_told_to_nobody_again(radius: Radius, gateway: Gateway) -> None:
    radius.change(FASTER)
    result = radius.change(FASTER)
    assert not result.written
    assert result.words == "RADIUS: S-001001 stands in group isp-open-1000000k-200000k, as it did before."
    assert gateway.asked == ["CoA 81a"]


def test_session_that_cannot_change_ends_and_begins_anew(radius: Radius, gateway: Gateway) -> None:
    gateway.refuse = 407
    result = radius.change(FASTER)
    assert gateway.asked == ["CoA 81a", "Disconnect 81a"]
    assert gateway.sessions == {}
    assert result.words.endswith(
        "session 81a on 127.0.0.1 was ended (it refused the change: Error-Cause 407, invalid attribute value)."
    )


def test_session_that_has_gone_unreported_is_no_fault(radius: Radius, gateway: Gateway) -> None:
    gateway.sessions.clear()
    result = radius.change(FASTER)
    assert gateway.asked == ["CoA 81a", "Disconnect 81a"]
    assert "session 81a on 127.0.0.1 had ended already" in result.words


def test_session_that_neither_changes_nor_ends_needs_a_person(radius: Radius, gateway: Gateway) -> None:
    gateway.refuse, gateway.keep = 501, 504
    with pytest.raises(SessionStays, match=r"does not end session 81a: Error-Cause 504") as caught:
        radius.change(FASTER)
    assert "by hand" in caught.value.remedy


def test_repeat_after_silence_tells_the_session_what_the_rows_say_already(
    radius: Radius, gateway: Gateway, freeradius: FreeRadius
) -> None:
    gateway.silent, gateway.refuse = True, 506
    with pytest.raises(GatewayUnreachable, match=f"127.0.0.1 does not answer on UDP port {gateway.port}"):
        radius.change(FASTER)
    rates = freeradius.radtest(LINE.service_code, freeradius.password(LINE.service_code)).attributes
    assert rates["Mikrotik-Rate-Limit"] == "200000k/1000000k"  # what begins anew meanwhile has them
    gateway.silent, gateway.refuse = False, None
    assert "took it while it goes on" in radius.change(FASTER).words
    assert gateway.sessions["81a"]["Mikrotik-Rate-Limit"] == "200000k/1000000k"
    groups = freeradius.rows("SELECT groupname FROM radusergroup")
    assert groups == [("isp-open-1000000k-200000k",)]


@pytest.mark.parametrize("how", ["suspended", "removed"])
def test_line_that_is_let_on_no_more_loses_its_session(radius: Radius, gateway: Gateway, how: str) -> None:
    radius.change(line(enabled=False)) if how == "suspended" else radius.remove(LINE)
    assert gateway.asked == ["Disconnect 81a"]
    assert gateway.sessions == {}


def test_removal_that_a_silent_gateway_stopped_is_finished_later(radius: Radius, gateway: Gateway) -> None:
    gateway.silent, gateway.keep = True, 506
    with pytest.raises(GatewayUnreachable):
        radius.remove(LINE)
    gateway.silent, gateway.keep = False, None
    assert radius.remove(LINE).words == (
        "RADIUS: S-001001 is not known, as it did before; session 81a on 127.0.0.1 was ended."
    )


def test_other_address_takes_a_new_session(radius: Radius, gateway: Gateway) -> None:
    radius.change(line(address="10.77.0.60/32"))
    assert gateway.asked == ["Disconnect 81a"]


def test_other_delegated_prefix_takes_a_new_session_also_where_the_gateway_accounts_for_none(
    radius: Radius, gateway: Gateway
) -> None:
    delegated = line(delegated="2001:db8:0:100::/56")
    radius.change(delegated)
    assert gateway.asked == ["Disconnect 81a"]
    radius.change(delegated)
    assert gateway.asked == ["Disconnect 81a"]


def test_walled_garden_begins_in_the_session_and_ends_with_it(radius: Radius, gateway: Gateway) -> None:
    radius.change(line(vlan=WALLED_VLAN))
    assert gateway.sessions["81a"]["Filter-Id"] == "walled-garden"
    radius.change(LINE)
    assert gateway.asked == ["CoA 81a", "Disconnect 81a"]


def test_with_a_filter_for_open_lines_the_walled_garden_ends_in_the_session(
    freeradius: FreeRadius, gateway: Gateway
) -> None:
    radius = freeradius.adapter(coa=gateway.port, open_filter="internet")
    radius.admit(LINE)
    begin(freeradius, gateway, "82")
    radius.change(line(vlan=WALLED_VLAN))
    radius.change(LINE)
    assert gateway.sessions["82"]["Filter-Id"] == "internet"
    assert gateway.asked == ["CoA 82", "CoA 82"]


def test_every_live_session_is_told_and_ended_ones_are_not(
    radius: Radius, gateway: Gateway, freeradius: FreeRadius
) -> None:
    begin(freeradius, gateway, "82")
    begin(freeradius, gateway, "83")
    freeradius.account('User-Name = "S-001001"', 'Acct-Session-Id = "82"', "Acct-Status-Type = Stop")
    radius.change(FASTER)
    assert gateway.asked == ["CoA 81a", "CoA 83"]


def test_secret_of_the_table_nas_comes_before_the_common_one(freeradius: FreeRadius, gateway: Gateway) -> None:
    radius = freeradius.adapter(coa=gateway.port, coa_secret="another-one")
    radius.admit(LINE)
    begin(freeradius, gateway, "84")
    freeradius.write(
        "INSERT INTO nas (nasname, shortname, secret) VALUES ('127.0.0.1', 'bng-1', :s)", s="coa-test-only"
    )
    radius.change(FASTER)
    assert gateway.asked == ["CoA 84"]


def test_without_a_secret_the_result_says_that_the_session_goes_on(freeradius: FreeRadius, gateway: Gateway) -> None:
    radius = freeradius.adapter(coa=gateway.port, coa_secret="")
    radius.admit(LINE)
    begin(freeradius, gateway, "85")
    assert "session 85 on 127.0.0.1 goes on as it was, since no CoA secret" in radius.change(FASTER).words
    assert gateway.asked == []


def test_another_implementation_understands_what_is_asked(freeradius: FreeRadius) -> None:
    """FreeRADIUS as the gateway: it checks secret, signature and rates, and knows pyrad from the wire only."""
    radius = freeradius.adapter(coa=freeradius.coa)
    radius.admit(LINE)
    freeradius.begin_session(LINE.service_code, "86", "10.77.0.50")
    assert "session 86 on 127.0.0.1 took it while it goes on" in radius.change(FASTER).words
    assert "session 86 on 127.0.0.1 was ended" in radius.change(line(enabled=False)).words


def test_refusal_of_another_implementation_is_understood(freeradius: FreeRadius) -> None:
    radius = freeradius.adapter(coa=freeradius.coa)
    radius.admit(LINE)
    freeradius.begin_session(LINE.service_code, "refused", "10.77.0.50")
    with pytest.raises(SessionStays, match="Error-Cause 401, unsupported attribute"):
        radius.change(FASTER)


def test_wrong_secret_is_no_answer(freeradius: FreeRadius) -> None:
    radius = freeradius.adapter(coa=freeradius.coa, coa_secret="wrong")
    radius.admit(LINE)
    freeradius.begin_session(LINE.service_code, "87", "10.77.0.50")
    with pytest.raises(GatewayUnreachable) as caught:
        radius.change(FASTER)
    assert "ISP_RADIUS__COA_SECRET" in caught.value.remedy
