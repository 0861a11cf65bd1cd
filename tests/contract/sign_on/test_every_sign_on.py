"""What the port ``SignOn`` promises, asked of every implementation: idempotent, and one line's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from isp_lifecycle.aaa.both import Both
from isp_lifecycle.aaa.not_connected import NotConnected
from isp_lifecycle.aaa.ports import SignOn
from tests.contract.sign_on.lines import LINE, NEIGHBOUR, line
from tests.sign_on.freeradius import FreeRadius
from tests.sign_on.installed import WALLED_VLAN
from tests.sign_on.kea import kea_adapter

State = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Tried:
    """An implementation, and how to look at what it has written about a line."""

    sign_on: SignOn
    state: Callable[[str], State]
    writes: bool = True


def _radius_state(freeradius: FreeRadius, code: str) -> State:
    query = """
        SELECT 'check', attribute, op, value FROM radcheck WHERE username = :u
        UNION ALL SELECT 'reply', attribute, op, value FROM radreply WHERE username = :u
        UNION ALL SELECT 'group', groupname, '', priority::text FROM radusergroup WHERE username = :u ORDER BY 1, 2, 4
    """
    return freeradius.rows(query, u=code)


def _kea_state(engine: sa.Engine, code: str) -> State:
    query = "SELECT dhcp_identifier, dhcp4_subnet_id, ipv4_address, dhcp4_client_classes FROM hosts WHERE hostname = :u"
    with engine.begin() as tx:
        return [tuple(row) for row in tx.execute(sa.text(query), {"u": code})]


@pytest.fixture(params=["not connected", "radius", "kea", "both"])
def tried(request: pytest.FixtureRequest) -> Tried:
    """Each implementation in turn."""
    if request.param == "not connected":
        return Tried(NotConnected(), lambda _code: [], writes=False)
    parts: list[tuple[SignOn, Callable[[str], State]]] = []
    if request.param in ("kea", "both"):
        engine: sa.Engine = request.getfixturevalue("kea_engine")
        parts.append((kea_adapter(engine), lambda code: _kea_state(engine, code)))
    if request.param in ("radius", "both"):
        freeradius: FreeRadius = request.getfixturevalue("freeradius")
        parts.append((freeradius.adapter(), lambda code: _radius_state(freeradius, code)))
    if len(parts) == 1:
        return Tried(*parts[0])
    return Tried(Both([sign_on for sign_on, _ in parts]), lambda code: [row for _, look in parts for row in look(code)])


CHANGES = {
    "other address": line(address="10.77.0.60/32"),
    "other circuit": line(circuit="OLT-SOUTH xpon 0/2/0/1:1.1.100"),
    "other rates": line(down_kbps=1_000_000, up_kbps=200_000),
    "slow": line(down_kbps=1_000, up_kbps=1_000),
    "walled": line(vlan=WALLED_VLAN),
    "refused": line(enabled=False),
    "no address": line(address=None),
}


def test_admitting_twice_writes_once(tried: Tried) -> None:
    assert tried.sign_on.admit(LINE).written is tried.writes
    state = tried.state(LINE.service_code)
    assert bool(state) is tried.writes
    assert tried.sign_on.admit(LINE).written is False
    assert tried.state(LINE.service_code) == state


@pytest.mark.parametrize("wanted", CHANGES.values(), ids=CHANGES.keys())
def test_changing_twice_writes_once_and_back_is_as_before(tried: Tried, wanted: Any) -> None:
    tried.sign_on.admit(LINE)
    before = tried.state(LINE.service_code)
    tried.sign_on.change(wanted)
    state = tried.state(LINE.service_code)
    assert tried.sign_on.change(wanted).written is False
    assert tried.state(LINE.service_code) == state
    tried.sign_on.change(LINE)
    assert tried.state(LINE.service_code) == before


def test_line_that_was_never_admitted_is_by_its_first_change(tried: Tried) -> None:
    tried.sign_on.admit(LINE)
    state = tried.state(LINE.service_code)
    tried.sign_on.remove(LINE)
    tried.sign_on.change(LINE)
    assert tried.state(LINE.service_code) == state


def test_removing_leaves_nothing_and_twice_is_once(tried: Tried) -> None:
    tried.sign_on.admit(LINE)
    assert tried.sign_on.remove(LINE).written is tried.writes
    assert tried.state(LINE.service_code) == []
    assert tried.sign_on.remove(LINE).written is False


def test_neighbour_is_left_alone(tried: Tried) -> None:
    tried.sign_on.admit(NEIGHBOUR)
    state = tried.state(NEIGHBOUR.service_code)
    tried.sign_on.admit(LINE)
    for wanted in CHANGES.values():
        tried.sign_on.change(wanted)
    tried.sign_on.remove(LINE)
    assert tried.state(NEIGHBOUR.service_code) == state


def test_every_answer_is_a_sentence_for_a_person(tried: Tried) -> None:
    answers = [tried.sign_on.admit(LINE), tried.sign_on.change(CHANGES["refused"]), tried.sign_on.remove(LINE)]
    for answer in answers:
        assert answer.words.endswith(".")
        assert (LINE.service_code in answer.words) is tried.writes
