"""Events and their deliveries: each event reaches everyone who hears it, and nothing unfinished is without an owner."""

from __future__ import annotations

import time

from isp_lifecycle.events.subscriptions import SUBSCRIPTIONS
from isp_lifecycle.views.audit.check import Check, Gathered, Look, ask, counted, run_checks, sql
from isp_lifecycle.views.audit.model import FindingKind, Note

_K = FindingKind

#: What every subscriber hears, and since when this installation has had that subscription.
_HEARD = """
    WITH heard AS (
        SELECT h.kind, h.subscriber, b.since
        FROM unnest(CAST(:heard_kinds AS text[]), CAST(:heard_subscribers AS text[])) AS h(kind, subscriber)
        LEFT JOIN subscription_starts b ON b.event_kind = h.kind AND b.subscriber = h.subscriber),
    missing AS (
        SELECT e.id, e.kind, e.recorded_at, e.order_id, e.service_id, h.subscriber, h.since
        FROM events e JOIN heard h ON h.kind = e.kind
        WHERE NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.event_id = e.id AND d.subscriber = h.subscriber))
"""
_UNHEARD = sql(
    _HEARD,
    """
    SELECT m.id AS key, m.kind, m.subscriber, to_char(m.recorded_at, 'YYYY-MM-DD HH24:MI') AS at,
           concat_ws(', ', 'order ' || o.code, 'service ' || s.code) AS whose
    FROM missing m LEFT JOIN orders o ON o.id = m.order_id LEFT JOIN services s ON s.id = m.service_id
    WHERE m.since <= m.recorded_at ORDER BY m.recorded_at
""",
)
_OLDER = sql(
    _HEARD,
    """
    SELECT m.kind, m.subscriber, count(*) AS n FROM missing m
    WHERE m.since IS NULL OR m.since > m.recorded_at GROUP BY m.kind, m.subscriber ORDER BY 1, 2
""",
)

#: Of each step of each delivery: when it was last done and when it was last taken back (or had to be kept).
_WALKED = """
    WITH walked AS (
        SELECT r.delivery_id, r.position, min(r.name) AS name,
               max(r.started_at) FILTER (WHERE r.state = 'done') AS done_at,
               max(r.started_at) FILTER (WHERE r.state IN ('undone', 'kept')) AS back_at
        FROM step_runs r GROUP BY r.delivery_id, r.position),
    standing AS (
        SELECT w.delivery_id, w.position, w.name FROM walked w
        WHERE w.done_at IS NOT NULL AND (w.back_at IS NULL OR w.back_at < w.done_at))
"""
_STEPS_MISSING = sql(
    _WALKED,
    """
    , bad AS (
        SELECT d.id, d.subscriber, l.steps FROM deliveries d
        LEFT JOIN outlines l ON l.id = d.outline_id
        LEFT JOIN (SELECT delivery_id, count(*) AS n FROM standing GROUP BY delivery_id) c ON c.delivery_id = d.id
        WHERE d.state = 'done' AND (l.id IS NULL OR coalesce(c.n, 0) < jsonb_array_length(l.steps)))
    SELECT bad.id AS key, bad.subscriber,
           coalesce(string_agg(o.step->>'name', ', ' ORDER BY o.place) FILTER (WHERE t.delivery_id IS NULL),
                    'all of them, for it has no outline') AS steps
    FROM bad LEFT JOIN LATERAL jsonb_array_elements(bad.steps) WITH ORDINALITY AS o(step, place) ON true
    LEFT JOIN standing t ON t.delivery_id = bad.id AND t.position = o.place - 1
    GROUP BY bad.id, bad.subscriber
""",
)
_NOT_TAKEN_BACK = sql(
    _WALKED,
    """
    SELECT d.id AS key, d.subscriber, string_agg(t.name, ', ' ORDER BY t.position) AS steps
    FROM deliveries d JOIN standing t ON t.delivery_id = d.id WHERE d.state = 'cancelled' GROUP BY d.id, d.subscriber
""",
)
_DELIVERED_TWICE = """
    SELECT d.event_id AS key, d.subscriber, count(*) AS n FROM deliveries d
    GROUP BY d.event_id, d.subscriber HAVING count(*) > 1
"""
_FAILED_ALONE = """
    SELECT d.id AS key, d.subscriber, coalesce(d.failure->>'step', '?') AS step FROM deliveries d
    WHERE d.state = 'failed'
      AND NOT EXISTS (SELECT 1 FROM incidents i WHERE i.delivery_id = d.id AND i.closed_at IS NULL)
"""
_FAILED_SETTLED = """
    SELECT d.id AS key, d.subscriber, i.code AS incident, coalesce(t.code || ' is ' || t.state, 'is missing') AS ticket
    FROM deliveries d JOIN incidents i ON i.delivery_id = d.id AND i.closed_at IS NULL
    LEFT JOIN tickets t ON t.incident_id = i.id
    WHERE d.state = 'failed' AND (t.id IS NULL OR t.state IN ('resolved', 'closed', 'cancelled'))
"""
_WAITS_ALONE = """
    SELECT d.id AS key, d.subscriber,
           concat_ws(' and ', CASE WHEN d.deadline_at IS NULL THEN 'no deadline' END,
                     CASE WHEN t.delivery_id IS NULL THEN 'no open task' END) AS without
    FROM deliveries d
    LEFT JOIN (SELECT DISTINCT delivery_id FROM tasks WHERE state = 'open') t ON t.delivery_id = d.id
    WHERE d.state = 'waiting' AND (d.deadline_at IS NULL OR t.delivery_id IS NULL)
"""
#: Owners are found once in a while, so that what is new may have none yet.
_NAMES_NOBODY = """
    SELECT d.id AS key, d.subscriber, d.state, 'ticket ' || t.code AS what FROM deliveries d
    JOIN incidents i ON i.delivery_id = d.id AND i.closed_at IS NULL JOIN tickets t ON t.incident_id = i.id
    WHERE d.state = 'failed' AND t.assignee IS NULL AND t.opened_at < :told_by
      AND t.state NOT IN ('resolved', 'closed', 'cancelled', 'duplicate')
    UNION ALL
    SELECT d.id, d.subscriber, d.state, 'task “' || min(t.title) || '”' FROM deliveries d
    JOIN tasks t ON t.delivery_id = d.id AND t.state = 'open'
    WHERE d.state = 'waiting' GROUP BY d.id HAVING count(t.assignee) = 0 AND min(t.created_at) < :told_by
"""
_OVERDUE = """
    SELECT d.id AS key, d.subscriber, to_char(d.deadline_at, 'YYYY-MM-DD HH24:MI') AS deadline FROM deliveries d
    WHERE d.state = 'waiting' AND d.deadline_at < :told_by AND d.escalated_at IS NULL
"""
_EXPIRED = """
    SELECT d.id AS key, d.subscriber, coalesce(d.worker, '?') AS worker,
           round(extract(epoch FROM :now - d.lease_until)) AS seconds
    FROM deliveries d WHERE d.state = 'running' AND d.lease_until < :swept_by
"""
#: In order: a pause by a person, a turn that somebody has, an earlier delivery that is not over, a backlog that workers
#: work off. What none of these accounts for stands still for a reason that somebody must look at.
_STUCK = """
    WITH alive AS (
        SELECT count(*) FILTER (WHERE kind = 'relay') AS relays, count(*) FILTER (WHERE kind = 'worker') AS workers
        FROM process_beats WHERE seen_at > :alive_since),
    paused AS (SELECT key FROM holds WHERE since <= :now AND (until IS NULL OR until > :now))
    SELECT d.id AS key, d.subscriber, d.state, round(extract(epoch FROM :now - d.due_at) / 60) AS minutes,
           CASE WHEN d.blocked_on IS NOT NULL THEN 'it stands in line for ' || d.blocked_on || ', which nobody holds'
                WHEN alive.relays = 0 THEN 'no relay lives'
                WHEN alive.workers = 0 THEN 'no worker lives'
                ELSE 'relay and workers live, and none takes it' END AS reason
    FROM deliveries d CROSS JOIN alive
    WHERE d.state IN ('queued', 'scheduled') AND d.due_at < :worked_by
      AND NOT EXISTS (SELECT 1 FROM paused p WHERE p.key IN ('engine', d.blocked_on))
      AND NOT EXISTS (SELECT 1 FROM turns t WHERE t.key = d.blocked_on AND t.until >= :now)
      AND NOT EXISTS (SELECT 1 FROM deliveries o WHERE d.blocked_on = 'after:' || o.id::text
                       AND o.state NOT IN ('done', 'cancelled'))
      AND NOT (d.blocked_on IS NULL AND d.state = 'queued' AND EXISTS (
            SELECT 1 FROM deliveries r WHERE r.queue = d.queue AND r.state = 'running' AND r.lease_until >= :now))
"""
_BACKLOG = """
    SELECT d.queue, count(*) AS n, round(extract(epoch FROM :now - min(d.due_at)) / 60) AS minutes FROM deliveries d
    WHERE d.state = 'queued' AND d.blocked_on IS NULL AND d.due_at < :worked_by AND EXISTS (
        SELECT 1 FROM deliveries r WHERE r.queue = d.queue AND r.state = 'running' AND r.lease_until >= :now)
    GROUP BY d.queue
"""
_PAUSED = """
    SELECT h.key, h.held_by, h.reason FROM holds h WHERE h.since <= :now AND (h.until IS NULL OR h.until > :now)
"""
_UNKNOWN = """
    SELECT d.id AS key, d.subscriber, d.state FROM deliveries d
    WHERE d.state NOT IN ('done', 'cancelled') AND d.subscriber <> ALL (CAST(:heard_subscribers AS text[]))
"""
_INCIDENT_LEFT = """
    SELECT i.code AS key, d.id AS delivery, d.state FROM incidents i JOIN deliveries d ON d.id = i.delivery_id
    WHERE i.closed_at IS NULL AND d.state IN ('done', 'cancelled')
"""
_TASK_LEFT = """
    SELECT t.id AS key, t.title, d.id AS delivery, d.state FROM tasks t JOIN deliveries d ON d.id = t.delivery_id
    WHERE t.state = 'open' AND d.state IN ('done', 'cancelled')
"""
_VISIT_LEFT = """
    SELECT v.code AS key, v.state AS visit, d.id AS delivery, d.state
    FROM visits v JOIN deliveries d ON d.id = v.delivery_id
    WHERE v.state IN ('booked', 'started') AND d.state IN ('done', 'cancelled')
"""
_RETRY = "Open it on the support page and press Retry or Cancel."

CHECKS = (
    Check(
        _K.LOST,
        "event",
        _UNHEARD,
        "{kind} of {at} UTC ({whose}) has no delivery to {subscriber}.",
        "Do by hand what {subscriber} would have done, and find out who removed the delivery: one is written with each "
        "event.",
    ),
    Check(
        _K.LOST,
        "delivery",
        _STEPS_MISSING,
        "This {subscriber} is done, but these steps are not recorded as done: {steps}.",
        "Look whether their effect is there; the other findings of the same service tell.",
    ),
    Check(
        _K.LEAKED,
        "delivery",
        _NOT_TAKEN_BACK,
        "This {subscriber} is cancelled, but these steps were not taken back: {steps}.",
        "Take back what stands of them; the other findings of the same service tell.",
    ),
    Check(
        _K.DOUBLED,
        "event",
        _DELIVERED_TWICE,
        "It has {n} deliveries to {subscriber}, each of which acts.",
        "Look at what they did, take back what is double, and put the constraint of deliveries back.",
    ),
    Check(
        _K.UNOWNED,
        "delivery",
        _FAILED_ALONE,
        "This {subscriber} failed at “{step}” and has no open incident, so nobody is told of it.",
        _RETRY,
    ),
    Check(
        _K.UNOWNED,
        "delivery",
        _FAILED_SETTLED,
        "This {subscriber} stands failed, but of its incident {incident} the ticket {ticket}.",
        _RETRY,
    ),
    Check(
        _K.UNOWNED,
        "delivery",
        _WAITS_ALONE,
        "This {subscriber} waits for a person with {without}.",
        "Give somebody the task, or cancel the delivery on the support page.",
    ),
    Check(
        _K.UNOWNED,
        "delivery",
        _NAMES_NOBODY,
        "This {subscriber} is {state}, and its {what} names nobody.",
        "Is anybody of that role on duty, and does the schedule run? Give it to somebody: Reassign, on the queue page.",
    ),
    Check(
        _K.UNOWNED,
        "delivery",
        _OVERDUE,
        "This {subscriber} waits for a person since its deadline of {deadline} UTC, and nobody was told.",
        "Is the schedule running? `isp doctor` tells; then call whoever has the task.",
    ),
    Check(
        _K.UNOWNED,
        "delivery",
        _EXPIRED,
        "This {subscriber} is marked running by {worker}, whose lease ended {seconds} s ago; no relay took it over.",
        "Start a relay: `isp doctor` says whether one lives.",
    ),
    Check(
        _K.UNOWNED,
        "delivery",
        _STUCK,
        "This {subscriber} is {state} and was due {minutes} minutes ago: {reason}.",
        "Run `isp doctor`; start the relay and the workers, or more workers if all are busy.",
    ),
    Check(
        _K.UNOWNED,
        "delivery",
        _UNKNOWN,
        "It is {state} for {subscriber}, a subscriber that this version does not have.",
        "Run the version that has it, or cancel the delivery on the support page.",
    ),
    Check(
        _K.LEAKED,
        "incident",
        _INCIDENT_LEFT,
        "It is open for delivery {delivery}, which is {state}.",
        "Close its ticket with what came of it.",
    ),
    Check(
        _K.LEAKED,
        "task",
        _TASK_LEFT,
        "“{title}” is open for delivery {delivery}, which is {state}.",
        "Close the task: nothing waits for it.",
    ),
    Check(
        _K.LEAKED,
        "visit",
        _VISIT_LEFT,
        "It is {visit} for delivery {delivery}, which is {state}.",
        "Call the visit off: the engineer's time is kept for nothing.",
    ),
)


def values() -> dict[str, object]:
    """What the questions refer to: each subscription, as two lists of the same length."""
    return {
        "heard_kinds": [s.hears.__name__ for s in SUBSCRIPTIONS],
        "heard_subscribers": [s.subscriber for s in SUBSCRIPTIONS],
    }


def look_at_events(look: Look, into: Gathered) -> None:
    """Every event, delivery and step."""
    began = time.monotonic()
    run_checks(look, CHECKS, into)
    for row in ask(look, _OLDER):
        into.notes.append(
            Note("event", f"{row.n} {row.kind} are older than the subscription of {row.subscriber}, which got none.")
        )
    for row in ask(look, _BACKLOG):
        into.notes.append(
            Note("delivery", f"{row.n} of {row.queue} wait for a worker, for up to {row.minutes} minutes.")
        )
    for row in ask(look, _PAUSED):
        into.notes.append(Note("delivery", f"{row.key} is paused by {row.held_by}: {row.reason}"))
    counted(look, "events", "events", into, began)
    counted(look, "deliveries", "deliveries", into, began)
