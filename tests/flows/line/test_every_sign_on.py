"""Every workflow of a line on real FreeRADIUS and Kea: whoever dies wherever, they let on what was built, or what was.

The scenarios, the deaths and the cancellations are those of ``test_every_step``; here workers die at commits of the
servers' databases as well, and the line has a live session.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from ipaddress import IPv4Network

import pytest
import sqlalchemy as sa

from isp_lifecycle.aaa.both import Both
from isp_lifecycle.access.model import SYSTEM, Role
from isp_lifecycle.events.model import DeliveryState
from isp_lifecycle.intake import support
from isp_lifecycle.views.audit.outside import Outside
from isp_lifecycle.views.audit.sign_on import sign_on_of
from isp_lifecycle.views.audit.whole import _records, audit
from isp_lifecycle.workflows.steps import OutsideStep
from tests.flows.line.conftest import actor
from tests.flows.line.fate import Fate, watched
from tests.flows.line.test_every_step import (
    LINE,
    Scenario,
    Stage,
    Stages,
    _standing,
    each,
    moments_to_cancel,
    smtp,
    stages,
)
from tests.sign_on.freeradius import FreeRadius
from tests.sign_on.gateway import Gateway
from tests.sign_on.kea import kea_adapter

__all__ = ["_standing", "smtp", "stages"]


@dataclass
class Servers:
    """FreeRADIUS and Kea, and an access gateway with a session of the line."""

    freeradius: FreeRadius
    kea_engine: sa.Engine
    gateway: Gateway

    @contextmanager
    def let_on(self, stages: Stages, scenario: Scenario) -> Iterator[tuple[Stage, Outside]]:
        """The scenario's stage, where these servers are told; they know its line as it stands."""
        with stages(scenario) as stage:
            plant = stage.plant
            subnets = {
                IPv4Network(pool.prefix): number for number, pool in enumerate(plant.town.pools, 1) if pool.gateway
            }
            kea = kea_adapter(self.kea_engine, subnets=subnets)
            radius = self.freeradius.adapter(coa=self.gateway.port)
            both = Both([kea, radius])
            line = sign_on_of(_records(plant.window).lines[LINE])
            assert line.address is not None
            both.admit(line)
            self.freeradius.begin_session(LINE, "s-1", str(line.address.ip))
            self.gateway.sessions["s-1"] = {}
            plant.parts = replace(plant.parts, sign_on=both)
            yield stage, Outside(None, "The CRM", None, sign_on=(kea, radius))

    @contextmanager
    def deadly(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """Workers die at commits of all three databases."""
        with ExitStack() as rules:
            for engine in (stage.plant.engine, self.freeradius.engine, self.kea_engine):
                rules.enter_context(stage.fate.rules(engine, monkeypatch))
            yield


@pytest.fixture
def servers(freeradius: FreeRadius, kea_engine: sa.Engine, gateway: Gateway) -> Servers:
    """All of them, knowing nothing yet."""
    return Servers(freeradius, kea_engine, gateway)


def differs(stage: Stage, outside: Outside) -> list[str]:
    """What the audit finds on the servers."""
    report = audit(stage.plant.window, SYSTEM, outside=outside, devices=False)
    assert [missed for missed in report.not_looked_at if missed.what in ("Kea", "FreeRADIUS")] == []
    return [f"{f.about}: {f.what}" for f in report.findings if f.about in ("Kea", "FreeRADIUS")]


@each
def test_death_anywhere_leaves_the_servers_as_the_line_was_built(
    scenario: Scenario, stages: Stages, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    with servers.let_on(stages, scenario) as (stage, outside), servers.deadly(stage, monkeypatch):
        stage.carry_out(watched(stage.workflow, stage.fate.watch))
        stage.fate.armed = False
        assert differs(stage, outside) == []
        assert stage.fate.died
        assert live(stage, servers) == LIVE.get(str(scenario), "untouched")


#: What has become of the live session, where anything has.
LIVE = {
    "plan_change": "as the line is",
    "suspension slow": "as the line is",
    "suspension off": "ended",
    "resumption": "as the line is",
    "termination": "ended",
    "address_change": "ended",
}


def live(stage: Stage, servers: Servers) -> str:
    told = servers.gateway.sessions.get("s-1")
    if not told:
        return "ended" if told is None else "untouched"
    query = "SELECT l.up_kbps, l.down_kbps FROM lines l JOIN services s ON s.id = l.service_id WHERE s.code = :c"
    row = stage.plant.one(query, c=LINE)
    return "as the line is" if told["Mikrotik-Rate-Limit"] == f"{row.up_kbps}k/{row.down_kbps}k" else str(told)


@each
def test_what_is_cancelled_leaves_the_servers_as_they_were(
    scenario: Scenario, stages: Stages, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given up before, within and after the step that tells them; the workers that undo it die as well."""
    with servers.let_on(stages, scenario) as (stage, outside):
        before = [server.standing() for server in outside.sign_on]
        telling = [s.name for s in stage.workflow.steps if isinstance(s, OutsideStep) and ("RADIUS" in s.name)]
        for place in (p for p in moments_to_cancel(stage.workflow) if p[0] in telling):
            delivery_id = stage.ask()
            stage.die_at(delivery_id, place)
            support.cancel(stage.plant.door, actor(Role.SUPPORT), delivery_id=delivery_id, reason="As a test.")
            stage.fate = Fate()
            with servers.deadly(stage, monkeypatch):
                stage.run(delivery_id, watched(stage.workflow, stage.fate.watch))
            assert stage.state(delivery_id) == DeliveryState.CANCELLED, place
            assert [server.standing() for server in outside.sign_on] == before
            assert differs(stage, outside) == []
