"""The engine's measures in Prometheus' form, out of the database alone, so that any number of processes may work.

Counters begin at zero when this process does, as Prometheus expects of any: each look adds what the database has
recorded since the last one.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.foundation.logs import log
from isp_lifecycle.views.engine import figures
from isp_lifecycle.views.engine.figures import Measures, StepsEnded
from isp_lifecycle.views.window import Window

#: Upper bounds of a step's duration in seconds: a database step takes milliseconds, an ONT minutes to come up.
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
#: A step is counted when it ended so long ago: by then the transaction that says so has committed.
SETTLED = timedelta(seconds=5)
STANDINGS = ("ready", "in_line", "running", "again", "scheduled", "waiting", "failed")

_log = log(__name__)


class Durations:
    """The lengths of one step's attempts since this process began."""

    def __init__(self) -> None:
        self._counts = [0] * (len(BOUNDS) + 1)
        self.seconds = 0.0

    def add(self, ended: StepsEnded) -> None:
        """Count some more."""
        self._counts[ended.bucket] += ended.count
        self.seconds += ended.seconds

    def buckets(self) -> list[tuple[str, float]]:
        """How many were at most so long, as Prometheus wants it."""
        names = [*(str(bound) for bound in BOUNDS), "+Inf"]
        return [(name, sum(self._counts[: n + 1])) for n, name in enumerate(names)]


class Counted:
    """What only grows."""

    def __init__(self, began: datetime) -> None:
        self._until = began
        self._taken: int | None = None
        self.durations: dict[tuple[str, str], Durations] = {}
        self.retries: Counter[tuple[str, str]] = Counter()
        self.failures: Counter[tuple[str, str]] = Counter()
        self.takeovers = 0

    def look(self, window: Window, found: Measures) -> None:
        """Add what was recorded since the last look."""
        until = window.clock.now() - SETTLED
        if until > self._until:
            for ended in figures.steps_ended(window, SYSTEM, since=self._until, until=until, bounds=BOUNDS):
                self._add(ended)
            self._until = until
        # A person who retries a delivery has its count begin anew, so that the sum may fall.
        self.takeovers += max(found.takeovers - self._taken, 0) if self._taken is not None else 0
        self._taken = found.takeovers

    def _add(self, ended: StepsEnded) -> None:
        step = (ended.subscriber, ended.step)
        self.durations.setdefault(step, Durations()).add(ended)
        self.retries[step] += ended.retries
        if ended.state == "failed":
            self.failures[(ended.subscriber, ended.kind)] += ended.count


class EngineMeasures(Collector):
    """Asks the database at most every ``keep_seconds``, however many scrape; without it says so and nothing else."""

    def __init__(self, window: Window, *, keep_seconds: float) -> None:
        self._window = window
        self._keep = keep_seconds
        self._counted = Counted(window.clock.now())
        self._lock = threading.Lock()
        self._asked_at = float("-inf")
        self._families: tuple[Metric, ...] = ()

    def collect(self) -> Iterable[Metric]:
        """Every family."""
        with self._lock:
            if time.monotonic() - self._asked_at >= self._keep:
                self._families = tuple(self._ask())
                self._asked_at = time.monotonic()
            return self._families

    def describe(self) -> Iterable[Metric]:
        """Nothing in advance: registering must not ask the database."""
        return ()

    def _ask(self) -> Iterator[Metric]:
        up = "Whether the database answered this scrape."
        try:
            found = figures.measures(self._window, SYSTEM)
            self._counted.look(self._window, found)
        except Exception as error:  # noqa: BLE001 - a scrape that says the database is away beats one that fails
            _log.warning("not_measured", error=str(error))
            yield GaugeMetricFamily("isp_database_up", up, value=0)
            return
        yield GaugeMetricFamily("isp_database_up", up, value=1)
        yield from _gauges(found)
        yield from _counters(self._counted)


def _gauges(found: Measures) -> Iterator[Metric]:
    s = found.state
    depth = GaugeMetricFamily("isp_deliveries", "Deliveries that are not over.", labels=("queue", "state"))
    oldest = GaugeMetricFamily(
        "isp_oldest_ready_seconds", "How long the oldest ready delivery has waited for a worker.", labels=("queue",)
    )
    for queue in s.queues:
        oldest.add_metric((queue.queue,), queue.oldest_ready_seconds)
        for name in STANDINGS:
            depth.add_metric((queue.queue, name), getattr(queue, name))
    yield depth
    yield oldest
    yield _by("isp_in_line", "Deliveries in line, by what they stand in line for.", "line", s.in_line)
    yield _by("isp_turns_held", "OLTs and services on which somebody acts now.", "kind", s.turns)
    in_force = Counter(hold.kind for hold in s.holds if hold.in_force)
    holds = {kind: in_force[kind] for kind in ("engine", "subscriber", "olt")}
    yield _by("isp_holds", "Pauses that are in force.", "kind", holds)
    alive = Counter(beat.kind for beat in s.beats if beat.alive)
    yield _by("isp_processes", "Processes of the engine that live.", "kind", {k: alive[k] for k in ("relay", "worker")})
    lag = "How late the relay is with due work and with what dead workers left."
    yield GaugeMetricFamily("isp_relay_lag_seconds", lag, value=s.relay_lag_seconds)
    unowned = "Deliveries that failed or wait and are nobody's yet."
    yield GaugeMetricFamily("isp_deliveries_unowned", unowned, value=s.unowned)


def _by(name: str, says: str, label: str, counts: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, says, labels=(label,))
    for kind, count in counts.items():
        family.add_metric((kind,), count)
    return family


def _counters(counted: Counted) -> Iterator[Metric]:
    step = ("workflow", "step")
    durations = HistogramMetricFamily("isp_step_duration_seconds", "How long attempts at steps took.", labels=step)
    for labels, length in counted.durations.items():
        durations.add_metric(labels, buckets=length.buckets(), sum_value=length.seconds)
    yield durations
    retries = CounterMetricFamily("isp_step_retries", "Attempts at steps that were not the first.", labels=step)
    for labels, count in counted.retries.items():
        retries.add_metric(labels, count)
    yield retries
    failures = CounterMetricFamily("isp_step_failures", "Attempts at steps that failed.", labels=("workflow", "kind"))
    for labels, count in counted.failures.items():
        failures.add_metric(labels, count)
    yield failures
    taken = "Deliveries that were taken from workers whose lease ran out."
    yield CounterMetricFamily("isp_lease_takeovers", taken, value=counted.takeovers)
