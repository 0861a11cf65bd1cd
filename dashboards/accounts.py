"""The accounts behind sessions, asked of the database at most every few seconds per account."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from uuid import UUID

from isp_lifecycle.access import actions
from isp_lifecycle.access.model import Actor, Role, actor_of
from isp_lifecycle.foundation.claims import Claim
from isp_lifecycle.foundation.clock import Clock
from isp_lifecycle.foundation.db import Engine, read
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.intake.told import refusal

#: A changed role or a closed account is noticed after so many seconds at the latest.
KEEP_SECONDS = 5.0


@dataclass(frozen=True)
class _Known:
    actor: Actor | None
    until: float


class Accounts:
    """Turns the account of a session into the actor it is now, or nobody when it is closed or of the other realm."""

    def __init__(self, *, engine: Engine, clock: Clock, roles: frozenset[Role], source: str) -> None:
        self._engine = engine
        self._clock = clock
        self._roles = roles
        self._source = source
        self._known: dict[UUID, _Known] = {}

    async def actor(self, user_id: UUID) -> Actor | None:
        """The actor of an account, not older than :data:`KEEP_SECONDS`."""
        known = self._known.get(user_id)
        if known is not None and known.until > time.monotonic():
            return known.actor
        actor = await asyncio.to_thread(self._read, user_id)
        if len(self._known) > 10_000:
            self._known.clear()
        self._known[user_id] = _Known(actor, time.monotonic() + KEEP_SECONDS)
        return actor

    def forget(self, user_id: UUID) -> None:
        """Ask the database anew: the account was changed here."""
        self._known.pop(user_id, None)

    async def refused(self, by: Actor, *, what: str, needs: str) -> None:
        """Tell the audit that an account asked for what its role does not allow."""
        await asyncio.to_thread(refusal, self._engine, self._clock, by, what, needs)

    def _read(self, user_id: UUID) -> Actor | None:
        with read(self._engine, Claim("user", str(user_id))) as tx:
            try:
                user = actions.user_by_id(tx=tx, user_id=user_id)
            except NotFound:
                return None
        if not user.active or user.role not in self._roles:
            return None
        return actor_of(user, source=self._source)
