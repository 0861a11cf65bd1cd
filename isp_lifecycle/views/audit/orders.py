"""Orders against the services that they are about, and the work that should be going on for them."""

from __future__ import annotations

import time

from isp_lifecycle.views.audit.check import Check, Gathered, Look, counted, run_checks
from isp_lifecycle.views.audit.model import FindingKind

_K = FindingKind

_NEVER_PLACED = """
    SELECT o.code AS key, o.kind FROM orders o
    WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.order_id = o.id AND e.kind = 'OrderPlaced')
"""
_NOBODY_WORKS = """
    SELECT o.code AS key, o.kind, o.state FROM orders o
    WHERE o.state IN ('confirmed', 'in_progress', 'failed')
      AND NOT EXISTS (SELECT 1 FROM events e JOIN deliveries d ON d.event_id = e.id
                      WHERE e.order_id = o.id AND d.queue = 'network' AND d.state NOT IN ('done', 'cancelled'))
"""
#: Which states of a service an order may have brought about, or not have brought about yet.
_STATES_DISAGREE = """
    SELECT o.code AS key, o.kind, o.state, coalesce(s.code, 'nothing') AS service,
           coalesce(s.state, 'missing') AS found
    FROM orders o
    LEFT JOIN services s ON s.id = coalesce(o.service_id, (SELECT i.id FROM services i WHERE i.order_id = o.id))
    WHERE (o.state = 'completed' AND o.kind = 'new_line'
             AND coalesce(s.state, 'missing') NOT IN ('active', 'suspended', 'terminated'))
       OR (o.state = 'completed' AND o.kind = 'termination' AND coalesce(s.state, 'missing') <> 'terminated')
       OR (o.state IN ('confirmed', 'in_progress', 'failed') AND o.kind = 'new_line'
             AND coalesce(s.state, 'missing') <> 'pending')
"""
_CANCELLED_STANDS = """
    SELECT o.code AS key, o.state, s.code AS service, s.state AS found FROM orders o
    JOIN services s ON s.id = o.service_id OR s.order_id = o.id
    WHERE o.kind = 'new_line' AND o.state IN ('cancelled', 'rejected') AND s.state <> 'terminated'
"""
_TERMS_DISAGREE = """
    SELECT o.code AS key, s.code AS service, s.terms->>'plan_code' AS has, o.terms->>'plan_code' AS ordered
    FROM services s JOIN LATERAL (
        SELECT q.code, q.terms FROM orders q
        WHERE q.service_id = s.id AND q.state = 'completed' AND q.kind IN ('new_line', 'plan_change')
        ORDER BY q.closed_at DESC, q.id DESC LIMIT 1) o ON true
    WHERE s.state IN ('active', 'suspended') AND s.terms->>'plan_code' <> o.terms->>'plan_code'
"""
_CHANGE_UNTOLD = """
    SELECT o.code AS key FROM orders o WHERE o.kind = 'plan_change' AND o.state = 'completed'
      AND NOT EXISTS (SELECT 1 FROM events e WHERE e.order_id = o.id AND e.kind = 'PlanChanged')
"""
_CHANGE_TOLD_TWICE = """
    SELECT coalesce(o.code, e.order_id::text) AS key, count(*) AS n
    FROM events e LEFT JOIN orders o ON o.id = e.order_id
    WHERE e.kind = 'PlanChanged' GROUP BY e.order_id, o.code HAVING count(*) > 1
"""

CHECKS = (
    Check(
        _K.LOST,
        "order",
        _NEVER_PLACED,
        "This {kind} order exists, but no OrderPlaced was ever recorded: CRM and customer were not told.",
        "Tell them by hand.",
    ),
    Check(
        _K.LOST,
        "order",
        _NOBODY_WORKS,
        "This {kind} order is {state}, and no delivery works on it.",
        "Cancel the order and place it again.",
    ),
    Check(
        _K.LOST,
        "order",
        _STATES_DISAGREE,
        "This {kind} order is {state}, but its service {service} is {found}.",
        "Find out what happened on the order's timeline, and set the one right that is wrong.",
    ),
    Check(
        _K.LEAKED,
        "service",
        _CANCELLED_STANDS.replace("o.code AS key", "s.code AS key, o.code AS order_code"),
        "It is {found}, but its order {order_code} was {state}.",
        "End the service: nobody ordered it.",
    ),
    Check(
        _K.LOST,
        "order",
        _TERMS_DISAGREE,
        "It agreed plan {ordered} for {service} and is completed, but the service is on {has}.",
        "Ask for a plan change to {ordered}.",
    ),
    Check(
        _K.LOST,
        "order",
        _CHANGE_UNTOLD,
        "This plan change is completed, but no PlanChanged was recorded: billing, CRM and customer were not told.",
        "Settle the charges and tell them by hand.",
    ),
    Check(
        _K.DOUBLED,
        "order",
        _CHANGE_TOLD_TWICE,
        "PlanChanged was recorded {n} times for it.",
        "Look at the charges of its service, and credit what was charged twice.",
    ),
)


def look_at_orders(look: Look, into: Gathered) -> None:
    """Every order."""
    began = time.monotonic()
    run_checks(look, CHECKS, into)
    counted(look, "orders", "orders", into, began)
