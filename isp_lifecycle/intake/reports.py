"""Ask for a report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from isp_lifecycle.events.vocabulary import ReportRequested
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.reports import actions as reports
from isp_lifecycle.reports.model import Period

#: The notebooks that may be run as reports (``notebooks/reports/<name>.ipynb``).
REPORTS = frozenset({"activations"})


@dataclass(frozen=True)
class Requested:
    """A report that will be run."""

    run_id: UUID


@enters("report.run")
def request(act: Act, *, name: str, first: date, last: date, area: str | None = None) -> Requested:
    """Have a report run by a worker; it appears among the past reports when it is done."""
    if name not in REPORTS:
        raise Refused(
            say("There is no report {name}.", name=repr(name)),
            field="name",
            value=name,
            remedy=say("Choose one of {reports}.", reports=", ".join(REPORTS)),
        )
    run = reports.request(
        tx=act.tx, name=name, period=Period(first, last), area=area or None, by=act.actor.username, at=act.at
    )
    act.about("report", run.id)
    act.record(ReportRequested(report_id=run.id))
    return Requested(run.id)
