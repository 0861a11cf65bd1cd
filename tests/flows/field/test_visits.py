"""Visits on a real PostgreSQL: booked once, never twice in one place, moved by their table."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from isp_lifecycle.field import actions, store
from isp_lifecycle.field.errors import EngineerInactive, EngineerMalformed, EngineerTaken, NoEngineer, NoFreeTime
from isp_lifecycle.field.model import Engineer, TimeRange, Visit, VisitState
from isp_lifecycle.foundation.db import Tx, read, write
from isp_lifecycle.foundation.errors import IllegalMove, NotFound
from isp_lifecycle.foundation.ids import new_id

DUBLIN = ZoneInfo("Europe/Dublin")
MONDAY = datetime(2026, 1, 5, 7, tzinfo=UTC)
NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)


def book(tx: Tx, *, delivery: UUID | None = None, area: str | None = "north", after: datetime = MONDAY) -> Visit:
    return actions.book_first_free(
        tx=tx,
        delivery_id=delivery or new_id(),
        service_id=new_id(),
        order_id=new_id(),
        area=area,
        address="7 Quay Street",
        instructions="Ring twice",
        after=after,
        zone=DUBLIN,
        at=MONDAY,
    )


@pytest.fixture
def ann(engine: sa.Engine) -> Engineer:
    with write(engine) as tx:
        return actions.put_engineer(tx=tx, username="ann", name="Ann Byrne", area="north", phone="+353 1 555 0101")


def test_put_engineer_again_changes_the_same_engineer(engine: sa.Engine, ann: Engineer) -> None:
    with write(engine) as tx:
        moved = actions.put_engineer(tx=tx, username="ann", name="Ann Byrne", area="south")
    with read(engine) as tx:
        assert (moved.id, moved.area) == (ann.id, "south")
        assert actions.engineer_by_username(tx=tx, username="ann") == moved
        assert actions.engineers(tx=tx) == (moved,)
        assert actions.engineers(tx=tx, area="north") == ()


@pytest.mark.parametrize(("username", "name"), [("Ann", "Ann"), ("", "Ann"), ("a b", "Ann"), ("ann", " ")])
def test_put_engineer_refuses_a_malformed_field(engine: sa.Engine, username: str, name: str) -> None:
    with write(engine) as tx, pytest.raises(EngineerMalformed):
        actions.put_engineer(tx=tx, username=username, name=name)


def test_booking_again_for_a_delivery_returns_the_same_visit(engine: sa.Engine, ann: Engineer) -> None:
    delivery = new_id()
    with write(engine) as tx:
        first = book(tx, delivery=delivery)
    with write(engine) as tx:
        again = book(tx, delivery=delivery, after=MONDAY + timedelta(days=3))
    assert again == first
    assert first.code == "V-000001"
    assert (first.engineer_id, first.during.start) == (ann.id, datetime(2026, 1, 5, 8, tzinfo=UTC))


def test_bookings_go_on_when_the_statement_is_planned_once_for_all(engine: sa.Engine, ann: Engineer) -> None:
    """After some executions on one connection PostgreSQL plans without the values, and must still find the index."""
    with engine.connect() as connection:
        for number in range(1, 21):
            with connection.begin():
                assert book(connection).code == f"V-{number:06d}"


def test_booking_after_a_cancelled_visit_makes_a_new_one(engine: sa.Engine, ann: Engineer) -> None:
    delivery = new_id()
    with write(engine) as tx:
        first = book(tx, delivery=delivery)
        actions.cancel_visit(tx=tx, visit_id=first.id, reason="The customer is away.")
        second = book(tx, delivery=delivery)
        assert second.id != first.id
        assert second.during == first.during  # the time is free again
        assert actions.visit_of_delivery(tx=tx, delivery_id=delivery) == second


def test_booking_falls_to_engineers_who_go_everywhere(engine: sa.Engine, ann: Engineer) -> None:
    with write(engine) as tx:
        with pytest.raises(NoEngineer) as nobody:
            book(tx, area="west")
        rover = actions.put_engineer(tx=tx, username="rover", name="Rory")
        assert book(tx, area="west").engineer_id == rover.id
    assert nobody.value.value == "west"


def test_booking_with_a_full_calendar_needs_a_person(engine: sa.Engine, ann: Engineer) -> None:
    with write(engine) as tx:
        long = TimeRange(MONDAY, MONDAY + timedelta(days=90))
        store.insert_visit(
            tx=tx,
            service_id=new_id(),
            order_id=new_id(),
            delivery_id=new_id(),
            engineer_id=ann.id,
            during=long,
            address="",
            instructions="",
            at=MONDAY,
        )
        with pytest.raises(NoFreeTime):
            book(tx)


def test_the_database_itself_keeps_an_engineer_in_one_place(engine: sa.Engine, ann: Engineer) -> None:
    row = {"code": "V-9", "service_id": new_id(), "order_id": new_id(), "engineer_id": ann.id, "address": ""}
    overlap = sa.func.tstzrange(NINE - timedelta(minutes=30), NINE + timedelta(minutes=30))
    with write(engine) as tx:
        book(tx)
    with engine.connect() as tx, pytest.raises(sa.exc.IntegrityError, match=store.ONE_PLACE):
        tx.execute(
            store.visits.insert().values(
                id=new_id(),
                delivery_id=new_id(),
                during=overlap,
                state="booked",
                instructions="",
                created_at=MONDAY,
                **row,
            )
        )


def test_many_bookings_at_once_take_different_times(engine: sa.Engine, ann: Engineer) -> None:
    def one(_: int) -> Visit:
        with write(engine) as tx:
            return book(tx)

    with ThreadPoolExecutor(8) as pool:
        visits = list(pool.map(one, range(20)))
    starts = sorted(v.during.start for v in visits)
    monday = [datetime(2026, 1, 5, h, tzinfo=UTC) for h in range(8, 17)]
    tuesday = [start + timedelta(days=1) for start in monday]
    assert starts == [*monday, *tuesday, *(start + timedelta(days=2) for start in monday[:2])]


def test_one_delivery_booked_by_many_at_once_has_one_visit(engine: sa.Engine, ann: Engineer) -> None:
    delivery = new_id()

    def one(_: int) -> Visit:
        with write(engine) as tx:
            return book(tx, delivery=delivery)

    with ThreadPoolExecutor(6) as pool:
        assert len({v.id for v in pool.map(one, range(12))}) == 1


def test_rescheduling_onto_another_visit_is_refused_and_the_transaction_goes_on(
    engine: sa.Engine, ann: Engineer
) -> None:
    with write(engine) as tx:
        first, second = book(tx), book(tx)
        with pytest.raises(EngineerTaken) as taken:
            actions.reschedule_visit(
                tx=tx, visit_id=second.id, engineer_id=ann.id, start=first.during.start + timedelta(minutes=30)
            )
        later = actions.reschedule_visit(tx=tx, visit_id=second.id, engineer_id=ann.id, start=NINE + timedelta(hours=9))
    assert (taken.value.engineer, taken.value.field) == (ann.id, "start")
    assert later.during == TimeRange(NINE + timedelta(hours=9), NINE + timedelta(hours=10))


def test_rescheduling_to_someone_who_left_is_refused(engine: sa.Engine, ann: Engineer) -> None:
    with write(engine) as tx:
        visit = book(tx)
        gone = actions.put_engineer(tx=tx, username="gone", name="Gus", active=False)
        with pytest.raises(EngineerInactive):
            actions.reschedule_visit(tx=tx, visit_id=visit.id, engineer_id=gone.id, start=NINE)


def test_a_visit_runs_from_booked_to_done_and_repeats_change_nothing(engine: sa.Engine, ann: Engineer) -> None:
    with write(engine) as tx:
        visit = book(tx)
        with pytest.raises(IllegalMove):
            actions.finish_visit(tx=tx, visit_id=visit.id, result="too early")
        started = actions.start_visit(tx=tx, visit_id=visit.id)
        assert actions.start_visit(tx=tx, visit_id=visit.id) == started
        done = actions.finish_visit(tx=tx, visit_id=visit.id, result="ONT fitted")
        assert actions.finish_visit(tx=tx, visit_id=visit.id, result="ONT fitted") == done
        assert (started.state, done.state, done.result) == (VisitState.STARTED, VisitState.DONE, "ONT fitted")
        with pytest.raises(IllegalMove):
            actions.cancel_visit(tx=tx, visit_id=visit.id, reason="too late")
        with pytest.raises(IllegalMove):
            actions.reschedule_visit(tx=tx, visit_id=visit.id, engineer_id=ann.id, start=NINE)


def test_a_missed_visit_lets_the_delivery_book_again(engine: sa.Engine, ann: Engineer) -> None:
    delivery = new_id()
    with write(engine) as tx:
        first = book(tx, delivery=delivery)
        missed = actions.miss_visit(tx=tx, visit_id=first.id, reason="Nobody opened.")
        assert (missed.state, missed.result) == (VisitState.MISSED, "Nobody opened.")
        assert book(tx, delivery=delivery, after=NINE).during.start == NINE


def test_visits_of_lists_days_of_the_isps_calendar(engine: sa.Engine, ann: Engineer) -> None:
    with write(engine) as tx:
        monday = book(tx)
        tuesday = book(tx, after=MONDAY + timedelta(days=1))
        # 23:30 UTC on Monday 6 July is Tuesday in Dublin.
        night = actions.reschedule_visit(
            tx=tx, visit_id=book(tx).id, engineer_id=ann.id, start=datetime(2026, 7, 6, 23, 30, tzinfo=UTC)
        )
    with read(engine) as tx:
        day = {"tx": tx, "username": "ann", "zone": DUBLIN}
        assert actions.visits_of(first=date(2026, 1, 5), last=date(2026, 1, 5), **day) == (monday,)
        assert actions.visits_of(first=date(2026, 1, 5), last=date(2026, 1, 6), **day) == (monday, tuesday)
        assert actions.visits_of(first=date(2026, 7, 6), last=date(2026, 7, 6), **day) == ()
        assert actions.visits_of(first=date(2026, 7, 7), last=date(2026, 7, 7), **day) == (night,)
        assert actions.visits_between(tx=tx, start=MONDAY, end=MONDAY + timedelta(days=7)) == (monday, tuesday)
        assert actions.visit_by_code(tx=tx, code=monday.code) == monday
        with pytest.raises(NotFound):
            actions.visit_by_id(tx=tx, visit_id=new_id())
