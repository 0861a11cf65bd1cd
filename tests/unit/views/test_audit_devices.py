"""As built against as found, for what a well-behaved OLT hardly lets happen and what belongs to others."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from isp_lifecycle.drivers.contract import OltFound, OntFound, PonPort, RateTable, Serial, ServicePortFound
from isp_lifecycle.views.audit.devices import compare, notes
from isp_lifecycle.views.audit.records import LineRecord, Records, SaveRecord, too_long_unsaved

PORT, BOX = PonPort(0, 1, 0), Serial("48575443AABBCC01")
LINE = LineRecord("S-000001", "active", "OLT-X", PORT, 0, BOX, 100, 500_000, 100_000)
ONT = OntFound(PORT, 0, BOX, "S-000001")
FLOW = ServicePortFound(7, PORT, 0, 1, 100, RateTable("fast", 11, 500_000), RateTable("slow", 12, 100_000))
FOUND = OltFound("OLT-X", (ONT,), (FLOW,), frozenset({100}))
RECORDS = Records(
    lines={"S-000001": LINE},
    states={"S-000001": "active"},
    vlans={"OLT-X": frozenset({100})},
    ports={"OLT-X": (PORT,)},
    busy=frozenset(),
    unsaved={},
)


def said(records: Records, found: OltFound) -> list[tuple[str, str, str]]:
    return [(str(f.kind), f.about, f.key) for f in compare(records, found, gem_port=1)]


def in_state(state: str) -> Records:
    line = replace(LINE, state=state)
    return replace(RECORDS, lines={line.code: line}, states={line.code: state})


def test_a_line_as_built_is_no_finding() -> None:
    assert said(RECORDS, FOUND) == []
    assert list(notes(RECORDS, FOUND)) == []


def test_a_service_port_of_no_ont_and_a_vlan_that_is_gone_are_named() -> None:
    stray = replace(FOUND, service_ports=(FLOW, replace(FLOW, index=9, ont_id=5)), vlans=frozenset())
    assert said(RECORDS, stray) == [
        ("leaked", "service port", "OLT-X service port 9"),
        ("lost", "VLAN", "OLT-X VLAN 100"),
    ]


def test_flows_on_other_gem_ports_are_other_services() -> None:
    telephony = replace(FLOW, index=9, gem_port=2, vlan=300)
    assert said(RECORDS, replace(FOUND, service_ports=(FLOW, telephony))) == []


def test_a_service_port_without_a_limit_is_a_wrong_rate() -> None:
    (finding,) = compare(RECORDS, replace(FOUND, service_ports=(replace(FLOW, down=None),)), gem_port=1)
    assert "has no limit down and 100000 kbit/s up, should have 500000" in finding.what


@pytest.mark.parametrize("on", [True, False])
def test_a_suspended_line_stands_as_it_was_shut(on: bool) -> None:
    shut = in_state("suspended")
    shut = replace(shut, lines={"S-000001": replace(shut.lines["S-000001"], enabled=on, down_kbps=1024)})
    slow = (replace(FLOW, down=RateTable("crawl", 13, 1024)),)
    found = replace(FOUND, onts=(replace(ONT, enabled=on),), service_ports=slow)
    assert said(shut, found) == []
    assert said(shut, replace(found, onts=(replace(ONT, enabled=not on),))) == [("lost", "ONT", "S-000001")]
    assert said(shut, replace(found, service_ports=(FLOW,))) == [("lost", "service port", "S-000001")]
    assert said(shut, replace(found, onts=(), service_ports=())) == [("lost", "ONT", "S-000001")]


@pytest.mark.parametrize("state", ["pending", "terminated"])
def test_what_stands_for_a_service_that_is_not_in_use_is_leaked_unless_a_workflow_has_it(state: str) -> None:
    without_line = replace(in_state(state), lines={})
    assert said(without_line, FOUND) == [("leaked", "ONT", "S-000001")]
    assert said(replace(without_line, busy=frozenset({"S-000001"})), FOUND) == []


def test_codes_of_others_are_counted_and_not_judged() -> None:
    foreign = replace(ONT, ont_id=3, serial=Serial("48575443AABBCC09"), key="house 7")
    assert said(RECORDS, replace(FOUND, onts=(ONT, foreign))) == []
    assert "1 ONTs carry no code of ours" in next(iter(notes(RECORDS, replace(FOUND, onts=(foreign,))))).what


def test_unsaved_changes_are_a_fault_when_the_schedule_had_its_time() -> None:
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    old, fresh = SaveRecord(at - timedelta(hours=1), False), SaveRecord(at - timedelta(minutes=5), False)
    allowed = timedelta(minutes=30)
    judged = [too_long_unsaved(save, at=at, allowed=allowed) for save in (old, fresh, replace(old, under_way=True))]
    assert judged == [True, False, False]
