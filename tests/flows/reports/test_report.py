"""A report's whole way: asked for at the door, run, kept, listed, opened; and one that fails and then works."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from isp_lifecycle.access.errors import Forbidden
from isp_lifecycle.access.model import ROLES, SYSTEM, Actor, Role
from isp_lifecycle.bootstrap import Doors, open_doors, open_parts, reports_folder
from isp_lifecycle.foundation.clock import PushableClock
from isp_lifecycle.foundation.db import read
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.intake import clockwork, reports
from isp_lifecycle.intake import support as repair
from isp_lifecycle.views import manager
from isp_lifecycle.workflows.engine import Engine
from isp_lifecycle.workflows.ledger import Ended
from tests.architecture.sources import ROOT
from workers.papermill import PapermillReporter

#: A Monday.
NOW = datetime(2026, 3, 16, 6, 0, tzinfo=UTC)
MAY = {"first": date(2025, 5, 1), "last": date(2025, 5, 31)}


class Desk:
    """The doors, an engine that runs notebooks of a folder, and the folder."""

    def __init__(self, doors: Doors, database: str, notebooks: Path) -> None:
        self.doors, self.database, self.notebooks = doors, database, notebooks
        environment = {**os.environ, "DATABASE_URL": database}
        reporter = PapermillReporter(
            folder=reports_folder(doors.settings), notebooks=notebooks, environment=environment, limit_seconds=90
        )
        self.parts = open_parts(doors.settings, application="test", clock=doors.door.clock, reporter=reporter)

    def request(self, actor: Actor, **period: Any) -> tuple[UUID, UUID]:
        """Ask for the report; returns the run and its delivery."""
        run_id = reports.request(self.doors.door, actor, name="activations", **period).run_id
        return run_id, self.delivery()

    def delivery(self) -> UUID:
        """The one delivery that there is."""
        with read(self.doors.door.engine) as tx:
            found: UUID = tx.execute(sa.text("SELECT id FROM deliveries WHERE subscriber = 'report'")).scalar_one()
            return found

    def run(self, delivery_id: UUID) -> Ended:
        """Have a worker run it."""
        return Engine(parts=self.parts, worker="test").run(delivery_id)


@pytest.fixture
def desk(database: str, tmp_path: Path) -> Iterator[Desk]:
    """A provider without any data: what is tested is the way, not the figures."""
    settings = Settings(database_url=database, var=tmp_path / "var")
    doors = open_doors(settings, application="test", clock=PushableClock(NOW))
    one = Desk(doors, database, ROOT / "notebooks" / "reports")
    yield one
    doors.door.engine.dispose()
    one.parts.engine.dispose()


def actor(role: Role) -> Actor:
    return Actor(None, f"some-{role}", "Somebody", role, ROLES[role], "test")


MANAGER = actor(Role.MANAGER)


def test_report_is_asked_for_run_kept_listed_and_opened(desk: Desk) -> None:
    run_id, delivery_id = desk.request(MANAGER, **MAY, area="Harbour")
    window = desk.doors.window
    (before,) = manager.reports(window, MANAGER)
    assert (before.run_id, before.state, before.has_html) == (run_id, "requested", False)
    with pytest.raises(NotFound):
        manager.report_html(window, MANAGER, run_id=run_id)

    assert desk.run(delivery_id) is Ended.DONE

    (after,) = manager.reports(window, MANAGER)
    assert (after.state, after.has_html, after.requested_by) == ("done", True, "some-manager")
    html = manager.report_html(window, MANAGER, run_id=run_id)
    assert "1 May 2025 to 31 May 2025" in html
    assert "Area: Harbour" in html
    assert [f.name for f in reports_folder(desk.doors.settings).iterdir()] == [f"activations-{run_id}.html"]
    with pytest.raises(Forbidden):
        manager.report_html(window, actor(Role.INSTALLER), run_id=run_id)


def test_failed_report_opens_a_ticket_and_goes_on_when_the_notebook_is_mended(desk: Desk, tmp_path: Path) -> None:
    real, broken = desk.notebooks / "activations.ipynb", tmp_path / "notebooks" / "activations.ipynb"
    broken.parent.mkdir()
    broken.write_text(real.read_text(encoding="utf-8").replace("report.figures_of(", "report.no_such("), "utf-8")
    mending = Desk(desk.doors, desk.database, broken.parent)
    run_id, delivery_id = mending.request(MANAGER, **MAY)
    assert mending.run(delivery_id) is Ended.FAILED
    with read(desk.doors.door.engine) as tx:
        failure = tx.execute(sa.text("SELECT failure FROM deliveries")).scalar_one()
        tickets = tx.execute(sa.text("SELECT count(*) FROM tickets")).scalar_one()
    assert failure["step"] == "Run the notebook"
    assert failure["kind"] == "needs person"
    assert (
        "AttributeError: module 'isp_lifecycle.views.activation_report' has no attribute 'no_such'" in failure["what"]
    )
    assert tickets == 1

    broken.write_text(real.read_text(encoding="utf-8"), "utf-8")
    repair.retry(desk.doors.door, actor(Role.SUPPORT), delivery_id=delivery_id)
    assert mending.run(delivery_id) is Ended.DONE
    assert "1 May 2025" in manager.report_html(desk.doors.window, MANAGER, run_id=run_id)
    mending.parts.engine.dispose()


def test_cancelled_report_is_listed_as_failed(desk: Desk, tmp_path: Path) -> None:
    mending = Desk(desk.doors, desk.database, tmp_path)
    _run_id, delivery_id = mending.request(MANAGER, **MAY)
    assert mending.run(delivery_id) is Ended.FAILED
    repair.cancel(desk.doors.door, actor(Role.SUPPORT), delivery_id=delivery_id, reason="Not needed any more.")
    assert mending.run(delivery_id) is Ended.CANCELLED
    (row,) = manager.reports(desk.doors.window, MANAGER)
    assert (row.state, row.has_html, row.words) == ("failed", False, "Cancelled.")
    mending.parts.engine.dispose()


def test_week_is_reported_once_by_the_clock(desk: Desk) -> None:
    clockwork.weekly_report(desk.doors.door, SYSTEM)
    clockwork.weekly_report(desk.doors.door, SYSTEM)
    (row,) = manager.reports(desk.doors.window, MANAGER)
    assert (row.first, row.last) == (NOW.date() - timedelta(days=7), NOW.date() - timedelta(days=1))
    assert (row.requested_by, row.area, row.state) == ("system", None, "requested")
