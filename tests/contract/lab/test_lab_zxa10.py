"""netmiko's own driver for ZTE, which knows nothing of ours, provisions on the lab's C320 as people do by hand."""

import re
from collections.abc import Iterator

import pytest
from netmiko import BaseConnection, ConnectHandler, NetmikoAuthenticationException

from isp_lifecycle.lab.client import LabClient
from isp_lifecycle.lab.process import LabProcess
from isp_lifecycle.lab.running import DEFAULT_PASSWORD, DEFAULT_USERNAME
from tests.contract.lab.terminals import OLT

SERIAL = "5A544547AB000002"


@pytest.fixture(scope="module")
def zte_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabProcess]:
    with LabProcess.start(state=tmp_path_factory.mktemp("zte"), speed=100, vendors=("zte",)) as running:
        yield running


@pytest.fixture
def zte(zte_process: LabProcess) -> Iterator[LabClient]:
    """The lab as on day one."""
    with zte_process.client() as client:
        client.reset()
        yield client


def connected(process: LabProcess) -> BaseConnection:
    return ConnectHandler(
        device_type="zte_zxros",
        host="127.0.0.1",
        port=process.ports[OLT],
        username=DEFAULT_USERNAME,
        password=DEFAULT_PASSWORD,
        global_delay_factor=0.1,
    )


def free_outlet(lab: LabClient) -> str:
    """An address on the first PON port where no ONT is plugged in."""
    taken = {box.premises_code for box in lab.state().boxes}
    codes = (f"P-{number:05d}" for number in range(1, 300))
    return next(code for code in codes if code not in taken and lab.premises(code).pon_port == "1/1/1")


def test_netmiko_provisions_a_customer_by_hand(zte_process: LabProcess, zte: LabClient) -> None:
    zte.plug(SERIAL, free_outlet(zte), vendor="ZTEG", model="F670L")
    zte.wait_until(SERIAL, "autofind")
    with connected(zte_process) as olt:
        assert re.search(r"gpon-onu_1/1/1:1 +ZTEGAB000002 +unknown", olt.send_command("show gpon onu uncfg"))
        registered = olt.send_config_set(["interface gpon-olt_1/1/1", "onu 100 type ALL sn ZTEGAB000002", "exit"])
        assert "[Successful]" in registered
        said = olt.send_config_set(
            [
                "interface gpon-onu_1/1/1:100",
                "description S-900001",
                "tcont 1 name HSI profile UP-102400",
                "gemport 1 name HSI tcont 1",
                "gemport 1 traffic-limit downstream DOWN-512000",
                "service-port 1 vport 1 user-vlan 100 vlan 100",
                "exit",
                "pon-onu-mng gpon-onu_1/1/1:100",
                "service HSI gemport 1 vlan 100",
                "exit",
            ]
        )
        assert "%Error" not in said
        assert "%Code" not in said
        zte.wait_until(SERIAL, "online")
        state = zte.ont(SERIAL)
        light = olt.send_command("show pon power attenuation gpon-onu_1/1/1:100")
        assert f"Rx:{state.rx_dbm:.3f}(dbm)" in light
        assert "%" not in olt.save_config()
    assert (state.olt, state.pon_port, state.ont_id, state.vlans) == (OLT, "1/1/1", 100, [100])
    assert state.service_code == "S-900001"


def test_caret_stands_under_the_wrong_word(zte_process: LabProcess, zte: LabClient) -> None:
    with connected(zte_process) as olt:
        said = olt.send_command("show gpon ont state", strip_command=True)
        assert said == f"{' ' * len('OLT-NORTH#show gpon ')}^\n%Error 20200: Invalid input detected at '^' marker."


def test_netmiko_sees_refused_credentials(zte_process: LabProcess, zte: LabClient) -> None:
    zte.fault(OLT, "refuse_login", times=1)
    with pytest.raises(NetmikoAuthenticationException):
        connected(zte_process)
    with connected(zte_process) as olt:
        assert olt.find_prompt() == "OLT-NORTH#"
