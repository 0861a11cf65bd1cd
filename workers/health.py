"""Whether the engine can work, and whether it does: each part that it stands on, with what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import redis

from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.bootstrap import Doors, redis_url
from isp_lifecycle.foundation.errors import LifecycleError
from isp_lifecycle.migrations import steps
from isp_lifecycle.views.engine import state

#: How long the broker may take to answer.
BROKER_SECONDS = 2.0


@dataclass(frozen=True)
class Check:
    """One part: whether it is well, in a sentence."""

    name: str
    ok: bool
    what: str
    remedy: str = ""


def foundations(doors: Doors) -> tuple[Check, ...]:
    """What every process stands on: database, its shape, broker."""
    return (
        *_looked("database", lambda: _database(doors)),
        *_looked("broker", lambda: _broker(doors)),
    )


def working(doors: Doors) -> tuple[Check, ...]:
    """The foundations, and whether a relay and workers live and the relay keeps up."""
    return (*foundations(doors), *_looked("engine", lambda: _engine(doors)))


def _looked(name: str, look: Callable[[], Iterator[Check]]) -> Iterator[Check]:
    try:
        yield from look()
    except LifecycleError as error:
        yield Check(name, False, error.message, error.remedy)
    except Exception as error:  # noqa: BLE001 - whatever is wrong is the answer, not an error of the one who asks
        yield Check(name, False, f"{type(error).__name__}: {error}".partition("\n")[0], "Run `isp doctor`.")


def _database(doors: Doors) -> Iterator[Check]:
    present, newest = steps.present(doors.window.engine), steps.newest()
    yield Check("database", True, "PostgreSQL answers.")
    what = f"The database is at {present or 'nothing'}, this version needs {newest}."
    yield Check("migrations", present == newest, what, "" if present == newest else "Run `isp db upgrade`.")


def _broker(doors: Doors) -> Iterator[Check]:
    url = redis_url(doors.settings)
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=BROKER_SECONDS, socket_timeout=BROKER_SECONDS) as client:
            client.ping()
    except redis.RedisError as error:
        yield Check("broker", False, f"Redis does not answer: {error}.", "Is Redis up, and REDIS_URL right?")
    else:
        yield Check("broker", True, "Redis answers.")


def _engine(doors: Doors) -> Iterator[Check]:
    seen = state.beats(doors.window, SYSTEM)
    for kind in ("relay", "worker"):
        alive = [b.name for b in seen if b.kind == kind and b.alive]
        last = min((b.seen_seconds_ago for b in seen if b.kind == kind), default=None)
        if alive:
            yield Check(kind, True, f"{len(alive)} alive: {', '.join(alive)}.")
        else:
            since = "was never seen" if last is None else f"was last seen {last:.0f} s ago"
            yield Check(kind, False, f"No {kind} lives; one {since}.", f"Start a {kind}, or read its log.")
