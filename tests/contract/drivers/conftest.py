from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest

from tests.contract.drivers.lab_process import RunningLab, running_lab

LabOf = Callable[[str], RunningLab]


@pytest.fixture(scope="session")
def lab_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabOf]:
    """A lab without latency whose OLT in the north is a vendor's; one for each vendor, each test resets it."""
    with ExitStack() as running:

        @cache
        def of(vendor: str) -> RunningLab:
            folder = tmp_path_factory.mktemp(f"lab-{vendor}")
            return running.enter_context(running_lab(folder, speed=0, vendors=(vendor,)))

        yield of


@pytest.fixture(scope="session")
def lab(lab_of: LabOf) -> RunningLab:
    return lab_of("huawei")


@pytest.fixture(scope="session")
def zte_lab(lab_of: LabOf) -> RunningLab:
    return lab_of("zte")


@pytest.fixture(scope="session")
def c600_lab(lab_of: LabOf) -> RunningLab:
    return lab_of("zte-c600")


@pytest.fixture(scope="session")
def vsol_lab(lab_of: LabOf) -> RunningLab:
    return lab_of("vsol")
