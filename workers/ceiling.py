"""The Celery application that `isp bench engine` is held against: ``celery -A workers.ceiling worker -Q ceiling``.

Each message writes as many rows as a probe has steps, each with a commit of its own, and nothing else.
"""

from __future__ import annotations

import os
import sys
from uuid import UUID

from celery import Celery

from isp_lifecycle.events import ceiling

app = Celery("ceiling")
app.add_defaults(
    lambda: {
        "broker_url": os.environ["REDIS_URL"],
        "task_ignore_result": True,
        "task_acks_late": True,
        "worker_prefetch_multiplier": 1,
        "task_default_queue": "ceiling",
    }
)


@app.task(name="workers.ceiling.commit")
def commit(*, task: str, times: int) -> None:
    """Write and commit so many rows."""
    ceiling.commit(os.environ["DATABASE_URL"], task=UUID(task), times=times)


def fill(number: int) -> None:
    """Lay so many messages aside, in a queue that nobody reads yet."""
    for task in range(number):
        commit.apply_async(kwargs={"task": str(UUID(int=task)), "times": 5}, queue="staging")


if __name__ == "__main__":
    fill(int(sys.argv[1]))
