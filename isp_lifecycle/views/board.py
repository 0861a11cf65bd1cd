"""The dispatch board: who is where and when, how much each has, and what nobody has yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from isp_lifecycle.field.model import WorkingHours
from isp_lifecycle.foundation.clock import start_of
from isp_lifecycle.views.window import Look, shows

#: The key of the lane of what nobody has.
NOBODY = ""


@dataclass(frozen=True)
class Lane:
    """An engineer and their load on the days that are shown. One without an area goes everywhere."""

    username: str
    name: str
    area: str
    visits: int
    minutes: int


@dataclass(frozen=True)
class Bar:
    """A visit on the board; ``lane`` is the engineer's user name. ``movable``: it is booked and has not begun."""

    code: str
    lane: str
    starts: datetime
    ends: datetime
    state: str
    failed: bool
    movable: bool
    customer: str
    address: str
    area: str
    work: str


@dataclass(frozen=True)
class BoardView:
    """The board of some days. ``opens`` and ``closes`` are hours on the wall within which everything shown lies."""

    lanes: tuple[Lane, ...]
    bars: tuple[Bar, ...]
    opens: int
    closes: int


_LANES = "SELECT username, name, coalesce(area, '') AS area FROM engineers WHERE active ORDER BY name, username"
_BARS = """
    SELECT v.code, CASE WHEN g.active THEN g.username ELSE '' END AS lane, lower(v.during) AS starts,
           upper(v.during) AS ends, v.state, d.state = 'failed' AS failed, c.name AS customer, v.address,
           coalesce(p.area, '') AS area, o.kind AS work
    FROM visits v JOIN orders o ON o.id = v.order_id JOIN customers c ON c.id = o.customer_id
    JOIN premises p ON p.id = o.premises_id JOIN deliveries d ON d.id = v.delivery_id
    LEFT JOIN engineers g ON g.id = v.engineer_id
    WHERE v.during && tstzrange(:start, :end) AND v.state <> 'cancelled' ORDER BY lower(v.during), v.code
"""


@shows("visit.read_all")
def board(look: Look, *, day: date, days: int = 1) -> BoardView:
    """The board of a day, or of some from it on, on the provider's calendar."""
    zone = look.settings.company.tz
    span = {"start": start_of(day, zone=zone), "end": start_of(day + timedelta(days=days), zone=zone)}
    bars = tuple(
        Bar(
            code=r.code,
            lane=r.lane,
            starts=r.starts,
            ends=r.ends,
            state=r.state,
            failed=r.failed,
            movable=r.state == "booked",
            customer=r.customer,
            address=r.address,
            area=r.area,
            work=r.work,
        )
        for r in look.tx.execute(sa.text(_BARS), span)
    )
    hours = WorkingHours()
    walls = [(bar.starts.astimezone(zone), bar.ends.astimezone(zone)) for bar in bars]
    opens = min([hours.opens.hour - 1, *(start.hour for start, _ in walls)])
    closes = max([hours.closes.hour + 2, *(end.hour + 1 for start, end in walls if end.date() == start.date())])
    return BoardView(tuple(_lane(row, bars) for row in look.tx.execute(sa.text(_LANES))), bars, opens, min(closes, 24))


def _lane(row: sa.Row[tuple[str, str, str]], bars: tuple[Bar, ...]) -> Lane:
    own = [bar for bar in bars if bar.lane == row.username and bar.state != "missed"]
    minutes = round(sum((bar.ends - bar.starts).total_seconds() for bar in own) / 60)
    return Lane(row.username, row.name, row.area, len(own), minutes)
