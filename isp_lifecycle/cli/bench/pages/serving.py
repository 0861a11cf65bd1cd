"""A server of the staff suite on the sample town, for whoever measures its pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import psutil

from isp_lifecycle.bootstrap import STAFF
from isp_lifecycle.cli.bench.engine.works import Works
from isp_lifecycle.cli.bench.errors import BenchStuck
from isp_lifecycle.cli.embedded.server import free_port, tail

#: Where the roles start, and the longest lists.
HOMES = {
    "sales": "/orders",
    "installer": "/visits",
    "support": "/support",
    "network": "/network",
    "manager": "/figures",
    "dispatcher": "/visits",
}


def sample_town(its: Works) -> dict[str, str]:
    """The sample town; one user name for each role."""
    its.environment.update({"ISP_ENVIRONMENT": "demo", "ISP_PORT": str(free_port() - STAFF)})
    with its.processes(sample=("isp_lifecycle.cli", "sample", "load")) as started:
        its.until(lambda: started["sample"].poll() is not None, "the sample town", within_seconds=300)
    found = dict(its.sql.execute("SELECT role, min(username) FROM users WHERE active GROUP BY role").fetchall())
    if set(HOMES) - set(found):
        raise BenchStuck("the sample town", tail(its.folder / "sample.log"))
    return {role: found[role] for role in HOMES}


@contextmanager
def suite(its: Works) -> Iterator[tuple[str, psutil.Process]]:
    """One server process of the staff suite."""
    url = f"http://127.0.0.1:{int(its.environment['ISP_PORT']) + STAFF}"

    def answers() -> bool:
        try:
            return httpx.get(f"{url}/healthz", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    with its.processes(staff=("dashboards.staff",)) as started:
        its.until(answers, "the staff suite", within_seconds=60)
        yield url, psutil.Process(started["staff"].pid)


def cpu_seconds(process: psutil.Process) -> float:
    """What a process has used of processors so far, in seconds."""
    times = process.cpu_times()
    return float(times.user + times.system)
