"""A line as RADIUS and DHCP tell of it now: its user, sessions, the last attempt, its reservation and lease."""

from __future__ import annotations

import time
from datetime import datetime
from ipaddress import IPv4Address, ip_interface
from typing import Any
from zoneinfo import ZoneInfo

from isp_lifecycle.aaa.accounting import Accounts
from isp_lifecycle.aaa.kea import Leases
from isp_lifecycle.aaa.model import Attempt, Session
from isp_lifecycle.foundation.clock import Clock, start_of
from isp_lifecycle.foundation.errors import LifecycleError
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.views.diagnosis.device import silence_of
from isp_lifecycle.views.diagnosis.recorded import OnRecord
from isp_lifecycle.views.diagnosis.seen import AttemptSeen, Known, Leased, SessionSeen, SignedOn, Silence

RADIUS, DHCP = "RADIUS", "DHCP (Kea)"


def ask_radius(accounts: Accounts | None, clock: Clock, records: OnRecord, *, zone: ZoneInfo) -> Known[SignedOn]:
    """Everything that RADIUS knows of the line's user."""
    if accounts is None:
        return _nobody(RADIUS, say("no RADIUS is connected"), clock)
    began = time.monotonic()
    try:
        value = _signed_on(accounts, records, clock.now(), zone)
    except LifecycleError as error:
        return _failed(RADIUS, error, clock, began)
    return Known(value, RADIUS, clock.now(), time.monotonic() - began)


def _signed_on(accounts: Accounts, records: OnRecord, now: datetime, zone: ZoneInfo) -> SignedOn:
    user, address = records.key, address_of(records)
    account = accounts.account_of(user)
    live = accounts.live_sessions(user)
    past = accounts.past_sessions(user, offset=0, limit=1)
    month = now.astimezone(zone).date().replace(day=1)
    used = accounts.used_by(user, unit="month", zone=zone, since=start_of(month, zone=zone))
    attempt, why = _attempt(accounts, user)
    return SignedOn(
        known=account.known,
        refused=account.refused,
        walled=account.walled,
        rates=account.rates,
        sessions=tuple(_session(one) for one in live),
        ended_at=past.rows[0].ended_at if past.rows else None,
        ended_because=past.rows[0].ended_because if past.rows else "",
        attempt=AttemptSeen(attempt.at, attempt.accepted, attempt.right_password) if attempt else None,
        attempts_unseen=why,
        others_with_address=accounts.others_with(address, user) if address else (),
        month_octets=(used[0].down_octets, used[0].up_octets) if used else None,
    )


def _attempt(accounts: Accounts, user: str) -> tuple[Attempt | None, str]:
    """Not every installation lets us read it, or keeps it: then the rest is told all the same."""
    try:
        return accounts.last_attempt(user), ""
    except LifecycleError as error:
        return None, say("table radpostauth cannot be read: {message}", message=error.message)


def _session(one: Session) -> SessionSeen:
    address = str(one.address) if one.address else ""
    return SessionSeen(one.started_at, one.updated_at, address, str(one.gateway))


def ask_dhcp(leases: Leases | None, clock: Clock, records: OnRecord) -> Known[Leased]:
    """What Kea has reserved for the line, and whether a lease of it runs."""
    if leases is None:
        return _nobody(DHCP, say("no DHCP is connected"), clock)
    began = time.monotonic()
    try:
        found = leases.of(records.key, address_of(records))
    except LifecycleError as error:
        return _failed(DHCP, error, clock, began)
    reserved = str(found.reserved) if found.reserved else ""
    value = Leased(reserved, found.leased_to, found.until, found.held_by)
    return Known(value, DHCP, clock.now(), time.monotonic() - began)


def address_of(records: OnRecord) -> IPv4Address | None:
    """The line's own IPv4 address; of a block there is not one that counts."""
    for held in records.addresses:
        interface: Any = ip_interface(held)
        if interface.version == 4 and interface.network.prefixlen == 32:
            return IPv4Address(interface.ip)
    return None


def _nobody(source: str, why: str, clock: Clock) -> Known[Any]:
    return Known(source=source, at=clock.now(), unseen=why, silence=Silence.NOT_ASKED, needless=True)


def _failed(source: str, error: LifecycleError, clock: Clock, began: float) -> Known[Any]:
    seconds = time.monotonic() - began
    return Known(source=source, at=clock.now(), seconds=seconds, unseen=error.message, silence=silence_of(error))
