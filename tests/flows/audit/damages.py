"""Damage that somebody, or a fault, could do to one invented line each, and what the audit must say of it.

In the SQL, ``:s`` is the service's id, ``:d`` that of one of its deliveries, ``:e`` that of the delivery's event,
``:month`` the first day of a month that is over, ``:this_month_end`` the last of the present one. What is said is a
kind, what it is about, a key and words of the text; key and words may name these in braces, and ``code`` and ``order``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Damage:
    """``of`` is the event and subscriber of the delivery meant; ``constraint`` must go before it can be done."""

    sql: str
    says: tuple[tuple[str, str, str, str], ...]
    of: str = "ActivationRequested/activation"
    constraint: str = ""


def one(kind: str, about: str, key: str, words: str) -> tuple[tuple[str, str, str, str], ...]:
    return ((kind, about, key, words),)


UNFINISHED = "UPDATE deliveries SET state = '{}', finished_at = NULL {} WHERE id = :d"

#: An incident of the delivery and its ticket: number, state, since when.
TICKETED = """; INSERT INTO incidents (id, code, delivery_id, step, attempt, kind, what, remedy, changed, occurrences,
                           opened_at, last_at)
    VALUES (:d, 'I-{0}', :d, 'Tell the CRM', 1, 'refused', '', '', '[]', 1, now(), now());
    INSERT INTO tickets (id, code, incident_id, subject, severity, state, opened_by, opened_at)
    VALUES (:d, 'T-{0}', :d, '', 'major', '{1}', 'engine', {2})"""

TAKEN = (
    "INSERT INTO allocations (id, pool_id, prefix, owner, state, reserved_at, until) "
    "SELECT gen_random_uuid(), id, '{}', {}, '{}', now(), now() - interval '1 day' FROM pools"
)

CHARGED = (
    "INSERT INTO charges (id, customer_id, service_id, kind, source, period, amount, amount_currency, description, "
    "created_at) SELECT gen_random_uuid(), customer_id, service_id, {}, {} || source, period, {}, amount_currency, '', "
    "created_at FROM charges WHERE service_id = :s AND lower(period) = :month AND source LIKE 'month%'"
)

DAMAGES = {
    "event without a delivery": Damage(
        "DELETE FROM step_runs WHERE delivery_id = :d; DELETE FROM emails WHERE key = 'delivery:' || :d; "
        "DELETE FROM deliveries WHERE id = :d",
        one("lost", "event", "{e}", "has no delivery to mail"),
        "LineActivated/mail",
    ),
    "done without its steps": Damage(
        "DELETE FROM step_runs WHERE delivery_id = :d AND position = 5",
        one("lost", "delivery", "{d}", "not recorded as done: Configure OLT and ONT"),
    ),
    "done, then taken back": Damage(
        "UPDATE step_runs SET state = 'undone', started_at = started_at + interval '1 minute' "
        "WHERE delivery_id = :d AND position = 9",
        one("lost", "delivery", "{d}", "Record what was built"),
    ),
    "cancelled without being undone": Damage(
        "UPDATE deliveries SET state = 'cancelled' WHERE id = :d",
        one("leaked", "delivery", "{d}", "were not taken back: Tell the CRM"),
        "LineActivated/crm",
    ),
    "failed without an incident": Damage(
        UNFINISHED.format("failed", ""), one("unowned", "delivery", "{d}", "no open incident"), "LineActivated/crm"
    ),
    "failed, its ticket resolved": Damage(
        UNFINISHED.format("failed", "") + TICKETED.format(1, "resolved", "now()"),
        one("unowned", "delivery", "{d}", "T-1 is resolved"),
        "LineActivated/crm",
    ),
    "failed, its ticket with nobody": Damage(
        UNFINISHED.format("failed", "") + TICKETED.format(9, "acknowledged", "now() - interval '1 hour'"),
        one("unowned", "delivery", "{d}", "its ticket T-9 names nobody"),
        "LineActivated/crm",
    ),
    "waits, its task with nobody": Damage(
        UNFINISHED.format("waiting", ", deadline_at = now() + interval '1 day'")
        + "; INSERT INTO tasks (id, kind, title, detail, delivery_id, role, state, created_at) "
        "VALUES (:d, 'x', 'Look', '', :d, 'support', 'open', now() - interval '1 hour')",
        one("unowned", "delivery", "{d}", "its task “Look” names nobody"),
        "LineActivated/crm",
    ),
    "waits for nobody": Damage(
        UNFINISHED.format("waiting", ""),
        one("unowned", "delivery", "{d}", "no deadline and no open task"),
        "LineActivated/crm",
    ),
    "waits past its deadline, nobody was told": Damage(
        UNFINISHED.format("waiting", ", deadline_at = now() - interval '1 day'")
        + "; INSERT INTO tasks (id, kind, title, detail, delivery_id, role, state, created_at) "
        "VALUES (:d, 'x', 'x', '', :d, 'support', 'open', now())",
        one("unowned", "delivery", "{d}", "nobody was told"),
        "LineActivated/crm",
    ),
    "running under a lease that ended": Damage(
        UNFINISHED.format("running", ", worker = 'w1', lease_until = now() - interval '10 minutes'"),
        one("unowned", "delivery", "{d}", "by w1, whose lease ended 60"),
        "LineActivated/crm",
    ),
    "queued with nobody working": Damage(
        UNFINISHED.format("queued", ", due_at = now() - interval '1 hour'"),
        one("unowned", "delivery", "{d}", "was due 60 minutes ago: no relay lives"),
        "LineActivated/crm",
    ),
    "in line for a turn that nobody holds": Damage(
        UNFINISHED.format("queued", ", due_at = now() - interval '1 hour', blocked_on = 'olt:X'"),
        one("unowned", "delivery", "{d}", "in line for olt:X, which nobody holds"),
        "LineActivated/crm",
    ),
    "behind one that is over": Damage(
        UNFINISHED.format("queued", ", due_at = now() - interval '1 hour', blocked_on = 'after\\:' || event_id"),
        one("unowned", "delivery", "{d}", "in line for after:{e}, which nobody holds"),
        "LineActivated/crm",
    ),
    "behind one that is not over": Damage(
        UNFINISHED.format("queued", ", due_at = now() - interval '1 hour', blocked_on = 'after\\:' || :other"),
        (),
        "LineActivated/crm",
    ),
    "in line for a turn that somebody has": Damage(
        UNFINISHED.format("queued", ", due_at = now() - interval '1 hour', blocked_on = 'olt\\:Y'")
        + "; INSERT INTO turns (key, delivery_id, token, until) VALUES ('olt\\:Y', :s, 1, now() + interval '9 s')",
        (),
        "LineActivated/crm",
    ),
    "paused by a person": Damage(
        UNFINISHED.format("queued", ", due_at = now() - interval '1 hour', blocked_on = 'subscriber\\:crm'")
        + "; INSERT INTO holds (id, key, reason, held_by, since, created_at) "
        "VALUES (:s, 'subscriber\\:crm', 'CRM moves house', 'nuala', now() - interval '1 hour', now())",
        (),
        "LineActivated/crm",
    ),
    "queued where workers are busy": Damage(
        UNFINISHED.format("queued", ", due_at = now() - interval '1 hour', queue = 'reports'")
        + "; UPDATE deliveries SET state = 'running', lease_until = now() + interval '1 hour', worker = 'w2', "
        "queue = 'reports' WHERE service_id = :s AND id <> :d AND subscriber = 'crm'",
        (),
        "LineActivated/crm",
    ),
    "due and never taken up": Damage(
        UNFINISHED.format("scheduled", ", due_at = now() - interval '1 hour'"),
        one("unowned", "delivery", "{d}", "is scheduled and was due"),
        "LineActivated/crm",
    ),
    "of an unknown subscriber": Damage(
        UNFINISHED.format("queued", ", due_at = now(), subscriber = 'fax'"),
        (
            ("unowned", "delivery", "{d}", "for fax, a subscriber that this version does not have"),
            ("lost", "event", "{e}", "has no delivery to crm"),
        ),
        "LineActivated/crm",
    ),
    "incident left open": Damage(
        "INSERT INTO incidents (id, code, delivery_id, step, attempt, kind, what, remedy, changed, occurrences, "
        "opened_at, last_at) VALUES (:d, 'I-2', :d, 'x', 1, 'refused', '', '', '[]', 1, now(), now())",
        one("leaked", "incident", "I-2", "which is done"),
    ),
    "task left open": Damage(
        "INSERT INTO tasks (id, kind, title, detail, delivery_id, role, state, created_at) "
        "VALUES (:d, 'x', 'Fit it', '', :d, 'installer', 'open', now())",
        one("leaked", "task", "{d}", "“Fit it” is open"),
    ),
    "visit left booked": Damage(
        "INSERT INTO visits (id, code, service_id, order_id, delivery_id, during, state, address, instructions, "
        "created_at) VALUES (:d, 'V-1', :s, :s, :d, '[2026-01-01,2026-01-02)', 'booked', '', '', now())",
        one("leaked", "visit", "V-1", "It is booked"),
    ),
    "in use without a line": Damage(
        "DELETE FROM lines WHERE service_id = :s", one("lost", "service", "{code}", "holds no line")
    ),
    "in use without an address": Damage(
        "UPDATE allocations SET state = 'quarantined', until = now() + interval '1 day' WHERE owner = :s",
        one("lost", "service", "{code}", "it holds no address"),
    ),
    "in use with an address that is only reserved": Damage(
        "UPDATE allocations SET state = 'reserved' WHERE owner = :s",
        one("lost", "service", "{code}", "is only reserved"),
    ),
    "in use without the IPv6 prefix of its terms": Damage(
        'UPDATE services SET terms = terms || \'{"ipv6_policy": "pd56"}\' WHERE id = :s',
        one("lost", "service", "{code}", "is to have an IPv6 prefix (pd56), but it holds none"),
    ),
    "never charged": Damage(
        "DELETE FROM charges WHERE service_id = :s", one("lost", "service", "{code}", "was never charged")
    ),
    "line with other rates": Damage(
        "UPDATE lines SET down_kbps = 1000 WHERE service_id = :s",
        one("lost", "line", "{code}", "recorded with 1000/102400"),
    ),
    "VLAN that nobody noted": Damage(
        "UPDATE lines SET vlan = 200 WHERE service_id = :s; "
        "UPDATE services SET terms = jsonb_set(terms, '{vlan}', '200') WHERE id = :s",
        one("lost", "line", "{code}", "VLAN 200 on OLT-0"),
    ),
    "pending with nobody working": Damage(
        "UPDATE services SET state = 'pending', active_on = NULL, order_id = NULL WHERE id = :s; "
        "DELETE FROM orders WHERE service_id = :s; DELETE FROM charges WHERE service_id = :s",
        one("lost", "service", "{code}", "no activation works on it"),
    ),
    "in use and nobody told": Damage(
        "UPDATE events SET kind = 'Forgotten' WHERE id = :e",
        one("lost", "service", "{code}", "no LineActivated was ever recorded"),
        "LineActivated/billing.start",
    ),
    "told twice": Damage(
        "UPDATE events SET kind = 'LineActivated' WHERE id = :e",
        (
            ("doubled", "service", "{code}", "LineActivated was recorded 2 times"),
            ("lost", "event", "{e}", "has no delivery to billing.start"),
        ),
        "VisitBooked/crm",
    ),
    "ended with its line and address": Damage(
        "UPDATE services SET state = 'terminated', ended_on = :this_month_end WHERE id = :s; "
        "INSERT INTO events (id, kind, version, payload, service_id, trace, actor, recorded_at) "
        "VALUES (:s, 'LineTerminated', 1, '{}', :s, :s, '', '2000-01-01')",
        (
            ("leaked", "line", "{code}", "still on record at OLT-0"),
            ("leaked", "address", "{code}", "is still assigned"),
        ),
    ),
    "order that never was told of": Damage(
        "UPDATE events SET kind = 'Forgotten' WHERE id = :e",
        one("lost", "order", "{order}", "no OrderPlaced"),
        "OrderPlaced/crm",
    ),
    "order without work": Damage(
        "UPDATE orders SET state = 'in_progress', closed_at = NULL WHERE service_id = :s",
        (
            ("lost", "order", "{order}", "no delivery works on it"),
            ("lost", "order", "{order}", "its service {code} is active"),
        ),
    ),
    "cancelled order with a service": Damage(
        "UPDATE orders SET state = 'cancelled' WHERE service_id = :s",
        one("leaked", "service", "{code}", "its order {order} was cancelled"),
    ),
    "ended order with a service in use": Damage(
        "UPDATE orders SET kind = 'termination' WHERE service_id = :s",
        one("lost", "order", "{order}", "but its service {code} is active"),
    ),
    "order of another plan": Damage(
        "UPDATE orders SET terms = jsonb_set(terms, '{plan_code}', '\"home-100\"') WHERE service_id = :s",
        one("lost", "order", "{order}", "but the service is on home-500"),
    ),
    "plan change that nobody heard of": Damage(
        "UPDATE orders SET kind = 'plan_change' WHERE service_id = :s",
        one("lost", "order", "{order}", "no PlanChanged"),
    ),
    "plan change told twice": Damage(
        "INSERT INTO events (id, kind, version, payload, order_id, trace, actor, recorded_at) "
        "SELECT gen_random_uuid(), 'PlanChanged', 1, '{}', order_id, :s, '', '2000-01-01' "
        "FROM services, generate_series(1, 2) WHERE id = :s",
        one("doubled", "order", "{order}", "PlanChanged was recorded 2 times"),
    ),
    "address of no service": Damage(
        TAKEN.format("10.64.0.1", ":d", "assigned"),
        (
            ("leaked", "address", "10.64.0.1/32", "which is no service"),
            ("doubled", "address", "10.64.0.1/32", "pool wide counts it as free as well"),
        ),
    ),
    "address held twice": Damage(
        "UPDATE allocations SET prefix = '10.0.0.1/32' WHERE owner = :s",
        one("doubled", "address", "10.0.0.1/32", "the same addresses twice"),
        constraint="ALTER TABLE allocations DROP CONSTRAINT ex_allocations_prefix",
    ),
    "two addresses": Damage(
        TAKEN.format("10.66.0.1", ":s", "assigned"),
        (
            ("doubled", "service", "{code}", " and 10.66.0.1/32"),
            ("doubled", "address", "10.66.0.1/32", "counts it as free as well"),
        ),
        constraint="DROP INDEX uq_allocations_owner",
    ),
    "address that rested too long": Damage(
        TAKEN.format("10.65.0.1", ":d", "quarantined"),
        (
            ("leaked", "address", "10.65.0.1/32", "was not given back"),
            ("doubled", "address", "10.65.0.1/32", "counts it as free as well"),
        ),
    ),
    "address that was held too long": Damage(
        TAKEN.format("10.67.0.1", ":d", "reserved"),
        (
            ("leaked", "address", "10.67.0.1/32", "which is no service"),
            ("leaked", "address", "10.67.0.1/32", "was not given back to its pool"),
            ("doubled", "address", "10.67.0.1/32", "counts it as free as well"),
        ),
    ),
    "addresses that nobody can get": Damage(
        "UPDATE free_extents SET first = first + 9", one("leaked", "pool", "wide", "are neither")
    ),
    "charged twice": Damage(
        CHARGED.format("kind", "'again:'", "amount"),
        one("doubled", "charge", "{code}", "{month} to {month_end} is charged 2 times (month:{s}"),
    ),
    "given back twice": Damage(
        "; ".join(CHARGED.format("'credit'", f"'change:{n}\\:unused\\:'", "-amount") for n in (1, 2)),
        one("doubled", "credit", "{code}", "{month} to {month_end} was given back"),
    ),
    "reversed and charged anew": Damage(
        CHARGED.format("'credit'", "'reversal:'", "-amount") + "; " + CHARGED.format("kind", "'anew:'", "amount"), ()
    ),
    "month that was not charged": Damage(
        "DELETE FROM charges WHERE service_id = :s AND lower(period) = :month",
        one("lost", "charge", "{code}", "{month} to {month_end} is not charged"),
    ),
    "charged after the end": Damage(
        "UPDATE services SET state = 'terminated', ended_on = CAST(:month AS date) + 9 WHERE id = :s; "
        "DELETE FROM lines WHERE service_id = :s; "
        "UPDATE allocations SET state = 'quarantined', until = now() + interval '1 day' WHERE owner = :s; "
        "DELETE FROM charges WHERE service_id = :s AND lower(period) > :month; "
        "INSERT INTO events (id, kind, version, payload, service_id, trace, actor, recorded_at) "
        "VALUES (:s, 'LineTerminated', 1, '{}', :s, :s, '', '2000-01-01')",
        one("leaked", "charge", "{code}", "to {month_end} is charged, but the service ended on {month_10}"),
    ),
    "charge of no service": Damage(
        "INSERT INTO charges (id, customer_id, service_id, kind, source, period, amount, amount_currency, description, "
        "created_at) VALUES (:d, :d, :d, 'one_off', 'fee:lost', '[2026-01-01,2026-01-02)', 5, 'EUR', '', now())",
        one("leaked", "charge", "fee:lost", "service that does not exist"),
    ),
    "e-mail that was never written": Damage(
        "DELETE FROM emails WHERE key = 'delivery:' || :d",
        one("lost", "e-mail", "{d}", "was never written"),
        "LineActivated/mail",
    ),
    "e-mail that was never accepted": Damage(
        "UPDATE emails SET sent_at = NULL WHERE key = 'delivery:' || :d",
        one("lost", "e-mail", "{d}", "was not accepted"),
        "LineActivated/mail",
    ),
    "one event delivered twice": Damage(
        "INSERT INTO deliveries (id, event_id, subscriber, queue, state, due_at, trace, outline_id, created_at) "
        "SELECT :s, event_id, subscriber, queue, state, due_at, trace, :s, created_at FROM deliveries WHERE id = :d; "
        'INSERT INTO emails (id, key, "to", subject, body_text, body_html, message_id, created_at, sent_at) '
        "VALUES (:s, 'delivery:' || :s, 'x@example.org', 'Again', '', '', '<again>', now(), now())",
        (
            ("lost", "delivery", "{s}", "all of them, for it has no outline"),
            ("doubled", "event", "{e}", "It has 2 deliveries to mail"),
            ("doubled", "e-mail", "{e}", "2 e-mails were written about this LineActivated"),
        ),
        "LineActivated/mail",
        constraint="ALTER TABLE deliveries DROP CONSTRAINT uq_deliveries_event_id_subscriber",
    ),
    "e-mail of no delivery": Damage(
        'INSERT INTO emails (id, key, "to", subject, body_text, body_html, message_id, created_at) '
        "VALUES (:s, 'delivery:' || :s, 'x@example.org', 'Stray', '', '', '<stray>', now())",
        one("leaked", "e-mail", "delivery:{s}", "“Stray” to x@example.org"),
    ),
}
