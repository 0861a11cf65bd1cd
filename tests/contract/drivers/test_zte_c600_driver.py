"""The driver contract for a ZTE ZXA10 with the Titan command line, over real SSH against the lab's C600."""

from __future__ import annotations

import re
from typing import ClassVar

import pytest

from isp_lifecycle.drivers.contract import OltAccess, Transcript
from isp_lifecycle.drivers.session import CliSession
from isp_lifecycle.drivers.zte import ZTE_C600
from isp_lifecycle.lab.wire import OltState
from tests.contract.drivers.lab_process import RunningLab
from tests.contract.drivers.zte_contract import Piece, ZteContract


class TestZteC600Driver(ZteContract):
    vendor = ZTE_C600
    uplink = "xgei-1/4/1"
    pieces: ClassVar[dict[Piece, str]] = {
        "register": " type ALL sn ",
        "flow": "service-port 1 user-vlan",
        "list": "show running-config-interface gpon_olt",
    }
    rival_profile = ("traffic-profile isp-77000-down cir 64 cbs 1024 pir 64 pbs 1024",)

    @pytest.fixture
    def running(self, c600_lab: RunningLab) -> RunningLab:
        return c600_lab

    def rates(self, olt: OltState, port: str, ont_id: int) -> tuple[int, int]:
        configuration = olt.running_configuration
        onu = re.search(rf"interface gpon_onu-{port}:{ont_id}\n((?:  .*\n)+)", configuration)
        vport = re.search(rf"interface vport-{port}.{ont_id}:1\n((?:  .*\n)+)", configuration)
        assert onu is not None
        assert vport is not None
        up = re.search(r"tcont 1 .*profile (\S+)", onu[1])
        down = re.search(r"qos traffic-policy (\S+) direction egress", vport[1])
        assert up is not None, onu[1]
        assert down is not None, vport[1]
        ups = dict(re.findall(r"profile tcont (\S+) type 4 maximum (\d+)", configuration))
        downs = dict(re.findall(r"traffic-profile (\S+) cir \d+ cbs \d+ pir (\d+)", configuration))
        return int(downs[down[1]]), int(ups[up[1]])

    # --- Titan's own --------------------------------------------------------------------------------------------------

    def test_it_says_which_product_and_software_it_is(self, access: OltAccess) -> None:
        with CliSession.open(access, self.vendor, Transcript()) as olt:
            found = olt.identify()
        assert (found.product, found.version) == ("C600", "V1.2.2")
