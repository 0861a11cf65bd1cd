"""The monkey: kills processes at random instants, empties and restarts the servers, makes devices misbehave."""

from __future__ import annotations

import signal
import threading
import time
from collections import Counter
from contextlib import suppress

import httpx
import redis

from isp_lifecycle.cli.chaos.world import World
from isp_lifecycle.cli.up import register
from isp_lifecycle.lab.client import LabRefused
from isp_lifecycle.lab.wire import FaultKind

#: Seconds between two faults, drawn evenly.
PAUSE = (0.2, 0.8)

#: Seconds that a process has lived at least when it is shot at.
AGE = (3.0, 15.0)

#: How often each process is killed with -9, among the faults of processes.
KILLED = {"network": 6, "office": 4, "relay": 3, "beat": 1, "redis": 1, "postgres": 1}
#: Faults of servers that are no kill.
SERVERS = {"redis is flushed": 3, "postgres is restarted": 1}
#: Faults of devices: their weight and, where they last, their seconds.
DEVICES: dict[FaultKind, tuple[int, float | None]] = {
    "busy": (5, 2.0),
    "slow": (4, 3.0),
    "garbled": (4, None),
    "unknown_answer": (3, None),
    "drop_mid_command": (6, None),
    "double": (4, None),
    "hang": (2, None),
    "unreachable": (3, 2.0),
    "refuse_login": (1, 1.0),
    "reboot": (1, None),
}
#: Of all faults, so many concern devices.
SHARE_OF_DEVICES = 0.65


class Monkey:
    """Breaks one thing after the other until it is told to stop."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.faults: Counter[str] = Counter()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="monkey", daemon=True)

    def start(self) -> None:
        """Begin, beside everything else."""
        self._thread.start()

    def stop(self, *, after: int = 0) -> None:
        """No more faults once there were so many, or a minute has gone by; those of devices are cleared."""
        until = time.monotonic() + 60
        while self.faults.total() < after and time.monotonic() < until:
            time.sleep(0.1)
        self._stop.set()
        self._thread.join(30)
        self._world.system.lab.clear_faults()

    def _work(self) -> None:
        chance = self._world.chance
        while not self._stop.wait(chance.uniform(*PAUSE)):
            # The thing to be broken was not there at that instant: it is broken already.
            with suppress(ProcessLookupError, redis.RedisError, httpx.TransportError, LabRefused):
                self.faults[self._device() if chance.random() < SHARE_OF_DEVICES else self._process()] += 1

    def _device(self) -> str:
        chance = self._world.chance
        kinds = list(DEVICES)
        kind = chance.choices(kinds, weights=[DEVICES[k][0] for k in kinds])[0]
        olt = chance.choice(self._olts)
        self._world.system.lab.fault(olt, kind, seconds=DEVICES[kind][1])
        return f"OLT: {kind.replace('_', ' ')}"

    @property
    def _olts(self) -> list[str]:
        return sorted({row.name for row in self._world.rows("SELECT name FROM olts")})

    def _process(self) -> str:
        weights = {**{f"kill -9 {name}": weight for name, weight in KILLED.items()}, **SERVERS}
        what = self._world.chance.choices(list(weights), weights=list(weights.values()))[0]
        if what == "redis is flushed":
            url = self._world.system.settings.redis_url
            assert url is not None
            with redis.Redis.from_url(url.get_secret_value()) as broker:
                broker.flushall()
        elif what == "postgres is restarted":
            self._signal("postgres", signal.SIGINT)
        else:
            self._signal(what.removeprefix("kill -9 "), signal.SIGKILL)
        return what

    def _signal(self, name: str, number: signal.Signals) -> None:
        found = register.noted(self._world.system.settings.var)
        child = next((c for c in found.children if c.name == name), None) if found else None
        process = child.process() if child is not None and child.state == "ready" else None
        # One that is shot down before it has begun to work proves nothing, and on a slow machine nothing else happens.
        if process is None or time.time() - process.create_time() < self._world.chance.uniform(*AGE):
            raise ProcessLookupError(name)
        process.send_signal(number)
