"""The adapter that runs a report's notebook: papermill in a process of its own, ended at its time limit."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from isp_lifecycle.reports.errors import ReportFailed, ReportTooSlow
from isp_lifecycle.reports.model import ReportRun

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks" / "reports"
LIMIT_SECONDS = 300.0


class PapermillReporter:
    """Runs ``notebooks/reports/<name>.ipynb`` and keeps its HTML, without the code cells."""

    def __init__(self, *, folder: Path, limit_seconds: float = LIMIT_SECONDS, notebooks: Path = NOTEBOOKS) -> None:
        self._folder = folder
        self._limit = limit_seconds
        self._notebooks = notebooks

    def render(self, run: ReportRun) -> str:
        """Run it; raises ReportFailed with the end of what the notebook said, or ReportTooSlow at the limit."""
        self._folder.mkdir(parents=True, exist_ok=True)
        target = self._folder / f"{run.name}-{run.id}.html"
        command = [
            sys.executable,
            "-m",
            "workers.render",
            str(self._notebooks / f"{run.name}.ipynb"),
            str(target),
            "--first",
            run.period.first.isoformat(),
            "--last",
            run.period.last.isoformat(),
            "--area",
            run.area or "",
        ]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        ) as process:
            try:
                said, _ = process.communicate(timeout=self._limit)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise ReportTooSlow(f"The report {run.name} was ended after {self._limit:.0f} s.") from None
        if process.returncode != 0:
            raise ReportFailed(f"The report {run.name} ended with an error: {said.strip()[-2000:]}")
        return target.name
