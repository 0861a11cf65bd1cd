"""The light of ONTs: read each night, kept from looks that people take anyway, forgotten when it is old."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.events import deliveries
from isp_lifecycle.events.model import DeliveryState
from isp_lifecycle.events.vocabulary import LightReadingDue
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.telemetry import actions as telemetry
from isp_lifecycle.telemetry.model import Built, PortLook
from isp_lifecycle.telemetry.model.weakness import Limits

_UNFINISHED = """
    SELECT d.id, d.state FROM deliveries d JOIN events e ON e.id = d.event_id
    WHERE d.state NOT IN ('done', 'cancelled') AND d.trace IS NOT NULL AND d.subscriber = 'light.reading'
      AND e.payload->>'olt' = :olt
    ORDER BY d.created_at LIMIT 1 FOR UPDATE OF d
"""


@enters("schedule.run", by_the_clock=True)
def read_all(act: Act) -> int:
    """Have the light of every ONT of every OLT read; returns how many OLTs there are. The schedule's, each night.

    Each OLT is a delivery of its own, so that one that is silent fails alone; what failed last night goes on.
    """
    names = [olt.name for olt in inventory.all_olts(tx=act.tx)]
    for name in names:
        _asked_for(act, name)
    return len(names)


@enters("drift.compare")
def read_one(act: Act, *, olt: str) -> UUID:
    """Have the light of every ONT of one OLT read now; returns the delivery, the unfinished one where there is one."""
    inventory.olt_by_name(tx=act.tx, name=olt)
    act.about("OLT", olt)
    return _asked_for(act, olt)


def _asked_for(act: Act, olt: str) -> UUID:
    under_way = act.tx.execute(sa.text(_UNFINISHED), {"olt": olt}).one_or_none()
    if under_way is None:
        return act.record(LightReadingDue(olt=olt))["light.reading"]
    if under_way.state == DeliveryState.FAILED:
        deliveries.retry(tx=act.tx, delivery_id=under_way.id, now=act.at)
    found: UUID = under_way.id
    return found


@enters("network.read_live", by_the_clock=True)
def keep_look(act: Act, *, olt: str, content: PortLook) -> bool:
    """Keep what a person's look at a port told, unless one of this hour is kept; how its ONTs stand in any case."""
    act.about("PON port", f"{olt} {content.pon_port}")
    lines = inventory.lines_on(tx=act.tx, olt_id=content.olt_id)
    built = {line.serial: Built(line.splitter_code or "", line.expected_rx_dbm) for _service, line in lines}
    return telemetry.keep_look(tx=act.tx, look=content, built=built, limits=Limits.of(act.settings))


@enters("evidence.forget", by_the_clock=True)
def forget(act: Act) -> int:
    """Forget readings that are older than the policy keeps them (``ISP_NETWORK__LIGHT_DAYS``), until it returns 0."""
    return telemetry.forget_looks(tx=act.tx, at=act.at, days=act.settings.network.light_days)
