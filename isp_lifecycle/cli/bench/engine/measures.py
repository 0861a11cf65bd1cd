"""What is measured on the works: throughput, latency, growth, the instant at which much is due."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from math import log
from subprocess import Popen

import psutil
import redis

from isp_lifecycle.cli.bench.engine.works import WORKERS, Works, worker
from isp_lifecycle.cli.bench.errors import BenchStuck

#: A probe has so many steps, each with a commit of its own.
STEPS = 5

_PROBES = """
    WITH made AS (
        INSERT INTO events (id, kind, version, payload, trace, actor, recorded_at)
        SELECT id, 'ProbeSent', 1, jsonb_build_object('number', n), id, 'bench', clock_timestamp()
        FROM (SELECT n, uuidv7() AS id FROM generate_series(1, %(number)s) AS n) AS numbered RETURNING id)
    INSERT INTO deliveries (id, event_id, subscriber, queue, state, due_at, trace, created_at)
    SELECT uuidv7(), id, 'probe', 'office', %(state)s, clock_timestamp() + make_interval(secs => %(after)s), id,
        clock_timestamp() FROM made
"""
_FINISHED = """
    WITH made AS (
        INSERT INTO events (id, kind, version, payload, trace, actor, recorded_at)
        SELECT id, 'ProbeSent', 1, jsonb_build_object('number', n), id, 'bench', clock_timestamp() - interval '30 days'
        FROM (SELECT n, uuidv7(interval '-30 days') AS id FROM generate_series(1, %(number)s) AS n) AS numbered
        RETURNING id
    ), over AS (
        INSERT INTO deliveries (id, event_id, subscriber, queue, state, due_at, trace, created_at, finished_at,
            position, "case")
        SELECT uuidv7(interval '-30 days'), id, 'probe', 'office', 'done', now() - interval '30 days', id,
            now() - interval '30 days', now() - interval '30 days', 5, '{"number": 1, "taken": 5}' FROM made
        RETURNING id)
    INSERT INTO step_runs (id, delivery_id, position, name, direction, attempt, state, started_at, finished_at)
    SELECT uuidv7(interval '-30 days'), id, step, 'Step ' || step || ' of 5', 'forward', 1, 'done',
        now() - interval '30 days', now() - interval '30 days' FROM over, generate_series(0, 4) AS step
"""
_HOLD = """
    INSERT INTO holds (id, key, reason, held_by, since, created_at)
    VALUES (uuidv7(), 'engine', 'bench', 'bench', now(), now())
"""
#: Asked ten times a second while the clock runs, so each part is answered from its small index, however long the
#: history is: a count of all that is not over reads the whole table, and that is what was measured then.
_OPEN = """
    SELECT EXISTS (SELECT FROM deliveries WHERE queue = 'office' AND state = 'queued' AND blocked_on IS NULL)
        OR EXISTS (SELECT FROM deliveries WHERE state = 'scheduled' AND due_at IS NOT NULL)
        OR EXISTS (SELECT FROM deliveries WHERE state = 'running' AND lease_until IS NOT NULL)
        OR EXISTS (SELECT FROM deliveries WHERE blocked_on IS NOT NULL) AS open,
        (SELECT count(*) FROM deliveries WHERE state IN ('failed', 'waiting')) AS stuck
"""
_ENDED = """
    SELECT extract(epoch FROM max(finished_at)) FROM deliveries
    WHERE finished_at >= to_timestamp(%(since)s) AND subscriber = 'probe'
"""
#: Seconds in which what was put in under a hold settles on the disk.
SETTLE = 1.0


@dataclass(frozen=True)
class Drained:
    """How a number of deliveries went through. ``cost`` is CPU milliseconds a delivery, by part."""

    per_second: float
    cost: dict[str, float]
    largest_bytes: int = 0

    @property
    def cpu_ms(self) -> float:
        """All CPU milliseconds of one delivery."""
        return sum(self.cost.values())


class Rig:
    """The product's own processes on the works: a relay and two workers."""

    def __init__(self, works: Works) -> None:
        self.works = works
        self.commands = {
            "relay": ("workers.relay",),
            **{f"worker {n + 1}": worker("workers.app", "office", n) for n in range(WORKERS)},
        }

    def warm_up(self) -> None:
        """Let every part connect, import and prepare its statements."""
        for _ in range(3):
            self.put(50)
            self.works.until(lambda: not self._open(), "the first probes")

    def put(self, number: int, *, state: str = "queued", after: float = 0.0) -> None:
        """So many probes in one transaction, and a word to the relay."""
        with self.works.sql.transaction():
            self.works.sql.execute(_PROBES, {"number": number, "state": state, "after": after})
            self.works.sql.execute("SELECT pg_notify('isp_deliveries', '')")

    def drain(self, number: int, processes: dict[str, Popen[bytes]]) -> Drained:
        """Put them in while the engine is on hold, let it go, and look how long it takes."""
        works = self.works
        works.sql.execute(_HOLD)
        self.put(number)
        time.sleep(SETTLE)
        before = works.cost(processes)
        with works.sql.transaction():
            began = works.number("SELECT extract(epoch FROM clock_timestamp())")
            works.sql.execute("DELETE FROM holds")
            works.sql.execute("SELECT pg_notify('isp_deliveries', '')")
        return self._drained(number, began, before, processes)

    def due_at_once(self, number: int, processes: dict[str, Popen[bytes]]) -> Drained:
        """All of them scheduled for the same instant."""
        works = self.works
        works.sql.execute(_HOLD)
        self.put(number, state="scheduled")
        time.sleep(SETTLE)
        before = works.cost(processes)
        began = works.number("SELECT extract(epoch FROM clock_timestamp())")
        works.sql.execute("DELETE FROM holds")
        return self._drained(number, began, before, processes)

    def _drained(
        self, number: int, began: float, before: dict[str, float], processes: dict[str, Popen[bytes]]
    ) -> Drained:
        works, largest = self.works, 0
        while self._open():
            largest = max(largest, *(psutil.Process(p.pid).memory_info().rss for p in processes.values()))
            time.sleep(0.1)
        after = works.cost(processes)
        ended = works.number(_ENDED, since=began)
        cost = {name: (after[name] - before[name]) * 1000 / number for name in after}
        return Drained(number / (ended - began), cost, largest)

    def _open(self) -> bool:
        """Whether anything is not over yet; raises BenchStuck when something stands with a person."""
        is_open, stuck = self.works.sql.execute(_OPEN).fetchone() or (False, 0)
        if stuck:
            raise BenchStuck("every probe", f"{stuck} of them failed.")
        return bool(is_open)

    def latencies(self, times: int) -> list[float]:
        """Milliseconds from the commit of an event to the begin of its first step, one at a time on an idle engine.

        Idle servers besides: what they still had to tidy up after a run is tidied first.
        """
        self._tidy()
        found = []
        for _ in range(times):
            self.put(1)
            committed = self.works.number("SELECT extract(epoch FROM clock_timestamp())")
            self.works.until(lambda: not self._open(), "one probe", within_seconds=20)
            began = self.works.number(
                "SELECT extract(epoch FROM min(s.started_at)) FROM step_runs s WHERE s.delivery_id = "
                "(SELECT id FROM deliveries ORDER BY created_at DESC LIMIT 1)"
            )
            found.append((began - committed) * 1000)
            time.sleep(0.02)
        return found

    def grow(self, number: int) -> None:
        """So many finished deliveries with all their steps, as a year leaves them."""
        for begun in range(0, number, 50_000):
            self.works.sql.execute(_FINISHED, {"number": min(50_000, number - begun)})
        self._tidy()

    def _tidy(self) -> None:
        self.works.sql.execute("VACUUM ANALYZE events, deliveries, step_runs")
        self.works.sql.execute("CHECKPOINT")


def ceiling(works: Works, number: int, *, rounds: int) -> Drained:
    """The same number of commits by Celery and the driver alone; the middle one of the rounds is the ceiling."""
    works.sql.execute(
        "CREATE TABLE IF NOT EXISTS ceiling "
        "(task uuid NOT NULL, step smallint NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp())"
    )
    commands = {f"ceiling {n + 1}": worker("workers.ceiling", "ceiling", n) for n in range(WORKERS)}
    with works.processes(**commands) as processes:
        results = []
        for _ in range(rounds + 1):  # the first is the warm-up
            works.sql.execute("TRUNCATE ceiling")
            with works.processes(fill=("workers.ceiling", str(number))) as filling:
                filling["fill"].wait()
            before = works.cost(processes)
            began = works.number("SELECT extract(epoch FROM clock_timestamp())")
            with redis.Redis.from_url(works.environment["REDIS_URL"]) as broker:
                broker.rename("staging", "ceiling")
            works.until(lambda: works.number("SELECT count(*) FROM ceiling") >= number * STEPS, "the ceiling's rows")
            after = works.cost(processes)
            ended = works.number("SELECT extract(epoch FROM max(at)) FROM ceiling")
            cost = {name: (after[name] - before[name]) * 1000 / number for name in after}
            results.append(Drained(number / (ended - began), cost))
    return sorted(results[1:], key=lambda r: r.per_second)[rounds // 2]


def slope(points: list[tuple[float, float]]) -> float:
    """The slope of a line through the logarithms of both: 1 is linear growth."""
    xs, ys = [log(x) for x, _ in points], [log(y) for _, y in points]
    return statistics.linear_regression(xs, ys).slope
