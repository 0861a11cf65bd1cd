"""The states of tasks and tickets, and the words of failures."""

from __future__ import annotations

from isp_lifecycle.foundation.errors import LifecycleError, NeedsPerson, Refused, Unreachable
from isp_lifecycle.support.model import TASK_MOVES, TICKET_MOVES, UNSETTLED, FailureKind, TaskState, TicketState


def test_task_moves_reach_every_state_and_close_at_the_end() -> None:
    assert TASK_MOVES.reachable() == frozenset(TaskState)
    assert TASK_MOVES.terminal == {TaskState.DONE, TaskState.CANCELLED}


def test_ticket_moves_reach_every_state_and_close_at_the_end() -> None:
    assert TICKET_MOVES.reachable() == frozenset(TicketState)
    assert TICKET_MOVES.terminal == {TicketState.CLOSED, TicketState.CANCELLED}


def test_every_unsettled_ticket_can_be_resolved() -> None:
    assert TICKET_MOVES.sources(TicketState.RESOLVED) == frozenset(UNSETTLED)


def test_failure_kinds_are_the_kinds_of_the_errors() -> None:
    kinds = {FailureKind(error.kind) for error in (Refused, Unreachable, NeedsPerson, LifecycleError)}
    assert kinds == frozenset(FailureKind)
