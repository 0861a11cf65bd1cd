"""The load: requests of every kind, drawn at random, through the same door that the pages use."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.cli.chaos.world import World
from isp_lifecycle.foundation.clock import today
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.intake import lines, portal, sales

#: How often each kind is drawn. Activations and terminations balance, so that the town neither fills nor empties.
WEIGHTS = {
    "activation": 22,
    "plan change": 26,
    "termination": 12,
    "suspension": 12,
    "resumption": 12,
    "ONT swap": 6,
    "ONT swap by visit": 3,
    "relocation": 4,
    "address change": 5,
}
#: Requests that may be on their way at once; more would only stand in line.
OPEN_AT_MOST = 120
OTHER_PLAN = {"home-100": "home-500", "home-500": "home-100"}

_FREE = """
    SELECT p.code FROM premises p
    WHERE p.splitter_code IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM services s WHERE s.premises_id = p.id AND s.state <> 'terminated')
      AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.premises_id = p.id
                      AND o.state IN ('submitted', 'confirmed', 'in_progress'))
    ORDER BY md5(p.code || :salt) LIMIT 1
"""
_SERVICE = """
    SELECT s.code, s.terms->>'plan_code' AS plan, p.code AS premises_code FROM services s
    JOIN lines l ON l.service_id = s.id JOIN premises p ON p.id = s.premises_id
    WHERE s.state = :state AND (:plan = '' OR s.terms->>'plan_code' IN ('home-100', 'home-500'))
      AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.service_id = s.id
                      AND o.state IN ('submitted', 'confirmed', 'in_progress'))
    ORDER BY md5(s.code || :salt) LIMIT 1
"""
_ON_THEIR_WAY = "SELECT count(*) FROM orders WHERE state IN ('submitted', 'confirmed', 'in_progress')"


class Load:
    """Asks for one thing after the other until as many requests stand as are wanted."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.asked: Counter[str] = Counter()
        self._kinds: dict[str, Callable[[], bool]] = {
            "activation": self._activation,
            "plan change": self._plan_change,
            "termination": self._termination,
            "suspension": self._suspension,
            "resumption": self._resumption,
            "ONT swap": self._swap,
            "ONT swap by visit": self._swap_by_visit,
            "relocation": self._relocation,
            "address change": self._address_change,
        }

    def run(self, number: int) -> None:
        """Ask so often."""
        while self.asked.total() < number:
            while self._world.number(_ON_THEIR_WAY) >= OPEN_AT_MOST:
                time.sleep(0.2)
            kind = self._world.chance.choices(list(WEIGHTS), weights=list(WEIGHTS.values()))[0]
            # Refused: the service was changed by another request since it was looked up. It was not asked for then.
            with suppress(Refused):
                if self._kinds[kind]():
                    self.asked[kind] += 1

    # --- the kinds; False: nothing in the town fits now ------------------------------------------------------------

    def _activation(self) -> bool:
        free = self._free_premises()
        if free is None:
            return False
        plan = self._world.chance.choices(["home-100", "home-500", "pro-500", "business-1000"], weights=[5, 4, 2, 1])[0]
        tag = new_id().hex[-6:]
        self._ask(
            lambda: sales.create_activation(
                self._world.system.doors.door,
                SYSTEM,
                premises_code=free,
                plan_code=plan,
                name=f"Chaos {tag}",
                email=f"chaos.{tag}@customers.example",
                phone="+353 85 555 0199",
            )
        )
        return True

    def _plan_change(self) -> bool:
        one = self._service(plan="home")
        if one is None:
            return False
        door = self._world.system.doors.door
        self._ask(
            lambda: portal.ask_plan_change(
                door, SYSTEM, service_code=one.code, plan_code=OTHER_PLAN[one.plan], wanted_on=self._today()
            )
        )
        return True

    def _termination(self) -> bool:
        one = self._service()
        door = self._world.system.doors.door
        if one is not None:
            self._ask(lambda: portal.ask_termination(door, SYSTEM, service_code=one.code, wanted_on=self._today()))
        return one is not None

    def _suspension(self) -> bool:
        one = self._service()
        way = self._world.chance.choice(["slow", "off"])
        door = self._world.system.doors.door
        if one is not None:
            self._ask(
                lambda: lines.ask_suspension(
                    door, SYSTEM, service_code=one.code, wanted_on=self._today(), way=way, why="non_payment"
                )
            )
        return one is not None

    def _resumption(self) -> bool:
        one = self._service(state="suspended")
        door = self._world.system.doors.door
        if one is not None:
            self._ask(lambda: lines.ask_resumption(door, SYSTEM, service_code=one.code, wanted_on=self._today()))
        return one is not None

    def _swap(self) -> bool:
        one = self._service()
        if one is None:
            return False
        serial = self._world.plug(one.premises_code)
        self._ask(lambda: lines.swap_ont(self._world.system.doors.door, SYSTEM, service_code=one.code, serial=serial))
        return True

    def _swap_by_visit(self) -> bool:
        one = self._service()
        if one is not None:
            self._ask(lambda: lines.ask_ont_swap(self._world.system.doors.door, SYSTEM, service_code=one.code))
        return one is not None

    def _relocation(self) -> bool:
        one, free = self._service(), self._free_premises()
        if one is None or free is None:
            return False
        door = self._world.system.doors.door
        self._ask(lambda: lines.ask_relocation(door, SYSTEM, service_code=one.code, premises_code=free))
        return True

    def _address_change(self) -> bool:
        one = self._service(plan="home")
        door = self._world.system.doors.door
        if one is not None:
            self._ask(lambda: lines.ask_address_change(door, SYSTEM, service_code=one.code, wanted_on=self._today()))
        return one is not None

    # --- what they need --------------------------------------------------------------------------------------------

    def _ask(self, ask: Callable[[], object]) -> None:
        self._world.patiently(ask)

    def _today(self) -> date:
        doors = self._world.system.doors
        return today(clock=doors.door.clock, zone=doors.settings.company.tz)

    def _free_premises(self) -> str | None:
        rows = self._world.rows(_FREE, salt=str(self._world.chance.random()))
        return rows[0].code if rows else None

    def _service(self, *, state: str = "active", plan: str = "") -> Any:
        rows = self._world.rows(_SERVICE, salt=str(self._world.chance.random()), state=state, plan=plan)
        return rows[0] if rows else None
