"""What the records say of each OLT, to be compared with the device: lines, VLANs, states, what is in whose hands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Network, IPv6Address, IPv6Network

from isp_lifecycle.drivers.contract import PonPort, Serial
from isp_lifecycle.events.views import at_devices
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.views.audit.check import Look, ask


@dataclass(frozen=True)
class LineRecord:
    """One line as it was built, with its service's state and the addresses that it has in use. Rates are kbit/s."""

    code: str
    state: str
    olt: str
    port: PonPort
    ont_id: int
    serial: Serial
    vlan: int
    down_kbps: int
    up_kbps: int
    enabled: bool = True
    prefix: IPv4Network | None = None
    delegated: IPv6Network | None = None
    wan: IPv6Address | None = None
    inner: int | None = None


@dataclass(frozen=True)
class SaveRecord:
    """Since when an OLT holds changes that nobody had it save, and whether a save is under way."""

    changed_at: datetime
    under_way: bool


@dataclass(frozen=True)
class Records:
    """Everything that the comparison with devices needs, of one snapshot.

    ``busy`` are the codes of services whose line a workflow is changing, or has stopped while changing: how they
    stand on a device is in its hands.
    """

    lines: Mapping[str, LineRecord]
    states: Mapping[str, str]
    vlans: Mapping[str, frozenset[int]]
    ports: Mapping[str, tuple[PonPort, ...]]
    busy: frozenset[str]
    unsaved: Mapping[str, SaveRecord]

    def closely(self, olt: str) -> frozenset[PonPort]:
        """The PON ports of an OLT that have lines with tags of their own."""
        return frozenset(line.port for line in self.lines.values() if line.olt == olt and line.inner is not None)


_OLTS = "SELECT o.name, p.port FROM olts o LEFT JOIN pon_ports p ON p.olt_id = o.id"
_LINES = """
    SELECT s.code, s.state, o.name AS olt, l.pon_port, l.ont_id, l.serial, l.vlan, l.down_kbps, l.up_kbps,
           l.enabled, l.inner_vlan, a.prefix, b.prefix AS delegated, b.pool_id
    FROM lines l JOIN services s ON s.id = l.service_id JOIN olts o ON o.id = l.olt_id
    LEFT JOIN allocations a ON a.owner = s.id AND a.state = 'assigned' AND family(a.prefix) = 4
    LEFT JOIN allocations b ON b.owner = s.id AND b.state = 'assigned' AND family(b.prefix) = 6
"""
_STATES = "SELECT id, code, state FROM services"
_VLANS = "SELECT olt, number FROM vlans"
#: As the schedule judges it: a step that changed the OLT ended after the last save of it was asked for and done.
_UNSAVED = """
    WITH changed AS (
        SELECT on_olt.olt, max(s.finished_at) AS at
        FROM step_runs s JOIN deliveries d ON d.id = s.delivery_id
        CROSS JOIN LATERAL (VALUES (d."case"->>'olt'), (d."case"->'place'->>'olt')) AS on_olt (olt)
        WHERE s.state IN ('done', 'undone') AND s.device_seconds > 0
          AND (s.transcript IS NOT NULL OR s.forgotten_at IS NOT NULL)
          AND d.subscriber NOT IN ('olt.save', 'reconciliation', 'light.reading') GROUP BY 1),
    saves AS (
        SELECT e.payload->>'olt' AS olt, max(e.recorded_at) FILTER (WHERE d.state = 'done') AS at,
               bool_or(d.state NOT IN ('done', 'cancelled')) AS under_way
        FROM events e JOIN deliveries d ON d.event_id = e.id WHERE e.kind = 'OltSaveDue' GROUP BY 1)
    SELECT c.olt, c.at, coalesce(s.under_way, false) AS under_way FROM changed c LEFT JOIN saves s ON s.olt = c.olt
    WHERE c.olt IS NOT NULL AND (s.at IS NULL OR s.at < c.at)
"""


def read_records(look: Look) -> Records:
    """Read them, each kind in one question."""
    pools = {pool.id: pool for pool in ipam.all_pools(tx=look.tx)}
    lines = [
        LineRecord(
            code=r.code,
            state=r.state,
            olt=r.olt,
            port=PonPort.parse(r.pon_port),
            ont_id=r.ont_id,
            serial=Serial(r.serial),
            vlan=r.vlan,
            down_kbps=r.down_kbps,
            up_kbps=r.up_kbps,
            enabled=r.enabled,
            prefix=r.prefix,
            delegated=r.delegated,
            wan=pools[r.pool_id].wan_of(r.delegated) if r.delegated else None,
            inner=r.inner_vlan,
        )
        for r in ask(look, _LINES)
    ]
    ports: dict[str, list[PonPort]] = {}
    for row in ask(look, _OLTS):
        ports.setdefault(row.name, []).extend([PonPort.parse(row.port)] if row.port else [])
    vlans: dict[str, set[int]] = {}
    for row in ask(look, _VLANS):
        vlans.setdefault(row.olt, set()).add(row.number)
    services = list(ask(look, _STATES))
    busy = at_devices(tx=look.tx)
    return Records(
        lines={line.code: line for line in lines},
        states={r.code: r.state for r in services},
        vlans={olt: frozenset(numbers) for olt, numbers in vlans.items()},
        ports={olt: tuple(sorted(places)) for olt, places in ports.items()},
        busy=frozenset(r.code for r in services if r.id in busy),
        unsaved={r.olt: SaveRecord(r.at, r.under_way) for r in ask(look, _UNSAVED)},
    )


def too_long_unsaved(save: SaveRecord, *, at: datetime, allowed: timedelta) -> bool:
    """Whether the schedule had its time to save, and did not."""
    return not save.under_way and save.changed_at < at - allowed
