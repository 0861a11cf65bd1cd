"""Accounts in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.access.model import GRANTABLE, OF_ALL_STAFF, OwnRole, Role, User
from isp_lifecycle.foundation.db import Tx, id_column, id_ref, instant, metadata, storable, text
from isp_lifecycle.foundation.reach import (
    ACCOUNT_OF_LINK,
    ACCOUNT_WHO_ASKS,
    CUSTOMER_WHO_ASKS,
    NAME_FORGOTTEN,
    NAME_WHO_ASKS,
    portal_changes,
    portal_reads,
)

own_roles = sa.Table(
    "own_roles",
    metadata,
    sa.Column("name", sa.Text(), primary_key=True),
    text("base"),
    sa.Column("permissions", pg.ARRAY(sa.Text()), nullable=False),
)

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
    text("partner", nullable=True),
    text("role_from", nullable=True),
    sa.Column("withdrawn", sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column("own_role", sa.Text(), sa.ForeignKey("own_roles.name"), nullable=True, index=True),
    sa.Column("language", sa.Text(), nullable=False, server_default=""),
    sa.CheckConstraint("username = lower(username) AND username <> ''", name="username_normal"),
    sa.CheckConstraint("(role = 'customer') = (customer_id IS NOT NULL)", name="customer_has_customer"),
    sa.CheckConstraint("(role = 'partner') = (partner IS NOT NULL)", name="partner_has_partner"),
    sa.CheckConstraint("NOT (active AND withdrawn)", name="withdrawn_is_closed"),
    sa.CheckConstraint("own_role IS NULL OR role <> 'customer'", name="own_role_is_staffs"),
    sa.Index("ix_users_email", sa.func.lower(sa.column("email"))),
)

# The portal knows customers' accounts only, and of those the one that asks, whose password is being checked or set, or
# for which a link is asked. A session that is looked at, and a name that is typed as forgotten, change nothing.
_WHO_SETS = f"""
    role = 'customer'
    AND (customer_id = {CUSTOMER_WHO_ASKS} OR username = {NAME_WHO_ASKS} OR id = {ACCOUNT_OF_LINK})
"""
_WHO_IS_READ = f"""
    {_WHO_SETS} OR role = 'customer'
    AND (id = {ACCOUNT_WHO_ASKS} OR username = {NAME_FORGOTTEN} OR lower(email) = {NAME_FORGOTTEN})
"""
portal_reads(users, rows=_WHO_IS_READ)
portal_changes(users, rows=_WHO_SETS, becomes=_WHO_SETS, columns=["password_hash", "language"])
# Accounts are read together with the role that was defined here for them, which no customer has.
portal_reads(own_roles, rows="false", columns=["name", "permissions"])

_WHOLE = sa.select(users, own_roles.c.permissions.label("own_permissions")).outerjoin(
    own_roles, own_roles.c.name == users.c.own_role
)
#: Whoever takes somebody's power to make administrators takes turns.
_TURN: Final = 0xAD3150


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
            partner=user.partner,
            own_role=user.own_role.name if user.own_role else None,
        )
        .on_conflict_do_nothing(index_elements=[users.c.username])
        .returning(users.c.id)
    )
    return tx.execute(statement).scalar_one_or_none() is not None


def user_by_id(*, tx: Tx, user_id: UUID) -> User | None:
    """The account with this id."""
    row = tx.execute(_WHOLE.where(users.c.id == user_id)).mappings().one_or_none()
    return _user(row) if row is not None else None


def user_by_username(*, tx: Tx, username: str) -> User | None:
    """The account with this (normal) user name."""
    row = tx.execute(_WHOLE.where(users.c.username == storable(username))).mappings().one_or_none()
    return _user(row) if row is not None else None


def users_by_email(*, tx: Tx, email: str) -> Sequence[User]:
    """Every account with this address, whatever its case."""
    query = _WHOLE.where(sa.func.lower(users.c.email) == storable(email).lower()).order_by(users.c.username)
    return [_user(row) for row in tx.execute(query).mappings()]


def all_users(*, tx: Tx) -> Sequence[User]:
    """Every account, by user name."""
    return [_user(row) for row in tx.execute(_WHOLE.order_by(users.c.username)).mappings()]


def active_usernames(*, tx: Tx, role: str) -> Sequence[str]:
    """The open accounts of a role, by user name."""
    query = sa.select(users.c.username).where(users.c.role == role, users.c.active).order_by(users.c.username)
    return tx.execute(query).scalars().all()


def lock_able(*, tx: Tx) -> frozenset[UUID]:
    """The open accounts that can make administrators by a role that was given here, locked in one order."""
    tx.execute(sa.text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})
    shipped = sa.and_(users.c.own_role.is_(None), users.c.role == str(Role.ADMINISTRATOR))
    able = sa.or_(shipped, own_roles.c.permissions.contains(sorted(GRANTABLE)))
    query = _WHOLE.where(able, users.c.active, users.c.role_from.is_(None)).order_by(users.c.id)
    return frozenset(row.id for row in tx.execute(query.with_for_update(of=users)))


def open_accounts(*, tx: Tx) -> dict[str, int]:
    """How many open accounts there are of each role, shipped or defined here."""
    called = sa.func.coalesce(users.c.own_role, users.c.role).label("called")
    query = sa.select(called, sa.func.count().label("number")).where(users.c.active).group_by(called)
    return {row.called: row.number for row in tx.execute(query)}


def insert_role(*, tx: Tx, role: OwnRole) -> bool:
    """Add a role; ``False`` when its name is taken."""
    values = {"name": role.name, "base": str(role.base), "permissions": sorted(role.permissions)}
    statement = pg.insert(own_roles).values(**values).on_conflict_do_nothing().returning(own_roles.c.name)
    return tx.execute(statement).scalar_one_or_none() is not None


def role_by_name(*, tx: Tx, name: str, lock: bool = False) -> OwnRole | None:
    """The role of this name that was defined here, locked until the transaction ends if asked."""
    query = sa.select(own_roles).where(own_roles.c.name == name)
    row = tx.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    return _role(row["name"], row["base"], row["permissions"]) if row is not None else None


def all_roles(*, tx: Tx) -> Sequence[OwnRole]:
    """Every role that was defined here, by name."""
    query = sa.select(own_roles).order_by(own_roles.c.name)
    return [_role(row.name, row.base, row.permissions) for row in tx.execute(query)]


def update_role(*, tx: Tx, role: OwnRole) -> None:
    """Write a role, and its base on the accounts that have it."""
    values = {"base": str(role.base), "permissions": sorted(role.permissions)}
    tx.execute(own_roles.update().where(own_roles.c.name == role.name).values(**values))
    tx.execute(users.update().where(users.c.own_role == role.name).values(role=str(role.base)))


def delete_role(*, tx: Tx, name: str) -> None:
    """Remove a role that no account has."""
    tx.execute(own_roles.delete().where(own_roles.c.name == name))


def usernames_with(*, tx: Tx, own_role: str) -> Sequence[str]:
    """The accounts that have a role, open or closed, by user name."""
    query = sa.select(users.c.username).where(users.c.own_role == own_role).order_by(users.c.username)
    return tx.execute(query).scalars().all()


def password_hash_of(*, tx: Tx, user_id: UUID) -> str | None:
    """The stored hash; nothing but the check of a password may ask for it."""
    value: str | None = tx.execute(sa.select(users.c.password_hash).where(users.c.id == user_id)).scalar_one_or_none()
    return value


def update_user(*, tx: Tx, user_id: UUID, values: Mapping[str, Any]) -> bool:
    """Write columns of one account; ``False`` when there is no such account."""
    return tx.execute(users.update().where(users.c.id == user_id).values(**values)).rowcount == 1


def _role(name: str, base: str, permissions: Sequence[str]) -> OwnRole:
    """What an earlier version let be given and this one does not is left out."""
    return OwnRole(name, Role(base), frozenset(permissions) & GRANTABLE | OF_ALL_STAFF)


def _user(row: sa.RowMapping) -> User:
    own = row["own_role"]
    return User(
        id=row["id"],
        username=row["username"],
        name=row["name"],
        role=Role(row["role"]),
        active=row["active"],
        created_at=row["created_at"],
        email=row["email"],
        customer_id=row["customer_id"],
        partner=row["partner"],
        has_password=row["password_hash"] is not None,
        role_from=row["role_from"],
        withdrawn=row["withdrawn"],
        own_role=_role(own, row["role"], row["own_permissions"]) if own is not None else None,
        language=row["language"],
    )
