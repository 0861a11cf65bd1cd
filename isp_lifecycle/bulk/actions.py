"""Prepare, decide, write down and stop a change of many services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from isp_lifecycle.bulk import store
from isp_lifecycle.bulk.errors import DayPassed, SamePerson
from isp_lifecycle.bulk.model import PRIORITY, BadRow, Bulk, BulkState, Item, Selection
from isp_lifecycle.foundation.codes import next_code
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.terms import Terms

CODE_PREFIX = "B"


def propose(
    *,
    tx: Tx,
    kind: str,
    selection: Selection,
    terms: Terms,
    wanted_on: date,
    reason: str,
    items: Sequence[Item],
    bad_rows: Sequence[BadRow],
    by: str,
    at: datetime,
) -> Bulk:
    """Keep a change with its items as they were seen, so that what is agreed to is what was looked at."""
    bulk = Bulk(
        id=new_id(),
        code=next_code(tx=tx, sequence=store.BULK_CODES, prefix=CODE_PREFIX),
        kind=kind,
        state=BulkState.PROPOSED,
        selection=selection,
        terms=terms,
        wanted_on=wanted_on,
        priority=PRIORITY,
        reason=reason,
        bad_rows=tuple(bad_rows),
        asked_by=by,
        asked_at=at,
    )
    store.insert_bulk(tx=tx, bulk=bulk)
    store.copy_items(tx=tx, items=[replace(item, bulk_id=bulk.id) for item in items])
    return bulk


def approve(*, tx: Tx, code: str, by: str, at: datetime, today: date) -> Bulk:
    """Agree to it. Raises SamePerson for who prepared it, DayPassed when it is too late, and IllegalMove."""
    bulk = locked(tx=tx, code=code)
    if bulk.asked_by == by:
        raise SamePerson(code, by)
    if bulk.wanted_on < today:
        raise DayPassed(code, bulk.wanted_on)
    store.move_bulk(tx=tx, code=code, to=BulkState.APPROVED, also={"decided_by": by, "decided_at": at})
    return bulk_by_code(tx=tx, code=code)


def reject(*, tx: Tx, code: str, by: str, at: datetime, reason: str) -> Bulk:
    """Say no, also as who prepared it. Raises IllegalMove."""
    also = {"decided_by": by, "decided_at": at, "closed_by": by, "closed_at": at, "outcome": reason}
    store.move_bulk(tx=tx, code=code, to=BulkState.REJECTED, also=also)
    return bulk_by_code(tx=tx, code=code)


def stop(*, tx: Tx, code: str, by: str, at: datetime, reason: str) -> Bulk:
    """Write no more of its orders. Taking back what was written is the caller's work. Raises IllegalMove."""
    also = {"closed_by": by, "closed_at": at, "outcome": reason}
    locked(tx=tx, code=code)
    store.move_bulk(tx=tx, code=code, to=BulkState.STOPPED, also=also)
    return bulk_by_code(tx=tx, code=code)


def written(*, tx: Tx, bulk_id: UUID) -> Bulk:
    """Every item is an order or was left out. One that was written or stopped meanwhile stays as it is."""
    bulk = bulk_by_id(tx=tx, bulk_id=bulk_id, lock=True)
    if bulk.state is BulkState.APPROVED:
        store.move_bulk(tx=tx, code=bulk.code, to=BulkState.WRITTEN, also={})
    return bulk_by_id(tx=tx, bulk_id=bulk_id)


def bulk_by_id(*, tx: Tx, bulk_id: UUID, lock: bool = False) -> Bulk:
    """The change with this id; raises NotFound. Locked, nobody else writes, pauses or stops it meanwhile."""
    bulk = store.bulk_where(tx=tx, bulk_id=bulk_id, lock=lock)
    if bulk is None:
        raise NotFound("bulk change", bulk_id)
    return bulk


def bulk_by_code(*, tx: Tx, code: str) -> Bulk:
    """The change with this code; raises NotFound."""
    bulk = store.bulk_where(tx=tx, code=code)
    if bulk is None:
        raise NotFound("bulk change", code)
    return bulk


def locked(*, tx: Tx, code: str) -> Bulk:
    """The change with this code, locked until the transaction ends; raises NotFound."""
    bulk = store.bulk_where(tx=tx, code=code, lock=True)
    if bulk is None:
        raise NotFound("bulk change", code)
    return bulk


def unwritten(*, tx: Tx, bulk_id: UUID, limit: int) -> tuple[Item, ...]:
    """The next items that are to become orders."""
    return store.unwritten(tx=tx, bulk_id=bulk_id, limit=limit)


def note_results(*, tx: Tx, bulk_id: UUID, results: Sequence[tuple[int, UUID | None, UUID | None, str | None]]) -> None:
    """Note, by number, each item's order and delivery, or why it was left out after all."""
    if results:
        store.write_results(tx=tx, bulk_id=bulk_id, results=results)


def delivery_ids(*, tx: Tx, bulk_id: UUID) -> tuple[UUID, ...]:
    """The deliveries of all items that were written."""
    return store.delivery_ids(tx=tx, bulk_id=bulk_id)
