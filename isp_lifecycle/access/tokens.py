"""Tokens by which machines ask: of an account, for some of what its role allows, until a day.

A token is shown once. What is kept is a hash, so that whoever reads the database has none. It never does more than
its account may at the moment of use: a lesser role, or a closed account, reaches its tokens at once.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from isp_lifecycle.access import actions
from isp_lifecycle.access.errors import ScopesWrong, TokenRefused, TokenTermWrong
from isp_lifecycle.access.model import NOT_FOR_MACHINES, PERMISSIONS, Actor, ApiToken, User, actor_of
from isp_lifecycle.access.store import tokens as store
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.foundation.texts import say

#: Searching tools find leaked ones by this beginning.
PREFIX = "isp_"
FORM = re.compile(rf"{PREFIX}[0-9a-f]{{64}}")
USUAL_DAYS, MOST_DAYS = 90, 365
#: A use is written down at most so often: a busy machine would write its row with every request.
NOTED_EVERY = timedelta(minutes=1)
_SHOWN_LETTERS = 8


def create_token(
    *, tx: Tx, user_id: UUID, name: str, scopes: Collection[str], days: int, at: datetime
) -> tuple[ApiToken, str]:
    """Make a token of an account and return it with its secret, which nobody can be shown again.

    Raises ScopesWrong for a permission that there is not, that the account's role does not hold or that is a
    person's, TokenTermWrong.
    """
    user = actions.user_by_id(tx=tx, user_id=user_id)
    label = " ".join(name.split())[:80]
    if not label:
        raise TokenTermWrong("name", name, say("Name what uses it, such as “monitoring”."))
    if not 1 <= days <= MOST_DAYS:
        raise TokenTermWrong(
            "days",
            days,
            say("Choose 1 to {most} days; {usual} are usual.", most=MOST_DAYS, usual=USUAL_DAYS),
        )
    secret = f"{PREFIX}{secrets.token_hex(32)}"
    token = ApiToken(
        id=new_id(),
        user_id=user_id,
        name=label,
        scopes=_checked(scopes, user),
        shown=secret[: len(PREFIX) + _SHOWN_LETTERS],
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    store.insert_token(tx=tx, token=token, told=_hash(secret))
    return token, secret


def _checked(scopes: Collection[str], user: User) -> frozenset[str]:
    wanted = frozenset(scopes)
    allowed = machine_scopes(user)
    if wrong := sorted(wanted - allowed) or ([""] if not wanted else []):
        raise ScopesWrong(wrong[0], sorted(allowed), known=wrong[0] in PERMISSIONS)
    return wanted


def machine_scopes(user: User) -> frozenset[str]:
    """What tokens of this account can be made for."""
    return actor_of(user, source="api").permissions - NOT_FOR_MACHINES


def bearer(*, tx: Tx, secret: str, at: datetime, address: str) -> tuple[Actor, ApiToken]:
    """Whoever asks with this token, with its permissions and no others; notes the use. Raises TokenRefused."""
    if FORM.fullmatch(secret) is None:
        raise TokenRefused(say("is malformed"))
    token = store.token_by_hash(tx=tx, told=_hash(secret))
    if token is None:
        raise TokenRefused(say("is not known"))
    if token.revoked_at is not None:
        raise TokenRefused(say("was revoked"))
    if token.expires_at <= at:
        raise TokenRefused(say("has expired"))
    user = actions.user_by_id(tx=tx, user_id=token.user_id)
    if not user.active:
        raise TokenRefused(say("is of a closed account"))
    if token.used_at is None or at - token.used_at >= NOTED_EVERY:
        store.note_use(tx=tx, token_id=token.id, at=at, address=address)
    actor = actor_of(user, source="api")
    held = (actor.permissions & token.scopes) - NOT_FOR_MACHINES
    return replace(actor, permissions=held, address=address), token


def revoke_token(*, tx: Tx, token_id: UUID, at: datetime) -> ApiToken:
    """End a token, from the next request on; one that was ended stays so. Raises NotFound."""
    store.revoke(tx=tx, token_id=token_id, at=at)
    return token_by_id(tx=tx, token_id=token_id)


def token_by_id(*, tx: Tx, token_id: UUID) -> ApiToken:
    """The token with this id; raises NotFound."""
    token = store.token_by_id(tx=tx, token_id=token_id)
    if token is None:
        raise NotFound("token", token_id)
    return token


def tokens_of(*, tx: Tx, user_id: UUID | None = None) -> tuple[ApiToken, ...]:
    """The tokens of an account, or everybody's, the newest first."""
    return tuple(store.select_tokens(tx=tx, user_id=user_id))


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
