"""Speaks NetBox 4's REST API over HTTP.

Lists come in pages (``count``, ``next``, ``results``), the largest of which the server decides; lists of objects are
written to the same address, all or none of a list. Answers: 400 and 409 mean that what was written is not accepted;
408, 425, 429 and 5xx may pass; anything else but 2xx means that the settings are wrong.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

import httpx

from isp_lifecycle.foundation.https import certificate_wrong, is_safe
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.ipam.errors import (
    NetBoxAddressUnsafe,
    NetBoxAnswerWrong,
    NetBoxNeedsCare,
    NetBoxRefused,
    NetBoxUnreachable,
)
from isp_lifecycle.ipam.ports import NotWritten, Place, Thing, Write

#: So many objects are asked for in a page; NetBox gives fewer where its MAX_PAGE_SIZE (1000 as shipped) is less.
PAGE = 500
#: So many objects are written in one request.
LIST = 100
#: What NetBox's tokens of version 2 begin with; those before them are announced by another word.
VERSION_2 = "nbt_"
PASSING = frozenset({408, 425, 429})
REFUSALS = frozenset({400, 409})
#: How much of an answer people are shown, in characters.
SHOWN = 300


@dataclass(frozen=True)
class NetBox:
    """One NetBox; certificates are verified, redirections are not followed. ``timeout`` is in seconds."""

    url: str
    token: str = field(repr=False)
    timeout: float = 30.0
    trust: str | None = None

    def __post_init__(self) -> None:
        if not is_safe(self.url):
            raise NetBoxAddressUnsafe(self.url)

    @property
    def where(self) -> str:
        """Its address without what follows the path."""
        return str(httpx.URL(self.url).copy_with(query=None, fragment=None)).rstrip("/")

    def find(self, place: Place, **filters: str | Sequence[str]) -> tuple[Thing, ...]:
        """Every object that fits, page by page; one that slips to the next page meanwhile is there once.

        Of ``next`` only the query is followed: the token goes to no host that an answer names.
        """
        found: dict[object, Thing] = {}
        first = httpx.URL(self._at(place), params={"limit": str(PAGE), **filters})
        seen = {first}
        with self._client() as client:
            page: httpx.URL | None = first
            while page is not None:
                results, query = self._page(place, self._ask(client, "GET", page))
                found |= {thing["id"]: thing for thing in results}
                page = None if query is None else first.copy_with(query=query)
                if page in seen:
                    raise NetBoxAnswerWrong(self._at(place), say("its pages follow each other in a circle"))
                if page is not None:
                    seen.add(page)
        return tuple(found.values())

    def write(self, what: Write, place: Place, bodies: Sequence[Thing]) -> tuple[NotWritten, ...]:
        """Write lists of objects; one that is refused is written again object by object, to find the ones at fault."""
        refused: list[NotWritten] = []
        with self._client() as client:
            for some in batched(bodies, LIST):
                if self._refusal(client, what, place, some) is not None:
                    for body in some:
                        why = self._refusal(client, what, place, (body,))
                        refused += [NotWritten(body, why)] if why is not None else []
        return tuple(refused)

    def _refusal(self, client: httpx.Client, what: Write, place: Place, bodies: tuple[Thing, ...]) -> str | None:
        try:
            self._ask(client, str(what), httpx.URL(self._at(place)), list(bodies))
        except NetBoxRefused as error:
            return error.answer
        return None

    def _at(self, place: Place) -> str:
        return f"{self.where}/api/{place}/"

    def _client(self) -> httpx.Client:
        word = "Bearer" if self.token.startswith(VERSION_2) else "Token"
        try:
            verify = ssl.create_default_context(cafile=self.trust)
        except OSError as error:  # ssl.SSLError is one of them
            raise NetBoxNeedsCare(
                self.where, say("{trust} holds no certificates: {error}", trust=self.trust, error=error)
            ) from error
        return httpx.Client(
            timeout=self.timeout,
            follow_redirects=False,
            verify=verify,
            headers={"Authorization": f"{word} {self.token}", "Accept": "application/json"},
        )

    def _ask(self, client: httpx.Client, method: str, url: httpx.URL, body: object = None) -> httpx.Response:
        try:
            answer = client.request(method, url, json=body)
        except httpx.RequestError as error:
            if certificate_wrong(error):
                raise NetBoxNeedsCare(self.where, say("its certificate is not valid for that address")) from error
            raise NetBoxUnreachable(self.where, str(error) or type(error).__name__) from error
        status = answer.status_code
        if answer.is_success:
            return answer
        if answer.is_server_error or status in PASSING:
            raise NetBoxUnreachable(
                self.where,
                say("it answered {status}", status=" ".join((str(status), answer.reason_phrase)).rstrip()),
            )
        why = _reasons(answer)
        if status in REFUSALS:
            raise NetBoxRefused(f"{method} {url.path}", why)
        said = f"{method} {url.path} was answered with {status} {answer.reason_phrase}".rstrip()
        raise NetBoxNeedsCare(self.where, f"{said} ({why})" if why else said)

    def _page(self, place: Place, answer: httpx.Response) -> tuple[list[Thing], bytes | None]:
        """The objects of a page, and the query of the next one."""
        try:
            page = answer.json()
            results, following = page["results"], page["next"]
            query = None if following is None else httpx.URL(following).query
        except (ValueError, TypeError, KeyError, httpx.InvalidURL):
            raise NetBoxAnswerWrong(self._at(place), say("an answer is no page with results and next")) from None
        if not isinstance(results, list) or not all(
            isinstance(one, dict) and isinstance(one.get("id"), int) for one in results
        ):
            raise NetBoxAnswerWrong(self._at(place), say("results are no list of objects with numbers"))
        return results, query


def _reasons(answer: httpx.Response) -> str:
    """NetBox's reasons in one line: ``field: text; field: text``, or the text as it came where it is no such map."""
    try:
        told: Any = json.loads(answer.content)
    except ValueError:
        return answer.text.strip()[:SHOWN] if answer.headers.get("content-type", "").startswith("text/plain") else ""
    maps = told if isinstance(told, list) else [told]
    words = [_words(name, texts) for one in maps if isinstance(one, dict) for name, texts in one.items()]
    return ("; ".join(words) or str(told))[:SHOWN]


def _words(name: str, texts: object) -> str:
    said = " ".join(map(str, texts)) if isinstance(texts, list) else str(texts)
    return said if name in ("detail", "__all__", "non_field_errors") else f"{name}: {said}"
