"""The outbox: an event and its deliveries are rows of the transaction that made the event true.

There is no other way to set work in motion. On commit PostgreSQL wakes the relay; if that wake-up is lost, the
relay's sweep finds the rows.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.events import codec
from isp_lifecycle.events.model import DeliveryState
from isp_lifecycle.events.store import CHANNEL, deliveries, events
from isp_lifecycle.events.subscriptions import who_hears
from isp_lifecycle.events.vocabulary import Event
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.ids import new_id


def record(
    *,
    tx: Tx,
    event: Event,
    at: datetime,
    actor: str,
    trace: UUID | None = None,
    due_at: datetime | None = None,
    priority: int = 5,
) -> dict[str, UUID]:
    """Write the event and a delivery for each of its subscribers; returns the delivery ids by subscriber.

    ``due_at`` later than ``at`` makes them scheduled work. ``trace`` ties everything that one request caused
    together; a first event begins its own. Lower ``priority`` is more urgent (0-9).
    """
    event_id, kind = new_id(), type(event)
    trace = trace or event_id
    service_id = getattr(event, "service_id", None)
    tx.execute(
        events.insert().values(
            id=event_id,
            kind=kind.__name__,
            version=kind.version,
            payload=codec.dump(event),
            service_id=service_id,
            order_id=getattr(event, "order_id", None),
            customer_id=getattr(event, "customer_id", None),
            trace=trace,
            actor=actor,
            recorded_at=at,
        )
    )
    due = max(due_at or at, at)
    state = DeliveryState.SCHEDULED if due > at else DeliveryState.QUEUED
    made = {s.subscriber: new_id() for s in who_hears(kind)}
    if made:
        common = {
            "event_id": event_id,
            "state": str(state),
            "priority": priority,
            "due_at": due,
            "service_id": service_id,
            "trace": trace,
            "created_at": at,
        }
        rows = [
            {**common, "id": made[s.subscriber], "subscriber": s.subscriber, "queue": str(s.queue)}
            for s in who_hears(kind)
        ]
        tx.execute(deliveries.insert(), rows)
        wake(tx=tx)
    return made


def wake(*, tx: Tx) -> None:
    """Wake the relay when this transaction commits."""
    tx.execute(sa.select(sa.func.pg_notify(CHANNEL, "")))
