"""Many services at once: what is seen is what is agreed to, each is ordered once, single changes overtake."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from isp_lifecycle.access.errors import Forbidden
from isp_lifecycle.access.model import Role
from isp_lifecycle.bootstrap import Doors
from isp_lifecycle.bulk.errors import DayPassed, FileUnlike, NothingToChange, PausedAlready, SamePerson, SelectionEmpty
from isp_lifecycle.cli import bulk as command
from isp_lifecycle.events import claims, relay
from isp_lifecycle.events.model import Lease
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.errors import IllegalMove, LifecycleError
from isp_lifecycle.foundation.money import Money
from isp_lifecycle.intake import bulk, due, portal, support
from isp_lifecycle.views import bulk as views
from isp_lifecycle.views import due as ahead
from isp_lifecycle.views.engine import state as engine_views
from isp_lifecycle.workflows.office import bulk as writing
from tests.flows.due.conftest import MANAGER, SALES, SECOND, Provider, actor

TODAY, FIRST = date(2026, 3, 2), date(2026, 4, 1)


def proposed(provider: Provider, **more: Any) -> bulk.Proposed:
    """Everybody on Home 100 is to get Home 500 on the 1st of April, as sales prepared it."""
    wanted = {"to_plan": "home-500", "wanted_on": FIRST, "reason": "Home 100 ends", "plan": "home-100"} | more
    return bulk.propose_plan_change(provider.door, SALES, **wanted)


def approved(provider: Provider, **more: Any) -> str:
    """The same, agreed to and written."""
    code = proposed(provider, **more).code
    bulk.approve(provider.door, MANAGER, code=code)
    provider.work("bulk")
    return code


def test_preview_says_who_what_price_devices_and_what_is_in_the_way(provider: Provider) -> None:
    provider.fill(60)
    shut = "state = 'suspended', suspended_on = '2026-03-01', suspended_way = 'off', suspended_for = 'customer_wish'"
    provider.do(f"UPDATE services SET {shut} WHERE code IN ('S-000001', 'S-000002')")
    provider.do("DELETE FROM lines WHERE service_id = (SELECT id FROM services WHERE code = 'S-000003')")
    portal.ask_plan_change(provider.door, SALES, service_code="S-000004", plan_code="home-500", wanted_on=FIRST)
    portal.ask_termination(provider.door, SALES, service_code="S-000005", wanted_on=date(2026, 3, 20))
    portal.ask_termination(provider.door, SALES, service_code="S-000006", wanted_on=date(2026, 4, 20))
    made = proposed(provider)
    assert (made.changes, made.left_out) == (55, 5)
    seen = views.bulk(provider.window, MANAGER, code=made.code)
    assert (seen.state, seen.selection, seen.can_approve) == ("proposed", "on plan home-100", True)
    assert seen.sum == Money(Decimal("550.00"), "EUR")
    assert [(p.old_plan, p.services, p.difference.amount) for p in seen.prices] == [("Home 100", 55, Decimal("10.00"))]
    assert {(row.why, row.services) for row in seen.left_out} == {
        ("is suspended", 2),
        ("has no line on record", 1),
        ("has a plan change already", 1),
        ("ends on 2026-03-20", 1),
    }
    assert sum(row.services for row in seen.olts) == 55
    assert len(seen.olts) == 20
    assert {row.seconds for row in seen.olts} == {None}
    assert provider.count("orders") == 3  # preparing has ordered nothing


def test_file_names_each_row_that_is_no_service(provider: Provider) -> None:
    provider.fill(10)
    rows = ["service", "S-000001;Ada", " s-000002 ", "", "S-000001", "12", "S-999999"]
    made = bulk.propose_plan_change(
        provider.door, SALES, to_plan="home-500", wanted_on=FIRST, reason="by list", codes=rows, file="list.csv"
    )
    assert made.changes == 2
    assert [(bad.line, bad.text, bad.why) for bad in made.bad_rows] == [
        (5, "S-000001", "stands in row 2 already"),
        (6, "12", "is no service code such as S-000123"),
        (7, "S-999999", "is not a service"),
    ]
    assert views.bulk(provider.window, MANAGER, code=made.code).bad_rows == made.bad_rows


def test_file_is_held_to_the_plan_and_area_that_are_named_with_it(provider: Provider) -> None:
    provider.fill(8)  # S-000004 and S-000008 are in the South
    old = "jsonb_build_object('plan_code', 'old', 'plan_name', 'Old')"
    provider.do(f"UPDATE services SET terms = terms || {old} WHERE code = 'S-000001'")
    rows = ["S-000001", "S-000002", "S-000004"]
    made = proposed(provider, codes=rows, area="North")
    assert (made.changes, made.left_out) == (1, 1)
    assert [(bad.text, bad.why) for bad in made.bad_rows] == [("S-000004", "is not in this area or OLT")]
    assert [row.why for row in views.bulk(provider.window, MANAGER, code=made.code).left_out] == [
        "is on Old, not on home-100"
    ]


REFUSED: tuple[tuple[type[LifecycleError], dict[str, Any]], ...] = (
    (SelectionEmpty, {"plan": None}),
    (SelectionEmpty, {"plan": "nothing"}),
    (NothingToChange, {"to_plan": "home-100", "plan": None, "area": "North"}),
    (FileUnlike, {"codes": [f"row {n}" for n in range(600)]}),
)


@pytest.mark.parametrize(("error", "more"), REFUSED, ids=lambda value: getattr(value, "__name__", ""))
def test_what_makes_no_change_is_refused(provider: Provider, error: type[LifecycleError], more: dict[str, Any]) -> None:
    provider.fill(3)
    with pytest.raises(error):
        proposed(provider, **more)
    assert provider.count("bulk_changes") == 0


def test_second_person_agrees_and_no_other(provider: Provider) -> None:
    provider.fill(3)
    with pytest.raises(Forbidden):
        bulk.approve(provider.door, SALES, code=proposed(provider).code)
    own = bulk.propose_plan_change(
        provider.door, MANAGER, to_plan="home-500", wanted_on=FIRST, reason="mine", plan="home-100"
    )
    with pytest.raises(SamePerson):
        bulk.approve(provider.door, MANAGER, code=own.code)
    assert not views.bulk(provider.window, MANAGER, code=own.code).can_approve
    bulk.approve(provider.door, SECOND, code=own.code)
    with pytest.raises(IllegalMove):
        bulk.reject(provider.door, MANAGER, code=own.code, reason="too late")
    audited = provider.all("SELECT actor, action FROM audit WHERE subject_kind = 'bulk' ORDER BY at, id")
    assert ("oisin", "bulk.approve") in [tuple(row) for row in audited]


def test_day_that_has_passed_is_not_agreed_to(provider: Provider) -> None:
    provider.fill(3)
    code = proposed(provider).code
    provider.clock.push(timedelta(days=40))
    with pytest.raises(DayPassed):
        bulk.approve(provider.door, MANAGER, code=code)


def test_written_orders_are_like_any_other_and_heard_by_all_who_hear_single_ones(provider: Provider) -> None:
    provider.fill(3)
    portal.ask_plan_change(provider.door, SALES, service_code="S-000001", plan_code="home-500", wanted_on=FIRST)
    approved(provider)
    rows = provider.all(
        "SELECT s.code, o.state, o.kind, o.wanted_on, o.terms->>'plan_code' AS plan, d.state AS due, d.due_at, "
        "d.priority, (SELECT array_agg(x.subscriber ORDER BY 1) FROM deliveries x WHERE x.trace = o.id) AS heard "
        "FROM orders o JOIN services s ON s.id = o.service_id JOIN events e ON e.order_id = o.id "
        "JOIN deliveries d ON d.event_id = e.id AND d.subscriber = 'plan_change' ORDER BY s.code"
    )
    single, many = rows[0], rows[1:]
    assert [row.code for row in many] == ["S-000002", "S-000003"]
    for row in many:
        assert row[1:7] == single[1:7]
        assert row.heard == single.heard
    assert (single.priority, {row.priority for row in many}) == (5, {7})


def test_writing_goes_on_after_its_worker_died_and_orders_nothing_twice(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker dies at the boundary of the second chunk, inside it; another takes over after the lease."""
    provider.fill(25)
    monkeypatch.setattr(writing, "CHUNK", 10)
    code = proposed(provider).code
    bulk.approve(provider.door, MANAGER, code=code)
    real, chunks = writing._tell, []

    def dying(*args: Any, **named: Any) -> Any:
        made = real(*args, **named)
        chunks.append(len(made))
        if len(chunks) == 2:
            raise SystemExit
        return made

    monkeypatch.setattr(writing, "_tell", dying)
    with pytest.raises(SystemExit):
        provider.work("bulk")
    assert (provider.count("orders"), provider.count("bulk_items", "order_id IS NOT NULL")) == (10, 10)
    portal.ask_plan_change(
        provider.door,
        SALES,
        service_code=provider.all("SELECT service_code FROM bulk_items WHERE number = 11")[0][0],
        plan_code="home-500",
        wanted_on=FIRST,
    )
    provider.clock.push(timedelta(seconds=30))
    with write(provider.engine) as tx:
        relay.sweep(tx=tx, now=provider.clock.now(), lease=timedelta(seconds=15))
    provider.work("bulk")
    assert provider.count("orders") == 25
    assert provider.count("deliveries", "subscriber = 'plan_change' AND state = 'scheduled'") == 25
    seen = views.bulk(provider.window, MANAGER, code=code)
    assert (seen.state, seen.progress.left, seen.progress.unwritten) == ("written", 24, 0)
    assert [row.why for row in seen.left_out] == ["has a plan change already"]


def test_customers_own_change_overtakes_and_neighbours_stand_on_different_olts(provider: Provider) -> None:
    provider.fill(44)
    approved(provider, wanted_on=TODAY, area="North")
    portal.ask_plan_change(provider.door, SALES, service_code="S-000040", plan_code="home-500", wanted_on=TODAY)
    first, *following = (claimed(provider).service_id for _ in range(16))
    assert provider.all("SELECT code FROM services WHERE id = :id", id=first)[0][0] == "S-000040"
    olts = provider.all("SELECT DISTINCT olt FROM bulk_items WHERE service_id = ANY(:ids)", ids=following)
    assert len(olts) == 15


def claimed(provider: Provider) -> Lease:
    """What a free worker of the network takes next."""
    at, length = provider.clock.now(), timedelta(seconds=15)
    with write(provider.engine) as tx:
        (found,) = claims.claim_next(tx=tx, queue="network", worker="w", now=at, length=length)
    assert isinstance(found, Lease)
    return found


def test_paused_one_begins_nothing_until_it_is_resumed(provider: Provider) -> None:
    provider.fill(6)
    code = approved(provider)
    assert bulk.pause(provider.door, MANAGER, code=code, reason="The NOC asked") == 6
    with pytest.raises(PausedAlready):
        bulk.pause(provider.door, MANAGER, code=code, reason="again")
    provider.clock.push(timedelta(days=31))
    assert sweep(provider).fell_due == 6
    sweep(provider)
    assert nothing_to_claim(provider)
    paused = views.bulk(provider.window, MANAGER, code=code).paused
    assert paused is not None
    assert (paused.by, paused.reason) == ("maeve", "The NOC asked")
    (hold,) = engine_views.state(provider.window, MANAGER).holds
    assert (hold.what, hold.reason) == (f"Bulk change {code}", "The NOC asked")
    assert bulk.resume(provider.door, MANAGER, code=code) == 6
    assert claimed(provider).subscriber == "plan_change"
    with pytest.raises(PausedAlready):
        bulk.resume(provider.door, MANAGER, code=code)


def test_hold_that_is_lifted_elsewhere_lets_it_go_on(provider: Provider) -> None:
    provider.fill(2)
    code = approved(provider, wanted_on=TODAY)
    bulk.pause(provider.door, MANAGER, code=code, reason="x")
    provider.do("DELETE FROM holds")
    assert sweep(provider).unblocked == 2


def test_what_is_written_while_it_is_paused_waits_as_well(provider: Provider) -> None:
    provider.fill(4)
    code = proposed(provider, wanted_on=TODAY).code
    bulk.approve(provider.door, MANAGER, code=code)
    bulk.pause(provider.door, MANAGER, code=code, reason="x")
    provider.work("bulk")
    assert provider.count("orders") == 4
    assert nothing_to_claim(provider)


def test_stopped_one_takes_back_what_has_not_begun_and_keeps_what_was_done(provider: Provider) -> None:
    provider.fill(6)
    code = approved(provider)
    begun = provider.all("SELECT delivery_id FROM bulk_items WHERE number = 1")[0][0]
    provider.do("UPDATE deliveries SET state = 'done', outline_id = id, finished_at = now() WHERE id = :id", id=begun)
    bulk.pause(provider.door, MANAGER, code=code, reason="x")
    assert bulk.stop(provider.door, MANAGER, code=code, reason="Wrong price") == 5
    provider.work("plan_change")
    states = provider.all("SELECT state, count(*) FROM orders GROUP BY 1 ORDER BY 1")
    assert [tuple(row) for row in states] == [("cancelled", 5), ("confirmed", 1)]
    seen = views.bulk(provider.window, MANAGER, code=code)
    assert (seen.state, seen.outcome, seen.progress.done, seen.progress.cancelled) == ("stopped", "Wrong price", 1, 5)
    assert provider.count("holds") == 0


def test_report_gives_each_failure_with_its_reason_and_no_formula(provider: Provider) -> None:
    provider.fill(4)
    provider.do("UPDATE customers SET name = '=1+1' WHERE code = 'C-000001'")
    code = approved(provider, wanted_on=TODAY)
    provider.work("plan_change")  # the bench has no access to any OLT
    support.retry(
        provider.door,
        actor(Role.SUPPORT),
        delivery_id=provider.all("SELECT delivery_id FROM bulk_items WHERE service_code = 'S-000002'")[0][0],
    )
    rows = list(csv.DictReader(io.StringIO(views.report(provider.window, MANAGER, code=code))))
    assert [(row["service"], row["state"]) for row in rows] == [
        ("S-000001", "failed"),
        ("S-000002", "queued"),
        ("S-000003", "failed"),
        ("S-000004", "failed"),
    ]
    assert rows[0]["customer"] == "'=1+1"
    assert rows[0]["why"] == "No access is configured for OLT OLT-01."
    failed = views.items(provider.window, MANAGER, code=code, only="failed")
    assert (failed.total, failed.rows[0].service_code) == (3, "S-000001")


def test_list_of_what_will_happen_folds_it_and_single_ones_are_found_and_moved(provider: Provider) -> None:
    provider.fill(30)
    code = approved(provider)
    page = ahead.due(provider.window, SALES, kinds=("bulk", "plan_change"))
    assert [(row.key, row.number, row.what) for row in page.rows] == [(code, 30, "30 services go to Home 500")]
    found = ahead.due(provider.window, SALES, text="S-000007").rows
    assert [(row.service_code, row.kind, row.can_move) for row in found] == [("S-000007", "plan_change", True)]
    due.move(provider.door, SALES, key=found[0].key, to=date(2026, 4, 3), reason="Asked by the customer")
    due.cancel(
        provider.door, SALES, key=ahead.due(provider.window, SALES, text="S-000008").rows[0].key, reason="Objected"
    )
    provider.work("plan_change")
    assert provider.count("deliveries", "subscriber = 'plan_change' AND due_at = '2026-04-02 23:00+00'") == 1
    assert views.bulk(provider.window, MANAGER, code=code).progress.cancelled == 1


def sweep(provider: Provider) -> relay.Swept:
    """One sweep of the relay."""
    with write(provider.engine) as tx:
        return relay.sweep(tx=tx, now=provider.clock.now(), lease=timedelta(seconds=15))


def nothing_to_claim(provider: Provider) -> bool:
    """Whether a free worker of the network finds nothing."""
    at, length = provider.clock.now(), timedelta(seconds=15)
    with write(provider.engine) as tx:
        return not claims.claim_next(tx=tx, queue="network", worker="w", now=at, length=length)


def test_command_prepares_and_reports_but_does_not_let_one_person_do_both(
    provider: Provider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.fill(5)
    monkeypatch.setattr(command, "doors", lambda: Doors(provider.door, provider.window, provider.parts.settings))
    run = CliRunner().invoke
    (tmp_path / "list.csv").write_text("service\nS-000001\nS-000002\nS-00\n", encoding="utf-8")
    wanted = ["--to", "home-500", "--on", str(FIRST), "--reason", "by list", "--file", str(tmp_path / "list.csv")]
    shown = run(command.bulk, ["plan-change", *wanted]).output
    assert "B-000001 (proposed): 2 services named in list.csv go to Home 500 on 2026-04-01." in shown
    assert "row 4: 'S-00' is no service code such as S-000123." in shown
    assert isinstance(run(command.bulk, ["approve", "B-000001"]).exception, SamePerson)
    bulk.approve(provider.door, MANAGER, code="B-000001")
    provider.work("bulk")
    seen = json.loads(run(command.bulk, ["show", "B-000001", "--json"]).output.splitlines()[-1])
    assert (seen["state"], seen["progress"]["left"]) == ("written", 2)
    for word, more in (("pause", ["--reason", "x"]), ("resume", []), ("stop", ["--reason", "x"])):
        assert run(command.bulk, [word, "B-000001", *more]).output.splitlines()[-1].startswith("B-000001 ")
    assert run(command.bulk, ["report", "B-000001", "--csv", str(tmp_path / "out.csv")]).output.startswith("2 rows")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").count("S-00000") == 2
