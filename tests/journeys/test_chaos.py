"""A small run of ``isp chaos``: all kinds of requests while processes, servers and devices fail; then the audit."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.journey

EVENTS = 24


def test_nothing_is_lost_doubled_leaked_or_left_to_nobody_under_fire() -> None:
    command = [sys.executable, "-m", "isp_lifecycle.cli", "chaos", "--seed", "11", "--olts", "2", "--json"]
    done = subprocess.run([*command, "--events", str(EVENTS)], capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr[-3000:]
    told = json.loads(done.stdout)
    counts = {name: told[name] for name in ("events", "lost", "doubled", "leaked", "unowned", "audit")}
    expected = {"events": EVENTS, "lost": 0, "doubled": 0, "leaked": 0, "unowned": 0, "audit": "clean"}
    assert counts == expected, (told["findings"], told["stands"])
    assert done.returncode == 0
    assert sum(told["faults"].values()) > 3
    assert told["deliveries"]["done"] > EVENTS
