"""Second factors in PostgreSQL: the seed of an authenticator, sealed, and hashes of recovery codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.foundation.db import Tx, instant, metadata

second_factors = sa.Table(
    "second_factors",
    metadata,
    sa.Column("user_id", sa.ForeignKey("users.id"), primary_key=True),
    sa.Column("seed", pg.BYTEA(), nullable=False),
    instant("made_at"),
    instant("confirmed_at", nullable=True),
    sa.Column("last_step", sa.BigInteger(), nullable=False),
)

recovery_codes = sa.Table(
    "recovery_codes",
    metadata,
    sa.Column("user_id", sa.ForeignKey("users.id"), primary_key=True),
    sa.Column("hash", pg.BYTEA(), primary_key=True),
    instant("used_at", nullable=True),
)
_MINE, _CODE = second_factors.c, recovery_codes.c


@dataclass(frozen=True)
class Factor:
    """An account's authenticator; one that was never confirmed counts for nothing."""

    seed: bytes
    confirmed_at: datetime | None


def begin(*, tx: Tx, user_id: UUID, seed: bytes, at: datetime) -> None:
    """Keep a seed that is to be confirmed, in place of another one that was not."""
    values = {"seed": seed, "made_at": at, "last_step": 0}
    statement = pg.insert(second_factors).values(user_id=user_id, **values)
    tx.execute(
        statement.on_conflict_do_update(index_elements=[_MINE.user_id], set_=values, where=_MINE.confirmed_at.is_(None))
    )


def find(*, tx: Tx, user_id: UUID) -> Factor | None:
    """The authenticator of an account, confirmed or not."""
    query = sa.select(_MINE.seed, _MINE.confirmed_at).where(_MINE.user_id == user_id)
    row = tx.execute(query).one_or_none()
    return None if row is None else Factor(*row)


def has(*, tx: Tx, user_id: UUID) -> bool:
    """Whether an account has a confirmed authenticator; asks for no seed."""
    query = sa.select(sa.exists().where(_MINE.user_id == user_id, _MINE.confirmed_at.is_not(None)))
    return bool(tx.execute(query).scalar_one())


def with_factor(*, tx: Tx) -> frozenset[UUID]:
    """The accounts that have a confirmed authenticator."""
    return frozenset(tx.execute(sa.select(_MINE.user_id).where(_MINE.confirmed_at.is_not(None))).scalars())


def use_step(*, tx: Tx, user_id: UUID, step: int) -> bool:
    """Use up a time step and all before it; ``False`` when it was used up already."""
    statement = second_factors.update().where(_MINE.user_id == user_id, _MINE.last_step < step).values(last_step=step)
    return tx.execute(statement).rowcount == 1


def confirm(*, tx: Tx, user_id: UUID, at: datetime) -> None:
    """From now on the authenticator is asked for."""
    tx.execute(second_factors.update().where(_MINE.user_id == user_id).values(confirmed_at=at))


def remove(*, tx: Tx, user_id: UUID) -> bool:
    """Take authenticator and recovery codes off an account; ``False`` when it had no confirmed one."""
    tx.execute(recovery_codes.delete().where(_CODE.user_id == user_id))
    gone = tx.execute(second_factors.delete().where(_MINE.user_id == user_id).returning(_MINE.confirmed_at)).all()
    return any(row[0] is not None for row in gone)


def put_codes(*, tx: Tx, user_id: UUID, hashes: list[bytes]) -> None:
    """Replace an account's recovery codes, used and unused."""
    tx.execute(recovery_codes.delete().where(_CODE.user_id == user_id))
    tx.execute(recovery_codes.insert(), [{"user_id": user_id, "hash": one} for one in hashes])


def use_code(*, tx: Tx, user_id: UUID, hashed: bytes, at: datetime) -> bool:
    """Use a recovery code up; ``False`` when there is none like it, or it was used."""
    statement = recovery_codes.update().where(_CODE.user_id == user_id, _CODE.hash == hashed, _CODE.used_at.is_(None))
    return tx.execute(statement.values(used_at=at)).rowcount == 1


def codes_left(*, tx: Tx, user_id: UUID) -> int:
    """How many recovery codes were not used."""
    query = sa.select(sa.func.count()).where(_CODE.user_id == user_id, _CODE.used_at.is_(None))
    return int(tx.execute(query).scalar_one())


def all_seeds(*, tx: Tx) -> dict[UUID, bytes]:
    """Every sealed seed by account, locked until this transaction ends."""
    query = sa.select(_MINE.user_id, _MINE.seed).with_for_update()
    return {row.user_id: row.seed for row in tx.execute(query)}


def keep_seed(*, tx: Tx, user_id: UUID, seed: bytes) -> None:
    """Write a seed that was sealed anew."""
    tx.execute(second_factors.update().where(_MINE.user_id == user_id).values(seed=seed))
