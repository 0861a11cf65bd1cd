"""netmiko's own driver for this family logs in, provisions, and leaves, as it would on a device."""

import re

import pytest
from netmiko import ConnectHandler, NetmikoAuthenticationException

from isp_lifecycle.lab.client import LabClient
from isp_lifecycle.lab.process import LabProcess
from isp_lifecycle.lab.running import DEFAULT_PASSWORD, DEFAULT_USERNAME
from tests.contract.lab.terminals import OLT, free_premises

SERIAL = "48575443AB000002"


def _place(lab_process: LabProcess) -> dict[str, object]:
    return {
        "device_type": "huawei_smartax",
        "host": "127.0.0.1",
        "port": lab_process.ports[OLT],
        "username": DEFAULT_USERNAME,
        "password": DEFAULT_PASSWORD,
        "global_delay_factor": 0.1,
    }


def test_netmiko_provisions_a_customer_from_autofind_to_online(lab_process: LabProcess, lab: LabClient) -> None:
    lab.plug(SERIAL, free_premises(lab))
    lab.wait_until(SERIAL, "autofind")
    with ConnectHandler(**_place(lab_process)) as olt:
        olt.enable()
        found = olt.send_command("display ont autofind all")
        assert f"   Ont SN              : {SERIAL} (HWTC-AB000002)\n" in found
        olt.config_mode()
        olt.send_command("interface gpon 0/1", expect_string=r"gpon-0/1\)#")
        added = olt.send_command(
            f'ont add 0 sn-auth "{SERIAL}" omci ont-lineprofile-id 10 ont-srvprofile-id 10 desc "S-900001"'
        )
        match = re.search(r"success: 1\n  PortID :0, ONTID :(\d+)", added)
        assert match
        olt.send_command("quit", expect_string=r"\(config\)#")
        flow = olt.send_command(
            f"service-port vlan 100 gpon 0/1/0 ont {match[1]} gemport 1 multi-service user-vlan 100"
            " tag-transform translate inbound traffic-table index 10 outbound traffic-table index 11"
        )
        assert flow.strip() == ""
        lab.wait_until(SERIAL, "online")
        (info,) = olt.send_command(f"display ont info by-sn {SERIAL}", use_textfsm=True)
        assert (info["run_state"], info["description"]) == ("online", "S-900001")
        assert len(olt.send_command("display service-port all", use_textfsm=True)) == 66
        assert "please wait" in olt.save_config()
    state = lab.ont(SERIAL)
    assert (state.olt, state.pon_port, state.ont_id, state.vlans) == (OLT, "0/1/0", int(match[1]), [100])


def test_netmiko_sends_configuration_sets(lab_process: LabProcess, lab: LabClient) -> None:
    with ConnectHandler(**_place(lab_process)) as olt:
        olt.enable()
        printed = olt.send_config_set(["vlan 410 smart", "port vlan 410 0/9 0", "vlan 410 smart"])
        assert printed.count("  Failure: VLAN does already exist") == 1
        assert olt.find_prompt() == "OLT-NORTH#"
    assert "port vlan 410 0/9 0" in lab.olt(OLT).running_configuration


def test_netmiko_sees_refused_credentials(lab_process: LabProcess, lab: LabClient) -> None:
    lab.fault(OLT, "refuse_login", times=1)
    with pytest.raises(NetmikoAuthenticationException):
        ConnectHandler(**_place(lab_process))
    with ConnectHandler(**_place(lab_process)) as olt:
        assert olt.find_prompt() == "OLT-NORTH>"
