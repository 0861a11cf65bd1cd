"""Whether a customer's router answers a ping, asked now: the address of its session, or the one that its line holds."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address

from isp_lifecycle.access.model import Actor
from isp_lifecycle.foundation.errors import LifecycleError
from isp_lifecycle.foundation.texts import say, say_many
from isp_lifecycle.inventory import actions as inventory
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.telemetry.model import Echoes
from isp_lifecycle.views.common import FailureRow
from isp_lifecycle.views.window import Look, Window, asks, shows


@dataclass(frozen=True)
class EchoNow:
    """One ping. ``session``: the address is of a live session, as RADIUS has it; else it is what is on record.

    Without an ``address`` there is nothing to ping; ``error`` says why nothing was asked. ``missed`` says why RADIUS
    could not tell the session's address, so that the one on record may be another's by now.
    """

    address: IPv4Address | IPv6Address | None
    session: bool
    at: datetime
    seconds: float = 0.0
    echoes: Echoes | None = None
    error: FailureRow | None = None
    missed: str = ""


@asks("service.read")
def can_ping(window: Window, actor: Actor) -> bool:
    """Whether something is set that pings customers; asks it nothing."""
    del actor
    return window.prober is not None


@asks("network.read_live")
def ping(window: Window, actor: Actor, *, service_code: str) -> EchoNow:
    """Ping a service's address; takes some seconds where nothing answers. Raises NotFound."""
    held = _held(window, actor, service_code=service_code)
    signed_in, missed = _in_session(window, service_code)
    address, session = signed_in or held, signed_in is not None
    if address is None or window.prober is None:
        return EchoNow(address, session, window.clock.now(), missed=missed)
    began = time.monotonic()
    try:
        echoes = window.prober.ping(address)
    except LifecycleError as failed:
        error = FailureRow("Ping", failed.kind, failed.message, failed.remedy)
        return EchoNow(address, session, window.clock.now(), time.monotonic() - began, error=error, missed=missed)
    return EchoNow(address, session, window.clock.now(), time.monotonic() - began, echoes, missed=missed)


@shows("service.read")
def _held(look: Look, *, service_code: str) -> IPv4Address | IPv6Address | None:
    """The IPv4 address that the service holds, or its router's within a block."""
    owner = inventory.service_by_code(tx=look.tx, code=service_code).id
    held = ipam.allocation_of(tx=look.tx, owner=owner)
    return held.address if held is not None else None


def _in_session(window: Window, service_code: str) -> tuple[IPv4Address | None, str]:
    """The address of the newest live session, None where none is or no RADIUS is connected; why it could not tell."""
    if window.accounts is None:
        return None, ""
    try:
        live = window.accounts.live_sessions(service_code)
    except LifecycleError as failed:
        return None, failed.message
    return next((one.address for one in reversed(live) if one.address is not None), None), ""


def in_words(found: EchoNow) -> tuple[str, str]:
    """What it means, and what to make of it."""
    if found.error is not None:
        return found.error.what, found.error.remedy
    if found.address is None:
        return say("The service has no address."), say("There is nothing to ping until a line is built.")
    if found.echoes is None:
        return say("Nothing is connected that pings customers."), say("The operator sets ISP_PROBE__URL.")
    echoes = found.echoes
    if not echoes.received:
        return (
            say("{address} does not answer.", address=str(found.address)),
            say("The router may be off, not signed in, or told not to answer: look at the session and at the ONT."),
        )
    took = say("{address} answers in {ms:.1f} ms.", address=str(found.address), ms=echoes.median_ms or 0.0)
    lost = echoes.sent - echoes.received
    if not lost:
        return took, say("The router is there, and reached: look at what is behind it.")
    return took, say_many(
        "{count} of {sent} was lost: look at the light and at the port's load.",
        "{count} of {sent} were lost: look at the light and at the port's load.",
        lost,
        sent=echoes.sent,
    )
