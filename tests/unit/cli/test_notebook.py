"""How notebooks find the installation: by a setting, by what runs in a folder above, or not, which is said."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from isp_lifecycle.access.model import Role
from isp_lifecycle.cli.notebook import NothingRuns, found, open_window
from isp_lifecycle.cli.up.register import Entry, Register, note, started_at
from isp_lifecycle.views import analyst

URL = "postgresql://ann:it's a secret@db.example.org/isp"


def isp_notebook(*command: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "ISP_VAR")}
    return subprocess.run(
        [sys.executable, "-m", "isp_lifecycle.cli", "notebook", *command],
        cwd=folder,
        env=environment | settings,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_command_prints_what_a_shell_reads_back(tmp_path: Path) -> None:
    (tmp_path / "isp.toml").write_text("port = 9100\n", encoding="utf-8")
    done = isp_notebook(folder=tmp_path, DATABASE_URL=URL)
    assert done.returncode == 0
    assert [shlex.split(line) for line in done.stdout.splitlines()] == [
        ["export", f"DATABASE_URL={URL}"],
        ["export", f"ISP_VAR={tmp_path / 'var'}"],
        ["export", "ISP_ENVIRONMENT=demo"],
        ["export", f"ISP_CONFIG={tmp_path / 'isp.toml'}"],
    ]
    assert not (tmp_path / "var").exists()


def test_command_starts_another_with_the_database_set(tmp_path: Path) -> None:
    done = isp_notebook("sh", "-c", 'echo "$DATABASE_URL"; exit 3', folder=tmp_path, DATABASE_URL=URL)
    assert (done.stdout, done.returncode) == (f"{URL}\n", 3)


def test_command_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = isp_notebook("no-such-jupyter", "--port", "9", folder=tmp_path, DATABASE_URL=URL)
    assert done.returncode == 2
    assert "no-such-jupyter cannot be started" in done.stderr


def test_where_nothing_runs_it_says_what_to_do(tmp_path: Path) -> None:
    done = isp_notebook(folder=tmp_path)
    assert (done.stdout, done.returncode) == ("", 2)
    assert "What to do: Start the demo with `make demo`, or set DATABASE_URL" in done.stderr


@pytest.fixture
def notebooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of notebooks inside a checkout, where the kernel starts, with nothing set."""
    folder = tmp_path / "checkout" / "notebooks" / "reports"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    for name in ("DATABASE_URL", "ISP_VAR", "ISP_PORT", "ISP_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    return folder


def test_what_runs_in_a_folder_above_is_found(notebooks: Path) -> None:
    var = notebooks.parents[1] / "var"
    me = Entry("supervisor", os.getpid(), started_at(os.getpid()), "up")
    note(var, Register(supervisor=me, port=28600, children=()))
    settings = found()
    assert (settings.var, settings.port) == (var, 28600)
    assert settings.database_url is not None
    assert ":28605/" in settings.database_url.get_secret_value()


def test_what_ran_once_is_not_taken_for_running(notebooks: Path) -> None:
    gone = Entry("supervisor", os.getpid(), started_at(os.getpid()) - 1000, "up")
    note(notebooks.parents[1] / "var", Register(supervisor=gone, port=28600, children=()))
    with pytest.raises(NothingRuns):
        found()


def test_notebook_reads_all_and_changes_nothing(
    notebooks: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database)
    window, me = open_window()
    assert me.role is Role.AUDITOR
    assert len(analyst.services(window, me)) == 0
    assert list(notebooks.iterdir()) == []
    window.engine.dispose()
