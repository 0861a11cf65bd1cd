"""Delegated IPv6 prefixes come from the same pools by the same rules, beside the IPv4 address and never instead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_network
from uuid import UUID

import pytest
import sqlalchemy as sa

from isp_lifecycle.foundation.db import Tx, write
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.terms import AddressPolicy, Family, Ipv6Policy, Policy
from isp_lifecycle.ipam import actions
from isp_lifecycle.ipam.errors import AddressTaken, OtherAddressHeld, PoolEmpty, PoolInUse, PoolsOverlap, PoolWrong
from isp_lifecycle.ipam.model import Allocation, AllocationState, Pool
from isp_lifecycle.ipam.store import allocations

AT = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
PD56, PD48, STATIC = Ipv6Policy.PD56, Ipv6Policy.PD48, AddressPolicy.STATIC


def pool(prefix: str = "2001:db8::/32", policy: Policy = PD56, **more: object) -> Pool:
    fields = {"id": new_id(), "name": "v6", "area": None, "gateway": None, **more}
    return Pool(policy=policy, prefix=ip_network(prefix), **fields)


def reserve(tx: Tx, owner: UUID | None = None, policy: Policy = PD56) -> Allocation:
    return actions.reserve(tx=tx, owner=owner or new_id(), policy=policy, area=None, at=AT)


@pytest.fixture
def both(engine: sa.Engine) -> sa.Engine:
    """A pool of four /56 and one of IPv4 addresses."""
    with write(engine) as tx:
        actions.put_pool(tx=tx, name="v6", policy=PD56, prefix="2001:db8:aa:fc00::/54")
        actions.put_pool(tx=tx, name="v4", policy=STATIC, prefix="198.51.100.0/29")
    return engine


def test_units_are_counted_within_the_pool_however_long_an_address_is() -> None:
    largest = pool()
    assert largest.units == largest.size == 2**24
    last = largest.prefix_of(largest.units - 1)
    assert last == IPv6Network("2001:db8:ffff:ff00::/56")
    assert largest.unit_of(last[-1]) == largest.units - 1
    assert largest.unit_of(IPv6Address("2001:db8::")) == 0


@pytest.mark.parametrize(
    ("prefix", "policy", "what"),
    [
        ("2001:db8::/31", PD56, "/32 to /56"),
        ("2001:db8::/32", Ipv6Policy.PD64, "/40 to /64"),
        ("2001:db8::/49", PD48, "/24 to /48"),
        ("198.51.100.0/24", PD56, "an IPv6 prefix for pd56"),
        ("2001:db8::/40", STATIC, "an IPv4 prefix for static"),
    ],
)
def test_pool_that_is_too_large_too_small_or_of_the_other_protocol_is_refused(
    prefix: str, policy: Policy, what: str
) -> None:
    with pytest.raises(PoolWrong, match=what) as refused:
        pool(prefix, policy)
    assert refused.value.field == "prefix"


def test_what_is_excluded_must_be_of_the_same_protocol() -> None:
    with pytest.raises(PoolWrong):
        pool("2001:db8::/40", excluded=(ip_network("198.51.100.0/24"),))
    assert pool("2001:db8::/40", excluded=(ip_network("2001:db8::/48"),)).size == 2**16 - 2**8


def test_owner_holds_one_of_each_protocol(both: sa.Engine) -> None:
    owner = new_id()
    with write(both) as tx:
        ipv4, ipv6 = reserve(tx, owner, STATIC), reserve(tx, owner)
        assert (ipv4.shown, ipv6.shown) == ("198.51.100.1", "2001:db8:aa:fc00::/56")
        assert ipv6.gateway is None
        assert reserve(tx, owner) == ipv6
        actions.assign(tx=tx, owner=owner)
        assert actions.allocation_of(tx=tx, owner=owner, family=Family.IPV6) == ipv6
        actions.assign(tx=tx, owner=owner, family=Family.IPV6)
        with pytest.raises(OtherAddressHeld):
            reserve(tx, owner, PD48)
        released = actions.release(tx=tx, owner=owner, at=AT, family=Family.IPV6)
        assert released is not None
        assert released.prefix == ipv6.prefix
        assert actions.allocation_of(tx=tx, owner=owner) is not None


def test_index_refuses_a_second_prefix_in_use_and_allows_the_other_protocol(both: sa.Engine) -> None:
    owner = new_id()
    with write(both) as tx:
        first = reserve(tx, owner)
        reserve(tx, owner, STATIC)
    second = {"id": new_id(), "pool_id": first.pool_id, "owner": owner, "state": "reserved", "reserved_at": AT}
    with pytest.raises(sa.exc.IntegrityError, match="uq_allocations_owner"), write(both) as tx:
        tx.execute(allocations.insert().values(prefix=IPv6Network("2001:db8:aa:ff00::/56"), **second))
    inside = IPv6Network("2001:db8:aa:fc00::/60")
    with pytest.raises(sa.exc.IntegrityError, match="ex_allocations_prefix"), write(both) as tx:
        tx.execute(allocations.insert().values(prefix=inside, **second | {"owner": new_id()}))


def test_prefix_rests_before_somebody_else_gets_it_and_a_pool_ends(both: sa.Engine) -> None:
    owners = [new_id() for _ in range(4)]
    with write(both) as tx:
        prefixes = [reserve(tx, owner).prefix for owner in owners]
        with pytest.raises(PoolEmpty):
            reserve(tx)
        actions.release(tx=tx, owner=owners[2], at=AT, family=Family.IPV6)
        assert actions.end_quarantine(tx=tx, at=AT + timedelta(hours=23)) == 0
        with pytest.raises(PoolEmpty):
            reserve(tx)
        assert actions.end_quarantine(tx=tx, at=AT + timedelta(hours=24)) == 1
        assert reserve(tx).prefix == prefixes[2]


def test_next_prefix_stands_beside_the_one_in_use_until_it_is_switched(both: sa.Engine) -> None:
    owner = new_id()
    with write(both) as tx:
        first = reserve(tx, owner)
        actions.assign(tx=tx, owner=owner, family=Family.IPV6)
        coming = actions.reserve_next(tx=tx, owner=owner, policy=PD56, area=None, at=AT)
        assert coming.prefix != first.prefix
        used = actions.switch(tx=tx, owner=owner, at=AT, family=Family.IPV6)
        assert (used.prefix, used.state) == (coming.prefix, AllocationState.ASSIGNED)


def test_line_that_is_there_already_is_adopted_with_its_prefix(both: sa.Engine) -> None:
    owner = new_id()
    with write(both) as tx:
        held = actions.adopt(tx=tx, owner=owner, address="2001:db8:aa:fe00::1", at=AT)
        assert (held.prefix, held.state) == (IPv6Network("2001:db8:aa:fe00::/56"), AllocationState.ASSIGNED)
        with pytest.raises(AddressTaken):
            actions.adopt(tx=tx, owner=new_id(), address="2001:db8:aa:fe00::1", at=AT)


def test_pools_of_ipv6_do_not_overlap(both: sa.Engine) -> None:
    with write(both) as tx, pytest.raises(PoolsOverlap):
        actions.put_pool(tx=tx, name="again", policy=PD48, prefix="2001:db8::/36")


def test_routers_own_address_follows_from_what_is_delegated_and_tells_whose_it_is(engine: sa.Engine) -> None:
    with write(engine) as tx:
        actions.put_pool(tx=tx, name="v6", policy=PD56, prefix="2001:db8:aa:fc00::/54", wan="2001:db8:bb::/64")
        first, second = reserve(tx), reserve(tx)
        assert [str(one.wan) for one in (first, second)] == ["2001:db8:bb::2", "2001:db8:bb::3"]
        assert actions.allocation_of(tx=tx, owner=second.owner, family=Family.IPV6) == second
        use = actions.used_at(tx=tx, address=IPv6Address("2001:db8:bb::3"), at=AT + timedelta(hours=1))
        assert use is not None
        assert (use.owner, use.prefix) == (second.owner, second.prefix)
        for nobody in ("2001:db8:bb::1", "2001:db8:bb::4", "2001:db8:bb::6"):
            assert actions.used_at(tx=tx, address=IPv6Address(nobody), at=AT) is None
        with pytest.raises(PoolInUse):
            actions.put_pool(tx=tx, name="v6", policy=PD56, prefix="2001:db8:aa:fc00::/54")


@pytest.mark.parametrize(
    ("prefix", "policy", "wan", "what"),
    [
        ("2001:db8:aa:fc00::/54", PD56, "2001:db8:bb::/126", "6 addresses or more"),
        ("2001:db8:aa:fc00::/54", PD56, "2001:db8:aa:fd00::/64", "apart from 2001:db8:aa:fc00::/54"),
        ("2001:db8:aa:fc00::/54", PD56, "198.51.100.0/24", "an IPv6 prefix"),
        ("198.51.100.0/24", STATIC, "2001:db8:bb::/64", "empty for IPv4"),
        ("2001:db8:cc::/54", PD56, "2001:db8:bb::/96", "apart from pool v6"),
        ("2001:db8:bb::/54", PD56, None, "apart from pool v6"),
    ],
)
def test_routers_own_addresses_lie_apart_and_suffice(
    engine: sa.Engine, prefix: str, policy: Policy, wan: str | None, what: str
) -> None:
    with write(engine) as tx:
        actions.put_pool(tx=tx, name="v6", policy=PD56, prefix="2001:db8:dd::/54", wan="2001:db8:bb::/64")
        with pytest.raises(PoolWrong, match=what):
            actions.put_pool(tx=tx, name="other", policy=policy, prefix=prefix, wan=wan)
