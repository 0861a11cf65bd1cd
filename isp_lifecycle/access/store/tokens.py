"""Tokens of machines in PostgreSQL: what is kept of one is a hash, from which it cannot be found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.access.model import ApiToken
from isp_lifecycle.foundation.db import Tx, id_column, instant, metadata, text

api_tokens = sa.Table(
    "api_tokens",
    metadata,
    id_column(),
    sa.Column("user_id", sa.ForeignKey("users.id"), nullable=False, index=True),
    text("name"),
    sa.Column("scopes", pg.ARRAY(sa.Text()), nullable=False),
    # SHA-256 of 256 random bits: nothing that could be guessed, so that it needs no slow hash.
    sa.Column("told", pg.BYTEA(), nullable=False, unique=True),
    text("shown"),
    instant("created_at"),
    instant("expires_at"),
    instant("revoked_at", nullable=True),
    instant("used_at", nullable=True),
    text("used_from", nullable=True),
    sa.CheckConstraint("octet_length(told) = 32", name="told_is_a_hash"),
    sa.CheckConstraint("expires_at > created_at", name="expires_after_it_begins"),
    sa.CheckConstraint("(used_at IS NULL) = (used_from IS NULL)", name="use_has_place"),
)


def insert_token(*, tx: Tx, token: ApiToken, told: bytes) -> None:
    """Add a token by its hash."""
    tx.execute(api_tokens.insert().values({**vars(token), "scopes": sorted(token.scopes), "told": told}))


def token_by_hash(*, tx: Tx, told: bytes) -> ApiToken | None:
    """The token with this hash."""
    return _one(tx, api_tokens.c.told == told)


def token_by_id(*, tx: Tx, token_id: UUID) -> ApiToken | None:
    """The token with this id."""
    return _one(tx, api_tokens.c.id == token_id)


def select_tokens(*, tx: Tx, user_id: UUID | None) -> Sequence[ApiToken]:
    """The tokens of one account, or all of them, the newest first."""
    query = sa.select(*_SHOWN).order_by(api_tokens.c.created_at.desc(), api_tokens.c.id.desc())
    if user_id is not None:
        query = query.where(api_tokens.c.user_id == user_id)
    return [_token(row) for row in tx.execute(query).mappings()]


def revoke(*, tx: Tx, token_id: UUID, at: datetime) -> bool:
    """End a token; False when it was ended before."""
    standing = sa.and_(api_tokens.c.id == token_id, api_tokens.c.revoked_at.is_(None))
    return tx.execute(api_tokens.update().where(standing).values(revoked_at=at)).rowcount == 1


def note_use(*, tx: Tx, token_id: UUID, at: datetime, address: str) -> None:
    """Note when and from where a token was used."""
    tx.execute(api_tokens.update().where(api_tokens.c.id == token_id).values(used_at=at, used_from=address))


_SHOWN = tuple(column for column in api_tokens.c if column.name != "told")


def _one(tx: Tx, condition: sa.ColumnElement[bool]) -> ApiToken | None:
    row = tx.execute(sa.select(*_SHOWN).where(condition)).mappings().one_or_none()
    return _token(row) if row is not None else None


def _token(row: sa.RowMapping) -> ApiToken:
    return ApiToken(**{**row, "scopes": frozenset(row["scopes"])})
