"""Comparing an OLT with the records, and deciding about what differs: mend it, take it away, or take it as found."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.events.vocabulary import ReconciliationDue, RepairApproved
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.intake.errors import NoPlan, OtherRemedy
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.model import Drift, DriftState, Remedy, Service

_UNFINISHED = """
    SELECT d.id FROM deliveries d JOIN events e ON e.id = d.event_id
    WHERE d.state NOT IN ('done', 'cancelled') AND d.trace IS NOT NULL AND d.subscriber = 'reconciliation'
      AND e.payload->>'olt' = :olt
    ORDER BY d.created_at LIMIT 1
"""


@enters("drift.compare")
def compare(act: Act, *, olt: str) -> UUID:
    """Have an OLT compared with the records; returns the delivery, that of one under way where there is one."""
    inventory.olt_by_name(tx=act.tx, name=olt)
    act.about("OLT", olt)
    return _asked_for(act, olt)


@enters("drift.compare", by_the_clock=True)
def compare_all(act: Act) -> int:
    """Have every OLT compared with the records; returns how many there are. The schedule's, each night."""
    names = [olt.name for olt in inventory.all_olts(tx=act.tx)]
    for name in names:
        _asked_for(act, name)
    return len(names)


def _asked_for(act: Act, olt: str) -> UUID:
    under_way: UUID | None = act.tx.execute(sa.text(_UNFINISHED), {"olt": olt}).scalar_one_or_none()
    return under_way or act.record(ReconciliationDue(olt=olt))["reconciliation"]


@enters("line.repair")
def repair(act: Act, *, drift_id: UUID) -> UUID:
    """Agree to the plan that makes the device hold the line as it was built; returns the delivery.

    Raises OtherRemedy for what is not mended so, NoPlan where there is none, IllegalMove when it was decided already.
    """
    return _approved(act, drift_id, Remedy.REPAIR)


@enters("ont.remove")
def remove(act: Act, *, drift_id: UUID) -> UUID:
    """Agree to the plan that takes off the device what stands there for nobody; raises as `repair` does."""
    return _approved(act, drift_id, Remedy.REMOVE)


def _approved(act: Act, drift_id: UUID, remedy: Remedy) -> UUID:
    drift = inventory.drift_by_id(tx=act.tx, drift_id=drift_id)
    olt = inventory.olt_by_id(tx=act.tx, olt_id=drift.olt_id).name
    act.about("drift", f"{drift.what.key} on {olt}")
    if drift.what.remedy is not remedy:
        raise OtherRemedy(drift.what.key, str(drift.what.remedy))
    if not drift.what.commands:
        raise NoPlan(drift.what.key, drift.what.obstacle)
    service = _service(act, drift)
    event = RepairApproved(drift_id=drift_id, olt=olt, service_id=service.id if service is not None else None)
    delivery_id = act.record(event)["line_repair"]
    inventory.approve_drift(tx=act.tx, drift_id=drift_id, delivery_id=delivery_id, at=act.at)
    return delivery_id


@enters("line.record")
def take_as_found(act: Act, *, drift_id: UUID) -> None:
    """Bring the record of a line to the place and the ONT that were found; the device stays as it is.

    Rates and VLAN are what was agreed with the customer, so they are never taken from a device: a plan change is for
    those. Raises NothingToRecord, and what `inventory.record_line` refuses.
    """
    drift = inventory.drift_by_id(tx=act.tx, drift_id=drift_id)
    act.about("drift", drift.what.key)
    service = _service(act, drift)
    if service is None:
        raise NotFound("service", drift.what.key)
    inventory.take_as_found(tx=act.tx, service=service, drift=drift)
    inventory.move_drift(tx=act.tx, drift_id=drift_id, to=DriftState.RECORDED, at=act.at, by=act.actor.username)


def _service(act: Act, drift: Drift) -> Service | None:
    """The service of that code, where there is one."""
    found = inventory.services_with_olts(tx=act.tx, codes=[drift.what.key])
    return found[0][0] if found else None
