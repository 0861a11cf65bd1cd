"""Accounts and passwords. Passwords are argon2id (RFC 9106); the library's defaults are used."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from isp_lifecycle.access import store
from isp_lifecycle.access.errors import (
    PasswordTooShort,
    PasswordWeak,
    PresentPasswordWrong,
    SignInRefused,
    UsernameTaken,
    UsernameWrong,
)
from isp_lifecycle.access.model import OwnRole, Role, User, normal_username
from isp_lifecycle.access.passwords import weakness_of
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.ids import new_id

#: NIST SP 800-63B asks for at least 8, OWASP ASVS (2.1.1, 2.1.2) for 12 and no more than 128: that keeps the hashing of
#: a hostile input cheap.
LEAST_LENGTH, MOST_LENGTH = 12, 128

_HASHER: Final = PasswordHasher()
#: A hash of nobody's password with the present parameters, so that an unknown name takes as long as a known one.
_NOBODY: Final = "$argon2id$v=19$m=65536,t=3,p=4$bm9ib2R5bm9ib2R5bm9ib2R5$0000000000000000000000000000000000000000000"


def create_user(
    *,
    tx: Tx,
    at: datetime,
    username: str,
    name: str,
    role: Role,
    email: str | None = None,
    password: str | None = None,
    customer_id: UUID | None = None,
    partner: str | None = None,
    own_role: OwnRole | None = None,
) -> User:
    """Add an account; refuses a user name that is taken. Without a password it cannot sign in with one."""
    normal = normal_username(username)
    if not 1 <= len(normal) <= 80 or any(c.isspace() for c in normal):
        raise UsernameWrong(username)
    user = User(
        id=new_id(),
        username=normal,
        name=name.strip() or normal,
        role=role,
        active=True,
        created_at=at,
        email=email,
        customer_id=customer_id,
        partner=partner,
        has_password=password is not None,
        own_role=own_role,
    )
    stored = None if password is None else _hashed(password, user)
    if not store.insert_user(tx=tx, user=user, password_hash=stored):
        raise UsernameTaken(normal)
    return user


def set_password(*, tx: Tx, user_id: UUID, password: str) -> None:
    """Replace an account's password. The caller ends the account's sessions."""
    user = user_by_id(tx=tx, user_id=user_id)
    store.update_user(tx=tx, user_id=user_id, values={"password_hash": _hashed(password, user)})


def set_language(*, tx: Tx, user_id: UUID, language: str) -> None:
    """Have pages speak this language with an account's owner; empty for the browser's."""
    if not store.update_user(tx=tx, user_id=user_id, values={"language": language}):
        raise NotFound("account", user_id)


def require_password(*, tx: Tx, user_id: UUID, current: str) -> None:
    """Refuse with PresentPasswordWrong unless this is the account's password."""
    stored = store.password_hash_of(tx=tx, user_id=user_id)
    if not _fits(stored or _NOBODY, current[:MOST_LENGTH]) or stored is None:
        raise PresentPasswordWrong


def set_role(*, tx: Tx, user_id: UUID, role: Role, own_role: OwnRole | None = None) -> None:
    """Give an account another role, from here; open pages of it close within seconds.

    ``own_role`` is one that was defined here, on the base ``role``.
    """
    own = own_role.name if own_role else None
    if not store.update_user(tx=tx, user_id=user_id, values={"role": str(role), "role_from": None, "own_role": own}):
        raise NotFound("account", user_id)


def set_active(*, tx: Tx, user_id: UUID, active: bool) -> None:
    """Open or close an account, whatever its source says; open pages of a closed one close within seconds."""
    if not store.update_user(tx=tx, user_id=user_id, values={"active": active, "withdrawn": False}):
        raise NotFound("account", user_id)


def check_password(*, tx: Tx, username: str, password: str) -> User:
    """The account that this name and password open; refuses with :class:`SignInRefused`, never saying why.

    An unknown name, a closed account and one without a password cost one verification like any other, so that time
    does not tell which names exist. A hash of older parameters is renewed; ``tx`` must therefore be able to write.
    """
    user = store.user_by_username(tx=tx, username=normal_username(username))
    stored = store.password_hash_of(tx=tx, user_id=user.id) if user is not None else None
    fits = _fits(stored or _NOBODY, password[:MOST_LENGTH]) and len(password) <= MOST_LENGTH
    if user is None or stored is None or not user.active or not fits:
        raise SignInRefused
    if _HASHER.check_needs_rehash(stored):
        store.update_user(tx=tx, user_id=user.id, values={"password_hash": _HASHER.hash(password)})
    return user


def user_by_id(*, tx: Tx, user_id: UUID) -> User:
    """The account with this id."""
    user = store.user_by_id(tx=tx, user_id=user_id)
    if user is None:
        raise NotFound("account", user_id)
    return user


def user_by_username(*, tx: Tx, username: str) -> User | None:
    """The account with this name, whatever its case."""
    return store.user_by_username(tx=tx, username=normal_username(username))


def all_users(*, tx: Tx) -> tuple[User, ...]:
    """Every account, by user name."""
    return tuple(store.all_users(tx=tx))


def lock_able(*, tx: Tx) -> frozenset[UUID]:
    """The open accounts that can make administrators and whose role no source could take, locked until this
    transaction ends.
    """
    return store.lock_able(tx=tx)


def own_role(*, tx: Tx, name: str) -> OwnRole | None:
    """The role of this name that was defined here."""
    return store.role_by_name(tx=tx, name=name)


def own_roles(*, tx: Tx) -> tuple[OwnRole, ...]:
    """Every role that was defined here, by name."""
    return tuple(store.all_roles(tx=tx))


def open_accounts(*, tx: Tx) -> dict[str, int]:
    """How many open accounts each role has; roles without one are missing."""
    return store.open_accounts(tx=tx)


def on_duty(*, tx: Tx, role: str) -> tuple[str, ...]:
    """The user names of the open accounts of a role, in order: those who can be given work."""
    return tuple(store.active_usernames(tx=tx, role=role))


def _hashed(password: str, user: User) -> str:
    if not LEAST_LENGTH <= len(password) <= MOST_LENGTH:
        raise PasswordTooShort(least=LEAST_LENGTH, most=MOST_LENGTH)
    if why := weakness_of(password, own_words=(user.username, user.name, user.email or "")):
        raise PasswordWeak(why)
    return _HASHER.hash(password)


def _fits(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
