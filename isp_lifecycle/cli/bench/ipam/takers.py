"""The processes that take addresses: each reservation is the product's own, in a committed transaction of its own."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier

from isp_lifecycle.foundation.db import Engine, open_engine
from isp_lifecycle.intake import measured

#: Seconds in which every process must have come to the start.
START = 60.0

_start: Barrier | None = None
_engines: dict[str, Engine] = {}


@dataclass(frozen=True)
class Taken:
    """Each reservation's milliseconds, from BEGIN to the answer to COMMIT, and the seconds that all of them took."""

    milliseconds: list[float]
    seconds: float


@dataclass(frozen=True)
class Takers:
    """Real processes that start together."""

    pool: ProcessPoolExecutor
    number: int

    def take(self, url: str, each: int) -> Taken:
        """All at once, each so many addresses, one after the other."""
        begun = time.perf_counter()
        found = list(self.pool.map(_take, [url] * self.number, [each] * self.number))
        seconds = max(ended for _times, _began, ended in found) - min(began for _times, began, _ended in found)
        assert seconds <= time.perf_counter() - begun
        return Taken([ms for times, _began, _ended in found for ms in times], seconds)


@contextmanager
def takers(number: int) -> Iterator[Takers]:
    """So many processes; each keeps its connections from one measure to the next, as a worker does."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    start = context.Barrier(number)
    with ProcessPoolExecutor(number, mp_context=context, initializer=_begin, initargs=(start,)) as pool:
        yield Takers(pool, number)


def _begin(start: Barrier) -> None:
    global _start
    _start = start


def _take(url: str, each: int) -> tuple[list[float], float, float]:
    engine = _engines.setdefault(url, open_engine(url, pool_size=1))
    with engine.connect():
        pass  # connecting is no part of taking
    if _start is not None:
        _start.wait(START)  # so that no process takes two of these calls
    begun = time.perf_counter()
    times = [measured.reserve(engine) for _one in range(each)]
    return times, begun, time.perf_counter()
