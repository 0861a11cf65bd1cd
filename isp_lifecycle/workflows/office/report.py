"""Reports: a notebook is run within its time limit and its HTML is kept."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from isp_lifecycle.events.vocabulary import ReportRequested
from isp_lifecycle.foundation.db import read
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.reports import actions as reports
from isp_lifecycle.workflows.steps import DatabaseStep, Did, OutsideStep, Room, Site, Unobservable, Workflow


@dataclass(frozen=True, kw_only=True)
class ReportCase:
    """Which run, and the file it became."""

    report_id: UUID
    file: str | None = None


def begin(event: ReportRequested, room: Room) -> ReportCase:
    """The run's parameters stand in its row."""
    return ReportCase(report_id=reports.run_by_id(tx=room.tx, run_id=event.report_id).id)


def render(case: ReportCase, site: Site) -> Did[ReportCase]:
    """Run the notebook."""
    with read(site.parts.engine) as tx:
        run = reports.run_by_id(tx=tx, run_id=case.report_id)
    file = site.parts.reporter.render(run)
    return Did(ReportCase(report_id=case.report_id, file=file), f"{run.name} became {file}.")


def forget(case: ReportCase, site: Site) -> Did[ReportCase]:
    """A half-made file is replaced by the next run; nothing to take back."""
    return Did(case, say("Nothing to take back."))


def keep(case: ReportCase, room: Room) -> Did[ReportCase]:
    """List it among the past reports."""
    reports.keep(tx=room.tx, run_id=case.report_id, file=case.file or "", at=room.at, words="")
    return Did(case, say("Kept among the past reports."))


def give_up(case: ReportCase, room: Room) -> Did[ReportCase]:
    """Say in the list that it was given up."""
    reports.give_up(tx=room.tx, run_id=case.report_id, at=room.at)
    return Did(case, say("Given up."))


def note_request(case: ReportCase, room: Room) -> Did[ReportCase]:
    """The request is known."""
    return Did(case, say("Asked for."))


REPORT = Workflow(
    name="report",
    starts_on=(ReportRequested,),
    case=ReportCase,
    begin=begin,
    steps=(
        DatabaseStep(say("Take the request"), do=note_request, undo=give_up, always_undone=True),
        OutsideStep(
            say("Run the notebook"), do=render, verify=Unobservable(say("its HTML is what is kept")), undo=forget
        ),
        DatabaseStep(say("Keep the report"), do=keep, undo=note_request),
    ),
)
