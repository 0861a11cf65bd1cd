"""A year on a clock that is pushed: lines of a real plant change and end on their days, and every day is charged once.

The zones are one of the north and one of the south where the clocks change at midnight itself, so that a day of spring
begins at one o'clock. The year has a 29 February, and an outage of two days over the turn of a month.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from isp_lifecycle.access.model import SYSTEM, VISITOR, Role
from isp_lifecycle.events import relay
from isp_lifecycle.foundation.clock import PushableClock, start_of
from isp_lifecycle.foundation.db import write
from isp_lifecycle.intake import clockwork, lines, portal, sales
from isp_lifecycle.intake import field as visits
from isp_lifecycle.workflows.engine import Engine
from tests.flows.line.conftest import Plant, actor

#: The days on which the clocks change: into summer, out of summer.
DAYS = {
    "Europe/Dublin": (date(2028, 3, 26), date(2028, 10, 29)),
    "America/Santiago": (date(2028, 9, 3), date(2028, 4, 2)),
}
STAFF = actor(Role.MANAGER)
DOWN, UP = ("home-100", "Home 100"), ("home-500", "Home 500")


@dataclass
class Year:
    """A plant in a zone, on a clock of its own, and which plan each line should have been charged for on which day."""

    plant: Plant
    clock: PushableClock
    zone: ZoneInfo
    agreed: dict[str, list[tuple[date, str | None]]] = field(default_factory=dict)

    def activate(self, name: str, *, plan: tuple[str, str]) -> str:
        """Connect a line today; returns its service's code."""
        house = self._free_house()
        placed = portal.place_application(
            self.plant.door,
            VISITOR,
            premises_code=house,
            plan_code=plan[0],
            name=name,
            email=f"{name.lower()}@example.org",
            phone="+353 1 555 0100",
            consent=True,
        )
        confirmed = sales.confirm_order(self.plant.door, actor(Role.SALES), order_code=placed.order_code)
        self.work()
        serial = f"48575443{len(self.agreed):08X}"
        self.plant.lab.plug(serial, house)
        self.plant.lab.wait_until(serial, "autofind", seconds=10)
        visit = self.plant.one("SELECT code FROM visits WHERE delivery_id = :d", d=confirmed.delivery_id).code
        visits.activate(self.plant.door, SYSTEM, visit_code=visit, serial=serial)
        self.work()
        self.agreed[confirmed.service_code] = [(self.today, plan[1])]
        return confirmed.service_code

    def change(self, service: str, plan: tuple[str, str], on: date, *, charged_from: date | None = None) -> None:
        """Ask for another plan; it is to be charged from that day unless another one is given."""
        portal.ask_plan_change(self.plant.door, STAFF, service_code=service, plan_code=plan[0], wanted_on=on)
        self.agreed[service].append((charged_from or on, plan[1]))

    def end(self, service: str, last: date) -> None:
        """Ask for the end of a service after a day."""
        portal.ask_termination(self.plant.door, STAFF, service_code=service, wanted_on=last)
        self.agreed[service].append((last + timedelta(days=1), None))

    def pause(self, service: str, first: date, again: date) -> None:
        """Ask for the line to be shut from one day on and opened on another."""
        lines.ask_suspension(self.plant.door, STAFF, service_code=service, wanted_on=first, way="off")
        self.agreed[service].append((first, None))
        self.agreed[service].append((again, UP[1]))

    @property
    def today(self) -> date:
        """The date on the wall."""
        return self.clock.now().astimezone(self.zone).date()

    def work(self) -> None:
        """Whatever is due, and all that comes of it, by the relay's sweep and a worker that takes what is next."""
        worker = Engine(parts=self.plant.parts, worker="test")
        for _round in range(50):
            with write(self.plant.engine) as tx:
                relay.sweep(tx=tx, now=self.clock.now(), lease=self.plant.settings.lease)
            if worker.work("network") + worker.work("office") == 0:
                return
        raise AssertionError("there is no end to the work")

    def until(self, day: date) -> None:
        """Live up to the first instant of a day: each first of a month has its night; nothing begins too early."""
        month = (self.today.replace(day=28) + timedelta(days=7)).replace(day=1)
        while month < day:
            self._to(start_of(month, zone=self.zone))
            self.work()
            self.night()
            month = (month + timedelta(days=31)).replace(day=1)
        before = self.plant.one("SELECT count(*) FROM deliveries WHERE state = 'done'")[0]
        self._to(start_of(day, zone=self.zone) - timedelta(seconds=1))
        self.work()
        assert self.plant.one("SELECT count(*) FROM deliveries WHERE state = 'done'")[0] == before, "begun too early"
        self._to(start_of(day, zone=self.zone))
        self.work()

    def night(self) -> None:
        """Two o'clock of this day, when months are charged."""
        at = datetime.combine(self.today, time(clockwork.CHARGES_AT), tzinfo=self.zone)
        self._to(max(at.astimezone(self.clock.now().tzinfo), self.clock.now()))
        while clockwork.charge_months(self.plant.door, SYSTEM):
            continue

    def outage(self, length: timedelta) -> None:
        """Nothing runs for so long: no relay, no worker, no schedule."""
        self.clock.push(length)

    def _to(self, at: datetime) -> None:
        self.clock.push(at - self.clock.now())

    def _free_house(self) -> str:
        taken = {customer.premises_code for customer in self.plant.town.customers}
        taken |= {
            r.code for r in self.plant.many("SELECT p.code FROM premises p JOIN orders o ON o.premises_id = p.id")
        }
        return next(p.code for p in self.plant.town.premises if p.outlet is not None and p.code not in taken)

    def expected(self, service: str, last: date) -> dict[date, str]:
        """The plan of each day that is to be charged, as agreed."""
        days: dict[date, str] = {}
        steps = [*self.agreed[service], (last + timedelta(days=1), None)]
        for (first, plan), (following, _plan) in pairwise(steps):
            days |= {} if plan is None else {first + timedelta(days=n): plan for n in range((following - first).days)}
        return days

    def charged(self, service: str) -> dict[date, str]:
        """The plan of each day that was charged, credits taken off; a day that was charged twice fails."""
        rows = self.plant.many(
            """
            SELECT split_part(replace(c.description, 'Credit: ', ''), ',', 1) AS plan, c.amount,
                   lower(c.period) AS first, upper(c.period) AS past
            FROM charges c JOIN services s ON s.id = c.service_id WHERE s.code = :s
            """,
            s=service,
        )
        net: Counter[tuple[date, str]] = Counter()
        for row in rows:
            for day in range((row.past - row.first).days):
                net[row.first + timedelta(days=day), row.plan] += -1 if row.amount < 0 else 1
        assert set(net.values()) <= {0, 1}, {key: count for key, count in net.items() if count not in (0, 1)}
        days = [key for key, count in net.items() if count]
        assert len({day for day, _plan in days}) == len(days), "a day was charged for two plans"
        return dict(days)


@pytest.fixture(params=DAYS)
def year(request: pytest.FixtureRequest, plant: Plant) -> Year:
    """The plant in January 2028, in one of the zones."""
    zone = ZoneInfo(request.param)
    clock = PushableClock(datetime(2028, 1, 31, 10, tzinfo=zone))
    company = plant.settings.company.model_copy(update={"zone": request.param})
    settings = plant.settings.model_copy(update={"company": company})
    return Year(
        replace(
            plant,
            settings=settings,
            parts=replace(plant.parts, clock=clock, settings=settings),
            door=replace(plant.door, clock=clock, settings=settings),
            window=replace(plant.window, clock=clock, settings=settings),
        ),
        clock,
        zone,
    )


def test_year_of_changes_and_ends_is_charged_day_by_day(year: Year) -> None:
    into, out_of = DAYS[str(year.zone)]
    anna, ben, cleo, dora = (year.activate(name, plan=UP) for name in ("Anna", "Ben", "Cleo", "Dora"))
    year.end(cleo, date(2028, 10, 31))
    days = sorted([date(2028, 2, 29), into, out_of, date(2028, 5, 31), date(2028, 8, 31), date(2028, 12, 31)])
    spring, autumn = days[:3], days[3:]
    for day, plan in zip(spring, (DOWN, UP, DOWN), strict=True):
        year.change(anna, plan, day)
        year.until(day)
        assert plan_of(year, anna) == plan[1]

    # Nothing runs for two days over the turn of a month. Anna's plan becomes dearer and was late: she pays from the day
    # on which she got it. Ben's becomes cheaper and he leaves: he pays less from the agreed day, up to his last one.
    # Dora is away for two weeks: she pays nothing from the agreed day, although her line was shut a day late.
    year.until(date(2028, 6, 30))
    year.change(anna, UP, date(2028, 7, 1), charged_from=date(2028, 7, 2))
    year.change(ben, DOWN, date(2028, 7, 1))
    year.end(ben, date(2028, 7, 1))
    year.pause(dora, date(2028, 7, 1), date(2028, 7, 15))
    year.outage(timedelta(hours=68))
    assert year.today == date(2028, 7, 2)
    year.work()
    year.night()
    assert in_order(year, ben) == ["plan_change", "termination"]
    assert plan_of(year, anna) == UP[1]

    year.until(date(2028, 7, 15))
    lines.ask_resumption(year.plant.door, STAFF, service_code=dora, wanted_on=date(2028, 7, 15))
    year.work()
    for day, plan in zip(autumn, (DOWN, UP, DOWN), strict=True):
        year.change(anna, plan, day)
        year.until(day)
        assert plan_of(year, anna) == plan[1]
    for service in (anna, ben, cleo, dora):
        assert year.charged(service) == year.expected(service, date(2028, 12, 31)), service
    assert states(year) == {"done"}
    assert year.plant.many("SELECT code FROM orders WHERE state <> 'completed'") == []
    assert year.plant.many("SELECT key FROM turns") == []


def plan_of(year: Year, service: str) -> str:
    """The plan that a service is on, which is also what its line's rates are on record."""
    row = year.plant.one(
        "SELECT s.terms->>'plan_name' AS plan, CAST(s.terms->>'down_kbps' AS int) AS sold, l.down_kbps AS built "
        "FROM services s JOIN lines l ON l.service_id = s.id WHERE s.code = :s",
        s=service,
    )
    assert row.sold == row.built
    return str(row.plan)


def in_order(year: Year, service: str) -> list[str]:
    """In which order the last day's deliveries of a service came to their end."""
    rows = year.plant.many(
        "SELECT d.subscriber FROM deliveries d JOIN services s ON s.id = d.service_id WHERE s.code = :s "
        "AND d.subscriber IN ('plan_change', 'termination') ORDER BY "
        "(SELECT max(r.id::text) FROM step_runs r WHERE r.delivery_id = d.id)",
        s=service,
    )
    return [row[0] for row in rows]


def states(year: Year) -> set[str]:
    """The states of all deliveries there are."""
    return {row[0] for row in year.plant.many("SELECT DISTINCT state FROM deliveries")}


@pytest.mark.parametrize("year", ["Europe/Dublin"], indirect=True)
def test_worker_whose_clock_shows_the_day_before_charges_from_the_agreed_day(year: Year) -> None:
    """The relay's clock has reached the day, the worker's is ten seconds behind and in the evening before."""
    anna = year.activate("Anna", plan=DOWN)
    year.change(anna, UP, date(2028, 2, 10))
    behind = timedelta(seconds=10)
    year.clock.push(start_of(date(2028, 2, 10), zone=year.zone) - behind - year.clock.now())
    with write(year.plant.engine) as tx:
        relay.sweep(tx=tx, now=year.clock.now() + behind, lease=year.plant.settings.lease)
    year.work()
    assert year.today == date(2028, 2, 9)
    assert year.plant.one("SELECT payload->>'changed_on' FROM events WHERE kind = 'PlanChanged'")[0] == "2028-02-10"
    while clockwork.charge_months(year.plant.door, SYSTEM):
        continue
    assert year.charged(anna) == year.expected(anna, date(2028, 2, 29))
