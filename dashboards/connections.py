"""The websockets that this process holds open, and their end when the session behind them ends.

Two ways lead there: Redis tells at once when a session ends, and a review every few seconds finds what was not told
(a session that ran out, an account that was closed or got another role, a message lost while Redis was away).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from redis.exceptions import RedisError

from dashboards.accounts import Accounts
from dashboards.identity import Identity
from isp_lifecycle.access.sessions import Sessions
from isp_lifecycle.foundation.errors import Unreachable
from isp_lifecycle.foundation.logs import log

#: How often the sessions behind open websockets are looked at.
REVIEW_SECONDS = 10.0

_log = log(__name__)


@dataclass(eq=False)
class Connection:
    """One open websocket."""

    session: str
    identity: Identity
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class Connections:
    """All open websockets of signed-in sessions in this process."""

    def __init__(self, *, sessions: Sessions, accounts: Accounts) -> None:
        self._sessions = sessions
        self._accounts = accounts
        self._open: dict[str, set[Connection]] = {}

    def __len__(self) -> int:
        return sum(len(found) for found in self._open.values())

    def add(self, connection: Connection) -> None:
        """Keep a websocket until it is discarded."""
        self._open.setdefault(connection.session, set()).add(connection)

    def discard(self, connection: Connection) -> None:
        """Forget a websocket that has closed."""
        found = self._open.get(connection.session, set())
        found.discard(connection)
        if not found:
            self._open.pop(connection.session, None)

    def close(self, session: str) -> None:
        """Close every websocket of a session."""
        for connection in tuple(self._open.get(session, ())):
            connection.ended.set()

    async def watch(self) -> None:
        """Follow the ends of sessions until cancelled; Redis may go away and come back meanwhile."""
        await asyncio.gather(self._listen(), self._review())

    async def _listen(self) -> None:
        while True:
            with suppress(RedisError, OSError):
                async for session in self._sessions.ended():
                    self.close(session)
            _log.warning("listening for ended sessions was interrupted; it begins again")
            await asyncio.sleep(1)

    async def _review(self) -> None:
        while True:
            await asyncio.sleep(REVIEW_SECONDS)
            for session, found in tuple(self._open.items()):
                await self._quietly(lambda s=session, f=tuple(found): self._look_at(s, f))  # type: ignore[misc]

    async def _quietly(self, look: Callable[[], Awaitable[None]]) -> None:
        """A look that fails because Redis or the database is away is repeated at the next review."""
        try:
            await look()
        except (RedisError, OSError, Unreachable) as error:
            _log.warning("a session could not be reviewed", reason=str(error))

    async def _look_at(self, session: str, found: tuple[Connection, ...]) -> None:
        stored = await self._sessions.by_key(session)
        actor = await self._accounts.actor(stored.user_id) if stored is not None else None
        for connection in found:
            if actor != connection.identity.actor:
                connection.ended.set()
