"""Limits on what strangers may try, counted in Redis for all server processes together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

import redis
from redis.asyncio import Redis

from isp_lifecycle.access.errors import TooManyApplications, TooManyAttempts
from isp_lifecycle.foundation.errors import Refused

ATTEMPTS_WINDOW = timedelta(minutes=15)
#: Wrong passwords from one address, over all accounts, as a multiple of those for one account: offices share addresses.
PER_ADDRESS = 5
APPLICATIONS_WINDOW = timedelta(hours=1)


class AttemptLimit:
    """Shuts the door after too many wrong passwords, per account and per address, whatever process was asked.

    An attempt is counted before the password is looked at, so that many at the same time cannot slip through; a right
    password clears its account's count.
    """

    def __init__(self, *, redis: Redis, realm: str, attempts: int, window: timedelta = ATTEMPTS_WINDOW) -> None:
        self._redis = redis
        self._prefix = f"isp:web:{realm}:attempts"
        self._attempts = attempts
        self._window = window

    async def count(self, *, username: str, address: str) -> None:
        """Count an attempt; refuses with :class:`TooManyAttempts` when there were too many."""
        limits = {self._account(username): self._attempts, self._address(address): self._attempts * PER_ADDRESS}
        wait = 0
        for name, limit in limits.items():
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.set(name, 0, ex=self._window, nx=True)
                pipe.incr(name)
                pipe.ttl(name)
                _, number, left = await pipe.execute()
            if number > limit:
                wait = max(wait, int(left))
        if wait:
            raise TooManyAttempts(wait=timedelta(seconds=wait))

    async def succeeded(self, *, username: str, address: str) -> None:
        """Forget an account's wrong passwords after a right one, and take this attempt off the address."""
        await self._redis.delete(self._account(username))
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(self._address(address), 0, ex=self._window, nx=True)  # it may have run out meanwhile
            pipe.decr(self._address(address))
            await pipe.execute()

    def _account(self, username: str) -> str:
        return f"{self._prefix}:account:{hashlib.sha256(username.encode()).hexdigest()}"

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
        per_address: int,
        in_all: int,
        phone: str,
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
        counts = {f"isp:web:applications:from:{place_of(address)}": self._per_address}
        counts["isp:web:applications:all"] = self._in_all
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
            raise TooManyApplications(wait=timedelta(seconds=left), phone=self._phone)

    def _take_off(self, name: str) -> None:
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(name, 0, ex=self._window, nx=True)
            pipe.decr(name)
            pipe.execute()


def place_of(address: str) -> str:
    """What counts as one address: an IPv6 customer has a whole /64 to choose from."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((parsed, 64), strict=False)) if isinstance(parsed, IPv6Address) else address
