"""The lab as one running thing: plant, devices, their SSH ports, and the passing of time."""

import asyncio
import random
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from isp_lifecycle.lab.activity import Activity
from isp_lifecycle.lab.ma5800.maker import HUAWEI
from isp_lifecycle.lab.maker import Maker
from isp_lifecycle.lab.pace import Pace, Timeline
from isp_lifecycle.lab.plant import Plant, PlantRefused
from isp_lifecycle.lab.ssh import Access, Endpoint, host_key
from isp_lifecycle.lab.town import REFERENCE_DAY, make_town
from isp_lifecycle.lab.v1600g.maker import VSOL
from isp_lifecycle.lab.wire import FaultKind, InjectFault
from isp_lifecycle.lab.zxa10.maker import ZTE
from isp_lifecycle.lab.zxa10.titan.maker import ZTE_C600

DEFAULT_USERNAME = "ispdriver"
DEFAULT_PASSWORD = "lab-only"  # noqa: S105 - a simulated device that listens on loopback only


MAKERS: dict[str, Maker] = {"huawei": HUAWEI, "vsol": VSOL, "zte": ZTE, "zte-c600": ZTE_C600}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to run a lab; port 0 lets the system choose."""

    state: Path
    seed: int = 7
    today: date = REFERENCE_DAY
    olts: int = 2
    vendors: tuple[str, ...] = ()
    """Of the first OLTs in turn; the others are Huawei's."""
    dense: bool = False
    """1,000 customers an OLT."""
    base_port: int = 0
    control_port: int = 0
    speed: float = 1.0
    reenter: int = 4
    idle_seconds: float = 300.0
    accounts: dict[str, str] = field(default_factory=lambda: {DEFAULT_USERNAME: DEFAULT_PASSWORD})


class Lab:
    """A town's access plant in operation."""

    def __init__(self, options: Options) -> None:
        options.state.mkdir(parents=True, exist_ok=True)
        self.options = options
        self.town = make_town(
            options.seed, today=options.today, olts=options.olts, vendors=options.vendors, dense=options.dense
        )
        self.plant = Plant(self.town, file=options.state / "plant.json")
        self.activity = Activity()
        self.timeline = Timeline()
        chance = random.Random(options.seed)  # noqa: S311 - latencies, not secrets
        pace = Pace(options.speed, chance)
        access = Access(accounts=options.accounts, reenter=options.reenter, idle_seconds=options.idle_seconds)
        self.endpoints: dict[str, Endpoint] = {}
        for number, site in enumerate(self.town.olts):
            maker = MAKERS[site.vendor]
            device = maker.device(
                site,
                plant=self.plant,
                pace=pace,
                timeline=self.timeline,
                activity=self.activity,
                folder=options.state,
            )
            device.accounts = options.accounts
            port = options.base_port + number if options.base_port else 0
            endpoint = self.endpoints[site.name] = Endpoint(
                device, maker=maker, port=port, key=host_key(options.state, site.name), access=access
            )
            device.on_reboot.append(partial(self._refollow, endpoint))
        self._tasks: set[asyncio.Task[None]] = set()
        self._woken = asyncio.Event()
        self.timeline.on_change = self._woken.set

    def endpoint(self, olt: str) -> Endpoint:
        """Return an OLT's endpoint, or raise PlantRefused (unknown)."""
        if olt not in self.endpoints:
            raise PlantRefused(f"no OLT {olt!r} in this plant", unknown=True)
        return self.endpoints[olt]

    async def start(self) -> None:
        """Let time pass and listen."""
        self._spawn(self._pass_time())
        for endpoint in self.endpoints.values():
            await endpoint.follow()

    async def stop(self) -> None:
        """Close every port and let time stand still."""
        for endpoint in self.endpoints.values():
            await endpoint.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def inject(self, olt: str, order: InjectFault) -> None:
        """Make an OLT misbehave from now on."""
        endpoint = self.endpoint(olt)
        if order.kind == "reboot" and order.match is None:
            endpoint.device.reboot()
            return
        endpoint.device.faults.inject(order)
        self._refollow(endpoint)
        if order.seconds is not None:
            self.timeline.after(order.seconds, partial(self._refollow, endpoint))

    def clear(self, olt: str, kind: FaultKind | None = None) -> None:
        """Let an OLT behave again."""
        endpoint = self.endpoint(olt)
        endpoint.device.faults.clear(kind)
        self._spawn(endpoint.follow())

    def reset(self) -> None:
        """Make plant and OLTs as on the town's day one, without faults."""
        self.plant.reset()
        for endpoint in self.endpoints.values():
            endpoint.device.reset()
            self._spawn(endpoint.follow())

    def _refollow(self, endpoint: Endpoint) -> None:
        self._spawn(endpoint.follow())

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _pass_time(self) -> None:
        """Do what is due when it is due, for ever."""
        while True:
            self._woken.clear()
            self.timeline.advance()
            due = self.timeline.next_at()
            try:
                async with asyncio.timeout(None if due is None else max(0.0, due - self.timeline.clock())):
                    await self._woken.wait()
            except TimeoutError:
                continue  # what was waited for is due now
