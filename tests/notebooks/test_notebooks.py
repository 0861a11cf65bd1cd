"""The notebooks run on a provider with a past, are stored without output, and look like notebooks."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests.architecture.sources import ROOT
from tests.notebooks.conftest import Past

NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb"))
LONGEST_FUNCTION = 5


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    return nbformat.read(request.param, as_version=4)


def test_notebook_is_stored_without_output(notebook: nbformat.NotebookNode) -> None:
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [(cell.outputs, cell.execution_count) for cell in code] == [([], None)] * len(code)


def test_notebook_has_one_cell_of_parameters(notebook: nbformat.NotebookNode) -> None:
    assert [cell.metadata.get("tags", []) for cell in notebook.cells].count(["parameters"]) == 1


def test_notebook_holds_no_logic_of_its_own(notebook: nbformat.NotebookNode) -> None:
    long = [
        node.name
        for cell in notebook.cells
        if cell.cell_type == "code"
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_getting_started_runs(past: Past, tmp_path: Path) -> None:
    """Each cell, as somebody would who opens it; nbval fails a cell that raises."""
    # The kernel is told where its database is as any process is; IPython's own files stay out of the home folder.
    environment = {**os.environ, "DATABASE_URL": past.database, "IPYTHONDIR": str(tmp_path), "ISP_VAR": str(tmp_path)}
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "-q", "-p", "no:cacheprovider", "--confcutdir=notebooks"]
    done = subprocess.run(
        [*command, "notebooks/getting_started.ipynb"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    code = [
        c for c in nbformat.read(ROOT / "notebooks/getting_started.ipynb", as_version=4).cells if c.cell_type == "code"
    ]
    assert done.returncode == 0, done.stdout[-5000:]
    assert f"{len(code)} passed" in done.stdout
