"""Tokens of machines: of one's own account, and what an administrator makes and ends for others."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from isp_lifecycle.access import actions as access
from isp_lifecycle.access import tokens
from isp_lifecycle.access.model import MACHINE_ROLES, ApiToken, Role, User
from isp_lifecycle.foundation.errors import NotFound, Refused
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.intake.door import Act, enters

_PARTNER = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")


@dataclass(frozen=True)
class Made:
    """A token that was made, and the secret that is shown this once."""

    token: ApiToken
    secret: str


@enters("token.own", proof=True)
def create(act: Act, *, name: str, scopes: Collection[str], days: int = tokens.USUAL_DAYS) -> Made:
    """Make a token of one's own account. Raises ScopesWrong and TokenTermWrong."""
    if act.actor.user_id is None:
        raise NotFound("account", act.actor.username)
    return _made(act, act.actor.user_id, name, scopes, days)


@enters("token.own")
def revoke(act: Act, *, key: UUID) -> None:
    """End a token of one's own account, from its next request on. Raises NotFound for anybody else's."""
    token = tokens.token_by_id(tx=act.tx, token_id=key)
    if token.user_id != act.actor.user_id:
        raise NotFound("token", key)
    _ended(act, token)


@enters("user.write", proof=True)
def create_for(
    act: Act, *, username: str, name: str, scopes: Collection[str] = (), days: int = tokens.USUAL_DAYS
) -> Made:
    """Make a token for another account: a partner's machines, or monitoring. Without scopes, for all that it may.

    An account of the staff makes its own.
    """
    user = access.user_by_username(tx=act.tx, username=username)
    if user is None:
        raise NotFound("account", username)
    if user.role not in MACHINE_ROLES:
        raise Refused(
            say("{username} is a person's account.", username=user.username),
            field="username",
            value=user.username,
            remedy=say("They make their own tokens, on the page of their account."),
        )
    return _made(act, user.id, name, scopes or tokens.machine_scopes(user), days)


@enters("user.write")
def revoke_anybodys(act: Act, *, key: UUID, reason: str) -> None:
    """End anybody's token. Refused without a reason."""
    if not reason.strip():
        raise Refused(say("A reason is needed."), field="reason", value="", remedy=say("Say in a few words why."))
    _ended(act, tokens.token_by_id(tx=act.tx, token_id=key))


@enters("user.write", proof=True)
def create_partner(act: Act, *, username: str, name: str, code: str, email: str = "") -> User:
    """Make an account for a partner's machines. It signs in nowhere: tokens are made for it.

    ``code`` is the partner's, on every order that comes by it; a partner may have several accounts.
    """
    if _PARTNER.fullmatch(code) is None:
        raise Refused(
            say("{code} is no partner's code.", code=repr(code)),
            field="code",
            value=code,
            remedy=say("Use 2 to 40 small letters, digits and hyphens, such as acme-telecom."),
        )
    act.about("account", username.strip().lower())
    act.changed("Role", "none", f"{Role.PARTNER} {code}")
    return access.create_user(
        tx=act.tx,
        at=act.at,
        username=username,
        name=name,
        role=Role.PARTNER,
        email=email.strip() or None,
        partner=code,
    )


def _made(act: Act, user_id: UUID, name: str, scopes: Collection[str], days: int) -> Made:
    token, secret = tokens.create_token(tx=act.tx, user_id=user_id, name=name, scopes=scopes, days=days, at=act.at)
    act.about("token", token.shown)
    act.changed("Token", "none", f"{token.name}, until {token.expires_at:%Y-%m-%d}: {', '.join(sorted(token.scopes))}")
    return Made(token, secret)


def _ended(act: Act, token: ApiToken) -> None:
    act.about("token", token.shown)
    act.changed("Token", "ended" if token.revoked_at else "stands", "ended")
    tokens.revoke_token(tx=act.tx, token_id=token.id, at=act.at)
