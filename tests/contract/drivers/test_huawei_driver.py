"""The driver contract for Huawei SmartAX, over real SSH against the lab's MA5800."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

import pytest

from isp_lifecycle.drivers.contract import LineWanted, OltAccess, OltProfile, PonPort, Serial, Transcript
from isp_lifecycle.drivers.errors import ProfileMissing, RateTableDiffers, VlanOfOtherKind
from isp_lifecycle.drivers.huawei import HUAWEI
from isp_lifecycle.drivers.session import CliSession
from isp_lifecycle.lab.town import make_town
from isp_lifecycle.lab.wire import FaultKind, OltState
from tests.contract.drivers.driver_contract import DriverContract, LineSeen, Misbehaviour
from tests.contract.drivers.lab_process import PASSWORD, USERNAME, RunningLab

OLT = "OLT-NORTH"
NEW = Serial.parse("HWTC-AA00BB01")
FAULTS: dict[Misbehaviour, FaultKind] = {
    "busy": "busy",
    "garbled": "garbled",
    "unknown answer": "unknown_answer",
    "cut": "drop_mid_command",
    "silent": "hang",
    "twice": "double",
}
COMMANDS = {"register": "ont add", "flow": "service-port vlan", "list": "display ont info 0 1"}


def free_outlet(lab: RunningLab, port: str) -> str:
    """The code of some serviceable premises on this PON port where no ONT is plugged in."""
    taken = {ont.premises_code for ont in lab.client.state().boxes}
    taken |= {ont.premises_code for olt in lab.client.state().olts for ont in olt.onts}
    for premises in make_town(7).premises:
        if premises.code in taken:
            continue
        path = lab.client.premises(premises.code)
        if path.serviceable and (path.olt, path.pon_port) == (OLT, port):
            return premises.code
    raise AssertionError(f"no free outlet on {port}")


class TestHuaweiDriver(DriverContract):
    shows_damage = True

    @pytest.fixture(autouse=True)
    def day_one(self, lab: RunningLab) -> None:
        lab.client.reset()
        self.lab = lab

    @pytest.fixture
    def access(self, lab: RunningLab) -> OltAccess:
        return OltAccess(OLT, "huawei", "127.0.0.1", lab.ports[OLT], USERNAME, PASSWORD, read_timeout=8.0)

    @pytest.fixture
    def neighbour(self) -> LineWanted:
        olt = self.olt_state()
        ont = next(ont for ont in olt.onts if ont.pon_port == "0/1/0" and ont.run_state == "online")
        down, up = self.rates(olt, ont.pon_port or "", ont.ont_id or 0)
        return LineWanted(
            ont.service_code, PonPort.parse(ont.pon_port or ""), Serial(ont.serial), ont.vlans[0], "0/9/0", down, up
        )

    @pytest.fixture
    def wanted(self, neighbour: LineWanted) -> LineWanted:
        """An outlet on the neighbour's splitter that has no ONT yet."""
        self.lab.client.plug(NEW.normal, free_outlet(self.lab, str(neighbour.port)))
        self.lab.client.wait_until(NEW.normal, "autofind", seconds=5.0)
        return replace(neighbour, key="S-900001", serial=NEW, vlan=100, down_kbps=102400, up_kbps=51200)

    def olt_state(self) -> OltState:
        return self.lab.client.olt(OLT)

    def rates(self, olt: OltState, port: str, ont_id: int) -> tuple[int, int]:
        """Down and up of an ONT's flow, from the running configuration."""
        configuration = " ".join(olt.running_configuration.split())  # long lines are wrapped there
        flow = re.search(
            rf"service-port \d+ vlan \d+ gpon {port} ont {ont_id} .*?"
            r"inbound traffic-table index (\d+) outbound traffic-table index (\d+)",
            configuration,
        )
        assert flow is not None, configuration
        tables = dict(re.findall(r'traffic table ip index (\d+) name "?[^"\s]+"? cir (\d+)', configuration))
        return int(tables[flow[2]]), int(tables[flow[1]])

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
        times = 1 if seconds is None else None
        self.lab.client.fault(OLT, FAULTS[how], match=on, times=times, seconds=seconds)

    def raise_alarms(self) -> None:
        ont = next(ont for ont in self.olt_state().onts if ont.pon_port == "0/1/1" and ont.run_state == "online")
        self.lab.client.power_off(ont.serial)
        self.lab.client.power_on(ont.serial)

    def command_for(self, what: Literal["register", "flow", "list"]) -> str:
        return COMMANDS[what]

    # --- Huawei's own -------------------------------------------------------------------------------------------------

    def test_device_that_cannot_be_tamed_is_still_driven(
        self, access: OltAccess, wanted: LineWanted, neighbour: LineWanted
    ) -> None:
        """Hints, pager and alarms all on, as on firmware that ignores the set-up commands."""
        wild = replace(HUAWEI, dialect=replace(HUAWEI.dialect, set_up=("enable", "config")))
        transcript = Transcript()
        with CliSession.open(access, wild, transcript) as olt:
            olt.apply(olt.plan(olt.read(wanted), wanted))
            self.raise_alarms()
            assert olt.verify(wanted) == ()
            self.raise_alarms()
            assert len(olt.port_onts(neighbour.port)) == sum(
                ont.pon_port == str(neighbour.port) for ont in self.olt_state().onts
            )
            olt.apply(olt.plan_removal(olt.read(wanted), wanted.key))
            assert self.seen(wanted.serial.normal) is None
        said = transcript.text()
        assert "<cr>" in said
        assert "---- More ( Press 'Q' to break ) ----" in said
        assert "ALARM NAME" in said

    def test_tables_somebody_edited_are_noticed(self, access: OltAccess, wanted: LineWanted) -> None:
        rare = replace(wanted, down_kbps=77000)
        with CliSession.open(access, HUAWEI, Transcript()) as olt:
            limits = "cir 64 pir 64 priority 0 priority-policy local-setting"
            olt._talk.change(f'traffic table ip index 120 name "isp-77000" {limits}')
            with pytest.raises(RateTableDiffers, match="64 kbit/s instead of 77000"):
                olt.plan(olt.read(rare), rare)

    def test_missing_profile_is_named(self, access: OltAccess, wanted: LineWanted) -> None:
        other = replace(access, profile=OltProfile(line_profile_id=77))
        with CliSession.open(other, HUAWEI, Transcript()) as olt:
            with pytest.raises(ProfileMissing, match="no line profile 77"):
                olt.plan(olt.read(wanted), wanted)

    def test_vlan_of_another_kind_is_left_as_it_is(self, access: OltAccess, wanted: LineWanted) -> None:
        with CliSession.open(access, HUAWEI, Transcript()) as olt:
            olt._talk.change("vlan 3002 mux")
            before = self.olt_state()
            taken = replace(wanted, vlan=3002)
            with pytest.raises(VlanOfOtherKind, match="3002 on OLT OLT-NORTH is of type mux, not smart"):
                olt.plan(olt.read(taken), taken)
        assert self.olt_state().running_configuration == before.running_configuration
