"""Resetting an ONT: asked for by support, seen on the device; off already, or not back, somebody knows and goes on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from isp_lifecycle.access.errors import Forbidden
from isp_lifecycle.access.model import Role
from isp_lifecycle.intake import care, support
from isp_lifecycle.intake.errors import NoLineToReset
from isp_lifecycle.views import care as views
from isp_lifecycle.workflows.engine import Engine
from isp_lifecycle.workflows.registry import WORKFLOWS
from isp_lifecycle.workflows.steps import Did
from tests.flows.line.acts import in_use, ordered
from tests.flows.line.conftest import Plant, actor

SUPPORT = actor(Role.SUPPORT)


@pytest.fixture
def hasty(plant: Plant) -> Plant:
    """A plant that waits for an ONT for a moment only."""
    network = plant.settings.network.model_copy(update={"reset_within_seconds": 0.3})
    return replace(plant, parts=replace(plant.parts, settings=plant.settings.model_copy(update={"network": network})))


def resets(plant: Plant) -> int:
    return sum(one.what.startswith("ont reset ") for one in plant.lab.activity() if one.kind == "command")


def test_who_may_reset_what(plant: Plant) -> None:
    ordered(plant)
    service = plant.one("SELECT code FROM services").code
    with pytest.raises(NoLineToReset):
        care.reset_ont(plant.door, SUPPORT, service_code=service)
    with pytest.raises(Forbidden):
        care.reset_ont(plant.door, actor(Role.SALES), service_code=service)


def test_reset_is_seen_and_one_that_does_not_come_back_is_known(hasty: Plant) -> None:
    service, serial = in_use(hasty)
    before = resets(hasty)
    now = views.line_now(hasty.window, SUPPORT, service_code=service)
    assert now is not None
    assert now.online
    assert {one.error for one in views.read_out(now)} == {""}
    assert views.last_reset(hasty.window, SUPPORT, service_code=service) is None
    assert not views.sessions_now(hasty.window, SUPPORT, service_code=service).connected
    delivery = care.reset_ont(hasty.door, SUPPORT, service_code=service)
    assert care.reset_ont(hasty.door, SUPPORT, service_code=service) == delivery  # a second press
    hasty.work()
    assert hasty.one("SELECT state FROM deliveries WHERE id = :d", d=delivery).state == "done"
    ont = hasty.lab.ont(serial)
    assert (ont.run_state, resets(hasty) - before) == ("online", 1)
    assert hasty.one("SELECT count(*) AS n FROM readings WHERE source = 'ont_reset'").n == 1
    row = hasty.one("SELECT actor, subject_id FROM audit WHERE action = 'care.reset_ont' ORDER BY at LIMIT 1")
    assert (row.actor, row.subject_id) == (SUPPORT.username, service)

    # It does not come back: somebody knows, and Retry watches for it without telling it again.
    delivery = care.reset_ont(hasty.door, SUPPORT, service_code=service)
    wait = WORKFLOWS["ont_reset"].steps[3]

    def dark(case: object, site: object) -> Did[object]:
        hasty.lab.power_off(serial)
        return wait.do(case, site)

    steps = tuple(replace(step, do=dark) if step is wait else step for step in WORKFLOWS["ont_reset"].steps)
    workflow = replace(WORKFLOWS["ont_reset"], steps=steps)
    Engine(parts=hasty.parts, worker="test", workflows={**WORKFLOWS, "ont_reset": workflow}).run(delivery)
    failed = hasty.one("SELECT state, failure FROM deliveries WHERE id = :d", d=delivery)
    assert (failed.state, failed.failure["kind"], failed.failure["step"]) == ("failed", "needs person", wait.name)
    assert "not back after" in failed.failure["what"]
    hasty.work()
    assert hasty.one("SELECT count(*) AS n FROM tickets WHERE state NOT IN ('resolved', 'closed', 'cancelled')").n == 1
    hasty.lab.power_on(serial)
    hasty.lab.wait_until(serial, "online", seconds=10)
    support.retry(hasty.door, SUPPORT, delivery_id=delivery)
    hasty.work()
    assert hasty.one("SELECT state FROM deliveries WHERE id = :d", d=delivery).state == "done"
    assert resets(hasty) - before == 2

    last = views.last_reset(hasty.window, SUPPORT, service_code=service)
    assert last is not None
    assert (last.delivery_id, last.state, {step.state for step in last.steps}) == (delivery, "done", {"done"})

    # One that is off already is refused, with what the customer can do.
    hasty.lab.power_off(serial)
    hasty.lab.wait_until(serial, "offline", seconds=10)
    delivery = care.reset_ont(hasty.door, SUPPORT, service_code=service)
    hasty.work()
    failed = hasty.one("SELECT state, failure FROM deliveries WHERE id = :d", d=delivery)
    assert (failed.state, failed.failure["kind"]) == ("failed", "refused")
    assert "is not online" in failed.failure["what"]
    assert "power" in failed.failure["remedy"]
    now = views.line_now(hasty.window, SUPPORT, service_code=service)
    assert now is not None
    assert not now.online
    assert now.detail.value is None
    hasty.lab.fault(now.olt, "unreachable")
    now = views.line_now(hasty.window, SUPPORT, service_code=service)
    assert now is not None
    assert [one.what for one in views.read_out(now) if one.error] == ["State"]
    assert resets(hasty) - before == 2
