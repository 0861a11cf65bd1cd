"""Identities in PostgreSQL: as whom a source outside knows an account, and what it last told of its groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.access.ports import Person
from isp_lifecycle.access.store import users
from isp_lifecycle.foundation.db import Tx, id_column, id_ref, instant, metadata, text
from isp_lifecycle.foundation.ids import new_id

identities = sa.Table(
    "identities",
    metadata,
    id_column(),
    id_ref("user_id", index=True),
    text("source"),
    text("subject"),
    text("username"),
    sa.Column("groups", pg.ARRAY(sa.Text()), nullable=False),
    sa.Column("present", sa.Boolean(), nullable=False),
    instant("seen_at"),
    instant("looked_at"),
    sa.UniqueConstraint("source", "subject", name="identity_once"),
)
_TURN: Final = 0x1DE27171E5


@dataclass(frozen=True)
class Identity:
    """As whom a source knows an account; times are UTC."""

    user_id: UUID
    source: str
    subject: str
    username: str
    """The name there."""
    groups: frozenset[str]
    """Those that the source told of last."""
    present: bool
    """Whether the source still lets the person in: not gone, not disabled, not expired."""
    seen_at: datetime
    """When the account last signed in, by whatever way."""
    looked_at: datetime
    """When the source was last asked about them."""


def take_turn(*, tx: Tx) -> None:
    """Wait until nobody else is admitting somebody, so that two first sign-ins of one person make one account."""
    tx.execute(sa.text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})


def find(*, tx: Tx, source: str, subject: str) -> Identity | None:
    """The identity of this subject."""
    query = sa.select(identities).where(identities.c.source == source, identities.c.subject == subject)
    row = tx.execute(query).mappings().one_or_none()
    return _identity(row) if row is not None else None


def of_user(*, tx: Tx, user_id: UUID) -> Sequence[Identity]:
    """Every identity of an account, by source."""
    query = sa.select(identities).where(identities.c.user_id == user_id).order_by(identities.c.source)
    return [_identity(row) for row in tx.execute(query).mappings()]


def seen_since(*, tx: Tx, source: str, since: datetime) -> Sequence[Identity]:
    """Identities of open accounts that signed in since then, the longest not looked at first."""
    query = (
        sa.select(identities)
        .join(users, users.c.id == identities.c.user_id)
        .where(identities.c.source == source, identities.c.seen_at >= since, users.c.active)
        .order_by(identities.c.looked_at, identities.c.id)
    )
    return [_identity(row) for row in tx.execute(query).mappings()]


def signed_in(*, tx: Tx, user_id: UUID, person: Person, at: datetime) -> None:
    """Keep that this person signed in, and what their source told of them."""
    told = {
        "username": person.username,
        "groups": sorted(person.groups),
        "present": True,
        "seen_at": at,
        "looked_at": at,
    }
    statement = pg.insert(identities).values(
        id=new_id(), user_id=user_id, source=person.source, subject=person.subject, **told
    )
    tx.execute(statement.on_conflict_do_update(index_elements=["source", "subject"], set_=told))
    seen(tx=tx, user_id=user_id, at=at)


def seen(*, tx: Tx, user_id: UUID, at: datetime) -> None:
    """Keep that an account signed in."""
    tx.execute(identities.update().where(identities.c.user_id == user_id).values(seen_at=at))


def number_of(*, tx: Tx) -> dict[str, tuple[int, int]]:
    """How many identities each source has: in all, and those that it still lets in."""
    present = sa.func.count().filter(identities.c.present)
    query = sa.select(identities.c.source, sa.func.count().label("all"), present.label("present"))
    return {row.source: (row.all, row.present) for row in tx.execute(query.group_by(identities.c.source))}


def looked_at(*, tx: Tx, source: str, subject: str, person: Person | None, at: datetime) -> None:
    """Keep what a source told when it was asked again; None when it lets the person in no more."""
    values = {"present": person is not None, "looked_at": at}
    if person is not None:
        values |= {"groups": sorted(person.groups), "username": person.username}
    tx.execute(
        identities.update().where(identities.c.source == source, identities.c.subject == subject).values(**values)
    )


def _identity(row: sa.RowMapping) -> Identity:
    return Identity(
        **{name: row[name] for name in row if name not in ("id", "groups")}, groups=frozenset(row["groups"])
    )
