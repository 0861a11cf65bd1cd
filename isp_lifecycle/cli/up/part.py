"""One part to be run: its command, how to know that it is ready, how to stop it."""

from __future__ import annotations

import signal
import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Ready = Callable[[float], bool]


@dataclass(frozen=True)
class Part:
    """A process that the supervisor starts and keeps running, or, with ``once``, runs to its end."""

    name: str
    argv: tuple[str, ...]
    #: Parts of one stage start together; a stage starts when all of the stage before are ready.
    stage: int
    #: Added to the supervisor's own environment.
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    #: Taken out of the supervisor's, with all names below these.
    without: frozenset[str] = frozenset()
    #: Says whether it does its work now, given the seconds since it was started; without one, being alive is all that
    #: is asked.
    ready: Ready = field(default=lambda _seconds: True, repr=False)
    #: Called before each start, e.g. to end what a crash left behind.
    before: Callable[[], None] = field(default=lambda: None, repr=False)
    stop: signal.Signals = signal.SIGTERM
    #: How long it may take to come up, and to stop before it is killed.
    start_seconds: float = 60.0
    stop_seconds: float = 15.0
    #: The account it gives up root for; -1 = the supervisor's own.
    uid: int = -1
    gid: int = -1
    once: bool = False
    #: The ports it will listen on.
    ports: tuple[int, ...] = ()

    def surroundings(self, given: Mapping[str, str]) -> dict[str, str]:
        """Its environment: what is given, without what is not for it, with what it is told."""
        kept = {k: v for k, v in given.items() if not any(k == n or k.startswith(f"{n}__") for n in self.without)}
        return kept | dict(self.env)


def accepts(port: int, *, host: str = "127.0.0.1") -> Ready:
    """A check: somebody accepts connections on that port."""

    def check(_seconds: float) -> bool:
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex((host, port)) == 0

    return check


def answers_ok(url: str) -> Ready:
    """A check: the page answers with status 200."""

    def check(_seconds: float) -> bool:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own loopback address
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    return check
