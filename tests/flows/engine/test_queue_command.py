"""``isp queue`` as people and machines call it, on a real database with an engine that works."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
import structlog
from click.testing import Result
from typer.testing import CliRunner

from isp_lifecycle.access.model import Role
from isp_lifecycle.cli.__main__ import app
from isp_lifecycle.cli.operator import account_name
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.errors import NotFound, Refused
from isp_lifecycle.workflows.steps import Did, Site
from tests.flows.engine.conftest import Bench, Case
from tests.flows.engine.test_engine import outside, workflow
from tests.flows.engine.test_hands import fails, hire, plant_olt, rows


@pytest.fixture
def isp(database: str, tmp_path: Path) -> Any:
    """Run a command of ``isp queue`` against the test's database; an error of the product is raised."""

    def run(*arguments: str) -> Result:
        env = {"DATABASE_URL": database, "REDIS_URL": "redis://127.0.0.1:1", "ISP_VAR": str(tmp_path)}
        with structlog.testing.capture_logs():  # the command itself logs to standard error
            done = CliRunner().invoke(app, ["queue", *arguments], env=env | {"COLUMNS": "200"})
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    return run


def told(done: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_what_failed_is_listed_shown_given_retried_and_cancelled(bench: Bench, isp: Any) -> None:
    hire(bench, ("ann", Role.NETWORK), ("sam", Role.SUPPORT))
    failed, other = fails(bench), fails(bench)
    short = str(failed)[-8:]
    listed = isp("list", "--state", "failed").stdout.splitlines()
    assert listed[1].split()[:6] == [short, "Activation", "-", "failed", "b", "ann"]
    assert listed[1].endswith("No.")
    assert listed[-1] == "2 failed"
    shown = isp("show", short).stdout
    trace = bench.delivery(failed).trace
    for words in (f"Activation {failed}", "kind        needs person", "with        ann", f"trace       {trace}"):
        assert words in shown
    assert told(isp("show", "T-000001", "--json"))["trace"] == str(trace)
    assert isp("reassign", short, "sam").stdout == "Sam has it now, and is told.\n"
    assert [r["owner"] for r in told(isp("list", "--json"))["deliveries"] if r["delivery_id"] == str(failed)] == ["sam"]
    isp("retry", short)
    isp("cancel", str(other), "--reason", "Not wanted")
    assert [bench.delivery(d).direction for d in (failed, other)] == ["forward", "backward"]
    audit = rows(bench, "SELECT DISTINCT actor, source, action FROM audit ORDER BY action")
    assert [tuple(row) for row in audit] == [
        (account_name(), "cli", action) for action in ("engine.reassign", "support.cancel", "support.retry")
    ]
    with pytest.raises(NotFound):
        isp("retry", "ffffffff")
    with pytest.raises(Refused, match="'lost' is no state"):
        isp("list", "--state", "lost")


def test_pause_and_resume_by_name_or_by_id(bench: Bench, isp: Any) -> None:
    plant_olt(bench, "OLT-A")
    planned = told(isp("pause", "OLT-A", "--reason", "Board", "--from", "2030-01-01 01:00", "--json"))
    assert (planned["what"], planned["in_force"], planned["since"]) == ("OLT-A", False, "2030-01-01T01:00:00+00:00")
    assert isp("pause", "crm", "--reason", "It moves").stdout.startswith("CRM: paused by ")
    assert isp("list").stdout.splitlines()[0].startswith("PAUSED  CRM: paused by ")
    assert told(isp("resume", "crm", "--json")) == {"ended": 1}
    isp("resume", planned["id"])
    assert rows(bench, "SELECT * FROM holds") == []


def test_drain_waits_for_what_runs_and_lets_nothing_begin(bench: Bench, isp: Any) -> None:
    running, go = threading.Event(), threading.Event()

    def works(case: Case, site: Site) -> Did[Case]:
        running.set()
        assert go.wait(30)
        return Did(case, "")

    delivery, later = bench.request(), bench.request()
    worker = threading.Thread(target=bench.run, args=(workflow(outside("b", do=works)), delivery))
    worker.start()
    assert running.wait(10)
    broken_off = isp("drain", "--within", "0", "--json")
    assert broken_off.exit_code == 1
    assert told(broken_off)["running"] == [str(delivery)]
    threading.Timer(0.3, go.set).start()
    drained = isp("drain", "--reason", "To 2.1")
    assert drained.exit_code == 0
    assert "1 running: Activation at b (w1)" in drained.stdout
    assert drained.stdout.splitlines()[-1].startswith("Nothing runs; nothing will begin.")
    worker.join(10)
    assert bench.count("holds") == 1
    bench.clock.push(SystemClock().now() - bench.clock.now())  # the command goes by the machine's clock
    assert bench.worker(workflow(outside("b"))).work("network") == 0
    isp("resume", "engine")
    assert bench.worker(workflow(outside("b"))).work("network") == 1
    assert bench.delivery(later).state == "done"
