"""The driver contract for a ZTE ZXA10 with the classic command line, over real SSH against the lab's C320."""

from __future__ import annotations

import re
from typing import ClassVar

import pytest

from isp_lifecycle.drivers.zte import ZTE
from isp_lifecycle.lab.wire import OltState
from tests.contract.drivers.lab_process import RunningLab
from tests.contract.drivers.zte_contract import Piece, ZteContract


class TestZteDriver(ZteContract):
    vendor = ZTE
    uplink = "xgei_1/4/1"
    pieces: ClassVar[dict[Piece, str]] = {
        "register": " type ALL sn ",
        "flow": "service-port 1 vport",
        "list": "show running-config interface gpon-olt",
    }
    rival_profile = ("gpon", "profile traffic isp-77000-down sir 64 pir 64")

    @pytest.fixture
    def running(self, zte_lab: RunningLab) -> RunningLab:
        return zte_lab

    def rates(self, olt: OltState, port: str, ont_id: int) -> tuple[int, int]:
        configuration = olt.running_configuration
        _, _, rest = configuration.partition(f"interface gpon-onu_{port}:{ont_id}\n")
        block, _, _ = rest.partition("!")
        up, down = re.search(r"tcont 1 .*profile (\S+)", block), re.search(r"downstream (\S+)", block)
        assert up is not None, block
        assert down is not None, block
        limits = dict(
            re.findall(r"profile (?:tcont|traffic) (\S+) (?:type 4 maximum|sir \d+ pir) (\d+)", configuration)
        )
        return int(limits[down[1]]), int(limits[up[1]])
