"""An upgrade between two steps: what a former version began goes on at the same step, or says which one is gone."""

from __future__ import annotations

from uuid import UUID

import pytest

from isp_lifecycle.events import deliveries
from isp_lifecycle.events.views import state_of
from isp_lifecycle.foundation.db import write
from isp_lifecycle.foundation.errors import NeedsPerson
from isp_lifecycle.workflows.ledger import Ended
from tests.flows.engine.conftest import Bench, Case
from tests.flows.engine.test_engine import database, outside, person, workflow


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
    bench.retry(delivery)
    return delivery


def cancelled(bench: Bench) -> UUID:
    delivery = begun(bench)
    with write(bench.engine) as tx:
        deliveries.cancel(tx=tx, delivery_id=delivery, now=bench.clock.now())
    return delivery


def done(bench: Bench, delivery: UUID) -> list[str]:
    return sorted(name for name, _direction, state in bench.steps(delivery) if state == "done")


@pytest.mark.parametrize("names", ["x a b c d", "a b x c d", "a b c x d", "a b c d x", "b c d", "c d b a"])
def test_it_goes_on_with_the_steps_that_it_began_with(bench: Bench, names: str) -> None:
    delivery = retried(bench)
    newer = workflow(*(outside(n) if n == "c" else database(n) for n in names.split()))
    assert bench.run(newer, delivery) is Ended.DONE
    assert done(bench, delivery) == ["a", "b", "c", "d"]
    assert bench.delivery(delivery).case["said"] == ["a", "b", "c", "d"]


def test_a_step_that_is_gone_is_told_and_the_former_version_can_go_on(bench: Bench) -> None:
    delivery = retried(bench)
    assert bench.run(workflow(database("a"), database("b"), database("d")), delivery) is Ended.FAILED
    failure = bench.delivery(delivery).failure
    assert (failure["kind"], "“c”" in failure["what"]) == ("needs person", True)
    bench.retry(delivery)
    former = workflow(database("a"), database("b"), outside("c"), database("d"))
    assert bench.run(former, delivery) is Ended.DONE
    assert done(bench, delivery) == ["a", "b", "c", "d"]


def test_giving_up_undoes_what_this_version_knows_and_says_what_stays(bench: Bench) -> None:
    delivery = cancelled(bench)
    assert bench.run(workflow(database("a"), outside("x"), database("d")), delivery) is Ended.CANCELLED
    back = {name: state for name, direction, state in bench.steps(delivery) if direction == "backward"}
    # c was begun, so something of it may stand; d never was, and x is none of its steps.
    assert back == {"c": "kept", "b": "kept", "a": "undone"}


def test_a_gone_step_that_was_never_begun_is_passed_over(bench: Bench) -> None:
    delivery = cancelled(bench)
    with write(bench.engine) as tx:
        tx.exec_driver_sql("DELETE FROM step_runs WHERE name = 'c'")
    assert bench.run(workflow(database("a"), database("b")), delivery) is Ended.CANCELLED
    back = {name: state for name, direction, state in bench.steps(delivery) if direction == "backward"}
    assert back == {"b": "undone", "a": "undone"}


def test_what_waits_for_a_person_goes_back_to_its_own_question(bench: Bench) -> None:
    """A corrected answer, after an upgrade that put a step in front, undoes down to the question and no further."""

    former = (database("a"), person(), database("b"), outside("c", do=refuse))
    newer = workflow(database("x"), *former)
    delivery = bench.request()
    assert bench.run(workflow(*former), delivery) is Ended.PARKED
    with write(bench.engine) as tx:
        deliveries.answer(tx=tx, delivery_id=delivery, document={"word": "wrong"})
    assert bench.run(newer, delivery) is Ended.FAILED
    with write(bench.engine) as tx:
        _state, position = state_of(tx=tx, delivery_id=delivery)
        assert position is not None
        right = {"word": "right"}
        deliveries.go_back(tx=tx, delivery_id=delivery, undo_to=position, now=bench.clock.now(), document=right)
    assert bench.run(newer, delivery) is Ended.FAILED
    assert bench.delivery(delivery).case["said"] == ["a", "wrong", "b", "un-c", "un-b", "right", "b"]


def test_outlines_that_differ_in_words_alone_change_no_place(bench: Bench) -> None:
    delivery = retried(bench)
    with write(bench.engine) as tx:
        tx.exec_driver_sql("UPDATE outlines SET steps = jsonb_set(steps, '{0,kept_because}', '\"words\"')")
        tx.exec_driver_sql("UPDATE outlines SET id = uuidv7()")
        tx.exec_driver_sql("UPDATE deliveries SET outline_id = (SELECT id FROM outlines)")
    assert bench.run(workflow(database("a"), database("b"), outside("c"), database("d")), delivery) is Ended.DONE
    assert done(bench, delivery) == ["a", "b", "c", "d"]
