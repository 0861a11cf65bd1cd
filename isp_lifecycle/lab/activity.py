"""What the devices were busy with, measured by the lab itself: a benchmark subtracts it from its own time."""

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from isp_lifecycle.lab.wire import ActivityKind, Interval

KEPT = 100_000


class Activity:
    """The last intervals of work, oldest first; instants are epoch seconds."""

    def __init__(self) -> None:
        self._intervals: deque[Interval] = deque(maxlen=KEPT)

    def note(self, *, olt: str, kind: ActivityKind, what: str, started: float, ended: float | None = None) -> None:
        """Remember one interval, which ends now unless said otherwise."""
        ended = time.time() if ended is None else ended
        self._intervals.append(Interval(olt=olt, kind=kind, what=what, started=started, ended=ended))

    @contextmanager
    def measured(self, *, olt: str, kind: ActivityKind, what: str) -> Iterator[None]:
        """Remember how long the body takes."""
        started = time.time()
        try:
            yield
        finally:
            self.note(olt=olt, kind=kind, what=what, started=started)

    def since(self, epoch: float) -> list[Interval]:
        """Return the intervals that ended after this instant."""
        return [interval for interval in self._intervals if interval.ended > epoch]
