"""The tables of the event engine: events, deliveries, steps, turns, holds, and the beats of its processes."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from isp_lifecycle.events.model import DeliveryState, Direction
from isp_lifecycle.foundation import db
from isp_lifecycle.foundation.changes import tells, tells_when
from isp_lifecycle.foundation.reach import (
    ACCOUNT_OF_LINK,
    CUSTOMER_WHO_ASKS,
    NAME_FORGOTTEN,
    Answer,
    portal_adds,
    portal_changes,
    portal_is_answered,
    portal_reads,
)

#: The channel on which a commit with new work wakes the relay (PostgreSQL LISTEN/NOTIFY).
CHANNEL = "isp_deliveries"

_OVER = "'done', 'cancelled'"

events = sa.Table(
    "events",
    db.metadata,
    db.id_column(),
    db.text("kind", index=True),
    sa.Column("version", sa.SmallInteger(), nullable=False),
    db.jsonb("payload"),
    db.id_ref("service_id", nullable=True, index=True),
    db.id_ref("order_id", nullable=True, index=True),
    db.id_ref("customer_id", nullable=True, index=True),
    db.id_ref("trace", index=True),
    db.text("actor"),
    db.instant("recorded_at", index=True),
)

deliveries = sa.Table(
    "deliveries",
    db.metadata,
    db.id_column(),
    sa.Column("event_id", sa.ForeignKey("events.id"), nullable=False),
    db.text("subscriber"),
    db.text("queue"),
    db.text("state"),
    sa.Column("direction", sa.Text(), nullable=False, server_default=Direction.FORWARD),
    sa.Column("undo_to", sa.SmallInteger(), nullable=False, server_default="0"),
    sa.Column("priority", sa.SmallInteger(), nullable=False, server_default="5"),
    db.instant("due_at"),
    # What it stands in line for, as a key of `events.lines`; None: ready for any worker of its queue.
    db.text("blocked_on", nullable=True),
    db.id_ref("service_id", nullable=True, index=True),
    db.id_ref("trace", index=True),
    sa.Column("position", sa.SmallInteger(), nullable=False, server_default="0"),
    sa.Column("attempt", sa.SmallInteger(), nullable=False, server_default="1"),
    # Set when it is first begun; a reference without a constraint, because rows of `outlines` are never removed.
    db.id_ref("outline_id", nullable=True),
    db.jsonb("case", nullable=True),
    db.jsonb("answer", nullable=True),
    db.jsonb("failure", nullable=True),
    db.instant("deadline_at", nullable=True),
    db.instant("escalated_at", nullable=True),
    sa.Column("lease_token", sa.BigInteger(), nullable=False, server_default="0"),
    db.instant("lease_until", nullable=True),
    db.text("worker", nullable=True),
    sa.Column("takeovers", sa.SmallInteger(), nullable=False, server_default="0"),
    db.instant("created_at"),
    db.instant("finished_at", nullable=True),
    sa.UniqueConstraint("event_id", "subscriber"),
    sa.CheckConstraint("state IN ('" + "','".join(DeliveryState) + "')", name="state_known"),
    sa.CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name="running_has_lease"),
    # The next one for a worker of a queue: no entry in here is passed over, however much is scheduled or in line.
    sa.Index(
        "ix_deliveries_ready",
        "queue",
        "priority",
        "due_at",
        "id",
        postgresql_where=sa.text("state = 'queued' AND blocked_on IS NULL"),
    ),
    sa.Index("ix_deliveries_due", "due_at", postgresql_where=sa.text("state = 'scheduled'")),
    sa.Index(
        "ix_deliveries_running",
        "lease_until",
        postgresql_where=sa.text("state = 'running' AND lease_until IS NOT NULL"),
    ),
    sa.Index(
        "ix_deliveries_in_line",
        "blocked_on",
        "priority",
        "due_at",
        "id",
        postgresql_where=sa.text("blocked_on IS NOT NULL"),
    ),
    # These conditions, and that of what runs, name their own column, so that only a question for that column can use
    # the index. Statistics of a quiet hour say that nothing is open or runs, and the planner would read such an index,
    # with all its dead entries, from end to end for any question at all, rather than the primary key.
    sa.Index(
        "ix_deliveries_open_service",
        "service_id",
        postgresql_where=sa.text(f"state NOT IN ({_OVER}) AND service_id IS NOT NULL"),
    ),
    sa.Index(
        "ix_deliveries_open_trace", "trace", postgresql_where=sa.text(f"state NOT IN ({_OVER}) AND trace IS NOT NULL")
    ),
    sa.Index("ix_deliveries_taken_over", "takeovers", postgresql_where=sa.text("takeovers > 0")),
    sa.Index("ix_deliveries_attention", "state", postgresql_where=sa.text("state IN ('failed', 'waiting')")),
    # Each row is updated with every step: room on its page keeps these updates out of the indexes (HOT).
    postgresql_with={"fillfactor": 60, "autovacuum_vacuum_scale_factor": 0.02},
)
tells_when(
    deliveries,
    "attention",
    column="state",
    changed="(NEW.state IN ('failed', 'waiting')) <> (OLD.state IN ('failed', 'waiting'))"
    " OR (NEW.failure IS NULL) <> (OLD.failure IS NULL)",
)

#: The steps of a workflow as they were when a delivery began, one row for all that began alike.
outlines = sa.Table("outlines", db.metadata, db.id_column(), db.jsonb("steps"))

#: Written at every step: one index, and no foreign key, since it is only written together with its delivery's row.
#: Ids are made in the order of time, as rows are, so that a summary of each few pages leads to those of the last hour.
step_runs = sa.Table(
    "step_runs",
    db.metadata,
    sa.Column("delivery_id", pg.UUID(as_uuid=True), primary_key=True),
    db.id_column(),
    sa.Column("position", sa.SmallInteger(), nullable=False),
    db.text("name"),
    db.text("direction"),
    sa.Column("attempt", sa.SmallInteger(), nullable=False),
    db.text("state"),
    db.instant("started_at"),
    db.instant("finished_at", nullable=True),
    sa.Column("device_seconds", sa.Double(), nullable=False, server_default="0"),
    sa.Column("says", sa.Text(), nullable=False, server_default=""),
    db.jsonb("failure", nullable=True),
    db.text("transcript", nullable=True),
    # When the transcript was dropped by policy (`events.evidence`).
    db.instant("forgotten_at", nullable=True),
    sa.Index("ix_step_runs_evidence", "finished_at", postgresql_where=sa.text("transcript IS NOT NULL")),
    sa.Index(
        "ix_step_runs_lately",
        "id",
        postgresql_using="brin",
        postgresql_with={"pages_per_range": 32, "autosummarize": True},
    ),
)

#: Who may act alone on something now: ``service:<id>``, ``olt:<name>``. A row whose time is over is free.
turns = sa.Table(
    "turns",
    db.metadata,
    sa.Column("key", sa.Text(), primary_key=True),
    sa.Column("delivery_id", pg.UUID(as_uuid=True), nullable=False, index=True),
    sa.Column("token", sa.BigInteger(), nullable=False),
    db.instant("until"),
)

#: What people have paused: the whole engine, one subscriber, one OLT (a maintenance window). See `events.holds`.
holds = sa.Table(
    "holds",
    db.metadata,
    db.id_column(),
    db.text("key", index=True),
    db.text("reason"),
    db.text("held_by"),
    db.instant("since"),
    db.instant("until", nullable=True),
    db.instant("created_at"),
    sa.CheckConstraint("until > since", name="ends_after_it_begins"),
)
tells(holds, "holds")

#: The last sign of life of each process of the engine (relay, workers); read by `isp doctor`.
process_beats = sa.Table(
    "process_beats",
    db.metadata,
    sa.Column("name", sa.Text(), primary_key=True),
    db.text("kind"),
    db.instant("started_at"),
    db.instant("seen_at"),
    # How far, in seconds, the process's clock is ahead of the database's.
    sa.Column("clock_ahead", sa.Double(), nullable=False, server_default="0"),
)

#: Since when this installation has each subscription: an event that is older has no delivery for it, rightly.
subscription_starts = sa.Table(
    "subscription_starts",
    db.metadata,
    sa.Column("event_kind", sa.Text(), primary_key=True),
    sa.Column("subscriber", sa.Text(), primary_key=True),
    db.instant("since"),
)


# --- the portal's reach ---------------------------------------------------------------------------------------------

#: An hour's e-mails about one customer's account that the portal may cause, whatever its form allows
#: (``links.asked_per_account``, under user name and under address).
_MAILS_AN_HOUR = 20
portal_is_answered(
    db.metadata,
    Answer(
        name="portal_few_mails",
        arguments="account uuid",
        returns="boolean",
        body=f"""
        BEGIN
            RETURN EXISTS (SELECT FROM users u WHERE u.id = account AND u.role = 'customer' AND u.active)
                AND {_MAILS_AN_HOUR} > (
                    SELECT count(*) FROM events e WHERE e.kind IN ('PasswordLinkAsked', 'AccountChanged')
                    AND e.recorded_at > now() - interval '1 hour' AND e.payload->>'user_id' = account::text);
        END
        """,
        volatile=True,
    ),
)
# An e-mail goes to the account's own address alone: a link for a forgotten password to whoever was asked for, a notice
# to whoever has set theirs. Nothing in it is the portal's own words.
_ABOUT_ACCOUNT = f"""
    service_id IS NULL AND order_id IS NULL AND customer_id IS NULL
    AND recorded_at BETWEEN now() - interval '10 minutes' AND now() + interval '10 minutes'
    AND EXISTS (SELECT FROM users u WHERE u.id = (payload->>'user_id')::uuid AND u.id::text = payload->>'user_id')
    AND portal_few_mails((payload->>'user_id')::uuid)
    AND CASE WHEN kind = 'PasswordLinkAsked'
        THEN {NAME_FORGOTTEN} IS NOT NULL
             AND payload = jsonb_build_object('user_id', payload->'user_id', 'purpose', 'reset')
        ELSE ({CUSTOMER_WHO_ASKS} IS NOT NULL OR {ACCOUNT_OF_LINK} IS NOT NULL)
             AND payload = jsonb_build_object('user_id', payload->'user_id', 'address', payload->'address', 'what',
                 CASE WHEN {CUSTOMER_WHO_ASKS} IS NULL THEN 'password_by_link' ELSE 'password' END)
             AND payload->>'address' ~ '^[0-9A-Za-z.:%_-]{{0,64}}$' END
"""
portal_reads(events, rows=f"customer_id = {CUSTOMER_WHO_ASKS}")
# Workflows read the payload, so that it must name what the columns name. A customer opens no line that was shut for
# another reason than their own wish.
portal_adds(
    events,
    rows=f"""
    CASE WHEN kind IN ('PasswordLinkAsked', 'AccountChanged') THEN {_ABOUT_ACCOUNT}
    ELSE payload->>'customer_id' IS NOT DISTINCT FROM customer_id::text
    AND payload->>'order_id' IS NOT DISTINCT FROM order_id::text
    AND payload->>'service_id' IS NOT DISTINCT FROM service_id::text
    AND CASE WHEN {CUSTOMER_WHO_ASKS} IS NULL
        THEN kind = 'OrderPlaced' AND service_id IS NULL AND portal_placed_now(order_id, customer_id)
        ELSE customer_id = {CUSTOMER_WHO_ASKS} AND EXISTS (SELECT FROM orders o WHERE o.id = events.order_id)
             AND CASE WHEN kind = 'OrderPlaced' THEN service_id IS NULL
                 ELSE kind IN ('PlanChangeRequested', 'TerminationRequested', 'SuspensionRequested',
                               'ResumptionRequested', 'OrderWithdrawn')
                      AND EXISTS (SELECT FROM services s WHERE s.id = events.service_id
                                  AND (events.kind <> 'ResumptionRequested' OR s.suspended_for = 'customer_wish')) END
        END
    END
    """,
)
portal_is_answered(
    db.metadata,
    Answer(
        name="portal_hears_now",
        arguments="event uuid, subscriber text, service uuid",
        returns="boolean",
        body="""
        BEGIN
            RETURN EXISTS (
                SELECT FROM events e JOIN subscription_starts s ON s.event_kind = e.kind
                WHERE e.id = portal_hears_now.event AND s.subscriber = portal_hears_now.subscriber
                  AND e.service_id IS NOT DISTINCT FROM portal_hears_now.service
                  AND age(e.xmin) <= age(pg_current_xact_id()::xid));
        END
        """,
        volatile=True,
    ),
)
_OF_OWN_EVENT = "EXISTS (SELECT FROM events e WHERE e.id = deliveries.event_id)"
portal_reads(
    deliveries,
    rows=_OF_OWN_EVENT,
    columns=["id", "event_id", "subscriber", "queue", "state", "direction", "due_at", "service_id", "failure", "trace"],
)
# A delivery is for a subscriber of an event that was recorded in this very transaction.
portal_adds(
    deliveries,
    rows="state IN ('scheduled', 'queued') AND portal_hears_now(event_id, subscriber, service_id)",
    columns=[
        "id",
        "event_id",
        "subscriber",
        "queue",
        "state",
        "priority",
        "due_at",
        "service_id",
        "trace",
        "created_at",
    ],
)
# What has not begun can be taken back, and nothing else be done with it.
portal_changes(
    deliveries,
    rows=f"{_OF_OWN_EVENT} AND queue = 'network' AND state = 'scheduled' AND failure IS NULL",
    becomes="state = 'queued' AND direction = 'backward' AND undo_to = -1 AND coalesce(answer, 'null') = 'null'",
    columns=[
        "state",
        "direction",
        "undo_to",
        "attempt",
        "takeovers",
        "answer",
        "due_at",
        "blocked_on",
        "deadline_at",
    ],
)
portal_reads(
    step_runs,
    rows="EXISTS (SELECT FROM deliveries d WHERE d.id = step_runs.delivery_id)",
    columns=[
        "delivery_id",
        "id",
        "name",
        "state",
        "started_at",
        "finished_at",
        "device_seconds",
        "says",
        "failure",
    ],
)
