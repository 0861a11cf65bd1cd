"""Two tickets about the same: one goes on with the threads of both, keeps the elder's time, and lets go again."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from isp_lifecycle.access.model import ROLES, Actor, Role
from isp_lifecycle.foundation.db import read, write
from isp_lifecycle.foundation.errors import IllegalMove, NotFound
from isp_lifecycle.foundation.ids import new_id
from isp_lifecycle.intake import support as intake
from isp_lifecycle.support import actions
from isp_lifecycle.support.errors import CannotMerge, IncidentOpen
from isp_lifecycle.support.model import Failure, FailureKind, Severity, TicketState
from isp_lifecycle.views import same as views
from isp_lifecycle.views import support
from isp_lifecycle.views.support import TicketDetail
from tests.flows.support.test_ticket_clock import NOON, SUPPORT, Desk, desk

__all__ = ["desk"]
OTHER = Actor(None, "nora", "Nora", Role.SUPPORT, ROLES[Role.SUPPORT], "test")


def another(desk: Desk, subject: str = "Very slow", hours: float = 1) -> str:
    """A second ticket, opened later and due later."""
    desk.later(hours)
    at = desk.clock.now()
    with write(desk.door.engine) as tx:
        due = at + timedelta(hours=24)
        made = actions.open_ticket(
            tx=tx, subject=subject, at=at, by="nora", text=f"{subject}!", severity=Severity.MAJOR, due_at=due
        )
        actions.assign_ticket(tx=tx, ticket_id=made.id, assignee="nora")
    return made.code


def merge(desk: Desk, code: str, into: str, by: Actor = SUPPORT) -> None:
    intake.merge_ticket(desk.door, by, ticket_code=code, into=into)


def seen(desk: Desk, code: str) -> TicketDetail:
    return support.ticket(desk.window, SUPPORT, ticket_code=code)


def test_the_elder_merged_into_the_younger_leaves_it_its_time_its_thread_and_lets_go_again(desk: Desk) -> None:
    younger = another(desk)
    due = seen(desk, younger).due_at
    merge(desk, desk.code, younger.lower())
    merged, goes_on = seen(desk, desk.code), seen(desk, younger)
    assert (merged.state, merged.same_as, merged.next_states) == ("duplicate", younger, ())
    assert [one.code for one in goes_on.merged] == [desk.code]
    assert goes_on.due_at == NOON + timedelta(hours=24)
    assert [(n.ticket, n.text) for n in goes_on.notes] == [
        (desk.code, "It is slow."),
        ("", "Very slow!"),
        (desk.code, f"It is the same as {younger}, which goes on."),
        ("", f"{desk.code} is the same; its thread stands here from now on."),
    ]
    intake.add_note(desk.door, OTHER, ticket_code=desk.code, text="Called again.")
    assert seen(desk, younger).notes[-1].text == "Called again."
    for to in ("in_progress", "duplicate"):
        with pytest.raises(IllegalMove):
            intake.move_ticket(desk.door, SUPPORT, ticket_code=desk.code, to=to)

    intake.separate_ticket(desk.door, SUPPORT, ticket_code=desk.code)
    alone, other = seen(desk, desk.code), seen(desk, younger)
    assert (alone.state, alone.same_as, alone.due_at) == ("in_progress", None, NOON + timedelta(hours=24))
    assert (other.due_at, other.merged) == (due, ())
    assert "Called again." not in [n.text for n in other.notes]
    with read(desk.door.engine) as tx:
        lines = tx.execute(sa.text("SELECT action, subject_id, changes FROM audit ORDER BY at, id")).all()
    told = [(row.action, row.subject_id) for row in lines if row.action.endswith(("merge_ticket", "separate_ticket"))]
    assert told == [("support.merge_ticket", desk.code), ("support.separate_ticket", desk.code)]


def test_the_younger_merged_into_the_elder_changes_no_time_and_its_person_is_told(desk: Desk) -> None:
    younger = another(desk)
    merge(desk, younger, desk.code)
    goes_on = seen(desk, desk.code)
    assert (goes_on.due_at, goes_on.assignee) == (NOON + timedelta(hours=24), "nora")
    third = another(desk, "Dark")
    merge(desk, third, desk.code)
    assert desk.told() == []  # nora has both
    with write(desk.door.engine) as tx:
        kept = actions.ticket_by_code(tx=tx, code=desk.code)
        actions.assign_ticket(tx=tx, ticket_id=kept.id, assignee="kofi")
    fourth = another(desk, "Off")
    merge(desk, fourth, desk.code)
    assert desk.told() == [(None, "nora", f"{fourth} is the same as {desk.code}: Slow")]


def test_circles_strangers_and_what_is_over_are_refused(desk: Desk) -> None:
    two, three = another(desk), another(desk, "Dark")
    for code, into, says in (
        (two, two, "it is that ticket itself"),
        (two, "T-999999", "T-999999"),
    ):
        with pytest.raises((CannotMerge, NotFound), match=says):
            merge(desk, code, into)
    merge(desk, two, three)
    for code, into in ((three, two), (two, desk.code), (desk.code, two)):
        with pytest.raises(CannotMerge, match=f"the same as {three} already"):
            merge(desk, code, into)
    desk.move("resolved")
    for code, into in ((three, desk.code), (desk.code, three)):
        with pytest.raises(CannotMerge, match="it is resolved"):
            merge(desk, code, into)
    with pytest.raises(CannotMerge, match="the same as no other"):
        intake.separate_ticket(desk.door, SUPPORT, ticket_code=three)
    merge(desk, three, another(desk, "All"))  # what was merged comes along
    last = support.ticket(desk.window, SUPPORT, ticket_code=seen(desk, three).same_as or "")
    assert {n.ticket for n in last.notes} == {"", two, three}


def test_what_fails_again_wakes_the_ticket_that_goes_on_and_it_ends_after_its_incidents(desk: Desk) -> None:
    delivery = new_id()
    failure = Failure("Configure", 1, FailureKind.UNREACHABLE, "No answer.", "Look.")
    report = {"delivery_id": delivery, "failure": failure, "subject": "It stands", "at": NOON}
    with write(desk.door.engine) as tx:
        failed = actions.report_incident(tx=tx, **report).ticket.code
    merge(desk, failed, desk.code)
    desk.move("resolved")
    with pytest.raises(IncidentOpen, match=desk.code):
        desk.move("closed")
    with write(desk.door.engine) as tx:
        actions.report_incident(tx=tx, **report)
    assert seen(desk, desk.code).state == "in_progress"
    with write(desk.door.engine) as tx:
        actions.resolve_incident(tx=tx, delivery_id=delivery, by="x", outcome="It answers.", at=NOON)
    assert seen(desk, failed).state == "duplicate"
    desk.move("resolved")
    desk.move("closed")
    assert seen(desk, desk.code).state == "closed"


def test_it_is_found_by_code_customer_and_words_its_own_customers_first(desk: Desk) -> None:
    two = another(desk, "100% dark_ness")
    found = lambda text: [r.code for r in views.perhaps_same(desk.window, SUPPORT, ticket_code=two, text=text)]  # noqa: E731
    assert found("") == []
    assert found("ada") == found(desk.code) == found("slow") == [desk.code]
    assert found("100%") == found("_") == found("nothing like it") == []
    three = another(desk, "100% dark_ness")
    assert found("") == found("0% d") == found("k_n") == [three]
    with write(desk.door.engine) as tx:
        ticket = actions.ticket_by_code(tx=tx, code=three)
        actions.move_ticket(tx=tx, ticket_id=ticket.id, to=TicketState.RESOLVED, by="x", at=NOON)
    assert found("") == []
