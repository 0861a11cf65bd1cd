"""Reports: the page that comes of a notebook, and what becomes of notebooks that fail or never end."""

from __future__ import annotations

import os
import re
import time
from datetime import date
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import sync_playwright

from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.reports.errors import ReportFailed, ReportTooSlow
from isp_lifecycle.reports.model import Period, ReportRun, ReportState
from tests.architecture.sources import ROOT
from tests.notebooks.conftest import Past
from tests.notebooks.past import NOW
from workers.papermill import PapermillReporter

PICTURES = ROOT / "build" / "pictures"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
#: What makes a browser ask for something: of this machine or of another one.
LOADS = re.compile(
    r"""<(?:script|link|iframe|img|object|embed)\b[^>]*(?:src|href|data)=|@import|url\(|https?://(?!www\.w3\.org/)"""
)


def wanted(*, name: str = "activations", first: date, last: date, area: str | None = None) -> ReportRun:
    """A run as the engine would hand it over."""
    return ReportRun(
        id=new_id(),
        name=name,
        period=Period(first, last),
        area=area,
        state=ReportState.REQUESTED,
        requested_at=NOW,
        requested_by="mary",
        finished_at=None,
        file=None,
        words="",
    )


def made(past: Past, folder: Path, run: ReportRun) -> str:
    """The HTML of this run."""
    reporter = PapermillReporter(folder=folder, environment={**os.environ, "DATABASE_URL": past.database})
    return (folder / reporter.render(run)).read_text(encoding="utf-8")


def test_report_tells_the_period_in_sentences_drawings_and_tables(past: Past, tmp_path: Path) -> None:
    began = time.perf_counter()
    html = made(past, tmp_path, wanted(first=date(2026, 2, 1), last=date(2026, 2, 28)))
    seconds = time.perf_counter() - began
    first_time = sum(a.trouble is None for a in past.activations)
    assert "<h1" in html
    assert "1 February 2026 to 28 February 2026" in html
    assert f"{len(past.activations)} lines were activated." in html
    assert f"{first_time} of them ({first_time / len(past.activations):.0%}) succeeded the first time." in html
    assert html.count("<svg") == 4
    assert html.count("<table") == 2
    assert re.findall(LOADS, html) == []
    assert "In [" not in html
    assert "open_window" not in html
    assert seconds < 60, "ten seconds on a calm machine; a busy one gets time"


def test_report_of_one_area_leaves_the_others_out(past: Past, tmp_path: Path) -> None:
    html = made(past, tmp_path, wanted(first=date(2026, 2, 1), last=date(2026, 2, 28), area="Harbour"))
    number = sum(a.area == "Harbour" for a in past.activations)
    assert 0 < number < len(past.activations)
    assert f"{number} lines were activated." in html
    assert "Area: Harbour" in html
    assert "Hillcrest" not in html


def test_report_of_an_empty_period_says_so(past: Past, tmp_path: Path) -> None:
    html = made(past, tmp_path, wanted(first=date(2024, 5, 1), last=date(2024, 5, 31)))
    assert "No activation was finished in this period." in html
    assert html.count("Nothing in this period.") == 4
    assert "<table" not in html


def write_notebook(folder: Path, name: str, *sources: str) -> None:
    """A notebook of these cells behind the parameters that every report has."""
    parameters = new_code_cell("first = last = area = ''", metadata={"tags": ["parameters"]})
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = new_notebook(cells=[parameters, *map(new_code_cell, sources)], metadata=kernel)
    nbformat.write(notebook, folder / f"{name}.ipynb")


def test_failing_notebook_is_reported_with_the_error_and_its_cell(tmp_path: Path) -> None:
    write_notebook(tmp_path, "broken", "share = 1\nshare / 0")
    reporter = PapermillReporter(folder=tmp_path / "out", notebooks=tmp_path)
    with pytest.raises(ReportFailed) as failure:
        reporter.render(wanted(name="broken", first=date(2026, 2, 1), last=date(2026, 2, 2)))
    assert failure.value.message == (
        "The report broken ended with an error: ZeroDivisionError: division by zero (in the cell 'share = 1')"
    )
    assert list((tmp_path / "out").iterdir()) == []


def test_notebook_that_is_not_there_is_a_failed_report(tmp_path: Path) -> None:
    reporter = PapermillReporter(folder=tmp_path / "out", notebooks=tmp_path)
    with pytest.raises(ReportFailed, match=r"lost\.ipynb"):
        reporter.render(wanted(name="lost", first=date(2026, 2, 1), last=date(2026, 2, 2)))


def test_endless_notebook_is_ended_at_the_limit_with_all_it_started(tmp_path: Path) -> None:
    """Its interpreter is deaf to signals and holds on to the interpreter's lock, and has a child: none may be left."""
    note = tmp_path / "pids"
    endless = f"""
import os, pathlib, re, signal, subprocess
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
child = subprocess.Popen(["sleep", "600"])
pathlib.Path({str(note)!r}).write_text(f"{{os.getpid()}} {{child.pid}}")
re.match(r"(a+)+$", "a" * 60 + "b")
"""
    write_notebook(tmp_path, "endless", endless)
    reporter = PapermillReporter(folder=tmp_path / "out", notebooks=tmp_path, limit_seconds=6)
    began = time.perf_counter()
    with pytest.raises(ReportTooSlow, match="ended after 6 s"):
        reporter.render(wanted(name="endless", first=date(2026, 2, 1), last=date(2026, 2, 2)))
    assert time.perf_counter() - began < 15
    started = [int(pid) for pid in note.read_text().split()]
    assert [pid for pid in started if alive(pid)] == []
    assert list((tmp_path / "out").iterdir()) == []


def alive(pid: int) -> bool:
    """Whether it runs; one that only waits to be reaped does not."""
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


@pytest.mark.browser
@pytest.mark.parametrize("width", [1200, 390])
def test_report_opens_without_a_network(past: Past, tmp_path: Path, chromium_path: str, width: int) -> None:
    made(past, tmp_path, wanted(first=date(2026, 2, 1), last=date(2026, 2, 28)))
    (file,) = tmp_path.glob("*.html")
    asked: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium_path, args=QUIET)
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: asked.append(str(error)))
        page.goto(file.as_uri())
        drawn = page.evaluate("[...document.querySelectorAll('svg')].map(s => s.getBoundingClientRect().height > 50)")
        wide = page.evaluate("document.documentElement.scrollWidth")
        heading = page.get_by_role("heading", level=1).inner_text()
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"report-activations{'' if width > 600 else '-phone'}.png", full_page=True)
        browser.close()
    assert asked == [file.as_uri()]
    assert drawn == [True] * 4
    assert wide == width, "tables and drawings scroll in their own place, the page does not"
    assert heading.rstrip("¶") == "Activations, 1 February 2026 to 28 February 2026"
