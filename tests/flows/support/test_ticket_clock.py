"""Until when a ticket is to be resolved: by its severity; the clock stands while it waits; what is late is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from isp_lifecycle.access.model import ROLES, SYSTEM, Actor, Role
from isp_lifecycle.customers import actions as customers
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.foundation.clock import PushableClock
from isp_lifecycle.foundation.db import read, write
from isp_lifecycle.foundation.errors import NotFound, Refused
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.intake import clockwork
from isp_lifecycle.intake import support as intake
from isp_lifecycle.intake.door import Door
from isp_lifecycle.support import actions
from isp_lifecycle.support.model import Severity
from isp_lifecycle.views import support as views
from isp_lifecycle.views.support import TicketDetail
from isp_lifecycle.views.window import Window

NOON = datetime(2026, 2, 3, 12, tzinfo=UTC)
SUPPORT = Actor(None, "kofi", "Kofi", Role.SUPPORT, ROLES[Role.SUPPORT], "test")


@dataclass
class Desk:
    """A ticket at a desk whose clock is pushed by hand."""

    door: Door
    window: Window
    clock: PushableClock
    code: str

    def later(self, hours: float) -> None:
        self.clock.push(timedelta(hours=hours))

    def ticket(self) -> TicketDetail:
        return views.ticket(self.window, SUPPORT, ticket_code=self.code)

    def move(self, to: str) -> None:
        intake.move_ticket(self.door, SUPPORT, ticket_code=self.code, to=to)

    def told(self) -> list[Any]:
        with read(self.door.engine) as tx:
            rows = tx.execute(sa.text("SELECT role, username, text FROM notifications ORDER BY role, username"))
            return [tuple(row) for row in rows]


@pytest.fixture
def desk(engine: sa.Engine, tmp_path: Path) -> Desk:
    """A ticket of severity major, which is to be resolved within a day."""
    clock, settings = PushableClock(NOON), Settings(var=tmp_path)
    door = Door(engine, clock, settings)
    with write(engine) as tx:
        ada = customers.register_customer(tx=tx, name="Ada", email="ada@example.org", phone="+353 1 555 0100", at=NOON)
        ticket = actions.open_ticket(
            tx=tx,
            subject="Slow",
            at=NOON,
            by="kofi",
            text="It is slow.",
            customer_id=ada.customer.id,
            severity=Severity.MAJOR,
            due_at=NOON + settings.support.within(Severity.MAJOR),
        )
    return Desk(door, Window(engine, clock, settings, Olts([])), clock, ticket.code)


def test_its_clock_follows_its_severity_and_stands_while_it_waits(desk: Desk) -> None:
    assert desk.ticket().due_at == NOON + timedelta(hours=24)
    desk.later(1)
    intake.rate_ticket(desk.door, SUPPORT, ticket_code=desk.code, severity="critical")
    assert desk.ticket().due_at == NOON + timedelta(hours=4)
    desk.move("pending")
    desk.later(10)
    waiting = desk.ticket()
    assert (waiting.paused, waiting.late) == (True, False)
    assert clockwork.escalate_tickets(desk.door, SYSTEM) == 0
    desk.move("in_progress")
    assert desk.ticket().due_at == NOON + timedelta(hours=14)
    desk.later(1)
    desk.move("resolved")
    desk.later(5)
    desk.move("in_progress")  # opened again
    again = desk.ticket()
    assert (again.due_at, again.late, again.paused) == (NOON + timedelta(hours=19), False, False)
    with pytest.raises(Refused, match="not possible here"):
        intake.rate_ticket(desk.door, SUPPORT, ticket_code=desk.code, severity="dreadful")


def test_what_is_late_is_told_once_to_managers_and_to_whoever_has_it(desk: Desk) -> None:
    with write(desk.door.engine) as tx:
        ticket = actions.ticket_by_code(tx=tx, code=desk.code)
        actions.assign_ticket(tx=tx, ticket_id=ticket.id, assignee="kofi")
    desk.later(25)
    assert desk.ticket().late
    assert [clockwork.escalate_tickets(desk.door, SYSTEM) for _round in range(2)] == [1, 0]
    text = f"{desk.code} was to be resolved by 04 Feb 12:00: Slow"
    assert desk.told() == [("manager", None, text), (None, "kofi", text)]
    assert desk.ticket().notes[-1].text == "It was not resolved in time, and was escalated."
    intake.rate_ticket(desk.door, SUPPORT, ticket_code=desk.code, severity="critical")
    assert clockwork.escalate_tickets(desk.door, SYSTEM) == 1  # it is another promise
    desk.move("resolved")
    assert desk.ticket().late


def test_a_finding_becomes_one_ticket_however_often_it_is_pressed(desk: Desk) -> None:
    with pytest.raises(NotFound):
        intake.open_ticket(desk.door, SUPPORT, about="S-999999", subject="Dark", text="No light.")
