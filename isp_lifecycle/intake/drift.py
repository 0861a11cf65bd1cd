"""Comparing an OLT with the records, and deciding about what differs: mend it, take it away, or take it as found."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.events import deliveries
from isp_lifecycle.events.model import DeliveryState
from isp_lifecycle.events.vocabulary import ReconciliationDue, RecordingApproved, RepairApproved
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.intake.errors import NoPlan, OtherRemedy
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.inventory.errors import NothingToRecord
from isp_lifecycle.inventory.model import Drift, Remedy, Service

_UNFINISHED = """
    SELECT d.id, d.state FROM deliveries d JOIN events e ON e.id = d.event_id
    WHERE d.state NOT IN ('done', 'cancelled') AND d.trace IS NOT NULL AND d.subscriber = 'reconciliation'
      AND e.payload->>'olt' = :olt
    ORDER BY d.created_at LIMIT 1 FOR UPDATE OF d
"""


@enters("drift.compare")
def compare(act: Act, *, olt: str) -> UUID:
    """Have an OLT compared with the records; returns the delivery, the unfinished one where there is one."""
    inventory.olt_by_name(tx=act.tx, name=olt)
    act.about("OLT", olt)
    return _asked_for(act, olt)


@enters("schedule.run", by_the_clock=True)
def compare_all(act: Act) -> int:
    """Have every OLT compared with the records; returns how many there are. The schedule's, each night."""
    names = [olt.name for olt in inventory.all_olts(tx=act.tx)]
    for name in names:
        _asked_for(act, name)
    return len(names)


def _asked_for(act: Act, olt: str) -> UUID:
    """The one comparison of that OLT: one that failed goes on, since it reads anew whatever it had read."""
    under_way = act.tx.execute(sa.text(_UNFINISHED), {"olt": olt}).one_or_none()
    if under_way is None:
        return act.record(ReconciliationDue(olt=olt))["reconciliation"]
    if under_way.state == DeliveryState.FAILED:
        deliveries.retry(tx=act.tx, delivery_id=under_way.id, now=act.at)
    found: UUID = under_way.id
    return found


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
def take_as_found(act: Act, *, drift_id: UUID) -> UUID:
    """Agree that the record of a line is brought to the place and the ONT that were found; returns the delivery.

    The device stays as it is. Rates and VLAN are what was agreed with the customer, so they are never taken from a
    device: a plan change is for those. Raises NothingToRecord, and IllegalMove when it was decided already.
    """
    drift = inventory.drift_by_id(tx=act.tx, drift_id=drift_id)
    olt = inventory.olt_by_id(tx=act.tx, olt_id=drift.olt_id).name
    act.about("drift", f"{drift.what.key} on {olt}")
    service = _service(act, drift)
    if service is None or drift.what.found is None or drift.what.remedy is not Remedy.REPAIR:
        raise NothingToRecord(drift.what.key)
    event = RecordingApproved(drift_id=drift_id, olt=olt, service_id=service.id)
    delivery_id = act.record(event)["line_recording"]
    inventory.approve_drift(tx=act.tx, drift_id=drift_id, delivery_id=delivery_id, at=act.at)
    return delivery_id


def _service(act: Act, drift: Drift) -> Service | None:
    """The service of that code, where there is one."""
    found = inventory.services_with_olts(tx=act.tx, codes=[drift.what.key])
    return found[0][0] if found else None
