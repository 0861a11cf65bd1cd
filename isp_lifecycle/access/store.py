"""Accounts in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.access.model import Role, User
from isp_lifecycle.foundation.db import Tx, id_column, id_ref, instant, metadata, text

users = sa.Table(
    "users",
    metadata,
    id_column(),
    text("username", unique=True),
    text("name"),
    text("email", nullable=True),
    text("role"),
    text("password_hash", nullable=True),
    sa.Column("active", sa.Boolean(), nullable=False),
    instant("created_at"),
    id_ref("customer_id", nullable=True, index=True),
    sa.CheckConstraint("username = lower(username) AND username <> ''", name="username_normal"),
    sa.CheckConstraint("(role = 'customer') = (customer_id IS NOT NULL)", name="customer_has_customer"),
)


def insert_user(*, tx: Tx, user: User, password_hash: str | None) -> bool:
    """Add an account; ``False`` when the user name is taken."""
    statement = (
        pg.insert(users)
        .values(
            id=user.id,
            username=user.username,
            name=user.name,
            email=user.email,
            role=str(user.role),
            password_hash=password_hash,
            active=user.active,
            created_at=user.created_at,
            customer_id=user.customer_id,
        )
        .on_conflict_do_nothing(index_elements=[users.c.username])
        .returning(users.c.id)
    )
    return tx.execute(statement).scalar_one_or_none() is not None


def user_by_id(*, tx: Tx, user_id: UUID) -> User | None:
    """The account with this id."""
    row = tx.execute(sa.select(users).where(users.c.id == user_id)).mappings().one_or_none()
    return _user(row) if row is not None else None


def user_by_username(*, tx: Tx, username: str) -> User | None:
    """The account with this (normal) user name."""
    row = tx.execute(sa.select(users).where(users.c.username == username)).mappings().one_or_none()
    return _user(row) if row is not None else None


def all_users(*, tx: Tx) -> Sequence[User]:
    """Every account, by user name."""
    return [_user(row) for row in tx.execute(sa.select(users).order_by(users.c.username)).mappings()]


def active_usernames(*, tx: Tx, role: str) -> Sequence[str]:
    """The open accounts of a role, by user name."""
    query = sa.select(users.c.username).where(users.c.role == role, users.c.active).order_by(users.c.username)
    return tx.execute(query).scalars().all()


def lock_active(*, tx: Tx, role: str) -> frozenset[UUID]:
    """The open accounts of a role, locked in one order."""
    query = sa.select(users.c.id).where(users.c.role == role, users.c.active).order_by(users.c.id).with_for_update()
    return frozenset(tx.execute(query).scalars())


def open_accounts(*, tx: Tx) -> dict[str, int]:
    """How many open accounts there are of each role."""
    query = sa.select(users.c.role, sa.func.count().label("number")).where(users.c.active).group_by(users.c.role)
    return {row.role: row.number for row in tx.execute(query)}


def password_hash_of(*, tx: Tx, user_id: UUID) -> str | None:
    """The stored hash; nothing but the check of a password may ask for it."""
    value: str | None = tx.execute(sa.select(users.c.password_hash).where(users.c.id == user_id)).scalar_one_or_none()
    return value


def update_user(*, tx: Tx, user_id: UUID, values: Mapping[str, Any]) -> bool:
    """Write columns of one account; ``False`` when there is no such account."""
    return tx.execute(users.update().where(users.c.id == user_id).values(**values)).rowcount == 1


def _user(row: sa.RowMapping) -> User:
    return User(
        id=row["id"],
        username=row["username"],
        name=row["name"],
        role=Role(row["role"]),
        active=row["active"],
        created_at=row["created_at"],
        email=row["email"],
        customer_id=row["customer_id"],
        has_password=row["password_hash"] is not None,
    )
