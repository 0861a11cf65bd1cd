"""``isp audit`` as people and machines call it: what it prints, and the three ways in which it can end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa

from isp_lifecycle.foundation.clock import SystemClock, today
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.settings import load_settings
from tests.flows.audit.many import invent


def test_the_command_prints_what_to_do_and_its_exit_code_says_what_it_came_to(
    database: str, engine: sa.Engine, tmp_path: Path
) -> None:
    def isp_audit(*arguments: str) -> subprocess.CompletedProcess[str]:
        surroundings = {"DATABASE_URL": database, "ISP_VAR": str(tmp_path / "var"), "ISP_ENVIRONMENT": "production"}
        return subprocess.run(
            [sys.executable, "-m", "isp_lifecycle.cli", "audit", *arguments],
            env=os.environ | surroundings | {"COLUMNS": "200"},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    with write(engine) as tx:
        invent(tx, count=3, today=today(clock=SystemClock(), zone=load_settings().company.tz))
    clean = isp_audit("--without-devices", "--json")
    told = json.loads(clean.stdout)
    assert (clean.returncode, told["outcome"], told["findings"]) == (0, "clean", [])
    with write(engine) as tx:
        tx.execute(sa.text("DELETE FROM lines WHERE service_id = (SELECT id FROM services WHERE code = 'S-000002')"))
    found = isp_audit("--without-devices")
    assert found.returncode == 1
    assert found.stdout.splitlines()[:2] == [
        "LOST     service S-000002: It is active, but the inventory holds no line for it.",
        "         -> Have the network engineer find the ONT by this code and record the line.",
    ]
    unseen = isp_audit("--olt", "OLT-0")
    assert unseen.returncode == 3
    assert "NOT SEEN OLT-0: There is no device account 'default' for OLT-0." in unseen.stdout
    assert "Incomplete" in unseen.stdout.splitlines()[-1]
    unknown = isp_audit("--olt", "OLT-9")
    assert (unknown.returncode, unknown.stderr.splitlines()[0]) == (2, "There is no OLT OLT-9.")
    with write(engine) as tx:
        tx.execute(sa.text("UPDATE alembic_version SET version_num = '0000'"))
    behind = isp_audit("--json")
    assert (behind.returncode, json.loads(behind.stdout)["what_to_do"]) == (2, "Run `isp db upgrade`.")
