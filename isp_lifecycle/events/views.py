"""Read-only questions about deliveries that the doors ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.events.model import DeliveryState, StepState
from isp_lifecycle.events.store import deliveries, outlines, step_runs
from isp_lifecycle.events.subscriptions import Queue
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.errors import NotFound


def state_of(*, tx: Tx, delivery_id: UUID) -> tuple[DeliveryState, int | None]:
    """The state, and the position of the step at which it last asked a person (None: it never did)."""
    state = tx.execute(sa.select(deliveries.c.state).where(deliveries.c.id == delivery_id)).scalar_one_or_none()
    if state is None:
        raise NotFound("delivery", delivery_id)
    asked = tx.execute(
        sa.select(sa.func.max(step_runs.c.position)).where(
            step_runs.c.delivery_id == delivery_id, step_runs.c.state == str(StepState.WAITING)
        )
    ).scalar_one()
    return DeliveryState(state), asked


def first_asked(*, tx: Tx, delivery_id: UUID) -> int:
    """The position of the first step at which it asked a person."""
    asked = sa.select(sa.func.min(step_runs.c.position)).where(
        step_runs.c.delivery_id == delivery_id, step_runs.c.state == str(StepState.WAITING)
    )
    return int(tx.execute(asked).scalar_one())


def position_of(*, tx: Tx, delivery_id: UUID, step: str) -> int | None:
    """Where a step of this name stands among those that the delivery began with; None where it has none such."""
    steps = tx.execute(
        sa.select(outlines.c.steps)
        .join(deliveries, deliveries.c.outline_id == outlines.c.id)
        .where(deliveries.c.id == delivery_id)
    ).scalar_one_or_none()
    return next((n for n, one in enumerate(steps or []) if one["name"] == step), None)


@dataclass(frozen=True)
class Waiting:
    """A delivery that waits for a person, with its case."""

    delivery_id: UUID
    case: dict[str, Any]


def waiting_at(*, tx: Tx, step: str, olt: str | None = None) -> tuple[Waiting, ...]:
    """The deliveries that wait at this step, of one OLT or of all, the oldest first."""
    here = sa.select(step_runs.c.id).where(
        step_runs.c.delivery_id == deliveries.c.id,
        step_runs.c.name == step,
        step_runs.c.state == str(StepState.WAITING),
        step_runs.c.position == deliveries.c.position,
    )
    query = sa.select(deliveries.c.id, deliveries.c.case).where(
        deliveries.c.state == str(DeliveryState.WAITING), sa.exists(here)
    )
    if olt is not None:
        query = query.where(deliveries.c.case["olt"].astext == olt)
    return tuple(Waiting(row.id, row.case) for row in tx.execute(query.order_by(deliveries.c.created_at)))


def trace_of(*, tx: Tx, delivery_id: UUID) -> UUID:
    """The trace that ties the delivery to the request it came of."""
    trace: UUID | None = tx.execute(
        sa.select(deliveries.c.trace).where(deliveries.c.id == delivery_id)
    ).scalar_one_or_none()
    if trace is None:
        raise NotFound("delivery", delivery_id)
    return trace


def done_so_far(*, tx: Tx, delivery_id: UUID) -> tuple[str, ...]:
    """What this delivery has changed and not taken back, in order, as sentences."""
    rows = tx.execute(
        sa.select(step_runs.c.name, step_runs.c.state, step_runs.c.says)
        .where(step_runs.c.delivery_id == delivery_id)
        .order_by(step_runs.c.started_at, step_runs.c.id)
    ).all()
    standing: dict[str, str] = {}
    for row in rows:
        if row.state == StepState.DONE:
            standing[row.name] = f"{row.name}: {row.says}" if row.says else row.name
        elif row.state == StepState.UNDONE:
            standing.pop(row.name, None)
    return tuple(standing.values())


def unfinished_beside(*, tx: Tx, delivery_id: UUID, service_id: UUID) -> str | None:
    """The subscriber of another delivery of this service's line that has begun and stands in the middle.

    One that waits for a person has changed nothing yet and does not count: whoever comes first goes first, and it
    looks again when the person has acted.
    """
    begun = (DeliveryState.RUNNING, DeliveryState.QUEUED, DeliveryState.SCHEDULED, DeliveryState.FAILED)
    return tx.execute(
        sa.select(deliveries.c.subscriber)
        .where(
            deliveries.c.service_id == service_id,
            deliveries.c.id != delivery_id,
            deliveries.c.queue == str(Queue.NETWORK),
            deliveries.c.state.in_([str(state) for state in begun]),
            sa.exists().where(
                step_runs.c.delivery_id == deliveries.c.id,
                step_runs.c.position > 0,
                step_runs.c.state.in_([str(StepState.RUNNING), str(StepState.DONE), str(StepState.FAILED)]),
            ),
        )
        .order_by(deliveries.c.created_at)
        .limit(1)
    ).scalar_one_or_none()


def at_devices(*, tx: Tx) -> frozenset[UUID]:
    """The services whose line a delivery is changing, or has stopped while changing: how it stands is in its hands."""
    touched = sa.exists().where(
        step_runs.c.delivery_id == deliveries.c.id,
        sa.or_(
            step_runs.c.device_seconds > 0,
            step_runs.c.state.in_([str(StepState.RUNNING), str(StepState.ABANDONED)]),
        ),
    )
    query = (
        sa.select(deliveries.c.service_id)
        .distinct()
        .where(
            deliveries.c.queue == str(Queue.NETWORK),
            sa.text("deliveries.state NOT IN ('done', 'cancelled')"),  # word for word the index's own condition
            deliveries.c.service_id.is_not(None),
            sa.or_(deliveries.c.state == str(DeliveryState.RUNNING), touched),
        )
    )
    return frozenset(tx.execute(query).scalars())
