"""What people and workflows do with visits: book, move, start, finish, call off; and look at a calendar."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from isp_lifecycle.field import store
from isp_lifecycle.field.errors import (
    EngineerInactive,
    EngineerMalformed,
    EngineerTaken,
    EntryKeyReused,
    EntryMalformed,
    NoEngineer,
    NoFreeTime,
    TooMuchKept,
)
from isp_lifecycle.field.model import (
    GAVE_UP,
    Attached,
    Engineer,
    Entry,
    EntryKind,
    Offer,
    TimeRange,
    Visit,
    VisitState,
    WorkingHours,
    first_free,
)
from isp_lifecycle.foundation.clock import start_of
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.errors import IllegalMove, NotFound
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.texts import say

#: How far ahead a visit may be booked.
DAYS_AHEAD = 60

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")


def put_engineer(
    *,
    tx: Tx,
    username: str,
    name: str,
    area: str | None = None,
    phone: str = "",
    email: str = "",
    active: bool = True,
) -> Engineer:
    """Add an engineer, or change the one with that username; without an area they go everywhere."""
    if _USERNAME.fullmatch(username) is None:
        raise EngineerMalformed("username", username)
    if not name.strip() or len(name) > 120:
        raise EngineerMalformed("name", name)
    return store.put_engineer(
        tx=tx, username=username, name=name.strip(), area=area or None, phone=phone, email=email, active=active
    )


def engineers(*, tx: Tx, area: str | None = None, active: bool = True) -> tuple[Engineer, ...]:
    """Engineers by name: of one area, or all."""
    return store.engineer_list(tx=tx, area=area, active=active)


def engineer_by_username(*, tx: Tx, username: str) -> Engineer:
    """The engineer who signs in by that name; raises NotFound."""
    return _found("engineer", username, store.engineer(tx=tx, key=username))


def engineer_by_id(*, tx: Tx, engineer_id: UUID) -> Engineer:
    """The engineer by id; raises NotFound."""
    return _found("engineer", engineer_id, store.engineer(tx=tx, key=engineer_id))


def book_first_free(
    *,
    tx: Tx,
    delivery_id: UUID,
    service_id: UUID,
    order_id: UUID,
    area: str | None,
    address: str,
    instructions: str,
    after: datetime,
    zone: ZoneInfo,
    at: datetime,
    hours: WorkingHours | None = None,
) -> Visit:
    """Book the first time after ``after`` at which an engineer of the area is free.

    Asked again for the same delivery it returns the same visit, unless that one was cancelled or missed. Engineers
    without an area may go too. Raises NoEngineer and NoFreeTime.
    """
    candidates = store.lock_candidates(tx=tx, area=area)
    if standing := _standing(tx=tx, delivery_id=delivery_id):
        return standing
    offer = _offer(tx=tx, candidates=candidates, area=area, after=after, zone=zone, hours=hours or WorkingHours())
    try:
        booked = store.insert_visit(
            tx=tx,
            service_id=service_id,
            order_id=order_id,
            delivery_id=delivery_id,
            engineer_id=offer.engineer_id,
            during=offer.during,
            address=address,
            instructions=instructions,
            at=at,
        )
    except sa.exc.IntegrityError as error:
        raise _taken(error, offer.engineer_id, offer.during) from error
    return booked or _found("visit of delivery", delivery_id, _standing(tx=tx, delivery_id=delivery_id))


def _offer(
    *, tx: Tx, candidates: tuple[UUID, ...], area: str | None, after: datetime, zone: ZoneInfo, hours: WorkingHours
) -> Offer:
    if not candidates:
        raise NoEngineer(area)
    taken = store.busy(tx=tx, engineer_ids=candidates, after=after)
    offer = first_free(busy=taken, after=after, zone=zone, hours=hours, days=DAYS_AHEAD)
    if offer is None:
        raise NoFreeTime(area, after, DAYS_AHEAD)
    return offer


def reschedule_visit(*, tx: Tx, visit_id: UUID, engineer_id: UUID, start: datetime) -> Visit:
    """Give a booked visit another engineer or another time; it keeps its length.

    A dispatcher may book outside working hours. Raises EngineerTaken, EngineerInactive, IllegalMove, NotFound.
    """
    engineer = _found("engineer", engineer_id, store.lock_engineer(tx=tx, engineer_id=engineer_id))
    if not engineer.active:
        raise EngineerInactive(engineer.username)
    visit = _found("visit", visit_id, store.visit(tx=tx, key=visit_id, lock=True))
    during = TimeRange(start, start + visit.during.length)
    try:
        moved = store.set_time(tx=tx, visit_id=visit_id, engineer_id=engineer_id, during=during)
    except sa.exc.IntegrityError as error:
        raise _taken(error, engineer_id, during) from error
    if not moved:
        raise IllegalMove("visit", visit.code, visit.state, "rescheduled")
    return visit_by_id(tx=tx, visit_id=visit_id)


def start_visit(*, tx: Tx, visit_id: UUID) -> Visit:
    """The engineer is on site; pressed twice it is the same."""
    return _move(tx=tx, visit_id=visit_id, to=VisitState.STARTED)


def finish_visit(*, tx: Tx, visit_id: UUID, result: str) -> Visit:
    """The work is done; ``result`` is what the engineer reports."""
    return _move(tx=tx, visit_id=visit_id, to=VisitState.DONE, result=result)


def cancel_visit(*, tx: Tx, visit_id: UUID, reason: str) -> Visit:
    """Call the visit off; the engineer's time is free again."""
    return _move(tx=tx, visit_id=visit_id, to=VisitState.CANCELLED, result=reason)


def miss_visit(*, tx: Tx, visit_id: UUID, reason: str) -> Visit:
    """Nobody opened, or nobody came; the same delivery may book again."""
    return _move(tx=tx, visit_id=visit_id, to=VisitState.MISSED, result=reason)


def visit_by_id(*, tx: Tx, visit_id: UUID) -> Visit:
    """The visit by id; raises NotFound."""
    return _found("visit", visit_id, store.visit(tx=tx, key=visit_id))


def visit_by_code(*, tx: Tx, code: str) -> Visit:
    """The visit by the code that people use; raises NotFound."""
    return _found("visit", code, store.visit(tx=tx, key=code))


def visit_of_delivery(*, tx: Tx, delivery_id: UUID) -> Visit | None:
    """The visit of a delivery that stands, else the last one that was cancelled or missed."""
    return store.visit_of_delivery(tx=tx, delivery_id=delivery_id)


def visits_of(*, tx: Tx, username: str, first: date, last: date, zone: ZoneInfo) -> tuple[Visit, ...]:
    """An engineer's visits from the first day to the last, inclusive, on the ISP's calendar."""
    engineer = engineer_by_username(tx=tx, username=username)
    span = TimeRange(start_of(first, zone=zone), start_of(last + timedelta(days=1), zone=zone))
    return store.visits_during(tx=tx, span=span, engineer_id=engineer.id)


def visits_between(*, tx: Tx, start: datetime, end: datetime) -> tuple[Visit, ...]:
    """Everybody's visits that touch a range of time, earliest first: the dispatch board."""
    return store.visits_during(tx=tx, span=TimeRange(start, end))


#: The longest words of an entry.
LONGEST_TEXT = 1000


def write_down(
    *,
    tx: Tx,
    visit_id: UUID,
    kind: EntryKind,
    text: str,
    by: str,
    made_at: datetime,
    at: datetime,
    level_dbm: float | None = None,
    file: Attached | None = None,
    at_most: int | None = None,
) -> Entry:
    """Keep what an engineer wrote down at a visit; at most so many of its kind. Raises EntryMalformed, TooMuchKept."""
    words = text.strip()
    if len(words) > LONGEST_TEXT or (not words and kind is not EntryKind.PHOTO):
        raise EntryMalformed(
            "text",
            say("An entry has 1 to {most} characters.", most=LONGEST_TEXT),
            say("Say it in a few words."),
        )
    if at_most is not None:
        store.visit(tx=tx, key=visit_id, lock=True)  # whoever sends at the same time is counted first, or after
        if sum(one.kind is kind for one in store.entry_list(tx=tx, visit_ids=[visit_id])) >= at_most:
            raise TooMuchKept(f"{kind}s", at_most)
    entry = Entry(new_id(), visit_id, kind, words, level_dbm, by, min(made_at, at), at)
    store.insert_entry(tx=tx, entry=entry)
    if file is not None:
        store.insert_file(tx=tx, entry_id=entry.id, file=file)
    return entry


def entries_of(*, tx: Tx, visit_ids: Sequence[UUID]) -> tuple[Entry, ...]:
    """What was written down at these visits, in the order in which it was made."""
    return store.entry_list(tx=tx, visit_ids=visit_ids)


def entry_by_id(*, tx: Tx, entry_id: UUID) -> Entry:
    """The entry by id; raises NotFound."""
    return _found("entry", entry_id, store.entry(tx=tx, entry_id=entry_id))


def file_of(*, tx: Tx, entry_id: UUID) -> Attached:
    """The photo or the signature of an entry; raises NotFound."""
    return _found("photo or signature", entry_id, store.file(tx=tx, entry_id=entry_id))


def erase_entries(*, tx: Tx, order_ids: Sequence[UUID]) -> int:
    """Remove for good what was written down at the visits of these orders, photos and signatures as well."""
    return store.erase_entries(tx=tx, order_ids=order_ids)


def sent_before(*, tx: Tx, owner: str, key: str, asked: bytes, at: datetime) -> Entry | None:
    """The entry of this key of this owner; None when it is new, and then it is taken. Raises EntryKeyReused."""
    found = store.take_key(tx=tx, owner=owner, key=key, asked=asked, at=at)
    if found is None:
        return None
    if found[0] != asked or found[1] is None:
        raise EntryKeyReused(key)
    return entry_by_id(tx=tx, entry_id=found[1])


def keep_key(*, tx: Tx, owner: str, key: str, entry_id: UUID) -> None:
    """Note the entry that came of a key."""
    store.keep_key(tx=tx, owner=owner, key=key, entry_id=entry_id)


def _move(*, tx: Tx, visit_id: UUID, to: VisitState, result: str | None = None) -> Visit:
    visit = _found("visit", visit_id, store.visit(tx=tx, key=visit_id, lock=True))
    if visit.state == to:
        return visit
    store.set_state(tx=tx, visit_id=visit_id, to=to, result=result)
    return visit_by_id(tx=tx, visit_id=visit_id)


def _standing(*, tx: Tx, delivery_id: UUID) -> Visit | None:
    visit = store.visit_of_delivery(tx=tx, delivery_id=delivery_id)
    return visit if visit is not None and visit.state not in GAVE_UP else None


def _taken(error: sa.exc.IntegrityError, engineer_id: UUID, during: TimeRange) -> Exception:
    if store.ONE_PLACE in str(error.orig):
        return EngineerTaken(engineer_id, during.start, during.end)
    return error


def _found[T](what: str, key: object, found: T | None) -> T:
    if found is None:
        raise NotFound(what, key)
    return found
