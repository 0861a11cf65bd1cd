"""Whether an id token proves who somebody is (OpenID Connect Core 1.0, 3.1.3.7), by joserfc.

Each refusal is a clause that an administrator can act on and that repeats nothing of the token.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import (
    BadSignatureError,
    ExpiredTokenError,
    InvalidClaimError,
    JoseError,
    MissingClaimError,
    UnsupportedAlgorithmError,
)
from joserfc.jwk import GuestProtocol, Key
from joserfc.jws import JWSRegistry

from isp_lifecycle.access.oidc.errors import TokenRefused
from isp_lifecycle.access.oidc.metadata import TENANT_MARK, PublicKey
from isp_lifecycle.foundation.texts import say

type Claims = Mapping[str, Any]
#: Gives a provider's keys, and is told how to see whether the right one is among those that are kept.
type Keys = Callable[[Callable[[tuple[PublicKey, ...]], bool]], tuple[PublicKey, ...]]

#: What is wrong when one of these claims is, in words.
WRONG_CLAIM = {
    "iss": say("its token was issued by somebody else"),
    "aud": say("its token is for another application"),
    "nonce": say("its token belongs to another sign-in"),
    "iat": say("its token was issued in the future; one of the clocks is wrong"),
    "nbf": say("its token is not valid yet; one of the clocks is wrong"),
    "sub": say("its token names nobody"),
}


@dataclass(frozen=True)
class Expected:
    """What a token must say to be the answer to one sign-in."""

    label: str
    issuer: str
    """With ``{tenantid}`` in it where the token's own ``tid``, checked by the caller, stands for it."""
    client_id: str
    nonce: str
    algorithms: frozenset[str]
    now: datetime
    leeway_seconds: int


def proved(
    token: str,
    expected: Expected,
    *,
    keys: Keys,
    access_token: str,
) -> Claims:
    """The claims of a token that proves them; raises TokenRefused with what is wrong."""

    used: list[PublicKey] = []

    def choose(about: GuestProtocol) -> Key:
        headers = about.headers()
        used.append(_key(str(headers.get("kid", "")), str(headers.get("alg", "")), keys, expected.label))
        return used[0].key

    registry = JWSRegistry(algorithms=sorted(expected.algorithms), strict_check_header=False)
    try:
        decoded = jwt.decode(token, choose, registry=registry)
        issuer = expected.issuer.replace(TENANT_MARK, str(decoded.claims.get("tid", "")))
        _registry(expected, issuer).validate(decoded.claims)
    except JoseError as error:
        raise TokenRefused(expected.label, _why(error)) from None  # the library's words may repeat the token's
    except (ValueError, TypeError):
        raise TokenRefused(expected.label, say("its token cannot be read")) from None
    if why := _what_is_wrong(decoded, expected, issuer=issuer, key=used[0], access_token=access_token):
        raise TokenRefused(expected.label, why)
    return decoded.claims


def _key(kid: str, algorithm: str, keys: Keys, label: str) -> PublicKey:
    """The one published key by which a token can be signed."""

    def fitting(among: tuple[PublicKey, ...]) -> list[PublicKey]:
        return [one for one in among if not kid or one.kid == kid]

    found = fitting(keys(lambda kept: bool(fitting(kept))))
    if len(found) != 1 or found[0].algorithm not in ("", algorithm):
        raise TokenRefused(label, say("its token is signed by a key that it does not publish for that"))
    return found[0]


def _what_is_wrong(token: jwt.Token, expected: Expected, *, issuer: str, key: PublicKey, access_token: str) -> str:
    """What the claims, each of which is right, say together that is not; empty for nothing."""
    claims = token.claims
    if claims["aud"] not in (expected.client_id, [expected.client_id]):
        return say("its token is for other applications too")
    if claims.get("azp", expected.client_id) != expected.client_id:
        return say("its token was handed out to another application")
    if key.issuer and key.issuer.replace(TENANT_MARK, str(claims.get("tid", ""))) != issuer:
        return say("its token is signed by the key of another tenant")
    if "at_hash" in claims and not _is_hash_of(str(claims["at_hash"]), access_token, str(token.header["alg"])):
        return say("its two tokens do not belong together")
    return ""


def _registry(expected: Expected, issuer: str) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        now=int(expected.now.timestamp()),
        leeway=expected.leeway_seconds,
        iss={"essential": True, "value": issuer},
        sub={"essential": True},
        aud={"essential": True, "value": expected.client_id},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": expected.nonce},
    )


def _why(error: JoseError) -> str:
    if isinstance(error, BadSignatureError):
        return say("its token's signature is wrong")
    if isinstance(error, UnsupportedAlgorithmError):
        return say("its token is not signed, or not by a key pair")
    if isinstance(error, ExpiredTokenError):
        return say("its token has run out")
    if isinstance(error, MissingClaimError):
        return say("its token leaves out what it must say")
    if isinstance(error, InvalidClaimError):
        return WRONG_CLAIM.get(error.claim, say("its token says what it must not"))
    return say("its token cannot be read")


def _is_hash_of(stated: str, access_token: str, algorithm: str) -> bool:
    """Whether ``at_hash`` is the left half of the access token's hash (OpenID Connect Core 1.0, 3.1.3.6)."""
    digest = hashlib.new(f"sha{algorithm[-3:]}", access_token.encode()).digest()
    wanted = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=")
    return bool(access_token) and hmac.compare_digest(wanted, stated.encode())
