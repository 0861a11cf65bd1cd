"""Activations on many OLTs at the same moment, beside the slowest OLT's own time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.cli.bench.errors import BenchStuck
from isp_lifecycle.cli.demo.run import device_time
from isp_lifecycle.cli.demo.story import Story, Wish, wait_until
from isp_lifecycle.cli.demo.system import System
from isp_lifecycle.foundation.db import read
from isp_lifecycle.intake import field
from isp_lifecycle.lab.town import Town

LIMIT_SECONDS = 600.0
_VISITS = "SELECT v.delivery_id, v.code FROM visits v WHERE v.delivery_id = ANY(:ids)"
_ACTIVE = """
    SELECT d.id, extract(epoch FROM s.finished_at) AS at FROM deliveries d
    JOIN step_runs s ON s.delivery_id = d.id AND s.name = 'Put the service in use' AND s.state = 'done'
    WHERE d.id = ANY(:ids)
"""
_FAILED = "SELECT count(*) FROM deliveries WHERE id = ANY(:ids) AND state = 'failed'"


@dataclass(frozen=True)
class AtOnce:
    """Seconds from the first press to the last service in use; the slowest OLT's own; the worst line's two."""

    wall: float
    slowest: float
    worst_wall: float
    worst_own: float


def activations(system: System) -> AtOnce:
    """One new customer on each OLT, all pressed together. Raises BenchStuck when one does not become active."""
    stories = [Story(system, Wish(premises_code=code)) for code in _free_houses(system.town)]
    for story in stories:
        story.apply()
        story.confirm()
    visits = _visits(system, stories)
    for story in stories:
        story.serial = story.new_serial()
        system.lab.plug(story.serial, story.premises_code)
    for story in stories:
        system.lab.wait_until(story.serial, "autofind", seconds=LIMIT_SECONDS)
    first = time.time()
    for story in stories:
        story.pressed_at = time.time()
        code = visits[story.delivery_id]
        field.begin_visit(system.doors.door, SYSTEM, visit_code=code)
        field.activate(system.doors.door, SYSTEM, visit_code=code, serial=story.serial)
    active = _all_active(system, stories)
    took: list[tuple[float, float]] = []
    for story in stories:
        olt, until = system.lab.ont(story.serial).olt, active[story.delivery_id]
        own = device_time(system, since=story.pressed_at, until=until, olt=olt)
        took.append((until - story.pressed_at, own))
    worst = max(took, key=lambda pair: pair[0] / pair[1])
    return AtOnce(max(active.values()) - first, max(own for _wall, own in took), *worst)


def _free_houses(town: Town) -> Iterator[str]:
    """One serviceable address on each OLT where nobody lives who is connected."""
    taken = {customer.premises_code for customer in town.customers}
    wired = {s.code: olt.name for olt in town.olts for port in olt.pon_ports for s in port.splitters}
    served: set[str] = set()
    for house in reversed(town.premises):  # stories that are played one by one begin at the other end
        olt = wired.get(house.outlet.splitter_code) if house.outlet else None
        if olt is not None and olt not in served and house.code not in taken:
            served.add(olt)
            yield house.code


def _visits(system: System, stories: list[Story]) -> dict[object, str]:
    ids = [story.known_delivery for story in stories]

    def booked() -> dict[object, str]:
        with read(system.doors.door.engine) as tx:
            return {row.delivery_id: row.code for row in tx.execute(sa.text(_VISITS), {"ids": ids})}

    wait_until(lambda: len(booked()) == len(ids), seconds=LIMIT_SECONDS, what="a visit for every order")
    return booked()


def _all_active(system: System, stories: list[Story]) -> dict[object, float]:
    ids = [story.known_delivery for story in stories]
    until = time.monotonic() + LIMIT_SECONDS
    while True:
        with read(system.doors.door.engine) as tx:
            active = {row.id: float(row.at) for row in tx.execute(sa.text(_ACTIVE), {"ids": ids})}
            failed = tx.execute(sa.text(_FAILED), {"ids": ids}).scalar_one()
        if len(active) == len(ids):
            return active
        if failed or time.monotonic() > until:
            raise BenchStuck(f"{len(ids)} activations", f"{len(active)} are active, {failed} failed; see `isp queue`.")
        time.sleep(0.2)
