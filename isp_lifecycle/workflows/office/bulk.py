"""A change of many services becomes orders: chunk by chunk, each chunk one transaction, none twice.

A worker that dies in the middle leaves whole chunks; the next one goes on with what has no order yet. Two at once take
turns at the change's own row, which is also where pausing and stopping wait.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from isp_lifecycle.bulk import actions as bulks
from isp_lifecycle.bulk.model import Bulk, BulkState, Item, Standing, conflict
from isp_lifecycle.events import lines, many
from isp_lifecycle.events.holds import held
from isp_lifecycle.events.vocabulary import BulkApproved, OrderPlaced, PlanChangeRequested
from isp_lifecycle.foundation.clock import start_of
from isp_lifecycle.foundation.db import Tx, read, write
from isp_lifecycle.foundation.errors import NeedsPerson
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.orders import actions as orders
from isp_lifecycle.orders.model import Order, OrderKind
from isp_lifecycle.workflows.steps import DatabaseStep, Did, Irreversible, OutsideStep, Room, Site, Workflow

#: So many services' orders are written in one transaction.
CHUNK = 1000


@dataclass(frozen=True, kw_only=True)
class BulkCase:
    """Which change."""

    bulk_id: UUID
    code: str


class NotAllWritten(NeedsPerson):
    """Orders are missing although the writing came to its end."""

    def __init__(self, code: str) -> None:
        super().__init__(f"{code} has services that are neither ordered nor left out.", field="code", value=code)


def begin(event: BulkApproved, room: Room) -> BulkCase:
    """The change's row holds all that is needed."""
    bulk = bulks.bulk_by_id(tx=room.tx, bulk_id=event.bulk_id)
    return BulkCase(bulk_id=bulk.id, code=bulk.code)


def take_approval(case: BulkCase, room: Room) -> Did[BulkCase]:
    """Say what begins."""
    bulk = bulks.bulk_by_id(tx=room.tx, bulk_id=case.bulk_id)
    return Did(
        case,
        say(
            "{code}, approved by {decided_by}, is written as orders for {wanted_on}.",
            code=case.code,
            decided_by=bulk.decided_by,
            wanted_on=bulk.wanted_on,
        ),
    )


def stop_writing(case: BulkCase, room: Room) -> Did[BulkCase]:
    """Write no more; the orders that were written stay until the change itself is stopped."""
    bulk = bulks.bulk_by_id(tx=room.tx, bulk_id=case.bulk_id, lock=True)
    if bulk.state is BulkState.APPROVED:
        bulks.stop(
            tx=room.tx, code=bulk.code, by=f"workflow:{room.workflow}", at=room.at, reason=say("Writing was cancelled.")
        )
    return Did(case, say("{code} is stopped.", code=case.code))


def write_orders(case: BulkCase, site: Site) -> Did[BulkCase]:
    """Write chunk after chunk until nothing is left or somebody has stopped it."""
    ordered = left_out = 0
    while True:
        site.still_mine()
        with write(site.parts.engine) as tx:
            bulk = bulks.bulk_by_id(tx=tx, bulk_id=case.bulk_id, lock=True)
            items = bulks.unwritten(tx=tx, bulk_id=bulk.id, limit=CHUNK) if bulk.state is BulkState.APPROVED else ()
            if not items:
                return Did(
                    case,
                    say("{ordered} orders written, {left_out} services left out.", ordered=ordered, left_out=left_out),
                )
            due = start_of(bulk.wanted_on, zone=site.parts.settings.company.tz)
            placed = _write(tx, bulk, items, at=site.parts.clock.now(), due=due)
        ordered += placed
        left_out += len(items) - placed


def _write(tx: Tx, bulk: Bulk, items: Sequence[Item], *, at: datetime, due: datetime) -> int:
    """One chunk: look again at how each service stands, order for those that can be changed. Returns how many."""
    standing = standings(tx, [item.service_id for item in items])
    from_plan = bulk.selection.plan_code
    why = {
        item.service_id: conflict(
            standing[item.service_id], terms=bulk.terms, wanted_on=bulk.wanted_on, from_plan=from_plan
        )
        for item in items
    }
    placed = orders.place_many(
        tx=tx,
        kind=OrderKind.PLAN_CHANGE,
        wanted=[
            orders.Wanted(service_id=i.service_id, customer_id=i.customer_id, premises_id=i.premises_id)
            for i in items
            if why[i.service_id] is None
        ],
        terms=bulk.terms,
        wanted_on=bulk.wanted_on,
        note=f"{bulk.code}: {bulk.reason}",
        by=bulk.decided_by or "",
        at=at,
    )
    made = _tell(tx, bulk, tuple(placed.values()), at=at, due=due)
    results: list[tuple[int, UUID | None, UUID | None, str | None]] = []
    for item in items:
        order = placed.get(item.service_id)
        reason = None if order else why[item.service_id] or say("has a plan change already")
        results.append((item.number, order.id if order else None, made.get(item.service_id), reason))
    bulks.note_results(tx=tx, bulk_id=bulk.id, results=results)
    return len(placed)


def _tell(tx: Tx, bulk: Bulk, placed: Sequence[Order], *, at: datetime, due: datetime) -> Mapping[UUID, UUID]:
    """Record what single orders would have recorded; returns the delivery that changes each service."""
    key = lines.bulk(bulk.id)
    told: list[many.Told] = []
    for order in placed:
        assert order.service_id is not None
        told.append(many.Told(OrderPlaced(order_id=order.id, customer_id=order.customer_id), order.id))
        asked = PlanChangeRequested(
            order_id=order.id, customer_id=order.customer_id, service_id=order.service_id, wanted_on=bulk.wanted_on
        )
        told.append(many.Told(asked, order.id, due))
    made = many.record_many(
        tx=tx,
        told=told,
        at=at,
        actor=f"bulk:{bulk.code}",
        priority=bulk.priority,
        blocked_on=key if held(tx=tx, key=key, at=at) else None,
    )
    return {
        one.event.service_id: ids["plan_change"]
        for one, ids in zip(told, made, strict=True)
        if isinstance(one.event, PlanChangeRequested)
    }


def standings(tx: Tx, service_ids: Sequence[UUID]) -> Mapping[UUID, Standing]:
    """How these services stand now."""
    changing: dict[UUID | None, Order] = {}
    ending: dict[UUID | None, Order] = {}
    for order in orders.open_changes(tx=tx, service_ids=service_ids):
        if order.kind is OrderKind.PLAN_CHANGE:
            changing[order.service_id] = order
        if order.kind is OrderKind.TERMINATION:
            ending[order.service_id] = order
    return {
        service.id: Standing(
            state=str(service.state),
            terms=service.terms,
            olt=olt,
            changing=changing[service.id].code if service.id in changing else None,
            ends_on=ending[service.id].wanted_on if service.id in ending else None,
        )
        for service, olt in inventory.services_with_olts(tx=tx, service_ids=service_ids)
    }


def all_written(case: BulkCase, site: Site) -> None:
    """No service is left that is neither ordered nor left out, unless somebody stopped it."""
    with read(site.parts.engine) as tx:
        bulk = bulks.bulk_by_id(tx=tx, bulk_id=case.bulk_id)
        if bulk.state is BulkState.APPROVED and bulks.unwritten(tx=tx, bulk_id=bulk.id, limit=1):
            raise NotAllWritten(case.code)


def note_written(case: BulkCase, room: Room) -> Did[BulkCase]:
    """From here on its orders happen on their day."""
    bulk = bulks.written(tx=room.tx, bulk_id=case.bulk_id)
    return Did(case, f"{case.code} is {bulk.state}.")


BULK = Workflow(
    name="bulk",
    starts_on=(BulkApproved,),
    case=BulkCase,
    begin=begin,
    steps=(
        DatabaseStep(say("Take the approval"), do=take_approval, undo=stop_writing, always_undone=True),
        OutsideStep(
            say("Write the orders"),
            do=write_orders,
            verify=all_written,
            undo=Irreversible(
                say("Orders that were written stand; stop the bulk change to take back what has not begun.")
            ),
        ),
        DatabaseStep(
            say("Say that all are written"),
            do=note_written,
            undo=Irreversible(
                say("Orders that were written stand; stop the bulk change to take back what has not begun.")
            ),
        ),
    ),
)
