"""Sessions and the attempt limit, on a real Redis."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
import redis
from redis.asyncio import Redis

from isp_lifecycle.access.errors import TooManyAttempts
from isp_lifecycle.access.limits import AttemptLimit
from isp_lifecycle.access.model import Role, User
from isp_lifecycle.access.sessions import Sessions
from isp_lifecycle.foundation.clock import PushableClock
from isp_lifecycle.foundation.ids import new_id

START = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
SALLY = User(new_id(), "sally", "Sally", Role.SALES, True, START)
IDLE, ABSOLUTE = timedelta(minutes=60), timedelta(hours=12)


class Ground:
    """One Redis, one clock, and sessions of two realms on them."""

    def __init__(self, client: Redis) -> None:
        self.redis = client
        self.clock = PushableClock(START)
        self.staff = self.realm("staff")
        self.portal = self.realm("portal")

    def realm(self, name: str) -> Sessions:
        return Sessions(redis=self.redis, realm=name, clock=self.clock, idle=IDLE, absolute=ABSOLUTE)


@asynccontextmanager
async def _ground(url: str) -> AsyncIterator[Ground]:
    client = Redis.from_url(url)
    yield Ground(client)
    await client.aclose()


@pytest.fixture
def run(redis_url: str, redis_client: redis.Redis) -> Callable[[Callable[[Ground], Awaitable[None]]], None]:
    async def within(test: Callable[[Ground], Awaitable[None]]) -> None:
        async with _ground(redis_url) as ground:
            await test(ground)

    return lambda test: asyncio.run(within(test))


Run = Callable[[Callable[[Ground], Awaitable[None]]], None]


def test_session_is_found_by_its_secret_only_in_its_realm(run: Run) -> None:
    async def test(g: Ground) -> None:
        secret, session = await g.staff.create(user=SALLY, address="127.0.0.1", browser="Firefox")
        assert await g.staff.lookup(secret) == session
        assert await g.portal.lookup(secret) is None
        assert await g.staff.lookup(secrets.token_urlsafe(32)) is None
        assert await g.staff.lookup("") is None
        assert await g.staff.lookup(session.key) is None

    run(test)


def test_redis_holds_no_secret(run: Run, redis_client: redis.Redis) -> None:
    async def test(g: Ground) -> None:
        secret, _ = await g.staff.create(user=SALLY, address="127.0.0.1", browser="Firefox")
        assert len(secret) >= 43
        for key in redis_client.keys("*"):
            value = redis_client.get(key) if redis_client.type(key) == "string" else redis_client.smembers(key)
            assert secret not in f"{key} {value}"

    run(test)


def test_session_ends_when_idle_and_use_extends_it(run: Run) -> None:
    async def test(g: Ground) -> None:
        secret, session = await g.staff.create(user=SALLY, address="a", browser="b")
        g.clock.push(IDLE - timedelta(seconds=1))
        session = await g.staff.touch(session)
        g.clock.push(IDLE - timedelta(seconds=1))
        assert await g.staff.lookup(secret) == session
        g.clock.push(timedelta(seconds=1))
        assert await g.staff.lookup(secret) is None

    run(test)


def test_session_ends_at_its_absolute_age_however_busy(run: Run) -> None:
    async def test(g: Ground) -> None:
        secret, session = await g.staff.create(user=SALLY, address="a", browser="b")
        for _ in range(23):
            g.clock.push(timedelta(minutes=30))
            session = await g.staff.touch(session)
        assert await g.staff.lookup(secret) == session
        g.clock.push(timedelta(minutes=30))
        assert await g.staff.lookup(secret) is None

    run(test)


def test_touch_never_brings_an_ended_session_back(run: Run) -> None:
    async def test(g: Ground) -> None:
        secret, session = await g.staff.create(user=SALLY, address="a", browser="b")
        await g.staff.end(session)
        g.clock.push(timedelta(minutes=1))
        await g.staff.touch(session)
        assert await g.staff.lookup(secret) is None

    run(test)


def test_ending_is_told_to_every_process(run: Run) -> None:
    async def test(g: Ground) -> None:
        heard: asyncio.Queue[str] = asyncio.Queue()

        async def listen() -> None:
            async for key in g.realm("staff").ended():
                await heard.put(key)

        listener = asyncio.create_task(listen())
        assert await asyncio.wait_for(heard.get(), 5) == ""
        _, one = await g.staff.create(user=SALLY, address="a", browser="b")
        await g.staff.end(one)
        assert await asyncio.wait_for(heard.get(), 5) == one.key
        listener.cancel()

    run(test)


def test_end_all_ends_each_session_of_that_account_and_no_other(run: Run) -> None:
    async def test(g: Ground) -> None:
        tom = User(new_id(), "tom", "Tom", Role.SALES, True, START)
        first, _ = await g.staff.create(user=SALLY, address="a", browser="b")
        second, _ = await g.staff.create(user=SALLY, address="a", browser="c")
        other, kept = await g.staff.create(user=tom, address="a", browser="b")
        assert len(await g.staff.of_user("sally")) == 2
        assert await g.staff.end_all("sally") == 2
        assert [await g.staff.lookup(s) for s in (first, second, other)] == [None, None, kept]
        assert await g.staff.of_user("sally") == []

    run(test)


def test_attempts_are_limited_per_account_in_all_processes(run: Run) -> None:
    async def test(g: Ground) -> None:
        one, two = (AttemptLimit(redis=g.redis, realm="staff", attempts=4) for _ in range(2))
        for limit in (one, two, one, two):
            await limit.count(username="sally", address="10.0.0.1")
        with pytest.raises(TooManyAttempts) as refused:
            await one.count(username="sally", address="10.0.0.2")
        assert timedelta(minutes=14) < refused.value.wait <= timedelta(minutes=15)
        await two.count(username="tom", address="10.0.0.2")

    run(test)


def test_attempts_at_the_same_time_do_not_slip_through(run: Run) -> None:
    async def test(g: Ground) -> None:
        limit = AttemptLimit(redis=g.redis, realm="staff", attempts=4)
        results = await asyncio.gather(
            *(limit.count(username="sally", address=f"10.0.0.{n}") for n in range(20)), return_exceptions=True
        )
        assert len([r for r in results if r is None]) == 4
        assert len([r for r in results if isinstance(r, TooManyAttempts)]) == 16

    run(test)


def test_attempts_are_limited_per_address_over_accounts(run: Run) -> None:
    async def test(g: Ground) -> None:
        limit = AttemptLimit(redis=g.redis, realm="staff", attempts=2)
        for n in range(10):
            await limit.count(username=f"guess{n}", address="10.0.0.1")
        with pytest.raises(TooManyAttempts):
            await limit.count(username="another", address="10.0.0.1")
        await limit.count(username="another", address="10.0.0.9")

    run(test)


def test_right_password_clears_the_account(run: Run) -> None:
    async def test(g: Ground) -> None:
        limit = AttemptLimit(redis=g.redis, realm="staff", attempts=2)
        for _ in range(6):
            await limit.count(username="sally", address="10.0.0.1")
            await limit.succeeded(username="sally", address="10.0.0.1")

    run(test)
