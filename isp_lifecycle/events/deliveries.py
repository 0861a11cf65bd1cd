"""What may happen to a claimed delivery, each as one guarded statement: beat, record, advance, park, put off, finish.

A worker that claimed a delivery (``claims``) holds a lease with a fencing token. Every statement of its own names the
token, so that a worker that was taken for dead can commit nothing. ``now`` is handed in and comes from the caller's
clock; leases are compared inside one database, by instants written by workers, so clocks that differ by less than the
lease do no harm. A delivery's own row is always locked before the turns it holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from psycopg.types.json import Jsonb

from isp_lifecycle.events import lines, turns
from isp_lifecycle.events.errors import LeaseLost
from isp_lifecycle.events.model import DELIVERY_MOVES, DeliveryState, Direction, Failure, Lease, StepState
from isp_lifecycle.events.outbox import wake
from isp_lifecycle.events.store import deliveries, step_runs
from isp_lifecycle.foundation.db import Tx, execute_last, storable
from isp_lifecycle.foundation.errors import IllegalMove, NotFound
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.transition import move

_FREE: Mapping[str, Any] = {"lease_until": None, "worker": None}

_OWN = "id = %(delivery)s AND lease_token = %(token)s AND state = 'running'"

_BEGIN = f"""
    UPDATE deliveries
    SET outline_id = %(outline)s, "case" = %(case)s, position = 0, attempt = 1, answer = NULL, failure = NULL
    WHERE {_OWN}
"""

#: Going back, an answer that corrects a former one is kept for the question that it goes back to.
_STEPPED = """position = %(next)s, "case" = %(case)s, attempt = 1, failure = NULL,
            answer = CASE direction WHEN 'forward' THEN NULL ELSE answer END,
            outline_id = coalesce(%(outline)s, outline_id)"""

_INSERT_RUN = """
    INSERT INTO step_runs (id, delivery_id, position, name, direction, attempt, state, started_at, finished_at, says)
    SELECT %(run)s, id, %(position)s, %(name)s, %(direction)s, %(attempt)s, %(state)s, %(began)s, %(now)s, %(says)s
    FROM own
"""

#: A step whose effect is in this very transaction is begun and done in one statement.
_RECORD = f"""
    WITH own AS (UPDATE deliveries SET {_STEPPED} WHERE {_OWN} RETURNING id)
    {_INSERT_RUN}
"""

_ENDED = "finished_at = %(now)s, deadline_at = NULL, lease_until = NULL, worker = NULL"

#: Whoever stood behind a delivery that has ended is ready.
_NEXT_IN_LINE = """
    UPDATE deliveries SET blocked_on = NULL
    WHERE blocked_on = %(after)s AND state = 'queued' AND EXISTS (SELECT FROM own) RETURNING id
"""

_COUNTS = "SELECT (SELECT count(*) FROM own) AS own, (SELECT count(*) FROM next) AS freed"

_RECORD_LAST = f"""
    WITH own AS (
        UPDATE deliveries SET state = 'done', {_STEPPED}, {_ENDED} WHERE {_OWN} RETURNING id
    ), run AS ({_INSERT_RUN}), next AS ({_NEXT_IN_LINE})
    {_COUNTS}
"""

_FINISH = f"""
    WITH own AS (UPDATE deliveries SET state = %(to)s, failure = NULL, {_ENDED} WHERE {_OWN} RETURNING id),
        next AS ({_NEXT_IN_LINE})
    {_COUNTS}
"""


def _document(failure: Failure) -> dict[str, str]:
    return {name: storable(text) for name, text in asdict(failure).items()}


def _held(done: bool, lease: Lease) -> None:
    """Raise LeaseLost, so that the whole transaction is rolled back, when the guarded statement changed nothing."""
    if not done:
        raise LeaseLost(f"Delivery {lease.delivery_id} is no longer held under token {lease.token}.")


def _own(tx: Tx, lease: Lease, **values: Any) -> None:
    """Change the delivery under its lease, or raise LeaseLost."""
    done = tx.execute(
        deliveries.update()
        .where(
            deliveries.c.id == lease.delivery_id,
            deliveries.c.lease_token == lease.token,
            deliveries.c.state == str(DeliveryState.RUNNING),
        )
        .values(**values)
    ).rowcount
    _held(done == 1, lease)


def beat(*, tx: Tx, lease: Lease, now: datetime, length: timedelta) -> None:
    """Say that the worker lives: extend the lease and its turns. Raises LeaseLost."""
    _own(tx, lease, lease_until=now + length)
    turns.extend(tx=tx, lease=lease, until=now + length)


def stand_in_line(*, tx: Tx, lease: Lease, key: str) -> None:
    """Wait for the turn ``key``: the worker is free for others and no attempt is burnt."""
    _own(tx, lease, state=str(DeliveryState.QUEUED), blocked_on=key, **_FREE)


def begin(*, tx: Tx, lease: Lease, outline_id: UUID, case: dict[str, Any]) -> None:
    """Write down the case, and the steps that will be walked through."""
    values = {"outline": outline_id, "case": Jsonb(case)}
    _held(tx.exec_driver_sql(_BEGIN, {**values, **_key(lease)}).rowcount == 1, lease)


@dataclass(frozen=True)
class Recorded:
    """A step that was done (or undone) in the transaction that records it. ``outline_id``: when it began with it."""

    name: str
    state: StepState
    began: datetime
    ended: datetime
    says: str
    next_position: int
    case: dict[str, Any]
    outline_id: UUID | None = None


def record_step(*, tx: Tx, lease: Lease, step: Recorded) -> None:
    """Note a step and stand at the next one, as the last statement of the transaction. Raises LeaseLost."""
    _held(execute_last(tx, _RECORD, _values(lease, step)).rowcount == 1, lease)


def record_last_step(*, tx: Tx, lease: Lease, step: Recorded, more_follows: bool) -> None:
    """Note the last step and finish the delivery; ``more_follows`` in the same transaction. Raises LeaseLost."""
    values = {**_values(lease, step), "after": lines.after(lease.delivery_id)}
    result = tx.exec_driver_sql(_RECORD_LAST, values) if more_follows else execute_last(tx, _RECORD_LAST, values)
    # Should this process die before it wakes the relay for those who were freed, the next sweep finds them.
    _ended(tx, lease, result.one())


def _values(lease: Lease, step: Recorded) -> dict[str, Any]:
    return {
        **_key(lease),
        "next": step.next_position,
        "case": Jsonb(step.case),
        "outline": step.outline_id,
        "run": new_id(),
        "position": lease.position,
        "name": step.name,
        "direction": str(lease.direction),
        "attempt": lease.attempt,
        "state": str(step.state),
        "began": step.began,
        "now": step.ended,
        "says": storable(step.says),
    }


def _key(lease: Lease) -> dict[str, Any]:
    return {"delivery": lease.delivery_id, "token": lease.token}


def _ended(tx: Tx, lease: Lease, row: Any) -> None:
    _held(row.own == 1, lease)
    if row.freed:
        wake(tx=tx)


def begin_step(*, tx: Tx, lease: Lease, position: int, name: str, direction: Direction, now: datetime) -> UUID:
    """Note that an attempt at a step begins whose end comes in a later transaction."""
    _own(tx, lease, position=position)
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
    lease: Lease,
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
        .where(step_runs.c.delivery_id == lease.delivery_id, step_runs.c.id == run_id)
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


def step_was_begun(*, tx: Tx, delivery_id: UUID, name: str) -> bool:
    """Whether anything at all is recorded of this step."""
    found = sa.exists().where(step_runs.c.delivery_id == delivery_id, step_runs.c.name == name)
    return bool(tx.execute(sa.select(found)).scalar_one())


def turn_round(*, tx: Tx, lease: Lease, case: dict[str, Any]) -> None:
    """Undoing has reached its mark: walk forward again from there."""
    _own(tx, lease, direction=str(Direction.FORWARD), position=lease.undo_to, case=case, attempt=1, failure=None)


def park(*, tx: Tx, lease: Lease, deadline: datetime | None) -> None:
    """Wait for a person; their input continues it through :func:`answer`."""
    _own(tx, lease, state=str(DeliveryState.WAITING), deadline_at=deadline, escalated_at=None, **_FREE)


def failures_of(*, tx: Tx, delivery_id: UUID, name: str) -> int:
    """How often this step has failed, over all attempts."""
    failed = sa.select(sa.func.count()).where(
        step_runs.c.delivery_id == delivery_id, step_runs.c.name == name, step_runs.c.state == str(StepState.FAILED)
    )
    return int(tx.execute(failed).scalar_one())


def put_off(*, tx: Tx, lease: Lease, until: datetime, failure: Failure, position: int | None = None) -> None:
    """Try the same step again at ``until``, or go on from an earlier one whose effect is gone."""
    _own(
        tx,
        lease,
        position=lease.position if position is None else position,
        state=str(DeliveryState.SCHEDULED),
        due_at=until,
        attempt=lease.attempt + 1,
        failure=_document(failure),
        **_FREE,
    )
    wake(tx=tx)


def fail(*, tx: Tx, lease: Lease, failure: Failure) -> None:
    """Stop here until a person retries or cancels."""
    _own(tx, lease, state=str(DeliveryState.FAILED), failure=_document(failure), **_FREE)


def finish(*, tx: Tx, lease: Lease, now: datetime, cancelled: bool = False) -> None:
    """All is done, or all that could be undone is; who stood behind this delivery goes on. Raises LeaseLost."""
    to = DeliveryState.CANCELLED if cancelled else DeliveryState.DONE
    values = {**_key(lease), "to": str(to), "now": now, "after": lines.after(lease.delivery_id)}
    _ended(tx, lease, tx.exec_driver_sql(_FINISH, values).one())


# --- asked for by people, through intake ---------------------------------------------------------------------------


def answer(*, tx: Tx, delivery_id: UUID, document: dict[str, Any]) -> None:
    """Continue a waiting delivery with a person's input."""
    move(
        tx=tx,
        table=deliveries,
        moves=_ANSWERED,
        key=delivery_id,
        to=DeliveryState.QUEUED,
        also={"answer": document, "deadline_at": None},
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
        also={"attempt": 1, "takeovers": 0, "due_at": now, "blocked_on": None},
    )
    wake(tx=tx)


def go_back(
    *, tx: Tx, delivery_id: UUID, undo_to: int, now: datetime, document: dict[str, Any] | None, waiting: bool = False
) -> None:
    """Undo, in reverse, down to ``undo_to`` and go forward from there with new input: a corrected serial number.

    From a failure, or with ``waiting`` from where it waits for a person.
    """
    move(
        tx=tx,
        table=deliveries,
        moves=_ANSWERED if waiting else _RETRIED,
        key=delivery_id,
        to=DeliveryState.QUEUED,
        also={
            "direction": str(Direction.BACKWARD),
            "undo_to": undo_to,
            "answer": document,
            "attempt": 1,
            "takeovers": 0,
            "due_at": now,
            "blocked_on": None,
        },
    )
    wake(tx=tx)


def expect_by(*, tx: Tx, delivery_id: UUID, deadline: datetime) -> None:
    """Something else is to be done first: what waits for a person is expected to go on by another time."""
    tx.execute(
        deliveries.update()
        .where(deliveries.c.id == delivery_id, deliveries.c.state == str(DeliveryState.WAITING))
        .values(deadline_at=deadline, escalated_at=None)
    )


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
            takeovers=0,
            answer=None,
            due_at=now,
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
