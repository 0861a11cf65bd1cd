"""Lists read from the database: what is filtered, sorted, paged, saved and exported."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from isp_lifecycle.access import actions as access
from isp_lifecycle.access.errors import Forbidden, SavedViewWrong
from isp_lifecycle.access.model import ROLES, Actor, Role, actor_of
from isp_lifecycle.foundation.clock import PushableClock
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.errors import NotFound, Refused
from isp_lifecycle.foundation.sections import Company
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.intake import lists as intake
from isp_lifecycle.intake.door import Door
from isp_lifecycle.trail import actions as trail
from isp_lifecycle.trail.model import Changed
from isp_lifecycle.views.lists import model
from isp_lifecycle.views.lists import shipped as views
from isp_lifecycle.views.lists.errors import TooManyRows
from isp_lifecycle.views.lists.model import PAGE, Asked
from isp_lifecycle.views.lists.sheets import as_csv, as_xlsx
from isp_lifecycle.views.lists.work import IN_THE_QUEUE
from isp_lifecycle.views.window import Window

NOW = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)
#: Where 1 April has begun already when it is 22:30 UTC.
ZONE = "Europe/Helsinki"
MANY = 60
DESK = Actor(None, "desk", "Desk", Role.SALES, ROLES[Role.SALES], "cli")
AUDITOR = Actor(None, "auditor", "Auditor", Role.AUDITOR, ROLES[Role.AUDITOR], "cli")
ROAD = Actor(None, "road", "Road", Role.INSTALLER, ROLES[Role.INSTALLER], "cli")

_ROWS = """
INSERT INTO customers SELECT gen_random_uuid(), 'C-' || n, CASE n WHEN 7 THEN '100%_sure Ltd' WHEN 8 THEN '=1+1'
    ELSE 'Customer ' || n END, n || '@example.org', '+353' || n, now() FROM generate_series(1, :many) n;
INSERT INTO premises (id, code, area, street, number, postcode, city, latitude, longitude)
    SELECT gen_random_uuid(), 'P-' || n, 'North', 'Weir Lane', n::text, 'K42', 'Kilmorran', 0, 0
    FROM generate_series(1, :many) n;
INSERT INTO orders (id, code, kind, state, customer_id, premises_id, terms, channel, note, submitted_at, wanted_on,
                    closed_at)
    SELECT gen_random_uuid(), 'O-' || lpad(n::text, 3, '0'), 'new_line',
           CASE WHEN n % 3 = 0 THEN 'completed' ELSE 'submitted' END, c.id, p.id,
           jsonb_build_object('plan_name', 'Home', 'price', (20 + n)::text || '.50', 'currency', 'EUR'), 'portal', '',
           CAST(:now AS timestamptz) - make_interval(hours => n), CASE WHEN n < 4 THEN date '2026-04-01' + n END,
           CASE WHEN n % 3 = 0 THEN CAST(:now AS timestamptz) END
    FROM generate_series(1, :many) n JOIN customers c ON c.code = 'C-' || n JOIN premises p ON p.code = 'P-' || n;
"""


@pytest.fixture
def window(engine: sa.Engine) -> Window:
    """Sixty orders, one an hour until now."""
    with write(engine) as tx:
        for statement in _ROWS.split(";\n")[:-1]:
            tx.execute(sa.text(statement), {"many": MANY, "now": NOW})
    settings = Settings(company=Company(zone=ZONE))
    return Window(engine=engine, clock=PushableClock(NOW), settings=settings, olts=None)  # type: ignore[arg-type]


#: A trace, and what is to be seen in every list besides orders and customers.
TRACE = UUID("0197a3b2-0000-7000-8000-000000000001")
_WORLD = """
INSERT INTO engineers (id, username, name, phone, email, active)
    VALUES (gen_random_uuid(), 'ann', 'Ann Byrne', '1', 'ann@example.org', true);
INSERT INTO services (id, code, customer_id, premises_id, order_id, state, terms, opened_at, active_on)
    SELECT gen_random_uuid(), 'S-1', o.customer_id, o.premises_id, o.id, 'active', o.terms, :now, date '2026-03-01'
    FROM orders o WHERE o.code = 'O-002';
INSERT INTO events (id, kind, version, payload, order_id, customer_id, trace, actor, recorded_at)
    SELECT gen_random_uuid(), 'ActivationRequested', 1, '{}', id, customer_id, :trace, 'ann', :now
    FROM orders WHERE code = 'O-001';
INSERT INTO deliveries (id, event_id, subscriber, queue, state, due_at, trace, created_at, failure)
    SELECT gen_random_uuid(), e.id, s, 'network', t, :now, :trace, :now, f::jsonb
    FROM events e, (VALUES ('activation', 'failed', '{"step": "No light", "kind": "needs person", "what": "No.",
    "remedy": ""}'), ('crm', 'queued', NULL), ('mail', 'scheduled', NULL)) AS d (s, t, f);
INSERT INTO visits (id, code, service_id, order_id, delivery_id, engineer_id, during, state, address, instructions,
                    created_at)
    SELECT gen_random_uuid(), 'V-' || n, s.id, s.order_id, d.id, e.id,
           tstzrange(CAST(:now AS timestamptz) + make_interval(hours => 3 * n - 5),
                     CAST(:now AS timestamptz) + make_interval(hours => 3 * n - 4)),
           CASE n WHEN 1 THEN 'missed' ELSE 'booked' END, 'Weir Lane', '', :now
    FROM generate_series(1, 2) n, services s, engineers e, deliveries d WHERE d.state = 'failed';
INSERT INTO leads (id, code, state, source, name, email, phone, address, wish, owner, next_step, next_on, consent_at,
                   consent_how, created_at, created_by, keep_until)
    VALUES (gen_random_uuid(), 'L-1', 'open', 'call', 'Maeve', 'm@example.org', '', 'Weir Lane', 'Two', 'ann', 'Call',
            date '2026-04-01', :now, 'told', :now, 'ann', date '2026-09-01');
INSERT INTO tickets (id, code, customer_id, service_id, subject, severity, state, opened_by, opened_at)
    SELECT gen_random_uuid(), 'T-1', customer_id, id, 'Slow', 'minor', 'acknowledged', 'ann', :now FROM services;
"""


@pytest.fixture
def world(window: Window) -> Window:
    """Something in every list."""
    with write(window.engine) as tx:
        for statement in _WORLD.split(";\n")[:-1]:
            tx.execute(sa.text(statement.replace(": ", "\\: ")), {"now": NOW, "trace": TRACE})
        trail.append(
            tx=tx, at=NOW, actor="ann", role="sales", source="staff", address="::1", action="sales.confirm_order",
            subject_kind="order", subject_id="O-001", detail={"trace": str(TRACE)},
            changes=[Changed("Order O-001", "submitted", "confirmed")],
        )  # fmt: skip
    return window


def typed(value: object) -> str:
    """A value as somebody would filter by it."""
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(ZONE)).date().isoformat()
    return str(value)


def ask(**words: str) -> Asked:
    return Asked.read(views.ORDERS, words)


@pytest.fixture
def codes(window: Window) -> Callable[..., list[object]]:
    return lambda **words: [r["code"] for r in views.orders(window, DESK, asked=ask(**words)).rows]


def test_filters_sorts_and_pages_are_the_databases(window: Window, codes: Callable[..., list[object]]) -> None:
    first = views.orders(window, DESK, asked=Asked())
    assert (len(first.rows), first.total, first.more) == (PAGE, MANY, True)
    assert [c.name for c in first.columns] == ["code", "customer", "kind", "state", "waits"]
    assert codes()[:2] == ["O-001", "O-002"]
    assert [code for page in "123" for code in codes(page=page)] == [f"O-{n:03}" for n in range(1, MANY + 1)]
    assert codes(sort="submitted")[0] == f"O-{MANY:03}"
    assert codes(sort="-wanted")[:4] == ["O-003", "O-002", "O-001", "O-060"]  # those without a day are last
    assert codes(sort="wanted")[:3] == ["O-001", "O-002", "O-003"]
    assert codes(state="completed", price="..30") == ["O-003", "O-006", "O-009"]
    assert codes(price="21.5") == ["O-001"]
    assert codes(text="weir customer 12") == ["O-012"]
    assert codes(customer="100%_S") == ["O-007"]
    assert codes(text="%") == ["O-007"]
    assert codes(waits="58..") == ["O-058", "O-059", "O-060"]
    shown = views.orders(window, DESK, asked=ask(show="price,state"))
    assert [c.name for c in shown.columns] == ["code", "price", "state"]


def test_days_are_those_of_the_wall_calendar(codes: Callable[..., list[object]]) -> None:
    assert codes(submitted="2026-04-01..") == ["O-001"]  # 00:30 in Helsinki
    assert codes(submitted="2026-03-31")[0] == "O-002"
    assert len(codes(submitted="2026-03-31")) == 24
    assert codes(wanted="2026-04-02..2026-04-03") == ["O-001", "O-002"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"state": "gone"}, "Choose from: submitted"),
        ({"submitted": "yesterday"}, "Write a day as"),
        ({"submitted": "2026-05-02..2026-05-01"}, "Write a day as"),
        ({"price": "1e9"}, "Write a number"),
        ({"price": ".."}, "Write a number"),
        ({"sort": "id; DROP TABLE orders"}, "Choose from: code"),
        ({"show": "password_hash"}, "Choose from: code"),
        ({"page": "0"}, "from 1 to 400"),
        ({"page": "99999999999"}, "from 1 to 400"),
    ],
)
def test_what_cannot_be_asked_says_what_can(words: dict[str, str], says: str) -> None:
    with pytest.raises(Refused) as refused:
        ask(**words)
    assert says in refused.value.remedy
    assert refused.value.value is not None


def test_an_address_says_what_is_asked_and_nothing_that_is_usual() -> None:
    asked = ask(text="weir", state="submitted,failed", sort="-price", show="code,price", page="3", order="O-001")
    assert asked.query() == "text=weir&state=submitted,failed&sort=-price&show=code,price&page=3"
    assert Asked.read(views.ORDERS, asked.words()) == asked
    assert Asked().query() == ""


def test_counting_stops(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("isp_lifecycle.views.lists.reading.COUNTED", 40)
    found = views.orders(window, DESK, asked=Asked())
    assert (found.total, found.counted, found.more) == (40, False, True)
    assert model.COUNTED > model.PAGE


def test_files_have_every_column_and_no_formula(window: Window) -> None:
    rows = views.all_orders(window, DESK, asked=ask(text="O-008"), into=list)
    text = as_csv(views.ORDERS.columns, rows, ZoneInfo(ZONE)).decode("utf-8-sig")
    (line,) = csv.DictReader(io.StringIO(text))
    assert len(line) == len(views.ORDERS.columns)
    assert (line["Customer"], line["Price a month"], line["Submitted"]) == (
        "'=1+1",
        "28.50",
        "2026-03-31T17:30:00+03:00",
    )
    assert len(views.all_orders(window, DESK, asked=ask(page="2"), into=list)) == MANY

    book = zipfile.ZipFile(io.BytesIO(as_xlsx(views.ORDERS.columns, rows, ZoneInfo(ZONE), "Orders")))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "=1+1" in sheet
    assert "<v>28.5</v>" in sheet


@pytest.mark.parametrize("name", sorted(views.LISTS))
def test_every_list_filters_sorts_and_exports_by_every_column(world: Window, name: str) -> None:
    """Its SQL is right in each of its two forms, with every column, for whoever reads everything and nothing else."""
    spec, page, whole = views.LISTS[name]
    rows = whole(world, AUDITOR, asked=Asked(), into=list)
    assert rows
    assert as_csv(spec.columns, rows, ZoneInfo(ZONE)).count(b"\r\n") == len(rows) + 1
    assert as_xlsx(spec.columns, rows, ZoneInfo(ZONE), spec.title)
    for column in spec.columns:
        assert all(column.name in row for row in rows)
        if column.said:
            for words in ({column.name: "1"}, {"sort": column.name}):
                with pytest.raises(Refused, match=column.name):
                    Asked.read(spec, words)
            continue
        for sort in (column.name, f"-{column.name}"):
            assert len(page(world, AUDITOR, asked=Asked.read(spec, {"sort": sort})).rows) == min(len(rows), PAGE)
        value = next((row[column.name] for row in rows if row[column.name] not in (None, "")), None)
        if value is not None:
            found = whole(world, AUDITOR, asked=Asked.read(spec, {column.name: typed(value)}), into=list)
            assert value in [row[column.name] for row in found]
    text = Asked.read(spec, {"text": "weir no-such-word"})
    assert page(world, AUDITOR, asked=text).rows == ()


def test_who_may_not_read_a_list_cannot_export_it(world: Window) -> None:
    for name, (_spec, page, whole) in views.LISTS.items():
        if name == "visits":
            assert page(world, ROAD, asked=Asked()).rows == ()  # it is somebody else's
            continue
        with pytest.raises(Forbidden):
            page(world, ROAD, asked=Asked())
        with pytest.raises(Forbidden):
            whole(world, ROAD, asked=Asked(), into=list)


def test_days_that_move_with_the_calendar_mean_another_day_tomorrow(world: Window) -> None:
    def codes(starts: str) -> list[object]:
        asked = Asked.read(views.VISITS, {"starts": starts})
        return [row["code"] for row in views.visits(world, AUDITOR, asked=asked).rows]

    assert codes("today") == ["V-2"]  # 1 April has begun in Helsinki
    assert codes("today-1..today") == ["V-1", "V-2"]
    assert codes("today+1..") == []
    assert codes("..today+13") == ["V-1", "V-2"]
    for wrong in ("today+13..today", "today+", "tomorrow"):
        with pytest.raises(Refused):
            Asked.read(views.VISITS, {"starts": wrong})


def test_an_engineer_is_listed_their_own_visits(world: Window) -> None:
    own = replace(ROAD, username="ann")
    assert [row["code"] for row in views.visits(world, own, asked=Asked()).rows] == ["V-1", "V-2"]


def test_the_queue_says_where_and_why_and_counts_each(world: Window) -> None:
    asked = Asked.read(views.QUEUE, {"standing": IN_THE_QUEUE})
    (failed, ready) = views.queue(world, AUDITOR, asked=asked).rows
    assert (failed["standing"], failed["why"], failed["about"]) == ("failed", "No light: No.", "O-001 · Customer 1")
    assert (ready["standing"], ready["why"]) == ("ready", "goes to the next worker that is free")
    assert views.queue_counts(world, AUDITOR, asked=asked) == {"failed": 1, "ready": 1, "scheduled": 1}
    theirs = Asked.read(views.QUEUE, {"workflow": "crm,mail", "standing": "ready"})
    assert views.queue_counts(world, AUDITOR, asked=theirs) == {"ready": 1, "scheduled": 1}


def test_the_trail_is_found_by_its_words_and_by_a_whole_trace(world: Window) -> None:
    def did(**words: str) -> list[object]:
        asked = Asked.read(views.TRAIL, words)
        return [row["did"] for row in views.trail(world, AUDITOR, asked=asked).rows]

    assert did(text="ann confirm") == ["sales.confirm_order"]
    assert did(text=str(TRACE)) == ["sales.confirm_order"]
    assert did(kind="order", role="sales") == ["sales.confirm_order"]
    assert did(text="100%") == []


def test_an_export_that_would_leave_rows_out_is_refused(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("isp_lifecycle.views.lists.reading.EXPORTED_AT_MOST", MANY - 1)
    with pytest.raises(TooManyRows):
        views.all_orders(window, DESK, asked=Asked(), into=list)
    assert len(views.all_orders(window, DESK, asked=ask(state="submitted"), into=list)) == MANY * 2 / 3


def test_views_are_kept_shared_and_forgotten_by_their_owner(window: Window) -> None:
    door = Door(engine=window.engine, clock=window.clock, settings=window.settings)
    with write(window.engine) as tx:
        people = [
            access.create_user(
                tx=tx, at=NOW, username=name, name=name.title(), role=Role.SALES, password="long enough pw"
            )
            for name in ("ann", "ben")
        ]
    ann, ben = (actor_of(one, source="cli") for one in people)

    def seen_by(actor: Actor) -> list[tuple[str, str, str]]:
        return [(v.name, v.query, v.owner) for v in views.saved_views(window, actor, list_name="orders")]

    intake.keep_view(door, ann, list_name="orders", name=" Mine  alone ", query="state=failed")
    intake.keep_view(door, ann, list_name="orders", name="Ours", query="state=submitted", shared=True)
    intake.keep_view(door, ann, list_name="orders", name="Ours", query="sort=-price", shared=True)
    assert seen_by(ann) == [("Mine alone", "state=failed", "Ann"), ("Ours", "sort=-price", "Ann")]
    assert seen_by(ben) == [("Ours", "sort=-price", "Ann")]
    assert views.saved_views(window, ben, list_name="tickets") == []
    (ours,) = views.saved_views(window, ben, list_name="orders")
    with pytest.raises(NotFound):
        intake.forget_view(door, ben, view_id=ours.id)
    intake.forget_view(door, ann, view_id=ours.id)
    assert seen_by(ben) == []
    for name in ("", "x" * 61):
        with pytest.raises(SavedViewWrong):
            intake.keep_view(door, ann, list_name="orders", name=name, query="")
    with window.engine.connect() as connection:
        told = connection.execute(sa.text("SELECT action, subject_id FROM audit ORDER BY at")).all()
    assert [tuple(one) for one in told] == [("lists.keep_view", "orders")] * 3 + [("lists.forget_view", "Ours")]
