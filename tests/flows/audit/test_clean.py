"""Where nothing is wrong the audit says nothing; what it could not see it never calls clean."""

from __future__ import annotations

from datetime import timedelta

from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.foundation.clock import today
from isp_lifecycle.intake import clockwork, lines, portal
from isp_lifecycle.views.audit.model import Outcome
from tests.flows.audit.conftest import ADMIN, Town, agree


def test_a_town_and_a_line_that_came_changed_and_went_are_clean(town: Town) -> None:
    service = town.activated()
    report = town.audit()
    assert report.findings == ()
    assert report.outcome is Outcome.CLEAN
    looked = {part.what: part.count for part in report.looked_at}
    onts = sum(len(olt.onts) for olt in town.plant.lab.state().olts)
    assert sum(looked[olt.name] for olt in town.plant.town.olts) == onts
    assert looked["CRM messages"] == looked["mails in the sink"] == 3
    saved_in_time_or_named(town)
    never_clean_when_unreachable(town)
    plant = town.plant
    day = today(clock=plant.parts.clock, zone=plant.settings.company.tz)
    portal.ask_plan_change(plant.door, ADMIN, service_code=service, plan_code="home-100", wanted_on=day)
    plant.work()
    assert town.audit().findings == ()
    portal.ask_termination(plant.door, ADMIN, service_code=service, wanted_on=day)
    plant.work()
    assert town.audit().findings == ()


def saved_in_time_or_named(town: Town) -> None:
    """A change that is not in flash is a note until the schedule had its time to save it."""
    olt = town.plant.one("SELECT o.name FROM lines l JOIN olts o ON o.id = l.olt_id WHERE l.source = 'activation'").name
    assert any(note.about == olt and "not saved to flash yet" in note.what for note in town.audit().notes)
    hours = timedelta(hours=3)
    town.run("UPDATE step_runs SET started_at = started_at - :h, finished_at = finished_at - :h", h=hours)
    agree(town.audit(), [("lost", "OLT", olt, "no save is under way")])
    assert clockwork.save_changed_olts(town.plant.door, SYSTEM) == (olt,)
    assert town.audit().findings == ()
    town.plant.work()
    assert not any("flash" in note.what for note in town.audit().notes)


def never_clean_when_unreachable(town: Town) -> None:
    """Nothing is known of an OLT that does not answer; the others are judged all the same."""
    first, second = (olt.name for olt in town.plant.town.olts[:2])
    town.plant.lab.fault(first, "unreachable")
    report = town.audit()
    town.plant.lab.clear_faults(first)
    assert (report.outcome, report.findings) == (Outcome.INCOMPLETE, ())
    assert [missed.what for missed in report.not_looked_at] == [first]
    looked = {part.what for part in report.looked_at}
    assert (first in looked, second in looked) == (False, True)
    assert town.audit(olt=second).outcome is Outcome.CLEAN


def test_a_line_that_is_shut_opened_and_renumbered_is_clean_all_along(town: Town) -> None:
    """Two pauses in one month, of which the days without a charge are no missing ones; a change leaves no trace."""
    plant, service = town.plant, town.activated()
    day = today(clock=plant.parts.clock, zone=plant.settings.company.tz)
    for way in ("off", "slow"):
        lines.ask_suspension(plant.door, ADMIN, service_code=service, wanted_on=day, way=way)
        plant.work()
        assert town.audit().findings == ()
        lines.ask_resumption(plant.door, ADMIN, service_code=service, wanted_on=day)
        plant.work()
        assert town.audit().findings == ()
    lines.ask_address_change(plant.door, ADMIN, service_code=service, wanted_on=day, policy="static")
    plant.work()
    assert town.audit().findings == ()
