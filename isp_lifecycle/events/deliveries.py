"""What may happen to a delivery, each as one guarded statement: claim, beat, advance, park, put off, fail, finish.

A worker that claimed a delivery holds a lease with a fencing token. Every statement of its own names the token, so
that a worker that was taken for dead can commit nothing. ``now`` is handed in and comes from the caller's clock;
leases are compared inside one database, by instants written by workers, so clocks that differ by less than the
lease do no harm.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.events.errors import LeaseLost
from isp_lifecycle.events.model import DELIVERY_MOVES, DeliveryState, Direction, Failure, Lease, OutlineStep, StepState
from isp_lifecycle.events.outbox import wake
from isp_lifecycle.events.store import deliveries, events, step_runs, turns
from isp_lifecycle.foundation.db import Tx, storable
from isp_lifecycle.foundation.errors import IllegalMove, NotFound
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.transition import move

_FREE: Mapping[str, Any] = {"lease_until": None, "worker": None}


def claim(*, tx: Tx, delivery_id: UUID, worker: str, now: datetime, lease: timedelta) -> Lease | None:
    """Take a queued delivery to work on it, or None when it is not to be worked on now.

    None is the normal answer to a message that came twice, came late, or whose delivery another worker is taking
    at this instant.
    """
    locked = tx.execute(
        sa.select(deliveries.c.id)
        .where(deliveries.c.id == delivery_id, deliveries.c.state == str(DeliveryState.QUEUED))
        .with_for_update(skip_locked=True)
    ).scalar_one_or_none()
    if locked is None:
        return None
    tx.execute(
        deliveries.update()
        .where(deliveries.c.id == delivery_id)
        .values(
            state=str(DeliveryState.RUNNING),
            lease_token=deliveries.c.lease_token + 1,
            lease_until=now + lease,
            worker=worker,
            blocked_on=None,
        )
    )
    return _lease(tx, delivery_id)


def _lease(tx: Tx, delivery_id: UUID) -> Lease:
    """Read a claimed delivery with its event."""
    row = (
        tx.execute(
            sa.select(
                deliveries,
                events.c.kind,
                events.c.version,
                events.c.payload,
                events.c.recorded_at,
            )
            .join(events, events.c.id == deliveries.c.event_id)
            .where(deliveries.c.id == delivery_id)
        )
        .mappings()
        .one()
    )
    return Lease(
        delivery_id=delivery_id,
        token=row["lease_token"],
        subscriber=row["subscriber"],
        event_id=row["event_id"],
        event_kind=row["kind"],
        event_version=row["version"],
        event_payload=row["payload"],
        event_at=row["recorded_at"],
        service_id=row["service_id"],
        trace=row["trace"],
        direction=Direction(row["direction"]),
        position=row["position"],
        undo_to=row["undo_to"],
        attempt=row["attempt"],
        case=row["case"],
        answer=row["answer"],
        due_at=row["due_at"],
        failed_before=row["failure"] is not None,
    )


def _document(failure: Failure) -> dict[str, str]:
    return {name: storable(text) for name, text in asdict(failure).items()}


def _own(tx: Tx, lease: Lease, **values: Any) -> None:
    """Change the delivery under its lease, or raise LeaseLost so that the whole transaction is rolled back."""
    done = tx.execute(
        deliveries.update()
        .where(
            deliveries.c.id == lease.delivery_id,
            deliveries.c.lease_token == lease.token,
            deliveries.c.state == str(DeliveryState.RUNNING),
        )
        .values(**values)
    ).rowcount
    if done != 1:
        raise LeaseLost(f"Delivery {lease.delivery_id} is no longer held under token {lease.token}.")


def beat(*, tx: Tx, lease: Lease, now: datetime, length: timedelta) -> None:
    """Say that the worker lives: extend the lease and its turns. Raises LeaseLost."""
    _own(tx, lease, lease_until=now + length)
    tx.execute(
        turns.update()
        .where(turns.c.delivery_id == lease.delivery_id, turns.c.token == lease.token)
        .values(until=now + length)
    )


def take_turn(*, tx: Tx, lease: Lease, key: str, now: datetime, length: timedelta) -> bool:
    """Become the only one who acts on ``key`` now; False when somebody else does."""
    taken = tx.execute(
        sa.text(
            "INSERT INTO turns (key, delivery_id, token, until) VALUES (:key, :delivery, :token, :until) "
            "ON CONFLICT (key) DO UPDATE SET delivery_id = :delivery, token = :token, until = :until "
            "WHERE turns.until < :now OR turns.delivery_id = :delivery RETURNING key"
        ),
        {"key": key, "delivery": lease.delivery_id, "token": lease.token, "until": now + length, "now": now},
    ).scalar_one_or_none()
    return taken is not None


def wait_for_turn(*, tx: Tx, lease: Lease, key: str) -> None:
    """Stand in line for ``key``: the worker is free for others and no attempt is burnt."""
    _release_turns(tx, lease)
    _own(tx, lease, state=str(DeliveryState.QUEUED), blocked_on=key, dispatched_at=None, **_FREE)


def _release_turns(tx: Tx, lease: Lease, *, keep: frozenset[str] = frozenset()) -> None:
    """Give turns back and wake whoever stands in line for them."""
    freed = (
        tx.execute(
            turns.delete()
            .where(turns.c.delivery_id == lease.delivery_id, turns.c.key.not_in(keep))
            .returning(turns.c.key)
        )
        .scalars()
        .all()
    )
    if freed:
        tx.execute(deliveries.update().where(deliveries.c.blocked_on.in_(freed)).values(blocked_on=None))
        wake(tx=tx)


def release_turn(*, tx: Tx, lease: Lease, keep: frozenset[str]) -> None:
    """Give back every turn that is not kept, between two steps."""
    _release_turns(tx, lease, keep=keep)


def outline(*, tx: Tx, lease: Lease, steps: Sequence[OutlineStep]) -> None:
    """Write down the steps that this delivery will walk through, so that a page can show what is still to come."""
    _own(tx, lease, outline=[asdict(step) for step in steps])


def begin_step(*, tx: Tx, lease: Lease, position: int, name: str, direction: Direction, now: datetime) -> UUID:
    """Note that an attempt at a step begins. What a dead worker left open is marked abandoned."""
    _own(tx, lease, position=position)
    tx.execute(
        step_runs.update()
        .where(step_runs.c.delivery_id == lease.delivery_id, step_runs.c.state == str(StepState.RUNNING))
        .values(state=str(StepState.ABANDONED), finished_at=now)
    )
    run_id = new_id()
    tx.execute(
        step_runs.insert().values(
            id=run_id,
            delivery_id=lease.delivery_id,
            position=position,
            name=name,
            direction=str(direction),
            attempt=lease.attempt,
            state=str(StepState.RUNNING),
            started_at=now,
        )
    )
    return run_id


def end_step(
    *,
    tx: Tx,
    run_id: UUID,
    state: StepState,
    now: datetime,
    says: str = "",
    device_seconds: float = 0.0,
    transcript: str | None = None,
    failure: Failure | None = None,
) -> None:
    """Note how the attempt ended, with its evidence."""
    tx.execute(
        step_runs.update()
        .where(step_runs.c.id == run_id)
        .values(
            state=str(state),
            finished_at=now,
            says=storable(says),
            device_seconds=device_seconds,
            transcript=storable(transcript) if transcript else None,
            failure=_document(failure) if failure else None,
        )
    )


def advance(*, tx: Tx, lease: Lease, position: int, case: dict[str, Any]) -> None:
    """The step is done: remember the case, stand at the next position with a fresh count of attempts."""
    _own(tx, lease, position=position, case=case, attempt=1, answer=None, failure=None)


def keep_case(*, tx: Tx, lease: Lease, case: dict[str, Any]) -> None:
    """Remember the case without moving on."""
    _own(tx, lease, case=case)


def step_back(*, tx: Tx, lease: Lease, case: dict[str, Any]) -> None:
    """One step is undone: stand at the one before it."""
    _own(tx, lease, position=lease.position - 1, case=case, attempt=1, failure=None)


def step_was_done(*, tx: Tx, delivery_id: UUID, name: str) -> bool:
    """Whether the last thing recorded of this step is that it was done."""
    last = tx.execute(
        sa.select(step_runs.c.state)
        .where(step_runs.c.delivery_id == delivery_id, step_runs.c.name == name)
        .order_by(step_runs.c.started_at.desc(), step_runs.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    return last == StepState.DONE


def turn_round(*, tx: Tx, lease: Lease, case: dict[str, Any]) -> None:
    """Undoing has reached its mark: walk forward again from there."""
    _own(tx, lease, direction=str(Direction.FORWARD), position=lease.undo_to, case=case, attempt=1, failure=None)


def park(*, tx: Tx, lease: Lease, deadline: datetime | None) -> None:
    """Wait for a person; their input continues it through :func:`answer`."""
    _release_turns(tx, lease)
    _own(tx, lease, state=str(DeliveryState.WAITING), deadline_at=deadline, escalated_at=None, **_FREE)


def put_off(*, tx: Tx, lease: Lease, until: datetime, failure: Failure) -> None:
    """Try the same step again at ``until``."""
    _release_turns(tx, lease)
    _own(
        tx,
        lease,
        state=str(DeliveryState.SCHEDULED),
        due_at=until,
        dispatched_at=None,
        attempt=lease.attempt + 1,
        failure=_document(failure),
        **_FREE,
    )
    wake(tx=tx)


def fail(*, tx: Tx, lease: Lease, failure: Failure) -> None:
    """Stop here until a person retries or cancels."""
    _release_turns(tx, lease)
    _own(tx, lease, state=str(DeliveryState.FAILED), failure=_document(failure), **_FREE)


def finish(*, tx: Tx, lease: Lease, now: datetime, cancelled: bool = False) -> None:
    """All is done, or all that could be undone is."""
    _release_turns(tx, lease)
    to = DeliveryState.CANCELLED if cancelled else DeliveryState.DONE
    _own(tx, lease, state=str(to), finished_at=now, failure=None, deadline_at=None, **_FREE)


# --- asked for by people, through intake ---------------------------------------------------------------------------


def answer(*, tx: Tx, delivery_id: UUID, document: dict[str, Any]) -> None:
    """Continue a waiting delivery with a person's input."""
    move(
        tx=tx,
        table=deliveries,
        moves=_ANSWERED,
        key=delivery_id,
        to=DeliveryState.QUEUED,
        also={"answer": document, "deadline_at": None, "dispatched_at": None},
    )
    wake(tx=tx)


def retry(*, tx: Tx, delivery_id: UUID, now: datetime) -> None:
    """Continue a failed delivery at the step that failed, with a fresh count of attempts."""
    move(
        tx=tx,
        table=deliveries,
        moves=_RETRIED,
        key=delivery_id,
        to=DeliveryState.QUEUED,
        also={"attempt": 1, "due_at": now, "dispatched_at": None, "blocked_on": None},
    )
    wake(tx=tx)


def go_back(*, tx: Tx, delivery_id: UUID, undo_to: int, now: datetime, document: dict[str, Any] | None) -> None:
    """Undo, in reverse, down to ``undo_to`` and go forward from there with new input: a corrected serial number."""
    move(
        tx=tx,
        table=deliveries,
        moves=_RETRIED,
        key=delivery_id,
        to=DeliveryState.QUEUED,
        also={
            "direction": str(Direction.BACKWARD),
            "undo_to": undo_to,
            "answer": document,
            "attempt": 1,
            "due_at": now,
            "dispatched_at": None,
            "blocked_on": None,
        },
    )
    wake(tx=tx)


def cancel(*, tx: Tx, delivery_id: UUID, now: datetime) -> None:
    """Give a delivery up: what it did is undone in reverse by a worker. Refused while it runs or when it ended."""
    row = tx.execute(
        sa.select(deliveries.c.state).where(deliveries.c.id == delivery_id).with_for_update()
    ).scalar_one_or_none()
    if row is None:
        raise NotFound("delivery", delivery_id)
    if row in {DeliveryState.RUNNING, DeliveryState.DONE, DeliveryState.CANCELLED}:
        raise IllegalMove("delivery", delivery_id, row, "cancelled")
    tx.execute(
        deliveries.update()
        .where(deliveries.c.id == delivery_id)
        .values(
            state=str(DeliveryState.QUEUED),
            direction=str(Direction.BACKWARD),
            undo_to=-1,
            attempt=1,
            answer=None,
            due_at=now,
            dispatched_at=None,
            blocked_on=None,
            deadline_at=None,
        )
    )
    wake(tx=tx)


def move_due(*, tx: Tx, delivery_id: UUID, due_at: datetime) -> None:
    """Put scheduled work to another time."""
    done = tx.execute(
        deliveries.update()
        .where(deliveries.c.id == delivery_id, deliveries.c.state == str(DeliveryState.SCHEDULED))
        .values(due_at=due_at)
    ).rowcount
    if done != 1:
        raise IllegalMove("delivery", delivery_id, "not scheduled", "moved to another time")
    wake(tx=tx)


_ANSWERED = DELIVERY_MOVES.only(DeliveryState.WAITING)
_RETRIED = DELIVERY_MOVES.only(DeliveryState.FAILED)
