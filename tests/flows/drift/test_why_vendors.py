"""Why a line does not work, on an OLT of each vendor: its own words for the same cause come out as the same finding."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from isp_lifecycle.access.model import Role
from isp_lifecycle.drivers.contract import LineWanted
from isp_lifecycle.lab.town import VENDORS
from isp_lifecycle.views.diagnosis import asking
from isp_lifecycle.views.diagnosis.model import Diagnosis
from tests.contract.drivers import drift_contract as hands
from tests.flows.drift.conftest import Mixed
from tests.flows.line.conftest import actor

SUPPORT = actor(Role.SUPPORT)


def why(mixed: Mixed, line: LineWanted) -> Diagnosis:
    return asking.look_into(mixed.plant.window, SUPPORT, key=line.key).wait()


def home(mixed: Mixed, line: LineWanted) -> str:
    return next(one.premises_code for one in mixed.town.customers if one.service_code == line.key)


@pytest.mark.parametrize("vendor", VENDORS)
def test_each_vendors_words_lead_to_the_same_findings(mixed: Mixed, vendor: str) -> None:
    olt, lab = mixed.olt_of(vendor), mixed.plant.lab
    good, dark, cut, slow, gone = mixed.lines(olt)[:5]
    lost: list[tuple[LineWanted, Callable[[], object]]] = [
        (dark, lambda: lab.power_off(dark.serial.normal)),
        (cut, lambda: lab.cut("drop", home(mixed, cut))),
    ]
    for line, deed in lost:
        deed()
        lab.wait_until(line.serial.normal, "offline", seconds=10)
    mixed.by_hand(olt, hands.slowed_down, slow)
    mixed.by_hand(olt, hands.removed, gone)
    found = [why(mixed, line) for line in (good, dark, cut, slow, gone)]
    assert [one.finding.cause for one in found] == [
        "healthy",
        "no power at the home",
        "drop cut",
        "rates changed on the OLT",
        "ONT not registered",
    ], [one.finding.says for one in found]
    assert all(one.final for one in found)
