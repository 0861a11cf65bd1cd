"""The world as a line workflow leaves it: the rows that matter and what the devices hold, without ids and instants."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from tests.flows.line.conftest import Plant

_FLOW = re.compile(
    r"service-port (\d+) vlan (\d+) gpon (\S+) ont (\d+) gemport (\d+) .*?"
    r"inbound traffic-table index (\d+) outbound traffic-table index (\d+)"
)
_TABLE = re.compile(r"traffic table ip index (\d+) name \S+ cir (\d+)")

#: What stands: compared also after a cancellation.
STANDING = {
    "services": "SELECT s.code, s.state, s.terms, p.code, s.active_on, s.ended_on, s.suspended_on, s.suspended_way "
    "FROM services s JOIN premises p ON p.id = s.premises_id WHERE s.state <> 'terminated' ORDER BY 1",
    "lines": "SELECT s.code, o.name, l.pon_port, l.ont_id, l.serial, l.vlan, l.service_port, l.down_kbps, l.up_kbps, "
    "l.enabled, l.splitter_code, l.splitter_port FROM lines l JOIN olts o ON o.id = l.olt_id "
    "JOIN services s ON s.id = l.service_id ORDER BY 1",
    "addresses": "SELECT prefix::text, state FROM allocations WHERE state <> 'free' ORDER BY 1",
    "charges": "SELECT kind, amount, description, period::text FROM charges ORDER BY number",
    "open orders": "SELECT code, kind FROM orders WHERE closed_at IS NULL ORDER BY 1",
    "open visits": "SELECT address FROM visits WHERE state IN ('booked', 'started') ORDER BY 1",
    "open tasks": "SELECT title FROM tasks WHERE closed_at IS NULL ORDER BY 1",
}
#: What has happened: the same after a run with deaths as after one without.
HAPPENED = {
    "ended services": "SELECT code, ended_on FROM services WHERE state = 'terminated' ORDER BY 1",
    "orders": "SELECT code, kind, state FROM orders ORDER BY 1",
    "visits": "SELECT address, state FROM visits ORDER BY 1, 2",
    "tasks": "SELECT title, state FROM tasks ORDER BY 1, 2",
    "events": "SELECT kind, count(*) FROM events GROUP BY 1 ORDER BY 1",
    "deliveries": "SELECT subscriber, state, count(*) FROM deliveries GROUP BY 1, 2 ORDER BY 1, 2",
    "mails": 'SELECT "to", subject, sent_at IS NOT NULL FROM emails ORDER BY 1, 2',
    "readings": "SELECT olt, pon_port, ont_id, serial, source FROM readings ORDER BY 1, 2, 3",
    "incidents": "SELECT step FROM incidents",
    "vlans": "SELECT olt, number, purpose FROM vlans ORDER BY 1, 2",
}


def standing(plant: Plant) -> dict[str, Any]:
    """What stands, in the records and on the devices."""
    return {**records(plant), **on_devices(plant)}


def whole(plant: Plant) -> dict[str, Any]:
    """What stands and what has happened."""
    return {**standing(plant), **_rows(plant, HAPPENED)}


def records(plant: Plant) -> dict[str, Any]:
    """The rows that stand."""
    return _rows(plant, STANDING)


def on_devices(plant: Plant) -> dict[str, Any]:
    """What the OLTs hold, and how the ONTs are."""
    olts = plant.lab.state().olts
    states = {o.name: sorted((t.serial, t.run_state, t.config_state) for t in o.onts) for o in olts}
    return {**configured(plant), **states, "seen": sorted(serial for o in olts for serial in o.autofind)}


def configured(plant: Plant) -> dict[str, Any]:
    """The ONTs that are registered, and the flows; rate tables and VLANs are shared and stay when a line goes."""
    held: dict[str, Any] = {}
    for olt in plant.lab.state().olts:
        named = [
            (o.serial, o.pon_port, o.ont_id, o.service_code, o.control_flag[:5] == "deact", *o.vlans) for o in olt.onts
        ]
        held[f"{olt.name} ONTs"] = sorted(named)
        flows = held[f"{olt.name} flows"] = _flows(" ".join(olt.running_configuration.split()))
        if len(flows) != olt.service_ports:
            raise AssertionError(f"{olt.service_ports} service ports, but {len(flows)} are readable")
    return held


def _flows(running: str) -> list[tuple[str, ...]]:
    """Each flow with the rates of its tables, whatever their numbers are."""
    kbps = dict(_TABLE.findall(running))
    return [(*flow, kbps[up], kbps[down]) for *flow, up, down in _FLOW.findall(running)]


def settled(plant: Plant, look: Callable[[Plant], dict[str, Any]], expected: dict[str, Any]) -> None:
    """Compare as soon as it is so: an ONT takes a moment until its OLT has noticed what was changed."""
    for _ in range(100):
        found = look(plant)
        if found == expected:
            return
        time.sleep(0.05)
    differs = [name for name in expected if found[name] != expected[name]]
    raise AssertionError({name: _apart(found[name], expected[name]) for name in differs})


def _apart(found: list[Any], expected: list[Any]) -> str:
    more = [one for one in found if one not in expected]
    less = [one for one in expected if one not in found]
    return f"has {more or found}, should have {less or expected}"


def _rows(plant: Plant, statements: dict[str, str]) -> dict[str, Any]:
    return {name: [tuple(row) for row in plant.many(statement)] for name, statement in statements.items()}
