"""The window itself: permission, one read-only snapshot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Concatenate, Protocol

import sqlalchemy as sa

from isp_lifecycle.access.model import Actor, require
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.foundation import clock as clocks
from isp_lifecycle.foundation.clock import Clock
from isp_lifecycle.foundation.db import Tx, read
from isp_lifecycle.foundation.settings import Settings


@dataclass(frozen=True)
class Window:
    """What a process needs to look. ``olts`` serves the few views that ask a device itself."""

    engine: sa.Engine
    clock: Clock
    settings: Settings
    olts: Olts


@dataclass(frozen=True)
class Look:
    """One look: a snapshot, the actor, the instant."""

    tx: Tx
    actor: Actor
    at: datetime
    today: date
    settings: Settings


class View[**P, R](Protocol):
    """A view as callers see it."""

    permissions: tuple[str, ...]

    def __call__(self, window: Window, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Check, read, return."""
        ...


def allowed(actor: Actor, permissions: tuple[str, ...]) -> None:
    """Refuse with Forbidden unless the actor holds at least one of these."""
    if not any(actor.may(permission) for permission in permissions):
        require(actor, permissions[-1])


def shows[**P, R](*permissions: str) -> Callable[[Callable[Concatenate[Look, P], R]], View[P, R]]:
    """Make a function a view: callers need one of ``permissions``; refuses with Forbidden before anything is read."""

    def wrap(function: Callable[Concatenate[Look, P], R]) -> View[P, R]:
        @wraps(function)
        def shown(window: Window, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
            allowed(actor, permissions)
            with read(window.engine) as tx:
                look = Look(
                    tx=tx,
                    actor=actor,
                    at=window.clock.now(),
                    today=clocks.today(clock=window.clock, zone=window.settings.company.tz),
                    settings=window.settings,
                )
                return function(look, *args, **kwargs)

        shown.permissions = permissions  # type: ignore[attr-defined]  # what makes it a View
        return shown  # type: ignore[return-value]  # View is this callable with its permissions

    return wrap


def asks[**P, R](*permissions: str) -> Callable[[Callable[Concatenate[Window, Actor, P], R]], View[P, R]]:
    """Make a function a live view: it asks devices, so no snapshot is held open while they answer."""

    def wrap(function: Callable[Concatenate[Window, Actor, P], R]) -> View[P, R]:
        @wraps(function)
        def asked(window: Window, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
            allowed(actor, permissions)
            return function(window, actor, *args, **kwargs)

        asked.permissions = permissions  # type: ignore[attr-defined]  # what makes it a View
        return asked  # type: ignore[return-value]  # View is this callable with its permissions

    return wrap
