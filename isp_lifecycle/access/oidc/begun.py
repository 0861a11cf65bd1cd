"""Sign-ins that have begun at a provider and are not over, in Redis: each is for one browser, once, for ten minutes."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import timedelta

from redis.asyncio import Redis

from isp_lifecycle.access.oidc.errors import AnswerStale
from isp_lifecycle.access.ports import Secrets
from isp_lifecycle.foundation.texts import say

#: So long somebody may take at the provider.
LASTS = timedelta(minutes=10)


@dataclass(frozen=True)
class Begun:
    """One sign-in under way, and the page that was wanted."""

    provider: str
    secrets: Secrets
    wanted: str


class Beginnings:
    """The sign-ins under way in one realm; whatever process began one, any may end it.

    Redis holds the hashes of the state, which the provider and the browser's history see, and of the binding, which
    only the browser has: a state that leaked ends nothing elsewhere, and a copy of Redis begins nothing.
    """

    def __init__(self, *, redis: Redis, realm: str) -> None:
        self._redis = redis
        self._prefix = f"isp:web:{realm}:oidc"

    async def keep(self, *, provider: str, back: str, wanted: str, again: bool = False) -> tuple[str, str, Secrets]:
        """Begin a sign-in; returns its state, what binds it to the browser (for a cookie), and its secrets."""
        state, binding = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        own = Secrets(nonce=secrets.token_urlsafe(32), verifier=secrets.token_urlsafe(48), back=back, again=again)
        stored = {
            "provider": provider,
            "wanted": wanted,
            "binding": _hash(binding),
            "nonce": own.nonce,
            "verifier": own.verifier,
            "back": back,
            "again": again,
        }
        await self._redis.set(self._name(state), json.dumps(stored), ex=LASTS)
        return state, binding, own

    async def take(self, *, provider: str, state: str, binding: str) -> Begun:
        """End a sign-in, whatever comes of it; raises AnswerStale unless this browser began it, here, just now."""
        stored = await self._redis.getdel(self._name(state)) if state else None
        if stored is None:
            raise AnswerStale(say("its state is unknown, too old, or was used before"))
        fields = json.loads(stored)
        if not hmac.compare_digest(fields["binding"], _hash(binding)):
            raise AnswerStale(say("it was begun in another browser"))
        if fields["provider"] != provider:
            raise AnswerStale(say("it was begun at another provider"))
        return Begun(
            provider=provider,
            secrets=Secrets(**{word: fields[word] for word in ("nonce", "verifier", "back", "again")}),
            wanted=fields["wanted"],
        )

    def _name(self, state: str) -> str:
        return f"{self._prefix}:{_hash(state)}"


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
