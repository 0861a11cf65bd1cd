"""Numbers in use: what RADIUS and DHCP have really given out, against what the pools say."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from ipaddress import IPv4Network, IPv6Network

import sqlalchemy as sa

from isp_lifecycle.aaa.model import InUse
from isp_lifecycle.foundation.errors import LifecycleError
from isp_lifecycle.foundation.texts import say
from isp_lifecycle.ipam import actions as ipam
from isp_lifecycle.ipam.model import Network, Pool
from isp_lifecycle.views.audit.check import Gathered, Look
from isp_lifecycle.views.audit.model import Finding, FindingKind, LookedAt, NotLookedAt
from isp_lifecycle.views.audit.outside import Outside, SignOnServer
from isp_lifecycle.views.audit.records import read_records

_K = FindingKind
_ON_RECORD = sa.text(
    """
    SELECT seen.at, p.name AS pool, a.state, coalesce(s.code, a.owner::text) AS owner,
           to_char(a.until, 'YYYY-MM-DD HH24:MI') AS until
    FROM unnest(CAST(:prefixes AS inet[])) WITH ORDINALITY AS seen (prefix, at)
    LEFT JOIN pools p ON p.prefix >>= seen.prefix
    LEFT JOIN allocations a ON a.prefix >>= seen.prefix AND a.state <> 'free'
    LEFT JOIN services s ON s.id = a.owner
    """
)


def look_at_use(
    looking: Callable[[], AbstractContextManager[Look]], outside: Outside, into: Gathered
) -> list[NotLookedAt]:
    """Ask each server, and if something is wrong once more: what passed meanwhile is no fault."""
    missed = []
    for server in outside.sign_on:
        began = time.monotonic()
        try:
            seen = server.in_use()
            found = _compare(looking, server, seen)
            if found:
                found &= _compare(looking, server, server.in_use())
        except LifecycleError as error:
            missed.append(NotLookedAt(f"numbers in use by {server.name}", error.message, error.remedy))
            continue
        into.findings += sorted(found, key=lambda finding: (finding.key, finding.what))
        into.looked_at.append(LookedAt(f"numbers in use by {server.name}", len(seen), time.monotonic() - began))
    return missed


def _compare(
    looking: Callable[[], AbstractContextManager[Look]], server: SignOnServer, seen: Sequence[InUse]
) -> set[Finding]:
    with looking() as look:
        records = read_records(look)
        pools = [pool for pool in ipam.all_pools(tx=look.tx) if pool.wan is not None]
        asked = [str(_taken_with(pools, one.prefix)) for one in seen]
        rows = look.tx.execute(_ON_RECORD, {"prefixes": asked}).all()
    found = (_finding(server.name, seen[row.at - 1], row, ours=seen[row.at - 1].who in records.states) for row in rows)
    return {one for one in found if one is not None and not _in_hand(one, records.busy, seen)}


def _taken_with(pools: Sequence[Pool], seen: IPv4Network | IPv6Network) -> Network:
    """What was taken from a pool so that this is given: of a router's own address what is delegated to it."""
    if isinstance(seen, IPv6Network) and seen.prefixlen == seen.max_prefixlen:
        for pool in pools:
            if (delegated := pool.delegated_with(seen[0])) is not None:
                return delegated
    return seen


def _in_hand(finding: Finding, busy: frozenset[str], seen: Sequence[InUse]) -> bool:
    """Whether a workflow has the service in hand to which this was given."""
    return any(one.who in busy for one in seen if str(one.prefix) == finding.key)


def _finding(server: str, seen: InUse, row: sa.Row[tuple[object, ...]], *, ours: bool) -> Finding | None:
    """What is the matter with one number in use; None when the records agree."""
    what = say("By {server} {who} has it, {how}", server=server, who=seen.who, how=seen.how)
    key = str(seen.prefix)
    if row.pool is None:
        if not ours:
            return None
        remedy = say("Put a pool with it on record, or take it from the line by an address change.")
        return Finding(_K.LOST, "address", key, say("{what}; it is of no pool.", what=what), remedy)
    if row.state is None:
        remedy = say(
            "Take it from {who}, or put it on record, before pool {pool} gives it to another.",
            who=seen.who,
            pool=row.pool,
        )
        return Finding(
            _K.LEAKED,
            "address",
            key,
            say("{what}; pool {pool} counts it as free or keeps it out.", what=what, pool=row.pool),
            remedy,
        )
    if row.owner != seen.who:
        remedy = say(
            "Look at which of the two is right; give the other one another address. {who} may not keep both.",
            who=seen.who,
        )
        return Finding(
            _K.DOUBLED,
            "address",
            key,
            say("{what}; on record it is {state} for {owner}.", what=what, state=row.state, owner=row.owner),
            remedy,
        )
    if row.state == "quarantined":
        remedy = say("End its session or remove its reservation there before the rest is over.")
        return Finding(
            _K.LEAKED,
            "address",
            key,
            say("{what}; it was released and rests until {until} UTC.", what=what, until=row.until),
            remedy,
        )
    return None
