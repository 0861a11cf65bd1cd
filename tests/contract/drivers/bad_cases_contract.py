"""Every vendor's bad cases: each has a clear outcome, and nothing is left half done.

The cases of the issue on the access network, and the tests that show them. A test without a file is in this module, and
*contract* is `driver_contract`: both are run by every vendor, over SSH against its lab.

================================  =====================================================================================
serial in any form, malformed     test_serial_in_any_form_is_one_ont; unit/drivers/test_serial_and_port (wrong length,
                                  wrong vendor, two forms that disagree, no letters where letters must be typed)
ONT registered elsewhere          contract test_serial_elsewhere_is_refused_by_name, test_key_elsewhere_...;
                                  test_ont_that_somebody_registers_meanwhile_is_left_to_them (after our look);
                                  unit/inventory/test_lines (on another OLT)
PON port full                     test_full_port_is_refused_before_and_by_the_device
profile missing                   test_huawei_driver test_missing_profile_is_named; zte_contract
                                  test_unknown_type_of_ont_says_what_to_do; test_vsol_driver
                                  test_unknown_profile_of_ont_is_named
profile other than the plan's     test_huawei_driver test_tables_somebody_edited_are_noticed; zte_contract and
                                  test_vsol_driver test_profile_somebody_edited_is_noticed; drift_contract (slowed_down)
VLAN owned by another             unit/ipam/test_vlans, unit/ipam/test_allocation_race (records); test_huawei_driver
                                  test_vlan_of_another_kind_is_left_as_it_is (the others have one kind)
uplink missing                    test_missing_uplink_is_named_before_any_ont_is_touched
device reboots mid-change         test_reboot_mid_change_loses_what_was_not_saved_and_is_made_good;
                                  flows/line/test_bad_devices (a whole activation; a line that is lost after it was
                                  built, once and each time)
session cut after registration    contract test_cut_mid_command_then_again_leaves_one_of_everything
answer truncated                  contract test_garbled_list_is_never_taken_for_the_truth;
                                  unit/drivers/test_*_parsers (every capture, cut short)
wrapped, in another layout        test_list_in_an_unknown_form_is_read_rightly_or_not_at_all;
                                  unit/drivers/test_*_parsers (layouts of several firmwares)
alarms inside an answer           contract test_alarms_between_and_inside_answers_change_nothing;
                                  unit/drivers/test_conversation (wherever the network cuts them)
password expired                  test_expired_password_is_told_and_tried_once; unit/drivers/test_bad_logins;
                                  test_wire test_password_that_must_be_changed_... (SSH's own way to say so);
                                  flows/line/test_bad_devices (a whole activation)
account's login limit reached     contract test_too_many_sessions_is_named
save in progress                  contract test_save_then_change_..., test_busy_for_...;
                                  test_save_waits_for_a_save_of_somebody_else
clock of the device wrong         test_wrong_clock_changes_nothing_but_the_times_it_tells
================================  =====================================================================================
"""

from __future__ import annotations

import contextlib
import re
from abc import ABC, abstractmethod
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

import pytest

from isp_lifecycle.drivers.contract import LineFound, LineWanted, OltAccess, OltSession, Serial, Transcript
from isp_lifecycle.drivers.errors import (
    ChangedMeanwhile,
    CommandRejected,
    PasswordExpired,
    PortFull,
    SerialElsewhere,
    SessionLost,
    UnknownAnswer,
    UplinkRefused,
)
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.drivers.registry import open_session
from tests.contract.drivers.lab_process import RunningLab

#: A list of ONTs as none of the vendors prints it.
OTHER_LAYOUT = """ONU list of port 1
  No. | Serial       | Line | Condition
  ----+--------------+------+----------
    1 | ABCD12345678 |  up  | good
  ----+--------------+------+----------
  1 ONU in all"""


class BadCasesContract(ABC):
    """Inherited by `DriverContract`, whose fixtures it uses."""

    lab: RunningLab

    @abstractmethod
    def command_for(self, what: Literal["register", "flow", "list"]) -> str:
        """A piece of the vendor's command."""

    def standing(self, access: OltAccess) -> tuple[int, int]:
        """ONTs and service ports on the whole OLT, by the device's other side."""
        olt = self.lab.client.olt(access.name)
        return len(olt.onts), olt.service_ports

    # --- the request --------------------------------------------------------------------------------------------------

    def test_serial_in_any_form_is_one_ont(self, olt: OltSession, wanted: LineWanted) -> None:
        normal, label = wanted.serial.normal, wanted.serial.display
        olt.apply(olt.plan(olt.read(wanted), wanted))
        for form in (normal, normal.lower(), label, label.replace("-", ""), label.lower(), f"{normal} ({label})"):
            again = replace(wanted, serial=Serial.parse(form))
            assert olt.plan(olt.read(again), again).empty
            assert olt.verify(again) == ()

    def test_ont_that_somebody_registers_meanwhile_is_left_to_them(
        self, access: OltAccess, olt: OltSession, wanted: LineWanted
    ) -> None:
        onts, flows = self.standing(access)
        olt.apply(olt.plan(olt.read(wanted), wanted))
        olt.apply(olt.plan_removal(olt.read(wanted), wanted.key))  # what is shared stays
        plan = olt.plan(olt.read(wanted), wanted)
        theirs = replace(wanted, key="S-900002", ont_id=60)
        with open_session(access, Transcript()) as other:
            other.apply(other.plan(other.read(theirs), theirs))
        with pytest.raises(ChangedMeanwhile, match=re.escape(self.command_for("register"))):
            olt.apply(plan)
        with pytest.raises(SerialElsewhere, match=theirs.key):
            olt.plan(olt.read(wanted), wanted)
        assert olt.verify(theirs) == ()
        assert self.standing(access) == (onts + 1, flows + 1)

    def test_full_port_is_refused_before_and_by_the_device(self, access: OltAccess, wanted: LineWanted) -> None:
        before = self.standing(access)
        small = replace(access, profile=replace(access.profile, onts_per_port=1))
        with open_session(small, Transcript()) as olt, pytest.raises(PortFull) as full:
            olt.plan(olt.read(wanted), wanted)
        assert (full.value.field, full.value.value) == ("port", str(wanted.port))
        self.lab.client.fault(access.name, "full", match=self.command_for("register"))
        with open_session(access, Transcript()) as olt:
            with pytest.raises(CommandRejected) as rejected:
                olt.apply(olt.plan(olt.read(wanted), wanted))
            assert "is full" in rejected.value.remedy
            assert self.standing(access) == before
            olt.apply(olt.plan(olt.read(wanted), wanted))
            assert olt.verify(wanted) == ()

    def test_missing_uplink_is_named_before_any_ont_is_touched(
        self, access: OltAccess, olt: OltSession, wanted: LineWanted
    ) -> None:
        before = self.standing(access)
        nowhere = replace(wanted, vlan=3003, uplink=re.sub(r"\d+$", "9", wanted.uplink))
        with pytest.raises(UplinkRefused) as refused:
            olt.apply(olt.plan(olt.read(nowhere), nowhere))
        assert (refused.value.field, refused.value.value) == ("uplink", nowhere.uplink)
        assert "3003" in refused.value.message
        assert access.name in refused.value.remedy
        assert self.standing(access) == before
        right = replace(nowhere, uplink=wanted.uplink)
        plan = olt.plan(olt.read(right), right)
        assert plan.changes[0].verb == "bind"
        olt.apply(plan)
        assert olt.verify(right) == ()

    # --- the device ---------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize("what", ["register", "flow"])
    def test_reboot_mid_change_loses_what_was_not_saved_and_is_made_good(
        self, access: OltAccess, wanted: LineWanted, what: Literal["register", "flow"]
    ) -> None:
        onts, flows = self.standing(access)
        self.lab.client.fault(access.name, "reboot", match=self.command_for(what))
        with open_session(access, Transcript()) as olt, pytest.raises(SessionLost):
            olt.apply(olt.plan(olt.read(wanted), wanted))
        assert any(self.lab.client.olt(access.name).listening for _ in range(500)), "it did not come back"
        assert self.standing(access) == (onts, flows)
        with open_session(access, Transcript()) as olt:
            olt.apply(olt.plan(olt.read(wanted), wanted))
            assert olt.verify(wanted) == ()
        assert self.standing(access) == (onts + 1, flows + 1)

    def test_list_in_an_unknown_form_is_read_rightly_or_not_at_all(
        self, access: OltAccess, olt: OltSession, neighbour: LineWanted
    ) -> None:
        rightly, listing = olt.read(neighbour), self.command_for("list")
        for columns in (40, 60, 79):
            self.lab.client.fault(access.name, "wrapped", match=listing, factor=columns)
            found: LineFound | None = None
            with contextlib.suppress(UnknownAnswer):
                found = olt.read(neighbour)
            assert found in (rightly, None)
        self.lab.client.fault(access.name, "unknown_answer", match=listing, text=OTHER_LAYOUT)
        with pytest.raises(UnknownAnswer, match="ABCD12345678"):
            olt.read(neighbour)
        assert olt.read(neighbour) == rightly

    def test_save_waits_for_a_save_of_somebody_else(
        self, access: OltAccess, olt: OltSession, transcript: Transcript
    ) -> None:
        self.lab.client.fault(access.name, "busy", match="^(save|write)", times=1)
        olt.save()
        assert "busy: asking again" in transcript.text()
        assert self.lab.client.olt(access.name).faults == []

    @pytest.mark.parametrize("year", [1990, 2099])
    def test_wrong_clock_changes_nothing_but_the_times_it_tells(
        self, access: OltAccess, olt: OltSession, wanted: LineWanted, neighbour: LineWanted, year: int
    ) -> None:
        self.lab.client.set_clock(access.name, datetime(year, 1, 1, tzinfo=UTC))
        box = self.lab.client.ont(neighbour.serial.normal)
        self.lab.client.power_off(box.serial)
        self.lab.client.power_on(box.serial)
        self.lab.client.wait_until(box.serial, "online", seconds=5.0)
        assert wanted.serial in {ont.serial for ont in olt.unconfigured()}
        olt.apply(olt.plan(olt.read(wanted), wanted))
        assert olt.verify(wanted) == ()
        status = olt.ont_status(neighbour.port, box.ont_id or 0)
        assert status.working
        told = {at.year for at in (status.last_up_at, status.last_down_at) if at is not None}
        assert told <= {year, year - 1}  # by the OLT's own clock, in its own zone

    # --- getting in ---------------------------------------------------------------------------------------------------

    def test_expired_password_is_told_and_tried_once(self, access: OltAccess) -> None:
        self.lab.client.fault(access.name, "password_expired", times=1)
        transcript = Transcript()
        with Olts([access]) as olts:
            for _ in range(2):  # the second login would be let in
                with pytest.raises(PasswordExpired) as expired, olts.writer(access.name, transcript):
                    pytest.fail("it was let in")
        assert access.username in expired.value.message
        assert "change the password" in expired.value.remedy
        assert [entry for entry in transcript.entries if entry.direction == "sent"] == []
        assert self.lab.client.olt(access.name).faults == []
