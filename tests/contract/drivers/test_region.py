"""A region of 500 OLTs and 100,000 ONTs of four vendors: who is asked answers rightly, who is not costs nothing."""

import pytest

from isp_lifecycle.drivers.contract import OltAccess, PonPort, Serial, Transcript
from isp_lifecycle.drivers.registry import open_session
from isp_lifecycle.lab.client import LabClient
from isp_lifecycle.lab.process import LabProcess
from isp_lifecycle.lab.running import DEFAULT_PASSWORD, DEFAULT_USERNAME
from isp_lifecycle.lab.town import Region

REGION = Region()
ASKED = (0, 201, 498)


def _built(client: LabClient) -> set[str]:
    return {olt.name for olt in client.state().olts if olt.built}


def _ask(lab: LabProcess, number: int) -> str:
    """Read all that stands on an OLT, and hold it against what its district was made with; return its name."""
    site, customers = REGION.district(number).olts[0], REGION.district(number).customers
    access = OltAccess(
        site.name, site.vendor, "127.0.0.1", lab.ports[site.name], DEFAULT_USERNAME, DEFAULT_PASSWORD, read_timeout=8.0
    )
    with open_session(access, Transcript()) as session:
        found = session.everything(())
    assert {(ont.serial, ont.port, ont.ont_id, ont.key) for ont in found.onts} == {
        (Serial(one.serial), PonPort.parse(one.pon_port), one.ont_id, one.service_code) for one in customers
    }
    assert {(flow.port, flow.ont_id, flow.vlan) for flow in found.service_ports} == {
        (PonPort.parse(one.pon_port), one.ont_id, one.vlan) for one in customers
    }
    return site.name


def test_region_builds_only_what_is_asked_and_lets_go_of_what_nobody_uses(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("region")
    assert (REGION.olts, REGION.onts) == (500, 100_000)
    with LabProcess.start(state=folder, region=True, olts=REGION.olts, speed=0, awake=1) as lab, lab.client() as client:
        assert len(lab.ports) == len(set(lab.ports.values())) == 500
        assert _built(client) == set()
        assert len({REGION.vendor(number) for number in ASKED}) == 3
        first, second = _ask(lab, ASKED[0]), _ask(lab, ASKED[1])
        assert _built(client) == {second}

        # an ONT that was plugged in is a change: its OLT stays from now on
        free = next(
            one.code
            for one in REGION.district(ASKED[0]).premises
            if one.outlet and one.code not in {c.premises_code for c in REGION.district(ASKED[0]).customers}
        )
        assert client.plug("48575443AB000001", free).olt == first
        third = _ask(lab, ASKED[2])
        assert _built(client) == {first, third}
        assert client.wait_until("48575443AB000001", "autofind").olt == first
        assert _ask(lab, ASKED[1]) == second
        assert not list(folder.glob("*.json"))
