"""The engine's rows of what is over: events, deliveries, attempts at steps; collected, then written at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from isp_lifecycle.events import codec, outlines
from isp_lifecycle.events.model import DeliveryState, Direction, Failure, OutlineStep, StepState
from isp_lifecycle.events.store import deliveries, events, step_runs
from isp_lifecycle.events.subscriptions import who_hears
from isp_lifecycle.events.vocabulary import Event
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.ids import new_id

type Outlines = Mapping[str, Sequence[OutlineStep]]


@dataclass(frozen=True, kw_only=True)
class PastAttempt:
    """One attempt at a step that is over."""

    name: str
    state: StepState
    started_at: datetime
    seconds: float
    attempt: int = 1
    device_seconds: float = 0.0
    says: str = ""
    failure: Failure | None = None
    transcript: str | None = None

    @property
    def finished_at(self) -> datetime:
        """When it ended."""
        return self.started_at + timedelta(seconds=self.seconds)


class PastRows:
    """Collects rows; ``outlines`` are the steps of each subscriber's workflow as they are today."""

    def __init__(self, outlines: Outlines) -> None:
        self.outlines = outlines
        self._events: list[dict[str, Any]] = []
        self._deliveries: list[dict[str, Any]] = []
        self._attempts: list[dict[str, Any]] = []

    def event(self, event: Event, *, at: datetime, actor: str, trace: UUID) -> UUID:
        """An event that became true then. Its deliveries are added by :meth:`delivery`."""
        event_id, kind = new_id(), type(event)
        self._events.append(
            {
                "id": event_id,
                "kind": kind.__name__,
                "version": kind.version,
                "payload": codec.dump(event),
                "service_id": getattr(event, "service_id", None),
                "order_id": getattr(event, "order_id", None),
                "customer_id": getattr(event, "customer_id", None),
                "trace": trace,
                "actor": actor,
                "recorded_at": at,
            }
        )
        return event_id

    def delivery(
        self,
        event: Event,
        event_id: UUID,
        *,
        subscriber: str,
        created_at: datetime,
        trace: UUID,
        attempts: Sequence[PastAttempt],
        delivery_id: UUID | None = None,
        due_at: datetime | None = None,
        case: Mapping[str, Any] | None = None,
    ) -> UUID:
        """A delivery of that event that was done, with every attempt at its steps."""
        outline = self.outlines[subscriber]
        delivery_id = delivery_id or new_id()
        queue = next(s.queue for s in who_hears(type(event)) if s.subscriber == subscriber)
        self._deliveries.append(
            {
                "id": delivery_id,
                "event_id": event_id,
                "subscriber": subscriber,
                "queue": str(queue),
                "state": str(DeliveryState.DONE),
                "due_at": due_at or created_at,
                "service_id": getattr(event, "service_id", None),
                "trace": trace,
                "position": len(outline),
                "outline_id": outlines.id_of(outline),
                "case": dict(case) if case is not None else None,
                "created_at": created_at,
                "finished_at": max(attempt.finished_at for attempt in attempts),
            }
        )
        self._attempts += self._attempt_rows(delivery_id, [step.name for step in outline], attempts)
        return delivery_id

    def _attempt_rows(
        self, delivery_id: UUID, names: Sequence[str], attempts: Iterable[PastAttempt]
    ) -> Iterable[dict[str, Any]]:
        for attempt in attempts:
            yield {
                "id": new_id(),
                "delivery_id": delivery_id,
                "position": names.index(attempt.name),
                "name": attempt.name,
                "direction": str(Direction.FORWARD),
                "attempt": attempt.attempt,
                "state": str(attempt.state),
                "started_at": attempt.started_at,
                "finished_at": attempt.finished_at,
                "device_seconds": attempt.device_seconds,
                "says": attempt.says,
                "failure": asdict(attempt.failure) if attempt.failure else None,
                "transcript": attempt.transcript,
            }

    def write(self, tx: Tx) -> None:
        """Write everything. The rows are over: the relay finds nothing to do in them."""
        for steps in self.outlines.values():
            outlines.keep(tx=tx, steps=steps)
        for table, rows in ((events, self._events), (deliveries, self._deliveries), (step_runs, self._attempts)):
            for alike in _alike(rows):
                tx.execute(table.insert(), alike)


def _alike(rows: Iterable[dict[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    """The rows without what they do not have, in groups of the same columns.

    Left out, a JSON column becomes NULL; given as None it would become the JSON document ``null``.
    """
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        given = {name: value for name, value in row.items() if value is not None}
        groups.setdefault(tuple(given), []).append(given)
    return groups.values()
