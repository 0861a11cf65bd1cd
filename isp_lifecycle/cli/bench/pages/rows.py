"""A provider's size of rows: customers with their services and orders, events with their deliveries, tickets."""

from __future__ import annotations

from typing import LiteralString

from isp_lifecycle.cli.bench.engine.works import Works

#: Every so many customers have an order that is under way, and a ticket.
OPEN_EVERY, TICKET_EVERY = 200, 20

_ROWS: tuple[LiteralString, ...] = (
    """
    INSERT INTO customers (id, code, name, email, phone, created_at)
    SELECT uuidv7(), 'C-9' || lpad(n::text, 7, '0'),
           (ARRAY['Aoife','Brian','Ciara','Declan','Emeka','Farah','Grainne','Hana','Ivo','Jelena','Kofi'])[1 + n %% 11]
           || ' ' || (ARRAY['Kelly','Byrne','Nolan','Horvat','Quinn','Eze','Silva','Walsh'])[1 + n %% 8] || ' ' || n,
           'c' || n || '@big.example', '+353 20 ' || n, now()
    FROM generate_series(1, %(customers)s) n
    """,
    """
    INSERT INTO premises (id, code, area, street, number, postcode, city, latitude, longitude)
    SELECT uuidv7(), 'P-9' || lpad(n::text, 7, '0'), 'Area ' || n %% 40, 'Street ' || n / 60, (n %% 60 + 1)::text,
           'K' || n %% 900, 'Kilmorran', 53, -6
    FROM generate_series(1, %(customers)s) n
    """,
    "ANALYZE customers, premises",  # or the planner takes both for as small as they were
    """
    INSERT INTO orders (id, code, kind, state, customer_id, premises_id, terms, channel, note, submitted_at, closed_at)
    SELECT uuidv7(), 'O-9' || lpad(n::text, 7, '0'), 'new_line',
           CASE WHEN n %% %(open)s = 0 THEN 'confirmed' ELSE 'completed' END, c.id, p.id, t.terms, 'portal', '',
           now() - make_interval(mins => n), CASE WHEN n %% %(open)s = 0 THEN NULL ELSE now() END
    FROM generate_series(1, %(customers)s) n
    JOIN customers c ON c.code = 'C-9' || lpad(n::text, 7, '0')
    JOIN premises p ON p.code = 'P-9' || lpad(n::text, 7, '0')
    CROSS JOIN (SELECT terms FROM services ORDER BY code LIMIT 1) t
    """,
    """
    INSERT INTO services (id, code, customer_id, premises_id, order_id, state, terms, opened_at, active_on)
    SELECT uuidv7(), 'S' || substr(o.code, 2), o.customer_id, o.premises_id, o.id,
           CASE WHEN o.state = 'completed' THEN 'active' ELSE 'pending' END, o.terms, o.submitted_at,
           CASE WHEN o.state = 'completed' THEN current_date - 10 END
    FROM orders o WHERE o.code LIKE 'O-9%%'
    """,
    "ANALYZE orders, services",
    """
    INSERT INTO tickets (id, code, customer_id, service_id, subject, severity, state, opened_by, opened_at)
    SELECT uuidv7(), 'T-9' || substr(s.code, 4), s.customer_id, s.id, 'The line of ' || s.code || ' is slow', 'minor',
           CASE WHEN s.code LIKE '%%00' THEN 'acknowledged' ELSE 'closed' END, 'bench', now() - interval '1 day'
    FROM services s WHERE s.code LIKE 'S-9%%' AND substr(s.code, 4)::int %% %(ticket)s = 0
    """,
    """
    INSERT INTO events (id, kind, version, payload, service_id, order_id, customer_id, trace, actor, recorded_at)
    SELECT uuidv7(), 'LineActivated', 1, '{}'::jsonb, s.id, s.order_id, s.customer_id, uuidv7(), 'bench',
           now() - make_interval(secs => turn * 3000 + 60)
    FROM (SELECT * FROM services WHERE code LIKE 'S-9%%') s, generate_series(1, %(each)s) turn
    """,
    """
    INSERT INTO deliveries (id, event_id, subscriber, queue, state, due_at, service_id, trace, created_at, finished_at)
    SELECT uuidv7(), e.id, 'crm', 'office', 'done', e.recorded_at, e.service_id, e.trace, e.recorded_at,
           e.recorded_at + interval '1 second'
    FROM events e WHERE e.actor = 'bench'
    """,
    "VACUUM ANALYZE",
)


def fill(works: Works, *, customers: int, events: int) -> None:
    """Write them, in bulk, and settle the server; the sample town stands there already."""
    each = max(1, events // customers)
    for statement in _ROWS:
        values = {"customers": customers, "open": OPEN_EVERY, "ticket": TICKET_EVERY, "each": each}
        works.sql.execute(statement, values)
    works.sql.execute("CHECKPOINT")
