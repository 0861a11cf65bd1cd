"""Pinging by a real blackbox exporter: what answers, what does not, and an exporter that is not as the settings say."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from isp_lifecycle.cli.doctor.finding import Health, guarded
from isp_lifecycle.cli.doctor.machine import prober
from isp_lifecycle.cli.embedded.server import free_port
from isp_lifecycle.foundation.sections import Probe
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.telemetry.errors import ProberNeedsCare, ProberUnreachable
from isp_lifecycle.telemetry.prober import Prober
from tests.blackbox import blackbox, silent_address

HERE = ip_address("127.0.0.9")


@pytest.fixture(scope="module")
def exporter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with blackbox(tmp_path_factory.mktemp("blackbox")) as url:
        yield url


def test_what_answers_is_told_with_every_round_trip(exporter: str) -> None:
    found = Prober(exporter + "/", packets=4).ping(HERE)
    assert (found.address, found.sent, found.received) == (HERE, 4, 4)
    assert found.median_ms is not None
    assert all(0 < trip < 1000 for trip in found.trips_ms)
    assert found.source == exporter + "/"


def test_what_does_not_answer_is_no_error(exporter: str) -> None:
    with silent_address() as silent:
        found = Prober(exporter, packets=2).ping(ip_address(silent))
    assert (found.sent, found.received, found.median_ms) == (2, 0, None)


@pytest.mark.parametrize(("module", "says"), [("none", 'Unknown module "none"'), ("web", "web sends no ICMP")])
def test_a_module_that_does_not_ping_is_named(exporter: str, module: str, says: str) -> None:
    with pytest.raises(ProberNeedsCare, match=says) as caught:
        Prober(exporter, module=module).ping(HERE)
    assert caught.value.field == "ISP_PROBE__URL"
    assert "MODULE" in caught.value.remedy


def test_an_exporter_that_is_not_there_is_told_from_one_that_is_another(exporter: str) -> None:
    with pytest.raises(ProberUnreachable, match="does not answer"):
        Prober(f"http://127.0.0.1:{free_port()}").ping(HERE)
    with pytest.raises(ProberNeedsCare, match="does not answer as a blackbox exporter does"):
        Prober(f"{exporter}/elsewhere").ping(HERE)
    with pytest.raises(ProberNeedsCare, match="neither https nor this machine") as caught:
        Prober("http://probe.isp.example:9115")
    assert "probe.isp.example" in caught.value.message


def test_the_doctor_has_it_ping_itself(exporter: str) -> None:
    def says(**probe: str) -> tuple[Health, str] | None:
        found = list(guarded("ping", prober(Settings(probe=Probe(**probe)))))
        return (found[0].health, found[0].what) if found else None

    assert says() is None
    assert says(url=exporter) == (Health.OK, f"{exporter} pings by its module icmp.")
    wrong = says(url=exporter, module="none")
    assert wrong is not None
    assert (wrong[0], 'Unknown module "none"' in wrong[1]) == (Health.FAILED, True)
