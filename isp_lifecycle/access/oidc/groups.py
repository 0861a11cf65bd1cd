"""Which groups somebody is in, where their token does not say: Google's are asked of its Directory API.

There is no emulator of that API; tests ask a server of our own that answers as Google documents it
(developers.google.com/workspace/admin/directory): ``users.get`` tells of an account, ``members.hasMember`` whether it
is in a group, and ``members.list`` who is, directly or by groups in groups. A service account asks, on behalf of an
administrator who has delegated it that (JWT bearer grant, RFC 7523), and holds no right but to read users and groups.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from isp_lifecycle.access.oidc.calls import Calls, Document
from isp_lifecycle.access.oidc.errors import ProviderNeedsCare
from isp_lifecycle.foundation.clock import Clock
from isp_lifecycle.foundation.texts import say

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
READS = (
    "https://www.googleapis.com/auth/admin.directory.group.readonly "
    "https://www.googleapis.com/auth/admin.directory.user.readonly"
)
#: A group of so many pages of members is none of a provider's staff.
PAGES_AT_MOST = 500
#: Google takes assertions of an hour at most; its tokens last as long. A token is asked for anew a while before.
ASSERTED, EARLY = timedelta(minutes=10), timedelta(minutes=5)


@dataclass(frozen=True)
class Known:
    """An account as the directory behind a provider knows it now, with those of the asked groups that it is in."""

    subject: str
    username: str
    name: str
    email: str
    groups: frozenset[str]


class Groups(Protocol):
    """A directory behind a provider, which can be asked at any time."""

    def known(self, subject: str) -> Known | None:
        """The account that tokens name so; None when it is gone or suspended. Raises Unreachable."""
        ...

    def all_known(self, subjects: Sequence[str]) -> dict[str, Known | None]:
        """The same of many, with fewer questions."""
        ...


@dataclass
class GoogleDirectory:
    """Google Workspace's Directory API, asked on behalf of ``admin`` with a service account's key file."""

    calls: Calls
    clock: Clock
    url: str
    key_file: Path
    admin: str
    wanted: Collection[str]
    """The groups that are asked about, by their e-mail addresses: those that give a role."""
    _token: tuple[datetime, str] | None = field(default=None, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def known(self, subject: str) -> Known | None:
        """The account with this id, which is what ``sub`` is in Google's tokens."""
        return self._account(subject, lambda group: self._has(group, subject))

    def all_known(self, subjects: Sequence[str]) -> dict[str, Known | None]:
        """These accounts: one question for each and a few for each group, since Google counts them."""
        if not subjects:
            return {}
        members = {group: self._members(group) for group in self.wanted}
        return {one: self._account(one, lambda group, one=one: one in members[group]) for one in subjects}  # type: ignore[misc]

    def _account(self, subject: str, has: Callable[[str], bool]) -> Known | None:
        user = self._get(f"users/{quote(subject, safe='')}")
        if user is None or user.get("suspended") is True or user.get("archived") is True:
            return None
        email = str(user.get("primaryEmail", ""))
        name = user.get("name")
        shown = str(name.get("fullName", "")) if isinstance(name, dict) else ""
        return Known(subject, email, shown or email, email, frozenset(filter(has, self.wanted)))

    def _has(self, group: str, subject: str) -> bool:
        return self._of_group(group, f"hasMember/{quote(subject, safe='')}").get("isMember") is True

    def _members(self, group: str) -> frozenset[str]:
        """The ids of all in a group, those of groups in it included; in pages, as Google gives them."""
        found: set[str] = set()
        asked = {"includeDerivedMembership": "true", "maxResults": "200"}
        for _ in range(PAGES_AT_MOST):
            page = self._of_group(group, "members", asked)
            members, more = page.get("members"), page.get("nextPageToken")
            if isinstance(members, list):
                found |= {str(one.get("id")) for one in members if isinstance(one, dict)}
            if not more:
                return frozenset(found)
            asked["pageToken"] = str(more)
        raise self._wrong(f"the list of the members of {group} has no end", "Ask Google; nobody was changed.")

    def _of_group(self, group: str, what: str, params: Mapping[str, str] | None = None) -> Document:
        answer = self._get(f"groups/{quote(group, safe='')}/{what}", params)
        if answer is None:
            raise self._wrong(f"there is no group {group}", "Correct GROUPS, or make the group.")
        return answer

    def _get(self, what: str, params: Mapping[str, str] | None = None) -> Document | None:
        url = f"{self.url.rstrip('/')}/admin/directory/v1/{what}"
        return self.calls.document(url, bearer=self._bearer(), params=params)

    def _bearer(self) -> str:
        with self._lock:
            now = self.clock.now()
            if self._token is None or now >= self._token[0]:
                self._token = self._granted(now)
            return self._token[1]

    def _granted(self, now: datetime) -> tuple[datetime, str]:
        where, assertion = self._assertion(now)
        status, answer = self.calls.posted(where, {"grant_type": GRANT, "assertion": assertion})
        token, lasts = answer.get("access_token"), answer.get("expires_in")
        if status != 200 or not isinstance(token, str) or not isinstance(lasts, int):
            why = say("its service account is given no access ({because})", because=answer.get("error", status))
            remedy = say("Delegate it domain-wide to the scopes admin.directory.group.readonly and .user.readonly.")
            raise self._wrong(why, remedy)
        return now + timedelta(seconds=lasts) - EARLY, token

    def _assertion(self, now: datetime) -> tuple[str, str]:
        """Where the service account asks for access, and the signed request."""
        try:
            account = json.loads(self.key_file.read_text(encoding="utf-8"))
            key = RSAKey.import_key(account["private_key"])
            where, mail, kid = account["token_uri"], account["client_email"], account["private_key_id"]
        except (OSError, ValueError, KeyError, TypeError, JoseError):
            why = say("the key file of its service account cannot be read")
            remedy = say("Check DIRECTORY_ACCOUNT.")
            raise self._wrong(why, remedy) from None
        claims = {
            "iss": mail,
            "sub": self.admin,
            "scope": READS,
            "aud": where,
            "iat": int(now.timestamp()),
            "exp": int((now + ASSERTED).timestamp()),
        }
        return where, jwt.encode({"alg": "RS256", "kid": kid}, claims, key, algorithms=["RS256"])

    def _wrong(self, why: str, remedy: str) -> ProviderNeedsCare:
        return ProviderNeedsCare(self.calls.label, why, remedy=remedy)
