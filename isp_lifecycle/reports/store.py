"""The table of report runs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from isp_lifecycle.foundation import db
from isp_lifecycle.foundation.changes import tells
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.reports.model import Period, ReportRun, ReportState

report_runs = sa.Table(
    "report_runs",
    db.metadata,
    db.id_column(),
    db.text("name"),
    sa.Column("first", sa.Date(), nullable=False),
    sa.Column("last", sa.Date(), nullable=False),
    db.text("area", nullable=True),
    db.text("state"),
    db.instant("requested_at", index=True),
    db.text("requested_by"),
    db.instant("finished_at", nullable=True),
    db.text("file", nullable=True),
    sa.Column("words", sa.Text(), nullable=False, server_default=""),
)
tells(report_runs, "reports")


def run_of(row: Any) -> ReportRun:
    """Read a row."""
    return ReportRun(
        id=row.id,
        name=row.name,
        period=Period(row.first, row.last),
        area=row.area,
        state=ReportState(row.state),
        requested_at=row.requested_at,
        requested_by=row.requested_by,
        finished_at=row.finished_at,
        file=row.file,
        words=row.words,
    )


def find(*, tx: Tx, run_id: UUID) -> ReportRun | None:
    """The run of this id, if there is one."""
    row = tx.execute(sa.select(report_runs).where(report_runs.c.id == run_id)).one_or_none()
    return run_of(row) if row else None


def latest(*, tx: Tx, limit: int) -> tuple[ReportRun, ...]:
    """The newest runs, newest first."""
    rows = tx.execute(sa.select(report_runs).order_by(report_runs.c.requested_at.desc()).limit(limit)).all()
    return tuple(run_of(row) for row in rows)
