"""Processes are killed with -9 in the middle of an activation; it completes, with exactly one of everything."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from isp_lifecycle.cli.demo.evidence import gather
from isp_lifecycle.cli.demo.story import Story, Wish, wait_until
from isp_lifecycle.cli.demo.system import System, own_system
from isp_lifecycle.cli.up import register
from isp_lifecycle.foundation.db import DatabaseUnreachable

pytestmark = pytest.mark.journey

#: Slow enough that a kill lands while the OLT is being configured; a lease short enough not to wait long.
SPEED = 4.0
SHORT = {"ISP_ENGINE__LEASE_SECONDS": "4", "ISP_ENGINE__HEARTBEAT_SECONDS": "1"}


@pytest.fixture(scope="module")
def slow_system() -> Iterator[System]:
    """A system of this module's own, since it is shot at."""
    with own_system(speed=SPEED, environment=SHORT) as running:
        yield running


def pid_of(system: System, name: str) -> int:
    """The process of a part, or of the supervisor itself."""
    found = register.noted(system.settings.var)
    assert found is not None
    if name == "supervisor":
        return found.supervisor.pid
    return next(child.pid for child in found.children if child.name == name)


def configuring(system: System) -> Story:
    """An activation whose OLT is being configured right now."""
    story = Story(system, Wish())
    story.apply()
    story.confirm()
    story.await_visit()
    story.plug_in()
    story.activate()
    wait_until(
        lambda: any(a.name == "Configure OLT and ONT" and a.state == "running" for a in story.detail().attempts),
        seconds=30,
        what="the OLT being configured",
        pause=0.01,
    )
    return story


@pytest.mark.parametrize("part", ["network", "redis", "postgres", "supervisor"])
def test_activation_completes_after_kill_of(slow_system: System, part: str) -> None:
    story = configuring(slow_system)
    os.kill(pid_of(slow_system, part), signal.SIGKILL)
    if part == "supervisor":
        slow_system.supervisor.wait(10)
        slow_system.restart()
    assert survived(story) == "done"
    evidence = gather(story)
    assert evidence.active, evidence


def survived(story: Story) -> str:
    """The end of the activation; the database may be away for a moment meanwhile."""
    until = time.monotonic() + 120
    while True:
        try:
            return story.await_everything(seconds=120)
        except (DatabaseUnreachable, sa.exc.OperationalError):
            assert time.monotonic() < until
            story.system.doors.window.engine.dispose()
            time.sleep(0.2)
