"""Looking after an ONT, the same for every vendor: what it is, what goes through it, and its restart, observed."""

from __future__ import annotations

import time
from abc import ABC
from collections.abc import Callable

import pytest

from isp_lifecycle.drivers.contract import LineWanted, OltSession, OntFound, OntLife
from isp_lifecycle.drivers.errors import OntMissing, OntOffline
from tests.contract.drivers.lab_process import RunningLab


class CareContract(ABC):
    """Part of `driver_contract.DriverContract`."""

    lab: RunningLab
    shows_software = True
    """Whether a display of the version of an ONT's software is established."""
    shows_damage = False
    """Whether a display of damaged frames is."""

    def placed(self, olt: OltSession, line: LineWanted) -> OntFound:
        ont = olt.find(line.serial)
        assert ont is not None
        return ont

    def life_when(self, olt: OltSession, ont: OntFound, condition: Callable[[OntLife], bool]) -> OntLife:
        ends = time.monotonic() + 5.0
        while not condition(life := olt.ont_life(ont.port, ont.ont_id)):
            assert time.monotonic() < ends, life
        return life

    def test_what_an_ont_is_and_what_went_through_it(
        self, olt: OltSession, wanted: LineWanted, neighbour: LineWanted
    ) -> None:
        ont = self.placed(olt, neighbour)
        detail = olt.ont_detail(ont.port, ont.ont_id)
        (box,) = [box for box in self.lab.client.state().boxes if box.serial == neighbour.serial.normal]
        assert detail is not None
        assert (detail.vendor, detail.model, bool(detail.hardware)) == (box.vendor, box.model, True)
        assert bool(detail.software and detail.standby) is self.shows_software
        first, second = (olt.ont_counters(ont.port, ont.ont_id) for _ in range(2))
        assert (first.down_bytes or 0) > (first.up_bytes or 0) > (first.up_packets or 0) > 0
        assert (second.down_bytes or 0) >= (first.down_bytes or 0) > (first.down_packets or 0) > 0
        assert (first.down_kbps or 0) > (first.up_kbps or 0) > 0
        assert (first.up_bip_errors is not None and first.down_bip_errors is not None) is self.shows_damage
        for look in (olt.ont_life, olt.ont_counters):
            with pytest.raises(OntMissing):
                look(wanted.port, 120)
        assert olt.ont_detail(wanted.port, 120) is None

    def test_reset_is_planned_and_seen(self, olt: OltSession, neighbour: LineWanted) -> None:
        ont = self.placed(olt, neighbour)
        before = olt.ont_life(ont.port, ont.ont_id)
        assert not olt.ont_life(ont.port, ont.ont_id).left_since(before)
        plan = olt.plan_reset(olt.ont_status(ont.port, ont.ont_id))
        assert [change.verb for change in plan.changes] == ["reset"]
        assert neighbour.serial.display in plan.text()
        olt.apply(plan)
        after = self.life_when(olt, ont, lambda life: life.back_since(before))
        assert after.run_state == "online"
        assert not olt.ont_life(ont.port, ont.ont_id).left_since(after)
        assert olt.verify(neighbour) == ()

    def test_an_ont_that_is_off_is_not_reset(self, olt: OltSession, neighbour: LineWanted) -> None:
        ont = self.placed(olt, neighbour)
        before = olt.ont_life(ont.port, ont.ont_id)
        self.lab.client.power_off(neighbour.serial.normal)
        gone = self.life_when(olt, ont, lambda life: life.run_state == "offline")
        assert gone.left_since(before)
        assert not gone.back_since(before)
        assert gone.up_seconds is None
        assert olt.ont_detail(ont.port, ont.ont_id) is None
        with pytest.raises(OntOffline) as refused:
            olt.plan_reset(olt.ont_status(ont.port, ont.ont_id))
        assert neighbour.serial.display in refused.value.message
        assert "power" in refused.value.remedy
