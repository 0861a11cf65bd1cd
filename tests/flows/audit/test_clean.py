"""Where nothing is wrong the audit says nothing, whatever happened on the way."""

from __future__ import annotations

from isp_lifecycle.foundation.clock import today
from isp_lifecycle.intake import portal
from isp_lifecycle.views.audit.model import Outcome
from tests.flows.audit.conftest import ADMIN, Town


def test_a_town_and_a_line_that_came_changed_and_went_are_clean(town: Town) -> None:
    service = town.activated()
    report = town.audit()
    assert report.findings == ()
    assert report.outcome is Outcome.CLEAN
    looked = {part.what: part.count for part in report.looked_at}
    onts = sum(len(olt.onts) for olt in town.plant.lab.state().olts)
    assert sum(looked[olt.name] for olt in town.plant.town.olts) == onts
    assert looked["CRM messages"] == looked["mails in the sink"] == 3
    plant = town.plant
    day = today(clock=plant.parts.clock, zone=plant.settings.company.tz)
    portal.ask_plan_change(plant.door, ADMIN, service_code=service, plan_code="home-100", wanted_on=day)
    plant.work()
    assert town.audit().findings == ()
    portal.ask_termination(plant.door, ADMIN, service_code=service, wanted_on=day)
    plant.work()
    assert town.audit().findings == ()
