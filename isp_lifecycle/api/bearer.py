"""Who asks: whoever holds the token in the header, and nobody else; cookies are not looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from isp_lifecycle.access import tokens
from isp_lifecycle.access.errors import TokenRefused
from isp_lifecycle.access.limits import RequestLimit
from isp_lifecycle.access.model import VISITOR, Actor
from isp_lifecycle.bootstrap import Doors
from isp_lifecycle.foundation.db import write
from isp_lifecycle.intake.door import Door
from isp_lifecycle.intake.once import Once
from isp_lifecycle.intake.told import told


@dataclass(frozen=True)
class Caller:
    """A machine that was let in, and the doors that it asks by."""

    actor: Actor
    doors: Doors

    @property
    def door(self) -> Door:
        """Where it changes something."""
        return self.doors.door

    def once(self, key: str, request: dict[str, Any]) -> Door:
        """The door where what is asked under this key is done once; without a key, the door as it is."""
        if not key:
            return self.door
        return replace(self.door, once=Once.of(owner=self.actor.username, key=key, request=request))

    def look(self, view: Any, **asked: Any) -> Any:
        """Look through a view as this machine."""
        return view(self.doors.window, self.actor, **asked)


#: Says in the OpenAPI document what is wanted; the header itself is read below.
_SCHEME = HTTPBearer(auto_error=False, description="A token, such as isp_0123...")


class Bearer:
    """Lets machines in by their tokens (RFC 6750), counted before they are looked at."""

    def __init__(self, doors: Doors, limit: RequestLimit) -> None:
        self._doors = doors
        self._limit = limit

    def __call__(self, request: Request, _said: HTTPAuthorizationCredentials | None = Depends(_SCHEME)) -> Caller:
        """The machine behind a request. Raises TokenRefused and TooManyRequests."""
        address = request.client.host if request.client else "unknown"
        self._limit.trying(address=address)
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        try:
            if scheme.lower() != "bearer":
                raise TokenRefused("is missing")
            with write(self._doors.door.engine) as tx:
                at = self._doors.door.clock.now()
                actor, token = tokens.bearer(tx=tx, secret=secret.strip(), at=at, address=address)
        except TokenRefused as error:
            self._tell(error, address, request.url.path)
            raise
        self._limit.was_right(address=address)
        self._limit.count(token=str(token.id))
        return Caller(actor, self._doors)

    def _tell(self, error: TokenRefused, address: str, path: str) -> None:
        door = self._doors.door
        nobody = replace(VISITOR, source="api", address=address)
        with write(door.engine) as tx:
            told(
                tx=tx,
                at=door.clock.now(),
                actor=nobody,
                action="token.refused",
                subject_kind="path",
                subject_id=path[:200],
                reason=error.message,
            )
