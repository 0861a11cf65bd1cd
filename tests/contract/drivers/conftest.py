from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.drivers.lab_process import RunningLab, running_lab


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLab]:
    """One lab without latency for all driver tests; each resets it."""
    with running_lab(tmp_path_factory.mktemp("lab"), speed=0) as lab:
        yield lab


@pytest.fixture(scope="session")
def zte_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLab]:
    """The same town with a ZXA10 in the north."""
    with running_lab(tmp_path_factory.mktemp("zte-lab"), speed=0, vendors=("zte",)) as lab:
        yield lab


@pytest.fixture(scope="session")
def c600_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLab]:
    """The same town with a C600 in the north."""
    with running_lab(tmp_path_factory.mktemp("c600-lab"), speed=0, vendors=("zte-c600",)) as lab:
        yield lab
