"""Addresses and blocks: taken, used, rested, free again; never given to two and never lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv4Network
from itertools import pairwise
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isp_lifecycle.foundation.db import Tx, write
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.terms import AddressPolicy
from isp_lifecycle.foundation.upsert import Change, Put
from isp_lifecycle.ipam import actions
from isp_lifecycle.ipam.errors import (
    AddressTaken,
    NoSuchPool,
    OtherAddressHeld,
    PoolEmpty,
    PoolInUse,
    PoolsOverlap,
    PoolWrong,
    SpaceConflict,
)
from isp_lifecycle.ipam.model import Allocation, AllocationState, Extent, Pool, PoolFill
from isp_lifecycle.ipam.store import allocations, free_extents

AT = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
DAY = timedelta(hours=24)
STATIC, DYNAMIC, BLOCK = AddressPolicy.STATIC, AddressPolicy.DYNAMIC, AddressPolicy.BLOCK29


def put(tx: Tx, name: str = "static-1", policy: AddressPolicy = STATIC, **more: object) -> Put[Pool]:
    fields = {"prefix": "198.51.100.0/29", "gateway": "198.51.100.1", **more}
    return actions.put_pool(tx=tx, name=name, policy=policy, **fields)


def reserve(tx: Tx, owner: UUID | None = None, policy: AddressPolicy = STATIC, area: str | None = None) -> Allocation:
    return actions.reserve(tx=tx, owner=owner or new_id(), policy=policy, area=area, at=AT)


def extents(tx: Tx) -> list[Extent]:
    query = sa.select(free_extents.c.first, free_extents.c.last).order_by(free_extents.c.pool_id, free_extents.c.last)
    return [Extent(row.first, row.last) for row in tx.execute(query)]


def test_reservation_is_the_first_free_address_and_the_same_if_asked_again(engine: sa.Engine) -> None:
    owner = new_id()
    with write(engine) as tx:
        pool = put(tx).value
        first = reserve(tx, owner)
        assert reserve(tx, owner) == first
        assert actions.allocation_of(tx=tx, owner=owner) == first
        assert reserve(tx).address == IPv4Address("198.51.100.3")
        assert actions.allocation_of(tx=tx, owner=new_id()) is None
    assert first == Allocation(
        id=first.id,
        pool_id=pool.id,
        pool="static-1",
        policy=STATIC,
        owner=owner,
        prefix=IPv4Network("198.51.100.2/32"),
        address=IPv4Address("198.51.100.2"),
        gateway=IPv4Address("198.51.100.1"),
        state=AllocationState.RESERVED,
        reserved_at=AT,
        link_length=29,
    )


def test_block_comes_with_its_own_gateway_and_address(engine: sa.Engine) -> None:
    with write(engine) as tx:
        put(tx, "blocks-1", BLOCK, prefix="203.0.113.0/24", gateway="203.0.113.1")
        blocks = [reserve(tx, policy=BLOCK) for _ in range(2)]
    assert [(str(b.prefix), str(b.gateway), str(b.address)) for b in blocks] == [
        ("203.0.113.8/29", "203.0.113.9", "203.0.113.10"),
        ("203.0.113.16/29", "203.0.113.17", "203.0.113.18"),
    ]


def test_pool_of_the_area_comes_first_then_one_of_every_area(engine: sa.Engine) -> None:
    with write(engine) as tx:
        put(tx, "everywhere", prefix="198.51.100.0/30", gateway=None)
        put(tx, "harbour", prefix="198.51.100.4/30", gateway=None, area="Harbour")
        put(tx, "hillside", prefix="198.51.100.8/30", gateway=None, area="Hillside")
        put(tx, "other kind", DYNAMIC, prefix="198.51.100.12/30", gateway=None)
        assert [reserve(tx, area="Harbour").pool for _ in range(4)] == ["harbour"] * 2 + ["everywhere"] * 2
        with pytest.raises(PoolEmpty) as empty:
            reserve(tx, area="Harbour")
        with pytest.raises(PoolEmpty):
            reserve(tx)
        assert reserve(tx, area="Hillside").pool == "hillside"
    assert (empty.value.policy, empty.value.area, empty.value.kind) == ("static", "Harbour", "needs person")


def test_owner_who_holds_another_kind_is_told(engine: sa.Engine) -> None:
    owner = new_id()
    with write(engine) as tx:
        put(tx)
        put(tx, "dynamic-1", DYNAMIC, prefix="100.64.0.0/24", gateway=None)
        reserve(tx, owner)
        with pytest.raises(OtherAddressHeld) as refused:
            reserve(tx, owner, DYNAMIC)
        assert refused.value.held == "198.51.100.2/32 (static)"
        actions.release(tx=tx, owner=owner, at=AT)
        assert reserve(tx, owner, DYNAMIC).pool == "dynamic-1"


def test_assignment_needs_a_reservation_and_is_the_same_again(engine: sa.Engine) -> None:
    owner = new_id()
    with write(engine) as tx:
        put(tx)
        with pytest.raises(NotFound):
            actions.assign(tx=tx, owner=owner)
        held = reserve(tx, owner)
        assigned = actions.assign(tx=tx, owner=owner)
        assert assigned == replace(held, state=AllocationState.ASSIGNED)
        assert actions.assign(tx=tx, owner=owner) == assigned
        assert reserve(tx, owner) == assigned


def test_next_address_is_held_beside_the_one_in_use_until_they_are_switched(engine: sa.Engine) -> None:
    owner = new_id()
    with write(engine) as tx:
        put(tx)
        reserve(tx, owner)
        old = actions.assign(tx=tx, owner=owner)
        coming = actions.reserve_next(tx=tx, owner=owner, policy=STATIC, area=None, at=AT)
        assert coming.prefix != old.prefix
        assert actions.reserve_next(tx=tx, owner=owner, policy=STATIC, area=None, at=AT) == coming
        assert actions.allocation_of(tx=tx, owner=owner) == old
        with pytest.raises(OtherAddressHeld):
            actions.reserve_next(tx=tx, owner=owner, policy=BLOCK, area=None, at=AT)
        for _ in range(2):
            used = actions.switch(tx=tx, owner=owner, at=AT)
            assert used == replace(coming, state=AllocationState.ASSIGNED)
        resting = tx.execute(sa.select(allocations.c.prefix).where(allocations.c.state == "quarantined")).scalars()
        assert list(resting) == [old.prefix]


def test_next_address_that_is_dropped_is_free_at_once(engine: sa.Engine) -> None:
    owner = new_id()
    with write(engine) as tx:
        put(tx)
        reserve(tx, owner)
        old, before = actions.assign(tx=tx, owner=owner), extents(tx)
        actions.reserve_next(tx=tx, owner=owner, policy=STATIC, area=None, at=AT)
        assert extents(tx) != before
        assert actions.drop_next(tx=tx, owner=owner, at=AT) is not None
        assert actions.drop_next(tx=tx, owner=owner, at=AT) is None
        assert (extents(tx), actions.allocation_of(tx=tx, owner=owner)) == (before, old)


def test_address_serves_the_areas_of_its_pool(engine: sa.Engine) -> None:
    with write(engine) as tx:
        put(tx, "harbour", prefix="198.51.100.4/30", gateway=None, area="Harbour")
        put(tx, "everywhere", prefix="198.51.100.8/30", gateway=None)
        here, everywhere = reserve(tx, area="Harbour"), reserve(tx, area="Hillside")
        assert actions.serves(tx=tx, held=here, area="Harbour")
        assert not actions.serves(tx=tx, held=here, area="Hillside")
        assert actions.serves(tx=tx, held=everywhere, area="Hillside")


@pytest.mark.parametrize("used", [False, True])
def test_released_address_rests_a_day_before_anybody_gets_it(engine: sa.Engine, used: bool) -> None:
    owner = new_id()
    with write(engine) as tx:
        put(tx, prefix="198.51.100.0/30")
        held = reserve(tx, owner)
        if used:
            held = actions.assign(tx=tx, owner=owner)
        released = actions.release(tx=tx, owner=owner, at=AT)
        assert released == replace(held, state=AllocationState.QUARANTINED, until=AT + DAY)
        assert actions.release(tx=tx, owner=owner, at=AT) is None
        assert actions.allocation_of(tx=tx, owner=owner) is None
        with pytest.raises(PoolEmpty):
            reserve(tx)
        assert actions.end_quarantine(tx=tx, at=AT + DAY - timedelta(seconds=1)) == 0
        with pytest.raises(PoolEmpty):
            reserve(tx)
        assert actions.end_quarantine(tx=tx, at=AT + DAY) == 1
        assert actions.end_quarantine(tx=tx, at=AT + DAY) == 0
        assert reserve(tx).prefix == held.prefix


def test_quarantines_end_in_portions_the_longest_rested_first(engine: sa.Engine) -> None:
    with write(engine) as tx:
        put(tx)
        owners = [new_id() for _ in range(3)]
        for hours, owner in enumerate(owners):
            reserve(tx, owner)
            actions.release(tx=tx, owner=owner, at=AT + timedelta(hours=hours))
        end = AT + DAY * 2
        assert actions.end_quarantine(tx=tx, at=end, limit=2) == 2
        assert extents(tx) == [Extent(2, 3), Extent(5, 6)]
        assert actions.end_quarantine(tx=tx, at=end, limit=2) == 1
        assert extents(tx) == [Extent(2, 6)]


def test_fill_counts_what_is_taken_and_what_rests(engine: sa.Engine) -> None:
    with write(engine) as tx:
        put(tx)
        put(tx, "blocks-1", BLOCK, prefix="203.0.113.0/24", gateway=None, area="Harbour")
        owner = new_id()
        reserve(tx, owner)
        actions.release(tx=tx, owner=owner, at=AT)
        for _ in range(2):
            reserve(tx)
        reserve(tx, policy=BLOCK, area="Harbour")
        blocks, static = actions.fill(tx=tx)
    assert static == PoolFill(
        pool="static-1",
        area=None,
        policy=STATIC,
        prefix=IPv4Network("198.51.100.0/29"),
        size=5,
        taken=2,
        quarantined=1,
    )
    assert (static.free, static.share) == (2, 0.6)
    assert (blocks.pool, blocks.size, blocks.taken, blocks.free, blocks.area) == ("blocks-1", 32, 1, 31, "Harbour")


def test_pool_is_created_then_same_then_changed(engine: sa.Engine) -> None:
    with write(engine) as tx:
        first, again = put(tx), put(tx)
        moved = put(tx, area="Harbour")
        assert [first.change, again.change, moved.change] == [Change.CREATED, Change.SAME, Change.CHANGED]
        smaller = put(tx, area="Harbour", excluded=("198.51.100.6/31",))
        assert smaller.value == replace(moved.value, excluded=(IPv4Network("198.51.100.6/31"),))
        assert actions.all_pools(tx=tx) == (smaller.value,)
        assert extents(tx) == [Extent(2, 5)]
        assert reserve(tx, area="Harbour").pool == "static-1"
        with pytest.raises(PoolEmpty):
            reserve(tx, area="Hillside")


def test_pool_that_is_used_keeps_its_bounds(engine: sa.Engine) -> None:
    with write(engine) as tx:
        put(tx)
        reserve(tx)
        before = extents(tx)
        with pytest.raises(PoolInUse):
            put(tx, excluded=("198.51.100.6/31",))
        assert extents(tx) == before
        assert put(tx, area="Harbour").change is Change.CHANGED
        with pytest.raises(PoolWrong, match="prefix"):
            put(tx, prefix="198.51.100.0/28")
        with pytest.raises(PoolWrong, match="policy"):
            put(tx, policy=DYNAMIC)


def test_pools_that_overlap_are_refused_and_both_named(engine: sa.Engine) -> None:
    with write(engine) as tx:
        put(tx)
        with pytest.raises(PoolsOverlap) as refused:
            put(tx, "wider", DYNAMIC, prefix="198.51.100.0/24", gateway=None)
        assert put(tx, "beside", prefix="198.51.100.8/29", gateway=None).change is Change.CREATED
    assert str(refused.value) == "Pool wider (198.51.100.0/24) overlaps pool static-1 (198.51.100.0/29)."


def test_import_adopts_the_address_that_a_line_already_uses(engine: sa.Engine) -> None:
    owner, other = new_id(), new_id()
    with write(engine) as tx:
        put(tx)
        adopted = actions.adopt(tx=tx, owner=owner, address="198.51.100.4", at=AT)
        assert (adopted.state, str(adopted.prefix)) == (AllocationState.ASSIGNED, "198.51.100.4/32")
        assert actions.adopt(tx=tx, owner=owner, address="198.51.100.4", at=AT) == adopted
        assert extents(tx) == [Extent(2, 3), Extent(5, 6)]
        with pytest.raises(OtherAddressHeld):
            actions.adopt(tx=tx, owner=owner, address="198.51.100.5", at=AT)
        with pytest.raises(AddressTaken) as taken:
            actions.adopt(tx=tx, owner=other, address="198.51.100.4", at=AT)
        with pytest.raises(AddressTaken, match="kept out"):
            actions.adopt(tx=tx, owner=other, address="198.51.100.1", at=AT)
        with pytest.raises(NoSuchPool):
            actions.adopt(tx=tx, owner=other, address="192.0.2.1", at=AT)
        put(tx, "blocks-1", BLOCK, prefix="203.0.113.0/24", gateway="203.0.113.1")
        block = actions.adopt(tx=tx, owner=other, address="203.0.113.40", at=AT)
        assert str(block.prefix) == "203.0.113.40/29"
        assert [str(reserve(tx).address) for _ in range(3)] == ["198.51.100.2", "198.51.100.3", "198.51.100.5"]
    assert taken.value.owner == owner


def test_adoption_takes_over_what_was_reserved(engine: sa.Engine) -> None:
    owner = new_id()
    with write(engine) as tx:
        put(tx)
        held = reserve(tx, owner)
        adopted = actions.adopt(tx=tx, owner=owner, address=held.address, at=AT)
    assert adopted == replace(held, state=AllocationState.ASSIGNED)


@pytest.mark.parametrize("state", ["reserved", "assigned", "quarantined"])
def test_database_never_lets_two_hold_overlapping_space(engine: sa.Engine, state: str) -> None:
    with write(engine) as tx:
        pool = put(tx).value
        reserve(tx)
    row = {"pool_id": pool.id, "state": state, "reserved_at": AT, "until": AT, "owner": new_id(), "id": new_id()}
    with pytest.raises(sa.exc.IntegrityError) as refused, write(engine) as tx:
        tx.execute(allocations.insert().values(prefix=IPv4Network("198.51.100.0/29"), **row))
    assert "ex_allocations_prefix" in str(refused.value)


def test_damage_by_hand_is_a_persons_task_and_not_a_second_owner(engine: sa.Engine) -> None:
    with write(engine) as tx:
        put(tx)
        first = reserve(tx)
        tx.execute(free_extents.update().values(first=2))
    with pytest.raises(SpaceConflict) as found, write(engine) as tx:
        reserve(tx)
    assert str(first.owner) in str(found.value)
    assert found.value.kind == "needs person"


@dataclass(frozen=True)
class Op:
    """One thing that somebody does: what, who, and for an adoption which unit."""

    what: str
    who: int
    unit: int


# Units on both sides of a border between segments, besides the first ones, which reservations take.
ops = st.lists(
    st.builds(
        Op,
        st.sampled_from(["reserve", "adopt", "assign", "release", "rest"]),
        st.integers(0, 7),
        st.integers(1, 9) | st.integers(252, 260) | st.integers(1_018, 1_022),
    ),
    max_size=40,
)


def apply(tx: Tx, op: Op, owner: UUID, pool: Pool) -> None:
    if op.what == "reserve":
        reserve(tx, owner)
    elif op.what == "adopt":
        actions.adopt(tx=tx, owner=owner, address=pool.prefix_of(op.unit)[0], at=AT)
    elif op.what == "assign":
        actions.assign(tx=tx, owner=owner)
    elif op.what == "release":
        actions.release(tx=tx, owner=owner, at=AT)
    else:
        actions.end_quarantine(tx=tx, at=AT + DAY, limit=op.unit)


def units_out(tx: Tx, pool: Pool) -> list[int]:
    out = tx.execute(sa.select(allocations.c.prefix).where(allocations.c.state != "free")).scalars()
    return [pool.unit_of(prefix.network_address) for prefix in out]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ops)
def test_nothing_overlaps_and_nothing_leaks_in_whatever_order(engine: sa.Engine, todo: list[Op]) -> None:
    with engine.connect() as tx, tx.begin() as transaction:
        pool = put(tx, prefix="100.64.0.0/22", gateway=None).value
        everything = sorted(u for e in pool.free_extents() for u in range(e.first, e.last + 1))
        owners = [new_id() for _ in range(8)]
        for op in todo:
            try:
                apply(tx, op, owners[op.who], pool)
            except (AddressTaken, OtherAddressHeld, NotFound):
                pass  # refused, as it should be; what counts is what stands afterwards
            now = extents(tx)
            free = [u for e in now for u in range(e.first, e.last + 1)]
            assert sorted(free + units_out(tx, pool)) == everything
            borders = [(a, b) for a, b in pairwise(now) if a.last + 1 == b.first]
            assert all(b.first % 256 == 0 for _, b in borders), "neighbours that were not joined"
        for owner in owners:
            actions.release(tx=tx, owner=owner, at=AT)
        actions.end_quarantine(tx=tx, at=AT + DAY)
        assert extents(tx) == list(pool.free_extents())
        transaction.rollback()


def test_taking_costs_the_same_in_a_full_pool_as_in_an_empty_one(engine: sa.Engine) -> None:
    """By PostgreSQL's own count of the pages and rows it touched, which no neighbour on this machine disturbs."""
    with write(engine) as tx:
        pool = put(tx, prefix="10.0.0.0/16", gateway=None).value
    first = rows_read_by_a_reservation(engine)
    with write(engine) as tx:
        rows = [
            {
                "id": new_id(),
                "pool_id": pool.id,
                "prefix": pool.prefix_of(unit),
                "owner": new_id(),
                "state": "assigned",
                "reserved_at": AT,
                "until": None,
            }
            for unit in range(300, 20_300)
        ]
        tx.execute(allocations.insert(), rows)
        tx.execute(free_extents.delete().where(free_extents.c.last < 20_479))
        tx.execute(free_extents.update().where(free_extents.c.last == 20_479).values(first=20_300))
        # What autovacuum does within a minute anyhow; done by it in the middle of the rows above, half of it misleads.
        tx.execute(sa.text("ANALYZE allocations, free_extents"))
    later = rows_read_by_a_reservation(engine)
    assert later <= first + 3


def rows_read_by_a_reservation(engine: sa.Engine) -> int:
    """How many rows one reservation fetches from the two tables, by index or by scan."""
    query = sa.text(
        "SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables "
        "WHERE relname IN ('allocations', 'free_extents')"
    )
    with write(engine) as tx:
        before = tx.execute(query).scalar_one()
        reserve(tx)
        return int(tx.execute(query).scalar_one() - before)
