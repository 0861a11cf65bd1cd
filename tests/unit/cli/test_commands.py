"""Commands as people and machines call them: exit codes, one JSON object, errors that say what to do."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer

from isp_lifecycle.cli.__main__ import COMMANDS


def isp(*arguments: str, var: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "isp_lifecycle.cli", *arguments],
        env=os.environ | {"ISP_VAR": str(var), "COLUMNS": "200"} | settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def one_object(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.stdout.count("\n") == 1
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_status_of_nothing_is_a_failure_that_says_so(tmp_path: Path) -> None:
    done = isp("status", "--json", var=tmp_path)
    assert done.returncode == 1
    assert one_object(done) == {"running": False, "port": None, "supervisor": None, "parts": []}


def test_settings_lists_each_with_its_meaning(tmp_path: Path) -> None:
    rows = one_object(isp("settings", "--json", var=tmp_path))["settings"]
    assert all(row["meaning"] for row in rows)
    assert {"variable": "ISP_COMPANY__CURRENCY", "default": "EUR", "meaning": "ISO 4217 code of all prices."} in rows


@pytest.mark.parametrize("as_json", [False, True])
def test_wrong_setting_is_named_with_what_is_allowed(tmp_path: Path, as_json: bool) -> None:
    done = isp("status", *(["--json"] if as_json else []), var=tmp_path, ISP_PORT="65500")
    assert done.returncode == 2
    if as_json:
        told = one_object(done)
        assert (told["error"], told["field"], told["kind"]) == ("SettingWrong", "ISP_PORT", "refused")
        assert "less than or equal to 65400" in told["what"]
    else:
        assert done.stdout == ""
        assert "What to do: Correct the setting" in done.stderr


def test_reset_asks_first_and_clears_all_when_told(tmp_path: Path) -> None:
    var = tmp_path / "var"
    (var / "redis").mkdir(parents=True)
    (var / "redis" / "appendonly.aof").write_text("kept", encoding="ascii")
    refused = isp("reset", var=var)
    assert refused.returncode == 1
    assert (var / "redis" / "appendonly.aof").exists()
    assert isp("reset", "--yes", var=var).returncode == 0
    assert not var.exists()


def test_version_is_the_project_s(tmp_path: Path) -> None:
    assert isp("version", var=tmp_path).stdout.strip()


def test_the_list_of_commands_says_what_each_says_itself() -> None:
    """The list is written down, so that printing it loads no command; it may not grow old."""
    for name, (place, words) in COMMANDS.items():
        module, _, attribute = place.partition(":")
        found = getattr(import_module(f"isp_lifecycle.cli.{module}"), attribute)
        own = found.info.help if isinstance(found, typer.Typer) else inspect.getdoc(found)
        assert " ".join(str(own).split("\n\n")[0].split()) == words, name


def test_a_command_loads_nothing_of_the_others() -> None:
    """`isp status` took four seconds, most of them for what benches, drivers and the lab import."""
    ask = "import sys; from isp_lifecycle.cli.__main__ import app; app(['status', '--help'], standalone_mode=False)"
    heavy = "print(sorted({'netmiko', 'asyncssh', 'sqlalchemy', 'pandas', 'fastapi', 'celery'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", f"{ask}; {heavy}"], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
