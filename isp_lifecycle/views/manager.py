"""What the manager sees: the figures of a period, where things go wrong, past reports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.foundation.clock import start_of
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.kept import again
from isp_lifecycle.reports import actions as kept
from isp_lifecycle.reports.model import ReportRun, ReportState
from isp_lifecycle.views.common import counted
from isp_lifecycle.views.window import Look, shows


@dataclass(frozen=True)
class CauseRow:
    """How often a step failed with a kind of error."""

    step: str
    kind: str
    count: int


@dataclass(frozen=True)
class DayRow:
    """What one day brought."""

    day: date
    placed: int
    activated: int


@dataclass(frozen=True)
class Figures:
    """The figures of a period; shares are 0 to 1, None where nothing happened.

    ``median_connect_minutes`` is from Activate pressed to service active; ``median_order_days`` from the order.
    """

    orders_by_state: dict[str, int]
    activations_done: int
    activations_failed_now: int
    first_time_right: float | None
    median_connect_minutes: float | None
    median_order_days: float | None
    failures: tuple[CauseRow, ...]
    backlog: int
    oldest_backlog_days: float
    per_day: tuple[DayRow, ...]


@dataclass(frozen=True)
class ReportRow:
    """A report that was asked for."""

    run_id: UUID
    name: str
    requested_at: datetime
    requested_by: str
    first: date
    last: date
    area: str | None
    state: str
    finished_at: datetime | None
    has_html: bool
    words: str


#: One row an activation that was finished in the period: minutes and days it took, and whether any step failed.
ACTIVATIONS_DONE = """
    SELECT d.id, d.finished_at, o.submitted_at, p.area,
           extract(epoch FROM d.finished_at - a.pressed_at) / 60 AS connect_minutes,
           extract(epoch FROM d.finished_at - o.submitted_at) / 86400 AS order_days,
           NOT EXISTS (SELECT 1 FROM step_runs f WHERE f.delivery_id = d.id AND f.state = 'failed') AS first_time
    FROM deliveries d JOIN events e ON e.id = d.event_id JOIN orders o ON o.id = e.order_id
    JOIN premises p ON p.id = o.premises_id
    LEFT JOIN LATERAL (SELECT max(s.started_at) AS pressed_at FROM step_runs s
        WHERE s.delivery_id = d.id AND s.name = 'Wait for the installer' AND s.state = 'done') a ON true
    WHERE d.subscriber = 'activation' AND d.state = 'done' AND d.finished_at >= :start AND d.finished_at < :end
"""


_SUMMARY = f"""
    SELECT count(*) AS n, avg(CASE WHEN first_time THEN 1.0 ELSE 0.0 END) AS first_time,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY connect_minutes) AS connect,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY order_days) AS days
    FROM ({ACTIVATIONS_DONE}) a
"""  # noqa: S608 - a constant of this module


@shows("report.read")
def figures(look: Look, *, first: date, last: date) -> Figures:
    """The figures of the days from ``first`` to ``last``, both included."""
    zone = look.settings.company.tz
    span = {"start": start_of(first, zone=zone), "end": start_of(last + timedelta(days=1), zone=zone)}
    done = look.tx.execute(
        sa.text(_SUMMARY),
        span,
    ).one()
    backlog = look.tx.execute(
        sa.text(
            "SELECT count(*) AS n, min(submitted_at) AS oldest FROM orders "
            "WHERE state IN ('submitted', 'confirmed', 'in_progress', 'failed')"
        )
    ).one()
    failed_now = look.tx.execute(
        sa.text("SELECT count(*) FROM deliveries WHERE subscriber = 'activation' AND state = 'failed'")
    ).scalar_one()
    oldest = (look.at - backlog.oldest).total_seconds() / 86400 if backlog.oldest else 0.0
    return Figures(
        orders_by_state=counted(look.tx.execute(sa.text("SELECT state, count(*) FROM orders GROUP BY state"))),
        activations_done=done.n,
        activations_failed_now=failed_now,
        first_time_right=_float(done.first_time),
        median_connect_minutes=_float(done.connect),
        median_order_days=_float(done.days),
        failures=_causes(look, span),
        backlog=backlog.n,
        oldest_backlog_days=oldest,
        per_day=_per_day(look, first, last, span),
    )


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def _causes(look: Look, span: dict[str, datetime]) -> tuple[CauseRow, ...]:
    rows = look.tx.execute(
        sa.text(
            """
            SELECT name, failure->>'kind' AS kind, count(*) AS n FROM step_runs
            WHERE state = 'failed' AND started_at >= :start AND started_at < :end
            GROUP BY 1, 2 ORDER BY n DESC, 1 LIMIT 20
            """
        ),
        span,
    )
    return tuple(CauseRow(again(r.name), r.kind or "", r.n) for r in rows)


def _by_day(rows: Iterable[Any]) -> dict[date, int]:
    return {row[0]: row[1] for row in rows}


def _per_day(look: Look, first: date, last: date, span: dict[str, datetime]) -> tuple[DayRow, ...]:
    values = {**span, "zone": look.settings.company.zone}
    placed = _by_day(
        look.tx.execute(
            sa.text(
                "SELECT (submitted_at AT TIME ZONE :zone)::date, count(*) FROM orders "
                "WHERE kind = 'new_line' AND submitted_at >= :start AND submitted_at < :end GROUP BY 1"
            ),
            values,
        )
    )
    active = _by_day(
        look.tx.execute(
            sa.text(
                "SELECT (recorded_at AT TIME ZONE :zone)::date, count(*) FROM events "
                "WHERE kind = 'LineActivated' AND recorded_at >= :start AND recorded_at < :end GROUP BY 1"
            ),
            values,
        )
    )
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return tuple(DayRow(day, placed.get(day, 0), active.get(day, 0)) for day in days)


#: How the work on a report stands that is not kept yet.
_UNFINISHED = """
    SELECT (e.payload->>'report_id')::uuid AS run_id, d.state, d.failure->>'what' AS what
    FROM deliveries d JOIN events e ON e.id = d.event_id
    WHERE d.subscriber = 'report' AND d.state IN ('running', 'failed')
"""


@shows("report.read")
def reports(look: Look) -> tuple[ReportRow, ...]:
    """The reports that were asked for, newest first; one that stands still says why."""
    unfinished = {row.run_id: row for row in look.tx.execute(sa.text(_UNFINISHED))}
    return tuple(_report(run, unfinished.get(run.id)) for run in kept.latest(tx=look.tx))


def _report(run: ReportRun, work: Any) -> ReportRow:
    waits = work is not None and run.state is ReportState.REQUESTED
    return ReportRow(
        run_id=run.id,
        name=run.name,
        requested_at=run.requested_at,
        requested_by=run.requested_by,
        first=run.period.first,
        last=run.period.last,
        area=run.area,
        state=str(work.state) if waits else str(run.state),
        finished_at=run.finished_at,
        has_html=run.file is not None,
        words=(work.what or "") if waits else run.words,
    )


@shows("report.read")
def report_html(look: Look, *, run_id: UUID) -> str:
    """The HTML of a report, to be shown in a sandbox. The file's name comes from our own table only."""
    run = kept.run_by_id(tx=look.tx, run_id=run_id)
    file = look.settings.var / "reports" / Path(run.file or "").name
    if not run.file or not file.is_file():
        raise NotFound("report file of", run_id)
    return file.read_text(encoding="utf-8")
