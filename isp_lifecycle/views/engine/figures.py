"""The engine's figures out of its own records: what went through, how long steps take, what failed, who died."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.foundation.ids import first_id
from isp_lifecycle.views.common import title_of
from isp_lifecycle.views.engine.state import EngineState, engine_state
from isp_lifecycle.views.window import Look, shows

#: No step takes longer than this; it bounds how far back of an instant one can have begun that ended after it.
LONGEST_STEP = timedelta(minutes=30)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class StepFigures:
    """One step of one workflow in the last hour: attempts that ended, how long they took (seconds), what failed."""

    workflow: str
    step: str
    ended: int
    failed: int
    p50: float
    p95: float


@dataclass(frozen=True)
class Figures:
    """The last hour: deliveries that were finished, steps, failures by kind, and deliveries taken from dead workers."""

    finished: int
    cancelled: int
    steps: tuple[StepFigures, ...]
    failures: dict[str, int]
    takeovers: int


@dataclass(frozen=True)
class StepsEnded:
    """Attempts at one step that ended in a span, of one outcome and about one length.

    ``bucket`` is the place in the bounds that were asked for, ``kind`` the kind of failure, ``retries`` how many of
    them were not the first attempt.
    """

    subscriber: str
    step: str
    state: str
    kind: str
    bucket: int
    count: int
    seconds: float
    retries: int


@dataclass(frozen=True)
class Measures:
    """What is measured at one instant; ``takeovers`` is the sum over all deliveries that were ever taken over."""

    state: EngineState
    takeovers: int


_STEPS = """
    SELECT d.subscriber, s.name, count(*) AS ended, count(*) FILTER (WHERE s.state = 'failed') AS failed,
           percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (
               ORDER BY extract(epoch FROM s.finished_at - s.started_at)) AS p
    FROM step_runs s JOIN deliveries d ON d.id = s.delivery_id
    WHERE s.id >= :floor AND s.finished_at > :since AND s.state IN ('done', 'failed', 'undone')
    GROUP BY 1, 2 ORDER BY 1, min(s.position)
"""
_FAILURES = """
    SELECT s.failure->>'kind', count(*) FROM step_runs s
    WHERE s.id >= :floor AND s.finished_at > :since AND s.state = 'failed' GROUP BY 1 ORDER BY 2 DESC
"""
#: A delivery that was finished has a step that ended then: its rows lead there without an index of their own.
_FINISHED = """
    SELECT count(*) FILTER (WHERE d.state = 'done') AS finished, count(*) FILTER (WHERE d.state = 'cancelled')
           AS cancelled
    FROM deliveries d WHERE d.finished_at > :since AND d.id IN (
        SELECT s.delivery_id FROM step_runs s WHERE s.id >= :floor AND s.finished_at > :since)
"""
_TAKEN = """
    SELECT coalesce(sum(takeovers), 0) FROM deliveries
    WHERE takeovers > 0 AND (finished_at IS NULL OR finished_at > :since)
"""
_ENDED = """
    SELECT d.subscriber, s.name AS step, s.state, coalesce(s.failure->>'kind', '') AS kind,
           width_bucket(extract(epoch FROM s.finished_at - s.started_at)::float8, :bounds) AS bucket,
           count(*) AS count, sum(extract(epoch FROM s.finished_at - s.started_at))::float8 AS seconds,
           count(*) FILTER (WHERE s.attempt > 1) AS retries
    FROM step_runs s JOIN deliveries d ON d.id = s.delivery_id
    WHERE s.id >= :floor AND s.finished_at > :since AND s.finished_at <= :until
      AND s.state IN ('done', 'failed', 'undone')
    GROUP BY 1, 2, 3, 4, 5
"""


@shows("delivery.read", "system.read")
def figures(look: Look) -> Figures:
    """The last hour."""
    since = look.at - HOUR
    span = {"since": since, "floor": _floor(since)}
    tx = look.tx
    finished = tx.execute(sa.text(_FINISHED), span).one()
    return Figures(
        finished=finished.finished,
        cancelled=finished.cancelled,
        steps=tuple(
            StepFigures(title_of(r.subscriber), r.name, r.ended, r.failed, r.p[0], r.p[1])
            for r in tx.execute(sa.text(_STEPS), span)
        ),
        failures={row[0]: row[1] for row in tx.execute(sa.text(_FAILURES), span)},
        takeovers=int(tx.execute(sa.text(_TAKEN), span).scalar_one()),
    )


@shows("system.read")
def measures(look: Look) -> Measures:
    """What is measured now."""
    taken = look.tx.execute(sa.text("SELECT coalesce(sum(takeovers), 0) FROM deliveries WHERE takeovers > 0"))
    return Measures(engine_state(look), int(taken.scalar_one()))


@shows("system.read")
def steps_ended(look: Look, *, since: datetime, until: datetime, bounds: Sequence[float]) -> tuple[StepsEnded, ...]:
    """Attempts at steps that ended after ``since``, up to ``until``, counted by where their length is in ``bounds``."""
    rows = look.tx.execute(
        sa.text(_ENDED), {"since": since, "until": until, "floor": _floor(since), "bounds": list(bounds)}
    )
    return tuple(StepsEnded(**row._mapping) for row in rows)


def _floor(since: datetime) -> UUID:
    """The smallest id of a step that can have ended after an instant: ids are made in the order of time."""
    return first_id(since - LONGEST_STEP)
