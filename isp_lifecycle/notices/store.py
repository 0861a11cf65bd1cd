"""Tables of e-mails and notifications; a unique key makes each of them once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.foundation import db
from isp_lifecycle.foundation.changes import tells
from isp_lifecycle.foundation.db import Tx, storable
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.notices.model import Email, Level, Notification, Rendered
from isp_lifecycle.notices.wording import Wording

emails = sa.Table(
    "emails",
    db.metadata,
    db.id_column(),
    db.text("key", unique=True),
    db.text("to", index=True),
    db.text("subject"),
    db.text("body_text"),
    db.text("body_html"),
    db.text("message_id", unique=True),
    db.instant("created_at"),
    db.instant("sent_at", nullable=True),
    sa.Column("offers", sa.SmallInteger(), nullable=False, server_default="0"),
    sa.Index("ix_emails_unsent", "created_at", postgresql_where=sa.text("sent_at IS NULL")),
)

notifications = sa.Table(
    "notifications",
    db.metadata,
    db.id_column(),
    db.text("key", unique=True),
    db.text("username", nullable=True),
    db.text("role", nullable=True),
    db.text("text"),
    db.text("link"),
    db.text("level"),
    db.instant("created_at"),
    db.instant("read_at", nullable=True),
    sa.CheckConstraint("(username IS NULL) <> (role IS NULL)", name="person_or_role"),
    sa.CheckConstraint(f"level IN ({', '.join(repr(str(level)) for level in Level)})", name="level_known"),
    sa.Index("ix_notifications_username", "username", "created_at"),
    sa.Index("ix_notifications_role", "role", "created_at"),
    # What a process of pages asks each second, and what a bell counts, however much was told before.
    sa.Index("ix_notifications_created_at", "created_at"),
    sa.Index("ix_notifications_read_at", "read_at"),
    sa.Index("ix_notifications_unread", "username", "role", postgresql_where=sa.text("read_at IS NULL")),
)
tells(notifications, "notices")

#: The provider's own words; only ever added to, apart from the note that a version failed.
wordings = sa.Table(
    "message_wordings",
    db.metadata,
    db.id_column(),
    db.text("kind"),
    db.text("language"),
    sa.Column("number", sa.Integer(), nullable=False),
    db.text("subject", nullable=True),
    db.text("body", nullable=True),
    db.text("written_by"),
    db.instant("written_at"),
    db.instant("failed_at", nullable=True),
    db.text("failure", nullable=True),
    sa.UniqueConstraint("kind", "language", "number", name="uq_message_wordings_number"),
)


def insert_wording(*, tx: Tx, wording: Wording) -> bool:
    """Add a version; False when one of its number stands already."""
    statement = pg.insert(wordings).values(asdict(wording)).on_conflict_do_nothing().returning(wordings.c.id)
    return tx.execute(statement).scalar_one_or_none() is not None


def newest_wording(*, tx: Tx, kind: str, language: str) -> Wording | None:
    """The version that counts, if there ever was one."""
    query = sa.select(wordings).where(wordings.c.kind == kind, wordings.c.language == language)
    row = tx.execute(query.order_by(wordings.c.number.desc()).limit(1)).mappings().one_or_none()
    return Wording(**row) if row else None


def newest_wordings(*, tx: Tx) -> tuple[Wording, ...]:
    """The version that counts, of each kind and language of which there ever was one."""
    query = sa.select(wordings).ext(pg.distinct_on(wordings.c.kind, wordings.c.language))
    ordered = query.order_by(wordings.c.kind, wordings.c.language, wordings.c.number.desc())
    return tuple(Wording(**row) for row in tx.execute(ordered).mappings())


def wordings_of(*, tx: Tx, kind: str, language: str, limit: int) -> tuple[Wording, ...]:
    """Versions of a kind in a language, the newest first."""
    query = sa.select(wordings).where(wordings.c.kind == kind, wordings.c.language == language)
    return tuple(Wording(**row) for row in tx.execute(query.order_by(wordings.c.number.desc()).limit(limit)).mappings())


def set_failed(*, tx: Tx, wording_id: UUID, at: datetime, failure: str) -> None:
    """Note when a version first failed, and why."""
    first = wordings.update().where(wordings.c.id == wording_id, wordings.c.failed_at.is_(None))
    tx.execute(first.values(failed_at=at, failure=storable(failure)))


def insert_email(*, tx: Tx, key: str, to: str, rendered: Rendered, message_id: str, at: datetime) -> Email:
    """Insert an e-mail; the one that stands when its key was written before."""
    statement = (
        pg.insert(emails)
        .values(
            id=new_id(),
            key=key,
            to=to,
            subject=rendered.subject,
            body_text=rendered.body_text,
            body_html=rendered.body_html,
            message_id=message_id,
            created_at=at,
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(emails)
    )
    row = tx.execute(statement).mappings().one_or_none()
    if row is None:
        row = tx.execute(sa.select(emails).where(emails.c.key == key)).mappings().one()
    return Email(**row)


def email(*, tx: Tx, key: str, lock: bool = False) -> Email | None:
    """The e-mail with that key, locked until the transaction ends if asked."""
    query = sa.select(emails).where(emails.c.key == key)
    row = tx.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    return Email(**row) if row else None


def email_list(*, tx: Tx, to: str | None = None, unsent: bool = False, limit: int = 1000) -> tuple[Email, ...]:
    """E-mails, oldest first: to one address, or those that wait to be sent."""
    query = sa.select(emails).order_by(emails.c.created_at, emails.c.id).limit(limit)
    if to is not None:
        query = query.where(emails.c.to == to)
    if unsent:
        query = query.where(emails.c.sent_at.is_(None))
    return tuple(Email(**row) for row in tx.execute(query).mappings())


def count_offer(*, tx: Tx, key: str, by: int) -> None:
    """Note that an e-mail is about to be handed to the relay (1), or that the relay clearly said no (-1)."""
    unsent = emails.update().where(emails.c.key == key, emails.c.sent_at.is_(None))
    tx.execute(unsent.values(offers=emails.c.offers + by))


def set_sent(*, tx: Tx, key: str, at: datetime) -> Email:
    """Note when an e-mail was handed to the relay."""
    statement = emails.update().where(emails.c.key == key).values(sent_at=at).returning(emails)
    return Email(**tx.execute(statement).mappings().one())


def insert_notification(
    *,
    tx: Tx,
    key: str,
    username: str | None,
    role: str | None,
    text: str,
    link: str,
    level: Level,
    at: datetime,
) -> Notification:
    """Insert a notification; the one that stands when its key was written before."""
    statement = (
        pg.insert(notifications)
        .values(
            id=new_id(),
            key=key,
            username=username,
            role=role,
            text=storable(text),
            link=link,
            level=level,
            created_at=at,
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(notifications)
    )
    row = tx.execute(statement).mappings().one_or_none()
    if row is None:
        row = tx.execute(sa.select(notifications).where(notifications.c.key == key)).mappings().one()
    return _notification(row)


def notification_list(
    *, tx: Tx, username: str, roles: Sequence[str], unread: bool, limit: int
) -> tuple[Notification, ...]:
    """What a person is told, by name or by role, newest first; each part by its own index, so that none is sorted."""
    parts = []
    for audience in (notifications.c.username == username, *(notifications.c.role == role for role in roles)):
        part = sa.select(notifications).where(audience)
        if unread:
            part = part.where(notifications.c.read_at.is_(None))
        parts.append(part.order_by(notifications.c.created_at.desc()).limit(limit).subquery().select())
    whole = sa.union_all(*parts).subquery()
    query = sa.select(whole).order_by(whole.c.created_at.desc(), whole.c.id.desc()).limit(limit)
    return tuple(_notification(row) for row in tx.execute(query).mappings())


def unread_count(*, tx: Tx, username: str, roles: Sequence[str]) -> int:
    """How much a person was told, by name or by role, that nobody has read."""
    mine = sa.or_(notifications.c.username == username, notifications.c.role.in_(roles))
    query = sa.select(sa.func.count()).where(mine, notifications.c.read_at.is_(None))
    return int(tx.execute(query).scalar_one())


def set_all_read(*, tx: Tx, username: str, roles: Sequence[str], until: datetime, at: datetime) -> int:
    """Note that a person has read all that they were told until an instant; returns how much that was."""
    mine = sa.or_(notifications.c.username == username, notifications.c.role.in_(roles))
    statement = (
        notifications.update()
        .where(mine, notifications.c.read_at.is_(None), notifications.c.created_at <= until)
        .values(read_at=at)
    )
    return tx.execute(statement).rowcount


def set_read(
    *, tx: Tx, notification_id: UUID, username: str, roles: Sequence[str], at: datetime
) -> Notification | None:
    """Note when a person's notification was first read; None when they were told no such one."""
    mine = sa.or_(notifications.c.username == username, notifications.c.role.in_(roles))
    first = sa.func.coalesce(notifications.c.read_at, at)
    statement = (
        notifications.update()
        .where(notifications.c.id == notification_id, mine)
        .values(read_at=first)
        .returning(notifications)
    )
    row = tx.execute(statement).mappings().one_or_none()
    return _notification(row) if row else None


def _notification(row: Mapping[Any, Any]) -> Notification:
    return Notification(**{**row, "level": Level(row["level"])})
