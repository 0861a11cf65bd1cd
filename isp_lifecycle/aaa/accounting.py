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
from sqlalchemy.dialects.postgresql import INET

from isp_lifecycle.aaa.model import GROUPS, Attempt, InUse, LineAccount, PastSessions, Session, Usage, UsedIn
from isp_lifecycle.aaa.server import Server
from isp_lifecycle.foundation.db import Tx
from isp_lifecycle.foundation.texts import say

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
        how = say("in session {session} on gateway {gateway}", session=one.session_id, gateway=one.gateway)
        if one.address is not None:
            found.append(InUse(one.service_code, IPv4Network(one.address), how))
        if one.delegated is not None:
            found.append(InUse(one.service_code, one.delegated, how))
        if one.wan is not None:
            found.append(InUse(one.service_code, IPv6Network(one.wan), how))
    return tuple(found)


#: Without an index on ``callingstationid`` every live session is read: that is given up after so long.
MAC_PATIENCE_MS = 1_000
#: How gateways part a MAC address: so many digits together, and what stands between them.
_MAC_PARTS = ((2, ":-. "), (4, ".-:"), (6, "-.:"))
_SEEN_BEHIND = """
    SELECT DISTINCT username FROM radacct WHERE acctstoptime IS NULL AND callingstationid = ANY(:spellings) LIMIT 6
"""
#: FreeRADIUS's own tables have no index for it; where they hold so many sessions, one is worth its room.
WORTH_AN_INDEX = 100_000
MAC_INDEX = "CREATE INDEX CONCURRENTLY ON radacct (callingstationid) WHERE acctstoptime IS NULL"
_UNINDEXED = """
    SELECT c.reltuples > :many FROM pg_class c WHERE c.oid = to_regclass('radacct') AND NOT EXISTS (
        SELECT 1 FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        WHERE i.indrelid = c.oid AND i.indisvalid AND a.attname = 'callingstationid')
"""


def seen_behind(tx: Tx, mac: str) -> tuple[str, ...]:
    """The lines in whose live sessions a gateway saw this MAC address: twelve hex digits, however it writes them.

    Every way to write it is looked for as it stands, so that a plain index (``MAC_INDEX``) answers at once.
    """
    tx.execute(sa.text(f"SET LOCAL statement_timeout = {MAC_PATIENCE_MS}"))
    return tuple(tx.execute(sa.text(_SEEN_BEHIND), {"spellings": spellings(mac)}).scalars())


def spellings(mac: str) -> list[str]:
    """The ways in which gateways write a MAC address of twelve hex digits."""
    ways = [mac]
    for size, between in _MAC_PARTS:
        parts = [mac[at : at + size] for at in range(0, len(mac), size)]
        ways += [sign.join(parts) for sign in between]
    return sorted({way.upper() for way in ways} | {way.lower() for way in ways})


def wants_mac_index(tx: Tx, *, many: int = WORTH_AN_INDEX) -> bool:
    """Whether so many sessions are kept that looking for a MAC address among them wants an index that is not there."""
    return bool(tx.execute(sa.text(_UNINDEXED), {"many": many}).scalar_one_or_none())


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


_ACCOUNT = """
    SELECT EXISTS (SELECT FROM radcheck WHERE username = :user)
           OR EXISTS (SELECT FROM radusergroup WHERE username = :user) AS known,
           EXISTS (SELECT FROM radcheck
                   WHERE username = :user AND attribute = 'Auth-Type' AND value = 'Reject') AS refused,
           ARRAY(SELECT groupname FROM radusergroup WHERE username = :user AND groupname LIKE :ours
                 ORDER BY priority, groupname) AS groups,
           (SELECT value FROM radreply WHERE username = :user AND attribute = 'Framed-IP-Address' LIMIT 1) AS address
"""
#: Passwords are compared there and never fetched. What no password was sent for in clear text cannot be told.
_ATTEMPT = """
    SELECT p.authdate, p.reply, coalesce(p.callingstationid, '') AS caller,
           CASE WHEN c.value IS NULL OR coalesce(p.pass, '') IN ('', 'Chap-Password') THEN NULL
                ELSE p.pass = c.value END AS right_password
    FROM radpostauth p
    LEFT JOIN LATERAL (SELECT value FROM radcheck WHERE username = p.username AND attribute = 'Cleartext-Password'
                       ORDER BY id LIMIT 1) c ON true
    WHERE p.username = :user ORDER BY p.authdate DESC, p.id DESC LIMIT 1
"""


def account_of(tx: Tx, service_code: str) -> LineAccount:
    """The line's user, as FreeRADIUS's tables have it."""
    row = tx.execute(sa.text(_ACCOUNT), {"user": service_code, "ours": f"{GROUPS}%"}).one()
    return LineAccount(row.known, row.refused, tuple(row.groups), _address(row.address))


def last_attempt(tx: Tx, service_code: str) -> Attempt | None:
    """The last time that a router asked to be let in, where FreeRADIUS keeps that (its table ``radpostauth``)."""
    row = tx.execute(sa.text(_ATTEMPT), {"user": service_code}).one_or_none()
    return None if row is None else Attempt(row.authdate, row.reply == "Access-Accept", row.right_password, row.caller)


def others_with(tx: Tx, address: IPv4Address, service_code: str) -> tuple[str, ...]:
    """Who else has a live session with this address."""
    a = _ACCOUNTED.c
    same = a.framedipaddress == sa.cast(str(address), INET)
    mine = (same, a.username != service_code, a.acctstoptime.is_(None))
    return tuple(tx.execute(sa.select(a.username).distinct().where(*mine).order_by(a.username).limit(5)).scalars())


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

    def seen_behind(self, mac: str) -> tuple[str, ...]:
        """The codes of the lines in whose live sessions a gateway saw this MAC address."""
        with self.server.transaction() as tx:
            return seen_behind(tx, mac)

    def index_wanted(self, *, many: int = WORTH_AN_INDEX) -> str:
        """What would make the index on the MAC addresses of sessions, where it is worth its room and missing."""
        with self.server.transaction() as tx:
            return MAC_INDEX if wants_mac_index(tx, many=many) else ""

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

    def account_of(self, service_code: str) -> LineAccount:
        """The line's user."""
        with self.server.transaction() as tx:
            return account_of(tx, service_code)

    def last_attempt(self, service_code: str) -> Attempt | None:
        """The last time that its router asked to be let in; needs SELECT on ``radpostauth``."""
        with self.server.transaction() as tx:
            return last_attempt(tx, service_code)

    def others_with(self, address: IPv4Address, service_code: str) -> tuple[str, ...]:
        """Who else has a live session with this address."""
        with self.server.transaction() as tx:
            return others_with(tx, address, service_code)


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
