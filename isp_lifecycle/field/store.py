"""Tables of engineers and visits. The exclusion constraint is what keeps an engineer out of two places at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.field.model import (
    GAVE_UP,
    HOLDS_TIME,
    VISIT_MOVES,
    Attached,
    Engineer,
    Entry,
    EntryKind,
    TimeRange,
    Visit,
    VisitState,
)
from isp_lifecycle.foundation import db
from isp_lifecycle.foundation.changes import tells
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.ids import new_id, short_code
from isp_lifecycle.foundation.transition import move

engineers = sa.Table(
    "engineers",
    db.metadata,
    db.id_column(),
    db.text("username", unique=True),
    db.text("name"),
    db.text("area", nullable=True, index=True),
    db.text("phone"),
    db.text("email"),
    sa.Column("active", sa.Boolean(), nullable=False),
)

visit_numbers = sa.Sequence("visit_numbers", metadata=db.metadata)


def _among(column: str, states: Sequence[VisitState]) -> sa.TextClause:
    return sa.text(f"{column} IN ({', '.join(repr(str(s)) for s in states)})")


#: No engineer in two places: violated by a second visit that overlaps one that holds the engineer's time.
ONE_PLACE = "ex_visits_engineer_during"

#: Which visits count as standing. Written out, because PostgreSQL finds the index of an ON CONFLICT by the text of its
#: condition: a parameter has no text once the statement is prepared and planned without its values.
_STANDING = sa.text(f"state NOT IN ({', '.join(repr(str(s)) for s in GAVE_UP)})")

visits = sa.Table(
    "visits",
    db.metadata,
    db.id_column(),
    db.text("code", unique=True),
    db.id_ref("service_id", index=True),
    db.id_ref("order_id", index=True),
    db.id_ref("delivery_id", index=True),
    sa.Column("engineer_id", sa.ForeignKey("engineers.id"), nullable=True),
    sa.Column("during", pg.TSTZRANGE(), nullable=False),
    db.text("state"),
    db.text("address"),
    db.text("instructions"),
    db.instant("created_at"),
    db.text("result", nullable=True),
    sa.CheckConstraint(_among("state", tuple(VisitState)), name="state_known"),
    pg.ExcludeConstraint(
        ("engineer_id", "="), ("during", "&&"), where=_among("state", HOLDS_TIME), using="gist", name=ONE_PLACE
    ),
    sa.Index("ix_visits_during", "during", postgresql_using="gist"),
    sa.Index("ix_visits_starts", sa.text("lower(during)")),
    sa.Index(
        "uq_visits_delivery_id_standing",
        "delivery_id",
        unique=True,
        postgresql_where=_STANDING,
    ),
)
tells(visits, "visits")

#: What engineers wrote down on site. What was done under a key of its owner's phone is not done again.
visit_entries = sa.Table(
    "visit_entries",
    db.metadata,
    db.id_column(),
    sa.Column("visit_id", sa.ForeignKey("visits.id"), nullable=False, index=True),
    db.text("kind"),
    db.text("text"),
    sa.Column("level_dbm", sa.Double(), nullable=True),
    db.text("by"),
    db.instant("made_at"),
    db.instant("taken_at"),
    sa.CheckConstraint(f"kind IN ({', '.join(repr(str(k)) for k in EntryKind)})", name="kind_known"),
)

#: Photos and signatures, apart from what is read for lists. They stand in the database, so that they commit with the
#: entry, are in each backup of it, and are gone when they are erased.
visit_files = sa.Table(
    "visit_files",
    db.metadata,
    sa.Column("entry_id", sa.ForeignKey("visit_entries.id", ondelete="CASCADE"), primary_key=True),
    db.text("media_type"),
    sa.Column("content", pg.BYTEA(), nullable=False),
    sa.Column("width", sa.Integer(), nullable=False),
    sa.Column("height", sa.Integer(), nullable=False),
)

visit_keys = sa.Table(
    "visit_keys",
    db.metadata,
    sa.Column("owner", sa.Text(), primary_key=True),
    sa.Column("key", sa.Text(), primary_key=True),
    sa.Column("asked", pg.BYTEA(), nullable=False),
    sa.Column("entry_id", sa.ForeignKey("visit_entries.id", ondelete="SET NULL"), nullable=True),
    db.instant("asked_at", index=True),
)


def put_engineer(
    *, tx: Tx, username: str, name: str, area: str | None, phone: str, email: str, active: bool
) -> Engineer:
    """Insert an engineer, or change the one with that username."""
    given = {"name": name, "area": area, "phone": phone, "email": email, "active": active}
    statement = (
        pg.insert(engineers)
        .values(id=new_id(), username=username, **given)
        .on_conflict_do_update(index_elements=["username"], set_=given)
        .returning(engineers)
    )
    return _engineer(tx.execute(statement).mappings().one())


def engineer(*, tx: Tx, key: UUID | str) -> Engineer | None:
    """The engineer by id or by username."""
    column = engineers.c.username if isinstance(key, str) else engineers.c.id
    row = tx.execute(sa.select(engineers).where(column == key)).mappings().one_or_none()
    return _engineer(row) if row else None


def engineer_list(*, tx: Tx, area: str | None, active: bool) -> tuple[Engineer, ...]:
    """Engineers by name, of one area or of all."""
    query = sa.select(engineers).where(engineers.c.active == active).order_by(engineers.c.name, engineers.c.id)
    if area is not None:
        query = query.where(engineers.c.area == area)
    return tuple(_engineer(row) for row in tx.execute(query).mappings())


def lock_candidates(*, tx: Tx, area: str | None) -> tuple[UUID, ...]:
    """The active engineers who may go to an area, their calendars locked until the transaction ends.

    Those of the area are named first, then those who go everywhere. Bookings for the same people wait for one another
    here, so each sees the visits of the one before; locks are always taken in the order of ids.
    """
    query = (
        sa.select(engineers.c.id, engineers.c.area)
        .where(engineers.c.active, sa.or_(engineers.c.area == area, engineers.c.area.is_(None)))
        .order_by(engineers.c.id)
        .with_for_update(key_share=True)
    )
    found = tx.execute(query).all()
    return tuple(row.id for row in sorted(found, key=lambda row: row.area is None))


def lock_engineer(*, tx: Tx, engineer_id: UUID) -> Engineer | None:
    """One engineer, the calendar locked until the transaction ends."""
    query = sa.select(engineers).where(engineers.c.id == engineer_id).with_for_update(key_share=True)
    row = tx.execute(query).mappings().one_or_none()
    return _engineer(row) if row else None


def busy(*, tx: Tx, engineer_ids: Sequence[UUID], after: datetime) -> dict[UUID, list[TimeRange]]:
    """The time that is taken after an instant, for each of these engineers."""
    query = sa.select(visits.c.engineer_id, visits.c.during).where(
        visits.c.engineer_id.in_(engineer_ids),
        visits.c.state.in_(HOLDS_TIME),
        visits.c.during.op("&&")(sa.func.tstzrange(after, None)),
    )
    taken: dict[UUID, list[TimeRange]] = {who: [] for who in engineer_ids}
    for who, during in tx.execute(query):
        taken[who].append(TimeRange(during.lower, during.upper))
    return taken


def insert_visit(
    *,
    tx: Tx,
    service_id: UUID,
    order_id: UUID,
    delivery_id: UUID,
    engineer_id: UUID | None,
    during: TimeRange,
    address: str,
    instructions: str,
    at: datetime,
) -> Visit | None:
    """Insert a booked visit; None when the delivery has one that stands.

    Raises ``sqlalchemy.exc.IntegrityError`` of the constraint :data:`ONE_PLACE` when the engineer is elsewhere;
    the transaction can go on after that.
    """
    statement = (
        pg.insert(visits)
        .values(
            id=new_id(),
            code=short_code("V", tx.execute(sa.select(visit_numbers.next_value())).scalar_one()),
            service_id=service_id,
            order_id=order_id,
            delivery_id=delivery_id,
            engineer_id=engineer_id,
            during=_span(during),
            state=VISIT_MOVES.start,
            address=address,
            instructions=instructions,
            created_at=at,
        )
        .on_conflict_do_nothing(index_elements=["delivery_id"], index_where=_STANDING)
        .returning(visits)
    )
    with tx.begin_nested():
        row = tx.execute(statement).mappings().one_or_none()
    return _visit(row) if row else None


def set_time(*, tx: Tx, visit_id: UUID, engineer_id: UUID, during: TimeRange) -> bool:
    """Give a booked visit another engineer or time; False when it is not booked any more.

    Raises as :func:`insert_visit` does; the transaction can go on after that.
    """
    statement = (
        visits.update()
        .where(visits.c.id == visit_id, visits.c.state == VisitState.BOOKED)
        .values(engineer_id=engineer_id, during=_span(during))
    )
    with tx.begin_nested():
        return tx.execute(statement).rowcount == 1


def set_state(*, tx: Tx, visit_id: UUID, to: VisitState, result: str | None = None) -> None:
    """Move a visit by its table of moves, with what came of it."""
    also = {} if result is None else {"result": result}
    move(tx=tx, table=visits, moves=VISIT_MOVES, key=visit_id, to=to, also=also)


def visit(*, tx: Tx, key: UUID | str, lock: bool = False) -> Visit | None:
    """The visit by id or by code, locked until the transaction ends if asked."""
    column = visits.c.code if isinstance(key, str) else visits.c.id
    query = sa.select(visits).where(column == key)
    row = tx.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    return _visit(row) if row else None


def visit_of_delivery(*, tx: Tx, delivery_id: UUID) -> Visit | None:
    """The visit of a delivery that stands, else the last one that was given up."""
    given_up = visits.c.state.in_(GAVE_UP)
    query = sa.select(visits).where(visits.c.delivery_id == delivery_id).order_by(given_up, visits.c.id.desc()).limit(1)
    row = tx.execute(query).mappings().one_or_none()
    return _visit(row) if row else None


def visits_during(*, tx: Tx, span: TimeRange, engineer_id: UUID | None = None) -> tuple[Visit, ...]:
    """The visits that overlap a range of time, earliest first; of one engineer or of all."""
    query = sa.select(visits).where(visits.c.during.op("&&")(sa.func.tstzrange(span.start, span.end)))
    if engineer_id is not None:
        query = query.where(visits.c.engineer_id == engineer_id)
    query = query.order_by(sa.func.lower(visits.c.during), visits.c.id)
    return tuple(_visit(row) for row in tx.execute(query).mappings())


def insert_entry(*, tx: Tx, entry: Entry) -> None:
    """Write an entry down."""
    values = {name: getattr(entry, name) for name in visit_entries.c.keys()}  # noqa: SIM118 - a collection of columns
    tx.execute(visit_entries.insert().values({**values, "kind": str(entry.kind)}))


def insert_file(*, tx: Tx, entry_id: UUID, file: Attached) -> None:
    """Keep the photo or the signature of an entry."""
    tx.execute(
        visit_files.insert().values(
            entry_id=entry_id,
            media_type=file.media_type,
            content=file.content,
            width=file.width,
            height=file.height,
        )
    )


def entry_list(*, tx: Tx, visit_ids: Sequence[UUID]) -> tuple[Entry, ...]:
    """What was written down at these visits, in the order in which it was made."""
    query = (
        sa.select(visit_entries)
        .where(visit_entries.c.visit_id.in_(visit_ids))
        .order_by(visit_entries.c.made_at, visit_entries.c.id)
    )
    return tuple(_entry(row) for row in tx.execute(query).mappings())


def entry(*, tx: Tx, entry_id: UUID) -> Entry | None:
    """An entry by its id."""
    row = tx.execute(sa.select(visit_entries).where(visit_entries.c.id == entry_id)).mappings().one_or_none()
    return _entry(row) if row else None


def file(*, tx: Tx, entry_id: UUID) -> Attached | None:
    """The photo or the signature of an entry."""
    columns = [visit_files.c[name] for name in ("media_type", "content", "width", "height")]
    row = tx.execute(sa.select(*columns).where(visit_files.c.entry_id == entry_id)).mappings().one_or_none()
    return Attached(**{**row, "content": bytes(row["content"])}) if row else None


def erase_entries(*, tx: Tx, order_ids: Sequence[UUID]) -> int:
    """Remove what was written down at the visits of these orders, with photos and signatures; returns how much."""
    theirs = sa.select(visits.c.id).where(visits.c.order_id.in_(order_ids))
    return tx.execute(visit_entries.delete().where(visit_entries.c.visit_id.in_(theirs))).rowcount


def take_key(*, tx: Tx, owner: str, key: str, asked: bytes, at: datetime) -> tuple[bytes, UUID | None] | None:
    """Take a key; None when it is new, else what was asked under it and the entry that came of it.

    Two who take one key at once take turns: the second waits until the first one's transaction has ended.
    """
    values = {"owner": owner, "key": key, "asked": asked, "asked_at": at}
    added = pg.insert(visit_keys).values(values).on_conflict_do_nothing().returning(visit_keys.c.key)
    if tx.execute(added).scalar_one_or_none() is not None:
        return None
    here = sa.and_(visit_keys.c.owner == owner, visit_keys.c.key == key)
    row = tx.execute(sa.select(visit_keys.c.asked, visit_keys.c.entry_id).where(here)).one()
    return bytes(row.asked), row.entry_id


def keep_key(*, tx: Tx, owner: str, key: str, entry_id: UUID) -> None:
    """Note the entry that came of what was asked under a key."""
    here = sa.and_(visit_keys.c.owner == owner, visit_keys.c.key == key)
    tx.execute(visit_keys.update().where(here).values(entry_id=entry_id))


def _entry(row: Mapping[Any, Any]) -> Entry:
    return Entry(**{**row, "kind": EntryKind(row["kind"])})


def _span(during: TimeRange) -> pg.Range[datetime]:
    return pg.Range(during.start, during.end, bounds="[)")


def _engineer(row: Mapping[Any, Any]) -> Engineer:
    return Engineer(**row)


def _visit(row: Mapping[Any, Any]) -> Visit:
    during = row["during"]
    return Visit(
        **{**row, "state": VisitState(row["state"]), "during": TimeRange(during.lower, during.upper)},
    )
