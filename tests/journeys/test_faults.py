"""Each fault ends as stated: seen, explained, mended and continued; or given up with nothing left behind."""

from __future__ import annotations

import pytest

from isp_lifecycle.cli.demo.faults import FAULTS
from isp_lifecycle.cli.demo.life import Life, configurations
from isp_lifecycle.cli.demo.run import run_once
from isp_lifecycle.cli.demo.story import Story, Wish
from isp_lifecycle.cli.demo.system import System

pytestmark = pytest.mark.journey


def test_customer_goes_from_application_to_light_and_lives_through_every_change(system: System) -> None:
    story = Story(system, Wish())
    at_first = configurations(story)
    outcome = run_once(system, story=story)
    assert [what for what, ok in outcome.checks if not ok] == []
    assert outcome.outcome == "active"
    chapters = list(Life(story, at_first).play())
    names = ["authorise", "plan change", "suspend", "resume", "swap", "move", "terminate"]
    assert [(chapter.name, chapter.expected) for chapter in chapters] == [(name, True) for name in names]
    changed = [{line[0] for line in chapter.difference if line[0] in "-+"} for chapter in chapters]
    assert all(changed)
    assert changed[-1] == {"-"}
    assert not any(story.service_code in line for line in chapters[-1].after.splitlines())


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_seen_explained_mended_and_continued(system: System, fault: str) -> None:
    outcome = run_once(system, fault=fault)
    assert [what for what, ok in outcome.checks if not ok] == [], outcome.failure
    assert outcome.outcome == "active"


@pytest.mark.parametrize("fault", ["unknown-serial", "light-too-low", "unknown-answer", "pool-empty"])
def test_cancel_after_a_fault_leaves_nothing_behind(system: System, fault: str) -> None:
    outcome = run_once(system, fault=fault, then="cancel")
    assert [what for what, ok in outcome.checks if not ok] == [], outcome.evidence
    assert outcome.outcome == "cancelled"
