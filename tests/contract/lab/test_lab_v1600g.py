"""A person at a terminal of the lab's V1600G: its password of enable, its columns, and what it says unasked."""

import asyncio
import re
from collections.abc import Iterator

import asyncssh
import pytest

from isp_lifecycle.lab.client import LabClient
from isp_lifecycle.lab.process import LabProcess
from isp_lifecycle.lab.running import DEFAULT_PASSWORD
from tests.contract.lab.terminals import OLT, terminal

LABEL = "HWTCAB000002"


@pytest.fixture(scope="module")
def vsol_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabProcess]:
    with LabProcess.start(state=tmp_path_factory.mktemp("vsol"), speed=100, vendors=("vsol",)) as running:
        yield running


@pytest.fixture
def vsol(vsol_process: LabProcess) -> Iterator[LabClient]:
    """The lab as on day one."""
    with vsol_process.client() as client:
        client.reset()
        yield client


def test_person_provisions_a_customer_by_hand(vsol_process: LabProcess, vsol: LabClient) -> None:
    async def scene() -> None:
        serial = "48575443AB000002"
        taken = {box.premises_code for box in vsol.state().boxes}
        codes = (f"P-{number:05d}" for number in range(1, 300))
        outlet = next(c for c in codes if c not in taken and vsol.premises(c).pon_port == "0/0/1")
        async with terminal(vsol_process.ports[OLT], settled=False) as seat:
            assert "Hello, this is gpon olt platform" in await seat.until(r"OLT-NORTH> $")
            await seat.do("enable", "Password:$")
            shown = await seat.do(DEFAULT_PASSWORD, r"OLT-NORTH# $")
            assert DEFAULT_PASSWORD not in shown
            await seat.do("configure terminal", r"\(config\)# $")
            await seat.do("interface gpon 0/1", r"\(config-pon-0/1\)# $")
            for line in (
                f"onu add 100 profile default sn {LABEL}",
                "onu 100 desc S-900001",
                "onu 100 tcont 1 name INTERNET dba UP-102400",
                "onu 100 gemport 1 tcont 1 gemport_name INTERNET",
                "onu 100 gemport 1 traffic-limit downstream DOWN-512000",
                "onu 100 service ser_1 gemport 1 vlan 100",
                "onu 100 service-port 1 gemport 1 uservlan 100 vlan 100",
            ):
                said = await seat.do(line, r"0/1\)# $")
                assert "Error" not in said
                assert "%" not in said
            vsol.plug(serial, outlet)
            stamp = r"\r\n\d{4}/\d\d/\d\d \d\d:\d\d:\d\d"
            await seat.until(rf"{stamp}   ONU Online    PON 0/1 ONU 100 sn {LABEL}\r\n\S+0/1\)# $")
            vsol.wait_until(serial, "online")
            state = vsol.ont(serial)
            light = await seat.do("show onu 100 optical_info", r"0/1\)# $")
            assert f"Rx optical level(ONU)      : {state.rx_dbm:.2f}" in light
            assert await seat.do("show onu state", r"\x1b\[41C(working|syncMib)\r\x1b\[56CHWTCAB000002")
        assert (state.olt, state.pon_port, state.ont_id, state.vlans) == (OLT, "0/0/1", 100, [100])
        assert state.service_code == "S-900001"

    asyncio.run(scene())


def test_wrong_password_of_enable_is_asked_for_again(vsol_process: LabProcess, vsol: LabClient) -> None:
    async def scene() -> None:
        async with terminal(vsol_process.ports[OLT], settled=False) as seat:
            await seat.until(r"> $")
            await seat.do("enable", "Password:$")
            for _ in range(2):
                assert "Bad Password...\nPlease retry" in await seat.do("not-it", "Password:$")
            assert "Bad Password" in await seat.do("not-it", r"OLT-NORTH> $")

    asyncio.run(scene())


def test_long_answer_waits_at_each_page(vsol_process: LabProcess, vsol: LabClient) -> None:
    async def scene() -> None:
        async with terminal(vsol_process.ports[OLT], settled=False) as seat:
            await seat.until(r"> $")
            await seat.do("enable", "Password:$")
            await seat.do(DEFAULT_PASSWORD, r"# $")
            await seat.do("show running-config", r" --More-- $")
            seat.type(" ")
            assert re.match(r"\x08{10} {10}\x08{10}\S", await seat.until(r" --More-- $"))
            seat.type("q")
            await seat.until(r"OLT-NORTH# $")

    asyncio.run(scene())


def test_refused_credentials(vsol_process: LabProcess, vsol: LabClient) -> None:
    async def scene() -> None:
        with pytest.raises(asyncssh.PermissionDenied):
            async with terminal(vsol_process.ports[OLT], settled=False, password="not-it"):
                pass

    asyncio.run(scene())
