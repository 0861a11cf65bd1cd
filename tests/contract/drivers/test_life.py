"""A line's whole life on every vendor's device, with the running configuration before and after each operation.

Nothing below knows a vendor: what may differ is told by whose name, serial number or place a line of the configuration
carries, and what comes back must come back to the letter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import pytest

from isp_lifecycle.drivers.contract import LineWanted, OltAccess, OltSession, PonPort, Serial, Transcript
from isp_lifecycle.drivers.registry import open_session, vendors
from isp_lifecycle.lab.town import make_town
from isp_lifecycle.lab.wire import OntState
from tests.contract.drivers.conftest import LabOf
from tests.contract.drivers.lab_process import PASSWORD, USERNAME, RunningLab
from tests.contract.drivers.test_huawei_driver import free_outlet

OLT, KEY = "OLT-NORTH", "S-900001"
FIRST, SECOND, THIRD = (Serial.parse(f"HWTC-00C0FFE{n}") for n in range(3))


@dataclass
class Bench:
    """One vendor's OLT, a session to it, and its configuration by another way."""

    lab: RunningLab
    olt: OltSession
    port: PonPort
    uplink: str

    def running(self) -> Counter[str]:
        """How often each line stands in the configuration, wherever that is."""
        return Counter(self.lab.client.olt(OLT).running_configuration.splitlines())

    def make(self, wanted: LineWanted) -> tuple[Counter[str], Counter[str]]:
        """Carry out what is wanted; return the lines that went and those that came. The device is as wanted then."""
        before = self.running()
        self.olt.apply(self.olt.plan(self.olt.read(wanted), wanted))
        assert self.olt.verify(wanted) == ()
        after = self.running()
        return before - after, after - before

    def remove(self, wanted: LineWanted, *, only: Serial | None = None) -> None:
        self.olt.apply(self.olt.plan_removal(self.olt.read(wanted), KEY, only=only))

    def ont(self, serial: Serial) -> OntState:
        return self.lab.client.ont(serial.normal)

    def await_state(self, serial: Serial, state: Literal["online", "offline"]) -> OntState:
        return self.lab.client.wait_until(serial.normal, state, seconds=5.0)

    def plug(self, serial: Serial, port: PonPort) -> None:
        self.lab.client.plug(serial.normal, free_outlet(self.lab, str(port)))
        self.lab.client.wait_until(serial.normal, "autofind", seconds=5.0)


@pytest.fixture(params=vendors())
def bench(request: pytest.FixtureRequest, lab_of: LabOf) -> Iterator[Bench]:
    vendor = request.param
    lab = lab_of(vendor)
    lab.client.reset()
    access = OltAccess(OLT, vendor, "127.0.0.1", lab.ports[OLT], USERNAME, PASSWORD, read_timeout=8.0)
    with open_session(access, Transcript()) as olt:
        port = min(olt.everything(()).onts, key=lambda ont: ont.port).port
        yield Bench(lab, olt, port, next(site.uplink for site in make_town(vendors=(vendor,)).olts))


@pytest.fixture
def wanted(bench: Bench) -> LineWanted:
    """A line whose rate tables stand already, for they are everybody's and stay."""
    bench.plug(FIRST, bench.port)
    wanted = LineWanted(KEY, bench.port, FIRST, 100, bench.uplink, 77_000, 33_000)
    bench.make(wanted)
    bench.make(replace(wanted, down_kbps=88_000))
    bench.remove(wanted)
    return wanted


def test_whole_life_leaves_the_configuration_as_it_was(bench: Bench, wanted: LineWanted) -> None:
    nothing = bench.running()
    gone, came = bench.make(wanted)
    assert not gone
    assert any(KEY in line for line in came)
    assert bench.await_state(FIRST, "online").vlans == [100]
    standing, place = bench.running(), bench.ont(FIRST).ont_id

    # plan change, hot: the ONT keeps its place and its flow, and only a limit is touched
    gone, came = bench.make(replace(wanted, down_kbps=88_000))
    assert sum(gone.values()) == sum(came.values()) <= 2
    assert (bench.ont(FIRST).ont_id, bench.ont(FIRST).run_state) == (place, "online")
    bench.make(wanted)
    assert bench.running() == standing

    # suspension and resumption: what says that it is off comes and goes
    gone, came = bench.make(replace(wanted, enabled=False))
    assert sum(came.values()) == 1
    assert bench.await_state(FIRST, "offline").ont_id == place
    bench.make(wanted)
    assert bench.running() == standing
    assert bench.await_state(FIRST, "online").ont_id == place

    # swap: the serial number, and nothing but the serial number
    home = bench.ont(FIRST).premises_code
    assert home is not None
    bench.lab.client.unplug(FIRST.normal)
    bench.lab.client.plug(SECOND.normal, home)
    swapped = replace(wanted, serial=SECOND)
    gone, came = bench.make(replace(swapped, replaces=FIRST))
    assert sum(gone.values()) == sum(came.values()) == 1
    assert bench.await_state(SECOND, "online").ont_id == place
    standing = bench.running()

    # move: the new place stands before the old one goes, and the old one goes whole
    next_port = replace(bench.port, port=bench.port.port + 1)
    bench.plug(THIRD, next_port)
    moved = replace(wanted, serial=THIRD, port=next_port)
    gone, came = bench.make(replace(moved, beside=SECOND))
    assert not gone
    assert bench.await_state(THIRD, "online").pon_port == str(next_port)
    bench.remove(swapped, only=SECOND)
    assert bench.olt.find(SECOND) is None
    assert bench.olt.verify(moved) == ()
    assert bench.running() == nothing + came

    # removal: to the letter as before
    bench.remove(moved)
    assert bench.running() == nothing
