"""The port through which a notebook is run; the adapter that knows papermill stands with the workers."""

from __future__ import annotations

from typing import Protocol

from isp_lifecycle.reports.model import ReportRun


class Reporter(Protocol):
    """Runs a report's notebook within a hard time limit."""

    def render(self, run: ReportRun) -> str:
        """Run it and keep the HTML; returns the file's name inside the reports folder.

        Running it twice replaces the file. Raises ReportFailed or ReportTooSlow.
        """
        ...


class NoReporter:
    """Stands where reports are never run, such as a page's process."""

    def render(self, run: ReportRun) -> str:
        """Refuse: this process runs no notebooks."""
        raise RuntimeError(f"report {run.name} was sent to a process that runs no notebooks")
