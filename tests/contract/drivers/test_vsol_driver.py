"""The driver contract for V-SOL V1600G, over real SSH against the lab's V1600G2-B."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

import pytest

from isp_lifecycle.drivers.contract import LineWanted, OltAccess, OltProfile, PonPort, Serial, Transcript
from isp_lifecycle.drivers.errors import (
    CommandRejected,
    LoginRefused,
    RateTableDiffers,
    SwapTakesOthers,
)
from isp_lifecycle.drivers.session import CliSession
from isp_lifecycle.drivers.vsol import VSOL
from isp_lifecycle.lab.wire import FaultKind, OltState
from tests.contract.drivers.driver_contract import DriverContract, LineSeen, Misbehaviour
from tests.contract.drivers.lab_process import PASSWORD, USERNAME, RunningLab
from tests.contract.drivers.test_huawei_driver import FAULTS, free_outlet

OLT = "OLT-NORTH"
PORT = "0/0/1"
NEW = Serial.parse("HWTC-AA00BB01")
COMMANDS = {
    "register": " profile default sn ",
    "flow": "service-port 1 gemport",
    "list": "show running-config",
}


class TestVsolDriver(DriverContract):
    one_unit = True
    shows_software = False

    @pytest.fixture(autouse=True)
    def day_one(self, vsol_lab: RunningLab) -> None:
        vsol_lab.client.reset()
        self.lab = vsol_lab

    @pytest.fixture
    def access(self, vsol_lab: RunningLab) -> OltAccess:
        return OltAccess(OLT, "vsol", "127.0.0.1", vsol_lab.ports[OLT], USERNAME, PASSWORD, read_timeout=8.0)

    @pytest.fixture
    def neighbour(self) -> LineWanted:
        olt = self.olt_state()
        ont = next(ont for ont in olt.onts if ont.pon_port == PORT and ont.run_state == "online")
        down, up = self.rates(olt, PORT, ont.ont_id or 0)
        return LineWanted(ont.service_code, PonPort.parse(PORT), Serial(ont.serial), ont.vlans[0], "ge0/1", down, up)

    @pytest.fixture
    def wanted(self, neighbour: LineWanted) -> LineWanted:
        """An outlet on the neighbour's splitter that has no ONT yet."""
        self.lab.client.plug(NEW.normal, free_outlet(self.lab, PORT))
        self.lab.client.wait_until(NEW.normal, "autofind", seconds=5.0)
        return replace(neighbour, key="S-900001", serial=NEW, vlan=100, down_kbps=102400, up_kbps=51200)

    def olt_state(self) -> OltState:
        return self.lab.client.olt(OLT)

    def rates(self, olt: OltState, port: str, ont_id: int) -> tuple[int, int]:
        """Down and up of an ONT's flow, from the running configuration."""
        configuration = olt.running_configuration
        _, _, rest = configuration.partition(f"interface gpon {port.removeprefix('0/')}\n")
        block, _, _ = rest.partition("\nexit\n")
        up = re.search(rf"onu {ont_id} tcont 1 .*dba (\S+)", block)
        down = re.search(rf"onu {ont_id} gemport 1 .*downstream (\S+)", block)
        assert up is not None, block
        assert down is not None, block
        profiles = re.findall(r"profile (?:dba|traffic) id \d+ name (\S+)\n(?:type \d|sir) .*?(\d+)\n", configuration)
        limits = dict(profiles)
        return int(limits[down[1]]), int(limits[up[1]])

    def seen(self, serial: str) -> LineSeen | None:
        olt = self.olt_state()
        ont = next((ont for ont in olt.onts if ont.serial == serial), None)
        if ont is None or ont.pon_port is None or ont.ont_id is None:
            return None
        down, up = self.rates(olt, ont.pon_port, ont.ont_id)
        return LineSeen(ont.pon_port, ont.ont_id, ont.service_code, tuple(ont.vlans), down, up)

    def count_onts(self) -> int:
        return len(self.olt_state().onts)

    def count_flows(self) -> int:
        return self.olt_state().service_ports

    def misbehave(self, how: Misbehaviour, *, on: str, seconds: float | None = None) -> None:
        kind: FaultKind = FAULTS[how]
        self.lab.client.fault(OLT, kind, match=on, times=1 if seconds is None else None, seconds=seconds)

    def raise_alarms(self) -> None:
        ont = next(ont for ont in self.olt_state().onts if ont.pon_port == "0/0/2" and ont.run_state == "online")
        self.lab.client.power_off(ont.serial)
        self.lab.client.power_on(ont.serial)

    def command_for(self, what: Literal["register", "flow", "list"]) -> str:
        return COMMANDS[what]

    # --- V-SOL's own --------------------------------------------------------------------------------------------------

    def test_pages_are_turned_where_the_length_cannot_be_set(
        self, access: OltAccess, wanted: LineWanted, neighbour: LineWanted
    ) -> None:
        paged = replace(VSOL, dialect=replace(VSOL.dialect, set_up=("enable", "configure terminal")))
        transcript = Transcript()
        with CliSession.open(access, paged, transcript) as olt:
            olt.apply(olt.plan(olt.read(wanted), wanted))
            assert olt.verify(wanted) == ()
            assert olt.verify(neighbour) == ()
            assert len(olt.everything(()).onts) == self.count_onts()
        assert " --More--" in transcript.text()

    def test_enable_has_a_password_of_its_own(self, access: OltAccess) -> None:
        transcript = Transcript()
        with pytest.raises(LoginRefused, match="Bad Password"):
            CliSession.open(replace(access, enable_password="not-it"), VSOL, transcript)
        assert "not-it" not in transcript.text()

    def test_ont_goes_online_and_its_light_is_read(self, access: OltAccess, wanted: LineWanted) -> None:
        with CliSession.open(access, VSOL, Transcript()) as olt:
            applied = olt.apply(olt.plan(olt.read(wanted), wanted))
            assert applied.ont is not None
            self.lab.client.wait_until(NEW.normal, "online", seconds=5.0)
            ont_id = applied.ont.ont_id
            assert olt.ont_status(wanted.port, ont_id).working
            light, box = olt.optical(wanted.port, ont_id), self.lab.client.ont(NEW.normal)
            assert (light.ont_rx_dbm, light.ont_tx_dbm, light.olt_rx_dbm) == (box.rx_dbm, box.tx_dbm, None)
            self.lab.client.power_off(NEW.normal)
            status = olt.ont_status(wanted.port, ont_id)
            assert (status.run_state, status.last_down_cause) == ("offline", "DyingGasp")
            assert olt.optical(wanted.port, ont_id).ont_rx_dbm is None

    def test_profile_somebody_edited_is_noticed(self, access: OltAccess, wanted: LineWanted) -> None:
        rare = replace(wanted, down_kbps=77000)
        with CliSession.open(access, VSOL, Transcript()) as olt:
            for command in ("profile traffic id 400 name isp-77000-down", "sir 64 pir 64", "commit"):
                olt._talk.change(command)
            with pytest.raises(RateTableDiffers, match="64 kbit/s instead of 77000"):
                olt.plan(olt.read(rare), rare)

    def test_unknown_profile_of_ont_is_named(self, access: OltAccess, wanted: LineWanted) -> None:
        other = replace(access, profile=OltProfile(ont_type="V9999"))
        with CliSession.open(other, VSOL, Transcript()) as olt:
            with pytest.raises(CommandRejected, match=r"profile V9999.*isn't existed"):
                olt.apply(olt.plan(olt.read(wanted), wanted))

    def test_swap_of_an_ont_that_is_off_leaves_it_off(self, access: OltAccess, wanted: LineWanted) -> None:
        off = replace(wanted, enabled=False)
        with CliSession.open(access, VSOL, Transcript()) as olt:
            olt.apply(olt.plan(olt.read(off), off))
            new = replace(off, serial=Serial.parse("HWTC-00C0FFEE"), replaces=off.serial)
            plan = olt.plan(olt.read(new), new)
            assert [change.verb for change in plan.changes] == ["set", "add"]
            olt.apply(plan)
            assert olt.verify(new) == ()

    def test_swap_that_would_lose_another_service_is_left_to_a_person(
        self, access: OltAccess, wanted: LineWanted
    ) -> None:
        with CliSession.open(access, VSOL, Transcript()) as olt:
            applied = olt.apply(olt.plan(olt.read(wanted), wanted))
            assert applied.ont is not None
            onu = f"onu {applied.ont.ont_id}"
            for command in (
                "interface gpon 0/1",
                f"{onu} gemport 2 tcont 1 gemport_name tv",
                f"{onu} service-port 2 gemport 2 uservlan 200 vlan 200",
            ):
                olt._talk.change(command)
            new = replace(wanted, serial=Serial.parse("HWTC-00C0FFEE"), replaces=wanted.serial)
            with pytest.raises(SwapTakesOthers, match="service port 2 on VLAN 200"):
                olt.plan(olt.read(new), new)
            assert olt.verify(wanted) == ()

    def test_what_is_saved_survives_a_restart_and_what_is_not_does_not(
        self, access: OltAccess, wanted: LineWanted
    ) -> None:
        with CliSession.open(access, VSOL, Transcript()) as olt:
            olt.apply(olt.plan(olt.read(wanted), wanted))
            olt.save()
            gone = replace(wanted, enabled=False)
            olt.apply(olt.plan(olt.read(gone), gone))
        self.lab.client.reboot(OLT, lose_unsaved=True)
        assert any(self.olt_state().listening for _ in range(500)), "it did not come back"
        with CliSession.open(access, VSOL, Transcript()) as olt:
            assert olt.verify(wanted) == ()
