"""``isp bench engine`` on small numbers: every measure is taken on real parts and reported with its reference."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from isp_lifecycle.cli.bench.table import Row


@pytest.mark.journey
def test_engine_bench_measures_on_real_parts() -> None:
    small = ("--deliveries", "60", "--history", "500", "--due", "80", "--changes", "0", "--json")
    command = [sys.executable, "-m", "isp_lifecycle.cli", "bench", "engine", *small]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in {0, 1}, done.stderr
    told = json.loads(done.stdout)
    rows = {row["measure"]: row for row in told["rows"]}
    assert told["bench"] == "engine"
    for name in ("five-step deliveries", "deliveries with 500 finished ones"):
        assert rows[name]["value"] > 1
        assert rows[name]["ratio"] == pytest.approx(rows[name]["value"] / rows[name]["reference"])
    assert 0 < rows["commit to first step, idle, p50"]["value"] <= rows["commit to first step, idle, p99"]["value"]
    assert rows["CPU a delivery: postgres"]["value"] > 0
    assert rows["80 due at one instant"]["value"] > 0


def test_targets_are_judged_as_they_say() -> None:
    assert Row("a", 7, "/s", 10, 0.6, "ratio at least").met is True
    assert Row("a", 5, "/s", 10, 0.6, "ratio at least").met is False
    assert Row("a", 7, "s", 10, 0.6).met is False
    assert Row("a", 7, "ms", None, 10, "value at most").met is True
    assert Row("a", 11, "ms", None, 10, "value at most").met is False
    assert Row("a", 11, "ms").met is None


@pytest.mark.journey
def test_ipam_bench_reserves_in_real_processes_and_finds_an_address_as_netbox_does() -> None:
    small = ("--taken", "3000", "--processes", "3", "--each", "10", "--rounds", "1", "--json")
    command = [sys.executable, "-m", "isp_lifecycle.cli", "bench", "ipam", *small]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in {0, 1}, done.stderr
    told = json.loads(done.stdout)
    rows = {row["measure"]: row for row in told["rows"]}
    assert "cores" in told["machine"]
    for stage in ("unbroken", "with gaps"):
        crowded = rows[f"reserve, 3,000 taken, {stage}, p99"]
        assert crowded["reference"] == rows["reserve in an empty pool, p99"]["value"] > 0
        assert crowded["target"] == 3.0
        assert rows[f"NetBox's way, 3,000 taken, {stage}"]["value"] > 0
        assert rows[f"reserve by one process beside it, {stage}"]["ratio"] > 0
