"""The limit on applications, on a real Redis."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
import redis

from isp_lifecycle.access.errors import TooManyApplications
from isp_lifecycle.access.limits import ApplicationLimit, place_of
from isp_lifecycle.foundation.errors import NotFound

HOME, OTHER = "192.0.2.7", "198.51.100.9"


def limit_of(client: redis.Redis, *, per_address: int = 3, in_all: int = 5) -> ApplicationLimit:
    """A limit as one server process has it."""
    return ApplicationLimit(redis=client, per_address=per_address, in_all=in_all, phone="+353 1 555 0100")


def apply(limit: ApplicationLimit, address: str, *, times: int = 1) -> None:
    """Place applications."""
    for _ in range(times):
        with limit.counted(address=address):
            pass


def test_one_address_is_shut_out_over_processes_and_does_not_shut_out_others(redis_client: redis.Redis) -> None:
    one, two = limit_of(redis_client), limit_of(redis_client)
    apply(one, HOME, times=2)
    apply(two, HOME)
    for _ in range(10):
        with pytest.raises(TooManyApplications, match="no more by this form") as refused:
            apply(one, HOME)
    assert timedelta(minutes=59) < refused.value.wait <= timedelta(hours=1)
    assert "in 60 minutes, or call +353 1 555 0100" in refused.value.remedy
    apply(two, OTHER, times=2)
    with pytest.raises(TooManyApplications):
        apply(two, "203.0.113.1")


def test_refused_application_is_not_counted(redis_client: redis.Redis) -> None:
    limit = limit_of(redis_client, per_address=1)
    for _ in range(4):
        with pytest.raises(NotFound), limit.counted(address=HOME):
            raise NotFound("premises", "P-1")
    apply(limit, HOME)
    with pytest.raises(TooManyApplications):
        apply(limit, HOME)


def test_applications_at_the_same_time_do_not_slip_through(redis_client: redis.Redis) -> None:
    limit, together = limit_of(redis_client), threading.Barrier(12)
    taken: list[int] = []

    def press() -> None:
        together.wait()
        with suppress(TooManyApplications), limit.counted(address=HOME):
            taken.append(1)

    threads = [threading.Thread(target=press) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 3


def test_neighbours_in_an_ipv6_network_are_one_address() -> None:
    assert place_of("2001:db8:1:2::3") == place_of("2001:db8:1:2:ffff::4") != place_of("2001:db8:1:3::3")
    assert place_of(HOME) == HOME
    assert place_of("unknown") == "unknown"
