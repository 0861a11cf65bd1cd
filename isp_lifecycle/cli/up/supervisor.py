"""Start the parts in order, keep them running, stop them in reverse order."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from types import FrameType

from isp_lifecycle.cli.embedded.server import tail
from isp_lifecycle.cli.up import register
from isp_lifecycle.cli.up.child import LONGEST_PAUSE, Child, ChildState
from isp_lifecycle.cli.up.errors import PartFailed
from isp_lifecycle.cli.up.part import Part
from isp_lifecycle.cli.up.ports import require_free

#: How often the children are looked at.
LOOK_SECONDS = 0.1

Say = Callable[[str, str], None]


class Supervisor:
    """Runs parts in the foreground until it is told to stop by INT or TERM.

    All processes are started from the main thread: the kernel ties a child to the thread that started it.
    """

    def __init__(
        self,
        *,
        parts: tuple[Part, ...],
        var: Path,
        port: int,
        host: str,
        say: Say,
        longest_pause: float = LONGEST_PAUSE,
    ) -> None:
        self._var = var
        self._port = port
        self._host = host
        self._say = say
        self._told = threading.Event()
        self._up = False
        self._parts = tuple(sorted(parts, key=lambda part: part.stage))
        self._children = [
            Child(p, log=var / "log" / f"{p.name}.log", say=say, longest_pause=longest_pause) for p in self._parts
        ]

    def run(self, *, when_up: Callable[[], None] = lambda: None) -> None:
        """Start everything, call ``when_up``, and return when all has stopped after INT or TERM.

        The caller holds the data folder (``register.alone``). Raises :class:`PortTaken` before anything is started, and
        :class:`PartFailed` after everything was stopped again.
        """
        with self._listening():
            for name in register.end_leftovers(self._var):
                self._say(name, "was left running by an earlier start and has been ended")
            require_free(self._parts, host=self._host)
            try:
                if self._start():
                    when_up()
                    self._up = True
                    self._note()
                    self._watch()
            finally:
                self._stop()

    def _start(self) -> bool:
        """Bring up stage after stage; False when told to stop meanwhile."""
        for _, stage in groupby(self._children, key=lambda child: child.part.stage):
            waiting = list(stage)
            for child in waiting:
                child.start()
            self._note()
            while waiting:
                if self._told.wait(LOOK_SECONDS):
                    return False
                self._look()
                waiting = [child for child in waiting if not self._is_up(child)]
        return True

    def _is_up(self, child: Child) -> bool:
        if child.state is ChildState.PAUSING and (child.part.once or child.restarts >= 2):
            raise PartFailed(child.part.name, "ended by itself while starting", child.log, tail(child.log))
        if child.state is ChildState.STARTING and child.waits_since > child.part.start_seconds:
            why = f"did not answer within {child.part.start_seconds:.0f} s"
            raise PartFailed(child.part.name, why, child.log, tail(child.log))
        return child.state in {ChildState.READY, ChildState.STOPPED}

    def _watch(self) -> None:
        while not self._told.wait(LOOK_SECONDS):
            self._look()

    def _look(self) -> None:
        changed = [child for child in self._children if child.entry is not None and child.look()]
        if changed:
            self._note()

    def _stop(self) -> None:
        stages = [list(stage) for _, stage in groupby(self._children, key=lambda child: child.part.stage)]
        for stage in reversed(stages):
            for child in stage:
                child.ask_to_stop()
            for child in stage:
                child.wait_stopped()
        register.forget(self._var)

    def _note(self) -> None:
        own = register.Entry(
            "supervisor", os.getpid(), register.started_at(os.getpid()), "up" if self._up else "starting"
        )
        entries = tuple(child.entry for child in self._children if child.entry is not None)
        register.note(self._var, register.Register(own, self._port, entries))

    @contextmanager
    def _listening(self) -> Iterator[None]:
        def told(_number: int, _frame: FrameType | None) -> None:
            if not self._told.is_set():
                self._say("isp", "stopping everything")
            self._told.set()

        wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, told) for number in wanted}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
