"""Many at once: events and deliveries written in one go, held back or given up together; each row as if it came alone.

For changes of thousands of services. Everything here is one statement, or one COPY, for any number of rows, in the
caller's transaction; how many rows one transaction takes is the caller's choice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from isp_lifecycle.events import codec
from isp_lifecycle.events.model import DeliveryState
from isp_lifecycle.events.outbox import wake
from isp_lifecycle.events.subscriptions import who_hears
from isp_lifecycle.events.vocabulary import Event
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.ids import new_id

_EVENTS = (
    "COPY events (id, kind, version, payload, service_id, order_id, customer_id, trace, actor, recorded_at) FROM STDIN"
)
_DELIVERIES = (
    "COPY deliveries (id, event_id, subscriber, queue, state, priority, due_at, blocked_on, service_id, trace, "
    "created_at) FROM STDIN"
)

#: Not begun: no step was walked, nothing failed, nothing is being undone.
_NOT_BEGUN = "state IN ('scheduled', 'queued') AND outline_id IS NULL AND failure IS NULL AND direction = 'forward'"

_HOLD_BACK = (
    f"UPDATE deliveries SET blocked_on = %(key)s WHERE id = ANY(%(ids)s) AND blocked_on IS NULL AND {_NOT_BEGUN}"
)
_LET_GO = "UPDATE deliveries SET blocked_on = NULL WHERE blocked_on = %(key)s"
_GIVE_UP = f"""
    UPDATE deliveries
    SET state = 'queued', direction = 'backward', undo_to = -1, attempt = 1, takeovers = 0, answer = NULL,
        due_at = %(now)s, blocked_on = NULL, deadline_at = NULL
    WHERE id = ANY(%(ids)s) AND {_NOT_BEGUN} RETURNING id
"""


@dataclass(frozen=True)
class Told:
    """An event with the trace that it belongs to and when it is due; None: at once."""

    event: Event
    trace: UUID
    due_at: datetime | None = None


def record_many(
    *, tx: Tx, told: Sequence[Told], at: datetime, actor: str, priority: int, blocked_on: str | None = None
) -> list[dict[str, UUID]]:
    """Write events and the deliveries to all who hear them; returns, for each event, delivery ids by subscriber.

    With ``blocked_on`` those that are due later stand in that line.
    """
    # Ids made in one millisecond are in no order; these rise as the events come, which is the order they are taken in.
    ids = iter(sorted(new_id() for one in told for _subscription in who_hears(type(one.event))))
    rows = [_rows(one, ids, at=at, actor=actor, priority=priority, blocked_on=blocked_on) for one in told]
    _copy(tx, _EVENTS, [event for event, _deliveries in rows])
    _copy(tx, _DELIVERIES, [delivery for _event, deliveries in rows for delivery in deliveries])
    wake(tx=tx)
    return [{delivery[2]: delivery[0] for delivery in deliveries} for _event, deliveries in rows]


type _Row = tuple[Any, ...]


def _rows(
    one: Told, ids: Iterator[UUID], *, at: datetime, actor: str, priority: int, blocked_on: str | None
) -> tuple[_Row, list[_Row]]:
    """An event's row and those of its deliveries, in the order of the columns above."""
    event, kind, event_id = one.event, type(one.event), new_id()
    service_id = getattr(event, "service_id", None)
    about = (service_id, getattr(event, "order_id", None), getattr(event, "customer_id", None))
    due = max(one.due_at or at, at)
    line = blocked_on if one.due_at is not None else None
    state = str(DeliveryState.SCHEDULED if due > at else DeliveryState.QUEUED)
    return (event_id, kind.__name__, kind.version, Jsonb(codec.dump(event)), *about, one.trace, actor, at), [
        (next(ids), event_id, s.subscriber, str(s.queue), state, priority, due, line, service_id, one.trace, at)
        for s in who_hears(kind)
    ]


def _copy(tx: Tx, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    connection: Any = tx.connection.driver_connection
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def hold_back(*, tx: Tx, delivery_ids: Collection[UUID], key: str) -> int:
    """Put those of these deliveries that have not begun in line for ``key``; returns how many."""
    done: int = tx.exec_driver_sql(_HOLD_BACK, {"ids": list(delivery_ids), "key": key}).rowcount
    return done


def let_go(*, tx: Tx, key: str) -> int:
    """Let everything go on that stands in line for ``key``; returns how many."""
    done: int = tx.exec_driver_sql(_LET_GO, {"key": key}).rowcount
    wake(tx=tx)
    return done


def give_up(*, tx: Tx, delivery_ids: Collection[UUID], now: datetime) -> tuple[UUID, ...]:
    """Give up those of these deliveries that have not begun: workers take their requests back. Returns which."""
    given = tx.exec_driver_sql(_GIVE_UP, {"ids": list(delivery_ids), "now": now}).scalars()
    wake(tx=tx)
    return tuple(given)
