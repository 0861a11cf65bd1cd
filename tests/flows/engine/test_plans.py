"""What a claim or a step reads does not grow with the backlog, whatever the planner was last told about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from isp_lifecycle.access.model import SYSTEM
from isp_lifecycle.events import claims, deliveries
from isp_lifecycle.foundation.errors import NotFound
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.views.engine import figures, queue
from tests.flows.engine.conftest import Bench
from tests.flows.engine.test_seen import window

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


#: A long history: each with a step, all of them over since last month.
_HISTORY = """
    WITH over AS (
        UPDATE deliveries SET finished_at = now() - interval '30 days', outline_id = NULL WHERE state = 'done'
        RETURNING id)
    INSERT INTO step_runs (id, delivery_id, position, name, direction, attempt, state, started_at, finished_at)
    SELECT uuidv7(interval '-30 days'), id, 0, 'Step', 'forward', 1, 'done', now() - interval '30 days',
        now() - interval '30 days' FROM over
"""


def test_what_pages_and_monitoring_ask_of_the_queue_never_reads_what_is_over(bench: Bench) -> None:
    with bench.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text(_MANY), {"n": 20_000, "state": "done"})
        connection.execute(sa.text(_HISTORY))
        connection.execute(sa.text(_MANY), {"n": 50, "state": "queued"})
        connection.exec_driver_sql("VACUUM ANALYZE deliveries, step_runs, events")
        with _statements(bench.engine) as asked:
            queue.queue(window(bench), SYSTEM)
            queue.queue(window(bench), SYSTEM, which="ready", subscriber="probe", olt="OLT-A")
            queue.queue(window(bench), SYSTEM, which="scheduled")
            with suppress(NotFound):
                queue.find(window(bench), SYSTEM, key="ffffff")
            figures.measures(window(bench), SYSTEM)
        plans = {
            statement: connection.exec_driver_sql("EXPLAIN (FORMAT JSON) " + statement, values).scalar_one()
            for statement, values in asked
            if " FROM " in statement
        }
    assert len(plans) > 10
    whole = {s: n["Relation Name"] for s, plan in plans.items() for n in _nodes(plan[0]["Plan"]) if _reads_history(n)}
    assert whole == {}


@contextmanager
def _statements(engine: sa.Engine) -> Iterator[list[tuple[str, Any]]]:
    """Every statement that is sent during the block, with its values."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        asked.append((statement, values))

    sa.event.listen(engine, "before_cursor_execute", note)
    yield asked
    sa.event.remove(engine, "before_cursor_execute", note)


def _reads_history(node: dict[str, Any]) -> bool:
    return node["Node Type"] == "Seq Scan" and node["Relation Name"] in {"deliveries", "step_runs", "events"}


def _nodes(node: dict[str, Any]) -> list[dict[str, Any]]:
    return [node, *(deeper for child in node.get("Plans", ()) for deeper in _nodes(child))]


def _thrown_away(node: dict[str, Any]) -> float:
    """Rows that an index gave and a filter refused, of all rounds together."""
    return float(node.get("Rows Removed by Filter", 0) * node.get("Actual Loops", 0)) if "Index Name" in node else 0.0
