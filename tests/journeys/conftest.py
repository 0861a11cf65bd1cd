"""One real system for all journeys: supervisor, PostgreSQL, Redis, relay, workers, lab, mail sink, as processes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from isp_lifecycle.cli.demo.command import HASTE
from isp_lifecycle.cli.demo.system import System, own_system


@pytest.fixture(scope="session")
def system() -> Iterator[System]:
    """The whole system but its pages, with a fast plant and short pauses between repeats."""
    with own_system(speed=20.0, environment=HASTE) as running:
        yield running
