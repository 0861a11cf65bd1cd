"""Signed-in sessions in Redis, shared by all server processes.

A session's id is 256 random bits that only the browser keeps; Redis holds its SHA-256, so that a copy of Redis opens
nothing. A session ends when it is not used for the idle time, at its absolute age, or when somebody ends it; ending is
published, so that each process closes the websockets that it holds for that session.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from redis.asyncio import Redis

from isp_lifecycle.access.model import User
from isp_lifecycle.foundation.clock import Clock
from isp_lifecycle.foundation.present import Present, present

#: Uses closer together than this are not written, so that a busy page costs no write per message.
TOUCH_EVERY = timedelta(seconds=20)
#: Which sessions an account has is known for longer than the settings ever let one live.
INDEX_KEPT = timedelta(days=31)
#: The second factor is waited for so long after the password.
CHALLENGE_LASTS = timedelta(minutes=5)


@dataclass(frozen=True)
class Session:
    """One signed-in browser. ``key`` is the hash of its secret id, and may be logged."""

    key: str
    user_id: UUID
    username: str
    created_at: datetime
    seen_at: datetime
    address: str
    browser: str
    proved_at: datetime
    """When whoever sits there last proved who they are."""
    must_enrol: bool = False
    """The role must have a second factor and the account has none: nothing but setting one up is open."""


@dataclass(frozen=True)
class Challenge:
    """A password that was right and waits for the second factor. ``key`` is the hash of the secret in the cookie."""

    key: str
    user_id: UUID
    username: str
    wanted: str
    first: str
    """What was right already: the password, or the provider's name."""


class Sessions:
    """The sessions of one realm; the staff suite and the portal are two realms that do not know each other's."""

    def __init__(
        self, *, redis: Redis, realm: str, clock: Clock, idle: Present[timedelta], absolute: Present[timedelta]
    ) -> None:
        self._redis = redis
        self._clock = clock
        self._idle = idle
        self._absolute = absolute
        self._prefix = f"isp:web:{realm}"
        self._channel = f"{self._prefix}:ended"

    async def create(
        self, *, user: User, address: str, browser: str, must_enrol: bool = False, proved_at: datetime | None = None
    ) -> tuple[str, Session]:
        """Begin a session; returns the secret id for the cookie, and the session.

        ``proved_at`` is when they proved who they are, where that was elsewhere and before now.
        """
        secret = secrets.token_urlsafe(32)
        now = self._clock.now()
        session = Session(
            key=_hash(secret),
            user_id=user.id,
            username=user.username,
            created_at=now,
            seen_at=now,
            address=address,
            browser=browser[:200],
            proved_at=min(now, proved_at or now),
            must_enrol=must_enrol,
        )
        await self._redis.set(self._name(session.key), _dump(session), ex=present(self._idle))
        await self._redis.sadd(self._index(user.username), session.key)
        await self._redis.expire(self._index(user.username), INDEX_KEPT)
        return secret, session

    async def lookup(self, secret: str) -> Session | None:
        """The session with this secret id, unless it has ended."""
        return await self.by_key(_hash(secret)) if secret else None

    async def by_key(self, key: str) -> Session | None:
        """The session with this hashed id, unless it has ended."""
        stored = await self._redis.get(self._name(key))
        if stored is None:
            return None
        session = _load(key, stored)
        now = self._clock.now()
        if now - session.seen_at >= present(self._idle) or now - session.created_at >= present(self._absolute):
            await self.end(session)
            return None
        return session

    async def touch(self, session: Session) -> Session:
        """Note that the session was used now; never brings an ended one back."""
        now = self._clock.now()
        if now - session.seen_at < TOUCH_EVERY:
            return session
        used = replace(session, seen_at=now)
        await self._redis.set(self._name(session.key), _dump(used), ex=present(self._idle), xx=True)
        return used

    async def proved(self, session: Session) -> None:
        """Note that whoever sits there has just proved who they are."""
        await self._rewrite(session, proved_at=self._clock.now())

    async def enrolled(self, session: Session) -> None:
        """Note that a second factor was set up, so that everything is open."""
        await self._rewrite(session, must_enrol=False)

    async def _rewrite(self, session: Session, **values: Any) -> None:
        stored = await self.by_key(session.key)
        if stored is not None:
            await self._redis.set(
                self._name(session.key), _dump(replace(stored, **values)), ex=present(self._idle), xx=True
            )

    async def challenge(self, *, user: User, wanted: str, first: str = "password") -> str:
        """Begin to wait for a second factor; returns the secret for the cookie."""
        secret = secrets.token_urlsafe(32)
        fields = {"user_id": str(user.id), "username": user.username, "wanted": wanted, "first": first}
        await self._redis.set(self._challenge(_hash(secret)), json.dumps(fields), ex=CHALLENGE_LASTS)
        return secret

    async def challenged(self, secret: str) -> Challenge | None:
        """What waits for a second factor under this secret, unless it is over."""
        stored = await self._redis.get(self._challenge(_hash(secret))) if secret else None
        if stored is None:
            return None
        fields = json.loads(stored)
        found = UUID(fields["user_id"]), fields["username"], fields["wanted"], fields["first"]
        return Challenge(_hash(secret), *found)

    async def answered(self, challenge: Challenge) -> bool:
        """End the waiting; ``False`` when somebody else's answer was faster."""
        return bool(await self._redis.delete(self._challenge(challenge.key)))

    async def end(self, session: Session) -> None:
        """End one session and tell every process."""
        await self._redis.delete(self._name(session.key))
        await self._redis.srem(self._index(session.username), session.key)
        await self._redis.publish(self._channel, session.key)

    async def end_all(self, username: str) -> int:
        """End every session of an account; returns how many there were."""
        keys = await self._members(username)
        ended = 0
        for key in keys:
            ended += int(await self._redis.delete(self._name(key)))
            await self._redis.publish(self._channel, key)
        await self._redis.delete(self._index(username))
        return ended

    async def of_user(self, username: str) -> Sequence[Session]:
        """The open sessions of an account, newest first."""
        found = [await self.by_key(key) for key in await self._members(username)]
        return sorted((s for s in found if s is not None), key=lambda s: s.created_at, reverse=True)

    async def ended(self) -> AsyncIterator[str]:
        """The keys of sessions as they end; the first item, empty, says that listening has begun."""
        async with self._redis.pubsub() as listener:
            await listener.subscribe(self._channel)
            async for message in listener.listen():
                if message["type"] == "subscribe":
                    yield ""
                elif message["type"] == "message":
                    yield _text(message["data"])

    async def _members(self, username: str) -> list[str]:
        members: set[Any] = await self._redis.smembers(self._index(username))  # type: ignore[misc, unused-ignore]
        return [_text(m) for m in members]

    def _name(self, key: str) -> str:
        return f"{self._prefix}:session:{key}"

    def _challenge(self, key: str) -> str:
        return f"{self._prefix}:challenge:{key}"

    def _index(self, username: str) -> str:
        return f"{self._prefix}:user:{username}"


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _dump(session: Session) -> str:
    return json.dumps({k: str(v) for k, v in asdict(session).items() if k != "key"})


def _load(key: str, stored: str | bytes) -> Session:
    fields = json.loads(stored)
    return Session(
        key=key,
        user_id=UUID(fields["user_id"]),
        username=fields["username"],
        created_at=datetime.fromisoformat(fields["created_at"]),
        seen_at=datetime.fromisoformat(fields["seen_at"]),
        address=fields["address"],
        browser=fields["browser"],
        proved_at=datetime.fromisoformat(fields.get("proved_at", fields["created_at"])),
        must_enrol=fields.get("must_enrol") == "True",
    )
