"""Run one notebook with its parameters and write its HTML: ``python -m workers.render NOTEBOOK HTML --first ...``.

A process of its own, so that a time limit can end it whatever the notebook does.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import nbformat
import papermill
from nbconvert import HTMLExporter


def main() -> None:
    """Execute and convert; an error in a cell ends the process with its traceback."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebook", type=Path)
    parser.add_argument("html", type=Path)
    parser.add_argument("--first", required=True)
    parser.add_argument("--last", required=True)
    parser.add_argument("--area", default="")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        executed = Path(folder) / "executed.ipynb"
        papermill.execute_notebook(
            str(wanted.notebook),
            str(executed),
            parameters={"first": wanted.first, "last": wanted.last, "area": wanted.area},
            progress_bar=False,
            kernel_name="python3",
        )
        notebook = nbformat.read(executed, as_version=4)
    html, _resources = HTMLExporter(exclude_input=True, embed_images=True).from_notebook_node(notebook)
    partial = wanted.html.with_suffix(".partial")
    partial.write_text(html, encoding="utf-8")
    partial.replace(wanted.html)


if __name__ == "__main__":
    main()
