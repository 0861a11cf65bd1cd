"""Run one notebook with its parameters and write its HTML: ``python -m workers.render NOTEBOOK HTML --first ...``.

A process of its own, so that a time limit can end it whatever the notebook does. The page is ours and holds all that
it shows: nbconvert's own pages fetch scripts and fonts from other hosts, and a report is read without a network.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import sys
import tempfile
from html import escape
from pathlib import Path
from string import Template

import nbformat
import papermill
from nbconvert import HTMLExporter
from papermill.exceptions import PapermillExecutionError

from isp_lifecycle.foundation.clock import SystemClock

PAGE = Path(__file__).with_name("report.html")
#: The colours of a traceback, which a terminal would show and a log would not.
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def main() -> None:
    """Execute and convert; an error in a cell ends the process with its traceback and, as the last line, what failed.

    It ends itself a little past the limit, should whoever started it and would end it be gone.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebook", type=Path)
    parser.add_argument("html", type=Path)
    parser.add_argument("--first", required=True)
    parser.add_argument("--last", required=True)
    parser.add_argument("--area", default="")
    parser.add_argument("--limit", type=int, default=0, help="seconds; 0: none")
    wanted = parser.parse_args()
    signal.alarm(wanted.limit)
    parameters = {"first": wanted.first, "last": wanted.last, "area": wanted.area}
    try:
        html = page(run(wanted.notebook, parameters), title=title_of(wanted.notebook, parameters))
    except PapermillExecutionError as error:
        sys.stderr.write(_COLOUR.sub("", "\n".join(error.traceback)) + "\n")
        sys.exit(f"{error.ename}: {error.evalue}".partition("\n")[0] + f" (in the cell {_first_line(error.source)!r})")
    partial = wanted.html.with_suffix(".partial")
    partial.write_text(html, encoding="utf-8")
    partial.replace(wanted.html)


def run(notebook: Path, parameters: dict[str, str]) -> nbformat.NotebookNode:
    """The notebook with its outputs, run in an interpreter of its own that reads nobody's start-up files."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(IPYTHONDIR=folder, JUPYTER_RUNTIME_DIR=folder)
        executed = Path(folder) / "executed.ipynb"
        papermill.execute_notebook(
            str(notebook), str(executed), parameters=parameters, progress_bar=False, kernel_name="python3"
        )
        return nbformat.read(executed, as_version=4)


def page(notebook: nbformat.NotebookNode, *, title: str) -> str:
    """The outputs and the prose of a notebook as one page; its code is left out."""
    exporter = HTMLExporter(template_name="basic", exclude_input=True, exclude_output_prompt=True)
    body, _resources = exporter.from_notebook_node(notebook)
    made = f"Made on {SystemClock().now():%d %B %Y at %H:%M} UTC."
    return Template(PAGE.read_text(encoding="utf-8")).substitute(title=escape(title), body=body, made=escape(made))


def title_of(notebook: Path, parameters: dict[str, str]) -> str:
    """What the browser's tab says."""
    area = f", {parameters['area']}" if parameters["area"] else ""
    return f"{notebook.stem.replace('_', ' ').capitalize()} {parameters['first']} to {parameters['last']}{area}"


def _first_line(source: str) -> str:
    return source.strip().partition("\n")[0][:120]


if __name__ == "__main__":
    main()
