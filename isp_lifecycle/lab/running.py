"""The lab as one running thing: plant, devices, their SSH ports, and the passing of time."""

import asyncio
import random
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from isp_lifecycle.lab.activity import Activity
from isp_lifecycle.lab.device import Device
from isp_lifecycle.lab.grounds import Districts, Grounds, OneTown
from isp_lifecycle.lab.ma5800.maker import HUAWEI
from isp_lifecycle.lab.maker import Maker
from isp_lifecycle.lab.pace import Pace, Timeline
from isp_lifecycle.lab.plant import PlantRefused
from isp_lifecycle.lab.ssh import Access, Endpoint, HostKeys
from isp_lifecycle.lab.town import REFERENCE_DAY, VENDORS, Region, make_town
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
    region: bool = False
    """Up to 512 OLTs of 200 customers each, of these vendors in turn (none: of all), made when first asked for.

    It is in memory only: the state folder keeps nothing but the host keys, and a restart begins at day one.
    """
    awake: int = 120
    """Of a region, how many OLTs are kept that nobody is connected to and nobody changed."""
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
        self.grounds = _grounds(options)
        self.activity = Activity()
        self.timeline = Timeline()
        self._pace = Pace(options.speed, random.Random(options.seed))  # noqa: S311 - latencies, not secrets
        access = Access(accounts=options.accounts, reenter=options.reenter, idle_seconds=options.idle_seconds)
        keys = HostKeys(options.state)
        self.endpoints: dict[str, Endpoint] = {}
        self._made: deque[str] = deque()
        for number, (name, vendor) in enumerate(self.grounds.sites()):
            self.endpoints[name] = Endpoint(
                name,
                make=partial(self._make, name),
                maker=MAKERS[vendor],
                port=options.base_port + number if options.base_port else 0,
                key=keys.of(name),
                access=access,
            )
        self._tasks: set[asyncio.Task[None]] = set()
        self._woken = asyncio.Event()
        self.timeline.on_change = self._woken.set
        if not self.grounds.lazy:
            self.build()

    def build(self) -> None:
        """Make every OLT that is not there yet."""
        for endpoint in self.endpoints.values():
            _ = endpoint.device

    def _make(self, name: str) -> Device[Any]:
        """Make an OLT, and let go of ones that nobody uses when too many are there."""
        endpoint = self.endpoints[name]
        site, plant = self.grounds.site(name)
        device = endpoint.maker.device(
            site,
            plant=plant,
            pace=self._pace,
            timeline=self.timeline,
            activity=self.activity,
            folder=None if self.grounds.lazy else self.options.state,
        )
        device.accounts = self.options.accounts
        device.on_reboot.append(partial(self._refollow, endpoint))
        self._made.append(name)
        self._make_room()
        return device

    def _make_room(self) -> None:
        """Let go of what was made first, passing over what is in use or was changed."""
        if not self.grounds.lazy:
            return
        idle = [name for name in list(self._made)[:-1] if not self.endpoints[name].in_use]
        for name in idle[: max(0, len(idle) + 1 - self.options.awake)]:
            if self.grounds.forget(name):
                self.endpoints[name].let_go()
                self._made.remove(name)

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
        for plant in self.grounds.plants():
            plant.reset()
        for endpoint in self.built():
            endpoint.device.reset()
            self._spawn(endpoint.follow())

    def built(self) -> list[Endpoint]:
        """Return the OLTs that are there by now."""
        return [endpoint for endpoint in self.endpoints.values() if endpoint.built]

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


def _grounds(options: Options) -> Grounds:
    if options.region:
        try:
            return Districts(
                Region(seed=options.seed, today=options.today, olts=options.olts, vendors=options.vendors or VENDORS)
            )
        except ValueError as error:
            raise PlantRefused(str(error)) from error
    town = make_town(options.seed, today=options.today, olts=options.olts, vendors=options.vendors, dense=options.dense)
    return OneTown(town, file=options.state / "plant.json")
