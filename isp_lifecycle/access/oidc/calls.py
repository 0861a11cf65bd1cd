"""HTTP to a provider: certificates verified, redirections not followed, every failure in its own words."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpx

from isp_lifecycle.access.oidc.errors import ProviderNeedsCare, ProviderUnreachable
from isp_lifecycle.foundation.https import certificate_wrong, is_safe
from isp_lifecycle.foundation.texts import say

#: Answers that may be another one later.
PASSING = frozenset({408, 425, 429})
#: No document of a provider is longer than this, in bytes.
LONGEST = 1_000_000

type Document = dict[str, Any]


@dataclass(frozen=True)
class Calls:
    """How one provider is asked. ``timeout`` is in seconds; ``trust`` is a file of certificates, empty = the usual."""

    label: str
    timeout: float
    trust: str | None = None

    def document(self, url: str, *, bearer: str = "", params: Mapping[str, str] | None = None) -> Document | None:
        """The JSON object at an address, or None when there is none (404)."""
        headers = {"accept": "application/json"} | ({"authorization": f"Bearer {bearer}"} if bearer else {})
        status, found = self._answer("GET", url, headers=headers, params=params)
        if status == 404:
            return None
        if status != 200:
            raise ProviderNeedsCare(
                self.label,
                say("{place} answers {status}", place=_place(url), status=status),
                remedy=say("Compare the settings with the registration there."),
            )
        return found

    def posted(
        self, url: str, form: Mapping[str, str], *, account: tuple[str, str] | None = None
    ) -> tuple[int, Document]:
        """The status of a posted form and the JSON object in its answer; ``account`` is sent as HTTP Basic."""
        auth = httpx.BasicAuth(*account) if account else None
        return self._answer("POST", url, data=dict(form), auth=auth, headers={"accept": "application/json"})

    def _answer(self, method: str, url: str, **more: Any) -> tuple[int, Document]:
        if not is_safe(url):
            raise ProviderNeedsCare(
                self.label,
                say("{place} is no https address", place=_place(url)),
                remedy=say("Only https is used, but on this machine."),
            )
        try:
            with self._client.stream(method, url, **more) as answer:
                body = b"".join(self._bounded(url, answer))
        except httpx.TransportError as error:
            if certificate_wrong(error):
                raise ProviderNeedsCare(
                    self.label,
                    say("the certificate of {place} is not valid for that address", place=_place(url)),
                    remedy=say("Set TRUST to the file of the authority that signed it."),
                ) from error
            raise ProviderUnreachable(self.label, f"{_place(url)}: {type(error).__name__}") from error
        if answer.is_server_error or answer.status_code in PASSING:
            raise ProviderUnreachable(
                self.label, say("{place} answers {status}", place=_place(url), status=answer.status_code)
            )
        return answer.status_code, self._read(url, answer.status_code, body)

    @cached_property
    def _client(self) -> httpx.Client:
        """One for as long as the process lives, so that connections are used again; any thread may."""
        trusted = ssl.create_default_context(cafile=self.trust)
        return httpx.Client(timeout=self.timeout, follow_redirects=False, verify=trusted)

    def _bounded(self, url: str, answer: httpx.Response) -> list[bytes]:
        parts, length = [], 0
        for part in answer.iter_bytes():
            length += len(part)
            if length > LONGEST:
                raise ProviderUnreachable(self.label, say("the answer of {place} has no end", place=_place(url)))
            parts.append(part)
        return parts

    def _read(self, url: str, status: int, body: bytes) -> Document:
        try:
            found = json.loads(body)
        except ValueError:
            found = None
        if isinstance(found, dict):
            return found
        if status != 200:
            return {}
        raise ProviderNeedsCare(
            self.label,
            say("{place} answers without a JSON object", place=_place(url)),
            remedy=say("Check the address in the settings."),
        )


def _place(url: str) -> str:
    """The address as people may see it: no query, no account."""
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL:
        return "an address that is none"
    return f"{parts.scheme}://{parts.host}{parts.path}"
