"""Limits on what strangers may try, counted in Redis for all server processes together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

import redis
from redis.asyncio import Redis

from isp_lifecycle.access.errors import TooManyApplications, TooManyAttempts, TooManyRequests
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.present import Present, present

ATTEMPTS_WINDOW = timedelta(minutes=15)
#: Wrong passwords from one address, over all accounts, as a multiple of those for one account: offices share addresses.
PER_ADDRESS = 5
APPLICATIONS_WINDOW = timedelta(hours=1)


class AttemptLimit:
    """Shuts the door after too many wrong passwords, per account and per address, whatever process was asked.

    An attempt is counted before the password is looked at, so that many at the same time cannot slip through; a right
    password clears its account's count.
    """

    def __init__(
        self, *, redis: Redis, realm: str, attempts: Present[int], window: timedelta = ATTEMPTS_WINDOW
    ) -> None:
        self._redis = redis
        self._prefix = f"isp:web:{realm}:attempts"
        self._attempts = attempts
        self._window = window

    def of(self, what: str) -> AttemptLimit:
        """The same limit for something else that is tried, counted apart."""
        other = AttemptLimit(redis=self._redis, realm="", attempts=self._attempts, window=self._window)
        other._prefix = f"{self._prefix}:{what}"
        return other

    async def count(self, *, username: str, address: str) -> None:
        """Count an attempt; refuses with :class:`TooManyAttempts` when there were too many."""
        wait = await self._counted({self._account(username): present(self._attempts), **self._of_address(address)})
        if wait:
            raise TooManyAttempts(wait=timedelta(seconds=wait))

    async def count_from(self, address: str) -> None:
        """Count an attempt whose account is not known yet; refuses with :class:`TooManyAttempts`."""
        if wait := await self._counted(self._of_address(address)):
            raise TooManyAttempts(wait=timedelta(seconds=wait), from_there=True)

    async def _counted(self, limits: Mapping[str, int]) -> int:
        """Count one for each; for how many seconds the longest one that is over its limit stays so."""
        wait = 0
        for name, limit in limits.items():
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.set(name, 0, ex=self._window, nx=True)
                pipe.incr(name)
                pipe.ttl(name)
                _, number, left = await pipe.execute()
            if number > limit:
                wait = max(wait, int(left))
        return wait

    async def succeeded(self, *, username: str, address: str) -> None:
        """Forget an account's wrong passwords after a right one, and take this attempt off the address."""
        await self._redis.delete(self._account(username))
        await self.succeeded_from(address)

    async def succeeded_from(self, address: str) -> None:
        """Take an attempt off its address."""
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(self._address(address), 0, ex=self._window, nx=True)  # it may have run out meanwhile
            pipe.decr(self._address(address))
            await pipe.execute()

    async def forget(self, *, username: str) -> None:
        """Forget an account's wrong passwords: its owner has set another one."""
        await self._redis.delete(self._account(username))

    def _account(self, username: str) -> str:
        return f"{self._prefix}:account:{hashlib.sha256(username.encode()).hexdigest()}"

    def _of_address(self, address: str) -> dict[str, int]:
        return {self._address(address): present(self._attempts) * PER_ADDRESS}

    def _address(self, address: str) -> str:
        return f"{self._prefix}:address:{place_of(address)}"


class ApplicationLimit:
    """Shuts the public form after too many applications in an hour, from one address and in all.

    An application is counted before it is written, so that many at the same time cannot slip through; one that is
    refused, for a mistyped field, is taken off again. What one address sends beyond its limit does not count in all,
    so that it cannot shut the form for everybody.
    """

    def __init__(
        self,
        *,
        redis: redis.Redis,
        per_address: Present[int],
        in_all: Present[int],
        phone: Present[str],
        window: timedelta = APPLICATIONS_WINDOW,
    ) -> None:
        self._redis = redis
        self._per_address = per_address
        self._in_all = in_all
        self._phone = phone
        self._window = window

    @contextmanager
    def counted(self, *, address: str) -> Iterator[None]:
        """Count an application from this address while it is placed; refuses with :class:`TooManyApplications`."""
        counts = {f"isp:web:applications:from:{place_of(address)}": present(self._per_address)}
        counts["isp:web:applications:all"] = present(self._in_all)
        counted: list[str] = []
        try:
            for name, limit in counts.items():
                counted.append(name)
                self._count(name, limit)
            yield
        except Refused:
            for name in counted:
                self._take_off(name)
            raise

    def _count(self, name: str, limit: int) -> None:
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(name, 0, ex=self._window, nx=True)
            pipe.incr(name)
            pipe.ttl(name)
            _, number, left = pipe.execute()
        if number > limit:
            raise TooManyApplications(wait=timedelta(seconds=left), phone=present(self._phone))

    def _take_off(self, name: str) -> None:
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(name, 0, ex=self._window, nx=True)
            pipe.decr(name)
            pipe.execute()


class UseLimit:
    """Counts what one account sends in a window, whatever process it asks."""

    def __init__(self, *, redis: Redis, name: str, many: Present[int], window: timedelta) -> None:
        self._redis = redis
        self._prefix = f"isp:web:{name}"
        self._many = many
        self._window = window

    async def over(self, username: str) -> int:
        """Count one; for how many seconds this account is over its limit, 0 while it is not."""
        name = f"{self._prefix}:{hashlib.sha256(username.encode()).hexdigest()}"
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(name, 0, ex=self._window, nx=True)
            pipe.incr(name)
            pipe.ttl(name)
            _, number, left = await pipe.execute()
        return max(int(left), 1) if number > present(self._many) else 0


class RequestLimit:
    """Shuts the door to a machine that asks too often, and to an address that tries tokens."""

    def __init__(self, *, redis: redis.Redis, per_minute: Present[int], wrong: Present[int]) -> None:
        self._redis = redis
        self._per_minute = per_minute
        self._wrong = wrong

    def count(self, *, token: str) -> None:
        """Count a request by this token; refuses with :class:`TooManyRequests`."""
        self._counted(f"isp:api:token:{token}", present(self._per_minute), timedelta(minutes=1))

    def trying(self, *, address: str) -> None:
        """Count that an address shows a token, before it is looked at; refuses with :class:`TooManyRequests`."""
        self._counted(f"isp:api:wrong:{place_of(address)}", present(self._wrong), ATTEMPTS_WINDOW)

    def was_right(self, *, address: str) -> None:
        """The token stands: take it off again."""
        name = f"isp:api:wrong:{place_of(address)}"
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(name, 0, ex=ATTEMPTS_WINDOW, nx=True)
            pipe.decr(name)
            pipe.execute()

    def _counted(self, name: str, limit: int, window: timedelta) -> None:
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(name, 0, ex=window, nx=True)
            pipe.incr(name)
            pipe.ttl(name)
            _, number, left = pipe.execute()
        if number > limit:
            raise TooManyRequests(wait=timedelta(seconds=left))


def place_of(address: str) -> str:
    """What counts as one address: an IPv6 customer has a whole /64 to choose from."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((parsed, 64), strict=False)) if isinstance(parsed, IPv6Address) else address
