"""In what OLTs differ from the records: the last comparisons, each difference with its plan and who may approve it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.access.model import ROLES, STAFF_ROLES
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import AdoptedOnt, Drift, Remedy
from isp_lifecycle.views.window import Look, shows

#: What one must be allowed to, to agree to each remedy.
NEEDS: dict[Remedy, str] = {Remedy.REPAIR: "line.repair", Remedy.REMOVE: "ont.remove"}


@dataclass(frozen=True)
class DriftRow:
    """One line, or one thing on an OLT, that is not as recorded.

    ``remedy`` is ``repair``, ``remove`` or ``look``; ``plan`` is its text with every command, or empty, and then
    ``obstacle`` says why. ``may_approve`` are the roles that may agree to it, ``can_record`` says that the record could
    be brought to what was found instead. ``delivery_id`` is its repair's, where there was one.
    """

    id: UUID
    olt: str
    key: str
    customer: str
    kinds: tuple[str, ...]
    differences: tuple[str, ...]
    remedy: str
    plan: str
    obstacle: str
    may_approve: tuple[str, ...]
    can_record: bool
    state: str
    found_at: datetime
    seen_at: datetime
    delivery_id: UUID | None = None
    delivery_state: str = ""


@dataclass(frozen=True)
class OltDrift:
    """An OLT's last comparison (None: it was never compared) and how much of what it found is not settled."""

    olt: str
    vendor: str
    area: str
    compared_at: datetime | None
    seconds: float
    onts: int
    service_ports: int
    strangers: int
    unread: str
    open: int
    in_hand: int
    adopted: int
    under_way: UUID | None
    """The delivery of a comparison that is not through yet."""
    failed: str = ""
    """Why that one stands still, where it does."""


@dataclass(frozen=True)
class AdoptedRow:
    """An ONT that is known and no service's."""

    olt: str
    pon_port: str
    ont_id: int
    serial: str
    description: str
    vlan: int | None
    service_port: int | None
    down_kbps: int | None
    up_kbps: int | None
    noted_at: datetime
    noted_by: str


_OLTS = """
    SELECT o.name, o.vendor, o.area, r.finished_at, extract(epoch FROM r.finished_at - r.began_at) AS seconds,
           r.onts, r.service_ports, r.strangers, r.unread,
           (SELECT count(*) FROM drifts f WHERE f.olt_id = o.id AND f.state = 'open') AS open,
           (SELECT count(*) FROM drifts f WHERE f.olt_id = o.id AND f.state = 'approved') AS in_hand,
           (SELECT count(*) FROM adopted_onts a WHERE a.olt_id = o.id) AS adopted,
           w.id AS under_way,
           CASE w.state WHEN 'failed' THEN coalesce(w.failure->>'what', 'It failed.') ELSE '' END AS failed
    FROM olts o LEFT JOIN LATERAL (
        SELECT * FROM reconciliations r WHERE r.olt_id = o.id ORDER BY r.finished_at DESC LIMIT 1) r ON true
    LEFT JOIN LATERAL (
        SELECT d.id, d.state, d.failure FROM deliveries d JOIN events e ON e.id = d.event_id
        WHERE d.state NOT IN ('done', 'cancelled') AND d.trace IS NOT NULL AND d.subscriber = 'reconciliation'
          AND e.payload->>'olt' = o.name
        ORDER BY d.created_at LIMIT 1) w ON true
    ORDER BY o.name
"""
_AROUND = """
    SELECT f.id, o.name AS olt, coalesce(c.name, '') AS customer, d.id AS delivery_id, coalesce(d.state, '') AS state
    FROM drifts f JOIN olts o ON o.id = f.olt_id
    LEFT JOIN services s ON s.code = f.key LEFT JOIN customers c ON c.id = s.customer_id
    LEFT JOIN deliveries d ON d.id = f.delivery_id
    WHERE f.id = ANY(:ids)
"""


@shows("network.read")
def olts(look: Look) -> tuple[OltDrift, ...]:
    """Every OLT with its last comparison, by name."""
    return tuple(
        OltDrift(
            olt=r.name,
            vendor=r.vendor,
            area=r.area,
            compared_at=r.finished_at,
            seconds=float(r.seconds or 0),
            onts=r.onts or 0,
            service_ports=r.service_ports or 0,
            strangers=r.strangers or 0,
            unread=r.unread or "",
            open=r.open,
            in_hand=r.in_hand,
            adopted=r.adopted,
            under_way=r.under_way,
            failed=r.failed,
        )
        for r in look.tx.execute(sa.text(_OLTS))
    )


@shows("network.read")
def drifts(look: Look, *, olt: str | None = None) -> tuple[DriftRow, ...]:
    """What is not settled, of one OLT or of all, the oldest first. Raises NotFound for an unknown OLT."""
    olt_id = inventory.olt_by_name(tx=look.tx, name=olt).id if olt is not None else None
    return _rows(look, inventory.unsettled_drifts(tx=look.tx, olt_id=olt_id))


@shows("network.read")
def drift(look: Look, *, drift_id: UUID) -> DriftRow:
    """One of them; raises NotFound."""
    (row,) = _rows(look, (inventory.drift_by_id(tx=look.tx, drift_id=drift_id),))
    return row


@shows("network.read")
def adopted(look: Look, *, olt: str | None = None) -> tuple[AdoptedRow, ...]:
    """The ONTs that are known and no service's, of one OLT or of all, by place."""
    chosen = inventory.olt_by_name(tx=look.tx, name=olt).id if olt is not None else None
    names = {one.id: one.name for one in inventory.all_olts(tx=look.tx)}
    return tuple(_adopted_row(one, names[one.olt_id]) for one in inventory.adopted_onts(tx=look.tx, olt_id=chosen))


def _adopted_row(one: AdoptedOnt, olt: str) -> AdoptedRow:
    line = one.line
    return AdoptedRow(
        olt=olt,
        pon_port=line.pon_port,
        ont_id=line.ont_id,
        serial=line.serial,
        description=one.description,
        vlan=line.vlan,
        service_port=line.service_port,
        down_kbps=line.down_kbps,
        up_kbps=line.up_kbps,
        noted_at=one.noted_at,
        noted_by=one.noted_by,
    )


def _rows(look: Look, found: tuple[Drift, ...]) -> tuple[DriftRow, ...]:
    around = {r.id: r for r in look.tx.execute(sa.text(_AROUND), {"ids": [one.id for one in found]})}
    return tuple(_row(one, around[one.id]) for one in found)


def _row(one: Drift, around: Any) -> DriftRow:
    found, remedy = one.what.found, one.what.remedy
    needs = NEEDS.get(remedy)
    return DriftRow(
        id=one.id,
        olt=around.olt,
        key=one.what.key,
        customer=around.customer,
        kinds=one.what.kinds,
        differences=one.what.differences,
        remedy=str(remedy),
        plan=one.what.plan,
        obstacle=one.what.obstacle,
        may_approve=tuple(sorted(role for role in STAFF_ROLES if needs in ROLES[role])) if needs else (),
        can_record=remedy is Remedy.REPAIR and found is not None and bool({"place", "serial"} & set(one.what.kinds)),
        state=str(one.state),
        found_at=one.found_at,
        seen_at=one.seen_at,
        delivery_id=around.delivery_id,
        delivery_state=around.state,
    )
