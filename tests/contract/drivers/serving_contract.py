"""Every vendor's lines beyond a bridge in a shared VLAN: what ONTs are told to do, and tags of a line's own."""

from __future__ import annotations

import re
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Interface

import pytest

from isp_lifecycle.drivers.contract import LineWanted, OltAccess, OltSession, OntService, Transcript
from isp_lifecycle.drivers.drift import Built, Drift, DriftKind, Expected, drifts
from isp_lifecycle.drivers.errors import NotOffered
from isp_lifecycle.drivers.ont_service import BRIDGE, Dhcp, Offer, Pppoe, Static
from isp_lifecycle.drivers.registry import open_session, vendor_named
from isp_lifecycle.foundation.errors import LifecycleError

SECRET = "kq7xn2pd4mfa"
PPPOE = Pppoe("S-900001", SECRET)
STATIC = Static(IPv4Interface("198.51.100.7/24"), IPv4Address("198.51.100.1"), (IPv4Address("192.0.2.53"),))
SERVICES = (
    OntService(native_vlan=100),
    OntService(wan=Dhcp()),
    OntService(wan=STATIC),
    OntService(native_vlan=100, wan=PPPOE),
)


def declined(access: OltAccess, service: OntService) -> bool:
    return service.wan is not None and service.wan.offer in vendor_named(access.vendor).commands.declines


def differing(olt: OltSession, *lines: LineWanted) -> list[list[Drift]]:
    """What each of several records of one line differs in, held against one look at the whole OLT."""
    found = olt.everything((lines[0].port,), closely=frozenset({lines[0].port}))
    ont = next(ont for ont in found.onts if ont.key == lines[0].key)
    built = [
        Built(
            key=line.key,
            port=line.port,
            ont_id=ont.ont_id,
            serial=line.serial,
            vlan=line.vlan,
            rates=(line.down_kbps, line.up_kbps),
            inner=line.inner,
            ont=line.ont,
            on_ont=line.on_ont,
        )
        for line in lines
    ]
    code = lines[0].key
    kept = [
        Expected(lines={code: one}, states={code: "active"}, gem_port=1, ours=lambda key: key == code) for one in built
    ]
    return [[one for one in drifts(each, found) if one.kind is not DriftKind.STRANGER] for each in kept]


class ServingContract:
    def test_ont_is_told_what_to_do_and_told_otherwise(
        self, olt: OltSession, wanted: LineWanted, access: OltAccess
    ) -> None:
        olt.apply(olt.plan(olt.read(wanted), wanted))
        plain = replace(wanted, ont=BRIDGE)
        for service in SERVICES:
            line = replace(wanted, ont=service)
            if declined(access, service):
                with pytest.raises(NotOffered):
                    olt.plan(olt.read(line), line)
                continue
            assert {one.field for one in olt.verify(line)} <= {"native_vlan", "router"} != set()
            olt.apply(olt.plan(olt.read(line), line))
            found = olt.read(line)
            assert olt.plan(found, line).empty
            right, wrong = differing(olt, line, plain)
            assert right == []
            assert {one.kind for one in wrong} == {DriftKind.SERVES}
        olt.apply(olt.plan(olt.read(plain), plain))
        assert olt.verify(plain) == ()

    def test_router_moves_with_its_plan_and_stays_as_it_is_in_the_walled_garden(
        self, olt: OltSession, wanted: LineWanted
    ) -> None:
        line = replace(wanted, ont=OntService(wan=PPPOE))
        olt.apply(olt.plan(olt.read(line), line))
        walled = replace(line, vlan=line.vlan + 11, user_vlan=line.vlan)
        plan = olt.plan(olt.read(walled), walled)
        assert not any("router" in change.what for change in plan.changes)
        olt.apply(plan)
        assert olt.verify(walled) == ()
        other = replace(line, vlan=line.vlan + 11)
        assert {one.field for one in olt.verify(other)} >= {"router"}
        olt.apply(olt.plan(olt.read(other), other))
        assert olt.verify(other) == ()

    def test_swap_and_repair_bring_the_router_along(self, olt: OltSession, wanted: LineWanted) -> None:
        line = replace(wanted, ont=OntService(native_vlan=100, wan=PPPOE))
        olt.apply(olt.plan(olt.read(line), line))
        swapped = replace(line, serial=type(line.serial).parse("HWTC-00C0FFEE"), replaces=line.serial)
        olt.apply(olt.plan(olt.read(swapped), swapped))
        assert olt.verify(swapped) == ()
        by_hand = replace(swapped, ont=OntService(wan=Dhcp()), replaces=None)
        olt.apply(olt.plan(olt.read(by_hand), by_hand))
        found = olt.read(swapped)
        assert found.ont is not None
        as_built = replace(swapped, replaces=None, ont_id=found.ont.ont_id)
        olt.apply(olt.plan_repair(olt.read(as_built), as_built))
        assert olt.verify(as_built) == ()

    def test_password_is_shown_nowhere(
        self, olt: OltSession, wanted: LineWanted, transcript: Transcript, access: OltAccess
    ) -> None:
        line = replace(wanted, ont=OntService(wan=PPPOE))
        plan = olt.plan(olt.read(line), line)
        assert SECRET in " ".join(plan.commands)
        shown = [plan.text(), *plan.shown_commands, repr(line), str(line.ont)]
        self.misbehave("unknown answer", on="pppoe")  # type: ignore[attr-defined]
        with pytest.raises(LifecycleError) as refused:
            olt.apply(plan)
        error = refused.value
        shown += [str(error), str(error.value), error.remedy, *(str(value) for value in vars(error).values())]
        olt.apply(olt.plan(olt.read(line), line))
        assert olt.verify(line) == ()
        other = replace(line, ont=OntService(wan=replace(PPPOE, password="another9one")))
        shown += [str(one) for one in olt.verify(other)]
        shown.append(transcript.text())
        assert not [text for text in shown if SECRET in text]
        assert "pppoe" in transcript.text()
        said = Transcript()
        with open_session(access, said) as session:
            session.everything((line.port,), closely=frozenset({line.port}))
        assert SECRET not in said.text()

    def test_line_with_a_tag_of_its_own(self, olt: OltSession, wanted: LineWanted, access: OltAccess) -> None:
        line = replace(wanted, vlan=2100, inner=317, user_vlan=wanted.vlan)
        if Offer.OWN_VLAN in vendor_named(access.vendor).commands.declines:
            with pytest.raises(NotOffered):
                olt.plan(olt.read(line), line)
            return
        olt.apply(olt.plan(olt.read(line), line))
        assert olt.plan(olt.read(line), line).empty
        assert self.seen(line.serial.normal).vlans == (2100,)  # type: ignore[attr-defined]
        other = replace(line, inner=318)
        right, (wrong,) = differing(olt, line, other)
        assert right == []
        assert wrong.kind is DriftKind.INNER_TAG
        assert re.search(r"has inner tag 317, should have inner tag 318", wrong.what)
        assert [str(one) for one in olt.verify(other)] == [
            "service_port should be on VLAN 2100 with inner tag 318, is on VLAN 2100 with inner tag 317"
        ]
        olt.apply(olt.plan(olt.read(other), other))
        assert olt.verify(other) == ()
        shared = replace(wanted, user_vlan=None)
        olt.apply(olt.plan(olt.read(shared), shared))
        assert differing(olt, shared) == [[]]
