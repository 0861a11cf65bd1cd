"""What every vendor's driver must do, on a real device or a simulated one, over the real wire.

A vendor's test class inherits `DriverContract` and says how to reach a device, how to look at it from the other side,
and how to make it misbehave. Nothing below knows a vendor.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Literal

import pytest

from isp_lifecycle.drivers.contract import LineWanted, OltAccess, OltSession, Plan, Transcript
from isp_lifecycle.drivers.errors import (
    KeyElsewhere,
    LoginRefused,
    OltBusy,
    OltUnreachable,
    OntMissing,
    SerialElsewhere,
    SessionLost,
    SessionsExhausted,
    UnknownAnswer,
)
from isp_lifecycle.drivers.registry import open_session
from isp_lifecycle.foundation.errors import LifecycleError
from tests.contract.drivers.bad_cases_contract import BadCasesContract
from tests.contract.drivers.care_contract import CareContract
from tests.contract.drivers.drift_contract import DriftContract
from tests.contract.drivers.serving_contract import ServingContract

Misbehaviour = Literal["busy", "garbled", "unknown answer", "cut", "silent", "twice"]


@dataclass(frozen=True, slots=True)
class LineSeen:
    """A line as the device itself has it, by another way than the driver."""

    port: str
    ont_id: int
    key: str
    vlans: tuple[int, ...]
    down_kbps: int
    up_kbps: int


class DriverContract(CareContract, DriftContract, BadCasesContract, ServingContract, ABC):
    """Inherit, fill in the abstract methods, and name the class ``Test...``."""

    # --- what a vendor's test says ------------------------------------------------------------------------------------

    @pytest.fixture
    @abstractmethod
    def access(self) -> OltAccess:
        """A device in its first state, with nothing of ``wanted`` on it."""

    @pytest.fixture
    @abstractmethod
    def wanted(self) -> LineWanted:
        """A line for an ONT that is plugged in and unregistered."""

    @pytest.fixture
    @abstractmethod
    def neighbour(self) -> LineWanted:
        """A line that stands on the same PON port since the beginning, as it stands."""

    @abstractmethod
    def seen(self, serial: str) -> LineSeen | None:
        """Ask the device's other side."""

    @abstractmethod
    def count_onts(self) -> int:
        """Registered ONTs on the whole OLT."""

    @abstractmethod
    def count_flows(self) -> int:
        """Service ports on the whole OLT."""

    @abstractmethod
    def misbehave(self, how: Misbehaviour, *, on: str, seconds: float | None = None) -> None:
        """On the next command that contains ``on``, or for some seconds."""

    @abstractmethod
    def raise_alarms(self) -> None:
        """Make the device print alarms unasked on every open session."""

    @abstractmethod
    def command_for(self, what: Literal["register", "flow", "list"]) -> str:
        """A piece of the vendor's command for registering an ONT, making a flow, and listing a PON port."""

    # --- tools --------------------------------------------------------------------------------------------------------

    @pytest.fixture
    def transcript(self) -> Transcript:
        return Transcript()

    @pytest.fixture
    def olt(self, access: OltAccess, transcript: Transcript) -> Iterator[OltSession]:
        with open_session(access, transcript) as session:
            yield session

    @contextmanager
    def again(self, access: OltAccess) -> Iterator[OltSession]:
        with open_session(access, Transcript()) as session:
            yield session

    def made(self, olt: OltSession, wanted: LineWanted) -> Plan:
        plan = olt.plan(olt.read(wanted), wanted)
        olt.apply(plan)
        return plan

    # --- the line's life ----------------------------------------------------------------------------------------------

    def test_activation_from_nothing(self, olt: OltSession, wanted: LineWanted) -> None:
        assert wanted.serial in {ont.serial for ont in olt.unconfigured() if ont.port == wanted.port}
        assert {one.field for one in olt.verify(wanted)} >= {"ont"}
        applied = olt.apply(olt.plan(olt.read(wanted), wanted))
        assert applied.ont is not None
        assert applied.service_port is not None
        assert olt.verify(wanted) == ()
        assert self.seen(wanted.serial.normal) == LineSeen(
            str(wanted.port), applied.ont.ont_id, wanted.key, (wanted.vlan,), wanted.down_kbps, wanted.up_kbps
        )
        assert olt.find(wanted.serial) == applied.ont
        assert wanted.serial not in {ont.serial for ont in olt.unconfigured()}

    def test_activation_twice_changes_nothing(self, olt: OltSession, wanted: LineWanted) -> None:
        self.made(olt, wanted)
        onts, flows = self.count_onts(), self.count_flows()
        second = olt.plan(olt.read(wanted), wanted)
        assert second.empty
        assert olt.apply(second).ont == olt.find(wanted.serial)
        assert (self.count_onts(), self.count_flows()) == (onts, flows)

    def test_line_that_stands_already_is_as_wanted(self, olt: OltSession, neighbour: LineWanted) -> None:
        assert olt.verify(neighbour) == ()
        assert olt.plan(olt.read(neighbour), neighbour).empty

    def test_new_vlan_and_rate_are_made_and_shared(self, olt: OltSession, wanted: LineWanted) -> None:
        rare = replace(wanted, vlan=3001, down_kbps=77000, up_kbps=33000)
        first = self.made(olt, rare)
        assert [change.verb for change in first.changes] == ["create", "bind", "create", "create", "add", "add"]
        assert olt.verify(rare) == ()
        self.made_removal(olt, rare)
        second = self.made(olt, rare)
        assert [change.verb for change in second.changes] == ["add", "add"]

    def test_plan_change_is_hot(self, olt: OltSession, wanted: LineWanted) -> None:
        self.made(olt, wanted)
        faster = replace(wanted, down_kbps=wanted.down_kbps * 2)
        before = olt.apply(olt.plan(olt.read(wanted), wanted)).service_port
        plan = self.made(olt, faster)
        assert [change.verb for change in plan.changes if change.verb != "create"] == ["set"]
        assert olt.verify(faster) == ()
        after = olt.apply(olt.plan(olt.read(faster), faster)).service_port
        assert before is not None
        assert after is not None
        assert before.index == after.index
        seen = self.seen(wanted.serial.normal)
        assert seen is not None
        assert (seen.down_kbps, seen.up_kbps) == (wanted.down_kbps * 2, wanted.up_kbps)

    def test_everything_of_an_olt_is_read_at_once(
        self, olt: OltSession, wanted: LineWanted, neighbour: LineWanted, transcript: Transcript
    ) -> None:
        uneven = replace(wanted, down_kbps=77000, up_kbps=33000, enabled=False)
        self.made(olt, uneven)
        said = len(transcript.entries)
        found = olt.everything((wanted.port,))
        commands = [entry for entry in transcript.entries[said:] if entry.direction == "sent"]
        assert (len(found.onts), len(found.service_ports)) == (self.count_onts(), self.count_flows())
        assert len(commands) < self.count_flows() / 2
        assert wanted.vlan in found.vlans
        for line in (uneven, neighbour):
            (ont,) = [ont for ont in found.onts if ont.key == line.key]
            assert (ont.serial, ont.port, ont.enabled) == (line.serial, line.port, line.enabled)
            (flow,) = [f for f in found.service_ports if (f.port, f.ont_id) == (ont.port, ont.ont_id)]
            assert flow.down is not None
            assert flow.up is not None
            assert (flow.vlan, flow.down.kbps, flow.up.kbps) == (line.vlan, line.down_kbps, line.up_kbps)

    def test_switching_off_and_on(self, olt: OltSession, wanted: LineWanted) -> None:
        self.made(olt, wanted)
        off = replace(wanted, enabled=False)
        assert len(self.made(olt, off).changes) == 1
        assert olt.verify(off) == ()
        assert [one.field for one in olt.verify(wanted)] == ["enabled"]
        self.made(olt, wanted)
        assert olt.verify(wanted) == ()

    def test_ont_swap_keeps_place_and_flow(self, olt: OltSession, wanted: LineWanted) -> None:
        self.made(olt, wanted)
        before = olt.read(wanted)
        new = replace(wanted, serial=type(wanted.serial).parse("HWTC-00C0FFEE"), replaces=wanted.serial)
        self.made(olt, new)
        after = olt.read(new)
        assert before.ont is not None
        assert after.ont is not None
        assert after.ont.place == before.ont.place
        assert [flow.index for flow in after.service_ports] == [flow.index for flow in before.service_ports]
        assert olt.find(wanted.serial) is None
        assert olt.plan(olt.read(new), new).empty

    def made_removal(self, olt: OltSession, wanted: LineWanted) -> Plan:
        plan = olt.plan_removal(olt.read(wanted), wanted.key)
        olt.apply(plan)
        return plan

    def test_removal_takes_everything_of_the_line_and_nothing_else(
        self, olt: OltSession, wanted: LineWanted, neighbour: LineWanted
    ) -> None:
        onts, flows = self.count_onts(), self.count_flows()
        self.made(olt, wanted)
        assert (self.count_onts(), self.count_flows()) == (onts + 1, flows + 1)
        assert len(self.made_removal(olt, wanted).changes) == 2
        assert (self.count_onts(), self.count_flows()) == (onts, flows)
        assert self.seen(wanted.serial.normal) is None
        assert olt.verify(neighbour) == ()

    def test_removal_twice_changes_nothing(self, olt: OltSession, wanted: LineWanted) -> None:
        self.made(olt, wanted)
        first = self.made_removal(olt, wanted)
        assert not first.empty
        assert self.made_removal(olt, wanted).empty
        olt.apply(first)  # a stale plan: everything in it is gone, and that is fine

    def test_a_line_that_moves_stands_twice_until_the_old_one_is_removed(
        self, olt: OltSession, wanted: LineWanted
    ) -> None:
        self.made(olt, wanted)
        new = replace(wanted, serial=type(wanted.serial).parse("HWTC-00C0FFEE"), beside=wanted.serial)
        onts, flows = self.count_onts(), self.count_flows()
        self.made(olt, new)
        assert (self.count_onts(), self.count_flows()) == (onts + 1, flows + 1)
        assert olt.verify(new) == ()
        assert olt.plan(olt.read(new), new).empty
        with pytest.raises(KeyElsewhere):
            olt.plan(olt.read(wanted), replace(new, beside=None))
        olt.apply(olt.plan_removal(olt.read(wanted), wanted.key, only=wanted.serial))
        assert olt.find(wanted.serial) is None
        assert olt.find(new.serial) is not None
        assert (self.count_onts(), self.count_flows()) == (onts, flows)

    # --- refusals -----------------------------------------------------------------------------------------------------

    def test_serial_elsewhere_is_refused_by_name(
        self, olt: OltSession, wanted: LineWanted, neighbour: LineWanted
    ) -> None:
        onts = self.count_onts()
        taken = replace(wanted, serial=neighbour.serial)
        with pytest.raises(SerialElsewhere) as refused:
            olt.plan(olt.read(taken), taken)
        assert neighbour.key in refused.value.message
        assert str(neighbour.port) in refused.value.message
        assert self.count_onts() == onts

    def test_key_elsewhere_is_refused_by_name(self, olt: OltSession, wanted: LineWanted, neighbour: LineWanted) -> None:
        taken = replace(wanted, key=neighbour.key)
        with pytest.raises(KeyElsewhere) as refused:
            olt.plan(olt.read(taken), taken)
        assert neighbour.serial.display in refused.value.message

    def test_key_on_another_port_is_found(self, olt: OltSession, wanted: LineWanted, neighbour: LineWanted) -> None:
        far = replace(wanted, key=neighbour.key, port=replace(wanted.port, port=wanted.port.port + 1))
        with pytest.raises(KeyElsewhere, match=str(neighbour.port)):
            olt.plan(olt.read(far), far)

    # --- looking ------------------------------------------------------------------------------------------------------

    def test_status_optics_and_the_whole_port_agree(self, olt: OltSession, neighbour: LineWanted) -> None:
        ont = olt.find(neighbour.serial)
        assert ont is not None
        status = olt.ont_status(ont.port, ont.ont_id)
        levels = olt.optical(ont.port, ont.ont_id)
        (row,) = [row for row in olt.port_onts(ont.port) if row.ont_id == ont.ont_id]
        (light,) = [light for light in olt.port_optical(ont.port) if light.ont_id == ont.ont_id]
        assert status.working
        assert (row.serial, row.key, row.run_state) == (status.serial, status.key, status.run_state)
        assert (status.serial, status.key) == (neighbour.serial, neighbour.key)
        assert levels.ont_rx_dbm is not None
        assert -30 < levels.ont_rx_dbm < -5
        assert light.ont_rx_dbm == pytest.approx(levels.ont_rx_dbm, abs=0.5)
        assert row.ont_rx_dbm == pytest.approx(levels.ont_rx_dbm, abs=0.5)
        assert status.distance_m == row.distance_m

    def test_missing_ont_is_refused(self, olt: OltSession, wanted: LineWanted) -> None:
        with pytest.raises(OntMissing):
            olt.ont_status(wanted.port, 120)
        with pytest.raises(OntMissing):
            olt.optical(wanted.port, 120)
        assert olt.find(wanted.serial) is None
        assert olt.identify().product

    # --- misbehaviour -------------------------------------------------------------------------------------------------

    def test_busy_for_a_moment_recovers_by_itself(
        self, olt: OltSession, wanted: LineWanted, transcript: Transcript
    ) -> None:
        self.misbehave("busy", on=self.command_for("register"))
        self.made(olt, wanted)
        assert olt.verify(wanted) == ()
        assert "busy: asking again" in transcript.text()

    def test_busy_for_long_is_an_error_to_retry_and_changes_nothing(
        self, access: OltAccess, wanted: LineWanted
    ) -> None:
        onts = self.count_onts()
        with self.again(replace(access, busy_patience=0.4)) as olt:
            self.misbehave("busy", on=self.command_for("register"), seconds=5.0)
            with pytest.raises(OltBusy):
                self.made(olt, wanted)
        assert self.count_onts() == onts

    def test_save_then_change_waits_or_says_busy(self, olt: OltSession, wanted: LineWanted) -> None:
        olt.save()
        try:
            self.made(olt, wanted)
        except OltBusy:
            return
        assert olt.verify(wanted) == ()

    @pytest.mark.parametrize("what", ["register", "flow"])
    def test_cut_mid_command_then_again_leaves_one_of_everything(
        self, access: OltAccess, wanted: LineWanted, what: Literal["register", "flow"]
    ) -> None:
        onts, flows = self.count_onts(), self.count_flows()
        transcript = Transcript()
        with open_session(access, transcript) as olt:
            self.misbehave("cut", on=self.command_for(what))
            with pytest.raises(SessionLost) as lost:
                self.made(olt, wanted)
        assert self.command_for(what) in lost.value.command
        assert self.command_for(what) in transcript.text()
        with self.again(access) as olt:
            self.made(olt, wanted)
            assert olt.verify(wanted) == ()
        assert (self.count_onts(), self.count_flows()) == (onts + 1, flows + 1)

    def test_silence_is_a_lost_session(self, access: OltAccess, wanted: LineWanted) -> None:
        with self.again(replace(access, read_timeout=0.5)) as olt:
            self.misbehave("silent", on=self.command_for("list"))
            with pytest.raises(SessionLost, match="no answer"):
                olt.read(wanted)
            assert not olt.alive()

    def test_unknown_answer_stops_everything(self, olt: OltSession, wanted: LineWanted, transcript: Transcript) -> None:
        onts, flows = self.count_onts(), self.count_flows()
        self.misbehave("unknown answer", on=self.command_for("register"))
        with pytest.raises(UnknownAnswer) as unknown:
            self.made(olt, wanted)
        assert self.command_for("register") in unknown.value.command
        assert unknown.value.answer.strip() in transcript.text()
        assert (self.count_onts(), self.count_flows()) == (onts, flows)

    def test_garbled_list_is_never_taken_for_the_truth(
        self, access: OltAccess, wanted: LineWanted, neighbour: LineWanted
    ) -> None:
        with self.again(access) as olt:
            self.misbehave("garbled", on=self.command_for("list"))
            with pytest.raises(UnknownAnswer):
                olt.read(wanted)
        with self.again(access) as olt:
            assert olt.verify(neighbour) == ()

    def test_answer_that_comes_twice_does_not_put_the_session_out_of_step(
        self, olt: OltSession, wanted: LineWanted
    ) -> None:
        for what in ("list", "register", "flow"):
            self.misbehave("twice", on=self.command_for(what))
            olt.read(wanted)
        self.made(olt, wanted)
        assert olt.verify(wanted) == ()

    def test_alarms_between_and_inside_answers_change_nothing(
        self, olt: OltSession, wanted: LineWanted, neighbour: LineWanted
    ) -> None:
        for _ in range(3):
            self.raise_alarms()
            assert olt.verify(neighbour) == ()
        self.raise_alarms()
        self.made(olt, wanted)
        self.raise_alarms()
        assert olt.verify(wanted) == ()

    # --- getting in ---------------------------------------------------------------------------------------------------

    def test_wrong_password_is_refused_and_tried_once(self, access: OltAccess) -> None:
        transcript = Transcript()
        with pytest.raises(LoginRefused) as refused:
            open_session(replace(access, password="not-it"), transcript)
        assert access.username in refused.value.message
        assert access.name in refused.value.message
        assert "not-it" not in transcript.text() + refused.value.message

    def test_nobody_there_is_unreachable(self, access: OltAccess) -> None:
        with pytest.raises(OltUnreachable) as unreachable:
            open_session(replace(access, port=1, connect_timeout=2.0), Transcript())
        assert f"{access.host}:1" in unreachable.value.message

    def test_too_many_sessions_is_named(self, access: OltAccess) -> None:
        sessions: list[OltSession] = []
        refused: SessionsExhausted | None = None
        while refused is None and len(sessions) < 32:
            try:
                sessions.append(open_session(access, Transcript()))
            except SessionsExhausted as error:
                refused = error
        assert refused is not None
        assert access.username in refused.message
        for session in sessions:
            session.close()
        with self.again(access) as olt:
            assert olt.identify().version

    def test_every_error_says_what_to_do(self, access: OltAccess, wanted: LineWanted) -> None:
        with self.again(access) as olt:
            self.misbehave("cut", on=self.command_for("list"))
            with pytest.raises(LifecycleError) as failed:
                olt.read(wanted)
        assert access.name in failed.value.message
        assert failed.value.remedy
