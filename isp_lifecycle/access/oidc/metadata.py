"""What a provider publishes about itself: its discovery document and its keys, each kept for a while.

Two things are never taken on trust: the document must name the issuer that the settings name (OpenID Connect
Discovery 1.0, 4.3), and of the algorithms that it offers only signatures by a key pair count. So no token without a
signature, and none that is "signed" by a public key as if that were a shared secret, is ever compared with anything.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

from isp_lifecycle.access.oidc.calls import Calls, Document
from isp_lifecycle.access.oidc.errors import ProviderNeedsCare
from isp_lifecycle.foundation.clock import Clock
from isp_lifecycle.foundation.https import is_safe
from isp_lifecycle.foundation.providers import OidcProvider

#: Signatures by a key pair. Neither ``none`` nor the HS family, whatever a provider offers.
SIGNATURES = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"})
#: A provider's documents are read anew after this; keys besides when a token names one that is not known.
KEPT = timedelta(hours=1)
TENANT_MARK = "{tenantid}"


@dataclass(frozen=True)
class Metadata:
    """What of a discovery document is used."""

    issuer: str
    """What tokens must name; Entra's shared endpoints have a mark in it for the tenant."""
    authorization: str
    token: str
    keys: str
    algorithms: frozenset[str]
    names_itself: bool
    """Whether each answer in the browser carries ``iss`` (RFC 9207)."""
    by_basic: bool
    """Whether the client's secret is sent as HTTP Basic, else in the form."""


@dataclass(frozen=True)
class PublicKey:
    """One key of a provider; for which algorithm, and for whose tokens (Entra says so of each): empty = for any."""

    kid: str
    key: Key
    algorithm: str
    issuer: str


class Published:
    """A provider's documents; any thread may ask."""

    def __init__(self, *, settings: OidcProvider, calls: Calls, clock: Clock) -> None:
        self._settings = settings
        self._calls = calls
        self._clock = clock
        self._lock = threading.Lock()
        self._metadata: tuple[datetime, Metadata] | None = None
        self._keys: tuple[datetime, tuple[PublicKey, ...]] | None = None

    def metadata(self) -> Metadata:
        """The discovery document, at most an hour old."""
        with self._lock:
            if self._metadata is None or self._is_old(self._metadata[0]):
                self._metadata = (self._clock.now(), self._discovered())
            return self._metadata[1]

    def keys(self, *, known: Callable[[tuple[PublicKey, ...]], bool]) -> tuple[PublicKey, ...]:
        """The provider's keys; fetched once more when the kept ones are not those that are looked for."""
        where = self.metadata().keys
        with self._lock:
            kept = self._keys
        if kept is not None and not self._is_old(kept[0]) and known(kept[1]):
            return kept[1]
        fetched = self._fetched(where)
        with self._lock:
            self._keys = (self._clock.now(), fetched)
        return fetched

    def read_anew(self) -> tuple[str, ...]:
        """Read both documents now; returns what they tell, for those who look after this."""
        metadata = self._discovered()
        keys = self._fetched(metadata.keys)
        if not keys:
            raise self._wrong("it publishes no key that could sign a token", "Have it sign its id tokens by RS256.")
        now = self._clock.now()
        with self._lock:
            self._metadata, self._keys = (now, metadata), (now, keys)
        number = f"{len(keys)} key{'' if len(keys) == 1 else 's'}"
        return (f"{number}, for {', '.join(sorted(metadata.algorithms))}",)

    def _is_old(self, since: datetime) -> bool:
        return self._clock.now() - since >= KEPT

    def _discovered(self) -> Metadata:
        settings = self._settings
        document = self._calls.document(settings.issued_by.rstrip("/") + "/.well-known/openid-configuration")
        if document is None:
            raise self._wrong("there is no discovery document below its issuer", "Check ISSUER.")
        issuer = str(document.get("issuer"))
        if not self._is_issuer(issuer):
            raise self._wrong(f"it calls itself {issuer[:200]}", "Set ISSUER to exactly that, if it is the right one.")
        algorithms = frozenset(map(str, document.get("id_token_signing_alg_values_supported") or ["RS256"]))
        if not algorithms & SIGNATURES:
            raise self._wrong("it signs by no key pair", "Have it sign its id tokens by RS256 or ES256.")
        methods = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return Metadata(
            issuer=issuer,
            authorization=self._endpoint(document, "authorization_endpoint"),
            token=self._endpoint(document, "token_endpoint"),
            keys=self._endpoint(document, "jwks_uri"),
            algorithms=algorithms & SIGNATURES,
            names_itself=document.get("authorization_response_iss_parameter_supported") is True,
            by_basic="client_secret_basic" in methods,
        )

    def _is_issuer(self, issuer: str) -> bool:
        wanted = self._settings.issued_by
        if self._settings.shared:
            return issuer == wanted.replace(f"/{self._settings.tenant}/", f"/{TENANT_MARK}/", 1)
        return issuer == wanted

    def _endpoint(self, document: Document, name: str) -> str:
        address = str(document.get(name, ""))
        if not is_safe(address):
            raise self._wrong(f"its {name} is no https address", "Only https is used, but on this machine.")
        return address

    def _fetched(self, where: str) -> tuple[PublicKey, ...]:
        document = self._calls.document(where)
        keys = document.get("keys") if document is not None else None
        if not isinstance(keys, list):
            raise self._wrong("it publishes no keys", "Check ISSUER.")
        return tuple(found for one in keys if (found := _public_key(one)) is not None)

    def _wrong(self, why: str, remedy: str) -> ProviderNeedsCare:
        return ProviderNeedsCare(self._calls.label, why, remedy=remedy)


def _public_key(entry: Any) -> PublicKey | None:
    """A key for signatures, of a key pair; None for all else that a provider may list."""
    if not isinstance(entry, dict) or entry.get("use", "sig") != "sig" or entry.get("kty") not in ("RSA", "EC"):
        return None
    try:
        key = JWKRegistry.import_key(entry)
    except (JoseError, ValueError, TypeError, KeyError):
        return None  # of a kind that is not known here
    return PublicKey(str(entry.get("kid", "")), key, str(entry.get("alg", "")), str(entry.get("issuer", "")))
