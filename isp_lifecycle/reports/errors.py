"""What can go wrong with a report."""

from __future__ import annotations

from isp_lifecycle.foundation.errors import NeedsPerson, Refused
from isp_lifecycle.foundation.texts import say


class PeriodWrong(Refused):
    """The first day lies after the last, or the period is longer than a report can show."""

    default_remedy = say("Choose a first day on or before the last, at most 400 days apart.")


class ReportFailed(NeedsPerson):
    """The notebook ended with an error."""

    default_remedy = say("Open the notebook with the same parameters, mend the failing cell, then press Retry.")

    def __init__(self, report: str, why: str) -> None:
        super().__init__(say("The report {report} ended with an error: {why}", report=report, why=why))


class ReportTooSlow(NeedsPerson):
    """The notebook was still running at its time limit and was ended."""

    default_remedy = say("Ask for a shorter period, or raise the limit of the report, then press Retry.")

    def __init__(self, report: str, seconds: float) -> None:
        super().__init__(say("The report {report} was ended after {seconds:.0f} s.", report=report, seconds=seconds))
