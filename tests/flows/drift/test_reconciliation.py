"""Every kind of drift on every vendor: found by one comparison, mended by approved plans, not found again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
import sqlalchemy as sa

from isp_lifecycle.access.model import SYSTEM, Role
from isp_lifecycle.events import deliveries
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.errors import IllegalMove
from isp_lifecycle.intake import drift as intake
from isp_lifecycle.intake import engine as engine_intake
from isp_lifecycle.intake import support as support_intake
from isp_lifecycle.intake.errors import NoPlan, OtherRemedy
from isp_lifecycle.lab.town import VENDORS
from isp_lifecycle.views import drift as views
from isp_lifecycle.views.drift import DriftRow
from isp_lifecycle.workflows.line import reconciliation
from tests.contract.drivers import drift_contract as hands
from tests.contract.drivers.drift_contract import HANDS, another
from tests.flows.drift.conftest import Mixed
from tests.flows.line.conftest import actor

NETWORK = actor(Role.NETWORK)


def compared(mixed: Mixed, olt: str) -> dict[str, DriftRow]:
    """What one comparison found on an OLT, by the line's code."""
    intake.compare(mixed.plant.door, NETWORK, olt=olt)
    assert set(mixed.plant.work()) == {"done"}
    return {row.key: row for row in views.drifts(mixed.plant.window, NETWORK, olt=olt)}


def state_of(mixed: Mixed, drift_id: UUID) -> str:
    return views.drift(mixed.plant.window, NETWORK, drift_id=drift_id).state


def stands_on(mixed: Mixed, olt: str) -> int:
    """ONTs that are registered on an OLT, by the lab itself."""
    return len(mixed.plant.lab.olt(olt).onts)


@pytest.mark.parametrize("vendor", VENDORS)
def test_an_olt_as_recorded_does_not_differ(mixed: Mixed, vendor: str) -> None:
    olt = mixed.olt_of(vendor)
    assert compared(mixed, olt) == {}
    (row,) = [row for row in views.olts(mixed.plant.window, NETWORK) if row.olt == olt]
    assert (row.onts, row.strangers, row.open, row.under_way) == (stands_on(mixed, olt), 0, 0, None)
    assert row.compared_at is not None


@pytest.mark.parametrize("vendor", VENDORS)
def test_twelve_hands_are_found_in_one_comparison_and_mended(mixed: Mixed, vendor: str) -> None:
    """Twelve lines, a different thing done to each: eleven kinds of drift, and one more for an ended service."""
    olt = mixed.olt_of(vendor)
    lines = mixed.lines(olt)[: len(HANDS) + 1]
    before = stands_on(mixed, olt)
    for (hand, _), line in zip(HANDS, lines, strict=False):
        mixed.by_hand(olt, hand, line)
    ended = lines[-1].key
    with write(mixed.plant.engine) as tx:
        tx.execute(
            sa.text("DELETE FROM lines l USING services s WHERE l.service_id = s.id AND s.code = :c"), {"c": ended}
        )
        tx.execute(sa.text("UPDATE services SET state = 'terminated', ended_on = now() WHERE code = :c"), {"c": ended})

    found = compared(mixed, olt)
    assert {key: set(row.kinds) for key, row in found.items()} == {
        **{line.key: {str(kind) for kind in kinds} for (_, kinds), line in zip(HANDS, lines, strict=False)},
        ended: {"left"},
    }
    for row in found.values():
        assert row.obstacle == ""
        assert row.plan
        assert row.remedy == ("remove" if row.key == ended else "repair")
        assert "network" in row.may_approve
        approve = intake.remove if row.remedy == "remove" else intake.repair
        approve(mixed.plant.door, NETWORK, drift_id=row.id)
    assert set(mixed.plant.work()) == {"done"}
    assert {state_of(mixed, row.id) for row in found.values()} == {"mended"}
    assert compared(mixed, olt) == {}
    assert stands_on(mixed, olt) == before - 1


def test_what_was_exchanged_by_hand_can_be_taken_as_found(mixed: Mixed) -> None:
    olt = mixed.olt_of("huawei")
    line, other, *_ = mixed.lines(olt)
    mixed.by_hand(olt, hands.exchanged, line)
    mixed.by_hand(olt, hands.slowed_down, other)
    found = compared(mixed, olt)
    assert found[line.key].can_record
    assert not found[other.key].can_record  # rates are what was agreed
    intake.take_as_found(mixed.plant.door, NETWORK, drift_id=found[line.key].id)
    assert state_of(mixed, found[line.key].id) == "approved"
    assert mixed.plant.work() == {"done": 1}
    serial = mixed.plant.one(
        "SELECT l.serial FROM lines l JOIN services s ON s.id = l.service_id WHERE s.code = :c", c=line.key
    )
    assert serial.serial == another(line).normal
    assert state_of(mixed, found[line.key].id) == "recorded"
    assert set(compared(mixed, olt)) == {other.key}


def test_a_plan_that_was_not_approved_is_not_carried_out(mixed: Mixed) -> None:
    """Between approval and repair somebody changes the line again."""
    olt = mixed.olt_of("huawei")
    line = mixed.lines(olt)[0]
    mixed.by_hand(olt, hands.slowed_down, line)
    drift = compared(mixed, olt)[line.key]
    delivery = intake.repair(mixed.plant.door, NETWORK, drift_id=drift.id)
    with pytest.raises(IllegalMove):
        intake.repair(mixed.plant.door, NETWORK, drift_id=drift.id)
    mixed.by_hand(olt, hands.switched_off, line)
    assert mixed.plant.work() == {"failed": 1}
    failure = mixed.plant.one("SELECT failure->>'what' AS what FROM deliveries WHERE id = :d", d=delivery).what
    assert "changed since the repair" in failure
    assert compared(mixed, olt)[line.key].state == "approved"  # it is in that delivery's hands
    support_intake.cancel(
        mixed.plant.door, actor(Role.SUPPORT), delivery_id=delivery, reason="The line is to be looked at again."
    )
    mixed.plant.work()
    anew = compared(mixed, olt)[line.key]
    assert (anew.state, set(anew.kinds)) == ("open", {"switched"})
    intake.repair(mixed.plant.door, NETWORK, drift_id=anew.id)
    assert mixed.plant.work() == {"done": 1}
    assert compared(mixed, olt) == {}


def test_what_ended_by_itself_is_gone_and_what_has_no_plan_says_why(mixed: Mixed) -> None:
    olt = mixed.olt_of("huawei")
    line, neighbour, *_ = mixed.lines(olt)
    mixed.by_hand(olt, hands.slowed_down, line)
    drift = compared(mixed, olt)[line.key]
    with pytest.raises(OtherRemedy):
        intake.remove(mixed.plant.door, NETWORK, drift_id=drift.id)
    mixed.by_hand(olt, hands.made, line)
    assert compared(mixed, olt) == {}
    assert state_of(mixed, drift.id) == "gone"

    mixed.by_hand(olt, hands.removed, line)
    mixed.by_hand(olt, hands.removed, neighbour)
    with write(mixed.plant.engine) as tx:  # the record of one line names the other's ONT id, which another has now
        tx.execute(sa.text("UPDATE lines SET ont_id = 90 WHERE serial = :s"), {"s": line.serial.normal})
    squatter = hands.replace(neighbour, key="lobby", port=line.port, ont_id=90, serial=another(neighbour))
    mixed.by_hand(olt, hands.made, squatter)
    blocked = compared(mixed, olt)[line.key]
    assert blocked.plan == ""
    assert "90" in blocked.obstacle
    with pytest.raises(NoPlan):
        intake.repair(mixed.plant.door, NETWORK, drift_id=blocked.id)


def test_an_olt_is_compared_once_at_a_time_and_a_paused_one_later(mixed: Mixed) -> None:
    olt = mixed.olt_of("huawei")
    engine_intake.pause(mixed.plant.door, NETWORK, what=olt, reason="maintenance")
    first = intake.compare(mixed.plant.door, NETWORK, olt=olt)
    assert intake.compare(mixed.plant.door, NETWORK, olt=olt) == first
    assert intake.compare_all(mixed.plant.door, SYSTEM) == len(mixed.town.olts)
    rows = mixed.plant.many("SELECT id FROM deliveries WHERE subscriber = 'reconciliation'")
    assert len(rows) == len(mixed.town.olts)
    engine_intake.resume(mixed.plant.door, NETWORK, what=olt)
    assert mixed.plant.work() == {"done": len(rows)}


def test_a_comparison_that_cannot_be_made_says_why(mixed: Mixed) -> None:
    olt = mixed.olt_of("huawei")
    mixed.plant.lab.fault(olt, "unknown_answer", match="display ont info", times=1)
    delivery = intake.compare(mixed.plant.door, NETWORK, olt=olt)
    assert mixed.plant.work() == {"failed": 1}
    (row,) = [row for row in views.olts(mixed.plant.window, NETWORK) if row.olt == olt]
    assert (row.under_way, row.compared_at) == (delivery, None)
    assert "does not know" in row.failed
    assert intake.compare(mixed.plant.door, NETWORK, olt=olt) == delivery  # as the next night's does
    assert mixed.plant.work() == {"done": 1}
    (row,) = [row for row in views.olts(mixed.plant.window, NETWORK) if row.olt == olt]
    assert (row.under_way, row.failed) == (None, "")


def test_a_comparison_that_somebody_continues_at_this_moment_does_not_spoil_the_night(mixed: Mixed) -> None:
    """The night meets a failed comparison whose Retry is being committed: it waits for it, and takes it as it is."""
    olt = mixed.olt_of("huawei")
    mixed.plant.lab.fault(olt, "unknown_answer", match="display ont info", times=1)
    delivery = intake.compare(mixed.plant.door, NETWORK, olt=olt)
    assert mixed.plant.work() == {"failed": 1}
    with ThreadPoolExecutor(1) as other:
        with write(mixed.plant.engine) as tx:
            deliveries.retry(tx=tx, delivery_id=delivery, now=mixed.plant.parts.clock.now())
            night = other.submit(intake.compare, mixed.plant.door, NETWORK, olt=olt)
            with pytest.raises(TimeoutError):
                night.result(0.5)
        assert night.result(10) == delivery
    assert mixed.plant.work() == {"done": 1}


def test_what_was_not_judged_is_not_called_gone(mixed: Mixed, monkeypatch: pytest.MonkeyPatch) -> None:
    """An open drift stays open while another delivery is at its line, and where more differ than are noted."""
    olt = mixed.olt_of("huawei")
    line, other, *_ = mixed.lines(olt)
    mixed.by_hand(olt, hands.slowed_down, line)
    drift = compared(mixed, olt)[line.key]
    service = mixed.plant.one("SELECT id FROM services WHERE code = :c", c=line.key).id
    monkeypatch.setattr(reconciliation, "at_devices", lambda *, tx: frozenset({service}))
    assert set(compared(mixed, olt)) == {line.key}
    assert state_of(mixed, drift.id) == "open"
    monkeypatch.undo()

    mixed.by_hand(olt, hands.slowed_down, other)
    compared(mixed, olt)
    monkeypatch.setattr(reconciliation, "NOTED_AT_MOST", 1)
    assert set(compared(mixed, olt)) == {line.key, other.key}
