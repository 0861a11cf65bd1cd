"""A lab in a process of its own, put back to day one before each test."""

from collections.abc import Iterator

import pytest

from isp_lifecycle.lab.client import LabClient
from isp_lifecycle.lab.process import LabProcess
from tests.contract.lab.terminals import OLT, LogIn, free_premises, terminal


@pytest.fixture(scope="session")
def lab_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabProcess]:
    with LabProcess.start(state=tmp_path_factory.mktemp("lab"), speed=100) as running:
        yield running


@pytest.fixture
def lab(lab_process: LabProcess) -> Iterator[LabClient]:
    """The lab as on day one."""
    with lab_process.client() as client:
        client.reset()
        yield client


@pytest.fixture
def log_in(lab: LabClient, lab_process: LabProcess) -> LogIn:
    """Open terminals on the first OLT."""
    return lambda **how: terminal(lab_process.ports[OLT], **how)


@pytest.fixture
def free_address(lab: LabClient) -> str:
    return free_premises(lab)
