"""Pools and extents as arithmetic, without a database."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.terms import AddressPolicy
from isp_lifecycle.ipam.errors import AddressWrong, PoolWrong
from isp_lifecycle.ipam.model import (
    ALLOCATION_MOVES,
    SEGMENT,
    AllocationState,
    Extent,
    Pool,
    joined,
    neighbours,
    parsed_address,
    parsed_prefix,
)

STATIC = Pool(
    id=new_id(),
    name="static-1",
    area=None,
    policy=AddressPolicy.STATIC,
    prefix=IPv4Network("198.51.100.0/24"),
    gateway=IPv4Address("198.51.100.1"),
)
BLOCKS = replace(
    STATIC,
    name="blocks-1",
    policy=AddressPolicy.BLOCK29,
    prefix=IPv4Network("203.0.113.0/24"),
    gateway=IPv4Address("203.0.113.1"),
)


def test_moves_reach_every_state_and_end_in_one() -> None:
    assert ALLOCATION_MOVES.reachable() == frozenset(AllocationState)
    assert ALLOCATION_MOVES.terminal == {AllocationState.FREE}


def test_pool_of_single_addresses_keeps_network_broadcast_and_gateway() -> None:
    assert tuple(STATIC.free_extents()) == (Extent(2, 254),)
    assert STATIC.size == 253
    assert STATIC.prefix_of(2) == IPv4Network("198.51.100.2/32")
    assert STATIC.address_in(STATIC.prefix_of(2)) == IPv4Address("198.51.100.2")
    assert STATIC.gateway_for(STATIC.prefix_of(2)) == IPv4Address("198.51.100.1")


def test_pool_of_blocks_keeps_the_block_of_its_gateway() -> None:
    assert tuple(BLOCKS.free_extents()) == (Extent(1, 31),)
    block = BLOCKS.prefix_of(1)
    assert block == IPv4Network("203.0.113.8/29")
    assert (BLOCKS.gateway_for(block), BLOCKS.address_in(block)) == (
        IPv4Address("203.0.113.9"),
        IPv4Address("203.0.113.10"),
    )
    assert [BLOCKS.unit_of(address) for address in (block[0], block[7])] == [1, 1]


def test_pool_cuts_what_it_keeps_out_and_at_the_borders_of_segments() -> None:
    pool = replace(
        STATIC,
        prefix=IPv4Network("100.64.0.0/22"),
        gateway=None,
        excluded=(IPv4Network("100.64.1.0/28"), IPv4Network("100.64.1.8/29"), IPv4Network("100.64.0.254/31")),
    )
    assert tuple(pool.free_extents()) == (
        Extent(1, 253),
        Extent(272, 511),
        Extent(512, 767),
        Extent(768, 1022),
    )
    assert pool.size == 1_024 - 2 - 16 - 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " x"),
        ("area", " "),
        ("prefix", IPv4Network("0.0.0.0/7")),
        ("gateway", IPv4Address("198.51.101.1")),
        ("excluded", (IPv4Network("198.51.0.0/16"),)),
        ("excluded", (IPv4Network("198.51.100.0/24"),)),
    ],
)
def test_pool_refuses_what_cannot_be(field: str, value: object) -> None:
    with pytest.raises(PoolWrong) as refused:
        replace(STATIC, **{field: value})
    assert refused.value.field in {field, "prefix"}


def test_block_larger_than_the_prefix_is_refused() -> None:
    with pytest.raises(PoolWrong):
        replace(BLOCKS, prefix=IPv4Network("203.0.113.0/30"), gateway=None)


@pytest.mark.parametrize("wrong", ["198.51.100.0/33", "198.51.100.1/24", "2001:db8::1/32", "", "x"])
def test_prefix_is_checked(wrong: str) -> None:
    with pytest.raises(PoolWrong) as refused:
        parsed_prefix(wrong, pool="static-1", field="prefix")
    assert (refused.value.field, refused.value.value) == ("prefix", wrong)


@pytest.mark.parametrize("wrong", ["198.51.100", "2001:db8::g", "", "x"])
def test_address_is_checked(wrong: str) -> None:
    with pytest.raises(AddressWrong):
        parsed_address(wrong)


policies = st.sampled_from(AddressPolicy)


@st.composite
def drawn_pools(draw: st.DrawFn) -> Pool | None:
    policy = draw(policies)
    length = draw(st.integers(max(8, policy.prefix_length - 11), policy.prefix_length))
    prefix = IPv4Network(f"10.0.0.0/{length}")
    inside = st.integers(0, prefix.num_addresses - 1).map(lambda n: prefix[n])
    cut = st.tuples(inside, st.integers(length, 32)).map(lambda c: IPv4Network((int(c[0]), c[1]), strict=False))
    try:
        return replace(
            STATIC,
            policy=policy,
            prefix=prefix,
            gateway=draw(st.none() | inside),
            excluded=tuple(draw(st.lists(cut, max_size=4))),
        )
    except PoolWrong:
        return None


@settings(deadline=None)
@given(drawn_pools())
def test_free_extents_hold_each_unit_once_and_none_that_is_kept_out(pool: Pool | None) -> None:
    if pool is None:
        return
    extents = list(pool.free_extents())
    units = [unit for extent in extents for unit in range(extent.first, extent.last + 1)]
    assert units == sorted(set(units))
    assert len(units) == pool.size
    assert all(extent.first // SEGMENT == extent.last // SEGMENT for extent in extents)
    given_out = set(units)
    kept_out = [*pool.excluded, *([IPv4Network(pool.gateway)] if pool.gateway else [])]
    for unit in range(pool.units):
        prefix = pool.prefix_of(unit)
        assert pool.unit_of(prefix[0]) == pool.unit_of(prefix[-1]) == unit
        ends = not pool.policy.is_block and pool.prefix.prefixlen < 31 and unit in (0, pool.units - 1)
        assert (unit in given_out) is not (ends or any(prefix.overlaps(network) for network in kept_out))


@given(st.integers(0, 600), st.integers(0, 600), st.integers(0, 600))
def test_unit_taken_out_of_an_extent_and_joined_again_gives_the_extent(a: int, b: int, unit: int) -> None:
    extent = Extent(min(a, b), max(a, b))
    if unit not in extent:
        assert extent.without(unit) == (extent,)
        return
    rests = extent.without(unit)
    before = next((rest for rest in rests if rest.last == unit - 1), None)
    after = next((rest for rest in rests if rest.first == unit + 1), None)
    assert joined(unit, before=before, after=after) == extent
    assert sum(rest.last - rest.first + 1 for rest in rests) == extent.last - extent.first


def test_neighbours_end_at_the_border_of_a_segment() -> None:
    assert [neighbours(unit) for unit in (0, 1, SEGMENT - 1, SEGMENT)] == [
        (None, 1),
        (0, 2),
        (SEGMENT - 2, None),
        (None, SEGMENT + 1),
    ]
