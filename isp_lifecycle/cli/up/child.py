"""One running part: start, watch, restart with back-off, stop; its output goes to a log of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from isp_lifecycle.cli.embedded.server import leashed, tail
from isp_lifecycle.cli.up.part import Part
from isp_lifecycle.cli.up.register import Entry, started_at

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
#: Up for so long, it counts as well again: the next pause is the first one.
WELL_AFTER = 60.0
#: A log larger than this begins anew at the next start; the one before is kept.
LARGEST_LOG = 20_000_000


class ChildState(StrEnum):
    """How a part stands."""

    STARTING = "starting"  #: its process runs; it does not answer yet
    READY = "ready"  #: it answers
    PAUSING = "pausing"  #: it ended by itself and will be started again after a pause
    STOPPED = "stopped"  #: it was told to stop, or ran once and is done


class Child:
    """A part and, when it runs, its process."""

    def __init__(
        self, part: Part, *, log: Path, say: Callable[[str, str], None], longest_pause: float = LONGEST_PAUSE
    ) -> None:
        self.part = part
        self.log = log
        self.state = ChildState.STOPPED
        self.restarts = 0
        self._say = say
        self._process: subprocess.Popen[bytes] | None = None
        self._since = 0.0
        self._again_at = 0.0
        self._pause = FIRST_PAUSE
        self._longest_pause = longest_pause
        self._entry: Entry | None = None

    @property
    def entry(self) -> Entry | None:
        """What the register keeps of it; nothing before its first start."""
        if self._entry is None:
            return None
        known = self._entry
        return Entry(known.name, known.pid, known.started, str(self.state), self.restarts)

    @property
    def waits_since(self) -> float:
        """Seconds since its process was last started."""
        return time.monotonic() - self._since

    def start(self) -> None:
        """Start its process; the kernel ends it should this process die."""
        self.part.before()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                leashed(self.part.argv, stop=self.part.stop, uid=self.part.uid, gid=self.part.gid),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self.part.surroundings(os.environ),
                start_new_session=True,
            )
        self._since = time.monotonic()
        self._entry = Entry(self.part.name, self._process.pid, started_at(self._process.pid), "starting")
        self.state = ChildState.STARTING

    def look(self) -> bool:
        """Look once at it and do what follows; returns whether its state changed."""
        before = self.state
        if self.state is ChildState.PAUSING:
            if time.monotonic() >= self._again_at:
                self.restarts += 1
                self.start()
        elif self._process is not None and (code := self._process.poll()) is not None:
            self._ended(code)
        elif self.state is ChildState.STARTING and not self.part.once and self.part.ready(self.waits_since):
            self.state = ChildState.READY
            self._say(self.part.name, f"ready in {self.waits_since:.1f} s")
        return self.state is not before

    def ask_to_stop(self) -> None:
        """Send it the signal that it stops by; a part that does not run is done already."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(self.part.stop)

    def wait_stopped(self) -> None:
        """Wait as long as it may take, then kill what is left of it and of what it started."""
        if self._process is None:
            self.state = ChildState.STOPPED
            return
        try:
            self._process.wait(self.part.stop_seconds)
            self._say(self.part.name, "stopped")
        except subprocess.TimeoutExpired:
            self._say(self.part.name, f"did not stop within {self.part.stop_seconds:.0f} s and is killed")
        self._kill_family()
        self._process.wait()
        self._process = None
        self.state = ChildState.STOPPED

    def _ended(self, code: int) -> None:
        self._kill_family()
        self._process = None
        if self.part.once and code == 0:
            self.state = ChildState.STOPPED
            self._say(self.part.name, f"done in {self.waits_since:.1f} s")
            return
        if self.waits_since > WELL_AFTER:
            self._pause = FIRST_PAUSE
        how = f"ended with code {code}" if code >= 0 else f"was killed by {signal.Signals(-code).name}"
        self._say(self.part.name, f"{how}; starts again in {self._pause:g} s. The end of its log:")
        for line in tail(self.log, lines=5).splitlines():
            self._say(self.part.name, f"| {line[:300]}")
        self._again_at = time.monotonic() + self._pause
        self._pause = min(self._pause * 2, self._longest_pause)
        self.state = ChildState.PAUSING

    def _kill_family(self) -> None:
        """Kill what is left of the process group: pool workers would otherwise outlive a killed parent."""
        assert self._process is not None
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return  # the group is empty, which is what is wanted
