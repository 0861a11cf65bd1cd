"""Addresses: held once, for a service that needs them, and given back when they have rested."""

from __future__ import annotations

import time

from isp_lifecycle.views.audit.check import Check, Gathered, Look, counted, run_checks, sql
from isp_lifecycle.views.audit.model import FindingKind

_K = FindingKind

_NO_SERVICE = """
    SELECT a.prefix AS key, a.state, a.owner FROM allocations a
    WHERE a.state IN ('reserved', 'assigned') AND NOT EXISTS (SELECT 1 FROM services s WHERE s.id = a.owner)
      AND NOT (a.state = 'reserved' AND a.until IS NOT NULL
               AND EXISTS (SELECT 1 FROM orders o WHERE o.id = a.owner AND o.state = 'submitted'))
"""
_HELD_TOO_LONG = """
    SELECT a.prefix AS key, coalesce(o.code, a.owner::text) AS held_for, to_char(a.until, 'YYYY-MM-DD HH24:MI') AS until
    FROM allocations a LEFT JOIN orders o ON o.id = a.owner WHERE a.state = 'reserved' AND a.until < :rested_by
"""
_OVERLAP = """
    SELECT a.prefix AS key, b.prefix AS other, coalesce(s.code, a.owner::text) AS one,
           coalesce(t.code, b.owner::text) AS two
    FROM allocations a JOIN allocations b ON a.prefix && b.prefix AND a.id < b.id AND b.state <> 'free'
    LEFT JOIN services s ON s.id = a.owner LEFT JOIN services t ON t.id = b.owner WHERE a.state <> 'free'
"""
#: A change of the address holds two on purpose, as long as it is at work or stands.
_HELD_TWICE = """
    SELECT coalesce(s.code, a.owner::text) AS key, string_agg(a.prefix::text, ' and ' ORDER BY a.prefix) AS prefixes
    FROM allocations a LEFT JOIN services s ON s.id = a.owner WHERE a.state IN ('reserved', 'assigned')
      AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.service_id = a.owner AND d.queue = 'network'
                       AND d.state NOT IN ('done', 'cancelled'))
    GROUP BY a.owner, s.code, family(a.prefix) HAVING count(*) > 1
"""
#: The upper half of an IPv6 address as a number: no delegated prefix reaches beyond it, nor any of PostgreSQL's.
_UPPER = "('x' || encode(substring(inet_send({}.prefix::inet) FROM 5 FOR 8), 'hex'))::bit(64)::bigint"
_UNIT = f"""CASE family(a.prefix)
    WHEN 4 THEN (set_masklen(a.prefix::inet, 32) - set_masklen(p.prefix::inet, 32)) >> (32 - masklen(a.prefix))
    ELSE ({_UPPER.format("a")} - {_UPPER.format("p")}) >> (64 - masklen(a.prefix)) END"""
_FREE_TOO = sql(
    """
    SELECT a.prefix AS key, a.state, p.name AS pool FROM allocations a JOIN pools p ON p.id = a.pool_id
    JOIN free_extents f ON f.pool_id = a.pool_id
     AND """,
    _UNIT,
    """ BETWEEN f.first AND f.last
    WHERE a.state <> 'free'
""",
)
_UNCOUNTED = """
    SELECT p.name AS key, p.size, f.free, h.held, p.size - f.free - h.held AS gone FROM pools p
    CROSS JOIN LATERAL (SELECT coalesce(sum(e.last - e.first + 1), 0) AS free FROM free_extents e
                        WHERE e.pool_id = p.id) f
    CROSS JOIN LATERAL (SELECT count(*) AS held FROM allocations a WHERE a.pool_id = p.id AND a.state <> 'free') h
    WHERE p.size > f.free + h.held
"""
_RESTS_TOO_LONG = """
    SELECT a.prefix AS key, to_char(a.until, 'YYYY-MM-DD HH24:MI') AS until FROM allocations a
    WHERE a.state = 'quarantined' AND a.until < :rested_by
"""

CHECKS = (
    Check(
        _K.LEAKED,
        "address",
        _NO_SERVICE,
        "It is {state} for {owner}, which is no service.",
        "Make sure that nobody uses it, then release it.",
    ),
    Check(
        _K.DOUBLED,
        "address",
        _OVERLAP,
        "It is held for {one}, and {other} for {two}: the same addresses twice.",
        "Give one of the two another address, and put the constraint ex_allocations_prefix back.",
    ),
    Check(
        _K.DOUBLED,
        "service",
        _HELD_TWICE,
        "It holds {prefixes}.",
        "Look at which one its router uses, release the other, and put the index uq_allocations_owner back.",
    ),
    Check(
        _K.DOUBLED,
        "address",
        _FREE_TOO,
        "It is {state}, and pool {pool} counts it as free as well: it would be given out again.",
        "Take it out of the pool's free space before the next activation.",
    ),
    Check(
        _K.LEAKED,
        "pool",
        _UNCOUNTED,
        "Of {size} it has {free} free and {held} held; {gone} are neither, so nobody can get them.",
        "Compare its free space with what is held, and give back what is missing.",
    ),
    Check(
        _K.LEAKED,
        "address",
        _HELD_TOO_LONG,
        "It was held for {held_for} until {until} UTC, and was not given back to its pool.",
        "Is the schedule running? `isp doctor` tells; it lets go of such addresses.",
    ),
    Check(
        _K.LEAKED,
        "address",
        _RESTS_TOO_LONG,
        "Its rest was over at {until} UTC, and it was not given back to its pool.",
        "Is the schedule running? `isp doctor` tells; it gives such addresses back.",
    ),
)


def look_at_addresses(look: Look, into: Gathered) -> None:
    """Every address and every pool."""
    began = time.monotonic()
    run_checks(look, CHECKS, into)
    counted(look, "addresses", "allocations", into, began)
