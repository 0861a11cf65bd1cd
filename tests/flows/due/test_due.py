"""What will happen: seen by everybody with the right, moved and taken back with all who must know of it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from isp_lifecycle.access.errors import Forbidden
from isp_lifecycle.access.model import Role
from isp_lifecycle.bootstrap import Doors
from isp_lifecycle.cli import due as command
from isp_lifecycle.events import relay
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.errors import LifecycleError, NotFound, Refused
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.intake import due, lines, portal
from isp_lifecycle.intake.errors import DateFixed, DateWrong, NothingAhead, RetryTooLate
from isp_lifecycle.views import due as views
from tests.flows.due.conftest import SALES, Provider, actor

FIRST = date(2026, 4, 1)
SUPPORT = actor(Role.SUPPORT)


def change(provider: Provider, service: str = "S-000001", on: date = FIRST) -> str:
    """A plan change that was asked for; returns its order."""
    placed = portal.ask_plan_change(provider.door, SALES, service_code=service, plan_code="home-500", wanted_on=on)
    return placed.order_code


def put_off(provider: Provider, service: str = "S-000002") -> Any:
    """A plan change of today whose OLT did not answer: it waits for its repeat. Returns the delivery's id."""
    change(provider, service, on=date(2026, 3, 2))
    provider.do(
        """
        UPDATE deliveries SET state = 'scheduled', due_at = :at, attempt = 2, outline_id = id,
            failure = jsonb_build_object('step', 'Change the rates on the OLT', 'kind', 'unreachable',
                                         'what', 'OLT-02 does not answer.', 'remedy', 'Wait.')
        WHERE subscriber = 'plan_change' AND state = 'queued'
        """,
        at=provider.clock.now() + timedelta(minutes=5),
    )
    return provider.all("SELECT id FROM deliveries WHERE failure IS NOT NULL")[0][0]


def book_visit(provider: Provider, service: str) -> None:
    """An engineer's visit tomorrow."""
    provider.do(
        """
        INSERT INTO visits (id, code, service_id, order_id, delivery_id, during, state, address, instructions,
                            created_at)
        SELECT :id, 'V-000001', s.id, :id, :id, tstzrange(:at, CAST(:at AS timestamptz) + interval '1 hour'),
               'booked', '7 Quay Street', '', :at FROM services s WHERE s.code = :service
        """,
        id=new_id(),
        at=provider.clock.now() + timedelta(days=1),
        service=service,
    )


def seen(page: views.DuePage) -> list[tuple[str, str | None]]:
    """Kind and service of each row."""
    return [(row.kind, row.service_code) for row in page.rows]


@pytest.fixture
def busy(provider: Provider) -> Provider:
    """Four services: one changes its plan, one is tried again, one ends, one is visited."""
    provider.fill(4)
    change(provider)
    put_off(provider)
    portal.ask_termination(provider.door, SALES, service_code="S-000003", wanted_on=date(2026, 3, 20))
    book_visit(provider, "S-000004")
    return provider


def test_everything_that_lies_ahead_is_listed_the_next_first_with_who_and_why(busy: Provider) -> None:
    page = views.due(busy.window, actor(Role.ADMINISTRATOR))
    assert seen(page) == [
        ("retry", "S-000002"),
        ("visit", "S-000004"),
        ("termination", "S-000003"),
        ("plan_change", "S-000001"),
        ("months", None),
    ]
    assert page.by_kind == {"retry": 1, "visit": 1, "termination": 1, "plan_change": 1, "months": 1}
    retry, _visit, end, plan, months = page.rows
    assert (retry.what, retry.why) == ("Attempt 2: Change the rates on the OLT", "OLT-02 does not answer.")
    assert (end.day, end.due_at) == (date(2026, 3, 20), datetime(2026, 3, 21, tzinfo=UTC))
    assert (plan.what, plan.customer, plan.asked_by) == ("Home 100 becomes Home 500", "Customer 1", "some-sales")
    assert plan.due_at == datetime(2026, 3, 31, 23, tzinfo=UTC)  # midnight in Dublin, where the clocks have changed
    assert (months.due_at, months.number) == (datetime(2026, 4, 1, 1, tzinfo=UTC), 4)
    assert [(row.can_move, row.can_try, row.can_cancel) for row in page.rows] == [
        (False, True, False),
        (False, False, False),
        (True, False, True),
        (True, False, True),
        (False, False, False),
    ]


@pytest.mark.parametrize(
    ("filters", "kinds"),
    [
        ({"kinds": ("termination", "visit")}, ["visit", "termination"]),
        ({"until": datetime(2026, 3, 10, tzinfo=UTC)}, ["retry", "visit"]),
        ({"since": datetime(2026, 3, 22, tzinfo=UTC)}, ["plan_change", "months"]),
        ({"text": "customer 3"}, ["termination"]),
        ({"text": "s-000001"}, ["plan_change"]),
        ({"text": "100%"}, []),
        ({"area": "South"}, ["visit"]),
        ({"olt": "OLT-02"}, ["retry"]),
        ({"limit": 1, "offset": 2}, ["termination"]),
    ],
)
def test_list_is_filtered_by_kind_period_customer_area_and_olt(
    busy: Provider, filters: dict[str, Any], kinds: list[str]
) -> None:
    assert [row.kind for row in views.due(busy.window, actor(Role.ADMINISTRATOR), **filters).rows] == kinds


def test_list_shows_each_role_what_it_may_see_and_do(busy: Provider) -> None:
    network = views.due(busy.window, actor(Role.NETWORK))
    assert {row.can_move for row in network.rows} == {False}
    auditor = views.due(busy.window, actor(Role.AUDITOR))
    assert {(row.can_move, row.can_try, row.can_cancel) for row in auditor.rows} == {(False, False, False)}
    with pytest.raises(Forbidden):
        views.due(busy.window, actor(Role.CUSTOMER))
    with pytest.raises(Forbidden):
        due.move(busy.door, actor(Role.AUDITOR), key="O-000001", to=FIRST, reason="x")


def test_moved_change_keeps_its_order_and_tells_customer_and_crm(provider: Provider) -> None:
    provider.fill(1)
    code = change(provider)
    moved = due.move(provider.door, SUPPORT, key=code, to=date(2026, 3, 15), reason="Asked on the telephone")
    assert moved.due_at == datetime(2026, 3, 15, tzinfo=UTC)
    row = views.one(provider.window, SALES, key=code)
    assert (row.day, row.due_at) == (date(2026, 3, 15), moved.due_at)
    assert letters(provider) == ["Another day for the change to Home 500 (S-000001)"]
    crm = provider.all(
        "SELECT count(*) FROM deliveries d JOIN events e ON e.id = d.event_id "
        "WHERE d.subscriber = 'crm' AND e.kind = 'OrderRescheduled'"
    )
    assert crm[0][0] == 1
    audited = provider.all("SELECT actor, subject_id, reason, changes FROM audit WHERE action = 'due.move'")
    assert [(r.actor, r.subject_id, r.reason, r.changes) for r in audited] == [
        ("some-support", code, "Asked on the telephone", [["Agreed day", "2026-04-01", "2026-03-15"]])
    ]


def test_moved_end_ends_the_service_on_the_new_last_day(provider: Provider) -> None:
    provider.fill(1)
    order = portal.ask_termination(provider.door, SALES, service_code="S-000001", wanted_on=date(2026, 3, 28))
    due.move(provider.door, SALES, key=order.order_code, to=date(2026, 3, 29), reason="Moves later")
    row = views.one(provider.window, SALES, key=order.order_code)
    assert row.due_at == datetime(2026, 3, 29, 23, tzinfo=UTC)  # the 29th has 23 hours in Dublin
    provider.clock.push(timedelta(days=30))
    sweep(provider)
    provider.work("termination")
    case = provider.all("SELECT \"case\"->>'last_day' FROM deliveries WHERE subscriber = 'termination'")
    assert case[0][0] == "2026-03-29"


def test_suspension_that_is_dated_is_listed_and_moved_as_any_dated_order(provider: Provider) -> None:
    provider.fill(1)
    order = lines.ask_suspension(provider.door, SALES, service_code="S-000001", wanted_on=FIRST)
    row = views.one(provider.window, SALES, key=order.order_code)
    assert (row.kind, row.title, row.day, row.can_move) == ("suspension", "Suspension", FIRST, True)
    due.move(provider.door, SALES, key=order.order_code, to=date(2026, 4, 2), reason="A day later")
    assert letters(provider) == ["Another day for the pause of your service (S-000001)"]


def test_change_moved_to_today_happens_at_once(provider: Provider) -> None:
    provider.fill(1)
    moved = due.move(provider.door, SALES, key=change(provider), to=date(2026, 3, 2), reason="Wants it now")
    assert moved.due_at == provider.clock.now()
    assert sweep(provider).fell_due == 1


def test_change_that_is_taken_back_cancels_its_order_and_tells_the_customer(provider: Provider) -> None:
    provider.fill(1)
    code = change(provider)
    due.cancel(provider.door, SUPPORT, key=code, reason="The customer thought again")
    with pytest.raises(NotFound):
        views.one(provider.window, SALES, key=code)
    provider.work("plan_change")
    assert provider.all("SELECT state FROM orders")[0][0] == "cancelled"
    assert letters(provider) == ["Cancelled: change to Home 500 (S-000001)"]
    assert change(provider) != code  # the service may be changed anew


def test_repeat_is_tried_now_or_later_but_not_much_later(provider: Provider) -> None:
    provider.fill(2)
    key = str(put_off(provider))
    later = provider.clock.now() + timedelta(hours=3)
    assert due.try_at(provider.door, SUPPORT, key=key, at=later).due_at == later
    with pytest.raises(RetryTooLate):
        due.try_at(provider.door, SUPPORT, key=key, at=later + timedelta(days=1))
    assert due.try_at(provider.door, SUPPORT, key=key).due_at == provider.clock.now()


REFUSED: tuple[tuple[type[LifecycleError], str, date, str], ...] = (
    (DateWrong, "order", date(2026, 3, 1), "Choose a day from 2026-03-02 to 2027-03-02."),
    (DateWrong, "order", date(2028, 3, 1), "Choose a day from 2026-03-02 to 2027-03-02."),
    (DateFixed, "retry", FIRST, "cancel it on the page Needs attention"),
    (DateFixed, "back", FIRST, "Wait until that is done."),
    (DateFixed, "V-000001", FIRST, "Ask the dispatcher"),
    (DateFixed, "months-2026-04", FIRST, "the charges follow"),
    (NothingAhead, "O-999999", FIRST, "lists what does"),
    (Refused, "no reason", FIRST, "Say why"),
)


@pytest.mark.parametrize(("error", "which", "to", "remedy"), REFUSED, ids=[row[1] for row in REFUSED])
def test_what_must_not_move_is_refused_with_the_reason(
    provider: Provider, error: type[LifecycleError], which: str, to: date, remedy: str
) -> None:
    provider.fill(2)
    key = change(provider)
    retry = str(put_off(provider)) if which in {"retry", "back"} else ""
    if which == "back":
        provider.do("UPDATE deliveries SET direction = 'backward' WHERE failure IS NOT NULL")
    key = {"order": key, "retry": retry, "back": retry, "no reason": key}.get(which, which)
    with pytest.raises(error) as refused:
        due.move(provider.door, SALES, key=key, to=to, reason="" if which == "no reason" else "x")
    assert remedy in refused.value.remedy
    assert provider.count("events", "kind = 'OrderRescheduled'") == 0


def test_what_has_begun_meanwhile_is_not_moved(provider: Provider) -> None:
    provider.fill(1)
    code = change(provider)
    provider.clock.push(timedelta(days=31))
    sweep(provider)
    with pytest.raises(NothingAhead):
        due.move(provider.door, SALES, key=code, to=date(2026, 5, 1), reason="too late")
    with pytest.raises(NothingAhead):
        due.cancel(provider.door, SALES, key=code, reason="too late")


def test_command_lists_moves_and_cancels(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    provider.fill(1)
    code = change(provider)
    monkeypatch.setattr(command, "doors", lambda: Doors(provider.door, provider.window, provider.parts.settings))
    run = CliRunner().invoke

    def told(*arguments: str) -> Any:
        done = run(command.due, [*arguments, "--json"])
        assert done.exit_code == 0, done.output
        return json.loads(done.output.splitlines()[-1])  # the door's log lines come before

    assert [row["key"] for row in told("list")["rows"]] == [code, "months-2026-04"]
    assert told("move", code, "2026-03-15", "--reason", "x")["due_at"] == "2026-03-15T00:00:00+00:00"
    shown = run(command.due, []).output.splitlines()[1].split("  ")
    assert [cell.strip() for cell in shown if cell.strip()] == [
        "Sun 15 Mar 2026 00:00",
        "12 days",
        "Plan change: Home 100 becomes Home 500",
        "S-000001 Customer 1",
        "some-sales",
        code,
    ]
    assert told("cancel", code, "--reason", "x") == {"key": code, "cancelled": True}
    assert [row["kind"] for row in told("list")["rows"]] == ["months"]


def letters(provider: Provider) -> list[str]:
    """The subjects of what was written to customers, once their deliveries were begun."""
    provider.work("mail")
    return [row[0] for row in provider.all("SELECT subject FROM emails ORDER BY created_at")]


def sweep(provider: Provider) -> relay.Swept:
    """One sweep of the relay."""
    with write(provider.engine) as tx:
        return relay.sweep(tx=tx, now=provider.clock.now(), lease=timedelta(seconds=15))
