"""Upserts, constraints and codes, on a real PostgreSQL with a table of their own."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from isp_lifecycle.foundation.codes import CodeMalformed, given_code, next_code
from isp_lifecycle.foundation.constraints import refusing
from isp_lifecycle.foundation.db import Tx, write
from isp_lifecycle.foundation.errors import Refused
from isp_lifecycle.foundation.upsert import Change, upsert

metadata = sa.MetaData()
shelves = sa.Table(
    "shelves",
    metadata,
    sa.Column("row", sa.Integer(), primary_key=True),
    sa.Column("place", sa.Integer(), primary_key=True),
    sa.Column("thing", sa.Text(), sa.CheckConstraint("thing <> ''", name="thing_named")),
    sa.Column("made_by", sa.Text()),
    sa.UniqueConstraint("thing", name="one_of_each"),
)
NUMBERS = sa.Sequence("shelf_numbers", metadata=metadata)


@pytest.fixture
def shop(engine: sa.Engine) -> sa.Engine:
    with write(engine) as tx:
        metadata.create_all(tx)
    return engine


def put(tx: Tx, place: int, thing: str | None, made_by: str = "ann") -> Change:
    return upsert(
        tx=tx,
        table=shelves,
        key=("row", "place"),
        values={"row": 1, "place": place, "thing": thing},
        once={"made_by": made_by},
    )


def test_upsert_tells_created_same_and_changed(shop: sa.Engine) -> None:
    with write(shop) as tx:
        changes = [put(tx, 1, "cup"), put(tx, 1, "cup", "bob"), put(tx, 1, None, "bob"), put(tx, 1, None, "bob")]
        rows = tx.execute(sa.select(shelves)).all()
    assert changes == [Change.CREATED, Change.SAME, Change.CHANGED, Change.SAME]
    assert [tuple(row) for row in rows] == [(1, 1, None, "ann")]


def test_upsert_of_a_row_that_is_all_key_is_same_the_second_time(shop: sa.Engine) -> None:
    with write(shop) as tx:
        values = {"row": 2, "place": 2}
        changes = [upsert(tx=tx, table=shelves, key=("row", "place"), values=values) for _ in range(2)]
    assert changes == [Change.CREATED, Change.SAME]


def test_violation_becomes_the_typed_error_and_the_transaction_goes_on(shop: sa.Engine) -> None:
    with write(shop) as tx:
        put(tx, 1, "cup")
        with pytest.raises(Refused) as refused:
            with refusing(tx=tx, by={"one_of_each": lambda: Refused("There is a cup already.")}):
                put(tx, 2, "cup")
        put(tx, 3, "jug")
        things = tx.execute(sa.select(shelves.c.thing).order_by(shelves.c.place)).scalars().all()
    assert str(refused.value) == "There is a cup already."
    assert things == ["cup", "jug"]


def test_violation_of_a_constraint_that_nobody_named_goes_up_as_it_is(shop: sa.Engine) -> None:
    with write(shop) as tx, pytest.raises(sa.exc.IntegrityError):
        with refusing(tx=tx, by={"one_of_each": lambda: Refused("There is a cup already.")}):
            put(tx, 2, "")


def test_codes_count_up_and_go_on_after_a_given_one(shop: sa.Engine) -> None:
    with write(shop) as tx:
        given = given_code(tx=tx, sequence=NUMBERS, prefix="S", code="S-000001")
        second = next_code(tx=tx, sequence=NUMBERS, prefix="S")
        given_code(tx=tx, sequence=NUMBERS, prefix="S", code="S-000120")
        given_code(tx=tx, sequence=NUMBERS, prefix="S", code="S-000007")
        after = next_code(tx=tx, sequence=NUMBERS, prefix="S")
    assert [given, second, after] == ["S-000001", "S-000002", "S-000121"]


@pytest.mark.parametrize("wrong", ["S-1", "C-000001", "S-00000x", "s-000001", "S-0000000000001", ""])
def test_code_of_another_form_is_refused(shop: sa.Engine, wrong: str) -> None:
    with write(shop) as tx, pytest.raises(CodeMalformed) as refused:
        given_code(tx=tx, sequence=NUMBERS, prefix="S", code=wrong)
    assert refused.value.value == wrong
