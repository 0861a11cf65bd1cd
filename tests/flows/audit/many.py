"""Any number of invented lines with all that belongs to them, written by the database itself: for damage and for scale.

256 PON ports of 128 ONTs make an OLT. Each line has a customer, premises, an order, a service in use, an address,
thirteen months of charges, four events with their eight deliveries, every step of these, and three e-mails. Service
``S-000001`` is the first.
"""

from __future__ import annotations

import json
from datetime import date

import sqlalchemy as sa

from isp_lifecycle.bootstrap import outlines
from isp_lifecycle.events.outlines import keep
from isp_lifecycle.events.subscriptions import SUBSCRIPTIONS
from isp_lifecycle.foundation.terms import VERSION

EVENTS = ("OrderPlaced", "ActivationRequested", "VisitBooked", "LineActivated")
TERMS = {
    "version": VERSION,
    "plan_code": "home-500",
    "plan_name": "Home 500",
    "down_kbps": 512000,
    "up_kbps": 102400,
    "price": "40",
    "currency": "EUR",
    "address_policy": "dynamic",
    "vlan": 100,
}

_STATEMENTS = (
    "SET LOCAL synchronous_commit TO off",
    """
    CREATE TEMPORARY TABLE invented ON COMMIT DROP AS
    SELECT i, lpad(i::text, 6, '0') AS number, gen_random_uuid() AS service, gen_random_uuid() AS customer,
           gen_random_uuid() AS house, gen_random_uuid() AS placed, (i - 1) / 32768 AS olt,
           (i - 1) / 128 % 256 AS port, (i - 1) % 128 AS ont
    FROM generate_series(1, CAST(:count AS integer)) AS i
    """,
    "UPDATE subscription_starts SET since = '2001-01-01'",
    """
    INSERT INTO customers (id, code, name, email, phone, created_at)
    SELECT customer, 'C-' || number, 'Customer ' || i, 'c' || i || '@example.org', '', :at FROM invented
    """,
    """
    INSERT INTO premises (id, code, area, street, number, postcode, city, latitude, longitude)
    SELECT house, 'P-' || number, 'north', 'Long Road', i::text, '', 'Town', 0, 0 FROM invented
    """,
    """
    INSERT INTO orders (id, code, kind, state, customer_id, premises_id, service_id, terms, channel, note,
                        submitted_at, decided_at, closed_at)
    SELECT placed, 'O-' || number, 'new_line', 'completed', customer, house, service,
           CAST(:terms AS jsonb), 'portal', '', :at, :at, :at FROM invented
    """,
    """
    INSERT INTO services (id, code, customer_id, premises_id, order_id, state, terms, opened_at, active_on)
    SELECT service, 'S-' || number, customer, house, placed, 'active', CAST(:terms AS jsonb), :at, :since FROM invented
    """,
    """
    INSERT INTO olts (id, name, vendor, model, area, host, port, credentials, uplink, added_at)
    SELECT gen_random_uuid(), 'OLT-' || olt, 'huawei', 'MA5800-X17', 'north', '127.0.0.1', 1, 'default', '0/9/0', :at
    FROM (SELECT DISTINCT olt FROM invented) x
    """,
    """
    INSERT INTO pon_ports (id, olt_id, port, tx_dbm, launch)
    SELECT gen_random_uuid(), o.id, '0/' || p / 16 + 1 || '/' || p % 16, 5, 'recorded'
    FROM olts o, generate_series(0, 255) p
    """,
    "INSERT INTO vlans (olt, number, purpose, reserved_at) SELECT name, 100, 'internet', :at FROM olts",
    """
    INSERT INTO lines (service_id, olt_id, pon_port, ont_id, serial, vlan, service_port, down_kbps, up_kbps,
                       expected_rx_dbm, built_at, source)
    SELECT n.service, o.id, '0/' || n.port / 16 + 1 || '/' || n.port % 16, n.ont,
           '48575443' || upper(lpad(to_hex(n.i), 8, '0')), 100, n.i, 512000, 102400, -18, :at, 'activation'
    FROM invented n JOIN olts o ON o.name = 'OLT-' || n.olt
    """,
    """
    INSERT INTO pools (id, name, policy, prefix, excluded, size)
    VALUES (gen_random_uuid(), 'wide', 'dynamic', '10.0.0.0/9', '{}', (1 << 23) - 2)
    """,
    """
    INSERT INTO free_extents (pool_id, first, last) SELECT id, CAST(:count AS integer) + 1, (1 << 23) - 2 FROM pools
    """,
    """
    INSERT INTO allocations (id, pool_id, prefix, owner, state, reserved_at)
    SELECT gen_random_uuid(), p.id, set_masklen('10.0.0.0'::inet + n.i, 32)::cidr, n.service, 'assigned', :at
    FROM invented n, pools p
    """,
    """
    INSERT INTO charges (id, customer_id, service_id, kind, source, period, amount, amount_currency, description,
                         created_at)
    SELECT gen_random_uuid(), n.customer, n.service, 'recurring',
           CASE m WHEN 0 THEN 'activation:' || n.service
                  ELSE 'month:' || n.service || ':' || to_char(d.day, 'YYYY-MM') END,
           daterange(d.day, (d.day + interval '1 month')::date), 40, 'EUR', 'Home 500', :at
    FROM invented n, generate_series(0, 12) m
    CROSS JOIN LATERAL (SELECT (CAST(:since AS date) + m * interval '1 month')::date AS day) d
    """,
    """
    INSERT INTO events (id, kind, version, payload, service_id, order_id, customer_id, trace, actor, recorded_at)
    SELECT gen_random_uuid(), k, 1, '{}', CASE k WHEN 'OrderPlaced' THEN NULL ELSE n.service END, n.placed, n.customer,
           n.placed, 'test', :at FROM invented n, unnest(CAST(:kinds AS text[])) k
    """,
    """
    INSERT INTO deliveries (id, event_id, subscriber, queue, state, due_at, service_id, trace, position, outline_id,
                            "case", created_at, finished_at)
    SELECT gen_random_uuid(), e.id, h.subscriber, h.queue, 'done', :at, e.service_id, e.trace,
           h.steps, h.outline,
           CASE h.subscriber WHEN 'mail' THEN '{"subject": "Your line", "to": "c@example.org"}'::jsonb END, :at, :at
    FROM events e
    JOIN jsonb_to_recordset(CAST(:heard AS jsonb)) AS h(kind text, subscriber text, queue text, outline uuid, steps int)
      ON h.kind = e.kind
    """,
    """
    INSERT INTO step_runs (id, delivery_id, position, name, direction, attempt, state, started_at, finished_at)
    SELECT gen_random_uuid(), d.id, o.place - 1, o.step->>'name', 'forward', 1, 'done', :at, :at
    FROM deliveries d JOIN outlines l ON l.id = d.outline_id,
         jsonb_array_elements(l.steps) WITH ORDINALITY AS o(step, place)
    """,
    """
    INSERT INTO emails (id, key, "to", subject, body_text, body_html, message_id, created_at, sent_at)
    SELECT gen_random_uuid(), 'delivery:' || d.id, 'c@example.org', 'Your line', '', '', '<' || d.id || '@isp>',
           :at, :at
    FROM deliveries d WHERE d.subscriber = 'mail'
    """,
)


def invent(tx: sa.Connection, *, count: int, today: date) -> None:
    """Write so many, in use since the first day of the month a year ago."""
    steps = outlines()
    heard = [
        {
            "kind": s.hears.__name__,
            "subscriber": s.subscriber,
            "queue": str(s.queue),
            "outline": str(keep(tx=tx, steps=steps[s.subscriber])),
            "steps": len(steps[s.subscriber]),
        }
        for s in SUBSCRIPTIONS
    ]
    values = {
        "count": count,
        "at": "2026-01-01T00:00:00+00:00",
        "since": today.replace(year=today.year - 1, day=1).isoformat(),
        "terms": json.dumps(TERMS),
        "kinds": list(EVENTS),
        "heard": json.dumps(heard),
    }
    for statement in _STATEMENTS:
        question = sa.text(statement)
        tx.execute(question, {name: values[name] for name in question.compile().params})
