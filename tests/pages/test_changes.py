"""What changes in the database reaches the pages that follow it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from dashboards import changes as module
from dashboards.changes import Changes
from isp_lifecycle.foundation.clock import SystemClock
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.notices import actions as notices
from isp_lifecycle.notices.model import Level


def told(engine: sa.Engine, username: str) -> None:
    with write(engine) as tx:
        at, key = SystemClock().now(), str(new_id())
        notices.notify(tx=tx, key=key, at=at, username=username, level=Level.INFO, text="Look.", link="/tickets")


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0.01)


def test_what_is_committed_is_told_once_to_those_who_follow_it(engine: sa.Engine) -> None:
    async def scene() -> None:
        changes = Changes()
        told_of: list[str] = []
        others: list[str] = []
        end = changes.follow(("notices", "visits"), lambda: told_of.append("heard"))
        changes.follow(("orders",), lambda: others.append("heard"))
        listening = asyncio.create_task(changes.listen(engine))
        await until(lambda: bool(told_of))  # connected: whatever was missed until now is asked for
        told_of.clear()
        others.clear()

        await asyncio.to_thread(told, engine, "nora")
        await until(lambda: bool(told_of))
        with write(engine) as tx:  # several statements of one transaction, and one that is taken back
            tx.execute(sa.text("UPDATE notifications SET text = 'a'"))
            tx.execute(sa.text("UPDATE notifications SET text = 'b'"))
            with tx.begin_nested() as inner:
                tx.execute(sa.text("DELETE FROM visits"))
                inner.rollback()
        await until(lambda: len(told_of) > 1)
        end()
        await asyncio.to_thread(told, engine, "nora")
        await asyncio.sleep(0.2)
        listening.cancel()

        assert told_of == ["heard", "heard"]
        assert others == []

    asyncio.run(scene())


def test_after_a_lost_connection_all_ask_again(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AGAIN_SECONDS", 0.05)

    async def scene() -> None:
        changes = Changes()
        told_of: list[str] = []
        changes.follow(("notices",), lambda: told_of.append("heard"))
        listening = asyncio.create_task(changes.listen(engine))
        await until(lambda: len(told_of) == 1)
        with write(engine) as tx:
            ended = tx.execute(
                sa.text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'isp changes' AND datname = current_database()"
                )
            ).scalars()
            assert list(ended) == [True]
        await until(lambda: len(told_of) == 2)
        await asyncio.to_thread(told, engine, "nora")
        await until(lambda: len(told_of) == 3)
        listening.cancel()

    asyncio.run(scene())


def test_one_follower_that_breaks_keeps_nobody_else_from_hearing() -> None:
    changes = Changes()
    told_of: list[str] = []

    def breaks() -> None:
        raise RuntimeError("its page is gone")

    ends = changes.follow(("orders",), breaks)
    for number in range(3):
        changes.follow(("orders",), lambda number=number: told_of.append(str(number)))  # type: ignore[misc]
    changes.tell("orders")
    changes.tell("orders")
    ends()
    assert sorted(told_of) == ["0", "0", "1", "1", "2", "2"]
