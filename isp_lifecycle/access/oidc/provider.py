"""One OIDC provider: where a sign-in begins there, and who came back from it.

The authorization code flow with PKCE (RFC 7636, S256), a state and a nonce of their own for each sign-in, ``iss`` in
the answer where the provider sends it (RFC 9207), as RFC 9700 advises. The code is exchanged server to server; of the
answer only the id token counts, and only when :func:`isp_lifecycle.access.oidc.token.proved` says that it does.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge

from isp_lifecycle.access.oidc.calls import Calls
from isp_lifecycle.access.oidc.claims import person_of, proved_at
from isp_lifecycle.access.oidc.errors import ProviderDeclined, ProviderNeedsCare, TokenRefused
from isp_lifecycle.access.oidc.groups import GoogleDirectory, Groups, Known
from isp_lifecycle.access.oidc.metadata import Metadata, Published
from isp_lifecycle.access.oidc.token import Claims, Expected, proved
from isp_lifecycle.access.ports import Answer, Person, Secrets
from isp_lifecycle.foundation import providers
from isp_lifecycle.foundation.clock import Clock
from isp_lifecycle.foundation.errors import LifecycleError
from isp_lifecycle.foundation.texts import say

#: What a provider says in the browser (OpenID Connect Core 1.0, 3.1.2.6; RFC 6749, 4.1.2.1): why, and what to do.
DECLINED = {
    "access_denied": ("access was denied there", "Choose an account that may use this application, or allow it."),
    "login_required": ("you are not signed in there", "Begin again, and sign in there."),
    "interaction_required": ("it wants to ask you something", "Begin again, and answer what it asks."),
    "consent_required": ("consent is needed", "Begin again and consent, or ask an administrator there to do so."),
    "account_selection_required": ("no account was chosen", "Begin again, and choose one."),
    "temporarily_unavailable": ("it is not available just now", "Try again shortly."),
    "server_error": ("it has an error of its own", "Try again shortly."),
}


#: Who was asked at the provider came back within this.
JUST_NOW = timedelta(minutes=10)


class OidcProvider:
    """A provider by its settings; any thread may use it. ``name`` is what the settings call it."""

    def __init__(self, name: str, settings: providers.OidcProvider, *, clock: Clock) -> None:
        self.name = name
        self.title = settings.shown_as(name)
        self._settings = settings
        self._clock = clock
        trust = str(settings.trust) if settings.trust else None
        self._calls = Calls(self.title, settings.timeout_seconds, trust)
        self._published = Published(settings=settings, calls=self._calls, clock=clock)
        self._groups = _directory(settings, self._calls, clock)

    @property
    def can_look_again(self) -> bool:
        """Whether accounts can be asked about without their owners: by a directory behind it."""
        return self._groups is not None

    def begins_at(self, *, state: str, secrets: Secrets) -> str:
        """The address to send the browser to. Raises ProviderUnreachable and ProviderNeedsCare."""
        query = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": secrets.back,
            "scope": " ".join(self._settings.scopes),
            "state": state,
            "nonce": secrets.nonce,
            "code_challenge": create_s256_code_challenge(secrets.verifier),
            "code_challenge_method": "S256",
        }
        if self._settings.kind == "google" and len(self._settings.domains) == 1:
            query["hd"] = self._settings.domains[0]  # only what Google shows; the claim is what is believed
        if secrets.again and self._settings.kind == "google":
            query["prompt"] = "select_account"  # it knows no way to be made to ask for more
        elif secrets.again:
            query |= {"prompt": "login", "max_age": "0"}
        where = self._published.metadata().authorization
        return f"{where}{'&' if urlsplit(where).query else '?'}{urlencode(query)}"

    def _declined(self, code: str) -> ProviderDeclined:
        """What an error that the provider sent with the browser means; of its own words only known ones are said."""
        why, remedy = DECLINED.get(code, ("it sent an error", "Begin again; if that goes on, tell an administrator."))
        return ProviderDeclined(self.title, why, remedy=remedy)

    def _require_own(self, issuer: str, metadata: Metadata) -> None:
        """Refuse an answer in the browser that another provider has sent (RFC 9207, mix-up)."""
        if (issuer or metadata.names_itself) and issuer != metadata.issuer and not self._settings.shared:
            raise TokenRefused(self.title, say("the answer came from another provider"))

    def came_back(self, *, code: str, issuer: str, error: str, secrets: Secrets) -> Person:
        """Who signed in there. Raises everything of :mod:`isp_lifecycle.access.oidc.errors` but AnswerStale."""
        metadata = self._published.metadata()
        self._require_own(issuer, metadata)
        if error:
            raise self._declined(error)
        answer = self._exchanged(metadata, code, secrets)
        token, access = answer.get("id_token"), answer.get("access_token")
        if not isinstance(token, str):
            raise TokenRefused(self.title, say("it sent no id token"))
        expected = Expected(
            label=self.title,
            issuer=metadata.issuer,
            client_id=self._settings.client_id,
            nonce=secrets.nonce,
            algorithms=metadata.algorithms,
            now=self._clock.now(),
            leeway_seconds=self._settings.leeway_seconds,
        )
        claims = proved(
            token,
            expected,
            keys=lambda known: self._published.keys(known=known),
            access_token=access if isinstance(access, str) else "",
        )
        self._require_proof(claims, secrets)
        return self._person(claims)

    def _require_proof(self, claims: Claims, secrets: Secrets) -> None:
        """Where somebody was to prove anew who they are, the token must say that they just did (``max_age``)."""
        if not secrets.again or self._settings.kind == "google":
            return
        at = proved_at(claims)
        if at is None or self._clock.now() - at > JUST_NOW + timedelta(seconds=self._settings.leeway_seconds):
            raise TokenRefused(self.title, say("it did not ask again who you are"))

    def look_again(self, subjects: Sequence[str]) -> dict[str, Person | None]:
        """These accounts as they are now; None for one that is gone or suspended. Raises Unreachable.

        Only where :attr:`can_look_again`; elsewhere nobody is told of.
        """
        if self._groups is None:
            return {}
        found = self._groups.all_known(subjects)
        return {subject: None if known is None else self._as_person(known) for subject, known in found.items()}

    def probe(self) -> tuple[Answer, ...]:
        """Read its discovery document and its keys anew; never raises when it does not answer."""
        began = time.monotonic()
        try:
            notes = self._published.read_anew()
        except LifecycleError as error:
            return (Answer(self._settings.issued_by, time.monotonic() - began, f"{error.message} {error.remedy}"),)
        return (Answer(self._settings.issued_by, time.monotonic() - began, "", notes),)

    def _person(self, claims: Claims) -> Person:
        by_claim = self._groups is None
        person = person_of(claims, name=self.name, label=self.title, settings=self._settings, with_groups=by_claim)
        if self._groups is None:
            return person
        known = self._groups.known(person.subject)
        if known is None:
            raise ProviderDeclined(
                self.title, say("the account is suspended there"), remedy=say("Ask an administrator there.")
            )
        return replace(self._as_person(known), proved_at=person.proved_at)

    def _as_person(self, known: Known) -> Person:
        return Person(self.name, known.subject, known.username, known.name, known.email, known.groups)

    def _exchanged(self, metadata: Metadata, code: str, secrets: Secrets) -> dict[str, Any]:
        """The answer to the code; the client proves itself by its secret, and this sign-in by its verifier."""
        settings = self._settings
        secret = settings.client_secret.get_secret_value()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": secrets.back,
            "code_verifier": secrets.verifier,
        }
        if metadata.by_basic:  # both are form-encoded first (RFC 6749, 2.3.1)
            account = (quote_plus(settings.client_id), quote_plus(secret))
            status, answer = self._calls.posted(metadata.token, form, account=account)
        else:
            form |= {"client_id": settings.client_id, "client_secret": secret}
            status, answer = self._calls.posted(metadata.token, form)
        if status == 200:
            return answer
        if answer.get("error") == "invalid_grant":
            raise TokenRefused(self.title, say("it does not know the code, or takes it no more"))
        said = answer.get("error")
        because = said if said in ("invalid_client", "unauthorized_client") else status
        why = say("it refuses our application ({because})", because=because)
        raise ProviderNeedsCare(
            self.title, why, remedy=say("Compare CLIENT_ID and CLIENT_SECRET with the registration.")
        )


def _directory(settings: providers.OidcProvider, calls: Calls, clock: Clock) -> Groups | None:
    if settings.directory_account is None:
        return None
    return GoogleDirectory(
        calls=calls,
        clock=clock,
        url=settings.directory_url,
        key_file=settings.directory_account,
        admin=settings.directory_admin,
        wanted=tuple(settings.groups),
    )
