"""Tells a CRM by HTTP: one POST a message, with a key by which the receiver knows a repeat.

Answers: 2xx is told; 408, 425, 429, 409 (a first copy is still being worked on, as IETF's Idempotency-Key draft has it)
and 5xx are tried again; 401, 403, 404, 405, 410 and redirections mean that the settings are wrong; any other 4xx means
that this message is not accepted.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field

import httpx

from isp_lifecycle.crm.errors import CrmAddressUnsafe, CrmNeedsCare, CrmRefused, CrmUnreachable
from isp_lifecycle.crm.model import CrmMessage, Told
from isp_lifecycle.foundation.https import certificate_wrong, is_safe
from isp_lifecycle.foundation.texts import say

#: Answers that may be another one later.
PASSING = frozenset({408, 409, 425, 429})

#: Answers that say the address or the sign-in is wrong, not the message.
SETTINGS_WRONG = frozenset({401, 403, 404, 405, 407, 410})

#: How much of an answer is kept as evidence, in characters.
EVIDENCE = 500


@dataclass(frozen=True)
class Webhook:
    """Posts messages to one address; certificates are verified, redirections are not followed.

    ``timeout`` is in seconds, for each of connecting, writing and reading. ``trust`` is a file of certificates to
    trust instead of the usual authorities.
    """

    url: str = field(repr=False)
    token: str = field(default="", repr=False)
    timeout: float = 10.0
    trust: str | None = None

    def __post_init__(self) -> None:
        if not is_safe(self.url):
            raise CrmAddressUnsafe(self.url)

    def tell(self, message: CrmMessage) -> Told:
        """Post the message.

        Raises CrmUnreachable (no answer, or one that may pass), CrmNeedsCare (settings) or CrmRefused (the message).
        """
        headers = {"Idempotency-Key": str(message.id)}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            verify = ssl.create_default_context(cafile=self.trust)
            with httpx.Client(timeout=self.timeout, follow_redirects=False, verify=verify) as client:
                answer = client.post(self.url, json=message.document(), headers=headers)
        except httpx.TransportError as error:
            if certificate_wrong(error):
                raise CrmNeedsCare(self.where, say("its certificate is not valid for that address")) from error
            raise CrmUnreachable(self.where, str(error) or type(error).__name__) from error
        return self._read(answer)

    @property
    def where(self) -> str:
        """The address as people may see it: without the query, which may carry a key."""
        return str(httpx.URL(self.url).copy_with(query=None, fragment=None))

    def _read(self, answer: httpx.Response) -> Told:
        if answer.is_success:
            return Told(self.where, repeated=answer.headers.get("Idempotency-Replayed", "").lower() == "true")
        status = answer.status_code
        said = f"it answered {status} {answer.reason_phrase}".rstrip()
        if answer.is_server_error or status in PASSING:
            raise CrmUnreachable(self.where, said)
        if status in SETTINGS_WRONG or not answer.is_client_error:
            raise CrmNeedsCare(self.where, said)
        shown = answer.text.replace(self.token, "***") if self.token else answer.text
        raise CrmRefused(self.where, status, shown[:EVIDENCE])
