"""Hold numbers for a while for somebody who has no service yet (an order); what nobody takes in time is free again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.terms import Family, Policy
from isp_lifecycle.ipam.actions.allocation import end_quarantine, reserve
from isp_lifecycle.ipam.model import Allocation, AllocationState
from isp_lifecycle.ipam.store import allocation as store


def hold(*, tx: Tx, holder: UUID, policy: Policy, area: str | None, at: datetime, until: datetime) -> Allocation:
    """Hold an address, a block or a prefix until then; asked again, the same one until another instant.

    Raises as :func:`reserve` does.
    """
    held = reserve(tx=tx, owner=holder, policy=policy, area=area, at=at)
    store.set_until(tx=tx, allocation_id=held.id, until=until)
    return replace(held, until=until)


def take_over(*, tx: Tx, holder: UUID, owner: UUID) -> tuple[Allocation, ...]:
    """Make what is held for ``holder`` reserved for a service, without an end; nothing when it was let go before."""
    store.lock_owner(tx=tx, owner=holder)
    taken = _held(tx, holder)
    for one in taken:
        store.change_owner(tx=tx, allocation_id=one.id, owner=owner)
    return tuple(replace(one, owner=owner, until=None) for one in taken)


def let_go(*, tx: Tx, holder: UUID, at: datetime) -> tuple[Allocation, ...]:
    """Give back what is held for this holder; it was never used, so that it needs no rest."""
    store.lock_owner(tx=tx, owner=holder)
    return _give_back(tx, _held(tx, holder), at)


def end_holds(*, tx: Tx, at: datetime, limit: int = 500) -> tuple[Allocation, ...]:
    """Give back what was held until ``at`` and nobody took, at most ``limit`` in one transaction."""
    return _give_back(tx, store.expired(tx=tx, at=at, limit=limit), at)


def holds(*, tx: Tx) -> tuple[Allocation, ...]:
    """All that is held until an instant, the next to end first."""
    return store.with_end(tx=tx)


def _held(tx: Tx, holder: UUID) -> tuple[Allocation, ...]:
    found = (store.reserved_by(tx=tx, owner=holder, family=family) for family in Family)
    return tuple(one for one in found if one is not None)


def _give_back(tx: Tx, held: tuple[Allocation, ...], at: datetime) -> tuple[Allocation, ...]:
    for one in held:
        also = {"until": at, "released_at": at}
        store.move_allocation(tx=tx, allocation_id=one.id, to=AllocationState.QUARANTINED, also=also)
    if held:
        end_quarantine(tx=tx, at=at)
    return held
