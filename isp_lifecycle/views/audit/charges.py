"""Charges by days: every day of a service's use is charged once, and no day besides.

A charge covers the days of its period once; what gives the rest of a month back takes it off those days; a reversal
counts against what it reverses. The sum over time must be 1 while the service is in use and 0 after its end: 2 is a
doubled charge, 0 a missing month, and below 0 something was given back twice. Fees have no days and do not count.
"""

from __future__ import annotations

import time

from isp_lifecycle.billing.store import REVERSAL
from isp_lifecycle.views.audit.check import Check, Gathered, Look, counted, run_checks, sql
from isp_lifecycle.views.audit.model import FindingKind

_K = FindingKind

_COVER = """
    WITH signed AS (
        SELECT c.service_id, c.period, CASE
            WHEN o.id IS NULL AND c.kind IN ('recurring', 'prorated') THEN 1
            WHEN o.id IS NULL AND c.kind = 'credit' AND c.source LIKE :given_back THEN -1
            WHEN o.kind IN ('recurring', 'prorated') THEN -1
            WHEN o.kind = 'credit' AND o.source LIKE :given_back THEN 1 ELSE 0 END AS sign
        FROM charges c
        LEFT JOIN charges o ON starts_with(c.source, :reversal) AND o.source = substr(c.source, length(:reversal) + 1)),
    edges AS (
        SELECT service_id, lower(period) AS day, sign FROM signed WHERE sign <> 0
        UNION ALL SELECT service_id, upper(period), -sign FROM signed WHERE sign <> 0),
    days AS (SELECT service_id, day, sum(sign) AS sign FROM edges GROUP BY service_id, day),
    cover AS (
        SELECT service_id, day AS first, lead(day) OVER w AS until, sum(sign) OVER w AS times
        FROM days WINDOW w AS (PARTITION BY service_id ORDER BY day)),
    settling AS (
        SELECT DISTINCT d.service_id FROM deliveries d
        WHERE d.subscriber LIKE 'billing.%' AND d.state NOT IN ('done', 'cancelled') AND d.service_id IS NOT NULL),
    shut AS (
        SELECT e.service_id, least((e.payload->>'suspended_on')::date,
                   (SELECT o.wanted_on FROM orders o WHERE o.id = e.order_id)) AS first,
               (SELECT min((r.payload->>'resumed_on')::date) FROM events r WHERE r.service_id = e.service_id
                 AND r.kind = 'LineResumed' AND r.recorded_at > e.recorded_at) AS until
        FROM events e WHERE e.kind = 'LineSuspended')
"""
_SOURCES = """
    (SELECT string_agg(q.source, ', ' ORDER BY q.number) FROM charges q
     WHERE q.service_id = c.service_id AND q.period && daterange(c.first, c.until))
"""
_DOUBLED = sql(
    _COVER,
    "SELECT s.code AS key, c.first, c.until - 1 AS last, c.times, ",
    _SOURCES,
    """ AS sources FROM cover c JOIN services s ON s.id = c.service_id WHERE c.times > 1 AND c.until IS NOT NULL
""",
)
_GIVEN_TWICE = sql(
    _COVER,
    "SELECT s.code AS key, c.first, c.until - 1 AS last, ",
    _SOURCES,
    """ AS sources FROM cover c JOIN services s ON s.id = c.service_id WHERE c.times < 0 AND c.until IS NOT NULL
""",
)
#: Days without a charge count from the first charge on: one that was never made is another finding. On those on which
#: the line was suspended there is none, and should be none.
_MISSING = sql(
    _COVER,
    """
    SELECT s.code AS key, c.first, least(coalesce(c.until, :today), :today, s.ended_on + 1) - 1 AS last
    FROM cover c JOIN services s ON s.id = c.service_id
    WHERE c.times = 0 AND s.state IN ('active', 'terminated') AND s.id NOT IN (SELECT service_id FROM settling)
      AND c.first < least(coalesce(c.until, :today), :today, s.ended_on + 1)
      AND NOT EXISTS (SELECT 1 FROM shut h WHERE h.service_id = c.service_id AND h.first <= c.first
                       AND (h.until IS NULL OR h.until >= least(coalesce(c.until, :today), :today, s.ended_on + 1)))
""",
)
_AFTER_END = sql(
    _COVER,
    """
    SELECT s.code AS key, s.ended_on, greatest(c.first, s.ended_on + 1) AS first, c.until - 1 AS last
    FROM cover c JOIN services s ON s.id = c.service_id
    WHERE c.times > 0 AND s.state = 'terminated' AND c.until > s.ended_on + 1
      AND s.id NOT IN (SELECT service_id FROM settling)
""",
)
_NO_SERVICE = """
    SELECT c.source AS key, c.amount, c.amount_currency AS currency FROM charges c
    WHERE NOT EXISTS (SELECT 1 FROM services s WHERE s.id = c.service_id)
"""

CHECKS = (
    Check(
        _K.DOUBLED,
        "charge",
        _DOUBLED,
        "{first} to {last} is charged {times} times ({sources}).",
        "Reverse the charge that is one too many.",
    ),
    Check(
        _K.DOUBLED,
        "credit",
        _GIVEN_TWICE,
        "{first} to {last} was given back without having been charged, or twice ({sources}).",
        "Reverse the credit that is one too many.",
    ),
    Check(
        _K.LOST,
        "charge",
        _MISSING,
        "{first} to {last} is not charged.",
        "Is the schedule running? `isp doctor` tells; it catches up months of services in use. Charge others by hand.",
    ),
    Check(
        _K.LEAKED,
        "charge",
        _AFTER_END,
        "{first} to {last} is charged, but the service ended on {ended_on}.",
        "Credit these days.",
    ),
    Check(
        _K.LEAKED,
        "charge",
        _NO_SERVICE,
        "{amount} {currency} is charged for a service that does not exist.",
        "Reverse it.",
    ),
)


def values() -> dict[str, object]:
    """What the questions refer to."""
    return {"reversal": REVERSAL, "given_back": "%:unused:%"}


def look_at_charges(look: Look, into: Gathered) -> None:
    """Every charge and credit."""
    began = time.monotonic()
    run_checks(look, CHECKS, into)
    counted(look, "charges", "charges", into, began)
