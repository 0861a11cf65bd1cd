"""What the engine is measured against (`isp bench engine`): as many commits by the driver alone, no promise kept."""

from __future__ import annotations

from functools import cache
from typing import Any
from uuid import UUID

import psycopg


@cache
def _connection(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(url, autocommit=True, prepare_threshold=0)


def commit(url: str, *, task: UUID, times: int) -> None:
    """Write so many rows of five columns or fewer, each with a commit of its own, on one prepared connection."""
    for step in range(times):
        _connection(url).execute("INSERT INTO ceiling (task, step) VALUES (%s, %s)", (task, step))
