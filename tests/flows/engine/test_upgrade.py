"""An upgrade between two steps: what a former version began goes on at the same step, or says which one is gone."""

from __future__ import annotations

from uuid import UUID

import pytest

from isp_lifecycle.events import deliveries
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.errors import NeedsPerson
from isp_lifecycle.workflows.ledger import Ended
from tests.flows.engine.conftest import Bench, Case
from tests.flows.engine.test_engine import database, outside, workflow


def refuse(_case: Case, _site: object) -> None:
    raise NeedsPerson("Not yet.")


FORMER = workflow(database("a"), database("b"), outside("c", do=refuse), database("d"))


def begun(bench: Bench) -> UUID:
    """One that the former version began: a and b are done, c failed."""
    delivery = bench.request()
    assert bench.run(FORMER, delivery) is Ended.FAILED
    return delivery


def retried(bench: Bench) -> UUID:
    delivery = begun(bench)
    with write(bench.engine) as tx:
        deliveries.retry(tx=tx, delivery_id=delivery, now=bench.clock.now())
    return delivery


def cancelled(bench: Bench) -> UUID:
    delivery = begun(bench)
    with write(bench.engine) as tx:
        deliveries.cancel(tx=tx, delivery_id=delivery, now=bench.clock.now())
    return delivery


def done(bench: Bench, delivery: UUID) -> list[str]:
    return sorted(name for name, _direction, state in bench.steps(delivery) if state == "done")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("x a b c d", "a b c d"),  # put in before what is done: not made up for
        ("a b x c d", "a b c d"),
        ("a b c x d", "a b c x d"),  # put in behind: taken
        ("a b c d x", "a b c d x"),
        ("b c d", "a b c d"),  # one that is done is gone
        ("a b c", "a b c"),  # one that was to come is gone
        ("c d b", "a b c d b"),  # another order: what stands behind it comes
    ],
)
def test_it_goes_on_at_the_step_of_the_same_name(bench: Bench, names: str, expected: str) -> None:
    delivery = retried(bench)
    newer = workflow(*(outside(n) if n == "c" else database(n) for n in names.split()))
    assert bench.run(newer, delivery) is Ended.DONE
    assert done(bench, delivery) == sorted(expected.split())
    assert bench.delivery(delivery).case["said"] == expected.split()


def test_a_step_that_is_gone_is_told_and_the_former_version_can_go_on(bench: Bench) -> None:
    delivery = retried(bench)
    assert bench.run(workflow(database("a"), database("b"), database("d")), delivery) is Ended.FAILED
    failure = bench.delivery(delivery).failure
    assert (failure["kind"], "“c”" in failure["what"]) == ("needs person", True)
    with write(bench.engine) as tx:
        deliveries.retry(tx=tx, delivery_id=delivery, now=bench.clock.now())
    former = workflow(database("a"), database("b"), outside("c"), database("d"))
    assert bench.run(former, delivery) is Ended.DONE
    assert done(bench, delivery) == ["a", "b", "c", "d"]


def test_giving_up_undoes_what_this_version_knows_and_says_what_stays(bench: Bench) -> None:
    delivery = cancelled(bench)
    assert bench.run(workflow(database("a"), database("x"), database("d")), delivery) is Ended.CANCELLED
    back = {name: state for name, direction, state in bench.steps(delivery) if direction == "backward"}
    assert back == {"b": "kept", "a": "undone"}


def test_outlines_that_differ_in_words_alone_change_no_place(bench: Bench) -> None:
    delivery = retried(bench)
    with write(bench.engine) as tx:
        tx.exec_driver_sql("UPDATE outlines SET steps = jsonb_set(steps, '{0,kept_because}', '\"words\"')")
        tx.exec_driver_sql("UPDATE outlines SET id = uuidv7()")
        tx.exec_driver_sql("UPDATE deliveries SET outline_id = (SELECT id FROM outlines)")
    assert bench.run(workflow(database("a"), database("b"), outside("c"), database("d")), delivery) is Ended.DONE
    assert done(bench, delivery) == ["a", "b", "c", "d"]
