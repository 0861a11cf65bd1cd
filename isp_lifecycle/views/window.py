"""The window itself: permission, one read-only snapshot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import wraps
from typing import Any, Concatenate, Protocol

import sqlalchemy as sa

from isp_lifecycle.aaa.accounting import Accounts
from isp_lifecycle.aaa.kea import Leases
from isp_lifecycle.access.errors import Forbidden
from isp_lifecycle.access.model import Actor, require
from isp_lifecycle.access.ports import Directory, LooksAgain, Provider
from isp_lifecycle.drivers.pool import Olts
from isp_lifecycle.foundation import clock as clocks
from isp_lifecycle.foundation.claims import ClaimOf
from isp_lifecycle.foundation.clock import Clock
from isp_lifecycle.foundation.db import Tx, read
from isp_lifecycle.foundation.settings import Settings
from isp_lifecycle.telemetry.prober import Prober
from isp_lifecycle.trail import actions as trail


@dataclass(frozen=True)
class Window:
    """What a process needs to look. ``olts`` serves the few views that ask a device itself.

    ``accounts`` are those of the RADIUS server, ``leases`` those of Kea, ``prober`` pings customers; None where none is
    connected. Staff sign in by ``directories`` and ``providers``, asked in this order.
    """

    engine: sa.Engine
    clock: Clock
    settings: Settings
    olts: Olts
    accounts: Accounts | None = None
    leases: Leases | None = None
    prober: Prober | None = None
    directories: Mapping[str, Directory] = field(default_factory=dict)
    providers: Mapping[str, Provider] = field(default_factory=dict)

    @property
    def asked_again(self) -> tuple[LooksAgain, ...]:
        """The sources that can be asked about people without them."""
        return (*self.directories.values(), *(one for one in self.providers.values() if one.can_look_again))


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


def _allow(window: Window, actor: Actor, permissions: tuple[str, ...], name: str) -> None:
    """Refuse with Forbidden unless the actor holds at least one of these; a refusal is told to the audit."""
    try:
        require(actor, *permissions)
    except Forbidden as error:
        trail.refused(engine=window.engine, at=window.clock.now(), by=actor, what=name, needs=error.permission)
        raise


def _name_of(function: Callable[..., Any]) -> str:
    return f"{function.__module__.rpartition('.')[2]}.{function.__name__}"


def shows[**P, R](
    *permissions: str, claim: ClaimOf | None = None
) -> Callable[[Callable[Concatenate[Look, P], R]], View[P, R]]:
    """Make a function a view: callers need one of ``permissions``; refuses with Forbidden before anything is read.

    ``claim`` says on whose behalf the database is asked where that is not the actor.
    """

    def wrap(function: Callable[Concatenate[Look, P], R]) -> View[P, R]:
        name = _name_of(function)

        @wraps(function)
        def shown(window: Window, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
            _allow(window, actor, permissions, name)
            on_behalf = claim(window.settings, kwargs) if claim is not None else actor.claim
            with read(window.engine, on_behalf) as tx:
                settings = window.settings.still()
                look = Look(
                    tx=tx,
                    actor=actor,
                    at=window.clock.now(),
                    today=clocks.today(clock=window.clock, zone=settings.company.tz),
                    settings=settings,
                )
                return function(look, *args, **kwargs)

        shown.permissions = permissions  # type: ignore[attr-defined]  # what makes it a View
        return shown  # type: ignore[return-value]  # View is this callable with its permissions

    return wrap


def asks[**P, R](*permissions: str) -> Callable[[Callable[Concatenate[Window, Actor, P], R]], View[P, R]]:
    """Make a function a live view: it asks devices, so no snapshot is held open while they answer."""

    def wrap(function: Callable[Concatenate[Window, Actor, P], R]) -> View[P, R]:
        name = _name_of(function)

        @wraps(function)
        def asked(window: Window, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
            _allow(window, actor, permissions, name)
            return function(window, actor, *args, **kwargs)

        asked.permissions = permissions  # type: ignore[attr-defined]  # what makes it a View
        return asked  # type: ignore[return-value]  # View is this callable with its permissions

    return wrap
