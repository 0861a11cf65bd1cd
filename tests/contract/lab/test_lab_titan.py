"""netmiko's own driver for ZTE, which knows nothing of ours, provisions on the lab's C600 as people do by hand."""

import re
from collections.abc import Iterator

import pytest

from isp_lifecycle.lab.client import LabClient
from isp_lifecycle.lab.process import LabProcess
from tests.contract.lab.test_lab_zxa10 import SERIAL, connected, free_outlet


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabProcess]:
    with LabProcess.start(state=tmp_path_factory.mktemp("c600"), speed=100, vendors=("zte-c600",)) as running:
        yield running


@pytest.fixture
def c600(process: LabProcess) -> Iterator[LabClient]:
    """The lab as on day one."""
    with process.client() as client:
        client.reset()
        yield client


def test_netmiko_provisions_a_customer_by_hand(process: LabProcess, c600: LabClient) -> None:
    c600.plug(SERIAL, free_outlet(c600), vendor="ZTEG", model="F670L")
    c600.wait_until(SERIAL, "autofind")
    with connected(process) as olt:
        assert re.search(r"gpon_olt-1/1/1 +F670L +ZTEGAB000002 +N/A", olt.send_command("show pon onu uncfg"))
        said = olt.send_config_set(
            [
                "interface gpon_olt-1/1/1",
                "onu 100 type ALL sn ZTEGAB000002",
                "exit",
                "interface gpon_onu-1/1/1:100",
                "description S-900001",
                "tcont 1 profile UP-102400",
                "gemport 1 tcont 1",
                "exit",
                "pon-onu-mng gpon_onu-1/1/1:100",
                "service vlan100 gemport 1 vlan 100",
                "exit",
                "interface vport-1/1/1.100:1",
                "service-port 1 user-vlan 100 vlan 100",
                "qos traffic-policy DOWN-512000 direction egress",
                "exit",
            ]
        )
        assert "%Error" not in said
        c600.wait_until(SERIAL, "online")
        state = c600.ont(SERIAL)
        light = olt.send_command("show pon power attenuation gpon_onu-1/1/1:100")
        assert f"Rx:{state.rx_dbm:.3f}(dbm)" in light
        assert "%" not in olt.save_config()
    assert (state.pon_port, state.ont_id, state.vlans, state.service_code) == ("1/1/1", 100, [100], "S-900001")


def test_wrong_word_is_pointed_at_in_the_line_said_again(process: LabProcess, c600: LabClient) -> None:
    with connected(process) as olt:
        said = olt.send_command("show gpon ont state", strip_command=False).splitlines()
    assert said[-3:] == [
        "show gpon ont state",
        f"{' ' * len('show gpon ')}^",
        "%Error 140303: Invalid input detected at '^' marker.",
    ]
