"""``isp import`` as people and machines call it, on a real database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

PLANS = b"""plans:
- {code: home-1, name: One, down_kbps: 1, up_kbps: 9, price: '9.90', currency: EUR, address_policy: dynamic, vlan: 100}
- {code: home-2, name: Two, down_kbps: 2, up_kbps: 9, price: '9,90', currency: EUR, address_policy: dynamic, vlan: 100}
"""


@pytest.fixture
def isp(database: str, tmp_path: Path) -> Any:
    """Run the command against the test's database."""

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "isp_lifecycle.cli", "import", *map(str, arguments)],
            env=os.environ | {"DATABASE_URL": database, "ISP_VAR": str(tmp_path / "var"), "COLUMNS": "200"},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run


def test_a_file_is_shown_first_and_written_when_told(isp: Any, tmp_path: Path, engine: sa.Engine) -> None:
    file = tmp_path / "plans.yaml"
    file.write_bytes(PLANS)
    shown = isp("plans", file)
    assert shown.returncode == 1, "a row was rejected"
    assert shown.stdout.splitlines() == [
        "would be created  home-1",
        "plans.yaml: 1 created, 0 changed, 0 same, 1 rejected.",
        f"The rejected rows are in {tmp_path}/plans.rejected.yaml: correct them there and import that file.",
        "Nothing was written. Add --apply to import the good rows.",
    ]
    assert shown.stderr.splitlines() == [
        "rejected: line 3, price '9,90': It is not an amount of money. Write it with a decimal point, such as 29.90."
    ]
    assert codes(engine) == []
    done = isp("plans", file, "--apply", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["applied"], told["created"], told["rejected"]) == (1, True, 1, 1)
    assert [(e["line"], e["field"], e["value"]) for e in told["errors"]] == [(3, "price", "9,90")]
    assert codes(engine) == ["home-1"]
    corrected = Path(told["rejected_file"])
    corrected.write_text(corrected.read_text().replace("9,90", "9.90"))
    last = isp("plans", corrected, "--apply")
    assert (last.returncode, last.stdout) == (
        0,
        "created  home-2\nplans.rejected.yaml: 1 created, 0 changed, 0 same, 0 rejected.\n",
    )
    assert codes(engine) == ["home-1", "home-2"]


def codes(engine: sa.Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(sa.text("SELECT code FROM plans ORDER BY code")).scalars())


def test_corrections_in_a_rejected_file_are_never_written_over(isp: Any, tmp_path: Path) -> None:
    file, before = tmp_path / "plans.yaml", tmp_path / "plans.rejected.yaml"
    file.write_bytes(PLANS)
    before.write_text("somebody's work")
    assert json.loads(isp("plans", file, "--json").stdout)["rejected_file"] == f"{tmp_path}/plans.rejected-2.yaml"
    assert before.read_text() == "somebody's work"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"plans: {}\n", "There is no list of plans."),
        (b"plans:\n- name: \xff\n", "Line 2: The byte 0xFF is not UTF-8."),
    ],
)
def test_an_unreadable_file_ends_with_code_2_and_what_to_do(
    isp: Any, tmp_path: Path, content: bytes, says: str
) -> None:
    file = tmp_path / "plans.yaml"
    file.write_bytes(content)
    done = isp("plans", file)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[0] == says
    assert done.stderr.splitlines()[1].startswith("What to do: ")


def test_without_a_file_its_fields_are_explained(isp: Any) -> None:
    lines = isp("premises").stdout.splitlines()
    assert lines[0] == "Premises, CSV:"
    assert lines[2].split() == ["premises_code", "required", "the", "premises'", "own", "code"]
