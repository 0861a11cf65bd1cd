"""The search for the first free time, by hand-worked calendars and by chance."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isp_lifecycle.field.errors import RangeMalformed
from isp_lifecycle.field.model import VISIT_MOVES, Offer, TimeRange, VisitState, WorkingHours, first_free

DUBLIN = ZoneInfo("Europe/Dublin")
ANN, BEN = UUID(int=1), UUID(int=2)
HOURS = WorkingHours()


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def hour(text: str) -> TimeRange:
    return TimeRange(utc(text), utc(text) + timedelta(hours=1))


def test_first_free_keeps_wall_time_when_the_clocks_go_forward() -> None:
    # Friday 27 March 2026 is winter time in Dublin, Monday the 30th is summer time.
    friday = first_free(busy={ANN: []}, after=utc("2026-03-27T00:00"), zone=DUBLIN, hours=HOURS)
    monday = first_free(busy={ANN: []}, after=utc("2026-03-27T16:30"), zone=DUBLIN, hours=HOURS)
    assert friday == Offer(ANN, hour("2026-03-27T08:00"))
    assert monday == Offer(ANN, hour("2026-03-30T07:00"))


def test_first_free_keeps_wall_time_when_the_clocks_go_back() -> None:
    monday = first_free(busy={ANN: []}, after=utc("2026-10-23T15:30"), zone=DUBLIN, hours=HOURS)
    assert monday == Offer(ANN, hour("2026-10-26T08:00"))
    assert first_free(busy={ANN: []}, after=utc("2026-10-22T23:30"), zone=DUBLIN, hours=HOURS) == Offer(
        ANN, hour("2026-10-23T07:00")
    )


def test_slots_fit_between_opening_and_closing_on_a_day_when_the_clocks_change_at_work() -> None:
    # Sunday 29 March 2026: 01:00 to 02:00 does not exist in Dublin; open from midnight to 04:00 that is three hours.
    night = WorkingHours(opens=time(0), closes=time(4), weekdays=frozenset({6}))
    assert list(night.slots(date(2026, 3, 29), zone=DUBLIN)) == [
        hour("2026-03-29T00:00"),
        hour("2026-03-29T01:00"),
        hour("2026-03-29T02:00"),
    ]


def test_last_visit_of_a_day_ends_at_closing_time() -> None:
    slots = list(HOURS.slots(date(2026, 1, 5), zone=DUBLIN))
    assert (len(slots), slots[0], slots[-1]) == (9, hour("2026-01-05T08:00"), hour("2026-01-05T16:00"))


def test_weekends_and_closed_days_have_no_slots() -> None:
    closed = WorkingHours(closed_on=frozenset({date(2026, 3, 17)}))
    assert list(closed.slots(date(2026, 3, 17), zone=DUBLIN)) == []
    assert list(HOURS.slots(date(2026, 3, 21), zone=DUBLIN)) == []


def test_first_free_goes_to_the_engineer_with_fewer_visits_that_day() -> None:
    busy = {ANN: [hour("2026-01-05T09:00"), hour("2026-01-05T10:00")], BEN: [hour("2026-01-05T11:00")]}
    assert first_free(busy=busy, after=utc("2026-01-05T07:00"), zone=DUBLIN, hours=HOURS) == Offer(
        BEN, hour("2026-01-05T08:00")
    )


def test_first_free_prefers_an_earlier_time_over_an_idle_engineer() -> None:
    busy = {ANN: [hour("2026-01-05T09:00")], BEN: [TimeRange(utc("2026-01-05T08:00"), utc("2026-01-05T09:00"))]}
    assert first_free(busy=busy, after=utc("2026-01-05T08:00"), zone=DUBLIN, hours=HOURS) == Offer(
        ANN, hour("2026-01-05T08:00")
    )


def test_first_free_finds_nothing_when_all_days_are_taken_or_nobody_works() -> None:
    all_year = [TimeRange(utc("2026-01-01T00:00"), utc("2027-01-01T00:00"))]
    after = utc("2026-01-05T08:00")
    assert first_free(busy={ANN: all_year}, after=after, zone=DUBLIN, hours=HOURS, days=30) is None
    assert first_free(busy={}, after=after, zone=DUBLIN, hours=HOURS) is None


@given(
    st.lists(st.tuples(st.sampled_from([ANN, BEN]), st.integers(0, 24 * 12), st.integers(1, 30)), max_size=40),
    st.integers(0, 24 * 60 * 10),
)
def test_first_free_never_overlaps_and_leaves_no_earlier_slot(taken: list[tuple[UUID, int, int]], late: int) -> None:
    # Twelve days around the change of clocks of October 2026, in half-hour raggedness.
    base = utc("2026-10-20T00:00")
    busy: dict[UUID, list[TimeRange]] = {ANN: [], BEN: []}
    for who, start, halves in taken:
        begin = base + timedelta(hours=start)
        busy[who].append(TimeRange(begin, begin + timedelta(minutes=30 * halves)))
    after = base + timedelta(minutes=late)
    offer = first_free(busy=busy, after=after, zone=DUBLIN, hours=HOURS)
    assert offer is not None
    assert offer.during.start >= after
    assert not any(offer.during.overlaps(r) for r in busy[offer.engineer_id])
    local = offer.during.start.astimezone(DUBLIN)
    assert (local.weekday() < 5, 8 <= local.hour <= 16, local.minute) == (True, True, 0)
    day = after.astimezone(DUBLIN).date()
    while day <= local.date():
        for slot in HOURS.slots(day, zone=DUBLIN):
            if after <= slot.start < offer.during.start:
                assert all(any(slot.overlaps(r) for r in ranges) for ranges in busy.values())
        day += timedelta(days=1)


def test_range_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(RangeMalformed):
        TimeRange(utc("2026-01-05T09:00"), utc("2026-01-05T09:00"))


def test_visit_moves_reach_every_state_and_close_at_the_end() -> None:
    assert VISIT_MOVES.reachable() == frozenset(VisitState)
    assert VISIT_MOVES.terminal == {VisitState.DONE, VisitState.CANCELLED, VisitState.MISSED}
