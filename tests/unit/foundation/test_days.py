"""The first instant of a day, in every zone there is, on days that begin late, early, twice or not at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isp_lifecycle.foundation.clock import PushableClock, start_of, today

ZONES = sorted(zone for zone in available_timezones() if not zone.startswith(("posix/", "right/")))
A_MOMENT = timedelta(microseconds=1)


@settings(max_examples=400, deadline=None)
@given(day=st.dates(date(1972, 1, 2), date(2037, 12, 30)), name=st.sampled_from(ZONES))
def test_day_begins_at_the_first_instant_that_is_no_earlier_day(day: date, name: str) -> None:
    zone = ZoneInfo(name)
    start = start_of(day, zone=zone)
    assert start.astimezone(zone).date() >= day
    assert (start - A_MOMENT).astimezone(zone).date() < day
    assert start < start_of(day + timedelta(days=1), zone=zone) or skips(day, zone)


def skips(day: date, zone: ZoneInfo) -> bool:
    """Whether the wall calendar of the zone never showed this day."""
    return start_of(day, zone=zone).astimezone(zone).date() != day


@pytest.mark.parametrize(
    ("name", "day", "utc"),
    [
        ("Europe/Dublin", date(2028, 3, 26), datetime(2028, 3, 26, 0, tzinfo=UTC)),
        ("Europe/Dublin", date(2028, 3, 27), datetime(2028, 3, 26, 23, tzinfo=UTC)),
        ("Europe/Dublin", date(2028, 10, 30), datetime(2028, 10, 30, 0, tzinfo=UTC)),
        ("America/Santiago", date(2028, 9, 3), datetime(2028, 9, 3, 4, tzinfo=UTC)),  # begins at one o'clock
        ("America/Santiago", date(2028, 4, 2), datetime(2028, 4, 2, 4, tzinfo=UTC)),  # the eleventh hour came twice
        ("America/Havana", date(2028, 11, 5), datetime(2028, 11, 5, 4, tzinfo=UTC)),  # midnight comes twice
        ("Pacific/Apia", date(2011, 12, 30), datetime(2011, 12, 30, 10, tzinfo=UTC)),  # there was no such day
    ],
)
def test_day_begins_when_the_wall_clock_says_so(name: str, day: date, utc: datetime) -> None:
    assert start_of(day, zone=ZoneInfo(name)) == utc


def test_today_is_the_day_of_the_zone() -> None:
    clock = PushableClock(datetime(2028, 2, 29, 23, 30, tzinfo=UTC))
    assert today(clock=clock, zone=ZoneInfo("Europe/Dublin")) == date(2028, 2, 29)
    assert today(clock=clock, zone=ZoneInfo("Pacific/Auckland")) == date(2028, 3, 1)
