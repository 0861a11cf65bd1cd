"""Pairs of tags of a line's own (1:1, 802.1ad): an outer one of the OLT's groups, and an inner one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.upsert import Put
from isp_lifecycle.ipam.actions.allocation import QUARANTINE
from isp_lifecycle.ipam.actions.vlan import reserve_vlan
from isp_lifecycle.ipam.errors import GroupInUse, NoTagsFree
from isp_lifecycle.ipam.model import AllocationState, GroupFill, Tags, VlanGroup
from isp_lifecycle.ipam.store import tags as store
from isp_lifecycle.ipam.store.allocation import lock_owner

PURPOSE = "lines with a tag of their own"


def put_group(*, tx: Tx, group: VlanGroup, at: datetime) -> Put[VlanGroup]:
    """Bring the group of this outer tag to these values; the outer tag is noted as a VLAN of the OLT.

    Raises GroupInUse, and VlanOwned where the outer tag serves something else.
    """
    reserve_vlan(tx=tx, olt=group.olt, number=group.outer, purpose=PURPOSE, at=at)
    change = store.upsert_group(tx=tx, group=group)
    left_out = store.outside(tx=tx, group=group)
    if left_out:
        raise GroupInUse(olt=group.olt, outer=group.outer, count=left_out)
    return Put(value=group, change=change)


def group_fill(*, tx: Tx) -> tuple[GroupFill, ...]:
    """How full each group is."""
    return store.fill(tx=tx)


def reserve_tags(*, tx: Tx, owner: UUID, olt: str, port: str, at: datetime) -> Tags:
    """Hold a pair for a line on this PON port; the same again if asked again. Raises NoTagsFree.

    What the owner uses counts when it is of a group that serves the port; else another pair is held beside it.
    """
    lock_owner(tx=tx, owner=owner)
    serving = store.groups_for(tx=tx, olt=olt, port=port)
    places = {(group.olt, group.outer) for group in serving}
    for state in (AllocationState.ASSIGNED, AllocationState.RESERVED):
        held = store.held_by(tx=tx, owner=owner, state=state)
        if held is not None and (held.olt, held.outer) in places:
            return held
    drop_next_tags(tx=tx, owner=owner, at=at)
    for group in serving:
        locked = store.lock_group(tx=tx, group=group)
        inner = store.first_free(tx=tx, group=locked) if locked is not None else None
        if locked is not None and inner is not None:
            pair = Tags(
                id=new_id(),
                olt=olt,
                outer=locked.outer,
                inner=inner,
                owner=owner,
                state=AllocationState.RESERVED,
                reserved_at=at,
            )
            store.insert_tags(tx=tx, pair=pair)
            return pair
    raise NoTagsFree(olt=olt, port=port)


def tags_of(*, tx: Tx, owner: UUID) -> Tags | None:
    """What the owner uses, or else has reserved."""
    return store.held_by(tx=tx, owner=owner)


def use_tags(*, tx: Tx, owner: UUID, at: datetime, quarantine: timedelta = QUARANTINE) -> Tags | None:
    """The line uses what is reserved for it, and what it used rests; asked again, nothing changes."""
    lock_owner(tx=tx, owner=owner)
    coming = store.held_by(tx=tx, owner=owner, state=AllocationState.RESERVED)
    if coming is None:
        return store.held_by(tx=tx, owner=owner)
    used = store.held_by(tx=tx, owner=owner, state=AllocationState.ASSIGNED)
    if used is not None:
        _rest(tx, used, at + quarantine)
    store.move_tags(tx=tx, pair=coming, to=AllocationState.ASSIGNED)
    return replace(coming, state=AllocationState.ASSIGNED)


def drop_next_tags(*, tx: Tx, owner: UUID, at: datetime) -> Tags | None:
    """Give back what was reserved and never used, which needs no rest."""
    lock_owner(tx=tx, owner=owner)
    coming = store.held_by(tx=tx, owner=owner, state=AllocationState.RESERVED)
    if coming is not None:
        _rest(tx, coming, at)
        store.move_tags(tx=tx, pair=coming, to=AllocationState.FREE)
    return coming


def release_tags(*, tx: Tx, owner: UUID, at: datetime, quarantine: timedelta = QUARANTINE) -> Tags | None:
    """Give back what the owner uses, or else has reserved; it rests before another line gets it."""
    lock_owner(tx=tx, owner=owner)
    held = store.held_by(tx=tx, owner=owner)
    if held is not None:
        _rest(tx, held, at + quarantine)
    return held


def free_rested_tags(*, tx: Tx, at: datetime, limit: int = 1000) -> int:
    """Make free what has rested until ``at``, at most ``limit`` in one transaction; how many pairs that were."""
    pairs = store.rested(tx=tx, at=at, limit=limit)
    for pair in pairs:
        store.move_tags(tx=tx, pair=pair, to=AllocationState.FREE)
    return len(pairs)


def _rest(tx: Tx, pair: Tags, until: datetime) -> None:
    store.move_tags(tx=tx, pair=pair, to=AllocationState.QUARANTINED, also={"until": until})
