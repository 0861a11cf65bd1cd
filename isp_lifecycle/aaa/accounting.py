"""Sessions and usage, read from FreeRADIUS's table ``radacct``; nothing here writes.

The table is what access gateways reported (RFC 2866): a gateway that lost power leaves sessions that look live.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_interface, ip_network
from typing import Any, Literal
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from isp_lifecycle.aaa.model import InUse, PastSessions, Session, Usage, UsedIn
from isp_lifecycle.aaa.server import Server
from isp_lifecycle.foundation.db import Tx

_ACCOUNTED = sa.table(
    "radacct",
    *(
        sa.column(c)
        for c in (
            *(
                "username",
                "acctsessionid",
                "nasipaddress",
                "framedipaddress",
                "delegatedipv6prefix",
                "framedipv6address",
            ),
            *("acctstarttime", "acctupdatetime", "acctstoptime", "acctterminatecause"),
            *("acctinputoctets", "acctoutputoctets", "nasportid", "callingstationid", "radacctid"),
        )
    ),
)


def live_sessions(tx: Tx, service_code: str) -> tuple[Session, ...]:
    """The sessions of a line that no gateway has reported as ended, oldest first."""
    return _sessions(tx, _ACCOUNTED.c.username == service_code, _ACCOUNTED.c.acctstoptime.is_(None))


def in_use(tx: Tx) -> tuple[InUse, ...]:
    """The addresses and delegated prefixes of all sessions that no gateway has reported as ended."""
    found: list[InUse] = []
    for one in _sessions(tx, _ACCOUNTED.c.acctstoptime.is_(None)):
        how = f"in session {one.session_id} on gateway {one.gateway}"
        if one.address is not None:
            found.append(InUse(one.service_code, IPv4Network(one.address), how))
        if one.delegated is not None:
            found.append(InUse(one.service_code, one.delegated, how))
        if one.wan is not None:
            found.append(InUse(one.service_code, IPv6Network(one.wan), how))
    return tuple(found)


def sessions(tx: Tx, service_code: str, *, since: datetime, until: datetime) -> tuple[Session, ...]:
    """The sessions of a line that began from ``since`` to before ``until``, oldest first."""
    return _sessions(tx, _ACCOUNTED.c.username == service_code, *_period(since, until))


def usage(tx: Tx, service_code: str, *, since: datetime, until: datetime) -> Usage:
    """What a line used in the sessions that began from ``since`` to before ``until``.

    ``radacct`` keeps one total a session, so a session's octets all count where it began.
    """
    a = _ACCOUNTED.c
    total = sa.select(
        sa.func.count().label("sessions"),
        sa.func.coalesce(sa.func.sum(a.acctinputoctets), 0).label("up"),
        sa.func.coalesce(sa.func.sum(a.acctoutputoctets), 0).label("down"),
    ).where(a.username == service_code, *_period(since, until))
    row = tx.execute(total).one()
    return Usage(service_code, row.sessions, int(row.up), int(row.down))


def past_sessions(tx: Tx, service_code: str, *, offset: int, limit: int) -> PastSessions:
    """The sessions of a line that have ended, newest first, so many of them."""
    ended = (_ACCOUNTED.c.username == service_code, _ACCOUNTED.c.acctstoptime.is_not(None))
    latest = (_ACCOUNTED.c.acctstarttime.desc(), _ACCOUNTED.c.radacctid.desc())
    newest = sa.select(_ACCOUNTED).where(*ended).order_by(*latest).offset(offset).limit(limit)
    total = tx.execute(sa.select(sa.func.count()).select_from(_ACCOUNTED).where(*ended)).scalar_one()
    return PastSessions(tuple(_session(row) for row in tx.execute(newest)), total)


def used_by(
    tx: Tx, service_code: str, *, unit: Literal["day", "month"], zone: ZoneInfo, since: datetime
) -> tuple[UsedIn, ...]:
    """What a line used in the sessions that began since then, by day or month of the zone's calendar, newest first.

    A session's octets all count where it began, as in `usage`.
    """
    a = _ACCOUNTED.c
    begins = sa.cast(sa.func.date_trunc(unit, sa.func.timezone(zone.key, a.acctstarttime)), sa.Date).label("begins")
    total = (
        sa.select(
            begins,
            sa.func.count().label("sessions"),
            sa.func.coalesce(sa.func.sum(a.acctinputoctets), 0).label("up"),
            sa.func.coalesce(sa.func.sum(a.acctoutputoctets), 0).label("down"),
        )
        .where(a.username == service_code, a.acctstarttime >= since)
        .group_by(begins)
        .order_by(begins.desc())
    )
    return tuple(UsedIn(row.begins, row.sessions, int(row.up), int(row.down)) for row in tx.execute(total))


@dataclass(frozen=True)
class Accounts:
    """What access gateways accounted for, by the database of FreeRADIUS; for looking only, so it needs no secrets.

    Each call raises ServerUnreachable and ServerRefused.
    """

    server: Server

    def live_sessions(self, service_code: str) -> tuple[Session, ...]:
        """The sessions of a line that no gateway has reported as ended, oldest first."""
        with self.server.transaction() as tx:
            return live_sessions(tx, service_code)

    def past_sessions(self, service_code: str, *, offset: int, limit: int) -> PastSessions:
        """Those that have ended, newest first, so many of them."""
        with self.server.transaction() as tx:
            return past_sessions(tx, service_code, offset=offset, limit=limit)

    def used_by(
        self, service_code: str, *, unit: Literal["day", "month"], zone: ZoneInfo, since: datetime
    ) -> tuple[UsedIn, ...]:
        """What it used, by day or by month, newest first."""
        with self.server.transaction() as tx:
            return used_by(tx, service_code, unit=unit, zone=zone, since=since)


def _period(since: datetime, until: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return _ACCOUNTED.c.acctstarttime >= since, _ACCOUNTED.c.acctstarttime < until


def _sessions(tx: Tx, *which: sa.ColumnElement[bool]) -> tuple[Session, ...]:
    rows = tx.execute(sa.select(_ACCOUNTED).where(*which).order_by(_ACCOUNTED.c.acctstarttime, _ACCOUNTED.c.radacctid))
    return tuple(_session(row) for row in rows)


def _session(row: Any) -> Session:
    return Session(
        service_code=row.username,
        session_id=row.acctsessionid,
        gateway=_address(row.nasipaddress) or IPv4Address(0),
        address=_address(row.framedipaddress),
        delegated=_prefix(row.delegatedipv6prefix),
        started_at=row.acctstarttime,
        updated_at=row.acctupdatetime,
        ended_at=row.acctstoptime,
        ended_because=row.acctterminatecause or "",
        up_octets=row.acctinputoctets or 0,
        down_octets=row.acctoutputoctets or 0,
        nas_port=row.nasportid or "",
        caller=row.callingstationid or "",
        wan=_wan(row.framedipv6address),
    )


def _address(value: Any) -> IPv4Address | None:
    """An ``inet`` without its length; None for nothing and for IPv6."""
    if value is None:
        return None
    ip = ip_interface(value).ip
    return ip if isinstance(ip, IPv4Address) else None


def _wan(value: Any) -> IPv6Address | None:
    """An ``inet`` without its length; None for nothing and for IPv4."""
    ip = None if value is None else ip_interface(value).ip
    return ip if isinstance(ip, IPv6Address) else None


def _prefix(value: Any) -> IPv6Network | None:
    """An ``inet`` as the prefix that it stands for; None for nothing and for IPv4."""
    if value is None:
        return None
    network = ip_network(value, strict=False)
    return network if isinstance(network, IPv6Network) else None
