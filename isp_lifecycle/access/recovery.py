"""Links by which an account's owner sets its password: for an invitation, or a password that was forgotten.

Nothing is stored about a link. It names purpose, account and end, and carries two seals (HMAC-SHA-256): one over these,
one also over what the account is now, its password's hash and whether it is open. So a link works once, since using it
changes the password; an older one dies with it; and a copy of the database makes none, for the key is not in it. Staff
and portal have keys of their own: the portal's process cannot make a link that opens an account of the staff.

The first seal is for the portal, whose database role sees no account before its process claims one: it claims the
account of a link only where we have named it in a link ourselves, never one that a stranger names.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from isp_lifecycle.access import store
from isp_lifecycle.access.errors import LinkDead
from isp_lifecycle.access.model import PORTAL_ROLES, Role, User, normal_username
from isp_lifecycle.foundation.claims import Claim
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.links import RealmName
from isp_lifecycle.foundation.secret import kept_secret, portal_key
from isp_lifecycle.foundation.settings import Settings

#: Purpose, account, end in seconds since 1970.
_NAMES = struct.Struct(">B16sQ")
#: Of the first seal (so many that base64 needs no padding), and of the second.
_NAMED_BYTES, _STATE_BYTES = 18, 32


class Purpose(StrEnum):
    """What a link is for."""

    INVITATION = "invitation"
    RESET = "reset"


_NUMBERS = {Purpose.INVITATION: 1, Purpose.RESET: 2}


@dataclass(frozen=True)
class Linked:
    """What a link names."""

    purpose: Purpose
    user_id: UUID
    ends_at: datetime


def realm_of(role: Role) -> RealmName:
    """Where accounts of this role sign in."""
    return "portal" if role in PORTAL_ROLES else "staff"


def key_of(settings: Settings, realm: RealmName) -> bytes:
    """The key of one server's links; no part of the database. The portal's comes of the portal's own secret."""
    if realm == "portal":
        secret = portal_key(settings)
    else:
        secret = settings.secret_key.get_secret_value() if settings.secret_key else kept_secret(settings.var, "web.key")
    return hmac.digest(secret.encode(), f"isp account links {realm}".encode(), hashlib.sha256)


def lasting(settings: Settings, purpose: Purpose) -> timedelta:
    """How long a link works."""
    links = settings.links
    if purpose is Purpose.INVITATION:
        return timedelta(days=links.invitation_days)
    return timedelta(minutes=links.reset_minutes)


def make_token(*, tx: Tx, key: bytes, user: User, purpose: Purpose, ends_at: datetime) -> str:
    """The part of a link that opens the account, made of the account as it is now."""
    named = _NAMES.pack(_NUMBERS[purpose], user.id.bytes, int(ends_at.timestamp()))
    return base64.urlsafe_b64encode(named + _named_seal(key, named) + _state_seal(tx, key, named, user)).decode()


def named_by(*, key: bytes, token: str) -> Linked:
    """What a token names that was made with this key; raises LinkDead for any other."""
    named, seal, _ = _parts(token)
    if not hmac.compare_digest(seal, _named_seal(key, named)):
        raise LinkDead
    number, account, ends = _NAMES.unpack(named)
    purpose = next((one for one, code in _NUMBERS.items() if code == number), None)
    try:
        ends_at = datetime.fromtimestamp(ends, UTC)
    except (OverflowError, ValueError, OSError):
        raise LinkDead from None
    if purpose is None:
        raise LinkDead
    return Linked(purpose, UUID(bytes=account), ends_at)


def opened_by(*, tx: Tx, key: bytes, token: str, at: datetime, roles: Collection[Role]) -> User:
    """The account of these roles that a token opens now; raises LinkDead, never saying which of its parts is wrong."""
    linked = named_by(key=key, token=token)
    named, _, seal = _parts(token)
    user = store.user_by_id(tx=tx, user_id=linked.user_id)
    if user is None or user.role not in roles or not user.active or at >= linked.ends_at:
        raise LinkDead
    if not hmac.compare_digest(seal, _state_seal(tx, key, named, user)):
        raise LinkDead
    return user


def account_called(*, tx: Tx, name: str, roles: Collection[Role]) -> User | None:
    """The open account of these roles with this user name, or with an address that is one account's only."""
    normal = normal_username(name)
    found = store.user_by_username(tx=tx, username=normal)
    meant = [found] if found is not None else store.users_by_email(tx=tx, email=normal) if "@" in normal else []
    fitting = [user for user in meant if user.role in roles and user.active]
    return fitting[0] if len(fitting) == 1 else None


def claim_of_link(settings: Settings, arguments: Mapping[str, Any]) -> Claim | None:
    """On whose behalf a link asks the database, where we made it ourselves. Whether it still works is for who reads the
    account then.
    """
    try:
        linked = named_by(key=key_of(settings, arguments.get("realm", "staff")), token=arguments.get("token", ""))
    except LinkDead:
        return None
    return Claim("link", str(linked.user_id))


def claim_of_name(_settings: Settings, arguments: Mapping[str, Any]) -> Claim:
    """On whose behalf a link is asked for: of whoever is called so, or has this address. Nothing is changed by it."""
    return Claim("forgotten", normal_username(arguments.get("name", "")))


def _parts(token: str) -> tuple[bytes, bytes, bytes]:
    try:
        whole = base64.b64decode(token.encode(), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise LinkDead from None
    if len(whole) != _NAMES.size + _NAMED_BYTES + _STATE_BYTES:
        raise LinkDead
    return whole[: _NAMES.size], whole[_NAMES.size : -_STATE_BYTES], whole[-_STATE_BYTES:]


def _named_seal(key: bytes, named: bytes) -> bytes:
    """Texts of the two seals differ in length: neither is ever the other's."""
    return hmac.digest(key, b"named" + named, hashlib.sha256)[:_NAMED_BYTES]


def _state_seal(tx: Tx, key: bytes, named: bytes, user: User) -> bytes:
    """The seal over what a link names and what the account is; the stored hash is of one length, or missing."""
    stored = store.password_hash_of(tx=tx, user_id=user.id)
    state = f"{int(user.active)}:{stored or ''}".encode()
    return hmac.digest(key, named + hashlib.sha256(state).digest(), hashlib.sha256)
