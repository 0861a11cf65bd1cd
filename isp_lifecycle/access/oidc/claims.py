"""From proved claims to a person: whether the account is one of ours, what names it for ever, and its groups.

What providers mean by their claims differs. Google: ``hd`` is the organisation that an account belongs to; the part of
an e-mail address behind the @ proves nothing, since anybody can make a Google account with a foreign address. Entra:
``oid`` within ``tid`` names an account for ever; e-mail addresses are not vouched for, unless ``xms_edov`` says so, and
of an account with more than 200 groups none is told (``_claim_names``).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from isp_lifecycle.access.oidc.errors import GroupsUnknown, NotOurs
from isp_lifecycle.access.oidc.token import Claims
from isp_lifecycle.access.ports import Person
from isp_lifecycle.foundation.providers import OidcProvider
from isp_lifecycle.foundation.texts import say

ASK = "Sign in with your account at the company, or ask an administrator."


def person_of(claims: Claims, *, name: str, label: str, settings: OidcProvider, with_groups: bool) -> Person:
    """The person whom a token names; raises NotOurs and GroupsUnknown."""
    _require_ours(claims, label, settings)
    entra = settings.kind == "entra"
    email = _entra_email(claims) if entra else _verified_email(claims, label)
    subject = f"{claims['tid']}.{claims['oid']}" if entra else str(claims["sub"])
    username = _text(claims, "preferred_username") if entra else email or _text(claims, "preferred_username")
    return Person(
        source=name,
        subject=subject,
        username=username or subject,
        name=_text(claims, "name") or username or subject,
        email=email,
        groups=_groups(claims, label, settings) if with_groups else frozenset(),
        proved_at=proved_at(claims),
    )


def proved_at(claims: Claims) -> datetime | None:
    """When somebody proved to the provider who they are, where it tells (``auth_time``)."""
    stated = claims.get("auth_time")
    try:
        return datetime.fromtimestamp(stated, UTC) if isinstance(stated, int | float) else None
    except (ValueError, OverflowError, OSError):
        return None  # no instant that a clock could show


def _require_ours(claims: Claims, label: str, settings: OidcProvider) -> None:
    if settings.domains and claims.get("hd") not in settings.domains:
        why = say("it belongs to another organisation") if claims.get("hd") else say("it belongs to no organisation")
        raise NotOurs(label, why, remedy=ASK)
    if settings.kind == "entra":
        tenants = settings.tenants if settings.shared else (settings.tenant,)
        if claims.get("tid") not in tenants:
            raise NotOurs(label, say("it belongs to another tenant"), remedy=ASK)
        if not _text(claims, "oid"):
            raise NotOurs(
                label, say("its token does not say which account it is"), remedy=say("Add profile to SCOPES.")
            )


def _verified_email(claims: Claims, label: str) -> str:
    email = _text(claims, "email")
    if email and claims.get("email_verified") is not True:
        remedy = say("Confirm the address at {label}, then sign in again.", label=label)
        raise NotOurs(label, say("its e-mail address is not verified"), remedy=remedy)
    return email


def _entra_email(claims: Claims) -> str:
    return _text(claims, "email") if claims.get("xms_edov") in (True, 1, "1", "true") else ""


def _groups(claims: Claims, label: str, settings: OidcProvider) -> frozenset[str]:
    named = claims.get("_claim_names")
    if claims.get("hasgroups") or (isinstance(named, dict) and settings.groups_claim in named):
        raise GroupsUnknown(
            label,
            say("there are too many for a token"),
            remedy=say(
                "An administrator sets the application's groups claim to “groups assigned to the application”, or uses "
                "application roles and sets GROUPS_CLAIM to roles."
            ),
        )
    found = _at(claims, settings.groups_claim)
    if isinstance(found, str):
        return frozenset({found})
    return frozenset(str(one) for one in found) if isinstance(found, list) else frozenset()


def _at(claims: Claims, path: str) -> Any:
    """A claim by its name, which may itself have dots (a URL), else by steps into objects."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _text(claims: Claims, name: str) -> str:
    value = claims.get(name)
    return value.strip() if isinstance(value, str) else ""
