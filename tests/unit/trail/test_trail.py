"""The audit trail: it only grows, its chain holds, whatever is altered is named, and a person can be erased from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from isp_lifecycle.foundation.db import read, write
from isp_lifecycle.trail import actions as trail
from isp_lifecycle.trail import store
from isp_lifecycle.trail.errors import NobodyNamed
from isp_lifecycle.trail.model import ERASED, Changed, Entry, Verdict

AT = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
KEY = "k" * 64


def told(engine: sa.Engine, number: int, **more: object) -> list[Entry]:
    """So many lines, a second apart."""
    fields = {"actor": "sally", "role": "sales", "source": "staff", "action": "order.confirm", "subject_kind": "order"}
    with write(engine) as tx:
        return [
            trail.append(
                tx=tx,
                at=AT + timedelta(seconds=n),
                **fields | {"subject_id": f"O-{n}", "address": "10.0.0.1"} | more,  # type: ignore[arg-type]
            )
            for n in range(number)
        ]


def sealed(engine: sa.Engine) -> None:
    with write(engine) as tx:
        trail.seal(tx=tx, key=KEY, at=AT)


def checked(engine: sa.Engine, *, key: str = KEY, known_head: str = "") -> Verdict:
    with read(engine) as tx:
        return trail.verify(tx=tx, key=key, known_head=known_head)


@pytest.fixture
def hands(engine: sa.Engine) -> Callable[[str], None]:
    """Somebody who owns the database and switched its triggers off."""

    def run(statement: str) -> None:
        with engine.begin() as tx:
            tx.execute(sa.text("SET LOCAL session_replication_role = replica"))
            assert tx.execute(sa.text(statement)).rowcount > 0

    return run


def test_lines_are_sealed_once_in_order_and_the_chain_holds(engine: sa.Engine) -> None:
    told(engine, 3, detail={"n": 1, "odd": "ü\t", "none": None}, changes=(Changed("Order state", "a", "b"),))
    before = checked(engine)
    assert (before.lines, before.unsealed, before.unsealed_since, before.head) == (0, 3, AT, "")
    sealed(engine)
    sealed(engine)  # nothing is left
    told(engine, 2)
    sealed(engine)
    verdict = checked(engine)
    assert (verdict.lines, verdict.heads, verdict.unsealed, verdict.sound) == (5, 2, 0, True)
    assert verdict.head.startswith("5:")
    assert checked(engine, known_head=verdict.head).sound


def test_the_database_itself_refuses_what_is_no_addition(engine: sa.Engine) -> None:
    told(engine, 1)
    sealed(engine)
    for statement in (
        "UPDATE audit SET actor = 'somebody'",
        "UPDATE audit SET seq = 7",
        "UPDATE audit SET erased_at = now(), salt = NULL, action = 'x'",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "UPDATE audit_heads SET seal = ''",
        "DELETE FROM audit_heads",
    ):
        with pytest.raises(sa.exc.ProgrammingError, match="only grows"), write(engine) as tx:
            tx.execute(sa.text(statement))
    assert checked(engine).sound


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [
        ("detail", "'{\"n\": 2}'", "What the line tells was altered"),
        ("actor", "'somebody'", "What the line tells was altered"),
        ("reason", "'because'", "What the line tells was altered"),
        ("changes", "'[]'", "What the line tells was altered"),
        ("action", "'order.reject'", "does not link"),
        ("at", "at + interval '1 microsecond'", "does not link"),
        ("role", "'manager'", "does not link"),
    ],
)
def test_one_altered_line_is_found_and_named(
    engine: sa.Engine, hands: Callable[[str], None], column: str, value: str, what: str
) -> None:
    told(engine, 5, detail={"n": 1}, changes=(Changed("Order state", "a", "b"),))
    sealed(engine)
    hands(f"UPDATE audit SET {column} = {value} WHERE subject_id = 'O-2'")
    (broken,) = checked(engine).broken
    assert broken.seq == 3
    assert what in broken.what
    assert "order O-2" in broken.line


def test_a_line_removed_put_in_or_cut_off_is_noticed(engine: sa.Engine, hands: Callable[[str], None]) -> None:
    told(engine, 6)
    sealed(engine)
    head = checked(engine).head
    hands("DELETE FROM audit WHERE seq IN (2, 3)")
    (gone,) = checked(engine).broken
    assert (gone.seq, gone.what) == (2, "Lines 2 to 3 were removed.")
    hands("DELETE FROM audit WHERE seq = 6")
    assert [b.what for b in checked(engine).broken][-1] == "Line 6 was removed, after the end was signed."
    hands("DELETE FROM audit_heads")  # with its head, only one that was kept elsewhere tells
    assert checked(engine).broken == (gone,)
    assert "kept elsewhere" in checked(engine, known_head=head).broken[-1].what


def test_a_chain_that_was_written_anew_lacks_the_signature(engine: sa.Engine, hands: Callable[[str], None]) -> None:
    """Whoever owns the database can compute every hash, but not sign the end."""
    told(engine, 3)
    sealed(engine)
    hands("UPDATE audit SET role = 'manager', seq = NULL, link = NULL")
    hands("DELETE FROM audit_heads")
    with write(engine) as tx:
        trail.seal(tx=tx, key="guessed", at=AT)
    (broken,) = checked(engine).broken
    assert (broken.seq, broken.what) == (3, "The chain up to here is not the one that was signed.")


def test_a_person_is_erased_and_the_chain_still_holds(engine: sa.Engine) -> None:
    told(
        engine,
        1,
        detail={"name": "Ada Byrne", "email": "ADA@example.org"},
        changes=(Changed("name", "Ada Byrne", "x"),),
    )
    told(engine, 1, actor="ada@example.org", subject_id="ada@example.org", reason="Ada Byrne asks for it.")
    told(engine, 1, detail={"name": "Ada Byrnes"}, subject_id="O-9")
    sealed(engine)
    with write(engine) as tx:
        assert trail.erase(tx=tx, names=["Ada Byrne", "ada@example.org", ""], at=AT) == 3
        assert trail.erase(tx=tx, names=["Ada Byrne"], at=AT) == 0
        rows = [kept.entry for kept in store.chain(tx=tx)]
    everything = repr(rows).lower()
    assert "ada@" not in everything
    assert "ada byrne'" not in everything
    assert rows[0].detail == {"name": ERASED, "email": ERASED}
    assert (rows[1].actor, rows[1].address, rows[1].role) == (ERASED, ERASED, "sales")
    verdict = checked(engine)
    assert (verdict.sound, verdict.erased, verdict.lines) == (True, 3, 3)


def test_erasing_nobody_is_refused(engine: sa.Engine) -> None:
    told(engine, 1)
    with write(engine) as tx, pytest.raises(NobodyNamed):
        trail.erase(tx=tx, names=["", "  ", "Al"], at=AT)


def test_a_line_falls_with_the_transaction_of_its_act(engine: sa.Engine) -> None:
    def act_and_fail() -> None:
        with write(engine) as tx:
            trail.append(
                tx=tx, at=AT, actor="a", role="sales", source="staff", action="x", subject_kind="", subject_id=""
            )
            tx.execute(sa.text("SELECT 1/0"))

    with pytest.raises(sa.exc.DataError):
        act_and_fail()
    assert checked(engine).unsealed == 0
