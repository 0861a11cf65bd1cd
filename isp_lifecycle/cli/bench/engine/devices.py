"""Many plan changes over many OLTs at one instant, beside the time in which the busiest OLT itself was at work."""

from __future__ import annotations

import time
from dataclasses import dataclass

import sqlalchemy as sa

from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.cli.bench.errors import BenchStuck
from isp_lifecycle.cli.demo.system import System, own_system
from isp_lifecycle.foundation.db import read
from isp_lifecycle.intake import portal

#: A change moves a home line from one of these plans to the other.
PLANS = ("home-100", "home-500")
LIMIT_SECONDS = 3600.0

_LINES = """
    SELECT s.code, s.terms->>'plan_code' AS plan FROM services s JOIN lines l ON l.service_id = s.id
    WHERE s.state = 'active' AND s.terms->>'plan_code' = ANY(:plans)
    ORDER BY row_number() OVER (PARTITION BY l.olt_id ORDER BY s.code), s.code LIMIT :number
"""
_OPEN = "SELECT count(*) FROM deliveries WHERE subscriber = 'plan_change' AND state <> 'done'"
#: Only what was asked for here: the sample town has a past, with plan changes of its own.
_TOOK = """
    SELECT extract(epoch FROM max(d.finished_at) - min(r.started_at)) AS wall,
           (SELECT max(seconds) FROM (
                SELECT sum(r.device_seconds) AS seconds FROM step_runs r JOIN deliveries d ON d.id = r.delivery_id
                WHERE d.subscriber = 'plan_change' AND d.created_at >= :since
                GROUP BY d."case"->>'olt') AS busy) AS busiest
    FROM deliveries d JOIN step_runs r ON r.delivery_id = d.id
    WHERE d.subscriber = 'plan_change' AND d.created_at >= :since
"""


@dataclass(frozen=True)
class Changes:
    """Seconds from the first step begun to the last change done, and of the busiest OLT's own work in between."""

    wall: float
    busiest: float


def plan_changes(number: int, *, olts: int, speed: float) -> Changes:
    """Ask for so many plan changes, spread evenly, while the engine is on hold; let it go and wait for the last."""
    with own_system(speed=speed, olts=olts, environment={"ISP_ENGINE__OLTS_AT_ONCE": str(min(olts, 40))}) as system:
        engine = system.doors.door.engine
        _hold(engine)
        since = system.doors.door.clock.now()
        _ask(system, number)
        with engine.begin() as tx:
            tx.execute(sa.text("DELETE FROM holds"))
            tx.execute(sa.text("SELECT pg_notify('isp_deliveries', '')"))
        _wait(engine)
        with read(engine) as tx:
            row = tx.execute(sa.text(_TOOK), {"since": since}).one()
        return Changes(float(row.wall), float(row.busiest))


def _hold(engine: sa.Engine) -> None:
    with engine.begin() as tx:
        tx.execute(
            sa.text(
                "INSERT INTO holds (id, key, reason, held_by, since, created_at) "
                "VALUES (uuidv7(), 'engine', 'bench', 'bench', now(), now())"
            )
        )


def _ask(system: System, number: int) -> None:
    today = system.doors.door.clock.now().astimezone(system.settings.company.tz).date()
    with read(system.doors.door.engine) as tx:
        lines = tx.execute(sa.text(_LINES), {"plans": list(PLANS), "number": number}).all()
    if len(lines) < number:
        raise BenchStuck(f"{number} lines on {' and '.join(PLANS)}", f"The plant has {len(lines)} such lines.")
    for code, plan in lines:
        other = PLANS[1 - PLANS.index(plan)]
        portal.ask_plan_change(system.doors.door, SYSTEM, service_code=code, plan_code=other, wanted_on=today)


def _wait(engine: sa.Engine) -> None:
    until = time.monotonic() + LIMIT_SECONDS
    while True:
        with read(engine) as tx:
            if tx.execute(sa.text(_OPEN)).scalar_one() == 0:
                return
        if time.monotonic() > until:
            raise BenchStuck("the last plan change", "Look at `isp queue list`.")
        time.sleep(0.5)
