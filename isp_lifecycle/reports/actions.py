"""Ask for a report, and keep what came of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.transition import move
from isp_lifecycle.reports import store
from isp_lifecycle.reports.model import REPORT_MOVES, Period, ReportRun, ReportState


def request(*, tx: Tx, name: str, period: Period, area: str | None, by: str, at: datetime) -> ReportRun:
    """Note that a report is wanted."""
    run_id = new_id()
    tx.execute(
        store.report_runs.insert().values(
            id=run_id,
            name=name,
            first=period.first,
            last=period.last,
            area=area,
            state=str(ReportState.REQUESTED),
            requested_at=at,
            requested_by=by,
        )
    )
    return run_by_id(tx=tx, run_id=run_id)


def keep(*, tx: Tx, run_id: UUID, file: str, at: datetime, words: str) -> None:
    """The report is done and kept under this file name."""
    move(
        tx=tx,
        table=store.report_runs,
        moves=REPORT_MOVES,
        key=run_id,
        to=ReportState.DONE,
        also={"file": file, "finished_at": at, "words": words},
    )


def give_up(*, tx: Tx, run_id: UUID, at: datetime) -> None:
    """The report was cancelled."""
    move(
        tx=tx,
        table=store.report_runs,
        moves=REPORT_MOVES,
        key=run_id,
        to=ReportState.FAILED,
        also={"finished_at": at, "words": "Cancelled."},
    )


def run_by_id(*, tx: Tx, run_id: UUID) -> ReportRun:
    """The run of this id; raises NotFound."""
    run = store.find(tx=tx, run_id=run_id)
    if run is None:
        raise NotFound("report", run_id)
    return run


def latest(*, tx: Tx, limit: int = 50) -> tuple[ReportRun, ...]:
    """The newest runs, newest first."""
    return store.latest(tx=tx, limit=limit)
