"""What an engineer writes down at a visit, and what follows when the work could not be done.

Each function is one entry of the phone. Sent under a key (``door.once``) it is done once, however often the phone sends
it, because it never heard the answer; the key commits with what came of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from isp_lifecycle.access import actions as access
from isp_lifecycle.customers import actions as customers
from isp_lifecycle.drivers.contract import Serial
from isp_lifecycle.events import deliveries
from isp_lifecycle.events.model import DeliveryState
from isp_lifecycle.events.views import position_of, state_of, trace_of
from isp_lifecycle.events.vocabulary import VisitMissed
from isp_lifecycle.field import actions as field
from isp_lifecycle.field.errors import EntryMalformed
from isp_lifecycle.field.model import GAVE_UP, SEQUELS, Attached, EntryKind, Obstacle, Sequel, Visit, VisitState
from isp_lifecycle.foundation.clock import start_of
from isp_lifecycle.foundation.pictures import JPEG, NotAPhoto, read_jpeg
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.foundation.words import word
from isp_lifecycle.intake.door import Act, enters
from isp_lifecycle.intake.errors import NotWaiting, VisitGivenUp, VisitNotMissed, WordUnknown
from isp_lifecycle.intake.field import continue_with, own_visit
from isp_lifecycle.intake.once import Entered
from isp_lifecycle.notices import actions as notices
from isp_lifecycle.notices.model import Level
from isp_lifecycle.orders import actions as orders
from isp_lifecycle.support import actions as support

#: The kind of task by which a visit that could not be done is seen to.
FOLLOW_UP = "rebook"
BOOK = "Book a visit"

#: Levels that a meter for PON can show, in dBm.
LOWEST_DBM, HIGHEST_DBM = -50.0, 10.0
SIGNATURES, NOTES, LEVELS = 3, 40, 10
#: A signature is lines of points in a box of so many units.
SIGNATURE_WIDTH, SIGNATURE_HEIGHT, SIGNATURE_POINTS = 1000, 500, 6000

Strokes = Sequence[Sequence[Sequence[int]]]


@enters("visit.work")
def note(act: Act, *, visit_code: str, text: str, made_at: datetime) -> Entered:
    """Words for colleagues: where the cable comes in, whom to ask for the key."""
    return _kept(act, own_visit(act, visit_code), EntryKind.NOTE, text, made_at, at_most=NOTES)


@enters("visit.work")
def light(act: Act, *, visit_code: str, level_dbm: float, made_at: datetime) -> Entered:
    """The level that the engineer's own meter showed at the outlet, in dBm; what the ONT reports is another thing."""
    if not LOWEST_DBM <= level_dbm <= HIGHEST_DBM:
        raise EntryMalformed(
            "level_dbm",
            say("{level:g} dBm cannot be a level on a fibre.", level=level_dbm),
            say(
                "Give what the meter shows, {lowest:.0f} to {highest:.0f} dBm; it usually begins with a minus.",
                lowest=LOWEST_DBM,
                highest=HIGHEST_DBM,
            ),
        )
    words = f"{level_dbm:.1f} dBm by the engineer's own meter"
    visit = own_visit(act, visit_code)
    return _kept(act, visit, EntryKind.LIGHT, words, made_at, level_dbm=level_dbm, at_most=LEVELS)


@enters("visit.work")
def photo(act: Act, *, visit_code: str, content: bytes, made_at: datetime, text: str = "") -> Entered:
    """A picture of what was built, with a few words; of where and by which phone it was taken nothing is kept."""
    limits = act.settings.field
    visit = own_visit(act, visit_code)
    if len(content) > limits.photo_bytes:
        raise NotAPhoto(
            say(
                "it has {size} kB, and {most} kB is the most",
                size=len(content) // 1000,
                most=limits.photo_bytes // 1000,
            )
        )
    read = read_jpeg(content)
    if max(read.width, read.height) > limits.photo_pixels:
        raise NotAPhoto(
            say(
                "it has {width} x {height} pixels, and {most} is the longest side",
                width=read.width,
                height=read.height,
                most=limits.photo_pixels,
            )
        )
    file = Attached(JPEG, read.content, read.width, read.height)
    return _kept(act, visit, EntryKind.PHOTO, text, made_at, file=file, at_most=limits.photos_per_visit)


@enters("visit.work")
def signature(act: Act, *, visit_code: str, name: str, strokes: Strokes, made_at: datetime) -> Entered:
    """The customer's signature: lines of points, kept as a drawing, with the name of who signed."""
    visit = own_visit(act, visit_code)
    if not name.strip():
        raise EntryMalformed("name", say("Who signed is missing."), say("Type the name of the person who signed."))
    drawing = Attached("image/svg+xml", _drawn(strokes), SIGNATURE_WIDTH, SIGNATURE_HEIGHT)
    return _kept(act, visit, EntryKind.SIGNATURE, name[:120], made_at, file=drawing, at_most=SIGNATURES)


@enters("visit.work")
def activation(act: Act, *, visit_code: str, serial: str, made_at: datetime) -> Entered:
    """Activate, written down on site: the engineer is there with this ONT, and it is to become the line."""
    ont = Serial.parse(serial)
    visit = own_visit(act, visit_code)
    if visit.state is VisitState.BOOKED:
        field.start_visit(tx=act.tx, visit_id=visit.id)
    continue_with(act, visit, ont)
    return _kept(act, visit, EntryKind.ACTIVATION, f"ONT {ont.display}", made_at)


@enters("visit.work")
def cannot_do(act: Act, *, visit_code: str, reason: str, made_at: datetime, words: str = "") -> Entered:
    """The work could not be done: the visit is over, and what is needed now becomes somebody's task at once.

    Whatever waits for this visit goes on waiting, with a deadline of its own, until it is booked again or given up.
    Refused while the work is under way by itself, with OTHER without words, and for a visit that is over.
    """
    obstacle = _obstacle(reason)
    if obstacle is Obstacle.OTHER and not words.strip():
        raise EntryMalformed(
            "words", say("What was in the way is missing."), say("Say in a few words why it could not be done.")
        )
    visit = own_visit(act, visit_code)
    if visit.state in GAVE_UP:
        raise VisitGivenUp(visit_code, visit.state, visit.result or "")
    act.trace = trace_of(tx=act.tx, delivery_id=visit.delivery_id)
    state, _ = state_of(tx=act.tx, delivery_id=visit.delivery_id)
    if state not in (DeliveryState.WAITING, DeliveryState.FAILED):
        raise NotWaiting(visit_code, state)
    sequel = SEQUELS[obstacle]
    said = f"{sequel.words}: {words.strip()}" if words.strip() else sequel.words
    entered = _kept(act, visit, EntryKind.CANNOT_DO, said, made_at)
    field.miss_visit(tx=act.tx, visit_id=visit.id, reason=said)
    _hand_on(act, visit, sequel, said)
    order = orders.order_by_id(tx=act.tx, order_id=visit.order_id)
    act.record(
        VisitMissed(
            order_id=visit.order_id,
            customer_id=order.customer_id,
            service_id=visit.service_id,
            visit_id=visit.id,
            obstacle=str(obstacle),
        ),
        trace=act.trace,
    )
    return entered


@dataclass(frozen=True)
class BookedAgain:
    """The visit that takes the place of one that could not be done; UTC."""

    visit_code: str
    starts: datetime


@enters("visit.plan")
def book_again(act: Act, *, visit_code: str, not_before: date | None = None) -> BookedAgain:
    """Book the first free time from a day on for a visit that could not be done; the work goes on from there.

    What was built for the line since the booking is taken back first. Customer and CRM are told of the new time.
    """
    visit = field.visit_by_code(tx=act.tx, code=visit_code)
    act.about("visit", visit.code)
    act.trace = trace_of(tx=act.tx, delivery_id=visit.delivery_id)
    undo_to = _bookable(act, visit)
    order = orders.order_by_id(tx=act.tx, order_id=visit.order_id)
    zone = act.settings.company.tz
    booked = field.book_first_free(
        tx=act.tx,
        delivery_id=visit.delivery_id,
        service_id=visit.service_id,
        order_id=visit.order_id,
        area=customers.premises_by_id(tx=act.tx, premises_id=order.premises_id).area,
        address=visit.address,
        instructions=visit.instructions,
        after=max(act.at, start_of(not_before, zone=zone)) if not_before else act.at,
        zone=zone,
        at=act.at,
    )
    support.close_tasks(tx=act.tx, delivery_id=visit.delivery_id, by=act.actor.username, at=act.at, kind=FOLLOW_UP)
    state, _ = state_of(tx=act.tx, delivery_id=visit.delivery_id)
    deliveries.go_back(
        tx=act.tx,
        delivery_id=visit.delivery_id,
        undo_to=undo_to,
        now=act.at,
        document=None,
        waiting=state is DeliveryState.WAITING,
    )
    act.changed(
        "Visit",
        f"{visit.code}, {visit.result or visit.state}",
        f"{booked.code}, {booked.during.start:%Y-%m-%d %H:%M} UTC",
    )
    return BookedAgain(booked.code, booked.during.start)


def _bookable(act: Act, visit: Visit) -> int:
    """Where the work that waits for this visit goes back to. Raises VisitNotMissed."""
    if visit.state not in GAVE_UP:
        raise VisitNotMissed(visit.code, say("it is {state}", state=word(visit.state)))
    last = field.visit_of_delivery(tx=act.tx, delivery_id=visit.delivery_id)
    if last is not None and last.id != visit.id:
        raise VisitNotMissed(visit.code, say("{code} has taken its place", code=last.code))
    state, _ = state_of(tx=act.tx, delivery_id=visit.delivery_id)
    position = position_of(tx=act.tx, delivery_id=visit.delivery_id, step=BOOK)
    if state not in (DeliveryState.WAITING, DeliveryState.FAILED) or position is None:
        raise VisitNotMissed(visit.code, say("the work that it was for is {state}", state=word(state)))
    return position


def _kept(
    act: Act,
    visit: Visit,
    kind: EntryKind,
    text: str,
    made_at: datetime,
    *,
    level_dbm: float | None = None,
    file: Attached | None = None,
    at_most: int | None = None,
) -> Entered:
    entry = field.write_down(
        tx=act.tx,
        visit_id=visit.id,
        kind=kind,
        text=text,
        by=act.actor.username,
        made_at=made_at,
        at=act.at,
        level_dbm=level_dbm,
        file=file,
        at_most=at_most,
    )
    return Entered(entry.id, str(kind), entry.text)


def _hand_on(act: Act, visit: Visit, sequel: Sequel, said: str) -> None:
    """Give what is needed now to the least busy person of the role that sees to it; dispatchers are told as well."""
    due = act.at + timedelta(hours=act.settings.field.follow_up_hours)
    support.cancel_tasks(tx=act.tx, delivery_id=visit.delivery_id, by=act.actor.username, at=act.at, kind="install")
    task = support.open_task(
        tx=act.tx,
        kind=FOLLOW_UP,
        title=f"{sequel.asked}: {visit.code}, {visit.address}"[: support.LONGEST_TITLE],
        detail=f"{said}. {act.actor.name} was there.",
        role=sequel.role,
        at=act.at,
        delivery_id=visit.delivery_id,
        service_id=visit.service_id,
        assignee=support.least_busy(tx=act.tx, among=access.on_duty(tx=act.tx, role=sequel.role)),
        due_at=due,
    )
    deliveries.expect_by(tx=act.tx, delivery_id=visit.delivery_id, deadline=due)
    _note_in_tickets(act, visit.delivery_id, f"{act.actor.name} could not do visit {visit.code}: {said}")
    for role in {sequel.role, "dispatcher"}:
        notices.notify(
            tx=act.tx,
            key=f"missed:{visit.id}:{role}",
            text=say(
                "{visit} could not be done: {said}. {who} sees to it by {by:%d %b %H:%M}.",
                visit=visit.code,
                said=said,
                who=task.assignee or say("Nobody yet"),
                by=due.astimezone(act.settings.company.tz),
            ),
            link=f"/visits?visit={visit.code}",
            level=Level.WARNING,
            at=act.at,
            role=role,
        )


def _note_in_tickets(act: Act, delivery_id: UUID, text: str) -> None:
    for incident in support.incidents_of(tx=act.tx, delivery_id=delivery_id):
        if incident.closed_at is None:
            ticket = support.ticket_of_incident(tx=act.tx, incident_id=incident.id)
            support.add_note(tx=act.tx, ticket_id=ticket.id, author=act.actor.username, text=text, at=act.at)


def _obstacle(text: str) -> Obstacle:
    try:
        return Obstacle(text)
    except ValueError:
        raise WordUnknown("reason", text, Obstacle) from None


def _drawn(strokes: Strokes) -> bytes:
    """A drawing of these lines and nothing else: made of numbers here, so that no text of a phone gets into it."""
    lines = [[(_unit(x, SIGNATURE_WIDTH), _unit(y, SIGNATURE_HEIGHT)) for x, y, *_ in line] for line in strokes]
    points = sum(len(line) for line in lines)
    if not 2 <= points <= SIGNATURE_POINTS:
        raise EntryMalformed("strokes", say("There is no signature that can be kept."), say("Have it signed again."))
    whole = [line if len(line) > 1 else line * 2 for line in lines if line]  # a dot is a line to itself
    path = " ".join("M" + " L".join(f"{x} {y}" for x, y in line) for line in whole)
    box = f"0 0 {SIGNATURE_WIDTH} {SIGNATURE_HEIGHT}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"><path d="{path}" fill="none" '
        'stroke="#102030" stroke-width="6" stroke-linecap="round" stroke-linejoin="round"/></svg>'
    ).encode()


def _unit(value: object, most: int) -> int:
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise EntryMalformed("strokes", say("There is no signature that can be kept."), say("Have it signed again."))
    return max(0, min(most, round(value)))
