"""What the drivers for ZTE's two command lines must do, over real SSH against the lab's C320 or C600."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import ClassVar, Literal

import pytest

from isp_lifecycle.drivers.contract import LineWanted, OltAccess, OltProfile, PonPort, Serial, Transcript
from isp_lifecycle.drivers.errors import CommandRejected, RateTableDiffers
from isp_lifecycle.drivers.session import CliSession
from isp_lifecycle.drivers.vendor import Vendor
from isp_lifecycle.lab.wire import FaultKind, OltState
from tests.contract.drivers.driver_contract import DriverContract, LineSeen, Misbehaviour
from tests.contract.drivers.lab_process import PASSWORD, USERNAME, RunningLab
from tests.contract.drivers.test_huawei_driver import FAULTS, free_outlet

OLT = "OLT-NORTH"
PORT = "1/1/1"
NEW = Serial.parse("HWTC-AA00BB01")
type Piece = Literal["register", "flow", "list"]


class ZteContract(DriverContract):
    """Inherit, say what is typed where, and where the rates of an ONT stand."""

    vendor: Vendor
    uplink: str
    pieces: ClassVar[dict[Piece, str]]
    """A piece of each command."""
    rival_profile: tuple[str, ...]
    """Makes the profile ``isp-77000-down`` with 64 kbit/s."""

    @pytest.fixture
    @abstractmethod
    def running(self) -> RunningLab:
        """The lab with an OLT of this vendor in the north."""

    @abstractmethod
    def rates(self, olt: OltState, port: str, ont_id: int) -> tuple[int, int]:
        """Down and up of an ONT's flow, from the running configuration."""

    @pytest.fixture(autouse=True)
    def day_one(self, running: RunningLab) -> None:
        running.client.reset()
        self.lab = running

    @pytest.fixture
    def access(self, running: RunningLab) -> OltAccess:
        port = running.ports[OLT]
        return OltAccess(OLT, self.vendor.name, "127.0.0.1", port, USERNAME, PASSWORD, read_timeout=8.0)

    @pytest.fixture
    def neighbour(self) -> LineWanted:
        olt = self.olt_state()
        ont = next(ont for ont in olt.onts if ont.pon_port == PORT and ont.run_state == "online")
        down, up = self.rates(olt, PORT, ont.ont_id or 0)
        return LineWanted(
            ont.service_code, PonPort.parse(PORT), Serial(ont.serial), ont.vlans[0], self.uplink, down, up
        )

    @pytest.fixture
    def wanted(self, neighbour: LineWanted) -> LineWanted:
        """An outlet on the neighbour's splitter that has no ONT yet."""
        self.lab.client.plug(NEW.normal, free_outlet(self.lab, PORT))
        self.lab.client.wait_until(NEW.normal, "autofind", seconds=5.0)
        return replace(neighbour, key="S-900001", serial=NEW, vlan=100, down_kbps=102400, up_kbps=51200)

    def olt_state(self) -> OltState:
        return self.lab.client.olt(OLT)

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
        ont = next(ont for ont in self.olt_state().onts if ont.pon_port == "1/1/2" and ont.run_state == "online")
        self.lab.client.power_off(ont.serial)
        self.lab.client.power_on(ont.serial)

    def command_for(self, what: Piece) -> str:
        return self.pieces[what]

    # --- ZTE's own ----------------------------------------------------------------------------------------------------

    def test_pages_are_turned_where_the_length_cannot_be_set(
        self, access: OltAccess, wanted: LineWanted, neighbour: LineWanted
    ) -> None:
        paged = replace(self.vendor, dialect=replace(self.vendor.dialect, set_up=("enable", "configure terminal")))
        transcript = Transcript()
        with CliSession.open(access, paged, transcript) as olt:
            olt.apply(olt.plan(olt.read(wanted), wanted))
            assert olt.verify(wanted) == ()
            assert olt.verify(neighbour) == ()
            assert len(olt.everything(()).onts) == self.count_onts()
        assert "--More--" in transcript.text()

    def test_ont_goes_online_and_its_light_is_read(self, access: OltAccess, wanted: LineWanted) -> None:
        with CliSession.open(access, self.vendor, Transcript()) as olt:
            applied = olt.apply(olt.plan(olt.read(wanted), wanted))
            assert applied.ont is not None
            self.lab.client.wait_until(NEW.normal, "online", seconds=5.0)
            ont_id = applied.ont.ont_id
            assert olt.ont_status(wanted.port, ont_id).working
            light, box = olt.optical(wanted.port, ont_id), self.lab.client.ont(NEW.normal)
            assert (light.ont_rx_dbm, light.ont_tx_dbm, light.olt_rx_dbm) == (box.rx_dbm, box.tx_dbm, box.olt_rx_dbm)
            self.lab.client.power_off(NEW.normal)
            status = olt.ont_status(wanted.port, ont_id)
            assert (status.run_state, status.last_down_cause) == ("offline", "DyingGasp")
            assert olt.optical(wanted.port, ont_id).ont_rx_dbm is None

    def test_profile_somebody_edited_is_noticed(self, access: OltAccess, wanted: LineWanted) -> None:
        rare = replace(wanted, down_kbps=77000)
        with CliSession.open(access, self.vendor, Transcript()) as olt:
            for command in self.rival_profile:
                olt._talk.change(command)
            with pytest.raises(RateTableDiffers, match="64 kbit/s instead of 77000"):
                olt.plan(olt.read(rare), rare)

    def test_unknown_type_of_ont_says_what_to_do(self, access: OltAccess, wanted: LineWanted) -> None:
        other = replace(access, profile=OltProfile(ont_type="ZTE-F999"))
        with CliSession.open(other, self.vendor, Transcript()) as olt:
            with pytest.raises(CommandRejected, match="Not support this ONU") as rejected:
                olt.apply(olt.plan(olt.read(wanted), wanted))
            assert "show onu-type" in rejected.value.remedy

    def test_what_is_saved_survives_a_restart_and_what_is_not_does_not(
        self, access: OltAccess, wanted: LineWanted
    ) -> None:
        with CliSession.open(access, self.vendor, Transcript()) as olt:
            olt.apply(olt.plan(olt.read(wanted), wanted))
            olt.save()
            gone = replace(wanted, enabled=False)
            olt.apply(olt.plan(olt.read(gone), gone))
        self.lab.client.reboot(OLT, lose_unsaved=True)
        assert any(self.olt_state().listening for _ in range(500)), "it did not come back"
        with CliSession.open(access, self.vendor, Transcript()) as olt:
            assert olt.verify(wanted) == ()
