"""Pairs of tags of a line's own: from the OLT's groups, each once, resting before another line gets it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from isp_lifecycle.foundation.db import open_engine, write
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.ipam import actions
from isp_lifecycle.ipam.errors import GroupInUse, GroupWrong, NoTagsFree, VlanOwned
from isp_lifecycle.ipam.model import AllocationState, VlanGroup
from isp_lifecycle.ipam.store import vlan_tags

AT = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
GROUP = VlanGroup(olt="OLT-NORTH", outer=2100, first=2, last=4)


def reserve(engine: sa.Engine, owner: UUID, *, port: str = "0/1/0", olt: str = "OLT-NORTH") -> str:
    with write(engine) as tx:
        return str(actions.reserve_tags(tx=tx, owner=owner, olt=olt, port=port, at=AT))


def put(engine: sa.Engine, *groups: VlanGroup) -> None:
    with write(engine) as tx:
        for group in groups:
            actions.put_group(tx=tx, group=group, at=AT)


def test_life_of_a_pair(engine: sa.Engine) -> None:
    put(engine, GROUP)
    first, second = new_id(), new_id()
    assert [reserve(engine, first), reserve(engine, first), reserve(engine, second)] == ["2100.2", "2100.2", "2100.3"]
    with write(engine) as tx:
        used = actions.use_tags(tx=tx, owner=first, at=AT)
        assert used is not None
        assert used.state is AllocationState.ASSIGNED
        assert actions.use_tags(tx=tx, owner=first, at=AT) == used
        assert str(actions.release_tags(tx=tx, owner=first, at=AT)) == "2100.2"
        assert actions.release_tags(tx=tx, owner=first, at=AT) is None
        (fill,) = actions.group_fill(tx=tx)
        assert (fill.taken, fill.quarantined, fill.free) == (1, 1, 1)
    assert reserve(engine, new_id()) == "2100.4"
    with pytest.raises(NoTagsFree):
        reserve(engine, new_id())
    with write(engine) as tx:
        assert actions.free_rested_tags(tx=tx, at=AT + timedelta(hours=23)) == 0
        assert actions.free_rested_tags(tx=tx, at=AT + timedelta(hours=24)) == 1
    assert reserve(engine, new_id()) == "2100.2"


def test_what_was_never_used_needs_no_rest(engine: sa.Engine) -> None:
    put(engine, GROUP)
    assert reserve(engine, owner := new_id()) == "2100.2"
    with write(engine) as tx:
        assert actions.drop_next_tags(tx=tx, owner=owner, at=AT) is not None
        assert actions.drop_next_tags(tx=tx, owner=owner, at=AT) is None
    assert reserve(engine, new_id()) == "2100.2"


def test_a_move_holds_another_pair_beside_the_first_and_keeps_one_that_serves(engine: sa.Engine) -> None:
    south = VlanGroup(olt="OLT-SOUTH", outer=2200, first=100, last=200)
    put(engine, GROUP, south)
    owner = new_id()
    reserve(engine, owner)
    with write(engine) as tx:
        actions.use_tags(tx=tx, owner=owner, at=AT)
    assert reserve(engine, owner, port="0/1/7") == "2100.2"
    assert reserve(engine, owner, olt="OLT-SOUTH") == "2200.100"
    with write(engine) as tx:
        assert str(actions.tags_of(tx=tx, owner=owner)) == "2100.2"
        assert str(actions.use_tags(tx=tx, owner=owner, at=AT)) == "2200.100"
        north, _ = actions.group_fill(tx=tx)
        assert (north.taken, north.quarantined) == (0, 1)


def test_groups_of_a_port_come_before_those_of_all(engine: sa.Engine) -> None:
    put(engine, GROUP, VlanGroup(olt="OLT-NORTH", outer=3000, first=2, last=2, ports=("0/1/0",)))
    taken = [reserve(engine, new_id(), port=port) for port in ("0/1/1", "0/1/0", "0/1/0")]
    assert taken == ["2100.2", "3000.2", "2100.3"]


def test_group_keeps_what_is_taken_and_its_vlan(engine: sa.Engine) -> None:
    put(engine, GROUP)
    reserve(engine, new_id())
    with pytest.raises(GroupInUse), write(engine) as tx:
        actions.put_group(tx=tx, group=VlanGroup(olt="OLT-NORTH", outer=2100, first=3, last=9), at=AT)
    put(engine, VlanGroup(olt="OLT-NORTH", outer=2100, first=2, last=9))
    with pytest.raises(VlanOwned), write(engine) as tx:
        actions.reserve_vlan(tx=tx, olt="OLT-NORTH", number=2100, purpose="internet", at=AT)
    for wrong in ({"outer": 1}, {"last": 4094}, {"first": 9, "last": 8}):
        with pytest.raises(GroupWrong):
            VlanGroup(**({"olt": "OLT-NORTH", "outer": 2100, "first": 2, "last": 9} | wrong))


def test_the_database_has_the_last_word(engine: sa.Engine) -> None:
    put(engine, GROUP)
    reserve(engine, new_id())
    twice = sa.select(
        sa.literal(new_id()),
        vlan_tags.c.olt,
        vlan_tags.c.outer,
        vlan_tags.c.inner,
        sa.literal(new_id()),
        vlan_tags.c.state,
        vlan_tags.c.reserved_at,
        vlan_tags.c.until,
    )
    with pytest.raises(sa.exc.IntegrityError, match="uq_vlan_tags_pair"), write(engine) as tx:
        tx.execute(vlan_tags.insert().from_select([column.name for column in vlan_tags.c], twice))


def test_sixteen_at_once_empty_a_group_to_the_last_pair(engine: sa.Engine, database: str) -> None:
    put(engine, VlanGroup(olt="OLT-NORTH", outer=2100, first=100, last=163))

    def fail(mine: sa.Engine) -> None:
        """A transaction that fails takes nothing."""
        with write(mine) as tx:
            actions.reserve_tags(tx=tx, owner=new_id(), olt="OLT-NORTH", port="0/1/0", at=AT)
            raise ZeroDivisionError

    def four(_: int) -> list[str]:
        mine = open_engine(database)
        taken = []
        for _again in range(4):
            with pytest.raises(ZeroDivisionError):
                fail(mine)
            taken.append(reserve(mine, new_id()))
        mine.dispose()
        return taken

    with ThreadPoolExecutor(16) as threads:
        taken = [pair for some in threads.map(four, range(16)) for pair in some]
    assert sorted(taken) == sorted(f"2100.{inner}" for inner in range(100, 164))
    with pytest.raises(NoTagsFree):
        reserve(engine, new_id())
