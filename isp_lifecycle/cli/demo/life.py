"""The life of a line: each change of it through the doors, with the OLT's configuration before and after.

The configuration is the device's own, as the lab prints it, not what a driver believes.
"""

from __future__ import annotations

import difflib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from isp_lifecycle.access.model import VISITOR, Actor
from isp_lifecycle.cli.demo.story import NotObserved, Story, wait_until
from isp_lifecycle.foundation.clock import today
from isp_lifecycle.foundation.db import read
from isp_lifecycle.intake import field as field_doors
from isp_lifecycle.intake import lines, portal
from isp_lifecycle.lab.town import make_town
from isp_lifecycle.lab.wire import OntState
from isp_lifecycle.views import installer
from isp_lifecycle.views import portal as portal_views

CONTEXT_LINES = 2
ORDER_SECONDS = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One change of the line, and the OLT's running configuration around it."""

    name: str
    what: str
    olt: str
    before: str
    after: str
    expected: bool
    found: str
    """What stands on the device afterwards, in words."""
    seconds: float

    @property
    def difference(self) -> list[str]:
        """The lines that changed, with some around them: ``-`` before, ``+`` after."""
        old, new = self.before.splitlines(), self.after.splitlines()
        # Not difflib.unified_diff: it takes lines that stand often, as most here do, for noise.
        matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
        shown: list[str] = []
        for group in matcher.get_grouped_opcodes(CONTEXT_LINES):
            shown.append("...")
            for tag, old_from, old_to, new_from, new_to in group:
                if tag == "equal":
                    shown += [f" {line}" for line in old[old_from:old_to]]
                else:
                    shown += [f"-{line}" for line in old[old_from:old_to]]
                    shown += [f"+{line}" for line in new[new_from:new_to]]
        return shown

    def document(self) -> dict[str, Any]:
        """For --json."""
        return {
            "operation": self.name,
            "what": self.what,
            "olt": self.olt,
            "before": self.before,
            "after": self.after,
            "difference": self.difference,
            "expected": self.expected,
            "found": self.found,
            "seconds": round(self.seconds, 3),
        }


def configurations(story: Story) -> dict[str, str]:
    """The running configuration of every OLT."""
    return {olt.name: olt.running_configuration for olt in story.system.lab.state().olts}


@dataclass
class Life:
    """What befalls one line, one thing after the other."""

    story: Story
    at_first: dict[str, str]
    """The configurations before the line was activated."""
    premises_code: str = field(init=False)
    serial: str = field(init=False)

    def __post_init__(self) -> None:
        self.premises_code, self.serial = self.story.premises_code, self.story.serial

    def play(self) -> Iterator[Chapter]:
        """Every operation in turn; each chapter as soon as it is over."""
        olt = self.story.olt
        yield self._chapter(
            "authorise", f"{self.story.service_code} gets its ONT and its flow.", self.at_first[olt], 0.0
        )
        for name, what, act, should in (
            ("plan change", "Home 500 becomes Home 100.", self._other_plan, self._online),
            ("suspend", "The ONT is switched off, the line stays configured.", self._suspend, self._dark),
            ("resume", "It is switched on again.", self._resume, self._online),
            ("swap", "Another ONT takes its place and its flow.", self._swap, self._online),
            ("move", "The customer's new home hangs on another PON port.", self._move, self._online),
            ("terminate", "The line is taken away, and nothing of it stays.", self._terminate, self._gone),
        ):
            before, began = configurations(self.story)[olt], time.monotonic()
            order_code = act()
            self._await(order_code, should)
            yield self._chapter(name, what, before, time.monotonic() - began, should)

    def _chapter(
        self, name: str, what: str, before: str, seconds: float, should: Callable[[], bool] | None = None
    ) -> Chapter:
        olt = self.story.olt
        after = configurations(self.story)[olt]
        return Chapter(
            name=name,
            what=what,
            olt=olt,
            before=before,
            after=after,
            expected=(should or self._online)() and before != after,
            found=self._found(),
            seconds=seconds,
        )

    # --- what people do ----------------------------------------------------------------------------------------------

    @property
    def _staff(self) -> Actor:
        return self.story.one("administrator")

    def _when(self) -> dict[str, Any]:
        system = self.story.system
        day = today(clock=system.doors.door.clock, zone=system.settings.company.tz)
        return {"service_code": self.story.service_code, "wanted_on": day}

    def _other_plan(self) -> str:
        door = self.story.system.doors.door
        return portal.ask_plan_change(door, self._staff, plan_code="home-100", **self._when()).order_code

    def _suspend(self) -> str:
        door = self.story.system.doors.door
        return lines.ask_suspension(door, self._staff, way="off", why="non_payment", **self._when()).order_code

    def _resume(self) -> str:
        return lines.ask_resumption(self.story.system.doors.door, self._staff, **self._when()).order_code

    def _swap(self) -> str:
        lab = self.story.system.lab
        lab.unplug(self.serial)
        self.serial = self.story.new_serial()
        lab.plug(self.serial, self.premises_code)
        lab.wait_until(self.serial, "autofind")
        door, code = self.story.system.doors.door, self.story.service_code
        return lines.swap_ont(door, self._staff, service_code=code, serial=self.serial).order_code

    def _move(self) -> str:
        """The engineer brings a new ONT to the new home; the old one is collected."""
        system, old = self.story.system, self.serial
        self.premises_code, self.serial = self._free_home(), self.story.new_serial()
        code = self.story.service_code
        placed = lines.ask_relocation(
            system.doors.door, self._staff, service_code=code, premises_code=self.premises_code
        )
        system.lab.plug(self.serial, self.premises_code)
        system.lab.wait_until(self.serial, "autofind")
        engineer, visit = self._visit(placed.order_code)
        field_doors.begin_visit(system.doors.door, engineer, visit_code=visit)
        field_doors.activate(system.doors.door, engineer, visit_code=visit, serial=self.serial)
        self._await(placed.order_code, self._online)
        system.lab.unplug(old)
        return placed.order_code

    def _terminate(self) -> str:
        return portal.ask_termination(self.story.system.doors.door, self._staff, **self._when()).order_code

    def _visit(self, order_code: str) -> tuple[Actor, str]:
        """The visit that was booked for an order, and whose it is."""
        found: list[tuple[Actor, str]] = []
        window = self.story.system.doors.window
        day = self._when()["wanted_on"]

        def booked() -> bool:
            for actor in self.story.staff["installer"]:
                for row in installer.visits(window, actor, day=day):
                    if installer.visit(window, actor, visit_code=row.visit_code).order_code == order_code:
                        found.append((actor, row.visit_code))
                        return True
            return False

        wait_until(booked, seconds=30, what=f"a visit for order {order_code}")
        return found[0]

    def _free_home(self) -> str:
        """An address on the same OLT and another PON port that the search finds free."""
        lab = self.story.system.lab
        for premises in make_town().premises:
            if premises.outlet is None:
                continue
            path = lab.premises(premises.code)
            if path.olt != self.story.olt or path.pon_port == self.story.pon_port:
                continue
            text = f"{premises.number} {premises.street}"
            for hit in portal_views.find_address(self.story.system.doors.window, VISITOR, text=text):
                if hit.premises_code == premises.code and hit.serviceable and not hit.occupied:
                    return hit.premises_code
        raise NotObserved("No free address is left on another port of this OLT.", remedy="Start again.")

    # --- what is looked at -------------------------------------------------------------------------------------------

    def _await(self, order_code: str, should: Callable[[], bool]) -> None:
        """Until the order is completed with all that follows from it, and the device shows it; or a delivery fails."""

        def over() -> bool:
            with read(self.story.system.doors.window.engine) as tx:
                row = tx.execute(_ORDER, {"order": order_code}).one()
            if row.failed:
                raise NotObserved(f"Order {order_code} stands still: {row.failed} of its deliveries failed.")
            return row.state == "completed" and row.open == 0 and should()

        wait_until(over, seconds=ORDER_SECONDS, what=f"order {order_code} carried out")

    def _onts(self) -> list[OntState]:
        code = self.story.service_code
        return [ont for olt in self.story.system.lab.state().olts for ont in olt.onts if ont.service_code == code]

    def _online(self) -> bool:
        return [(ont.serial, ont.run_state, len(ont.vlans)) for ont in self._onts()] == [(self.serial, "online", 1)]

    def _dark(self) -> bool:
        return [(ont.serial, ont.run_state) for ont in self._onts()] == [(self.serial, "offline")]

    def _gone(self) -> bool:
        return not self._onts()

    def _found(self) -> str:
        return "; ".join(_seen(ont) for ont in self._onts()) or "nothing of this line"


def _seen(ont: OntState) -> str:
    vlans = ", ".join(map(str, ont.vlans))
    return f"{ont.display_serial} at {ont.pon_port} ONT {ont.ont_id}, {ont.run_state}, VLAN {vlans}"


_ORDER = sa.text(
    """
    SELECT o.state, count(d.id) FILTER (WHERE d.state NOT IN ('done', 'cancelled')) AS open,
           count(d.id) FILTER (WHERE d.state = 'failed') AS failed
    FROM orders o LEFT JOIN events e ON e.order_id = o.id LEFT JOIN deliveries d ON d.event_id = e.id
    WHERE o.code = :order GROUP BY o.state
    """
)
