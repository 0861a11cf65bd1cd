"""The adapter that runs a report's notebook: papermill in a process of its own, ended at its time limit."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psutil

from isp_lifecycle.foundation.logs import log
from isp_lifecycle.reports.errors import ReportFailed, ReportTooSlow
from isp_lifecycle.reports.model import ReportRun

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks" / "reports"
LIMIT_SECONDS = 300.0

_log = log(__name__)


class PapermillReporter:
    """Runs ``notebooks/reports/<name>.ipynb`` and keeps its HTML, without the code cells.

    ``environment`` is that of this process where none is given; the notebook finds the database by it.
    """

    def __init__(
        self,
        *,
        folder: Path,
        limit_seconds: float = LIMIT_SECONDS,
        notebooks: Path = NOTEBOOKS,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._folder = folder
        self._limit = limit_seconds
        self._notebooks = notebooks
        self._environment = environment

    def render(self, run: ReportRun) -> str:
        """Run it; raises ReportFailed with the error of the cell that failed, or ReportTooSlow at the limit."""
        self._folder.mkdir(parents=True, exist_ok=True)
        target = self._folder / f"{run.name}-{run.id}.html"
        with subprocess.Popen(
            self._command(run, target),
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            try:
                said, _ = process.communicate(timeout=self._limit)
            except subprocess.TimeoutExpired:
                end_with_descendants(process)
                raise ReportTooSlow(run.name, self._limit) from None
            except BaseException:
                end_with_descendants(process)
                raise
        if process.returncode != 0:
            _log.error("report_failed", report=run.name, run=run.id, said=said[-20_000:])
            why = said.strip().rpartition("\n")[2] or f"its process ended with status {process.returncode}"
            raise ReportFailed(run.name, why)
        return target.name

    def _command(self, run: ReportRun, target: Path) -> list[str]:
        period = ["--first", run.period.first.isoformat(), "--last", run.period.last.isoformat()]
        notebook = str(self._notebooks / f"{run.name}.ipynb")
        limit = ["--limit", str(round(self._limit) + 5)]
        return [
            sys.executable,
            "-m",
            "workers.render",
            notebook,
            str(target),
            *period,
            "--area",
            run.area or "",
            *limit,
        ]


def end_with_descendants(process: subprocess.Popen[str]) -> None:
    """End a process that was not waited for yet, and all that came of it.

    Signalling its group would not do: a notebook's interpreter leads a session of its own.
    """
    with suppress(psutil.NoSuchProcess):
        leader = psutil.Process(process.pid)
        leader.suspend()  # so that it starts nothing more while its descendants are listed
        descendants = leader.children(recursive=True)
        for one in (*descendants, leader):
            with suppress(psutil.NoSuchProcess):
                one.kill()
        psutil.wait_procs(descendants, timeout=5)
