"""Races for numbers, with real processes: a pool that holds exactly enough is enough, and never for two."""

from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from datetime import UTC, datetime
from multiprocessing.context import ForkServerContext
from uuid import UUID

import pytest
import sqlalchemy as sa

from isp_lifecycle.foundation.db import Tx, open_engine, write
from isp_lifecycle.foundation.errors import LifecycleError
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.terms import AddressPolicy, Ipv6Policy, Policy
from isp_lifecycle.ipam import actions
from isp_lifecycle.ipam.errors import PoolEmpty, VlanOwned
from isp_lifecycle.ipam.store import free_extents

AT = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
PROCESSES = 16
THREADS = 8


class Failure(Exception):
    """Something goes wrong after the reservation, so that its transaction is rolled back."""


def reserve(engine: sa.Engine, owner: UUID, *, failing: bool = False, policy: Policy = AddressPolicy.STATIC) -> str:
    """Reserve for this owner in a transaction of its own; ``failing``, something goes wrong before it is committed."""
    with write(engine) as tx:
        held = actions.reserve(tx=tx, owner=owner, policy=policy, area=None, at=AT)
        if failing:
            raise Failure
    return str(held.address)


def copies() -> ForkServerContext:
    """Processes that are each a copy of one that has imported everything and opened nothing."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def reserve_for_all(url: str, owners: list[UUID], policy: Policy) -> list[str]:
    """What one process does: for each owner a reservation that fails, then one that stands."""
    engine = open_engine(url)
    addresses = []
    for owner in owners:
        with pytest.raises(Failure):
            reserve(engine, owner, failing=True, policy=policy)
        addresses.append(reserve(engine, owner, policy=policy))
    engine.dispose()
    return addresses


@pytest.mark.parametrize(
    ("policy", "prefix", "excluded", "each"),
    [
        (AddressPolicy.STATIC, "198.51.100.0/25", ("198.51.100.2/31", "198.51.100.4/30", "198.51.100.8/29"), 7),
        # on both sides of a border between segments
        (
            AddressPolicy.STATIC,
            "100.64.0.0/23",
            ("100.64.0.0/25", "100.64.0.128/26", "100.64.1.64/26", "100.64.1.128/25"),
            8,
        ),
        (Ipv6Policy.PD56, "2001:db8::/50", (), 4),
    ],
)
def test_sixteen_processes_empty_a_pool_to_the_last_address(
    engine: sa.Engine, database: str, policy: Policy, prefix: str, excluded: tuple[str, ...], each: int
) -> None:
    with write(engine) as tx:
        pool = actions.put_pool(tx=tx, name="exact", policy=policy, prefix=prefix, excluded=excluded).value
    assert pool.size == PROCESSES * each
    owners = [[new_id() for _ in range(each)] for _ in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES, mp_context=copies()) as processes:
        taken = list(processes.map(reserve_for_all, [database] * PROCESSES, owners, [policy] * PROCESSES))
    addresses = [address for one in taken for address in one]
    assert len(addresses) == len(set(addresses)) == pool.size
    with write(engine) as tx:
        assert tx.execute(sa.select(free_extents)).all() == []
        assert actions.fill(tx=tx)[0].free == 0
    with pytest.raises(PoolEmpty):
        reserve(engine, new_id(), policy=policy)


NUMBERS = range(100, 148)


def take_vlans(url: str, purpose: str, start: int) -> dict[int, bool]:
    """What one process does: for each number, beginning elsewhere than the others, one attempt that fails, then one."""
    engine = open_engine(url)
    mine = {}
    for number in (*range(start, NUMBERS.stop), *range(NUMBERS.start, start)):
        try:
            with suppress(Failure), write(engine) as tx:
                actions.reserve_vlan(tx=tx, olt="OLT-A", number=number, purpose=purpose, at=AT)
                raise Failure
            with write(engine) as tx:
                actions.reserve_vlan(tx=tx, olt="OLT-A", number=number, purpose=purpose, at=AT)
            mine[number] = True
        except VlanOwned:
            mine[number] = False
    engine.dispose()
    return mine


def test_sixteen_processes_want_the_same_vlans_and_each_is_one_purposes(engine: sa.Engine, database: str) -> None:
    purposes = [f"wholesale {number}" for number in range(PROCESSES)]
    starts = [NUMBERS.start + number * len(NUMBERS) // PROCESSES for number in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES, mp_context=copies()) as processes:
        got = list(processes.map(take_vlans, [database] * PROCESSES, purposes, starts))
    owners = {number: [p for p, mine in zip(purposes, got, strict=True) if mine[number]] for number in NUMBERS}
    assert {number: len(who) for number, who in owners.items()} == dict.fromkeys(NUMBERS, 1)
    with write(engine) as tx:
        assert {v.number: [v.purpose] for v in actions.vlans(tx=tx, olt="OLT-A")} == owners


def test_of_eight_for_the_last_address_one_gets_it_and_the_others_are_told(engine: sa.Engine) -> None:
    with write(engine) as tx:
        actions.put_pool(tx=tx, name="one", policy=AddressPolicy.STATIC, prefix="198.51.100.7/32")
    start = threading.Barrier(THREADS)

    def once(_: int) -> str:
        start.wait()
        try:
            return reserve(engine, new_id())
        except LifecycleError as error:
            return type(error).__name__

    with ThreadPoolExecutor(THREADS) as threads:
        results = sorted(threads.map(once, range(THREADS)))
    assert results == ["198.51.100.7"] + ["PoolEmpty"] * 7


def test_one_owner_asking_eight_times_at_once_gets_one_address(engine: sa.Engine) -> None:
    owner = new_id()
    with write(engine) as tx:
        actions.put_pool(tx=tx, name="many", policy=AddressPolicy.STATIC, prefix="198.51.100.0/24")

    with ThreadPoolExecutor(THREADS) as threads:
        assert set(threads.map(reserve, [engine] * THREADS, [owner] * THREADS)) == {"198.51.100.1"}


def test_whoever_finds_all_that_is_left_in_other_hands_waits_for_it(engine: sa.Engine) -> None:
    with write(engine) as tx:
        actions.put_pool(tx=tx, name="one", policy=AddressPolicy.STATIC, prefix="198.51.100.7/32")

    with ThreadPoolExecutor(1) as threads:
        with engine.connect() as first, first.begin() as transaction:
            actions.reserve(tx=first, owner=new_id(), policy=AddressPolicy.STATIC, area=None, at=AT)
            waiting = threads.submit(reserve, engine, new_id())
            with pytest.raises(NotYet):
                waiting.result(timeout=0.3)
            transaction.rollback()
        assert waiting.result(timeout=5) == "198.51.100.7"


def held(tx: Tx) -> str:
    taken = actions.reserve(tx=tx, owner=new_id(), policy=AddressPolicy.STATIC, area=None, at=AT)
    return str(taken.address)


@pytest.fixture
def two_apart(engine: sa.Engine) -> sa.Engine:
    """A pool of two addresses that are not neighbours: .2 and .4."""
    outside = ("198.51.100.0/31", "198.51.100.3/32", "198.51.100.5/32", "198.51.100.6/31")
    with write(engine) as tx:
        actions.put_pool(tx=tx, name="two", policy=AddressPolicy.STATIC, prefix="198.51.100.0/29", excluded=outside)
    return engine


def test_waiting_goes_on_to_the_next_when_what_one_waited_for_was_used_up(two_apart: sa.Engine) -> None:
    with ThreadPoolExecutor(1) as threads, two_apart.connect() as first, two_apart.connect() as second:
        keeps, gives_up = first.begin(), second.begin()
        assert (held(first), held(second)) == ("198.51.100.2", "198.51.100.4")
        waiting = threads.submit(reserve, two_apart, new_id())
        keeps.commit()
        with pytest.raises(NotYet):
            waiting.result(timeout=0.3)
        gives_up.rollback()
        assert waiting.result(timeout=5) == "198.51.100.4"


def test_waiting_ends_with_what_came_back_meanwhile(two_apart: sa.Engine) -> None:
    owner = new_id()
    assert reserve(two_apart, owner) == "198.51.100.2"
    with write(two_apart) as tx:
        actions.release(tx=tx, owner=owner, at=AT)
    with ThreadPoolExecutor(1) as threads, two_apart.connect() as first, first.begin() as keeps:
        assert held(first) == "198.51.100.4"
        waiting = threads.submit(reserve, two_apart, new_id())
        with pytest.raises(NotYet):
            waiting.result(timeout=0.3)
        with write(two_apart) as tx:
            assert actions.end_quarantine(tx=tx, at=AT + actions.QUARANTINE) == 1
        keeps.commit()
        assert waiting.result(timeout=5) == "198.51.100.2"
