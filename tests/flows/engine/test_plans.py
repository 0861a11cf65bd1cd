"""What a claim or a step reads does not grow with the backlog, whatever the planner was last told about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from isp_lifecycle.events import claims, deliveries
from isp_lifecycle.foundation.ids import new_id

#: Deliveries of so many services' own events, in one state.
_MANY = """
    WITH made AS (
        INSERT INTO events (id, kind, version, payload, trace, actor, recorded_at)
        SELECT id, 'ProbeSent', 1, '{}', id, 'test', now()
        FROM (SELECT uuidv7() AS id FROM generate_series(1, :n)) AS ids
        RETURNING id)
    INSERT INTO deliveries (id, event_id, subscriber, queue, state, due_at, service_id, trace, created_at)
    SELECT uuidv7(), id, 'probe', 'office', :state, now(), uuidv7(), id, now() FROM made
"""


def test_claim_after_a_quiet_hour_reads_what_it_takes_and_no_backlog(engine: sa.Engine) -> None:
    now = datetime.now(UTC)
    values = {"queue": "office", "quick": ["probe"], "many": 4, "worker": "w", "now": now, "until": now + timedelta(1)}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text(_MANY), {"n": 5000, "state": "done"})
        connection.exec_driver_sql("VACUUM ANALYZE deliveries")
        connection.execute(sa.text(_MANY), {"n": 400, "state": "queued"})
        plan = connection.exec_driver_sql("EXPLAIN (ANALYZE, FORMAT JSON) " + claims._NEXT, values).scalar_one()
        own = {"delivery": new_id(), "token": 1}
        guarded = f"EXPLAIN (FORMAT JSON) UPDATE deliveries SET position = 2 WHERE {deliveries._OWN}"
        step = connection.exec_driver_sql(guarded, own).scalar_one()
    wasted = {node["Index Name"]: n for node in _nodes(plan[0]["Plan"]) if (n := _thrown_away(node)) > 10}
    assert wasted == {}
    assert [node["Index Name"] for node in _nodes(step[0]["Plan"]) if "Index Name" in node] == ["pk_deliveries"]


def _nodes(node: dict[str, Any]) -> list[dict[str, Any]]:
    return [node, *(deeper for child in node.get("Plans", ()) for deeper in _nodes(child))]


def _thrown_away(node: dict[str, Any]) -> float:
    """Rows that an index gave and a filter refused, of all rounds together."""
    return float(node.get("Rows Removed by Filter", 0) * node.get("Actual Loops", 0)) if "Index Name" in node else 0.0
