"""The demo's past on a real database: it looks like what the engine leaves, and nothing in it is left to be done."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.billing import actions as billing
from isp_lifecycle.bootstrap import Doors, outlines
from isp_lifecycle.cli.sample import command
from isp_lifecycle.events import codec
from isp_lifecycle.events.subscriptions import who_hears
from isp_lifecycle.events.vocabulary import VOCABULARY
from isp_lifecycle.foundation.clock import PushableClock
from isp_lifecycle.foundation.db import open_engine, read
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.intake.door import Door
from isp_lifecycle.intake.history.errors import AlreadyInUse, DemoOnly
from isp_lifecycle.intake.history.past import load
from isp_lifecycle.intake.imports.model import ImportFile
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.lab.town import Town, make_town, write_files
from isp_lifecycle.support import actions as support
from isp_lifecycle.views import manager, portal, sales
from isp_lifecycle.views.audit.outside import Outside
from isp_lifecycle.views.audit.whole import audit
from isp_lifecycle.views.lists import shipped as lists
from isp_lifecycle.views.lists.model import Asked
from isp_lifecycle.views.window import Window

NOW = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)
PERIOD = {"first": date(2025, 12, 1), "last": date(2026, 3, 18)}
BEFORE, AFTER = 4, 12


@pytest.fixture(scope="module")
def town() -> Town:
    """Sixteen customers of the town, four of whom were there before, and some premises without a line."""
    whole = make_town()
    first = len(whole.customers) - command.LATELY - BEFORE
    some = whole.customers[first : first + BEFORE + AFTER]
    homes = {c.premises_code for c in some}
    free = [p.code for p in whole.premises if p.outlet and p.code not in homes][:12]
    return replace(
        whole, customers=some, premises=tuple(p for p in whole.premises if p.code in homes or p.code in free)
    )


@pytest.fixture
def doors(database: str, tmp_path: Path) -> Doors:
    """Doors of a demo without its parts."""
    settings = Settings(database_url=database, var=tmp_path)
    engine, clock = open_engine(database), PushableClock(NOW)
    return Doors(
        door=Door(engine=engine, clock=clock, settings=settings),
        window=Window(engine=engine, clock=clock, settings=settings, olts=None),  # type: ignore[arg-type]  # not asked
        settings=settings,
    )


@pytest.fixture
def loaded(doors: Doors, town: Town, monkeypatch: pytest.MonkeyPatch) -> Doors:
    """The town with its past, as `isp sample load` does it."""
    monkeypatch.setattr(command, "LATELY", AFTER)
    monkeypatch.setattr(command, "sign_ins", lambda _town: ())
    command.load_town(doors, town)
    return doors


def all_of(doors: Doors, sql: str, **values: Any) -> list[Any]:
    with doors.door.engine.connect() as connection:
        return list(connection.execute(sa.text(sql), values).all())


def test_every_line_of_the_past_is_in_use_as_the_file_has_it(loaded: Doors, town: Town) -> None:
    with read(loaded.door.engine) as tx:
        for given in town.customers:
            service = inventory.service_by_code(tx=tx, code=given.service_code)
            line = inventory.line_of_service(tx=tx, service_id=service.id)
            assert line is not None
            assert (str(service.state), service.terms.plan_code) == ("active", given.plan_code)
            assert (line.serial, line.ont_id, line.service_port) == (given.serial, given.ont_id, given.service_port)
            assert (line.down_kbps, line.up_kbps) == (service.terms.down_kbps, service.terms.up_kbps)


def test_nothing_is_left_to_be_done(loaded: Doors) -> None:
    assert all_of(loaded, "SELECT DISTINCT state FROM deliveries") == [("done",)]
    assert all_of(loaded, "SELECT DISTINCT state FROM visits") == [("done",)]
    assert {s for (s,) in all_of(loaded, "SELECT DISTINCT state FROM orders")} == {"completed", "rejected"}
    assert all_of(loaded, "SELECT count(*) FROM tasks WHERE state = 'open'") == [(0,)]
    with read(loaded.door.engine) as tx:
        assert support.open_incidents(tx=tx) == ()


def test_everything_happened_before_now(loaded: Doors) -> None:
    for table, column in (
        ("events", "recorded_at"),
        ("deliveries", "finished_at"),
        ("step_runs", "finished_at"),
        ("charges", "created_at"),
        ("visits", "created_at"),
        ("readings", "at"),
        ("ticket_notes", "at"),
    ):
        ((latest,),) = all_of(loaded, f"SELECT max({column}) FROM {table}")
        assert latest <= NOW, table


def test_events_have_every_delivery_that_they_would_have_today(loaded: Doors) -> None:
    rows = all_of(
        loaded,
        "SELECT e.kind, e.version, e.payload, array_agg(d.subscriber ORDER BY d.subscriber) AS heard "
        "FROM events e JOIN deliveries d ON d.event_id = e.id GROUP BY e.id",
    )
    assert {row.kind for row in rows} >= {"OrderPlaced", "ActivationRequested", "VisitBooked", "LineActivated"}
    for row in rows:
        codec.load_event(row.kind, row.version, row.payload)
        assert row.heard == sorted(s.subscriber for s in who_hears(VOCABULARY[row.kind])), row.kind


def test_each_delivery_did_every_step_of_its_workflow_once_in_order(loaded: Doors) -> None:
    steps = outlines()
    rows = all_of(
        loaded,
        "SELECT d.subscriber, d.position, l.steps AS outline, array_agg(r.name ORDER BY r.started_at, r.id) AS done, "
        "bool_and(r.finished_at >= r.started_at) AS forward, max(r.finished_at) = d.finished_at AS ends "
        "FROM deliveries d JOIN outlines l ON l.id = d.outline_id JOIN step_runs r ON r.delivery_id = d.id "
        "WHERE r.state = 'done' GROUP BY d.id, l.id",
    )
    assert len(rows) == len(all_of(loaded, "SELECT id FROM deliveries"))
    for row in rows:
        names = [step.name for step in steps[row.subscriber]]
        assert (row.done, row.position, row.forward, row.ends) == (names, len(names), True, True)
        assert [step["name"] for step in row.outline] == names


def test_what_a_row_does_not_have_is_null_and_not_a_document(loaded: Doors) -> None:
    assert all_of(loaded, "SELECT count(*) FROM step_runs WHERE jsonb_typeof(failure) = 'null'") == [(0,)]
    assert all_of(loaded, "SELECT count(*) FROM deliveries WHERE failure IS NOT NULL OR \"case\" = 'null'") == [(0,)]


def test_failures_carry_evidence_and_are_settled(loaded: Doors) -> None:
    failed = all_of(
        loaded, "SELECT failure->>'kind' AS kind, failure->>'what' AS what FROM step_runs WHERE state='failed'"
    )
    assert {row.kind for row in failed} == {"needs person", "unreachable"}
    assert not any("{" in row.what for row in failed)
    incidents = all_of(loaded, "SELECT i.closed_at, t.state FROM incidents i JOIN tickets t ON t.incident_id = i.id")
    assert incidents
    assert {(closed_at is not None, state) for closed_at, state in incidents} == {(True, "resolved")}


def test_charges_cover_each_month_once(loaded: Doors, town: Town) -> None:
    with read(loaded.door.engine) as tx:
        for given in town.customers:
            service = inventory.service_by_code(tx=tx, code=given.service_code)
            charged = billing.charges_of(tx=tx, service_id=service.id)
            assert charged[-1].created_at <= NOW
            months = {c.period.first.strftime("%Y-%m") for c in charged}
            first = service.active_on if given in town.customers[BEFORE:] else date(2026, 1, 1)
            assert first is not None
            wanted = {m.strftime("%Y-%m") for m in (first, date(2026, 2, 1), date(2026, 3, 1)) if m >= first}
            assert months >= wanted
            standing = sum((c.amount.amount for c in charged if c.period.first >= date(2026, 3, 1)), start=0)
            assert 0 < standing <= service.terms.price.amount


def test_the_audit_finds_nothing_in_it(loaded: Doors) -> None:
    report = audit(loaded.window, SYSTEM, outside=Outside(None, "The CRM", None), devices=False)
    assert report.findings == ()


def test_pages_have_something_to_show(loaded: Doors, town: Town) -> None:
    figures = manager.figures(loaded.window, SYSTEM, **PERIOD)
    assert (figures.activations_done, figures.activations_failed_now, figures.backlog) == (AFTER, 0, 0)
    assert figures.first_time_right is not None
    assert 0.5 < figures.first_time_right < 1
    assert figures.median_connect_minutes is not None
    assert 0.5 < figures.median_connect_minutes < 2
    page = lists.orders(loaded.window, SYSTEM, asked=Asked(filters=(("state", "completed"),)))
    detail = sales.order(loaded.window, SYSTEM, order_code=str(page.rows[0]["code"]))
    assert any(row.name == "Put the service in use" for row in detail.timeline)
    assert portal.find_address(loaded.window, SYSTEM, text=town.premises[0].street)


def test_loading_again_is_refused_and_the_command_finds_it_loaded(loaded: Doors, town: Town, tmp_path: Path) -> None:
    write_files(replace(town, customers=town.customers[BEFORE:]), tmp_path)
    file = ImportFile("customers.csv", (tmp_path / "customers.csv").read_bytes())
    with pytest.raises(AlreadyInUse):
        load(loaded.door, SYSTEM, file=file, outlines=outlines(), seed=7)
    assert command.is_loaded(loaded)


def test_a_start_that_was_interrupted_is_gone_on_with(
    doors: Doors, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "LATELY", AFTER)
    monkeypatch.setattr(command, "sign_ins", lambda _town: ())
    with monkeypatch.context() as killed:
        killed.setattr(command, "load_past", _killed)
        with pytest.raises(KeyboardInterrupt):
            command.load_town(doors, town)
    assert not command.is_loaded(doors)
    doors.door.clock.push(timedelta(days=3))  # type: ignore[attr-defined]  # the test's own clock
    command.load_town(doors, town)
    assert command.is_loaded(doors)


def _killed(*_args: object, **_kwargs: object) -> None:
    raise KeyboardInterrupt


def test_outside_the_demo_nothing_is_invented(doors: Doors, engine: sa.Engine) -> None:
    real = replace(doors.door, settings=doors.settings.model_copy(update={"environment": "production"}))
    with pytest.raises(DemoOnly):
        load(real, SYSTEM, file=ImportFile("customers.csv", b""), outlines=outlines(), seed=7)
    assert all_of(doors, "SELECT count(*) FROM orders") == [(0,)]
