"""Every vendor's drift: whatever somebody did to a line at the console is named, and mended by one plan."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from isp_lifecycle.drivers.contract import LineWanted, OltSession, Plan
from isp_lifecycle.drivers.drift import Built, Drift, DriftKind, Expected, drifts
from isp_lifecycle.drivers.errors import SerialElsewhere
from isp_lifecycle.drivers.values import Serial

K = DriftKind
Hand = Callable[[OltSession, LineWanted], None]


def another(line: LineWanted) -> Serial:
    """An ONT of the same make that nobody else has."""
    number = int(line.serial.normal[8:], 16) ^ 0xFFFFFFFF
    return Serial(f"{line.serial.normal[:8]}{number:08X}")


def far_from(line: LineWanted) -> int:
    """An id that no line of the lab's has, nor gets while others come and go."""
    return (line.ont_id or 0) + 60


def made(olt: OltSession, wanted: LineWanted) -> Plan:
    plan = olt.plan(olt.read(wanted), wanted)
    olt.apply(plan)
    return plan


def some_of(plan: Plan, keep: Callable[[int, str], bool]) -> Plan:
    """The plan without some of its changes, and without looking for the line afterwards."""
    return replace(plan, wanted=None, changes=tuple(c for n, c in enumerate(plan.changes) if keep(n, c.verb)))


def numbered_on(plan: Plan) -> Plan:
    """Where service ports are numbered within their ONT (ZTE, V-SOL), a second one has the next number."""
    first = re.compile(r"service-port 1 (?=vport|user-vlan|gemport)")
    changes = (
        replace(c, commands=tuple(first.sub("service-port 2 ", line) for line in c.commands)) for c in plan.changes
    )
    return replace(plan, changes=tuple(changes))


def removed(olt: OltSession, line: LineWanted) -> None:
    olt.apply(olt.plan_removal(olt.read(line), line.key))


def described_otherwise(olt: OltSession, line: LineWanted) -> None:
    olt.apply(olt.plan_repair(olt.read(line), replace(line, key="Flat-4-new")))


def moved(olt: OltSession, line: LineWanted) -> None:
    removed(olt, line)
    made(olt, replace(line, ont_id=far_from(line)))


def moved_to_the_next_port(olt: OltSession, line: LineWanted) -> None:
    removed(olt, line)
    made(olt, replace(line, port=replace(line.port, port=line.port.port + 1), ont_id=far_from(line) + 30))


def exchanged(olt: OltSession, line: LineWanted) -> None:
    made(olt, replace(line, serial=another(line), replaces=line.serial))


def exchanged_and_moved(olt: OltSession, line: LineWanted) -> None:
    exchanged(olt, line)
    made(olt, replace(line, ont_id=far_from(line), beside=another(line)))


def switched_off(olt: OltSession, line: LineWanted) -> None:
    made(olt, replace(line, enabled=False))


def made_twice(olt: OltSession, line: LineWanted) -> None:
    made(olt, replace(line, serial=another(line), ont_id=far_from(line), beside=line.serial))


def cut_from_its_vlan(olt: OltSession, line: LineWanted) -> None:
    olt.apply(some_of(olt.plan_removal(olt.read(line), line.key), lambda n, verb: n == 0))


def on_two_vlans(olt: OltSession, line: LineWanted) -> None:
    other = replace(line, vlan=line.vlan + 11)
    plan = olt.plan(olt.read(other), other)
    olt.apply(numbered_on(some_of(plan, lambda n, verb: verb != "remove")))


def on_another_vlan(olt: OltSession, line: LineWanted) -> None:
    made(olt, replace(line, vlan=line.vlan + 11))


def slowed_down(olt: OltSession, line: LineWanted) -> None:
    made(olt, replace(line, down_kbps=64_000))


#: What somebody did, and the differences that it makes. With `UNTOUCHED` kinds below: fifteen kinds in all.
HANDS: list[tuple[Hand, set[DriftKind]]] = [
    (removed, {K.ONT_MISSING}),
    (described_otherwise, {K.DESCRIPTION}),
    (moved, {K.PLACE}),
    (moved_to_the_next_port, {K.PLACE}),
    (exchanged, {K.SERIAL}),
    (exchanged_and_moved, {K.ONT_TWICE, K.SERIAL}),
    (switched_off, {K.SWITCHED}),
    (made_twice, {K.ONT_TWICE}),
    (cut_from_its_vlan, {K.FLOW_MISSING}),
    (on_two_vlans, {K.FLOW_TWICE}),
    (on_another_vlan, {K.VLAN}),
    (slowed_down, {K.RATES}),
]


class DriftContract:
    """Inherited by `DriverContract`, whose fixtures it uses."""

    one_unit = False
    """Whether the OLT is built in one piece, without slots for other boards."""

    @pytest.fixture
    def built(self, olt: OltSession, wanted: LineWanted) -> LineWanted:
        """The line as it was built, with the ONT id that the device gave it."""
        applied = olt.apply(olt.plan(olt.read(wanted), wanted))
        assert applied.ont is not None
        return replace(wanted, ont_id=applied.ont.ont_id)

    def differences(self, olt: OltSession, *lines: LineWanted, expected: Expected | None = None) -> list[Drift]:
        """What differs, but for the neighbours that the device has since its first day."""
        since_day_one = {one.serial for one in olt.everything((lines[0].port,)).onts} - {
            another(line) for line in lines
        }
        expected = expected or self.expected(olt, *lines)
        known = since_day_one - {line.serial for line in lines}
        ours = {line.key for line in lines} | {"S-999999"}
        expected = replace(expected, ours=lambda key: key in ours, strangers=frozenset(known))
        port = lines[0].port
        return list(drifts(expected, olt.everything((port, replace(port, port=port.port + 1)))))

    def expected(self, olt: OltSession, *lines: LineWanted) -> Expected:
        return Expected(
            lines={line.key: self.as_built(line) for line in lines},
            states={line.key: "active" for line in lines},
            gem_port=olt.access.profile.gem_port,
            ours=lambda key: re.fullmatch(r"S-\d{6}", key) is not None,
        )

    def as_built(self, line: LineWanted) -> Built:
        assert line.ont_id is not None
        rates = (line.down_kbps, line.up_kbps)
        return Built(key=line.key, port=line.port, ont_id=line.ont_id, serial=line.serial, vlan=line.vlan, rates=rates)

    def test_a_line_as_built_has_no_drift(self, olt: OltSession, built: LineWanted) -> None:
        assert self.differences(olt, built) == []

    @pytest.mark.parametrize(("hand", "kinds"), HANDS, ids=[hand.__name__ for hand, _ in HANDS])
    def test_what_a_hand_did_is_named_and_mended(
        self, olt: OltSession, built: LineWanted, neighbour: LineWanted, hand: Hand, kinds: set[DriftKind]
    ) -> None:
        hand(olt, built)
        found = self.differences(olt, built)
        assert {one.kind for one in found} == kinds
        assert {one.key for one in found} == {built.key}
        assert all(one.what and one.place for one in found)
        plan = olt.plan_repair(olt.read(built), built, others={neighbour.key})
        assert not plan.empty
        applied = olt.apply(plan)
        assert applied.ont is not None
        assert (applied.ont.serial, applied.ont.ont_id) == (built.serial, built.ont_id)
        assert self.differences(olt, built) == []
        assert olt.verify(built) == ()
        assert olt.plan_repair(olt.read(built), built, others={neighbour.key}).empty
        assert olt.verify(neighbour) == ()

    def test_what_stands_for_nobody_is_named_by_what_is_known(self, olt: OltSession, built: LineWanted) -> None:
        expected = self.expected(olt, built)
        nobody = replace(expected, lines={})
        elsewhere = replace(nobody, elsewhere={built.key: "OLT-FAR 0/1/1 ONT 2"})
        ended, unknown = replace(nobody, states={built.key: "terminated"}), replace(nobody, states={})
        cases = ((elsewhere, K.ELSEWHERE), (nobody, K.UNRECORDED), (ended, K.LEFT), (unknown, K.LEFT))
        for records, kind in cases:
            (drift,) = self.differences(olt, built, expected=records)
            assert drift.kind is kind
            assert drift.ont is not None
            assert drift.ont.serial == built.serial
        (drift,) = self.differences(olt, built, expected=replace(nobody, states={}))
        plan = olt.plan_removal(olt.read(built), drift.key)
        olt.apply(plan)
        assert self.differences(olt, built, expected=replace(nobody, states={})) == []

    def test_a_stranger_and_a_missing_vlan_are_named(self, olt: OltSession, built: LineWanted) -> None:
        made(olt, replace(built, key="lobby-camera", serial=another(built), ont_id=None))
        (stranger,) = self.differences(olt, built)
        assert stranger.kind is K.STRANGER
        assert "“lobby-camera”" in stranger.what
        gone = replace(built, vlan=3777)
        kinds = {one.kind for one in self.differences(olt, gone)}
        assert {K.VLAN_MISSING, K.VLAN} <= kinds
        olt.apply(olt.plan_repair(olt.read(gone), gone))
        assert {one.kind for one in self.differences(olt, gone)} == {K.STRANGER}

    def test_what_is_another_lines_is_never_taken_away(
        self, olt: OltSession, built: LineWanted, neighbour: LineWanted
    ) -> None:
        theirs = replace(built, serial=neighbour.serial)
        with pytest.raises(SerialElsewhere, match=neighbour.key):
            olt.plan_repair(olt.read(theirs), theirs, others={neighbour.key})
        assert olt.verify(neighbour) == ()

    def test_boards_have_the_ports_that_lines_hang_on(self, olt: OltSession, neighbour: LineWanted) -> None:
        boards = olt.boards()
        (mine,) = [board for board in boards if neighbour.port in board.pon_ports]
        assert mine.model
        assert mine.state
        assert mine.place == f"{neighbour.port.frame}/{neighbour.port.slot}"
        assert self.one_unit or any(not board.pon_ports for board in boards)
        assert {ont.port for ont in olt.everything(()).onts} <= {port for board in boards for port in board.pon_ports}
