"""Reports as values: what may be asked for, and what was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from isp_lifecycle.foundation.states import Moves
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.reports.errors import PeriodWrong

LONGEST_DAYS = 400


class ReportState(StrEnum):
    """How one run of a report stands."""

    REQUESTED = "requested"  #: asked for; a worker will run it
    DONE = "done"  #: the HTML is kept
    FAILED = "failed"  #: given up; the delivery says why


REPORT_MOVES: Moves[ReportState] = Moves(
    what="report",
    start=ReportState.REQUESTED,
    table={ReportState.REQUESTED: frozenset({ReportState.DONE, ReportState.FAILED})},
)


@dataclass(frozen=True)
class Period:
    """Days, both ends included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last or (self.last - self.first).days > LONGEST_DAYS:
            raise PeriodWrong(
                say("{first} to {last} is not a period for a report.", first=self.first, last=self.last), field="first"
            )


@dataclass(frozen=True)
class ReportRun:
    """One run of a report."""

    id: UUID
    name: str
    period: Period
    area: str | None
    state: ReportState
    requested_at: datetime
    requested_by: str
    finished_at: datetime | None
    file: str | None
    words: str
