"""Services: one in use has its line, address, first charge and announcements; one that has ended holds nothing."""

from __future__ import annotations

import time

from isp_lifecycle.views.audit.check import Check, Gathered, Look, counted, run_checks, sql
from isp_lifecycle.views.audit.model import FindingKind

_K = FindingKind

#: Services on which a workflow of the network is at work or has stopped; what they hold is in its hands.
IN_HANDS = """
    SELECT DISTINCT d.service_id FROM deliveries d
    WHERE d.queue = 'network' AND d.state NOT IN ('done', 'cancelled') AND d.service_id IS NOT NULL
"""
_NO_LINE = """
    SELECT s.code AS key, s.state FROM services s
    WHERE s.state IN ('active', 'suspended') AND NOT EXISTS (SELECT 1 FROM lines l WHERE l.service_id = s.id)
"""
_NO_ADDRESS = """
    SELECT s.code AS key, s.state, coalesce(a.prefix::text || ' is only reserved', 'it holds no address') AS held
    FROM services s LEFT JOIN allocations a ON a.owner = s.id AND a.state = 'reserved' AND family(a.prefix) = 4
    WHERE s.state IN ('active', 'suspended') AND NOT EXISTS (
        SELECT 1 FROM allocations u WHERE u.owner = s.id AND u.state = 'assigned' AND family(u.prefix) = 4)
"""
_NO_PREFIX = """
    SELECT s.code AS key, s.state, s.terms->>'ipv6_policy' AS policy,
           coalesce(a.prefix::text || ' is only reserved', 'it holds none') AS held
    FROM services s LEFT JOIN allocations a ON a.owner = s.id AND a.state = 'reserved' AND family(a.prefix) = 6
    WHERE s.state IN ('active', 'suspended') AND s.terms->>'ipv6_policy' IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM allocations u WHERE u.owner = s.id AND u.state = 'assigned' AND family(u.prefix) = 6)
"""
_NO_CHARGE = """
    SELECT s.code AS key, s.active_on FROM services s
    WHERE s.state IN ('active', 'suspended')
      AND NOT EXISTS (SELECT 1 FROM charges c WHERE c.service_id = s.id AND c.kind IN ('recurring', 'prorated'))
      AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.service_id = s.id AND d.subscriber = 'billing.start'
                       AND d.state NOT IN ('done', 'cancelled'))
"""
_LINE_DIFFERS = """
    SELECT s.code AS key, l.down_kbps AS down, l.up_kbps AS up, l.vlan,
           s.terms->>'down_kbps' AS agreed_down, s.terms->>'up_kbps' AS agreed_up, s.terms->>'vlan' AS agreed_vlan
    FROM services s JOIN lines l ON l.service_id = s.id
    WHERE s.state = 'active' AND (l.down_kbps, l.up_kbps, l.vlan::integer) IS DISTINCT FROM
          ((s.terms->>'down_kbps')::integer, (s.terms->>'up_kbps')::integer, (s.terms->>'vlan')::integer)
"""
_VLAN_UNNOTED = """
    SELECT s.code AS key, o.name AS olt, l.vlan FROM lines l JOIN olts o ON o.id = l.olt_id
    JOIN services s ON s.id = l.service_id
    WHERE NOT EXISTS (SELECT 1 FROM vlans v WHERE v.olt = o.name AND v.number = l.vlan)
"""
_PENDING_ALONE = sql(
    """
    SELECT s.code AS key, to_char(s.opened_at, 'YYYY-MM-DD HH24:MI') AS opened FROM services s
    WHERE s.state = 'pending' AND s.id NOT IN (""",
    IN_HANDS,
    ")",
)
_NEVER_TOLD = """
    SELECT s.code AS key, w.event, w.became FROM services s
    CROSS JOIN LATERAL (VALUES
        ('LineActivated', 'in use', s.order_id IS NOT NULL AND s.active_on IS NOT NULL),
        ('LineTerminated', 'ended', s.state = 'terminated' AND s.active_on IS NOT NULL)) AS w(event, became, wanted)
    WHERE w.wanted AND NOT EXISTS (SELECT 1 FROM events e WHERE e.service_id = s.id AND e.kind = w.event)
"""
_TOLD_TWICE = """
    SELECT coalesce(s.code, e.service_id::text) AS key, e.kind, count(*) AS n FROM events e
    LEFT JOIN services s ON s.id = e.service_id
    WHERE e.kind IN ('LineActivated', 'LineTerminated')
    GROUP BY e.service_id, s.code, e.kind HAVING count(*) > 1
"""
_LINE_LEFT = """
    SELECT s.code AS key, s.ended_on, o.name AS olt, l.pon_port AS port, l.ont_id AS ont
    FROM services s JOIN lines l ON l.service_id = s.id JOIN olts o ON o.id = l.olt_id WHERE s.state = 'terminated'
"""
_ADDRESS_LEFT = """
    SELECT s.code AS key, s.ended_on, a.prefix, a.state FROM services s
    JOIN allocations a ON a.owner = s.id AND a.state IN ('reserved', 'assigned') WHERE s.state = 'terminated'
"""

CHECKS = (
    Check(
        _K.LOST,
        "service",
        _NO_LINE,
        "It is {state}, but the inventory holds no line for it.",
        "Have the network engineer find the ONT by this code and record the line.",
    ),
    Check(
        _K.LOST,
        "service",
        _NO_ADDRESS,
        "It is {state}, but {held}.",
        "Look at which address its router uses and put that on record.",
    ),
    Check(
        _K.LOST,
        "service",
        _NO_PREFIX,
        "It is {state} and is to have an IPv6 prefix ({policy}), but {held}.",
        "Change its address to IPv6 none, then to the prefix that it is to have.",
    ),
    Check(
        _K.LOST,
        "service",
        _NO_CHARGE,
        "It is in use since {active_on} and was never charged.",
        "Charge it from that day; see whether its delivery “First charge” was done.",
    ),
    Check(
        _K.LOST,
        "line",
        _LINE_DIFFERS,
        "It is recorded with {down}/{up} kbit/s on VLAN {vlan}, agreed are {agreed_down}/{agreed_up} on {agreed_vlan}.",
        "Find out which is right; a plan change to the agreed plan sets record and OLT right.",
    ),
    Check(
        _K.LOST,
        "line",
        _VLAN_UNNOTED,
        "It uses VLAN {vlan} on {olt}, which is not noted as in use there.",
        "Note the VLAN for this OLT, so that nobody gives it to another purpose.",
    ),
    Check(
        _K.LOST,
        "service",
        _PENDING_ALONE,
        "It is pending since {opened} UTC, and no activation works on it.",
        "Find its order: ask for the activation again, or cancel the order.",
    ),
    Check(
        _K.LOST,
        "service",
        _NEVER_TOLD,
        "It is {became}, but no {event} was ever recorded: billing, CRM and customer were not told.",
        "Tell the customer and the CRM, and settle the charges by hand.",
    ),
    Check(
        _K.DOUBLED,
        "service",
        _TOLD_TWICE,
        "{kind} was recorded {n} times: everybody who hears it acted as often.",
        "Look at its charges and messages, and credit what was charged twice.",
    ),
    Check(
        _K.LEAKED,
        "line",
        _LINE_LEFT,
        "The service ended on {ended_on}, but its line is still on record at {olt} {port} ONT {ont}.",
        "See what stands on the OLT, remove it, and take the line out of the inventory.",
    ),
    Check(
        _K.LEAKED,
        "address",
        _ADDRESS_LEFT,
        "The service ended on {ended_on}, but {prefix} is still {state} for it.",
        "Release the address: nobody else can get it.",
    ),
)


def look_at_services(look: Look, into: Gathered) -> None:
    """Every service against its line, address, charges and events."""
    began = time.monotonic()
    run_checks(look, CHECKS, into)
    counted(look, "services", "services", into, began)
    counted(look, "lines", "lines", into, began)
