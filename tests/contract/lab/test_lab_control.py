"""The control interface and its client: hands in the street, faults on order, measured activity."""

import asyncio
import socket
import time
from datetime import UTC, datetime

import pytest

from isp_lifecycle.lab.client import LabClient, LabNeverReady, LabRefused
from isp_lifecycle.lab.process import LabProcess
from isp_lifecycle.lab.town import make_town
from tests.contract.lab.terminals import OLT, LogIn, free_premises

SERIAL = "48575443AB000003"


def test_state_tells_the_town(lab: LabClient) -> None:
    state, town = lab.state(), make_town()
    assert (state.town, state.seed, state.speed) == ("Kilmorran", 7, 100.0)
    assert {box.serial for box in state.boxes} == {customer.serial for customer in town.customers}
    by_serial = {box.serial: box for box in state.boxes}
    for customer in town.customers:
        box = by_serial[customer.serial]
        assert (box.olt, box.pon_port, box.ont_id, box.service_code, box.vlans, box.premises_code) == (
            customer.olt, customer.pon_port, customer.ont_id, customer.service_code, [customer.vlan],
            customer.premises_code,
        )  # fmt: skip


def test_day_one_has_one_bad_level_and_one_dark_ont(lab: LabClient) -> None:
    boxes = lab.state().boxes
    poor = [box for box in boxes if box.rx_dbm is not None and box.rx_dbm < -27.0]
    offline = [box for box in boxes if box.run_state != "online"]
    assert [(box.run_state, box.rx_dbm > -29.0) for box in poor if box.rx_dbm] == [("online", True)]
    assert [(box.run_state, box.last_down_cause, box.rx_dbm) for box in offline] == [("offline", "dying-gasp", None)]


def test_plug_leads_to_autofind_and_unplug_away_from_it(lab: LabClient, free_address: str) -> None:
    expected = lab.premises(free_address)
    assert expected.rx_dbm is not None
    assert lab.plug(SERIAL, free_address).run_state == "dark"
    found = lab.wait_until(SERIAL, "autofind")
    assert lab.olt(OLT).autofind == [SERIAL]
    assert found.rx_dbm == pytest.approx(expected.rx_dbm, abs=0.8)
    assert found.pon_port == expected.pon_port
    assert lab.unplug(SERIAL).run_state == "absent"
    assert lab.olt(OLT).autofind == []


def test_power_fibre_and_splice_are_felt(lab: LabClient) -> None:
    box = next(box for box in lab.olt(OLT).onts if box.run_state == "online")
    assert box.premises_code is not None
    assert box.rx_dbm is not None
    lab.power_off(box.serial)
    assert lab.ont(box.serial).last_down_cause == "dying-gasp"
    lab.power_on(box.serial)
    lab.wait_until(box.serial, "online")
    lab.cut("drop", box.premises_code)
    assert (lab.ont(box.serial).last_down_cause, lab.premises(box.premises_code).cut) == ("LOSi/LOBi", True)
    assert lab.state().cuts == [f"drop:{box.premises_code}"]
    lab.mend("drop", box.premises_code)
    lab.wait_until(box.serial, "online")
    lab.splice("drop", box.premises_code, loss_db=3.0)
    worse = lab.ont(box.serial).rx_dbm
    assert worse == pytest.approx(box.rx_dbm - 3.0, abs=0.011)
    lab.cut("pon", f"{OLT}:{box.pon_port}")
    down = {ont.last_down_cause for ont in lab.olt(OLT).onts if ont.pon_port == box.pon_port and ont.powered}
    assert down == {"LOS"}


def test_wrong_names_and_moments_are_refused(lab: LabClient, free_address: str) -> None:
    customer = make_town().customers[0]
    for act, status in (
        (lambda: lab.ont("48575443FFFFFFFF"), 404),
        (lambda: lab.olt("OLT-WEST"), 404),
        (lambda: lab.cut("splitter", "nowhere"), 404),
        (lambda: lab.fault("OLT-WEST", "busy"), 404),
        (lambda: lab.plug(SERIAL, customer.premises_code), 409),
        (lambda: lab.plug("not a serial", free_address), 422),
        (lambda: lab.splice("drop", free_address, loss_db=-1.0), 422),
        (lambda: lab.clear_faults("OLT-WEST"), 404),
    ):
        with pytest.raises(LabRefused) as refused:
            act()
        assert refused.value.status == status


def test_waiting_for_what_never_comes_ends(lab: LabClient, free_address: str) -> None:
    lab.plug(SERIAL, free_address)
    with pytest.raises(LabNeverReady, match=f"{SERIAL} is (dark|autofind), not online"):
        lab.wait_until(SERIAL, "online", seconds=0.2)


# faults


def test_unreachable_olt_refuses_connections_until_cleared(lab: LabClient, lab_process: LabProcess) -> None:
    port = lab_process.ports[OLT]
    lab.fault(OLT, "unreachable")
    assert not lab.olt(OLT).listening
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=2)
    lab.clear_faults(OLT)
    socket.create_connection(("127.0.0.1", port), timeout=2).close()


def test_unreachable_for_some_seconds_ends_by_itself(lab: LabClient) -> None:
    lab.fault(OLT, "unreachable", seconds=0.3)
    assert not lab.olt(OLT).listening
    deadline = time.monotonic() + 20
    while not lab.olt(OLT).listening:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_unreachable_drops_open_sessions(lab: LabClient, log_in: LogIn) -> None:
    async def scene() -> None:
        async with log_in() as seat:
            lab.fault(OLT, "unreachable")
            await seat.closed()

    asyncio.run(scene())
    assert lab.olt(OLT).sessions == 0


def test_reboot_drops_sessions_and_comes_back_as_configured(lab: LabClient, log_in: LogIn) -> None:
    before = lab.olt(OLT).running_configuration

    async def scene() -> None:
        async with log_in() as seat:
            await seat.do("config")
            await seat.do("vlan 420 smart")
            lab.reboot(OLT, lose_unsaved=True)
            await seat.closed()

    asyncio.run(scene())
    assert not lab.olt(OLT).listening
    deadline = time.monotonic() + 20
    while not lab.olt(OLT).listening:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert lab.olt(OLT).running_configuration == before
    lab.wait_until(lab.olt(OLT).onts[0].serial, "online")


def test_busy_counts_commands(lab: LabClient, log_in: LogIn) -> None:
    lab.fault(OLT, "busy", times=2)

    async def scene() -> None:
        async with log_in() as seat:
            await seat.do("config")
            answers = [await seat.do(f"vlan {number} smart") for number in (431, 432, 433)]
            assert ["System is busy, please retry after a while" in answer for answer in answers] == [
                True, True, False,
            ]  # fmt: skip

    asyncio.run(scene())
    assert lab.olt(OLT).faults == []


def test_answers_can_be_garbled_doubled_or_unknown(lab: LabClient, log_in: LogIn) -> None:
    async def scene() -> None:
        async with log_in() as seat:
            whole = await seat.do("display vlan all")
            lab.fault(OLT, "garbled", match="vlan all")
            assert "VLAN   Type" in (garbled := await seat.do("display vlan all"))
            assert len(garbled) < len(whole)
            assert "\x00" in garbled
            lab.fault(OLT, "double")
            doubled = await seat.do("display vlan all", r"#\r\n[\s\S]*#$")
            assert doubled.count("  Total: 3\n") == 2
            lab.fault(OLT, "unknown_answer", match="vlan 440", text="  Failure: Out of cheese")
            await seat.do("config")
            assert "  Failure: Out of cheese\n" in await seat.do("vlan 440 smart")
            assert await seat.do("vlan 440 smart") == "vlan 440 smart\n\nOLT-NORTH(config)#"

    asyncio.run(scene())


def test_dropped_command_was_executed_nevertheless(lab: LabClient, log_in: LogIn) -> None:
    lab.fault(OLT, "drop_mid_command", match="vlan 450")

    async def scene() -> None:
        async with log_in() as seat:
            await seat.do("config")
            seat.type("vlan 450 smart\n")
            assert (await seat.closed()) == "vlan 450 smart\n"

    asyncio.run(scene())
    assert " vlan 450 smart\n" in lab.olt(OLT).running_configuration


def test_hanging_command_is_never_answered_and_never_executed(lab: LabClient, log_in: LogIn) -> None:
    lab.fault(OLT, "hang", match="vlan 460")

    async def scene() -> None:
        async with log_in() as seat:
            await seat.do("config")
            seat.type("vlan 460 smart\n")
            await seat.until("vlan 460 smart\r\n$")
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    await seat.until("#")
        async with log_in() as seat:
            assert (await seat.do("config")).endswith("#")

    asyncio.run(scene())
    assert "vlan 460" not in lab.olt(OLT).running_configuration
    deadline = time.monotonic() + 20
    while lab.olt(OLT).sessions:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_slow_device_takes_longer(lab: LabClient, log_in: LogIn) -> None:
    """A display takes 0.5 s at speed 1, 5 ms here, and thirty times that when slow."""

    async def timed() -> float:
        async with log_in() as seat:
            started = time.perf_counter()
            await seat.do("display vlan all")
            return time.perf_counter() - started

    usual = asyncio.run(timed())
    lab.fault(OLT, "slow", factor=30.0)
    slow = asyncio.run(timed())
    assert slow >= 0.15
    assert slow > usual


def test_activity_is_measured_without_waiting_for_people(lab: LabClient, log_in: LogIn) -> None:
    since = datetime.now(UTC).timestamp()
    free = free_premises(lab)

    async def scene() -> None:
        async with log_in() as seat:
            await seat.do("config")
            await seat.do("interface gpon 0/1")
            await seat.do("ont reset 0 0", r"\[n\]:$")
            await asyncio.sleep(0.8)
            await seat.do("y")
            await seat.do(f'ont add 0 sn-auth "{SERIAL}" omci ont-lineprofile-id 10 ont-srvprofile-id 10 desc "S-9"')

    lab.plug(SERIAL, free)
    asyncio.run(scene())
    lab.wait_until(SERIAL, "online")
    intervals = [interval for interval in lab.activity(since=since) if interval.olt == OLT]
    commands = {interval.what.split(" sn-auth")[0]: interval for interval in intervals if interval.kind == "command"}
    assert {"config", "interface gpon 0/1", "ont reset 0 0", "ont add 0"} <= set(commands)
    reset = commands["ont reset 0 0"]
    assert 0.003 <= reset.ended - reset.started < 0.8
    assert sum(interval.kind == "login" for interval in intervals) == 1
    (ranging,) = [i for i in intervals if i.kind == "ranging" and i.what == f"0/1/0 {SERIAL}"]
    assert ranging.ended - ranging.started >= 0.08
    assert all(since < interval.started <= interval.ended for interval in intervals)
