"""Deterministic NAT: both ways by arithmetic, at any instant of the past, and no port for two."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv4Network

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.terms import AddressPolicy
from isp_lifecycle.foundation.upsert import Change
from isp_lifecycle.ipam import actions
from isp_lifecycle.ipam.errors import NatsOverlap, NatWrong, PoolWrong
from isp_lifecycle.ipam.model import Nat, Ports

AT = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NAT = Nat(
    name="cgn-1",
    inside=IPv4Network("100.64.0.0/24"),
    outside=IPv4Network("192.0.2.0/29"),
    ports=1000,
    excluded=(Ports(5060, 5061),),
)


def test_blocks_are_of_one_piece_and_leave_out_what_is_excluded() -> None:
    assert [str(block) for block in NAT.blocks[:6]] == [
        *("1024-2023", "2024-3023", "3024-4023", "4024-5023"),  # 5024 to 5059 are too few
        *("5062-6061", "6062-7061"),
    ]
    assert len(NAT.blocks) == 64
    assert NAT.outside_of(IPv4Address("100.64.0.0")) == (IPv4Address("192.0.2.0"), Ports(1024, 2023))
    assert NAT.outside_of(IPv4Address("100.64.0.65")) == (IPv4Address("192.0.2.1"), Ports(2024, 3023))
    assert NAT.inside_of(IPv4Address("192.0.2.1"), 3023) == IPv4Address("100.64.0.65")


@pytest.mark.parametrize("port", [0, 1023, 5024, 5060, 5061, 65535])
def test_ports_below_1024_excluded_ones_and_rests_are_nobodys(port: int) -> None:
    assert NAT.inside_of(IPv4Address("192.0.2.1"), port) is None


def test_outside_address_that_no_customer_was_put_behind_is_nobodys() -> None:
    assert NAT.inside_of(IPv4Address("192.0.2.4"), 1024) is None


@st.composite
def nats(draw: st.DrawFn) -> Nat:
    gaps = [
        Ports(first, first + draw(st.integers(0, 3000))) for first in draw(st.lists(st.integers(0, 60000), max_size=4))
    ]
    length = draw(st.integers(22, 30))
    return Nat(
        name="drawn",
        inside=IPv4Network(f"100.64.0.0/{length}"),
        outside=IPv4Network("192.0.0.0/19"),
        ports=draw(st.integers(64, 8000)),
        excluded=tuple(gaps),
    )


@given(nats())
def test_every_inside_address_is_found_again_by_each_end_of_its_block_and_none_shares_one(nat: Nat) -> None:
    taken = set()
    for inside in nat.inside:
        outside, ports = nat.outside_of(inside)
        assert {nat.inside_of(outside, port) for port in (ports.first, ports.last)} == {inside}
        assert ports.last - ports.first + 1 == nat.ports
        assert ports.first >= 1024
        assert not any(gap.first <= ports.last and ports.first <= gap.last for gap in nat.excluded)
        taken.add((outside, ports))
    assert len(taken) == nat.inside.num_addresses


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ports": 0}, "ports"),
        ({"ports": 64513}, "ports"),
        ({"outside": IPv4Network("192.0.2.0/31")}, "outside"),  # room for 128 of 256
        ({"outside": IPv4Network("100.64.0.128/25")}, "outside"),
        ({"excluded": (Ports(9, 8),)}, "excluded"),
        ({"excluded": (Ports(1024, 65000),)}, "ports"),
        ({"name": " "}, "name"),
    ],
)
def test_nat_refuses_what_cannot_be(change: dict[str, object], field: str) -> None:
    with pytest.raises(NatWrong) as refused:
        replace(NAT, **change)
    assert refused.value.field == field


def test_what_a_nat_was_can_be_asked_after_it_changed(engine: sa.Engine) -> None:
    outside, inside = IPv4Address("192.0.2.1"), IPv4Address("100.64.0.65")
    with write(engine) as tx:
        assert actions.put_nat(tx=tx, nat=NAT, at=AT).change is Change.CREATED
        assert actions.put_nat(tx=tx, nat=NAT, at=AT + HOUR).change is Change.SAME
        smaller = replace(NAT, ports=500)
        assert actions.put_nat(tx=tx, nat=smaller, at=AT + HOUR).change is Change.CHANGED
        assert actions.behind(tx=tx, outside=outside, port=2024, at=AT) == inside
        assert actions.seen_outside(tx=tx, inside=inside, at=AT) == (outside, Ports(2024, 3023))
        now = smaller.outside_of(inside)
        assert actions.seen_outside(tx=tx, inside=inside, at=AT + HOUR) == now != (outside, Ports(2024, 3023))
        assert actions.behind(tx=tx, outside=now[0], port=now[1].last, at=AT + HOUR) == inside
        assert actions.behind(tx=tx, outside=outside, port=2024, at=AT - HOUR) is None
        assert actions.all_nats(tx=tx) == (smaller,)


def test_addresses_of_another_nat_or_pool_are_refused(engine: sa.Engine) -> None:
    with write(engine) as tx:
        actions.put_nat(tx=tx, nat=NAT, at=AT)
        actions.put_pool(tx=tx, name="static-1", policy=AddressPolicy.STATIC, prefix="198.51.100.0/24")
    for change, other in (
        ({"inside": IPv4Network("100.65.0.0/24")}, "NAT cgn-1"),
        ({"outside": IPv4Network("203.0.113.0/29")}, "NAT cgn-1"),
        ({"inside": IPv4Network("100.65.0.0/24"), "outside": IPv4Network("198.51.100.0/29")}, "pool static-1"),
    ):
        with pytest.raises(NatsOverlap, match=other), write(engine) as tx:
            actions.put_nat(tx=tx, nat=replace(NAT, name="cgn-2", **change), at=AT)
    with pytest.raises(PoolWrong, match="NAT cgn-1"), write(engine) as tx:
        actions.put_pool(tx=tx, name="static-2", policy=AddressPolicy.STATIC, prefix="192.0.2.0/24")


def test_who_had_an_address_is_told_for_any_instant(engine: sa.Engine) -> None:
    first, second = new_id(), new_id()
    with write(engine) as tx:
        actions.put_pool(tx=tx, name="one", policy=AddressPolicy.DYNAMIC, prefix="100.64.0.7/32")
        address = actions.reserve(tx=tx, owner=first, policy=AddressPolicy.DYNAMIC, area=None, at=AT).address
        actions.release(tx=tx, owner=first, at=AT + HOUR, quarantine=HOUR)
        actions.end_quarantine(tx=tx, at=AT + 2 * HOUR)
        actions.reserve(tx=tx, owner=second, policy=AddressPolicy.DYNAMIC, area=None, at=AT + 3 * HOUR)

        def owner(hours: float) -> object:
            use = actions.used_at(tx=tx, address=address, at=AT + timedelta(hours=hours))
            return use.owner if use else None

        assert [owner(h) for h in (-0.1, 0, 0.9, 1, 1.5, 2.9, 3, 99)] == [
            *(None, first, first, None, None, None, second, second)
        ]
